//! Who was given which entry.

use std::collections::HashSet;

use rusqlite::{Row, params};

use super::booking::{Booked, BookedEntry, entries_at};
use super::error::{Reading, StoreError};
use super::indexes;
use super::labels::NamedEntry;
use super::query::{all, one, value};
use super::rows::{AllocationRow, ListRow, integer, list_number, position};
use super::runs::LoggedRun;
use super::snapshot::{Snapshot, entry_of, step_of};
use super::supply::Supply;
use crate::list::{EntryId, Index, Timestamp, TokenId};

/// How an entry was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The entry.
    pub entry: EntryId,
    /// The issuer's name for the credential.
    pub token: Option<TokenId>,
    /// When the credential expires.
    pub expires: Option<Timestamp>,
    /// The revision.
    pub rev: i64,
    /// When that was.
    pub at: Timestamp,
}

impl Snapshot<'_> {
    /// The entry with this token id, which it got when it was handed out or later.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn by_token(&self, token: &TokenId) -> Result<Option<NamedEntry>, StoreError> {
        let sql = format!(
            "SELECT {} FROM alloc WHERE token = ?1",
            AllocationRow::COLUMNS
        );
        let key = token.to_bytes();
        let read = |row: &Row<'_>| Ok(AllocationRow::read(row));
        let Some(row) = one(&self.transaction, &sql, params![key], read)? else {
            indexes::TOKEN.absent(&self.transaction, params![key])?;
            return self.by_label(token);
        };
        let row = row?;
        indexes::TOKEN.confirm(&self.transaction, params![key, row.position()])?;
        Ok(Some(NamedEntry::new(row.entry(), row.rev)))
    }

    /// A token id as the file may have it: with the white space around it if an entry of an earlier
    /// version has that, else without.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn token_on_file(&self, written: &TokenId) -> Result<TokenId, StoreError> {
        match written.trimmed() {
            Some(trimmed) if self.by_token(written)?.is_none() => Ok(trimmed),
            _ => Ok(written.clone()),
        }
    }

    /// How an entry was taken; `None` if it was not.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn allocation(&self, entry: EntryId) -> Result<Option<Allocation>, StoreError> {
        self.allocation_in(&self.list(entry.list)?, entry.index)
    }

    pub(super) fn allocation_in(
        &self,
        list: &ListRow,
        index: Index,
    ) -> Result<Option<Allocation>, StoreError> {
        let n = step_of(list, index)?;
        let entry = EntryId {
            list: list.number,
            index,
        };
        let sql = "SELECT alloc.token, alloc.expires, alloc.rev, event.ts, alloc.idx FROM alloc \
                   JOIN event USING (rev) WHERE pos = ?1";
        let key = params![position(list.number, n)];
        let own = one(&self.transaction, sql, key, |row| {
            let token: Option<Vec<u8>> = row.get(0)?;
            let allocation = read_allocation(row, entry)?;
            Ok((token, row.get::<_, i64>(4)?, allocation))
        })?;
        if let Some((token, stored, mut allocation)) = own {
            if stored != i64::from(index.value()) {
                return Err(StoreError::Corrupt(format!(
                    "entry {entry} was booked as index {stored}"
                )));
            }
            allocation.token = token
                .map(|blob| {
                    TokenId::from_bytes(&blob).ok_or_else(|| {
                        StoreError::Corrupt(format!("entry {entry} has a wrong token id"))
                    })
                })
                .transpose()?;
            return Ok(Some(allocation));
        }
        if n >= list.cursor {
            return Ok(None);
        }
        // Without a row of its own, it belongs to the run that its step falls into.
        let sql = "SELECT n + count, expires, alloc_run.rev, ts FROM alloc_run JOIN event USING (rev) \
                   WHERE list_id = ?1 AND n <= ?2 ORDER BY n DESC LIMIT 1";
        let step = i64::try_from(n).unwrap_or(i64::MAX);
        let key = params![list.number.value(), step];
        let run = one(&self.transaction, sql, key, |row| {
            Ok((row.get::<_, i64>(0)?, read_allocation(row, entry)?))
        })?;
        match run {
            Some((end, allocation)) if step < end => Ok(Some(allocation)),
            _ => Err(StoreError::Corrupt(format!(
                "entry {entry} is allocated, but no revision did it"
            ))),
        }
    }

    /// The entries that an allocating revision took in turn, or the one out of turn that its
    /// body names.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn allocated_by(&self, event: &super::Event) -> Result<Vec<EntryId>, StoreError> {
        let body = body_of(event)?;
        if let Some(place) = body["index"].as_u64() {
            let list = self.list(list_number(body["list"].as_i64().unwrap_or(-1))?)?;
            return Ok(vec![entry_of(&list, place)?]);
        }
        let steps = self.steps_allocated_by(event)?;
        Ok(steps.into_iter().map(|booked| booked.entry).collect())
    }

    /// The entries that an allocating revision took in turn, each with its step.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(super) fn steps_allocated_by(
        &self,
        event: &super::Event,
    ) -> Result<Vec<BookedEntry>, StoreError> {
        let body = body_of(event)?;
        let mut parts = Vec::new();
        for run in LoggedRun::all(&body) {
            parts.push(self.part_of(event, &run)?);
        }
        let supply: Option<Supply> = match body.get("supply") {
            None => None,
            Some(supply) => Some(serde_json::from_value(supply.clone()).map_err(|source| {
                StoreError::Corrupt(format!("revision {}: {source}", event.rev))
            })?),
        };
        let count = parts.iter().map(|part| part.entries.len() as u64).sum();
        let order = supply.and_then(|supply| supply.order(&event.operation_id, count));
        let too_many = order
            .as_ref()
            .is_some_and(|order| order.iter().any(|part| *part as usize >= parts.len()));
        if too_many {
            return Err(beyond(event));
        }
        Ok(Booked::of(parts, order.as_deref()).entries)
    }

    /// The entries of one run, without those that were taken out of turn before.
    fn part_of(&self, event: &super::Event, run: &LoggedRun) -> Result<Booked, StoreError> {
        let (number, first) = run.begins_at();
        let list = self.list(list_number(number)?)?;
        let sql = "SELECT count FROM alloc_run WHERE list_id = ?1 AND n = ?2 AND rev = ?3";
        let key = params![number, first, event.rev];
        let count: Option<i64> = one(&self.transaction, sql, key, value)?;
        let start = position(list.number, 0);
        let sql = "SELECT pos FROM alloc WHERE pos >= ?1 AND pos < ?1 + ?2 AND rev <> ?3";
        let key = params![start + first, count.unwrap_or(0), event.rev];
        let others: HashSet<i64> = all(&self.transaction, sql, key, value)?;
        let steps: Vec<u64> = (first..first.saturating_add(count.unwrap_or(0)))
            .filter(|step| !others.contains(&(start + step)))
            .filter_map(|step| u64::try_from(step).ok())
            .collect();
        let entries = entries_at(&list, steps)?;
        Ok(Booked::again(entries.ok_or_else(|| beyond(event))?))
    }

    /// The steps of the permutation from `from` on that were taken out of turn, lowest first.
    pub(super) fn out_of_turn(&self, list: &ListRow, from: u64) -> Result<Vec<u64>, StoreError> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT pos FROM alloc WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos")
            .reading("read")?;
        let range = params![
            position(list.number, from),
            position(list.number, list.size.entries())
        ];
        let mut rows = statement.query(range).reading("read")?;
        let mut steps = Vec::new();
        while let Some(row) = rows.next().reading("read")? {
            let place = integer(row, 0)? & ((1 << 40) - 1);
            steps.push(u64::try_from(place).unwrap_or(0));
        }
        Ok(steps)
    }
}

/// Reads expiry, revision and time from columns 1 to 3.
fn read_allocation(row: &Row<'_>, entry: EntryId) -> rusqlite::Result<Allocation> {
    Ok(Allocation {
        entry,
        token: None,
        expires: row.get::<_, Option<i64>>(1)?.map(Timestamp::from_second),
        rev: row.get(2)?,
        at: Timestamp::from_second(row.get(3)?),
    })
}

pub(super) fn beyond(event: &super::Event) -> StoreError {
    StoreError::Corrupt(format!("revision {} counts beyond its list", event.rev))
}

pub(super) fn body_of(event: &super::Event) -> Result<serde_json::Value, StoreError> {
    serde_json::from_str(&event.body)
        .map_err(|source| StoreError::Corrupt(format!("revision {}: {source}", event.rev)))
}
