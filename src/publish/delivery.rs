//! Carrying out what was decided about a site.

use crate::commands::Error;
use crate::commands::Written;
use crate::site::{Entry, Folder, Manifest, SitePath};

/// A site that is being brought up to date.
pub(crate) struct Target<'a> {
    /// `None` if nothing is to be written.
    site: Option<&'a Folder>,
    pub(crate) manifest: Manifest,
    pub(crate) written: Written,
}

impl<'a> Target<'a> {
    /// A site of which the manifest was read; without a folder, nothing is written.
    pub(crate) fn new(site: Option<&'a Folder>, manifest: Manifest) -> Self {
        Self {
            site,
            manifest,
            written: Written::default(),
        }
    }

    /// Whether anything is to be written at all.
    pub(crate) const fn is_open(&self) -> bool {
        self.site.is_some()
    }

    /// Writes a file, and enters it in the manifest.
    ///
    /// # Errors
    /// The disk fails; the error names the files that were written before.
    pub(crate) fn put(&mut self, path: SitePath, bytes: &[u8], entry: Entry) -> Result<(), Error> {
        let Some(site) = self.site else {
            return Ok(());
        };
        if let Err(failure) = site.write(&path, bytes) {
            if !self.written.is_empty() {
                // The next run should know what was written for ours; the failure says it in any
                // case.
                let _ = self.manifest.save(site);
            }
            return self.written.before(Err(failure));
        }
        self.written.add(path.as_str());
        self.manifest.entries.insert(path, entry);
        Ok(())
    }

    /// Writes the manifest, if there is anything new in it, and says which files were written.
    ///
    /// # Errors
    /// Those of [`Target::put`].
    pub(crate) fn finish(self) -> Result<Written, Error> {
        if let Some(site) = self.site.filter(|_| !self.written.is_empty()) {
            self.written.before(self.manifest.save(site))?;
        }
        Ok(self.written)
    }
}
