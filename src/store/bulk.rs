//! Many entries at once, as they are or as they were before a revision.

use rusqlite::params;

use super::documents::DocumentRow;
use super::error::{Reading, StoreError};
use super::labels::Names;
use super::rows::{AllocationRow, ListRow, integer, list_number};
use super::shards::Shard;
use super::snapshot::permutation;
use super::{Booked, BookedEntry, Event, Snapshot};
use crate::list::{DocumentHash, EntryId, Index, ListNumber, Remark, Status, TokenId};

/// A list file as a batch sees it: as it is, or, for a batch that is repeated, as it was before.
pub(crate) struct Bulk<'a, 's> {
    snapshot: &'a Snapshot<'s>,
    done: Option<Done<'a>>,
    shard: Option<(ListRow, Shard)>,
}

/// A batch that was done.
struct Done<'a> {
    event: &'a Event,
    took: Vec<BookedEntry>,
}

impl<'a, 's> Bulk<'a, 's> {
    /// Sees the file as it is.
    pub(crate) fn now(snapshot: &'a Snapshot<'s>) -> Self {
        Self {
            snapshot,
            done: None,
            shard: None,
        }
    }

    /// Sees the file as it was before a batch.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn before(snapshot: &'a Snapshot<'s>, event: &'a Event) -> Result<Self, StoreError> {
        let took = snapshot.steps_allocated_by(event)?;
        Ok(Self {
            snapshot,
            done: Some(Done { event, took }),
            shard: None,
        })
    }

    /// The state of the file.
    pub(crate) const fn snapshot(&self) -> &'a Snapshot<'s> {
        self.snapshot
    }

    /// The newest revision that is seen.
    pub(super) fn up_to(&self) -> i64 {
        self.done
            .as_ref()
            .map_or(i64::MAX, |done| done.event.rev - 1)
    }

    /// How many entries a batch that is repeated got.
    pub(crate) fn took(&self) -> Option<u64> {
        self.done.as_ref().map(|done| done.took.len() as u64)
    }

    /// The entries that a batch that is repeated got.
    pub(crate) fn take_again(&mut self) -> Option<Booked> {
        let done = self.done.as_mut()?;
        Some(Booked::again(std::mem::take(&mut done.took)))
    }

    /// How many entries of all lists are taken.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn taken(&self) -> Result<u64, StoreError> {
        Ok(self.snapshot.lists()?.iter().map(|list| list.taken).sum())
    }

    /// The entry with this token id.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn by_token(&self, token: &TokenId) -> Result<Option<EntryId>, StoreError> {
        let row = self.snapshot.by_token(token)?;
        Ok(row
            .filter(|row| row.rev <= self.up_to())
            .map(|row| row.entry()))
    }

    /// The entry of the document with this hash.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn entry_of_document(
        &self,
        hash: DocumentHash,
    ) -> Result<Option<EntryId>, StoreError> {
        self.snapshot.entry_of_document(hash, self.up_to())
    }

    /// The rows to write for these hashes; none for a batch that is repeated.
    ///
    /// # Errors
    /// A document has its entry already, or the file cannot be read.
    pub(crate) fn unrecorded(
        &self,
        rows: Vec<DocumentRow>,
    ) -> Result<Vec<DocumentRow>, StoreError> {
        match self.done {
            Some(_) => Ok(Vec::new()),
            None => self.snapshot.unrecorded(rows),
        }
    }

    /// Goes through every token id in the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn each_token(
        &self,
        mut see: impl FnMut(&TokenId, EntryId),
    ) -> Result<(), StoreError> {
        // In the order of the table: the index of token ids would fetch each row from elsewhere.
        let sql = format!(
            "SELECT {} FROM alloc NOT INDEXED WHERE token IS NOT NULL AND rev <= ?1",
            AllocationRow::COLUMNS
        );
        let mut statement = self
            .snapshot
            .transaction
            .prepare_cached(&sql)
            .reading("read")?;
        let mut rows = statement.query(params![self.up_to()]).reading("read")?;
        while let Some(row) = rows.next().reading("read")? {
            let row = AllocationRow::read(row)?;
            if let Some(token) = &row.token {
                see(token, row.entry());
            }
        }
        self.snapshot.each_label(self.up_to(), see)
    }

    /// What was said of an entry.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn names(&self, entry: EntryId) -> Result<Names, StoreError> {
        self.snapshot.names(entry, self.up_to())
    }

    /// The lists that have handed out entries, or may have.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn lists_in_use(&self) -> Result<Vec<ListNumber>, StoreError> {
        if self.done.is_none() {
            let lists = self.snapshot.lists()?;
            let used = lists.iter().filter(|list| list.is_in_use());
            return Ok(used.map(|list| list.number).collect());
        }
        let mut statement = self
            .snapshot
            .transaction
            .prepare_cached(
                "SELECT list_id FROM alloc_run WHERE rev <= ?1 \
                 UNION SELECT pos >> 40 FROM alloc WHERE rev <= ?1 \
                 UNION SELECT closed.value FROM event, json_each(event.body, '$.closed') AS closed \
                 WHERE event.rev <= ?1 AND event.op = 'restore' ORDER BY 1",
            )
            .reading("read")?;
        let mut rows = statement.query(params![self.up_to()]).reading("read")?;
        let mut lists = Vec::new();
        while let Some(row) = rows.next().reading("read")? {
            lists.push(list_number(integer(row, 0)?)?);
        }
        Ok(lists)
    }

    /// The lists that are published no more, whose entries keep their status.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn retired_lists(&self) -> Result<Vec<ListNumber>, StoreError> {
        self.snapshot.retired_lists(self.up_to())
    }

    /// Whether an entry was handed out, without what this batch takes. `cursor` is where the list
    /// stood before it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn is_allocated(
        &self,
        cursor: u64,
        step: u64,
        entry: EntryId,
    ) -> Result<bool, StoreError> {
        if self.done.is_none() && step < cursor {
            return Ok(true);
        }
        let allocation = self.snapshot.allocation(entry)?;
        Ok(allocation.is_some_and(|allocation| allocation.rev <= self.up_to()))
    }

    /// Whether any index of a list may have been handed out by another file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn may_have_handed_out_any(&self, list: &ListRow) -> Result<bool, StoreError> {
        self.snapshot.may_have_handed_out_any(list, self.up_to())
    }

    /// The status of an entry. Asked in the order of entries, each page is read once.
    ///
    /// # Errors
    /// A page is damaged, or the file cannot be read.
    pub(crate) fn status(&mut self, entry: EntryId) -> Result<Status, StoreError> {
        if self.done.is_some() {
            let list = self.snapshot.list(entry.list)?;
            return self.snapshot.status_after(&list, entry, self.up_to());
        }
        let at_hand = self.shard.as_ref().is_some_and(|(list, shard)| {
            list.number == entry.list && shard.holds(list, entry.index)
        });
        if !at_hand {
            let list = match self.shard.take() {
                Some((list, _)) if list.number == entry.list => list,
                _ => self.snapshot.list(entry.list)?,
            };
            let shard = Shard::load(&self.snapshot.transaction, &list, entry.index)?;
            self.shard = Some((list, shard));
        }
        match &self.shard {
            Some((list, shard)) => shard.read(list, entry.index),
            None => Err(StoreError::NotAllocated(entry)),
        }
    }

    /// What is recorded beside the status of an entry.
    ///
    /// # Errors
    /// The newest change says another status, or the file cannot be read.
    pub(crate) fn remark(&self, entry: EntryId, status: Status) -> Result<Remark, StoreError> {
        let last = self.snapshot.last_change_up_to(entry, self.up_to())?;
        match last {
            None => Ok(Remark::default()),
            Some(change) if change.row.new == status => Ok(change.row.remark),
            Some(change) => Err(StoreError::contradiction(entry, status, change.row.new)),
        }
    }
}

/// The steps that lead to these indexes of a list, in the same order.
///
/// # Errors
/// An index outside the list.
pub(crate) fn steps_to(list: &ListRow, indexes: &[Index]) -> Result<Vec<u64>, StoreError> {
    permutation(list)?
        .numbers_of(indexes.iter().map(|index| u64::from(index.value())))
        .ok_or_else(|| StoreError::Corrupt(format!("an index outside list {}", list.number)))
}
