//! The steps from one format to the next.
//!
//! A file is read in the format that it has, and taken to the newest one by the first revision
//! that is written to it, in the same transaction: a crash, a full disk or a dry run leaves it as
//! it was. A step only adds tables. Only questions and publications leave a file in its format, so
//! that a program of before can still read what nobody changed.
//!
//! Revisions of format 1 keep their digests: token ids and notes by a bare hash or as they are, and
//! nothing of what they left of the lists. What the lists are at the step is believed, as it was
//! before; `inspect` holds it against the log in both formats.

use rusqlite::Connection;

use super::error::{Reading, StoreError};
use super::format::{APPLICATION_ID, Format};
use super::keys::Key;
use super::published::Tally;
use super::query::all;
use super::rows;

/// A file that was taken to another format, or would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The format that it had.
    pub from: i64,
    /// The format that it has.
    pub to: i64,
}

impl Format {
    /// Takes a file from this format to the newest one.
    pub(super) fn migrate(self, connection: &Connection) -> Result<Option<Migration>, StoreError> {
        if self == Self::NEWEST {
            return Ok(None);
        }
        Self::step_through(connection, |format| *format > self)?;
        Ok(Some(Migration {
            from: self.number(),
            to: Self::NEWEST.number(),
        }))
    }

    /// Makes the tables of the newest format in an empty file.
    pub(super) fn make(connection: &Connection) -> Result<(), StoreError> {
        connection
            .pragma_update(None, "application_id", APPLICATION_ID)
            .reading("make")?;
        Self::step_through(connection, |_| true)
    }

    fn step_through(
        connection: &Connection,
        wanted: impl Fn(&Self) -> bool,
    ) -> Result<(), StoreError> {
        for format in Self::ALL.into_iter().filter(wanted) {
            connection
                .execute_batch(format.added())
                .reading("write to")?;
            format.fill(connection)?;
        }
        connection
            .pragma_update(None, "user_version", Self::NEWEST.number())
            .reading("write to")
    }

    /// Fills the tables that it adds from those that were there.
    fn fill(self, connection: &Connection) -> Result<(), StoreError> {
        match self {
            Self::One | Self::Three | Self::Four => Ok(()),
            Self::Two => {
                let lists = "SELECT list_id FROM list ORDER BY list_id";
                let () = all(connection, lists, [], |row| {
                    let list = rows::list_number(rows::integer(row, 0)?)?;
                    Key::random()?.keep_for(connection, list)
                })?;
                Tally::of(connection)?.begin(connection)
            }
        }
    }
}
