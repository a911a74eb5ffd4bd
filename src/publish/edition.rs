//! The state of a list file that is published.

use std::path::Path;
use std::rc::Rc;

use super::error::PublishError;
use super::statement::Lifetimes;
use crate::list::View;
use crate::site::Digest;
use crate::store::{Snapshot, StoreError};

/// The state of a list file that is published: the newest revision that changed a published byte,
/// so that a site does not tell of revisions that only hand out entries.
#[derive(Clone, Debug)]
pub(crate) struct Edition {
    pub(crate) file: Rc<Path>,
    pub(crate) revision: i64,
    /// The chain value of the revision.
    pub(crate) chain: Digest,
}

/// What is published of a list file.
pub(crate) struct Selection<'a> {
    pub(crate) edition: Edition,
    pub(crate) views: &'a [View],
    pub(crate) lifetimes: Lifetimes,
}

impl Edition {
    /// The state that a snapshot shows.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn of(file: &Path, snapshot: &Snapshot<'_>) -> Result<Self, PublishError> {
        let head = snapshot
            .visible_head()
            .map_err(|source| PublishError::of_store(file, source))?;
        Ok(Self {
            file: file.into(),
            revision: head.rev,
            chain: Digest::from(head.chain),
        })
    }

    /// Says that the list file cannot be read.
    pub(crate) fn failed(&self, source: StoreError) -> PublishError {
        PublishError::of_store(&self.file, source)
    }
}
