//! What is asked of a token, and what came out.

use serde_json::{Map, Value};

use super::format::TokenFormat;
use crate::audit::certificates::Trust;
use crate::audit::finding::{Finding, Severity, draft, first_error};
use crate::audit::verdict::{Assurance, Given, Verdict};
use crate::list::{Duration, Profile, Status, Timestamp};
use crate::sign::{CertificateChain, KeySet, Trusted};
use crate::token::{InflateLimit, Reference, StatusList, ZlibHeader};

/// What a token is judged against.
#[derive(Clone, Copy)]
pub struct Checks<'a> {
    /// The time.
    pub now: Timestamp,
    /// A moment that the token must answer for in the place of now.
    pub at: Option<Timestamp>,
    /// How long ago the token may have been issued, if that matters.
    pub max_age: Option<Duration>,
    /// Keys that are trusted, if any are known. The key that a token brings is not.
    pub keys: Option<&'a KeySet>,
    /// What the certificates that it brings must lead to, if anything is trusted to vouch for
    /// them. With keys and this, both must hold.
    pub trust: Option<Trust<'a>>,
    /// The uri that credentials name, if it is known.
    pub uri: Option<&'a str>,
    /// Who reads the token, by a name that its `aud` may have.
    pub audience: Option<&'a str>,
    /// The use whose rules the token must keep, beside those of the specification.
    pub profile: Option<Profile>,
    /// The most bytes that the list may inflate to.
    pub limit: InflateLimit,
}

impl Checks<'_> {
    /// Whether there is anything to check a signature with.
    pub(super) const fn given(&self) -> Given {
        match (self.keys, self.trust) {
            (None, None) => Given::Nothing,
            _ => Given::Something,
        }
    }

    /// Judges as anybody would at this time who knows nothing of the token.
    #[must_use]
    pub const fn new(now: Timestamp, limit: InflateLimit) -> Self {
        Self {
            now,
            at: None,
            max_age: None,
            keys: None,
            trust: None,
            uri: None,
            audience: None,
            profile: None,
            limit,
        }
    }
}

/// What is known of the signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SignatureState {
    /// No key was given.
    #[default]
    NotChecked,
    /// The certificates that should vouch for the key are not trusted; the findings say why.
    Untrusted,
    /// It verifies with the key of this id.
    Valid(String),
    /// It does not verify with any key that was given.
    Invalid,
}

/// What a token says, as far as it can be read, and everything that is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct TokenJudgement {
    /// The format that it has, or comes nearest to.
    pub format: TokenFormat,
    /// The header; of a CWT the part that the signature covers, with names for its labels.
    pub header: Map<String, Value>,
    /// The part of a CWT's header that anybody may have changed; empty for a JWT.
    pub unprotected: Map<String, Value>,
    /// The claims, by the names that they have in a JWT, with `status_list` as it came but for `lst`.
    pub payload: Map<String, Value>,
    /// The certificates that the header brings, if they can be read; they prove nothing.
    pub certificates: Option<CertificateChain>,
    /// What those certificates prove, if they lead to what is trusted.
    pub trusted: Option<Trusted>,
    /// `kid` of the header; of a CWT as text if it is some.
    pub key_id: Option<String>,
    /// `iss`.
    pub issuer: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `iat`, rounded down to a second.
    pub issued_at: Option<Timestamp>,
    /// `exp`, rounded down to a second.
    pub expires_at: Option<Timestamp>,
    /// For how many seconds it is valid, from `iat` to `exp`, rounded up.
    pub valid_for: Option<i64>,
    /// `ttl` in seconds, rounded down.
    pub ttl: Option<u64>,
    /// `aggregation_uri`.
    pub aggregation_uri: Option<String>,
    /// Where its status is, if it is a credential and no list.
    pub reference: Option<Reference>,
    /// The two bytes that the compressed list begins with.
    pub zlib_header: Option<ZlibHeader>,
    /// The bytes of the compressed list.
    pub compressed: Option<usize>,
    /// The entries.
    pub list: Option<StatusList>,
    /// How many entries have each value, from 0 on.
    pub counts: Vec<u64>,
    /// What is known of the signature.
    pub signature: SignatureState,
    /// Everything that was found, errors first.
    pub findings: Vec<Finding>,
    /// What its signature was to be checked with.
    pub given: Given,
}

impl TokenJudgement {
    /// Whether the form is that of a token, so that there is something to show.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        !(self.header.is_empty() && self.payload.is_empty())
    }

    /// Whether readers may rely on the token.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let assurance = match self.signature {
            SignatureState::Valid(_) => Assurance::Verified,
            SignatureState::Invalid | SignatureState::Untrusted => Assurance::Refuted,
            SignatureState::NotChecked => Assurance::Unchecked,
        };
        Verdict::of(&self.findings, assurance, self.given)
    }

    /// The first finding for which readers must reject the token.
    #[must_use]
    pub fn error(&self) -> Option<&Finding> {
        first_error(&self.findings)
    }

    /// What the list says of the entry at `index`; `None` if there is no list that can be read.
    ///
    /// # Errors
    /// The list ends before it: it says nothing of the credential, which must be rejected
    /// (draft-ietf-oauth-status-list-21, section 8.3).
    #[must_use]
    pub fn entry(&self, index: u64) -> Option<Result<Status, Finding>> {
        let list = self.list.as_ref()?;
        let status = list
            .status(index)
            .and_then(|value| Status::new(value.into(), list.width).ok());
        Some(status.ok_or_else(|| {
            let entries = list.entries();
            let text = format!("index {index} is outside the list, which has {entries} entries");
            Finding::of(Severity::Error, draft("8.3"), text)
        }))
    }
}
