//! Whether a token of a site is written, kept, or must not be touched: never back, never sideways.

use super::certificates::KeyCertificates;
use super::options::SigningKey;
use super::tokens;
use super::{Code, Error};
use crate::audit::{Checks, Judgement, SignatureState, judge_jwt};
use crate::list::{Timestamp, View};
use crate::sign::KeySet;
use crate::site::{Entry, SitePath};
use crate::token::{Claims, InflateLimit};

/// One place in a site: what should be there, and what is.
pub(super) struct State<'a> {
    pub(super) path: &'a SitePath,
    pub(super) view: View,
    pub(super) claims: &'a Claims,
    pub(super) found: Option<&'a [u8]>,
    pub(super) entry: Option<&'a Entry>,
    /// Whether the list file ever had the state that the entry names.
    pub(super) descends: Option<bool>,
}

/// What holds for all places.
pub(super) struct Rules<'a> {
    pub(super) now: Timestamp,
    pub(super) keys: &'a KeySet,
    pub(super) key: &'a SigningKey,
    pub(super) renew: bool,
    pub(super) allow_rollback: bool,
    pub(super) new_key: bool,
    pub(super) limit: InflateLimit,
}

/// What is to be done.
pub(super) enum Decision {
    /// What is there is current and fresh.
    Keep { bytes: u64 },
    /// This token belongs there.
    Write {
        because: &'static str,
        token: Vec<u8>,
    },
}

/// Decides about one place.
///
/// # Errors
/// [`Code::Conflict`]: what is there is newer, of another history, not ours, or signed with
/// another key.
pub(super) fn decide(state: &State<'_>, rules: &Rules<'_>) -> Result<Decision, Error> {
    if !rules.allow_rollback {
        state.refuse_other_history()?;
    }
    let write = |because| {
        Ok(Decision::Write {
            because,
            token: tokens::encode(state.view, rules.key, state.claims)?,
        })
    };
    let Some(found) = state.found else {
        return write("it was not there");
    };
    let judgement = judge_jwt(
        found,
        &Checks {
            now: rules.now,
            keys: Some(rules.keys),
            uri: Some(&state.claims.subject),
            limit: rules.limit,
        },
    );
    let signed_by_us = matches!(judgement.signature, SignatureState::Valid(_));
    let known = state.entry.is_some_and(|entry| entry.matches(found));
    if !rules.allow_rollback {
        if !known {
            state.refuse_unknown(&judgement, signed_by_us)?;
        }
        state.refuse_newer(&judgement)?;
    }
    if !signed_by_us && !rules.new_key && !rules.allow_rollback {
        return Err(conflict(state.path, "another key signed what is there")
            .because("readers that know that key would not be able to verify this one's signature")
            .hint("check --key; if the key is to change: --new-key"));
    }
    if rules.renew {
        return write("--renew was given");
    }
    if !signed_by_us {
        return write("the key changed");
    }
    if !known {
        return write("the manifest did not know it");
    }
    if judgement.list.as_ref() != Some(&state.claims.list) {
        return write("the list changed");
    }
    if !state.claims_the_same(&judgement, rules.key) {
        return write("its claims or its key id changed");
    }
    let certificates = rules.key.certificates.as_ref();
    if judgement.header.get("x5c") != certificates.map(KeyCertificates::x5c).as_ref() {
        return write("its certificates changed");
    }
    if renewal_is_due(&judgement, rules.now) {
        return write("half of its validity has passed");
    }
    Ok(Decision::Keep {
        bytes: found.len() as u64,
    })
}

impl State<'_> {
    /// The manifest names the state that the file there was made from. This list file must have
    /// had it, or it is older, a copy that went another way, or another list file.
    fn refuse_other_history(&self) -> Result<(), Error> {
        if self.descends == Some(false) {
            return Err(conflict(
                self.path,
                "it was not published from this list file, or from a newer state of it",
            )
            .because("the list file never had the state that the site's manifest names")
            .hint("use the newest list file; to publish this one all the same: --allow-rollback"));
        }
        Ok(())
    }

    /// A file that the manifest does not know, or knows with other content, is ours only if a
    /// publication was interrupted: signed with the same key, and not older than the entry (both
    /// may be of one second) or with the very statuses that this list file has.
    fn refuse_unknown(&self, judgement: &Judgement, signed_by_us: bool) -> Result<(), Error> {
        let interrupted = match self.entry {
            Some(entry) => judgement
                .issued_at
                .is_some_and(|issued| issued.second() >= entry.issued_at),
            None => judgement.list.as_ref() == Some(&self.claims.list),
        };
        if signed_by_us && interrupted {
            return Ok(());
        }
        let reason = match self.entry {
            Some(_) => "it is not the file that the site's manifest describes",
            None => "a file is there that the site's manifest does not know",
        };
        Err(conflict(self.path, reason)
            .hint("find out who wrote it; to replace it all the same: --allow-rollback"))
    }

    /// Readers tell an older token by its `iat` alone.
    fn refuse_newer(&self, judgement: &Judgement) -> Result<(), Error> {
        let now = self.claims.issued_at;
        match judgement.issued_at {
            Some(issued) if issued.second() > now => {
                Err(conflict(self.path, "what is there is newer")
                    .because(format!(
                        "it was issued at {issued}, and now is {}",
                        Timestamp::from_second(now)
                    ))
                    .hint("check the clock or --now; to go back all the same: --allow-rollback"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a new token would claim the same but for its times and its list.
    fn claims_the_same(&self, judgement: &Judgement, key: &SigningKey) -> bool {
        let text = |value: Option<&serde_json::Value>| {
            value.and_then(|value| value.as_str()).map(str::to_owned)
        };
        let validity = |issued: i64, expires: Option<i64>| expires.map(|expires| expires - issued);
        let issued = judgement.issued_at.map_or(0, Timestamp::second);
        let expires = judgement.expires_at.map(Timestamp::second);
        let list = judgement.payload.get("status_list");
        judgement.subject.as_deref() == Some(self.claims.subject.as_str())
            && text(judgement.payload.get("iss")) == self.claims.issuer
            && judgement.ttl == self.claims.time_to_live.map(std::num::NonZeroU64::get)
            && text(list.and_then(|list| list.get("aggregation_uri")))
                == self.claims.aggregation_uri
            && validity(issued, expires) == validity(self.claims.issued_at, self.claims.expires_at)
            && text(judgement.header.get("kid")).as_deref() == Some(key.id.as_str())
    }
}

/// Whether half of a token's validity has passed.
fn renewal_is_due(judgement: &Judgement, now: Timestamp) -> bool {
    match (judgement.issued_at, judgement.expires_at) {
        (Some(issued), Some(expires)) => {
            let half = expires.second().saturating_sub(issued.second()) / 2;
            now.second() >= issued.second().saturating_add(half)
        }
        _ => true,
    }
}

fn conflict(path: &SitePath, reason: &str) -> Error {
    Error::new(Code::Conflict, format!("'{path}' must not be replaced"))
        .because(reason)
        .detail("path", path.as_str())
}
