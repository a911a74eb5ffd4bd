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
            group: None,
            labelled_by: None,
            token_id: Some("a".to_owned()),
            document_hash: None,
            status: Some(1),
            status_name: Some("invalid".to_owned()),
            statuses: Vec::new(),
            allocated_at: NOW.to_owned(),
            expires_at: Some("2030-01-01T00:00:00Z".to_owned()),
            kept_until: None,
            list_state: None,
            list_kept_until: None,
            updated_at: NOW.to_owned(),
            reason: Some("keyCompromise".to_owned()),
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
    assert_eq!(at("2026-01-01T10:00:00Z"), (Some(0), 0));
    assert_eq!(at("2026-01-02T09:59:59Z"), (Some(0), 0));
    assert_eq!(at("2026-01-02T10:00:00Z"), (Some(2), 0));
    assert_eq!(at("2026-01-02T14:59:59Z"), (Some(2), 0));
    assert_eq!(at("@1767366000"), (Some(0), 0));
    assert_eq!(at("2026-01-03T10:00:00Z"), (Some(1), 0));
    // A date is its start, with every change of that day; a day that changed it is no answer.
    assert_eq!(at("2026-01-02"), (None, 2));
    assert_eq!(at("2026-01-03"), (None, 1));
    assert_eq!(at("2026-01-04"), (Some(1), 0));
    place.shows(
        "get list.slist id:a --at 2026-01-02",
        str![[r#"
entry:      0/826
status:     valid (0) at the start of 2026-01-02, later that day suspended (2), then valid (0)
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

#[test]
fn a_day_on_which_the_status_changed_is_no_answer() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --now 2026-01-01T10:00:00Z");
    place.done("set list.slist id:a suspended --now 2026-01-02T10:00:00Z");
    place.done("set list.slist id:a valid --now 2026-01-02T15:00:00Z --note 'found again'");
    place.done("set list.slist id:a revoked --reason kc --now 2026-01-03T00:00:00Z");
    place.done("set list.slist id:a revoked --note lost --now 2026-01-04T10:00:00Z");
    place.shows(
        "get list.slist id:a --at 2026-01-01 --is valid",
        str![[r#"
entry:      0/826
status:     not handed out at the start of 2026-01-01, later that day valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T10:00:00Z
updated:    2026-01-01T10:00:00Z
changes:    0
--- stderr
error: entry 0/826 was handed out on 2026-01-01, so that day is no answer
because: on that day it was valid (0)
hint: name a time of that day: --at 2026-01-01T12:00:00Z
--- exit 1

"#]],
    );
    place.shows(
        "get list.slist id:a --at 2026-01-02 --is valid",
        str![[r#"
entry:      0/826
status:     valid (0) at the start of 2026-01-02, later that day suspended (2), then valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T10:00:00Z
updated:    2026-01-01T10:00:00Z
changes:    2
  2026-01-02T10:00:00Z  revision 3: valid (0) -> suspended (2), unspecified by tester
  2026-01-02T15:00:00Z  revision 4: suspended (2) -> valid (0), unspecified by tester: found again
--- stderr
error: entry 0/826 changed on 2026-01-02, so that day is no answer
because: on that day it was valid (0), then suspended (2), then valid (0)
hint: name a time of that day: --at 2026-01-02T12:00:00Z
--- exit 1

"#]],
    );
    for status in ["valid", "suspended", "invalid", "3"] {
        for day in ["2026-01-01", "2026-01-02"] {
            let run = place.line(&format!(
                "get list.slist id:a --at {day} --is {status} --json"
            ));
            let error = run.error();
            assert_eq!((run.code, error.code.as_str()), (1, "PRECONDITION_FAILED"));
            let statuses = &error.details["statuses"];
            let expected = if day == "2026-01-01" {
                serde_json::json!([0])
            } else {
                serde_json::json!([0, 2, 0])
            };
            assert_eq!(statuses, &expected);
            assert!(!error.details.contains_key("currentStatus"));
        }
    }
    let got: shapes::Got = place.decode("get list.slist id:a --at 2026-01-02");
    assert_eq!(
        (got.status, got.status_name, got.reason),
        (None, None, None)
    );
    assert_eq!(got.statuses, [0, 2, 0]);
    let got: shapes::Got = place.decode("get list.slist id:a --at 2026-01-01");
    assert_eq!((got.status, got.statuses), (None, vec![0]));
    // At its first second, and annotated on its way: still one status on that day.
    place.done("get list.slist id:a --at 2026-01-03 --is revoked");
    place.done("get list.slist id:a --at 2026-01-04 --is revoked");
    assert_eq!(
        place
            .line("get list.slist id:a --at 2026-01-04 --is valid")
            .code,
        1
    );
    // A time is always an answer.
    place.done("get list.slist id:a --at 2026-01-02T12:00:00Z --is suspended");
    place.done("get list.slist id:a --at 2026-01-01T10:00:00Z --is valid");

    // Handed out and changed within one second, and handed out with a status.
    place.done("allocate list.slist --token-id b --status suspended --now 2026-01-05T10:00:00Z");
    place.done("set list.slist id:b revoked --now 2026-01-05T10:00:00Z");
    place.shows("get list.slist id:b --at 2026-01-05", str![[r#"
entry:      0/785
status:     not handed out at the start of 2026-01-05, later that day suspended (2), then invalid (1)
uri:        https://example.com/statuslists/0.jwt
token id:   b
allocated:  2026-01-05T10:00:00Z
updated:    2026-01-05T10:00:00Z
changes:    2
  2026-01-05T10:00:00Z  revision 7: valid (0) -> suspended (2), unspecified by tester
  2026-01-05T10:00:00Z  revision 8: suspended (2) -> invalid (1), unspecified by tester

"#]]);
    let run = place.line("get list.slist id:b --at 2026-01-05 --is revoked --json");
    assert_eq!(run.code, 1);
    assert_eq!(run.error().details["statuses"], serde_json::json!([2, 1]));
}
