//! Judging a Status List Token in JWT format.

use serde_json::{Map, Value};

use super::claims::{Claim, Read};
use super::format::{Format, Name};
use super::judge::Judge;
use super::status_list::ReadList;
use super::token_judgement::{Checks, Judgement};
use crate::audit::finding::chain;
use crate::sign::{
    CertificateChain, Compact, JoseError, JsonError, Part, parse_compact, trim_compact,
};
use crate::token::{NumericDate, jwt, read_jwt_reference, time_to_live};
use crate::wire::json::describe;

const VALIDATION: &str = "RFC 7515, section 5.2";

/// Members of the header that bring a key, or say where one is.
const BROUGHT_KEYS: [&str; 4] = ["jwk", "jku", "x5c", "x5u"];

pub(in crate::audit) fn judge(text: &[u8], checks: &Checks<'_>) -> Judgement {
    let mut judge = Judge::new(Format::Jwt, checks);
    let (trimmed, surrounding) = trim_compact(text);
    if surrounding.is_some() {
        judge.warn_draft(
            "8.2",
            "white space surrounds the token: strict readers refuse it",
        );
    }
    match parse_compact(trimmed) {
        Ok(compact) => judge_parts(&mut judge, compact),
        Err(error) => judge.error(form_rule(&error), chain(&error)),
    }
    judge.finish()
}

/// The rule that a text breaks if it cannot be read as a token at all.
fn form_rule(error: &JoseError) -> &'static str {
    match error {
        JoseError::PartCount { .. } | JoseError::NotAscii { .. } => "RFC 7515, section 7.1",
        JoseError::Json {
            part: Part::Header,
            source: JsonError::DuplicateMember { .. },
        } => "RFC 7515, section 4",
        JoseError::Json {
            part: Part::Payload,
            source: JsonError::DuplicateMember { .. },
        } => "RFC 7519, section 4",
        JoseError::Json {
            part: Part::Payload,
            ..
        }
        | JoseError::NotAnObject(Part::Payload) => "RFC 7519, section 7.2",
        _ => VALIDATION,
    }
}

fn judge_parts(judge: &mut Judge<'_>, compact: Compact<'_>) {
    judge.judgement.header.clone_from(compact.header());
    judge.judgement.payload = without_list(compact.payload());
    typ(judge, compact.header().get("typ"));
    algorithm(judge, &compact);
    key_id(judge, compact.header().get("kid"));
    if let Err(error) = compact.check_extensions() {
        judge.error("RFC 7515, section 4.1.11", chain(&error));
    }
    judge.brought_keys(&BROUGHT_KEYS);
    let read = read(compact.payload());
    let certificates = compact.header().get("x5c");
    judge.certificates(
        certificates.map(|x5c| CertificateChain::from_x5c(x5c).map_err(|error| chain(&error))),
        &read,
    );
    judge.signature(VALIDATION, compact.algorithm().ok(), |key| {
        key.verify(compact.signing_input(), compact.signature())
    });
    // It has the list in base64, which may be long.
    drop(compact);
    judge.claims(&read);
    judge.list(read);
}

/// The claims but for the compressed list, which may be long and is shown as what it holds.
fn without_list(payload: &Map<String, Value>) -> Map<String, Value> {
    let kept = |(name, value): (&String, &Value)| match value {
        Value::Object(list) if name == Name::StatusList.text() => {
            let members = list.iter().filter(|(name, _)| *name != "lst");
            let members = members.map(|(name, value)| (name.clone(), value.clone()));
            (name.clone(), Value::Object(members.collect()))
        }
        _ => (name.clone(), value.clone()),
    };
    payload.iter().map(kept).collect()
}

fn typ(judge: &mut Judge<'_>, typ: Option<&Value>) {
    match typ {
        None => judge.error_draft("5.1", "the header has no typ"),
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::TYPE) => {}
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::MEDIA_TYPE) => {
            let text = format!("typ is {typ}: most readers expect {}", jwt::TYPE);
            judge.warn_draft("5.1", text);
        }
        Some(typ) => judge.error_draft("5.1", format!("typ is {typ}, not \"{}\"", jwt::TYPE)),
    }
}

fn algorithm(judge: &mut Judge<'_>, compact: &Compact<'_>) {
    let Err(error) = compact.algorithm() else {
        return;
    };
    let named = compact.header().get("alg").and_then(Value::as_str);
    match error {
        JoseError::NoAlgorithm => judge.error("RFC 7515, section 4.1.1", chain(&error)),
        JoseError::Unsigned => judge.error("RFC 8725, section 3.2", chain(&error)),
        _ if named.is_some_and(|name| name.starts_with("HS")) => judge.mac(),
        _ => judge.error("RFC 8725, section 3.1", chain(&error)),
    }
}

fn key_id(judge: &mut Judge<'_>, key_id: Option<&Value>) {
    match key_id {
        None => {}
        Some(Value::String(key_id)) => judge.judgement.key_id = Some(key_id.clone()),
        Some(other) => {
            let text = format!("kid is {}, not a string", describe(other));
            judge.error("RFC 7515, section 4.1.4", text);
        }
    }
}

fn read(payload: &Map<String, Value>) -> Read {
    let claim = |name: Name| payload.get(name.text());
    let time = |name| Claim::of(claim(name).map(NumericDate::from_json));
    Read {
        issuer: claim(Name::Issuer).map_or(Claim::Missing, text),
        subject: claim(Name::Subject).map_or(Claim::Missing, text),
        audience: claim(Name::Audience).map_or(Claim::Missing, texts),
        expires_at: time(Name::ExpirationTime),
        not_before: time(Name::NotBefore),
        issued_at: time(Name::IssuedAt),
        ttl: Claim::of(claim(Name::TimeToLive).map(time_to_live)),
        list: claim(Name::StatusList).map_or(Claim::Missing, list),
        reference: Claim::of(read_jwt_reference(payload).transpose()),
        others: others(payload, |name| {
            Name::ALL.iter().any(|known| known.text() == name)
        }),
    }
}

fn list(claim: &Value) -> Claim<ReadList> {
    let Value::Object(members) = claim else {
        return Claim::Wrong(format!("status_list is {}, not an object", describe(claim)));
    };
    Claim::Is(ReadList {
        width: jwt::width(claim).map_err(|error| chain(&error)),
        stream: jwt::stream(claim).map_err(|error| chain(&error)),
        aggregation_uri: Claim::of(
            jwt::aggregation_uri(claim)
                .map(|uri| uri.map(str::to_owned))
                .transpose(),
        ),
        others: others(members, |name| {
            ["bits", "lst", "aggregation_uri"].contains(&name)
        }),
    })
}

fn text(value: &Value) -> Claim<String> {
    match value {
        Value::String(text) => Claim::Is(text.clone()),
        other => Claim::Wrong(format!("{}, not a string", describe(other))),
    }
}

/// Reads a string, or an array of strings (RFC 7519, section 4.1.3).
fn texts(value: &Value) -> Claim<Vec<String>> {
    let texts: Option<Vec<String>> = match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    };
    texts.map_or_else(
        || Claim::Wrong("neither a string nor an array of strings".to_owned()),
        Claim::Is,
    )
}

/// The names of the members that are not known.
fn others(members: &Map<String, Value>, known: impl Fn(&str) -> bool) -> Vec<String> {
    members
        .keys()
        .filter(|name| !known(name))
        .cloned()
        .collect()
}
