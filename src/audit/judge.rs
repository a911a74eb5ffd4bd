//! A judgement in the making: what every format shares.

use super::finding::{Finding, Severity};
use super::judgement::{Checks, Judgement, SignatureState};
use crate::sign::{Algorithm, JoseError, PublicKey};

pub(super) struct Judge<'a> {
    pub(super) checks: &'a Checks<'a>,
    pub(super) judgement: Judgement,
}

impl<'a> Judge<'a> {
    pub(super) fn new(checks: &'a Checks<'a>) -> Self {
        Self {
            checks,
            judgement: Judgement::empty(),
        }
    }

    pub(super) fn finish(self) -> Judgement {
        let mut judgement = self.judgement;
        judgement.findings.sort_by_key(|finding| finding.severity);
        judgement
    }

    /// Tries every trusted key that may have made the signature. `source` is the rule that a
    /// signature breaks if none did.
    pub(super) fn signature(
        &mut self,
        source: &str,
        algorithm: Option<Algorithm>,
        key_id: Option<&str>,
        verify: impl Fn(&PublicKey) -> Result<(), JoseError>,
    ) {
        let Some(keys) = self.checks.keys else {
            return;
        };
        self.judgement.signature = SignatureState::Invalid;
        let Some(algorithm) = algorithm else {
            return;
        };
        let mut said = None;
        for key in keys.candidates(key_id, algorithm) {
            match verify(key) {
                Ok(()) => {
                    self.judgement.signature = SignatureState::Valid(key.key_id().to_owned());
                    return;
                }
                Err(error) => said = Some(error),
            }
        }
        let text = match said {
            Some(JoseError::BadSignature) => "the signature does not verify".to_owned(),
            Some(error) => super::finding::chain(&error),
            None => match keys.keys() {
                [only] if only.algorithm() != algorithm => {
                    format!(
                        "the token is signed with {algorithm}, but the key is for {}",
                        only.algorithm()
                    )
                }
                _ => format!("none of the keys fits algorithm {algorithm} and kid {key_id:?}"),
            },
        };
        self.error(source, text);
    }

    pub(super) fn error(&mut self, source: &str, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.judgement.findings.push(finding);
    }

    pub(super) fn error_list(&mut self, section: &str, text: impl Into<String>) {
        let finding = Finding::of_list(Severity::Error, section, text);
        self.judgement.findings.push(finding);
    }

    pub(super) fn warn_list(&mut self, section: &str, text: impl Into<String>) {
        let finding = Finding::of_list(Severity::Warning, section, text);
        self.judgement.findings.push(finding);
    }
}
