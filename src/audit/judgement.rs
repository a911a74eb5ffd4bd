//! What is asked of a token, and what came out.

use serde_json::{Map, Value};

use super::finding::{Finding, Severity};
use crate::list::Timestamp;
use crate::sign::KeySet;
use crate::token::{InflateLimit, StatusList, ZlibHeader};

/// What a token is judged against.
#[derive(Clone, Copy)]
pub struct Checks<'a> {
    /// The time.
    pub now: Timestamp,
    /// Keys that are trusted, if any are known. The key that a token brings is not.
    pub keys: Option<&'a KeySet>,
    /// The uri that credentials name, if it is known.
    pub uri: Option<&'a str>,
    /// The most bytes that the list may inflate to.
    pub limit: InflateLimit,
}

/// What is known of the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureState {
    /// No key was given.
    NotChecked,
    /// It verifies with the key of this id.
    Valid(String),
    /// It does not verify with any key that was given.
    Invalid,
}

/// What a token says, as far as it can be read, and everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The header.
    pub header: Map<String, Value>,
    /// The claims, with `status_list` as it came.
    pub payload: Map<String, Value>,
    /// `sub`.
    pub subject: Option<String>,
    /// `iat`, rounded down to a second.
    pub issued_at: Option<Timestamp>,
    /// `exp`, rounded down to a second.
    pub expires_at: Option<Timestamp>,
    /// `ttl` in seconds, rounded down.
    pub ttl: Option<u64>,
    /// The two bytes that the compressed list begins with.
    pub zlib_header: Option<ZlibHeader>,
    /// The bytes of the compressed list.
    pub compressed: Option<usize>,
    /// The entries.
    pub list: Option<StatusList>,
    /// What is known of the signature.
    pub signature: SignatureState,
    /// Everything that was found, errors first.
    pub findings: Vec<Finding>,
}

impl Judgement {
    pub(super) fn empty() -> Self {
        Self {
            header: Map::new(),
            payload: Map::new(),
            subject: None,
            issued_at: None,
            expires_at: None,
            ttl: None,
            zlib_header: None,
            compressed: None,
            list: None,
            signature: SignatureState::NotChecked,
            findings: Vec::new(),
        }
    }

    /// The first finding for which readers must reject the token.
    #[must_use]
    pub fn error(&self) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.severity == Severity::Error)
    }
}
