//! Credentials in COSE (VC-JOSE-COSE, section 3.3).

use serde_json::{Map, Value};

use super::content::judge_payload;
use super::credential_judgement::{CredentialChecks, CredentialForm, CredentialJudgement};
use super::keys::Signatory;
use crate::audit::brought::{self, unused_keys};
use crate::audit::finding::{Findings, chain};
use crate::audit::ietf::diagnostic::{self, Labels};
use crate::sign::cose::{CoseError, Placement, Sign1, Typ, label, tag};
use crate::sign::{Algorithm, PublicKey};
use crate::token::w3c::envelope::{COSE_MEDIA_TYPE, MEDIA_TYPE};

const TYPES: &str = "VC-JOSE-COSE, section 3.3";
const MESSAGE: &str = "RFC 9052, section 4.2";
const HEADER: &str = "RFC 9052, section 3.1";

/// Opens a credential in a COSE message.
pub(super) fn open_cose(
    mut message: Sign1<Map<String, Value>>,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> CredentialJudgement {
    let payload = message.take_payload();
    let stated = payload.get("iss").cloned();
    let header = diagnostic::members(message.protected(), Labels::Header);
    let unprotected = diagnostic::members(message.unprotected(), Labels::Header);
    let said = judge_payload(payload, CredentialForm::Cose, checks, findings);
    let signatory = Signatory::of(&said, checks);
    types(&message, findings);
    if let Err(error) = message.check_extensions() {
        findings.unverified(HEADER, chain(&error));
    }
    let is_there = |name: &str| header.contains_key(name) || unprotected.contains_key(name);
    unused_keys(brought::RULE, brought::IN_COSE, is_there, findings);
    let key_id = findings.readable(HEADER, message.key_id()).flatten();
    let key_id = key_id.map(diagnostic::key_id);
    signatory.judge_key_id(key_id.as_deref(), stated.as_ref(), findings);
    let algorithm = algorithm(&message, findings);
    if message.tags().is_empty() {
        findings.warn(MESSAGE, "it lacks the tag 18 of signed messages");
    }
    if message
        .parameter(label::ALGORITHM)
        .is_some_and(|(_, placement)| placement == Placement::Unprotected)
    {
        findings.unverified(HEADER, "alg is not in the protected header");
    }
    let signed = message.message();
    let verifies = |key: &PublicKey| key.verify(&signed, message.signature());
    let key_id = key_id.as_deref();
    let checked = signatory.judge_signature(MESSAGE, key_id, algorithm, verifies, findings);
    CredentialJudgement {
        header,
        ..said.signed(vec![checked])
    }
}

/// The algorithm of a message that is signed.
fn algorithm(message: &Sign1<Map<String, Value>>, findings: &mut Findings) -> Option<Algorithm> {
    let (rule, error) = match (message.tags(), message.algorithm()) {
        ([] | [tag::SIGN1], Ok(algorithm)) => return Some(algorithm),
        ([] | [tag::SIGN1], Err(error)) => (HEADER, error),
        ([tag::MAC0], _) => (MESSAGE, CoseError::Mac),
        ([outer, ..], _) => (MESSAGE, CoseError::OtherTag(*outer)),
    };
    findings.unverified(rule, chain(&error));
    None
}

fn types(message: &Sign1<Map<String, Value>>, findings: &mut Findings) {
    match message.typ() {
        Ok(None) => {
            let text = format!("the header has no typ: it should be {COSE_MEDIA_TYPE}");
            findings.warn(TYPES, text);
        }
        Ok(Some(Typ::Text(typ))) if typ.eq_ignore_ascii_case(COSE_MEDIA_TYPE) => {}
        Ok(Some(Typ::Text(typ))) if typ.eq_ignore_ascii_case("vc+cose") => {
            let text = format!("typ is {typ}: in COSE it should be {COSE_MEDIA_TYPE}");
            findings.warn(TYPES, text);
        }
        Ok(Some(Typ::Text(typ))) => {
            let text = format!("typ is {typ:?}, not {COSE_MEDIA_TYPE}");
            findings.unverified("RFC 9596, section 2", text);
        }
        Ok(Some(Typ::Number(number))) => {
            let text = format!("typ is the number {number}, not {COSE_MEDIA_TYPE}");
            findings.unverified("RFC 9596, section 2", text);
        }
        Err(error) => findings.malformed("RFC 9596, section 2", chain(&error)),
    }
    let content = message.parameter(label::CONTENT_TYPE);
    let is_expected = content
        .and_then(|(value, _)| value.as_text())
        .is_some_and(|text| text.eq_ignore_ascii_case(MEDIA_TYPE));
    if !is_expected {
        let text = format!("the content type in the header is not {MEDIA_TYPE}");
        findings.warn(TYPES, text);
    }
}
