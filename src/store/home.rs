//! Where a list file lives, so that a copy of it is known for one.
//!
//! The permutation is deterministic, so a copy would hand out the same indexes as its original. The
//! first revision that is written records where the file lives; elsewhere nothing is handed out.

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::error::StoreError;
use super::format::Format;
use super::query::{one, write};
use super::snapshot::Snapshot;
use crate::disk;

/// Where a list file may hand out entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Which file it was when that was recorded.
    pub identity: disk::FileIdentity,
    /// Whether it travels by design, and hands out entries wherever it is.
    pub anywhere: bool,
}

/// Where a list file is, seen from what it recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Where it lives.
    Here,
    /// Not where it lives: it is a copy, or was moved.
    Elsewhere,
    /// It travels by design.
    Anywhere,
    /// Nothing is recorded yet: the next revision does that.
    Unknown,
}

/// What a revision recorded of where the file lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Nothing.
    Nothing,
    /// Its place, which a rename within the file system keeps.
    Place,
    /// Machine and path, because inodes do not last there: a rename counts as moving.
    Path,
}

impl Home {
    /// What the log keeps of it.
    pub(super) fn describe(&self) -> Value {
        let file = &self.identity;
        json!({
            "device": file.device,
            "inode": file.inode,
            "born": file.born,
            "machine": file.machine,
            "path": file.path,
            "anywhere": self.anywhere,
        })
    }

    /// Records it in place of the one before.
    pub(super) fn keep(&self, connection: &Connection) -> Result<(), StoreError> {
        let file = &self.identity;
        write(
            connection,
            "INSERT OR REPLACE INTO home (id, device, inode, born, machine, path, anywhere) \
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                file.device.cast_signed(),
                file.inode.cast_signed(),
                file.born,
                file.machine,
                file.path,
                self.anywhere
            ],
        )
    }
}

impl Recorded {
    /// What a revision with this home records.
    pub(super) fn of(home: Option<&Home>) -> Self {
        match home {
            None => Self::Nothing,
            Some(home) if home.identity.path.is_some() && !home.anywhere => Self::Path,
            Some(_) => Self::Place,
        }
    }
}

impl Snapshot<'_> {
    /// Where the file lived when that was last recorded; `None` if it never was.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn home(&self) -> Result<Option<Home>, StoreError> {
        if self.format < Format::Two {
            return Ok(None);
        }
        let sql = "SELECT device, inode, born, machine, path, anywhere FROM home WHERE id = 1";
        one(&self.transaction, sql, [], |row| {
            Ok(Home {
                identity: disk::FileIdentity {
                    device: row.get::<_, i64>(0)?.cast_unsigned(),
                    inode: row.get::<_, i64>(1)?.cast_unsigned(),
                    born: row.get(2)?,
                    machine: row.get(3)?,
                    path: row.get(4)?,
                },
                anywhere: row.get(5)?,
            })
        })
    }

    /// Which file this is.
    ///
    /// # Errors
    /// The operating system fails.
    pub fn identity(&self) -> Result<disk::FileIdentity, StoreError> {
        Ok(disk::FileIdentity::of(self.path)?)
    }

    /// Says whether the file is where it lives.
    ///
    /// # Errors
    /// The file cannot be read, or the operating system fails.
    pub fn whereabouts(&self) -> Result<Whereabouts, StoreError> {
        Ok(match self.home()? {
            None => Whereabouts::Unknown,
            Some(home) if home.anywhere => Whereabouts::Anywhere,
            Some(home) if home.identity.is(&self.identity()?) => Whereabouts::Here,
            Some(_) => Whereabouts::Elsewhere,
        })
    }

    /// Refuses to hand out entries where the file does not live, and what must know of all that were.
    pub(crate) fn refuse_elsewhere(&self) -> Result<(), StoreError> {
        match self.whereabouts()? {
            Whereabouts::Elsewhere => Err(StoreError::Elsewhere),
            _ => Ok(()),
        }
    }
}
