//! `set`: changes one status.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde::Serialize;

use super::options::{WithinOption, WriteOptions};
use super::{Answer, Context, Error, answer, session};
use crate::change::{SetRequest, StatusChange};
use crate::list::{
    Effect, EntryName, FinalStatuses, ListNumber, Reason, RemarkRequest, Status, StatusName,
    Timestamp,
};
use crate::store::{Backups, Event, Revision, Snapshot, StoreError};
use crate::wire::shell::quote;

/// Changes one status.
///
/// ENTRY is LIST/INDEX, URI#INDEX as found in a credential, id:TOKEN-ID, or INDEX while the
/// series has handed out entries of one list only. STATUS is valid, invalid (or revoked),
/// suspended, or a number that fits the list.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list file.
    pub file: PathBuf,
    /// The entry to change.
    pub entry: EntryName,
    /// The status to give it.
    pub status: StatusName,
    /// Record why: a name or number of RFC 5280 (keyCompromise, superseded …), or a short form of
    /// easy-rsa (kc, ss …).
    #[arg(long, value_name = "REASON")]
    pub reason: Option<Reason>,
    /// Record since when the status holds in fact.
    #[arg(long, value_name = "TIME")]
    pub revoked_at: Option<Timestamp>,
    /// Change it only if it has this status now; else exit with 1.
    #[arg(long = "if", value_name = "STATUS")]
    pub expected: Option<StatusName>,
    /// Let the entry leave a final status.
    #[arg(long)]
    pub allow_final: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub within: WithinOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// Everything that the result depends on.
#[derive(Serialize)]
struct Request {
    entry: String,
    status: u64,
    reason: Option<u8>,
    note: Option<String>,
    since: Option<i64>,
    expected: Option<u64>,
    allow_final: bool,
    list: Option<u32>,
}

/// What was changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    list_id: String,
    idx: u32,
    uri: String,
    previous_status: Status,
    current_status: Status,
    change: Effect,
    reason: &'static str,
    note: Option<String>,
    revoked_at: Option<Timestamp>,
    updated_at: Timestamp,
    effective_at: Option<Timestamp>,
    revision: i64,
    #[serde(skip)]
    visible: bool,
}

/// Runs the command.
///
/// # Errors
/// No such entry, a status that does not fit or that a view would not show, a final status, an
/// expectation that is not met, or the disk fails. Then nothing is changed.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let stamp = args.write.stamp(context, "set", &args.recognised_by())?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    let request = args.request();
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        return args.repeat(&request, &lock, &event).map_err(of_file);
    }
    let plan = request
        .plan(&lock)
        .map_err(|error| Error::of_change(&args.file, error))?;
    let unseen = plan.unseen(&lock).map_err(of_file)?;
    let uri = lock.first_uri(plan.change.entry.list).map_err(of_file)?;
    let revision = lock
        .prepare(&stamp, plan.work())
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let wanted = plan.change.current;
    let changed = Changed::new(plan.change, uri, &revision);
    let note = changed.sentence(&args.file);
    let mut answer = Answer::report(changed).note(note);
    if !wanted.is_assigned() {
        answer = answer.warn(format!("readers do not know what status {wanted} means"));
    }
    answer.warnings.extend(answer::unseen(unseen));
    answer
        .warnings
        .extend(answer::exposure::of_list_file(&args.file));
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Args {
    fn request(&self) -> SetRequest<'_> {
        SetRequest {
            name: &self.entry,
            list: self.within.list,
            status: self.status,
            expected: self.expected,
            remark: RemarkRequest {
                reason: self.reason,
                note: self.write.note.clone(),
                since: self.revoked_at,
            },
            final_statuses: if self.allow_final {
                FinalStatuses::MayBeLeft
            } else {
                FinalStatuses::Kept
            },
        }
    }

    fn recognised_by(&self) -> Request {
        Request {
            entry: self.entry.to_string(),
            status: self.status.number(),
            reason: self.reason.map(Reason::code),
            note: self.write.note.clone(),
            since: self.revoked_at.map(Timestamp::second),
            expected: self.expected.map(StatusName::number),
            allow_final: self.allow_final,
            list: self.within.list.map(ListNumber::value),
        }
    }

    /// Answers as the first time, and says if that is no longer so.
    fn repeat(
        &self,
        request: &SetRequest<'_>,
        snapshot: &Snapshot<'_>,
        event: &Event,
    ) -> Result<Answer, StoreError> {
        let change = request.again(snapshot, event)?;
        let (entry, then) = (change.entry, change.current);
        let uri = snapshot.first_uri(entry.list)?;
        let changed = Changed::new(change, uri, &Revision::repeated(event));
        let now = snapshot.status(entry)?;
        let sentence = format!("at that time: {}", changed.sentence(&self.file));
        let answer = Answer::report(changed).note(sentence).repeating(event);
        Ok(if now == then {
            answer
        } else {
            answer.warn(format!("entry {entry} was {then} then, and is {now} now"))
        })
    }
}

impl Changed {
    fn new(change: StatusChange, uri: String, revision: &Revision) -> Self {
        let StatusChange { entry, remark, .. } = change;
        Self {
            list_id: entry.list.to_string(),
            idx: entry.index.value(),
            uri,
            previous_status: change.previous,
            current_status: change.current,
            change: change.effect,
            reason: remark.reason.name(),
            note: remark.note,
            revoked_at: remark.since,
            updated_at: change.since.unwrap_or(revision.at),
            effective_at: None,
            revision: revision.rev,
            visible: revision.visible,
        }
    }

    fn sentence(&self, file: &Path) -> String {
        let entry = format!("{}/{}", self.list_id, self.idx);
        let (before, after) = (self.previous_status, self.current_status);
        let publish = if self.visible {
            let file = quote(file);
            format!("; to make it visible: statuslist publish {file}")
        } else {
            String::new()
        };
        match self.change {
            Effect::Changed => format!(
                "{entry}: {before} -> {after}, revision {}{publish}",
                self.revision
            ),
            Effect::Annotated => format!(
                "{entry}: still {after}, annotated, revision {}{publish}",
                self.revision
            ),
            Effect::Unchanged => format!("{entry}: {after} already, nothing changed"),
        }
    }
}

impl std::fmt::Display for Changed {
    /// Nothing: people read the sentence on standard error.
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}
