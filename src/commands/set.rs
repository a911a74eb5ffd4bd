//! `set`: changes one status.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::json;

use super::documents;
use super::options::{WithinOption, WriteOptions};
use super::session;
use super::{Answer, Context, Error};
use crate::list::{
    EntryId, EntryName, FinalStatuses, Finality, Reason, Remark, RemarkRequest, Status, StatusName,
    Timestamp, Transition, judge,
};
use crate::store::{Backups, ChangeRow, Event, Snapshot, StoreError, Work, rows};
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
    change: Kind,
    reason: &'static str,
    note: Option<String>,
    revoked_at: Option<Timestamp>,
    updated_at: Timestamp,
    effective_at: Option<Timestamp>,
    revision: i64,
    #[serde(skip)]
    visible: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Changed,
    Annotated,
    Unchanged,
}

/// Runs the command.
///
/// # Errors
/// No such entry, a status that does not fit or that a view would not show, a final status, an
/// expectation that is not met, or the disk fails. Then nothing is changed.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let stamp = args.write.stamp(context, "set", &args.request())?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        return args.repeat(&lock, &event).map_err(of_file);
    }
    let entry = lock.find(&args.entry, args.within.list).map_err(of_file)?;
    let register = lock.register();
    let wanted = args.status.at(register.width)?;
    let expected = args
        .expected
        .map(|name| name.at(register.width))
        .transpose()?;
    if let Some(reason) = args.reason {
        reason.fitting(wanted)?;
    }
    lock.series().takes(wanted)?;
    let current = lock.status(entry).map_err(of_file)?;
    let last = lock.last_change(entry).map_err(of_file)?;
    let remark = last
        .as_ref()
        .map(|change| change.row.remark.clone())
        .unwrap_or_default();
    let permission = if args.allow_final {
        FinalStatuses::MayBeLeft
    } else {
        FinalStatuses::Kept
    };
    let request = RemarkRequest {
        reason: args.reason,
        note: args.write.note.clone(),
        since: args.revoked_at,
    };
    let transition = judge(
        (current, &remark),
        (wanted, &request),
        expected,
        Finality {
            statuses: &register.final_statuses,
            permission,
            profile: lock.series().profile,
        },
    )
    .map_err(|error| about(Error::from(error), entry))?;
    let (kind, next) = match transition {
        Transition::None => (Kind::Unchanged, remark),
        Transition::Annotate(next) => (Kind::Annotated, next),
        Transition::Change(next) => (Kind::Changed, next),
    };
    let mut work = Work {
        body: json!({}),
        ..Work::default()
    };
    if kind != Kind::Unchanged {
        work.changes = rows(vec![ChangeRow {
            entry,
            old: current,
            new: wanted,
            remark: next.clone(),
        }]);
    }
    let unseen = documents::unseen(&lock, [(entry, wanted)], &[]).map_err(of_file)?;
    let uri = lock.first_uri(entry.list).map_err(of_file)?;
    let revision = lock
        .prepare(&stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let updated_at = match (kind, last) {
        (Kind::Unchanged, Some(last)) => last.at,
        _ => revision.at,
    };
    let changed = Changed::new(
        (entry, uri),
        (current, wanted),
        (kind, next),
        (updated_at, revision.rev, revision.visible),
    );
    let note = changed.sentence(&args.file);
    let mut answer = Answer::report(changed).note(note);
    if !wanted.is_assigned() {
        answer = answer.warn(format!("readers do not know what status {wanted} means"));
    }
    answer.warnings.extend(unseen);
    answer
        .warnings
        .extend(super::answer::exposure::of_list_file(&args.file));
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Args {
    fn request(&self) -> Request {
        Request {
            entry: self.entry.to_string(),
            status: self.status.number(),
            reason: self.reason.map(Reason::code),
            note: self.write.note.clone(),
            since: self.revoked_at.map(Timestamp::second),
            expected: self.expected.map(StatusName::number),
            allow_final: self.allow_final,
            list: self.within.list.map(crate::list::ListNumber::value),
        }
    }

    /// Answers as the first time, and says if that is no longer so.
    fn repeat(&self, snapshot: &Snapshot<'_>, event: &Event) -> Result<Answer, StoreError> {
        let (entry, changed) = self.again(snapshot, event)?;
        let (then, now) = (changed.current_status, snapshot.status(entry)?);
        let sentence = format!("at that time: {}", changed.sentence(&self.file));
        let answer = Answer::report(changed).note(sentence).repeating(event);
        Ok(if now == then {
            answer
        } else {
            answer.warn(format!("entry {entry} was {then} then, and is {now} now"))
        })
    }

    /// What an operation id was answered the first time.
    fn again(
        &self,
        snapshot: &Snapshot<'_>,
        event: &Event,
    ) -> Result<(EntryId, Changed), StoreError> {
        // The bare index was right when the operation was first run, whatever came since.
        let entry = match (&self.entry, snapshot.changed_by(event.rev)?) {
            (_, Some(entry)) => entry,
            (name, None) => snapshot.find(name, self.within.list)?,
        };
        let uri = snapshot.first_uri(entry.list)?;
        let list = snapshot.list(entry.list)?;
        let after = snapshot.last_change_up_to(entry, event.rev)?;
        let before = snapshot.status_after(&list, entry, event.rev - 1)?;
        let current = after
            .as_ref()
            .map_or(list.default_status, |change| change.row.new);
        let kind = match &after {
            Some(change) if change.rev == event.rev && before == current => Kind::Annotated,
            Some(change) if change.rev == event.rev => Kind::Changed,
            _ => Kind::Unchanged,
        };
        let at = after.as_ref().map_or(event.at, |change| change.at);
        let remark = after.map(|change| change.row.remark).unwrap_or_default();
        let changed = Changed::new(
            (entry, uri),
            (before, current),
            (kind, remark),
            (at, event.rev, event.visible),
        );
        Ok((entry, changed))
    }
}

impl Changed {
    fn new(
        place: (EntryId, String),
        statuses: (Status, Status),
        what: (Kind, Remark),
        when: (Timestamp, i64, bool),
    ) -> Self {
        let (entry, uri) = place;
        let (change, remark) = what;
        Self {
            list_id: entry.list.to_string(),
            idx: entry.index.value(),
            uri,
            previous_status: statuses.0,
            current_status: statuses.1,
            change,
            reason: remark.reason.name(),
            note: remark.note,
            revoked_at: remark.since,
            updated_at: when.0,
            effective_at: None,
            revision: when.1,
            visible: when.2,
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
            Kind::Changed => format!(
                "{entry}: {before} -> {after}, revision {}{publish}",
                self.revision
            ),
            Kind::Annotated => format!(
                "{entry}: still {after}, annotated, revision {}{publish}",
                self.revision
            ),
            Kind::Unchanged => format!("{entry}: {after} already, nothing changed"),
        }
    }
}

impl std::fmt::Display for Changed {
    /// Nothing: people read the sentence on standard error.
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

fn about(mut error: Error, entry: EntryId) -> Error {
    error.message = format!("entry {entry}: {}", error.message);
    error
        .detail("listId", entry.list.to_string())
        .detail("idx", entry.index.value())
}
