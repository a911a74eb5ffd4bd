//! What the readers of both formats hand on: a token as far as it can be read.

use std::time::Duration;

use crate::audit::finding::chain;
use crate::list::Width;
use crate::token::{Node, NumericDate, Reference};

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

impl Claim<String> {
    /// Reads a text.
    pub(super) fn text<N: Node>(claim: Option<&N>) -> Self {
        let text = |value: &N| value.text().map(str::to_owned);
        Self::found(claim, text, |other| {
            format!("{}, not {}", other.describe(), N::TEXT)
        })
    }
}

impl Claim<Vec<String>> {
    /// Reads a text, or an array of texts (RFC 7519, section 4.1.3; RFC 8392, section 3.1.3).
    pub(super) fn texts<N: Node>(claim: Option<&N>) -> Self {
        let texts = |value: &N| {
            let values = value.items().unwrap_or(std::slice::from_ref(value));
            let texts = values.iter().map(|value| value.text().map(str::to_owned));
            texts.collect()
        };
        Self::found(claim, texts, |_| {
            let several = N::TEXT.trim_start_matches("a ");
            format!("neither {} nor an array of {several}s", N::TEXT)
        })
    }
}
