//! Removing names and notes of closed lists for good.
//!
//! A list that hands out no more entries keeps its statuses, and what they are published with. What
//! tells whom its entries belong to can go: token ids (of `alloc` and `label`), the groups of its
//! entries, and the notes of their changes. With them goes the key of the list, under which they
//! stand in the chain, so that nobody can find out by trying whether a text was among them. Of each
//! text its code stays (table `sealed`), and the chain over all revisions is verified with it.
//!
//! A revision has a note and a key of its own, and its request names token ids. Both go with the
//! last purge of the lists that the revision has anything of: entries of a list that was not purged
//! may be what the note is about. Whoever repeats such an operation by its id is told that nobody
//! knows any more what it was asked for. In a revision of format 1 the chain has notes as they are,
//! and token ids and requests by their SHA-256: token ids go, and notes must stay.
//!
//! Never removed: operation ids and actors, expiries, the hashes of documents, which readers ask
//! for, and statuses.
//!
//! # What is on the disk afterwards
//!
//! What is removed is overwritten with zeros (`secure_delete`), and the file is written anew
//! ([`Store::rewrite`], a VACUUM), because copies of what stood in a page may be in parts of the
//! file that SQLite used before. If that fails or is killed, the purge is done all the same, and a
//! repetition writes the file anew. The rollback journals of both steps, which hold what pages were
//! before, are deleted and not overwritten, and so is the temporary file of VACUUM, which is in the
//! folder for temporary files (`SQLITE_TMPDIR`, `TMPDIR`), without a name: like every deleted file,
//! they can be found on the disk until something else is written there, and so can whatever a
//! snapshot, a log-structured file system or the disk itself keeps. Where that matters, the disk is
//! encrypted. Backups and other copies of the list file are other files, which nobody here knows.

use rusqlite::types::FromSql;
use rusqlite::{Connection, Params, Row, params};

use super::Store;
use super::error::{Outcome, Reading, StoreError};
use super::format::Format;
use super::keys::{Key, Secret};
use super::later::{LabelRow, MemberRow};
use super::query::{all, columns, one, only, value, write};
use super::removal::{LAST_STEP, Purges, first_sealed, purges, touching};
use super::rows::{AllocationRow, ChangeRow, list_number, position};
use super::sealed::{Codes, Kind, SealedText};
use super::snapshot::Snapshot;
use crate::list::{ListNumber, Width};

/// Removes what a purge of lists removes, before the rows of its revision are written.
pub(super) fn purge(
    connection: &Connection,
    lists: &[ListNumber],
    rev: i64,
) -> Result<(), StoreError> {
    connection
        .pragma_update(None, "secure_delete", true)
        .reading("write to")?;
    let first = first_sealed(connection)?.unwrap_or(rev);
    let triggers = Triggers::take(connection)?;
    for list in lists {
        let purge = Purge {
            connection,
            list: *list,
            first,
        };
        purge.token_ids()?;
        purge.labels()?;
        purge.groups()?;
        purge.notes()?;
        Key::random()?.replace_for(connection, *list)?;
    }
    let nameless = "DELETE FROM entry_group WHERE group_id NOT IN \
                    (SELECT group_id FROM member WHERE group_id IS NOT NULL)";
    write(connection, nameless, [])?;
    let mut purges = purges(connection)?;
    purges.extend(lists.iter().map(|list| (*list, rev)));
    revisions(connection, &purges)?;
    triggers.put_back(connection)
}

/// The purge of one list.
struct Purge<'c> {
    connection: &'c Connection,
    list: ListNumber,
    /// The first revision of which notes stand in the chain by a code.
    first: i64,
}

impl Purge<'_> {
    /// Keeps the code of each text that is in the rows of a query.
    fn seal(
        &self,
        sql: &str,
        key: impl Params,
        read: impl Fn(&Row<'_>, &mut Codes<'_>) -> Result<Option<SealedText>, StoreError>,
    ) -> Result<(), StoreError> {
        let mut codes = Codes::of_texts(self.connection);
        all(self.connection, sql, key, |row| {
            let sealed = read(row, &mut codes)?;
            sealed.map_or(Ok(()), |sealed| sealed.keep(self.connection))
        })
    }

    fn token_ids(&self) -> Result<(), StoreError> {
        let columns = AllocationRow::COLUMNS;
        let sql = format!(
            "SELECT {columns} FROM alloc WHERE pos BETWEEN ?1 AND ?2 AND token IS NOT NULL"
        );
        let range = params![position(self.list, 0), position(self.list, LAST_STEP)];
        self.seal(&sql, range, |row, codes| {
            let row = AllocationRow::read(row)?;
            let format = if row.rev < self.first {
                Format::One
            } else {
                Format::NEWEST
            };
            let code = codes.token_id(format, &row)?;
            Ok(code.map(|code| SealedText {
                rev: row.rev,
                kind: Kind::TokenId,
                entry: row.entry(),
                code,
            }))
        })?;
        let sql = "UPDATE alloc SET token = NULL \
                   WHERE pos BETWEEN ?1 AND ?2 AND token IS NOT NULL";
        write(self.connection, sql, range)
    }

    fn labels(&self) -> Result<(), StoreError> {
        let columns = LabelRow::COLUMNS;
        let sql = format!(
            "SELECT {columns}, rev FROM label WHERE pos BETWEEN ?1 AND ?2 AND token IS NOT NULL"
        );
        let range = params![position(self.list, 0), position(self.list, LAST_STEP)];
        self.seal(&sql, range, |row, codes| {
            let (rev, row) = (last(row, LabelRow::COLUMNS)?, LabelRow::read(row)?);
            let code = codes.label(&row)?;
            Ok(code.map(|code| SealedText {
                rev,
                kind: Kind::Label,
                entry: row.entry(),
                code,
            }))
        })?;
        let sql = "UPDATE label SET token = NULL \
                   WHERE pos BETWEEN ?1 AND ?2 AND token IS NOT NULL";
        write(self.connection, sql, range)
    }

    fn groups(&self) -> Result<(), StoreError> {
        let columns = MemberRow::COLUMNS;
        let sql = format!(
            "SELECT {columns}, rev FROM member WHERE list_id = ?1 AND group_id IS NOT NULL"
        );
        let list = params![self.list.value()];
        self.seal(&sql, list, |row, codes| {
            let (rev, row) = (last(row, MemberRow::COLUMNS)?, MemberRow::read(row)?);
            let code = codes.group(&row)?;
            Ok(code.map(|code| SealedText {
                rev,
                kind: Kind::Group,
                entry: row.entry,
                code,
            }))
        })?;
        let sql = "UPDATE member SET group_id = NULL WHERE list_id = ?1 AND group_id IS NOT NULL";
        write(self.connection, sql, list)
    }

    fn notes(&self) -> Result<(), StoreError> {
        let columns = ChangeRow::COLUMNS;
        let sql = format!(
            "SELECT {columns}, rev FROM change \
             WHERE list_id = ?1 AND rev >= ?2 AND note IS NOT NULL"
        );
        let key = params![self.list.value(), self.first];
        self.seal(&sql, key, |row, codes| {
            // The statuses do not stand in the code.
            let rev = last(row, ChangeRow::COLUMNS)?;
            let row = ChangeRow::read(row, Width::Eight)?;
            let code = codes.change_note(&row)?;
            Ok(code.map(|code| SealedText {
                rev,
                kind: Kind::ChangeNote,
                entry: row.entry,
                code,
            }))
        })?;
        let sql = "UPDATE change SET note = NULL \
                   WHERE list_id = ?1 AND rev >= ?2 AND note IS NOT NULL";
        write(self.connection, sql, key)
    }
}

/// The column behind these.
fn last<T: FromSql>(row: &Row<'_>, columns: &str) -> Result<T, StoreError> {
    Ok(row.get(columns.split(',').count())?)
}

/// Removes note and key of each revision that has nothing but entries of purged lists.
fn revisions(connection: &Connection, purges: &Purges) -> Result<(), StoreError> {
    for rev in nameless(connection, purges)? {
        let Some(key) = Key::of_revision(connection, rev)? else {
            continue;
        };
        let sql = "SELECT note FROM event WHERE rev = ?1";
        let note: String = only(connection, sql, params![rev], value)?;
        let code = key.sealer().seal(Secret::Note, note.as_bytes());
        SealedText::of_revision(rev, code).keep(connection)?;
        let sql = "UPDATE event SET note = '' WHERE rev = ?1 AND note <> ''";
        write(connection, sql, params![rev])?;
        let sql = "DELETE FROM revision_key WHERE rev = ?1";
        write(connection, sql, params![rev])?;
    }
    Ok(())
}

/// The revisions whose notes stand in the chain by a code, and of which every row belongs to a list
/// that was purged later.
fn nameless(connection: &Connection, purges: &Purges) -> Result<Vec<i64>, StoreError> {
    let Some(first) = first_sealed(connection)? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    touching(connection, Format::NEWEST, |touch| {
        if touch.rev >= first && touch.is_purged(purges) {
            found.push(touch.rev);
        }
        Ok(())
    })?;
    Ok(found)
}

/// The triggers that keep notes from being changed, while they are away.
struct Triggers(Vec<String>);

impl Triggers {
    fn take(connection: &Connection) -> Result<Self, StoreError> {
        let mut statements = Vec::new();
        for name in ["event_no_update", "change_no_update"] {
            let sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1";
            statements.push(only(connection, sql, params![name], value)?);
            write(connection, &format!("DROP TRIGGER {name}"), [])?;
        }
        Ok(Self(statements))
    }

    fn put_back(self, connection: &Connection) -> Result<(), StoreError> {
        let mut statements = self.0.iter();
        statements.try_for_each(|statement| write(connection, statement, []))
    }
}

impl Store {
    /// Writes the file anew, without what stood in it before: the last step of a purge.
    ///
    /// # Errors
    /// Somebody reads it, the disk is full, or it fails. The file is as it was.
    pub fn rewrite(&self) -> Result<(), StoreError> {
        self.connection
            .execute_batch("VACUUM")
            .map_err(|source| StoreError::of("rewrite", Outcome::Committed, source))
    }
}

impl Snapshot<'_> {
    /// Whether a purge removed what a revision was asked for.
    pub(super) fn is_purged(&self, rev: i64) -> Result<bool, StoreError> {
        if self.format < Format::Three {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM sealed WHERE rev = ?1 AND kind = 4";
        Ok(one(&self.transaction, sql, params![rev], |_| Ok(()))?.is_some())
    }

    /// Checks that what purges removed is not there, and that nothing was removed without a purge.
    pub(super) fn verify_purged(&self, purges: &Purges) -> Result<(), StoreError> {
        if self.format < Format::Three {
            return Ok(());
        }
        let connection = &self.transaction;
        let first = first_sealed(connection)?.unwrap_or(i64::MAX);
        for (list, rev) in purges {
            if holds_texts(connection, *list, first..*rev)? {
                return Err(StoreError::Corrupt(format!(
                    "list {list} has a token id, a group or a note of before it was purged"
                )));
            }
        }
        let sql = "SELECT list_id, max(rev) FROM sealed WHERE kind < 4 GROUP BY list_id";
        let () = all(connection, sql, [], |row| {
            let (list, rev): (i64, i64) = columns(row)?;
            let list = list_number(list)?;
            if purges.get(&list).is_some_and(|purged| rev < *purged) {
                return Ok(());
            }
            Err(StoreError::Corrupt(format!(
                "a text of list {list} was removed without a purge"
            )))
        })?;
        let sql = "SELECT rev FROM sealed WHERE kind = 4 ORDER BY rev";
        let removed: Vec<i64> = all(connection, sql, [], value)?;
        let expected = if purges.is_empty() {
            Vec::new()
        } else {
            nameless(connection, purges)?
        };
        if removed == expected {
            return Ok(());
        }
        let what = "notes of revisions are not removed as the log says";
        Err(StoreError::Corrupt(what.to_owned()))
    }
}

/// Whether a list has texts of revisions before it was purged; of notes only those that can go.
fn holds_texts(
    connection: &Connection,
    list: ListNumber,
    revisions: std::ops::Range<i64>,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM alloc WHERE pos BETWEEN ?2 AND ?3 AND rev < ?4 \
                              AND token IS NOT NULL) \
               OR EXISTS (SELECT 1 FROM label WHERE pos BETWEEN ?2 AND ?3 AND rev < ?4 \
                          AND token IS NOT NULL) \
               OR EXISTS (SELECT 1 FROM member WHERE list_id = ?1 AND rev < ?4 \
                          AND group_id IS NOT NULL) \
               OR EXISTS (SELECT 1 FROM change WHERE list_id = ?1 AND rev < ?4 AND rev >= ?5 \
                          AND note IS NOT NULL) \
               OR EXISTS (SELECT 1 FROM entry_group WHERE group_id NOT IN \
                          (SELECT group_id FROM member WHERE group_id IS NOT NULL))";
    let key = params![
        list.value(),
        position(list, 0),
        position(list, LAST_STEP),
        revisions.end,
        revisions.start
    ];
    only(connection, sql, key, value)
}
