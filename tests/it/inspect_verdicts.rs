//! When `inspect` may exit with 0 with a key: only if a signature was verified with it.

use serde_json::{Value, json};
use snapbox::str;
use statuslist::sign::cose::CoseHeader;
use statuslist::sign::{Cryptosuite, Signer, Unsigned};
use statuslist::token::w3c::envelope::{envelop_cose, envelop_jwt};

use crate::certificates::write_chain;
use crate::credential_rules::{
    P256, did, embedded, header, jwt, key, method, options, prove, public, unsigned, unsigned_2020,
    unsigned_2021,
};
use crate::forgeries::{emptied, forged_jwts, forged_messages, forged_proofs, json_bytes};
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

fn cose(list: &Value) -> Vec<u8> {
    let header = CoseHeader {
        typ: Some("application/vc+cose".to_owned()),
        content_type: Some("application/vc".to_owned()),
        kid: Some(method().into_bytes()),
        certificates: Vec::new(),
    };
    let unsigned = Unsigned::sign1(public(P256).algorithm(), &header, &json_bytes(list));
    Signer::from(key(P256)).sign(unsigned).unwrap()
}

/// A list as a claim of a JWT (VCDM 1.1).
pub(crate) fn vc_jwt() -> String {
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
