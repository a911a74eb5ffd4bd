//! What a list says about credentials.

use super::names::named;

/// What a W3C list says about credentials.
///
/// Source: Bitstring Status List v1.0, section 2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The credential is cancelled for good.
    Revocation,
    /// The credential is not to be accepted for now.
    Suspension,
    /// The value stands for a message.
    Message,
    /// A newer credential can be had; this one stays valid.
    Refresh,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [
        Self::Revocation,
        Self::Suspension,
        Self::Message,
        Self::Refresh,
    ];

    /// The name, as credentials spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
            Self::Message => "message",
            Self::Refresh => "refresh",
        }
    }
}

named!(Purpose, "purpose");
