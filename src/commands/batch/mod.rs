//! `batch`: many allocations and changes, all or nothing.

mod bodies;
mod credential_status;
mod faults;
mod fields;
mod input;
mod json;
mod lines;
mod members;
mod misspelt;
mod placing;
mod pool;
mod printed;
mod response;
mod results;
mod shapes;
mod single;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use self::bodies::Bodies;
use self::faults::{Fault, Faults};
pub(crate) use self::input::InputForm;
use self::lines::{Defaults, Lines};
use self::printed::{Printed, Style};
use self::results::{Claims, Heading, Results, ShownRevision};
pub(super) use self::single::{AllocateBody, UpdateBody};
use super::answer::pools::refuse_other_types;
use super::answer::reasons::misspelt_reason;
use super::answer::turns::refuse_unpublished;
use super::options::{CredentialType, PublishOption, PublishedOption, ViewName, WriteOptions};
use super::outlook::{Asked, next_step};
use super::pool::is_pool;
use super::session::Turn;
use super::{Answer, Code, Context, Error, set_group};
use crate::change::{
    self, ChangeError, KnownLines, KnownTokens, Line, Missing, Plan, Request, RequestDigest, Terms,
};
use crate::disk::DiskError;
use crate::list::{FinalStatuses, ListNumber, Series, StatedReason, StatusName, Timestamp};
use crate::publish::Outlook;
use crate::store::{Backups, Event, Revision, Snapshot, Stamp, StoreError};
use crate::wire::shell::quote;
use crate::wire::text::cut;

/// Makes many allocations and changes of status, all or nothing.
///
/// Reads JSON Lines, CSV with a header, one ENTRY per line (with --status), or a JSON document;
/// bodies of the status-issuer integration guide, VC API and VCALM are understood too. Every line
/// is checked before anything is written: if one has a fault, nothing changes. Results go to
/// standard output in the order of the lines, as JSON Lines. A single body of the guide, which is an
/// object with `operation`, is answered with the object that the guide answers, unless --input jsonl
/// asks for lines.
///
/// Fields of a line: op (allocate, set or label), listId, idx, uri, tokenId, group, status, reason, note, if,
/// expiresAt (a date means its start, 00:00 UTC), revokedAt, documentHash, documentPath (an array; in
/// CSV separated by semicolons).
/// What a body says beside its updates (listId or uri, status, reason, note, if, revokedAt) holds
/// for each of them. Fields that are not known, or that do not belong where they are, are refused.
///
/// Of a pool, a folder of list files, the one that has the entries of all lines is found, by their
/// uris and token ids, and results name it; lines of several list files need --per-file.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file, or a folder of list files (a pool).
    pub file: PathBuf,
    /// The operations: a file, or - for standard input [default: -].
    pub ops: Option<PathBuf>,
    /// The form of the operations [default: recognised by the first line].
    #[arg(long, value_name = "FORM")]
    pub input: Option<InputForm>,
    /// Give this status where a line names none.
    #[arg(long, value_name = "STATUS")]
    pub status: Option<StatusName>,
    /// Record this reason where a line names none; other words than those of RFC 5280 become a note.
    #[arg(long, value_name = "REASON")]
    pub reason: Option<StatedReason>,
    /// Apply the lines without a fault, report the others, and exit with 5.
    #[arg(long)]
    pub skip_invalid: bool,
    /// For token ids that have an entry: print that entry, and hand out none.
    #[arg(long)]
    pub or_existing: bool,
    /// Let entries leave a final status.
    #[arg(long)]
    pub allow_final: bool,
    /// Let expiresAt lie in the past.
    #[arg(long)]
    pub allow_past: bool,
    #[command(flatten)]
    pub published: PublishedOption,
    /// Print results as CSV and not as JSON.
    #[arg(long)]
    pub csv: bool,
    /// Print what a credential embeds in this form with each entry that is handed out, as `claims`;
    /// repeat it, or use commas.
    #[arg(
        long,
        value_name = "VIEW",
        value_delimiter = ',',
        conflicts_with = "csv"
    )]
    pub claim: Vec<ViewName>,
    /// Count bare indexes in this list of the series, and take entries of it.
    #[arg(long, value_name = "N")]
    pub list: Option<ListNumber>,
    /// Say the type of the credentials that lines allocate for: of a pool, the list file that is
    /// bound to it is used, else one that is for all types; a list file that is bound to others
    /// refuses.
    #[arg(long = "for", value_name = "TYPE", value_parser = CredentialType::of_credential)]
    pub credential_type: Option<CredentialType>,
    /// Of a pool: apply the lines of each list file by themselves, report those that were not
    /// changed, and exit with 5 if there are any; repeat it with the same --op-id to complete it.
    #[arg(long)]
    pub per_file: bool,
    #[command(flatten)]
    pub publish: PublishOption,
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Where a batch is applied.
struct Place<'a> {
    turn: Turn<'a>,
    /// The list file, where results name it.
    file: Option<String>,
    heading: Heading,
}

/// Runs the command.
///
/// # Errors
/// A line has a fault (unless those are skipped), the operations cannot be read, or the disk
/// fails. Then nothing is changed.
pub(crate) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let defaults = Defaults {
        status: args.status,
        reason: args.reason.clone(),
        note: args.write.note.clone(),
    };
    args.refuse_per_file()?;
    let publication = args.publish.prepare(&args.file, context)?;
    let lines = args.read(&defaults, context)?;
    let answer = if is_pool(&args.file) {
        pool::run(args, context, lines)?
    } else {
        let place = Place {
            turn: Turn::Awaited,
            file: None,
            heading: Heading::Written,
        };
        apply(args, context, lines, place)?
    };
    Ok(publication.follow(answer, &args.file, context))
}

/// Applies lines to a list file.
fn apply(
    args: &Args,
    context: &Context<'_>,
    lines: Lines<'_>,
    place: Place<'_>,
) -> Result<Answer, Error> {
    let Lines {
        mut request,
        digest,
        mut faults,
        bodies,
        misspelt,
        ..
    } = lines;
    let prepared = KnownLines::of(&request.lines);
    let stamp = args.stamp(digest, context)?;
    let held = place
        .turn
        .open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    held.store.prepare_for_bulk().map_err(of_file)?;
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    for name in &args.claim {
        name.among(&lock.series().views)?;
    }
    let earlier = lock.earlier(&stamp).map_err(of_file)?;
    // What was in the past when it was done stays so.
    let at = match &earlier {
        Some(event) => event.at,
        None => stamp.now.max(lock.head().at),
    };
    request.terms.ends_after = (!args.allow_past).then_some(at);
    if earlier.is_none() && request.allocates() {
        args.refuse_other_types(lock.series())?;
    }
    let mut tell = |request: &Request, line: &Line, error: ChangeError| {
        faults.add(args.fault(request, line, error));
    };
    let (id, done) = (stamp.operation_id.as_str(), earlier.as_ref());
    let plan = change::plan(&mut request, prepared, &lock, id, done, &mut tell)
        .map_err(|error| Error::of_change(&args.file, error))?;
    if faults.count() > 0 && !args.skip_invalid {
        return Err(args.refusal(&faults, &plan));
    }
    if earlier.is_none() {
        refuse_unpublished(args.published, &lock, &plan.lists(), &args.file)?;
    }
    let mut uris = lock.first_uris().map_err(of_file)?;
    let made = plan.turnover.made.iter();
    uris.extend(made.map(|list| (list.number, list.first_uri())));
    let turnover = (!plan.lists().is_empty() && earlier.is_none()).then(|| plan.turnover.clone());
    let claims = args.claims(&lock, &plan).map_err(of_file)?;
    let asked = args.asked(at, earlier.as_ref());
    let outlook = asked.outlook(&lock, context, plan.changed_statuses())?;
    let mut unseen = 0;
    let (rev, at, revision) = if let Some(event) = &earlier {
        (event.rev, event.at, None)
    } else {
        unseen = plan.unseen(&lock).map_err(of_file)?;
        let work = plan.work(&request, args.body(&plan));
        let revision = lock
            .prepare(&stamp, work)
            .and_then(|prepared| args.write.carry_out(prepared))
            .map_err(of_file)?;
        (revision.rev, revision.at, Some(revision))
    };
    let verdict = (faults.count() > 0).then(|| args.leftover(&faults, rev));
    let note = revision.map(|revision| args.summary(&plan, revision, outlook));
    let skipped = plan.skipped();
    let results = Results {
        request,
        plan,
        uris,
        claims,
        revision: ShownRevision {
            rev,
            at,
            outlook,
            dry_run: args.write.dry_run,
            repeated: earlier.is_some(),
        },
        file: place.file,
        heading: place.heading,
    };
    let style = args.style(bodies);
    let mut answer = Answer::stream(Printed { results, style });
    answer.notes.extend(note);
    if let Some(turnover) = &turnover {
        answer = answer.turned(turnover, &args.file);
    }
    answer
        .warnings
        .extend(args.reason.as_ref().and_then(misspelt_reason));
    answer.warnings.extend(misspelt.warnings);
    if let Some(event) = &earlier {
        answer = answer.repeating(event);
    }
    answer.verdict = verdict;
    answer.warnings.extend(set_group::skipped(&skipped));
    let answer = answer.unseen_by_document(unseen).exposing(&args.file);
    Ok(match revision {
        Some(revision) => args.write.finish(answer, revision, &stamp),
        None => answer,
    })
}

impl Args {
    /// What lines that are recognised by this hash ask for.
    fn stamp(&self, digest: RequestDigest, context: &Context<'_>) -> Result<Stamp, Error> {
        let mut asked = json!({
            "operations": digest.finish(), "skipInvalid": self.skip_invalid,
            "orExisting": self.or_existing, "allowFinal": self.allow_final,
            "list": self.list.map(ListNumber::value),
        });
        // Requests without them are what they were before there was such a thing.
        if self.allow_past {
            asked["allowPast"] = true.into();
        }
        if let Some(one) = &self.credential_type {
            asked["for"] = json!(one.as_str());
        }
        self.write.stamp(context, "batch", &asked)
    }

    /// What is asked about when the changes will be published.
    fn asked<'a>(&'a self, at: Timestamp, done: Option<&'a Event>) -> Asked<'a> {
        Asked {
            file: &self.file,
            at,
            done,
            publish: self.publish,
        }
    }

    fn refuse_per_file(&self) -> Result<(), Error> {
        if self.per_file && !is_pool(&self.file) {
            return Err(Error::refused("--per-file is for a pool")
                .because(format!("{} is no folder of list files", quote(&self.file)))
                .hint("leave it out"));
        }
        Ok(())
    }

    /// Refuses to hand out entries of a list file that is kept for other credentials.
    fn refuse_other_types(&self, series: &Series) -> Result<(), Error> {
        match &self.credential_type {
            Some(one) => refuse_other_types(&self.file, one.as_str(), &series.bound_to),
            None => Ok(()),
        }
    }

    fn read<'a>(&self, defaults: &'a Defaults, context: &Context<'_>) -> Result<Lines<'a>, Error> {
        let progress = context.progress;
        let lines = Lines::new(self.terms(), defaults);
        let read = if let Some(path) = self.file_of_operations() {
            let mut source =
                File::open(path).map_err(|error| DiskError::new("open", path, error))?;
            let length = source.metadata().ok().filter(std::fs::Metadata::is_file);
            progress.expect(length.map(|metadata| metadata.len()));
            input::read(&mut source, self.input, lines, progress)
        } else if context.stdin_is_terminal && self.ops.is_none() {
            return Err(Error::refused("no operations were given")
                .because("standard input is a terminal")
                .hint("name a file, pipe them in, or write - to type them"));
        } else {
            progress.expect(None);
            let mut source = context.stdin.borrow_mut();
            input::read(&mut *source, self.input, lines, progress)
        };
        progress.done();
        read
    }

    /// The file with the operations, if it is not standard input.
    fn file_of_operations(&self) -> Option<&PathBuf> {
        self.ops.as_ref().filter(|ops| ops.as_os_str() != "-")
    }

    fn terms(&self) -> Terms {
        let or_existing = self.or_existing.then_some(KnownTokens::Answered);
        let may_be_left = self.allow_final.then_some(FinalStatuses::MayBeLeft);
        Terms {
            list: self.list,
            known_tokens: or_existing.unwrap_or_default(),
            final_statuses: may_be_left.unwrap_or_default(),
            ..Terms::default()
        }
    }

    /// How results are written. It follows from the request alone: a body of the guide is answered
    /// as the guide does, unless lines were asked for.
    fn style(&self, bodies: Bodies) -> Style {
        match bodies {
            _ if self.csv => Style::Csv,
            Bodies::One(operation) if self.input != Some(InputForm::Jsonl) => {
                Style::Response(operation)
            }
            _ => Style::JsonLines,
        }
    }

    /// What credentials embed of the entries that are handed out, if that was asked for.
    fn claims(&self, snapshot: &Snapshot<'_>, plan: &Plan) -> Result<Option<Claims>, StoreError> {
        if self.claim.is_empty() {
            return Ok(None);
        }
        let mut uris = BTreeMap::new();
        for entry in plan.lines.iter().filter_map(|line| plan.entry(*line)) {
            if let Entry::Vacant(unknown) = uris.entry(entry.list) {
                let mut made = plan.turnover.made.iter();
                let made = made.find(|list| list.number == entry.list);
                unknown.insert(match made {
                    Some(new) => new.places(),
                    None => snapshot.uris(entry.list)?,
                });
            }
        }
        Ok(Some(Claims {
            names: self.claim.clone(),
            series: snapshot.series().clone(),
            uris,
        }))
    }

    /// What is done in detail.
    fn body(&self, plan: &Plan) -> Value {
        let run = match plan.booked.runs.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        let list = run.map(|run| run.list);
        json!({
            "list": list.map(ListNumber::value),
            "from": run.map(|run| run.first),
            "count": plan.booked.entries.len(),
            "changes": plan.changes.len(),
            "skipInvalid": self.skip_invalid,
        })
    }

    /// What is wrong with a line. It names its entry by texts that may be long.
    fn fault(&self, request: &Request, line: &Line, error: ChangeError) -> Fault {
        let mut fault = Fault::of(line.number, Error::of_line(&self.file, error));
        for text in request.texts(line) {
            fault.message = fault.message.replace(&text, &cut(&text));
        }
        fault
    }

    fn refusal(&self, faults: &Faults, plan: &Plan) -> Error {
        let count = super::counted(faults.count() as u64, "fault", "faults");
        let code = faults.common_code().unwrap_or(Code::Refused);
        let error = Error::new(code, format!("the batch has {count}: nothing was changed"))
            .hint("mend them, or apply the others with --skip-invalid");
        let error = match &plan.missing {
            Some(Missing { list, count }) => error
                .because(format!(
                    "list {} is at capacity: {count} missing, {} of {} entries are taken",
                    list.number,
                    list.taken,
                    list.size.entries()
                ))
                .detail("listId", list.number.to_string())
                .detail("currentSize", list.size.entries())
                .detail("allocated", list.taken)
                .detail("missing", *count),
            None => error,
        };
        self.list_faults(error, faults)
    }

    fn leftover(&self, faults: &Faults, rev: i64) -> Error {
        let count = super::counted(faults.count() as u64, "line was", "lines were");
        let error = Error::new(Code::Partly, format!("{count} left out"))
            .because("--skip-invalid was given")
            .detail("revision", rev);
        self.list_faults(error, faults)
    }

    fn list_faults(&self, mut error: Error, faults: &Faults) -> Error {
        let file = self.file_of_operations();
        let source = file.map_or("stdin".into(), |path| path.to_string_lossy());
        let mut shown = Vec::new();
        for fault in faults.shown() {
            let hint = fault.hint.as_ref();
            let hint = hint.map_or_else(String::new, |hint| format!(", {hint}"));
            let text = format!("{source}:{}: {}{hint}", fault.line, fault.message);
            error.lines.push(text);
            shown.push(json!({
                "line": fault.line, "code": fault.code.name(),
                "message": fault.message, "hint": fault.hint,
            }));
        }
        let more = faults.count() - shown.len();
        if more > 0 {
            let more = super::counted(more as u64, "more fault", "more faults");
            error.lines.push(format!("and {more}"));
        }
        error
            .detail("faults", shown)
            .detail("faultCount", faults.count())
    }

    fn summary(&self, plan: &Plan, revision: Revision, outlook: Option<Outlook>) -> String {
        let (totals, rev) = (results::totals(plan), revision.rev);
        if revision.visible && !self.write.dry_run {
            let publish = next_step(&self.file, outlook, self.publish);
            format!("{totals}, revision {rev}{publish}")
        } else {
            format!("{totals}, revision {rev}")
        }
    }
}
