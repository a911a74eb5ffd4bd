//! Tokens in JWT format that must be rejected.

use p256::ecdsa::Signature;
use serde_json::{Value, json};
use statuslist::audit::{Checks, Severity, Verdict};
use statuslist::list::{Duration, Timestamp};

use super::super::{
    Case, ENTRIES, FOREIGN, NOW, URI, base64url, case, draft, good, judged, lists, public,
    rejected, signature,
};
use super::{
    claims, good_claims, good_header, good_token, header, list, lst, part, remove, signed,
    with_signature, without,
};

#[test]
fn a_token_without_a_fault() {
    good(good_token().as_bytes());
}

#[test]
fn the_form() {
    let (head, body) = (good_header().to_string(), good_claims().to_string());
    rejected(&[
        case(
            "three parts, not two",
            "RFC 7515, section 7.1",
            good_token().rsplit_once('.').unwrap().0,
        ),
        case(
            "three parts, not four",
            "RFC 7515, section 7.1",
            good_token() + ".AAAA",
        ),
        case(
            "nothing but ASCII",
            "RFC 7515, section 7.1",
            good_token() + "\u{e9}",
        ),
        case(
            "a header without padding",
            "RFC 7515, section 5.2",
            part(0, |text| format!("{text}=")),
        ),
        case(
            "a payload in base64url, not base64",
            "RFC 7515, section 5.2",
            part(1, |text| format!("+{}", &text[1..])),
        ),
        case(
            "a payload without white space",
            "RFC 7515, section 5.2",
            part(1, |text| format!("{}\n{}", &text[..4], &text[4..])),
        ),
        case(
            "a signature without stray bits",
            "RFC 7515, section 5.2",
            // 64 bytes end in 4 bits that belong to no byte.
            part(2, |text| {
                let last = text.chars().last().unwrap();
                let next = char::from(u8::try_from(last).unwrap() + 1);
                format!("{}{next}", &text[..text.len() - 1])
            }),
        ),
        case(
            "a header that is JSON",
            "RFC 7515, section 5.2",
            signed(&head[..head.len() - 1], &body),
        ),
        case(
            "a header that is a JSON object",
            "RFC 7515, section 5.2",
            signed(format!("[{head}]"), &body),
        ),
        case(
            "members of the header once",
            "RFC 7515, section 4",
            signed(head.replacen('{', r#"{"alg":"ES256","#, 1), &body),
        ),
        case(
            "claims once",
            "RFC 7519, section 4",
            signed(&head, body.replacen('{', r#"{"iat":1767222000,"#, 1)),
        ),
        case(
            "members of status_list once",
            "RFC 7519, section 4",
            signed(
                &head,
                body.replacen(r#""bits":1"#, r#""bits":1,"bits":1"#, 1),
            ),
        ),
        case(
            "claims in UTF-8",
            "RFC 7519, section 7.2",
            signed(
                &head,
                body.replacen("example", "\u{e9}xample", 1)
                    .as_bytes()
                    .iter()
                    .map(|byte| if *byte == 0xc3 { 0xff } else { *byte })
                    .collect::<Vec<u8>>(),
            ),
        ),
        case(
            "claims that are JSON",
            "RFC 7519, section 7.2",
            signed(&head, &body[..body.len() - 1]),
        ),
        case(
            "claims and nothing after them",
            "RFC 7519, section 7.2",
            signed(&head, format!("{body}{{}}")),
        ),
        case(
            "claims in a JSON object",
            "RFC 7519, section 7.2",
            signed(&head, format!("[{body}]")),
        ),
    ]);
}

#[test]
fn the_header() {
    let typ = |typ: Value| header(|header| header["typ"] = typ);
    let alg = |alg: Value| header(|header| header["alg"] = alg);
    rejected(&[
        case(
            "a typ",
            draft!("5.1"),
            header(|header| remove(header, "typ")),
        ),
        case(
            "the typ of a list, not of any JWT",
            draft!("5.1"),
            typ("JWT".into()),
        ),
        case(
            "the typ of a list, not of a credential",
            draft!("5.1"),
            typ("dc+sd-jwt".into()),
        ),
        case(
            "the typ of this format",
            draft!("5.1"),
            typ("statuslist+cwt".into()),
        ),
        case(
            "a typ in a string",
            draft!("5.1"),
            typ(json!(["statuslist+jwt"])),
        ),
        case(
            "an alg",
            "RFC 7515, section 4.1.1",
            header(|header| remove(header, "alg")),
        ),
        case(
            "an alg in a string",
            "RFC 7515, section 4.1.1",
            alg(json!(-7)),
        ),
        case(
            "an alg other than none",
            "RFC 8725, section 3.2",
            alg("none".into()),
        ),
        case(
            "none in capitals",
            "RFC 8725, section 3.2",
            alg("NONE".into()),
        ),
        case("none in both", "RFC 8725, section 3.2", alg("nOnE".into())),
        case(
            "an alg that is known",
            "RFC 8725, section 3.1",
            alg("RS256".into()),
        ),
        case(
            "an alg to the letter",
            "RFC 8725, section 3.1",
            alg("es256".into()),
        ),
        case(
            "a signature, not a MAC",
            draft!("11.6"),
            alg("HS256".into()),
        ),
        case(
            "no extension that nobody knows",
            "RFC 7515, section 4.1.11",
            header(|header| {
                header["crit"] = json!(["http://example.com/x"]);
                header["http://example.com/x"] = true.into();
            }),
        ),
        case(
            "no crit without names",
            "RFC 7515, section 4.1.11",
            header(|header| header["crit"] = json!([])),
        ),
        case(
            "a kid in a string",
            "RFC 7515, section 4.1.4",
            header(|header| header["kid"] = 12.into()),
        ),
    ]);
}

#[test]
fn the_signature() {
    const RULE: &str = "RFC 7515, section 5.2";
    let forged = claims(|claims| claims["iat"] = (NOW - 3599).into());
    let other_payload = part(1, |_| forged.split('.').nth(1).unwrap().to_owned());
    let brought = {
        let mut header = good_header();
        header["jwk"] = public(FOREIGN);
        let input = format!(
            "{}.{}",
            base64url(header.to_string()),
            base64url(good_claims().to_string())
        );
        format!(
            "{input}.{}",
            base64url(signature(FOREIGN, input.as_bytes()))
        )
    };
    rejected(&[
        case("a signature", RULE, with_signature(|_, _| vec![])),
        case(
            "the signature of a key that is trusted",
            RULE,
            with_signature(|input, _| signature(FOREIGN, input)),
        ),
        case(
            "a key that is trusted, not the one it brings",
            RULE,
            brought,
        ),
        case("the signature of this payload", RULE, other_payload),
        case(
            "every bit of the signature",
            RULE,
            with_signature(|_, signature| {
                let mut signature = signature.to_vec();
                signature[40] ^= 0x10;
                signature
            }),
        ),
        case(
            "r and s, not DER",
            RULE,
            with_signature(|_, signature| {
                let signature = Signature::from_slice(signature).unwrap();
                signature.to_der().as_bytes().to_vec()
            }),
        ),
        case(
            "r and s, and nothing after them",
            RULE,
            with_signature(|_, signature| [signature, &[0]].concat()),
        ),
        case(
            "r and s that are not 0",
            RULE,
            with_signature(|_, _| vec![0; 64]),
        ),
        case(
            "the algorithm of the key",
            RULE,
            header(|header| header["alg"] = "EdDSA".into()),
        ),
    ]);
}

#[test]
fn the_claims() {
    let claim = |name: &str, value: Value| claims(|claims| claims[name] = value);
    rejected(&[
        case("a sub", draft!("5.1"), without("sub")),
        case("a sub in a string", draft!("5.1"), claim("sub", 7.into()))
            .asked(|checks| checks.uri = None),
        case(
            "a sub that is a uri",
            draft!("5.1"),
            claim("sub", "statuslists/1".into()),
        )
        .asked(|checks| checks.uri = None),
        case(
            "the uri of the credential as sub",
            draft!("8.3"),
            claim("sub", "https://example.com/statuslists/2".into()),
        ),
        case(
            "the uri to the letter: no slash more",
            draft!("8.3"),
            claim("sub", format!("{URI}/").into()),
        ),
        case(
            "the uri to the letter: no other case",
            draft!("8.3"),
            claim("sub", URI.replace("https", "HTTPS").into()),
        ),
        case(
            "the uri to the letter: no escapes",
            draft!("8.3"),
            claim("sub", URI.replace('1', "%31").into()),
        ),
        case(
            "an iss in a string",
            "RFC 7519, section 4.1.1",
            claim("iss", json!({})),
        ),
        case(
            "a reader whom aud names",
            "RFC 7519, section 4.1.3",
            claim("aud", json!(["https://a.example", "https://b.example"])),
        )
        .asked(|checks| checks.audience = Some("https://c.example")),
        case(
            "a reader who has a name at all",
            "RFC 7519, section 4.1.3",
            claim("aud", "https://a.example".into()),
        ),
        case(
            "an aud of strings",
            "RFC 7519, section 4.1.3",
            claim("aud", json!([7])),
        ),
        case("an iat", draft!("5.1"), without("iat")),
        case(
            "an iat that is a number",
            "RFC 7519, section 4.1.6",
            claim("iat", (NOW - 3600).to_string().into()),
        ),
        case(
            "an iat before now",
            draft!("8.3"),
            claim("iat", (NOW + 61).into()),
        ),
        case(
            "an iat that is new enough",
            draft!("8.3"),
            claim("iat", (NOW - 3601).into()),
        )
        .asked(|checks| checks.max_age = Duration::from_seconds(3600)),
        case(
            "an exp that is a number",
            "RFC 7519, section 4.1.4",
            claim("exp", "2026-01-02T00:00:00Z".into()),
        ),
        case(
            "an exp after now",
            draft!("8.3"),
            claim("exp", (NOW - 1).into()),
        ),
        case(
            "an exp after now, not at now",
            draft!("8.3"),
            claim("exp", NOW.into()),
        ),
        case(
            "an exp within the calendar",
            "RFC 7519, section 2",
            claim("exp", json!(1e300)),
        ),
        case(
            "an nbf that is a number",
            "RFC 7519, section 4.1.5",
            claim("nbf", json!(null)),
        ),
        case(
            "an nbf that is over",
            "RFC 7519, section 4.1.5",
            claim("nbf", (NOW + 1).into()),
        ),
        case(
            "a ttl that is a number",
            draft!("5.1"),
            claim("ttl", "43200".into()),
        ),
        case("a ttl above 0", draft!("5.1"), claim("ttl", 0.into())),
        case(
            "a ttl that is not negative",
            draft!("5.1"),
            claim("ttl", (-1).into()),
        ),
        case("a status_list", draft!("5.1"), without("status_list")),
    ]);
}

#[test]
fn the_list() {
    let without = |name: &str| claims(|claims| remove(&mut claims["status_list"], name));
    let encoded = base64url(lists::zlib(&ENTRIES));
    rejected(&[
        case(
            "a status_list that is an object",
            draft!("4.2"),
            claims(|claims| claims["status_list"] = json!([1, encoded])),
        ),
        case("bits", draft!("4.2"), without("bits")),
        case(
            "bits of 1, 2, 4 or 8: not 0",
            draft!("4.2"),
            list("bits", 0.into()),
        ),
        case(
            "bits of 1, 2, 4 or 8: not 3",
            draft!("4.2"),
            list("bits", 3.into()),
        ),
        case(
            "bits of 1, 2, 4 or 8: not 16",
            draft!("4.2"),
            list("bits", 16.into()),
        ),
        case(
            "bits that are an integer",
            draft!("4.2"),
            list("bits", json!(1.0)),
        ),
        case(
            "bits that are no string",
            draft!("4.2"),
            list("bits", "1".into()),
        ),
        case("lst", draft!("4.2"), without("lst")),
        case(
            "lst in a string",
            draft!("4.2"),
            list("lst", json!([120, 218])),
        ),
        case(
            "lst without padding",
            draft!("4.2"),
            list("lst", format!("{encoded}==").into()),
        ),
        case(
            "lst in base64url, not base64",
            draft!("4.2"),
            list("lst", encoded.replacen('e', "/", 1).into()),
        ),
        case(
            "lst without line breaks",
            draft!("4.2"),
            list("lst", format!("{encoded}\n").into()),
        ),
        case(
            "lst of whole bytes",
            draft!("4.2"),
            list("lst", format!("{encoded}AAA").into()),
        ),
        case(
            "lst without stray bits",
            draft!("4.2"),
            list("lst", "eNrbuRgAAhcBXR".into()),
        ),
        case(
            "an aggregation_uri in a string",
            draft!("4.2"),
            list("aggregation_uri", json!(["https://example.com/all"])),
        ),
    ]);
    let broken: Vec<Case> = lists::broken()
        .into_iter()
        .map(|(rule, stream)| case(rule, draft!("4.1"), lst(&stream)))
        .collect();
    rejected(&broken);
}

#[test]
fn a_past_moment() {
    // The token is long expired, and was in force from iat on, until exp.
    let (issued, expired) = (NOW - 20_000, NOW - 10_000);
    let token = claims(|claims| {
        claims["iat"] = issued.into();
        claims["exp"] = expired.into();
        claims["ttl"] = 600.into();
    });
    for asked in [
        (|checks| checks.at = Some(Timestamp::from_second(NOW - 20_000))) as fn(&mut Checks<'_>),
        |checks| checks.at = Some(Timestamp::from_second(NOW - 15_000)),
        |checks| checks.at = Some(Timestamp::from_second(NOW - 10_001)),
    ] {
        let judgement = judged(token.as_bytes(), asked);
        assert_eq!(judgement.findings, []);
        assert_eq!(judgement.verdict(), Verdict::Valid);
    }
    rejected(&[
        case("issued by then", draft!("8.4"), token.as_str())
            .asked(|checks| checks.at = Some(Timestamp::from_second(NOW - 20_001))),
        case("not expired then", draft!("8.4"), token.as_str())
            .asked(|checks| checks.at = Some(Timestamp::from_second(NOW - 9_000))),
        case(
            "not expired at that very second",
            draft!("8.4"),
            token.as_str(),
        )
        .asked(|checks| checks.at = Some(Timestamp::from_second(NOW - 10_000))),
        case("an exp to show it", draft!("8.4"), without("exp"))
            .asked(|checks| checks.at = Some(Timestamp::from_second(NOW - 60))),
        case(
            "in force then",
            "RFC 7519, section 4.1.5",
            claims(|claims| claims["nbf"] = (NOW - 30).into()),
        )
        .asked(|checks| checks.at = Some(Timestamp::from_second(NOW - 60))),
    ]);
}

#[test]
fn an_index_outside_the_list() {
    let judgement = judged(good_token().as_bytes(), |_| {});
    assert_eq!(judgement.entry(0).unwrap().unwrap().value(), 1);
    assert_eq!(judgement.entry(1).unwrap().unwrap().value(), 0);
    assert_eq!(judgement.entry(15).unwrap().unwrap().value(), 1);
    for index in [16, 17, u64::MAX] {
        let finding = judgement.entry(index).unwrap().unwrap_err();
        assert_eq!(finding.severity, Severity::Error);
        let source = draft!("8.3");
        assert_eq!(finding.source, source);
    }
}

#[test]
fn a_list_that_cannot_be_read_has_no_entries() {
    for token in [without("status_list"), list("bits", 3.into()), lst(&[])] {
        assert!(judged(token.as_bytes(), |_| {}).entry(0).is_none());
    }
}
