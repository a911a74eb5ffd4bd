//! The list file on disk: schema, locking, history, and the chain over all revisions.
//!
//! One SQLite file in rollback-journal mode with `synchronous=EXTRA`. Nothing is acknowledged
//! before it is synced. [`Store`] is an open file, [`Snapshot`] one state of it to ask about,
//! [`WriteLock`] the right to change it: without one, nothing can be written.
//!
//! A file of an older format is read as it is; the first revision that is written to it takes it
//! to the newest one ([`Revision::migrated`]).

mod allocations;
mod ancestors;
mod backup;
mod beside;
mod booking;
mod bulk;
mod chain;
mod closed;
mod create;
mod documents;
mod error;
mod format;
mod history;
mod home;
mod indexes;
mod keys;
mod open;
mod published;
mod replay;
mod revision;
mod rows;
mod runs;
mod shards;
mod snapshot;
mod state;
mod verify;
mod write;

pub use allocations::Allocation;
pub use ancestors::Ancestor;
pub(crate) use booking::{Booked, BookedEntry};
pub(crate) use bulk::{Bulk, index_in, steps_to};
pub use chain::Hash;
pub use create::{create, lineage_of};
pub use documents::{DocumentCount, DocumentRow, Role};
pub use error::{Outcome, StoreError};
pub use format::Migration;
pub use history::{Event, PastChange};
pub use home::{Home, Recorded, Whereabouts};
pub use open::{Access, Store, begins_a_list_file, looks_like_a_list_file, read_failure};
pub use published::Publication;
pub use rows::{AllocationRow, ChangeRow, Kind, ListRow, ListState};
pub use snapshot::{Head, Snapshot};
pub use verify::Verified;
pub use write::{
    Backups, Commit, NewList, OperationId, Revision, Rows, Run, Stamp, Work, WriteLock, rows,
};

/// What `file` and SQLite's own tools see: "SLL1".
const APPLICATION_ID: i64 = 0x534C_4C31;
