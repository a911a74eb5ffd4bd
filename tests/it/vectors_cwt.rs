//! The CBOR vectors and the CWT examples of draft-ietf-oauth-status-list-21, sections 4.3, 5.2, 6.3
//! and appendix C, and of its revision 14.

use std::num::NonZeroU64;
use std::time::Duration;

use coset::cbor::{Value, from_reader, into_writer};
use proptest::prelude::*;
use statuslist::list::{Width, pages};
use statuslist::sign::cose::{CoseHeader, Placement, Sign1, Typ, label, parse_sign1, tag};
use statuslist::sign::{Algorithm, PrivateKey, PublicKey, Unsigned};
use statuslist::token::{Claims, InflateLimit, NumericDate, StatusList, cwt, cwt_reference};
use statuslist::wire::encode_base64url;

use crate::harness::from_hex;
use crate::vectors_ietf::{vector, vectors};

/// The bytes of an example token.
fn example(name: &str) -> Vec<u8> {
    from_hex(vectors()["tokens"][name]["hex"].as_str().unwrap())
}

fn example_key() -> PublicKey {
    let mut jwk = vectors()["example_key_jwk"].take();
    jwk.as_object_mut().unwrap().remove("d");
    PublicKey::parse(jwk.to_string().as_bytes()).unwrap()
}

fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    into_writer(value, &mut bytes).unwrap();
    bytes
}

/// The published list holds the entries that are listed, and the same stream as in JSON.
fn check(name: &str) {
    let vector = vector(name);
    let list: Value = from_reader(from_hex(&vector.cbor).as_slice()).unwrap();
    let decoded = cwt::decode_list(&list, InflateLimit::default()).unwrap();
    assert!(decoded == vector.expected, "{name}: other entries");
    let stream = cwt::stream(&list).unwrap();
    assert_eq!(encode_base64url(stream), vector.published["lst"]);
    assert_eq!(cwt::aggregation_uri(&list), Ok(None));

    // What we write differs in the stream alone.
    let payload = cwt::encode_payload(&Claims {
        list: decoded,
        ..claims()
    });
    let payload: Value = from_reader(payload.as_slice()).unwrap();
    let written = cwt::claim(payload.as_map().unwrap(), cwt::key::STATUS_LIST).unwrap();
    let again = cwt::decode_list(written, InflateLimit::default()).unwrap();
    assert!(again == vector.expected, "{name}: other entries again");
    assert_eq!(
        encode(&with_stream(written, stream)),
        from_hex(&vector.cbor)
    );
}

/// The same list with another stream.
fn with_stream(list: &Value, stream: &[u8]) -> Value {
    let mut members = list.as_map().unwrap().clone();
    for (name, value) in &mut members {
        if name.as_text() == Some("lst") {
            *value = Value::Bytes(stream.to_vec());
        }
    }
    Value::Map(members)
}

/// The claims of the example in section 5.2.
fn claims() -> Claims {
    Claims {
        subject: "https://example.com/statuslists/1".to_owned(),
        issuer: None,
        issued_at: 1_686_920_170,
        expires_at: Some(2_291_720_170),
        time_to_live: NonZeroU64::new(43_200),
        aggregation_uri: None,
        list: vector("short-1bit").expected,
    }
}

#[test]
fn section_4_3_sixteen_entries_of_1_bit() {
    check("short-1bit");
}

#[test]
fn section_4_3_twelve_entries_of_2_bits() {
    check("short-2bit");
}

#[test]
fn appendix_c_1_entries_of_1_bit() {
    check("long-1bit");
}

#[test]
fn appendix_c_2_entries_of_2_bits() {
    check("long-2bit");
}

#[test]
fn appendix_c_3_entries_of_4_bits() {
    check("long-4bit");
}

#[test]
fn appendix_c_4_entries_of_8_bits() {
    check("long-8bit");
}

#[test]
fn section_5_2_the_example_verifies() {
    let token = parse_sign1(&example("status_list_cwt_example_5.2")).unwrap();
    assert_eq!(token.verify(&example_key()), Ok(()));
    assert_eq!(token.tags(), [tag::SIGN1]);
    assert_eq!(token.algorithm(), Ok(Algorithm::Es256));
    assert_eq!(token.typ(), Ok(Some(Typ::Text(cwt::TYPE))));
    assert_eq!(token.key_id(), Ok(Some(&b"12"[..])));
    let placement = |label| token.parameter(label).unwrap().1;
    assert_eq!(placement(label::TYPE), Placement::Protected);
    assert_eq!(placement(label::KEY_ID), Placement::Unprotected);
}

#[test]
fn section_5_2_claims_of_the_example_are_read() {
    let token = parse_sign1(&example("status_list_cwt_example_5.2")).unwrap();
    let claim = |key| cwt::claim(token.payload(), key).unwrap();
    let date = |key| NumericDate::from_cbor(claim(key)).unwrap();
    let subject = claim(cwt::key::SUBJECT).as_text();
    assert_eq!(subject, Some("https://example.com/statuslists/1"));
    assert_eq!(
        date(cwt::key::ISSUED_AT),
        NumericDate::from_unix(1_686_920_170)
    );
    assert_eq!(
        date(cwt::key::EXPIRES_AT),
        NumericDate::from_unix(2_291_720_170)
    );
    assert_eq!(
        cwt::time_to_live(claim(cwt::key::TIME_TO_LIVE)),
        Ok(Duration::from_hours(12))
    );
    let list = cwt::decode_list(claim(cwt::key::STATUS_LIST), InflateLimit::default());
    assert_eq!(list, Ok(vector("short-1bit").expected));
    assert_eq!(cwt::claim(token.payload(), cwt::key::ISSUER), None);
}

#[test]
fn section_5_2_claims_of_the_example_are_written() {
    let vectors = vectors();
    let example = &vectors["tokens"]["status_list_cwt_example_5.2"];
    let expected = from_hex(example["claims_hex"].as_str().unwrap());
    let payload: Value = from_reader(cwt::encode_payload(&claims()).as_slice()).unwrap();
    let mut payload = payload.into_map().unwrap();
    // The streams differ; what they hold has been compared above.
    let (_, list) = payload.last_mut().unwrap();
    let published = from_reader(expected.as_slice()).unwrap();
    let published = read_claim(&published, cwt::key::STATUS_LIST);
    *list = with_stream(list, cwt::stream(published).unwrap());
    assert_eq!(encode(&Value::Map(payload)), expected);
}

fn read_claim(payload: &Value, key: u64) -> &Value {
    cwt::claim(payload.as_map().unwrap(), key).unwrap()
}

#[test]
fn section_6_3_the_example_verifies() {
    let token = parse_sign1(&example("referenced_token_cwt_6.3")).unwrap();
    assert_eq!(token.verify(&example_key()), Ok(()));
    assert_eq!(token.tags(), [tag::SIGN1]);
    assert_eq!(token.typ(), Ok(None));
    let issuer = cwt::claim(token.payload(), cwt::key::ISSUER).unwrap();
    assert_eq!(issuer.as_text(), Some("https://example.com"));
}

#[test]
fn section_6_3_reference_of_the_example() {
    let token = parse_sign1(&example("referenced_token_cwt_6.3")).unwrap();
    let status = cwt::claim(token.payload(), cwt::key::STATUS).unwrap();
    assert_eq!(
        encode(status),
        cwt_reference(0, "https://example.com/statuslists/1")
    );
}

#[test]
fn revision_14_section_5_2_the_untagged_example_verifies_once_it_is_tagged() {
    let untagged = example("status_list_cwt_example_draft14_untagged");
    let token = parse_sign1(&untagged).unwrap();
    assert!(token.tags().is_empty());
    // Readers take both (the tag is not signed); what they say of it is up to them.
    assert_eq!(token.verify(&example_key()), Ok(()));
    let token = parse_sign1(&[&[0xd2], &untagged[..]].concat()).unwrap();
    assert_eq!(token.tags(), [tag::SIGN1]);
    assert_eq!(token.verify(&example_key()), Ok(()));
}

/// Signs the claims with a key for tests.
fn signed(claims: &Claims) -> Vec<u8> {
    let header = CoseHeader {
        typ: Some(cwt::TYPE.to_owned()),
        kid: Some(b"12".to_vec()),
        ..CoseHeader::default()
    };
    let key = test_key();
    let unsigned = Unsigned::sign1(key.algorithm(), &header, &cwt::encode_payload(claims));
    let signature = key.sign(unsigned.message());
    unsigned.finish(key.public(), &signature).unwrap()
}

fn test_key() -> PrivateKey {
    PrivateKey::parse(include_bytes!("../keys/test-ed25519-pkcs8.pem")).unwrap()
}

/// Reads everything that there is to read.
fn read(token: &Sign1) {
    let _ = (token.typ(), token.key_id(), token.algorithm());
    for (_, value) in token.payload() {
        let _ = (NumericDate::from_cbor(value), cwt::time_to_live(value));
        let _ = cwt::decode_list(value, InflateLimit::new(1 << 16));
        let _ = cwt::aggregation_uri(value);
    }
    let _ = token.verify(test_key().public());
}

proptest! {
    #[test]
    fn any_list_comes_back(
        width in prop::sample::select(&Width::ALL[..]),
        entries in 1_u64..20_000,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..300),
        issued_at in any::<i64>(),
        expires_at in any::<Option<i64>>(),
        time_to_live in any::<Option<NonZeroU64>>(),
        aggregation_uri in any::<Option<String>>(),
    ) {
        let mut bytes = vec![0; usize::try_from(width.bytes_for(entries)).unwrap()];
        for (index, status) in changes {
            let index = index.index(usize::try_from(entries).unwrap()) as u64;
            prop_assert!(pages::write(&mut bytes, width, index, status).is_some());
        }
        let claims = Claims {
            issued_at,
            expires_at,
            time_to_live,
            aggregation_uri,
            list: StatusList { width, bytes },
            ..claims()
        };
        let token = signed(&claims);
        prop_assert_eq!(&token, &signed(&claims));
        let token = parse_sign1(&token).unwrap();
        prop_assert_eq!(token.verify(test_key().public()), Ok(()));
        let claim = |key| cwt::claim(token.payload(), key);
        prop_assert_eq!(claim(cwt::key::ISSUED_AT), Some(&issued_at.into()));
        prop_assert_eq!(claim(cwt::key::EXPIRES_AT).cloned(), expires_at.map(Value::from));
        prop_assert_eq!(
            claim(cwt::key::TIME_TO_LIVE).map(cwt::time_to_live),
            time_to_live.map(|seconds| Ok(Duration::from_secs(seconds.get())))
        );
        let list = claim(cwt::key::STATUS_LIST).unwrap();
        prop_assert_eq!(cwt::aggregation_uri(list), Ok(claims.aggregation_uri.as_deref()));
        let limit = InflateLimit::new(claims.list.bytes.len() as u64);
        prop_assert_eq!(cwt::decode_list(list, limit), Ok(claims.list));
    }

    #[test]
    fn mutated_tokens_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = signed(&claims());
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            if let Ok(token) = parse_sign1(bytes) {
                read(&token);
            }
        }
    }

    #[test]
    fn random_members_never_panic(payload in prop::collection::vec(any::<u8>(), 0..100)) {
        // Behind the beginning of a list, so that what reads its members is reached.
        let wrapped = [&[0xa1, 0x19, 0xff, 0xfd, 0xa2, 0x64], &b"bits"[..], &payload].concat();
        for payload in [payload, wrapped] {
            let parts = vec![
                Value::Bytes(vec![]),
                Value::Map(vec![]),
                Value::Bytes(payload),
                Value::Bytes(vec![]),
            ];
            if let Ok(token) = parse_sign1(&encode(&Value::Array(parts))) {
                read(&token);
            }
        }
    }
}
