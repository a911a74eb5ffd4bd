//! Files on disk: replaced whole, read with a bound, locked by folder.
//!
//! The bottom layer, used by everything that touches a file. It knows neither what the files hold
//! nor where they belong, and has no settings or output of its own, and no clock but the one that
//! measures waiting.
//!
//! - [`replace`] and [`create_new`] write a file that is either complete or not there, with an
//!   explicit mode; [`Draft`] does the same for a file that another library fills.
//! - [`read_bounded`] reads no more than the caller is prepared to hold.
//! - [`FileIdentity`] tells a file from its copies.
//! - [`check_beside`] and [`open_folder`] say what other users did, and can do, beside a file.
//! - [`DirectoryLocks`] is the queue in which processes wait for each other. It is a queue only:
//!   what keeps a file whole is SQLite's own lock, or a rename. Eight processes that change one
//!   list file wait 0.02 s at most in it, and up to 1.4 s where they poll.
//!
//! # What a crash can leave
//!
//! A file or folder named `.statuslist-….tmp` beside the target; it is safe to delete, and nothing
//! ever reads it. While it is written, it is locked; [`clear_leftovers`] removes those that are
//! not. The target itself is the old one, or the new one whole, or (for [`create_new`] and
//! [`Draft`]) absent. Where the file system knows neither `renameat2` nor its like, a new file is
//! linked under its name and then loses its temporary one, so that a crash between the two leaves
//! both.

mod atomic;
mod draft;
mod error;
mod identity;
mod leftovers;
mod lock;
mod neighbours;
mod read;

pub(crate) use self::atomic::{
    TEMPORARY_PREFIX, Visibility, create_new, folder_of, replace, sync_folder,
};
pub(crate) use self::draft::Draft;
pub(crate) use self::error::DiskError;
pub use self::identity::FileIdentity;
pub(crate) use self::identity::machine;
pub(crate) use self::leftovers::{clear_leftovers, is_temporary};
pub(crate) use self::lock::{DirectoryLocks, LockError};
pub(crate) use self::neighbours::{
    BesideError, OpenFolder, check_beside, found_beside, open_folder, writable_folder,
};
pub(crate) use self::read::{ReadError, read_bounded};
