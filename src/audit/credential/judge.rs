//! A judgement of a list credential in the making.

use super::credential_judgement::{CredentialChecks, CredentialJudgement, CredentialKeys};
use crate::audit::{Finding, Problem, Severity};
use crate::list::Timestamp;

/// How far a clock may be ahead before a signature from the future is refused, in seconds.
const SKEW: i64 = 60;

pub(super) struct Judge<'a> {
    pub(super) checks: &'a CredentialChecks<'a>,
    pub(super) judgement: CredentialJudgement,
}

impl<'a> Judge<'a> {
    pub(super) fn new(checks: &'a CredentialChecks<'a>) -> Self {
        Self {
            checks,
            judgement: CredentialJudgement::new(checks.given()),
        }
    }

    pub(super) fn finish(self) -> CredentialJudgement {
        let mut judgement = self.judgement;
        judgement.findings.sort_by_key(|finding| finding.severity);
        judgement
    }

    /// The moment that the credential must answer for.
    pub(super) fn moment(&self) -> Timestamp {
        self.checks.at.unwrap_or(self.checks.now)
    }

    /// Judges when a signature was made, as it says itself.
    pub(super) fn signed_at(&mut self, source: &str, time: Timestamp) {
        let latest = match self.checks.at {
            Some(then) => then.second(),
            None => self.checks.now.second().saturating_add(SKEW),
        };
        if time.second() > latest {
            let text = format!("it was signed in the future, at {time}");
            self.unverified(source, text);
        }
    }

    /// Judges until when a signature may be relied on.
    pub(super) fn signature_expires(&mut self, source: &str, time: Timestamp) {
        if time <= self.moment() {
            self.unverified(source, format!("its signature expired at {time}"));
        }
    }

    pub(super) fn error(&mut self, source: &str, text: impl Into<String>) {
        self.find(Finding::of(Severity::Error, source, text));
    }

    /// A property is not what it must be.
    pub(super) fn malformed(&mut self, source: &str, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.find(finding.called(Problem::MalformedValue));
    }

    /// The credential is not one to rely on.
    pub(super) fn unverified(&mut self, source: &str, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.find(finding.called(Problem::StatusVerification));
    }

    pub(super) fn warn(&mut self, source: &str, text: impl Into<String>) {
        self.find(Finding::of(Severity::Warning, source, text));
    }

    pub(super) fn note(&mut self, source: &str, text: impl Into<String>) {
        self.find(Finding::of(Severity::Note, source, text));
    }

    /// A signature cannot be checked here, which says nothing against it.
    pub(super) fn unchecked(&mut self, source: &str, text: impl Into<String>) {
        let finding = Finding::of(Severity::Warning, source, text);
        self.judgement.unchecked.push(finding.clone());
        self.find(finding);
    }

    /// A rule about how readers find the key, which matters less to those who have it.
    pub(super) fn key_not_found(&mut self, source: &str, text: impl Into<String>) {
        match self.checks.keys {
            CredentialKeys::Trusted(_) => self.warn(source, text),
            CredentialKeys::Issuer | CredentialKeys::Document(_) => self.unverified(source, text),
        }
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.judgement.findings.push(finding);
    }
}
