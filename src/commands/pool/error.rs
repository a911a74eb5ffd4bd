//! Why a pool cannot do what was asked.

use std::path::PathBuf;
use std::rc::Rc;

use crate::disk::{DiskError, LockError};
use crate::list::{EntryName, GroupName, TokenId};
use crate::store::StoreError;

/// A file of a pool that could not be asked.
#[derive(Debug)]
pub(crate) struct Unread {
    /// The file.
    pub(crate) file: PathBuf,
    /// Why not.
    pub(crate) reason: Unreadable,
}

/// Why a file of a pool could not be asked.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// It is named as a list file, and is none.
    Foreign(&'static str),
    /// The operating system does not let it be looked at.
    Disk(DiskError),
    /// It is a list file that cannot be used.
    Store(StoreError),
}

/// What needs every file of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To hand out entries: another file may be meant for them, or have the token id.
    HandOut,
    /// To publish: what is said of all lists would leave out some.
    Publish,
    /// To find an entry that no other file has.
    Find(EntryName),
    /// To set an entry that another file may have too.
    Set(EntryName),
    /// To apply lines that no other file has, or that another may have too.
    Batch,
}

/// What two list files may not have both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListedUnder {
    /// The uri of a list.
    Uri(String),
    /// A token id.
    Token(TokenId),
    /// A group.
    Group(GroupName),
}

/// Why a pool cannot do what was asked.
#[derive(Debug)]
pub(crate) enum PoolError {
    /// The folder cannot be read.
    Disk(DiskError),
    /// Somebody else holds the folder, or one that a link leads to.
    Lock(LockError),
    /// It has no list file.
    Empty(PathBuf),
    /// Its list files are backups.
    OnlyBackups {
        /// The folder.
        folder: PathBuf,
        /// The files.
        backups: Vec<PathBuf>,
    },
    /// It has more list files than are asked one after the other.
    TooMany {
        /// The folder.
        folder: PathBuf,
        /// How many may be.
        most: usize,
    },
    /// Two of its files are one.
    OneFile {
        /// The one that comes first by name.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Files could not be asked, and one of them may be the one that is meant.
    Unread {
        /// The folder.
        folder: PathBuf,
        /// What they are needed for.
        purpose: Purpose,
        /// The files.
        unread: Vec<Rc<Unread>>,
    },
    /// A status would be set in a copy, or in what may be one, while another file that may be its
    /// original could not be asked.
    MayBeACopy {
        /// The list file that has the entry.
        file: PathBuf,
        /// The entry.
        name: EntryName,
        /// The files that could not be asked.
        unread: Vec<Rc<Unread>>,
    },
    /// Two list files have what only one may have.
    Twice {
        /// What that is.
        what: ListedUnder,
        /// The one that comes first by name.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The name of an entry does not say of which list file.
    OfWhichFile {
        /// The folder.
        folder: PathBuf,
        /// The entry.
        name: EntryName,
    },
    /// A list is named by its number.
    ListOption(PathBuf),
    /// No list file has the entry.
    NotFound {
        /// The folder.
        folder: PathBuf,
        /// The entry.
        name: EntryName,
        /// The backups, which were not asked.
        backups: Vec<PathBuf>,
    },
    /// No list file is for such credentials.
    NoneFor {
        /// The folder.
        folder: PathBuf,
        /// The type of the credentials, if it was said.
        credential_type: Option<String>,
    },
    /// Each list file that is for such credentials is full.
    NoRoom {
        /// The folder.
        folder: PathBuf,
        /// How many entries are wanted.
        wanted: u64,
        /// The files.
        full: Vec<PathBuf>,
    },
    /// A token id has an entry, and it is not asked for once more.
    TokenTaken {
        /// The token id.
        token: TokenId,
        /// The list file that has it.
        file: PathBuf,
    },
    /// A token id has an entry in another list file than the one that hands out entries.
    TokenElsewhere {
        /// The token id.
        token: TokenId,
        /// The list file that has it.
        file: PathBuf,
        /// The list file that would hand out entries.
        chosen: PathBuf,
    },
    /// An operation id was used for something else, in another list file.
    OperationElsewhere {
        /// The operation id.
        id: String,
        /// The list file that has it.
        file: PathBuf,
    },
    /// The lines of a batch have their entries in several list files.
    SeveralFiles {
        /// The first line of each, by the name of the file.
        files: Vec<(PathBuf, u32)>,
    },
}

impl From<DiskError> for PoolError {
    fn from(error: DiskError) -> Self {
        Self::Disk(error)
    }
}

impl From<LockError> for PoolError {
    fn from(error: LockError) -> Self {
        Self::Lock(error)
    }
}
