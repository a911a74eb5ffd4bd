//! `set group:ID`: changes the status of all entries of a group.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::options::PublishOption;
use super::outlook::{Asked, next_step};
use super::{Answer, Context, Error, WriteOptions, counted, listed};
use crate::change::{EntryChange, GroupChanges, GroupSetRequest};
use crate::list::{Effect, EntryId, GroupName, ListNumber, Status, Timestamp};
use crate::publish::Outlook;
use crate::store::{Event, Revision, Snapshot, Stamp, StoreError, WriteLock};

/// What was changed: one line for each entry, or an object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SetGroup {
    group: GroupName,
    results: Vec<SetEntry>,
    /// How many entries have another status, or another remark.
    updated: usize,
    skipped: Vec<Value>,
    effective_at: Option<Timestamp>,
    visible_by: Option<Timestamp>,
    revision: i64,
}

/// What became of one entry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SetEntry {
    list_id: ListNumber,
    idx: u32,
    uri: String,
    previous_status: Status,
    current_status: Status,
    change: Effect,
}

/// A request for a group, and how it is recorded.
pub(super) struct GroupSet<'a> {
    pub(super) file: &'a Path,
    pub(super) publish: &'a PublishOption,
    pub(super) request: GroupSetRequest<'a>,
    pub(super) write: &'a WriteOptions,
}

impl GroupSet<'_> {
    /// Changes the entries, with the right to change the list file.
    ///
    /// # Errors
    /// No such group, or one of its entries cannot be changed. Then none is.
    pub(super) fn run(
        &self,
        lock: WriteLock<'_>,
        stamp: &Stamp,
        context: &Context<'_>,
    ) -> Result<Answer, Error> {
        let of_file = |error| Error::of_store(self.file, &error);
        if let Some(event) = lock.earlier(stamp).map_err(of_file)? {
            return self.repeat(&lock, &event, context);
        }
        let plan = self.request.plan(&lock);
        let plan = plan.map_err(|error| Error::of_change(self.file, error))?;
        let unseen = plan.unseen(&lock).map_err(of_file)?;
        let report = SetGroup::of(&lock, self.request.group, &plan.changes);
        let report = report.map_err(of_file)?;
        let asked = Asked {
            file: self.file,
            at: stamp.now.max(lock.head().at),
            done: None,
            publish: *self.publish,
        };
        let outlook = asked.outlook(&lock, context, plan.changes.changed())?;
        let revision = lock
            .prepare(stamp, plan.work())
            .and_then(|prepared| self.write.carry_out(prepared))
            .map_err(of_file)?;
        let mut answer = self.answer(report, &revision, outlook, "");
        answer.warnings.extend(skipped(&plan.changes.skipped));
        let status = plan.changes.entries.first().map(|change| change.current);
        if let Some(status) = status.filter(|status| !status.is_assigned()) {
            answer = answer.warn(format!("readers do not know what status {status} means"));
        }
        let answer = answer.unseen_by_document(unseen).exposing(self.file);
        Ok(self.write.finish(answer, revision, stamp))
    }

    /// Answers as the first time, and says if that is no longer so.
    fn repeat(
        &self,
        snapshot: &Snapshot<'_>,
        event: &Event,
        context: &Context<'_>,
    ) -> Result<Answer, Error> {
        let of_file = |error: StoreError| Error::of_store(self.file, &error);
        let changes = self.request.again(snapshot, event).map_err(of_file)?;
        let report = SetGroup::of(snapshot, self.request.group, &changes);
        let report = report.map_err(of_file)?;
        let revision = Revision::repeated(event);
        let asked = Asked {
            file: self.file,
            at: event.at,
            done: Some(event),
            publish: *self.publish,
        };
        let outlook = asked.outlook(snapshot, context, changes.changed())?;
        let answer = self.answer(report, &revision, outlook, "at that time: ");
        let mut answer = answer.repeating(event);
        answer.warnings.extend(skipped(&changes.skipped));
        for change in changes.entries {
            let (entry, then) = (change.entry, change.current);
            let now = snapshot.status(entry).map_err(of_file)?;
            if now != then {
                return Ok(answer.warn(format!("entry {entry} was {then} then, and is {now} now")));
            }
        }
        Ok(answer)
    }

    fn answer(
        &self,
        mut report: SetGroup,
        revision: &Revision,
        outlook: Option<Outlook>,
        when: &str,
    ) -> Answer {
        report.revision = revision.rev;
        report.effective_at = outlook.map(|outlook| outlook.effective_at);
        report.visible_by = outlook.map(|outlook| outlook.visible_by);
        let (said, rev) = (report.sentence(), revision.rev);
        let publish = if revision.visible && !self.write.dry_run {
            next_step(self.file, outlook, *self.publish)
        } else {
            String::new()
        };
        Answer::report(report).note(format!("{when}{said}, revision {rev}{publish}"))
    }
}

/// Names the entries that stay as they are, by their lists.
pub(super) fn skipped(skipped: &[EntryId]) -> Option<String> {
    if skipped.is_empty() {
        return None;
    }
    let mut lists: Vec<_> = skipped.iter().map(|entry| entry.list).collect();
    lists.sort_unstable();
    lists.dedup();
    let entries = counted(skipped.len() as u64, "entry", "entries");
    let lists = listed("list", "lists", &lists);
    Some(format!(
        "skipped {entries} of {lists}: what is retired is published no more"
    ))
}

impl SetGroup {
    fn of(
        snapshot: &Snapshot<'_>,
        group: &GroupName,
        changes: &GroupChanges,
    ) -> Result<Self, StoreError> {
        let uris = snapshot.first_uris()?;
        let result = |change: &EntryChange| SetEntry {
            list_id: change.entry.list,
            idx: change.entry.index.value(),
            uri: uris.get(&change.entry.list).cloned().unwrap_or_default(),
            previous_status: change.previous,
            current_status: change.current,
            change: change.effect,
        };
        let skipped = changes.skipped.iter().map(|entry| {
            json!({ "listId": entry.list, "idx": entry.index.value(), "uri": uris.get(&entry.list) })
        });
        let others = |change: &&EntryChange| change.effect != Effect::Unchanged;
        Ok(Self {
            group: group.clone(),
            results: changes.entries.iter().map(result).collect(),
            updated: changes.entries.iter().filter(others).count(),
            skipped: skipped.collect(),
            effective_at: None,
            visible_by: None,
            revision: 0,
        })
    }

    /// What was changed, for people.
    fn sentence(&self) -> String {
        let effects = [Effect::Changed, Effect::Annotated, Effect::Unchanged];
        let counts = effects.map(|effect| {
            let of_effect = self.results.iter().filter(|one| one.change == effect);
            (of_effect.count(), effect.name())
        });
        let said = counts.iter().filter(|(count, _)| *count > 0);
        let said: Vec<_> = said
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let said = if said.is_empty() {
            "nothing to do".to_owned()
        } else {
            said.join(", ")
        };
        format!("group '{}': {said}", self.group)
    }
}

impl fmt::Display for SetGroup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.results {
            let (list, index) = (one.list_id, one.idx);
            let (before, after) = (one.previous_status, one.current_status);
            match one.change {
                Effect::Changed => writeln!(formatter, "{list}/{index}\t{before} -> {after}")?,
                Effect::Annotated => writeln!(formatter, "{list}/{index}\tstill {after}")?,
                Effect::Unchanged => writeln!(formatter, "{list}/{index}\t{after} already")?,
            }
        }
        Ok(())
    }
}
