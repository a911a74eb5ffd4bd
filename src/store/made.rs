//! When the lists of a file were made.

use std::collections::BTreeMap;

use rusqlite::{Row, params};
use serde_json::Value;

use super::error::StoreError;
use super::query::all;
use super::rows::list_number;
use super::snapshot::Snapshot;
use crate::list::{ListNumber, Timestamp};

/// The lists that one revision made.
struct Making {
    at: Timestamp,
    lists: Vec<ListNumber>,
}

impl Snapshot<'_> {
    /// When each list was made, by the revisions that name them.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn lists_made_at(&self) -> Result<BTreeMap<ListNumber, Timestamp>, StoreError> {
        // Few revisions make lists: the bodies of the others are not parsed.
        let sql = "SELECT rev, ts, body FROM event WHERE instr(body, '\"lists\":') > 0";
        let makings: Vec<Making> = all(&self.transaction, sql, params![], Making::read)?;
        let at = |making: Making| making.lists.into_iter().map(move |list| (list, making.at));
        Ok(makings.into_iter().flat_map(at).collect())
    }
}

impl Making {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let (rev, at, body): (i64, Timestamp, String) = row.try_into()?;
        let body: Value = serde_json::from_str(&body)
            .map_err(|source| StoreError::Corrupt(format!("revision {rev}: {source}")))?;
        let lists = body["lists"].as_array().into_iter().flatten();
        let numbers = lists.map(|list| list_number(list["list"].as_i64().unwrap_or(-1)));
        Ok(Self {
            at,
            lists: numbers.collect::<Result<_, _>>()?,
        })
    }
}
