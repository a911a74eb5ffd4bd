//! The two formats of a Status List Token: what each calls a claim, and where its rules stand.

use std::fmt;

use serde::Serialize;

use crate::audit::certificates::CertificateMember;
use crate::audit::finding::Severity;
use crate::token::cwt::key;

/// The format of a Status List Token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenFormat {
    /// JSON Web Token in the compact form (RFC 7519); what is neither comes nearest to it.
    #[default]
    Jwt,
    /// CBOR Web Token (RFC 8392).
    Cwt,
}

/// A claim that both formats have: those of a Status List Token, and the one that points a
/// credential to its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClaimName {
    /// What a JWT calls it.
    pub(super) text: &'static str,
    /// Its key in a CWT.
    pub(super) number: u64,
}

impl ClaimName {
    pub(super) const ISSUER: Self = Self::of("iss", key::ISSUER);
    pub(super) const SUBJECT: Self = Self::of("sub", key::SUBJECT);
    pub(super) const AUDIENCE: Self = Self::of("aud", key::AUDIENCE);
    pub(super) const EXPIRES_AT: Self = Self::of("exp", key::EXPIRES_AT);
    pub(super) const NOT_BEFORE: Self = Self::of("nbf", key::NOT_BEFORE);
    pub(super) const ISSUED_AT: Self = Self::of("iat", key::ISSUED_AT);
    pub(super) const STATUS_LIST: Self = Self::of("status_list", key::STATUS_LIST);
    pub(super) const TIME_TO_LIVE: Self = Self::of("ttl", key::TIME_TO_LIVE);

    /// Every one of them.
    pub(super) const ALL: [Self; 10] = [
        Self::ISSUER,
        Self::SUBJECT,
        Self::AUDIENCE,
        Self::EXPIRES_AT,
        Self::NOT_BEFORE,
        Self::ISSUED_AT,
        Self::of("jti", key::TOKEN_ID),
        Self::STATUS_LIST,
        Self::TIME_TO_LIVE,
        Self::of("status", key::STATUS),
    ];

    const fn of(text: &'static str, number: u64) -> Self {
        Self { text, number }
    }
}

/// Where the rules of a format stand.
pub(in crate::audit) struct Rules {
    /// The section that defines the token.
    pub(super) token: &'static str,
    /// The section that defines the list.
    pub(super) list: &'static str,
    /// The section that defines how a credential points to its entry.
    pub(super) reference: &'static str,
    /// The section that defines the first seven claims. Both documents number its parts as CWTs
    /// number the claims.
    claims: &'static str,
    /// The section that defines points in time.
    pub(super) time: &'static str,
    /// The certificates in the header.
    pub(in crate::audit) certificates: CertificateMember,
}

const JWT: Rules = Rules {
    token: "5.1",
    list: "4.2",
    reference: "6.2",
    claims: "RFC 7519, section 4.1",
    time: "RFC 7519, section 2",
    certificates: CertificateMember {
        name: "x5c",
        rule: "RFC 7515, section 4.1.6",
        anchors: (Severity::Warning, "OpenID4VC HAIP 1.0, section 6.1"),
    },
};

const CWT: Rules = Rules {
    token: "5.2",
    list: "4.3",
    reference: "6.3",
    claims: "RFC 8392, section 3.1",
    time: "RFC 8392, section 2",
    certificates: CertificateMember {
        name: "x5chain",
        rule: "RFC 9360, section 2",
        anchors: (Severity::Note, "RFC 9360, section 2"),
    },
};

impl TokenFormat {
    pub(in crate::audit) const fn rules(self) -> &'static Rules {
        match self {
            Self::Jwt => &JWT,
            Self::Cwt => &CWT,
        }
    }

    /// What the claim of this name is called for people, with its number if it has one.
    #[must_use]
    pub fn label(self, name: &str) -> String {
        ClaimName::ALL
            .into_iter()
            .find(|known| known.text == name)
            .map_or_else(|| name.to_owned(), |known| self.claim(known))
    }

    /// What a claim is called in messages.
    pub(super) fn claim(self, name: ClaimName) -> String {
        match self {
            Self::Jwt => name.text.to_owned(),
            Self::Cwt => format!("{} ({})", name.text, name.number),
        }
    }

    /// The rule for one of the first seven claims.
    pub(super) fn claim_rule(self, name: ClaimName) -> String {
        format!("{}.{}", self.rules().claims, name.number)
    }
}

impl fmt::Display for TokenFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Jwt => "JWT",
            Self::Cwt => "CWT",
        })
    }
}
