//! The two formats of a Status List Token: what each calls a claim, and where its rules stand.

use std::fmt;

use serde::Serialize;

use crate::audit::certificates::CertificateMember;
use crate::audit::finding::Severity;
use crate::token::cwt::key;

/// The format of a Status List Token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JSON Web Token in the compact form (RFC 7519).
    Jwt,
    /// CBOR Web Token (RFC 8392).
    Cwt,
}

/// A claim that both formats have: those of a Status List Token, and the one that points a
/// credential to its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Issuer,
    Subject,
    Audience,
    ExpirationTime,
    NotBefore,
    IssuedAt,
    TokenId,
    StatusList,
    TimeToLive,
    Status,
}

impl Name {
    /// Every one of them.
    pub(super) const ALL: [Self; 10] = [
        Self::Issuer,
        Self::Subject,
        Self::Audience,
        Self::ExpirationTime,
        Self::NotBefore,
        Self::IssuedAt,
        Self::TokenId,
        Self::StatusList,
        Self::TimeToLive,
        Self::Status,
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
            Self::Status => "status",
        }
    }

    /// Its key in a CWT.
    pub(super) const fn number(self) -> u64 {
        match self {
            Self::Issuer => key::ISSUER,
            Self::Subject => key::SUBJECT,
            Self::Audience => key::AUDIENCE,
            Self::ExpirationTime => key::EXPIRES_AT,
            Self::NotBefore => key::NOT_BEFORE,
            Self::IssuedAt => key::ISSUED_AT,
            Self::TokenId => key::TOKEN_ID,
            Self::StatusList => key::STATUS_LIST,
            Self::TimeToLive => key::TIME_TO_LIVE,
            Self::Status => key::STATUS,
        }
    }
}

impl Format {
    /// The certificates in the header.
    pub(in crate::audit) const fn certificates(self) -> CertificateMember {
        match self {
            Self::Jwt => CertificateMember {
                name: "x5c",
                rule: "RFC 7515, section 4.1.6",
                anchors: (Severity::Warning, "OpenID4VC HAIP 1.0, section 6.1"),
            },
            Self::Cwt => CertificateMember {
                name: "x5chain",
                rule: "RFC 9360, section 2",
                anchors: (Severity::Note, "RFC 9360, section 2"),
            },
        }
    }

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

    /// What the claim of this name is called for people, with its number if it has one.
    #[must_use]
    pub fn label(self, name: &str) -> String {
        Name::ALL
            .into_iter()
            .find(|known| known.text() == name)
            .map_or_else(|| name.to_owned(), |known| self.claim(known))
    }

    /// What a claim is called in messages.
    pub(super) fn claim(self, name: Name) -> String {
        match self {
            Self::Jwt => name.text().to_owned(),
            Self::Cwt => format!("{} ({})", name.text(), name.number()),
        }
    }

    /// The rule for one of the first seven claims. Both documents number their sections as CWTs
    /// number the claims.
    pub(super) fn claim_rule(self, name: Name) -> String {
        match self {
            Self::Jwt => format!("RFC 7519, section 4.1.{}", name.number()),
            Self::Cwt => format!("RFC 8392, section 3.1.{}", name.number()),
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

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Jwt => "JWT",
            Self::Cwt => "CWT",
        })
    }
}
