//! What `inspect` says of findings, whatever they are about.

use std::fmt;

use crate::audit::{Bound, Finding, Severity};
use crate::commands::answer::Report;
use crate::commands::{Answer, Code, Error};
use crate::wire::shell::quote;
use crate::wire::text::printable;

/// What was seen, the name that it has, if any, and the rule.
pub(crate) fn because(finding: &Finding) -> String {
    let text = printable(&finding.text);
    match finding.problem {
        None => format!("{text} ({})", finding.source),
        Some(problem) => format!("{text} ({}, {})", problem.name(), finding.source),
    }
}

/// Writes a line for each finding.
pub(crate) fn write(formatter: &mut fmt::Formatter<'_>, findings: &[Finding]) -> fmt::Result {
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "error:     ",
            Severity::Warning => "warning:   ",
            Severity::Note => "note:      ",
        };
        writeln!(formatter, "{severity} {}", because(finding))?;
    }
    Ok(())
}

/// Answers with what was read, refused or not.
pub(crate) fn judged(shown: impl Report + 'static, refusal: Option<Error>) -> Answer {
    let mut answer = Answer::report(shown);
    answer.verdict = refusal;
    answer
}

/// Refuses what cannot be read at all.
pub(crate) fn nothing_to_show(refusal: Option<Error>, target: &str, wanted: &str) -> Error {
    refusal.unwrap_or_else(|| Error::new(Code::BadToken, format!("{target} is no {wanted}")))
}

/// Adds everything that was found to a refusal.
pub(crate) fn listed(refusal: Error, findings: &[Finding]) -> Error {
    let findings = serde_json::to_value(findings).unwrap_or_default();
    refusal.detail("findings", findings)
}

/// Refuses what has a fault.
pub(crate) fn rejected(target: &str, fault: &Finding) -> Error {
    let hint = match fault.bound {
        Bound::InflateLimit => "if the list is known to be so large: --max-inflated BYTES",
        Bound::Specification => {
            "readers must not rely on it: it says neither that a credential is valid nor that it is revoked"
        }
    };
    Error::new(Code::BadToken, format!("{target} must be rejected"))
        .because(because(fault))
        .hint(hint)
}

/// Refuses what was to be checked with a key and could not be, for this reason if one is known.
pub(crate) fn uncheckable(target: &str, reason: Option<&Finding>) -> Error {
    let error = Error::new(
        Code::BadToken,
        format!("the signature of {target} could not be checked"),
    );
    let error = match reason {
        Some(finding) => error.because(because(finding)),
        None => error.because("nothing that was given goes with it"),
    };
    error.hint("it is neither shown to be genuine nor to be forged: check it with a program that knows this form")
}

/// Refuses a credential in the place of the list that it points to.
pub(crate) fn not_a_list(target: &str, uri: &str, index: impl fmt::Display) -> Error {
    let message = format!("{target} is a credential, not a status list");
    let entry = quote(format!("{uri}#{index}"));
    Error::new(Code::BadToken, message).hint(format!(
        "fetch that list, and inspect it with: --entry {entry}"
    ))
}

/// Refuses an index that a list of so many entries does not have.
pub(crate) fn beyond(target: &str, index: u64, fault: &Finding, entries: u64) -> Error {
    Error::new(
        Code::IndexNotFound,
        format!("{target} says nothing of index {index}"),
    )
    .because(because(fault))
    .hint("a credential with this index must be rejected")
    .detail("idx", index)
    .detail("size", entries)
}
