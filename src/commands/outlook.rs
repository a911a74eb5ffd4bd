//! What becomes of a change after it was made: when it will be published, and publishing it.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;

use clap::{Args as _, FromArgMatches};
use serde_json::Value;

use super::answer::publishing::unpublished;
use super::answer::{Body, Report};
use super::options::{PublishOption, PublishWhen};
use super::regeneration::Tokens;
use super::{Answer, Context, Error, publish};
use crate::list::{ListNumber, Policy, Status, Strategy, Timestamp};
use crate::publish::{NewChanges, Outlook, Prospect};
use crate::site::{Opening, open_target};
use crate::store::{Event, Snapshot};
use crate::wire::shell::quote;

/// A request, as far as its outlook goes.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) file: &'a Path,
    /// When they are made.
    pub(super) at: Timestamp,
    /// The revision that made them already, if one did.
    pub(super) done: Option<&'a Event>,
    /// Whether they are published by this very command.
    pub(super) publish: PublishOption,
}

impl Asked<'_> {
    /// When changes, each of a list and to a status, will be published by the policy; nothing
    /// without a policy, or if nothing that is published changes.
    ///
    /// # Errors
    /// The policy contradicts itself, or a file cannot be read.
    pub(super) fn outlook(
        &self,
        snapshot: &Snapshot<'_>,
        context: &Context<'_>,
        changes: impl IntoIterator<Item = (ListNumber, Status)>,
    ) -> Result<Option<Outlook>, Error> {
        let is_published = self.publish.publish == Some(PublishWhen::Now);
        if !is_published && !has_policy(context) {
            return Ok(None);
        }
        let publishing = by_settings(self.file, None)?;
        let lifetimes = publishing.signing.lifetimes(context, snapshot)?;
        let tokens = Tokens {
            valid_for: lifetimes.valid_for,
            width: snapshot.register().width,
        };
        let policy = publishing.regeneration.policy_for(context, tokens)?;
        let policy = match policy {
            Some(policy) if is_published => Policy {
                strategy: Strategy::OnDemand,
                ..policy
            },
            Some(policy) => policy,
            None if is_published => Policy::default(),
            None => return Ok(None),
        };
        let target = publishing.root(context).ok();
        let target = target.and_then(|root| open_target(&root, Opening::IfThere).ok().flatten());
        let target = target.map(|target| target.name());
        let changes: NewChanges = changes.into_iter().collect();
        let prospect = Prospect {
            policy: &policy,
            lifetimes,
            target: target.as_deref(),
            at: self.at,
        };
        let outlook = match self.done {
            Some(event) => prospect.of_revision(snapshot, event.rev, &changes),
            None => prospect.of(snapshot, &changes),
        };
        outlook.map_err(|error| Error::of_store(self.file, &error))
    }
}

/// What is to be done so that readers see a change, for the end of a sentence.
pub(super) fn next_step(file: &Path, outlook: Option<Outlook>, publish: PublishOption) -> String {
    let file = quote(file);
    match (outlook, publish.publish) {
        (_, Some(PublishWhen::Now)) | (None, Some(PublishWhen::IfDue)) => String::new(),
        (Some(outlook), _) => {
            let Outlook {
                effective_at,
                visible_by,
            } = outlook;
            format!(
                "; to be published at {effective_at}, and seen everywhere by {visible_by}: \
                 statuslist publish --if-due {file}"
            )
        }
        (None, None) => format!("; to make it visible: statuslist publish {file}"),
    }
}

/// The publication that follows a change, if one was asked for.
pub(super) struct Publication(Option<publish::Args>);

impl PublishOption {
    /// Prepares to publish the list file, or the pool, if that was asked for.
    ///
    /// # Errors
    /// Nobody says to which site, or a variable cannot be read: then nothing is to be changed.
    pub(super) fn prepare(self, file: &Path, context: &Context<'_>) -> Result<Publication, Error> {
        let Some(when) = self.publish else {
            return Ok(Publication(None));
        };
        let args = by_settings(file, Some(when))?;
        args.root(context)?;
        Ok(Publication(Some(args)))
    }
}

impl Publication {
    /// Publishes what was changed. The change stands, whatever becomes of it.
    pub(super) fn follow(self, answer: Answer, file: &Path, context: &Context<'_>) -> Answer {
        let Self(Some(args)) = self else {
            return answer;
        };
        if answer.dry_run {
            return answer.note("nothing was published either");
        }
        match publish::run(&args, context) {
            Ok(published) => with(answer, published),
            Err(error) => {
                let own = answer.verdict.as_ref();
                let failure = unpublished(error, own, answer.committed.as_ref(), file);
                Answer {
                    verdict: Some(failure),
                    ..answer
                }
            }
        }
    }
}

/// Whether somebody says by which policy changes are published. Most say nothing, and what it takes
/// to read the rest is left out then.
fn has_policy(context: &Context<'_>) -> bool {
    let is_set = |name| (context.environment)(name).is_some();
    context.settings.regeneration.is_some()
        || is_set("STATUSLIST_STRATEGY")
        || is_set("STATUSLIST_RENEW_BEFORE")
}

/// What `publish` takes from settings and variables alone.
fn by_settings(file: &Path, when: Option<PublishWhen>) -> Result<publish::Args, Error> {
    let command = clap::Command::new("publish").no_binary_name(true);
    let due = (when == Some(PublishWhen::IfDue)).then(|| OsString::from("--if-due"));
    let end = OsString::from("--");
    let arguments = due.into_iter().chain([end, file.into()]);
    let matches = publish::Args::augment_args(command).try_get_matches_from(arguments);
    matches
        .and_then(|matches| publish::Args::from_arg_matches(&matches))
        .map_err(|error| {
            let text = error.to_string();
            let reason = text.lines().next().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ").to_owned();
            Error::refused("the settings of publish cannot be used").because(reason)
        })
}

/// Adds what was published to what was changed.
fn with(mut answer: Answer, published: Answer) -> Answer {
    let lines = match &published.body {
        Body::Report(report) => report.to_string(),
        _ => String::new(),
    };
    answer.notes.extend(lines.lines().map(str::to_owned));
    answer.notes.extend(published.notes);
    answer.warnings.extend(published.warnings);
    answer.body = match (answer.body, published.body) {
        (Body::Report(report), Body::Report(publication)) => Body::Report(Box::new(Published {
            report,
            publication,
        })),
        (body, _) => body,
    };
    answer.written = published.written;
    answer
}

/// A result, and what was published after it.
struct Published {
    report: Box<dyn Report>,
    publication: Box<dyn Report>,
}

impl fmt::Display for Published {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.fmt(formatter)
    }
}

impl Report for Published {
    fn json(&self) -> Value {
        let mut object = self.report.json();
        object["publication"] = self.publication.json();
        object
    }
}
