//! Tokens in CWT format that readers need not reject, and what is said of them; and what is no
//! list at all.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use coset::cbor::Value;
use statuslist::audit::{Severity, TokenFormat, Verdict};

use super::super::{
    Case, NOW, URI, base64url, case, certificate, draft, good, judged, lists, tolerated,
};
use super::{
    bytes, claim, claims, encode, good_parts, good_token, header, lst, member, message, parameter,
    remove, set, without,
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_is_tolerated_with_a_warning() {
    let token = good_token();
    tolerated(
        Severity::Warning,
        &[
            case("no tag", draft!("5.2"), encode(&Value::Array(good_parts()))),
            case(
                "the short typ",
                draft!("5.2"),
                parameter(16, "statuslist+cwt"),
            ),
            case("the CoAP number as typ", draft!("5.2"), parameter(16, 279)),
            case("hexadecimal digits", draft!("8.2"), hex(&token)),
            case(
                "hexadecimal digits in capitals",
                draft!("8.2"),
                hex(&token).to_uppercase() + "\n",
            ),
            case("base64", draft!("8.2"), STANDARD.encode(&token)),
            case(
                "base64 without padding",
                draft!("8.2"),
                STANDARD_NO_PAD.encode(&token),
            ),
            case("base64url", draft!("8.2"), base64url(&token)),
            case("no exp", draft!("5.2"), without(4)),
            case("no ttl", draft!("5.2"), without(65534)),
            case(
                "a ttl that nobody can use up",
                draft!("13.7"),
                claim(65534, 86_400 + 3600 + 1),
            ),
            case(
                "a ttl that makes readers ask all the time",
                draft!("11.5"),
                claim(65534, 9),
            ),
            case(
                "a status that nobody registered",
                draft!("7.1"),
                claim(
                    65533,
                    Value::Map(vec![
                        ("bits".into(), 8.into()),
                        ("lst".into(), bytes(lists::zlib(&[0, 255]))),
                    ]),
                ),
            ),
        ],
    );
    let unusual: Vec<Case> = lists::unusual()
        .into_iter()
        .map(|(rule, stream)| case(rule, draft!("4.1"), lst(stream)))
        .collect();
    tolerated(Severity::Warning, &unusual);
}

#[test]
fn what_is_only_noted() {
    let certificate_bytes = || bytes(STANDARD.decode(certificate()).unwrap());
    tolerated(
        Severity::Note,
        &[
            case(
                "a certificate in the header",
                draft!("11.3"),
                parameter(33, certificate_bytes()),
            ),
            case(
                "a certificate that is not protected",
                draft!("11.3"),
                header(|_, unprotected| set(unprotected, 33, certificate_bytes())),
            ),
            case(
                "a place of certificates",
                draft!("11.3"),
                parameter(35, "https://example.com/chain.pem"),
            ),
            case(
                "a claim that nobody defined",
                draft!("5.2"),
                claim(-70_000, 7),
            ),
            case(
                "a claim by a name that belongs to a number",
                draft!("5.2"),
                claims(|claims| set(claims, "sub", "https://example.com/other")),
            ),
            case(
                "a member of status_list that nobody defined",
                draft!("4.3"),
                member("size", 16),
            ),
        ],
    );
}

#[test]
fn what_nobody_minds() {
    let unprotected_kid = header(|protected, unprotected| {
        let kid = remove(protected, 4);
        set(unprotected, 4, kid);
    });
    // Definite lengths and shortest numbers are not asked for.
    let long_numbers = {
        let mut parts = good_parts();
        let array = Value::Array(std::mem::take(&mut parts));
        let token = encode(&array);
        [&[0xd8, 18, 0x98, 4], &token[1..]].concat()
    };
    let without_end = {
        let token = encode(&Value::Array(good_parts()));
        [&[0xd2, 0x9f], &token[1..], &[0xff]].concat()
    };
    for token in [
        unprotected_kid,
        long_numbers,
        without_end,
        parameter(16, "Application/StatusList+CWT"),
        parameter(1, -9),
        parameter(2, Value::Array(vec![16.into()])),
        header(|protected, _| {
            remove(protected, 4);
        }),
        without(1),
        claim(7, bytes(*b"id")),
        claim(6, 1_767_222_000.5),
        claim(5, NOW),
        member("aggregation_uri", "https://example.com/all"),
    ] {
        good(&token);
    }
    let for_c = claim(3, Value::Array(vec!["https://c.example".into()]));
    let judgement = judged(&for_c, |checks| checks.audience = Some("https://c.example"));
    assert_eq!(judgement.findings, []);
}

#[test]
fn what_it_says_is_shown_by_name() {
    let token = claims(|claims| {
        set(claims, -70_000, bytes(vec![1, 0xab]));
        set(claims, "sub", 1);
        set(claims, "7", Value::Tag(24, Box::new(Value::Null)));
        set(claims, 70_000, Value::Map(vec![(1.into(), true.into())]));
    });
    let judgement = judged(&token, |_| {});
    assert_eq!(judgement.format, TokenFormat::Cwt);
    let header = serde_json::json!({
        "alg": "ES256", "kid": "12", "typ": "application/statuslist+cwt",
    });
    assert_eq!(serde_json::Value::Object(judgement.header), header);
    let names: Vec<_> = judgement.payload.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "sub",
            "iss",
            "iat",
            "exp",
            "ttl",
            "status_list",
            "-70000",
            "\"sub\"",
            "\"7\"",
            "70000"
        ]
    );
    assert_eq!(judgement.payload["sub"], URI);
    assert_eq!(judgement.payload["-70000"], "h'01ab'");
    let tagged = serde_json::json!({"tag": 24, "value": null});
    assert_eq!(judgement.payload["\"7\""], tagged);
    assert_eq!(judgement.payload["70000"]["1"], true);

    let judgement = judged(&parameter(4, bytes(vec![0, 1])), |_| {});
    assert_eq!(judgement.key_id.as_deref(), Some("h'0001'"));
}

#[test]
fn a_credential_is_no_list() {
    let credential = |status: Value| {
        claims(|claims| {
            remove(claims, 65533);
            set(claims, 65535, status);
        })
    };
    let reference = |index: Value, uri: Value| {
        let reference = vec![("idx".into(), index), ("uri".into(), uri)];
        Value::Map(vec![("status_list".into(), Value::Map(reference))])
    };
    let sources = |token: &[u8]| -> Vec<String> {
        let judgement = judged(token, |_| {});
        assert_eq!(judgement.verdict(), Verdict::Rejected);
        let errors = judgement.findings.into_iter();
        errors
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.source)
            .collect()
    };
    let good = credential(reference(7.into(), URI.into()));
    assert_eq!(sources(&good), [draft!("5.2")]);
    let found = judged(&good, |_| {}).reference.unwrap();
    assert_eq!((found.index, found.uri.as_str()), (7, URI));
    for status in [
        Value::Null,
        reference((-7).into(), URI.into()),
        reference(7.0.into(), URI.into()),
        reference(7.into(), bytes(URI)),
        reference(7.into(), "lists/1".into()),
    ] {
        assert_eq!(sources(&credential(status)), [draft!("5.2"), draft!("6.3")]);
    }
}

#[test]
fn an_empty_protected_header_is_read() {
    let empty = message(super::parts(&[], vec![], &super::encoded_claims()));
    let judgement = judged(&empty, |_| {});
    assert!(judgement.is_readable());
    let sources: Vec<_> = judgement
        .findings
        .iter()
        .map(|finding| finding.source.as_str())
        .collect();
    assert_eq!(sources, [draft!("5.2"), "RFC 9052, section 3.1"]);
}
