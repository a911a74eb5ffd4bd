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
mod digest;
mod documents;
mod error;
mod event;
mod format;
mod history;
mod home;
mod indexes;
mod keys;
mod migration;
mod open;
mod prepared;
mod published;
mod replay;
mod revision;
mod rows;
mod runs;
mod shards;
mod snapshot;
mod stamp;
mod state;
#[cfg(test)]
mod tests;
mod verify;
mod work;
mod write;

pub use allocations::Allocation;
pub use ancestors::Ancestor;
pub use booking::Booked;
pub use bulk::{Bulk, index_in};
pub use chain::Hash;
pub use create::{lineage_of, prepare_file};
pub use documents::{DocumentCount, DocumentRow, Role};
pub use error::{Outcome, StoreError};
pub use event::Event;
pub use history::PastChange;
pub use home::{Home, Recorded, Whereabouts};
pub use migration::Migration;
pub use open::{Access, Store, begins_a_list_file, looks_like_a_list_file, read_failure};
pub use prepared::{Prepared, Revision};
pub use published::Publication;
pub use rows::{AllocationKind, AllocationRow, ChangeRow, ListRow, ListState};
pub use snapshot::{Head, Snapshot};
pub use stamp::{OperationId, Stamp};
pub use verify::Verified;
pub use work::{NewList, NewUri, Rows, Run, Work, rows};
pub use write::{Backups, WriteLock};
