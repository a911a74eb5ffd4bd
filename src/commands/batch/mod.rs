//! `batch`: many allocations and changes, all or nothing.

mod credential_status;
mod faults;
mod fields;
mod input;
mod json;
mod lines;
mod members;
mod results;
mod shapes;

use std::fs::File;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use self::faults::{Fault, Faults};
pub(crate) use self::input::InputForm;
use self::lines::{Defaults, Lines};
use self::results::{Results, Style};
use super::options::WriteOptions;
use super::{Answer, Code, Context, Error, session, set_group};
use crate::change::{
    self, ChangeError, KnownLines, KnownTokens, Line, Missing, Plan, Request, Terms,
};
use crate::disk::DiskError;
use crate::list::{FinalStatuses, ListNumber, Reason, StatusName};
use crate::store::{Backups, Revision};
use crate::wire::shell::quote;
use crate::wire::text::cut;

/// Makes many allocations and changes of status, all or nothing.
///
/// Reads JSON Lines, CSV with a header, one ENTRY per line (with --status), or a JSON document;
/// bodies of the status-issuer integration guide, VC API and VCALM are understood too. Every line
/// is checked before anything is written: if one has a fault, nothing changes. Results go to
/// standard output in the order of the lines.
///
/// Fields of a line: op (allocate, set or label), listId, idx, uri, tokenId, group, status, reason, note, if,
/// expiresAt, revokedAt, documentHash, documentPath (an array; in CSV separated by semicolons).
/// What a body says beside its updates (listId or uri, status, reason, note, if, revokedAt) holds
/// for each of them. Fields that are not known, or that do not belong where they are, are refused.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file.
    pub file: PathBuf,
    /// The operations: a file, or - for standard input [default: -].
    pub ops: Option<PathBuf>,
    /// The form of the operations [default: recognised by the first line].
    #[arg(long, value_name = "FORM")]
    pub input: Option<InputForm>,
    /// Give this status where a line names none.
    #[arg(long, value_name = "STATUS")]
    pub status: Option<StatusName>,
    /// Record this reason where a line names none.
    #[arg(long, value_name = "REASON")]
    pub reason: Option<Reason>,
    /// Apply the lines without a fault, report the others, and exit with 5.
    #[arg(long)]
    pub skip_invalid: bool,
    /// For token ids that have an entry: print that entry, and hand out none.
    #[arg(long)]
    pub or_existing: bool,
    /// Let entries leave a final status.
    #[arg(long)]
    pub allow_final: bool,
    /// Print results as CSV and not as JSON Lines.
    #[arg(long)]
    pub csv: bool,
    /// Count bare indexes in this list of the series, and take entries of it.
    #[arg(long, value_name = "N")]
    pub list: Option<ListNumber>,
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Runs the command.
///
/// # Errors
/// A line has a fault (unless those are skipped), the operations cannot be read, or the disk
/// fails. Then nothing is changed.
pub(crate) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let defaults = Defaults {
        status: args.status,
        reason: args.reason,
        note: args.write.note.clone(),
    };
    let Lines {
        mut request,
        digest,
        mut faults,
        ..
    } = args.read(&defaults, context)?;
    let prepared = KnownLines::of(&request.lines);
    let asked = json!({
        "operations": digest.finish(), "skipInvalid": args.skip_invalid,
        "orExisting": args.or_existing, "allowFinal": args.allow_final,
        "list": args.list.map(ListNumber::value),
    });
    let stamp = args.write.stamp(context, "batch", &asked)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    held.store.prepare_for_bulk().map_err(of_file)?;
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    let earlier = lock.earlier(&stamp).map_err(of_file)?;
    let mut tell = |request: &Request, line: &Line, error: ChangeError| {
        faults.add(args.fault(request, line, error));
    };
    let id = stamp.operation_id.as_str();
    let plan = change::plan(
        &mut request,
        prepared,
        &lock,
        id,
        earlier.as_ref(),
        &mut tell,
    )
    .map_err(|error| Error::of_change(&args.file, error))?;
    if faults.count() > 0 && !args.skip_invalid {
        return Err(args.refusal(&faults, &plan));
    }
    let mut uris = lock.first_uris().map_err(of_file)?;
    let made = plan.turnover.made.iter();
    uris.extend(made.map(|list| (list.number, list.first_uri())));
    let turnover = (!plan.lists().is_empty() && earlier.is_none()).then(|| plan.turnover.clone());
    let mut unseen = 0;
    let (rev, revision) = if let Some(event) = &earlier {
        (event.rev, None)
    } else {
        unseen = plan.unseen(&lock).map_err(of_file)?;
        let work = plan.work(&request, args.body(&plan));
        let revision = lock
            .prepare(&stamp, work)
            .and_then(|prepared| args.write.carry_out(prepared))
            .map_err(of_file)?;
        (revision.rev, Some(revision))
    };
    let verdict = (faults.count() > 0).then(|| args.leftover(&faults, rev));
    let style = if args.csv {
        Style::Csv
    } else {
        Style::JsonLines
    };
    let note = revision.map(|revision| args.summary(&plan, revision));
    let skipped = plan.skipped();
    let mut answer = Answer::stream(Results {
        request,
        plan,
        uris,
        style,
        repeated: earlier.is_some(),
    });
    answer.notes.extend(note);
    if let Some(turnover) = &turnover {
        answer = answer.turned(turnover, &args.file);
    }
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

    fn summary(&self, plan: &Plan, revision: Revision) -> String {
        let (totals, rev) = (results::totals(plan), revision.rev);
        if revision.visible && !self.write.dry_run {
            let file = quote(&self.file);
            format!("{totals}, revision {rev}; to make it visible: statuslist publish {file}")
        } else {
            format!("{totals}, revision {rev}")
        }
    }
}
