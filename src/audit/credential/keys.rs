//! Which key a signature must be by.

use super::credential_judgement::{CredentialKeys, ProofState, Voucher};
use super::judge::Judge;
use crate::audit::finding::chain;
use crate::sign::{Algorithm, ControllerDocument, DidKey, KeySet, PublicKey};

const CONTROLLER: &str = "Controlled Identifiers 1.0, section 3.3";
const METHOD: &str = "Controlled Identifiers 1.0, section 2.2";

/// What is known of the keys behind a name.
pub(super) enum Known {
    /// It must be one of these.
    Keys(Vec<(PublicKey, Voucher)>),
    /// Nothing: whose key it is cannot be found out here.
    Nothing,
    /// It does not belong to the issuer, so that nobody need check it. That was found before.
    Refused,
}

/// What is known of one signature.
pub(super) enum Checked {
    By(Voucher),
    Not,
    Wrong,
}

impl Judge<'_> {
    /// Finds the keys that may have made a signature.
    ///
    /// `method` is what the signature calls its key, if it does.
    pub(super) fn known_keys(&mut self, method: Option<&str>, algorithms: &[Algorithm]) -> Known {
        // The name of a `did:key` is the key itself: what is no such name is nobody's.
        if let Some(method) = method.filter(|method| method.starts_with("did:key:"))
            && let Err(error) = DidKey::parse_method(method)
        {
            self.unverified(METHOD, chain(&error));
            return Known::Refused;
        }
        let issuer = self.judgement.issuer.clone();
        match self.checks.keys {
            CredentialKeys::Trusted(keys) => {
                if let (Some(issuer), Some(method)) = (&issuer, method.filter(is_did_url)) {
                    self.controller(issuer, method);
                }
                Known::Keys(trusted(keys, method, algorithms))
            }
            CredentialKeys::Document(document) => {
                let Some(issuer) = issuer else {
                    return Known::Nothing;
                };
                let Some(method) = method else {
                    let text = "nothing says which key of the document signed it";
                    self.unchecked(CONTROLLER, text);
                    return Known::Nothing;
                };
                self.of_document(document, &issuer, method)
            }
            CredentialKeys::Issuer => {
                let Some(issuer) = issuer else {
                    return Known::Nothing;
                };
                if let Some(method) = method.filter(is_did_url)
                    && !self.controller(&issuer, method)
                {
                    return Known::Refused;
                }
                match DidKey::parse(&issuer) {
                    Ok(own) => Known::Keys(vec![(own.key().clone(), Voucher::DidKey)]),
                    Err(_) => Known::Nothing,
                }
            }
        }
    }

    /// Checks that the key belongs to the issuer, as far as its name tells.
    fn controller(&mut self, issuer: &str, method: &str) -> bool {
        let controller = method.split('#').next().unwrap_or_default();
        let is_issuer = controller == issuer;
        if !is_issuer {
            let text = format!("the key belongs to {controller:?}, not to the issuer {issuer:?}");
            self.key_not_found(CONTROLLER, text);
        }
        is_issuer
    }

    fn of_document(&mut self, document: &ControllerDocument, issuer: &str, method: &str) -> Known {
        if document.id() != issuer {
            let text = format!(
                "the document is about {:?}, not about the issuer {issuer:?}",
                document.id()
            );
            self.unverified(CONTROLLER, text);
            return Known::Refused;
        }
        let method = match document.assertion_method(method) {
            Ok(method) => method,
            Err(error) => {
                self.unverified(CONTROLLER, chain(&error));
                return Known::Refused;
            }
        };
        let moment = self.moment();
        for (end, name) in [
            (method.expires(), "expired"),
            (method.revoked(), "was revoked"),
        ] {
            let Some(end) = end else { continue };
            match end.parse() {
                Ok(end) if moment < end => {}
                Ok(end) => self.unverified(METHOD, format!("the key {name} at {end}")),
                Err(_) => self.unverified(METHOD, format!("when the key {name} is no date")),
            }
        }
        let voucher = Voucher::Method(method.id().to_owned());
        Known::Keys(vec![(method.key().clone(), voucher)])
    }

    /// Joins what is known of each signature.
    pub(super) fn conclude(&mut self, checked: Vec<Checked>) {
        let mut by = Vec::new();
        let mut is_wrong = false;
        for signature in checked {
            match signature {
                Checked::By(voucher) => by.push(voucher),
                Checked::Wrong => is_wrong = true,
                Checked::Not => {}
            }
        }
        self.judgement.proof = match by.as_slice() {
            _ if is_wrong => ProofState::Invalid,
            [] => ProofState::NotChecked,
            [_, ..] => ProofState::Valid(by),
        };
    }

    /// Takes a signature that verifies, unless it names itself after another key.
    pub(super) fn by(&mut self, method: &str, key: &PublicKey, voucher: Voucher) -> Checked {
        let named = DidKey::parse_method(method);
        if named.is_ok_and(|named| named.key() != key) {
            let text = format!("the signature is by another key than {method:?}, as it calls it");
            self.unverified(METHOD, text);
            return Checked::Wrong;
        }
        Checked::By(voucher)
    }

    /// Checks the one signature of a token.
    pub(super) fn signature(
        &mut self,
        rule: &str,
        method: Option<&str>,
        algorithm: Option<Algorithm>,
        verifies: impl Fn(&PublicKey) -> bool,
    ) {
        let checked = match algorithm {
            // What is wrong with the algorithm was found before.
            None => Checked::Wrong,
            Some(algorithm) => match self.known_keys(method, &[algorithm]) {
                Known::Refused | Known::Nothing => Checked::Not,
                Known::Keys(keys) => {
                    let fitting = keys
                        .iter()
                        .filter(|(key, _)| key.algorithm() == algorithm)
                        .collect::<Vec<_>>();
                    if let Some((key, voucher)) = fitting.iter().find(|(key, _)| verifies(key)) {
                        self.by(method.unwrap_or_default(), key, voucher.clone())
                    } else if fitting.is_empty() {
                        let text =
                            format!("the token is signed with {algorithm}, no key is for it");
                        self.unverified(rule, text);
                        Checked::Wrong
                    } else {
                        self.unverified(rule, "the signature does not verify");
                        Checked::Wrong
                    }
                }
            },
        };
        self.conclude(vec![checked]);
    }
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
