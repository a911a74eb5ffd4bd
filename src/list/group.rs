//! The names of groups: all entries of one holder, device or batch of copies.

use std::fmt;

use super::{EntryError, TokenId};

/// The issuer's own name for a group of entries, as free as a token id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupName(TokenId);

impl GroupName {
    /// The form in which it is stored: that of a token id.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Reads the form in which it is stored.
    #[must_use]
    pub fn from_bytes(stored: &[u8]) -> Option<Self> {
        TokenId::from_bytes(stored).map(Self)
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::str::FromStr for GroupName {
    type Err = EntryError;

    /// Reads one without the white space around it.
    fn from_str(text: &str) -> Result<Self, EntryError> {
        let name = text.parse().map(Self);
        name.map_err(|error| EntryError::Group(Box::new(error)))
    }
}

impl serde::Serialize for GroupName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
