//! Tokens in JWT format that readers need not reject, and what is said of them; and what is no
//! list at all.

use serde_json::{Value, json};
use statuslist::audit::{Severity, Verdict};

use super::super::{
    Case, NOW, TRUSTED, URI, base64url, case, certificate, draft, good, judged, lists, public,
    tolerated,
};
use super::{claims, good_token, header, list, lst, remove, without};

#[test]
fn what_is_tolerated_with_a_warning() {
    let lifetime = |exp: i64, ttl: Value| {
        claims(|claims| {
            claims["exp"] = exp.into();
            claims["ttl"] = ttl;
        })
    };
    tolerated(
        Severity::Warning,
        &[
            case(
                "a line break after the token",
                draft!("8.2"),
                good_token() + "\n",
            ),
            case(
                "the whole media type as typ",
                draft!("5.1"),
                header(|header| header["typ"] = "application/statuslist+jwt".into()),
            ),
            case("no exp", draft!("5.1"), without("exp")),
            case("no ttl", draft!("5.1"), without("ttl")),
            case(
                "a ttl that nobody can use up",
                draft!("13.7"),
                lifetime(NOW + 3600, 7201.into()),
            ),
            case(
                "a ttl that makes readers ask all the time",
                draft!("11.5"),
                lifetime(NOW + 3600, json!(0.5)),
            ),
            case(
                "a validity of more than a year",
                draft!("11.5"),
                lifetime(NOW + 366 * 86_400, 43_200.into()),
            ),
            case(
                "a list without entries",
                draft!("4.1"),
                lst(&lists::zlib(&[])),
            ),
            case(
                "a status that nobody registered, of 4 bits",
                draft!("7.1"),
                claims(|claims| {
                    let lst = base64url(lists::zlib(&[0x40]));
                    claims["status_list"] = json!({"bits": 4, "lst": lst});
                }),
            ),
            case(
                "a status that nobody registered, of 8 bits",
                draft!("7.1"),
                claims(|claims| {
                    let lst = base64url(lists::zlib(&[0, 1, 2, 0x10]));
                    claims["status_list"] = json!({"bits": 8, "lst": lst});
                }),
            ),
        ],
    );
    let unusual: Vec<Case> = lists::unusual()
        .into_iter()
        .map(|(rule, stream)| case(rule, draft!("4.1"), lst(&stream)))
        .collect();
    tolerated(Severity::Warning, &unusual);
}

#[test]
fn what_is_only_noted() {
    let brought = |name: &str, value: Value| header(|header| header[name] = value);
    tolerated(
        Severity::Note,
        &[
            case(
                "a key in the header",
                draft!("11.3"),
                brought("jwk", public(TRUSTED)),
            ),
            case(
                "certificates in the header",
                draft!("11.3"),
                brought("x5c", json!([certificate()])),
            ),
            case(
                "a place of keys",
                draft!("11.3"),
                brought("jku", "https://example.com/jwks.json".into()),
            ),
            case(
                "a place of certificates",
                draft!("11.3"),
                brought("x5u", "https://example.com/chain.pem".into()),
            ),
            case(
                "a claim that nobody defined",
                draft!("5.1"),
                claims(|claims| claims["revision"] = 7.into()),
            ),
            case(
                "a member of status_list that nobody defined",
                draft!("4.2"),
                list("size", 16.into()),
            ),
        ],
    );
}

#[test]
fn what_nobody_minds() {
    let application_specific = base64url(lists::zlib(&[0x10, 0x32, 0xdc, 0xfe]));
    for token in [
        header(|header| header["typ"] = "StatusList+JWT".into()),
        header(|header| remove(header, "kid")),
        without("iss"),
        claims(|claims| claims["iss"] = "https://somebody.example".into()),
        claims(|claims| claims["jti"] = "7".into()),
        claims(|claims| claims["iat"] = (NOW + 60).into()),
        claims(|claims| claims["iat"] = json!(1_767_222_000.5)),
        claims(|claims| {
            claims["exp"] = (NOW + 1).into();
            claims["ttl"] = 3601.into();
        }),
        claims(|claims| claims["nbf"] = NOW.into()),
        claims(|claims| claims["ttl"] = json!(43_200.5)),
        claims(|claims| {
            claims["status_list"] = json!({"bits": 4, "lst": application_specific});
        }),
        list("aggregation_uri", "https://example.com/all".into()),
    ] {
        good(token.as_bytes());
    }
    for aud in [
        json!("https://c.example"),
        json!(["x", "https://c.example"]),
    ] {
        let token = claims(|claims| claims["aud"] = aud);
        let judgement = judged(token.as_bytes(), |checks| {
            checks.audience = Some("https://c.example");
        });
        assert_eq!(judgement.findings, []);
        assert_eq!(judgement.verdict(), Verdict::Valid);
    }
}

#[test]
fn a_credential_is_no_list() {
    let credential = |status: Value| {
        claims(|claims| {
            remove(claims, "status_list");
            claims["status"] = status;
        })
    };
    let sources = |token: &str| -> Vec<String> {
        let judgement = judged(token.as_bytes(), |_| {});
        assert_eq!(judgement.verdict(), Verdict::Rejected);
        let errors = judgement.findings.into_iter();
        errors
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.source)
            .collect()
    };
    let good = credential(json!({"status_list": {"idx": 7, "uri": URI}}));
    assert_eq!(sources(&good), [draft!("5.1")]);
    let reference = judged(good.as_bytes(), |_| {}).reference.unwrap();
    assert_eq!((reference.index, reference.uri.as_str()), (7, URI));
    for status in [
        json!("revoked"),
        json!({"status_list": 7}),
        json!({"status_list": {"uri": URI}}),
        json!({"status_list": {"idx": 7}}),
        json!({"status_list": {"idx": -7, "uri": URI}}),
        json!({"status_list": {"idx": "7", "uri": URI}}),
        json!({"status_list": {"idx": 7.5, "uri": URI}}),
        json!({"status_list": {"idx": 7, "uri": 1}}),
        json!({"status_list": {"idx": 7, "uri": "1"}}),
    ] {
        assert_eq!(sources(&credential(status)), [draft!("5.1"), draft!("6.2")]);
    }
    // Another mechanism is none of ours.
    let other = credential(json!({"identifier_list": {"id": "7"}}));
    assert_eq!(sources(&other), [draft!("5.1")]);
    assert_eq!(judged(other.as_bytes(), |_| {}).reference, None);
}
