//! The list file on disk: schema, locking, history, and the chain over all revisions.
//!
//! [`Store`] is an open file, [`Snapshot`] one state of it to ask about, [`WriteLock`] the right to
//! change it: without one, no revision can be written. The room knows the domain (`list`), files
//! (`disk`) and plain forms (`wire`), and has no words for people.
//!
//! # One SQLite file
//!
//! Everything is in one file that auditors can open with tools of their own. `open` says how it is
//! synced. Against the alternatives that were measured: a JSON file that is rewritten whole takes
//! as long as it is big (1.4 s for one status beside 10^6 token ids; here 3 ms), and a younger
//! key-value store was as quick, but nobody else's tools read it, and it needs a repair before a
//! killed writer's file can be read. SQLite's costs are a C compiler and 2 MB of program.
//!
//! # Revisions
//!
//! Each command that changes something writes one revision, in one transaction: an [`Event`], and
//! rows that bear its number. [`WriteLock::prepare`] writes them, [`Prepared::keep`] takes the last
//! step; between the two a log elsewhere can join, and dropping what is prepared leaves every byte
//! as it was. An event and its rows are enough to repeat the revision on a copy of the state before
//! (`tests/repeat.rs` does it), so such a log needs nothing else. A revision is visible if it
//! changes a published byte. A purge takes texts from the rows of revisions before it; such a log
//! would have them still.
//!
//! Three things are no revisions: publications on record, the mark of a backup, and who was told of
//! what.
//!
//! # What is believed
//!
//! A status is held against its newest change, a page against its checksum, an index against its
//! table, a cursor against the log, each time they are used: SQLite's own check finds nothing
//! wrong with a bit that flips in a page of statuses. [`Snapshot::verify`] reads everything.
//! What the chain over all revisions proves stands in `chain`.
//!
//! A file of an older format is read as it is; the first revision that is written to it takes it
//! to the newest one ([`Revision::migrated`]).

mod activity;
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
mod ends;
mod error;
mod event;
mod format;
mod groups;
mod history;
mod home;
mod indexes;
mod keys;
mod labels;
mod later;
mod made;
mod master;
mod migration;
mod news;
mod open;
mod origin;
mod outbox;
mod prepared;
mod published;
mod purge;
mod query;
mod recording;
mod removal;
mod replay;
mod revision;
mod rows;
mod runs;
mod sealed;
mod shards;
mod snapshot;
mod stamp;
mod state;
mod supply;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod verify;
mod widen;
mod work;
mod write;

pub(crate) use activity::{Day, PublicationDelay, UnpublishedChange};
pub(crate) use allocations::Allocation;
pub use ancestors::Ancestor;
pub(crate) use booking::{Booked, BookedEntry, Wanted};
pub(crate) use bulk::{Bulk, steps_to};
pub(crate) use chain::Hash;
pub(crate) use closed::Ending;
pub(crate) use create::lineage_of;
pub use create::prepare_file;
pub(crate) use documents::{DocumentCount, DocumentRow, Role};
pub(crate) use ends::{Ends, ListEnd};
pub(crate) use error::Outcome;
pub use error::StoreError;
pub(crate) use event::Event;
pub(crate) use groups::Members;
pub(crate) use history::PastChange;
pub use home::Home;
pub(crate) use home::{Recorded, Whereabouts};
pub(crate) use labels::Names;
pub use later::{LabelRow, MemberRow, TermRow};
pub use master::Master;
pub(crate) use master::random_seed;
pub use open::{Access, Store};
pub(crate) use open::{begins_a_list_file, is_list_file, looks_like_a_list_file, read_failure};
pub(crate) use origin::Origin;
pub use outbox::ReceiverName;
pub(crate) use outbox::{Cursor, Holder, Notice, NoticeKind, Outbox, capacity_subject};
pub(crate) use prepared::{Prepared, Revision};
pub(crate) use published::Publication;
pub(crate) use removal::Removal;
pub use rows::ListState;
pub(crate) use rows::{AllocationRow, ChangeRow, Known, ListRow};
pub(crate) use snapshot::{Snapshot, entry_of, step_of as step_in};
pub use stamp::{OperationId, Stamp};
pub(crate) use supply::Supply;
pub(crate) use verify::Verified;
pub use work::{NewList, Work};
pub(crate) use work::{NewUri, Run, rows};
pub use write::Backups;
pub(crate) use write::WriteLock;
