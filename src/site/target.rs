//! Where a site lies: what `publish` asks of it, whatever kind of place it is.

use std::{
    any::Any,
    path::{Path, PathBuf},
    time::Duration,
};

use thiserror::Error;

use super::{Digest, SitePath};
use crate::disk::{DiskError, LockError, ReadError};
use crate::net::NetError;
use crate::wire::shell::quote;

/// A place that holds the files of a site.
///
/// Every kind promises that readers see the old content of a file or the new, never a part, and
/// that what was written has been kept when the function returns. Several files are not replaced
/// at once: the manifest says which of them belong together.
pub(crate) trait Target {
    /// Returns the place as it was given.
    fn root(&self) -> &Path;

    /// Returns the name by which list files remember the place, the same from wherever it is seen.
    fn name(&self) -> String;

    /// Waits for its turn to publish there, at most `patience`.
    fn lock(&self, patience: Duration) -> Result<Turn, LockError>;

    /// Says whether something is in the place of a file.
    fn contains(&self, path: &SitePath) -> Result<bool, TargetError>;

    /// Reads a file of at most `limit` bytes; nothing if there is none.
    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, TargetError>;

    /// Writes or replaces a file for everybody to read, if what is there is as expected.
    ///
    /// # Errors
    ///
    /// [`TargetError::Changed`], after which nothing was written.
    fn write(
        &self,
        path: &SitePath,
        bytes: &[u8],
        expected: Precondition,
    ) -> Result<(), TargetError>;

    /// Removes a file, if what is there is as expected. Nothing to remove is no error, unless
    /// something was expected.
    ///
    /// # Errors
    ///
    /// [`TargetError::Changed`], after which nothing was removed.
    fn remove(&self, path: &SitePath, expected: Precondition) -> Result<(), TargetError>;

    /// Removes a folder that has become empty, where the place has folders.
    fn remove_empty_folder(&self, _folder: &SitePath) -> Result<(), TargetError> {
        Ok(())
    }

    /// Returns the folder of this machine that the place is, if it is one. Other files may lie in
    /// it, runs that were killed may have left some, and other users may be able to write to it.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Returns how messages call a file.
    fn locate(&self, path: &SitePath) -> PathBuf {
        self.root().join(path.as_path())
    }
}

/// A turn to publish, which ends when this is dropped.
pub(crate) struct Turn {
    /// What holds for its time.
    pub(crate) promise: Promise,
    _held: Box<dyn Any>,
}

impl Turn {
    /// A turn that lasts as long as what is held.
    pub(crate) fn new(promise: Promise, held: impl Any) -> Self {
        Self {
            promise,
            _held: Box::new(held),
        }
    }
}

/// What a turn promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Nobody else publishes there: what was read stays as it is.
    Exclusive,
    /// Others may publish at the same time, so what is replaced must be what was read.
    Shared,
}

/// What must be in the place of a file when it is written or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Whatever there is.
    Anything,
    /// Nothing.
    Absent,
    /// A file with this digest.
    Same(Digest),
}

impl Precondition {
    /// What was read, if the turn does not promise that it stays.
    pub(crate) fn of(promise: Promise, found: impl FnOnce() -> Option<Digest>) -> Self {
        match promise {
            Promise::Exclusive => Self::Anything,
            Promise::Shared => found().map_or(Self::Absent, Self::Same),
        }
    }
}

/// Says why a file of a site was not read, written or removed.
#[derive(Debug, Error)]
pub(crate) enum TargetError {
    /// The operating system refused.
    #[error(transparent)]
    Disk(#[from] DiskError),

    /// The file was not read: it may hold more than the caller is prepared to hold.
    #[error(transparent)]
    Read(#[from] ReadError),

    /// A symbolic link stands where a file or folder of the site belongs.
    #[error("{} is a symbolic link, which could lead out of the site", quote(.0))]
    Link(PathBuf),

    /// Something other than a regular file stands where a file belongs.
    #[error("{} is not a regular file", quote(.0))]
    NotAFile(PathBuf),

    /// Something other than a folder stands where a folder belongs.
    #[error("{} is not a folder", quote(.0))]
    NotAFolder(PathBuf),

    /// Somebody else replaced the file since it was read.
    #[error("{} was changed by somebody else at the same time", quote(.0))]
    Changed(PathBuf),

    /// The place is one that is only read.
    #[error("{} can only be read", quote(.0))]
    ReadOnly(PathBuf),

    /// A host gives no answer that can be read.
    #[error(transparent)]
    Net(#[from] NetError),

    /// A host answers with something that is neither the file nor that there is none.
    #[error("{} {fault}", quote(url))]
    Web { url: String, fault: WebFault },
}

/// Says what a host answers instead of a file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum WebFault {
    /// A status that says neither that the file is there nor that it is not.
    #[error("answers with status {0}")]
    Status(u16),

    /// A page for people, such as one to log in.
    #[error("answers with a web page")]
    Page,

    /// Bytes that would have to be decoded, although nobody asked for that.
    #[error("answers with bytes in the encoding {}", quote(.0))]
    Encoded(String),

    /// Two hosts of one site show different ones.
    #[error("is not what {} is", quote(.0))]
    Differs(String),
}
