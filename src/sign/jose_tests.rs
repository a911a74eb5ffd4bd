use proptest::prelude::*;
use serde_json::json;

use super::jose::{join_compact, signing_input};
use super::*;
use crate::wire::base64url;

/// The response body of draft-ietf-oauth-status-list-21, section 8.2.
const EXAMPLE: &str = concat!(
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEyIiwidHlwIjoic3RhdHVzbGlzdCtqd3QifQ.",
    "eyJleHAiOjIyOTE3MjAxNzAsImlhdCI6MTY4NjkyMDE3MCwiaXNzIjoiaHR0cHM6Ly9leGFtcGxlLmNvbSIsInN0",
    "YXR1c19saXN0Ijp7ImJpdHMiOjEsImxzdCI6ImVOcmJ1UmdBQWhjQlhRIn0sInN1YiI6Imh0dHBzOi8vZXhhbXBs",
    "ZS5jb20vc3RhdHVzbGlzdHMvMSIsInR0bCI6NDMyMDB9.",
    "2lKUUNG503R9htu4aHAYi7vjmr3sgApbfoDvPrl65N3URUO1EYqqQl45Jfzd-Av4QzlKa3oVALpLwOEUOq-U_g",
);

/// The key of the examples in draft-ietf-oauth-status-list-21.
const EXAMPLE_KEY: &[u8] = br#"{"kty":"EC","crv":"P-256","kid":"12","use":"sig","alg":"ES256",
    "d":"xzUEdsyLosZF0acZGRAjTKImb0lQvAvssDK5XIZELd0",
    "x":"I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo",
    "y":"6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M"}"#;

fn example_key() -> PrivateKey {
    PrivateKey::parse(EXAMPLE_KEY).unwrap()
}

fn refusal(text: &str) -> JoseError {
    parse_compact(text.as_bytes()).unwrap_err()
}

/// Makes a token with this header and payload.
fn sign_compact(key: &PrivateKey, header: &JoseHeader, payload: &[u8]) -> String {
    let unsigned = Unsigned::compact(key.algorithm(), header, payload);
    let signature = key.sign(unsigned.message());
    let token = unsigned.finish(key.public(), &signature).unwrap();
    String::from_utf8(token).unwrap()
}

/// Makes a token with any header, signed with the example key.
fn signed(header: &str) -> String {
    let input = format!("{}.e30", base64url::encode(header.as_bytes()));
    let signature = example_key().sign(input.as_bytes());
    join_compact(input, &signature)
}

#[test]
fn the_example_of_the_draft_verifies() {
    let token = parse_compact(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(token.verify(example_key().public()), Ok(()));
    assert_eq!(token.algorithm(), Ok(Algorithm::Es256));
    assert_eq!(token.header()["typ"], "statuslist+jwt");
    assert_eq!(token.header()["kid"], example_key().public().key_id());
    assert_eq!(token.payload()["status_list"]["bits"], 1);
    assert_eq!(token.text(), EXAMPLE);
    let (input, _) = EXAMPLE.rsplit_once('.').unwrap();
    assert_eq!(token.signing_input(), input.as_bytes());
}

#[test]
fn no_changed_byte_of_the_example_verifies() {
    let key = example_key();
    for position in 0..EXAMPLE.len() {
        for mask in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
            let mut changed = EXAMPLE.as_bytes().to_vec();
            changed[position] ^= mask;
            let verified = parse_compact(&changed).and_then(|token| token.verify(key.public()));
            assert!(verified.is_err(), "byte {position} changed by {mask}");
        }
    }
}

/// RFC 8037, appendices A.1 and A.4.
#[test]
fn the_example_of_rfc8037_is_reproduced() {
    let key = PrivateKey::parse(
        br#"{"kty":"OKP","crv":"Ed25519",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    )
    .unwrap();
    let token = sign_compact(&key, &JoseHeader::default(), b"Example of Ed25519 signing");
    assert_eq!(
        token,
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
         hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
    let payload = refusal(&token);
    assert!(matches!(
        payload,
        JoseError::Json {
            part: JosePart::Payload,
            ..
        }
    ));
}

#[test]
fn the_header_has_a_fixed_order_and_no_member_twice() {
    let mut header = JoseHeader {
        typ: Some("statuslist+jwt".to_owned()),
        kid: Some("12".to_owned()),
        extra: serde_json::Map::new(),
    };
    let (first, _) = EXAMPLE.split_once('.').unwrap();
    let input = signing_input(Algorithm::Es256, &header, b"{}");
    assert_eq!(input, format!("{first}.e30"));

    header.extra.insert("x5c".to_owned(), json!(["MII"]));
    header.extra.insert("alg".to_owned(), json!("none"));
    let token = sign_compact(&example_key(), &header, b"{}");
    let token = parse_compact(token.as_bytes()).unwrap();
    let names: Vec<_> = token.header().keys().collect();
    assert_eq!(names, ["alg", "kid", "typ", "x5c"]);
    assert_eq!(token.algorithm(), Ok(Algorithm::Es256));
}

#[test]
fn white_space_is_told_apart_and_can_be_trimmed() {
    for (text, expected) in [
        (format!("{EXAMPLE}\n"), JoseError::TrailingNewline),
        (format!("{EXAMPLE}\r\n"), JoseError::TrailingNewline),
        (format!("{EXAMPLE}\n\n"), JoseError::SurroundingWhiteSpace),
        (format!(" {EXAMPLE}"), JoseError::SurroundingWhiteSpace),
        (format!("\n{EXAMPLE}\n"), JoseError::SurroundingWhiteSpace),
    ] {
        assert_eq!(refusal(&text), expected);
        let (trimmed, found) = trim_compact(text.as_bytes());
        assert_eq!((trimmed, found), (EXAMPLE.as_bytes(), Some(expected)));
    }
    assert_eq!(trim_compact(EXAMPLE.as_bytes()), (EXAMPLE.as_bytes(), None));
}

#[test]
fn broken_forms_are_told_apart() {
    use JoseError as E;
    assert_eq!(refusal(""), E::PartCount(1));
    assert_eq!(refusal("e30.e30"), E::PartCount(2));
    assert_eq!(refusal("e30.e30.e30.e30"), E::PartCount(4));
    assert_eq!(refusal("e30.é.AA"), E::NotAscii(4));
    assert_eq!(refusal("e30=.e30.AA"), E::Padding(JosePart::Header));
    assert_eq!(refusal("e30.e30.AA=="), E::Padding(JosePart::Signature));
    assert_eq!(
        refusal("e30.e+/0.AA"),
        E::StandardAlphabet(JosePart::Payload)
    );
    assert_eq!(refusal("e30.e 30.AA"), E::NotBase64(JosePart::Payload));
    assert_eq!(refusal("e30.e30.A"), E::NotBase64(JosePart::Signature));
    // Bits beyond the last whole byte would give one signature many spellings.
    assert_eq!(refusal("e30.e30.AB"), E::NotBase64(JosePart::Signature));
    assert_eq!(refusal("W10.e30.AA"), E::NotAnObject(JosePart::Header));
    assert_eq!(refusal("e30.W10.AA"), E::NotAnObject(JosePart::Payload));
    assert!(matches!(
        refusal(".e30.AA"),
        E::Json {
            part: JosePart::Header,
            ..
        }
    ));
    let twice = base64url::encode(br#"{"sub":"a","sub":"b"}"#);
    let E::Json {
        part: JosePart::Payload,
        source,
    } = refusal(&format!("e30.{twice}.AA"))
    else {
        panic!("the duplicate should be found");
    };
    assert!(matches!(source, JsonError::DuplicateMember { member, .. } if member == "sub"));
}

#[test]
fn algorithms_are_refused_by_name() {
    use JoseError as E;
    let read = |token: &str| parse_compact(token.as_bytes()).unwrap().algorithm();
    let algorithm = |header: &str| read(&signed(header)).unwrap_err();
    assert_eq!(algorithm("{}"), E::NoAlgorithm);
    assert_eq!(algorithm(r#"{"alg":5}"#), E::NoAlgorithm);
    assert_eq!(algorithm(r#"{"alg":"none"}"#), E::Unsigned);
    assert_eq!(algorithm(r#"{"alg":"NoNe"}"#), E::Unsigned);
    let unknown = algorithm(r#"{"alg":"HS256"}"#);
    assert!(unknown.to_string().contains("`HS256`"));
    let unsigned = parse_compact(b"eyJhbGciOiJub25lIn0.e30.").unwrap();
    assert_eq!(unsigned.verify(example_key().public()), Err(E::Unsigned));
}

#[test]
fn critical_extensions_are_refused_by_name() {
    let key = example_key();
    for (crit, named) in [
        (r#"["b64"]"#, "b64"),
        (r#"["exp","x"]"#, "exp, x"),
        ("[]", "`crit` is not a list of names"),
        ("null", "`crit` is not a list of names"),
    ] {
        let token = signed(&format!(r#"{{"alg":"ES256","crit":{crit}}}"#));
        let token = parse_compact(token.as_bytes()).unwrap();
        let expected = Err(JoseError::UnknownExtension(named.to_owned()));
        assert_eq!(token.verify(key.public()), expected);
    }
    let token = signed(r#"{"alg":"ES256"}"#);
    let token = parse_compact(token.as_bytes()).unwrap();
    assert_eq!(token.verify(key.public()), Ok(()));
}

#[test]
fn a_wrong_key_and_a_wrong_kind_of_key_are_told_apart() {
    let token = parse_compact(EXAMPLE.as_bytes()).unwrap();
    let other = PrivateKey::generate(Algorithm::Es256).unwrap();
    assert_eq!(token.verify(other.public()), Err(JoseError::BadSignature));
    let other = PrivateKey::generate(Algorithm::EdDsa).unwrap();
    assert_eq!(
        token.verify(other.public()),
        Err(JoseError::KeyForOtherAlgorithm {
            token: Algorithm::Es256,
            key: Algorithm::EdDsa,
        })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_signed_is_read_and_verifies(
        subject in any::<String>(),
        kid in proptest::option::of(any::<String>()),
        iat in any::<i64>(),
    ) {
        let payload = json!({"sub": subject, "iat": iat});
        let header = JoseHeader {
            typ: Some("statuslist+jwt".to_owned()),
            kid: kid.clone(),
            ..JoseHeader::default()
        };
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let text = sign_compact(&key, &header, payload.to_string().as_bytes());
            prop_assert_eq!(&text, &sign_compact(&key, &header, payload.to_string().as_bytes()));
            let token = parse_compact(text.as_bytes()).unwrap();
            prop_assert_eq!(token.verify(key.public()), Ok(()));
            prop_assert_eq!(serde_json::Value::Object(token.payload().clone()), payload.clone());
            prop_assert_eq!(token.header().get("kid").and_then(|kid| kid.as_str()), kid.as_deref());
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = parse_compact(&text);
        let _ = trim_compact(&text);
    }
}
