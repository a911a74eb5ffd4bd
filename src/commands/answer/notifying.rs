//! What people should worry about where somebody was not told what happened.

use std::path::Path;

use super::Error;
use crate::notify::{Outcome, Refusal, Untold};
use crate::wire::shell::quote;

/// Says who was not told, why, and what comes next.
pub(crate) fn worries(outcome: &Outcome) -> impl Iterator<Item = String> {
    let silent = outcome.silent.iter().map(|(file, error)| {
        let (file, why) = (quote(file), chain(error));
        format!("nobody was told what happened in {file}: {why}")
    });
    silent.chain(outcome.untold.iter().map(untold))
}

fn untold(untold: &Untold) -> String {
    let Untold { label, why } = untold;
    let next = match why {
        Refusal::Gone => "until then each command tries again",
        _ => "the next command sends the rest",
    };
    format!("{label} was not told everything: {}; {next}", chain(why))
}

/// An error, and those behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let behind = std::iter::successors(Some(error), |error| error.source());
    let all: Vec<_> = behind.map(ToString::to_string).collect();
    all.join(": ")
}

/// Says that nobody was told what happened in a pool.
pub(crate) fn of_pool(pool: &Path, error: &Error) -> String {
    let reasons = [vec![error.message.clone()], error.because.clone()].concat();
    let (pool, why) = (quote(pool), reasons.join(": "));
    format!("nobody was told what happened in {pool}: {why}")
}
