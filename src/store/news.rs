//! What a revision did, for whoever is told of it: how much, and the first entries.

use rusqlite::{Row, params};

use super::allocations::{beyond, body_of};
use super::booking::entries_at;
use super::error::StoreError;
use super::event::Event;
use super::query::{all, one, only, value};
use super::rows::{ChangeRow, count, list_number, position};
use super::runs::LoggedRun;
use super::snapshot::{Snapshot, entry_of};
use crate::list::{EntryId, ListNumber, Reason, Status, Timestamp};

/// A part of something, and how much there is of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample<T> {
    /// How many there are.
    pub(crate) count: u64,
    /// The first of them.
    pub(crate) first: Vec<T>,
}

/// A status that a revision changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewStatus {
    pub(crate) entry: EntryId,
    pub(crate) before: Status,
    pub(crate) after: Status,
    pub(crate) reason: Reason,
    /// Since when it holds in fact.
    pub(crate) since: Option<Timestamp>,
}

impl Event {
    /// The value that chains it to all before.
    pub(crate) const fn chain_value(&self) -> &super::Hash {
        &self.chain
    }
}

impl Snapshot<'_> {
    /// Revisions from one on, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn events_from(&self, rev: i64, most: u32) -> Result<Vec<Event>, StoreError> {
        let sql = format!(
            "SELECT {} FROM event WHERE rev >= ?1 ORDER BY rev LIMIT ?2",
            Event::COLUMNS
        );
        all(&self.transaction, &sql, params![rev, most], Event::read)
    }

    /// Whether a revision changed a status.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn changed_any(&self, rev: i64) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM change WHERE rev = ?1 AND old <> new)";
        only(&self.transaction, sql, params![rev], value)
    }

    /// The statuses that a revision changed, by list and index.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn new_statuses(
        &self,
        rev: i64,
        most: u32,
    ) -> Result<Sample<NewStatus>, StoreError> {
        let sql = "SELECT count(*) FROM change WHERE rev = ?1 AND old <> new";
        let changed: i64 = only(&self.transaction, sql, params![rev], value)?;
        let width = self.register().width;
        let sql = format!(
            "SELECT {} FROM change WHERE rev = ?1 AND old <> new ORDER BY list_id, idx LIMIT ?2",
            ChangeRow::COLUMNS
        );
        let read = |row: &Row<'_>| {
            let row = ChangeRow::read(row, width)?;
            Ok(NewStatus {
                entry: row.entry,
                before: row.old,
                after: row.new,
                reason: row.remark.reason,
                since: row.remark.since,
            })
        };
        Ok(Sample {
            count: count(changed),
            first: all(&self.transaction, &sql, params![rev, most], read)?,
        })
    }

    /// How many entries of a list have another status at one revision than at one before it, or had
    /// in between.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn changed_between(
        &self,
        list: ListNumber,
        after: i64,
        up_to: i64,
    ) -> Result<u64, StoreError> {
        let sql = "SELECT count(DISTINCT idx) FROM change \
                   WHERE rev > ?2 AND rev <= ?3 AND list_id = ?1 AND old <> new";
        let key = params![list.value(), after, up_to];
        only(&self.transaction, sql, key, value).map(count)
    }

    /// Whether a revision handed out entries.
    ///
    /// # Errors
    /// The file contradicts itself.
    pub(crate) fn allocated_any(&self, event: &Event) -> Result<bool, StoreError> {
        if !LoggedRun::all(&body_of(event)?).is_empty() {
            return Ok(true);
        }
        Ok(self.out_of_turn_by(event)?.is_some())
    }

    /// The entries that a revision handed out, list by list.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn new_entries(
        &self,
        event: &Event,
        most: u32,
    ) -> Result<Sample<EntryId>, StoreError> {
        let body = body_of(event)?;
        if let Some(entry) = self.out_of_turn_by(event)? {
            return Ok(Sample {
                count: 1,
                first: vec![entry],
            });
        }
        let mut sample = Sample {
            count: 0,
            first: Vec::new(),
        };
        for run in LoggedRun::all(&body) {
            self.add_run(&mut sample, event, &run, most)?;
        }
        Ok(sample)
    }

    /// The entry that a revision handed out although it was not its turn.
    fn out_of_turn_by(&self, event: &Event) -> Result<Option<EntryId>, StoreError> {
        let body = body_of(event)?;
        let (Some(list), Some(place)) = (body["list"].as_i64(), body["index"].as_u64()) else {
            return Ok(None);
        };
        let list = self.list(list_number(list)?)?;
        let entry = entry_of(&list, place)?;
        // Revisions that do something else with an entry name it too.
        let allocation = self.allocation_in(&list, entry.index)?;
        Ok(allocation.filter(|one| one.rev == event.rev).map(|_| entry))
    }

    fn add_run(
        &self,
        sample: &mut Sample<EntryId>,
        event: &Event,
        run: &LoggedRun,
        most: u32,
    ) -> Result<(), StoreError> {
        let (number, first) = run.begins_at();
        let list = self.list(list_number(number)?)?;
        let sql = "SELECT count FROM alloc_run WHERE list_id = ?1 AND n = ?2 AND rev = ?3";
        let steps: Option<i64> = one(
            &self.transaction,
            sql,
            params![number, first, event.rev],
            value,
        )?;
        let end = first.saturating_add(steps.unwrap_or(0));
        let start = position(list.number, 0);
        // What other revisions took out of turn before is none of this one's.
        let sql = "SELECT count(*) FROM alloc WHERE pos >= ?1 AND pos < ?2 AND rev <> ?3";
        let key = params![start + first, start + end, event.rev];
        let others: i64 = only(&self.transaction, sql, key, value)?;
        sample.count += count(end - first - others);
        let mut own = Vec::new();
        for step in first..end {
            if sample.first.len() + own.len() >= most as usize {
                break;
            }
            let sql = "SELECT rev FROM alloc WHERE pos = ?1";
            let taken: Option<i64> = one(&self.transaction, sql, params![start + step], value)?;
            if taken.is_none_or(|rev| rev == event.rev) {
                own.push(count(step));
            }
        }
        let entries = entries_at(&list, own)?.ok_or_else(|| beyond(event))?;
        sample
            .first
            .extend(entries.iter().map(|booked| booked.entry));
        Ok(())
    }
}
