//! The secret that the seeds of all lists of a file are derived from, if somebody gave one.
//!
//! It is used for new lists until the file is restored from a copy: the original may have made a
//! list under the same number, with the same seed.

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::error::StoreError;
use super::format::Format;
use super::query::{one, value, write};
use super::snapshot::Snapshot;
use crate::list::{ListNumber, Seed};
use crate::wire::hex::hex;

/// What becomes of the master.
pub enum Master {
    /// It is this one from now on.
    Kept(Seed),
    /// There is none any more.
    Dropped,
}

impl Master {
    /// What the body of a revision says.
    pub(super) fn describe(&self) -> Value {
        match self {
            Self::Kept(seed) => json!(hex(&seed.sha256())),
            Self::Dropped => json!("none"),
        }
    }

    pub(super) fn keep(&self, connection: &Connection) -> Result<(), StoreError> {
        match self {
            Self::Kept(seed) => {
                let sql = "INSERT OR REPLACE INTO master (id, seed) VALUES (1, ?1)";
                write(connection, sql, params![seed.as_bytes()])
            }
            Self::Dropped => write(connection, "DELETE FROM master", []),
        }
    }
}

impl Snapshot<'_> {
    pub(super) fn master(&self) -> Result<Option<Seed>, StoreError> {
        if self.format < Format::Three {
            return Ok(None);
        }
        let sql = "SELECT seed FROM master WHERE id = 1";
        Ok(one(&self.transaction, sql, [], value)?.map(Seed::new))
    }

    /// A seed for a new list: derived from the master, or random where there is none.
    ///
    /// # Errors
    /// The file cannot be read, or the operating system gives no random bytes.
    pub(crate) fn seed_for(&self, list: ListNumber) -> Result<Seed, StoreError> {
        if let Some(master) = self.master()? {
            return Ok(master.derive(list.value()));
        }
        random_seed()
    }
}

/// A seed that nobody had before.
pub(crate) fn random_seed() -> Result<Seed, StoreError> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(StoreError::NoRandomness)?;
    Ok(Seed::new(*bytes))
}
