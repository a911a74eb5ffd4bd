//! Changing a list file: one lock, one transaction, one revision.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use super::error::StoreError;
use super::event::Event;
use super::home::Home;
use super::open::{Access, Store};
use super::outbox;
use super::prepared::{LastStep, Prepared};
use super::revision::RevisionWriter;
use super::rows::ListRow;
use super::snapshot::Snapshot;
use super::stamp::{OperationId, Stamp};
use super::work::Work;
use crate::list::ListNumber;

/// The right to change a list file, held from `BEGIN IMMEDIATE` on. Dropped, it leaves the file as
/// it was.
pub struct WriteLock<'s> {
    snapshot: Snapshot<'s>,
    lists: BTreeMap<ListNumber, ListRow>,
}

/// Whether a file that is a backup may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backups {
    /// It may not.
    Refused,
    /// Only such a file may.
    Only,
}

impl Store {
    /// Takes the right to change the file.
    ///
    /// # Errors
    /// Somebody else holds it, the place is read-only, or the file is a backup.
    pub fn lock(&self, backups: Backups) -> Result<WriteLock<'_>, StoreError> {
        let snapshot = Snapshot::begin(self, Access::Write)?;
        match (backups, snapshot.copied_at) {
            (Backups::Refused, Some(_)) => return Err(StoreError::Backup),
            (Backups::Only, None) => return Err(StoreError::NotABackup),
            _ => {}
        }
        let lists = snapshot.lists()?;
        Ok(WriteLock {
            snapshot,
            lists: lists.into_iter().map(|list| (list.number, list)).collect(),
        })
    }
}

impl<'s> Deref for WriteLock<'s> {
    type Target = Snapshot<'s>;

    fn deref(&self) -> &Snapshot<'s> {
        &self.snapshot
    }
}

impl<'s> WriteLock<'s> {
    /// The revision that an operation id made before, if it did.
    ///
    /// # Errors
    /// [`StoreError::OperationReused`] if it was for another request.
    pub fn earlier(&self, stamp: &Stamp) -> Result<Option<Event>, StoreError> {
        let OperationId::Given(id) = &stamp.operation_id else {
            return Ok(None);
        };
        match self.event_of(id)? {
            Some(event) if self.is_purged(event.rev)? => Err(StoreError::OperationPurged {
                id: id.clone(),
                rev: event.rev,
            }),
            Some(event) if !self.asked_for(&event, stamp)? => Err(StoreError::OperationReused {
                id: id.clone(),
                rev: event.rev,
            }),
            earlier => Ok(earlier),
        }
    }

    /// Writes the rows of a revision, which [`Prepared::keep`] then puts on the disk.
    ///
    /// Nothing is written for a request that changes nothing, unless it has an operation id of
    /// its own. The log's time never steps back: a revision is never older than the one before.
    /// A file of an older format is taken to the newest one in the same transaction.
    ///
    /// # Errors
    /// The disk is full or fails: then the file is as it was.
    pub fn prepare(self, stamp: &Stamp, mut work: Work<'_>) -> Result<Prepared<'s>, StoreError> {
        let Self {
            snapshot,
            mut lists,
        } = self;
        let head = snapshot.head;
        let given = matches!(stamp.operation_id, OperationId::Given(_));
        if work.is_empty() && !given {
            return Ok(Prepared::unchanged(head.rev, head.at));
        }
        record_home(&snapshot, &mut work)?;
        let home = work.home.clone();
        let migrated = snapshot.format.migrate(&snapshot.transaction)?;
        outbox::register(&snapshot.transaction, &stamp.receivers, head.rev)?;
        let writer = RevisionWriter {
            transaction: &snapshot.transaction,
            lists: &mut lists,
            rev: head.rev + 1,
            series: snapshot.series(),
            republish: work
                .series
                .as_ref()
                .is_some_and(|series| !series.publishes_like(snapshot.series())),
            begins: migrated.is_some(),
            touched: BTreeSet::new(),
        };
        let event = writer.write(stamp, work, stamp.now.max(head.at), &head.chain)?;
        let last_step = LastStep::Commit(snapshot.transaction);
        Ok(Prepared::written(event, migrated, home.as_ref(), last_step))
    }
}

/// Adds what every revision has to record of the place: it is recorded once, and again when a copy
/// becomes a file in use.
fn record_home(snapshot: &Snapshot<'_>, work: &mut Work<'_>) -> Result<(), StoreError> {
    if work.home.is_some() {
        return Ok(());
    }
    let before = snapshot.home()?;
    if before.is_none() || work.restores {
        work.home = Some(Home {
            identity: snapshot.identity()?,
            anywhere: before.is_some_and(|home| home.anywhere),
        });
    }
    Ok(())
}
