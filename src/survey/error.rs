//! Why sites cannot be surveyed.

use thiserror::Error;

use super::Standing;
use crate::list::{EntryId, Status};
use crate::site::{ManifestError, SitePath, TargetError, Unpublishable};

/// Why sites cannot be surveyed, or what they say not be taken over. `E` is what keeps a list file
/// from being read.
#[derive(Debug, Error)]
pub(crate) enum SurveyError<E> {
    /// Nothing was given to verify files with, although they are to be taken over.
    #[error("no key was named to verify the site's files with")]
    NoKey,
    /// Their states may differ, although they are to be taken over.
    #[error("the original has several sites")]
    SeveralSites,
    /// No file verifies, although they are to be taken over; the one that comes closest does not
    /// for this reason.
    #[error("nothing that the site has can be taken over")]
    NothingVerifies(Option<(SitePath, Standing)>),
    /// Files that verify say different things of an entry that is to be taken over: each one status,
    /// or several, because a bit is not set.
    #[error("the site's files contradict each other about entry {entry}")]
    Contradiction {
        entry: EntryId,
        said: Vec<(SitePath, Option<Status>)>,
    },
    #[error(transparent)]
    Unpublishable(#[from] Unpublishable),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("the list file cannot be read")]
    ListFile(#[source] E),
}
