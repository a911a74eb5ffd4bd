//! Credentials in COSE.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use coset::cbor::Value as Cbor;
use serde_json::{Value, json};
use statuslist::audit::{CredentialForm, CredentialJudgement, ProofState, Verdict, Voucher};
use statuslist::sign::cose::CoseHeader;
use statuslist::sign::{Signer, Unsigned};

use super::{P256, checks, findings, judged, key, method, public, unsigned};

fn header() -> CoseHeader {
    CoseHeader {
        typ: Some("application/vc+cose".to_owned()),
        content_type: Some("application/vc".to_owned()),
        kid: Some(method().into_bytes()),
        certificates: Vec::new(),
    }
}

fn message(header: &CoseHeader, payload: &Value) -> Vec<u8> {
    let algorithm = public(P256).algorithm();
    let unsigned = Unsigned::sign1(algorithm, header, payload.to_string().as_bytes());
    Signer::from(key(P256)).sign(unsigned).unwrap()
}

#[track_caller]
fn finds(message: &[u8], expected: &[&str]) -> CredentialJudgement {
    let judgement = judged(message, &checks());
    assert_eq!(findings(&judgement), expected);
    let is_rejected = expected.iter().any(|line| line.starts_with("error"));
    assert_eq!(judgement.verdict() == Verdict::Rejected, is_rejected);
    judgement
}

#[test]
fn a_good_message() {
    let judgement = finds(&message(&header(), &unsigned()), &[]);
    assert_eq!(judgement.form, CredentialForm::Cose);
    assert_eq!(judgement.proof, ProofState::Valid(vec![Voucher::DidKey]));
    assert_eq!(judgement.header["kid"], method());
}

#[test]
fn types() {
    let with = |change: fn(&mut CoseHeader)| {
        let mut header = header();
        change(&mut header);
        message(&header, &unsigned())
    };
    let rule = "(VC-JOSE-COSE, section 3.3)";
    finds(
        &with(|header| header.typ = None),
        &[&format!(
            "warning: the header has no typ: it should be application/vc+cose {rule}"
        )],
    );
    finds(
        &with(|header| header.typ = Some("vc+cose".to_owned())),
        &[&format!(
            "warning: typ is vc+cose: in COSE it should be application/vc+cose {rule}"
        )],
    );
    finds(
        &with(|header| header.typ = Some("application/statuslist+cwt".to_owned())),
        &[
            "error STATUS_VERIFICATION_ERROR: typ is \"application/statuslist+cwt\", not application/vc+cose (RFC 9596, section 2)",
        ],
    );
    finds(
        &with(|header| header.content_type = None),
        &[&format!(
            "warning: the content type in the header is not application/vc {rule}"
        )],
    );
}

#[test]
fn key_id() {
    let mut header = header();
    header.kid = None;
    finds(
        &message(&header, &unsigned()),
        &[
            "error STATUS_VERIFICATION_ERROR: the issuer is a DID, but no kid says which of its keys it is (VC-JOSE-COSE, section 4.1.1)",
        ],
    );
}

#[test]
fn a_claim_beside_the_credential() {
    let mut credential = unsigned();
    credential["vc"] = json!({});
    finds(
        &message(&header(), &credential),
        &[
            "error MALFORMED_VALUE_ERROR: there is a claim vc beside the members of the credential (VC-JOSE-COSE, section 1.1.2.1)",
        ],
    );
}

#[test]
fn another_tag() {
    let good = message(&header(), &unsigned());
    let retagged = |tags: &[u8]| [tags, &good[1..]].concat();
    finds(
        &retagged(&[]),
        &["warning: it lacks the tag 18 of signed messages (RFC 9052, section 4.2)"],
    );
    finds(
        &retagged(&[0xd1]),
        &[
            "error STATUS_VERIFICATION_ERROR: the token has a MAC (tag 17) and no signature: it cannot be checked here (RFC 9052, section 4.2)",
        ],
    );
    finds(
        &retagged(&[0xd8, 61, 0xd2]),
        &[
            "error STATUS_VERIFICATION_ERROR: the tag 61 does not belong to a signed token (tag 18) (RFC 9052, section 4.2)",
        ],
    );
}

/// A message in which nothing is protected.
#[test]
fn an_algorithm_that_is_not_protected() {
    let headers = [
        (1.into(), (-7).into()),
        (3.into(), "application/vc".into()),
        (4.into(), Cbor::Bytes(method().into_bytes())),
        (16.into(), "application/vc+cose".into()),
    ];
    let parts = [
        Cbor::Bytes(Vec::new()),
        Cbor::Map(headers.into()),
        Cbor::Bytes(unsigned().to_string().into_bytes()),
        Cbor::Bytes(vec![1; 64]),
    ];
    let mut bytes = Vec::new();
    let tagged = Cbor::Tag(18, Box::new(Cbor::Array(parts.into())));
    coset::cbor::ser::into_writer(&tagged, &mut bytes).unwrap();
    finds(
        &bytes,
        &[
            "error STATUS_VERIFICATION_ERROR: alg is not in the protected header (RFC 9052, section 3.1)",
            "error STATUS_VERIFICATION_ERROR: the signature does not verify (RFC 9052, section 4.2)",
        ],
    );
}

#[test]
fn a_changed_byte() {
    let mut bytes = message(&header(), &unsigned());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    finds(
        &bytes,
        &["error STATUS_VERIFICATION_ERROR: the signature does not verify (RFC 9052, section 4.2)"],
    );
}

#[test]
fn in_an_envelope() {
    let bytes = message(&header(), &unsigned());
    let envelope = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": format!("data:application/vc+cose;base64,{}", STANDARD.encode(bytes)),
        "type": "EnvelopedVerifiableCredential",
    });
    let judgement = finds(envelope.to_string().as_bytes(), &[]);
    assert!(judgement.is_enveloped);
    assert_eq!(judgement.verdict(), Verdict::Valid);
}
