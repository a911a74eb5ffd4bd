//! The rules for embedded proofs.

use super::credential_judgement::EmbeddedProof;
use super::judge::Judge;
use super::keys::{Checked, Known};
use crate::audit::finding::chain;
use crate::sign::{
    Algorithm, Canonicalization, Cryptosuite, Proof, ProofError, ProofOptions, SecuredDocument,
};
use crate::token::w3c::rdf::{RdfError, n_quads};

const PROOF: &str = "Data Integrity 1.0, section 2.1";
const VERIFY: &str = "Data Integrity 1.0, section 4.4";
const DATA_LOSS: &str = "Data Integrity 1.0, section 2.4.3";

/// What no context defines for a list.
const DROPPED: [&str; 3] = [
    "credentialSubject.statusSize",
    "credentialSubject.statusMessages",
    "credentialSubject.statusMessage",
];

impl Judge<'_> {
    /// Judges every proof: one must verify, and all that can be checked.
    pub(super) fn proofs(&mut self, secured: &SecuredDocument) {
        let mut checked = Vec::new();
        for proof in secured.proofs() {
            checked.push(match proof {
                Ok(proof) => self.proof(secured, proof),
                Err(error) => self.unreadable_proof(error),
            });
        }
        self.conclude(checked);
    }

    /// A proof that is not known here may be good, and others may know it.
    fn unreadable_proof(&mut self, error: &ProofError) -> Checked {
        let text = format!("a proof cannot be checked here: {}", chain(error));
        match error {
            ProofError::UnknownType(_)
            | ProofError::UnknownCryptosuite(_)
            | ProofError::Chained => {
                self.unchecked(PROOF, text);
                Checked::Not
            }
            _ => {
                self.unverified(PROOF, chain(error));
                Checked::Wrong
            }
        }
    }

    fn proof(&mut self, secured: &SecuredDocument, proof: &Proof) -> Checked {
        let options = proof.options();
        self.judgement.proofs.push(EmbeddedProof {
            cryptosuite: options.cryptosuite().name().to_owned(),
            verification_method: options.verification_method().to_owned(),
            created: options.created().map(str::to_owned),
            expires: options.expires().map(str::to_owned),
        });
        self.times(options);
        let suite = options.cryptosuite();
        if suite.canonicalization() == Canonicalization::Rdfc
            && let Err(RdfError::UnknownMember(member)) = n_quads(secured.document())
            && DROPPED.contains(&member.as_str())
        {
            let text =
                format!("{member} is no term of its contexts, so that {suite} cannot sign it");
            self.unverified(DATA_LOSS, text);
        }
        let algorithms: Vec<Algorithm> = Algorithm::ALL
            .into_iter()
            .filter(|algorithm| suite.fits(*algorithm))
            .collect();
        match self.known_keys(Some(options.verification_method()), &algorithms) {
            Known::Refused | Known::Nothing => Checked::Not,
            Known::Keys(keys) => {
                let mut last = None;
                for (key, voucher) in keys {
                    let to_n_quads = |document: &_| n_quads(document).map_err(Into::into);
                    match secured.verify(proof, &key, &to_n_quads) {
                        Ok(()) => return self.by(options.verification_method(), &key, voucher),
                        Err(error) => last = Some(error),
                    }
                }
                self.unverified_proof(suite, last.as_ref())
            }
        }
    }

    fn times(&mut self, options: &ProofOptions) {
        for (time, is_end) in [(options.created(), false), (options.expires(), true)] {
            match time.map(str::parse) {
                None => {}
                Some(Ok(time)) if is_end => self.signature_expires(PROOF, time),
                Some(Ok(time)) => self.signed_at(PROOF, time),
                Some(Err(_)) => self.malformed(PROOF, "a time of the proof is no date"),
            }
        }
    }

    /// Says why a proof did not verify with the last key that was tried.
    fn unverified_proof(&mut self, suite: Cryptosuite, error: Option<&ProofError>) -> Checked {
        match error {
            None => {
                let text = format!("none of the keys goes with the cryptosuite {suite}");
                self.unverified(VERIFY, text);
                Checked::Wrong
            }
            // It may mean something that is not known here.
            Some(error @ (ProofError::Rdf(_) | ProofError::NotInRdf(_))) => {
                let text = format!("a proof cannot be checked here: {}", chain(error));
                self.unchecked(VERIFY, text);
                Checked::Not
            }
            Some(error) => {
                self.unverified(VERIFY, chain(error));
                Checked::Wrong
            }
        }
    }
}
