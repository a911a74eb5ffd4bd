//! Which entry is meant: list numbers, indexes, token ids, and the ways to write them.

use std::fmt;

use thiserror::Error;
use uuid::Uuid;

use crate::wire::{number::digits, text::echo};

/// The number of a list within its series: 0, 1, 2 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListNumber(u32);

impl ListNumber {
    /// The first list of every series.
    pub const FIRST: Self = Self(0);
    /// The highest number that a list may have.
    pub const MAX: u32 = 4_194_303;

    /// Makes a list number, if it is not above [`Self::MAX`].
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number <= Self::MAX {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> u32 {
        self.0
    }

    /// The number of the list after this one, if there can be one.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        Self::new(self.0 + 1)
    }
}

impl fmt::Display for ListNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::str::FromStr for ListNumber {
    type Err = EntryError;

    fn from_str(text: &str) -> Result<Self, EntryError> {
        digits(text, 10)
            .and_then(|number| u32::try_from(number).ok())
            .and_then(Self::new)
            .ok_or_else(|| EntryError::List(echo(text)))
    }
}

impl serde::Serialize for ListNumber {
    /// Writes it as a text: it is a name, and nobody computes with it.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ListNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The place of an entry within its list, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index(u32);

impl Index {
    /// Makes an index.
    #[must_use]
    pub const fn new(index: u32) -> Self {
        Self(index)
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Index {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// One entry of one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId {
    /// The list.
    pub list: ListNumber,
    /// The place within it.
    pub index: Index,
}

impl fmt::Display for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.list, self.index)
    }
}

/// The issuer's own name for a credential: 1 to 1,024 bytes without control characters.
///
/// Many are UUIDs; those take 16 bytes and no allocation.
///
/// White space around one is no part of it: [`FromStr`](std::str::FromStr) leaves it out. Files of
/// earlier versions may hold some with it; those are found as they are written
/// ([`as_written`](Self::as_written)).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(Name);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Name {
    /// A UUID whose text is the canonical one, in lower case.
    Uuid([u8; 16]),
    Text(Box<str>),
}

impl TokenId {
    /// The most bytes that a token id may have.
    pub const MAX_BYTES: usize = 1024;

    /// The form in which it is stored: 1 and the 16 bytes of a UUID, or 0 and UTF-8.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (tag, bytes): (u8, &[u8]) = match &self.0 {
            Name::Uuid(bytes) => (1, bytes),
            Name::Text(text) => (0, text.as_bytes()),
        };
        [&[tag], bytes].concat()
    }

    /// Reads the form in which it is stored.
    #[must_use]
    pub fn from_bytes(stored: &[u8]) -> Option<Self> {
        match stored.split_first()? {
            (1, bytes) => Some(Self(Name::Uuid(bytes.try_into().ok()?))),
            (0, bytes) => Self::exactly(std::str::from_utf8(bytes).ok()?).ok(),
            _ => None,
        }
    }

    /// Reads one with the spaces around it, to look it up: first as it is, and where no entry has
    /// that, [`trimmed`](Self::trimmed). Tabs and line breaks around it never were part of one.
    ///
    /// # Errors
    /// Nothing but white space, too many bytes, or a control character.
    pub fn as_written(text: &str) -> Result<Self, EntryError> {
        if text.trim().is_empty() {
            return Err(EntryError::EmptyTokenId);
        }
        let never = |character: char| character.is_whitespace() && character.is_control();
        Self::exactly(text.trim_matches(never))
    }

    /// The same without the white space around it, if it has any.
    #[must_use]
    pub fn trimmed(&self) -> Option<Self> {
        match &self.0 {
            Name::Text(text) if text.trim().len() < text.len() => text.parse().ok(),
            Name::Text(_) | Name::Uuid(_) => None,
        }
    }

    fn exactly(text: &str) -> Result<Self, EntryError> {
        if text.is_empty() {
            return Err(EntryError::EmptyTokenId);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(EntryError::LongTokenId(text.len()));
        }
        // Results are lines of tab-separated fields.
        if let Some(at) = text.find(char::is_control) {
            return Err(EntryError::ControlInTokenId(at));
        }
        let mut canonical = Uuid::encode_buffer();
        Ok(Self(match Uuid::try_parse(text) {
            Ok(id) if id.as_hyphenated().encode_lower(&mut canonical) == text => {
                Name::Uuid(id.into_bytes())
            }
            _ => Name::Text(text.into()),
        }))
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Name::Uuid(bytes) => Uuid::from_bytes(*bytes).as_hyphenated().fmt(formatter),
            Name::Text(text) => formatter.write_str(text),
        }
    }
}

impl std::str::FromStr for TokenId {
    type Err = EntryError;

    /// Reads one without the white space around it.
    fn from_str(text: &str) -> Result<Self, EntryError> {
        Self::exactly(text.trim())
    }
}

impl serde::Serialize for TokenId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a text does not name an entry.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// None of the forms.
    #[error("'{0}' does not name an entry")]
    Form(String),
    /// Not a list number.
    #[error("'{0}' is not a list number (0 to {max})", max = ListNumber::MAX)]
    List(String),
    /// A token id without a character.
    #[error("a token id cannot be empty")]
    EmptyTokenId,
    /// A token id with too many bytes.
    #[error("a token id of {0} bytes: the longest has {max}", max = TokenId::MAX_BYTES)]
    LongTokenId(usize),
    /// A token id with a control character.
    #[error("a token id with a control character, at byte {0}")]
    ControlInTokenId(usize),
    /// The name of a group, which is as free as a token id, is none.
    #[error("the name of a group is like a token id: {0}")]
    Group(Box<Self>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_a_token_id_is_no_part_of_it() {
        let id: TokenId = "x y".parse().unwrap();
        for text in ["x y", " x y", "x y\n", "\tx y ", "\u{a0}x y\u{2003}"] {
            assert_eq!(text.parse(), Ok(id.clone()), "{text:?}");
        }
        assert_eq!(id.trimmed(), None);
        let written = TokenId::as_written("\t x y\r\n").unwrap();
        assert_eq!(written.to_string(), " x y");
        assert_eq!(written.trimmed(), Some(id));
        let uuid = " 6fa459ea-ee8a-3ca4-894e-db77e160355e ";
        assert_eq!(
            TokenId::as_written(uuid).unwrap().trimmed(),
            uuid.parse().ok()
        );
        for empty in ["", " ", "\u{3000}\n"] {
            assert_eq!(empty.parse::<TokenId>(), Err(EntryError::EmptyTokenId));
            assert_eq!(TokenId::as_written(empty), Err(EntryError::EmptyTokenId));
        }
        // A file of an earlier version may hold it.
        assert!(TokenId::from_bytes(&[0, b' ']).is_some());
    }

    #[test]
    fn token_ids_come_back_as_they_were() {
        for (text, bytes) in [
            ("6fa459ea-ee8a-3ca4-894e-db77e160355e", 17),
            ("6FA459EA-EE8A-3CA4-894E-DB77E160355E", 37),
            ("6fa459eaee8a3ca4894edb77e160355e", 33),
            ("urn:uuid:6fa459ea-ee8a-3ca4-894e-db77e160355e", 46),
            ("cred-001", 9),
        ] {
            let token: TokenId = text.parse().unwrap();
            assert_eq!(token.to_string(), text);
            let stored = token.to_bytes();
            assert_eq!(stored.len(), bytes, "{text}");
            assert_eq!(TokenId::from_bytes(&stored), Some(token));
        }
        for stored in [&[][..], &[0], &[2, 3], &[1, 3], &[0, 0xff], &[0, b'\t']] {
            assert_eq!(TokenId::from_bytes(stored), None);
        }
    }
}
