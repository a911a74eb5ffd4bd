//! The list vectors of Bitstring Status List v1.0 and its predecessors, lists that were computed
//! with Python's zlib, and the fixtures of `OpenAttestation`'s OCSP responder.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use statuslist::list::{BitOrder, DocumentHash, Reason, Status, Width, pages};
use statuslist::sign::parse_compact;
use statuslist::token::oa_ocsp::DocumentAnswer;
use statuslist::token::w3c::reading::{
    Issuer, Purposes, credential_type, data_model, date, encoded_list, format, id, issuer,
    published_bits, purposes, subject, subject_type,
};
use statuslist::token::w3c::{
    Bitstring, DataModel, DecodedList, ListFormat, PayloadPlace, StatusSize, decode_list,
    encode_list, from_jwt_payload,
};
use statuslist::token::{InflateLimit, StatusList};

const BITSTRING: &str = include_str!("../vectors/w3c/bitstring.json");
const LEGACY: &str = include_str!("../vectors/w3c/legacy.json");
const OPEN_ATTESTATION: &str = include_str!("../vectors/w3c/openattestation.json");

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the vectors are JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Decodes a list that has nothing unusual about it.
fn decode(format: ListFormat, encoded: &Value) -> DecodedList {
    let list = decode_list(format, text(encoded), InflateLimit::default()).unwrap();
    assert_eq!(list.deviations, []);
    list
}

/// An example of a specification, as its check says; our own list is not longer.
fn check_example(format: ListFormat, example: &Value) -> DecodedList {
    let check = &example["check"];
    let list = decode(format, &example["encodedList"]);
    assert_eq!(list.compressed as u64, number(&check["compressed_len"]));
    assert_eq!(list.bytes.len() as u64, number(&check["bytes"]));
    assert_eq!(sha256(&list.bytes), text(&check["sha256"]));
    assert!(list.bytes.iter().all(|byte| *byte == 0));

    let ours = encode_list(format, &list.bytes);
    let again = decode(format, &Value::from(ours));
    assert_eq!(again.bytes, list.bytes);
    assert!(
        again.compressed <= list.compressed,
        "{} bytes",
        again.compressed
    );
    list
}

#[test]
fn bitstring_example_3() {
    let example = &parsed(BITSTRING)["rec_2025_example3"];
    let list = check_example(ListFormat::Bitstring, example);
    assert_eq!(list.bytes.len(), StatusSize::ONE.minimum_bytes());
}

#[test]
fn status_list_2021_example_2() {
    let example = &parsed(LEGACY)["statuslist2021_fpwd_example2"];
    let list = check_example(ListFormat::StatusList2021, example);
    assert_eq!(list.bytes.len(), StatusSize::ONE.minimum_bytes());
}

#[test]
fn revocation_list_2020_example_is_below_its_own_minimum() {
    let example = &parsed(LEGACY)["revocationlist2020_example"];
    let list = check_example(ListFormat::RevocationList2020, example);
    let bits = Bitstring {
        bytes: list.bytes,
        size: StatusSize::ONE,
        order: BitOrder::Msb,
    };
    assert_eq!(bits.entries(), 100_000);
    assert!(bits.is_below_minimum());
}

/// A register of 131,072 entries with one status at each of these indexes.
fn register(width: Width, values: impl IntoIterator<Item = (u64, u8)>) -> StatusList {
    let length = usize::try_from(width.bytes_for(131_072)).unwrap();
    let mut bytes = vec![0; length];
    for (index, value) in values {
        assert_eq!(pages::write(&mut bytes, width, index, value), Some(0));
    }
    StatusList { width, bytes }
}

/// What registers of every width with INVALID at the indexes of the vector show, is its list.
fn check_single_bit(name: &str) {
    let vectors = parsed(BITSTRING);
    let vector = vectors["computed_single_bit"]["vectors"]
        .as_array()
        .and_then(|vectors| vectors.iter().find(|vector| vector["name"] == name))
        .expect("a vector of that name");
    let set: Vec<u64> = vector["set"]
        .as_array()
        .unwrap()
        .iter()
        .map(number)
        .collect();
    for width in Width::ALL {
        let invalid = set.iter().map(|index| (*index, Status::INVALID.value()));
        let register = register(width, invalid);
        let sets = |status| status == Status::INVALID;
        let flags = |order| Bitstring::flags(&register, Status::VALID, sets, order);

        let list = flags(BitOrder::Msb);
        assert_eq!(sha256(&list.bytes), text(&vector["sha256_uncompressed"]));
        assert_eq!(hex(&list.bytes[..4]), text(&vector["first_bytes_hex"]));
        assert_eq!(
            u64::from(list.bytes[94567 / 8]),
            number(&vector["byte_94567"])
        );
        for (format, member) in [
            (ListFormat::Bitstring, "encodedList"),
            (ListFormat::StatusList2021, "encodedList_statuslist2021"),
        ] {
            assert_eq!(decode(format, &vector[member]).bytes, list.bytes);
        }
        let found = (0..list.entries()).filter(|index| list.status(*index) == Some(1));
        assert_eq!(found.collect::<Vec<_>>(), set);

        let other = flags(BitOrder::Lsb);
        let start = text(&vector["lsb_first_first_bytes_hex"]);
        assert_eq!(hex(&other.bytes[..4]), start);
        let found = (0..other.entries()).filter(|index| other.status(*index) == Some(1));
        assert_eq!(found.collect::<Vec<_>>(), set);
    }
}

#[test]
fn single_bit_at_index_0() {
    check_single_bit("index_0");
}

#[test]
fn single_bit_at_index_7() {
    check_single_bit("index_7");
}

#[test]
fn single_bit_at_index_8() {
    check_single_bit("index_8");
}

#[test]
fn single_bit_at_the_last_index() {
    check_single_bit("index_last");
}

#[test]
fn single_bits_at_seven_indexes() {
    check_single_bit("mixed");
}

/// The list of the vector has its values and nothing else; a register of that width shows it.
fn check_multi_bit(bits: u64) {
    let vectors = parsed(BITSTRING);
    let vector = vectors["computed_multi_bit_msb_within_entry"]["vectors"]
        .as_array()
        .and_then(|vectors| vectors.iter().find(|vector| vector["statusSize"] == bits))
        .expect("a vector of that size");
    let list = Bitstring {
        bytes: decode(ListFormat::Bitstring, &vector["encodedList"]).bytes,
        size: StatusSize::from_bits(bits).unwrap(),
        order: BitOrder::Msb,
    };
    assert_eq!(list.bytes.len() as u64, number(&vector["bytes"]));
    assert_eq!(list.bytes.len(), list.size.minimum_bytes());
    assert_eq!(sha256(&list.bytes), text(&vector["sha256_uncompressed"]));
    assert_eq!(hex(&list.bytes[..8]), text(&vector["first_8_bytes_hex"]));

    let values: Vec<(u64, u8)> = object(&vector["values"])
        .iter()
        .map(|(index, value)| {
            let value = u8::try_from(number(value)).expect("a byte");
            (index.parse().expect("an index"), value)
        })
        .collect();
    let found: Vec<(u64, u8)> = (0..list.entries())
        .filter_map(|index| Some((index, list.status(index)?)))
        .filter(|(_, value)| *value != 0)
        .collect();
    assert_eq!(found, values);

    if let Ok(width) = Width::from_bits(bits) {
        let shown = Bitstring::values(&register(width, values), Status::VALID);
        assert!(shown == list, "{bits} bits: other bytes");
    }
}

#[test]
fn entries_of_2_bits() {
    check_multi_bit(2);
}

#[test]
fn entries_of_3_bits_that_straddle_bytes() {
    check_multi_bit(3);
}

#[test]
fn entries_of_4_bits() {
    check_multi_bit(4);
}

#[test]
fn entries_of_8_bits() {
    check_multi_bit(8);
}

/// The list credential of the examples, wherever it was found.
fn check_example_credential(credential: &Map<String, Value>) {
    assert_eq!(format(credential), Ok(ListFormat::Bitstring));
    assert_eq!(credential_type(credential), Ok(()));
    assert_eq!(data_model(credential), Ok(DataModel::V2));
    let uri = "https://example.com/credentials/status/3";
    assert_eq!(id(credential), Ok(Some(uri)));
    assert_eq!(issuer(credential), Ok(Issuer::Text("did:example:12345")));
    let from = date(credential, "validFrom").unwrap().unwrap();
    assert_eq!(from.to_string(), "2021-04-05T14:27:40Z");
    let list = subject(credential).unwrap();
    assert_eq!(subject_type(list, ListFormat::Bitstring), Ok(()));
    assert_eq!(purposes(list), Ok(Purposes::One("revocation")));
    let example = &parsed(BITSTRING)["rec_2025_example3"];
    assert_eq!(encoded_list(list), Ok(text(&example["encodedList"])));
    let bits = published_bits(credential, InflateLimit::default()).unwrap();
    assert_eq!(bits.count(), [131_072, 0]);
}

#[test]
fn bitstring_example_5_with_embedded_proofs() {
    let vectors = parsed(BITSTRING);
    let lists: Vec<&Value> = vectors["rec_signed_examples"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|example| example["types"][1] == "BitstringStatusListCredential")
        .collect();
    assert_eq!(lists.len(), 2);
    for example in lists {
        check_example_credential(object(&example["document"]));
    }
}

#[test]
fn bitstring_example_5_as_jwt() {
    let vectors = parsed(BITSTRING);
    let token = text(&vectors["rec_jwt_examples"][1]);
    let compact = parse_compact(token.as_bytes()).unwrap();
    let found = from_jwt_payload(compact.payload().clone()).unwrap();
    assert_eq!(found.place, PayloadPlace::Payload);
    assert_eq!(found.faults, []);
    check_example_credential(&found.credential);
}

#[test]
fn bitstring_example_4_as_jwt_is_no_list() {
    let vectors = parsed(BITSTRING);
    let token = text(&vectors["rec_jwt_examples"][0]);
    let compact = parse_compact(token.as_bytes()).unwrap();
    let found = from_jwt_payload(compact.payload().clone()).unwrap();
    let error = format(&found.credential).unwrap_err();
    assert_eq!(
        error.to_string(),
        "type names no kind of status list that is known"
    );
}

#[test]
fn open_attestation_documents() {
    let fixtures = parsed(OPEN_ATTESTATION);
    for (name, answer) in [
        ("not_revoked", DocumentAnswer::NotRevoked),
        ("revoked", DocumentAnswer::Revoked(Reason::Superseded)),
    ] {
        let fixture = &fixtures[name];
        let hash: DocumentHash = text(&fixture["documentHash"]).parse().unwrap();
        assert_eq!(answer.to_json(hash).to_string(), fixture.to_string());
    }
}

#[test]
fn open_attestation_reason_codes() {
    let fixtures = parsed(OPEN_ATTESTATION);
    let codes: Vec<u16> = object(&fixtures["reason_codes"])
        .keys()
        .map(|code| code.parse().expect("a code"))
        .collect();
    let ours: Vec<u16> = Reason::ALL
        .map(DocumentAnswer::Revoked)
        .into_iter()
        .chain([DocumentAnswer::Suspended])
        .map(|answer| answer.reason_code().expect("a code"))
        .collect();
    assert_eq!(ours, codes);
}

#[test]
fn open_attestation_lookups_are_the_names_of_the_files() {
    let chain = &parsed(OPEN_ATTESTATION)["hash_chain_v2_fixture"];
    let target: DocumentHash = text(&chain["targetHash"]).parse().unwrap();
    assert_eq!(target.to_string(), text(&chain["lookups"][0]));
    for lookup in chain["lookups"].as_array().unwrap() {
        let hash: DocumentHash = text(lookup).parse().unwrap();
        assert_eq!(hash.to_string(), text(lookup));
    }
}
