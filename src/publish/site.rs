//! A site while it is brought up to date.

use std::path::PathBuf;

use super::error::PublishError;
use super::file::SiteFile;
use super::keys::KeyTable;
use super::spool::Spool;
use crate::list::Timestamp;
use crate::site::{
    BaseUrl, Digest, Manifest, ManifestEntry, Precondition, ShownKey, SitePath, Target,
    TargetError, Turn,
};
use crate::store::Hash;

/// A site in the turn of a publication, which ends when this is dropped.
pub(crate) struct Site<'a> {
    /// Where it is written; `None` if that is still to be made.
    held: Option<(&'a dyn Target, Turn)>,
    /// Where it is read, if that is another place than the one where it is written.
    there: Option<&'a dyn Target>,
    manifest: Manifest,
    /// The keys that it shows as it is found.
    pub(crate) keys: KeyTable,
    /// The uri that the root has.
    pub(crate) base: Option<&'a BaseUrl>,
}

impl<'a> Site<'a> {
    /// Reads the manifest, once the turn has come.
    ///
    /// # Errors
    /// The manifest or the key set cannot be read.
    pub(crate) fn new(
        held: Option<(&'a dyn Target, Turn)>,
        base: Option<&'a BaseUrl>,
    ) -> Result<Self, PublishError> {
        let manifest = held.as_ref().map(|(target, _)| Manifest::load(*target));
        let manifest = manifest.transpose()?.flatten().unwrap_or_default();
        let keys = held
            .as_ref()
            .map(|(target, _)| KeyTable::of(&manifest, *target));
        Ok(Self {
            keys: keys.transpose()?.unwrap_or_default(),
            held,
            there: None,
            manifest,
            base,
        })
    }

    /// The same site, as another place holds it, which it is to be like before it is changed:
    /// everything is read there, and written here.
    pub(crate) fn read_from(
        self,
        there: &'a dyn Target,
        manifest: &Manifest,
        keys: KeyTable,
    ) -> Self {
        Self {
            there: Some(there),
            keys,
            manifest: manifest.read_elsewhere(),
            ..self
        }
    }

    /// A site that is only read, and is compared with what is to be written to another.
    pub(crate) fn seen(
        there: Option<&'a dyn Target>,
        manifest: &Manifest,
        keys: KeyTable,
        base: Option<&'a BaseUrl>,
    ) -> Self {
        Self {
            held: None,
            keys,
            there,
            manifest: manifest.read_elsewhere(),
            base,
        }
    }

    /// The target, if it was made.
    pub(crate) fn target(&self) -> Option<&'a dyn Target> {
        self.held.as_ref().map(|(target, _)| *target)
    }

    /// Whether a publication has left a manifest.
    pub(crate) fn has_manifest(&self) -> bool {
        self.manifest.was_read()
    }

    /// Whether it is read in another place than the one where it is written.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.there.is_some()
    }

    /// Reads a file of at most `limit` bytes; nothing if there is none.
    pub(crate) fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, TargetError> {
        match self.there.or(self.target()) {
            Some(target) => target.read(path, limit),
            None => Ok(None),
        }
    }

    /// How messages call a file that was read.
    pub(crate) fn locate(&self, path: &SitePath) -> PathBuf {
        let there = self.there.or(self.target());
        there.map_or_else(|| path.as_path().to_owned(), |target| target.locate(path))
    }

    /// What the manifest says of every file.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&SitePath, &ManifestEntry)> {
        self.manifest.entries.iter()
    }

    /// The paths of the files that the manifest knows.
    pub(crate) fn known(&self) -> impl Iterator<Item = &SitePath> {
        self.manifest.entries.keys()
    }

    /// What the manifest says of a file.
    pub(crate) fn entry(&self, path: &SitePath) -> Option<&ManifestEntry> {
        self.manifest.entries.get(path)
    }

    /// The chain value that the manifest has for a file.
    pub(crate) fn chain(&self, path: &SitePath) -> Option<&Hash> {
        self.entry(path).map(|entry| entry.chain.as_bytes())
    }

    /// What must be in the place of a file in which this was found.
    pub(crate) fn expects(&self, found: Option<&[u8]>) -> Precondition {
        match &self.held {
            Some((_, turn)) if self.is_elsewhere() => Precondition::of(turn.promise, || None),
            Some((_, turn)) => Precondition::of(turn.promise, || found.map(Digest::of)),
            None => Precondition::Absent,
        }
    }

    /// The path of a file that is no file of this tool's own.
    pub(crate) fn path_of(&self, uri: &str) -> Result<SitePath, PublishError> {
        SitePath::of(uri, self.base).map_err(|source| PublishError::Uri {
            uri: uri.to_owned(),
            source,
        })
    }

    /// Writes a file if it is to be written, and enters it in the manifest and in `written`.
    pub(crate) fn write(
        &mut self,
        file: &SiteFile,
        spool: &Spool,
        now: Timestamp,
        written: &mut Vec<String>,
    ) -> Result<(), PublishError> {
        if let (Some(target), Some(content)) = (self.target(), &file.write) {
            let bytes = spool.read(&content.bytes)?;
            target.write(&file.path, &bytes, content.expected)?;
            let path = file.path.to_string();
            if !written.contains(&path) {
                written.push(path);
            }
            let entry = file.entry(now);
            self.manifest.entries.insert(file.path.clone(), entry);
        }
        Ok(())
    }

    /// Says from which state the content of a file was made, whenever it was written.
    pub(crate) fn made_from(&mut self, path: &SitePath, chain: Digest) {
        if let Some(entry) = self.manifest.entries.get_mut(path) {
            entry.chain = chain;
        }
    }

    /// Takes a file out of the manifest, and says whether it was there.
    pub(crate) fn forget(&mut self, path: &SitePath) -> bool {
        self.manifest.entries.remove(path).is_some()
    }

    /// Remembers these keys, and says whether the manifest knew others.
    pub(crate) fn remember(&mut self, keys: &[ShownKey]) -> bool {
        let is_news = self.manifest.keys != keys;
        self.manifest.keys = keys.to_vec();
        is_news
    }

    /// Writes the manifest.
    pub(crate) fn save(&mut self) -> Result<(), PublishError> {
        match &self.held {
            Some((target, turn)) => Ok(self.manifest.save(*target, turn.promise)?),
            None => Ok(()),
        }
    }
}
