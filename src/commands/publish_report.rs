//! What `publish` answers.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::Answer;
use crate::list::{Timestamp, View};
use crate::publish::guard::Lifted;
use crate::publish::responder::Answered;
use crate::publish::side_files::Done;
use crate::token::Claims;

/// What was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Published {
    pub(crate) site: String,
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    pub(crate) files: Vec<Line>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) documents: Vec<Done>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) responders: Vec<Answered>,
    /// What was let go because that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) leaving_final_status: Vec<Lifted>,
    #[serde(skip)]
    pub(crate) dry_run: bool,
}

/// What was done with one file of the site.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) uri: String,
    pub(crate) list_id: String,
    pub(crate) view: View,
    pub(crate) action: Action,
    pub(crate) because: String,
    pub(crate) bytes: u64,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    Written,
    Unchanged,
}

impl Published {
    /// Nothing was done so far.
    pub(crate) fn new(site: &Path, dry_run: bool, leaving_final_status: Vec<Lifted>) -> Self {
        Self {
            site: site.display().to_string(),
            written: 0,
            unchanged: 0,
            files: Vec::new(),
            documents: Vec::new(),
            responders: Vec::new(),
            leaving_final_status,
            dry_run,
        }
    }

    /// Adds what was done with documents.
    pub(crate) fn answered(&mut self, responders: Vec<Answered>) {
        for responder in &responders {
            self.written += responder.written;
            self.unchanged += responder.unchanged;
        }
        self.responders.extend(responders);
    }

    /// What people are told. `claims` are those of all tokens that the site should hold.
    pub(crate) fn answer<'a>(
        self,
        claims: impl Iterator<Item = &'a Claims>,
        real: Timestamp,
    ) -> Answer {
        let dry_run = self.dry_run;
        let written = super::counted(self.written as u64, "file", "files");
        let note = if dry_run {
            format!(
                "dry run: {written} would be written, {} unchanged",
                self.unchanged
            )
        } else {
            format!("{written} written, {} unchanged", self.unchanged)
        };
        let renewal = claims
            .filter_map(|claims| {
                Some(claims.issued_at + (claims.expires_at? - claims.issued_at) / 2)
            })
            .min()
            .filter(|_| self.written > 0 && self.unchanged == 0)
            .map(|second| {
                format!(
                    "publish again by {} at the latest",
                    Timestamp::from_second(second)
                )
            });
        let expired = self
            .files
            .iter()
            .find(|line| line.action == Action::Written && line.expires_at <= real)
            .map(|line| {
                format!(
                    "{} has expired by the real clock: readers refuse it",
                    line.path
                )
            });
        let lifted = self.leaving_final_status.iter();
        let lifted = lifted.map(|lifted| format!("entries leave a final status: {lifted}"));
        let warnings: Vec<_> = lifted.chain(expired).collect();
        let mut answer = Answer::report(self).note(note);
        answer.dry_run = dry_run;
        answer.notes.extend(renewal);
        answer.warnings.extend(warnings);
        answer
    }

    /// The latest end of what was written.
    pub(crate) fn last_written(&self) -> Option<i64> {
        let written = |line: &&Line| line.action == Action::Written;
        let ends = self.files.iter().filter(written);
        ends.map(|line| line.expires_at.second()).max()
    }
}

impl fmt::Display for Published {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.files {
            match line.action {
                Action::Written => writeln!(
                    formatter,
                    "{}{} ({} bytes, expires {}): {}",
                    if self.dry_run {
                        "would write  "
                    } else {
                        "written    "
                    },
                    line.path,
                    line.bytes,
                    line.expires_at,
                    line.because
                )?,
                Action::Unchanged => writeln!(formatter, "unchanged  {}", line.path)?,
            }
        }
        for done in &self.documents {
            self.side_file(done, formatter)?;
        }
        for responder in &self.responders {
            // Of documents there may be many thousands.
            for done in responder.documents.iter().filter(|done| done.written) {
                self.side_file(done, formatter)?;
            }
            if responder.unchanged > 0 {
                let files = super::counted(responder.unchanged as u64, "file", "files");
                writeln!(formatter, "unchanged  {files} below {}", responder.uri)?;
            }
        }
        Ok(())
    }
}

impl Published {
    fn side_file(&self, done: &Done, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match (done.written, self.dry_run) {
            (true, true) => "would write  ",
            (true, false) => "written    ",
            (false, _) => "unchanged  ",
        };
        writeln!(formatter, "{word}{} ({} bytes)", done.path, done.bytes)
    }
}
