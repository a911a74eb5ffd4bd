//! Judging a Status List Token in CWT format.

use std::borrow::Cow;

use coset::cbor::Value;

use super::claims::judge_claims;
use super::diagnostic::{self, Labels};
use super::format::{ClaimName, TokenFormat};
use super::read::{Claim, ReadClaims, ReadList};
use super::signature::{MAC, Signed, judge_brought, judge_signature};
use super::token_judgement::{Checks, TokenJudgement};
use super::written::Notation;
use crate::audit::brought::{self, unused_keys};
use crate::audit::finding::{Findings, chain, draft};
use crate::sign::cose::{CoseError, CosePart, Placement, Sign1, Typ, label, parse_sign1, tag};
use crate::sign::{Algorithm, CborError, CertificateChain, PublicKey};
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

/// Judges a token in CWT format.
pub(super) fn judge(
    token: Cow<'_, [u8]>,
    notation: Notation,
    checks: &Checks<'_>,
    findings: &mut Findings,
) -> TokenJudgement {
    if notation != Notation::Raw {
        let text = format!(
            "it is written in {}: what is published must be the bytes themselves",
            notation.name()
        );
        findings.warn_draft("8.2", text);
    }
    let longest = checks.limit.bytes().saturating_add(BESIDE_THE_LIST);
    if token.len() as u64 > longest {
        let text = format!(
            "it has {} bytes, and with a list that inflates to {} bytes it has {longest} at most",
            token.len(),
            checks.limit.bytes()
        );
        findings.error("RFC 8949, section 10", text);
    } else {
        let parsed = parse_sign1(&token);
        drop(token);
        match parsed {
            Ok(message) => return parts(message, checks, findings),
            Err(error) => findings.error(form_rule(&error), chain(&error)),
        }
    }
    TokenJudgement {
        format: TokenFormat::Cwt,
        ..TokenJudgement::default()
    }
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

fn parts(mut message: Sign1, checks: &Checks<'_>, findings: &mut Findings) -> TokenJudgement {
    let header = diagnostic::members(message.protected(), Labels::Header);
    let unprotected = diagnostic::members(message.unprotected(), Labels::Header);
    let payload = diagnostic::members(message.payload(), Labels::Claims);
    typ(&message, findings);
    let key_id = key_id(&message, findings);
    if let Err(error) = message.check_extensions() {
        findings.error(HEADER, chain(&error));
    }
    // Certificates that must lead to what is trusted are used.
    let is_unused = |name: &str| {
        (header.contains_key(name) || unprotected.contains_key(name))
            && (checks.trust.is_none() || name != "x5chain")
    };
    unused_keys(draft("11.3"), brought::IN_COSE, is_unused, findings);
    let is_signed = is_signed(&message, findings);
    let algorithm = is_signed.then(|| algorithm(&message, findings)).flatten();
    let claims = read(message.take_payload());
    let brought = certificates(&message);
    let trusted = judge_brought(
        TokenFormat::Cwt,
        brought.as_ref(),
        &claims,
        checks,
        findings,
    );
    if checks.trust.is_some() && is_unprotected(&message, label::CERTIFICATES) {
        findings.warn(
            TokenFormat::Cwt.rules().certificates.rule,
            "x5chain (33) is in the header that is not protected: anybody may have exchanged it",
        );
    }
    let certificates = brought.and_then(Result::ok);
    let message_bytes = message.message();
    let signed = Signed {
        format: TokenFormat::Cwt,
        rule: "RFC 9052, section 4.4",
        algorithm,
        key_id: key_id.as_deref(),
        certificates: certificates.as_ref(),
        trusted: trusted.as_ref(),
        verifies: |key: &PublicKey| key.verify(&message_bytes, message.signature()),
    };
    let signature = judge_signature(&signed, checks, findings);
    drop(message_bytes);
    TokenJudgement {
        header,
        unprotected,
        payload,
        certificates,
        trusted,
        key_id,
        signature,
        ..judge_claims(claims, TokenFormat::Cwt, checks, findings)
    }
}

/// Judges the tags, and tells whether they promise a signature.
fn is_signed(message: &Sign1, findings: &mut Findings) -> bool {
    let tags = match message.tags() {
        [tag::CWT, inner @ ..] => {
            findings.error_draft(
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
            findings.warn_draft(
                "5.2",
                "it has no tag, as in draft -14: since -15 it must have the tag 18",
            );
            true
        }
        [tag::MAC0] => {
            findings.error_draft("11.6", MAC);
            false
        }
        _ => {
            let tags: Vec<_> = tags.iter().map(u64::to_string).collect();
            let text = format!("it has the tag {} instead of 18", tags.join(", then "));
            findings.error_draft("5.2", text);
            false
        }
    }
}

fn typ(message: &Sign1, findings: &mut Findings) {
    match message.typ() {
        Err(error) => return findings.error_draft("5.2", chain(&error)),
        Ok(None) => return findings.error_draft("5.2", "the header has no typ (16)"),
        Ok(Some(Typ::Text(text))) if text.eq_ignore_ascii_case(cwt::TYPE) => {}
        Ok(Some(Typ::Text(text))) if text.eq_ignore_ascii_case(SHORT_TYPE) => {
            let text = format!(
                "typ (16) is {text}, as in drafts before -08: readers expect {}",
                cwt::TYPE
            );
            findings.warn_draft("5.2", text);
        }
        Ok(Some(Typ::Number(cwt::CONTENT_FORMAT))) => {
            let text = format!(
                "typ (16) is the CoAP number {}: most readers expect {}",
                cwt::CONTENT_FORMAT,
                cwt::TYPE
            );
            findings.warn_draft("5.2", text);
        }
        Ok(Some(Typ::Text(text))) => {
            findings.error_draft("5.2", format!("typ (16) is {text:?}, not {:?}", cwt::TYPE));
        }
        Ok(Some(Typ::Number(number))) => {
            findings.error_draft("5.2", format!("typ (16) is {number}, not {:?}", cwt::TYPE));
        }
    }
    if is_unprotected(message, label::TYPE) {
        findings.error_draft("5.2", "typ (16) is in the header that is not protected");
    }
}

fn algorithm(message: &Sign1, findings: &mut Findings) -> Option<Algorithm> {
    if is_unprotected(message, label::ALGORITHM) {
        findings.error(HEADER, "alg (1) is in the header that is not protected");
    }
    let error = match message.algorithm() {
        Ok(algorithm) => return Some(algorithm),
        Err(error) => error,
    };
    let number = message
        .parameter(label::ALGORITHM)
        .and_then(|(value, _)| value.as_integer());
    if number.is_some_and(|number| MACS.contains(&number.into())) {
        findings.error_draft("11.6", MAC);
    } else if matches!(error, CoseError::UnknownAlgorithm(_)) {
        findings.error("RFC 9053, section 2", chain(&error));
    } else {
        findings.error(HEADER, chain(&error));
    }
    None
}

fn key_id(message: &Sign1, findings: &mut Findings) -> Option<String> {
    match message.key_id() {
        Ok(key_id) => key_id.map(diagnostic::key_id),
        Err(error) => {
            findings.error(HEADER, chain(&error));
            None
        }
    }
}

fn certificates(message: &Sign1) -> Option<Result<CertificateChain, String>> {
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
fn read(mut payload: Vec<(Value, Value)>) -> ReadClaims {
    let number = Value::from(ClaimName::STATUS_LIST.number);
    let list = payload
        .iter_mut()
        .find(|(key, _)| *key == number)
        .map_or(Claim::Missing, |(_, value)| list(value));
    let payload = payload.as_slice();
    let claim = |name: ClaimName| cwt::claim(payload, name.number);
    let time = |name| Claim::of(claim(name).map(NumericDate::from_cbor));
    ReadClaims {
        issuer: Claim::text(claim(ClaimName::ISSUER)),
        subject: Claim::text(claim(ClaimName::SUBJECT)),
        audience: Claim::texts(claim(ClaimName::AUDIENCE)),
        expires_at: time(ClaimName::EXPIRES_AT),
        not_before: time(ClaimName::NOT_BEFORE),
        issued_at: time(ClaimName::ISSUED_AT),
        ttl: Claim::of(claim(ClaimName::TIME_TO_LIVE).map(cwt::time_to_live)),
        list,
        reference: Claim::of(read_cwt_reference(payload).transpose()),
        others: others(
            payload,
            &ClaimName::ALL.map(|name| name.number.into()),
            Labels::Claims,
        ),
    }
}

fn list(claim: &mut Value) -> Claim<ReadList> {
    let stream = cwt::take_stream(claim).map_err(|error| chain(&error));
    let Value::Map(members) = &*claim else {
        let found = describe(claim);
        return Claim::Wrong(format!("status_list is {found}, not a map"));
    };
    let aggregation_uri = cwt::aggregation_uri(claim).map(|uri| uri.map(str::to_owned));
    Claim::Is(ReadList {
        width: cwt::width(claim).map_err(|error| chain(&error)),
        stream,
        aggregation_uri: Claim::of(aggregation_uri.transpose()),
        others: others(members, &ReadList::MEMBERS.map(Value::from), Labels::Plain),
    })
}

/// The names of the members that are not known.
fn others(members: &[(Value, Value)], known: &[Value], labels: Labels) -> Vec<String> {
    let keys = members.iter().map(|(key, _)| key);
    keys.filter(|key| !known.contains(key))
        .map(|key| diagnostic::label(key, labels))
        .collect()
}
