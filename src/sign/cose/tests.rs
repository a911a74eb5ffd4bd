use coset::cbor::Value;
use coset::{CoseSign1, Header, ProtectedHeader};
use proptest::prelude::*;

use super::*;
use crate::sign::testing::from_hex;
use crate::sign::{Algorithm, PrivateKey, PublicKey};
use crate::wire::cbor::{CborError, parse_cbor, write_cbor};

fn key(algorithm: Algorithm) -> PrivateKey {
    PrivateKey::parse(match algorithm {
        Algorithm::Es256 => include_bytes!("../../../tests/keys/test-p256-pkcs8.pem"),
        Algorithm::Es384 => include_bytes!("../../../tests/keys/test-p384-pkcs8.pem"),
        Algorithm::Es512 => include_bytes!("../../../tests/keys/test-p521-pkcs8.pem"),
        Algorithm::EdDsa => include_bytes!("../../../tests/keys/test-ed25519-pkcs8.pem"),
    })
    .unwrap()
}

fn header() -> CoseHeader {
    CoseHeader {
        typ: Some("application/example+cwt".to_owned()),
        content_type: None,
        kid: Some(b"12".to_vec()),
        certificates: Vec::new(),
    }
}

/// `{1: "a"}`
const PAYLOAD: &[u8] = b"\xa1\x01\x61a";

fn signed(algorithm: Algorithm, header: &CoseHeader, payload: &[u8]) -> Vec<u8> {
    let unsigned = UnsignedSign1::new(algorithm, header, payload);
    let signature = key(algorithm).sign(unsigned.message());
    unsigned.finish(&signature)
}

/// What `coset` makes of the parts.
fn message(protected: Vec<u8>, payload: Vec<u8>, signature: Vec<u8>) -> CoseSign1 {
    CoseSign1 {
        protected: ProtectedHeader {
            original_data: Some(protected),
            header: Header::default(),
        },
        unprotected: Header::default(),
        payload: Some(payload),
        signature,
    }
}

/// A message with these headers, signed with ES256.
fn with_headers(protected: &[u8], unprotected: &[u8]) -> Vec<u8> {
    let message = message(protected.to_vec(), PAYLOAD.to_vec(), Vec::new());
    let signature = key(Algorithm::Es256).sign(&message.tbs_data(&[]));
    let parts = vec![
        Value::Bytes(protected.to_vec()),
        parse_cbor(unprotected).unwrap(),
        Value::Bytes(PAYLOAD.to_vec()),
        Value::Bytes(signature),
    ];
    write_cbor(&Value::Tag(tag::SIGN1, Box::new(Value::Array(parts))))
}

fn verify(bytes: &[u8]) -> Result<(), CoseError> {
    parse_sign1(bytes)?.verify(key(Algorithm::Es256).public())
}

/// RFC 8392, appendix A.3, with the key of appendix A.2.3.
#[test]
fn the_example_of_rfc8392_verifies() {
    let token = from_hex(concat!(
        "d28443a10126a104524173796d6d657472696345434453413235365850a70175636f61703a2f2f61732e65",
        "78616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f",
        "6d041a5612aeb0051a5610d9f0061a5610d9f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d",
        "6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e",
        "1c9e30"
    ));
    let key = PublicKey::parse(
        br#"{"kty":"EC","crv":"P-256",
            "x":"FDMpzOeGjkFpJ1mc9lo0884v_aVafspp7YkZo5TULw8",
            "y":"YPfxp4DYp4O_t6LdayeW6BKNu87509Fo25Uplxo257k"}"#,
    );
    let token = parse_sign1(&token).unwrap();
    assert_eq!(token.tags(), [tag::SIGN1]);
    assert_eq!(token.key_id(), Ok(Some(&b"AsymmetricECDSA256"[..])));
    assert_eq!(token.payload().len(), 7);
    assert_eq!(token.verify(&key.unwrap()), Ok(()));
}

#[test]
fn what_is_signed_is_the_sig_structure() {
    let unsigned = UnsignedSign1::new(Algorithm::Es256, &header(), PAYLOAD);
    // ["Signature1", protected, h'', payload]
    let expected = [
        &b"\x84\x6aSignature1"[..],
        b"\x58\x20\xa3\x01\x26\x04\x4212\x10\x77application/example+cwt",
        b"\x40",
        b"\x44\xa1\x01\x61a",
    ]
    .concat();
    assert_eq!(unsigned.message(), expected);

    let token = unsigned.finish(&[7; 64]);
    let expected = [
        &b"\xd2\x84"[..],
        b"\x58\x20\xa3\x01\x26\x04\x4212\x10\x77application/example+cwt",
        b"\xa0",
        b"\x44\xa1\x01\x61a",
        b"\x58\x40",
        &[7; 64],
    ]
    .concat();
    assert_eq!(token, expected);
}

#[test]
fn what_is_written_is_read() {
    for algorithm in Algorithm::ALL {
        for certificates in [vec![], vec![vec![1]], vec![vec![1, 2], vec![3]]] {
            let header = CoseHeader {
                content_type: Some("application/cwt".to_owned()),
                certificates,
                ..header()
            };
            let bytes = signed(algorithm, &header, PAYLOAD);
            assert_eq!(bytes, signed(algorithm, &header, PAYLOAD));
            let token = parse_sign1(&bytes).unwrap();
            assert_eq!(token.tags(), [18]);
            assert_eq!(token.algorithm(), Ok(algorithm));
            assert_eq!(token.typ(), Ok(header.typ.as_deref().map(Typ::Text)));
            assert_eq!(token.key_id(), Ok(header.kid.as_deref()));
            assert_eq!(token.certificates().unwrap(), header.certificates);
            assert_eq!(token.unprotected(), []);
            let content_type = token.parameter(label::CONTENT_TYPE).unwrap();
            let expected = Value::from("application/cwt");
            assert_eq!(content_type, (&expected, Placement::Protected));
            assert_eq!(*token.payload(), [(1.into(), "a".into())]);
            assert_eq!(token.signature().len(), algorithm.signature_length());
            assert_eq!(token.verify(key(algorithm).public()), Ok(()));
            let labels: Vec<_> = token.protected().iter().map(|(label, _)| label).collect();
            assert!(labels.is_sorted_by_key(|label| write_cbor(label)));
        }
    }
}

#[test]
fn no_changed_byte_verifies() {
    let bytes = signed(Algorithm::Es256, &header(), PAYLOAD);
    assert_eq!(verify(&bytes), Ok(()));
    for position in 0..bytes.len() {
        for mask in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
            let mut changed = bytes.clone();
            changed[position] ^= mask;
            assert!(
                verify(&changed).is_err(),
                "byte {position} changed by {mask}"
            );
        }
    }
    for length in 0..bytes.len() {
        assert!(verify(&bytes[..length]).is_err());
    }
}

#[test]
fn tags_are_kept_and_tell_what_can_be_verified() {
    let bytes = signed(Algorithm::Es256, &header(), PAYLOAD);
    let untagged = bytes.strip_prefix(b"\xd2").unwrap();
    for (prefix, tags, expected) in [
        (&b""[..], &[][..], Ok(())),
        (b"\xd2", &[18], Ok(())),
        (b"\xd8\x3d\xd2", &[61, 18], Ok(())),
        (b"\xd1", &[17], Err(CoseError::Mac)),
        (b"\xd8\x3d\xd1", &[61, 17], Err(CoseError::Mac)),
        (b"\xd8\x3d", &[61], Err(CoseError::OtherTag(61))),
        (b"\xd8\x62", &[98], Err(CoseError::OtherTag(98))),
    ] {
        let tagged = [prefix, untagged].concat();
        assert_eq!(parse_sign1(&tagged).unwrap().tags(), tags);
        assert_eq!(verify(&tagged), expected, "{tags:?}");
    }
}

#[test]
fn the_protected_header_is_verified_as_it_came() {
    // The number of the algorithm, the length of the map and the map itself written longer than
    // they need to be, and in another order.
    for protected in [
        &b"\xa1\x01\x26"[..],
        b"\xa1\x01\x38\x06",
        b"\xb8\x01\x01\x26",
        b"\xbf\x01\x26\xff",
        b"\xa2\x10\x61a\x01\x26",
    ] {
        assert_eq!(verify(&with_headers(protected, b"\xa0")), Ok(()));
    }
}

#[test]
fn an_empty_protected_header_is_signed_as_no_bytes() {
    let token = with_headers(b"", b"\xa1\x01\x26");
    assert_eq!(verify(&token), Ok(()));
    // However it is written.
    let rest = token.strip_prefix(b"\xd2\x84\x40").unwrap();
    let written_out = [b"\xd2\x84\x41\xa0", rest].concat();
    assert_eq!(verify(&written_out), Ok(()));
    let signed_so = with_headers(b"\xa0", b"\xa1\x01\x26");
    assert_eq!(verify(&signed_so), Err(CoseError::BadSignature));
}

#[test]
fn numbers_that_name_the_curve_mean_the_same() {
    // ESP256
    assert_eq!(verify(&with_headers(b"\xa1\x01\x28", b"\xa0")), Ok(()));
    // ESP384
    let other = verify(&with_headers(b"\xa1\x01\x38\x32", b"\xa0"));
    let expected = CoseError::KeyForOtherAlgorithm {
        token: Algorithm::Es384,
        key: Algorithm::Es256,
    };
    assert_eq!(other, Err(expected));
}

#[test]
fn placement_is_kept() {
    let token = parse_sign1(&with_headers(b"\xa1\x01\x26", b"\xa1\x04\x4212")).unwrap();
    let placement = |label| token.parameter(label).map(|(_, placement)| placement);
    assert_eq!(placement(label::ALGORITHM), Some(Placement::Protected));
    assert_eq!(placement(label::KEY_ID), Some(Placement::Unprotected));
    assert_eq!(placement(label::TYPE), None);
}

#[test]
fn types_may_be_numbers() {
    let typ = |header: &[u8]| {
        let token = parse_sign1(&with_headers(header, b"\xa0")).unwrap();
        token.typ().map(|typ| typ == Some(Typ::Number(279)))
    };
    assert_eq!(typ(b"\xa1\x10\x19\x01\x17"), Ok(true));
    assert_eq!(typ(b"\xa1\x10\x19\x01\x16"), Ok(false));
    for wrong in [&b"\xa1\x10\x20"[..], b"\xa1\x10\x41a", b"\xa1\x10\xf6"] {
        let error = typ(wrong).unwrap_err().to_string();
        assert!(error.contains("typ is not a text or a number"), "{error}");
    }
}

#[test]
fn algorithms_that_are_not_offered_are_named() {
    for (protected, expected) in [
        (&b"\xa0"[..], "does not name an algorithm"),
        (b"\xa1\x01\x05", "unknown signature algorithm `5`"),
        (b"\xa1\x01\x38\x24", "unknown signature algorithm `-37`"),
        (b"\xa1\x01\x65ES256", "alg is not a number"),
        (b"\xa1\x01\xf6", "alg is not a number"),
    ] {
        let error = verify(&with_headers(protected, b"\xa0")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn critical_parameters_must_be_known_and_protected() {
    // {1: -7, 2: […]}
    let demanded = |labels: &[u8]| {
        let protected = [b"\xa2\x01\x26\x02", labels].concat();
        verify(&with_headers(&protected, b"\xa0"))
    };
    let unknown = |text: &str| Err(CoseError::UnknownExtension(text.to_owned()));
    assert_eq!(demanded(b"\x82\x01\x02"), Ok(()));
    // `typ` is read, but this message has none.
    assert_eq!(demanded(b"\x82\x01\x10"), unknown("16"));
    assert_eq!(demanded(b"\x82\x18\x63\x61a"), unknown("99, `a`"));
    assert_eq!(demanded(b"\x80"), unknown("`crit` is not a list of labels"));
    assert_eq!(demanded(b"\x01"), unknown("`crit` is not a list of labels"));
    assert_eq!(
        verify(&with_headers(b"\xa1\x01\x26", b"\xa1\x02\x81\x01")),
        unknown("`crit` is not protected")
    );
}

#[test]
fn chains_are_byte_strings() {
    let certificates = |chain: &[u8]| {
        let protected = [b"\xa1\x18\x21", chain].concat();
        let token = parse_sign1(&with_headers(&protected, b"\xa0")).unwrap();
        token.certificates().map(|chain| chain.concat())
    };
    assert_eq!(certificates(b"\x41a"), Ok(b"a".to_vec()));
    assert_eq!(certificates(b"\x81\x41a"), Ok(b"a".to_vec()));
    assert_eq!(certificates(b"\x82\x41a\x41b"), Ok(b"ab".to_vec()));
    for wrong in [&b"\x80"[..], b"\x61a", b"\x82\x41a\x01"] {
        let error = certificates(wrong).unwrap_err().to_string();
        assert!(error.contains("x5chain is not a byte string"), "{error}");
    }
}

#[test]
fn every_fault_of_the_form_is_named() {
    let refusal = |bytes: &[u8]| parse_sign1(bytes).unwrap_err();
    let cbor = |part, source| CoseError::Cbor { part, source };
    let wrong = |part, expected| CoseError::WrongType { part, expected };
    let duplicate = || CborError::DuplicateKey("1".to_owned());
    let parts = "an array of 4 parts";

    assert_eq!(refusal(b""), cbor(CosePart::Token, CborError::Truncated));
    assert_eq!(refusal(b"\xd2\x80"), wrong(CosePart::Token, parts));
    assert_eq!(refusal(b"\xa0"), wrong(CosePart::Token, parts));
    assert_eq!(
        refusal(b"\x84\xa0\xa0\x41\xa0\x40"),
        wrong(CosePart::Protected, "a byte string")
    );
    assert_eq!(
        refusal(b"\x84\x41\x80\xa0\x41\xa0\x40"),
        wrong(CosePart::Protected, "a map")
    );
    assert_eq!(
        refusal(b"\x84\x40\x40\x41\xa0\x40"),
        wrong(CosePart::Unprotected, "a map")
    );
    // Detached: the payload travels elsewhere.
    assert_eq!(
        refusal(b"\x84\x40\xa0\xf6\x40"),
        wrong(CosePart::Payload, "a byte string")
    );
    assert_eq!(
        refusal(b"\x84\x40\xa0\x41\x80\x40"),
        wrong(CosePart::Payload, "a map")
    );
    assert_eq!(
        refusal(b"\x84\x40\xa0\x44\xd8\x18\x41\xa0\x40"),
        CoseError::TaggedPayload(24)
    );
    // COSE_Sign: several signatures.
    assert_eq!(
        refusal(b"\xd8\x62\x84\x40\xa0\x41\xa0\x80"),
        wrong(CosePart::Signature, "a byte string")
    );
    for (bytes, part) in [
        (
            &b"\x84\x45\xa2\x01\x26\x01\x26\xa0\x41\xa0\x40"[..],
            CosePart::Protected,
        ),
        (b"\x84\x40\xa2\x01\x26\x01\x26\x41\xa0\x40", CosePart::Token),
        (
            b"\x84\x40\xa0\x45\xa2\x01\x26\x01\x26\x40",
            CosePart::Payload,
        ),
    ] {
        assert_eq!(refusal(bytes), cbor(part, duplicate()));
    }
    assert_eq!(
        refusal(b"\x84\x43\xa1\x01\x26\xa1\x01\x26\x41\xa0\x40"),
        CoseError::InBothHeaders("1".to_owned())
    );
    assert_eq!(
        refusal(b"\x84\x40\xa0\x41\xa0\x40\x0a"),
        cbor(CosePart::Token, CborError::TrailingBytes { offset: 6 })
    );
}

#[test]
fn hostile_sizes_are_refused_or_read_in_good_time() {
    // Two headers with as many labels as there may be.
    let labels = |from: u16| {
        let mut map = vec![0xb9, 0x08, 0];
        for label in from..from + 0x800 {
            map.push(0x19);
            map.extend(label.to_be_bytes());
            map.push(0);
        }
        map
    };
    let token = with_headers(&labels(0x100), &labels(0x1000));
    assert!(parse_sign1(&token).is_ok());
    let mut deep = b"\x84\x40\xa0".to_vec();
    deep.resize(1 << 20, 0xa1);
    assert!(parse_sign1(&deep).is_err());
}

proptest! {
    #[test]
    fn any_payload_comes_back(
        number in any::<i64>(), text in any::<String>(),
        bytes in prop::collection::vec(any::<u8>(), 0..5000),
    ) {
        let members = vec![
            (number.into(), Value::Bytes(bytes)),
            (text.into(), Value::Float(0.5)),
        ];
        let payload = write_cbor(&Value::Map(members.clone()));
        let token = signed(Algorithm::EdDsa, &header(), &payload);
        let token = parse_sign1(&token).unwrap();
        prop_assert_eq!(token.payload(), &members);
        prop_assert_eq!(token.verify(key(Algorithm::EdDsa).public()), Ok(()));
    }

    #[test]
    fn random_bytes_never_verify(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(verify(&bytes).is_err());
    }

    #[test]
    fn mutated_tokens_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let header = CoseHeader { certificates: vec![vec![1], vec![2]], ..header() };
        let mut bytes = signed(Algorithm::Es256, &header, PAYLOAD);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            if let Ok(token) = parse_sign1(bytes) {
                let _ = (token.typ(), token.key_id(), token.certificates(), token.algorithm());
                let _ = token.verify(key(Algorithm::Es256).public());
            }
        }
    }
}

#[test]
fn a_payload_of_json() {
    let key = key(Algorithm::Es256);
    let read = |payload: &[u8]| parse_json_sign1(&signed(Algorithm::Es256, &header(), payload));
    let message = read(br#"{"a":1}"#).unwrap();
    assert_eq!(message.payload().get("a"), Some(&1.into()));
    message.verify(key.public()).unwrap();
    for (payload, fault) in [
        (&b"{"[..], "the payload is not valid JSON"),
        (br#"{"a":1,"a":2}"#, "the payload is not valid JSON"),
        (b"[]", "the payload is not a JSON object"),
        (PAYLOAD, "the payload is not valid JSON"),
    ] {
        assert_eq!(read(payload).unwrap_err().to_string(), fault);
    }
    assert!(parse_sign1(&signed(Algorithm::Es256, &header(), b"{}")).is_err());
}

#[test]
fn what_is_signed_is_written_as_coset_writes_it() {
    for length in [0, 1, 23, 24, 255, 256, 65_535, 65_536, 70_000] {
        for protected in [Vec::new(), vec![0xa0; 3], vec![7; 300]] {
            let payload = vec![1; length];
            let written = super::sig_structure(&protected, &payload);
            let expected = message(protected, payload, Vec::new()).tbs_data(&[]);
            assert_eq!(written, expected, "{length}");
        }
    }
}
