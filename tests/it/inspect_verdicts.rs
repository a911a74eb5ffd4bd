//! When `inspect` may exit with 0: with a key, only if a signature was verified with it; and for an
//! entry, only if the list is the one that was named.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use coset::cbor::Value as Cbor;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};
use snapbox::str;
use statuslist::sign::cose::CoseHeader;
use statuslist::sign::{Cryptosuite, PrivateKey, Signer, Unsigned};
use statuslist::token::w3c::envelope::{envelop_cose, envelop_jwt};
use statuslist::token::w3c::{Format, encode_list};

use crate::certificates::write_chain;
use crate::credential_rules::{
    P256, did, embedded, header, jwt, key, method, options, prove, public, unsigned, unsigned_2020,
    unsigned_2021,
};
use crate::harness::Place;
use crate::shapes;

/// Something published, and ways in which somebody without the key could pass off another list.
struct Case {
    name: String,
    honest: Vec<u8>,
    forged: Vec<(String, Vec<u8>)>,
}

impl Case {
    fn new(name: impl Into<String>, honest: Vec<u8>, forged: Vec<(String, Vec<u8>)>) -> Self {
        let name = name.into();
        Self {
            name,
            honest,
            forged,
        }
    }
}

/// Every option that gives a key, for credentials and for the tokens of the IETF.
const CREDENTIAL_KEYS: [&str; 4] = [
    "--key key.jwk",
    "--key env:KEY",
    "--jwks jwks.json",
    "--did-document did.json",
];
const TOKEN_KEYS: [&str; 4] = [
    "--key public.pem",
    "--jwks token-jwks.json",
    "--trust root.pem",
    "--key public.pem --trust root.pem",
];

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
fn emptied(mut list: Value) -> Value {
    for place in ["/credentialSubject", "/vc/credentialSubject"] {
        if let Some(subject) = list.pointer_mut(place) {
            let kind = subject["type"].as_str().unwrap().to_owned();
            let format = Format::ALL
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

fn json_bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// Every way to hide or spoil an embedded proof.
fn forged_proofs(honest: &Value) -> Vec<(String, Vec<u8>)> {
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
fn forged_jwts(honest: &str) -> Vec<(String, Vec<u8>)> {
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
fn forged_messages(honest: &[u8], empty: Vec<u8>) -> Vec<(String, Vec<u8>)> {
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

fn cose(list: &Value) -> Vec<u8> {
    let header = CoseHeader {
        typ: Some("application/vc+cose".to_owned()),
        content_type: Some("application/vc".to_owned()),
        kid: Some(method().into_bytes()),
        certificates: Vec::new(),
    };
    let unsigned = Unsigned::sign1(public(P256).algorithm(), &header, json_bytes(list));
    Signer::from(key(P256)).sign(unsigned).unwrap()
}

/// A list as a claim of a JWT (VCDM 1.1).
fn vc_jwt() -> String {
    let credential = unsigned_2021();
    let payload = json!({"iss": did(), "jti": credential["id"], "sub": credential["credentialSubject"]["id"],
        "nbf": 1_767_225_600, "exp": 1_767_830_400, "vc": credential});
    jwt(
        &json!({"alg": "ES256", "typ": "JWT", "kid": method()}),
        &payload,
    )
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn credentials() -> Vec<Case> {
    let mut cases = Vec::new();
    for list in [unsigned(), unsigned_2021(), unsigned_2020()] {
        for suite in [Cryptosuite::EcdsaJcs2019, Cryptosuite::EcdsaRdfc2019] {
            let honest = prove(list.clone(), P256, options(suite));
            let name = format!("{} {}", list["type"][1], suite.name());
            cases.push(Case::new(name, json_bytes(&honest), forged_proofs(&honest)));
        }
    }
    let token = jwt(&header(), &unsigned());
    let wrap = |forged: Vec<(String, Vec<u8>)>, wrap: &dyn Fn(&[u8]) -> Value| {
        let wrapped = forged.into_iter();
        wrapped
            .map(|(name, bytes)| (name, json_bytes(&wrap(&bytes))))
            .collect()
    };
    let in_jwt = |bytes: &[u8]| envelop_jwt(text(bytes));
    cases.push(Case::new(
        "enveloped vc+jwt",
        json_bytes(&envelop_jwt(&token)),
        wrap(forged_jwts(&token), &in_jwt),
    ));
    cases.push(Case::new(
        "vc-jwt",
        vc_jwt().into_bytes(),
        forged_jwts(&vc_jwt()),
    ));
    let message = cose(&unsigned());
    let forged = || forged_messages(&message, json_bytes(&emptied(unsigned())));
    let enveloped = json_bytes(&envelop_cose(&message));
    cases.push(Case::new(
        "enveloped vc+cose",
        enveloped,
        wrap(forged(), &envelop_cose),
    ));
    let forged = forged();
    cases.push(Case::new("vc+cose", message, forged));
    let forged = forged_jwts(&token);
    cases.push(Case::new("vc+jwt", token.into_bytes(), forged));
    cases
}

/// The tokens of the IETF, with a chain of certificates, in a place that has their keys.
fn tokens() -> (Place, Vec<Case>) {
    let place = Place::with_list();
    place.done("configure list.slist --add-view cwt");
    write_chain(&place, "chain.pem", &["leaf", "intermediate"]);
    write_chain(&place, "root.pem", &["root"]);
    place.copy_key("test-p256-public.pem", "public.pem");
    let mut cases = Vec::new();
    for view in ["jwt", "cwt"] {
        place.done(&format!(
            "sign list.slist --as {view} --key key.pem --cert chain.pem -o token"
        ));
        let honest = place.read("token");
        let forged = if view == "jwt" {
            forged_jwts(text(&honest))
        } else {
            forged_messages(&honest, vec![0xa0])
        };
        cases.push(Case::new(view, honest, forged));
    }
    (place, cases)
}

fn keys_of_credentials(place: &Place) {
    let jwk = public(P256).to_jwk();
    place.write("key.jwk", jwk.to_string());
    place.write("jwks.json", json!({"keys": [jwk]}).to_string());
    let document = json!({"id": did(), "assertionMethod": [{"id": method(), "type": "Multikey",
        "controller": did(), "publicKeyMultibase": public(P256).to_multikey()}]});
    place.write("did.json", document.to_string());
}

fn inspect(place: &Place, target: &str, options: &str) -> std::process::Output {
    let mut command = place.command();
    command.env("KEY", public(P256).to_jwk().to_string());
    command.args(["inspect", target]).args(options.split(' '));
    command.output().unwrap()
}

/// In every format, for every way to give a key and every way to hide a proof.
fn check(place: &Place, cases: &[Case], keys: &[&str]) {
    let mut wrong = Vec::new();
    for case in cases {
        place.write("token", &case.honest);
        for options in keys {
            let output = inspect(place, "token", options);
            if output.status.code() != Some(0) {
                wrong.push(format!(
                    "{}, honest, {options}: {}",
                    case.name,
                    text(&output.stderr)
                ));
            }
        }
        for (name, bytes) in &case.forged {
            place.write("token", bytes);
            for options in keys {
                let output = inspect(place, "token", options);
                let shown = String::from_utf8_lossy(&output.stdout);
                let claims = shown.contains("verdict:    valid");
                if output.status.code() != Some(1) || claims {
                    wrong.push(format!(
                        "{}, {name}, {options}: {:?}\n{shown}",
                        case.name,
                        output.status.code()
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{} wrong",
        wrong.join("\n"),
        wrong.len()
    );
}

#[test]
fn with_a_key_no_hidden_proof_of_a_credential_passes() {
    let place = Place::new();
    keys_of_credentials(&place);
    check(&place, &credentials(), &CREDENTIAL_KEYS);
}

#[test]
fn with_a_key_no_hidden_signature_of_a_token_passes() {
    let (place, cases) = tokens();
    let key = statuslist::sign::PublicKey::parse(&place.read("public.pem")).unwrap();
    place.write(
        "token-jwks.json",
        json!({"keys": [key.to_jwk()]}).to_string(),
    );
    check(&place, &cases, &TOKEN_KEYS);
}

/// Nobody signs those: a key that is given is refused.
#[test]
fn with_a_key_no_answer_of_a_responder_passes() {
    let (place, _) = tokens();
    keys_of_credentials(&place);
    place.write(
        "token",
        json!({"revoked": false, "documentHash": format!("0x{}", "0".repeat(64))}).to_string(),
    );
    for options in CREDENTIAL_KEYS.iter().chain(&TOKEN_KEYS[2..3]) {
        assert_eq!(
            inspect(&place, "token", options).status.code(),
            Some(1),
            "{options}"
        );
    }
    place.done("inspect token");
}

#[test]
fn what_could_not_be_checked_is_said_to_be_neither_genuine_nor_forged() {
    let place = Place::new();
    keys_of_credentials(&place);
    let mut list = embedded(unsigned(), |_| {});
    list["proof"]["cryptosuite"] = "bbs-2023".into();
    place.write("list", list.to_string());
    place.refuses("inspect list --key key.jwk", str![[r#"
credential: BitstringStatusList, embedded proof, 937 bytes
verdict:    no fault found, but the signature could not be checked
signature:  could not be checked
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
warning:    a proof cannot be checked here: unknown cryptosuite `bbs-2023` (known: ecdsa-jcs-2019, eddsa-jcs-2022, ecdsa-rdfc-2019, eddsa-rdfc-2022) (Data Integrity 1.0, section 2.1)
--- stderr
error: the signature of 'list' could not be checked
because: a proof cannot be checked here: unknown cryptosuite `bbs-2023` (known: ecdsa-jcs-2019, eddsa-jcs-2022, ecdsa-rdfc-2019, eddsa-rdfc-2022) (Data Integrity 1.0, section 2.1)
hint: it is neither shown to be genuine nor to be forged: check it with a program that knows this form
--- exit 1

"#]]);
    let run = place.line("inspect list --key key.jwk --json");
    let shown: shapes::Credential = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(shown.verdict, "uncheckable");
    assert_eq!(
        (shown.signature.checked, shown.signature.valid),
        (false, None)
    );
    // Who gives no key asks no such question.
    let shown: shapes::Credential = place.decode("inspect list");
    assert_eq!(shown.verdict, "unverified");
}

#[test]
fn a_proof_that_is_not_known_beside_one_that_verifies_is_named() {
    let place = Place::new();
    keys_of_credentials(&place);
    let mut list = embedded(unsigned(), |_| {});
    let mut other = list["proof"].clone();
    other["cryptosuite"] = "bbs-2023".into();
    list["proof"] = json!([other, list["proof"]]);
    place.write("list", list.to_string());
    place.shows("inspect list --key key.jwk", str![[r#"
credential: BitstringStatusList, embedded proof, 1354 bytes
verdict:    valid
signature:  valid, by key DOvxvJiAdIqVWIkFt5hDtCunXLF0BV4-JGv4f-ALSm0; not checked: 1 more
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
warning:    a proof cannot be checked here: unknown cryptosuite `bbs-2023` (known: ecdsa-jcs-2019, eddsa-jcs-2022, ecdsa-rdfc-2019, eddsa-rdfc-2022) (Data Integrity 1.0, section 2.1)

"#]]);
}

#[test]
fn a_validity_of_8000_years_is_not_within_a_day() {
    let place = Place::with_list();
    place.done("sign list.slist --key key.pem -o token");
    let token = String::from_utf8(place.read("token")).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let mut claims: Value = serde_json::from_slice(&BASE64.decode(parts[1]).unwrap()).unwrap();
    for (exp, said) in [
        (
            json!(253_402_300_799_i64),
            "the token is valid for 251635075199 seconds",
        ),
        (
            json!(claims["iat"].as_i64().unwrap() - 1),
            "the token expires before it is issued",
        ),
        (json!("soon"), "how long the token is valid cannot be told"),
        (Value::Null, "how long the token is valid cannot be told"),
    ] {
        claims["exp"] = exp;
        let payload = BASE64.encode(claims.to_string());
        place.write("token", format!("{}.{payload}.{}", parts[0], parts[2]));
        let run = place.line("inspect token --profile eudi");
        assert_eq!(run.code, 1);
        let rule = format!("error:      {said}, but profile eudi demands a validity of at most 1d");
        assert!(run.stdout.contains(&rule), "{}", run.stdout);
    }
}

/// The entry of another list with the same number is no answer.
#[test]
fn the_entry_of_another_list_is_not_answered_for() {
    let place = Place::with_list();
    place.done("configure list.slist --add-view cwt");
    place.done("sign list.slist --key key.pem -o token");
    place.done("sign list.slist --as cwt --key key.pem -o cwt");
    let list = embedded(unsigned(), |_| {});
    place.write("list", list.to_string());
    let mut nameless = unsigned();
    nameless.as_object_mut().unwrap().shift_remove("id");
    place.write("nameless", embedded(nameless, |_| {}).to_string());
    place.write("vc-jwt", vc_jwt());
    let other = "https://example.com/other";
    for (target, own) in [
        ("token", "https://example.com/statuslists/0.jwt"),
        ("cwt", "https://example.com/statuslists/0.cwt"),
        ("list", "https://example.com/status/3"),
        ("vc-jwt", "https://example.com/status/3"),
        ("nameless", "no id"),
    ] {
        for options in [
            format!("--entry {other}#1"),
            format!("--entry {other}#1 --uri {other}"),
            format!("--entry 1 --uri {other}"),
        ] {
            let run = place.line(&format!("inspect {target} {options}"));
            assert_eq!(run.code, 1, "{target} {options}");
            assert!(!run.stdout.contains("\nentry:"), "{target} {options}");
            assert!(run.stderr.contains(other), "{}", run.stderr);
            assert!(run.stderr.contains(own), "{}", run.stderr);
            let run = place.line(&format!("inspect {target} {options} --json"));
            let shown: Value = serde_json::from_str(&run.stdout).unwrap();
            let is_empty = |value: &Value| value.as_array().is_none_or(Vec::is_empty);
            assert!(
                shown["entry"].is_null() && is_empty(&shown["entries"]),
                "{shown}"
            );
        }
        if target != "nameless" {
            // Two uris are no question, whichever of them is the list's.
            for (entry, uri) in [(own, other), (other, own)] {
                let run = place.line(&format!("inspect {target} --entry {entry}#1 --uri {uri}"));
                assert_eq!((run.code, run.stdout.as_str()), (1, ""));
                assert!(
                    run.stderr.contains(own) && run.stderr.contains(other),
                    "{}",
                    run.stderr
                );
            }
            let run = place.done(&format!("inspect {target} --entry {own}#1 --uri {own}"));
            assert!(run.contains("\nentry:"), "{run}");
        }
    }
    // A list file knows its own uris, and no other.
    let run = place.line(&format!("inspect list.slist --entry {other}#1"));
    assert_eq!(run.code, 1, "{}", run.stdout);
}
