//! Which entries are handed out next.

use super::rows::{AllocationKind, AllocationRow, ListRow};
use super::snapshot::{Snapshot, entry_of, permutation, step_of};
use super::{NewList, Run, StoreError};
use crate::list::{EntryId, Index, ListNumber, Permutation, Timestamp, TokenId};

/// Entries chosen from lists, in the order in which they are handed out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Booked {
    /// Of one list, in the order of their steps.
    pub(crate) entries: Vec<BookedEntry>,
    /// The steps of each list as a run without an expiry; none for an entry out of turn.
    pub(crate) runs: Vec<Run>,
    /// The places of the entries in the order of their lists and steps, where they do not stand in
    /// it.
    by_step: Option<Vec<u32>>,
}

/// More entries than there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// How many.
    pub(crate) wanted: u64,
    /// How many there are, in all lists that can serve.
    pub(crate) room: u64,
}

/// An entry, and the step of its list's permutation that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BookedEntry {
    /// The step.
    pub(crate) step: u64,
    /// The entry.
    pub(crate) entry: EntryId,
}

impl BookedEntry {
    const fn place(&self) -> (ListNumber, u64) {
        (self.entry.list, self.step)
    }
}

impl Booked {
    /// Puts the entries of several lists together: one list after the other, or for each entry in
    /// the order that says which of them it comes from.
    pub(crate) fn of(mut parts: Vec<Self>, order: Option<&[u32]>) -> Self {
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let runs = parts.iter().flat_map(|part| part.runs.clone()).collect();
        let entries: Vec<_> = match order {
            None => parts.into_iter().flat_map(|part| part.entries).collect(),
            Some(order) => {
                let mut parts: Vec<_> = parts
                    .into_iter()
                    .map(|part| part.entries.into_iter())
                    .collect();
                let next = |part: &u32| parts[*part as usize].next();
                order.iter().filter_map(next).collect()
            }
        };
        Self {
            runs,
            ..Self::again(entries)
        }
    }

    /// Entries that were handed out before.
    pub(super) fn again(entries: Vec<BookedEntry>) -> Self {
        let by_step = (!entries.is_sorted_by_key(BookedEntry::place)).then(|| {
            let mut places: Vec<u32> = (0..).take(entries.len()).collect();
            places.sort_unstable_by_key(|place| entries[*place as usize].place());
            places
        });
        Self {
            entries,
            runs: Vec::new(),
            by_step,
        }
    }

    /// The places of the entries in the order of their lists and steps.
    pub(crate) fn places_by_step(&self) -> impl Iterator<Item = u32> + '_ {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let sorted = self.by_step.is_none().then_some(0..count);
        let others = self.by_step.iter().flatten().copied();
        sorted.into_iter().flatten().chain(others)
    }

    /// The place of the entry at a step of a list.
    pub(crate) fn find(&self, list: ListNumber, step: u64) -> Option<u32> {
        let wanted = (list, step);
        match &self.by_step {
            None => {
                let at = self
                    .entries
                    .binary_search_by_key(&wanted, BookedEntry::place);
                u32::try_from(at.ok()?).ok()
            }
            Some(order) => {
                let key = |place: &u32| self.entries[*place as usize].place();
                Some(order[order.binary_search_by_key(&wanted, key).ok()?])
            }
        }
    }

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

    /// A list that has no room for a request: the one that is named, or the first that hands out
    /// entries, or did.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn list_without_room(
        &self,
        named: Option<ListNumber>,
    ) -> Result<ListNumber, StoreError> {
        let lists = self.known_lists()?;
        let handing_out = lists.iter().find(|list| list.hands_out());
        Ok(named
            .or(handing_out.map(|list| list.number))
            .unwrap_or(ListNumber::FIRST))
    }

    /// Says that lists have fewer entries than are wanted.
    ///
    /// # Errors
    /// No list hands out entries, or the file cannot be read.
    pub(crate) fn too_many(
        &self,
        named: Option<ListNumber>,
        wanted: Wanted,
    ) -> Result<StoreError, StoreError> {
        let lists = self.known_lists()?;
        let serving = |list: &&ListRow| named.map_or(list.hands_out(), |one| one == list.number);
        let serving: Vec<_> = lists.iter().filter(serving).collect();
        match serving.as_slice() {
            [] => Err(StoreError::NoOpenList),
            [list] if list.free() == wanted.room => Ok(StoreError::Full {
                list: list.number,
                size: list.size.entries(),
                taken: list.taken,
                wanted: wanted.wanted,
            }),
            _ => Ok(StoreError::Exhausted {
                room: wanted.room,
                wanted: wanted.wanted,
            }),
        }
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
            runs: vec![Run {
                list: number,
                first: list.cursor,
                count: end - list.cursor,
                expires: None,
            }],
            by_step: None,
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
            ..Booked::default()
        })
    }
}

impl NewList {
    /// Chooses the first entries of a list that is made by the same revision.
    ///
    /// # Errors
    /// It has not as many.
    pub(crate) fn take(&self, count: u64) -> Result<Booked, StoreError> {
        let size = self.size.entries();
        let wrong = |source: &dyn std::fmt::Display| StoreError::Corrupt(source.to_string());
        let permutation = Permutation::new(&self.seed, size).map_err(|source| wrong(&source))?;
        let entries = entries_by(&permutation, self.number, (0..count).collect());
        Ok(Booked {
            entries: entries.ok_or_else(|| wrong(&"a new list is too small"))?,
            runs: vec![Run {
                list: self.number,
                first: 0,
                count,
                expires: None,
            }],
            by_step: None,
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
    let permutation = permutation(list)?;
    Ok(entries_by(&permutation, list.number, steps))
}

fn entries_by(
    permutation: &Permutation,
    list: ListNumber,
    steps: Vec<u64>,
) -> Option<Vec<BookedEntry>> {
    let indexes = permutation.indexes_of(steps.iter().copied());
    let booked = |(step, index)| BookedEntry {
        step,
        entry: EntryId {
            list,
            index: Index::new(index),
        },
    };
    indexes.map(|indexes| steps.into_iter().zip(indexes).map(booked).collect())
}
