//! `get`: what an entry is, was, and why.

use snapbox::str;

use crate::harness::{NOW, Place};
use crate::shapes;

#[test]
fn what_somebody_noted_never_drives_a_terminal() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked --note 'a\u{1b}[2Jb\nc\u{202e}' --actor '\u{1b}c'");
    place.shows("get list.slist id:a --history", str![[r#"
entry:      0/826
status:     invalid (1)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
note:       a\u{1b}[2Jb\u{a}c\u{202e}
changes:    1
  2026-01-01T00:00:00Z  revision 3: valid (0) -> invalid (1), unspecified by \u{1b}c: a\u{1b}[2Jb\u{a}c\u{202e}

"#]]);
    let shown = place.done("inspect list.slist");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn what_an_entry_is() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --expires-at 2030-01-01T00:00:00Z");
    place.shows(
        "get list.slist 826",
        str![[r#"
entry:      0/826
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
expires:    2030-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    place.done(
        "set list.slist id:a revoked --reason kc --note lost --revoked-at 2025-12-24T00:00:00Z",
    );
    place.shows(
        "get list.slist 0/826",
        str![[r#"
entry:      0/826
status:     invalid (1)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
expires:    2030-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
reason:     keyCompromise
note:       lost
since:      2025-12-24T00:00:00Z

"#]],
    );
    let got: shapes::Got = place.decode("get list.slist id:a");
    assert_eq!(
        got,
        shapes::Got {
            schema: 1,
            list_id: "0".to_owned(),
            idx: 826,
            uri: "https://example.com/statuslists/0.jwt".to_owned(),
            token_id: Some("a".to_owned()),
            document_hash: None,
            status: 1,
            status_name: "invalid".to_owned(),
            allocated_at: NOW.to_owned(),
            expires_at: Some("2030-01-01T00:00:00Z".to_owned()),
            updated_at: NOW.to_owned(),
            reason: "keyCompromise".to_owned(),
            note: Some("lost".to_owned()),
            revoked_at: Some("2025-12-24T00:00:00Z".to_owned()),
            history: vec![],
        }
    );
}

#[test]
fn several_entries() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --token-id b");
    place.shows(
        "get list.slist id:a 785",
        str![[r#"
entry:      0/826
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

entry:      0/785
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   b
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    let many: shapes::GotMany = place.decode("get list.slist id:a id:b");
    assert_eq!((many.count, many.entries[1].idx), (2, 785));
    place.refuses(
        "get list.slist id:a 5",
        str![[r#"
--- stderr
error: entry 0/5 is not allocated
because: only entries that were handed out have a status
hint: check the index, and the file
--- exit 1

"#]],
    );
}

#[test]
fn a_question_with_an_answer_for_scripts() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --token-id b");
    place.done("set list.slist id:b revoked");
    assert_eq!(place.line("get list.slist id:a --is valid").code, 0);
    place.shows(
        "get list.slist id:a id:b --is valid",
        str![[r#"
entry:      0/826
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

entry:      0/785
status:     invalid (1)
uri:        https://example.com/statuslists/0.jwt
token id:   b
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
--- stderr
error: entry 0/785 is invalid (1), not valid (0)
--- exit 1

"#]],
    );
    let run = place.line("get list.slist id:b --is valid --json");
    let error = run.error();
    assert_eq!((run.code, error.code.as_str()), (1, "PRECONDITION_FAILED"));
    assert_eq!(error.details["currentStatus"], 1);
    assert_eq!(error.details["expectedStatus"], 0);
}

#[test]
fn what_an_entry_was() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --now 2026-01-01T10:00:00Z");
    place.done("set list.slist id:a suspended --now 2026-01-02T10:00:00Z");
    place.done("set list.slist id:a valid --now 2026-01-02T15:00:00Z");
    place.done("set list.slist id:a revoked --now 2026-01-03T10:00:00Z");
    let at = |time: &str| {
        let got: shapes::Got = place.decode(&format!("get list.slist id:a --at {time}"));
        (got.status, got.history.len())
    };
    assert_eq!(at("2026-01-01T10:00:00Z"), (0, 0));
    assert_eq!(at("2026-01-02T09:59:59Z"), (0, 0));
    assert_eq!(at("2026-01-02T10:00:00Z"), (2, 0));
    assert_eq!(at("2026-01-02T14:59:59Z"), (2, 0));
    assert_eq!(at("@1767366000"), (0, 0));
    assert_eq!(at("2026-01-03T10:00:00Z"), (1, 0));
    // A date is its start, with every change of that day.
    assert_eq!(at("2026-01-02"), (0, 2));
    assert_eq!(at("2026-01-03"), (0, 1));
    assert_eq!(at("2026-01-04"), (1, 0));
    place.shows(
        "get list.slist id:a --at 2026-01-02",
        str![[r#"
entry:      0/826
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T10:00:00Z
updated:    2026-01-01T10:00:00Z
changes:    2
  2026-01-02T10:00:00Z  revision 3: valid (0) -> suspended (2), unspecified by tester
  2026-01-02T15:00:00Z  revision 4: suspended (2) -> valid (0), unspecified by tester

"#]],
    );
    place.refuses(
        "get list.slist id:a --at 2026-01-01T09:59:59Z",
        str![[r#"
--- stderr
error: entry 0/826 was not allocated at 2026-01-01T09:59:59Z
because: it was allocated at 2026-01-01T10:00:00Z
--- exit 1

"#]],
    );
    place.refuses(
        "get list.slist id:a --at 2025-12-31",
        str![[r#"
--- stderr
error: entry 0/826 was not allocated at 2025-12-31T23:59:59Z
because: it was allocated at 2026-01-01T10:00:00Z
--- exit 1

"#]],
    );
    place.refuses(
        "get list.slist id:a --at yesterday",
        str![[r#"
--- stderr
error: invalid value 'yesterday' for '--at <TIME>': 'yesterday' is not a time

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "get list.slist id:a --at 2016-12-31T23:59:60Z",
        str![[r#"
--- stderr
error: invalid value '2016-12-31T23:59:60Z' for '--at <TIME>': '2016-12-31T23:59:60Z' is not a time

For more information, try '--help'.
--- exit 2

"#]],
    );
}

#[test]
fn a_history_for_programs() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a suspended --op-id one --actor me");
    let got: shapes::Got = place.decode("get list.slist id:a --history");
    assert_eq!(
        got.history,
        [shapes::Change {
            revision: 3,
            updated_at: NOW.to_owned(),
            previous_status: 0,
            current_status: 2,
            reason: "unspecified".to_owned(),
            note: None,
            revoked_at: None,
            actor: "me".to_owned(),
            operation_id: "one".to_owned(),
        }]
    );
}
