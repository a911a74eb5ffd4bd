//! Steps from one format version to the next.

use rusqlite::Connection;

use super::FORMAT_VERSION;
use super::error::{Outcome, StoreError};

/// The statements that take a file from version `i + 1` to version `i + 2`. One file of each
/// released version is kept in the tests.
const STEPS: [&str; 0] = [];

/// Takes a file to the newest version, each step in a transaction of its own.
pub(super) fn migrate(connection: &Connection, found: i64) -> Result<(), StoreError> {
    let done = usize::try_from(found - 1).unwrap_or(usize::MAX);
    for (step, version) in STEPS.iter().zip(2_i64..).skip(done) {
        debug_assert!(
            version <= FORMAT_VERSION,
            "a step leads beyond the newest version"
        );
        let batch = format!("BEGIN IMMEDIATE; {step}; PRAGMA user_version = {version}; COMMIT;");
        connection
            .execute_batch(&batch)
            .map_err(|source| StoreError::of("migrate", Outcome::Unknown, source))?;
    }
    Ok(())
}
