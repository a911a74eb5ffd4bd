//! What a list file did over time: entries that it handed out, statuses that it changed, and how
//! long changes waited to be published.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::params;

use super::error::StoreError;
use super::query::{all, columns, one, only, value};
use super::rows::{count, list_number, status};
use super::snapshot::Snapshot;
use crate::list::{ListNumber, Status, Timestamp, Waiting};

/// A day in seconds.
const DAY: i64 = 86_400;

/// What was done on one day, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// How it began.
    pub(crate) begin: Timestamp,
    /// Entries that were handed out, in turn.
    pub(crate) allocations: u64,
    /// Statuses that were changed, by the new one.
    pub(crate) changes: BTreeMap<Status, u64>,
}

/// The first change of a list that a published file does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnpublishedChange {
    pub(crate) rev: i64,
    pub(crate) at: Timestamp,
    /// How many entries of the list have been changed since the publication; one that was changed
    /// twice counts twice.
    pub(crate) changes: u64,
    /// Whether one of them got an urgent status.
    pub(crate) is_urgent: bool,
}

impl UnpublishedChange {
    /// What waits, as a policy asks for it.
    pub(crate) fn waiting(self) -> Waiting {
        Waiting {
            count: self.changes.max(1),
            oldest: self.at,
            is_urgent: self.is_urgent,
        }
    }
}

/// A publication of a list, and the first change that it showed first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicationDelay {
    pub(crate) list: ListNumber,
    pub(crate) view: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) changed_at: Timestamp,
}

impl Snapshot<'_> {
    /// The first change of each list after the revision of it that is published; lists without such
    /// a change are left out.
    ///
    /// # Errors
    /// The file cannot be read, or a list is unknown.
    pub(crate) fn unpublished(
        &self,
        published: &BTreeMap<ListNumber, i64>,
        urgent: &[Status],
    ) -> Result<BTreeMap<ListNumber, UnpublishedChange>, StoreError> {
        let mut waiting = BTreeMap::new();
        let mut found = BTreeMap::new();
        for (number, rev) in published {
            let list = self.list(*number)?;
            if *rev < list.rev {
                waiting.insert(*number, (*rev, list.rev));
            }
        }
        let Some(first) = waiting.values().map(|(rev, _)| *rev).min() else {
            return Ok(found);
        };
        let shown = if self.series().publishes_documents() {
            "TRUE"
        } else {
            "old <> new"
        };
        let urgent: Vec<_> = urgent.iter().map(|one| one.value().to_string()).collect();
        let urgent = urgent.join(", ");
        // One pass for all lists: each may lag by as many revisions as there are.
        let sql = format!(
            "SELECT rev, list_id, ts, count(*), max(new IN ({urgent})) FROM event CROSS JOIN change USING (rev) \
             WHERE rev > ?1 AND visible = 1 AND {shown} GROUP BY rev, list_id"
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query(params![first])?;
        while let Some(row) = rows.next()? {
            let (rev, number, at, changes, urgent): (i64, i64, Timestamp, i64, bool) =
                columns(row)?;
            let number = list_number(number)?;
            if waiting
                .get(&number)
                .is_none_or(|(published, _)| rev <= *published)
            {
                continue;
            }
            let change = found.entry(number).or_insert(UnpublishedChange {
                rev,
                at,
                changes: 0,
                is_urgent: false,
            });
            change.changes += count(changes);
            change.is_urgent |= urgent;
        }
        // Other settings, more bits and new documents show too, and change no status.
        for (number, (_, rev)) in waiting {
            if let Entry::Vacant(place) = found.entry(number) {
                let sql = "SELECT ts FROM event WHERE rev = ?1";
                let at = only(&self.transaction, sql, params![rev], value)?;
                place.insert(UnpublishedChange {
                    rev,
                    at,
                    changes: 0,
                    is_urgent: false,
                });
            }
        }
        Ok(found)
    }

    /// What was done on each of so many days up to a time, the first one first; days without
    /// anything are there too.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn days(&self, up_to: Timestamp, days: u32) -> Result<Vec<Day>, StoreError> {
        let today = up_to.second().div_euclid(DAY);
        let first = today.saturating_sub(i64::from(days.saturating_sub(1)));
        let mut all_days: Vec<_> = (first..=today)
            .map(|day| Day {
                begin: Timestamp::from_second(day.saturating_mul(DAY)),
                allocations: 0,
                changes: BTreeMap::new(),
            })
            .collect();
        let begin = first.saturating_mul(DAY);
        let place = |day: i64| usize::try_from(day.saturating_sub(first)).ok();
        let key = params![begin, up_to];
        let runs: Vec<(i64, i64)> = all(&self.transaction, ALLOCATED, key, columns)?;
        for (day, entries) in runs {
            if let Some(found) = place(day).and_then(|place| all_days.get_mut(place)) {
                found.allocations = count(entries);
            }
        }
        let key = params![begin, up_to];
        let changes: Vec<(i64, i64, i64)> = all(&self.transaction, CHANGED, key, columns)?;
        for (day, new, entries) in changes {
            let new = status(new, self.register().width)?;
            if let Some(found) = place(day).and_then(|place| all_days.get_mut(place)) {
                found.changes.insert(new, count(entries));
            }
        }
        Ok(all_days)
    }

    /// How many statuses were ever changed, by the new one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn changes_by_status(&self) -> Result<BTreeMap<Status, u64>, StoreError> {
        let sql = "SELECT new, count(*) FROM change WHERE old <> new GROUP BY new";
        let width = self.register().width;
        all(&self.transaction, sql, [], |row| {
            let (new, changes): (i64, i64) = columns(row)?;
            Ok((status(new, width)?, count(changes)))
        })
    }

    /// For each list, view and place the newest publication that showed a change for the first
    /// time, as far as publications were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn publication_delays(&self) -> Result<Vec<PublicationDelay>, StoreError> {
        let mut delays = Vec::new();
        for publication in self.publications()? {
            let list = self.list(publication.list)?;
            // Renewals show the same state again: the first that showed it counts.
            let sql = "SELECT min(iat), (SELECT max(rev) FROM published AS before \
                       WHERE before.list_id = ?1 AND before.view = ?2 AND before.target = ?3 \
                       AND before.rev < ?4) FROM published \
                       WHERE list_id = ?1 AND view = ?2 AND target = ?3 AND rev = ?4";
            let key = params![
                list.number.value(),
                publication.view,
                publication.target,
                publication.rev
            ];
            let found: Option<(Timestamp, Option<i64>)> =
                one(&self.transaction, sql, key, columns)?;
            // The first publication of all shows no change.
            let Some((issued_at, Some(before))) = found else {
                continue;
            };
            let sql = "SELECT min(ts) FROM event CROSS JOIN change USING (rev) \
                       WHERE event.rev > ?1 AND event.rev <= ?2 AND visible = 1 AND list_id = ?3";
            let key = params![before, publication.rev, list.number.value()];
            let changed: Option<Timestamp> = only(&self.transaction, sql, key, value)?;
            if let Some(changed_at) = changed {
                delays.push(PublicationDelay {
                    list: list.number,
                    view: publication.view,
                    issued_at,
                    changed_at,
                });
            }
        }
        Ok(delays)
    }
}

/// No index leads from a revision to what it handed out, so the runs are gone through.
const ALLOCATED: &str = "SELECT ts / 86400, sum(count) FROM alloc_run CROSS JOIN event USING (rev) \
                         WHERE rev >= (SELECT min(rev) FROM event WHERE ts >= ?1) \
                         AND ts >= ?1 AND ts <= ?2 GROUP BY 1";

const CHANGED: &str = "SELECT ts / 86400, new, count(*) FROM event CROSS JOIN change USING (rev) \
                       WHERE ts >= ?1 AND ts <= ?2 AND old <> new GROUP BY 1, 2";
