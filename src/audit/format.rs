//! The two formats of a Status List Token: what each calls a claim, and where its rules stand.

/// The format of a Status List Token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON Web Token in the compact form (RFC 7519).
    Jwt,
    /// CBOR Web Token (RFC 8392).
    Cwt,
}

/// A claim that both formats have; the number is its key in a CWT.
///
/// Source: RFC 8392, section 4, and draft-ietf-oauth-status-list-21, sections 5.2 and 6.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Issuer = 1,
    Subject = 2,
    Audience = 3,
    ExpirationTime = 4,
    NotBefore = 5,
    IssuedAt = 6,
    TokenId = 7,
    StatusList = 65533,
    TimeToLive = 65534,
}

impl Name {
    /// Every one of them.
    pub(super) const ALL: [Self; 9] = [
        Self::Issuer,
        Self::Subject,
        Self::Audience,
        Self::ExpirationTime,
        Self::NotBefore,
        Self::IssuedAt,
        Self::TokenId,
        Self::StatusList,
        Self::TimeToLive,
    ];

    /// What a JWT calls it.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Issuer => "iss",
            Self::Subject => "sub",
            Self::Audience => "aud",
            Self::ExpirationTime => "exp",
            Self::NotBefore => "nbf",
            Self::IssuedAt => "iat",
            Self::TokenId => "jti",
            Self::StatusList => "status_list",
            Self::TimeToLive => "ttl",
        }
    }
}

impl Format {
    /// The section that defines the token in this format.
    pub(super) const fn token_section(self) -> &'static str {
        match self {
            Self::Jwt => "5.1",
            Self::Cwt => "5.2",
        }
    }

    /// The section that defines the list in this format.
    pub(super) const fn list_section(self) -> &'static str {
        match self {
            Self::Jwt => "4.2",
            Self::Cwt => "4.3",
        }
    }

    /// The section that defines how a credential in this format points to its entry.
    pub(super) const fn reference_section(self) -> &'static str {
        match self {
            Self::Jwt => "6.2",
            Self::Cwt => "6.3",
        }
    }

    /// What a claim is called in messages.
    pub(super) fn claim(self, name: Name) -> String {
        match self {
            Self::Jwt => name.text().to_owned(),
            Self::Cwt => format!("{} ({})", name.text(), name as u16),
        }
    }

    /// The rule for one of the first seven claims. Both documents number their sections as CWTs
    /// number the claims.
    pub(super) fn claim_rule(self, name: Name) -> String {
        match self {
            Self::Jwt => format!("RFC 7519, section 4.1.{}", name as u16),
            Self::Cwt => format!("RFC 8392, section 3.1.{}", name as u16),
        }
    }

    /// The rule for points in time.
    pub(super) const fn time_rule(self) -> &'static str {
        match self {
            Self::Jwt => "RFC 7519, section 2",
            Self::Cwt => "RFC 8392, section 2",
        }
    }
}
