//! Why what sites say cannot be taken over.

use thiserror::Error;

use crate::list::{EntryId, Status};
use crate::site::SitePath;

/// Files that verify say different things of an entry that is to be taken over.
#[derive(Debug, Error)]
#[error("the site's files contradict each other about entry {entry}")]
pub(crate) struct Contradiction {
    pub(crate) entry: EntryId,
    /// What each says: one status, or several, because a bit is not set.
    pub(crate) said: Vec<(SitePath, Option<Status>)>,
}
