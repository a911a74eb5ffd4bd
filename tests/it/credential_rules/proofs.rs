//! Embedded proofs.

use serde_json::{Value, json};
use statuslist::audit::{ProofState, Verdict, Voucher};
use statuslist::sign::{Cryptosuite, DidKey, ProofOptions};
use statuslist::token::w3c::ListFormat;

use super::{
    ED25519, P256, checks, did, embedded, findings, finds, judged, method, options, prove, public,
    unsigned, unsigned_2020, unsigned_2021,
};

fn proven(options: ProofOptions) -> Value {
    prove(unsigned(), P256, options)
}

/// Changes the proof of a good credential.
fn with_proof(member: &str, value: impl Into<Value>) -> Value {
    let mut credential = embedded(unsigned(), |_| {});
    credential["proof"][member] = value.into();
    credential
}

#[test]
fn every_cryptosuite_verifies() {
    for credential in [unsigned(), unsigned_2021(), unsigned_2020()] {
        for suite in [Cryptosuite::EcdsaJcs2019, Cryptosuite::EcdsaRdfc2019] {
            finds(prove(credential.clone(), P256, options(suite)), &[]);
        }
        for suite in [Cryptosuite::EddsaJcs2022, Cryptosuite::EddsaRdfc2022] {
            let did = DidKey::new(&public(ED25519));
            let mut credential = credential.clone();
            credential["issuer"] = did.did().into();
            let options = ProofOptions::new(suite, &did.method()).unwrap();
            finds(prove(credential, ED25519, options), &[]);
        }
    }
}

#[test]
fn no_proof() {
    finds(
        unsigned(),
        &[
            "error STATUS_VERIFICATION_ERROR: the document has no proof (VCDM 2.0, \"Securing Mechanisms\")",
        ],
    );
}

#[test]
fn something_changed_after_signing() {
    let mut credential = embedded(unsigned(), |_| {});
    credential["credentialSubject"]["statusPurpose"] = "suspension".into();
    finds(
        credential,
        &[
            "error STATUS_VERIFICATION_ERROR: the signature does not verify with this key (Data Integrity 1.0, section 4.4)",
        ],
    );
}

#[test]
fn a_context_appended_after_signing_is_passed_over() {
    let mut credential = embedded(unsigned(), |_| {});
    let contexts = credential["@context"].as_array_mut().unwrap();
    contexts.push("https://example.com/context".into());
    finds(credential, &[]);
}

#[test]
fn all_proofs_must_verify() {
    let good = embedded(unsigned(), |_| {});
    let other = proven(options(Cryptosuite::EcdsaRdfc2019));
    let mut both = good.clone();
    both["proof"] = json!([good["proof"], other["proof"]]);
    let judgement = judged(both.to_string(), &checks());
    assert_eq!(findings(&judgement), [""; 0]);
    let by = ProofState::Valid(vec![Voucher::DidKey, Voucher::DidKey]);
    assert_eq!(judgement.proof, by);
    let mut bad = other["proof"].clone();
    bad["proofValue"] = good["proof"]["proofValue"].clone();
    let mut one = good.clone();
    one["proof"] = json!([good["proof"], bad]);
    finds(
        one,
        &[
            "error STATUS_VERIFICATION_ERROR: the signature does not verify with this key (Data Integrity 1.0, section 4.4)",
        ],
    );
    let mut none = good;
    none["proof"] = json!([]);
    finds(
        none,
        &[
            "error STATUS_VERIFICATION_ERROR: the document has no proof (VCDM 2.0, \"Securing Mechanisms\")",
        ],
    );
}

#[test]
fn proofs_that_are_not_known_here_are_not_checked() {
    for (member, value, what) in [
        (
            "cryptosuite",
            "bbs-2023",
            "unknown cryptosuite `bbs-2023` (known: ecdsa-jcs-2019, eddsa-jcs-2022, ecdsa-rdfc-2019, eddsa-rdfc-2022)",
        ),
        (
            "type",
            "Ed25519Signature2020",
            "the proof is of type `Ed25519Signature2020`; only DataIntegrityProof is known",
        ),
        (
            "previousProof",
            "urn:uuid:1",
            "the proof builds on another one (`previousProof`), which is not supported",
        ),
    ] {
        let judgement = judged(with_proof(member, value).to_string(), &checks());
        let finding = format!(
            "warning: a proof cannot be checked here: {what} (Data Integrity 1.0, section 2.1)"
        );
        assert_eq!(findings(&judgement), [finding]);
        assert_eq!(judgement.verdict(), Verdict::Unverified);
    }
}

#[test]
fn rdf_that_is_not_known_here_is_not_checked() {
    let mut credential = proven(options(Cryptosuite::EcdsaRdfc2019));
    credential["image"] = "https://example.com/image.png".into();
    let judgement = judged(credential.to_string(), &checks());
    assert_eq!(
        findings(&judgement),
        [
            "warning: a proof cannot be checked here: the RDF form of the document is not known: the member `image` has no RDF form that is known here (Data Integrity 1.0, section 4.4)"
        ]
    );
    assert_eq!(judgement.verdict(), Verdict::Unverified);
}

#[test]
fn purpose_of_a_proof() {
    finds(
        with_proof("proofPurpose", "authentication"),
        &[
            "error STATUS_VERIFICATION_ERROR: the proof is for the purpose `authentication`; credentials need assertionMethod (Data Integrity 1.0, section 2.1)",
        ],
    );
}

#[test]
fn members_of_a_proof() {
    finds(
        with_proof("verificationMethod", "key-1"),
        &[
            "error STATUS_VERIFICATION_ERROR: the member `verificationMethod` of the proof is not an absolute URL (Data Integrity 1.0, section 2.1)",
        ],
    );
    finds(
        with_proof("proofValue", "uAAAA"),
        &[
            "error STATUS_VERIFICATION_ERROR: the member `proofValue` of the proof is not `z` and a signature in base58 (Data Integrity 1.0, section 2.1)",
        ],
    );
    finds(
        with_proof("created", "2026-01-01"),
        &[
            "error STATUS_VERIFICATION_ERROR: the member `created` of the proof is not a date and time with its offset from UTC (Data Integrity 1.0, section 2.1)",
        ],
    );
}

#[test]
fn times_of_a_proof() {
    let created = |time| {
        proven(
            ProofOptions::new(Cryptosuite::EcdsaJcs2019, &method())
                .and_then(|options| options.with_created(time))
                .unwrap(),
        )
    };
    let expires = |time| {
        proven(
            options(Cryptosuite::EcdsaJcs2019)
                .with_expires(time)
                .unwrap(),
        )
    };
    finds(created("2026-01-03T00:01:00Z"), &[]);
    finds(
        created("2026-01-03T00:01:01Z"),
        &[
            "error STATUS_VERIFICATION_ERROR: it was signed in the future, at 2026-01-03T00:01:01Z (Data Integrity 1.0, section 2.1)",
        ],
    );
    finds(expires("2026-01-03T00:00:01Z"), &[]);
    finds(
        expires("2026-01-03T00:00:00Z"),
        &[
            "error STATUS_VERIFICATION_ERROR: its signature expired at 2026-01-03T00:00:00Z (Data Integrity 1.0, section 2.1)",
        ],
    );
    finds(
        created("2026-02-30T00:00:00Z"),
        &[
            "error MALFORMED_VALUE_ERROR: a time of the proof is no date (Data Integrity 1.0, section 2.1)",
        ],
    );
}

#[test]
fn rdf_drops_messages() {
    let mut credential = proven(options(Cryptosuite::EcdsaRdfc2019));
    let subject = &mut credential["credentialSubject"];
    subject["statusSize"] = 1.into();
    let judgement = judged(credential.to_string(), &checks());
    assert_eq!(
        findings(&judgement),
        [
            "error STATUS_VERIFICATION_ERROR: credentialSubject.statusSize is no term of its contexts, so that ecdsa-rdfc-2019 cannot sign it (Data Integrity 1.0, section 2.4.3)",
            "warning: a proof cannot be checked here: the RDF form of the document is not known: the member `credentialSubject.statusSize` has no RDF form that is known here (Data Integrity 1.0, section 4.4)",
        ]
    );
    assert_eq!(judgement.verdict(), Verdict::Rejected);
}

#[test]
fn a_bare_did_key_names_no_key() {
    let options = ProofOptions::new(Cryptosuite::EcdsaJcs2019, &did()).unwrap();
    finds(
        proven(options),
        &[
            "error STATUS_VERIFICATION_ERROR: the did:key names no verification method: it lacks its `#` part (Controlled Identifiers 1.0, section 2.2)",
        ],
    );
}

#[test]
fn a_key_for_another_suite() {
    let mut credential = embedded(unsigned(), |_| {});
    credential["proof"]["cryptosuite"] = "eddsa-jcs-2022".into();
    finds(
        credential,
        &[
            "error STATUS_VERIFICATION_ERROR: the cryptosuite eddsa-jcs-2022 does not go with a key for ES256 (Data Integrity 1.0, section 4.4)",
        ],
    );
}

#[test]
fn broken_json() {
    let text = embedded(unsigned(), |_| {}).to_string().replacen(
        '{',
        "{\"id\":\"https://example.com/other\",",
        1,
    );
    let judgement = judged(text, &checks());
    assert!(!judgement.is_readable());
    let [finding] = findings(&judgement).try_into().unwrap();
    assert!(finding.starts_with("error MALFORMED_VALUE_ERROR: it is not valid JSON: the member `id` stands twice (line 1, column "), "{finding}");
}

#[test]
fn formats_are_told_by_their_types() {
    for (credential, format) in [
        (unsigned(), ListFormat::Bitstring),
        (unsigned_2021(), ListFormat::StatusList2021),
        (unsigned_2020(), ListFormat::RevocationList2020),
    ] {
        let judgement = judged(credential.to_string(), &checks());
        assert_eq!(judgement.format, Some(format));
    }
}
