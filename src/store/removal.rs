//! What a purge would remove, list by list.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Params, params};
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::format::Format;
use super::query::{all, columns, one, only, value};
use super::rows::{ListState, count, list_number, position};
use super::{ListRow, Snapshot};
use crate::list::ListNumber;

/// The lists that were purged, each with the last revision that did it.
pub(super) type Purges = BTreeMap<ListNumber, i64>;

/// The greatest step that a list may have.
pub(super) const LAST_STEP: u64 = (1 << 40) - 1;

/// What a purge removes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Removal {
    /// Of each list.
    pub(crate) lists: Vec<OfList>,
    /// Notes of revisions.
    pub(crate) revision_notes: u64,
    /// Notes of revisions of format 1 and of their changes, which the chain has as they are.
    pub(crate) kept_notes: u64,
}

/// What a purge removes of one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfList {
    /// The list.
    pub(crate) list_id: u32,
    /// Token ids.
    pub(crate) token_ids: u64,
    /// Entries whose group goes.
    pub(crate) group_entries: u64,
    /// Notes of changes.
    pub(crate) notes: u64,
}

/// The lists that a revision has rows of.
pub(super) struct Touch {
    pub(super) rev: i64,
    lists: Vec<ListNumber>,
}

impl OfList {
    fn is_empty(&self) -> bool {
        self.token_ids + self.group_entries + self.notes == 0
    }
}

impl Touch {
    /// Whether each of the lists was purged later.
    pub(super) fn is_purged(&self, purges: &Purges) -> bool {
        let mut lists = self.lists.iter();
        lists.all(|list| purges.get(list).is_some_and(|rev| self.rev < *rev))
    }
}

impl ListRow {
    /// Whether it hands out no more entries, whatever happens.
    #[must_use]
    pub(crate) const fn is_closed_to_allocation(&self) -> bool {
        matches!(
            self.state,
            ListState::Full | ListState::Closed | ListState::Retired
        )
    }
}

impl Snapshot<'_> {
    /// The lists that were purged.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn purged_lists(&self) -> Result<Vec<ListNumber>, StoreError> {
        Ok(purges(&self.transaction)?.into_keys().collect())
    }

    /// What a purge of these lists removes: lists of which nothing goes are left out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn removal(&self, lists: &[ListNumber]) -> Result<Removal, StoreError> {
        let first = match self.format {
            Format::One => None,
            Format::Two | Format::Three | Format::Four => self.first_sealed()?,
        };
        let first = first.unwrap_or(self.head.rev + 1);
        let mut purges = purges(&self.transaction)?;
        purges.extend(lists.iter().map(|list| (*list, self.head.rev + 1)));
        let mut removal = Removal::default();
        let mut noted = BTreeSet::new();
        let note = "SELECT 1 FROM event WHERE rev = ?1 AND note <> ''";
        touching(&self.transaction, self.format, |touch| {
            let has_note = || one(&self.transaction, note, params![touch.rev], |_| Ok(()));
            if !touch.is_purged(&purges) || has_note()?.is_none() {
                return Ok(());
            }
            if touch.rev >= first {
                removal.revision_notes += 1;
                noted.extend(touch.lists.iter().copied());
            } else if touch.lists.iter().any(|list| lists.contains(list)) {
                removal.kept_notes += 1;
            }
            Ok(())
        })?;
        for list in lists {
            let of_list = self.removal_of(*list, first)?;
            let kept = "SELECT count(*) FROM change \
                        WHERE list_id = ?1 AND rev < ?2 AND note IS NOT NULL";
            removal.kept_notes += self.count(kept, params![list.value(), first])?;
            if !of_list.is_empty() || noted.contains(list) {
                removal.lists.push(of_list);
            }
        }
        Ok(removal)
    }

    fn removal_of(&self, list: ListNumber, first: i64) -> Result<OfList, StoreError> {
        let number = list.value();
        let range = params![position(list, 0), position(list, LAST_STEP)];
        let mut of_list = OfList {
            list_id: number,
            token_ids: self.count(
                "SELECT count(token) FROM alloc WHERE pos BETWEEN ?1 AND ?2",
                range,
            )?,
            group_entries: 0,
            notes: self.count(
                "SELECT count(note) FROM change WHERE list_id = ?1 AND rev >= ?2",
                params![number, first],
            )?,
        };
        if self.format >= Format::Three {
            let sql = "SELECT count(token) FROM label WHERE pos BETWEEN ?1 AND ?2";
            of_list.token_ids += self.count(sql, range)?;
            let sql = "SELECT count(group_id) FROM member WHERE list_id = ?1";
            of_list.group_entries = self.count(sql, params![number])?;
        }
        Ok(of_list)
    }

    fn first_sealed(&self) -> Result<Option<i64>, StoreError> {
        match self.format {
            Format::One => Ok(None),
            Format::Two => {
                let sql = "SELECT min(rev) FROM revision_key";
                only(&self.transaction, sql, [], value)
            }
            Format::Three | Format::Four => first_sealed(&self.transaction),
        }
    }

    fn count(&self, sql: &str, key: impl Params) -> Result<u64, StoreError> {
        only(&self.transaction, sql, key, |row| Ok(count(row.get(0)?)))
    }
}

/// The lists that revisions so far purged.
pub(super) fn purges(connection: &Connection) -> Result<Purges, StoreError> {
    let sql = "SELECT purged.value, max(event.rev) \
               FROM event, json_each(event.body, '$.purged') AS purged \
               WHERE instr(event.body, '\"purged\":') GROUP BY 1";
    all(connection, sql, [], |row| {
        let (list, rev) = columns(row)?;
        Ok((list_number(list)?, rev))
    })
}

/// The first revision that had a key, under which its notes stand in the chain. Revisions before it
/// are of format 1.
pub(super) fn first_sealed(connection: &Connection) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(rev) FROM (SELECT min(rev) AS rev FROM revision_key \
               UNION ALL SELECT min(rev) FROM sealed WHERE kind = 4)";
    only(connection, sql, [], value)
}

/// Goes through all revisions that have rows of lists, oldest first.
pub(super) fn touching(
    connection: &Connection,
    format: Format,
    mut see: impl FnMut(&Touch) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut sql = "SELECT rev, list_id FROM alloc_run UNION SELECT rev, pos >> 40 FROM alloc \
                   UNION SELECT rev, list_id FROM change UNION SELECT rev, list_id FROM document"
        .to_owned();
    if format >= Format::Three {
        sql.push_str(
            " UNION SELECT rev, pos >> 40 FROM label UNION SELECT rev, list_id FROM term \
             UNION SELECT rev, list_id FROM member",
        );
    }
    sql.push_str(" ORDER BY 1, 2");
    let mut touch: Option<Touch> = None;
    let () = all(connection, &sql, [], |row| {
        let (rev, list): (i64, i64) = columns(row)?;
        let list = list_number(list)?;
        match &mut touch {
            Some(touch) if touch.rev == rev => touch.lists.push(list),
            _ => {
                let lists = vec![list];
                if let Some(done) = touch.replace(Touch { rev, lists }) {
                    see(&done)?;
                }
            }
        }
        Ok(())
    })?;
    if let Some(last) = &touch {
        see(last)?;
    }
    Ok(())
}
