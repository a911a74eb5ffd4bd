//! States of published files that a revision took over, and so goes on from.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::chain::Hash;
use super::error::StoreError;
use super::format::Format;
use super::query::{all, columns, one, value, write};
use super::snapshot::Snapshot;
use crate::wire::hex::hex;

/// A state of one published file that this list file never had, and adopted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ancestor {
    /// The path of the file in its site.
    pub path: String,
    /// The chain value that the site's manifest names for it.
    pub chain: Hash,
}

impl Ancestor {
    /// What the body of the adopting revision says.
    pub(super) fn describe(&self) -> serde_json::Value {
        serde_json::json!({ "path": self.path, "chain": hex(&self.chain) })
    }

    /// Records it as adopted by a revision.
    pub(super) fn keep(&self, connection: &Connection, rev: i64) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT OR REPLACE INTO ancestor (path, chain, rev) VALUES (?1, ?2, ?3)",
            params![self.path, self.chain, rev],
        )
    }
}

/// The path and the chain value, in digits, of each ancestor, with the last revision that adopted
/// it.
pub(super) type Adopted = BTreeMap<(String, String), i64>;

impl Snapshot<'_> {
    /// The last revision that adopted this state of a published file, if one did: then it is older
    /// than everything that came after, as [`Snapshot::revision_of`] says of the file's own states.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn adopted_by(&self, path: &str, chain: &Hash) -> Result<Option<i64>, StoreError> {
        if self.format < Format::Two {
            return Ok(None);
        }
        one(
            &self.transaction,
            "SELECT rev FROM ancestor WHERE path = ?1 AND chain = ?2",
            params![path, chain],
            value,
        )
    }

    /// Every ancestor.
    pub(super) fn ancestors(&self) -> Result<Adopted, StoreError> {
        if self.format < Format::Two {
            return Ok(Adopted::new());
        }
        let sql = "SELECT path, chain, rev FROM ancestor";
        all(&self.transaction, sql, [], |row| {
            let (path, chain, rev): (_, Hash, _) = columns(row)?;
            Ok(((path, hex(&chain)), rev))
        })
    }
}
