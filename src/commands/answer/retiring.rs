//! What it means that a list cannot be retired.

use std::path::Path;

use super::{Code, Error, counted};
use crate::change::{RetireError, Retirement, Revoked};
use crate::store::{Known, ListEnd};
use crate::wire::shell::quote;

/// Why a list of revoked entries is published all the same.
pub(crate) const REVOKED_IS_NOT_EXPIRED: &str = "what was handed out is revoked, but not expired: \
    a list that is missing is no revocation, and readers could not check the credentials";

impl Error {
    /// Says what it means that a list cannot be retired.
    pub(crate) fn of_retiring(path: &Path, error: RetireError) -> Self {
        let text = error.to_string();
        match error {
            RetireError::Spare(list) => Self::refused(text)
                .because("it takes its turn when another list is full or closed")
                .detail("listId", list.to_string()),
            RetireError::NoList => {
                Self::refused(text).because("every list of it is spare or retired")
            }
            RetireError::SeveralLists(lists) => {
                let options: Vec<_> = lists.iter().map(|list| format!("--list {list}")).collect();
                let ids: Vec<_> = lists.iter().map(ToString::to_string).collect();
                Self::refused(text)
                    .hint(options.join(" or "))
                    .detail("lists", ids)
            }
            RetireError::Past { now, .. } => Self::refused(text)
                .because(format!("it is {now}"))
                .hint("if that is meant: --allow-past"),
            RetireError::StillNeeded(one) => still_needed(&quote(path), text, &one),
            RetireError::Turn(error) => Self::of_change(path, error),
            RetireError::Store(error) => Self::of_store(path, &error),
        }
    }
}

fn still_needed(file: &str, text: String, one: &Retirement) -> Error {
    let (list, ends) = (one.list, &one.ends);
    let mut error = Error::new(Code::Refused, text);
    if let Some(latest) = ends.latest.filter(|_| ends.unexpired > 0) {
        let of = counted(ends.entries, "entry has", "entries have");
        error = error.because(format!(
            "{} of {of} not ended, the last one until {latest}",
            ends.unexpired
        ));
    }
    if ends.endless > 0 {
        let endless = counted(ends.endless, "entry has", "entries have");
        error = error.because(format!("{endless} no expiry"));
    }
    if one.known == Known::NotAll {
        error = error.because(
            "restore closed it: the original may have handed out entries that are not known here",
        );
    }
    if let Some(kept) = one.kept_until {
        error = error.because(format!("it is kept until {kept}"));
    }
    if one.revoked == Revoked::All {
        error = error.because(REVOKED_IS_NOT_EXPIRED);
    }
    let error = match one.end {
        ListEnd::Unsaid => error.hint(format!(
            "say how long such entries are kept: statuslist retire {file} --list {list} \
             --keep-until TIME"
        )),
        ListEnd::At(end) => error.hint(format!("from {end} on: statuslist retire {file} --due")),
        ListEnd::Unused => error,
    };
    error
        .detail("listId", list.to_string())
        .detail("unexpired", ends.unexpired)
        .detail("withoutExpiry", ends.endless)
        .detail("endsAt", one.end.time().map(|time| time.to_string()))
}
