//! A batch whose list file, or list files, are found in a pool.

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::bodies::Bodies;
use super::faults::Faults;
use super::lines::Lines;
use super::misspelt::Misspelt;
use super::placing::{Placed, may_go_on};
use super::results::Heading;
use super::{Args, Place, apply};
use crate::commands::answer::{Body, Code};
use crate::commands::pool::{Pool, PoolError};
use crate::commands::{Answer, Context, Error, counted};
use crate::wire::shell::quote;

/// The most list files that a message names.
const NAMED: usize = 10;

/// A list file that was not changed.
struct Failure {
    file: PathBuf,
    error: Error,
}

/// The results of several list files.
struct Joined(Vec<Box<dyn Display>>);

/// Runs the command.
pub(super) fn run(
    args: &Args,
    context: &Context<'_>,
    mut lines: Lines<'_>,
) -> Result<Answer, Error> {
    if args.list.is_some() {
        return Err(PoolError::ListOption(args.file.clone()).into());
    }
    let pool = Pool::to_write(&args.file, args.write.wait.time())?;
    let placed = args.place(&pool, &mut lines, context)?;
    if !may_go_on(args, &lines.faults) {
        return Err(args.refused(&lines.faults));
    }
    let in_use = placed.in_use();
    let mut owners = in_use.keys();
    let answer = match (owners.next(), in_use.len()) {
        (None, _) => args.nothing_done(&lines.faults),
        _ if args.per_file => args.run_in_each(context, &lines, &placed, &pool)?,
        (Some(only), 1) => args.run_in_one(*only, context, lines, &placed, &pool)?,
        _ => {
            let first_line = |(owner, place): (u32, usize)| {
                let file = placed.files[owner as usize].clone();
                (file, lines.request.lines[place].number)
            };
            let files = in_use.into_iter().map(first_line).collect();
            return Err(PoolError::SeveralFiles { files }.into());
        }
    };
    Ok(answer.without(&placed.remarks))
}

impl Args {
    /// Applies all lines, but for those with a fault, to one list file.
    fn run_in_one(
        &self,
        owner: u32,
        context: &Context<'_>,
        mut lines: Lines<'_>,
        placed: &Placed,
        pool: &Pool,
    ) -> Result<Answer, Error> {
        let file = &placed.files[owner as usize];
        if let (Some(other), Some(id)) = (placed.done.first(), &self.write.op_id)
            && other != file
        {
            return Err(PoolError::OperationElsewhere {
                id: id.clone(),
                file: other.clone(),
            }
            .into());
        }
        if placed.owners.iter().any(Option::is_none) {
            let is_placed = |place: u32| placed.owners[place as usize].is_some();
            (lines.request, _) = lines.request.part(is_placed);
        }
        let answer = self.run_in(file, context, lines, pool, Heading::Written)?;
        Ok(match &placed.choice {
            Some(choice) => answer.chosen(choice),
            None => answer.changed_in(file),
        })
    }

    /// Applies the lines of each list file by themselves.
    fn run_in_each(
        &self,
        context: &Context<'_>,
        lines: &Lines<'_>,
        placed: &Placed,
        pool: &Pool,
    ) -> Result<Answer, Error> {
        let mut answers = Vec::new();
        let mut failures = Vec::new();
        let in_use = placed.in_use();
        for owner in in_use.keys() {
            let file = &placed.files[*owner as usize];
            let is_its = |place: u32| placed.owners[place as usize] == Some(*owner);
            let (request, digest) = lines.request.part(is_its);
            let part = Lines {
                request,
                digest,
                faults: Faults::default(),
                // Results of several list files are lines.
                bodies: Bodies::Others,
                misspelt: Misspelt::default(),
                defaults: lines.defaults,
                number: lines.number,
            };
            let heading = if answers.is_empty() {
                Heading::Written
            } else {
                Heading::LeftOut
            };
            match self.run_in(file, context, part, pool, heading) {
                Ok(answer) => answers.push(answer),
                Err(error) => failures.push(Failure {
                    file: file.clone(),
                    error,
                }),
            }
        }
        if answers.is_empty() {
            return Err(none_done(failures));
        }
        let mut left_out: Vec<_> = answers
            .iter_mut()
            .filter_map(|answer| answer.verdict.take())
            .collect();
        if lines.faults.count() > 0 {
            left_out.insert(0, self.left_out(&lines.faults));
        }
        let mut answer = joined(answers);
        if let Some(choice) = &placed.choice
            && !failures.iter().any(|failure| failure.file == choice.file)
        {
            answer = answer.chosen(choice);
        }
        answer.verdict = if failures.is_empty() {
            all_left_out(left_out)
        } else {
            let id = self.write.op_id.as_ref();
            let id = id.unwrap_or(&context.random_operation_id);
            Some(some_failed(failures, in_use.len(), id, left_out))
        };
        Ok(answer)
    }

    fn run_in(
        &self,
        file: &Path,
        context: &Context<'_>,
        lines: Lines<'_>,
        pool: &Pool,
        heading: Heading,
    ) -> Result<Answer, Error> {
        let args = Self {
            file: file.to_owned(),
            ..self.clone()
        };
        let place = Place {
            turn: pool.turn(),
            file: Some(file.display().to_string()),
            heading,
        };
        apply(&args, context, lines, place).map_err(|error| error.in_file_of_pool(file))
    }

    /// Answers a batch that has no line for any list file.
    fn nothing_done(&self, faults: &Faults) -> Answer {
        let mut answer = Answer::stream("").note("nothing to do");
        answer.verdict = (faults.count() > 0).then(|| self.left_out(faults));
        answer
    }

    fn refused(&self, faults: &Faults) -> Error {
        let count = counted(faults.count() as u64, "fault", "faults");
        let code = faults.common_code().unwrap_or(Code::Refused);
        let error = Error::new(code, format!("the batch has {count}: nothing was changed"))
            .hint("mend them, or apply the others with --skip-invalid");
        self.list_faults(error, faults)
    }

    fn left_out(&self, faults: &Faults) -> Error {
        let count = counted(faults.count() as u64, "line was", "lines were");
        let error = Error::new(Code::Partly, format!("{count} left out"));
        self.list_faults(error.because("--skip-invalid was given"), faults)
    }
}

/// Says that no list file was changed.
fn none_done(failures: Vec<Failure>) -> Error {
    let count = failures.len();
    let mut failures = failures;
    if count == 1
        && let Some(only) = failures.pop()
    {
        return only.error;
    }
    let error = Error::new(
        code_of(&failures),
        format!("all of {count} list files failed"),
    );
    of_failures(error, failures)
}

/// The code of several failures: theirs if it is one, else of what weighs most.
fn code_of(failures: &[Failure]) -> Code {
    let has = |code: Code| failures.iter().any(|failure| failure.error.code == code);
    let first = failures.first().map(|failure| failure.error.code);
    match first {
        Some(code) if failures.iter().all(|failure| failure.error.code == code) => code,
        _ if has(Code::Io) || has(Code::Corrupt) => Code::Io,
        _ if has(Code::Busy) => Code::Busy,
        _ => Code::Refused,
    }
}

/// Says which list files were not changed although others were.
fn some_failed(failures: Vec<Failure>, of: usize, id: &str, left_out: Vec<Error>) -> Error {
    let files = counted(of as u64, "list file", "list files");
    let message = format!("{} of {files} failed", failures.len());
    let mut error = Error::new(Code::Partly, message);
    for left_out in left_out {
        error.lines.extend(left_out.lines);
    }
    of_failures(error, failures)
        .hint(format!(
            "mend that, and repeat the command with --op-id {id}: what was done is not done twice"
        ))
        .detail("operationId", id)
}

fn of_failures(mut error: Error, failures: Vec<Failure>) -> Error {
    let mut failed = Vec::new();
    for (place, Failure { file, error: own }) in failures.into_iter().enumerate() {
        let reasons = own.because.iter().map(String::as_str);
        let parts: Vec<_> = std::iter::once(own.message.as_str())
            .chain(reasons)
            .collect();
        let message = parts.join(": ");
        failed.push(json!({
            "file": file.display().to_string(), "code": own.code.name(), "message": message,
            "details": own.details, "hint": own.hint,
        }));
        error.lines.extend(own.lines);
        if place < NAMED {
            error = error.because(format!("{}: {message}", quote(file)));
        }
    }
    error.detail("failed", Value::Array(failed))
}

/// Says how many lines of all list files were left out, if any were.
fn all_left_out(errors: Vec<Error>) -> Option<Error> {
    let mut errors = errors.into_iter();
    let mut all = errors.next()?;
    let mut count = 1;
    for error in errors {
        count += 1;
        all.lines.extend(error.lines);
        let (Some(Value::Array(faults)), Some(Value::Array(more))) = (
            all.details.get_mut("faults"),
            error.details.get("faults").cloned(),
        ) else {
            continue;
        };
        faults.extend(more);
        let counts = [&all.details, &error.details];
        let counts = counts.map(|details| details.get("faultCount").and_then(Value::as_u64));
        let sum: u64 = counts.iter().flatten().sum();
        all.details.insert("faultCount".to_owned(), sum.into());
    }
    all.details.shift_remove("revision");
    if count > 1 {
        let lines = all.details.get("faultCount").and_then(Value::as_u64);
        let lines = counted(lines.unwrap_or(0), "line was", "lines were");
        all.message = format!("{lines} left out");
    }
    Some(all)
}

/// Joins what list files answered.
fn joined(answers: Vec<Answer>) -> Answer {
    let mut parts: Vec<Box<dyn Display>> = Vec::new();
    let mut joined = Answer::stream("");
    for answer in answers {
        let new = answer.warnings.into_iter();
        let new: Vec<_> = new.filter(|one| !joined.warnings.contains(one)).collect();
        joined.warnings.extend(new);
        joined.notes.extend(answer.notes);
        joined.committed = answer.committed.or(joined.committed);
        joined.dry_run |= answer.dry_run;
        joined.repeated |= answer.repeated;
        if let Body::Stream(lines) = answer.body {
            parts.push(lines);
        }
    }
    joined.body = Body::Stream(Box::new(Joined(parts)));
    joined
}

impl Display for Joined {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|lines| lines.fmt(formatter))
    }
}
