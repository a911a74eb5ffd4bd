//! The ways to name an entry, or several at once.

use std::fmt;

use super::{EntryError, GroupName, ListNumber, TokenId};
use crate::wire::{number::digits, text::echo};

/// An entry as somebody names it. Of many that are held at once, the uri may be a place of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryName<Uri = String> {
    /// `4711`: good while the series has handed out entries of one list only.
    Index(u64),
    /// `2/4711`.
    InList(ListNumber, u64),
    /// `https://example.com/statuslists/2.jwt#4711`, as found in a credential.
    AtUri(Uri, u64),
    /// `id:TOKEN-ID`, as it is written.
    Token(TokenId),
    /// `group:GROUP`: all entries of the group.
    Group(Box<GroupName>),
}

impl<Uri> EntryName<Uri> {
    /// The same, with something else for its uri.
    pub(crate) fn map_uri<Other>(self, of: impl FnOnce(Uri) -> Other) -> EntryName<Other> {
        match self {
            Self::Index(index) => EntryName::Index(index),
            Self::InList(list, index) => EntryName::InList(list, index),
            Self::AtUri(uri, index) => EntryName::AtUri(of(uri), index),
            Self::Token(token) => EntryName::Token(token),
            Self::Group(group) => EntryName::Group(group),
        }
    }

    /// The token id that names it.
    pub(crate) const fn token(&self) -> Option<&TokenId> {
        match self {
            Self::Token(token) => Some(token),
            _ => None,
        }
    }

    /// The group of which it names all entries.
    pub(crate) fn group(&self) -> Option<&GroupName> {
        match self {
            Self::Group(group) => Some(group),
            _ => None,
        }
    }
}

impl std::str::FromStr for EntryName {
    type Err = EntryError;

    fn from_str(text: &str) -> Result<Self, EntryError> {
        let unknown = || EntryError::Form(echo(text));
        if let Some(id) = text.strip_prefix("id:") {
            return TokenId::as_written(id).map(Self::Token);
        }
        if let Some(group) = text.strip_prefix("group:") {
            return Ok(Self::Group(Box::new(group.parse()?)));
        }
        if let Some((uri, index)) = text.rsplit_once('#') {
            if uri.is_empty() {
                return Err(unknown());
            }
            let index = digits(index, 10).ok_or_else(unknown)?;
            return Ok(Self::AtUri(uri.to_owned(), index));
        }
        if let Some((list, index)) = text.split_once('/') {
            let index = digits(index, 10).ok_or_else(unknown)?;
            let list = list.parse().map_err(|_| unknown())?;
            return Ok(Self::InList(list, index));
        }
        digits(text, 10).map(Self::Index).ok_or_else(unknown)
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => index.fmt(formatter),
            Self::InList(list, index) => write!(formatter, "{list}/{index}"),
            Self::AtUri(uri, index) => write!(formatter, "{uri}#{index}"),
            Self::Token(id) => write!(formatter, "id:{id}"),
            Self::Group(group) => write!(formatter, "group:{group}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_and_prints_as_it_was() {
        for text in [
            "4711",
            "2/4711",
            "https://example.com/a#b/2.jwt#4711",
            "id:urn:uuid:6fa459ea-ee8a-3ca4-894e-db77e160355e",
            "id:#7",
            "group:phone 7",
            "group:https://example.com/holders#7",
        ] {
            let name: EntryName = text.parse().unwrap();
            assert_eq!(name.to_string(), text);
        }
        assert_eq!(
            "2/4711".parse(),
            Ok(EntryName::InList(ListNumber::new(2).unwrap(), 4711))
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "-1",
            "+1",
            "1.5",
            "0x10",
            "a",
            "1/",
            "/1",
            "1/2/3",
            "x/1",
            "#5",
            "u#",
            "u#x",
            "id:",
            "id:a\tb",
            "group:",
            "group: ",
            "group:a\tb",
            "99999999999999999999",
            "4194304/1",
            " 1",
        ] {
            assert!(text.parse::<EntryName>().is_err(), "{text:?}");
        }
        assert!(
            format!("id:{}", "x".repeat(1025))
                .parse::<EntryName>()
                .is_err()
        );
    }
}
