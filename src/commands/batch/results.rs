//! What became of each line.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::change::{Line, LinePlan, Plan, Request};
use crate::commands::SCHEMA;
use crate::list::{Effect, GroupName, ListNumber, Status, TokenId};

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
    group: Option<&'a GroupName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Effect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<bool>,
}

const HEADER: &str =
    "line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change";

impl Results {
    fn row<'a>(&'a self, line: &'a Line, plan: LinePlan) -> Option<Row<'a>> {
        let entry = self.plan.entry(plan)?;
        let mut row = Row {
            schema: SCHEMA,
            line: line.number,
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
            skipped: None,
            repeated: self.repeated.then_some(true),
        };
        match plan {
            LinePlan::Faulty | LinePlan::Group { .. } => return None,
            LinePlan::Label { effect, .. } => {
                row.op = "label";
                row.change = Some(effect);
            }
            LinePlan::Skipped { .. } => {
                row.op = "set";
                row.skipped = Some(true);
            }
            LinePlan::Fresh { status, .. } => {
                row.status = Some(status);
                row.existing = Some(false);
            }
            LinePlan::Again { status, .. } | LinePlan::Existing { status, .. } => {
                row.status = Some(status);
                row.existing = Some(true);
            }
            LinePlan::Set {
                previous,
                current,
                effect,
                ..
            } => {
                row.op = "set";
                row.previous_status = Some(previous);
                row.current_status = Some(current);
                row.change = Some(effect);
            }
        }
        Some(row)
    }
}

impl fmt::Display for Results {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.style == Style::Csv {
            writeln!(formatter, "{HEADER}")?;
        }
        for (line, plan) in self.request.lines.iter().zip(&self.plan.lines) {
            for part in self.plan.parts(plan) {
                let Some(row) = self.row(line, *part) else {
                    continue;
                };
                let text = match self.style {
                    Style::JsonLines => serde_json::to_string(&row).map_err(|_| fmt::Error)?,
                    Style::Csv => row.csv().ok_or(fmt::Error)?,
                };
                writeln!(formatter, "{text}")?;
            }
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
        let number = |status: Option<Status>| status.map(|status| status.value().to_string());
        let fields = [
            self.line.to_string(),
            self.op.to_owned(),
            self.list_id.to_string(),
            self.idx.to_string(),
            self.uri.to_owned(),
            self.token_id.map(ToString::to_string).unwrap_or_default(),
            number(self.status).unwrap_or_default(),
            self.existing.map(|is| is.to_string()).unwrap_or_default(),
            number(self.previous_status).unwrap_or_default(),
            number(self.current_status).unwrap_or_default(),
            self.change
                .map_or(self.skipped.map_or("", |_| "skipped"), Effect::name)
                .to_owned(),
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
