//! What a site holds already.

use crate::site::{
    BaseUrl, Manifest, ManifestEntry, Precondition, Promise, SitePath, Target, TargetError,
};
use crate::store::Hash;

/// A site before anything is written to it.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    /// `None` if it is still to be made.
    pub(crate) target: Option<&'a dyn Target>,
    /// What the turn promises in which it is read.
    pub(crate) promise: Promise,
    pub(crate) manifest: &'a Manifest,
    /// The uri that the root has.
    pub(crate) base: Option<&'a BaseUrl>,
}

impl<'a> Site<'a> {
    /// Reads a file of at most `limit` bytes; nothing if there is none.
    pub(crate) fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, TargetError> {
        match self.target {
            Some(target) => target.read(path, limit),
            None => Ok(None),
        }
    }

    /// What the manifest says of a file.
    pub(crate) fn entry(&self, path: &SitePath) -> Option<&'a ManifestEntry> {
        self.manifest.entries.get(path)
    }

    /// The chain value that the manifest has for a file.
    pub(crate) fn chain(&self, path: &SitePath) -> Option<&'a Hash> {
        self.entry(path).map(|entry| entry.chain.as_bytes())
    }

    /// What must be in the place of a file in which this was found.
    pub(crate) fn expects(&self, found: Option<&[u8]>) -> Precondition {
        Precondition::of(self.promise, found)
    }
}
