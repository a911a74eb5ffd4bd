//! Judging a Status List Token in JWT format.

use serde_json::{Map, Value};

use super::claims::{Claim, Read};
use super::finding::chain;
use super::judge::Judge;
use super::judgement::{Checks, Judgement};
use super::list::ReadList;
use crate::sign::{Compact, parse_compact, trim_compact};
use crate::token::{NumericDate, jwt, time_to_live};

const JWS: &str = "RFC 7515, section 5.2";
const BEST_PRACTICE: &str = "RFC 8725, section 3.1";

/// Judges a token: its form, its signature if keys are known, its claims and its list.
///
/// Every rule is checked, whatever broke before it, as far as there is something to check.
///
/// Source: draft-ietf-oauth-status-list-21, section 8.3, and what it refers to.
#[must_use]
pub fn judge_jwt(text: &[u8], checks: &Checks<'_>) -> Judgement {
    let mut judge = Judge::new(checks);
    let (trimmed, surrounding) = trim_compact(text);
    if surrounding.is_some() {
        judge.warn_list(
            "8.2",
            "white space surrounds the token: strict readers refuse it",
        );
    }
    match parse_compact(trimmed) {
        Ok(compact) => judge.compact(&compact),
        Err(error) => judge.error(JWS, chain(&error)),
    }
    judge.finish()
}

impl Judge<'_> {
    fn compact(&mut self, compact: &Compact) {
        self.judgement.header.clone_from(compact.header());
        self.judgement.payload.clone_from(compact.payload());
        self.header(compact);
        self.signature(
            JWS,
            compact.algorithm().ok(),
            compact.header().get("kid").and_then(Value::as_str),
            |key| compact.verify(key),
        );
        let read = read(compact.payload());
        self.claims(&read);
        self.list(&read.list);
    }

    fn header(&mut self, compact: &Compact) {
        match compact.header().get("typ") {
            None => self.error_list("5.1", "the header has no typ"),
            Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::TYPE) => {}
            Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::MEDIA_TYPE) => {
                self.warn_list(
                    "5.1",
                    format!("typ is {typ}: most readers expect {}", jwt::TYPE),
                );
            }
            Some(typ) => self.error_list("5.1", format!("typ is {typ}, not \"{}\"", jwt::TYPE)),
        }
        if let Err(error) = compact.algorithm() {
            self.error(BEST_PRACTICE, chain(&error));
        }
        if let Err(error) = compact.check_extensions() {
            self.error("RFC 7515, section 4.1.11", chain(&error));
        }
    }
}

fn read(payload: &Map<String, Value>) -> Read {
    let time = |name| Claim::of(payload.get(name).map(NumericDate::from_json));
    Read {
        subject: match payload.get("sub") {
            None => Claim::Missing,
            Some(Value::String(subject)) => Claim::Is(subject.clone()),
            Some(other) => Claim::Wrong(kind(other).to_owned()),
        },
        issued_at: time("iat"),
        expires_at: time("exp"),
        not_before: time("nbf"),
        audience: payload.contains_key("aud"),
        ttl: Claim::of(payload.get("ttl").map(time_to_live)),
        list: payload.get("status_list").map_or(Claim::Missing, read_list),
    }
}

fn read_list(claim: &Value) -> Claim<ReadList> {
    let aggregation_uri = jwt::aggregation_uri(claim);
    if let Err(error @ jwt::ListError::NotObject { .. }) = &aggregation_uri {
        // All members would have the same fault.
        return Claim::Wrong(chain(error));
    }
    Claim::Is(ReadList {
        width: jwt::width(claim).map_err(|error| chain(&error)),
        stream: jwt::stream(claim).map_err(|error| chain(&error)),
        aggregation_uri: Claim::of(
            aggregation_uri
                .map(|uri| uri.map(str::to_owned))
                .transpose(),
        ),
    })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
