//! `set group:ID`: changes the status of all entries of a group.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use super::set::Args;
use super::{Answer, Error, counted, listed};
use crate::change::{EntryChange, GroupChanges, GroupSetRequest};
use crate::list::{Effect, EntryId, GroupName, ListNumber};
use crate::store::{Event, Revision, Snapshot, Stamp, StoreError, WriteLock};
use crate::wire::shell::quote;

/// What was changed: one line for each entry, or an object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SetGroup {
    group: GroupName,
    results: Vec<SetEntry>,
    /// How many entries have another status, or another remark.
    updated: usize,
    skipped: Vec<Value>,
    effective_at: Option<()>,
    revision: i64,
}

/// What became of one entry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SetEntry {
    list_id: ListNumber,
    idx: u32,
    uri: String,
    previous_status: crate::list::Status,
    current_status: crate::list::Status,
    change: Effect,
}

/// Changes the entries, with the right to change the list file.
///
/// # Errors
/// No such group, or one of its entries cannot be changed. Then none is.
pub(super) fn run(
    args: &Args,
    group: &GroupName,
    lock: WriteLock<'_>,
    stamp: &Stamp,
) -> Result<Answer, Error> {
    let of_file = |error| Error::of_store(&args.file, &error);
    let request = GroupSetRequest {
        group,
        terms: args.terms(),
        status: args.status,
        expected: args.expected,
        remark: args.remark(),
    };
    if let Some(event) = lock.earlier(stamp).map_err(of_file)? {
        return repeat(args, &request, &lock, &event).map_err(of_file);
    }
    let plan = request
        .plan(&lock)
        .map_err(|error| Error::of_change(&args.file, error))?;
    let unseen = plan.unseen(&lock).map_err(of_file)?;
    let mut report = SetGroup::of(&lock, group, &plan.changes).map_err(of_file)?;
    let revision = lock
        .prepare(stamp, plan.work())
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    report.revision = revision.rev;
    let sentence = report.sentence(&revision, args);
    let mut answer = Answer::report(report).note(sentence);
    answer.warnings.extend(skipped(&plan.changes.skipped));
    if let Some(change) = plan.changes.entries.first()
        && !change.current.is_assigned()
    {
        let status = change.current;
        answer = answer.warn(format!("readers do not know what status {status} means"));
    }
    let answer = answer.unseen_by_document(unseen).exposing(&args.file);
    Ok(args.write.finish(answer, revision, stamp))
}

/// Answers as the first time, and says if that is no longer so.
fn repeat(
    args: &Args,
    request: &GroupSetRequest<'_>,
    snapshot: &Snapshot<'_>,
    event: &Event,
) -> Result<Answer, StoreError> {
    let changes = request.again(snapshot, event)?;
    let mut report = SetGroup::of(snapshot, request.group, &changes)?;
    let revision = Revision::repeated(event);
    report.revision = revision.rev;
    let sentence = report.sentence(&revision, args);
    let mut answer = Answer::report(report)
        .note(format!("at that time: {sentence}"))
        .repeating(event);
    answer.warnings.extend(skipped(&changes.skipped));
    for change in changes.entries {
        let (entry, then, now) = (change.entry, change.current, snapshot.status(change.entry)?);
        if now != then {
            return Ok(answer.warn(format!("entry {entry} was {then} then, and is {now} now")));
        }
    }
    Ok(answer)
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
            revision: 0,
        })
    }

    /// What was changed, for people.
    fn sentence(&self, revision: &Revision, args: &Args) -> String {
        let count = |effect| {
            let of_effect = self.results.iter().filter(|one| one.change == effect);
            of_effect.count()
        };
        let effects = [Effect::Changed, Effect::Annotated, Effect::Unchanged];
        let counts = effects.map(|effect| (count(effect), effect.name()));
        let said: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let said = if said.is_empty() {
            "nothing to do".to_owned()
        } else {
            said.join(", ")
        };
        let publish = if revision.visible && !args.write.dry_run {
            format!(
                "; to make it visible: statuslist publish {}",
                quote(&args.file)
            )
        } else {
            String::new()
        };
        let (group, rev) = (&self.group, revision.rev);
        format!("group '{group}': {said}, revision {rev}{publish}")
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
