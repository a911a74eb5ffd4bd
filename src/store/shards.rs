//! The packed statuses on disk: sparse pages, each with a checksum of its own.
//!
//! SQLite notices a torn page, but not a flipped bit in a page that it wrote.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::chain::Hash;
use super::error::StoreError;
use super::query::{all, columns, one, write};
use super::rows::{ListRow, integer};
use crate::list::{Index, ListNumber, Status, pages};

/// The bytes of one shard. With its row it fills one page of SQLite.
pub(super) const SHARD_BYTES: usize = 4000;

/// The beginning of a SHA-256.
pub(super) type Sum = [u8; 8];

/// One page of packed statuses, out of the file for as long as it is worked on.
pub(super) struct Shard {
    position: i64,
    stored: Option<Sum>,
    data: Vec<u8>,
    changed: bool,
}

impl Shard {
    /// Reads the shard that holds `index`, or makes it where the file has none.
    pub(super) fn load(
        connection: &Connection,
        list: &ListRow,
        index: Index,
    ) -> Result<Self, StoreError> {
        let position = position(list.number, number_of(list, index));
        let sql = "SELECT rev, sum, data FROM shard WHERE pos = ?1";
        let row: Option<(_, _, Vec<u8>)> = one(connection, sql, params![position], columns)?;
        if let Some((rev, sum, data)) = &row {
            check(position, *rev, data, *sum)?;
        }
        let (stored, data) = row.map(|(_, sum, data)| (sum, data)).unzip();
        Ok(Self {
            position,
            stored,
            data: data.unwrap_or_else(|| vec![default_byte(list); SHARD_BYTES]),
            changed: false,
        })
    }

    /// Whether this shard holds an entry.
    pub(super) fn holds(&self, list: &ListRow, index: Index) -> bool {
        self.position == position(list.number, number_of(list, index))
    }

    /// The status of an entry that this shard holds.
    pub(super) fn read(&self, list: &ListRow, index: Index) -> Result<Status, StoreError> {
        pages::read(&self.data, list.width, slot(list, index))
            .and_then(|value| Status::new(u64::from(value), list.width).ok())
            .ok_or_else(|| self.is_short())
    }

    /// Changes an entry that this shard holds.
    pub(super) fn write(
        &mut self,
        list: &ListRow,
        index: Index,
        status: Status,
    ) -> Result<(), StoreError> {
        self.changed = true;
        let slot = slot(list, index);
        pages::write(&mut self.data, list.width, slot, status.value())
            .map(drop)
            .ok_or_else(|| self.is_short())
    }

    fn is_short(&self) -> StoreError {
        StoreError::Corrupt(format!("shard {} is short", self.position))
    }

    /// Writes the shard back, if it was changed, and brings the list's count and checksum of
    /// shards up to date (they are written with the list).
    pub(super) fn save(
        self,
        connection: &Connection,
        list: &mut ListRow,
        rev: i64,
    ) -> Result<(), StoreError> {
        if !self.changed {
            return Ok(());
        }
        let sum = sum_of(self.position, rev, &self.data);
        let sql = "INSERT INTO shard (pos, rev, sum, data) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (pos) DO UPDATE SET rev = ?2, sum = ?3, data = ?4";
        write(connection, sql, params![self.position, rev, sum, self.data])?;
        match self.stored {
            Some(before) => fold(&mut list.shard_xor, before),
            None => list.shards += 1,
        }
        fold(&mut list.shard_xor, sum);
        Ok(())
    }
}

/// Reads a whole list, packed, of exactly as many bytes as its entries need.
///
/// Bits beyond the last entry have the default status.
///
/// # Errors
/// A shard whose checksum is wrong, or one that is missing.
pub(super) fn read_all(connection: &Connection, list: &ListRow) -> Result<Vec<u8>, StoreError> {
    let bytes = list.width.bytes_for(list.size.entries());
    let length = usize::try_from(bytes)
        .map_err(|_| StoreError::Corrupt(format!("list {} has {bytes} bytes", list.number)))?;
    let mut packed = vec![default_byte(list); length];
    let sql = "SELECT pos, rev, sum, data FROM shard WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos";
    let (first, end) = (
        position(list.number, 0),
        position(list.number, u32::MAX.into()),
    );
    let mut count = 0;
    let mut xor = Sum::default();
    let () = all(connection, sql, params![first, end], |row| {
        let place = integer(row, 0)?;
        let sum: Sum = row.get(2)?;
        let data = row
            .get_ref(3)?
            .as_blob()
            .map_err(|_| StoreError::Corrupt(format!("shard {place} is no blob")))?;
        check(place, integer(row, 1)?, data, sum)?;
        let number = usize::try_from(place & 0xFFFF_FFFF).unwrap_or(usize::MAX);
        let start = number.saturating_mul(SHARD_BYTES);
        let Some(rest) = packed.get_mut(start..).filter(|rest| !rest.is_empty()) else {
            return Err(StoreError::Corrupt(format!(
                "shard {place} lies beyond its list"
            )));
        };
        let taken = rest.len().min(SHARD_BYTES);
        rest[..taken].copy_from_slice(&data[..taken]);
        count += 1;
        fold(&mut xor, sum);
        Ok(())
    })?;
    if count != list.shards || xor != list.shard_xor {
        return Err(StoreError::Corrupt(format!(
            "list {} has {count} of its {} shards, or others than it had",
            list.number, list.shards
        )));
    }
    Ok(packed)
}

pub(super) fn check(position: i64, rev: i64, data: &[u8], sum: Sum) -> Result<(), StoreError> {
    if data.len() != SHARD_BYTES || sum_of(position, rev, data) != sum {
        return Err(StoreError::Corrupt(format!(
            "the checksum of shard {} of list {} is wrong",
            position & 0xFFFF_FFFF,
            position >> 32
        )));
    }
    Ok(())
}

pub(super) fn sum_of(position: i64, rev: i64, data: &[u8]) -> Sum {
    let mut hasher = Sha256::new();
    hasher.update(position.to_be_bytes());
    hasher.update(rev.to_be_bytes());
    hasher.update(data);
    sum_in(&hasher.finalize().into())
}

/// The sum that a hash begins with.
pub(super) fn sum_in(hash: &Hash) -> Sum {
    std::array::from_fn(|at| hash[at])
}

/// Puts a sum to others, or takes it from them.
pub(super) fn fold(xor: &mut Sum, sum: Sum) {
    for (byte, other) in xor.iter_mut().zip(sum) {
        *byte ^= other;
    }
}

pub(super) fn default_byte(list: &ListRow) -> u8 {
    pages::uniform_byte(list.width, list.default_status.value())
}

fn entries_per_shard(list: &ListRow) -> u64 {
    SHARD_BYTES as u64 * u64::from(list.width.entries_per_byte())
}

fn number_of(list: &ListRow, index: Index) -> u64 {
    u64::from(index.value()) / entries_per_shard(list)
}

fn slot(list: &ListRow, index: Index) -> u64 {
    u64::from(index.value()) % entries_per_shard(list)
}

/// Where a shard is kept: the list above bit 32, the number of the shard below.
pub(super) fn position(list: ListNumber, shard: u64) -> i64 {
    (i64::from(list.value()) << 32) | i64::try_from(shard).unwrap_or(i64::MAX)
}
