//! `set`: one status, once, and every way in which it is refused.

use snapbox::str;

use crate::harness::{NOW, Place};
use crate::shapes;

/// A place with entry 0/826, whose token id is `a`.
fn with_entry() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place
}

#[test]
fn a_status_that_does_not_fit_is_refused() {
    let place = with_entry();
    place.refuses(
        "set list.slist id:a 4",
        str![[r#"
--- stderr
error: status 4 does not fit 2 bits: the largest is 3
hint: with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
--- exit 1

"#]],
    );
    place.done("init one.slist --uri https://example.com/one/{n}.jwt --size 5 --seed-file seed");
    place.done("allocate one.slist --token-id a");
    place.refuses(
        "set one.slist id:a suspended",
        str![[r#"
--- stderr
error: status 2 does not fit 1 bit: the largest is 1
hint: with more bits it fits: statuslist configure FILE --bits 2, or init with --bits 2
--- exit 1

"#]],
    );
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let place = with_entry();
    let before = place.files();
    place.shows(
        "set list.slist id:a revoked -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
0/826: valid (0) -> invalid (1), revision 3; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn a_status_is_changed_annotated_and_left_alone() {
    let place = with_entry();
    place.shows(
        "set list.slist id:a suspended --note 'card lost'",
        str![[r#"
--- stderr
0/826: valid (0) -> suspended (2), revision 3; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "set list.slist id:a suspended",
        str![[r#"
--- stderr
0/826: suspended (2) already, nothing changed

"#]],
    );
    place.shows(
        "set list.slist id:a suspended --reason ch",
        str![[r#"
--- stderr
0/826: still suspended (2), annotated, revision 4

"#]],
    );
    place.shows("set list.slist id:a revoked -q", str![]);
    place.shows("get list.slist id:a --history", str![[r#"
entry:      0/826
status:     invalid (1)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
changes:    3
  2026-01-01T00:00:00Z  revision 3: valid (0) -> suspended (2), unspecified by tester: card lost
  2026-01-01T00:00:00Z  revision 4: suspended (2) -> suspended (2), certificateHold by tester: card lost
  2026-01-01T00:00:00Z  revision 5: suspended (2) -> invalid (1), unspecified by tester

"#]]);
}

#[test]
fn the_same_for_programs() {
    let place = with_entry();
    let set = "set list.slist id:a revoked --reason kc --note x --revoked-at @1700000000";
    let changed: shapes::Set = place.decode(set);
    let expected = shapes::Set {
        schema: 1,
        list_id: "0".to_owned(),
        idx: 826,
        uri: "https://example.com/statuslists/0.jwt".to_owned(),
        previous_status: 0,
        current_status: 1,
        change: "changed".to_owned(),
        reason: "keyCompromise".to_owned(),
        note: Some("x".to_owned()),
        revoked_at: Some("2023-11-14T22:13:20Z".to_owned()),
        updated_at: NOW.to_owned(),
        effective_at: None,
        visible_by: None,
        revision: 3,
        repeated: false,
        publication: None,
    };
    assert_eq!(changed, expected);
    let unchanged: shapes::Set = place.decode(set);
    assert_eq!(unchanged.change, "unchanged");
    assert_eq!((unchanged.previous_status, unchanged.revision), (1, 3));
    let annotated: shapes::Set = place.decode("set list.slist id:a revoked --note y");
    assert_eq!(
        (annotated.change.as_str(), annotated.revision),
        ("annotated", 4)
    );
    assert_eq!(annotated.reason, "keyCompromise");
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = with_entry();
    let set = "set list.slist id:a suspended --note x --op-id one";
    let mut first: shapes::Set = place.decode(set);
    first.repeated = true;
    place.done("set list.slist id:a revoked");
    let file = place.read("list.slist");
    assert_eq!(first, place.decode(set));
    place.shows(
        set,
        str![[r#"
--- stderr
warning: operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed
warning: entry 0/826 was suspended (2) then, and is invalid (1) now
at that time: 0/826: valid (0) -> suspended (2), revision 3; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    assert!(file == place.read("list.slist"));
    place.refuses(
        "set list.slist id:a suspended --note y --op-id one",
        str![[r#"
--- stderr
error: operation id 'one' belongs to another request, revision 3
hint: use another --op-id for another request
--- exit 1

"#]],
    );
    // What changes nothing is recorded all the same, if it has an id of its own.
    let none: shapes::Set = place.decode("set list.slist id:a revoked --op-id two");
    assert_eq!((none.change.as_str(), none.revision), ("unchanged", 5));
    let again: shapes::Set = place.decode("set list.slist id:a revoked --op-id two");
    assert_eq!(again.revision, 5);
}

#[test]
fn every_way_to_name_an_entry() {
    let place = with_entry();
    for (name, status) in [
        ("826", "suspended"),
        ("0/826", "valid"),
        ("https://example.com/statuslists/0.jwt#826", "suspended"),
        ("id:a", "valid"),
    ] {
        let set: shapes::Set = place.decode(&format!("set list.slist {name} {status}"));
        assert_eq!((set.idx, set.change.as_str()), (826, "changed"));
    }
    place.done("set list.slist 826 suspended --list 0");
    place.refuses(
        "set list.slist 826 revoked --list 1",
        str![[r#"
--- stderr
error: the series has no list 1
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist 1/826 revoked",
        str![[r#"
--- stderr
error: the series has no list 1
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist https://example.com/1.jwt#826 revoked",
        str![[r#"
--- stderr
error: no list of the series has the uri 'https://example.com/1.jwt'
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist id:b revoked",
        str![[r#"
--- stderr
error: no entry has the token id 'b'
hint: check the token id, and the file
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist 0/826 revoked --list 1",
        str![[r#"
--- stderr
error: entry 0/826 is not in list 1
hint: leave out --list, or name the entry of that list
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist x revoked",
        str![[r#"
--- stderr
error: invalid value 'x' for '<ENTRY>': 'x' does not name an entry

For more information, try '--help'.
--- exit 2

"#]],
    );
}

#[test]
fn an_entry_that_nobody_has() {
    let place = with_entry();
    place.refuses(
        "set list.slist 5 revoked",
        str![[r#"
--- stderr
error: entry 0/5 is not allocated
because: only entries that were handed out have a status
hint: check the index, and the file
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist 1000 revoked",
        str![[r#"
--- stderr
error: index 1000 is outside list 0
because: list 0 has 1000 entries, 0 to 999
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist 18446744073709551615 revoked",
        str![[r#"
--- stderr
error: index 18446744073709551615 is outside list 0
because: list 0 has 1000 entries, 0 to 999
--- exit 1

"#]],
    );
    place.refuses("set list.slist 18446744073709551616 revoked", str![[r#"
--- stderr
error: invalid value '18446744073709551616' for '<ENTRY>': '18446744073709551616' does not name an entry

For more information, try '--help'.
--- exit 2

"#]]);
}

#[test]
fn a_final_status_is_left_only_if_that_is_allowed() {
    let place = with_entry();
    place.done("set list.slist id:a revoked");
    place.refuses(
        "set list.slist id:a valid",
        str![[r#"
--- stderr
error: entry 0/826: status invalid (1) is final
because: credentials that were revoked stay revoked
hint: if it was set by mistake: --allow-final
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist id:a suspended",
        str![[r#"
--- stderr
error: entry 0/826: status invalid (1) is final
because: credentials that were revoked stay revoked
hint: if it was set by mistake: --allow-final
--- exit 1

"#]],
    );
    place.shows(
        "set list.slist id:a valid --allow-final",
        str![[r#"
--- stderr
0/826: invalid (1) -> valid (0), revision 4; to make it visible: statuslist publish 'list.slist'

"#]],
    );
}

#[test]
fn an_expectation_that_is_not_met() {
    let place = with_entry();
    place.done("set list.slist id:a suspended --if valid");
    place.refuses(
        "set list.slist id:a valid --if valid",
        str![[r#"
--- stderr
error: entry 0/826: the status is suspended (2), not valid (0)
because: --if says which status the entry must have
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist id:a suspended --if revoked",
        str![[r#"
--- stderr
error: entry 0/826: the status is suspended (2), not invalid (1)
because: --if says which status the entry must have
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist id:a suspended --if 9",
        str![[r#"
--- stderr
error: status 9 does not fit 2 bits: the largest is 3
hint: with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
--- exit 1

"#]],
    );
}

#[test]
fn reasons_by_name_short_form_and_number() {
    let place = with_entry();
    for (written, name) in [
        ("keyCompromise", "keyCompromise"),
        ("key-compromise", "keyCompromise"),
        ("ss", "superseded"),
        ("3", "affiliationChanged"),
        ("co", "cessationOfOperation"),
        ("privilegewithdrawn", "privilegeWithdrawn"),
    ] {
        let set: shapes::Set =
            place.decode(&format!("set list.slist id:a revoked --reason {written}"));
        assert_eq!(set.reason, name);
    }
    place.refuses(
        "set list.slist id:a revoked --reason 7",
        str![[r#"
--- stderr
error: invalid value '7' for '--reason <REASON>': '7' is not a reason (see --help for the names)

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "set list.slist id:a revoked --reason certificateHold",
        str![[r#"
--- stderr
error: reason certificateHold does not go with status invalid (1)
hint: suspend the entry instead, or give another reason
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist id:a revoked --reason removeFromCRL",
        str![[r#"
--- stderr
error: reason removeFromCRL does not go with status invalid (1)
hint: suspend the entry instead, or give another reason
--- exit 1

"#]],
    );
}

#[test]
fn an_unknown_status_suggests_a_known_one() {
    let place = with_entry();
    place.refuses(
        "set list.slist id:a revokd",
        str![[r#"
--- stderr
error: invalid value 'revokd' for '[STATUS]': 'revokd' is not a status; did you mean 'revoked'?

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses("set list.slist id:a on", str![[r#"
--- stderr
error: invalid value 'on' for '[STATUS]': 'on' is not a status (valid, invalid, suspended, or a number)

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        "set list.slist id:a -1",
        str![[r#"
--- stderr
error: unexpected argument '-1' found

  tip: to pass '-1' as a value, use '-- -1'

Usage: statuslist set [OPTIONS] <FILE> <ENTRY> [STATUS]

For more information, try '--help'.
--- exit 2

"#]],
    );
}

#[test]
fn the_log_never_steps_back() {
    let place = with_entry();
    place.done("set list.slist id:a suspended --now 2026-03-01T00:00:00Z");
    let set: shapes::Set = place.decode("set list.slist id:a valid --now 2026-02-01T00:00:00Z");
    assert_eq!(set.updated_at, "2026-03-01T00:00:00Z");
    for line in [
        "set list.slist id:a revoked",
        "allocate list.slist",
        "configure list.slist --ttl 2h",
        "init other.slist --uri https://example.com/{n}.jwt",
    ] {
        let run = place.line(&format!("{line} --now 2999-01-01T00:00:00Z --json"));
        let error = run.error();
        assert_eq!((run.code, error.code.as_str()), (1, "REFUSED"), "{line}");
        assert!(
            error
                .message
                .starts_with("--now 2999-01-01T00:00:00Z lies in the future")
        );
    }
}

#[test]
fn other_words_than_those_of_rfc_5280_are_a_note() {
    let place = with_entry();
    let recorded = |line: &str| {
        let set: shapes::Set = place.decode(&format!("set list.slist id:a suspended {line}"));
        (set.reason, set.note)
    };
    let words = |note: &str| ("unspecified".to_owned(), Some(note.to_owned()));
    assert_eq!(
        recorded("--reason 'lost by holder'"),
        words("lost by holder")
    );
    assert_eq!(
        recorded("--reason 'lost by holder' --note 'told by phone'"),
        words("lost by holder: told by phone")
    );
    assert_eq!(
        recorded("--reason credential_compromised"),
        words("credential_compromised")
    );
    place.shows(
        "set list.slist id:a suspended --reason keyCompromised",
        str![[r#"
--- stderr
warning: 'keyCompromised' is no reason of RFC 5280, and is taken as a note; did you mean 'keyCompromise'?
0/826: still suspended (2), annotated, revision 6

"#]],
    );
    // The same request, the same answer; another is a conflict.
    let line = "set list.slist id:a valid --op-id 1 --reason 'found again'";
    place.done(line);
    assert_eq!(place.line(line).code, 0);
    assert_eq!(place.line(&line.replace("again", "it")).code, 1);
    for line in ["''", "' '", "7", "1001"] {
        let run = place.line(&format!("set list.slist id:a suspended --reason {line}"));
        assert_eq!(run.code, 2, "{line}");
    }
}
