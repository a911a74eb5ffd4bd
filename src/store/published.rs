//! The publications that a list file remembers. They are no revisions: the site itself says what it
//! holds.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};

use super::Store;
use super::chain::{Hash, Writer};
use super::error::{Outcome, Reading, StoreError};
use super::format::Format;
use super::query::{one, write};
use super::rows::{ListRow, list_number};
use super::shards::{Sum, fold};
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
            list: list_number(row.get(0).reading("read")?)?,
            view: row.get(1).reading("read")?,
            rev: row.get(2).reading("read")?,
            issued_at: Timestamp::from_second(row.get(3).reading("read")?),
            expires_at: row
                .get::<_, Option<i64>>(4)
                .reading("read")?
                .map(Timestamp::from_second),
            sha256: row.get(5).reading("read")?,
            target: row.get(6).reading("read")?,
        })
    }

    /// Writes it down, and returns what was written in its place before.
    fn keep(&self, connection: &Connection) -> Result<Option<Self>, StoreError> {
        let key = params![
            self.list.value(),
            self.view,
            self.issued_at.second(),
            self.target
        ];
        let sql = format!(
            "SELECT {COLUMNS} FROM published \
             WHERE list_id = ?1 AND view = ?2 AND iat = ?3 AND target = ?4"
        );
        let before = one(connection, &sql, key, |row| Ok(Self::read(row)))?.transpose()?;
        connection
            .execute(
                "INSERT OR REPLACE INTO published (list_id, view, rev, iat, exp, sha256, \
                 target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    self.list.value(),
                    self.view,
                    self.rev,
                    self.issued_at.second(),
                    self.expires_at.map(Timestamp::second),
                    self.sha256,
                    self.target
                ],
            )
            .reading("write to")?;
        Ok(before)
    }

    fn sum(&self) -> Sum {
        let mut writer = Writer::new("statuslist/published/1");
        writer.number(i64::from(self.list.value()));
        writer.text(&self.view);
        writer.number(self.rev);
        writer.number(self.issued_at.second());
        writer.optional(self.expires_at.map(Timestamp::second));
        writer.fixed(&self.sha256);
        writer.text(&self.target);
        let mut sum = Sum::default();
        sum.copy_from_slice(&writer.finish()[..8]);
        sum
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

    fn load(connection: &Connection) -> Result<Self, StoreError> {
        connection
            .query_row(
                "SELECT published, published_xor FROM tally WHERE id = 1",
                [],
                |row| {
                    Ok(Self {
                        count: row.get(0)?,
                        xor: row.get(1)?,
                    })
                },
            )
            .reading("read")
    }

    fn keep(self, connection: &Connection) -> Result<(), StoreError> {
        write(
            connection,
            "UPDATE tally SET published = ?1, published_xor = ?2 WHERE id = 1",
            params![self.count, self.xor],
        )
    }

    fn add(&mut self, publication: &Publication) {
        self.count += 1;
        fold(&mut self.xor, publication.sum());
    }

    fn remove(&mut self, publication: &Publication) {
        self.count -= 1;
        fold(&mut self.xor, publication.sum());
    }
}

impl Store {
    /// Records publications, in the format that the file has: this is no revision.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(&self, publications: &[Publication]) -> Result<(), StoreError> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
                .reading("lock")?;
        let counted = Format::read(&transaction)? > Format::One;
        let mut tally = if counted {
            Tally::load(&transaction)?
        } else {
            Tally::default()
        };
        for publication in publications {
            if let Some(before) = publication.keep(&transaction)? {
                tally.remove(&before);
            }
            tally.add(publication);
        }
        if counted {
            tally.keep(&transaction)?;
        }
        transaction
            .commit()
            .map_err(|source| StoreError::of("commit to", Outcome::Unknown, source))
    }
}

impl Snapshot<'_> {
    /// Whether a publication of a list was recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_published(&self, list: ListNumber) -> Result<bool, StoreError> {
        self.transaction
            .prepare_cached("SELECT 1 FROM published WHERE list_id = ?1")
            .and_then(|mut statement| statement.exists(params![list.value()]))
            .reading("read")
    }

    /// The newest publication of each list, view and place, as far as they were recorded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let sql = "SELECT list_id, view, rev, max(iat), exp, sha256, target FROM published \
                   GROUP BY list_id, view, target ORDER BY list_id, view, target";
        let mut statement = self.transaction.prepare_cached(sql).reading("read")?;
        let mut rows = statement.query([]).reading("read")?;
        let mut publications = Vec::new();
        while let Some(row) = rows.next().reading("read")? {
            publications.push(Publication::read(row)?);
        }
        Ok(publications)
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
    let mut statement = connection.prepare(&sql).reading("read")?;
    let mut rows = statement.query([]).reading("read")?;
    while let Some(row) = rows.next().reading("read")? {
        see(&Publication::read(row)?)?;
    }
    Ok(())
}
