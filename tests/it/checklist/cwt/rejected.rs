//! Tokens in CWT format that must be rejected.

use coset::cbor::Value;
use p256::ecdsa::Signature;
use statuslist::audit::Severity;
use statuslist::list::{Duration, Timestamp};

use super::super::{
    Case, ENTRIES, FOREIGN, NOW, TRUSTED, URI, base64url, case, draft, good, judged, lists,
    rejected, signature,
};
use super::{
    bytes, changed, claim, claims, encode, encoded_claims, good_claims, good_header, good_parts,
    good_token, header, list, lst, member, message, parameter, parts, payload, remove, set,
    signing_input, tagged, without,
};

#[test]
fn a_token_without_a_fault() {
    good(&good_token());
}

#[test]
fn the_form() {
    const VALIDATION: &str = "RFC 8392, section 7.2";
    const MESSAGE: &str = "RFC 9052, section 4.2";
    const HEADER: &str = "RFC 9052, section 3";
    const MAP: &str = "RFC 8949, section 5.6";
    let token = good_token();
    let encoded_header = encode(&Value::Map(good_header()));
    let encoded_claims = encoded_claims();
    // A map of 7 whose last key stands in it before.
    let claim_twice = |again: &[u8]| {
        let mut twice = encoded_claims.clone();
        assert_eq!(twice[0], 0xa6);
        twice[0] = 0xa7;
        [twice.as_slice(), again].concat()
    };
    rejected(&[
        case("all of its bytes", VALIDATION, &token[..token.len() - 1]),
        case(
            "nothing after it",
            VALIDATION,
            [token.as_slice(), b"\n"].concat(),
        ),
        case(
            "well-formed items",
            VALIDATION,
            [&token[..2], &[0xfc], &token[3..]].concat(),
        ),
        case(
            "an array of 4, not of 3",
            MESSAGE,
            changed(|parts| drop(parts.pop())),
        ),
        case(
            "an array of 4, not of 5",
            MESSAGE,
            changed(|parts| parts.push(Value::Null)),
        ),
        case(
            "an array, not a map",
            MESSAGE,
            encode(&Value::Tag(18, Box::new(Value::Map(good_claims())))),
        ),
        case(
            "a protected header in a byte string",
            HEADER,
            changed(|parts| parts[0] = Value::Map(good_header())),
        ),
        case(
            "a protected header that is a map",
            HEADER,
            message(parts(
                &encode(&Value::Array(vec![])),
                vec![],
                &encoded_claims,
            )),
        ),
        case(
            "a protected header and nothing after it",
            HEADER,
            message(parts(
                &[encoded_header.as_slice(), &[0]].concat(),
                vec![],
                &encoded_claims,
            )),
        ),
        case(
            "an unprotected header that is a map",
            HEADER,
            changed(|parts| parts[1] = Value::Null),
        ),
        case(
            "parameters of the protected header once",
            HEADER,
            message(parts(
                &[&[0xa4], &encoded_header[1..], &[0x01, 0x26]].concat(),
                vec![],
                &encoded_claims,
            )),
        ),
        case(
            "parameters of the unprotected header once",
            MAP,
            header(|_, unprotected| {
                unprotected.extend([(5.into(), 0.into()), (5.into(), 0.into())]);
            }),
        ),
        case(
            "parameters in one header, not in both",
            HEADER,
            header(|_, unprotected| set(unprotected, 4, bytes(*b"12"))),
        ),
        case(
            "a payload that is there",
            MESSAGE,
            changed(|parts| parts[2] = Value::Null),
        ),
        case(
            "a payload in a byte string",
            MESSAGE,
            changed(|parts| parts[2] = Value::Map(good_claims())),
        ),
        case("a payload that is a map", VALIDATION, payload(&[0x80])),
        case(
            "a payload without the tag 24",
            VALIDATION,
            payload(
                &[
                    &[0xd8, 24],
                    encode(&bytes(encoded_claims.clone())).as_slice(),
                ]
                .concat(),
            ),
        ),
        case(
            "a payload and nothing after it",
            VALIDATION,
            payload(&[encoded_claims.as_slice(), &[0]].concat()),
        ),
        case(
            "a payload in UTF-8",
            VALIDATION,
            payload(&claim_twice(&[0x05, 0x61, 0xff])),
        ),
        case(
            "a payload that is not nested without end",
            VALIDATION,
            payload(&claim_twice(
                &[&[0x18, 99], [0x81; 99].as_slice(), &[0]].concat(),
            )),
        ),
        case("claims once", MAP, payload(&claim_twice(&[0x02, 0x60]))),
        case(
            "claims once, however long their keys are written",
            MAP,
            payload(&claim_twice(&[0x19, 0x00, 0x02, 0x60])),
        ),
        case(
            "members of status_list once",
            MAP,
            list(|members| members.push(("bits".into(), 2.into()))),
        ),
        case(
            "a signature in a byte string",
            MESSAGE,
            changed(|parts| parts[3] = "signature".into()),
        ),
    ]);
}

#[test]
fn the_tag() {
    let untagged = encode(&Value::Array(good_parts()));
    rejected(&[
        case("no tag 61", draft!("5.2"), tagged(61, &good_token())),
        case(
            "the tag of a signature, not of a MAC",
            draft!("11.6"),
            tagged(17, &untagged),
        ),
        case(
            "the tag of one signature, not of several",
            draft!("5.2"),
            tagged(98, &untagged),
        ),
        case(
            "the tag of a signature, not of a secret",
            draft!("5.2"),
            tagged(16, &untagged),
        ),
        case("the tag once", draft!("5.2"), tagged(18, &good_token())),
        case(
            "no tag outside",
            draft!("5.2"),
            tagged(55799, &good_token()),
        ),
    ]);
}

#[test]
fn the_header() {
    const RULE: &str = "RFC 9052, section 3.1";
    let move_out = |label: i64| {
        header(|protected, unprotected| {
            let value = remove(protected, label);
            set(unprotected, label, value);
        })
    };
    let gone = |label: i64| {
        header(|protected, _| {
            remove(protected, label);
        })
    };
    rejected(&[
        case("a typ", draft!("5.2"), gone(16)),
        case("a typ that is protected", draft!("5.2"), move_out(16)),
        case(
            "the typ of this format",
            draft!("5.2"),
            parameter(16, "application/statuslist+jwt"),
        ),
        case(
            "the typ of a list, not of any CWT",
            draft!("5.2"),
            parameter(16, "application/cwt"),
        ),
        case(
            "the number of a list, not of any CWT",
            draft!("5.2"),
            parameter(16, 61),
        ),
        case(
            "a typ that is no negative number",
            draft!("5.2"),
            parameter(16, -279),
        ),
        case(
            "a typ in a text, not in a byte string",
            draft!("5.2"),
            parameter(16, bytes(*b"application/statuslist+cwt")),
        ),
        case("an alg", RULE, gone(1)),
        case("an alg that is protected", RULE, move_out(1)),
        case("an alg that is a number", RULE, parameter(1, "ES256")),
        case(
            "an alg that is known",
            "RFC 9053, section 2",
            parameter(1, -37),
        ),
        case(
            "an alg that is assigned",
            "RFC 9053, section 2",
            parameter(1, 0),
        ),
        case("a signature, not a MAC", draft!("11.6"), parameter(1, 5)),
        case(
            "no extension that nobody knows",
            RULE,
            header(|protected, _| {
                set(protected, 2, Value::Array(vec![(-70_000).into()]));
                set(protected, -70_000, true);
            }),
        ),
        case(
            "no extension that is not there",
            RULE,
            parameter(2, Value::Array(vec![33.into()])),
        ),
        case(
            "no crit without labels",
            RULE,
            parameter(2, Value::Array(vec![])),
        ),
        case("no crit that is no array", RULE, parameter(2, 16)),
        case(
            "a crit that is protected",
            RULE,
            header(|_, unprotected| set(unprotected, 2, Value::Array(vec![16.into()]))),
        ),
        case("a kid in a byte string", RULE, parameter(4, "12")),
    ]);
}

#[test]
fn the_signature() {
    const RULE: &str = "RFC 9052, section 4.4";
    let protected = encode(&Value::Map(good_header()));
    let claims = encoded_claims();
    let sign_anew = |secret, input: &[u8]| {
        let signature = signature(secret, input);
        changed(|parts| parts[3] = bytes(signature))
    };
    let context = |context: &str, external: &[u8]| {
        sign_anew(
            TRUSTED,
            &encode(&Value::Array(vec![
                context.into(),
                bytes(protected.clone()),
                bytes(external),
                bytes(claims.clone()),
            ])),
        )
    };
    let input = signing_input(&protected, &claims);
    let valid = signature(TRUSTED, &input);
    let other_claims = {
        let mut claims = good_claims();
        set(&mut claims, 6, NOW - 3599);
        encode(&Value::Map(claims))
    };
    let other_header = {
        let mut header = good_header();
        set(&mut header, 4, bytes(*b"13"));
        encode(&Value::Map(header))
    };
    let mut flipped = valid.clone();
    flipped[40] ^= 0x10;
    rejected(&[
        case(
            "a signature",
            RULE,
            changed(|parts| parts[3] = bytes(vec![])),
        ),
        case(
            "the signature of a key that is trusted",
            RULE,
            sign_anew(FOREIGN, &input),
        ),
        case(
            "every bit of the signature",
            RULE,
            changed(|parts| parts[3] = bytes(flipped)),
        ),
        case(
            "r and s, not DER",
            RULE,
            changed(|parts| {
                let signature = Signature::from_slice(&valid).unwrap();
                parts[3] = bytes(signature.to_der().as_bytes());
            }),
        ),
        case(
            "the signature of this payload",
            RULE,
            changed(|parts| parts[2] = bytes(other_claims)),
        ),
        case(
            "the signature of this header",
            RULE,
            changed(|parts| parts[0] = bytes(other_header)),
        ),
        case(
            "a signature over the structure, not over its parts",
            RULE,
            sign_anew(TRUSTED, &[protected.as_slice(), &claims].concat()),
        ),
        case(
            "a signature over the payload alone is none",
            RULE,
            sign_anew(TRUSTED, &claims),
        ),
        case(
            "the context of one signature",
            RULE,
            context("Signature", &[]),
        ),
        case("no external data", RULE, context("Signature1", b"external")),
        case("the algorithm of the key", RULE, parameter(1, -35)),
    ]);
}

#[test]
fn the_claims() {
    let tag_1 = Value::Tag(1, Box::new((NOW - 3600).into()));
    rejected(&[
        case("a sub", draft!("5.2"), without(2)),
        case(
            "claims by number, not by name",
            draft!("5.2"),
            claims(|claims| {
                let value = remove(claims, 6);
                set(claims, "iat", value);
            }),
        ),
        case("a sub in a text", draft!("5.2"), claim(2, bytes(URI)))
            .asked(|checks| checks.uri = None),
        case(
            "a sub that is a uri",
            draft!("5.2"),
            claim(2, "statuslists/1"),
        )
        .asked(|checks| checks.uri = None),
        case(
            "the uri of the credential as sub",
            draft!("8.3"),
            claim(2, "https://example.com/statuslists/2"),
        ),
        case(
            "the uri to the letter",
            draft!("8.3"),
            claim(2, "https://EXAMPLE.com/statuslists/1"),
        ),
        case("an iss in a text", "RFC 8392, section 3.1.1", claim(1, 7)),
        case(
            "a reader whom aud names",
            "RFC 8392, section 3.1.3",
            claim(3, Value::Array(vec!["https://a.example".into()])),
        )
        .asked(|checks| checks.audience = Some("https://c.example")),
        case(
            "a reader who has a name at all",
            "RFC 8392, section 3.1.3",
            claim(3, "https://a.example"),
        ),
        case(
            "an aud of texts",
            "RFC 8392, section 3.1.3",
            claim(3, bytes(*b"a")),
        ),
        case("an iat", draft!("5.2"), without(6)),
        case(
            "an iat that is a number",
            "RFC 8392, section 3.1.6",
            claim(6, "1767222000"),
        ),
        case(
            "an iat without a tag",
            "RFC 8392, section 3.1.6",
            claim(6, tag_1),
        ),
        case("an iat before now", draft!("8.3"), claim(6, NOW + 61)),
        case(
            "an iat that is new enough",
            draft!("8.3"),
            claim(6, NOW - 3601),
        )
        .asked(|checks| checks.max_age = Duration::from_seconds(3600)),
        case(
            "an exp that is a number",
            "RFC 8392, section 3.1.4",
            claim(4, Value::Null),
        ),
        case(
            "an exp that is finite",
            "RFC 8392, section 3.1.4",
            claim(4, f64::INFINITY),
        ),
        case("an exp after now", draft!("8.3"), claim(4, NOW - 1)),
        case("an exp after now, not at now", draft!("8.3"), claim(4, NOW)),
        case(
            "an exp within the calendar",
            "RFC 8392, section 2",
            claim(4, u64::MAX),
        ),
        case(
            "an nbf that is a number",
            "RFC 8392, section 3.1.5",
            claim(5, "now"),
        ),
        case(
            "an nbf that is over",
            "RFC 8392, section 3.1.5",
            claim(5, NOW + 1),
        ),
        case("a ttl above 0", draft!("5.2"), claim(65534, 0)),
        case(
            "a ttl that is not negative",
            draft!("5.2"),
            claim(65534, -1),
        ),
        case(
            "a ttl that is an integer",
            draft!("5.2"),
            claim(65534, 43_200.0),
        ),
        case(
            "a ttl that is no text",
            draft!("5.2"),
            claim(65534, "43200"),
        ),
        case("a status_list", draft!("5.2"), without(65533)),
        case("issued by then", draft!("8.4"), good_token())
            .asked(|checks| checks.at = Some(Timestamp::from_second(NOW - 3601))),
        case("not expired then", draft!("8.4"), good_token())
            .asked(|checks| checks.at = Some(Timestamp::from_second(NOW + 86_400))),
        case("an exp to show it", draft!("8.4"), without(4))
            .asked(|checks| checks.at = Some(Timestamp::from_second(NOW))),
    ]);
}

#[test]
fn the_list() {
    let gone = |name: &str| {
        list(|members| {
            remove(members, name);
        })
    };
    let encoded = base64url(lists::zlib(&ENTRIES));
    rejected(&[
        case(
            "a status_list that is a map",
            draft!("4.3"),
            claim(65533, bytes(*b"\xa0")),
        ),
        case("bits", draft!("4.3"), gone("bits")),
        case(
            "bits of 1, 2, 4 or 8: not 0",
            draft!("4.3"),
            member("bits", 0),
        ),
        case(
            "bits of 1, 2, 4 or 8: not 3",
            draft!("4.3"),
            member("bits", 3),
        ),
        case(
            "bits of 1, 2, 4 or 8: not 9",
            draft!("4.3"),
            member("bits", 9),
        ),
        case(
            "bits that are an integer",
            draft!("4.3"),
            member("bits", 1.0),
        ),
        case("bits that are no text", draft!("4.3"), member("bits", "1")),
        case(
            "bits by name, not by number",
            draft!("4.3"),
            list(|members| {
                let bits = remove(members, "bits");
                set(members, 1, bits);
            }),
        ),
        case("lst", draft!("4.3"), gone("lst")),
        case(
            "lst in bytes, not in base64url",
            draft!("4.3"),
            member("lst", encoded),
        ),
        case(
            "lst in bytes, not in an array",
            draft!("4.3"),
            member("lst", Value::Array(vec![0x78.into(), 0xda.into()])),
        ),
        case(
            "an aggregation_uri in a text",
            draft!("4.3"),
            member("aggregation_uri", bytes(*b"https://example.com/all")),
        ),
        case(
            "lst of bytes, not of their base64url",
            draft!("4.1"),
            lst(base64url(lists::zlib(&ENTRIES)).into_bytes()),
        ),
    ]);
    let broken: Vec<Case> = lists::broken()
        .into_iter()
        .map(|(rule, stream)| case(rule, draft!("4.1"), lst(stream)))
        .collect();
    rejected(&broken);
}

#[test]
fn an_index_outside_the_list() {
    let judgement = judged(&good_token(), |_| {});
    assert_eq!(judgement.entry(15).unwrap().unwrap().value(), 1);
    for index in [16, u64::MAX] {
        let finding = judgement.entry(index).unwrap().unwrap_err();
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.source, draft!("8.3"));
    }
}
