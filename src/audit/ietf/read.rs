//! What the readers of both formats hand on: a token as far as it can be read.

use std::time::Duration;

use crate::audit::finding::chain;
use crate::list::Width;
use crate::token::{NumericDate, Reference};

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

impl ReadList {
    /// The names of the members that are known.
    pub(super) const MEMBERS: [&str; 3] = ["bits", "lst", "aggregation_uri"];
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

    /// Takes what may be there and what could be read of it, else what is wrong with it.
    pub(super) fn found<S>(
        claim: Option<S>,
        read: impl Fn(S) -> Option<T>,
        fault: impl Fn(S) -> String,
    ) -> Self
    where
        S: Copy,
    {
        claim.map_or(Self::Missing, |claim| {
            read(claim).map_or_else(|| Self::Wrong(fault(claim)), Self::Is)
        })
    }

    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Missing | Self::Wrong(_) => None,
        }
    }
}
