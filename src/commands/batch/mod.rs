//! `batch`: many allocations and changes, all or nothing.

mod credential_status;
mod documents;
mod fields;
mod input;
mod json;
mod line;
mod members;
mod place;
mod plan;
mod results;
mod shapes;
mod tokens;

use std::fs::File;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use self::fields::Defaults;
pub use self::input::Form;
use self::line::{Faults, Lines, What};
use self::plan::{Outcome, Plan, Prepared, Rules, plan};
use self::results::{Results, Style};
use super::options::WriteOptions;
use super::session;
use super::{Answer, Code, Context, Error};
use crate::disk::DiskError;
use crate::list::{FinalStatuses, ListNumber, Reason, StatusName};
use crate::store::{AllocationRow, Backups, Booked, Bulk, ChangeRow, Revision, Run, Work, rows};
use crate::wire::shell::quote;

/// Makes many allocations and changes of status, all or nothing.
///
/// Reads JSON Lines, CSV with a header, one ENTRY per line (with --status), or a JSON document;
/// bodies of the status-issuer integration guide, VC API and VCALM are understood too. Every line
/// is checked before anything is written: if one has a fault, nothing changes. Results go to
/// standard output in the order of the lines.
///
/// Fields of a line: op (allocate or set), listId, idx, uri, tokenId, status, reason, note, if,
/// expiresAt, revokedAt, documentHash, documentPath (an array; in CSV separated by semicolons).
/// What a body says beside its updates (listId or uri, status, reason, note, if, revokedAt) holds
/// for each of them. Fields that are not known, or that do not belong where they are, are refused.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list file.
    pub file: PathBuf,
    /// The operations: a file, or - for standard input [default: -].
    pub ops: Option<PathBuf>,
    /// The form of the operations [default: recognised by the first line].
    #[arg(long, value_name = "FORM")]
    pub input: Option<Form>,
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
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// Runs the command.
///
/// # Errors
/// A line has a fault (unless those are skipped), the operations cannot be read, or the disk
/// fails. Then nothing is changed.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let mut lines = args.read(context)?;
    let mut prepared = Prepared::of(&lines);
    let request = json!({
        "operations": lines.digest(), "skipInvalid": args.skip_invalid,
        "orExisting": args.or_existing, "allowFinal": args.allow_final,
        "list": args.list.map(ListNumber::value),
    });
    let stamp = args.write.stamp(context, "batch", &request)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    held.store.prepare_for_bulk().map_err(of_file)?;
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if lines.settle_tokens(&lock).map_err(of_file)? {
        prepared = Prepared::of(&lines);
    }
    let earlier = lock.earlier(&stamp).map_err(of_file)?;
    let mut bulk = match &earlier {
        Some(event) => Bulk::before(&lock, event).map_err(of_file)?,
        None => Bulk::now(&lock),
    };
    let mut faults = lines.faults.clone();
    let plan = plan(&lines, &prepared, &mut faults, &mut bulk, args.rules())?;
    if faults.count() > 0 && !args.skip_invalid {
        return Err(args.refusal(&faults, &plan));
    }
    drop(prepared);
    let uris = lock.first_uris().map_err(of_file)?;
    let mut unseen = None;
    let (rev, revision) = if let Some(event) = &earlier {
        (event.rev, None)
    } else {
        let mut work = work(&lines, &plan, args);
        let recorded = lock
            .unrecorded(documents::rows(&lines, &plan))
            .map_err(of_file)?;
        let statuses = plan.nets.iter().map(|net| (net.entry, net.new));
        unseen = super::documents::unseen(&lock, statuses, &recorded).map_err(of_file)?;
        work.documents = rows(recorded);
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
    let mut answer = Answer::stream(Results {
        lines,
        plan,
        uris,
        style,
        repeated: earlier.is_some(),
    });
    answer.notes.extend(note);
    if let Some(event) = &earlier {
        answer = answer.repeating(event);
    }
    answer.verdict = verdict;
    answer.warnings.extend(unseen);
    answer
        .warnings
        .extend(super::answer::exposure::of_list_file(&args.file));
    Ok(match revision {
        Some(revision) => args.write.finish(answer, revision, &stamp),
        None => answer,
    })
}

impl Args {
    fn read(&self, context: &Context<'_>) -> Result<Lines, Error> {
        let defaults = Defaults {
            status: self.status,
            reason: self.reason,
            note: self.write.note.clone(),
        };
        let progress = context.progress;
        let file = self.ops.as_ref().filter(|ops| ops.as_os_str() != "-");
        let lines = if let Some(path) = file {
            let mut source =
                File::open(path).map_err(|error| DiskError::new("open", path, error))?;
            let length = source.metadata().ok().filter(std::fs::Metadata::is_file);
            progress.expect(length.map(|metadata| metadata.len()));
            input::read(&mut source, self.input, &defaults, progress)
        } else {
            if context.stdin_is_terminal && self.ops.is_none() {
                return Err(Error::new(Code::Refused, "no operations were given")
                    .because("standard input is a terminal")
                    .hint("name a file, pipe them in, or write - to type them"));
            }
            progress.expect(None);
            input::read(
                &mut *context.stdin.borrow_mut(),
                self.input,
                &defaults,
                progress,
            )
        };
        progress.done();
        lines
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            file: &self.file,
            permission: if self.allow_final {
                FinalStatuses::MayBeLeft
            } else {
                FinalStatuses::Kept
            },
            or_existing: self.or_existing,
            within: self.list,
        }
    }

    /// What the operations are called before a line number.
    fn source(&self) -> String {
        match &self.ops {
            Some(path) if path.as_os_str() != "-" => path.display().to_string(),
            _ => "stdin".to_owned(),
        }
    }

    fn refusal(&self, faults: &Faults, plan: &Plan) -> Error {
        let count = super::counted(faults.count() as u64, "fault", "faults");
        let code = faults.common_code().unwrap_or(Code::Refused);
        let error = Error::new(code, format!("the batch has {count}: nothing was changed"))
            .hint("mend them, or apply the others with --skip-invalid");
        let error = match &plan.missing {
            Some((list, missing)) => error
                .because(format!(
                    "list {} is at capacity: {missing} missing, {} of {} entries are taken",
                    list.number,
                    list.taken,
                    list.size.entries()
                ))
                .detail("listId", list.number.to_string())
                .detail("currentSize", list.size.entries())
                .detail("allocated", list.taken)
                .detail("missing", *missing),
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
        let source = self.source();
        error.lines = faults
            .shown()
            .map(|fault| {
                let hint = fault
                    .hint
                    .as_ref()
                    .map_or_else(String::new, |hint| format!(", {hint}"));
                format!("{source}:{}: {}{hint}", fault.line, fault.message)
            })
            .collect();
        let more = faults.count() - error.lines.len();
        if more > 0 {
            error.lines.push(format!(
                "and {}",
                super::counted(more as u64, "more fault", "more faults")
            ));
        }
        let shown: Vec<Value> = faults
            .shown()
            .map(|fault| {
                json!({
                    "line": fault.line, "code": fault.code.name(),
                    "message": fault.message, "hint": fault.hint,
                })
            })
            .collect();
        error
            .detail("faults", shown)
            .detail("faultCount", faults.count())
    }

    fn summary(&self, plan: &Plan, revision: Revision) -> String {
        let totals = results::Totals::of(plan);
        let rev = revision.rev;
        let next = if revision.visible && !self.write.dry_run {
            format!(
                "; to make it visible: statuslist publish {}",
                quote(&self.file)
            )
        } else {
            String::new()
        };
        format!("{totals}, revision {rev}{next}")
    }
}

/// What is to be written.
fn work<'a>(lines: &'a Lines, plan: &'a Plan, args: &Args) -> Work<'a> {
    let list = plan.booked.entries.first().map(|(_, entry)| entry.list);
    let run = plan.booked.run.filter(|(_, count)| *count > 0);
    Work {
        body: json!({
            "list": list.map(ListNumber::value),
            "from": run.map(|(first, _)| first),
            "count": plan.booked.entries.len(),
            "changes": plan.nets.len(),
            "skipInvalid": args.skip_invalid,
        }),
        runs: list
            .zip(run)
            .map(|(list, (first, count))| Run {
                list,
                first,
                count,
                expires: None,
            })
            .into_iter()
            .collect(),
        allocations: Box::new(move || Box::new(allocations(lines, plan))),
        changes: Box::new(move || {
            Box::new(plan.nets.iter().map(|net| ChangeRow {
                entry: net.entry,
                old: net.old,
                new: net.new,
                remark: plan.remarks[net.remark as usize].clone(),
            }))
        }),
        ..Work::default()
    }
}

/// The rows of the allocations that have a token id or an expiry; the others are in the run.
fn allocations<'a>(lines: &'a Lines, plan: &'a Plan) -> impl Iterator<Item = AllocationRow> + 'a {
    lines
        .operations
        .iter()
        .zip(&plan.outcomes)
        .filter_map(|(line, outcome)| match (&line.what, outcome) {
            (What::Allocate { token, expires, .. }, Outcome::Fresh { place, .. }) => {
                let expires = lines.expiry(*expires);
                let entry = plan.booked.entries[*place as usize];
                let has_row = token.is_some() || expires.is_some();
                has_row.then(|| Booked::row(entry, token.clone(), expires))
            }
            _ => None,
        })
}
