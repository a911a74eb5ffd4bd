//! Groups: entries of one holder, device or batch of copies.

use std::collections::HashMap;

use rusqlite::params;

use super::bulk::Bulk;
use super::error::{Reading, StoreError};
use super::format::Format;
use super::indexes;
use super::query::{columns, one, value};
use super::rows::{ListState, index, integer, list_number};
use super::snapshot::Snapshot;
use crate::list::{EntryId, GroupName, ListNumber};

/// The entries of a group, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    /// Those whose status can be set.
    pub(crate) kept: Vec<EntryId>,
    /// Those of lists that are retired.
    pub(crate) retired: Vec<EntryId>,
}

impl Snapshot<'_> {
    /// The entries that a group had after a revision.
    ///
    /// # Errors
    /// [`StoreError::NoGroup`] if it had none, or the file cannot be read.
    pub(crate) fn members(&self, group: &GroupName, rev: i64) -> Result<Members, StoreError> {
        let mut members = Members::default();
        let mut seen: Option<(ListNumber, bool)> = None;
        for entry in self.entries_in(group, rev)? {
            let retired = match seen {
                Some((list, retired)) if list == entry.list => retired,
                _ => self.was_retired(entry.list, rev)?,
            };
            seen = Some((entry.list, retired));
            if retired {
                members.retired.push(entry);
            } else {
                members.kept.push(entry);
            }
        }
        Ok(members)
    }

    /// The same, whatever became of their lists.
    ///
    /// # Errors
    /// Those of [`Self::members`].
    pub(crate) fn entries_in(
        &self,
        group: &GroupName,
        rev: i64,
    ) -> Result<Vec<EntryId>, StoreError> {
        let id = self.group_id(group)?;
        let entries = match id {
            Some(id) => self.entries_of(id, rev)?,
            None => Vec::new(),
        };
        if entries.is_empty() {
            return Err(StoreError::NoGroup(group.clone()));
        }
        Ok(entries)
    }

    /// The group that an entry was in after a revision.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn group_of(
        &self,
        entry: EntryId,
        rev: i64,
    ) -> Result<Option<GroupName>, StoreError> {
        if self.format < Format::Three {
            return Ok(None);
        }
        let sql = "SELECT name FROM member JOIN entry_group USING (group_id) \
                   WHERE list_id = ?1 AND idx = ?2 AND member.rev <= ?3";
        let key = params![entry.list.value(), entry.index.value(), rev];
        let name: Option<Option<Vec<u8>>> = one(&self.transaction, sql, key, value)?;
        let wrong = || StoreError::Corrupt(format!("entry {entry} has a wrong group"));
        let name = name.flatten();
        name.map(|name| GroupName::from_bytes(&name).ok_or_else(wrong))
            .transpose()
    }

    /// The group whose entries the next publication to a target links, as far as publications were
    /// recorded: none where nothing was published there before.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn group_linked_by_publishing_to(
        &self,
        target: &str,
    ) -> Result<Option<GroupName>, StoreError> {
        let published = self.publications()?.into_iter();
        let there = published.filter(|publication| publication.target == target);
        match there.map(|publication| publication.rev).max() {
            Some(rev) => self.only_group_changed_since(rev),
            None => Ok(None),
        }
    }

    /// The group that all statuses which are others than after a revision belong to, if they are
    /// several: who compares two publications learns that those entries belong together. Entries
    /// of others end the search.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    fn only_group_changed_since(&self, rev: i64) -> Result<Option<GroupName>, StoreError> {
        let sql = "SELECT list_id, idx, old, new FROM change WHERE rev > ?1 AND old <> new \
                   ORDER BY rev, list_id, idx";
        let mut statement = self.transaction.prepare_cached(sql).reading("read")?;
        let mut rows = statement.query(params![rev]).reading("read")?;
        let mut group: Option<GroupName> = None;
        let mut changes: HashMap<EntryId, (i64, i64)> = HashMap::new();
        while let Some(row) = rows.next().reading("read")? {
            let entry = EntryId {
                list: list_number(integer(row, 0)?)?,
                index: index(integer(row, 1)?)?,
            };
            let (old, new) = (integer(row, 2)?, integer(row, 3)?);
            if let Some(change) = changes.get_mut(&entry) {
                change.1 = new;
                continue;
            }
            let own = self.group_of(entry, i64::MAX)?;
            if own.is_none() || group.is_some() && group != own {
                return Ok(None);
            }
            group = own;
            changes.insert(entry, (old, new));
        }
        let others = changes.values().filter(|(old, new)| old != new);
        let several = others.count() > 1;
        Ok(group.filter(|_| several))
    }

    fn group_id(&self, group: &GroupName) -> Result<Option<i64>, StoreError> {
        if self.format < Format::Three {
            return Ok(None);
        }
        let name = group.to_bytes();
        let sql = "SELECT group_id FROM entry_group WHERE name = ?1";
        let id: Option<i64> = one(&self.transaction, sql, params![name], value)?;
        let row = id.map(|id| vec![id.into()]);
        indexes::GROUP.check(&self.transaction, name, row)?;
        Ok(id)
    }

    /// The index is not believed: each row that it leads to is compared with the table, and the last
    /// one is looked for from the other end too, as an altered one between would end the search.
    fn entries_of(&self, id: i64, rev: i64) -> Result<Vec<EntryId>, StoreError> {
        let wrong =
            || StoreError::Corrupt(format!("the entries of group {id} contradict the index"));
        indexes::MEMBER.absent(&self.transaction, params![id])?;
        let sql = "SELECT i.list_id, i.idx, t.rev, t.group_id FROM \
                   (SELECT list_id, idx FROM member INDEXED BY member_group WHERE group_id = ?1 \
                    ORDER BY list_id, idx) AS i LEFT JOIN member AS t NOT INDEXED \
                   ON t.list_id = i.list_id AND t.idx = i.idx";
        let mut statement = self.transaction.prepare_cached(sql).reading("read")?;
        let mut rows = statement.query(params![id]).reading("read")?;
        let mut entries = Vec::new();
        let mut last = None;
        while let Some(row) = rows.next().reading("read")? {
            let place: (i64, i64) = (integer(row, 0)?, integer(row, 1)?);
            let stored: (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            let (Some(since), Some(group)) = stored else {
                return Err(wrong());
            };
            if group != id || last.is_some_and(|last| last >= place) {
                return Err(wrong());
            }
            last = Some(place);
            if since <= rev {
                entries.push(EntryId {
                    list: list_number(place.0)?,
                    index: index(place.1)?,
                });
            }
        }
        let sql = "SELECT list_id, idx FROM member INDEXED BY member_group WHERE group_id = ?1 \
                   ORDER BY list_id DESC, idx DESC LIMIT 1";
        let end: Option<(i64, i64)> = one(&self.transaction, sql, params![id], columns)?;
        if end == last {
            Ok(entries)
        } else {
            Err(wrong())
        }
    }

    /// Whether a list was retired after a revision.
    fn was_retired(&self, number: ListNumber, rev: i64) -> Result<bool, StoreError> {
        if self.list(number)?.state != ListState::Retired {
            return Ok(false);
        }
        if rev >= self.head.rev {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM event, json_each(event.body, '$.retired') AS retired \
                   WHERE event.rev <= ?1 AND retired.value = ?2";
        let key = params![rev, number.value()];
        Ok(one(&self.transaction, sql, key, |_| Ok(()))?.is_some())
    }
}

impl Bulk<'_, '_> {
    /// The entries of a group.
    ///
    /// # Errors
    /// [`StoreError::NoGroup`] if it has none, or the file cannot be read.
    pub(crate) fn members(&self, group: &GroupName) -> Result<Members, StoreError> {
        self.snapshot().members(group, self.up_to())
    }

    /// The group of an entry.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn group_of(&self, entry: EntryId) -> Result<Option<GroupName>, StoreError> {
        self.snapshot().group_of(entry, self.up_to())
    }
}
