use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::list::{Proof, View};
use crate::token::w3c::view::{claims, credential_view, series};

fn object(value: &Value) -> &Object {
    value.as_object().unwrap()
}

/// What we publish of a register whose indexes 0 to 3 are 1, 2, 0, 3.
fn published(format: ListFormat) -> Value {
    let view = match format {
        ListFormat::Bitstring => View::BitstringSuspension,
        ListFormat::StatusList2021 => View::StatusList2021Suspension,
        ListFormat::RevocationList2020 => View::RevocationList2020,
    };
    let series = series(view);
    credential_view(&series).credential(&claims(), Proof::EcdsaJcs2019)
}

#[test]
fn what_is_published_is_read() {
    for format in ListFormat::ALL {
        let credential = published(format);
        let credential = object(&credential);
        assert_eq!(super::format(credential), Ok(format));
        assert_eq!(credential_type(credential), Ok(()));
        let model = data_model(credential).unwrap();
        assert_eq!(model, format.data_model());
        assert_eq!(id(credential), Ok(Some("https://example.com/status/3")));
        let issued = issuer(credential).unwrap();
        assert_eq!(issued, Issuer::Text("did:example:12345"));
        let from = date(credential, model.valid_from()).unwrap();
        let until = date(credential, model.valid_until()).unwrap();
        assert_eq!(from.unwrap().to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(until.unwrap().to_string(), "2026-01-08T00:00:00Z");
        assert_eq!(period(from, until), Ok(()));

        let list = subject(credential).unwrap();
        assert_eq!(subject_type(list, format), Ok(()));
        let purpose = match format {
            ListFormat::RevocationList2020 => Err(CredentialError::Missing("statusPurpose")),
            _ => Ok(Purposes::One("suspension")),
        };
        assert_eq!(purposes(list), purpose);
        let kept = match format {
            ListFormat::Bitstring => Some(TimeToLive::Number(300_000)),
            _ => None,
        };
        assert_eq!(ttl(list), Ok(kept));

        let bits = published_bits(credential, InflateLimit::default()).unwrap();
        assert_eq!(bits.size, StatusSize::ONE);
        let set = match format {
            ListFormat::RevocationList2020 => 0,
            _ => 1,
        };
        assert_eq!(bits.status(set), Some(1));
        assert_eq!(bits.count(), [131_071, 1]);
        assert!(!bits.is_below_minimum());
    }
}

#[test]
fn the_type_tells_the_format() {
    for (value, error) in [
        (json!({}), "there is no type"),
        (json!({ "type": 1 }), "type is the number 1, not a string"),
        (
            json!({ "type": ["VerifiableCredential", null] }),
            "type is null, not a string",
        ),
        (
            json!({ "type": ["VerifiableCredential", "BitstringStatusList"] }),
            "type names no kind of status list that is known",
        ),
        (
            json!({ "type": [] }),
            "type names no kind of status list that is known",
        ),
    ] {
        assert_eq!(format(object(&value)).unwrap_err().to_string(), error);
    }
    for list in ["StatusList2021Credential", "BitstringStatusListCredential"] {
        for value in [json!({ "type": list }), json!({ "type": ["Other", list] })] {
            let credential = object(&value);
            let found = format(credential).unwrap();
            assert_eq!(found.credential_type(), list);
            let error = credential_type(credential).unwrap_err();
            assert_eq!(
                error.to_string(),
                "type does not contain VerifiableCredential"
            );
        }
    }
}

#[test]
fn the_first_context_tells_the_data_model() {
    for (contexts, model) in [
        (
            json!("https://www.w3.org/ns/credentials/v2"),
            Ok(DataModel::V2),
        ),
        (
            json!(["https://www.w3.org/2018/credentials/v1", {}]),
            Ok(DataModel::V1),
        ),
        (
            json!([
                "https://www.w3.org/ns/credentials/status/v1",
                "https://www.w3.org/ns/credentials/v2"
            ]),
            Err(CredentialError::Context),
        ),
        (json!([]), Err(CredentialError::Context)),
        (json!(null), Err(CredentialError::Context)),
    ] {
        let value = json!({ "@context": contexts });
        assert_eq!(data_model(object(&value)), model);
    }
    let missing = Err(CredentialError::Missing("@context"));
    assert_eq!(data_model(&Object::new()), missing);
}

#[test]
fn an_issuer_is_a_string_or_an_object_with_an_id() {
    let value = json!({ "issuer": { "id": "did:example:1", "name": "n" }, "id": null });
    let read = issuer(object(&value)).unwrap();
    assert_eq!(read, Issuer::Object("did:example:1"));
    assert_eq!(read.id(), "did:example:1");
    assert_eq!(
        id(object(&value)).unwrap_err().to_string(),
        "id is null, not a string"
    );
    for (value, error) in [
        (json!({}), "there is no issuer"),
        (json!({ "issuer": {} }), "there is no issuer.id"),
        (
            json!({ "issuer": { "id": 1 } }),
            "issuer.id is the number 1, not a string",
        ),
        (
            json!({ "issuer": ["did:example:1"] }),
            "issuer is an array, not a string",
        ),
    ] {
        assert_eq!(issuer(object(&value)).unwrap_err().to_string(), error);
    }
}

#[test]
fn a_date_has_a_time_and_an_offset() {
    let read = |text: &str| date(object(&json!({ "validFrom": text })), "validFrom");
    for text in [
        "2026-01-01T02:00:00Z",
        "2026-01-01T02:00:00.999Z",
        "2026-01-01T04:00:00+02:00",
        "2025-12-31T23:30:00-02:30",
        "2026-01-01T02:00:00-00:00",
    ] {
        let time = read(text).unwrap().unwrap();
        assert_eq!(time.to_string(), "2026-01-01T02:00:00Z", "{text}");
    }
    for text in ["2026-01-01T02:00:00", "2026-01-01T02:00:00.5"] {
        assert_eq!(
            read(text),
            Err(CredentialError::NoOffset("validFrom")),
            "{text}"
        );
    }
    for text in [
        "",
        "@1767225600",
        "2026-01-01",
        "2026-01-01Z",
        "2026-01-01 02:00:00Z",
        "2026-01-01t02:00:00Z",
        "2026-01-01T02:00:00z",
        "2026-01-01T02:00:00+0200",
        "2026-01-01T02:00:00+02",
        "2026-01-01T02:00:00Z[Europe/Berlin]",
        "2026-02-30T02:00:00Z",
        "2026-01-01T02:00:60Z",
        "Thu, 01 Jan 2026 02:00:00 GMT",
    ] {
        assert_eq!(
            read(text),
            Err(CredentialError::NotADate("validFrom")),
            "{text}"
        );
    }
    let number = json!({ "validFrom": 1_767_225_600 });
    assert!(matches!(
        date(object(&number), "validFrom"),
        Err(CredentialError::WrongType(WrongType {
            expected: "a string",
            ..
        }))
    ));
    assert_eq!(date(object(&number), "validUntil"), Ok(None));
}

#[test]
fn the_end_is_not_before_the_beginning() {
    let time = |second| Some(Timestamp::from_second(second));
    for (from, until) in [
        (time(1), time(1)),
        (time(1), time(2)),
        (None, time(1)),
        (time(1), None),
    ] {
        assert_eq!(period(from, until), Ok(()));
    }
    assert_eq!(
        period(time(1), time(0)).unwrap_err().to_string(),
        "it is valid from 1970-01-01T00:00:01Z until 1970-01-01T00:00:00Z, which is earlier"
    );
}

#[test]
fn the_subject_is_one_object_of_the_right_type() {
    for (value, error) in [
        (json!({}), "there is no credentialSubject"),
        (
            json!({ "credentialSubject": [{}] }),
            "credentialSubject is an array, not an object",
        ),
    ] {
        assert_eq!(subject(object(&value)).unwrap_err().to_string(), error);
    }
    for (value, error) in [
        (json!({}), "there is no credentialSubject.type"),
        (
            json!({ "type": ["BitstringStatusList"] }),
            "credentialSubject.type is an array, not a string",
        ),
        (
            json!({ "type": "StatusList2021" }),
            "credentialSubject.type is not BitstringStatusList",
        ),
    ] {
        let error_found = subject_type(object(&value), ListFormat::Bitstring).unwrap_err();
        assert_eq!(error_found.to_string(), error);
    }
}

#[test]
fn purposes_are_a_string_or_an_array_of_strings() {
    let value = json!({ "statusPurpose": ["revocation", "suspension"] });
    let both = purposes(object(&value)).unwrap();
    assert_eq!(both, Purposes::Array(vec!["revocation", "suspension"]));
    assert!(both.contain("suspension") && !both.contain("refresh"));
    let one = json!({ "statusPurpose": "refresh" });
    assert!(purposes(object(&one)).unwrap().contain("refresh"));
    let array = json!({ "statusPurpose": ["refresh"] });
    assert_eq!(
        purposes(object(&array)),
        Ok(Purposes::Array(vec!["refresh"]))
    );
    for (value, error) in [
        (json!([]), "statusPurpose is an empty array"),
        (json!([1]), "statusPurpose is the number 1, not a string"),
        (json!({}), "statusPurpose is an object, not a string"),
    ] {
        let value = json!({ "statusPurpose": value });
        assert_eq!(purposes(object(&value)).unwrap_err().to_string(), error);
    }
}

#[test]
fn a_time_to_live_is_a_whole_number_in_either_form() {
    let read = |value: Value| ttl(object(&json!({ "ttl": value })));
    assert_eq!(read(json!(0)), Ok(Some(TimeToLive::Number(0))));
    assert_eq!(read(json!("300000")), Ok(Some(TimeToLive::Text(300_000))));
    assert_eq!(TimeToLive::Text(7).milliseconds(), 7);
    for value in [
        json!(-1),
        json!(0.5),
        json!("5m"),
        json!(""),
        json!("-1"),
        json!(null),
    ] {
        assert!(matches!(
            read(value),
            Err(CredentialError::WrongType(WrongType { member: "ttl", .. }))
        ));
    }
    assert_eq!(
        read(json!("18446744073709551616")).unwrap_err().to_string(),
        "ttl is a string, not a whole number of milliseconds"
    );
}

#[test]
fn a_size_is_one_bit_unless_it_says_otherwise() {
    let read = |value: Value| status_size(object(&json!({ "statusSize": value })));
    assert_eq!(status_size(&Object::new()), Ok(StatusSize::ONE));
    assert_eq!(read(json!(3)).unwrap().bits(), 3);
    for bits in [0, 9] {
        let error = CredentialError::StatusSize(StatusSizeError(bits));
        assert_eq!(read(json!(bits)), Err(error));
    }
    for value in [json!("2"), json!(-1), json!(1.0), json!(null)] {
        assert!(matches!(
            read(value),
            Err(CredentialError::WrongType(WrongType {
                member: "statusSize",
                ..
            }))
        ));
    }
}

#[test]
fn a_list_without_entries_says_why() {
    let read = |member: &str, value: Value| {
        let mut credential = published(ListFormat::Bitstring);
        credential["credentialSubject"][member] = value;
        published_bits(object(&credential), InflateLimit::default())
    };
    let error = read("encodedList", json!([31, 139])).unwrap_err();
    assert_eq!(error.to_string(), "encodedList is an array, not a string");
    let error = read("encodedList", json!("uA")).unwrap_err();
    assert_eq!(error.to_string(), "encodedList is not base64url");
    let error = read("statusSize", json!(64)).unwrap_err();
    assert_eq!(error, CredentialError::StatusSize(StatusSizeError(64)));
    let three = read("statusSize", json!(3)).unwrap();
    assert_eq!(three.entries(), 43_690);
    assert!(three.is_below_minimum());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[0-9T:Z+.-]{0,30}".prop_map(Value::from),
        "u?H4sI[A-Za-z0-9_-]{0,30}".prop_map(Value::from),
        prop::sample::select(vec![
            "VerifiableCredential",
            "BitstringStatusListCredential"
        ])
        .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "@context",
        "id",
        "type",
        "issuer",
        "validFrom",
        "credentialSubject",
        "statusPurpose",
        "encodedList",
        "ttl",
        "statusSize",
        "statusMessages",
        "statusMessage",
        "status",
        "message",
    ]);
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..8).prop_map(|members| {
                let members = members.into_iter();
                members
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn hostile_credentials_never_panic(value in any_json(), list in any_json()) {
        let limit = InflateLimit::new(10_000);
        let mut holder = Object::new();
        holder.insert("type".to_owned(), json!(["VerifiableCredential", "StatusList2021Credential"]));
        holder.insert("credentialSubject".to_owned(), list);
        for credential in value.as_object().into_iter().chain([&holder]) {
            let _ = (format(credential), credential_type(credential));
            let _ = (data_model(credential), id(credential));
            let _ = (issuer(credential), date(credential, "validFrom"));
            if let Ok(list) = subject(credential) {
                let _ = (subject_type(list, ListFormat::Bitstring), purposes(list), ttl(list));
                if let Ok(size) = status_size(list) {
                    let _ = crate::token::w3c::published_messages(list, size);
                }
            }
            if let Ok(bits) = published_bits(credential, limit) {
                prop_assert!(bits.bytes.len() <= 10_000);
            }
        }
    }
}
