//! The list vectors of draft-ietf-oauth-status-list-21, sections 4.1, 4.2 and appendix C.

use std::num::NonZeroU64;

use proptest::prelude::*;
use serde_json::{Value, json};
use statuslist::list::{Width, pages};
use statuslist::token::{
    Claims, InflateError, InflateLimit, NumericDate, StatusList, ZlibHeader, compress, inflate,
    jwt, jwt_reference, time_to_live,
};
use statuslist::wire::encode_base64url;

const VECTORS: &str = include_str!("../vectors/ietf.json");

/// What a vector lists, and how it is published.
pub(crate) struct Vector {
    pub(crate) expected: StatusList,
    entries: u64,
    /// In JSON.
    pub(crate) published: Value,
    /// In CBOR, as hexadecimal digits.
    pub(crate) cbor: String,
    /// The length of the stream in the specification, which C zlib made at level 9.
    compressed_length: usize,
}

pub(crate) fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("the vectors are JSON")
}

pub(crate) fn vector(name: &str) -> Vector {
    let mut vectors = vectors();
    let vector = vectors["status_list_vectors"]
        .as_array_mut()
        .and_then(|vectors| vectors.iter_mut().find(|vector| vector["id"] == name))
        .expect("a vector of that name");
    let number = |value: &Value| value.as_u64().expect("a number");

    let width = Width::from_bits(number(&vector["bits"])).expect("a width");
    let entries = number(&vector["entries"]);
    let length = usize::try_from(width.bytes_for(entries)).expect("it fits");
    assert_eq!(length as u64, number(&vector["uncompressed_len"]));
    let mut bytes = vec![0; length];
    for (index, status) in vector["status"].as_object().expect("the entries") {
        let index = index.parse().expect("an index");
        let status = u8::try_from(number(status)).expect("a status");
        assert_eq!(pages::write(&mut bytes, width, index, status), Some(0));
    }
    Vector {
        expected: StatusList { width, bytes },
        entries,
        compressed_length: usize::try_from(number(&vector["compressed_len"])).expect("it fits"),
        cbor: vector["cbor_hex"].as_str().expect("digits").to_owned(),
        published: vector["json"].take(),
    }
}

/// The published list inflates to the entries that are listed, and ours does too.
fn check(name: &str) -> Vector {
    let vector = vector(name);
    let limit = InflateLimit::default();
    let decoded = jwt::decode_list(&vector.published, limit).expect("a good list");
    assert!(decoded == vector.expected, "{name}: other entries");
    assert!(decoded.entries() >= vector.entries);

    let published = jwt::stream(&vector.published).expect("base64url");
    assert_eq!(published.len(), vector.compressed_length);
    assert_eq!(ZlibHeader::parse(&published), Ok(ZlibHeader::BEST));

    let ours = compress(&vector.expected.bytes);
    assert_eq!(ZlibHeader::parse(&ours), Ok(ZlibHeader::BEST));
    let again = json!({ "bits": decoded.width.bits(), "lst": encode_base64url(&ours) });
    assert_eq!(jwt::decode_list(&again, limit), Ok(decoded));
    vector
}

/// Our stream is no longer than the one in the specification.
fn check_length(vector: &Vector) {
    let length = compress(&vector.expected.bytes).len();
    assert!(length <= vector.compressed_length, "{length} bytes");
}

#[test]
fn section_4_1_sixteen_entries_of_1_bit() {
    let vector = check("short-1bit");
    assert_eq!(vector.expected.bytes, [0xb9, 0xa3]);
    // As short as in the specification.
    assert_eq!(compress(&vector.expected.bytes).len(), 10);
}

#[test]
fn section_4_1_twelve_entries_of_2_bits() {
    let vector = check("short-2bit");
    assert_eq!(vector.expected.bytes, [0xc9, 0x44, 0xf9]);
    assert_eq!(compress(&vector.expected.bytes).len(), 11);
}

#[test]
fn appendix_c_1_entries_of_1_bit() {
    check_length(&check("long-1bit"));
}

#[test]
fn appendix_c_2_entries_of_2_bits() {
    check_length(&check("long-2bit"));
}

#[test]
fn appendix_c_3_entries_of_4_bits() {
    check_length(&check("long-4bit"));
}

#[test]
fn appendix_c_4_entries_of_8_bits() {
    check_length(&check("long-8bit"));
}

#[test]
fn section_5_1_claims_of_the_example_are_read() {
    let vectors = vectors();
    let payload = &vectors["tokens"]["status_list_jwt_example_5.1"]["decoded"]["payload"];
    let list = jwt::decode_list(&payload["status_list"], InflateLimit::default()).unwrap();
    assert_eq!(list, vector("short-1bit").expected);
    assert_eq!(
        NumericDate::from_json(&payload["iat"]),
        Ok(NumericDate::from_unix(1_686_920_170))
    );
    assert_eq!(time_to_live(&payload["ttl"]).unwrap().as_secs(), 43_200);
}

#[test]
fn section_5_1_claims_of_the_example_are_written() {
    let vectors = vectors();
    let example = &vectors["tokens"]["status_list_jwt_raw_8.2"]["payload"];
    let claims = Claims {
        subject: "https://example.com/statuslists/1".to_owned(),
        issuer: Some("https://example.com".to_owned()),
        issued_at: 1_686_920_170,
        expires_at: Some(2_291_720_170),
        time_to_live: NonZeroU64::new(43_200),
        aggregation_uri: None,
        list: vector("short-1bit").expected,
    };
    let mut payload: Value = serde_json::from_slice(&jwt::encode_payload(&claims)).unwrap();
    // The streams differ; what they hold has been compared above.
    payload["status_list"]["lst"] = example["status_list"]["lst"].clone();
    assert_eq!(&payload, example);
}

#[test]
fn section_6_2_reference_of_the_example() {
    let vectors = vectors();
    let payload = &vectors["tokens"]["referenced_token_jose_decoded_6.2"]["payload"];
    assert_eq!(
        &jwt_reference(0, "https://example.com/statuslists/1"),
        payload
    );
}

proptest! {
    #[test]
    fn any_list_comes_back(
        width in prop::sample::select(&Width::ALL[..]),
        entries in 1_u64..20_000,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..300),
    ) {
        let mut bytes = vec![0; usize::try_from(width.bytes_for(entries)).unwrap()];
        for (index, status) in changes {
            let index = index.index(usize::try_from(entries).unwrap()) as u64;
            prop_assert!(pages::write(&mut bytes, width, index, status).is_some());
        }
        let claims = Claims {
            subject: "https://example.com/1".to_owned(),
            issuer: None,
            issued_at: 0,
            expires_at: None,
            time_to_live: None,
            aggregation_uri: None,
            list: StatusList { width, bytes },
        };
        let payload = jwt::encode_payload(&claims);
        prop_assert_eq!(&payload, &jwt::encode_payload(&claims));
        let payload: Value = serde_json::from_slice(&payload).unwrap();
        let list = &payload["status_list"];
        let needed = claims.list.bytes.len() as u64;
        prop_assert_eq!(
            inflate(&jwt::stream(list).unwrap(), InflateLimit::new(needed - 1)),
            Err(InflateError::TooLarge(InflateLimit::new(needed - 1)))
        );
        prop_assert_eq!(
            jwt::decode_list(list, InflateLimit::new(needed)),
            Ok(claims.list)
        );
    }
}
