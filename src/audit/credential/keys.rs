//! Which key a signature must be by.

use serde_json::Value;

use super::credential_judgement::{
    CredentialChecks, CredentialJudgement, CredentialKeys, ProofState, Voucher,
};
use crate::audit::finding::{Finding, Findings, Severity, chain};
use crate::sign::{Algorithm, ControllerDocument, DidKey, KeySet, PublicKey};
use crate::token::is_uri;

const CONTROLLER: &str = "Controlled Identifiers 1.0, section 3.3";
const METHOD: &str = "Controlled Identifiers 1.0, section 2.2";
const KEY_ID: &str = "VC-JOSE-COSE, section 4.1.1";
const DISCOVERY: &str = "VC-JOSE-COSE, section 4.3";

/// What is known of one signature.
pub(super) enum Checked {
    By(Voucher),
    /// It was not, for this reason if it is worth a word.
    Not(Option<Finding>),
    Wrong,
}

impl CredentialJudgement {
    /// Joins what is known of each signature with what the credential says.
    pub(super) fn signed(self, checked: Vec<Checked>) -> Self {
        let mut by = Vec::new();
        let mut unchecked = Vec::new();
        let mut is_wrong = false;
        for signature in checked {
            match signature {
                Checked::By(voucher) => by.push(voucher),
                Checked::Wrong => is_wrong = true,
                Checked::Not(reason) => unchecked.extend(reason),
            }
        }
        let proof = match by.as_slice() {
            _ if is_wrong => ProofState::Invalid,
            [] => ProofState::NotChecked,
            [_, ..] => ProofState::Valid(by),
        };
        Self {
            proof,
            unchecked,
            ..self
        }
    }
}

/// A signature cannot be checked here, which says nothing against it.
pub(super) fn unchecked(source: &str, text: impl Into<String>, findings: &mut Findings) -> Checked {
    let finding = Finding::of(Severity::Warning, source, text);
    findings.push(finding.clone());
    Checked::Not(Some(finding))
}

/// Whose signatures a credential must have, and where their keys may be found.
#[derive(Clone, Copy)]
pub(super) struct Signatory<'a> {
    issuer: Option<&'a str>,
    pub(super) checks: &'a CredentialChecks<'a>,
}

impl<'a> Signatory<'a> {
    pub(super) fn of(said: &'a CredentialJudgement, checks: &'a CredentialChecks<'a>) -> Self {
        Self {
            issuer: said.issuer.as_deref(),
            checks,
        }
    }

    /// Judges whether readers can find the key by what a header calls it. `stated` is the issuer
    /// that is signed beside the credential.
    pub(super) fn judge_key_id(
        self,
        key_id: Option<&str>,
        stated: Option<&Value>,
        findings: &mut Findings,
    ) {
        let Some(issuer) = self.issuer else { return };
        match key_id {
            None if issuer.starts_with("did:") => {
                let text = "the issuer is a DID, but no kid says which of its keys it is";
                self.key_not_found(KEY_ID, text, findings);
            }
            Some(key_id) if stated.is_none() && is_uri(issuer) && !is_uri(key_id) => {
                let text = format!("kid is {key_id:?}, not the url of a key of the issuer");
                self.key_not_found(DISCOVERY, text, findings);
            }
            None | Some(_) => {}
        }
    }

    /// A rule about how readers find the key, which matters less to those who have it.
    fn key_not_found(self, source: &str, text: impl Into<String>, findings: &mut Findings) {
        match self.checks.keys {
            CredentialKeys::Trusted(_) => findings.warn(source, text),
            CredentialKeys::Issuer | CredentialKeys::Document(_) => {
                findings.unverified(source, text);
            }
        }
    }

    /// Finds the keys that may have made a signature: one of them must have. If none is known, or
    /// none that belongs to the issuer, it cannot be checked.
    ///
    /// `method` is what the signature calls its key, if it does.
    pub(super) fn known_keys(
        self,
        method: Option<&str>,
        algorithms: &[Algorithm],
        findings: &mut Findings,
    ) -> Result<Vec<(PublicKey, Voucher)>, Checked> {
        // The name of a `did:key` is the key itself: what is no such name is nobody's.
        if let Some(method) = method.filter(|method| method.starts_with("did:key:"))
            && let Err(error) = DidKey::parse_method(method)
        {
            findings.unverified(METHOD, chain(&error));
            return Err(Checked::Not(None));
        }
        match self.checks.keys {
            CredentialKeys::Trusted(keys) => {
                if let (Some(issuer), Some(method)) = (self.issuer, method.filter(is_did_url)) {
                    self.controller(issuer, method, findings);
                }
                Ok(trusted(keys, method, algorithms))
            }
            CredentialKeys::Document(document) => {
                let Some(issuer) = self.issuer else {
                    return Err(Checked::Not(None));
                };
                let Some(method) = method else {
                    let text = "nothing says which key of the document signed it";
                    return Err(unchecked(CONTROLLER, text, findings));
                };
                self.of_document(document, issuer, method, findings)
            }
            CredentialKeys::Issuer => {
                let Some(issuer) = self.issuer else {
                    return Err(Checked::Not(None));
                };
                if let Some(method) = method.filter(is_did_url)
                    && !self.controller(issuer, method, findings)
                {
                    return Err(Checked::Not(None));
                }
                match DidKey::parse(issuer) {
                    Ok(own) => Ok(vec![(own.key().clone(), Voucher::DidKey)]),
                    Err(_) => Err(Checked::Not(None)),
                }
            }
        }
    }

    /// Checks that the key belongs to the issuer, as far as its name tells.
    fn controller(self, issuer: &str, method: &str, findings: &mut Findings) -> bool {
        let controller = method.split('#').next().unwrap_or_default();
        let is_issuer = controller == issuer;
        if !is_issuer {
            let text = format!("the key belongs to {controller:?}, not to the issuer {issuer:?}");
            self.key_not_found(CONTROLLER, text, findings);
        }
        is_issuer
    }

    fn of_document(
        self,
        document: &ControllerDocument,
        issuer: &str,
        method: &str,
        findings: &mut Findings,
    ) -> Result<Vec<(PublicKey, Voucher)>, Checked> {
        if document.id() != issuer {
            let text = format!(
                "the document is about {:?}, not about the issuer {issuer:?}",
                document.id()
            );
            findings.unverified(CONTROLLER, text);
            return Err(Checked::Not(None));
        }
        let method = match document.assertion_method(method) {
            Ok(method) => method,
            Err(error) => {
                findings.unverified(CONTROLLER, chain(&error));
                return Err(Checked::Not(None));
            }
        };
        let moment = self.checks.moment();
        for (end, name) in [(method.expires, "expired"), (method.revoked, "was revoked")] {
            let Some(end) = end else { continue };
            match end.parse() {
                Ok(end) if moment < end => {}
                Ok(end) => findings.unverified(METHOD, format!("the key {name} at {end}")),
                Err(_) => findings.unverified(METHOD, format!("when the key {name} is no date")),
            }
        }
        Ok(vec![(method.key, Voucher::Method(method.id))])
    }

    /// Checks the one signature of a token.
    pub(super) fn judge_signature(
        self,
        rule: &str,
        method: Option<&str>,
        algorithm: Option<Algorithm>,
        verifies: impl Fn(&PublicKey) -> bool,
        findings: &mut Findings,
    ) -> Checked {
        let Some(algorithm) = algorithm else {
            // What is wrong with the algorithm was found before.
            return Checked::Wrong;
        };
        let mut keys = match self.known_keys(method, &[algorithm], findings) {
            Ok(keys) => keys,
            Err(not_checked) => return not_checked,
        };
        keys.retain(|(key, _)| key.algorithm() == algorithm);
        if let Some((key, voucher)) = keys.iter().find(|(key, _)| verifies(key)) {
            return signed_by(method.unwrap_or_default(), key, voucher, findings);
        }
        let text = if keys.is_empty() {
            format!("the token is signed with {algorithm}, no key is for it")
        } else {
            "the signature does not verify".to_owned()
        };
        findings.unverified(rule, text);
        Checked::Wrong
    }
}

/// Takes a signature that verifies, unless it names itself after another key.
pub(super) fn signed_by(
    method: &str,
    key: &PublicKey,
    voucher: &Voucher,
    findings: &mut Findings,
) -> Checked {
    let named = DidKey::parse_method(method);
    if named.is_ok_and(|named| named.key() != key) {
        let text = format!("the signature is by another key than {method:?}, as it calls it");
        findings.unverified(METHOD, text);
        return Checked::Wrong;
    }
    Checked::By(voucher.clone())
}

fn is_did_url(method: &&str) -> bool {
    method.starts_with("did:")
}

/// The given keys that may be meant: those of that name, else all.
fn trusted(
    keys: &KeySet,
    method: Option<&str>,
    algorithms: &[Algorithm],
) -> Vec<(PublicKey, Voucher)> {
    let fragment = method.and_then(|method| method.rsplit_once('#').map(|(_, name)| name));
    let fits = |key: &&PublicKey| algorithms.contains(&key.algorithm());
    let named = |key: &&PublicKey| {
        let id = Some(key.key_id());
        id == method || id == fragment
    };
    let mut fitting: Vec<&PublicKey> = keys.keys().iter().filter(fits).collect();
    // A name is a hint, and many are made in more ways than one.
    fitting.sort_by_key(|key| !named(key));
    fitting
        .into_iter()
        .map(|key| (key.clone(), Voucher::Key(key.key_id().to_owned())))
        .collect()
}
