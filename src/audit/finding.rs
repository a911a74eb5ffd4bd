//! One thing that was found in a token.

use serde::Serialize;

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
        }
    }
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
