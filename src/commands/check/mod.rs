//! `check`: the monitor's question.

use std::collections::HashSet;

mod args;
mod json;
mod keys;
mod metrics;
mod overview;
mod report;
mod target;
mod watching;

pub(crate) use self::args::Args;
use self::metrics::{Exposition, refuse_in_site, write_file};
use self::overview::write_page;
use self::report::CheckReport;
use self::target::TargetKind;
use self::watching::Watching;
use super::{Answer, Context, Error, Written};

/// Runs the command.
///
/// # Errors
/// An option makes no sense, or the metrics cannot be written. What is found is in the verdict.
pub(crate) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    // What is named twice is looked at once: no two samples may have the same labels.
    let mut seen = HashSet::new();
    let distinct = args.targets.iter().filter(|target| seen.insert(*target));
    let kinds: Vec<_> = distinct.map(|target| TargetKind::of(target)).collect();
    let watching = Watching::new(args, context)?;
    let private = [
        ("--metrics-file", args.metrics_file.as_deref()),
        ("--html", args.html.as_deref()),
    ];
    for (option, file) in private {
        if let Some(file) = file {
            refuse_in_site(option, file, &kinds, &watching)?;
        }
    }
    let report = CheckReport::new(&kinds, &watching);
    let mut written = Written::default();
    if let Some(file) = &args.metrics_file {
        write_file(file, &Exposition::of(&report).to_string())?;
        written.add(file.display().to_string());
    }
    if let Some(file) = &args.html {
        written.before(write_page(file, &report))?;
        written.add(file.display().to_string());
    }
    let verdict = report.verdict();
    let (notes, warnings) = (report.notes(), report.warnings());
    let mut answer = if args.metrics {
        Answer::stream(Exposition::of(&report).to_string())
    } else {
        Answer::report(report)
    };
    answer.notes = notes;
    answer.warnings = warnings;
    answer.verdict = verdict;
    Ok(answer.wrote(written))
}
