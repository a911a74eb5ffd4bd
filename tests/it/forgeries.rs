//! Every way in which somebody without the key could pass off another list as one that is published.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use coset::cbor::Value as Cbor;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};
use statuslist::sign::{Cryptosuite, PrivateKey};
use statuslist::token::w3c::{ListFormat, encode_list};

use crate::credential_rules::{did, key, method, prove};

/// A key that nobody trusts, in the form that the vectors have.
fn stranger_multikey() -> String {
    let bytes = [&[0x86, 0x26], [7; 32].as_slice()].concat();
    format!("z{}", bs58::encode(bytes).into_string())
}

fn stranger() -> PrivateKey {
    key(&stranger_multikey())
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The same list with nothing revoked: what a forger wants.
pub(crate) fn emptied(mut list: Value) -> Value {
    for place in ["/credentialSubject", "/vc/credentialSubject"] {
        if let Some(subject) = list.pointer_mut(place) {
            let kind = subject["type"].as_str().unwrap().to_owned();
            let format = ListFormat::ALL
                .into_iter()
                .find(|format| format.subject_type() == kind);
            subject["encodedList"] = encode_list(format.unwrap(), &[0; 16_384]).into();
        }
    }
    if let Some(list) = list.pointer_mut("/status_list") {
        list["lst"] = BASE64.encode(zlib(&[0; 250])).into();
    }
    list
}

pub(crate) fn json_bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// Every way to hide or spoil an embedded proof.
pub(crate) fn forged_proofs(honest: &Value) -> Vec<(String, Vec<u8>)> {
    let empty = emptied(honest.clone());
    let proof = &honest["proof"];
    let changed = |name: &str, value: Value| {
        let mut proof = proof.clone();
        proof[name] = value;
        proof
    };
    let without = |name: &str| {
        let mut proof = proof.clone();
        proof.as_object_mut().unwrap().shift_remove(name);
        proof
    };
    let junk = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq3u2en7t5LR2WtQH5PfFqMqwVHBeXouLz";
    let unknown = changed("cryptosuite", "bbs-2023".into());
    let old = json!({"type": "Ed25519Signature2020", "verificationMethod": method(),
        "proofPurpose": "assertionMethod", "created": "2026-01-01T00:00:00Z", "proofValue": junk});
    let mut forged: Vec<(String, Vec<u8>)> = [
        ("as it was", proof.clone()),
        ("no proof", Value::Null),
        ("an empty array", json!([])),
        ("an empty object", json!({})),
        ("a text", "proof".into()),
        ("an array in an array", json!([[proof]])),
        ("an array of nothing", json!([null])),
        ("an unknown cryptosuite", unknown.clone()),
        (
            "a cryptosuite in capitals",
            changed("cryptosuite", "ECDSA-JCS-2019".into()),
        ),
        ("no cryptosuite", without("cryptosuite")),
        ("an unknown type", changed("type", "Unknown".into())),
        ("types", changed("type", json!(["DataIntegrityProof"]))),
        ("an old type", old.clone()),
        ("unknown proofs", json!([unknown, old])),
        ("a chain", changed("previousProof", "urn:uuid:1".into())),
        (
            "a chain of two",
            json!([
                changed("id", "urn:uuid:1".into()),
                changed("previousProof", "urn:uuid:1".into())
            ]),
        ),
        ("an unknown proof beside it", json!([proof, unknown])),
        ("no value", without("proofValue")),
        ("an empty value", changed("proofValue", "z".into())),
        ("a junk value", changed("proofValue", junk.into())),
        ("another encoding", changed("proofValue", "uAAAA".into())),
        (
            "another purpose",
            changed("proofPurpose", "authentication".into()),
        ),
        ("no method", without("verificationMethod")),
        (
            "a bare did:key",
            changed("verificationMethod", did().into()),
        ),
        (
            "a method elsewhere",
            changed("verificationMethod", "https://example.com/key#1".into()),
        ),
        ("a member more", changed("domain", "example.com".into())),
        ("an unknown member in an unknown suite", {
            let mut proof = unknown.clone();
            proof["x"] = 1.into();
            proof
        }),
    ]
    .into_iter()
    .map(|(name, proof)| {
        let mut list = empty.clone();
        list["proof"] = proof;
        (format!("emptied, with {name}"), json_bytes(&list))
    })
    .collect();
    let mut none = empty.clone();
    none.as_object_mut().unwrap().shift_remove("proof");
    forged.push(("emptied, and no member proof".into(), json_bytes(&none)));
    // By somebody else, who names the right key, his own, or none that is known.
    let mut unsigned = none;
    unsigned["credentialSubject"].as_object_mut().unwrap();
    let suite: Cryptosuite = proof["cryptosuite"].as_str().unwrap().parse().unwrap();
    let own = statuslist::sign::DidKey::new(stranger().public()).method();
    for name in [method(), own, "https://example.com/key#1".into()] {
        let options = statuslist::sign::ProofOptions::new(suite, &name).unwrap();
        let secret = stranger_multikey();
        let list = prove(unsigned.clone(), &secret, options);
        forged.push((
            format!("emptied, by another key as {name}"),
            json_bytes(&list),
        ));
    }
    // With members that the template of RDF may not know, before the signed ones and behind them.
    for (name, value) in [
        ("name", json!("a list")),
        ("name", json!({"@value": "a list", "@language": "en"})),
        ("description", json!(["one", "two"])),
        ("unknown", json!("x")),
        ("issuer", json!({"id": did(), "name": "an issuer"})),
        ("issuer", json!({"id": did(), "unknown": "x"})),
        (
            "credentialSchema",
            json!({"id": "https://example.com/schema", "type": "JsonSchema"}),
        ),
        ("termsOfUse", json!([])),
        ("@graph", json!([])),
        ("relatedResource", json!(null)),
    ] {
        for list in [honest, &empty] {
            let mut list = list.clone();
            list[name] = value.clone();
            forged.push((format!("with {name} {value}"), json_bytes(&list)));
        }
    }
    let mut contexts = empty.clone();
    let context = contexts["@context"].as_array_mut().unwrap();
    context.push("https://example.com/context".into());
    forged.push(("emptied, with a context".into(), json_bytes(&contexts)));
    forged
}

/// Every way to hide or spoil the signature of a JWT.
pub(crate) fn forged_jwts(honest: &str) -> Vec<(String, Vec<u8>)> {
    let parts: Vec<&str> = honest.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        panic!("three parts");
    };
    let read =
        |part: &str| -> Value { serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap() };
    let write = |value: &Value| BASE64.encode(value.to_string());
    let empty = write(&emptied(read(payload)));
    let with = |name: &str, value: Value| {
        let mut header = read(header);
        header[name] = value;
        write(&header)
    };
    let by_stranger = |header: &str| {
        let signed = format!("{header}.{empty}");
        format!(
            "{signed}.{}",
            BASE64.encode(stranger().sign(signed.as_bytes()))
        )
    };
    let own = stranger().public().to_jwk();
    [
        ("as it was", format!("{header}.{empty}.{signature}")),
        ("no signature", format!("{header}.{empty}.")),
        ("two parts", format!("{header}.{empty}")),
        (
            "a part more",
            format!("{header}.{empty}.{signature}.{signature}"),
        ),
        ("a detached payload", format!("{header}..{signature}")),
        (
            "alg none",
            format!("{}.{empty}.", with("alg", "none".into())),
        ),
        (
            "alg nOnE",
            format!("{}.{empty}.", with("alg", "nOnE".into())),
        ),
        (
            "alg none, signed",
            format!("{}.{empty}.{signature}", with("alg", "none".into())),
        ),
        (
            "no alg",
            format!("{}.{empty}.{signature}", with("alg", Value::Null)),
        ),
        (
            "alg HS256",
            format!("{}.{empty}.{signature}", with("alg", "HS256".into())),
        ),
        (
            "alg RS256",
            format!("{}.{empty}.{signature}", with("alg", "RS256".into())),
        ),
        (
            "alg EdDSA",
            format!("{}.{empty}.{signature}", with("alg", "EdDSA".into())),
        ),
        (
            "a signature of zeros",
            format!("{header}.{empty}.{}", BASE64.encode([0; 64])),
        ),
        (
            "a short signature",
            format!("{header}.{empty}.{}", BASE64.encode([1; 8])),
        ),
        ("another key", by_stranger(header)),
        (
            "another key, as kid",
            by_stranger(&with("kid", "did:example:other#key".into())),
        ),
        (
            "another key, no kid",
            by_stranger(&with("kid", Value::Null)),
        ),
        (
            "another key, which it brings",
            by_stranger(&with("jwk", own)),
        ),
        ("b64 false", by_stranger(&with("b64", false.into()))),
        (
            "an unknown typ",
            by_stranger(&with("typ", "unknown".into())),
        ),
    ]
    .into_iter()
    .map(|(name, text)| (format!("emptied, with {name}"), text.into_bytes()))
    .collect()
}

/// Every way to hide or spoil the signature of a COSE message, whose payload becomes `empty`.
pub(crate) fn forged_messages(honest: &[u8], empty: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let Cbor::Tag(18, message) = coset::cbor::from_reader(honest).unwrap() else {
        panic!("a signed message");
    };
    let Ok([protected, unprotected, payload, signature]) =
        <[Cbor; 4]>::try_from(message.into_array().unwrap())
    else {
        panic!("four parts");
    };
    let header: Cbor = coset::cbor::from_reader(protected.as_bytes().unwrap().as_slice()).unwrap();
    let bytes = |value: &Cbor| {
        let mut bytes = Vec::new();
        coset::cbor::into_writer(value, &mut bytes).unwrap();
        bytes
    };
    let with = |label: i64, value: Option<Cbor>| {
        let mut members = header.as_map().unwrap().clone();
        members.retain(|(name, _)| *name != label.into());
        members.extend(value.map(|value| (label.into(), value)));
        Cbor::Bytes(bytes(&Cbor::Map(members)))
    };
    let empty = Cbor::Bytes(empty);
    let map = |label: i64, value: Cbor| Cbor::Map(vec![(label.into(), value)]);
    let of = |parts: Vec<Cbor>| Cbor::Array(parts);
    let tagged = |tag, parts| Cbor::Tag(tag, Box::new(of(parts)));
    let (p, u, s) = (&protected, &unprotected, &signature);
    let usual = |p: &Cbor, u: &Cbor, s: &Cbor| {
        tagged(18, vec![p.clone(), u.clone(), empty.clone(), s.clone()])
    };
    let by_stranger = |p: &Cbor, u: &Cbor| {
        let context = Cbor::from("Signature1");
        let to_sign = of(vec![context, p.clone(), Cbor::Bytes(vec![]), empty.clone()]);
        usual(p, u, &Cbor::Bytes(stranger().sign(&bytes(&to_sign))))
    };
    let none = Cbor::Bytes(Vec::new());
    [
        ("as it was", usual(p, u, s)),
        ("no signature", usual(p, u, &none)),
        (
            "a signature of zeros",
            usual(p, u, &Cbor::Bytes(vec![0; 64])),
        ),
        ("no header", usual(&none, u, s)),
        (
            "no tag",
            of(vec![p.clone(), u.clone(), empty.clone(), s.clone()]),
        ),
        (
            "the tag of MACs",
            tagged(17, vec![p.clone(), u.clone(), empty.clone(), s.clone()]),
        ),
        (
            "the tag of many",
            tagged(98, vec![p.clone(), u.clone(), empty.clone(), s.clone()]),
        ),
        (
            "a part more",
            tagged(
                18,
                vec![p.clone(), u.clone(), empty.clone(), s.clone(), s.clone()],
            ),
        ),
        (
            "three parts",
            tagged(18, vec![p.clone(), u.clone(), empty.clone()]),
        ),
        (
            "a detached payload",
            tagged(18, vec![p.clone(), u.clone(), Cbor::Null, s.clone()]),
        ),
        ("no alg", usual(&with(1, None), u, s)),
        ("an unknown alg", usual(&with(1, Some((-999).into())), u, s)),
        ("a MAC", usual(&with(1, Some(5.into())), u, s)),
        (
            "an unprotected alg",
            by_stranger(&with(1, None), &map(1, (-7).into())),
        ),
        ("another key", by_stranger(p, u)),
        (
            "another key, as kid",
            by_stranger(&with(4, Some(Cbor::Bytes(b"other".to_vec()))), u),
        ),
        ("another key, no kid", by_stranger(&with(4, None), u)),
        (
            "a demand",
            by_stranger(&with(2, Some(of(vec![99.into()]))), u),
        ),
    ]
    .into_iter()
    .map(|(name, message)| (format!("emptied, with {name}"), bytes(&message)))
    .chain([(
        "the payload as it was, with no signature".to_owned(),
        bytes(&tagged(
            18,
            vec![p.clone(), u.clone(), payload.clone(), none.clone()],
        )),
    )])
    .collect()
}
