//! Copies that cannot hand out an index twice.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, params};

use super::error::{Outcome, Reading, StoreError};
use super::open::settle;
use super::{Publication, Snapshot, Store};
use crate::disk::{Draft, Visibility};
use crate::list::Timestamp;

impl Store {
    /// Writes a marked copy of the file to a place where nothing is, readable by its owner alone.
    ///
    /// The permutation is deterministic: a copy would hand out the same indexes as its original.
    /// The mark keeps it from doing so until it is restored.
    ///
    /// A killed run leaves no copy without the mark either. SQLite copies the pages as they are, so
    /// the mark can only follow them; until it is made, the copy is a database in WAL mode, which
    /// [`Store::open`] refuses. What is copied and the mark wait in the write-ahead log, and leaving
    /// the mode is the last change of all.
    ///
    /// # Errors
    /// Something is at the place, or the operating system fails.
    pub fn backup(&self, to: &Path, now: Timestamp) -> Result<(), StoreError> {
        if to.symlink_metadata().is_ok() {
            return Err(StoreError::Exists);
        }
        let draft = Draft::beside(to, Visibility::Secret)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut copy = Connection::open_with_flags(draft.path(), flags).reading("copy")?;
        settle(&copy)?;
        self.keep_apart(&copy)?;
        Backup::new(&self.connection, &mut copy)
            .and_then(|backup| backup.run_to_completion(1000, Duration::from_millis(10), None))
            .reading("copy")?;
        copy.execute(
            "UPDATE meta SET copied_at = ?1 WHERE id = 1",
            params![now.second()],
        )
        .reading("copy")?;
        switch_journal(&copy, "delete")?;
        copy.close()
            .map_err(|(_, source)| StoreError::of("copy", Outcome::None, source))?;
        draft.persist_new().map_err(|error| {
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                StoreError::Exists
            } else {
                StoreError::Disk(error)
            }
        })
    }

    /// Makes an empty database one that is no list file whatever is copied into it.
    fn keep_apart(&self, copy: &Connection) -> Result<(), StoreError> {
        let page_size: i64 = self
            .connection
            .pragma_query_value(None, "page_size", |row| row.get(0))
            .reading("read")?;
        // A copy in WAL mode must have the page size of its original before it has any page; and
        // a log that one connection has for itself needs no shared memory.
        copy.pragma_update(None, "page_size", page_size)
            .and_then(|()| copy.pragma_update(None, "locking_mode", "exclusive"))
            .reading("copy")?;
        switch_journal(copy, "wal")?;
        copy.pragma_update(None, "wal_autocheckpoint", 0)
            .reading("copy")
    }

    /// Records publications. They are no revision: the site itself says what it holds.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(&self, publications: &[Publication]) -> Result<(), StoreError> {
        let transaction = rusqlite::Transaction::new_unchecked(
            &self.connection,
            rusqlite::TransactionBehavior::Immediate,
        )
        .reading("lock")?;
        for publication in publications {
            transaction
                .execute(
                    "INSERT OR REPLACE INTO published (list_id, view, rev, iat, exp, sha256, \
                     target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![
                        publication.list.value(),
                        publication.view,
                        publication.rev,
                        publication.issued_at.second(),
                        publication.expires_at.map(Timestamp::second),
                        publication.sha256,
                        publication.target
                    ],
                )
                .reading("write to")?;
        }
        transaction.commit().reading("write to")
    }
}

/// Changes the journal mode, which SQLite leaves as it is without an error if it cannot.
fn switch_journal(copy: &Connection, mode: &str) -> Result<(), StoreError> {
    let found: String = copy
        .pragma_update_and_check(None, "journal_mode", mode, |row| row.get(0))
        .reading("copy")?;
    if found == mode {
        Ok(())
    } else {
        Err(StoreError::JournalMode(found))
    }
}

impl Snapshot<'_> {
    /// The name that a file has in common with its copies. Never published.
    #[must_use]
    pub fn lineage(&self) -> &str {
        &self.lineage
    }
}
