//! Judging a Status List Token in CWT format.

use std::borrow::Cow;

use coset::cbor::Value;

use super::claims::{Claim, Read};
use super::diagnostic::{self, Labels};
use super::format::{Format, Name};
use super::judge::Judge;
use super::status_list::ReadList;
use super::token_judgement::{Checks, Judgement};
use super::written::Written;
use crate::audit::certificates::Brought;
use crate::audit::finding::chain;
use crate::sign::cose::{CoseError, CosePart, Placement, Sign1, Typ, label, parse_sign1, tag};
use crate::sign::{Algorithm, CborError, CertificateChain};
use crate::token::{NumericDate, cwt, read_cwt_reference};
use crate::wire::cbor::describe;

/// The type that drafts before -08 asked for, and that an example of ISO/IEC 18013-5 still has.
const SHORT_TYPE: &str = "statuslist+cwt";

const HEADER: &str = "RFC 9052, section 3.1";
const MESSAGE: &str = "RFC 9052, section 4.2";
const VALIDATION: &str = "RFC 8392, section 7.2";

/// The most bytes of a token beside its list: that list cannot be longer than what it inflates to, but
/// for a few bytes in each thousand.
const BESIDE_THE_LIST: u64 = 8 << 20;

/// The algorithms of MACs (RFC 9053, section 3).
const MACS: [i128; 8] = [4, 5, 6, 7, 14, 15, 25, 26];

/// Header parameters that bring a key, or say where one is (RFC 9360, section 2, and RFC 9528).
const BROUGHT_KEYS: [&str; 5] = ["kccs", "kcwt", "x5bag", "x5chain", "x5u"];

pub(in crate::audit) fn judge(
    token: Cow<'_, [u8]>,
    written: Written,
    checks: &Checks<'_>,
) -> Judgement {
    let mut judge = Judge::new(Format::Cwt, checks);
    if written != Written::Raw {
        let text = format!(
            "it is written in {}: what is published must be the bytes themselves",
            written.name()
        );
        judge.warn_draft("8.2", text);
    }
    let longest = checks.limit.bytes().saturating_add(BESIDE_THE_LIST);
    if token.len() as u64 > longest {
        let text = format!(
            "it has {} bytes, and with a list that inflates to {} bytes it has {longest} at most",
            token.len(),
            checks.limit.bytes()
        );
        judge.error("RFC 8949, section 10", text);
        return judge.finish();
    }
    let parsed = parse_sign1(&token);
    drop(token);
    match parsed {
        Ok(message) => judge_parts(&mut judge, message),
        Err(error) => judge.error(form_rule(&error), chain(&error)),
    }
    judge.finish()
}

/// The rule that bytes break if they cannot be read as a token at all.
fn form_rule(error: &CoseError) -> &'static str {
    match error {
        CoseError::Cbor {
            part: CosePart::Protected | CosePart::Unprotected,
            ..
        }
        | CoseError::WrongType {
            part: CosePart::Protected | CosePart::Unprotected,
            ..
        }
        | CoseError::InBothHeaders(_) => "RFC 9052, section 3",
        CoseError::Cbor {
            source: CborError::DuplicateKey(_),
            ..
        } => "RFC 8949, section 5.6",
        CoseError::WrongType { expected, .. } if *expected != "a map" => MESSAGE,
        _ => VALIDATION,
    }
}

fn judge_parts(judge: &mut Judge<'_>, mut message: Sign1) {
    judge.judgement.header = diagnostic::members(message.protected(), Labels::Header);
    judge.judgement.unprotected = diagnostic::members(message.unprotected(), Labels::Header);
    judge.judgement.payload = diagnostic::members(message.payload(), Labels::Claims);
    typ(judge, &message);
    key_id(judge, &message);
    if let Err(error) = message.check_extensions() {
        judge.error(HEADER, chain(&error));
    }
    judge.brought_keys(&BROUGHT_KEYS);
    let algorithm = if is_signed(judge, &message) {
        algorithm(judge, &message)
    } else {
        None
    };
    let read = read(message.take_payload());
    judge.certificates(certificates(&message), &read);
    if judge.checks.trust.is_some() && is_unprotected(&message, label::CERTIFICATES) {
        judge.warn(
            judge.format.certificates().rule,
            "x5chain (33) is in the header that is not protected: anybody may have exchanged it",
        );
    }
    let signed = message.message();
    judge.signature("RFC 9052, section 4.4", algorithm, |key| {
        key.verify(&signed, message.signature())
    });
    // They have the list as well, which may be long.
    drop((signed, message));
    judge.claims(&read);
    judge.list(read);
}

/// Judges the tags, and tells whether they promise a signature.
fn is_signed(judge: &mut Judge<'_>, message: &Sign1) -> bool {
    let tags = match message.tags() {
        [tag::CWT, inner @ ..] => {
            judge.error_draft(
                "5.2",
                "it has the tag 61 of CWTs, which lists must not have",
            );
            inner
        }
        tags => tags,
    };
    match tags {
        [tag::SIGN1] => true,
        [] => {
            judge.warn_draft(
                "5.2",
                "it has no tag, as in draft -14: since -15 it must have the tag 18",
            );
            true
        }
        [tag::MAC0] => {
            judge.mac();
            false
        }
        _ => {
            let tags: Vec<_> = tags.iter().map(u64::to_string).collect();
            let text = format!("it has the tag {} instead of 18", tags.join(", then "));
            judge.error_draft("5.2", text);
            false
        }
    }
}

fn typ(judge: &mut Judge<'_>, message: &Sign1) {
    match message.typ() {
        Err(error) => return judge.error_draft("5.2", chain(&error)),
        Ok(None) => return judge.error_draft("5.2", "the header has no typ (16)"),
        Ok(Some(Typ::Text(text))) if text.eq_ignore_ascii_case(cwt::TYPE) => {}
        Ok(Some(Typ::Text(text))) if text.eq_ignore_ascii_case(SHORT_TYPE) => {
            let text = format!(
                "typ (16) is {text}, as in drafts before -08: readers expect {}",
                cwt::TYPE
            );
            judge.warn_draft("5.2", text);
        }
        Ok(Some(Typ::Number(cwt::CONTENT_FORMAT))) => {
            let text = format!(
                "typ (16) is the CoAP number {}: most readers expect {}",
                cwt::CONTENT_FORMAT,
                cwt::TYPE
            );
            judge.warn_draft("5.2", text);
        }
        Ok(Some(Typ::Text(text))) => {
            judge.error_draft("5.2", format!("typ (16) is {text:?}, not {:?}", cwt::TYPE));
        }
        Ok(Some(Typ::Number(number))) => {
            judge.error_draft("5.2", format!("typ (16) is {number}, not {:?}", cwt::TYPE));
        }
    }
    if is_unprotected(message, label::TYPE) {
        judge.error_draft("5.2", "typ (16) is in the header that is not protected");
    }
}

fn algorithm(judge: &mut Judge<'_>, message: &Sign1) -> Option<Algorithm> {
    if is_unprotected(message, label::ALGORITHM) {
        judge.error(HEADER, "alg (1) is in the header that is not protected");
    }
    let error = match message.algorithm() {
        Ok(algorithm) => return Some(algorithm),
        Err(error) => error,
    };
    let number = message
        .parameter(label::ALGORITHM)
        .and_then(|(value, _)| value.as_integer());
    if number.is_some_and(|number| MACS.contains(&number.into())) {
        judge.mac();
    } else if matches!(error, CoseError::UnknownAlgorithm(_)) {
        judge.error("RFC 9053, section 2", chain(&error));
    } else {
        judge.error(HEADER, chain(&error));
    }
    None
}

fn key_id(judge: &mut Judge<'_>, message: &Sign1) {
    match message.key_id() {
        Ok(key_id) => judge.judgement.key_id = key_id.map(diagnostic::key_id),
        Err(error) => judge.error(HEADER, chain(&error)),
    }
}

fn certificates(message: &Sign1) -> Brought {
    match message.certificates() {
        Ok(none) if none.is_empty() => None,
        Ok(certificates) => {
            Some(CertificateChain::from_der(&certificates).map_err(|error| chain(&error)))
        }
        Err(error) => Some(Err(chain(&error))),
    }
}

fn is_unprotected(message: &Sign1, label: i64) -> bool {
    matches!(message.parameter(label), Some((_, Placement::Unprotected)))
}

/// Reads the claims, and takes the list out of them, which may be too long to be copied.
fn read(mut payload: Vec<(Value, Value)>) -> Read {
    let number = Value::from(Name::StatusList.number());
    let list = payload
        .iter_mut()
        .find(|(key, _)| *key == number)
        .map_or(Claim::Missing, |(_, value)| list(value));
    let payload = payload.as_slice();
    let claim = |name: Name| cwt::claim(payload, name.number());
    let time = |name| Claim::of(claim(name).map(NumericDate::from_cbor));
    let known = |key: &Value| Name::ALL.iter().any(|name| *key == name.number().into());
    Read {
        issuer: claim(Name::Issuer).map_or(Claim::Missing, text),
        subject: claim(Name::Subject).map_or(Claim::Missing, text),
        audience: claim(Name::Audience).map_or(Claim::Missing, texts),
        expires_at: time(Name::ExpirationTime),
        not_before: time(Name::NotBefore),
        issued_at: time(Name::IssuedAt),
        ttl: Claim::of(claim(Name::TimeToLive).map(cwt::time_to_live)),
        list,
        reference: Claim::of(read_cwt_reference(payload).transpose()),
        others: others(payload, known, Labels::Claims),
    }
}

fn list(claim: &mut Value) -> Claim<ReadList> {
    let stream = cwt::take_stream(claim).map_err(|error| chain(&error));
    let Value::Map(members) = &*claim else {
        let found = describe(claim);
        return Claim::Wrong(format!("status_list is {found}, not a map"));
    };
    let known = |key: &Value| {
        key.as_text()
            .is_some_and(|name| ["bits", "lst", "aggregation_uri"].contains(&name))
    };
    Claim::Is(ReadList {
        width: cwt::width(claim).map_err(|error| chain(&error)),
        stream,
        aggregation_uri: Claim::of(
            cwt::aggregation_uri(claim)
                .map(|uri| uri.map(str::to_owned))
                .transpose(),
        ),
        others: others(members, known, Labels::Plain),
    })
}

fn text(value: &Value) -> Claim<String> {
    match value {
        Value::Text(text) => Claim::Is(text.clone()),
        other => Claim::Wrong(format!("{}, not a text", describe(other))),
    }
}

/// Reads a text, or an array of texts (RFC 8392, section 3.1.3).
fn texts(value: &Value) -> Claim<Vec<String>> {
    let texts: Option<Vec<String>> = match value {
        Value::Text(text) => Some(vec![text.clone()]),
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_text().map(str::to_owned))
            .collect(),
        _ => None,
    };
    texts.map_or_else(
        || Claim::Wrong("neither a text nor an array of texts".to_owned()),
        Claim::Is,
    )
}

/// The names of the members that are not known.
fn others(
    members: &[(Value, Value)],
    known: impl Fn(&Value) -> bool,
    labels: Labels,
) -> Vec<String> {
    members
        .iter()
        .filter(|(key, _)| !known(key))
        .map(|(key, _)| diagnostic::label(key, labels))
        .collect()
}
