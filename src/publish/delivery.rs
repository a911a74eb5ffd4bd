//! Carrying out what was decided about a site.

use super::error::PublishError;
use crate::site::{Manifest, ManifestEntry, Precondition, Promise, SitePath, Target};

/// A site that is being brought up to date.
pub(crate) struct Delivery<'a> {
    /// `None` if nothing is to be written.
    target: Option<&'a dyn Target>,
    promise: Promise,
    pub(crate) manifest: Manifest,
    /// The files that were written, in this order.
    written: Vec<String>,
}

impl<'a> Delivery<'a> {
    /// A site of which the manifest was read; without a target, nothing is written.
    pub(crate) fn new(
        target: Option<&'a dyn Target>,
        promise: Promise,
        manifest: Manifest,
    ) -> Self {
        Self {
            target,
            promise,
            manifest,
            written: Vec::new(),
        }
    }

    /// The target, if anything is to be written at all.
    pub(crate) fn target(&self) -> Option<&'a dyn Target> {
        self.target
    }

    /// Writes a file, and enters it in the manifest.
    ///
    /// # Errors
    /// The target fails; the error names the files that were written before.
    pub(crate) fn put(
        &mut self,
        path: SitePath,
        bytes: &[u8],
        expected: Precondition,
        entry: ManifestEntry,
    ) -> Result<(), PublishError> {
        let Some(target) = self.target else {
            return Ok(());
        };
        if let Err(failure) = target.write(&path, bytes, expected) {
            if !self.written.is_empty() {
                // The next run should know what was written for ours; the failure says it in any
                // case.
                let _ = self.manifest.save(target, self.promise);
            }
            return Err(interrupted(std::mem::take(&mut self.written), failure));
        }
        self.written.push(path.as_str().to_owned());
        self.manifest.entries.insert(path, entry);
        Ok(())
    }

    /// Writes the manifest, if there is anything new in it, and says which files were written.
    ///
    /// # Errors
    /// Those of [`Delivery::put`].
    pub(crate) fn finish(self) -> Result<Vec<String>, PublishError> {
        let target = self.target.filter(|_| !self.written.is_empty());
        match target.map(|target| self.manifest.save(target, self.promise)) {
            Some(Err(failure)) => Err(interrupted(self.written, failure)),
            _ => Ok(self.written),
        }
    }
}

fn interrupted(written: Vec<String>, failure: impl Into<PublishError>) -> PublishError {
    PublishError::Interrupted {
        written,
        source: Box::new(failure.into()),
    }
}
