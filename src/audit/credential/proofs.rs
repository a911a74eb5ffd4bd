//! The rules for embedded proofs.

use super::credential_judgement::{CredentialChecks, CredentialJudgement, EmbeddedProof};
use super::keys::{Checked, Signatory, signed_by, unchecked};
use super::signing_time::{signature_expires, signed_at};
use crate::audit::finding::{Findings, chain};
use crate::list::Timestamp;
use crate::sign::{
    Algorithm, Canonicalization, Cryptosuite, DataIntegrityProof, ProofError, ProofOptions,
    SecuredDocument,
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

/// Judges every proof: one must verify, and all that can be checked.
pub(super) fn judge_proofs(
    secured: &SecuredDocument,
    said: CredentialJudgement,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> CredentialJudgement {
    let signatory = Signatory::of(&said, checks);
    let mut proofs = Vec::new();
    let mut checked = Vec::new();
    for proof in secured.proofs() {
        checked.push(match proof {
            Ok(proof) => {
                proofs.push(says_of_itself(proof.options()));
                judge_proof(secured, proof, signatory, findings)
            }
            Err(error) => unreadable(error, findings),
        });
    }
    CredentialJudgement {
        proofs,
        ..said.signed(checked)
    }
}

fn says_of_itself(options: &ProofOptions) -> EmbeddedProof {
    EmbeddedProof {
        cryptosuite: options.cryptosuite().name().to_owned(),
        verification_method: options.verification_method().to_owned(),
        created: options.created().map(str::to_owned),
        expires: options.expires().map(str::to_owned),
    }
}

/// A proof that is not known here may be good, and others may know it.
fn unreadable(error: &ProofError, findings: &mut Findings) -> Checked {
    match error {
        ProofError::UnknownType(_) | ProofError::UnknownCryptosuite(_) | ProofError::Chained => {
            not_checked(PROOF, error, findings)
        }
        _ => {
            findings.unverified(PROOF, chain(error));
            Checked::Wrong
        }
    }
}

fn not_checked(rule: &str, error: &ProofError, findings: &mut Findings) -> Checked {
    let text = format!("a proof cannot be checked here: {}", chain(error));
    unchecked(rule, text, findings)
}

fn judge_proof(
    secured: &SecuredDocument,
    proof: &DataIntegrityProof,
    signatory: Signatory<'_>,
    findings: &mut Findings,
) -> Checked {
    let options = proof.options();
    times(options, signatory.checks, findings);
    let suite = options.cryptosuite();
    if suite.canonicalization() == Canonicalization::Rdfc
        && let Err(RdfError::UnknownMember(member)) = n_quads(secured.document())
        && DROPPED.contains(&member.as_str())
    {
        let text = format!("{member} is no term of its contexts, so that {suite} cannot sign it");
        findings.unverified(DATA_LOSS, text);
    }
    let mut algorithms = Algorithm::ALL.to_vec();
    algorithms.retain(|algorithm| suite.fits(*algorithm));
    let method = options.verification_method();
    let keys = match signatory.known_keys(Some(method), &algorithms, findings) {
        Ok(keys) => keys,
        Err(not_checked) => return not_checked,
    };
    let mut last = None;
    for (key, voucher) in keys {
        let to_n_quads = |document: &_| n_quads(document).map_err(Into::into);
        match secured.verify(proof, &key, &to_n_quads) {
            Ok(()) => return signed_by(method, &key, &voucher, findings),
            Err(error) => last = Some(error),
        }
    }
    unverified(suite, last.as_ref(), findings)
}

fn times(options: &ProofOptions, checks: &CredentialChecks<'_>, findings: &mut Findings) {
    if let Some(created) = date(options.created(), findings) {
        signed_at(PROOF, created, checks, findings);
    }
    if let Some(expires) = date(options.expires(), findings) {
        signature_expires(PROOF, expires, checks, findings);
    }
}

fn date(text: Option<&str>, findings: &mut Findings) -> Option<Timestamp> {
    let date = text?.parse();
    if date.is_err() {
        findings.malformed(PROOF, "a time of the proof is no date");
    }
    date.ok()
}

/// Says why a proof did not verify with the last key that was tried.
fn unverified(suite: Cryptosuite, error: Option<&ProofError>, findings: &mut Findings) -> Checked {
    let text = match error {
        None => format!("none of the keys goes with the cryptosuite {suite}"),
        // It may mean something that is not known here.
        Some(error @ (ProofError::Rdf(_) | ProofError::NotInRdf(_))) => {
            return not_checked(VERIFY, error, findings);
        }
        Some(error) => chain(error),
    };
    findings.unverified(VERIFY, text);
    Checked::Wrong
}
