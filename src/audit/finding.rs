//! One thing that was found in a token.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::token::cite;

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
    /// A rule of the Token Status List specification, by its section.
    pub(super) fn of_list(severity: Severity, section: &str, text: impl Into<String>) -> Self {
        let document = cite::TOKEN_STATUS_LIST;
        Self::of(severity, format!("{document}, section {section}"), text)
    }

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
        }
    }

    /// The same with the name that it has in the specifications of W3C.
    pub(super) const fn called(mut self, problem: Problem) -> Self {
        self.problem = Some(problem);
        self
    }
}

/// The first finding for which readers must reject what it is about.
pub(super) fn first_error(findings: &[Finding]) -> Option<&Finding> {
    findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
}

/// Joins an error with the errors behind it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}
