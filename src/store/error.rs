//! What can go wrong with a list file.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::list::{DocumentHash, EntryId, EntryName, GroupName, ListNumber, Status, TokenId};

/// Whether a change that failed is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was written.
    None,
    /// The change is on the disk; what failed came afterwards.
    Committed,
    /// It may or may not be there: repeat it with the same operation id.
    Unknown,
}

/// What can go wrong with a list file.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Nothing is there.
    #[error("there is no list file")]
    Missing,
    /// Something is there already.
    #[error("the file exists")]
    Exists,
    /// Something else is there.
    #[error("{0}")]
    NotAListFile(&'static str),
    /// A newer version of this program wrote it.
    #[error("format version {found} is newer than {known}, the newest that this program knows")]
    NewerFormat {
        /// What the file says.
        found: i64,
        /// What this program writes.
        known: i64,
    },
    /// It has no place for who was told of what.
    #[error(
        "it has format {0}, which knows no receivers; the first change takes it to a newer one"
    )]
    NoReceivers(i64),
    /// Tables, indexes, triggers or views that no version of this program makes.
    #[error("its schema differs at '{0}': another program changed it")]
    ForeignSchema(String),
    /// Another program changed how it is journaled.
    #[error("its journal mode is {0}: another program changed it")]
    JournalMode(String),
    /// What is read contradicts itself.
    #[error("{0}")]
    Corrupt(String),
    /// Somebody else holds the file.
    #[error("another process holds the list file")]
    Busy,
    /// The file or its folder cannot be written.
    #[error("the list file is read-only here")]
    ReadOnly,
    /// A killed process left an unfinished write, and the place is read-only.
    #[error(
        "a killed process left an unfinished write, which cannot be undone on a read-only place"
    )]
    UnfinishedWrite,
    /// The file is a backup, and would hand out indexes that its original handed out.
    #[error("the file is a backup")]
    Backup,
    /// The file is not a backup.
    #[error("the file is not a backup: it was not written by the backup command, or is restored")]
    NotABackup,
    /// An operation id was used for something else.
    #[error("operation id '{id}' belongs to another request, revision {rev}")]
    OperationReused {
        /// The operation id.
        id: String,
        /// What it belongs to.
        rev: i64,
    },
    /// A purge removed what an operation id was used for.
    #[error("operation id '{id}' belongs to revision {rev}, and a purge removed what it was for")]
    OperationPurged {
        /// The operation id.
        id: String,
        /// What it belongs to.
        rev: i64,
    },
    /// The series has no such list.
    #[error("the series has no list {0}")]
    NoList(ListNumber),
    /// No list of the series has this uri.
    #[error("no list of the series has the uri '{0}'")]
    NoUri(String),
    /// The index lies beyond the list.
    #[error("index {index} is outside list {list}")]
    OutsideList {
        /// The list.
        list: ListNumber,
        /// What was asked for.
        index: u64,
        /// How many entries the list has.
        size: u64,
    },
    /// Nobody was given this entry.
    #[error("entry {0} is not allocated")]
    NotAllocated(EntryId),
    /// No entry has this token id.
    #[error("no entry has the token id '{0}'")]
    NoToken(TokenId),
    /// No entry is in this group.
    #[error("no entry is in the group '{0}'")]
    NoGroup(GroupName),
    /// All entries of a group are named where one is meant.
    #[error("'group:{0}' names all entries of a group, where one entry is meant")]
    NotOneEntry(GroupName),
    /// A bare index could mean an entry of several lists.
    #[error("index {name} could mean an entry of more than one list")]
    Ambiguous {
        /// What was typed.
        name: EntryName,
        /// The lists that have handed out entries.
        lists: Vec<ListNumber>,
    },
    /// The entry names one list and the list option another.
    #[error("entry {name} is not in list {list}")]
    OtherList {
        /// What was typed.
        name: EntryName,
        /// What the option says.
        list: ListNumber,
    },
    /// The document has an entry.
    #[error("document {hash} has entry {entry} already")]
    DocumentTaken {
        /// The hash of the document.
        hash: DocumentHash,
        /// Its entry.
        entry: EntryId,
    },
    /// The index was handed out or blocked.
    #[error("entry {0} is taken already")]
    IndexTaken(EntryId),
    /// Too few entries are left.
    #[error("the list is full")]
    Full {
        /// The list.
        list: ListNumber,
        /// How many entries it has.
        size: u64,
        /// How many of them are taken.
        taken: u64,
        /// How many were asked for.
        wanted: u64,
    },
    /// Too few entries are left in all lists that can serve a request.
    #[error("{wanted} entries wanted, {room} left")]
    Exhausted {
        /// How many are left.
        room: u64,
        /// How many were asked for.
        wanted: u64,
    },
    /// The list hands out no more entries.
    #[error("list {0} is closed to allocation")]
    Closed(ListNumber),
    /// The issuer ended the turn of the list.
    #[error("list {0} is closed to allocation")]
    Ended(ListNumber),
    /// The list is published no more.
    #[error("list {0} is retired")]
    Retired(ListNumber),
    /// No list hands out entries.
    #[error("no list is open to allocation")]
    NoOpenList,
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandomness(#[source] getrandom::Error),
    /// SQLite or the operating system failed.
    #[error("cannot {verb} the list file")]
    Sql {
        /// What was tried.
        verb: &'static str,
        /// Whether the change is on the disk.
        outcome: Outcome,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file is not where it lives, and would hand out indexes that another hands out.
    #[error("the list file does not live here")]
    Elsewhere,
    /// What lies beside the file, and SQLite would apply to it, is not ours.
    #[error(transparent)]
    Beside(#[from] crate::disk::BesideError),
    /// What another file left lies where a new one is to be made.
    #[error("{} is the rest of another list file", crate::wire::shell::quote(.0))]
    Rest(PathBuf),
    /// A file could not be read, replaced or made.
    #[error(transparent)]
    Disk(#[from] crate::disk::DiskError),
}

impl StoreError {
    /// Attaches what was tried to what SQLite said, and tells apart the failures that mean
    /// something of their own.
    pub(super) fn of(verb: &'static str, outcome: Outcome, source: rusqlite::Error) -> Self {
        use rusqlite::Error as Sqlite;
        let failure = match source {
            Sqlite::FromSqlConversionFailure(..)
            | Sqlite::IntegralValueOutOfRange(..)
            | Sqlite::InvalidColumnType(..)
            | Sqlite::Utf8Error(..)
            | Sqlite::QueryReturnedNoRows => {
                return Self::Corrupt(format!("cannot {verb} the list file: {source}"));
            }
            _ => source.sqlite_error(),
        };
        let codes = failure.map(|failure| (failure.code, failure.extended_code));
        match codes.unwrap_or((ErrorCode::Unknown, 0)) {
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            (_, rusqlite::ffi::SQLITE_READONLY_ROLLBACK) => Self::UnfinishedWrite,
            // Undone, but the folder does not let the journal go.
            (_, rusqlite::ffi::SQLITE_IOERR_DELETE) if outcome == Outcome::None => {
                Self::UnfinishedWrite
            }
            (ErrorCode::ReadOnly, _) => Self::ReadOnly,
            (ErrorCode::NotADatabase, _) => Self::NotAListFile("it is no SQLite database"),
            // All that is written was looked up before: a row that is there all the same was not
            // found.
            (ErrorCode::DatabaseCorrupt | ErrorCode::ConstraintViolation, _)
                if outcome == Outcome::None =>
            {
                Self::Corrupt(format!("SQLite finds it damaged: {source}"))
            }
            _ => Self::Sql {
                verb,
                outcome,
                source,
            },
        }
    }

    /// What SQLite's check of the whole file found. It reports pages that cannot be read among the
    /// faults, although they may be as they should.
    pub(super) fn of_check(said: &str) -> Self {
        let code = said
            .split_once("error code=")
            .and_then(|(_, code)| code.split(|c: char| !c.is_ascii_digit()).next())
            .and_then(|code| code.parse().ok())
            .or_else(|| {
                let unread = said.contains("failed to get page");
                unread.then_some(rusqlite::ffi::SQLITE_IOERR_READ)
            });
        match code.map(rusqlite::ffi::Error::new) {
            Some(failure) if failure.code != ErrorCode::DatabaseCorrupt => {
                let source = rusqlite::Error::SqliteFailure(failure, Some(said.to_owned()));
                Self::of("check", Outcome::None, source)
            }
            _ => Self::Corrupt(format!("SQLite finds it damaged: {said}")),
        }
    }

    /// Why a new file did not get its name.
    pub(super) fn of_new_file(error: crate::disk::DiskError) -> Self {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Self::Exists
        } else {
            Self::Disk(error)
        }
    }

    /// A status on file that is not the one that its newest change says.
    pub(super) fn contradiction(entry: EntryId, status: Status, recorded: Status) -> Self {
        Self::Corrupt(format!(
            "entry {entry} has status {status}, but its newest change says {recorded}"
        ))
    }

    /// Whether the change that failed is on the disk.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Sql { outcome, .. } => *outcome,
            _ => Outcome::None,
        }
    }
}

/// What SQLite says to a question. Whatever else is tried says so: [`Reading`].
impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        Self::of("read", Outcome::None, source)
    }
}

/// Attaches the verb to an error of SQLite when nothing can have been written.
pub(super) trait Reading<T> {
    /// Says what was tried.
    fn reading(self, verb: &'static str) -> Result<T, StoreError>;
}

impl<T> Reading<T> for Result<T, rusqlite::Error> {
    fn reading(self, verb: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::of(verb, Outcome::None, source))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn of(code: i32, outcome: Outcome) -> StoreError {
        let source = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        StoreError::of("read", outcome, source)
    }

    /// Damage is what the file says; that it could not be read says nothing about it.
    #[test]
    fn a_file_that_cannot_be_read_is_not_called_damaged() {
        for code in [
            ffi::SQLITE_IOERR,
            ffi::SQLITE_IOERR_READ,
            ffi::SQLITE_IOERR_FSTAT,
            ffi::SQLITE_IOERR_LOCK,
            ffi::SQLITE_IOERR_DATA,
            ffi::SQLITE_IOERR_NOMEM,
            ffi::SQLITE_NOMEM,
            ffi::SQLITE_FULL,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_PERM,
        ] {
            for outcome in [Outcome::None, Outcome::Unknown] {
                let error = of(code, outcome);
                assert!(matches!(error, StoreError::Sql { .. }), "{error:?}");
                assert_eq!(error.outcome(), outcome);
            }
        }
    }

    #[test]
    fn what_contradicts_itself_is_called_damaged() {
        for code in [
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_CORRUPT_INDEX,
            ffi::SQLITE_CONSTRAINT_UNIQUE,
        ] {
            let error = of(code, Outcome::None);
            assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
            // While the last step is taken, nobody knows.
            assert_eq!(of(code, Outcome::Unknown).outcome(), Outcome::Unknown);
        }
        let utf8 = String::from_utf8(vec![0xff]).unwrap_err().utf8_error();
        for source in [
            rusqlite::Error::QueryReturnedNoRows,
            rusqlite::Error::Utf8Error(0, utf8),
            rusqlite::Error::IntegralValueOutOfRange(0, -1),
        ] {
            let error = StoreError::of("read", Outcome::None, source);
            assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
        }
    }

    /// `PRAGMA integrity_check` answers with a row, not with an error.
    #[test]
    fn a_page_that_the_check_cannot_read_is_not_called_damaged() {
        for (said, damaged) in [
            ("Page 7: unable to get the page. error code=266", false),
            (
                "Tree 5 page 7: unable to get the page. error code=10",
                false,
            ),
            ("Tree 5 page 7 cell 0: failed to get page 12", false),
            ("Page 7: btreeInitPage() returns error code 11", true),
            ("Tree 5 page 7: unable to get the page. error code=11", true),
            ("row 1 missing from index event_ts", true),
        ] {
            let error = StoreError::of_check(said);
            assert_eq!(matches!(error, StoreError::Corrupt(_)), damaged, "{said}");
            assert_eq!(error.outcome(), Outcome::None);
        }
    }
}
