//! What a command answers when it did what was asked.

use std::fmt::Display;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Code, Error, Written};
use crate::store::{Event, Outcome};

/// The version of the JSON that commands print.
pub(crate) const SCHEMA: u64 = 1;

/// A result that people and programs can read.
pub trait Report: Display {
    /// The result as one JSON object.
    fn json(&self) -> Value;
}

impl<T: Display + Serialize> Report for T {
    fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("schema".to_owned(), SCHEMA.into());
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => object.extend(members),
            Ok(other) => drop(object.insert("result".to_owned(), other)),
            Err(_) => {}
        }
        Value::Object(object)
    }
}

/// What goes to standard output.
pub enum Body {
    /// A result.
    Report(Box<dyn Report>),
    /// Lines that are for programs in any case.
    Stream(Box<dyn Display>),
    /// A token or a key as it is, and what it is for programs.
    Bytes {
        /// Printed without anything around it.
        bytes: Vec<u8>,
        /// Printed in its place where JSON is wanted.
        report: Box<dyn Report>,
    },
}

/// Everything that a command answers.
pub struct Answer {
    /// What goes to standard output.
    pub body: Body,
    /// What was done and what comes next, for people.
    pub notes: Vec<String>,
    /// What people should worry about.
    pub warnings: Vec<String>,
    /// Whether it was only said what would be done.
    pub dry_run: bool,
    /// Whether an earlier run of the same operation did it, and this one nothing.
    pub repeated: bool,
    /// The revision that was written, with its operation id.
    pub committed: Option<(i64, String)>,
    /// The files that were written without a revision.
    pub written: Written,
    /// What a check said, or what was left undone, after the result was shown.
    pub verdict: Option<Error>,
}

impl Answer {
    /// Answers with a result.
    #[must_use]
    pub fn report(report: impl Report + 'static) -> Self {
        Self::with(Body::Report(Box::new(report)))
    }

    /// Answers with lines that are for programs in any case.
    #[must_use]
    pub fn stream(lines: impl Display + 'static) -> Self {
        Self::with(Body::Stream(Box::new(lines)))
    }

    /// Answers with bytes, or with a result where JSON is wanted.
    #[must_use]
    pub fn bytes(bytes: Vec<u8>, report: impl Report + 'static) -> Self {
        Self::with(Body::Bytes {
            bytes,
            report: Box::new(report),
        })
    }

    fn with(body: Body) -> Self {
        Self {
            body,
            notes: Vec::new(),
            warnings: Vec::new(),
            dry_run: false,
            repeated: false,
            committed: None,
            written: Written::default(),
            verdict: None,
        }
    }

    /// Adds what was done or what comes next.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds the files that were written without a revision.
    #[must_use]
    pub fn wrote(mut self, written: Written) -> Self {
        self.written = written;
        self
    }

    /// Adds what people should worry about.
    #[must_use]
    pub fn warn(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }
}

/// A result that people learn from the notes alone.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Facts(pub Value);

impl Display for Facts {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl Answer {
    /// Says what it means that the result could not be printed; nothing if whoever read it has seen
    /// enough.
    #[must_use]
    pub fn unseen(&self, failure: &std::io::Error) -> Option<Error> {
        let Some((revision, id)) = &self.committed else {
            if !self.written.is_empty() {
                return Some(self.written.unseen(failure));
            }
            let is_enough = failure.kind() == std::io::ErrorKind::BrokenPipe;
            let error = || Error::io("cannot write to standard output").because_of(failure);
            return (!is_enough).then(error);
        };
        let message = "the result could not be printed, but the change is made";
        let error = Error::new(Code::Io, message)
            .because_of(failure)
            .because(format!("committed as revision {revision}"))
            .hint(format!("repeat with --op-id {id} to see the results"))
            .outcome(Outcome::Committed)
            .detail("revision", *revision)
            .detail("operationId", id.as_str());
        Some(error)
    }

    /// Says that this is what an earlier run of the same operation answered, and that nothing was
    /// changed now. Whoever is quiet is told too: else the answer reads as if it had been.
    pub(crate) fn repeating(mut self, event: &Event) -> Self {
        self.repeated = true;
        self.warn(format!(
            "operation '{}' was done before, at {}, revision {}: nothing was changed",
            event.operation_id, event.at, event.rev
        ))
    }
}
