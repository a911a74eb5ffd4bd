//! Where the keys of signatures come from, and whose they are.

use serde_json::{Value, json};
use statuslist::audit::{CredentialChecks, CredentialKeys, ProofState, Verdict, Voucher};
use statuslist::sign::{
    ControllerDocument, Cryptosuite, DidKey, DidWeb, KeySet, ProofOptions, PublicKey,
};

use super::{ED25519, P256, checks, did, findings, header, judged, jwt, prove, public, unsigned};

const WEB: &str = "did:web:example.com";

/// A credential of another issuer, whose proof names this key.
fn issued_by(issuer: &str, method: &str) -> Value {
    let mut credential = unsigned();
    credential["issuer"] = issuer.into();
    let options = ProofOptions::new(Cryptosuite::EcdsaJcs2019, method).unwrap();
    prove(credential, P256, options)
}

fn web_document(change: impl FnOnce(&mut Value)) -> ControllerDocument {
    let web: DidWeb = WEB.parse().unwrap();
    let mut document = web.document(&[public(P256)]);
    change(&mut document);
    ControllerDocument::parse(document.to_string().as_bytes()).unwrap()
}

fn web_method() -> String {
    let web: DidWeb = WEB.parse().unwrap();
    web.multikey_method(&public(P256))
}

fn with_keys(keys: CredentialKeys<'_>) -> CredentialChecks<'_> {
    CredentialChecks { keys, ..checks() }
}

#[track_caller]
fn state(credential: &Value, keys: CredentialKeys<'_>, expected: &[&str]) -> ProofState {
    let judgement = judged(credential.to_string(), &with_keys(keys));
    assert_eq!(findings(&judgement), expected);
    judgement.proof
}

#[test]
fn without_a_document_the_keys_of_a_did_web_are_not_known() {
    let credential = issued_by(WEB, &web_method());
    let judgement = judged(credential.to_string(), &checks());
    assert_eq!(findings(&judgement), [""; 0]);
    assert_eq!(judgement.verdict(), Verdict::Unverified);
}

#[test]
fn the_document_of_a_did_web() {
    let document = web_document(|_| {});
    let state = state(
        &issued_by(WEB, &web_method()),
        CredentialKeys::Document(&document),
        &[],
    );
    assert_eq!(
        state,
        ProofState::Valid(vec![Voucher::Method(web_method())])
    );
}

#[test]
fn the_document_of_somebody_else() {
    let document = web_document(|_| {});
    let other = "did:web:example.org";
    let method = web_method();
    let proof = state(
        &issued_by(other, &method),
        CredentialKeys::Document(&document),
        &[
            "error STATUS_VERIFICATION_ERROR: the document is about \"did:web:example.com\", not about the issuer \"did:web:example.org\" (Controlled Identifiers 1.0, section 3.3)",
        ],
    );
    assert_eq!(proof, ProofState::NotChecked);
    let proof = state(
        &issued_by(WEB, "did:web:example.org#key"),
        CredentialKeys::Document(&document),
        &[
            "error STATUS_VERIFICATION_ERROR: the document is about `did:web:example.com`, not about `did:web:example.org` (Controlled Identifiers 1.0, section 3.3)",
        ],
    );
    assert_eq!(proof, ProofState::NotChecked);
}

#[test]
fn a_key_that_makes_no_assertions() {
    let document = web_document(|document| document["assertionMethod"] = json!([]));
    let method = web_method();
    let proof = state(
        &issued_by(WEB, &method),
        CredentialKeys::Document(&document),
        &[
            "error STATUS_VERIFICATION_ERROR: the verification method `did:web:example.com#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6c…` is not listed under assertionMethod (Controlled Identifiers 1.0, section 3.3)",
        ],
    );
    assert_eq!(proof, ProofState::NotChecked);
}

#[test]
fn a_key_that_is_no_longer_to_be_used() {
    let credential = issued_by(WEB, &web_method());
    for (member, time, fault) in [
        (
            "expires",
            "2026-01-03T00:00:00Z",
            "the key expired at 2026-01-03T00:00:00Z",
        ),
        (
            "revoked",
            "2026-01-02T00:00:00Z",
            "the key was revoked at 2026-01-02T00:00:00Z",
        ),
        ("revoked", "2026", "when the key was revoked is no date"),
    ] {
        let document = web_document(|document| {
            document["verificationMethod"][0][member] = time.into();
        });
        let keys = CredentialKeys::Document(&document);
        let finding = format!(
            "error STATUS_VERIFICATION_ERROR: {fault} (Controlled Identifiers 1.0, section 2.2)"
        );
        state(&credential, keys, &[&finding]);
    }
    let document = web_document(|document| {
        document["verificationMethod"][0]["expires"] = "2026-01-03T00:00:01Z".into();
    });
    state(&credential, CredentialKeys::Document(&document), &[]);
}

#[test]
fn another_key_of_the_document() {
    let document = web_document(|document| {
        document["verificationMethod"][0]["publicKeyMultibase"] =
            public(ED25519).to_multikey().into();
    });
    let proof = state(
        &issued_by(WEB, &web_method()),
        CredentialKeys::Document(&document),
        &[
            "error STATUS_VERIFICATION_ERROR: the cryptosuite ecdsa-jcs-2019 does not go with a key for EdDSA (Data Integrity 1.0, section 4.4)",
        ],
    );
    assert_eq!(proof, ProofState::Invalid);
}

/// Whoever forges a list of somebody else has a `did:key` of his own.
#[test]
fn the_did_key_of_somebody_else() {
    let forger = DidKey::new(&public(P256));
    for issuer in [DidKey::new(&public(ED25519)).did(), WEB.to_owned()] {
        let finding = format!(
            "error STATUS_VERIFICATION_ERROR: the key belongs to \"{}\", not to the issuer \"{issuer}\" (Controlled Identifiers 1.0, section 3.3)",
            forger.did()
        );
        let credential = issued_by(&issuer, &forger.method());
        let proof = state(&credential, CredentialKeys::Issuer, &[&finding]);
        assert_eq!(proof, ProofState::NotChecked);
    }
}

#[test]
fn a_did_key_with_the_fragment_of_another() {
    let method = format!("{}#z6Mk", did());
    let proof = state(
        &issued_by(&did(), &method),
        CredentialKeys::Issuer,
        &[
            "error STATUS_VERIFICATION_ERROR: the `#` part of the did:key names another key than the did:key itself (Controlled Identifiers 1.0, section 2.2)",
        ],
    );
    assert_eq!(proof, ProofState::NotChecked);
}

#[test]
fn a_key_that_was_given_is_the_issuers() {
    let key = public(P256);
    let by = ProofState::Valid(vec![Voucher::Key(key.key_id().to_owned())]);
    let keys = KeySet::from(key.clone());
    let method = web_method();
    let proof = state(
        &issued_by(WEB, &method),
        CredentialKeys::Trusted(&keys),
        &[],
    );
    assert_eq!(proof, by);
    // Others who have not been given it would not find it.
    let method = DidKey::new(&key).method();
    let proof = state(
        &issued_by(WEB, &method),
        CredentialKeys::Trusted(&keys),
        &[&format!(
            "warning: the key belongs to \"{}\", not to the issuer \"{WEB}\" (Controlled Identifiers 1.0, section 3.3)",
            did()
        )],
    );
    assert_eq!(proof, by);
}

/// The issuer's own `did:key` does not stand in for the key that was asked for.
#[test]
fn another_key_than_the_one_that_was_given() {
    let keys = KeySet::from(other_p256());
    let method = DidKey::new(&public(P256)).method();
    let proof = state(
        &issued_by(&did(), &method),
        CredentialKeys::Trusted(&keys),
        &[
            "error STATUS_VERIFICATION_ERROR: the signature does not verify with this key (Data Integrity 1.0, section 4.4)",
        ],
    );
    assert_eq!(proof, ProofState::Invalid);
    let keys = KeySet::from(public(ED25519));
    let proof = state(
        &issued_by(&did(), &method),
        CredentialKeys::Trusted(&keys),
        &[
            "error STATUS_VERIFICATION_ERROR: none of the keys goes with the cryptosuite ecdsa-jcs-2019 (Data Integrity 1.0, section 4.4)",
        ],
    );
    assert_eq!(proof, ProofState::Invalid);
}

fn other_p256() -> PublicKey {
    PublicKey::from_multikey("zDnaewCdcZ4ERAPqpnobQrwXcCRqCw7tWR95DSnQPaMhwJJnv").unwrap()
}

#[test]
fn a_set_of_keys_in_which_names_are_hints() {
    let jwk = |key: &PublicKey, id: &str| {
        let mut jwk = key.to_jwk();
        jwk["kid"] = id.into();
        jwk
    };
    let set = json!({"keys": [jwk(&other_p256(), "1"), jwk(&public(P256), "2")]});
    let keys = KeySet::parse(set.to_string().as_bytes()).unwrap();
    let judgement = judged(
        jwt(&header(), &unsigned()),
        &with_keys(CredentialKeys::Trusted(&keys)),
    );
    assert_eq!(findings(&judgement), [""; 0]);
    let by = ProofState::Valid(vec![Voucher::Key("2".to_owned())]);
    assert_eq!(judgement.proof, by);
}

/// A `did:key` is the key that it names: a signature by another one contradicts itself, also if that
/// is the one that was given.
#[test]
fn a_signature_is_by_the_key_that_it_is_named_after() {
    let other = DidKey::new(&public(ED25519)).method();
    let keys = KeySet::from(public(P256));
    let options = ProofOptions::new(Cryptosuite::EcdsaJcs2019, &other).unwrap();
    let embedded = prove(unsigned(), P256, options).to_string();
    let mut named = header();
    named["kid"] = other.clone().into();
    for credential in [embedded, jwt(&named, &unsigned())] {
        let judgement = judged(credential, &with_keys(CredentialKeys::Trusted(&keys)));
        let errors = findings(&judgement);
        let said = format!(
            "error STATUS_VERIFICATION_ERROR: the signature is by another key than {other:?}, as it \
             calls it (Controlled Identifiers 1.0, section 2.2)"
        );
        assert!(errors.contains(&said), "{errors:?}");
        assert_eq!(judgement.verdict(), Verdict::Rejected);
    }
}
