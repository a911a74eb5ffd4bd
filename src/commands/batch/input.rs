//! Reading a batch: which form it has, and its lines one after the other.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};

use super::fields::set_to_default;
use super::json;
use super::lines::Lines;
use super::shapes::Fields;
use crate::commands::{Error, Progress};
use crate::list::{EntryName, nearest};
use crate::wire::text::{echo, looks_secret};

/// The most bytes of one line of JSON Lines or entries. A body of the guide may stand in one line.
const LINE_LIMIT: u64 = 16 << 20;

/// The most bytes of a record of CSV, which is one operation.
const RECORD_LIMIT: u64 = 1 << 20;

/// The most bytes of a batch that is one JSON document.
const DOCUMENT_LIMIT: u64 = 256 << 20;

/// The forms that a batch can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum InputForm {
    /// JSON Lines: one operation per line.
    Jsonl,
    /// One JSON document: an object or an array.
    Json,
    /// Comma-separated values with a header.
    Csv,
    /// One ENTRY per line, all set to --status.
    Entries,
}

/// Reads a whole batch. Faults of single lines are kept with the lines.
///
/// # Errors
/// The stream cannot be read, or is of no form that is known.
pub(super) fn read<'a>(
    source: &mut dyn Read,
    form: Option<InputForm>,
    mut lines: Lines<'a>,
    progress: &dyn Progress,
) -> Result<Lines<'a>, Error> {
    let mut reader = BufReader::with_capacity(1 << 16, Counted { source, progress });
    let beginning = reader.fill_buf().map_err(|error| unreadable(&error))?;
    let bom = if beginning.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    refuse_key(&beginning[bom..])?;
    let form = form.unwrap_or_else(|| recognise(&beginning[bom..]));
    reader.consume(bom);
    match form {
        InputForm::Jsonl => each_line(&mut reader, &mut lines, progress, json::line)?,
        InputForm::Entries => each_line(&mut reader, &mut lines, progress, entry)?,
        InputForm::Json => {
            let mut text = Vec::new();
            reader
                .take(DOCUMENT_LIMIT + 1)
                .read_to_end(&mut text)
                .map_err(|error| unreadable(&error))?;
            if text.len() as u64 > DOCUMENT_LIMIT {
                let text = format!("a JSON document of more than {DOCUMENT_LIMIT} bytes");
                return Err(Error::refused(text).hint("write one operation per line (JSON Lines)"));
            }
            json::document(&text, &mut lines)?;
        }
        InputForm::Csv => csv(reader, progress, &mut lines)?,
    }
    Ok(lines)
}

/// Refuses a key or a seed that was named in place of a batch: what is wrong with its lines would
/// show them.
pub(super) fn refuse_key(beginning: &[u8]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(beginning);
    let text = text.trim_start();
    let first = text.lines().next().unwrap_or_default();
    let is_pem = text
        .lines()
        .any(|line| line.trim_start().starts_with("-----BEGIN"));
    let is_jwk = text.starts_with(['{', '[']) && text.contains("\"kty\"");
    let is_seed = |text: &str| looks_secret(text) && !text.contains([',', ':']);
    if is_pem || is_jwk || is_seed(first) || is_seed(text) && text.len() <= 64 {
        return Err(Error::refused("the batch looks like a key")
            .because("nothing of it is shown, in case it is one")
            .hint("name the file with the operations"));
    }
    Ok(())
}

/// Recognises the form by its first bytes.
fn recognise(beginning: &[u8]) -> InputForm {
    let text = beginning.trim_ascii_start();
    let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match text.first() {
        Some(b'[') => InputForm::Json,
        Some(b'{') => {
            // A document that is printed over several lines does not end with its first one.
            let one = serde_json::from_slice::<serde::de::IgnoredAny>(first_line);
            let cut = first_line.len() == text.len() && beginning.len() >= 1 << 16;
            if one.is_ok() || cut || first_line.contains(&b'"') {
                InputForm::Jsonl
            } else {
                InputForm::Json
            }
        }
        _ => {
            let header = String::from_utf8_lossy(first_line);
            // In another case too, so that the header can be refused as one.
            let known = |name: &str| {
                let name = name.trim().trim_matches('"');
                Fields::COLUMNS
                    .iter()
                    .any(|column| column.eq_ignore_ascii_case(name))
            };
            if header.split(',').any(known) {
                InputForm::Csv
            } else {
                InputForm::Entries
            }
        }
    }
}

fn each_line(
    reader: &mut impl BufRead,
    lines: &mut Lines<'_>,
    progress: &dyn Progress,
    take: impl Fn(&str, &mut Lines<'_>),
) -> Result<(), Error> {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = reader
            .by_ref()
            .take(LINE_LIMIT + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| unreadable(&error))?;
        if read == 0 {
            return Ok(());
        }
        lines.number = lines.number.saturating_add(1);
        progress.line();
        if bytes.len() as u64 > LINE_LIMIT {
            let text = format!("line {} has more than {LINE_LIMIT} bytes", lines.number);
            return Err(
                Error::refused(text).hint("one operation per line, or --input json for a document")
            );
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => take(text.trim(), lines),
            Err(_) => lines.fault(Error::refused("the line is not UTF-8")),
        }
    }
}

fn entry(text: &str, lines: &mut Lines<'_>) {
    let taken = match text.parse::<EntryName>() {
        Ok(name) => set_to_default(name, lines),
        Err(error) => Err(Error::refused(error.to_string())
            .hint("LIST/INDEX, URI#INDEX, id:TOKEN-ID, group:ID or INDEX")),
    };
    if let Err(error) = taken {
        lines.fault(error);
    }
}

fn csv(reader: impl Read, progress: &dyn Progress, lines: &mut Lines<'_>) -> Result<(), Error> {
    let record_start = Cell::new(0);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(Bounded {
            source: reader,
            read: 0,
            record_start: &record_start,
        });
    let wrong = |number: u32, error: &csv::Error| match error.kind() {
        csv::ErrorKind::Io(source) if source.kind() == std::io::ErrorKind::InvalidData => {
            let text = format!("line {number}: a record of more than {RECORD_LIMIT} bytes");
            Error::refused(text).hint("a quote that is opened is closed in the same record")
        }
        csv::ErrorKind::Io(source) => unreadable(source),
        _ => Error::refused("the batch is no CSV that can be read").because(describe(error)),
    };
    let header = reader.headers().map_err(|error| wrong(1, &error))?.clone();
    let columns = columns(&header)?;
    let mut record = csv::StringRecord::new();
    loop {
        lines.number = u32::try_from(reader.position().line()).unwrap_or(u32::MAX);
        record_start.set(reader.position().byte());
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {
                progress.line();
                if let Some(position) = record.position() {
                    lines.number = u32::try_from(position.line()).unwrap_or(lines.number);
                }
                let mut fields = Fields {
                    known_reasons: true,
                    ..Fields::default()
                };
                for (column, value) in columns.iter().zip(&record) {
                    fields.insert(*column, value);
                }
                if let Err(error) = fields.take(lines) {
                    lines.fault(error);
                }
            }
            Err(error) if matches!(error.kind(), csv::ErrorKind::Io(_)) => {
                return Err(wrong(lines.number, &error));
            }
            Err(error) => lines.fault(Error::refused(describe(&error))),
        }
    }
}

/// What the columns of a header are, in its order: which of [`Fields::COLUMNS`].
fn columns(header: &csv::StringRecord) -> Result<Vec<usize>, Error> {
    let known = Fields::COLUMNS;
    let mut columns = Vec::with_capacity(header.len());
    for name in header {
        let Some(column) = known.iter().position(|column| *column == name) else {
            let text = format!("line 1: '{}' is no column of a batch", echo(name));
            let error =
                Error::refused(text).because(format!("the columns are {}", known.join(", ")));
            return Err(match nearest(name, known) {
                Some(meant) => error.hint(format!("did you mean '{meant}'?")),
                None => error,
            });
        };
        columns.push(column);
    }
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = columns.iter().find(|column| !seen.insert(**column)) {
        let name = known[*twice];
        let text = format!("line 1: the column '{name}' stands twice");
        return Err(Error::refused(text).because("a line would say two things at once"));
    }
    Ok(columns)
}

/// Says what is wrong with a record; its line stands before it.
fn describe(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("{len} fields, and the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "the line is not UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

fn unreadable(source: &std::io::Error) -> Error {
    Error::io("cannot read the batch").because_of(source)
}

/// Ends the reading of a record that is too long: a quote that is never closed makes one record of
/// all that follows.
struct Bounded<'a, R> {
    source: R,
    read: u64,
    /// Where the record begins that is being read.
    record_start: &'a Cell<u64>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.read.saturating_sub(self.record_start.get()) > RECORD_LIMIT {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        let count = self.source.read(buffer)?;
        self.read += count as u64;
        Ok(count)
    }
}

/// Tells the progress how many bytes were read.
struct Counted<'a> {
    source: &'a mut dyn Read,
    progress: &'a dyn Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.progress.bytes(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_recognised() {
        for (text, form) in [
            ("{\"op\":\"set\",\"idx\":1}\n", InputForm::Jsonl),
            ("\n {\"op\":", InputForm::Jsonl),
            ("[{\"op\":\"set\"}]", InputForm::Json),
            ("{\n  \"operation\": \"update\"\n}", InputForm::Json),
            ("op,idx\n", InputForm::Csv),
            ("tokenId\r\n", InputForm::Csv),
            ("\"op\",\"idx\"\n", InputForm::Csv),
            ("0/4711\n", InputForm::Entries),
            ("id:a,b\n", InputForm::Entries),
            ("", InputForm::Entries),
        ] {
            assert_eq!(recognise(text.as_bytes()), form, "{text:?}");
        }
    }
}
