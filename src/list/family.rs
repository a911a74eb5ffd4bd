//! Who reads a view, and what it says to them.

use super::names::named;

/// The views that one reader knows: of one family, it takes in all purposes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Readers of Status List Tokens in JWT format.
    Jwt,
    /// Readers of Status List Tokens in CWT format.
    Cwt,
    /// Readers of W3C Bitstring Status Lists.
    Bitstring,
    /// Readers of `StatusList2021`.
    StatusList2021,
    /// Readers of `RevocationList2020`.
    RevocationList2020,
    /// `OpenAttestation` verifiers.
    OaOcsp,
}

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

impl Family {
    /// Every family.
    pub const ALL: [Self; 6] = [
        Self::Jwt,
        Self::Cwt,
        Self::Bitstring,
        Self::StatusList2021,
        Self::RevocationList2020,
        Self::OaOcsp,
    ];

    /// The name: that of its view, or what the names of its views begin with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Cwt => "cwt",
            Self::Bitstring => "bitstring",
            Self::StatusList2021 => "statuslist2021",
            Self::RevocationList2020 => "revocationlist2020",
            Self::OaOcsp => "oa-ocsp",
        }
    }
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

named!(Family, "family of views");
named!(Purpose, "purpose");
