//! Judging a Status List Token in JWT format.

use serde_json::{Map, Value};

use super::claims::judge_claims;
use super::format::{ClaimName, TokenFormat};
use super::read::{Claim, ReadClaims, ReadList};
use super::signature::{MAC, Signed, judge_brought, judge_signature};
use super::token_judgement::{Checks, TokenJudgement};
use crate::audit::brought::{self, unused_keys};
use crate::audit::finding::{Findings, chain, draft};
use crate::sign::{
    CertificateChain, Compact, JoseError, JosePart, JsonError, PublicKey, parse_compact,
    trim_compact,
};
use crate::token::{NumericDate, jwt, read_jwt_reference, time_to_live};
use crate::wire::json::describe;

const VALIDATION: &str = "RFC 7515, section 5.2";

/// Judges a token in JWT format.
pub(super) fn judge(text: &[u8], checks: &Checks<'_>, findings: &mut Findings) -> TokenJudgement {
    let (trimmed, surrounding) = trim_compact(text);
    if surrounding.is_some() {
        findings.warn_draft(
            "8.2",
            "white space surrounds the token: strict readers refuse it",
        );
    }
    match parse_compact(trimmed) {
        Ok(compact) => parts(compact, checks, findings),
        Err(error) => {
            findings.error(form_rule(&error), chain(&error));
            TokenJudgement::default()
        }
    }
}

/// The rule that a text breaks if it cannot be read as a token at all.
fn form_rule(error: &JoseError) -> &'static str {
    match error {
        JoseError::PartCount { .. } | JoseError::NotAscii { .. } => "RFC 7515, section 7.1",
        JoseError::Json {
            part: JosePart::Header,
            source: JsonError::DuplicateMember { .. },
        } => "RFC 7515, section 4",
        JoseError::Json {
            part: JosePart::Payload,
            source: JsonError::DuplicateMember { .. },
        } => "RFC 7519, section 4",
        JoseError::Json {
            part: JosePart::Payload,
            ..
        }
        | JoseError::NotAnObject(JosePart::Payload) => "RFC 7519, section 7.2",
        _ => VALIDATION,
    }
}

fn parts(mut compact: Compact<'_>, checks: &Checks<'_>, findings: &mut Findings) -> TokenJudgement {
    let mut payload = compact.take_payload();
    let claims = read(&payload);
    if let Some(Value::Object(list)) = payload.get_mut(ClaimName::STATUS_LIST.text) {
        // It may be long, and is shown as what it holds.
        list.retain(|name, _| name != "lst");
    }
    let header = compact.header();
    typ(header.get("typ"), findings);
    algorithm(&compact, findings);
    let key_id = key_id(header.get("kid"), findings);
    if let Err(error) = compact.check_extensions() {
        findings.error("RFC 7515, section 4.1.11", chain(&error));
    }
    // Certificates that must lead to what is trusted are used.
    let is_unused =
        |name: &str| header.contains_key(name) && (checks.trust.is_none() || name != "x5c");
    unused_keys(draft("11.3"), brought::IN_JOSE, is_unused, findings);
    let chain = |x5c| CertificateChain::from_x5c(x5c).map_err(|error| chain(&error));
    let brought = header.get("x5c").map(chain);
    let trusted = judge_brought(
        TokenFormat::Jwt,
        brought.as_ref(),
        &claims,
        checks,
        findings,
    );
    let certificates = brought.and_then(Result::ok);
    let signed = Signed {
        format: TokenFormat::Jwt,
        rule: VALIDATION,
        algorithm: compact.algorithm().ok(),
        key_id: key_id.as_deref(),
        certificates: certificates.as_ref(),
        trusted: trusted.as_ref(),
        verifies: |key: &PublicKey| key.verify(compact.signing_input(), compact.signature()),
    };
    let signature = judge_signature(&signed, checks, findings);
    TokenJudgement {
        header: header.clone(),
        payload,
        certificates,
        trusted,
        key_id,
        signature,
        ..judge_claims(claims, TokenFormat::Jwt, checks, findings)
    }
}

fn typ(typ: Option<&Value>, findings: &mut Findings) {
    match typ {
        None => findings.error_draft("5.1", "the header has no typ"),
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::TYPE) => {}
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::MEDIA_TYPE) => {
            let text = format!("typ is {typ}: most readers expect {}", jwt::TYPE);
            findings.warn_draft("5.1", text);
        }
        Some(typ) => findings.error_draft("5.1", format!("typ is {typ}, not \"{}\"", jwt::TYPE)),
    }
}

fn algorithm(compact: &Compact<'_>, findings: &mut Findings) {
    let Err(error) = compact.algorithm() else {
        return;
    };
    let named = compact.header().get("alg").and_then(Value::as_str);
    match error {
        JoseError::NoAlgorithm => findings.error("RFC 7515, section 4.1.1", chain(&error)),
        JoseError::Unsigned => findings.error("RFC 8725, section 3.2", chain(&error)),
        _ if named.is_some_and(|name| name.starts_with("HS")) => findings.error_draft("11.6", MAC),
        _ => findings.error("RFC 8725, section 3.1", chain(&error)),
    }
}

fn key_id(key_id: Option<&Value>, findings: &mut Findings) -> Option<String> {
    match key_id? {
        Value::String(key_id) => Some(key_id.clone()),
        other => {
            let text = format!("kid is {}, not a string", describe(other));
            findings.error("RFC 7515, section 4.1.4", text);
            None
        }
    }
}

fn read(payload: &Map<String, Value>) -> ReadClaims {
    let claim = |name: ClaimName| payload.get(name.text);
    let time = |name| Claim::of(claim(name).map(NumericDate::from_json));
    ReadClaims {
        issuer: Claim::text(claim(ClaimName::ISSUER)),
        subject: Claim::text(claim(ClaimName::SUBJECT)),
        audience: Claim::texts(claim(ClaimName::AUDIENCE)),
        expires_at: time(ClaimName::EXPIRES_AT),
        not_before: time(ClaimName::NOT_BEFORE),
        issued_at: time(ClaimName::ISSUED_AT),
        ttl: Claim::of(claim(ClaimName::TIME_TO_LIVE).map(time_to_live)),
        list: claim(ClaimName::STATUS_LIST).map_or(Claim::Missing, list),
        reference: Claim::of(read_jwt_reference(payload).transpose()),
        others: others(payload, &ClaimName::ALL.map(|name| name.text)),
    }
}

fn list(claim: &Value) -> Claim<ReadList> {
    let Value::Object(members) = claim else {
        return Claim::Wrong(format!("status_list is {}, not an object", describe(claim)));
    };
    let aggregation_uri = jwt::aggregation_uri(claim).map(|uri| uri.map(str::to_owned));
    Claim::Is(ReadList {
        width: jwt::width(claim).map_err(|error| chain(&error)),
        stream: jwt::stream(claim).map_err(|error| chain(&error)),
        aggregation_uri: Claim::of(aggregation_uri.transpose()),
        others: others(members, &ReadList::MEMBERS),
    })
}

/// The names of the members that are not known.
fn others(members: &Map<String, Value>, known: &[&str]) -> Vec<String> {
    let names = members
        .keys()
        .filter(|name| !known.contains(&name.as_str()));
    names.cloned().collect()
}
