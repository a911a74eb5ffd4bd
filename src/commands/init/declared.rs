//! What becomes of a list file that is described: it is made, or brought to what is wanted.

use std::path::Path;

use serde_json::json;

use super::args::Args;
use super::blueprint::Blueprint;
use super::made::{Became, Made, Outcome};
use super::update::{self, Difference, Update};
use super::wanted::Wanted;
use crate::commands::answer::lifetimes::no_time_for_renewal;
use crate::commands::answer::turns;
use crate::commands::configuration::{Configured, Planned};
use crate::commands::{Context, Error};
use crate::list::{ListNumber, Seed};
use crate::store::{
    Access, Backups, Event, Revision, Snapshot, Stamp, Store, StoreError, Work, WriteLock,
};
use crate::wire::hex::hex;
use crate::wire::shell::quote;

/// A list file, and what is wanted of it.
#[derive(Clone, Copy)]
pub(super) struct Declaration<'a, 'world> {
    pub(super) args: &'a Args,
    pub(super) file: &'a Path,
    pub(super) wanted: &'a Wanted,
    /// The secret that the seeds of its lists are derived from, if one was given.
    pub(super) master: Option<&'a Seed>,
    pub(super) context: &'a Context<'world>,
}

impl Declaration<'_, '_> {
    /// Makes the list file, or brings the one that is there to what is wanted. The caller holds the
    /// lock of its folder.
    pub(super) fn carry_out(&self) -> Result<Outcome, Error> {
        let publishing = self.publishing()?;
        let mut outcome = if self.is_there() {
            self.update()?
        } else {
            self.args
                .make(self.file, &self.blueprint()?, self.context)?
        };
        outcome.notes.extend(publishing);
        outcome.notes.extend(self.wanted.notes.iter().cloned());
        Ok(outcome)
    }

    /// The lines of the settings file that say when its lists are published, if that is wanted.
    ///
    /// # Errors
    /// They would contradict the list, or a list file that is there cannot be read.
    fn publishing(&self) -> Result<Option<String>, Error> {
        let Some(publishing) = &self.wanted.publishing else {
            return Ok(None);
        };
        let (valid_for, width) = if self.is_there() {
            let patience = self.args.write.wait.time();
            let opened = Store::open(self.file, Access::Read, patience);
            let store = opened.map_err(|error| self.of_file(&error))?;
            let snapshot = store.snapshot().map_err(|error| self.of_file(&error))?;
            (snapshot.series().valid_for, snapshot.register().width)
        } else {
            let series = self.blueprint()?.series;
            (series.valid_for, series.register().width)
        };
        let valid_for = self.wanted.options.valid_for.unwrap_or(valid_for);
        publishing.lines(valid_for, width).map(Some)
    }

    /// Whether something is at the place of the list file.
    pub(super) fn is_there(&self) -> bool {
        self.file.symlink_metadata().is_ok()
    }

    /// The list file, if it is not there.
    pub(super) fn blueprint(&self) -> Result<Blueprint, Error> {
        Blueprint::of(&self.wanted.options, self.master, self.context)
    }

    /// Brings the list file to what is wanted, in one revision.
    fn update(&self) -> Result<Outcome, Error> {
        let patience = self.args.write.wait.time();
        let opened = Store::open(self.file, Access::Write, patience);
        let store = opened.map_err(|error| self.of_file(&error))?;
        let locked = store.lock(Backups::Refused);
        let lock = locked.map_err(|error| self.of_file(&error))?;
        let stamp = self.stamp()?;
        match self.earlier(&lock, &stamp)? {
            Some(outcome) => Ok(outcome),
            None => self.change(lock, stamp),
        }
    }

    fn change(&self, lock: WriteLock<'_>, stamp: Stamp) -> Result<Outcome, Error> {
        let planned = self.plan(&lock)?;
        let mut configured = Configured {
            series: planned.series.clone(),
            changed: planned.differs(),
            allocated: None,
        };
        let shown = made(&lock, &configured).map_err(|error| self.of_file(&error))?;
        configured.allocated = Some(shown.allocated);
        let series = &configured.series;
        let haste = match (self.wanted.options.ttl, self.wanted.options.valid_for) {
            (None, None) => None,
            _ => no_time_for_renewal(series.ttl, series.valid_for),
        };
        let turned = turns::turns(&planned.turnover, self.file);
        let work = Work {
            body: json!(configured),
            ..planned.work()
        };
        let revision = lock
            .prepare(&stamp, work)
            .and_then(|prepared| self.args.write.carry_out(prepared))
            .map_err(|error| self.of_file(&error))?;
        let became = Became::of(configured.changed);
        let mut notes = vec![became.note(self.file, revision)];
        notes.extend(turned);
        Ok(Outcome {
            made: Made {
                revision: revision.rev,
                ..shown
            },
            became,
            revision,
            stamp,
            repeats: None,
            notes,
            warnings: haste.into_iter().collect(),
        })
    }

    /// Says what is to change in the list file, or why it cannot.
    pub(super) fn plan(&self, snapshot: &Snapshot<'_>) -> Result<Planned, Error> {
        let mut update = Update::of(&self.wanted.options, snapshot.series())?;
        let first = snapshot.list(ListNumber::FIRST);
        let first = first.map_err(|error| self.of_file(&error))?;
        let other = |master| first_seed(master).sha256() != first.seed.sha256();
        if self.master.is_some_and(other) {
            update.differences.push(Difference {
                setting: "seed-file",
                is: "another secret".to_owned(),
                wanted: "this one".to_owned(),
            });
        }
        if !update.differences.is_empty() {
            return Err(update::refused(&quote(self.file), &update.differences));
        }
        update.change.plan(snapshot, self.file)
    }

    /// Who asks for what, and when.
    pub(super) fn stamp(&self) -> Result<Stamp, Error> {
        let seed = self.master.map(|master| hex(&first_seed(master).sha256()));
        let request = json!({ "wanted": self.wanted.options.request(), "seedSha256": seed });
        self.args.write.stamp(self.context, "configure", &request)
    }

    /// What the operation id was answered before, if it was: it made the file, or changed it.
    pub(super) fn earlier(
        &self,
        snapshot: &Snapshot<'_>,
        stamp: &Stamp,
    ) -> Result<Option<Outcome>, Error> {
        let of_file = |error: StoreError| self.of_file(&error);
        let Some(id) = &self.args.write.op_id else {
            return Ok(None);
        };
        let Some(event) = snapshot.event_of(id).map_err(of_file)? else {
            return Ok(None);
        };
        if snapshot.asked_for(&event, stamp).map_err(of_file)? {
            let configured = Configured::again(&event).map_err(of_file)?;
            let shown = made(snapshot, &configured).map_err(of_file)?;
            let became = Became::of(configured.changed);
            return Ok(Some(repeated(shown, became, stamp.clone(), event)));
        }
        // A request that could not make a file did not make this one.
        if let Ok(blueprint) = self.blueprint() {
            let stamp = blueprint.stamp(self.args, self.context)?;
            if snapshot.asked_for(&event, &stamp).map_err(of_file)? {
                let shown = blueprint.made(Revision::repeated(&event));
                return Ok(Some(repeated(shown, Became::Made, stamp, event)));
            }
        }
        Err(self.of_file(&StoreError::OperationReused {
            id: id.clone(),
            rev: event.rev,
        }))
    }

    fn of_file(&self, error: &StoreError) -> Error {
        Error::of_store(self.file, error)
    }
}

/// What an earlier run of the same operation was answered.
fn repeated(made: Made, became: Became, stamp: Stamp, event: Event) -> Outcome {
    let revision = Revision::repeated(&event);
    Outcome {
        made: Made {
            revision: revision.rev,
            ..made
        },
        became,
        revision,
        stamp,
        repeats: Some(event),
        notes: Vec::new(),
        warnings: Vec::new(),
    }
}

fn first_seed(master: &Seed) -> Seed {
    master.derive(ListNumber::FIRST.value())
}

/// The answer for a list file that is there: its open list, or its first one.
fn made(snapshot: &Snapshot<'_>, configured: &Configured) -> Result<Made, StoreError> {
    let list = match snapshot.open_list() {
        Err(StoreError::NoOpenList) => snapshot.list(ListNumber::FIRST)?,
        list => list?,
    };
    let made_at = snapshot.lists_made_at()?.get(&list.number).copied();
    Ok(Made {
        bits: list.width.bits(),
        size: list.size.entries(),
        allocated: configured.allocated.unwrap_or(list.taken),
        created_at: made_at.unwrap_or(snapshot.head().at),
        ..Made::of(
            list.number,
            snapshot.first_uri(list.number)?,
            &configured.series,
        )
    })
}
