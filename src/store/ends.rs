//! When the entries of a list matter no more, and so the list itself.
//!
//! An entry ends when its credential expires, or later if its status is kept for longer. A list is
//! of use to readers until the last entry that was handed out has ended: a reader that finds no
//! list must not take the credential for valid, and cannot tell that it is revoked.
//!
//! Runs, rows and terms are each read once, in the order of steps, so a list of 10^8 entries takes
//! as long as it has rows, and no memory.

use std::iter::Peekable;

use rusqlite::{Row, params};

use super::allocations::Allocation;
use super::error::StoreError;
use super::format::Format;
use super::later::TermRow;
use super::query::{all, one};
use super::rows::{AllocationKind, AllocationRow, ListRow, ListState, integer, position};
use super::runs::StoredRun;
use super::snapshot::{Snapshot, step_of};
use crate::list::Timestamp;

/// Until when an entry matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EntryTerm {
    /// When the credential expires.
    pub(crate) expires: Option<Timestamp>,
    /// Until when the status is kept, whatever the expiry.
    pub(crate) kept_until: Option<Timestamp>,
}

/// When the entries of a list end, seen from a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ends {
    /// How many were handed out.
    pub(crate) entries: u64,
    /// How many of them are known to end later.
    pub(crate) unexpired: u64,
    /// The last end that is known.
    pub(crate) latest: Option<Timestamp>,
    /// How many have no end of their own: neither an expiry nor a time until which they are kept.
    pub(crate) endless: u64,
}

/// When a list is of no use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListEnd {
    /// It handed out nothing.
    Unused,
    /// When the last entry ends, or the list is not kept any longer.
    At(Timestamp),
    /// Nobody said how long some entries are kept.
    Unsaid,
}

/// What was said of the entries at one step.
struct SaidAt {
    step: u64,
    /// Of the entry itself.
    own: EntryTerm,
    /// Of the run that begins there.
    of_run: Option<SaidOfRun>,
}

#[derive(Clone, Copy)]
struct SaidOfRun {
    rev: i64,
    count: u64,
    term: EntryTerm,
}

/// Terms of the same step, taken together.
struct BySteps<I: Iterator>(Peekable<I>);

/// Rows and terms of a list, and what became of those that were gone through.
struct Walk<R: Iterator, S: Iterator> {
    list: ListRow,
    now: Timestamp,
    rows: Peekable<R>,
    said: Peekable<S>,
    ends: Ends,
    /// How many entries were taken that nobody was given.
    decoys: u64,
}

/// A run whose entries are gone through.
struct Taken {
    first: u64,
    rev: i64,
    /// Of the entries that the revision took.
    said: EntryTerm,
    /// Of those without a row.
    common: EntryTerm,
}

impl EntryTerm {
    /// When it ends.
    pub(crate) fn end(self) -> Option<Timestamp> {
        self.expires.max(self.kept_until)
    }

    fn expiring(expires: Option<Timestamp>) -> Self {
        Self {
            expires,
            kept_until: None,
        }
    }

    fn of(row: &TermRow) -> Self {
        Self {
            expires: row.expires,
            kept_until: row.kept_until,
        }
    }

    /// The later of what was said twice.
    fn and(self, other: Self) -> Self {
        Self {
            expires: self.expires.max(other.expires),
            kept_until: self.kept_until.max(other.kept_until),
        }
    }
}

impl ListEnd {
    /// Whether it was reached at a time.
    pub(crate) fn is_reached(self, now: Timestamp) -> bool {
        match self {
            Self::Unused => true,
            Self::At(end) => end <= now,
            Self::Unsaid => false,
        }
    }

    /// The time, if there is one.
    pub(crate) const fn time(self) -> Option<Timestamp> {
        match self {
            Self::At(end) => Some(end),
            Self::Unused | Self::Unsaid => None,
        }
    }
}

impl ListRow {
    /// Until when the list is kept for the sake of entries without an end of their own.
    pub(crate) fn kept_until(&self) -> Option<Timestamp> {
        self.closure.and_then(|closure| closure.kept_until)
    }

    /// When it is of no use any more, if it is kept until a time.
    pub(crate) fn end(&self, ends: &Ends, kept_until: Option<Timestamp>) -> ListEnd {
        let unsaid = ends.endless > 0 || self.may_have_handed_out_any();
        match ends.latest.max(kept_until) {
            _ if unsaid && kept_until.is_none() => ListEnd::Unsaid,
            Some(end) => ListEnd::At(end),
            None => ListEnd::Unused,
        }
    }

    /// Whether it hands out nothing any more, and is still published.
    pub(crate) const fn is_over(&self) -> bool {
        matches!(self.state, ListState::Full | ListState::Closed)
    }
}

impl Ends {
    fn add(&mut self, term: EntryTerm, count: u64, now: Timestamp) {
        self.entries += count;
        match term.end() {
            _ if count == 0 => {}
            None => self.endless += count,
            Some(end) => {
                self.latest = self.latest.max(Some(end));
                if end > now {
                    self.unexpired += count;
                }
            }
        }
    }
}

impl Snapshot<'_> {
    /// When the entries of a list end.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn ends(&self, list: &ListRow, now: Timestamp) -> Result<Ends, StoreError> {
        let number = list.number.value();
        // Token ids say nothing about it, and are the most to read.
        let sql = "SELECT pos, idx, NULL, expires, kind, rev FROM alloc \
                   WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos";
        let mut rows = self.transaction.prepare_cached(sql)?;
        let range = params![
            position(list.number, 0),
            position(list.number, list.size.entries())
        ];
        let rows = rows.query_and_then(range, AllocationRow::read)?;
        let sql = format!(
            "SELECT {}, rev FROM term WHERE list_id = ?1 ORDER BY n, rev",
            TermRow::COLUMNS
        );
        let none = "SELECT 0 WHERE FALSE AND ?1";
        let has_terms = self.format > Format::Two;
        let mut terms = self
            .transaction
            .prepare_cached(if has_terms { &sql } else { none })?;
        let terms = terms.query_and_then(params![number], read_term)?;
        let sql = format!(
            "SELECT {} FROM alloc_run WHERE list_id = ?1 ORDER BY n",
            StoredRun::COLUMNS
        );
        let mut runs = self.transaction.prepare_cached(&sql)?;
        let runs = runs.query_and_then(params![number], StoredRun::read)?;
        let walk = Walk {
            list: list.clone(),
            now,
            rows: rows.peekable(),
            said: BySteps(terms.peekable()).peekable(),
            ends: Ends::default(),
            decoys: 0,
        };
        walk.count(runs)
    }

    /// Until when an entry that was handed out matters.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn term_of(&self, allocation: &Allocation) -> Result<EntryTerm, StoreError> {
        let mut term = EntryTerm::expiring(allocation.expires);
        if self.format < Format::Three {
            return Ok(term);
        }
        let list = self.list(allocation.entry.list)?;
        let number = list.number.value();
        let step = step_of(&list, allocation.entry.index)?.cast_signed();
        let sql = format!(
            "SELECT {} FROM term WHERE list_id = ?1 AND n = ?2 AND count = 1",
            TermRow::COLUMNS
        );
        let own: Vec<_> = all(
            &self.transaction,
            &sql,
            params![number, step],
            TermRow::read,
        )?;
        let sql = format!(
            "SELECT {} FROM alloc_run WHERE list_id = ?1 AND n <= ?2 ORDER BY n DESC LIMIT 1",
            StoredRun::COLUMNS
        );
        let run = one(
            &self.transaction,
            &sql,
            params![number, step],
            StoredRun::read,
        )?;
        let of_run = match run {
            Some(run) if run.rev == allocation.rev && step < run.first + run.count => {
                let sql = format!(
                    "SELECT {} FROM term WHERE list_id = ?1 AND n = ?2 AND rev = ?3",
                    TermRow::COLUMNS
                );
                let key = params![number, run.first, run.rev];
                one(&self.transaction, &sql, key, TermRow::read)?
                    .filter(|said| said.count == run.count.cast_unsigned())
            }
            _ => None,
        };
        for said in own.iter().chain(&of_run) {
            term = term.and(EntryTerm::of(said));
        }
        Ok(term)
    }
}

impl<R, S> Walk<R, S>
where
    R: Iterator<Item = Result<AllocationRow, StoreError>>,
    S: Iterator<Item = Result<SaidAt, StoreError>>,
{
    fn count(
        mut self,
        runs: impl Iterator<Item = Result<StoredRun, StoreError>>,
    ) -> Result<Ends, StoreError> {
        let mut cursor = 0;
        for run in runs {
            let run = run?;
            let (first, count) = (run.first.cast_unsigned(), run.count.cast_unsigned());
            if first != cursor {
                return Err(self.wrong("runs of allocations"));
            }
            cursor = first.saturating_add(count);
            let taken = self.taken(&run)?;
            let mut others = 0;
            while let Some(step) = self.next_step(cursor)? {
                self.step(step, Some(&taken))?;
                others += 1;
            }
            let rest = count
                .checked_sub(others)
                .ok_or_else(|| self.wrong("allocations"))?;
            self.ends.add(taken.common, rest, self.now);
        }
        if cursor != self.list.cursor {
            return Err(self.wrong("runs of allocations"));
        }
        while let Some(step) = self.next_step(u64::MAX)? {
            self.step(step, None)?;
        }
        if self.ends.entries + self.decoys == self.list.taken {
            Ok(self.ends)
        } else {
            Err(self.wrong("number of taken entries"))
        }
    }

    /// What is known of the entries of a run.
    fn taken(&mut self, run: &StoredRun) -> Result<Taken, StoreError> {
        let here = |said: &SaidAt| said.step == run.first.cast_unsigned();
        let said = match self.said.peek() {
            Some(Ok(said)) if here(said) => said.of_run,
            _ => None,
        };
        let said = match said {
            None => EntryTerm::default(),
            Some(said) if (said.rev, said.count) == (run.rev, run.count.cast_unsigned()) => {
                said.term
            }
            Some(_) => return Err(self.wrong("terms")),
        };
        Ok(Taken {
            first: run.first.cast_unsigned(),
            rev: run.rev,
            said,
            common: EntryTerm::expiring(run.expires.map(Timestamp::from_second)).and(said),
        })
    }

    /// The next step before `end` of which something is said apart from its run.
    fn next_step(&mut self, end: u64) -> Result<Option<u64>, StoreError> {
        let row = match self.rows.peek() {
            Some(Ok(row)) => Some(row.n),
            Some(Err(_)) => return self.rows.next().transpose().map(|_| None),
            None => None,
        };
        let said = match self.said.peek() {
            Some(Ok(said)) => Some(said.step),
            Some(Err(_)) => return self.said.next().transpose().map(|_| None),
            None => None,
        };
        let next = row.into_iter().chain(said).min();
        Ok(next.filter(|step| *step < end))
    }

    /// Takes what stands at a step, which lies in a run or was taken out of turn.
    fn step(&mut self, step: u64, run: Option<&Taken>) -> Result<(), StoreError> {
        let at = |row: &Result<AllocationRow, _>| row.as_ref().is_ok_and(|row| row.n == step);
        let row = self.rows.next_if(at).transpose()?;
        let at = |said: &Result<SaidAt, _>| said.as_ref().is_ok_and(|said| said.step == step);
        let said = self.said.next_if(at).transpose()?;
        let begins = run.is_some_and(|run| run.first == step);
        if !begins && said.as_ref().is_some_and(|said| said.of_run.is_some()) {
            return Err(self.wrong("terms"));
        }
        let term = match (&row, run) {
            (Some(row), Some(run)) if row.rev == run.rev => {
                EntryTerm::expiring(row.expires).and(run.said)
            }
            (Some(row), _) => EntryTerm::expiring(row.expires),
            (None, Some(run)) => run.common,
            (None, None) => return Err(self.wrong("terms")),
        };
        if row.is_some_and(|row| row.kind == AllocationKind::Decoy) {
            self.decoys += 1;
            return Ok(());
        }
        let own = said.map(|said| said.own).unwrap_or_default();
        self.ends.add(term.and(own), 1, self.now);
        Ok(())
    }

    fn wrong(&self, what: &str) -> StoreError {
        let list = self.list.number;
        StoreError::Corrupt(format!("list {list}: the {what} do not fit together"))
    }
}

impl<I: Iterator<Item = Result<(TermRow, i64), StoreError>>> Iterator for BySteps<I> {
    type Item = Result<SaidAt, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut at = SaidAt {
            step: 0,
            own: EntryTerm::default(),
            of_run: None,
        };
        let mut next = self.0.next()?;
        loop {
            match next {
                Err(error) => return Some(Err(error)),
                Ok((row, rev)) => {
                    at.step = row.first;
                    at.take(&row, rev);
                }
            }
            let same = |other: &I::Item| other.as_ref().is_ok_and(|(row, _)| row.first == at.step);
            match self.0.next_if(same) {
                Some(more) => next = more,
                None => return Some(Ok(at)),
            }
        }
    }
}

impl SaidAt {
    fn take(&mut self, row: &TermRow, rev: i64) {
        let term = EntryTerm::of(row);
        if row.count == 1 {
            self.own = self.own.and(term);
        } else {
            // One run begins at a step: where two terms are those of runs, none fits.
            let count = self.of_run.map_or(row.count, |_| 0);
            self.of_run = Some(SaidOfRun { rev, count, term });
        }
    }
}

fn read_term(row: &Row<'_>) -> Result<(TermRow, i64), StoreError> {
    Ok((TermRow::read(row)?, integer(row, 5)?))
}
