//! The object that the status-issuer integration guide answers a body with.

use std::fmt;

use serde::Serialize;

use super::bodies::GuideOperation;
use super::results::Results;
use crate::change::LinePlan;
use crate::commands::SCHEMA;
use crate::list::{Effect, Timestamp};

/// An object that is written member by member, so that a million entries are never held as text.
struct Writing<'a, 'f> {
    formatter: &'a mut fmt::Formatter<'f>,
}

/// Writes the response.
pub(super) fn write(
    results: &Results,
    operation: GuideOperation,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(formatter, "{{\"schema\":{SCHEMA}")?;
    let mut object = Writing { formatter };
    match operation {
        GuideOperation::Allocate => {
            object.member("uri", &common_uri(results))?;
            let count = object.entries("allocations", results)?;
            object.member("count", &count)?;
            object.member("allocatedAt", &allocated_at(results))?;
        }
        GuideOperation::Update => {
            object.member("updated", &updated(results))?;
            object.entries("results", results)?;
            let outlook = results.revision.outlook;
            object.member("effectiveAt", &outlook.map(|outlook| outlook.effective_at))?;
            object.member("visibleBy", &outlook.map(|outlook| outlook.visible_by))?;
        }
    }
    object.member("revision", &results.revision.rev)?;
    if let Some(file) = &results.file {
        object.member("file", file)?;
    }
    if results.revision.dry_run {
        object.member("dryRun", &true)?;
    }
    if results.revision.repeated {
        object.member("repeated", &true)?;
    }
    writeln!(formatter, "}}")
}

impl Writing<'_, '_> {
    fn member(&mut self, name: &str, value: &impl Serialize) -> fmt::Result {
        write!(self.formatter, ",\"{name}\":{}", text(value)?)
    }

    /// Writes an array of the entries, and says how many there are.
    fn entries(&mut self, name: &str, results: &Results) -> Result<u64, fmt::Error> {
        write!(self.formatter, ",\"{name}\":[")?;
        let mut count = 0;
        for (_, entry) in results.each() {
            let separator = if count == 0 { "" } else { "," };
            write!(self.formatter, "{separator}{}", text(&entry)?)?;
            count += 1;
        }
        self.formatter.write_str("]")?;
        Ok(count)
    }
}

/// The uri of the list that all entries lie in; nothing if they lie in several.
fn common_uri(results: &Results) -> Option<&str> {
    let entries = &mut results.plan.lines.iter();
    let mut lists = entries.filter_map(|plan| Some(results.plan.entry(*plan)?.list));
    let first = lists.next()?;
    let uri = results.uris.get(&first).map(String::as_str);
    uri.filter(|_| lists.all(|list| list == first))
}

/// When the new entries were handed out; nothing if all were handed out before.
fn allocated_at(results: &Results) -> Option<Timestamp> {
    let is_new = |plan: &LinePlan| matches!(plan, LinePlan::Fresh { .. });
    let any_is_new = results.plan.lines.iter().any(is_new);
    any_is_new.then_some(results.revision.at)
}

/// How many entries are other than before.
fn updated(results: &Results) -> usize {
    let is_other = |plan: &&LinePlan| match plan {
        LinePlan::Set { effect, .. } => *effect != Effect::Unchanged,
        _ => false,
    };
    results.plan.lines.iter().filter(is_other).count()
}

fn text(value: &impl Serialize) -> Result<String, fmt::Error> {
    serde_json::to_string(value).map_err(|_| fmt::Error)
}
