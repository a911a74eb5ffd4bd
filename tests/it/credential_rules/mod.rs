//! The rules for published W3C lists, each with a credential that is good but for one thing.

mod cose;
mod jose;
mod keys;
mod lists;
mod mutation;
mod proofs;
mod properties;

use serde_json::{Map, Value, json};
use statuslist::audit::{
    CredentialChecks, CredentialJudgement, ProofState, Severity, Verdict, Voucher,
    judge_credential, recognise_credential,
};
use statuslist::list::Timestamp;
use statuslist::sign::{
    Cryptosuite, DidKey, JoseHeader, PrivateKey, ProofOptions, PublicKey, Signer, Unsigned,
    UnsignedProof,
};
use statuslist::token::InflateLimit;
use statuslist::token::w3c::rdf::n_quads;
use statuslist::token::w3c::{ListFormat, encode_list};

const URI: &str = "https://example.com/status/3";

/// The secret keys of the P-256 and Ed25519 vectors of W3C Data Integrity.
pub(crate) const P256: &str = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN";
pub(crate) const ED25519: &str = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";

pub(crate) fn key(secret: &str) -> PrivateKey {
    PrivateKey::from_multikey(secret).unwrap()
}

pub(crate) fn public(secret: &str) -> PublicKey {
    key(secret).public().clone()
}

pub(crate) fn did() -> String {
    DidKey::new(&public(P256)).did()
}

pub(crate) fn method() -> String {
    DidKey::new(&public(P256)).method()
}

fn now() -> Timestamp {
    "2026-01-03T00:00:00Z".parse().unwrap()
}

/// 131,072 entries of one bit, of which 0, 9 and 94567 are set.
fn bits() -> Vec<u8> {
    let mut bytes = vec![0; 16_384];
    for index in [0, 9, 94_567] {
        bytes[index / 8] |= 0x80 >> (index % 8);
    }
    bytes
}

/// A list credential without a proof that breaks no rule.
pub(crate) fn unsigned() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URI,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did(),
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2026-01-08T00:00:00Z",
        "credentialSubject": {
            "id": format!("{URI}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": 3_600_000,
            "encodedList": encode_list(ListFormat::Bitstring, &bits()),
        },
    })
}

/// The same in the older format of 2021.
pub(crate) fn unsigned_2021() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/vc/status-list/2021/v1",
            "https://w3id.org/security/data-integrity/v2",
        ],
        "id": URI,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": did(),
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2026-01-08T00:00:00Z",
        "credentialSubject": {
            "id": format!("{URI}#list"),
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": encode_list(ListFormat::StatusList2021, &bits()),
        },
    })
}

/// The same in the oldest format.
pub(crate) fn unsigned_2020() -> Value {
    let mut credential = unsigned_2021();
    credential["@context"][1] = "https://w3id.org/vc-revocation-list-2020/v1".into();
    credential["type"][1] = "RevocationList2020Credential".into();
    let subject = credential["credentialSubject"].as_object_mut().unwrap();
    subject["type"] = "RevocationList2020".into();
    subject.remove("statusPurpose");
    credential
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other}"),
    }
}

/// Puts a proof into a document.
pub(crate) fn prove(document: Value, secret: &str, options: ProofOptions) -> Value {
    let to_n_quads = |document: &_| n_quads(document).map_err(Into::into);
    let algorithm = public(secret).algorithm();
    let proof = UnsignedProof::new(algorithm, object(document), options, &to_n_quads).unwrap();
    let signed = Signer::from(key(secret))
        .sign(Unsigned::proof(proof))
        .unwrap();
    serde_json::from_slice(&signed).unwrap()
}

/// Options as one would publish them.
pub(crate) fn options(suite: Cryptosuite) -> ProofOptions {
    ProofOptions::new(suite, &method())
        .and_then(|options| options.with_created("2026-01-01T00:00:00Z"))
        .unwrap()
}

/// A credential with something changed before it is signed.
pub(crate) fn embedded(mut credential: Value, change: impl FnOnce(&mut Value)) -> Value {
    change(&mut credential);
    prove(credential, P256, options(Cryptosuite::EcdsaJcs2019))
}

pub(crate) fn header() -> Value {
    json!({"alg": "ES256", "kid": method(), "typ": "vc+jwt", "cty": "vc"})
}

/// A JWT with any header and any payload, signed with ES256.
pub(crate) fn jwt(header: &Value, payload: &Value) -> String {
    let mut extra = object(header.clone());
    extra.remove("alg");
    let text = |member: Option<Value>| member.and_then(|value| value.as_str().map(str::to_owned));
    let header = JoseHeader {
        typ: text(extra.remove("typ")),
        kid: text(extra.remove("kid")),
        extra,
    };
    let algorithm = public(P256).algorithm();
    let unsigned = Unsigned::compact(algorithm, &header, payload.to_string().as_bytes());
    String::from_utf8(Signer::from(key(P256)).sign(unsigned).unwrap()).unwrap()
}

fn checks() -> CredentialChecks<'static> {
    CredentialChecks::new(now(), InflateLimit::default())
}

#[track_caller]
fn judged(bytes: impl AsRef<[u8]>, checks: &CredentialChecks<'_>) -> CredentialJudgement {
    let published = recognise_credential(bytes.as_ref()).expect("a credential");
    judge_credential(published, checks)
}

/// Every finding: its severity, its name if it has one, its text and its rule.
fn findings(judgement: &CredentialJudgement) -> Vec<String> {
    judgement
        .findings
        .iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            let name = finding
                .problem
                .map_or_else(String::new, |problem| format!(" {}", problem.name()));
            format!("{severity}{name}: {} ({})", finding.text, finding.source)
        })
        .collect()
}

/// Something to judge: JSON, or text.
trait Published {
    fn bytes(self) -> Vec<u8>;
}

impl Published for Value {
    fn bytes(self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Published for &Value {
    fn bytes(self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Published for String {
    fn bytes(self) -> Vec<u8> {
        self.into_bytes()
    }
}

impl Published for &String {
    fn bytes(self) -> Vec<u8> {
        self.clone().into_bytes()
    }
}

/// Exactly these faults are found; with an error among them the credential is rejected, without
/// it is valid by its own issuer.
#[track_caller]
fn finds(credential: impl Published, expected: &[&str]) {
    finds_with(credential, &checks(), expected);
}

#[track_caller]
fn finds_with(credential: impl Published, checks: &CredentialChecks<'_>, expected: &[&str]) {
    let judgement = judged(credential.bytes(), checks);
    assert_eq!(findings(&judgement), expected);
    let verdict = if expected.iter().any(|line| line.starts_with("error")) {
        Verdict::Rejected
    } else {
        assert_eq!(judgement.proof, ProofState::Valid(vec![Voucher::DidKey]));
        Verdict::Valid
    };
    assert_eq!(judgement.verdict(), verdict);
}

#[test]
fn good_credentials_break_no_rule() {
    for credential in [unsigned(), unsigned_2021(), unsigned_2020()] {
        finds(embedded(credential, |_| {}), &[]);
    }
    finds(jwt(&header(), &unsigned()), &[]);
}

#[test]
fn other_things_are_no_credentials() {
    for text in [
        "",
        "{",
        "{}",
        "[]",
        r#"{"alg":"ES256"}"#,
        r#"{"revoked":false,"documentHash":"0x"}"#,
        "a.b.c",
        &jwt(
            &json!({"typ": "statuslist+jwt"}),
            &json!({"sub": URI, "status_list": {}}),
        ),
    ] {
        assert!(recognise_credential(text.as_bytes()).is_none(), "{text}");
    }
    assert!(recognise_credential(b"\xd2\x84").is_none());
}
