//! A judgement in the making: what every format shares.

use super::finding::{Finding, Severity};
use super::format::Format;
use super::judgement::{Checks, Judgement, SignatureState};
use crate::sign::{Algorithm, PublicKey};

pub(super) struct Judge<'a> {
    pub(super) checks: &'a Checks<'a>,
    pub(super) format: Format,
    pub(super) judgement: Judgement,
}

impl<'a> Judge<'a> {
    pub(super) fn new(format: Format, checks: &'a Checks<'a>) -> Self {
        Self {
            checks,
            format,
            judgement: Judgement::of(format),
        }
    }

    pub(super) fn finish(self) -> Judgement {
        let mut judgement = self.judgement;
        judgement.findings.sort_by_key(|finding| finding.severity);
        judgement
    }

    /// Tries every trusted key that may have made the signature. `source` is the rule that is
    /// broken if none did.
    pub(super) fn signature(
        &mut self,
        source: &str,
        algorithm: Option<Algorithm>,
        verifies: impl Fn(&PublicKey) -> bool,
    ) {
        let Some(keys) = self.checks.keys else {
            return;
        };
        self.judgement.signature = SignatureState::Invalid;
        // What is wrong with the algorithm was found before.
        let Some(algorithm) = algorithm else {
            return;
        };
        let key_id = self.judgement.key_id.as_deref();
        let candidates = keys.candidates(key_id, algorithm);
        if let Some(key) = candidates.iter().find(|key| verifies(key)) {
            self.judgement.signature = SignatureState::Valid(key.key_id().to_owned());
            return;
        }
        let text = match (candidates.as_slice(), keys.keys()) {
            ([_, ..], _) => "the signature does not verify".to_owned(),
            ([], [only]) if only.algorithm() != algorithm => format!(
                "the token is signed with {algorithm}, but the key is for {}",
                only.algorithm()
            ),
            ([], _) => match key_id {
                Some(key_id) => format!("none of the keys is for {algorithm} and kid {key_id:?}"),
                None => format!("none of the keys is for {algorithm}"),
            },
        };
        self.error(source, text);
    }

    /// The specification allows a MAC between parties that share its key.
    pub(super) fn mac(&mut self) {
        self.error_draft(
            "11.6",
            "it has a MAC instead of a signature: no public key can check it",
        );
    }

    pub(super) fn error(&mut self, source: impl Into<String>, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.judgement.findings.push(finding);
    }

    /// A section of the Token Status List specification is broken.
    pub(super) fn error_draft(&mut self, section: &str, text: impl Into<String>) {
        self.find(Severity::Error, section, text);
    }

    pub(super) fn warn_draft(&mut self, section: &str, text: impl Into<String>) {
        self.find(Severity::Warning, section, text);
    }

    pub(super) fn note_draft(&mut self, section: &str, text: impl Into<String>) {
        self.find(Severity::Note, section, text);
    }

    fn find(&mut self, severity: Severity, section: &str, text: impl Into<String>) {
        let finding = Finding::of_list(severity, section, text);
        self.judgement.findings.push(finding);
    }
}
