//! `inspect` of answers of an `OpenAttestation` OCSP responder.

use serde_json::Value;
use snapbox::str;

use crate::harness::Place;
use crate::shapes;

const VECTORS: &str = include_str!("../vectors/w3c/openattestation.json");
const HASH: &str = "0x28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824";

/// A place with a file of this name, in which an answer of a responder stands.
fn place_with(name: &str, vector: &str) -> Place {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let place = Place::new();
    place.write(name, vectors[vector].to_string());
    place
}

#[test]
fn not_revoked() {
    place_with(HASH, "not_revoked").shows(&format!("inspect {HASH}"), str![[r#"
answer:     OpenAttestation OCSP, 101 bytes
verdict:    no fault found, but answers are not signed
document:   0x28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824
status:     not revoked
note:       answers are not signed: whoever runs the host can say anything (OpenAttestation OCSP responder)

"#]]);
}

#[test]
fn revoked() {
    let place = place_with(HASH, "revoked");
    place.shows(&format!("inspect {HASH}"), str![[r#"
answer:     OpenAttestation OCSP, 115 bytes
verdict:    no fault found, but answers are not signed
document:   0x28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824
status:     revoked, superseded (4)
note:       answers are not signed: whoever runs the host can say anything (OpenAttestation OCSP responder)

"#]]);
    let answer: shapes::OcspAnswer = place.decode(&format!("inspect {HASH}"));
    assert_eq!(answer.verdict, "unverified");
    assert_eq!(answer.document_hash.as_deref(), Some(HASH));
    assert_eq!((answer.revoked, answer.reason_code), (Some(true), Some(4)));
}

#[test]
fn suspended() {
    let place = Place::new();
    let text = format!(r#"{{"revoked":true,"documentHash":"{HASH}","reasonCode":1001}}"#);
    place.write("answer", text);
    place.shows("inspect answer", str![[r#"
answer:     OpenAttestation OCSP, 118 bytes
verdict:    no fault found, but answers are not signed
document:   0x28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824
status:     revoked, suspended (1001)
note:       answers are not signed: whoever runs the host can say anything (OpenAttestation OCSP responder)

"#]]);
}

#[test]
fn the_answer_for_hashes_without_a_file() {
    let place = Place::new();
    place.write("default.json", r#"{"revoked":false,"documentHash":""}"#);
    place.shows("inspect default.json", str![[r#"
answer:     OpenAttestation OCSP, 35 bytes
verdict:    no fault found, but answers are not signed
document:   any without a file
status:     not revoked
note:       answers are not signed: whoever runs the host can say anything (OpenAttestation OCSP responder)

"#]]);
}

#[test]
fn an_answer_about_another_document() {
    let other = HASH.replace("0x28", "0x29");
    place_with(&other, "revoked").refuses(&format!("inspect {other}"), str![[r#"
answer:     OpenAttestation OCSP, 115 bytes
verdict:    must be rejected
document:   0x28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824
status:     revoked, superseded (4)
error:      it is about 0x28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824, but stands where 0x29b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824 belongs (OpenAttestation OCSP responder)
note:       answers are not signed: whoever runs the host can say anything (OpenAttestation OCSP responder)
--- stderr
error: '0x29b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824' must be rejected
because: it is about 0x28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824, but stands where 0x29b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824 belongs (OpenAttestation OCSP responder)
hint: readers must not rely on it: it says neither that a document is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn what_readers_do_not_understand() {
    let place = Place::new();
    let text = format!(r#"{{"revoked":true,"documentHash":"{HASH}","reasonCode":7}}"#);
    place.write("answer", text);
    place.refuses("inspect answer", str![[r#"
answer:     OpenAttestation OCSP, 115 bytes
verdict:    must be rejected
error:      reasonCode is the number 7, not 0 to 6, 8 to 10 or 1001 (OpenAttestation OCSP responder)
note:       answers are not signed: whoever runs the host can say anything (OpenAttestation OCSP responder)
--- stderr
error: 'answer' must be rejected
because: reasonCode is the number 7, not 0 to 6, 8 to 10 or 1001 (OpenAttestation OCSP responder)
hint: readers must not rely on it: it says neither that a document is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn what_nobody_signed_needs_no_key() {
    let place = place_with("answer", "revoked");
    place.refuses(
        "inspect answer --key key.pem",
        str![[r#"
--- stderr
error: --key is for tokens, and 'answer' is the answer of an OCSP responder
hint: leave it out, or name a published token
--- exit 1

"#]],
    );
    place.refuses(
        "inspect answer --entry 1",
        str![[r#"
--- stderr
error: 'answer' is about one document, and has no entries
hint: leave --entry out
--- exit 1

"#]],
    );
}
