//! What became of each line.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::change::{Line, LinePlan, Plan, Request};
use crate::commands::SCHEMA;
use crate::list::{Effect, EntryId, ListNumber, Status, TokenId};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    JsonLines,
    Csv,
}

/// The results, one per operation without a fault, in the order of the lines. They are written
/// one after the other, so that millions take no memory.
pub(super) struct Results {
    pub(super) request: Request,
    pub(super) plan: Plan,
    pub(super) uris: BTreeMap<ListNumber, String>,
    pub(super) style: Style,
    /// Whether they are those of an earlier run, and this one changed nothing.
    pub(super) repeated: bool,
}

/// How many lines did what.
#[derive(Default)]
pub(super) struct Totals {
    allocated: u64,
    existing: u64,
    changed: u64,
    annotated: u64,
    unchanged: u64,
}

/// One result, with the names of the status-issuer integration guide.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    schema: u64,
    line: u32,
    op: &'static str,
    #[serde(serialize_with = "as_text")]
    list_id: ListNumber,
    idx: u32,
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_id: Option<&'a TokenId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<bool>,
}

const HEADER: [&str; 11] = [
    "line",
    "op",
    "listId",
    "idx",
    "uri",
    "tokenId",
    "status",
    "existing",
    "previousStatus",
    "currentStatus",
    "change",
];

impl Results {
    fn row<'a>(&'a self, line: &'a Line, plan: LinePlan) -> Option<Row<'a>> {
        let booked = |place: u32| self.plan.booked_entry(place);
        Some(match plan {
            LinePlan::Faulty => return None,
            LinePlan::Fresh { place, status } => self.allocated(line, booked(place), status, false),
            LinePlan::Again { place, status } => self.allocated(line, booked(place), status, true),
            LinePlan::Existing { entry, status } => self.allocated(line, entry, status, true),
            LinePlan::Set {
                entry,
                previous,
                current,
                effect,
            } => Row {
                op: "set",
                previous_status: Some(previous),
                current_status: Some(current),
                change: Some(effect.name()),
                ..self.named(line, entry)
            },
        })
    }

    fn allocated<'a>(
        &'a self,
        line: &'a Line,
        entry: EntryId,
        status: Status,
        existing: bool,
    ) -> Row<'a> {
        Row {
            op: "allocate",
            status: Some(status),
            existing: Some(existing),
            ..self.named(line, entry)
        }
    }

    fn named<'a>(&'a self, line: &'a Line, entry: EntryId) -> Row<'a> {
        Row {
            schema: SCHEMA,
            line: line.number,
            op: "",
            list_id: entry.list,
            idx: entry.index.value(),
            uri: self.uris.get(&entry.list).map_or("", String::as_str),
            token_id: line.token(),
            status: None,
            existing: None,
            previous_status: None,
            current_status: None,
            change: None,
            repeated: self.repeated.then_some(true),
        }
    }
}

impl fmt::Display for Results {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.style == Style::Csv {
            writeln!(formatter, "{}", HEADER.join(","))?;
        }
        for (line, plan) in self.request.lines.iter().zip(&self.plan.lines) {
            let Some(row) = self.row(line, *plan) else {
                continue;
            };
            let text = match self.style {
                Style::JsonLines => serde_json::to_string(&row).map_err(|_| fmt::Error)?,
                Style::Csv => row.csv().ok_or(fmt::Error)?,
            };
            writeln!(formatter, "{text}")?;
        }
        Ok(())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn as_text<S: Serializer>(number: &ListNumber, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

impl Row<'_> {
    fn csv(&self) -> Option<String> {
        let number = |status: Option<Status>| {
            status.map_or_else(String::new, |status| status.value().to_string())
        };
        let fields = [
            self.line.to_string(),
            self.op.to_owned(),
            self.list_id.to_string(),
            self.idx.to_string(),
            self.uri.to_owned(),
            self.token_id.map(ToString::to_string).unwrap_or_default(),
            number(self.status),
            self.existing
                .map_or_else(String::new, |existing| existing.to_string()),
            number(self.previous_status),
            number(self.current_status),
            self.change.unwrap_or_default().to_owned(),
        ];
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(Vec::new());
        writer.write_record(&fields).ok()?;
        let mut bytes = writer.into_inner().ok()?;
        bytes.pop();
        String::from_utf8(bytes).ok()
    }
}

impl Totals {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut totals = Self::default();
        for line in &plan.lines {
            *match line {
                LinePlan::Faulty => continue,
                LinePlan::Fresh { .. } => &mut totals.allocated,
                LinePlan::Again { .. } | LinePlan::Existing { .. } => &mut totals.existing,
                LinePlan::Set {
                    effect: Effect::Changed,
                    ..
                } => &mut totals.changed,
                LinePlan::Set {
                    effect: Effect::Annotated,
                    ..
                } => &mut totals.annotated,
                LinePlan::Set {
                    effect: Effect::Unchanged,
                    ..
                } => &mut totals.unchanged,
            } += 1;
        }
        totals
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.allocated, "allocated"),
            (self.existing, "allocated before"),
            (self.changed, "changed"),
            (self.annotated, "annotated"),
            (self.unchanged, "unchanged"),
        ];
        let said: Vec<_> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if said.is_empty() {
            formatter.write_str("nothing to do")
        } else {
            formatter.write_str(&said.join(", "))
        }
    }
}
