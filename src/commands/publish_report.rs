//! What `publish` answers.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::Answer;
use super::answer::hosts::of_limit;
use crate::list::{Timestamp, View};
use crate::publish::{
    Cause, Hosted, Lifted, PlannedToken, PublishPlan, Removal, Responder, RetiredFiles, SiteFile,
};
use crate::site::Host;
use crate::wire::text::escaped;

/// What was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublishReport {
    site: String,
    written: usize,
    unchanged: usize,
    /// When the next of the tokens is due.
    due_at: Option<Timestamp>,
    files: Vec<TokenLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<SiteFile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    responders: Vec<Responder>,
    /// What was written as it is where the site was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    taken_over: Vec<String>,
    /// What was let go because that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    leaving_final_status: Vec<Lifted>,
    /// The files of retired lists that were removed, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<Vec<Removal>>,
    /// The host, if settings of one were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<HostLine>,
    #[serde(skip)]
    pub(super) dry_run: bool,
    /// Whether the site, or what is beside it, differs from what belongs there.
    #[serde(skip)]
    pub(super) is_out_of_date: bool,
}

/// What was done for the host.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HostLine {
    name: Host,
    /// The file beside the site that holds its settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<ConfigLine>,
    /// What it cannot be told.
    limits: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfigLine {
    path: String,
    written: bool,
    bytes: u64,
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
    because: Cow<'static, str>,
    bytes: u64,
    issued_at: Timestamp,
    expires_at: Timestamp,
    /// When it is to be replaced, if nothing else changes.
    due_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Written,
    Unchanged,
    /// It stays, but not for long: changes wait.
    Waiting,
}

impl Action {
    fn of(file: &SiteFile) -> Self {
        if file.is_written() {
            Self::Written
        } else {
            Self::Unchanged
        }
    }
}

impl PublishReport {
    /// Writes down what was done, or would be.
    pub(super) fn new(site: &Path, plan: PublishPlan, retired: RetiredFiles) -> Self {
        let tokens = &plan.tokens;
        let written = tokens.iter().filter(|planned| planned.file.is_written());
        let written = written.count();
        let of_responders =
            |count: fn(&Responder) -> usize| plan.responders.iter().map(count).sum::<usize>();
        let due = tokens.iter().filter_map(|planned| planned.due);
        let of_config =
            |hosted: &Hosted| hosted.config.as_ref().is_some_and(|config| config.differs);
        let is_out_of_date = written + of_responders(|responder| responder.written) > 0
            || plan.side_files.iter().any(SiteFile::is_written)
            || !plan.leaving.removals.is_empty()
            || plan.leaving.page.is_some()
            || plan.hosted.as_ref().is_some_and(of_config);
        Self {
            site: site.display().to_string(),
            written: written + of_responders(|responder| responder.written),
            unchanged: tokens.len() - written + of_responders(|responder| responder.unchanged),
            due_at: due.map(|due| due.at).min(),
            is_out_of_date,
            files: tokens.iter().map(TokenLine::of).collect(),
            documents: documents(plan.side_files, plan.keys.files),
            responders: plan.responders,
            taken_over: plan
                .carried
                .iter()
                .map(|file| file.path.to_string())
                .collect(),
            leaving_final_status: plan.lifted,
            host: plan.hosted.map(HostLine::of),
            removed: (retired == RetiredFiles::Removed).then_some(plan.leaving.removals),
            dry_run: false,
        }
    }

    /// What people are told.
    pub(super) fn answer(self, real: Timestamp) -> Answer {
        let dry_run = self.dry_run;
        let note = self.summary();
        let renewal = self
            .due_at
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

    fn summary(&self) -> String {
        let written = super::counted(self.written as u64, "file", "files");
        let (begin, verb) = if self.dry_run {
            ("dry run: ", " would be")
        } else {
            ("", "")
        };
        let removed = self.removed.as_ref();
        let removed = removed.map(|removed| format!(", {}{verb} removed", removed.len()));
        format!(
            "{begin}{written}{verb} written, {} unchanged{}",
            self.unchanged,
            removed.unwrap_or_default()
        )
    }

    /// The latest end of what was written.
    pub(super) fn last_written(&self) -> Option<i64> {
        let written = |line: &&TokenLine| line.action == Action::Written;
        let ends = self.files.iter().filter(written);
        ends.map(|line| line.expires_at.second()).max()
    }
}

impl HostLine {
    fn of(hosted: Hosted) -> Self {
        let name = hosted.host;
        let limits = hosted.limits.into_iter();
        Self {
            name,
            limits: limits.map(|limit| of_limit(name, limit)).collect(),
            config: hosted.config.map(|config| ConfigLine {
                path: config.path.display().to_string(),
                written: config.differs,
                bytes: config.length(),
            }),
        }
    }
}

impl TokenLine {
    fn of(token: &PlannedToken) -> Self {
        Self {
            path: token.file.path.to_string(),
            uri: token.uri.clone(),
            list_id: token.provenance.list.to_string(),
            view: token.view,
            action: if token.waits {
                Action::Waiting
            } else {
                Action::of(&token.file)
            },
            because: match token.cause {
                Some(cause) => because(cause),
                None if token.waits => WAITING.into(),
                None => FRESH.into(),
            },
            bytes: token.file.length,
            issued_at: token.issued_at,
            expires_at: token.expires_at(),
            due_at: token.due.map(|due| due.at),
        }
    }
}

/// Why a token was left although its list changed.
const WAITING: &str = "changes wait until they are due";

/// The files that go with tokens, by path.
fn documents(mut files: Vec<SiteFile>, keys: Vec<SiteFile>) -> Vec<SiteFile> {
    files.extend(keys);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Why a token was left as it is.
const FRESH: &str = "nothing changed, and it is fresh";

/// Why a token was written.
fn because(cause: Cause) -> Cow<'static, str> {
    if let Cause::Renewal(Some(left)) = cause {
        return format!("no more than {left} of its validity is left").into();
    }
    let text = match cause {
        Cause::NotThere => "it was not there",
        Cause::Asked => "--renew was given",
        Cause::OtherKey => "the key changed",
        Cause::NotInManifest => "the manifest did not know it",
        Cause::OtherList => "the list changed",
        Cause::OtherClaims => "its claims or its header changed",
        Cause::OtherCertificates => "its certificates changed",
        Cause::NewerElsewhere => "a newer one was seen",
        Cause::Renewal(_) => "half of its validity has passed",
    };
    text.into()
}

impl fmt::Display for PublishReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.files {
            let word = self.word(line.action);
            match line.action {
                Action::Written => writeln!(
                    formatter,
                    "{word}{} ({} bytes, expires {}): {}",
                    line.path, line.bytes, line.expires_at, line.because
                )?,
                Action::Unchanged => writeln!(formatter, "{word}{}", line.path)?,
                Action::Waiting => {
                    let due = line.due_at.map(|at| format!(" ({WAITING}: {at})"));
                    let due = due.unwrap_or_default();
                    writeln!(formatter, "{word}{}{due}", line.path)?;
                }
            }
        }
        for file in &self.documents {
            self.side_file(file, formatter)?;
        }
        for responder in &self.responders {
            // Of documents there may be many thousands.
            for file in responder.documents.iter().filter(|file| file.is_written()) {
                self.side_file(file, formatter)?;
            }
            if responder.unchanged > 0 {
                let files = super::counted(responder.unchanged as u64, "file", "files");
                writeln!(formatter, "unchanged  {files} below {}", responder.uri)?;
            }
        }
        let config = self.host.as_ref().and_then(|host| host.config.as_ref());
        if let Some(ConfigLine {
            path,
            written,
            bytes,
        }) = config
        {
            let action = if *written {
                Action::Written
            } else {
                Action::Unchanged
            };
            let (word, path) = (self.word(action), escaped(path));
            writeln!(formatter, "{word}{path} ({bytes} bytes)")?;
        }
        let word = if self.dry_run {
            "would remove "
        } else {
            "removed    "
        };
        for removal in self.removed.iter().flatten() {
            let Removal { path, list_id, .. } = removal;
            writeln!(formatter, "{word}{path}: list {list_id} is retired")?;
        }
        Ok(())
    }
}

impl PublishReport {
    fn side_file(&self, file: &SiteFile, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.word(Action::of(file));
        writeln!(formatter, "{word}{} ({} bytes)", file.path, file.length)
    }

    const fn word(&self, action: Action) -> &'static str {
        match (action, self.dry_run) {
            (Action::Written, true) => "would write  ",
            (Action::Written, false) => "written    ",
            (Action::Unchanged, _) => "unchanged  ",
            (Action::Waiting, _) => "waiting    ",
        }
    }
}
