//! What list files of a pool answered, and which ones.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::counted;
use super::pools::{NAMED, of_backup, why};
use super::report::{Answer, Body, Report};
use crate::commands::pool::{Choice, Remarks, Why};
use crate::wire::shell::quote;
use crate::wire::text::escaped;

/// What a list file of a pool answered.
struct OfPool {
    file: PathBuf,
    report: Box<dyn Report>,
}

impl Serialize for OfPool {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = self.report.json();
        if let Value::Object(members) = &mut object {
            let file = self.file.display().to_string();
            members.insert("file".to_owned(), file.into());
        }
        object.serialize(serializer)
    }
}

impl fmt::Display for OfPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.fmt(formatter)
    }
}

/// What several list files of a pool answered to questions about entries.
struct OfPools(Vec<OfPool>);

impl OfPools {
    /// The entries, in the order in which they were asked for, each with its list file.
    fn entries(&self) -> Vec<Value> {
        let mut entries = Vec::new();
        for part in &self.0 {
            let file: Value = part.file.display().to_string().into();
            let mut object = part.report.json();
            let of_part = match object.get_mut("entries").map(Value::take) {
                Some(Value::Array(of_part)) => of_part,
                _ => vec![object],
            };
            for mut entry in of_part {
                if let Value::Object(members) = &mut entry {
                    members.shift_remove("schema");
                    members.insert("file".to_owned(), file.clone());
                }
                entries.push(entry);
            }
        }
        entries
    }
}

impl Serialize for OfPools {
    /// One entry by itself, or an object with `entries` and `count`, as a list file answers.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [only] = self.0.as_slice() {
            let object = only.report.json();
            if object.get("entries").is_none() {
                return only.serialize(serializer);
            }
        }
        let entries = self.entries();
        let count = entries.len();
        json!({ "entries": entries, "count": count }).serialize(serializer)
    }
}

impl fmt::Display for OfPools {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.iter().enumerate() {
            if place > 0 {
                writeln!(formatter)?;
            }
            writeln!(formatter, "file:       {}", quote(&part.file))?;
            part.fmt(formatter)?;
        }
        Ok(())
    }
}

impl Answer {
    /// Joins what list files of a pool answered to questions about entries.
    pub(crate) fn of_files(answers: Vec<(PathBuf, Self)>) -> Self {
        let mut parts = Vec::new();
        let mut joined = Self::stream("");
        for (file, answer) in answers {
            let is_new = |warning: &String| !joined.warnings.contains(warning);
            let new: Vec<_> = answer.warnings.into_iter().filter(is_new).collect();
            joined.warnings.extend(new);
            joined.notes.extend(answer.notes);
            let verdict = answer.verdict.map(|error| error.in_file_of_pool(&file));
            joined.verdict = joined.verdict.or(verdict);
            if let Body::Report(report) = answer.body {
                parts.push(OfPool { file, report });
            }
        }
        joined.body = Body::Report(Box::new(OfPools(parts)));
        joined
    }

    /// Says which list file of a pool answered.
    pub(crate) fn of_file(mut self, file: &Path) -> Self {
        self.body = match self.body {
            Body::Report(report) => Body::Report(Box::new(OfPool {
                file: file.to_owned(),
                report,
            })),
            other => other,
        };
        self
    }

    /// Says which list file of a pool handed out entries, and why that one.
    pub(crate) fn chosen(mut self, choice: &Choice) -> Self {
        let file = quote(&choice.file);
        let why = match &choice.why {
            Why::Bound(one) => format!("which is bound to '{}'", escaped(one)),
            Why::Shared => "which is for all types".to_owned(),
            Why::NoneBound(one) => {
                format!(
                    "which is for all types: none is bound to '{}'",
                    escaped(one)
                )
            }
            Why::Full {
                credential_type,
                bound,
            } => {
                for full in bound.iter().take(NAMED) {
                    self.warnings.push(format!(
                        "{} is bound to '{}', but is full and cannot go on: {file} is used in its \
                         place",
                        quote(full),
                        escaped(credential_type)
                    ));
                }
                "which is for all types".to_owned()
            }
            Why::Existing => "which has the token ids already".to_owned(),
            Why::Repeated => "which has the operation id already".to_owned(),
        };
        self.note(format!("the list file is {file}, {why}"))
    }

    /// Says in which list file of a pool an entry was set.
    pub(crate) fn changed_in(self, file: &Path) -> Self {
        self.note(format!("the list file is {}", quote(file)))
    }

    /// Names the files of a pool that did not answer.
    pub(crate) fn without(mut self, remarks: &Remarks) -> Self {
        let unread = remarks.unread.iter().take(NAMED);
        let unread = unread.map(|unread| format!("{}: it was not asked", why(unread)));
        self.warnings.extend(unread);
        let more = remarks.unread.len().saturating_sub(NAMED);
        if more > 0 {
            let more = counted(more as u64, "more file was", "more files were");
            self.warnings.push(format!("{more} not asked"));
        }
        let backups = remarks.backups.iter().take(NAMED);
        self.warnings.extend(backups.map(|file| of_backup(file)));
        self
    }
}
