//! What the readers of both formats hand on: a token as far as it can be read.

use std::time::Duration;

use serde_json::{Map, Value};

use super::token_judgement::SignatureState;
use crate::audit::finding::{Findings, chain};
use crate::list::Width;
use crate::sign::{CertificateChain, Trusted};
use crate::token::{NumericDate, Reference};

/// A token that was opened, and what was found in all of it but its claims. Without claims it
/// could not be opened.
#[derive(Default)]
pub(super) struct Opened {
    pub(super) header: Map<String, Value>,
    /// The part of a CWT's header that the signature does not cover.
    pub(super) unprotected: Map<String, Value>,
    /// The claims as they are shown.
    pub(super) payload: Map<String, Value>,
    pub(super) key_id: Option<String>,
    pub(super) certificates: Option<CertificateChain>,
    /// What the certificates lead to.
    pub(super) trusted: Option<Trusted>,
    pub(super) signature: SignatureState,
    pub(super) claims: Option<ReadClaims>,
    pub(super) findings: Findings,
}

/// One claim, as the reader of a format found it.
pub(super) enum Claim<T> {
    Missing,
    /// What is wrong with it.
    Wrong(String),
    Is(T),
}

/// What a token claims, as far as it can be read.
pub(super) struct ReadClaims {
    pub(super) issuer: Claim<String>,
    pub(super) subject: Claim<String>,
    pub(super) audience: Claim<Vec<String>>,
    pub(super) expires_at: Claim<NumericDate>,
    pub(super) not_before: Claim<NumericDate>,
    pub(super) issued_at: Claim<NumericDate>,
    pub(super) ttl: Claim<Duration>,
    pub(super) list: Claim<ReadList>,
    /// Where its status is, if it is a credential.
    pub(super) reference: Claim<Reference>,
    /// The names of all other claims.
    pub(super) others: Vec<String>,
}

/// The members of `status_list`, as far as they can be read.
pub(super) struct ReadList {
    pub(super) width: Result<Width, String>,
    /// The compressed entries.
    pub(super) stream: Result<Vec<u8>, String>,
    pub(super) aggregation_uri: Claim<String>,
    /// The names of all other members.
    pub(super) others: Vec<String>,
}

impl<T> Claim<T> {
    /// Takes what may be there and what reading it gave.
    pub(super) fn of<E: std::error::Error>(read: Option<Result<T, E>>) -> Self {
        match read {
            None => Self::Missing,
            Some(Ok(value)) => Self::Is(value),
            Some(Err(error)) => Self::Wrong(chain(&error)),
        }
    }

    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Missing | Self::Wrong(_) => None,
        }
    }
}
