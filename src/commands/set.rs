//! `set`: changes one status.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::json;

use super::answer::reasons::misspelt_reason;
use super::batch::UpdateBody;
use super::options::{PublishOption, WithinOption, WriteOptions};
use super::outlook::{Asked, next_step};
use super::pool::{Pool, PoolError, is_pool};
use super::session::Turn;
use super::set_group::GroupSet;
use super::{Answer, Context, Error, Facts};
use crate::change::{GroupSetRequest, SetRequest, StatusChange, Terms};
use crate::list::{
    Effect, EntryName, FinalStatuses, GroupName, ListNumber, Reason, RemarkRequest, StatedReason,
    StatusName, Timestamp,
};
use crate::publish::Outlook;
use crate::store::{Backups, Event, Revision, Snapshot, StoreError};

/// Changes one status.
///
/// ENTRY is LIST/INDEX, URI#INDEX as found in a credential, id:TOKEN-ID, or INDEX while the
/// series has handed out entries of one list only; group:ID names all entries of a group, which are
/// changed together or not at all. STATUS is valid, invalid (or revoked),
/// suspended, or a number that fits the list.
///
/// Of a pool, a folder of list files, the one that has the entry is found by URI#INDEX or
/// id:TOKEN-ID. While a file of the pool cannot be read, only URI#INDEX will do: the token id may
/// stand in that file too.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list file, or a folder of list files (a pool).
    pub file: PathBuf,
    /// The entry to change.
    pub entry: EntryName,
    /// The status to give it.
    #[arg(required_unless_present = "body")]
    pub status: Option<StatusName>,
    /// Take status, reason and revokedAt from this body of the status-issuer integration guide: a
    /// file, or - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["status", "reason", "revoked_at"])]
    pub body: Option<PathBuf>,
    /// Record why: a name or number of RFC 5280 (keyCompromise, superseded …), or a short form of
    /// easy-rsa (kc, ss …). Other words become the note, before --note, of reason unspecified.
    #[arg(long, value_name = "REASON")]
    pub reason: Option<StatedReason>,
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
    pub publish: PublishOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub within: WithinOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// Runs the command.
///
/// # Errors
/// No such entry, a status that does not fit or that a view would not show, a final status, an
/// expectation that is not met, or the disk fails. Then nothing is changed.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let publication = args.publish.prepare(&args.file, context)?;
    let answer = if is_pool(&args.file) {
        args.run_in_pool(context)?
    } else {
        run_on_file(args, context, Turn::Awaited)?
    };
    Ok(publication.follow(answer, &args.file, context))
}

fn run_on_file(args: &Args, context: &Context<'_>, turn: Turn<'_>) -> Result<Answer, Error> {
    let asked = args.asked(context)?;
    let misspelt = asked.reason.as_ref().and_then(misspelt_reason);
    let request = args.request(&asked);
    let remark = &request.remark;
    let request_facts = json!({
        "entry": args.entry.to_string(), "status": asked.status.number(),
        "reason": remark.reason.map(Reason::code), "note": remark.note,
        "since": remark.since.map(Timestamp::second),
        "expected": args.expected.map(StatusName::number),
        "allow_final": args.allow_final, "list": args.within.list.map(ListNumber::value),
    });
    let stamp = args.write.stamp(context, "set", &request_facts)?;
    let held = turn.open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if let Some(group) = args.entry.group() {
        return args.of_group(group, &asked).run(lock, &stamp, context);
    }
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        return args.repeat(&request, &lock, &event, context);
    }
    let plan = request
        .plan(&lock)
        .map_err(|error| Error::of_change(&args.file, error))?;
    let unseen = plan.unseen(&lock).map_err(of_file)?;
    let uri = lock.first_uri(plan.change.entry.list).map_err(of_file)?;
    let at = stamp.now.max(lock.head().at);
    let asked = Asked {
        file: &args.file,
        at,
        done: None,
        publish: args.publish,
    };
    let outlook = asked.outlook(&lock, context, plan.change.changed())?;
    let revision = lock
        .prepare(&stamp, plan.work())
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let wanted = plan.change.current;
    let made = Made {
        change: &plan.change,
        revision: &revision,
        outlook,
    };
    let mut answer = Answer::report(made.facts(&uri)).note(made.sentence(args));
    if !wanted.is_assigned() {
        answer = answer.warn(format!("readers do not know what status {wanted} means"));
    }
    answer.warnings.extend(misspelt);
    let answer = answer.unseen_by_document(unseen).exposing(&args.file);
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Args {
    /// What the body says, or the options in its place.
    fn asked(&self, context: &Context<'_>) -> Result<UpdateBody, Error> {
        match (&self.body, self.status) {
            (Some(path), _) => UpdateBody::read(path, context),
            (None, Some(status)) => Ok(UpdateBody {
                status,
                reason: self.reason.clone(),
                since: self.revoked_at,
            }),
            // The arguments say that one of the two is there.
            (None, None) => Err(Error::refused("there is no status")),
        }
    }

    /// Runs on the list file of a pool that has the entry.
    fn run_in_pool(&self, context: &Context<'_>) -> Result<Answer, Error> {
        if self.within.list.is_some() {
            return Err(PoolError::ListOption(self.file.clone()).into());
        }
        let pool = Pool::to_write(&self.file, self.write.wait.time())?;
        let (file, remarks) = pool.find_to_set(&self.entry, self.write.op_id.as_deref())?;
        let args = Self {
            file: file.clone(),
            ..self.clone()
        };
        let answer = run_on_file(&args, context, pool.turn());
        let answer = answer.map_err(|error| error.in_file_of_pool(&file))?;
        Ok(answer.of_file(&file).changed_in(&file).without(&remarks))
    }

    fn request(&self, asked: &UpdateBody) -> SetRequest<'_> {
        SetRequest {
            terms: self.terms(),
            name: &self.entry,
            status: asked.status,
            expected: self.expected,
            remark: self.remark(asked),
        }
    }

    fn of_group<'a>(&'a self, group: &'a GroupName, asked: &UpdateBody) -> GroupSet<'a> {
        GroupSet {
            file: &self.file,
            publish: &self.publish,
            request: GroupSetRequest {
                group,
                terms: self.terms(),
                status: asked.status,
                expected: self.expected,
                remark: self.remark(asked),
            },
            write: &self.write,
        }
    }

    fn terms(&self) -> Terms {
        let may_be_left = self.allow_final.then_some(FinalStatuses::MayBeLeft);
        Terms {
            list: self.within.list,
            final_statuses: may_be_left.unwrap_or_default(),
            ..Terms::default()
        }
    }

    fn remark(&self, asked: &UpdateBody) -> RemarkRequest {
        RemarkRequest {
            since: asked.since,
            ..RemarkRequest::stated(asked.reason.as_ref(), self.write.note.clone())
        }
    }

    /// Answers as the first time, and says if that is no longer so.
    fn repeat(
        &self,
        request: &SetRequest<'_>,
        snapshot: &Snapshot<'_>,
        event: &Event,
        context: &Context<'_>,
    ) -> Result<Answer, Error> {
        let of_file = |error: StoreError| Error::of_store(&self.file, &error);
        let change = request.again(snapshot, event).map_err(of_file)?;
        let (entry, then) = (change.entry, change.current);
        let uri = snapshot.first_uri(entry.list).map_err(of_file)?;
        let revision = Revision::repeated(event);
        let asked = Asked {
            file: &self.file,
            at: event.at,
            done: Some(event),
            publish: self.publish,
        };
        let made = Made {
            change: &change,
            revision: &revision,
            outlook: asked.outlook(snapshot, context, change.changed())?,
        };
        let now = snapshot.status(entry).map_err(of_file)?;
        let answer = Answer::report(made.facts(&uri))
            .note(format!("at that time: {}", made.sentence(self)))
            .repeating(event);
        Ok(if now == then {
            answer
        } else {
            answer.warn(format!("entry {entry} was {then} then, and is {now} now"))
        })
    }
}

/// What was changed.
struct Made<'a> {
    change: &'a StatusChange,
    revision: &'a Revision,
    outlook: Option<Outlook>,
}

impl Made<'_> {
    /// For programs.
    fn facts(&self, uri: &str) -> Facts {
        let Self {
            change, revision, ..
        } = self;
        Facts(json!({
            "listId": change.entry.list.to_string(),
            "idx": change.entry.index.value(),
            "uri": uri,
            "previousStatus": change.previous,
            "currentStatus": change.current,
            "change": change.effect,
            "reason": change.remark.reason.name(),
            "note": change.remark.note,
            "revokedAt": change.remark.since,
            "updatedAt": change.since.unwrap_or(revision.at),
            "effectiveAt": self.outlook.map(|outlook| outlook.effective_at),
            "visibleBy": self.outlook.map(|outlook| outlook.visible_by),
            "revision": revision.rev,
        }))
    }

    /// For people.
    fn sentence(&self, args: &Args) -> String {
        let change = self.change;
        let (entry, before, after) = (change.entry, change.previous, change.current);
        let rev = self.revision.rev;
        let publish = if self.revision.visible {
            next_step(&args.file, self.outlook, args.publish)
        } else {
            String::new()
        };
        match change.effect {
            Effect::Changed => format!("{entry}: {before} -> {after}, revision {rev}{publish}"),
            Effect::Annotated => {
                format!("{entry}: still {after}, annotated, revision {rev}{publish}")
            }
            Effect::Unchanged => format!("{entry}: {after} already, nothing changed"),
        }
    }
}
