//! The rules for certificates that a token brings, where they must lead to a trust anchor.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use coset::cbor::Value as Cbor;
use serde_json::{Value, json};
use statuslist::audit::{Checks, Severity, Trust, Verdict};
use statuslist::list::Timestamp;
use statuslist::sign::TrustAnchors;

use super::{Case, case, certificate, cwt, draft, jwt, rejected, tolerated};

const JOSE: &str = "RFC 7515, section 4.1.6";
const COSE: &str = "RFC 9360, section 2";

static ANCHORS: LazyLock<TrustAnchors> = LazyLock::new(|| {
    let pem = include_bytes!("../../vectors/certificates/intermediate.pem");
    TrustAnchors::parse(pem).unwrap()
});

static OTHER_ANCHORS: LazyLock<TrustAnchors> = LazyLock::new(|| {
    let pem = include_bytes!("../../vectors/certificates/other-root.pem");
    TrustAnchors::parse(pem).unwrap()
});

/// Asks for a certificate in the place of a key.
fn trusting(checks: &mut Checks<'_>) {
    checks.keys = None;
    checks.trust = Some(Trust {
        anchors: &ANCHORS,
        purpose: None,
    });
}

fn trusting_others(checks: &mut Checks<'_>) {
    checks.trust = Some(Trust {
        anchors: &OTHER_ANCHORS,
        purpose: None,
    });
}

fn for_a_purpose(checks: &mut Checks<'_>) {
    checks.trust = Some(Trust {
        anchors: &ANCHORS,
        purpose: Some("1.3.6.1.4.1.32473.1".parse().unwrap()),
    });
}

/// Beyond the last second of the certificate, at which the token is not expired.
fn in_2046(checks: &mut Checks<'_>) {
    trusting(checks);
    checks.now = Timestamp::from_second(2_398_377_600);
}

fn with_x5c(x5c: Value) -> String {
    jwt::header(|header| header["x5c"] = x5c)
}

fn with_x5chain(value: Cbor) -> Vec<u8> {
    cwt::header(|protected, _| cwt::set(protected, 33, value))
}

fn der() -> Cbor {
    Cbor::Bytes(STANDARD.decode(certificate()).unwrap())
}

#[test]
fn a_certificate_that_leads_to_an_anchor() {
    for token in [
        with_x5c(json!([certificate()])).into_bytes(),
        with_x5chain(der()),
    ] {
        for asked in [trusting as fn(&mut Checks<'_>), both] {
            let judgement = case("nothing", "nowhere", token.clone())
                .asked(asked)
                .judged();
            assert_eq!(judgement.findings, []);
            assert_eq!(judgement.verdict(), Verdict::Valid);
            assert_eq!(
                judgement.trusted.unwrap().anchor,
                "CN=Test intermediate,O=Example"
            );
        }
    }
}

/// Asks for a certificate and for a key.
fn both(checks: &mut Checks<'_>) {
    let keys = checks.keys;
    trusting(checks);
    checks.keys = keys;
}

#[test]
fn certificates_that_are_not_trusted() {
    let asked = |asked: fn(&mut Checks<'_>)| move |case: Case| case.asked(asked);
    let cases = [
        case("a certificate", draft!("10"), jwt::good_token()),
        case("a certificate", draft!("10"), cwt::good_token()),
        case("an array", JOSE, with_x5c(certificate().into())),
        case("one at least", JOSE, with_x5c(json!([]))),
        case(
            "base64",
            JOSE,
            with_x5c(json!([certificate().replace('/', "_")])),
        ),
        case("DER", JOSE, with_x5c(json!(["MIIB"]))),
        case("bytes", COSE, with_x5chain(certificate().into())),
        case("DER", COSE, with_x5chain(Cbor::Bytes(vec![0x30, 0x00]))),
    ];
    rejected(&cases.map(asked(trusting)));
    let good = || {
        [
            with_x5c(json!([certificate()])).into_bytes(),
            with_x5chain(der()),
        ]
    };
    let cases = |rule, source| good().map(|token| case(rule, source, token));
    let (path, purpose) = ("RFC 5280, section 6.1.3", "RFC 5280, section 4.2.1.12");
    rejected(&cases("a path", path).map(asked(trusting_others)));
    rejected(&cases("a purpose", purpose).map(asked(for_a_purpose)));
}

#[test]
fn the_certificate_of_another_key() {
    let pem = include_str!("../../vectors/certificates/leaf.pem");
    let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let other = lines.concat();
    let x5chain = Cbor::Bytes(STANDARD.decode(&other).unwrap());
    rejected(&[
        case("its key", "RFC 7515, section 5.2", with_x5c(json!([other]))).asked(trusting),
        case(
            "its key",
            "RFC 9052, section 4.4",
            with_x5chain(x5chain.clone()),
        )
        .asked(both),
    ]);
    // Where the certificate is not asked for, some readers may do so.
    tolerated_beside_a_note(&case("its key", JOSE, with_x5c(json!([other]))));
    tolerated_beside_a_note(&case("its key", COSE, with_x5chain(x5chain)));
    tolerated_beside_a_note(&case("DER", JOSE, with_x5c(json!(["MIIB"]))));
}

/// The token is valid, with one warning, and with the note that its certificate was not used.
#[track_caller]
fn tolerated_beside_a_note(case: &Case) {
    let judgement = case.judged();
    let found: Vec<_> = judgement
        .findings
        .iter()
        .map(|finding| (finding.severity, finding.source.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Severity::Warning, case.source),
            (Severity::Note, draft!("11.3")),
        ]
    );
    assert_eq!(judgement.verdict(), Verdict::Valid);
}

#[test]
fn a_certificate_that_anybody_may_have_exchanged() {
    let unprotected = cwt::header(|_, unprotected| cwt::set(unprotected, 33, der()));
    tolerated(
        Severity::Warning,
        &[case("protection", COSE, unprotected).asked(trusting)],
    );
}

#[test]
fn a_certificate_that_is_no_longer_in_force() {
    let mut claims = jwt::good_claims();
    claims["exp"] = 2_500_000_000_i64.into();
    let header = json!({"alg": "ES256", "typ": "statuslist+jwt", "x5c": [certificate()]});
    let token = jwt::signed(header.to_string(), claims.to_string());
    rejected(&[case("to be in force", "RFC 5280, section 4.1.2.5", token).asked(in_2046)]);
}
