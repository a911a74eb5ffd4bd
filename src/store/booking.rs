//! Which entries are handed out next.

use super::rows::{AllocationKind, AllocationRow, ListRow};
use super::snapshot::{Snapshot, entry_of, permutation, step_of};
use super::{Run, StoreError};
use crate::list::{EntryId, Index, ListNumber, Timestamp, TokenId};

/// Entries chosen from a list, in the order in which they are handed out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Booked {
    /// In the order of their steps.
    pub(crate) entries: Vec<BookedEntry>,
    /// The steps as a run without an expiry; none for an entry out of turn.
    pub(crate) run: Option<Run>,
}

/// An entry, and the step of its list's permutation that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BookedEntry {
    /// The step.
    pub(crate) step: u64,
    /// The entry.
    pub(crate) entry: EntryId,
}

impl Booked {
    /// The entry at a place.
    pub(crate) fn entry(&self, place: u32) -> EntryId {
        self.entries[place as usize].entry
    }
}

impl Snapshot<'_> {
    /// How many entries the lists that hand out entries have left.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn free(&self) -> Result<u64, StoreError> {
        let lists = self.lists()?;
        let handing_out = lists.iter().filter(|list| list.hands_out());
        Ok(handing_out.map(ListRow::free).sum())
    }

    /// Chooses the next entries of a list, in the order of its permutation. They are taken by the
    /// revision that records them.
    ///
    /// # Errors
    /// Too few are left, or the file is not where it lives: then none is taken.
    pub(crate) fn take(&self, number: ListNumber, count: u64) -> Result<Booked, StoreError> {
        let list = &self.list(number)?;
        self.confirm_cursor(list)?;
        if list.free() < count {
            return Err(StoreError::Full {
                list: number,
                size: list.size.entries(),
                taken: list.taken,
                wanted: count,
            });
        }
        if count > 0 {
            self.refuse_elsewhere()?;
        }
        let skipped = self.out_of_turn(list, list.cursor)?;
        let steps: Vec<u64> = (list.cursor..)
            .filter(|step| skipped.binary_search(step).is_err())
            .take(usize::try_from(count).unwrap_or(0))
            .collect();
        let end = steps.last().map_or(list.cursor, |last| last + 1);
        let beyond = || StoreError::Corrupt(format!("list {number} counts beyond its end"));
        Ok(Booked {
            entries: entries_at(list, steps)?.ok_or_else(beyond)?,
            run: Some(Run {
                list: number,
                first: list.cursor,
                count: end - list.cursor,
                expires: None,
            }),
        })
    }

    /// Chooses one entry out of turn.
    ///
    /// # Errors
    /// It lies outside the list, is taken already, or the file is not where it lives.
    pub(crate) fn take_at(&self, number: ListNumber, place: u64) -> Result<Booked, StoreError> {
        let list = &self.list(number)?;
        self.confirm_cursor(list)?;
        let entry = entry_of(list, place)?;
        self.refuse_elsewhere()?;
        if self.allocation(entry)?.is_some() {
            return Err(StoreError::IndexTaken(entry));
        }
        let step = step_of(list, entry.index)?;
        Ok(Booked {
            entries: vec![BookedEntry { step, entry }],
            run: None,
        })
    }
}

impl BookedEntry {
    /// Its row, with what it is called and when it expires.
    pub(crate) fn row(self, token: Option<TokenId>, expires: Option<Timestamp>) -> AllocationRow {
        AllocationRow {
            list: self.entry.list,
            n: self.step,
            index: self.entry.index,
            token,
            expires,
            kind: AllocationKind::Allocated,
            rev: 0,
        }
    }
}

/// The entries that some steps of a list lead to; none if one of them leads beyond its end.
pub(super) fn entries_at(
    list: &ListRow,
    steps: Vec<u64>,
) -> Result<Option<Vec<BookedEntry>>, StoreError> {
    let indexes = permutation(list)?.indexes_of(steps.iter().copied());
    let booked = |(step, index)| BookedEntry {
        step,
        entry: EntryId {
            list: list.number,
            index: Index::new(index),
        },
    };
    Ok(indexes.map(|indexes| steps.into_iter().zip(indexes).map(booked).collect()))
}
