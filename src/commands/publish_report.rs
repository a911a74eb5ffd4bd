//! What `publish` answers.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::Answer;
use crate::list::{Timestamp, View};
use crate::publish::{Answered, Cause, Delivered, DeliveredToken, Done, Lifted};

/// What was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublishReport {
    site: String,
    written: usize,
    unchanged: usize,
    files: Vec<TokenLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<Done>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    responders: Vec<Answered>,
    /// What was let go because that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    leaving_final_status: Vec<Lifted>,
    #[serde(skip)]
    pub(super) dry_run: bool,
    /// When the first token is past half of its validity.
    #[serde(skip)]
    renew_by: Option<Timestamp>,
}

/// What was done with one file of the site.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenLine {
    path: String,
    uri: String,
    list_id: String,
    view: View,
    action: Action,
    because: &'static str,
    bytes: u64,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Written,
    Unchanged,
}

impl PublishReport {
    /// Writes down what was done, or would be.
    pub(super) fn new(site: &Path, delivered: Delivered<'_>) -> Self {
        let tokens = &delivered.tokens;
        let written = tokens.iter().filter(|token| token.cause.is_some()).count();
        let responders = &delivered.responders;
        let of_responders =
            |count: fn(&Answered) -> usize| responders.iter().map(count).sum::<usize>();
        let claims = tokens.iter().map(|token| &token.file.statement.claims);
        let halves = claims.filter_map(|claims| {
            Some(claims.issued_at + (claims.expires_at? - claims.issued_at) / 2)
        });
        Self {
            site: site.display().to_string(),
            written: written + of_responders(|responder| responder.written),
            unchanged: tokens.len() - written + of_responders(|responder| responder.unchanged),
            renew_by: halves.min().map(Timestamp::from_second),
            files: tokens.iter().map(TokenLine::of).collect(),
            documents: delivered.side_files,
            responders: delivered.responders,
            leaving_final_status: delivered.lifted,
            dry_run: false,
        }
    }

    /// What people are told.
    pub(super) fn answer(self, real: Timestamp) -> Answer {
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
        let renewal = self
            .renew_by
            .filter(|_| self.written > 0 && self.unchanged == 0)
            .map(|second| format!("publish again by {second} at the latest"));
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
    pub(super) fn last_written(&self) -> Option<i64> {
        let written = |line: &&TokenLine| line.action == Action::Written;
        let ends = self.files.iter().filter(written);
        ends.map(|line| line.expires_at.second()).max()
    }
}

impl TokenLine {
    fn of(token: &DeliveredToken<'_>) -> Self {
        let (file, claims) = (&token.file, &token.file.statement.claims);
        Self {
            path: file.path.as_str().to_owned(),
            uri: file.uri().to_owned(),
            list_id: file.provenance.list.to_string(),
            view: file.statement.view,
            action: match token.cause {
                Some(_) => Action::Written,
                None => Action::Unchanged,
            },
            because: token.cause.map_or(FRESH, because),
            bytes: token.bytes,
            issued_at: Timestamp::from_second(claims.issued_at),
            expires_at: file.expires_at(),
        }
    }
}

/// Why a token was left as it is.
const FRESH: &str = "nothing changed, and it is fresh";

/// Why a token was written.
const fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::NotThere => "it was not there",
        Cause::Asked => "--renew was given",
        Cause::OtherKey => "the key changed",
        Cause::NotInManifest => "the manifest did not know it",
        Cause::OtherList => "the list changed",
        Cause::OtherClaims => "its claims or its header changed",
        Cause::OtherCertificates => "its certificates changed",
        Cause::HalfOfValidity => "half of its validity has passed",
    }
}

impl fmt::Display for PublishReport {
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

impl PublishReport {
    fn side_file(&self, done: &Done, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match (done.written, self.dry_run) {
            (true, true) => "would write  ",
            (true, false) => "written    ",
            (false, _) => "unchanged  ",
        };
        writeln!(formatter, "{word}{} ({} bytes)", done.path, done.bytes)
    }
}
