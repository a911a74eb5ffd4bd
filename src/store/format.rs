//! The formats that a list file may have.
//!
//! One file of each format is kept in the tests.

use rusqlite::Connection;

use super::error::StoreError;

/// What `file` and SQLite's own tools see: "SLL1".
pub(super) const APPLICATION_ID: i64 = 0x534C_4C31;

/// A format of the list file, kept as SQLite's `user_version`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Format {
    /// Token ids and notes stand in the chain by their SHA-256 or as they are. No revision says
    /// that it is of this format.
    #[default]
    One,
    /// They stand in it under keys; the file knows where it lives, and what it adopted.
    Two,
    /// Lists take turns and end, and of entries more is known than their allocation: groups, token
    /// ids and expiries that were said later. What a purge removed stands in the chain all the same.
    Three,
    /// It knows who is told what happens, and up to where that was done. What the chain covers is as
    /// before.
    Four,
}

impl Format {
    /// The format of new files, and of those that were changed by this program.
    pub(super) const NEWEST: Self = Self::Four;

    pub(super) const ALL: [Self; 4] = [Self::One, Self::Two, Self::Three, Self::Four];

    /// What the file says.
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }

    /// The format with this number.
    pub(super) fn of_number(number: i64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.number() == number)
    }

    /// What this format adds to the one before, one statement per paragraph.
    pub(super) const fn added(self) -> &'static str {
        match self {
            Self::One => include_str!("schema-1.sql"),
            Self::Two => include_str!("schema-2.sql"),
            Self::Three => include_str!("schema-3.sql"),
            Self::Four => include_str!("schema-4.sql"),
        }
    }

    /// Every statement of its schema, as SQLite keeps them.
    pub(super) fn statements(self) -> impl Iterator<Item = &'static str> {
        Self::ALL
            .into_iter()
            .filter(move |format| *format <= self)
            .flat_map(|format| format.added().split("\n\n"))
            .map(|statement| statement.trim().trim_end_matches(';'))
    }

    /// Reads the format of an open file.
    ///
    /// # Errors
    /// It is the database of another program, or of a newer version of this one.
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        if number("application_id")? != APPLICATION_ID {
            return Err(StoreError::NotAListFile(
                "it is the database of another program",
            ));
        }
        let found = number("user_version")?;
        if found > Self::NEWEST.number() {
            return Err(StoreError::NewerFormat {
                found,
                known: Self::NEWEST.number(),
            });
        }
        Self::of_number(found).ok_or_else(|| StoreError::Corrupt(format!("format version {found}")))
    }
}
