//! What is said of entries beside their allocation: token ids and expiries that come later, how
//! long a status is kept, and groups.

use rusqlite::{Connection, Row, params};

use super::error::StoreError;
use super::indexes;
use super::query::{one, value, write};
use super::rows::{count, index, integer, list_number, position};
use crate::list::{EntryId, GroupName, Index, ListNumber, Timestamp, TokenId};

/// A token id that an entry got after it was handed out; once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRow {
    /// The list.
    pub list: ListNumber,
    /// The step of the permutation that leads to `index`.
    pub n: u64,
    /// The place of the entry.
    pub index: Index,
    /// The issuer's name for the credential; `None` where a purge removed it.
    pub token: Option<TokenId>,
}

/// How long entries matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermRow {
    /// The list.
    pub list: ListNumber,
    /// The first step of the permutation.
    pub first: u64,
    /// How many steps: one, or those of the run that the same revision took from here on.
    pub count: u64,
    /// When the credential expires, where that was said after the entry was handed out.
    pub expires: Option<Timestamp>,
    /// Until when the status is kept, whatever the expiry.
    pub kept_until: Option<Timestamp>,
}

/// An entry of a group; an entry has one at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// The entry.
    pub entry: EntryId,
    /// The group; `None` where a purge removed its name.
    pub group: Option<GroupName>,
}

impl LabelRow {
    pub(super) const COLUMNS: &str = "pos, idx, token";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let place = integer(row, 0)?;
        let wrong = || StoreError::Corrupt(format!("label {place} has a wrong token id"));
        let token: Option<Vec<u8>> = row.get(2).map_err(|_| wrong())?;
        Ok(Self {
            list: list_number(place >> 40)?,
            n: count(place & ((1 << 40) - 1)),
            index: index(integer(row, 1)?)?,
            token: token
                .map(|blob| TokenId::from_bytes(&blob).ok_or_else(wrong))
                .transpose()?,
        })
    }

    pub(super) fn position(&self) -> i64 {
        position(self.list, self.n)
    }

    pub(super) const fn entry(&self) -> EntryId {
        EntryId {
            list: self.list,
            index: self.index,
        }
    }

    pub(super) fn keep(&self, connection: &Connection, rev: i64) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT INTO label (pos, idx, rev, token) VALUES (?1, ?2, ?3, ?4)",
            params![
                self.position(),
                self.index.value(),
                rev,
                self.token.as_ref().map(TokenId::to_bytes)
            ],
        )
    }
}

impl TermRow {
    pub(super) const COLUMNS: &str = "list_id, n, count, expires, kept_until";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            list: list_number(integer(row, 0)?)?,
            first: count(integer(row, 1)?),
            count: count(integer(row, 2)?),
            expires: row.get(3)?,
            kept_until: row.get(4)?,
        })
    }

    pub(super) fn keep(&self, connection: &Connection, rev: i64) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT INTO term (list_id, n, rev, count, expires, kept_until) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                self.list.value(),
                self.first.cast_signed(),
                rev,
                self.count.cast_signed(),
                self.expires,
                self.kept_until
            ],
        )
    }
}

impl MemberRow {
    /// With the name of the group, for which the table of groups is joined.
    pub(super) const COLUMNS: &str =
        "list_id, idx, (SELECT name FROM entry_group WHERE entry_group.group_id = member.group_id)";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let entry = EntryId {
            list: list_number(integer(row, 0)?)?,
            index: index(integer(row, 1)?)?,
        };
        let wrong = || StoreError::Corrupt(format!("entry {entry} has a wrong group"));
        let group: Option<Vec<u8>> = row.get(2).map_err(|_| wrong())?;
        let group = group.map(|blob| GroupName::from_bytes(&blob).ok_or_else(wrong));
        Ok(Self {
            entry,
            group: group.transpose()?,
        })
    }

    /// Writes it down; a group that is new is named by it.
    pub(super) fn keep(&self, connection: &Connection, rev: i64) -> Result<(), StoreError> {
        let name = self.group.as_ref().map(GroupName::to_bytes);
        let sql = "SELECT group_id FROM entry_group WHERE name = ?1";
        let mut group: Option<i64> = one(connection, sql, params![name], value)?;
        if let Some(name) = &name {
            let row = group.map(|group| vec![group.into()]);
            indexes::GROUP.check(connection, name.clone(), row)?;
        }
        if group.is_none() && name.is_some() {
            let sql = "INSERT INTO entry_group (rev, name) VALUES (?1, ?2)";
            write(connection, sql, params![rev, name])?;
            group = Some(connection.last_insert_rowid());
        }
        write(
            connection,
            "INSERT INTO member (list_id, idx, rev, group_id) VALUES (?1, ?2, ?3, ?4)",
            params![
                self.entry.list.value(),
                self.entry.index.value(),
                rev,
                group
            ],
        )
    }
}
