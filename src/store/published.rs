//! The publications that a list file remembers. They are no revisions: the site itself says what it
//! holds.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::chain::{ChainWriter, Hash};
use super::error::StoreError;
use super::format::Format;
use super::query::{all, columns, one, only, value, write};
use super::rows::{ListRow, list_number};
use super::shards::{Sum, fold, sum_in};
use super::snapshot::Snapshot;
use crate::list::{ListNumber, Timestamp};

/// A publication that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The list.
    pub list: ListNumber,
    /// The view.
    pub view: String,
    /// The revision that was published.
    pub rev: i64,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it expires, if it does.
    pub expires_at: Option<Timestamp>,
    /// The SHA-256 of the file.
    pub sha256: Hash,
    /// Where it was written.
    pub target: String,
    /// When it is to be replaced at the latest, for whoever hears of it; it is not on record.
    pub due: Option<Timestamp>,
}

/// How many rows there are, and the sums of all of them put together: a lost or an altered row is
/// seen, and a new one is added without looking at the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    count: i64,
    xor: Sum,
}

const COLUMNS: &str = "list_id, view, rev, iat, exp, sha256, target";

impl Publication {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            list: list_number(row.get(0)?)?,
            view: row.get(1)?,
            rev: row.get(2)?,
            issued_at: row.get(3)?,
            expires_at: row.get(4)?,
            sha256: row.get(5)?,
            target: row.get(6)?,
            due: None,
        })
    }

    /// Writes it down, and returns what was written in its place before.
    pub(super) fn keep(&self, connection: &Connection) -> Result<Option<Self>, StoreError> {
        let key = params![self.list.value(), self.view, self.issued_at, self.target];
        let sql = format!(
            "SELECT {COLUMNS} FROM published \
             WHERE list_id = ?1 AND view = ?2 AND iat = ?3 AND target = ?4"
        );
        let before = one(connection, &sql, key, Self::read)?;
        let sql = format!(
            "INSERT OR REPLACE INTO published ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        );
        let values = params![
            self.list.value(),
            self.view,
            self.rev,
            self.issued_at,
            self.expires_at,
            self.sha256,
            self.target
        ];
        write(connection, &sql, values)?;
        Ok(before)
    }

    fn sum(&self) -> Sum {
        let mut writer = ChainWriter::new("statuslist/published/1");
        writer.number(i64::from(self.list.value()));
        writer.text(&self.view);
        writer.number(self.rev);
        writer.number(self.issued_at.second());
        writer.optional(self.expires_at.map(Timestamp::second));
        writer.fixed(&self.sha256);
        writer.text(&self.target);
        sum_in(&writer.finish())
    }
}

impl Tally {
    /// Counts the rows that there are.
    pub(super) fn of(connection: &Connection) -> Result<Self, StoreError> {
        let mut tally = Self::default();
        each(connection, |publication| {
            tally.add(publication);
            Ok(())
        })?;
        Ok(tally)
    }

    /// Writes it down the first time.
    pub(super) fn begin(self, connection: &Connection) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT INTO tally (id, published, published_xor) VALUES (1, ?1, ?2)",
            params![self.count, self.xor],
        )
    }

    pub(super) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let sql = "SELECT published, published_xor FROM tally WHERE id = 1";
        let (count, xor) = only(connection, sql, [], columns)?;
        Ok(Self { count, xor })
    }

    pub(super) fn keep(self, connection: &Connection) -> Result<(), StoreError> {
        write(
            connection,
            "UPDATE tally SET published = ?1, published_xor = ?2 WHERE id = 1",
            params![self.count, self.xor],
        )
    }

    pub(super) fn add(&mut self, publication: &Publication) {
        self.count += 1;
        fold(&mut self.xor, publication.sum());
    }

    pub(super) fn remove(&mut self, publication: &Publication) {
        self.count -= 1;
        fold(&mut self.xor, publication.sum());
    }
}

impl Snapshot<'_> {
    /// Whether a publication of a list was recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_published(&self, list: ListNumber) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM published WHERE list_id = ?1";
        let found = one(&self.transaction, sql, params![list.value()], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// The newest publication of each list, view and place, as far as they were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let sql = "SELECT list_id, view, rev, max(iat), exp, sha256, target FROM published \
                   GROUP BY list_id, view, target ORDER BY list_id, view, target";
        all(&self.transaction, sql, [], Publication::read)
    }

    /// The newest publication of each view of a list: at a place, or at whichever is the newest.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn publications_of(
        &self,
        list: ListNumber,
        target: Option<&str>,
    ) -> Result<Vec<Publication>, StoreError> {
        let sql = "SELECT list_id, view, rev, max(iat), exp, sha256, target FROM published \
                   WHERE list_id = ?1 AND (?2 IS NULL OR target = ?2) GROUP BY view ORDER BY view";
        let key = params![list.value(), target];
        all(&self.transaction, sql, key, Publication::read)
    }

    /// When a list was first published, at a place or anywhere, that shows a revision; nothing if
    /// that is not on record.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn first_publication(
        &self,
        list: ListNumber,
        rev: i64,
        target: Option<&str>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(iat) FROM published \
                   WHERE list_id = ?1 AND rev >= ?2 AND (?3 IS NULL OR target = ?3)";
        let key = params![list.value(), rev, target];
        only(&self.transaction, sql, key, value)
    }

    /// Checks that what is recorded is of lists and revisions that there are, and that no row was
    /// lost or altered since it was written.
    pub(super) fn verify_published(
        &self,
        lists: &BTreeMap<ListNumber, ListRow>,
    ) -> Result<(), StoreError> {
        let wrong = |list| {
            Err(StoreError::Corrupt(format!(
                "what is recorded of publications of list {list} cannot be"
            )))
        };
        let mut tally = Tally::default();
        each(&self.transaction, |publication| {
            let known = lists.contains_key(&publication.list);
            if !known || !(1..=self.head.rev).contains(&publication.rev) {
                return wrong(publication.list);
            }
            tally.add(publication);
            Ok(())
        })?;
        if self.format > Format::One && tally != Tally::load(&self.transaction)? {
            return Err(StoreError::Corrupt(
                "the publications on record are not those that were recorded".to_owned(),
            ));
        }
        Ok(())
    }
}

fn each(
    connection: &Connection,
    mut see: impl FnMut(&Publication) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM published");
    all(connection, &sql, [], |row| see(&Publication::read(row)?))
}
