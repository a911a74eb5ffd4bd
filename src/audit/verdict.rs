//! Whether readers may rely on what was judged: one rule for every format.

use serde::Serialize;

use super::finding::{Finding, first_error};

/// Whether readers may rely on a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No fault, and a signature verifies.
    Valid,
    /// No fault, and nobody asked to check a signature.
    Unverified,
    /// No fault, but the signature that was to be checked could not be: it is shown to be neither
    /// genuine nor forged.
    Uncheckable,
    /// Readers must reject it.
    Rejected,
}

/// What is known of signatures, however many there are and however they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assurance {
    /// One verifies with each thing that it was checked with, and none fails.
    Verified,
    /// One fails.
    Refuted,
    /// None was checked.
    Unchecked,
}

/// What whoever asks gave to check signatures with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Given {
    /// Nothing.
    #[default]
    Nothing,
    /// Keys, a document with keys, or trust anchors.
    Something,
}

impl Verdict {
    /// Draws the conclusion. Who gave something to check a signature with hears `Valid` only if one
    /// was verified with it: otherwise a list that was changed would pass, once its signature is of
    /// a kind that nobody knows.
    pub(super) fn of(findings: &[Finding], assurance: Assurance, given: Given) -> Self {
        match (first_error(findings), assurance, given) {
            (Some(_), _, _) | (None, Assurance::Refuted, _) => Self::Rejected,
            (None, Assurance::Verified, _) => Self::Valid,
            (None, Assurance::Unchecked, Given::Nothing) => Self::Unverified,
            (None, Assurance::Unchecked, Given::Something) => Self::Uncheckable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Severity;

    #[test]
    fn with_a_key_only_a_verified_signature_is_good_enough() {
        let error = [Finding::of(Severity::Error, "a rule", "a fault")];
        let warning = [Finding::of(Severity::Warning, "a rule", "a doubt")];
        for given in [Given::Nothing, Given::Something] {
            for assurance in [
                Assurance::Verified,
                Assurance::Refuted,
                Assurance::Unchecked,
            ] {
                assert_eq!(Verdict::of(&error, assurance, given), Verdict::Rejected);
                let expected = match (assurance, given) {
                    (Assurance::Verified, _) => Verdict::Valid,
                    (Assurance::Refuted, _) => Verdict::Rejected,
                    (Assurance::Unchecked, Given::Nothing) => Verdict::Unverified,
                    (Assurance::Unchecked, Given::Something) => Verdict::Uncheckable,
                };
                assert_eq!(Verdict::of(&warning, assurance, given), expected);
            }
        }
    }
}
