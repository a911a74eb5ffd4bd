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
        Backup::new(&self.connection, &mut copy)
            .and_then(|backup| backup.run_to_completion(1000, Duration::from_millis(10), None))
            .reading("copy")?;
        copy.execute(
            "UPDATE meta SET copied_at = ?1 WHERE id = 1",
            params![now.second()],
        )
        .reading("copy")?;
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

impl Snapshot<'_> {
    /// The name that a file has in common with its copies. Never published.
    #[must_use]
    pub fn lineage(&self) -> &str {
        &self.lineage
    }
}
