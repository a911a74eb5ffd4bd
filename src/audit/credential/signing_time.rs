//! When a signature was made, and until when it may be relied on, as it says itself.

use super::credential_judgement::CredentialChecks;
use crate::audit::finding::Findings;
use crate::list::Timestamp;

/// How far a clock may be ahead before a signature from the future is refused, in seconds.
const SKEW: i64 = 60;

/// Judges when a signature was made.
pub(super) fn signed_at(
    rule: &str,
    time: Timestamp,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) {
    let latest = match checks.at {
        Some(then) => then.second(),
        None => checks.now.second().saturating_add(SKEW),
    };
    if time.second() > latest {
        findings.unverified(rule, format!("it was signed in the future, at {time}"));
    }
}

/// Judges until when a signature may be relied on.
pub(super) fn signature_expires(
    rule: &str,
    time: Timestamp,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) {
    if time <= checks.moment() {
        findings.unverified(rule, format!("its signature expired at {time}"));
    }
}
