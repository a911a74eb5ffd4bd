//! The state of a list file that is published.

use std::path::Path;

use super::error::PublishError;
use crate::site::Digest;
use crate::store::{Snapshot, StoreError};

/// The state of a list file that is published: the newest revision that changed a published byte,
/// so that a site does not tell of revisions that only hand out entries.
#[derive(Clone, Copy)]
pub(crate) struct Edition<'a> {
    pub(crate) file: &'a Path,
    pub(crate) revision: i64,
    /// The chain value of the revision.
    pub(crate) chain: Digest,
}

impl<'a> Edition<'a> {
    /// The state that a snapshot shows.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn of(file: &'a Path, snapshot: &Snapshot<'_>) -> Result<Self, PublishError> {
        let failed = |source| PublishError::of_store(file, source);
        let head = snapshot.visible_head().map_err(failed)?;
        Ok(Self {
            file,
            revision: head.rev,
            chain: Digest::from(head.chain),
        })
    }

    /// Says that the list file cannot be read.
    pub(crate) fn failed(&self, source: StoreError) -> PublishError {
        PublishError::of_store(self.file, source)
    }
}
