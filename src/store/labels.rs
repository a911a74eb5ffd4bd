//! What entries are called: the token ids of their allocations, and those that came later.

use rusqlite::{Row, params};

use super::error::{Reading, StoreError};
use super::format::Format;
use super::indexes;
use super::later::LabelRow;
use super::query::{one, value};
use super::rows::{ListRow, index, integer, position};
use super::snapshot::{Snapshot, step_of};
use crate::list::{EntryId, GroupName, Index, Timestamp, TokenId};

/// An entry that has a token id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedEntry {
    entry: EntryId,
    /// The revision that named it.
    pub rev: i64,
}

/// What is said of an entry, at its allocation or later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// The issuer's name for the credential.
    pub(crate) token: Option<TokenId>,
    /// When the credential expires.
    pub(crate) expires: Option<Timestamp>,
    /// The group that it belongs to.
    pub(crate) group: Option<GroupName>,
    /// The revision that gave it its token id, if its allocation did not.
    pub(crate) labelled: Option<i64>,
    /// Whether a token id or a group was removed by a purge.
    pub(crate) removed: bool,
}

impl NamedEntry {
    pub(super) const fn new(entry: EntryId, rev: i64) -> Self {
        Self { entry, rev }
    }

    /// The entry.
    #[must_use]
    pub const fn entry(&self) -> EntryId {
        self.entry
    }
}

impl Snapshot<'_> {
    /// What was said of an entry up to a revision.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn names(&self, entry: EntryId, rev: i64) -> Result<Names, StoreError> {
        let list = self.list(entry.list)?;
        let allocation = self.allocation_in(&list, entry.index)?;
        let allocated = allocation.as_ref().map(|allocation| allocation.rev);
        let mut names = match allocation.filter(|allocation| allocation.rev <= rev) {
            Some(allocation) => Names {
                token: allocation.token,
                expires: allocation.expires,
                ..Names::default()
            },
            None => Names::default(),
        };
        if self.format < Format::Three {
            return Ok(names);
        }
        let step = step_of(&list, entry.index)?;
        self.add_label(&mut names, &list, step, rev)?;
        let expires = "SELECT expires FROM term WHERE list_id = ?1 AND n = ?2 AND rev <= ?3 \
                       AND expires IS NOT NULL";
        let key = params![list.number.value(), step.cast_signed(), rev];
        let later: Option<Timestamp> = one(&self.transaction, expires, key, value)?;
        names.expires = names.expires.or(later);
        names.group = self.group_of(entry, rev)?;
        names.removed |= self.is_removed(entry, allocated)?;
        Ok(names)
    }

    fn add_label(
        &self,
        names: &mut Names,
        list: &ListRow,
        step: u64,
        rev: i64,
    ) -> Result<(), StoreError> {
        if !self.has_labels()? {
            return Ok(());
        }
        let sql = format!(
            "SELECT {}, rev FROM label WHERE pos = ?1 AND rev <= ?2",
            LabelRow::COLUMNS
        );
        let key = params![position(list.number, step), rev];
        let read = |row: &Row<'_>| Ok((LabelRow::read(row)?, row.get(3)?));
        if let Some((label, rev)) = one(&self.transaction, &sql, key, read)? {
            names.labelled = Some(rev);
            names.removed |= label.token.is_none();
            names.token = names.token.take().or(label.token);
        }
        Ok(())
    }

    /// Whether a purge removed the token id of the allocation, or the group.
    fn is_removed(&self, entry: EntryId, allocated: Option<i64>) -> Result<bool, StoreError> {
        let (list, index) = (entry.list.value(), entry.index.value());
        let sql = "SELECT EXISTS (SELECT 1 FROM sealed WHERE rev = ?1 AND kind = 0 \
                   AND list_id = ?2 AND idx = ?3) OR EXISTS (SELECT 1 FROM member \
                   WHERE list_id = ?2 AND idx = ?3 AND group_id IS NULL)";
        let removed = one(
            &self.transaction,
            sql,
            params![allocated, list, index],
            value,
        )?;
        Ok(removed.unwrap_or(false))
    }

    /// The entry that got a token id after it was handed out.
    pub(super) fn by_label(&self, token: &TokenId) -> Result<Option<NamedEntry>, StoreError> {
        if !self.has_labels()? {
            return Ok(None);
        }
        let sql = format!(
            "SELECT {}, rev FROM label WHERE token = ?1",
            LabelRow::COLUMNS
        );
        let key = token.to_bytes();
        let read = |row: &Row<'_>| Ok((LabelRow::read(row)?, row.get(3)?));
        let found = one(&self.transaction, &sql, params![key], read)?;
        let row = found
            .as_ref()
            .map(|(label, _)| vec![label.position().into()]);
        indexes::LABEL.check(&self.transaction, key, row)?;
        Ok(found.map(|(label, rev)| NamedEntry::new(label.entry(), rev)))
    }

    /// Goes through the token ids that came later, up to a revision.
    pub(super) fn each_label(
        &self,
        rev: i64,
        mut see: impl FnMut(&TokenId, EntryId),
    ) -> Result<(), StoreError> {
        if !self.has_labels()? {
            return Ok(());
        }
        let sql = format!(
            "SELECT {} FROM label NOT INDEXED WHERE token IS NOT NULL AND rev <= ?1",
            LabelRow::COLUMNS
        );
        let mut statement = self.transaction.prepare_cached(&sql).reading("read")?;
        let mut rows = statement.query(params![rev]).reading("read")?;
        while let Some(row) = rows.next().reading("read")? {
            let label = LabelRow::read(row)?;
            if let Some(token) = &label.token {
                see(token, label.entry());
            }
        }
        Ok(())
    }

    /// Whether any entry was named later: most files have none, and are not searched.
    fn has_labels(&self) -> Result<bool, StoreError> {
        if let Some(known) = self.labelled.get() {
            return Ok(*known);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM label)";
        let has = self.format >= Format::Three
            && one(&self.transaction, sql, [], value)?.unwrap_or(false);
        Ok(*self.labelled.get_or_init(|| has))
    }

    /// Checks that labels and groups are of entries that were handed out, that none has two token
    /// ids or two expiries, and that every group has an entry.
    pub(super) fn verify_names(&self, list: &ListRow) -> Result<(), StoreError> {
        if self.format < Format::Three {
            return Ok(());
        }
        self.verify_labels(list)?;
        self.verify_members(list)
    }

    fn verify_labels(&self, list: &ListRow) -> Result<(), StoreError> {
        let number = list.number;
        let wrong = |what: &str| Err(StoreError::Corrupt(format!("list {number}: {what}")));
        let sql = format!(
            "SELECT {} FROM label WHERE pos >> 40 = ?1",
            LabelRow::COLUMNS
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query(params![number.value()])?;
        while let Some(row) = rows.next()? {
            let label = LabelRow::read(row)?;
            if !holds(list, label.index) || step_of(list, label.index)? != label.n {
                return wrong("a label has another index than its step leads to");
            }
            let twice = "SELECT EXISTS (SELECT 1 FROM alloc WHERE token = ?1)";
            let token = label.token.as_ref().map(TokenId::to_bytes);
            if one(&self.transaction, twice, params![token], value)? == Some(true) {
                return wrong("a token id is of two entries");
            }
            let sql = "SELECT token IS NOT NULL FROM alloc WHERE pos = ?1";
            match one(&self.transaction, sql, params![label.position()], value)? {
                Some(true) => return wrong("a label of an entry that has a token id"),
                Some(false) => {}
                None if label.n < list.cursor || list.may_have_handed_out_any() => {}
                None => return wrong("a label of an entry that was not handed out"),
            }
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM term JOIN alloc ON pos = (list_id << 40) + n \
                   WHERE list_id = ?1 AND term.expires IS NOT NULL AND alloc.expires IS NOT NULL)";
        match one(&self.transaction, sql, params![number.value()], value)? {
            Some(true) => wrong("an entry has two expiries"),
            _ => Ok(()),
        }
    }

    fn verify_members(&self, list: &ListRow) -> Result<(), StoreError> {
        let number = list.number;
        let wrong = |what: &str| Err(StoreError::Corrupt(format!("list {number}: {what}")));
        let sql = "SELECT idx FROM member WHERE list_id = ?1 ORDER BY idx";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query(params![number.value()])?;
        while let Some(row) = rows.next()? {
            let index = index(integer(row, 0)?)?;
            if !holds(list, index) {
                return wrong("a group has an entry outside it");
            }
            let step = step_of(list, index)?;
            if step < list.cursor || list.may_have_handed_out_any() {
                continue;
            }
            let sql = "SELECT 1 FROM alloc WHERE pos = ?1";
            let key = params![position(number, step)];
            if one(&self.transaction, sql, key, |_| Ok(()))?.is_none() {
                return wrong("a group has an entry that was not handed out");
            }
        }
        Ok(())
    }

    /// Checks that every group that has a name has an entry.
    pub(super) fn verify_groups(&self) -> Result<(), StoreError> {
        if self.format < Format::Three {
            return Ok(());
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM entry_group WHERE name IS NOT NULL AND NOT EXISTS \
                   (SELECT 1 FROM member WHERE member.group_id = entry_group.group_id))";
        match one(&self.transaction, sql, [], value)? {
            Some(true) => Err(StoreError::Corrupt("a group has no entry".to_owned())),
            _ => Ok(()),
        }
    }
}

fn holds(list: &ListRow, index: Index) -> bool {
    u64::from(index.value()) < list.size.entries()
}
