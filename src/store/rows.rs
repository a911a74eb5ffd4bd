//! Rows of the list file as values.

use rusqlite::Row;

use super::error::StoreError;
use crate::list::{
    EntryId, Index, ListNumber, Reason, Remark, Seed, Size, Status, Timestamp, TokenId, Width,
};

/// What a list is ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListState {
    /// Waits for its turn.
    Spare,
    /// Hands out entries.
    Open,
    /// Has handed out all of them.
    Full,
    /// Hands out no more; statuses can still be set.
    Closed,
    /// Is no longer used.
    Retired,
}

/// What the issuer said of the end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closure {
    /// Whether every index that was handed out is known.
    pub(crate) known: Known,
    /// Until when entries without an expiry are kept.
    pub(crate) kept_until: Option<Timestamp>,
}

/// Whether a file knows every index of a list that was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It does: no other file handed out any.
    Everything,
    /// It may not: another file, of which this one is a copy, went on with the list.
    NotAll,
}

/// One list of the series.
#[derive(Clone)]
pub struct ListRow {
    /// Its number.
    pub number: ListNumber,
    /// Bits per entry.
    pub width: Width,
    /// Entries.
    pub size: Size,
    /// The status of an entry that nobody has set.
    pub default_status: Status,
    /// What it is ready for.
    pub state: ListState,
    /// The secret that its permutation comes from.
    pub seed: Seed,
    /// How many steps of the permutation were taken.
    pub cursor: u64,
    /// How many entries are allocated or blocked.
    pub taken: u64,
    /// The newest revision that changed a published byte of it.
    pub rev: i64,
    /// What the issuer said of its end.
    pub(crate) closure: Option<Closure>,
    pub(super) shards: i64,
    pub(super) shard_xor: [u8; 8],
}

/// How an entry was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocationKind {
    /// Handed out.
    Allocated,
    /// Kept from being handed out.
    Blocked,
    /// Taken to hide others.
    Decoy,
}

/// An allocation with a row of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationRow {
    /// The list.
    pub list: ListNumber,
    /// The step of the permutation that leads to `index`.
    pub n: u64,
    /// The place of the entry.
    pub index: Index,
    /// The issuer's name for the credential.
    pub token: Option<TokenId>,
    /// When the credential expires.
    pub expires: Option<Timestamp>,
    /// How it was taken.
    pub kind: AllocationKind,
    /// The revision; of one that is being written, anything.
    pub rev: i64,
}

/// A change of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// The entry.
    pub entry: EntryId,
    /// The status before.
    pub old: Status,
    /// The status after.
    pub new: Status,
    /// Why, in words, and since when.
    pub remark: Remark,
}

impl Known {
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::NotAll => 0,
            Self::Everything => 1,
        }
    }
}

impl ListState {
    /// The name, as the list file spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spare => "spare",
            Self::Open => "open",
            Self::Full => "full",
            Self::Closed => "closed",
            Self::Retired => "retired",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [
            Self::Spare,
            Self::Open,
            Self::Full,
            Self::Closed,
            Self::Retired,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }
}

impl AllocationKind {
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Allocated => 0,
            Self::Blocked => 1,
            Self::Decoy => 2,
        }
    }

    fn parse(number: i64) -> Option<Self> {
        [Self::Allocated, Self::Blocked, Self::Decoy]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}

impl ListRow {
    pub(super) const COLUMNS: &str =
        "list_id, bits, size, default_status, state, seed, cursor, taken, shards, shard_xor, rev";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let integer = |column| integer(row, column);
        let number = list_number(integer(0)?)?;
        let wrong = |what: &str| StoreError::Corrupt(format!("list {number} has a wrong {what}"));
        let width = u64::try_from(integer(1)?)
            .ok()
            .and_then(|bits| Width::from_bits(bits).ok())
            .ok_or_else(|| wrong("width"))?;
        let state: String = row.get(4).map_err(|_| wrong("state"))?;
        Ok(Self {
            number,
            width,
            size: u64::try_from(integer(2)?)
                .ok()
                .and_then(Size::new)
                .ok_or_else(|| wrong("size"))?,
            default_status: status(integer(3)?, width)?,
            state: ListState::parse(&state).ok_or_else(|| wrong("state"))?,
            seed: Seed::new(row.get(5).map_err(|_| wrong("seed"))?),
            cursor: u64::try_from(integer(6)?).map_err(|_| wrong("cursor"))?,
            taken: u64::try_from(integer(7)?).map_err(|_| wrong("count"))?,
            shards: integer(8)?,
            shard_xor: row.get(9).map_err(|_| wrong("checksum"))?,
            rev: integer(10)?,
            closure: None,
        })
    }

    /// Whether it hands out entries.
    #[must_use]
    pub const fn hands_out(&self) -> bool {
        matches!(self.state, ListState::Open | ListState::Full)
    }

    /// How many entries are free.
    #[must_use]
    pub fn free(&self) -> u64 {
        self.size.entries().saturating_sub(self.taken)
    }
}

impl AllocationRow {
    pub(super) const COLUMNS: &str = "pos, idx, token, expires, kind, rev";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let position = integer(row, 0)?;
        let wrong =
            |what: &str| StoreError::Corrupt(format!("allocation {position} has a wrong {what}"));
        let token: Option<Vec<u8>> = row.get(2).map_err(|_| wrong("token id"))?;
        Ok(Self {
            list: list_number(position >> 40)?,
            n: u64::try_from(position & ((1 << 40) - 1)).map_err(|_| wrong("place"))?,
            index: index(integer(row, 1)?)?,
            token: token
                .map(|blob| TokenId::from_bytes(&blob).ok_or_else(|| wrong("token id")))
                .transpose()?,
            expires: row.get(3).map_err(|_| wrong("expiry"))?,
            kind: AllocationKind::parse(integer(row, 4)?).ok_or_else(|| wrong("kind"))?,
            rev: integer(row, 5)?,
        })
    }

    pub(super) fn position(&self) -> i64 {
        position(self.list, self.n)
    }

    /// The entry.
    #[must_use]
    pub const fn entry(&self) -> EntryId {
        EntryId {
            list: self.list,
            index: self.index,
        }
    }
}

impl ChangeRow {
    pub(super) const COLUMNS: &str = "list_id, idx, old, new, reason, note, since";

    pub(super) fn read(row: &Row<'_>, width: Width) -> Result<Self, StoreError> {
        let entry = EntryId {
            list: list_number(integer(row, 0)?)?,
            index: index(integer(row, 1)?)?,
        };
        let wrong =
            |what: &str| StoreError::Corrupt(format!("a change of {entry} has a wrong {what}"));
        Ok(Self {
            entry,
            old: status(integer(row, 2)?, width)?,
            new: status(integer(row, 3)?, width)?,
            remark: Remark {
                reason: u64::try_from(integer(row, 4)?)
                    .ok()
                    .and_then(Reason::from_code)
                    .ok_or_else(|| wrong("reason"))?,
                note: row.get(5).map_err(|_| wrong("note"))?,
                since: row.get(6).map_err(|_| wrong("date"))?,
            },
        })
    }
}

/// Where an allocation is kept: the list above bit 40, the step of the permutation below.
pub(super) fn position(list: ListNumber, n: u64) -> i64 {
    // A list number has 22 bits and n has at most 33: the sum has 63 at most.
    (i64::from(list.value()) << 40) | i64::try_from(n).unwrap_or(i64::MAX)
}

/// A number of steps, which is never negative.
pub(super) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(super) fn list_number(value: i64) -> Result<ListNumber, StoreError> {
    u32::try_from(value)
        .ok()
        .and_then(ListNumber::new)
        .ok_or_else(|| StoreError::Corrupt(format!("list number {value}")))
}

pub(super) fn index(value: i64) -> Result<Index, StoreError> {
    u32::try_from(value)
        .map(Index::new)
        .map_err(|_| StoreError::Corrupt(format!("index {value}")))
}

pub(super) fn status(value: i64, width: Width) -> Result<Status, StoreError> {
    u64::try_from(value)
        .ok()
        .and_then(|value| Status::new(value, width).ok())
        .ok_or_else(|| StoreError::Corrupt(format!("status {value} in a list of {width}")))
}

pub(super) fn integer(row: &Row<'_>, column: usize) -> Result<i64, StoreError> {
    row.get(column)
        .map_err(|source| StoreError::Corrupt(format!("a wrong number: {source}")))
}
