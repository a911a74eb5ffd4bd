//! A judgement in the making: what every format shares.

use super::format::Format;
use super::token_judgement::{Checks, Judgement, SignatureState};
use crate::audit::finding::{Finding, Severity};
use crate::sign::{Algorithm, KeySet, PublicKey};

pub(in crate::audit) struct Judge<'a> {
    pub(in crate::audit) checks: &'a Checks<'a>,
    pub(in crate::audit) format: Format,
    pub(in crate::audit) judgement: Judgement,
}

impl<'a> Judge<'a> {
    pub(in crate::audit) fn new(format: Format, checks: &'a Checks<'a>) -> Self {
        Self {
            checks,
            format,
            judgement: Judgement::of(format, checks.given()),
        }
    }

    pub(in crate::audit) fn finish(self) -> Judgement {
        let mut judgement = self.judgement;
        judgement.findings.sort_by_key(|finding| finding.severity);
        judgement
    }

    /// Checks the signature with the trusted keys, and with that of a certificate that leads to
    /// what is trusted: what is asked for must hold. `source` is the rule that is broken if it
    /// does not.
    pub(in crate::audit) fn signature(
        &mut self,
        source: &str,
        algorithm: Option<Algorithm>,
        verifies: impl Fn(&PublicKey) -> bool,
    ) {
        let mut states = Vec::new();
        if let Some(keys) = self.checks.keys {
            states.push(self.by_keys(keys, source, algorithm, &verifies));
        }
        match self.checks.trust {
            Some(_) => states.push(self.by_leaf(source, algorithm, &verifies)),
            None => self.leaf_alone(algorithm, &verifies),
        }
        // The worst counts; of two good ones, the key that was named.
        let worst = states.into_iter().min_by_key(|state| match state {
            SignatureState::Invalid => 0,
            SignatureState::Untrusted => 1,
            SignatureState::NotChecked => 2,
            SignatureState::Valid(_) => 3,
        });
        self.judgement.signature = worst.unwrap_or(SignatureState::NotChecked);
    }

    /// Tries every trusted key that may have made the signature.
    fn by_keys(
        &mut self,
        keys: &KeySet,
        source: &str,
        algorithm: Option<Algorithm>,
        verifies: &dyn Fn(&PublicKey) -> bool,
    ) -> SignatureState {
        // What is wrong with the algorithm was found before.
        let Some(algorithm) = algorithm else {
            return SignatureState::Invalid;
        };
        let key_id = self.judgement.key_id.as_deref();
        let candidates = keys.candidates(key_id, algorithm);
        if let Some(key) = candidates.iter().find(|key| verifies(key)) {
            return SignatureState::Valid(key.key_id().to_owned());
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
        SignatureState::Invalid
    }

    /// Tries the key of the leaf, if it is trusted; if not, that was found before.
    fn by_leaf(
        &mut self,
        source: &str,
        algorithm: Option<Algorithm>,
        verifies: &dyn Fn(&PublicKey) -> bool,
    ) -> SignatureState {
        let (Some(trusted), Some(algorithm)) = (&self.judgement.trusted, algorithm) else {
            return SignatureState::Untrusted;
        };
        let key = &trusted.key;
        if key.algorithm() != algorithm {
            let text = format!(
                "the token is signed with {algorithm}, but the key of its certificate is for {}",
                key.algorithm()
            );
            self.error(source, text);
            return SignatureState::Invalid;
        }
        if verifies(key) {
            return SignatureState::Valid(key.key_id().to_owned());
        }
        self.error(
            source,
            "the signature does not verify with the key of the certificate",
        );
        SignatureState::Invalid
    }

    /// Looks whether an untrusted certificate is for the key that signed, as it must be.
    fn leaf_alone(&mut self, algorithm: Option<Algorithm>, verifies: &dyn Fn(&PublicKey) -> bool) {
        let Some(chain) = self
            .judgement
            .certificates
            .as_ref()
            .filter(|_| algorithm.is_some())
        else {
            return;
        };
        let is_for_it = |key: PublicKey| Some(key.algorithm()) == algorithm && verifies(&key);
        if !chain.leaf().public_key().is_ok_and(is_for_it) {
            let member = self.format.certificates();
            let text = format!(
                "the first certificate of {} is not for the key that signed the token",
                member.name
            );
            self.warn(member.rule, text);
        }
    }

    /// The specification allows a MAC between parties that share its key.
    pub(in crate::audit) fn mac(&mut self) {
        self.error_draft(
            "11.6",
            "it has a MAC instead of a signature: no public key can check it",
        );
    }

    pub(in crate::audit) fn error(&mut self, source: impl Into<String>, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.judgement.findings.push(finding);
    }

    pub(in crate::audit) fn warn(&mut self, source: impl Into<String>, text: impl Into<String>) {
        let finding = Finding::of(Severity::Warning, source, text);
        self.judgement.findings.push(finding);
    }

    /// A section of the Token Status List specification is broken.
    pub(in crate::audit) fn error_draft(&mut self, section: &str, text: impl Into<String>) {
        self.find(Severity::Error, section, text);
    }

    pub(in crate::audit) fn warn_draft(&mut self, section: &str, text: impl Into<String>) {
        self.find(Severity::Warning, section, text);
    }

    pub(in crate::audit) fn note_draft(&mut self, section: &str, text: impl Into<String>) {
        self.find(Severity::Note, section, text);
    }

    fn find(&mut self, severity: Severity, section: &str, text: impl Into<String>) {
        let finding = Finding::of_list(severity, section, text);
        self.judgement.findings.push(finding);
    }
}
