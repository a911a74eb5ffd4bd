//! What a list file remembers of its newest publication.

use std::collections::HashMap;

use serde::Serialize;

use crate::health::{self, TokenTimes};
use crate::list::{ListNumber, Policy, Timestamp};
use crate::store::{ListRow, ListState, Publication, Snapshot, StoreError};

/// What becomes of what is published, as far as the list file remembers: of all its tokens, the one
/// that is worst off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "tokens", rename_all = "kebab-case")]
pub(super) enum TokenState {
    /// Each is of the newest state, and before half of its validity.
    Valid,
    /// One is past half of its validity, or of an older state: `publish` writes it.
    Due,
    /// One has less than a quarter of its validity left: a renewal was missed.
    Expiring,
    /// One has expired.
    Expired,
    /// One was never recorded as published.
    NotPublished,
}

impl TokenState {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Due => "due",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::NotPublished => "not published",
        }
    }

    /// That of one token.
    fn of(publication: &Publication, list: &ListRow, now: Timestamp) -> Self {
        let times = TokenTimes {
            issued_at: Some(publication.issued_at),
            expires_at: publication.expires_at,
            waiting: None,
            policy: &Policy::default(),
            now,
        };
        match times.state() {
            health::TokenState::Expired => Self::Expired,
            health::TokenState::Expiring => Self::Expiring,
            health::TokenState::Due => Self::Due,
            _ if publication.rev < list.rev => Self::Due,
            _ => Self::Valid,
        }
    }
}

/// Judges what is recorded of the publications of all lists, but for those that are published no
/// more.
pub(super) fn token_state(
    snapshot: &Snapshot<'_>,
    lists: &[ListRow],
    now: Timestamp,
) -> Result<TokenState, StoreError> {
    let mut newest: HashMap<(ListNumber, String), Publication> = HashMap::new();
    for publication in snapshot.publications()? {
        let key = (publication.list, publication.view.clone());
        let known = newest.entry(key).or_insert_with(|| publication.clone());
        if (known.issued_at, known.rev) < (publication.issued_at, publication.rev) {
            *known = publication;
        }
    }
    let mut worst = TokenState::Valid;
    for list in lists.iter().filter(|list| list.state != ListState::Retired) {
        for view in snapshot.series().forms() {
            let found = newest.get(&(list.number, view.name().to_owned()));
            let state = found.map_or(TokenState::NotPublished, |publication| {
                TokenState::of(publication, list, now)
            });
            worst = worst.max(state);
        }
    }
    Ok(worst)
}
