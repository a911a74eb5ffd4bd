//! One thing that was found in a token.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::token::{GunzipError, InflateError, cite};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Readers must reject the token.
    Error,
    /// Some readers may reject it, or it serves them badly.
    Warning,
    /// Worth knowing; no reader minds.
    Note,
}

/// One thing that was found in a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The document and section that it is about.
    pub source: String,
    /// What was seen.
    pub text: String,
    /// What the specifications of W3C call such an error, if it has a name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// Who set the bound that it passes.
    #[serde(skip)]
    pub bound: Bound,
}

/// Who set the bound that is passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bound {
    /// The specification, as everything else that is found.
    #[default]
    Specification,
    /// Whoever judges: the list inflates to more than the limit that was given.
    InflateLimit,
}

/// An error that the specifications of W3C name, for reports as in RFC 9457.
///
/// Source: Bitstring Status List v1.0, section 3.5; VCDM 2.0, section 7.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The credential of the list does not verify, or is not the one that was asked for.
    StatusVerification,
    /// The list has fewer entries than it must have.
    StatusListLength,
    /// The index is not in the list.
    Range,
    /// A property is not what it must be.
    MalformedValue,
}

impl Problem {
    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StatusVerification => "STATUS_VERIFICATION_ERROR",
            Self::StatusListLength => "STATUS_LIST_LENGTH_ERROR",
            Self::Range => "RANGE_ERROR",
            Self::MalformedValue => "MALFORMED_VALUE_ERROR",
        }
    }

    /// The url that stands for it in a report (RFC 9457, section 3.1.1).
    #[must_use]
    pub fn url(self) -> String {
        let specification = match self {
            Self::StatusVerification | Self::StatusListLength => {
                "https://www.w3.org/ns/credentials/status-list"
            }
            Self::Range | Self::MalformedValue => "https://www.w3.org/TR/vc-data-model",
        };
        format!("{specification}#{}", self.name())
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Problem", 2)?;
        members.serialize_field("name", self.name())?;
        members.serialize_field("type", &self.url())?;
        members.end()
    }
}

impl Finding {
    /// A rule of any document.
    pub(super) fn of(
        severity: Severity,
        source: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            source: source.into(),
            text: text.into(),
            problem: None,
            bound: Bound::Specification,
        }
    }

    /// The same of a list that does not inflate, for this reason.
    pub(super) fn inflating(mut self, error: &(dyn std::error::Error + 'static)) -> Self {
        if is_beyond_limit(error) {
            self.bound = Bound::InflateLimit;
        }
        self
    }

    /// The same with the name that it has in the specifications of W3C.
    pub(super) const fn called(mut self, problem: Problem) -> Self {
        self.problem = Some(problem);
        self
    }
}

/// Whether an error, or one behind it, is that a list inflates to more than was allowed.
fn is_beyond_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| {
        matches!(error.downcast_ref(), Some(InflateError::TooLarge(_)))
            || matches!(error.downcast_ref(), Some(GunzipError::TooLarge(_)))
    })
}

/// What was found in a judgement, in the order in which it was found. Whoever judges adds to it, and
/// sees nothing of what others found.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    /// All of them, errors first; those of one severity stay in the order in which they were found.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| finding.severity);
        self.0
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub(super) fn error(&mut self, source: impl Into<String>, text: impl Into<String>) {
        self.push(Finding::of(Severity::Error, source, text));
    }

    pub(super) fn warn(&mut self, source: impl Into<String>, text: impl Into<String>) {
        self.push(Finding::of(Severity::Warning, source, text));
    }

    pub(super) fn note(&mut self, source: impl Into<String>, text: impl Into<String>) {
        self.push(Finding::of(Severity::Note, source, text));
    }

    /// A section of the Token Status List specification is broken.
    pub(super) fn error_draft(&mut self, section: &str, text: impl Into<String>) {
        self.error(draft(section), text);
    }

    pub(super) fn warn_draft(&mut self, section: &str, text: impl Into<String>) {
        self.warn(draft(section), text);
    }

    pub(super) fn note_draft(&mut self, section: &str, text: impl Into<String>) {
        self.note(draft(section), text);
    }

    /// A property of a credential is not what it must be.
    pub(super) fn malformed(&mut self, source: &str, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.push(finding.called(Problem::MalformedValue));
    }

    /// Takes what can be read; what cannot is a property that is not what it must be.
    pub(super) fn readable<T, E: std::error::Error>(
        &mut self,
        source: &str,
        read: Result<T, E>,
    ) -> Option<T> {
        read.map_err(|error| self.malformed(source, chain(&error)))
            .ok()
    }

    /// A credential is not one to rely on.
    pub(super) fn unverified(&mut self, source: &str, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.push(finding.called(Problem::StatusVerification));
    }
}

/// A section of the Token Status List specification.
pub(super) fn draft(section: &str) -> String {
    format!("{}, section {section}", cite::TOKEN_STATUS_LIST)
}

/// The first finding for which readers must reject what it is about.
pub(super) fn first_error(findings: &[Finding]) -> Option<&Finding> {
    findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
}

/// Joins an error with the errors behind it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let behind = std::iter::successors(error.source(), |error| error.source());
    behind.fold(error.to_string(), |text, error| format!("{text}: {error}"))
}
