//! The error of a file operation.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::wire::shell::quote;

/// Says what could not be done to which path; the source says why.
#[derive(Debug, Error)]
#[error("cannot {verb} {}", quote(path))]
pub struct DiskError {
    verb: &'static str,
    path: PathBuf,
    /// Whether the new content has its name, which a power cut may take away; else nothing has
    /// changed.
    is_unconfirmed: bool,
    source: io::Error,
}

impl DiskError {
    /// Attaches the verb (as in "cannot *open* …") and the path to an error of the operating
    /// system.
    #[must_use]
    pub fn new(verb: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self {
            verb,
            path: path.into(),
            is_unconfirmed: false,
            source,
        }
    }

    /// Attaches the folder whose new entries could not be confirmed.
    pub(super) fn unsynced(folder: &Path, source: io::Error) -> Self {
        Self {
            is_unconfirmed: true,
            ..Self::new("sync folder", folder, source)
        }
    }

    /// Returns the kind of the underlying error, such as [`io::ErrorKind::AlreadyExists`].
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }

    /// Returns the path that the operation was about.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says whether the change is in place and visible, but may be lost by a power cut.
    ///
    /// All other errors mean that nothing has changed.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.is_unconfirmed
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn says_verb_path_and_reason() {
        let error = DiskError::new(
            "open",
            "a b.slist",
            io::Error::from(io::ErrorKind::NotFound),
        );
        assert_eq!(error.to_string(), "cannot open 'a b.slist'");
        assert_eq!(error.source().unwrap().to_string(), "entity not found");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert_eq!(error.path(), Path::new("a b.slist"));
        assert!(!error.is_unconfirmed());
        let error = DiskError::unsynced(
            Path::new("site"),
            io::Error::from(io::ErrorKind::StorageFull),
        );
        assert_eq!(error.to_string(), "cannot sync folder 'site'");
        assert!(error.is_unconfirmed());
    }
}
