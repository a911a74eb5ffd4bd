//! Opening a list file, and making sure that it is one.
//!
//! The journal is a file beside the list file that is removed at the commit
//! (`journal_mode=DELETE`), with `synchronous=EXTRA`. All the states that a power cut can leave
//! between writes and syncs were enumerated: with SQLite's default (`FULL`) 151 of 714 lost a
//! revision that had been acknowledged, because the removal of the journal was not synced, and the
//! journal that came back undid it. With `EXTRA` none of 742 did, for a fifth sync per revision.
//!
//! The WAL mode is refused. It is quicker only for a process that lives long; for one command it
//! takes as many syncs, it leaves two more files behind a killed process, cannot be read on a
//! read-only mount, and whoever copies the list file alone loses revisions. At rest there is one
//! file.
//!
//! The file may come from elsewhere, so its schema must be that of its format to the letter.

use std::fs::File;
use std::io::Read;
use std::os::fd::IntoRawFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::{Reading, StoreError};
use super::format::{APPLICATION_ID, Format};
use super::query::{all, columns};
use crate::disk::DiskError;

/// What a list file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Questions.
    Read,
    /// Changes.
    Write,
}

/// An open list file.
pub struct Store {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    /// The format that it had when it was opened.
    pub(super) format: Format,
}

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// How a list file, and what is to become one, is opened.
pub(super) const FLAGS: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

impl Store {
    /// Opens a list file.
    ///
    /// It is opened for writing even for [`Access::Read`], because only a writer can undo what a
    /// killed process left; on a read-only place it is opened as it is. `wait` is how long to
    /// wait, at each step, for another process.
    ///
    /// # Errors
    /// Nothing there, no list file, a newer format, a changed schema, or a failure of the
    /// operating system.
    pub fn open(path: &Path, access: Access, wait: Duration) -> Result<Self, StoreError> {
        check_magic(path)?;
        super::beside::check(path)?;
        let connection = Connection::open_with_flags(path, FLAGS).reading("open")?;
        connection.busy_timeout(wait).reading("open")?;
        settle(&connection)?;
        let format = check_format(&connection)?;
        if access == Access::Read {
            connection
                .pragma_update(None, "query_only", true)
                .reading("open")?;
        } else if connection.is_readonly("main").reading("open")? {
            return Err(StoreError::ReadOnly);
        }
        Ok(Self {
            connection,
            path: path.to_owned(),
            format,
        })
    }

    /// Keeps up to 32 MiB of pages at hand, for a batch.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn prepare_for_bulk(&self) -> Result<(), StoreError> {
        self.connection
            .pragma_update(None, "cache_size", -32_768)
            .reading("open")
    }

    /// The path that it was opened at.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Says whether a file begins as every list file does.
pub(crate) fn looks_like_a_list_file(beginning: &[u8]) -> bool {
    beginning.starts_with(MAGIC)
}

/// Says whether a file begins as every list file does. A pipe can be read only once: it is never a
/// list file.
pub(crate) fn is_list_file(path: &Path) -> bool {
    let mut beginning = Vec::new();
    std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
        && File::open(path)
            .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut beginning))
            .is_ok()
        && looks_like_a_list_file(&beginning)
}

/// Says whether the first 100 bytes of a file are those of a list file, and of no other database.
///
/// Source: <https://www.sqlite.org/fileformat2.html#the_database_header>.
pub(crate) fn begins_a_list_file(beginning: &[u8]) -> bool {
    let id = beginning.get(68..72).and_then(|id| id.try_into().ok());
    looks_like_a_list_file(beginning)
        && id.map(i32::from_be_bytes).map(i64::from) == Some(APPLICATION_ID)
}

/// Why the operating system cannot read a list file, if it cannot.
///
/// SQLite takes a read that fails (EIO) for damage, so whoever reports damage asks here first. The
/// file stays open until the process ends: to close it would drop the locks that SQLite holds on it
/// in this process.
pub(crate) fn read_failure(path: &Path) -> Option<std::io::Error> {
    let mut file = File::open(path).ok()?;
    let read = std::io::copy(&mut file, &mut std::io::sink());
    let _ = file.into_raw_fd();
    read.err()
}

/// Sets what SQLite does not remember from one connection to the next.
///
/// `synchronous=EXTRA` syncs the folder after the journal is removed: with the default, a power
/// cut can bring the journal back, and it would undo an acknowledged change.
pub(super) fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(
            "PRAGMA synchronous = EXTRA; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON; \
             PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
        )
        .and_then(|()| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true))
        .map(drop)
        .reading("open")
}

fn check_magic(path: &Path) -> Result<(), StoreError> {
    let failed = |verb| {
        move |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::NotFound => StoreError::Missing,
            _ => DiskError::new(verb, path, source).into(),
        }
    };
    let metadata = std::fs::metadata(path).map_err(failed("look at"))?;
    if metadata.is_dir() {
        return Err(StoreError::NotAListFile("it is a folder"));
    }
    if !metadata.is_file() {
        return Err(StoreError::NotAListFile("it is no regular file"));
    }
    let mut beginning = Vec::new();
    File::open(path)
        .and_then(|file| file.take(16).read_to_end(&mut beginning))
        .map_err(failed("read"))?;
    if beginning.is_empty() {
        return Err(StoreError::NotAListFile("it is empty"));
    }
    if !looks_like_a_list_file(&beginning) {
        return Err(StoreError::NotAListFile("it is no SQLite database"));
    }
    Ok(())
}

/// Checks what the file is, and returns its format.
fn check_format(connection: &Connection) -> Result<Format, StoreError> {
    let format = Format::read(connection)?;
    check_schema(connection, format)?;
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode != "delete" {
        return Err(StoreError::JournalMode(mode));
    }
    Ok(format)
}

/// Compares the stored schema with that of the format: a file from elsewhere could bring triggers and views
/// that change what a query means.
pub(super) fn check_schema(connection: &Connection, format: Format) -> Result<(), StoreError> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid";
    let mut expected: Vec<&str> = format.statements().collect();
    let () = all(connection, sql, [], |row| {
        let (name, sql): (String, String) = columns(row)?;
        match expected.iter().position(|known| *known == sql) {
            Some(at) => drop(expected.remove(at)),
            None => return Err(StoreError::ForeignSchema(name)),
        }
        Ok(())
    })?;
    match expected.first().map(|missing| missing.lines().next()) {
        None => Ok(()),
        Some(line) => Err(StoreError::ForeignSchema(
            line.unwrap_or_default().to_owned(),
        )),
    }
}
