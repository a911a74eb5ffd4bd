//! What a list file remembers: the changes of an entry, the revisions, the publications.

use rusqlite::params;

use super::chain::Hash;
use super::error::StoreError;
use super::event::Event;
use super::format::Format;
use super::indexes;
use super::keys::{Key, Secret};
use super::query::{all, columns, one, only, value};
use super::rows::{ChangeRow, ListRow, index, list_number};
use super::snapshot::{Head, Snapshot};
use super::stamp::Stamp;
use crate::list::{EntryId, Status, Timestamp};

/// A change of an entry with the revision that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastChange {
    /// What changed.
    pub row: ChangeRow,
    /// The revision.
    pub rev: i64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// The operation id.
    pub operation_id: String,
}

const PAST_CHANGE: &str = "list_id, idx, old, new, reason, change.note, since, rev, ts, actor, \
                           op_id FROM change JOIN event USING (rev) WHERE list_id = ?1 AND idx = ?2";

impl Snapshot<'_> {
    /// Every change of an entry, oldest first.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn changes_of(&self, entry: EntryId) -> Result<Vec<PastChange>, StoreError> {
        self.past_changes(entry, "ORDER BY rev", i64::MAX)
    }

    /// The newest change of an entry.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn last_change(&self, entry: EntryId) -> Result<Option<PastChange>, StoreError> {
        self.last_change_up_to(entry, i64::MAX)
    }

    /// The newest change of an entry that a revision, or one before it, made.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn last_change_up_to(
        &self,
        entry: EntryId,
        rev: i64,
    ) -> Result<Option<PastChange>, StoreError> {
        Ok(self
            .past_changes(entry, "ORDER BY rev DESC LIMIT 1", rev)?
            .pop())
    }

    fn past_changes(
        &self,
        entry: EntryId,
        order: &str,
        up_to: i64,
    ) -> Result<Vec<PastChange>, StoreError> {
        let width = self.register().width;
        let sql = format!("SELECT {PAST_CHANGE} AND rev <= ?3 {order}");
        let key = params![entry.list.value(), entry.index.value(), up_to];
        all(&self.transaction, &sql, key, |row| {
            Ok(PastChange {
                row: ChangeRow::read(row, width)?,
                rev: row.get(7)?,
                at: row.get(8)?,
                actor: row.get(9)?,
                operation_id: row.get(10)?,
            })
        })
    }

    /// The newest revision that was made at a time or before it; 0 if there was none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn revision_at(&self, time: Timestamp) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(max(rev), 0) FROM event WHERE ts <= ?1";
        let rev = only(&self.transaction, sql, params![time], value)?;
        // The log never steps back, so the next one must be later, and this one not.
        let made = |rev| self.made_at(rev);
        let later = rev == self.head.rev || made(rev + 1)?.is_some_and(|next| next > time);
        if later && (rev == 0 || made(rev)?.is_some_and(|this| this <= time)) {
            return Ok(rev);
        }
        Err(StoreError::Corrupt(format!(
            "the index of revisions by time leads to revision {rev} for {time}"
        )))
    }

    fn made_at(&self, rev: i64) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT ts FROM event WHERE rev = ?1";
        one(&self.transaction, sql, params![rev], value)
    }

    /// The status that an entry had after a revision.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn status_after(
        &self,
        list: &ListRow,
        entry: EntryId,
        rev: i64,
    ) -> Result<Status, StoreError> {
        Ok(self
            .last_change_up_to(entry, rev)?
            .map_or(list.default_status, |change| change.row.new))
    }

    /// What a revision says of itself in detail, if it is there.
    pub(super) fn body_of(&self, rev: i64) -> Result<Option<String>, StoreError> {
        let sql = "SELECT body FROM event WHERE rev = ?1";
        one(&self.transaction, sql, params![rev], value)
    }

    /// The newest revisions, newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn last_events(&self, count: u32) -> Result<Vec<Event>, StoreError> {
        let sql = format!(
            "SELECT {} FROM event ORDER BY rev DESC LIMIT ?1",
            Event::COLUMNS
        );
        all(&self.transaction, &sql, params![count], Event::read)
    }

    /// The revision that an operation id belongs to.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn event_of(&self, operation_id: &str) -> Result<Option<Event>, StoreError> {
        let sql = format!("SELECT {} FROM event WHERE op_id = ?1", Event::COLUMNS);
        let event = one(&self.transaction, &sql, params![operation_id], Event::read)?;
        let rev = event.as_ref().map(|event| vec![event.rev.into()]);
        indexes::OPERATION.check(&self.transaction, operation_id.to_owned(), rev)?;
        Ok(event)
    }

    /// Whether a revision was made for this very request.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn asked_for(&self, event: &Event, stamp: &Stamp) -> Result<bool, StoreError> {
        let request = match self.format {
            Format::One => None,
            Format::Two | Format::Three | Format::Four => {
                Key::of_revision(&self.transaction, event.rev)?
            }
        }
        .map_or(stamp.request, |key| {
            key.sealer().seal(Secret::Request, &stamp.request)
        });
        Ok(event.operation == stamp.operation && event.request == request)
    }

    /// How many entries a revision changed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn changes_in(&self, rev: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM change WHERE rev = ?1";
        only(&self.transaction, sql, params![rev], value)
    }

    /// The first entry that a revision changed.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn changed_by(&self, rev: i64) -> Result<Option<EntryId>, StoreError> {
        let sql = "SELECT list_id, idx FROM change WHERE rev = ?1 ORDER BY list_id, idx LIMIT 1";
        let found: Option<(i64, i64)> = one(&self.transaction, sql, params![rev], columns)?;
        let row = found.map(|(list, place)| vec![list.into(), place.into()]);
        indexes::CHANGED.check(&self.transaction, rev, row)?;
        let entry = found.map(|(list, place)| {
            Ok(EntryId {
                list: list_number(list)?,
                index: index(place)?,
            })
        });
        entry.transpose()
    }

    /// The revision with this chain value, if this file ever had it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn revision_of(&self, chain: &Hash) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT rev FROM event WHERE chain = ?1";
        let rev: Option<i64> = one(&self.transaction, sql, params![chain], value)?;
        let row = rev.map(|rev| vec![rev.into()]);
        indexes::CHAIN.check(&self.transaction, chain.to_vec(), row)?;
        Ok(rev)
    }

    /// The newest revision that changed a published byte.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn visible_head(&self) -> Result<Head, StoreError> {
        let sql = "SELECT rev, chain, ts FROM event WHERE rev = (SELECT max(rev) FROM list)";
        let (rev, chain, at) = only(&self.transaction, sql, [], columns)?;
        Ok(Head { rev, chain, at })
    }
}
