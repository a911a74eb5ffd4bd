//! A revision on its way to the disk.

use rusqlite::Transaction;

use super::error::{Outcome, StoreError};
use super::event::Event;
use super::home::{Home, Recorded};
use super::migration::Migration;
use crate::disk::Draft;
use crate::list::Timestamp;

/// A revision whose rows are written, and which nobody else sees yet.
///
/// Here a log elsewhere can join: it takes [`Prepared::event`] before [`Prepared::keep`] puts the
/// revision on the disk. Dropped instead, it leaves the file as it was.
#[must_use = "dropped, it changes nothing"]
pub struct Prepared<'s> {
    /// The revision as the log has it; none where nothing changes.
    pub(crate) event: Option<Event>,
    pub(super) revision: Revision,
    pub(super) last_step: LastStep<'s>,
}

/// What puts a prepared revision on the disk.
pub(super) enum LastStep<'s> {
    /// Nothing: there is no revision.
    None,
    /// The commit of its transaction.
    Commit(Transaction<'s>),
    /// The name of the file that begins with it.
    Name(Draft),
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

impl<'s> Prepared<'s> {
    /// A request that changes nothing: the newest revision stays.
    pub(super) const fn unchanged(rev: i64, at: Timestamp) -> Self {
        Self {
            event: None,
            revision: Revision {
                rev,
                at,
                kept: false,
                visible: false,
                migrated: None,
                recorded: Recorded::Nothing,
            },
            last_step: LastStep::None,
        }
    }

    /// A revision whose rows are written.
    pub(super) fn written(
        event: Event,
        migrated: Option<Migration>,
        home: Option<&Home>,
        last_step: LastStep<'s>,
    ) -> Self {
        Self {
            revision: Revision {
                migrated,
                recorded: Recorded::of(home),
                ..Revision::repeated(&event)
            },
            event: Some(event),
            last_step,
        }
    }

    /// What the revision would be: it is not on the disk.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Puts the revision on the disk. What nothing changes stays as it is.
    ///
    /// # Errors
    /// The last step failed. Where it was the commit of a transaction, the outcome is
    /// [`Outcome::Unknown`].
    pub fn keep(self) -> Result<Revision, StoreError> {
        match self.last_step {
            LastStep::None => {}
            LastStep::Commit(transaction) => transaction
                .commit()
                .map_err(|source| StoreError::of("commit to", Outcome::Unknown, source))?,
            LastStep::Name(draft) => draft.persist_new().map_err(StoreError::of_new_file)?,
        }
        Ok(Revision {
            kept: self.event.is_some(),
            ..self.revision
        })
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
