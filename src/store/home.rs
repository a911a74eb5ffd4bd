//! Where a list file lives.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::time::UNIX_EPOCH;

use rusqlite::{Connection, OptionalExtension, params};

use super::error::{Reading, StoreError};
use super::format::Format;
use super::snapshot::Snapshot;

/// Where a list file lives: a copy of it lives elsewhere, and would hand out the same indexes.
///
/// It follows from the place, so the chain does not cover it, but for `anywhere`. A renamed file
/// keeps device, inode and birth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The file system.
    pub device: u64,
    /// The file in it.
    pub inode: u64,
    /// When the file was made, in nanoseconds since 1970, where the file system knows.
    pub born: Option<i64>,
    /// The machine, where inodes do not last.
    pub machine: Option<String>,
    /// The path, where inodes do not last.
    pub path: Option<String>,
    /// Whether the file travels by design.
    pub anywhere: bool,
}

impl Home {
    /// The home that a file has, without machine and path.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        let since = |time: std::time::SystemTime| time.duration_since(UNIX_EPOCH).ok();
        let born = metadata.created().ok().and_then(since);
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            born: born.and_then(|since| i64::try_from(since.as_nanos()).ok()),
            machine: None,
            path: None,
            anywhere: false,
        }
    }

    /// Records it in place of the one before.
    pub(super) fn keep(&self, connection: &Connection) -> Result<(), StoreError> {
        connection
            .execute(
                "INSERT OR REPLACE INTO home (id, device, inode, born, machine, path, anywhere) \
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    self.device.cast_signed(),
                    self.inode.cast_signed(),
                    self.born,
                    self.machine,
                    self.path,
                    self.anywhere
                ],
            )
            .map(drop)
            .reading("write to")
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
        self.transaction
            .query_row(
                "SELECT device, inode, born, machine, path, anywhere FROM home WHERE id = 1",
                [],
                |row| {
                    Ok(Home {
                        device: row.get::<_, i64>(0)?.cast_unsigned(),
                        inode: row.get::<_, i64>(1)?.cast_unsigned(),
                        born: row.get(2)?,
                        machine: row.get(3)?,
                        path: row.get(4)?,
                        anywhere: row.get(5)?,
                    })
                },
            )
            .optional()
            .reading("read")
    }
}
