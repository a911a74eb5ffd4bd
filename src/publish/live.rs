//! A site as readers see it, in the place of a folder that is not there.
//!
//! A job that starts in an empty container has a list file, which may be the newest or not, and no
//! folder that says what was published before. Its hosts say it: their manifest and files stand for
//! the folder, in every question that the guard asks, and afterwards the target holds everything
//! that the manifest names, so that it can be deployed whole.
//!
//! What is there is believed as far as it can be checked:
//!
//! - Tokens and documents of the list files that are published are held against the register entry
//!   by entry, and against the signing key, as those of a folder are. Their files are asked for by
//!   their own uris, whether the manifest knows them or not.
//! - Everything else must be what the manifest describes, to the byte, and something that belongs in
//!   a site of this tool. Nothing but the host vouches for it, so it is named as unchecked.
//!
//! Where the target holds a site already, that one is brought up to date, and what readers see is a
//! second witness: what it shows must not be newer.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::PublishError;
use super::keys::KeyTable;
use super::plan::PublishPlan;
use super::rules::Rules;
use super::site::Site;
use super::spool::{Kept, Spool};
use crate::disk::{DiskError, LockError};
use crate::site::{LiveSite, Manifest, Precondition, SitePath, Target, TargetError, Turn};

/// The most files that are fetched, and the most bytes of all of them.
const MOST_FILES: usize = 100_000;
const MOST_BYTES: u64 = 4 << 30;

/// A site as its hosts show it, each file fetched once.
pub(crate) struct Live<'a> {
    site: &'a LiveSite,
    /// `None` if nothing was ever published there.
    manifest: Option<Manifest>,
    keys: KeyTable,
    fetched: RefCell<Fetched>,
}

#[derive(Default)]
struct Fetched {
    files: BTreeMap<SitePath, Option<Kept>>,
    spool: Spool,
}

/// The site that is brought up to date, and what it is compared with besides.
pub(crate) struct Sites<'a> {
    pub(crate) site: Site<'a>,
    pub(crate) beside: Option<Site<'a>>,
}

impl<'a> Live<'a> {
    /// Reads the manifest. Where there is none, none of the files at these paths may be there
    /// either: then nothing was ever published.
    ///
    /// # Errors
    /// A host says neither that a file is there nor that it is not; a manifest that cannot be read,
    /// that names too much, or that is missing although a file is there.
    pub(crate) fn read(
        site: &'a LiveSite,
        paths: &[SitePath],
        limit: u64,
    ) -> Result<Self, PublishError> {
        let mut live = Self {
            manifest: Manifest::load(site)?,
            keys: KeyTable::default(),
            site,
            fetched: RefCell::default(),
        };
        if let Some(manifest) = &live.manifest {
            let files = manifest.entries.len();
            let lengths = manifest.entries.values().map(|entry| entry.bytes);
            let bytes = lengths.fold(0, u64::saturating_add);
            if files > MOST_FILES || bytes > MOST_BYTES {
                return Err(PublishError::TooMuch { files, bytes });
            }
            live.keys = KeyTable::of(manifest, &live)?;
            return Ok(live);
        }
        for path in paths {
            if Target::read(&live, path, limit)?.is_some() {
                return Err(PublishError::NoManifest {
                    file: site.locate(path),
                    manifest: site.locate(&SitePath::manifest()),
                });
            }
        }
        Ok(live)
    }

    /// Whether something was published there.
    pub(crate) fn is_there(&self) -> bool {
        self.manifest.is_some()
    }

    /// Where it is read.
    pub(crate) fn host(&self) -> &str {
        self.site.host()
    }
}

impl<'a> Sites<'a> {
    /// What the target holds, and what readers see beside it or, if it holds nothing, in its place.
    pub(crate) fn of(folder: Site<'a>, live: Option<&'a Live<'a>>) -> Self {
        let seen = live.and_then(|live| Some((live, live.manifest.as_ref()?)));
        let Some((live, manifest)) = seen else {
            return Self {
                site: folder,
                beside: None,
            };
        };
        let base = folder.base;
        if folder.has_manifest() {
            let beside = Some(Site::seen(Some(live), manifest, live.keys.clone(), base));
            return Self {
                site: folder,
                beside,
            };
        }
        // What a run left there that was killed before the manifest must be ours too, made from what
        // readers see now.
        let beside = Site::seen(folder.target(), manifest, live.keys.clone(), base);
        Self {
            site: folder.read_from(live, manifest, live.keys.clone()),
            beside: Some(beside),
        }
    }

    /// Completes a plan by what it does not write: everything else that readers see is taken over
    /// into a new folder, and a folder that is behind in it is refused.
    ///
    /// # Errors
    /// Those of [`PublishPlan::carry`] and [`PublishPlan::refuse_behind`].
    pub(crate) fn complete(
        &self,
        plan: &mut PublishPlan,
        rules: &Rules,
        heard: &dyn Fn(u64),
    ) -> Result<(), PublishError> {
        match &self.beside {
            Some(_) if self.site.is_elsewhere() => plan.carry(&self.site, rules, heard),
            Some(beside) => plan.refuse_behind(&self.site, beside),
            None => Ok(()),
        }
    }
}

impl Target for Live<'_> {
    fn root(&self) -> &Path {
        self.site.root()
    }

    fn name(&self) -> String {
        self.site.name()
    }

    fn lock(&self, patience: Duration) -> Result<Turn, LockError> {
        self.site.lock(patience)
    }

    fn contains(&self, path: &SitePath) -> Result<bool, TargetError> {
        self.site.contains(path)
    }

    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, TargetError> {
        let mut fetched = self.fetched.borrow_mut();
        let Fetched { files, spool } = &mut *fetched;
        if let Some(kept) = files.get(path) {
            let lost = |error: PublishError| {
                let source = io::Error::other(error.to_string());
                DiskError::new("read back", self.site.locate(path), source)
            };
            let bytes = kept.as_ref().map(|kept| spool.read(kept)).transpose();
            return Ok(bytes.map_err(lost)?.map(std::borrow::Cow::into_owned));
        }
        let found = self.site.read(path, limit)?;
        let kept = found.clone().map(|bytes| spool.keep(bytes));
        files.insert(path.clone(), kept);
        Ok(found)
    }

    fn write(
        &self,
        path: &SitePath,
        bytes: &[u8],
        expected: Precondition,
    ) -> Result<(), TargetError> {
        self.site.write(path, bytes, expected)
    }

    fn remove(&self, path: &SitePath, expected: Precondition) -> Result<(), TargetError> {
        self.site.remove(path, expected)
    }

    fn locate(&self, path: &SitePath) -> PathBuf {
        self.site.locate(path)
    }
}
