//! Why sites cannot be surveyed.

use thiserror::Error;

use super::Standing;
use crate::list::{EntryId, Status};
use crate::site::{FolderError, ManifestError, SitePath, Unpublishable};

/// Why sites cannot be surveyed, or what they say not be taken over. `E` is what keeps a list file
/// from being read.
#[derive(Debug, Error)]
pub enum SurveyError<E> {
    /// Nothing was given to verify files with, although they are to be taken over.
    #[error("no key was named to verify the site's files with")]
    NoKey,
    /// Several sites, whose states may differ, although they are to be taken over.
    #[error("the original has several sites")]
    SeveralSites,
    /// No file verifies, although they are to be taken over.
    #[error("nothing that the site has can be taken over")]
    NothingVerifies(Option<Unverified>),
    /// Files that verify say different things of an entry that is to be taken over.
    #[error("the site's files contradict each other about entry {entry}")]
    Contradiction {
        /// The entry.
        entry: EntryId,
        /// What each file says of it.
        said: Vec<Said>,
    },
    /// No site can hold the files of the series.
    #[error(transparent)]
    Unpublishable(#[from] Unpublishable),
    /// A file of a site cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The manifest of a site cannot be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The list file cannot be read.
    #[error("the list file cannot be read")]
    ListFile(#[source] E),
}

/// The file that comes closest to one that verifies.
#[derive(Debug)]
pub struct Unverified {
    /// Its path.
    pub path: SitePath,
    /// Why it does not.
    pub standing: Standing,
}

/// What a file says of an entry.
#[derive(Debug)]
pub struct Said {
    /// The path of the file.
    pub path: SitePath,
    /// The status; nothing if it leaves several open, because a bit is not set.
    pub status: Option<Status>,
}
