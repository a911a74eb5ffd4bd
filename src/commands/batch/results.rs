//! What became of each line.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::change::{Line, LinePlan, Plan, Request};
use crate::commands::options::ViewName;
use crate::commands::references::References;
use crate::list::{
    Effect, EntryId, GroupName, ListNumber, ListUri, Series, Status, Timestamp, TokenId,
};
use crate::publish::Outlook;

/// The results, one per operation without a fault, in the order of the lines.
pub(super) struct Results {
    pub(super) request: Request,
    pub(super) plan: Plan,
    pub(super) uris: BTreeMap<ListNumber, String>,
    /// What credentials embed, if that was asked for.
    pub(super) claims: Option<Claims>,
    pub(super) revision: ShownRevision,
    /// The list file, if it was found in a pool.
    pub(super) file: Option<String>,
    pub(super) heading: Heading,
}

/// The revision that made the results.
pub(super) struct ShownRevision {
    pub(super) rev: i64,
    pub(super) at: Timestamp,
    /// When the changes will be published, and seen.
    pub(super) outlook: Option<Outlook>,
    /// Whether it was only tried.
    pub(super) dry_run: bool,
    /// Whether an earlier run made it, and this one changed nothing.
    pub(super) repeated: bool,
}

/// Whether a table says what its columns are. Of several that are one, the first does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Written,
    LeftOut,
}

/// What credentials embed of entries, in the views that were asked for.
pub(super) struct Claims {
    pub(super) names: Vec<ViewName>,
    pub(super) series: Series,
    /// Those of every list that has one of the entries.
    pub(super) uris: BTreeMap<ListNumber, Vec<ListUri>>,
}

/// The result of one entry, with the names of the status-issuer integration guide.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryResult<'a> {
    /// What was done with the entry.
    #[serde(skip)]
    pub(super) op: &'static str,
    #[serde(serialize_with = "as_text")]
    pub(super) list_id: ListNumber,
    pub(super) idx: u32,
    pub(super) uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token_id: Option<&'a TokenId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<&'a GroupName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) existing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) current_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) change: Option<Effect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effective_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) visible_by: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skipped: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) claims: Option<Map<String, Value>>,
}

impl Results {
    /// What became of each line without a fault, made when it is asked for.
    pub(super) fn each(&self) -> impl Iterator<Item = (&Line, EntryResult<'_>)> {
        let lines = self.request.lines.iter().zip(&self.plan.lines);
        lines.flat_map(move |(line, plan)| {
            let parts = self.plan.parts(plan).iter();
            parts.filter_map(move |part| Some((line, self.of_entry(line, *part)?)))
        })
    }

    fn of_entry<'a>(&'a self, line: &'a Line, plan: LinePlan) -> Option<EntryResult<'a>> {
        let entry = self.plan.entry(plan)?;
        let mut result = EntryResult {
            op: "allocate",
            list_id: entry.list,
            idx: entry.index.value(),
            uri: self.uris.get(&entry.list).map_or("", String::as_str),
            token_id: line.token(),
            group: self.request.group_of(line),
            status: None,
            existing: None,
            previous_status: None,
            current_status: None,
            change: None,
            effective_at: None,
            visible_by: None,
            skipped: None,
            claims: None,
        };
        match plan {
            LinePlan::Faulty | LinePlan::Group { .. } => return None,
            LinePlan::Label { effect, .. } => {
                result.op = "label";
                result.change = Some(effect);
            }
            LinePlan::Skipped { .. } => {
                result.op = "set";
                result.skipped = Some(true);
            }
            LinePlan::Fresh { status, .. } => {
                result.status = Some(status);
                result.existing = Some(false);
            }
            LinePlan::Again { status, .. } | LinePlan::Existing { status, .. } => {
                result.status = Some(status);
                result.existing = Some(true);
            }
            LinePlan::Set {
                previous,
                current,
                effect,
                ..
            } => {
                result.op = "set";
                result.previous_status = Some(previous);
                result.current_status = Some(current);
                result.change = Some(effect);
                let outlook = self.revision.outlook;
                let outlook = outlook.filter(|_| effect == Effect::Changed);
                result.effective_at = outlook.map(|outlook| outlook.effective_at);
                result.visible_by = outlook.map(|outlook| outlook.visible_by);
            }
        }
        if result.status.is_some() {
            result.claims = self.claims.as_ref().map(|claims| claims.of(entry));
        }
        Some(result)
    }
}

impl Claims {
    fn of(&self, entry: EntryId) -> Map<String, Value> {
        let uris = self.uris.get(&entry.list).map_or(&[][..], Vec::as_slice);
        References::of(&self.series, uris, entry.index.value()).claims_of(&self.names)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn as_text<S: Serializer>(number: &ListNumber, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// How many lines did what.
pub(super) fn totals(plan: &Plan) -> String {
    let mut counts = [
        (0, "allocated"),
        (0, "allocated before"),
        (0, "changed"),
        (0, "annotated"),
        (0, "unchanged"),
        (0, "skipped"),
    ];
    for line in plan.lines.iter().flat_map(|line| plan.parts(line)) {
        let which = match line {
            LinePlan::Faulty | LinePlan::Group { .. } => continue,
            LinePlan::Skipped { .. } => 5,
            LinePlan::Fresh { .. } => 0,
            LinePlan::Again { .. } | LinePlan::Existing { .. } => 1,
            LinePlan::Set { effect, .. } | LinePlan::Label { effect, .. } => match effect {
                Effect::Changed => 2,
                Effect::Annotated => 3,
                Effect::Unchanged => 4,
            },
        };
        counts[which].0 += 1;
    }
    let done = counts.iter().filter(|(count, _)| *count > 0);
    let said: Vec<_> = done
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if said.is_empty() {
        "nothing to do".to_owned()
    } else {
        said.join(", ")
    }
}
