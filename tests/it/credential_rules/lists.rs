//! The list in a credential: its purpose, its bits, and what they stand for.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use statuslist::audit::CredentialChecks;
use statuslist::list::BitOrder;
use statuslist::token::w3c::{ListFormat, encode_list};
use statuslist::token::{InflateLimit, compress, gzip};

use super::{
    bits, checks, embedded, finds, finds_with, judged, unsigned, unsigned_2020, unsigned_2021,
};

fn changed(credential: Value, member: &str, value: impl Into<Value>) -> Value {
    embedded(credential, |credential| {
        credential["credentialSubject"][member] = value.into();
    })
}

fn with(member: &str, value: impl Into<Value>) -> Value {
    changed(unsigned(), member, value)
}

fn without(member: &str) -> Value {
    embedded(unsigned(), |credential| {
        let subject = credential["credentialSubject"].as_object_mut().unwrap();
        subject.remove(member).unwrap();
    })
}

#[test]
fn no_subject() {
    let several = embedded(unsigned(), |credential| {
        credential["credentialSubject"] = json!([credential["credentialSubject"]]);
    });
    finds(
        several,
        &[
            "error MALFORMED_VALUE_ERROR: credentialSubject is an array, not an object (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn type_of_subject() {
    finds(
        with("type", json!(["BitstringStatusList"])),
        &[
            "error MALFORMED_VALUE_ERROR: credentialSubject.type is an array, not a string (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        with("type", "StatusList2021"),
        &[
            "error MALFORMED_VALUE_ERROR: credentialSubject.type is not BitstringStatusList (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn no_purpose() {
    finds(
        without("statusPurpose"),
        &[
            "error MALFORMED_VALUE_ERROR: there is no statusPurpose (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        with("statusPurpose", json!([])),
        &[
            "error MALFORMED_VALUE_ERROR: statusPurpose is an empty array (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        with("statusPurpose", 1),
        &[
            "error MALFORMED_VALUE_ERROR: statusPurpose is the number 1, not a string (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn several_purposes() {
    finds(
        with("statusPurpose", json!(["revocation", "suspension"])),
        &[
            "warning: statusPurpose is an array, which some readers refuse (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        changed(unsigned_2021(), "statusPurpose", json!(["revocation"])),
        &[
            "error MALFORMED_VALUE_ERROR: statusPurpose is an array, not a string (StatusList2021, section 2.2)",
        ],
    );
}

#[test]
fn purposes_that_nobody_defined() {
    finds(
        with("statusPurpose", "expulsion"),
        &[
            "note: nobody defined the purpose \"expulsion\" (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        changed(unsigned_2020(), "statusPurpose", "revocation"),
        &["warning: it has statusPurpose, which its format has not (RevocationList2020)"],
    );
}

#[test]
fn the_purpose_that_was_asked_for() {
    let asked = |purpose| CredentialChecks {
        purpose: Some(purpose),
        ..checks()
    };
    let revocation = with("statusPurpose", "revocation");
    finds_with(&revocation, &asked("revocation"), &[]);
    finds_with(
        &revocation,
        &asked("suspension"),
        &[
            "error STATUS_VERIFICATION_ERROR: the list is for revocation, not for \"suspension\" (Bitstring Status List v1.0, section 3.2)",
        ],
    );
    let oldest = embedded(unsigned_2020(), |_| {});
    finds_with(&oldest, &asked("revocation"), &[]);
    finds_with(
        &oldest,
        &asked("suspension"),
        &[
            "error STATUS_VERIFICATION_ERROR: the list is for revocation, not for \"suspension\" (RevocationList2020)",
        ],
    );
}

#[test]
fn no_list() {
    finds(
        without("encodedList"),
        &[
            "error MALFORMED_VALUE_ERROR: there is no encodedList (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        with("encodedList", json!({})),
        &[
            "error MALFORMED_VALUE_ERROR: encodedList is an object, not a string (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn another_encoding_of_a_bitstring() {
    let rule = "(Bitstring Status List v1.0, section 2.2)";
    let gzip = gzip(&bits());
    for (text, fault) in [
        (
            URL_SAFE_NO_PAD.encode(&gzip),
            "encodedList has no multibase prefix u",
        ),
        (
            format!("u{}=", URL_SAFE_NO_PAD.encode(&gzip)),
            "encodedList is padded with =",
        ),
        (
            format!("u{}", URL_SAFE_NO_PAD.encode(compress(&bits()))),
            "encodedList holds a zlib stream, not a gzip stream",
        ),
    ] {
        finds(
            with("encodedList", text),
            &[&format!("error MALFORMED_VALUE_ERROR: {fault} {rule}")],
        );
    }
}

#[test]
fn another_encoding_of_an_older_list() {
    let padded = format!("{}=", URL_SAFE_NO_PAD.encode(gzip(&bits())));
    let zlib = URL_SAFE_NO_PAD.encode(compress(&bits()));
    let multibase = encode_list(ListFormat::Bitstring, &bits());
    for (credential, text, finding) in [
        (
            unsigned_2021(),
            padded,
            "warning: encodedList is padded with = (StatusList2021, section 2.2)",
        ),
        (
            unsigned_2021(),
            zlib.clone(),
            "error MALFORMED_VALUE_ERROR: encodedList holds a zlib stream, not a gzip stream (StatusList2021, section 2.2)",
        ),
        (
            unsigned_2020(),
            zlib,
            "warning: encodedList holds a zlib stream, not a gzip stream (RevocationList2020)",
        ),
        (
            unsigned_2021(),
            multibase,
            "warning: encodedList has a multibase prefix u, which its format has not (StatusList2021, section 2.2)",
        ),
    ] {
        finds(changed(credential, "encodedList", text), &[finding]);
    }
}

#[test]
fn a_damaged_list() {
    finds(
        with("encodedList", "u!"),
        &[
            "error MALFORMED_VALUE_ERROR: encodedList is not base64url: '!' at byte 0 is not a base64url character (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    let mut stream = gzip(&bits());
    let checksum = stream.len() - 8;
    stream[checksum..][..4].copy_from_slice(&[1, 2, 3, 4]);
    finds(
        with(
            "encodedList",
            format!("u{}", URL_SAFE_NO_PAD.encode(stream)),
        ),
        &[
            "error MALFORMED_VALUE_ERROR: encodedList does not inflate: a gzip stream with a wrong checksum: CRC-32 is a15785e8, not 04030201 (Bitstring Status List v1.0, section 3.4)",
        ],
    );
}

#[test]
fn a_list_that_inflates_beyond_the_limit() {
    let limit = CredentialChecks {
        limit: InflateLimit::new(16_383),
        ..checks()
    };
    finds_with(
        with("ttl", 3_600_000),
        &limit,
        &[
            "error MALFORMED_VALUE_ERROR: encodedList does not inflate: a gzip stream that inflates to more than 16383 bytes (Bitstring Status List v1.0, section 3.4)",
        ],
    );
}

#[test]
fn a_list_that_is_too_short() {
    let short = vec![0; 16_383];
    finds(
        with("encodedList", encode_list(ListFormat::Bitstring, &short)),
        &[
            "error STATUS_LIST_LENGTH_ERROR: the list has 131064 entries, fewer than 131072 (Bitstring Status List v1.0, section 3.2)",
        ],
    );
    for (credential, rule) in [
        (unsigned_2021(), "StatusList2021, section 2.2"),
        (unsigned_2020(), "RevocationList2020"),
    ] {
        finds(
            changed(
                credential,
                "encodedList",
                encode_list(ListFormat::StatusList2021, &short),
            ),
            &[&format!(
                "error STATUS_LIST_LENGTH_ERROR: the list has 131064 entries, fewer than 131072 ({rule})"
            )],
        );
    }
}

#[test]
fn an_index_outside_the_list() {
    let judgement = judged(with("ttl", 3_600_000).to_string(), &checks());
    let order = BitOrder::Msb;
    assert_eq!(judgement.entry(131_071, order), Some(Ok(0)));
    let fault = judgement.entry(131_072, order).unwrap().unwrap_err();
    assert_eq!(
        serde_json::to_value(fault).unwrap(),
        json!({
            "severity": "error",
            "source": "Bitstring Status List v1.0, section 3.2",
            "text": "index 131072 is outside the list, which has 131072 entries",
            "problem": {
                "name": "RANGE_ERROR",
                "type": "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
            },
        })
    );
}

#[test]
fn both_orders_of_the_bits() {
    use BitOrder::{Lsb, Msb};

    for credential in [unsigned(), unsigned_2021(), unsigned_2020()] {
        let judgement = judged(embedded(credential, |_| {}).to_string(), &checks());
        let bits = judgement.bits.as_ref().unwrap();
        let set = |order| bits.set_in(order).collect::<Vec<_>>();
        assert_eq!(set(Msb), [0, 9, 94_567]);
        // Within its byte each index counts from the other end.
        assert_eq!(set(Lsb), [7, 14, 94_560]);
        assert_eq!(judgement.entry(7, Lsb), Some(Ok(1)));
        assert_eq!(judgement.entry(7, Msb), Some(Ok(0)));
        assert_eq!(judgement.counts, [131_069, 3]);
    }
}

/// A list of 2 bits each, in which entry 1 is 2.
fn message_list(change: impl FnOnce(&mut Value)) -> Value {
    embedded(unsigned(), |credential| {
        let mut bytes = vec![0; 32_768];
        bytes[0] = 0b0010_0000;
        let subject = &mut credential["credentialSubject"];
        subject["statusPurpose"] = "message".into();
        subject["encodedList"] = encode_list(ListFormat::Bitstring, &bytes).into();
        subject["statusSize"] = 2.into();
        subject["statusMessages"] = json!([
            {"status": "0x0", "message": "valid"},
            {"status": "0x1", "message": "invalid"},
            {"status": "0x2", "message": "on hold"},
            {"status": "0x3", "message": "undefined"},
        ]);
        change(subject);
    })
}

#[test]
fn messages() {
    let credential = message_list(|_| {});
    finds(&credential, &[]);
    let judgement = judged(credential.to_string(), &checks());
    let order = BitOrder::Msb;
    assert_eq!(judgement.entry(1, order), Some(Ok(2)));
    assert_eq!(judgement.message(2), Some("on hold"));
    assert_eq!(judgement.counts, [131_071, 0, 1, 0]);
}

fn drop_member(member: &'static str) -> impl FnOnce(&mut Value) {
    move |subject| {
        subject.as_object_mut().unwrap().remove(member).unwrap();
    }
}

#[test]
fn no_messages() {
    finds(
        message_list(drop_member("statusMessages")),
        &[
            "error MALFORMED_VALUE_ERROR: there are no statusMessages: nothing says what the values stand for (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        message_list(|subject| {
            subject["statusPurpose"] = "revocation".into();
            drop_member("statusMessages")(subject);
        }),
        &[
            "error MALFORMED_VALUE_ERROR: there are no statusMessages: nothing says what the values stand for (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn wrong_messages() {
    finds(
        message_list(|subject| drop(subject["statusMessages"].as_array_mut().unwrap().pop())),
        &[
            "error MALFORMED_VALUE_ERROR: there are 3 status messages for 4 values (Bitstring Status List v1.0, section 2.1)",
        ],
    );
    finds(
        message_list(|subject| {
            subject["statusMessage"] = subject["statusMessages"].take();
            drop_member("statusMessages")(subject);
        }),
        &[
            "warning: the messages are called statusMessage, as in an entry, not statusMessages (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn size() {
    for (size, fault, section) in [
        (json!("2"), "statusSize is a string, not an integer", "2.2"),
        (
            json!(0),
            "statusSize is wrong: entries of 0 bits: 1 to 8 are understood",
            "2.2",
        ),
        (
            json!(9),
            "statusSize is wrong: entries of 9 bits: 1 to 8 are understood",
            "1.3",
        ),
    ] {
        finds(
            message_list(|subject| subject["statusSize"] = size),
            &[&format!(
                "error MALFORMED_VALUE_ERROR: {fault} (Bitstring Status List v1.0, section {section})"
            )],
        );
    }
    finds(
        message_list(|subject| {
            drop_member("statusSize")(subject);
            drop(
                subject["statusMessages"]
                    .as_array_mut()
                    .unwrap()
                    .split_off(2),
            );
        }),
        &[
            "error MALFORMED_VALUE_ERROR: the purpose is message, but there is no statusSize (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        message_list(|subject| {
            let half = vec![0; 32_767];
            subject["encodedList"] = encode_list(ListFormat::Bitstring, &half).into();
        }),
        &[
            "error STATUS_LIST_LENGTH_ERROR: the list has 131068 entries, fewer than 131072 (Bitstring Status List v1.0, section 3.2)",
        ],
    );
}

#[test]
fn members_that_older_lists_have_not() {
    finds(
        changed(unsigned_2021(), "statusSize", 2),
        &[
            "warning: readers of this kind of list pass over statusSize (StatusList2021, section 2.2)",
        ],
    );
}

#[test]
fn time_to_live() {
    let rule = "(Bitstring Status List v1.0, section 2.2)";
    for (ttl, finding) in [
        (
            json!("3600000"),
            "warning: ttl is a string: readers expect a number",
        ),
        (
            json!(3600),
            "warning: ttl is 3600 milliseconds: were seconds meant?",
        ),
        (
            json!(605_000_000),
            "warning: ttl is longer than the credential is valid",
        ),
        (
            json!(-1),
            "error MALFORMED_VALUE_ERROR: ttl is the number -1, not a whole number of milliseconds",
        ),
    ] {
        finds(with("ttl", ttl), &[&format!("{finding} {rule}")]);
    }
    finds(
        without("ttl"),
        &[&format!(
            "note: there is no ttl: readers guess how long to keep a copy {rule}"
        )],
    );
}

#[test]
fn the_standard_alphabet() {
    // Bits that compress to nothing that both alphabets share.
    let mut bytes = bits();
    for (place, byte) in bytes.iter_mut().enumerate().take(2000) {
        *byte = u8::try_from(place * place % 251).unwrap();
    }
    let text = STANDARD
        .encode(gzip(&bytes))
        .trim_end_matches('=')
        .to_owned();
    assert!(text.contains(['+', '/']));
    finds(
        changed(unsigned_2021(), "encodedList", text.clone()),
        &[
            "warning: encodedList is in base64 with + and /, not in base64url with - and _ (StatusList2021, section 2.2)",
        ],
    );
    finds(
        with("encodedList", format!("u{text}")),
        &[
            "error MALFORMED_VALUE_ERROR: encodedList is in base64 with + and /, not in base64url with - and _ (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}
