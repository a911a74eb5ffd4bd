//! Lists that hand out no more entries although they are not full: `restore` closed them, or their
//! issuer did.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::error::StoreError;
use super::format::Format;
use super::query::{all, columns, one, value, write};
use super::rows::{Closure, Known, ListRow, ListState, list_number};
use super::snapshot::Snapshot;
use crate::list::{ListNumber, Timestamp};

/// A list whose turn ends, or that is kept for longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The list.
    pub list: ListNumber,
    /// Until when entries without an expiry are kept, if that is said now.
    pub kept_until: Option<Timestamp>,
}

impl Closure {
    /// What is said of a list that had this state when its turn ended.
    pub(super) fn of(list: &ListRow, ending: &Ending) -> Self {
        let known = if let Some(closure) = list.closure {
            closure.known
        } else if list.may_have_handed_out_any() {
            Known::NotAll
        } else {
            Known::Everything
        };
        let before = list.closure.and_then(|closure| closure.kept_until);
        Self {
            known,
            kept_until: ending.kept_until.or(before),
        }
    }

    /// Writes it down; the revision that closed the list stays the first one.
    pub(super) fn keep(
        &self,
        connection: &Connection,
        list: ListNumber,
        rev: i64,
    ) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT INTO closure (list_id, rev, known, kept_until) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (list_id) DO UPDATE SET kept_until = ?4",
            params![list.value(), rev, self.known.number(), self.kept_until],
        )
    }

    /// Those of all lists that have one.
    pub(super) fn all(
        connection: &Connection,
        format: Format,
    ) -> Result<BTreeMap<ListNumber, Self>, StoreError> {
        if format < Format::Three {
            return Ok(BTreeMap::new());
        }
        let sql = "SELECT list_id, known, kept_until FROM closure";
        all(connection, sql, [], |row| {
            let (list, known, kept_until) = columns(row)?;
            let known = if known {
                Known::Everything
            } else {
                Known::NotAll
            };
            Ok((list_number(list)?, Self { known, kept_until }))
        })
    }
}

impl Ending {
    /// What the body of a revision says.
    pub(super) fn describe(&self) -> Value {
        json!({ "list": self.list.value(), "keptUntil": self.kept_until.map(Timestamp::second) })
    }
}

impl ListRow {
    /// Whether any index of it may have been handed out: another file, of which this one is a
    /// copy, went on with it after the copy was made.
    #[must_use]
    pub fn may_have_handed_out_any(&self) -> bool {
        let all_known = |closure: Closure| closure.known == Known::Everything;
        matches!(self.state, ListState::Closed | ListState::Retired)
            && !self.closure.is_some_and(all_known)
    }

    /// Why nobody gets entries of a list that is not open.
    pub(crate) fn refusal(&self) -> StoreError {
        match self.state {
            ListState::Retired => StoreError::Retired(self.number),
            _ if self.closure.is_some() => StoreError::Ended(self.number),
            _ => StoreError::Closed(self.number),
        }
    }

    /// Whether credentials may name entries of it.
    pub(super) fn is_in_use(&self) -> bool {
        self.taken > 0 || self.may_have_handed_out_any()
    }
}

impl Snapshot<'_> {
    /// Whether any index of a list may have been handed out already when a revision was made.
    pub(super) fn may_have_handed_out_any(
        &self,
        list: &ListRow,
        up_to: i64,
    ) -> Result<bool, StoreError> {
        if !list.may_have_handed_out_any() || up_to == i64::MAX {
            return Ok(list.may_have_handed_out_any());
        }
        let sql = "SELECT 1 FROM event, json_each(event.body, '$.closed') AS closed \
                   WHERE event.rev <= ?1 AND event.op = 'restore' AND closed.value = ?2";
        let key = params![up_to, list.number.value()];
        Ok(one(&self.transaction, sql, key, |_| Ok(()))?.is_some())
    }

    /// The lists that were published no more when a revision was made.
    pub(super) fn retired_lists(&self, up_to: i64) -> Result<Vec<ListNumber>, StoreError> {
        let lists = self.known_lists()?.iter();
        let retired = lists.filter(|list| list.state == ListState::Retired);
        let retired: Vec<_> = retired.map(|list| list.number).collect();
        if retired.is_empty() || up_to == i64::MAX {
            return Ok(retired);
        }
        let sql = "SELECT DISTINCT retired.value \
                   FROM event, json_each(event.body, '$.retired') AS retired \
                   WHERE event.rev <= ?1 ORDER BY 1";
        all(&self.transaction, sql, params![up_to], |row| {
            list_number(value(row)?)
        })
    }
}
