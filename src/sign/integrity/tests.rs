//! What verifies, and what does not.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{
    Canonicalization, Cryptosuite, DataIntegrityProof, ProofError, ProofOptions, SecuredDocument,
    UnsignedProof, canonical_json,
};
use crate::sign::{Algorithm, PrivateKey};
use crate::wire::json::parse_strict;

const METHOD: &str = "did:example:issuer#key";
const TIME: &str = "2026-01-01T00:00:00Z";

fn document() -> Map<String, Value> {
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://example.com/status/3",
        "credentialSubject": {"ttl": 300_000, "statusPurpose": ["revocation"]},
    });
    document.as_object().unwrap().clone()
}

fn options(suite: Cryptosuite) -> ProofOptions {
    ProofOptions::new(suite, METHOD)
        .and_then(|options| options.with_created(TIME))
        .unwrap()
}

/// Stands for the RDF of any document: a text that has all of it in it.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature of what it stands for"
)]
fn n_quads(
    document: &Map<String, Value>,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok(Value::Object(document.clone()).to_string())
}

fn sign(key: &PrivateKey, options: ProofOptions) -> Value {
    let unsigned = UnsignedProof::new(key.algorithm(), document(), options, &n_quads).unwrap();
    let signature = key.sign(unsigned.message());
    unsigned.finish(&signature)
}

/// Reads the one proof of a document and checks it.
fn verify(signed: &Value, key: &PrivateKey) -> Result<(), ProofError> {
    let mut secured = SecuredDocument::new(signed.clone())?;
    let proof = read_one(&mut secured)?;
    secured.verify(&proof, key.public(), &n_quads)
}

fn read_one(secured: &mut SecuredDocument) -> Result<DataIntegrityProof, ProofError> {
    assert_eq!(secured.proofs.len(), 1);
    secured.proofs.remove(0)
}

/// Why a proof with another value for a member cannot be read.
fn refusal(member: &str, value: Value) -> ProofError {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let mut signed = sign(&key, options(Cryptosuite::EcdsaJcs2019));
    signed["proof"][member] = value;
    verify(&signed, &key).unwrap_err()
}

/// A key for every algorithm with each of its cryptosuites.
fn combinations() -> impl Iterator<Item = (PrivateKey, Cryptosuite)> {
    Algorithm::ALL.into_iter().flat_map(|algorithm| {
        let forms = [Canonicalization::Jcs, Canonicalization::Rdfc];
        let suites = forms.map(|form| Cryptosuite::of(form, algorithm));
        suites
            .into_iter()
            .flatten()
            .map(move |suite| (PrivateKey::generate(algorithm).unwrap(), suite))
    })
}

#[test]
fn names_go_there_and_back() {
    for suite in Cryptosuite::ALL {
        assert_eq!(suite.name().parse(), Ok(suite));
    }
    let error = "bbs-2023".parse::<Cryptosuite>().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("unknown cryptosuite `bbs-2023` (known: ")
    );
}

#[test]
fn what_is_signed_verifies() {
    for (key, suite) in combinations() {
        let signed = sign(&key, options(suite));
        verify(&signed, &key).unwrap();
        let names: Vec<_> = signed["proof"].as_object().unwrap().keys().collect();
        let brings_context = names.contains(&&"@context".to_owned());
        assert_eq!(
            brings_context,
            suite.canonicalization() == Canonicalization::Jcs
        );
        assert_eq!(
            &names[..4],
            ["type", "cryptosuite", "created", "verificationMethod"]
        );
        assert_eq!(*names.last().unwrap(), "proofValue");
    }
}

#[test]
fn the_proof_is_read_as_it_was_made() {
    let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
    let options = options(Cryptosuite::EddsaJcs2022)
        .with_expires("2026-01-08T00:00:00Z")
        .unwrap();
    let mut secured = SecuredDocument::new(sign(&key, options)).unwrap();
    assert_eq!(*secured.document(), document());
    let proof = read_one(&mut secured).unwrap();
    assert_eq!(proof.options().cryptosuite(), Cryptosuite::EddsaJcs2022);
    assert_eq!(proof.options().verification_method(), METHOD);
    assert_eq!(proof.options().created(), Some(TIME));
    assert_eq!(proof.options().expires(), Some("2026-01-08T00:00:00Z"));
    assert_eq!(proof.signature().len(), 64);
}

#[test]
fn any_change_of_document_or_options_is_seen() {
    for (key, suite) in combinations() {
        let signed = sign(&key, options(suite));
        for (pointer, value) in [
            ("/id", json!("https://example.com/status/4")),
            ("/more", json!("x")),
            ("/credentialSubject/ttl", json!(300_001)),
            ("/credentialSubject/statusPurpose/0", json!("suspension")),
            ("/proof/created", json!("2026-01-01T00:00:01Z")),
            ("/proof/expires", json!("2026-01-01T00:00:01Z")),
            (
                "/proof/verificationMethod",
                json!("did:example:issuer#other"),
            ),
        ] {
            let mut changed = signed.clone();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            match changed.pointer_mut(parent).unwrap() {
                Value::Array(entries) => entries[0] = value,
                parent => parent[name] = value,
            }
            let error = verify(&changed, &key).unwrap_err();
            assert!(
                matches!(error, ProofError::BadSignature),
                "{suite} {pointer}"
            );
        }
        let mut changed = signed.clone();
        changed["proof"].as_object_mut().unwrap().remove("created");
        let error = verify(&changed, &key).unwrap_err();
        assert!(matches!(error, ProofError::BadSignature));
    }
}

#[test]
fn only_the_key_verifies() {
    for (key, suite) in combinations() {
        let signed = sign(&key, options(suite));
        for algorithm in Algorithm::ALL {
            let other = PrivateKey::generate(algorithm).unwrap();
            match verify(&signed, &other).unwrap_err() {
                ProofError::BadSignature => assert_eq!(algorithm, key.algorithm()),
                // Both curves go with the cryptosuite, which has no other sign of the curve.
                ProofError::SignatureLength { .. } => assert_ne!(algorithm, key.algorithm()),
                ProofError::OtherAlgorithm { .. } => assert!(!suite.fits(algorithm)),
                error => panic!("{error}"),
            }
        }
    }
}

#[test]
fn contexts_may_be_appended_to_json_and_not_to_rdf() {
    for (key, suite) in combinations() {
        let mut signed = sign(&key, options(suite));
        let contexts = signed["@context"].as_array_mut().unwrap();
        contexts.push("https://example.com/context".into());
        match suite.canonicalization() {
            Canonicalization::Jcs => verify(&signed, &key).unwrap(),
            Canonicalization::Rdfc => {
                let error = verify(&signed, &key).unwrap_err();
                assert!(matches!(error, ProofError::BadSignature));
            }
        }
        signed["@context"] = json!(["https://example.com/context"]);
        let error = verify(&signed, &key).unwrap_err();
        match suite.canonicalization() {
            Canonicalization::Jcs => assert!(matches!(error, ProofError::OtherContext)),
            Canonicalization::Rdfc => assert!(matches!(error, ProofError::BadSignature)),
        }
    }
}

#[test]
fn a_single_context_is_a_list_of_one() {
    let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
    let mut single = document();
    single["@context"] = "https://www.w3.org/ns/credentials/v2".into();
    let suite = options(Cryptosuite::EddsaJcs2022);
    let unsigned = UnsignedProof::new(key.algorithm(), single, suite, &n_quads).unwrap();
    let signature = key.sign(unsigned.message());
    let mut signed = unsigned.finish(&signature);
    verify(&signed, &key).unwrap();
    signed["@context"] = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://example.com/"
    ]);
    verify(&signed, &key).unwrap();
    signed.as_object_mut().unwrap().remove("@context");
    let error = verify(&signed, &key).unwrap_err();
    assert!(matches!(error, ProofError::OtherContext));
}

/// The specifications advise against it, and some implementations make it.
#[test]
fn a_json_proof_without_context_verifies() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let options = options(Cryptosuite::EcdsaJcs2019);
    let message =
        super::canonical::hash_data(key.algorithm(), &options, &document(), &n_quads).unwrap();
    let mut signed = Value::Object(document());
    signed["proof"] = Value::Object(options.members().clone());
    let value = crate::sign::multikey::encode_base58(&key.sign(&message));
    signed["proof"]["proofValue"] = value.into();
    verify(&signed, &key).unwrap();
}

#[test]
fn further_members_are_signed_in_json_and_refused_in_rdf() {
    for (key, suite) in combinations() {
        let mut members = options(suite).members().clone();
        members.insert("domain".to_owned(), "example.com".into());
        let options = ProofOptions::read(members).unwrap();
        match suite.canonicalization() {
            Canonicalization::Jcs => {
                let mut signed = sign(&key, options);
                verify(&signed, &key).unwrap();
                signed["proof"]["domain"] = "example.org".into();
                let error = verify(&signed, &key).unwrap_err();
                assert!(matches!(error, ProofError::BadSignature));
            }
            Canonicalization::Rdfc => {
                let unsigned = UnsignedProof::new(key.algorithm(), document(), options, &n_quads);
                let error = unsigned.unwrap_err();
                assert!(matches!(error, ProofError::NotInRdf(name) if name == "domain"));
            }
        }
    }
}

#[test]
fn an_rdf_proof_may_repeat_the_context_of_the_document_only() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let mut signed = sign(&key, options(Cryptosuite::EcdsaRdfc2019));
    signed["proof"]["@context"] = signed["@context"].clone();
    verify(&signed, &key).unwrap();
    signed["proof"]["@context"] = json!([]);
    let error = verify(&signed, &key).unwrap_err();
    assert!(matches!(error, ProofError::NotInRdf(name) if name == "@context"));
}

#[test]
fn each_proof_of_a_set_stands_for_itself() {
    let keys = [Algorithm::Es256, Algorithm::EdDsa]
        .map(|algorithm| PrivateKey::generate(algorithm).unwrap());
    let mut signed = sign(&keys[0], options(Cryptosuite::EcdsaJcs2019));
    let second = sign(&keys[1], options(Cryptosuite::EddsaRdfc2022));
    signed["proof"] = json!([signed["proof"], {"type": "Ed25519Signature2020"}, second["proof"]]);
    let secured = SecuredDocument::new(signed).unwrap();
    let [Ok(first), Err(ProofError::UnknownType(name)), Ok(second)] = secured.proofs() else {
        panic!("two good proofs and one of another type");
    };
    assert_eq!(name, "Ed25519Signature2020");
    secured.verify(first, keys[0].public(), &n_quads).unwrap();
    secured.verify(second, keys[1].public(), &n_quads).unwrap();
}

#[test]
fn what_is_no_secured_document_is_named() {
    let refusal = |document: Value| SecuredDocument::new(document).unwrap_err();
    assert!(matches!(refusal(json!([])), ProofError::NotAnObject));
    assert!(matches!(refusal(json!({})), ProofError::NoProof));
    assert!(matches!(refusal(json!({"proof": []})), ProofError::NoProof));
    let many = vec![json!({}); 17];
    let error = refusal(json!({"proof": many}));
    assert!(matches!(error, ProofError::TooManyProofs));
    for proof in [json!(null), json!("z"), json!([[]])] {
        let mut secured = SecuredDocument::new(json!({"proof": proof})).unwrap();
        let error = read_one(&mut secured).unwrap_err();
        assert!(matches!(error, ProofError::ProofNotAnObject));
    }
}

#[test]
fn members_of_a_proof_that_are_not_as_they_should_be_are_named() {
    use ProofError as E;
    assert!(matches!(refusal("type", "x".into()), E::UnknownType(_)));
    assert!(matches!(
        refusal("cryptosuite", "ecdsa-sd-2023".into()),
        E::UnknownCryptosuite(_)
    ));
    assert!(matches!(
        refusal("proofPurpose", "authentication".into()),
        E::OtherPurpose(_)
    ));
    assert!(matches!(
        refusal("previousProof", "urn:x".into()),
        E::Chained
    ));
    for (member, value) in [
        ("type", json!(["DataIntegrityProof"])),
        ("cryptosuite", json!(1)),
        ("proofPurpose", json!(["assertionMethod"])),
        ("verificationMethod", json!("key-1")),
        ("verificationMethod", json!({"id": METHOD})),
        ("created", json!("2026-01-01")),
        ("expires", json!(1_767_225_600)),
        ("proofValue", json!("")),
        ("proofValue", json!("uAAAA")),
        ("proofValue", json!("z0")),
        ("proofValue", json!("z2 2")),
        ("proofValue", json!("z".repeat(1_000_000))),
    ] {
        let error = refusal(member, value.clone());
        let named = matches!(error, E::BadMember { member: name, .. } if name == member);
        assert!(named, "{member} {value}");
    }
    assert!(matches!(
        refusal("proofValue", "z".into()),
        E::SignatureLength {
            found: 0,
            expected: 64
        }
    ));
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    for member in [
        "type",
        "cryptosuite",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
    ] {
        let mut signed = sign(&key, options(Cryptosuite::EcdsaJcs2019));
        signed["proof"].as_object_mut().unwrap().remove(member);
        let error = verify(&signed, &key).unwrap_err();
        assert!(matches!(error, E::MissingMember(name) if name == member));
    }
}

#[test]
fn what_cannot_be_signed_is_named() {
    let refusal = |document: Value, suite| {
        let document = document.as_object().unwrap().clone();
        UnsignedProof::new(Algorithm::Es256, document, options(suite), &|_| {
            Err("no RDF".into())
        })
        .unwrap_err()
    };
    let jcs = Cryptosuite::EcdsaJcs2019;
    assert!(matches!(
        refusal(json!({"proof": {}}), jcs),
        ProofError::AlreadySigned
    ));
    let error = refusal(json!({}), Cryptosuite::EddsaJcs2022);
    assert_eq!(
        error.to_string(),
        "the cryptosuite eddsa-jcs-2022 does not go with a key for ES256"
    );
    let error = refusal(json!({}), Cryptosuite::EcdsaRdfc2019);
    assert!(matches!(error, ProofError::Rdf(source) if source.to_string() == "no RDF"));
    for number in [(1 << 53) + 1, u64::MAX] {
        let error = refusal(json!({"a": [{"b": number}]}), jcs);
        assert!(matches!(error, ProofError::InexactNumber(_)), "{number}");
    }
    let error = refusal(json!({"a": -(1_i64 << 53) - 1}), jcs);
    assert!(matches!(error, ProofError::InexactNumber(_)));
}

#[test]
fn numbers_that_are_doubles_have_a_canonical_form() {
    for (number, expected) in [
        ("0", "0"),
        ("-0", "0"),
        ("9007199254740992", "9007199254740992"),
        ("9223372036854775808", "9223372036854776000"),
        ("-9223372036854775808", "-9223372036854776000"),
        ("18446744073709551616", "18446744073709552000"),
        ("1e400000000000000", ""),
        ("1E-400000000000000", "0"),
        ("0.1", "0.1"),
    ] {
        let text = format!("{{\"a\":{number}}}");
        match parse_strict(text.as_bytes()) {
            Ok(document) => {
                let canonical = canonical_json(document.as_object().unwrap()).unwrap();
                assert_eq!(canonical, format!("{{\"a\":{expected}}}"), "{number}");
            }
            Err(_) => assert_eq!(expected, "", "{number}"),
        }
    }
}

#[test]
fn deep_documents_are_answered() {
    let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
    let proof = sign(&key, options(Cryptosuite::EddsaJcs2022))["proof"].clone();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        // The parser allows 127 levels in all.
        let deep = format!("{}1{}", open.repeat(126), close.repeat(126));
        let text = format!(
            "{{\"deep\":{deep},\"@context\":{},\"proof\":{proof}}}",
            Value::Object(document())["@context"]
        );
        let document = parse_strict(text.as_bytes()).unwrap();
        let error = verify(&document, &key).unwrap_err();
        assert!(matches!(error, ProofError::BadSignature));
    }
}

proptest! {
    #[test]
    fn any_document_is_answered(
        context in "(null|1|\"x\"|\\[\\]|\\[\"x\",\\{\\}\\]|\\{\\})",
        member in "[a-zA-Z@\\\\u00e9]{0,8}",
        value in "(null|-0|1e308|18446744073709551615|\"z\"|\\[\\]|\\{\"@context\":1\\})",
        proof_value in "z?[1-9A-HJ-NP-Za-km-z]{0,90}",
    ) {
        let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
        let text = format!(
            "{{\"@context\":{context},\"{}\":{value},\"proof\":{{\"type\":\"DataIntegrityProof\",\
             \"cryptosuite\":\"eddsa-jcs-2022\",\"verificationMethod\":\"{METHOD}\",\
             \"proofPurpose\":\"assertionMethod\",\"@context\":{context},\
             \"proofValue\":\"{proof_value}\"}}}}",
            member.replace('\\', "_"),
        );
        if let Ok(document) = parse_strict(text.as_bytes()) {
            prop_assert!(verify(&document, &key).is_err());
        }
    }
}
