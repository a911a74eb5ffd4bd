//! Credentials as JWT: under VCDM 2.0 (VC-JOSE-COSE) and under VCDM 1.1.

use serde_json::{Map, Value};

use super::content::judge_payload;
use super::credential_judgement::{CredentialChecks, CredentialForm, CredentialJudgement};
use super::keys::Signatory;
use super::signing_time::{signature_expires, signed_at};
use crate::audit::brought::{self, unused_keys};
use crate::audit::finding::{Findings, chain};
use crate::list::Timestamp;
use crate::sign::{Compact, JoseError, PublicKey};
use crate::token::NumericDate;
use crate::token::w3c::PayloadPlace;

const TYPES: &str = "VC-JOSE-COSE, section 3.1.1";
const CLAIMS: &str = "VC-JOSE-COSE, section 1.1.2.1";
const VC_JWT: &str = "VCDM 1.1, section 6.3.1";
const VALIDATION: &str = "RFC 7515, section 5.2";

/// Opens a credential in a JWT.
pub(super) fn open_jwt(
    mut compact: Compact<'_>,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> CredentialJudgement {
    let payload = compact.take_payload();
    let claims = registered(&payload);
    let form = match place(&payload) {
        PayloadPlace::Payload => CredentialForm::Jwt,
        PayloadPlace::VcClaim => CredentialForm::ClaimOfJwt,
    };
    let said = judge_payload(payload, form, checks, findings);
    let signatory = Signatory::of(&said, checks);
    let header = compact.header();
    match form {
        CredentialForm::ClaimOfJwt => old_type(header, findings),
        _ => types(header, findings),
    }
    algorithm(&compact, findings);
    if let Err(error) = compact.check_extensions() {
        findings.unverified("RFC 7515, section 4.1.11", chain(&error));
    }
    let is_there = |name: &str| header.contains_key(name);
    unused_keys(brought::RULE, brought::IN_JOSE, is_there, findings);
    let key_id = match header.get("kid") {
        None => None,
        Some(Value::String(key_id)) => Some(key_id.as_str()),
        Some(_) => {
            findings.malformed("RFC 7515, section 4.1.4", "kid is not a string");
            None
        }
    };
    if form == CredentialForm::Jwt {
        signatory.judge_key_id(key_id, claims.get("iss"), findings);
    }
    registered_claims(&claims, form, checks, findings);
    let algorithm = compact.algorithm().ok();
    let verifies = |key: &PublicKey| key.verify(compact.signing_input(), compact.signature());
    let checked = signatory.judge_signature(VALIDATION, key_id, algorithm, verifies, findings);
    CredentialJudgement {
        header: header.clone(),
        ..said.signed(vec![checked])
    }
}

fn types(header: &Map<String, Value>, findings: &mut Findings) {
    match header.get("typ").map(Value::as_str) {
        None => findings.warn(TYPES, "the header has no typ: it should be vc+jwt"),
        Some(Some(typ)) if typ.eq_ignore_ascii_case("vc+jwt") => {}
        Some(Some(typ))
            if ["application/vc+jwt", "jwt"]
                .iter()
                .any(|known| typ.eq_ignore_ascii_case(known)) =>
        {
            findings.warn(TYPES, format!("typ is {typ}: it should be vc+jwt"));
        }
        Some(typ) => {
            let text = format!("typ is {:?}, not vc+jwt", typ.unwrap_or("no string"));
            findings.unverified("RFC 8725, section 3.11", text);
        }
    }
    match header.get("cty").map(Value::as_str) {
        None => {}
        Some(Some(cty)) if cty.eq_ignore_ascii_case("vc") => {}
        Some(cty) => {
            let text = format!("cty is {:?}: it should be vc", cty.unwrap_or("no string"));
            findings.warn(TYPES, text);
        }
    }
}

fn old_type(header: &Map<String, Value>, findings: &mut Findings) {
    match header.get("typ") {
        None => {}
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case("JWT") => {}
        Some(typ) => findings.malformed(VC_JWT, format!("typ is {typ}, not \"JWT\"")),
    }
}

fn algorithm(compact: &Compact<'_>, findings: &mut Findings) {
    let Err(error) = compact.algorithm() else {
        return;
    };
    let rule = match error {
        JoseError::NoAlgorithm => "RFC 7515, section 4.1.1",
        JoseError::Unsigned => "RFC 8725, section 3.2",
        _ => "RFC 8725, section 3.1",
    };
    findings.unverified(rule, chain(&error));
}

/// The times of the signature, which are not those of the credential.
fn registered_claims(
    claims: &Map<String, Value>,
    form: CredentialForm,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) {
    const ISSUED: &str = "RFC 7519, section 4.1.6";
    const EXPIRES: &str = "RFC 7519, section 4.1.4";
    const NOT_BEFORE: &str = "RFC 7519, section 4.1.5";
    if let Some(time) = claim_time(claims, "iat", ISSUED, findings) {
        signed_at(ISSUED, time, checks, findings);
    }
    // Under VCDM 1.1 these two stand for members of the credential, and are judged as such.
    if form == CredentialForm::ClaimOfJwt {
        return;
    }
    if let Some(time) = claim_time(claims, "exp", EXPIRES, findings) {
        signature_expires(EXPIRES, time, checks, findings);
    }
    if let Some(time) = claim_time(claims, "nbf", NOT_BEFORE, findings) {
        findings.warn(
            CLAIMS,
            "it has nbf, which is not recommended: validFrom says it",
        );
        if time > checks.moment() {
            findings.unverified(NOT_BEFORE, format!("it is not valid before {time}"));
        }
    }
}

fn claim_time(
    claims: &Map<String, Value>,
    name: &str,
    rule: &str,
    findings: &mut Findings,
) -> Option<Timestamp> {
    match claims.get(name).map(NumericDate::from_json)? {
        Ok(date) => Some(Timestamp::from_second(date.whole_seconds())),
        Err(error) => {
            findings.malformed(rule, format!("{name} is {}", chain(&error)));
            None
        }
    }
}

/// The claims that the signature has beside the credential.
fn registered(payload: &Map<String, Value>) -> Map<String, Value> {
    ["iss", "iat", "exp", "nbf"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), payload.get(name)?.clone())))
        .collect()
}

/// Where the credential is meant to be, whatever is there.
fn place(payload: &Map<String, Value>) -> PayloadPlace {
    let is_credential =
        payload.contains_key("@context") || payload.contains_key("credentialSubject");
    if payload.contains_key("vc") && !is_credential {
        PayloadPlace::VcClaim
    } else {
        PayloadPlace::Payload
    }
}
