//! What a published list says, whatever its format.

use std::num::NonZeroU64;

use crate::list::{Width, pages};

/// The entries of a list, packed as they are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    /// How many bits one entry has.
    pub width: Width,
    /// The packed entries, least significant bit first, not compressed.
    pub bytes: Vec<u8>,
}

impl StatusList {
    /// How many entries the bytes hold.
    ///
    /// The published form does not say how many the issuer meant: the last byte may hold entries
    /// that nobody uses.
    #[must_use]
    pub fn entries(&self) -> u64 {
        (self.bytes.len() as u64).saturating_mul(self.width.entries_per_byte().into())
    }

    /// The value of the entry at `index`.
    ///
    /// `None` if the list ends before it: then it says nothing about the credential, which must
    /// be rejected (draft-ietf-oauth-status-list-21, section 8.3).
    #[must_use]
    pub fn status(&self, index: u64) -> Option<u8> {
        pages::read(&self.bytes, self.width, index)
    }
}

/// What a Status List Token states, in its JWT and its CWT form.
///
/// Times are Unix seconds. Source: draft-ietf-oauth-status-list-21, sections 5.1 and 5.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// `sub`: the uri of the token, exactly as credentials name it.
    pub subject: String,
    /// `iss`: who issued the credentials. Optional, but readers of early drafts compare it.
    pub issuer: Option<String>,
    /// `iat`: when this token was made.
    pub issued_at: i64,
    /// `exp`: from when on this token must not be relied upon.
    pub expires_at: Option<i64>,
    /// `ttl`: for how many seconds a copy may be kept before asking for a fresh one.
    pub time_to_live: Option<NonZeroU64>,
    /// `aggregation_uri`: where all lists of the issuer are named.
    pub aggregation_uri: Option<String>,
    /// The entries.
    pub list: StatusList,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_follow_from_the_bytes() {
        let list = StatusList {
            width: Width::Two,
            bytes: vec![0xc9, 0x44, 0xf9],
        };
        assert_eq!(list.entries(), 12);
        assert_eq!(list.status(3), Some(3));
        assert_eq!(list.status(11), Some(3));
        assert_eq!(list.status(12), None);
        assert_eq!(list.status(u64::MAX), None);
    }
}
