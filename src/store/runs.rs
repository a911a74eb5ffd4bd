//! Consecutive steps of a list's permutation, and what the log says of them.
//!
//! A list's cursor is where its last run ends. Both are kept beside the log, so that an entry is
//! found and handed out at once; moved back by hand, they would hand out indexes twice. So they are
//! held against the body of the revision that took the steps: the last run and the cursor whenever
//! entries are taken, all of them by [`Snapshot::verify`].

use rusqlite::params;
use serde_json::{Value, json};

use super::error::StoreError;
use super::query::{one, only, value};
use super::rows::{ListRow, integer, list_number, position};
use super::snapshot::Snapshot;
use super::work::Run;
use crate::list::Timestamp;

/// A run as the body of its revision has it.
pub(super) struct LoggedRun {
    list: i64,
    first: i64,
    count: Steps,
    expires: Option<i64>,
}

/// How many steps a run has.
enum Steps {
    /// So many: format 2.
    All(i64),
    /// So many entries were handed out; the steps of those that were taken out of turn before are
    /// not counted: format 1.
    HandedOut(i64),
}

/// A run as the file has it.
#[derive(Clone, Copy)]
pub(super) struct StoredRun {
    pub(super) list: i64,
    pub(super) first: i64,
    pub(super) count: i64,
    pub(super) rev: i64,
    pub(super) expires: Option<i64>,
}

impl Run {
    /// What the body of the revision says.
    pub(super) fn describe(&self) -> Value {
        json!({
            "list": self.list.value(),
            "from": self.first,
            "steps": self.count,
            "expires": self.expires.map(Timestamp::second),
        })
    }
}

impl LoggedRun {
    /// The list, and the first step.
    pub(super) const fn begins_at(&self) -> (i64, i64) {
        (self.list, self.first)
    }

    /// The runs that the body of a revision names.
    pub(super) fn all(body: &Value) -> Vec<Self> {
        if let Some(runs) = body["runs"].as_array() {
            return runs
                .iter()
                .filter_map(|run| Self::read(run, Steps::All(run["steps"].as_i64()?)))
                .collect();
        }
        body["count"]
            .as_i64()
            .filter(|count| *count > 0)
            .and_then(|count| Self::read(body, Steps::HandedOut(count)))
            .into_iter()
            .collect()
    }

    fn read(run: &Value, count: Steps) -> Option<Self> {
        Some(Self {
            list: run["list"].as_i64()?,
            first: run["from"].as_i64()?,
            count,
            expires: run["expires"].as_i64(),
        })
    }

    /// Whether the file has it as the log does.
    fn agrees(&self, stored: &StoredRun, snapshot: &Snapshot<'_>) -> Result<bool, StoreError> {
        if (self.list, self.first, self.expires) != (stored.list, stored.first, stored.expires) {
            return Ok(false);
        }
        Ok(match self.count {
            Steps::All(count) => count == stored.count,
            Steps::HandedOut(count) if count >= stored.count => count == stored.count,
            Steps::HandedOut(count) => count + snapshot.taken_before(stored)? == stored.count,
        })
    }
}

impl StoredRun {
    pub(super) const COLUMNS: &str = "list_id, n, count, rev, expires";

    pub(super) fn read(row: &rusqlite::Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            list: integer(row, 0)?,
            first: integer(row, 1)?,
            count: integer(row, 2)?,
            rev: integer(row, 3)?,
            expires: row.get(4)?,
        })
    }

    const fn end(&self) -> i64 {
        self.first.saturating_add(self.count)
    }

    fn contradiction(list: i64) -> StoreError {
        StoreError::Corrupt(format!(
            "list {list}: the entries that were taken in turn are not those that the log says"
        ))
    }
}

impl ListRow {
    /// Makes sure that the cursor is where the last run ends.
    pub(super) fn ends_at(&self, end: i64) -> Result<(), StoreError> {
        if u64::try_from(end) == Ok(self.cursor) {
            return Ok(());
        }
        Err(StoreError::Corrupt(format!(
            "list {}: the runs of allocations do not meet the cursor",
            self.number
        )))
    }
}

impl Snapshot<'_> {
    /// Checks that a list's cursor is where its last run ends, and that the log says so of the run.
    pub(super) fn confirm_cursor(&self, list: &ListRow) -> Result<(), StoreError> {
        let number = i64::from(list.number.value());
        let sql = format!(
            "SELECT {} FROM alloc_run WHERE list_id = ?1 ORDER BY n DESC LIMIT 1",
            StoredRun::COLUMNS
        );
        let newest = one(&self.transaction, &sql, params![number], StoredRun::read)?;
        list.ends_at(newest.as_ref().map_or(0, StoredRun::end))?;
        let Some(newest) = newest else {
            return Ok(());
        };
        let body = self.body_of(newest.rev)?;
        let body = body.and_then(|body| serde_json::from_str(&body).ok());
        let logged = LoggedRun::all(&body.unwrap_or_default());
        self.place_of(&newest, &logged).map(drop)
    }

    /// Checks that a revision's runs are those that its body names.
    pub(super) fn confirm_runs(
        &self,
        body: &Value,
        stored: &[StoredRun],
    ) -> Result<(), StoreError> {
        let mut logged = LoggedRun::all(body);
        for run in stored {
            logged.swap_remove(self.place_of(run, &logged)?);
        }
        match logged.first() {
            Some(missing) => Err(StoredRun::contradiction(missing.list)),
            None => Ok(()),
        }
    }

    /// Finds a run among those that the log names.
    fn place_of(&self, run: &StoredRun, logged: &[LoggedRun]) -> Result<usize, StoreError> {
        for (place, candidate) in logged.iter().enumerate() {
            if candidate.agrees(run, self)? {
                return Ok(place);
            }
        }
        Err(StoredRun::contradiction(run.list))
    }

    /// How many steps of a run were taken out of turn before it.
    fn taken_before(&self, run: &StoredRun) -> Result<i64, StoreError> {
        let start = position(list_number(run.list)?, 0) + run.first;
        let sql = "SELECT count(*) FROM alloc WHERE pos >= ?1 AND pos < ?1 + ?2 AND rev < ?3";
        let key = params![start, run.count, run.rev];
        only(&self.transaction, sql, key, value)
    }
}
