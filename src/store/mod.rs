//! The list file on disk: schema, locking, history, and the chain over all revisions.
//!
//! One SQLite file in rollback-journal mode with `synchronous=EXTRA`. Nothing is acknowledged
//! before it is synced. [`Store`] is an open file, [`Snapshot`] one state of it to ask about,
//! [`WriteLock`] the right to change it: without one, nothing can be written.

mod allocations;
mod backup;
mod bulk;
mod chain;
mod create;
mod documents;
mod error;
mod history;
mod migrate;
mod open;
mod replay;
mod revision;
mod rows;
mod shards;
mod snapshot;
mod verify;
mod write;

pub use allocations::Allocation;
pub use bulk::{Bulk, index_in};
pub use chain::{Hash, hex};
pub use create::{create, lineage_of};
pub use documents::{DocumentCount, DocumentRow, Role};
pub use error::{Outcome, StoreError};
pub use history::{Event, PastChange, Publication};
pub use open::{Access, Store, begins_a_list_file, looks_like_a_list_file};
pub use rows::{AllocationRow, ChangeRow, Kind, ListRow, ListState};
pub use snapshot::{Head, Snapshot};
pub use verify::Verified;
pub use write::{
    Backups, Booked, Commit, NewList, OperationId, Revision, Rows, Run, Stamp, Work, WriteLock,
    rows,
};

/// What `file` and SQLite's own tools see: "SLL1".
const APPLICATION_ID: i64 = 0x534C_4C31;

/// The format that this program writes, kept as SQLite's `user_version`.
const FORMAT_VERSION: i64 = 1;

/// The tables, one statement per paragraph.
const SCHEMA: &str = include_str!("schema.sql");
