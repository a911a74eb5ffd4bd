//! Which entries are handed out next.

use super::StoreError;
use super::rows::{AllocationKind, AllocationRow, ListRow};
use super::snapshot::{Snapshot, entry_of, permutation, step_of};
use crate::list::{EntryId, Index, ListNumber, Timestamp, TokenId};

/// Entries taken from a list, in the order in which they are handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Each with its step of the permutation.
    pub entries: Vec<(u64, EntryId)>,
    /// The steps as a run; none for an entry out of turn.
    pub run: Option<(u64, u64)>,
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
    pub fn take(&self, number: ListNumber, count: u64) -> Result<Booked, StoreError> {
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
        let mut skipped = self.out_of_turn(list, list.cursor)?.into_iter().peekable();
        let first = list.cursor;
        let mut next = first;
        let capacity = usize::try_from(count).unwrap_or(0);
        let mut steps = Vec::with_capacity(capacity);
        while (steps.len() as u64) < count {
            if skipped.peek() == Some(&next) {
                skipped.next();
            } else {
                steps.push(next);
            }
            next += 1;
        }
        let indexes = permutation(list)?
            .indexes_of(steps.iter().copied())
            .ok_or_else(|| StoreError::Corrupt(format!("list {number} counts beyond its end")))?;
        let entries = steps
            .into_iter()
            .zip(indexes)
            .map(|(step, index)| {
                let index = Index::new(index);
                (
                    step,
                    EntryId {
                        list: number,
                        index,
                    },
                )
            })
            .collect();
        Ok(Booked {
            entries,
            run: Some((first, next - first)),
        })
    }

    /// Chooses one entry out of turn.
    ///
    /// # Errors
    /// It lies outside the list, is taken already, or the file is not where it lives.
    pub fn take_at(&self, number: ListNumber, place: u64) -> Result<Booked, StoreError> {
        let list = &self.list(number)?;
        self.confirm_cursor(list)?;
        let entry = entry_of(list, place)?;
        self.refuse_elsewhere()?;
        if self.allocation(entry)?.is_some() {
            return Err(StoreError::IndexTaken(entry));
        }
        let step = step_of(list, entry.index)?;
        Ok(Booked {
            entries: vec![(step, entry)],
            run: None,
        })
    }
}

impl Booked {
    /// The row of an entry, with what it is called and when it expires.
    #[must_use]
    pub fn row(
        entry: (u64, EntryId),
        token: Option<TokenId>,
        expires: Option<Timestamp>,
    ) -> AllocationRow {
        let (n, id) = entry;
        AllocationRow {
            list: id.list,
            n,
            index: id.index,
            token,
            expires,
            kind: AllocationKind::Allocated,
            rev: 0,
        }
    }
}
