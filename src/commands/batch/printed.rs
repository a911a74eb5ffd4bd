//! Results as they are printed.

use std::fmt;

use serde::Serialize;

use super::bodies::GuideOperation;
use super::response;
use super::results::{EntryResult, Heading, Results};
use crate::commands::SCHEMA;
use crate::list::{Effect, Status};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    JsonLines,
    Csv,
    /// As the guide answers its one body.
    Response(GuideOperation),
}

/// Results in one of these forms, written one after the other, so that millions take no memory.
pub(super) struct Printed {
    pub(super) results: Results,
    pub(super) style: Style,
}

/// One line of JSON Lines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    schema: u64,
    line: u32,
    op: &'static str,
    #[serde(flatten)]
    of_entry: EntryResult<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<bool>,
}

const HEADER: &str =
    "line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change";

impl fmt::Display for Printed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            Style::Response(operation) => {
                return response::write(&self.results, operation, formatter);
            }
            Style::Csv if self.results.heading == Heading::Written => {
                let file = self.results.file.as_ref().map_or("", |_| ",file");
                writeln!(formatter, "{HEADER}{file}")?;
            }
            Style::Csv | Style::JsonLines => {}
        }
        for (line, of_entry) in self.results.each() {
            let row = Row {
                schema: SCHEMA,
                line: line.number,
                op: of_entry.op,
                of_entry,
                file: self.results.file.as_deref(),
                repeated: self.results.revision.repeated.then_some(true),
            };
            let text = match self.style {
                Style::Csv => row.csv().ok_or(fmt::Error)?,
                _ => serde_json::to_string(&row).map_err(|_| fmt::Error)?,
            };
            writeln!(formatter, "{text}")?;
        }
        Ok(())
    }
}

impl Row<'_> {
    fn csv(&self) -> Option<String> {
        let number = |status: Option<Status>| status.map(|status| status.value().to_string());
        let result = &self.of_entry;
        let mut fields = vec![
            self.line.to_string(),
            self.op.to_owned(),
            result.list_id.to_string(),
            result.idx.to_string(),
            result.uri.to_owned(),
            result.token_id.map(ToString::to_string).unwrap_or_default(),
            number(result.status).unwrap_or_default(),
            result.existing.map(|is| is.to_string()).unwrap_or_default(),
            number(result.previous_status).unwrap_or_default(),
            number(result.current_status).unwrap_or_default(),
            (result.change)
                .map_or(result.skipped.map_or("", |_| "skipped"), Effect::name)
                .to_owned(),
        ];
        fields.extend(self.file.map(str::to_owned));
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(Vec::new());
        writer.write_record(&fields).ok()?;
        let mut bytes = writer.into_inner().ok()?;
        bytes.pop();
        String::from_utf8(bytes).ok()
    }
}
