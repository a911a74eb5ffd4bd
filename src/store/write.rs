//! Changing a list file: one lock, one transaction, one revision.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde_json::Value;

use super::ancestors::Ancestor;
use super::chain::Hash;
use super::documents::DocumentRow;
use super::error::{Outcome, StoreError};
use super::format::Migration;
use super::home::{Home, Recorded};
use super::revision::RevisionWriter;
use super::rows::{AllocationRow, ChangeRow, ListRow};
use super::snapshot::Snapshot;
use super::{Access, Event, Store};
use crate::list::{ListNumber, Register, Seed, Series, Size, Status, Timestamp, View, Width};

/// The right to change a list file, held from `BEGIN IMMEDIATE` to the commit. Dropped without
/// one, it leaves the file as it was.
pub struct WriteLock<'s> {
    snapshot: Snapshot<'s>,
    lists: BTreeMap<ListNumber, ListRow>,
}

/// Who asks for a change, and when.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// What is done: the name of the command.
    pub operation: &'static str,
    /// The operation id, and whether it was given or made up.
    pub operation_id: OperationId,
    /// The SHA-256 of the request.
    pub request: Hash,
    /// Who asks.
    pub actor: String,
    /// Free text.
    pub note: String,
    /// The time.
    pub now: Timestamp,
}

/// The name of one run of a command, by which repeating it is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationId {
    /// Given by the caller: always recorded, even if nothing changes.
    Given(String),
    /// Made up: recorded if something changes.
    Random(String),
}

/// Whether a change is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It is.
    Keep,
    /// It is tried, and undone.
    DryRun,
}

/// Rows that are gone through twice, to hash and to write them: each call starts anew. A batch
/// makes them as they are needed, so that millions take no memory.
pub type Rows<'a, T> = Box<dyn Fn() -> Box<dyn Iterator<Item = T> + 'a> + 'a>;

/// Goes through rows that are few.
#[must_use]
pub fn rows<'a, T: Clone + 'a>(few: Vec<T>) -> Rows<'a, T> {
    Box::new(move || Box::new(few.clone().into_iter()))
}

/// What one revision does.
pub struct Work<'a> {
    /// What is done in detail, as JSON from which it could be done again.
    pub body: Value,
    /// New lists.
    pub new_lists: Vec<NewList>,
    /// Lists that hand out no more entries.
    pub closed: Vec<ListNumber>,
    /// Uris of a view that existing lists get: the list, the view, the uri.
    pub new_uris: Vec<(ListNumber, View, String)>,
    /// Other settings.
    pub series: Option<Series>,
    /// Entries handed out in turn, without the rows of those that have one: the list, the first
    /// step, how many steps, and their expiry.
    pub runs: Vec<Run>,
    /// Entries handed out with a token id or out of turn, by list and step, lowest first.
    pub allocations: Rows<'a, AllocationRow>,
    /// Statuses, by list and index, lowest first.
    pub changes: Rows<'a, ChangeRow>,
    /// Document hashes of the entries handed out, as [`Snapshot::unrecorded`] gives them.
    pub documents: Rows<'a, DocumentRow>,
    /// Whether a backup becomes a file in use.
    pub restores: bool,
    /// States of published files that are taken over.
    pub ancestors: Vec<Ancestor>,
    /// Where the file lives from now on.
    pub home: Option<Home>,
}

/// Consecutive steps of a list's permutation that one revision took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The list.
    pub list: ListNumber,
    /// The first step.
    pub first: u64,
    /// How many, with those that were taken out of turn before.
    pub count: u64,
    /// When the credentials without a row of their own expire.
    pub expires: Option<Timestamp>,
}

/// A list that is being made.
pub struct NewList {
    /// Its number.
    pub number: ListNumber,
    /// Bits per entry.
    pub width: Width,
    /// Entries.
    pub size: Size,
    /// The status of an entry that nobody has set.
    pub default_status: Status,
    /// The secret that its permutation comes from.
    pub seed: Seed,
    /// Its uri in each view.
    pub uris: Vec<(View, String)>,
}

impl NewList {
    /// A list of a series with these settings.
    pub(crate) fn of(
        register: &Register,
        number: ListNumber,
        seed: Seed,
        uris: Vec<(View, String)>,
    ) -> Self {
        Self {
            number,
            width: register.width,
            size: register.size,
            default_status: register.default_status,
            seed,
            uris,
        }
    }

    /// Its uri in the series' first view.
    pub(crate) fn first_uri(&self) -> String {
        let first = self.uris.first();
        first.map(|(_, uri)| uri.clone()).unwrap_or_default()
    }
}

/// A revision that was written, or would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number; the newest one there is if nothing changed.
    pub rev: i64,
    /// Its time.
    pub at: Timestamp,
    /// Whether it is on the disk.
    pub kept: bool,
    /// Whether it changes a published byte.
    pub visible: bool,
    /// Whether it took the file to another format.
    pub migrated: Option<Migration>,
    /// What it records of where the file lives.
    pub recorded: Recorded,
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

impl WriteLock<'_> {
    /// The revision that an operation id made before, if it did.
    ///
    /// # Errors
    /// [`StoreError::OperationReused`] if it was for another request.
    pub fn earlier(&self, stamp: &Stamp) -> Result<Option<Event>, StoreError> {
        let OperationId::Given(id) = &stamp.operation_id else {
            return Ok(None);
        };
        match self.event_of(id)? {
            Some(event) if !self.asked_for(&event, stamp)? => Err(StoreError::OperationReused {
                id: id.clone(),
                rev: event.rev,
            }),
            earlier => Ok(earlier),
        }
    }

    /// Writes a revision.
    ///
    /// Nothing is written for a request that changes nothing, unless it has an operation id of
    /// its own. The log's time never steps back: a revision is never older than the one before.
    /// A file of an older format is taken to the newest one in the same transaction.
    ///
    /// # Errors
    /// The disk is full or fails. If it failed at the last step, the outcome is
    /// [`Outcome::Unknown`].
    pub fn commit(
        self,
        stamp: &Stamp,
        mut work: Work<'_>,
        commit: Commit,
    ) -> Result<Revision, StoreError> {
        let Self {
            snapshot,
            mut lists,
        } = self;
        let head = snapshot.head;
        let given = matches!(stamp.operation_id, OperationId::Given(_));
        if work.is_empty() && !given {
            return Ok(Revision {
                rev: head.rev,
                at: head.at,
                kept: false,
                visible: false,
                migrated: None,
                recorded: Recorded::Nothing,
            });
        }
        let at = stamp.now.max(head.at);
        let rev = head.rev + 1;
        snapshot.settle(&mut work)?;
        let recorded = Recorded::of(work.home.as_ref());
        let migrated = snapshot.format.migrate(&snapshot.transaction)?;
        let writer = RevisionWriter {
            transaction: &snapshot.transaction,
            lists: &mut lists,
            rev,
            series: snapshot.series(),
            republish: work
                .series
                .as_ref()
                .is_some_and(|series| !series.publishes_like(snapshot.series())),
            begins: migrated.is_some(),
        };
        let visible = writer.write(stamp, work, at, &head.chain)?;
        if commit == Commit::DryRun {
            drop(snapshot);
            return Ok(Revision {
                rev,
                at,
                kept: false,
                visible,
                migrated,
                recorded,
            });
        }
        snapshot
            .transaction
            .commit()
            .map_err(|source| StoreError::of("commit to", Outcome::Unknown, source))?;
        Ok(Revision {
            rev,
            at,
            kept: true,
            visible,
            migrated,
            recorded,
        })
    }
}

impl Default for Work<'_> {
    fn default() -> Self {
        Self {
            body: Value::Null,
            new_lists: Vec::new(),
            closed: Vec::new(),
            new_uris: Vec::new(),
            series: None,
            runs: Vec::new(),
            allocations: rows(Vec::new()),
            changes: rows(Vec::new()),
            documents: rows(Vec::new()),
            restores: false,
            ancestors: Vec::new(),
            home: None,
        }
    }
}

impl Work<'_> {
    /// Whether it makes no revision, unless an operation id was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new_lists.is_empty()
            && self.closed.is_empty()
            && self.new_uris.is_empty()
            && self.series.is_none()
            && self.runs.is_empty()
            && (self.allocations)().next().is_none()
            && (self.changes)().next().is_none()
            && (self.documents)().next().is_none()
            && !self.restores
            && self.ancestors.is_empty()
            && self.home.is_none()
    }
}

impl Revision {
    /// A revision that was asked for once more: nothing is written.
    #[must_use]
    pub const fn repeated(event: &Event) -> Self {
        Self {
            rev: event.rev,
            at: event.at,
            kept: false,
            visible: event.visible,
            migrated: None,
            recorded: Recorded::Nothing,
        }
    }
}

impl OperationId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Given(id) | Self::Random(id) => id,
        }
    }
}
