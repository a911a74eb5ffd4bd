//! A pool, and one question to each of its list files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::error::{PoolError, Purpose, Unread, Unreadable};
use super::folder::Listing;
use crate::commands::session::{Turn, folder_of_queue};
use crate::disk::DirectoryLocks;
use crate::store::{Access, Snapshot, Store, StoreError};

/// A folder of list files.
pub(crate) struct Pool {
    pub(super) folder: PathBuf,
    listing: Listing,
    locks: Option<DirectoryLocks>,
    begun: Instant,
    patience: Duration,
}

/// What the list files of a pool answered.
pub(crate) struct Survey<T> {
    /// Those that did, by name.
    pub(crate) members: Vec<Member<T>>,
    /// The others.
    pub(crate) remarks: Remarks,
}

/// A list file of a pool, and what it answered.
pub(crate) struct Member<T> {
    /// The list file.
    pub(crate) file: PathBuf,
    /// What it answered.
    pub(crate) answer: T,
}

/// The files of a pool that did not answer.
#[derive(Clone, Default)]
pub(crate) struct Remarks {
    /// Those that could not be asked, by name.
    pub(crate) unread: Vec<Rc<Unread>>,
    /// Those that are backups, by name: their originals may have handed out the same indexes since.
    pub(crate) backups: Vec<PathBuf>,
}

impl Pool {
    /// The pool in a folder, for questions. All of them together wait for others no longer than
    /// this.
    ///
    /// # Errors
    /// The folder cannot be read, holds no list file, too many, or one twice.
    pub(crate) fn to_read(folder: &Path, patience: Duration) -> Result<Self, PoolError> {
        Ok(Self {
            folder: folder.to_owned(),
            listing: Listing::of(folder)?,
            locks: None,
            begun: Instant::now(),
            patience,
        })
    }

    /// The same for a change: waits for its turn.
    ///
    /// # Errors
    /// Others hold the folder for longer; and those of [`to_read`](Self::to_read).
    pub(crate) fn to_write(folder: &Path, patience: Duration) -> Result<Self, PoolError> {
        let mut pool = Self::to_read(folder, patience)?;
        let mut folders: BTreeSet<_> = pool
            .listing
            .list_files
            .iter()
            .map(|file| folder_of_queue(file))
            .collect();
        folders.insert(folder.to_owned());
        let folders: Vec<_> = folders.into_iter().collect();
        pool.locks = Some(DirectoryLocks::acquire(&folders, patience)?);
        // What came or went while it waited counts.
        pool.listing = Listing::of(folder)?;
        Ok(pool)
    }

    /// The turn in which a list file of the pool is changed.
    pub(crate) fn turn(&self) -> Turn<'_> {
        self.locks.as_ref().map_or(Turn::Awaited, Turn::Come)
    }

    /// Asks each list file that is no backup, one after the other, by name.
    pub(crate) fn ask<T>(
        &self,
        mut question: impl FnMut(&Path, &Snapshot<'_>) -> Result<T, StoreError>,
    ) -> Survey<T> {
        self.ask_about(|file, snapshot| match snapshot.copied_at() {
            Some(_) => Ok(None),
            None => question(file, snapshot).map(Some),
        })
    }

    /// Asks each list file, backups too; those that answer with nothing are backups.
    pub(crate) fn ask_about<T>(
        &self,
        mut question: impl FnMut(&Path, &Snapshot<'_>) -> Result<Option<T>, StoreError>,
    ) -> Survey<T> {
        let mut survey = Survey {
            members: Vec::new(),
            remarks: Remarks {
                unread: self.listing.unread.clone(),
                backups: Vec::new(),
            },
        };
        for file in &self.listing.list_files {
            let patience = self.patience.saturating_sub(self.begun.elapsed());
            let asked = Store::open(file, Access::Read, patience)
                .and_then(|store| question(file, &store.snapshot()?));
            let file = file.clone();
            match asked {
                Ok(Some(answer)) => survey.members.push(Member { file, answer }),
                Ok(None) => survey.remarks.backups.push(file),
                Err(error) => {
                    let reason = Unreadable::Store(error);
                    let unread = Rc::new(Unread { file, reason });
                    survey.remarks.unread.push(unread);
                }
            }
        }
        let by_name = |one: &Rc<Unread>, other: &Rc<Unread>| one.file.cmp(&other.file);
        survey.remarks.unread.sort_by(by_name);
        survey
    }
}

impl<T> Survey<T> {
    /// Refuses a pool that has nothing but backups.
    ///
    /// # Errors
    /// No file answered.
    pub(crate) fn refuse_none(&self, folder: &Path) -> Result<(), PoolError> {
        if self.members.is_empty() {
            return Err(PoolError::OnlyBackups {
                folder: folder.to_owned(),
                backups: self.remarks.backups.clone(),
            });
        }
        Ok(())
    }

    /// Refuses what needs every file.
    ///
    /// # Errors
    /// One could not be asked.
    pub(crate) fn refuse_unread(&self, folder: &Path, purpose: Purpose) -> Result<(), PoolError> {
        if self.remarks.unread.is_empty() {
            return Ok(());
        }
        Err(PoolError::Unread {
            folder: folder.to_owned(),
            purpose,
            unread: self.remarks.unread.clone(),
        })
    }
}
