//! Copies that cannot hand out an index twice.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::create::{begin_file, close};
use super::error::{Reading, StoreError};
use super::format::Format;
use super::query::{all, columns};
use super::{Snapshot, Store};
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
        let (draft, mut copy) = begin_file(to, "copy")?;
        self.keep_apart(&copy)?;
        Backup::new(&self.connection, &mut copy)
            .and_then(|backup| backup.run_to_completion(1000, Duration::from_millis(10), None))
            .reading("copy")?;
        mark(&mut copy, now)?;
        switch_journal(&copy, "delete")?;
        close(copy, "copy")?;
        draft.persist_new().map_err(StoreError::of_new_file)
    }

    /// Makes an empty database one that is no list file whatever is copied into it.
    fn keep_apart(&self, copy: &Connection) -> Result<(), StoreError> {
        let page_size: i64 = self
            .connection
            .pragma_query_value(None, "page_size", |row| row.get(0))?;
        // A copy in WAL mode must have the page size of its original before it has any page; and
        // a log that one connection has for itself needs no shared memory.
        copy.pragma_update(None, "page_size", page_size)
            .and_then(|()| copy.pragma_update(None, "locking_mode", "exclusive"))
            .reading("copy")?;
        switch_journal(copy, "wal")?;
        copy.pragma_update(None, "wal_autocheckpoint", 0)
            .reading("copy")
    }
}

/// Marks a copy. From format 2 on the mark stands twice, so that one that was taken away is missed.
fn mark(copy: &mut Connection, now: Timestamp) -> Result<(), StoreError> {
    let transaction = Transaction::new(copy, TransactionBehavior::Immediate).reading("copy")?;
    transaction
        .execute("UPDATE meta SET copied_at = ?1 WHERE id = 1", params![now])
        .reading("copy")?;
    if Format::read(&transaction)? > Format::One {
        transaction
            .execute(
                "INSERT OR REPLACE INTO copy (rev, at) SELECT rev, copied_at FROM meta",
                [],
            )
            .reading("copy")?;
    }
    transaction.commit().reading("copy")
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
    /// Checks the marks of a copy against each other and the log: it is marked until a revision
    /// restores it.
    pub(super) fn verify_copies(&self, restoring: &BTreeSet<i64>) -> Result<(), StoreError> {
        if self.format < Format::Two {
            return Ok(());
        }
        let wrong = |what: &str| Err(StoreError::Corrupt(what.to_owned()));
        let sql = "SELECT rev, at FROM copy ORDER BY rev";
        let mut mark = None;
        let () = all(&self.transaction, sql, [], |row| {
            let (rev, at): (i64, Timestamp) = columns(row)?;
            if rev == self.head.rev {
                mark = Some(at);
            } else if !restoring.contains(&(rev + 1)) {
                return wrong("it is a backup that was changed without being restored");
            }
            Ok(())
        })?;
        if mark != self.copied_at {
            return wrong("the mark of a backup was put there or taken away");
        }
        Ok(())
    }

    /// The name that a file has in common with its copies. Never published.
    #[must_use]
    pub fn lineage(&self) -> &str {
        &self.lineage
    }
}
