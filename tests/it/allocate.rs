//! `allocate`: entries by the permutation, one by one or many, and every way in which it is
//! refused.

use std::collections::BTreeSet;

use snapbox::str;
use statuslist::list::{ListNumber, Seed, Series, View};
use statuslist::store::{ListState, NewList, OperationId, Stamp, Work, prepare_file};

use crate::harness::{NOW, Place};
use crate::shapes;

#[test]
fn one_entry() {
    let place = Place::with_list();
    place.shows(
        "allocate list.slist",
        str![[r#"
0/826	https://example.com/statuslists/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (999 left), revision 2

"#]],
    );
    place.shows(
        "allocate list.slist -q",
        str![[r#"
0/785	https://example.com/statuslists/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used

"#]],
    );
    let one: shapes::One = place.decode("allocate list.slist --expires-at 2027-01-01T00:00:00Z");
    let uri = "https://example.com/statuslists/0.jwt";
    assert_eq!(
        one,
        shapes::One {
            schema: 1,
            list_id: "0".to_owned(),
            idx: 18,
            uri: uri.to_owned(),
            status: 0,
            allocated_at: NOW.to_owned(),
            token_id: None,
            expires_at: Some("2027-01-01T00:00:00Z".to_owned()),
            group: None,
            existing: false,
            published: false,
            claims: serde_json::json!({"jwt": {"status": {"status_list": {"idx": 18, "uri": uri}}}}),
            revision: 4,
            repeated: false,
        }
    );
}

#[test]
fn many_entries() {
    let place = Place::with_list();
    place.shows(
        "allocate list.slist --count 3",
        str![[r#"
0/826	https://example.com/statuslists/0.jwt
0/785	https://example.com/statuslists/0.jwt
0/18	https://example.com/statuslists/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 3 entries of list 0 (997 left), revision 2

"#]],
    );
    place.shows(
        "allocate list.slist --token-id a --token-id 'b c'",
        str![[r#"
0/130	https://example.com/statuslists/0.jwt	a
0/306	https://example.com/statuslists/0.jwt	b c
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 2 entries of list 0 (995 left), revision 3

"#]],
    );
    let many: shapes::Many = place.decode("allocate list.slist --count 2");
    assert_eq!(
        (many.count, many.revision, many.allocations.len()),
        (2, 4, 2)
    );
    let many: shapes::Many = place.decode("allocate list.slist --count 1");
    assert_eq!(many.count, 1);
}

#[test]
fn only_what_a_credential_embeds() {
    let place = Place::with_list();
    place.shows(
        "allocate list.slist --count 2 --claim jwt -q",
        str![[r#"
{"status":{"status_list":{"idx":826,"uri":"https://example.com/statuslists/0.jwt"}}}
{"status":{"status_list":{"idx":785,"uri":"https://example.com/statuslists/0.jwt"}}}
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used

"#]],
    );
}

#[test]
fn the_first_status_may_be_another_than_the_default() {
    let place = Place::with_list();
    let one: shapes::One = place.decode("allocate list.slist --token-id a --status suspended");
    assert_eq!(one.status, 2);
    place.done("set list.slist id:a valid");
    // Giving the first status is no transition, so a final one may be given.
    place.done("allocate list.slist --token-id b --status revoked");
    place.shows(
        "get list.slist id:b --history",
        str![[r#"
entry:      0/785
status:     invalid (1)
uri:        https://example.com/statuslists/0.jwt
token id:   b
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
changes:    1
  2026-01-01T00:00:00Z  revision 4: valid (0) -> invalid (1), unspecified by tester

"#]],
    );
}

#[test]
fn a_dry_run_hands_nothing_out() {
    let place = Place::with_list();
    let before = place.files();
    place.shows(
        "allocate list.slist -n",
        str![[r#"
0/826	https://example.com/statuslists/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
dry run: nothing was changed; without -n:
allocated 1 entry of list 0 (999 left), revision 2

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn a_published_list_needs_no_warning() {
    let place = Place::with_list();
    place.done("publish list.slist --to site --key key.pem");
    place.shows(
        "allocate list.slist",
        str![[r#"
0/826	https://example.com/statuslists/0.jwt
--- stderr
allocated 1 entry of list 0 (999 left), revision 2

"#]],
    );
    assert!(place.decode::<shapes::One>("allocate list.slist").published);
}

#[test]
fn a_token_id_has_one_entry() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.refuses(
        "allocate list.slist --token-id a",
        str![[r#"
--- stderr
error: token id 'a' has entry 0/826 already
hint: to get its entry again: --or-existing; a re-issued credential needs a new token id
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id b --token-id a",
        str![[r#"
--- stderr
error: token id 'a' has entry 0/826 already
hint: to get its entry again: --or-existing; a re-issued credential needs a new token id
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id b --token-id b",
        str![[r#"
--- stderr
error: token id 'b' stands twice in the request
hint: name it once
--- exit 1

"#]],
    );
    place.shows(
        "allocate list.slist --token-id a --or-existing",
        str![[r#"
0/826	https://example.com/statuslists/0.jwt	a
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
every token id has its entry already: nothing was handed out

"#]],
    );
    let many: shapes::Many =
        place.decode("allocate list.slist --token-id b --token-id a --or-existing");
    let existing: Vec<_> = many.allocations.iter().map(|one| one.existing).collect();
    assert_eq!(existing, [false, true]);
    assert_eq!(many.allocations[1].idx, 826);
}

#[test]
fn a_uuid_is_the_same_token_id_again() {
    let place = Place::with_list();
    let id = "6fa459ea-ee8a-3ca4-894e-db77e160355e";
    for id in [id, &format!("urn:uuid:{id}"), &id.to_uppercase()] {
        let one: shapes::One = place.decode(&format!("allocate list.slist --token-id {id}"));
        assert_eq!(one.token_id.as_deref(), Some(id));
        let got: shapes::Got = place.decode(&format!("get list.slist id:{id}"));
        assert_eq!((got.idx, got.token_id.as_deref()), (one.idx, Some(id)));
    }
}

#[test]
fn an_explicit_index_is_skipped_in_turn() {
    let place = Place::with_list();
    // 785 would be the second in turn.
    place.shows(
        "allocate list.slist --index 785",
        str![[r#"
0/785	https://example.com/statuslists/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (999 left), revision 2

"#]],
    );
    place.refuses(
        "allocate list.slist --index 785",
        str![[r#"
--- stderr
error: entry 0/785 is taken already
hint: leave out --index to get a free one
--- exit 1

"#]],
    );
    let many: shapes::Many = place.decode("allocate list.slist --count 3");
    let indexes: Vec<_> = many.allocations.iter().map(|one| one.idx).collect();
    assert_eq!(indexes, [826, 18, 130]);
    place.refuses(
        "allocate list.slist --index 826",
        str![[r#"
--- stderr
error: entry 0/826 is taken already
hint: leave out --index to get a free one
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --index 1000",
        str![[r#"
--- stderr
error: index 1000 is outside list 0
because: list 0 has 1000 entries, 0 to 999
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --index 4294967296",
        str![[r#"
--- stderr
error: index 4294967296 is outside list 0
because: list 0 has 1000 entries, 0 to 999
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --index 5 --count 2",
        str![[r#"
--- stderr
error: --index and 2 entries
because: --index names one entry
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id x --count 2",
        str![[r#"
--- stderr
error: --count 2 and 1 token id
because: each token id names one entry
hint: leave out --count
--- exit 1

"#]],
    );
    let file: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!(file.lists[0].allocated, 4);
}

#[test]
fn every_entry_of_a_small_list_is_handed_out_once() {
    for size in [1_u64, 2, 3, 5, 16] {
        let place = Place::new();
        place.done(&format!(
            "init l --uri https://example.com/{{n}}.jwt --size {size}"
        ));
        place.done("allocate l --index 0");
        let mut given = BTreeSet::from([0]);
        for _ in 1..size {
            let one: shapes::One = place.decode("allocate l");
            assert!(given.insert(one.idx), "size {size}: {} twice", one.idx);
        }
        assert_eq!(given, (0..size).collect());
        let run = place.line("allocate l --json");
        let error = run.error();
        assert_eq!((run.code, error.code.as_str()), (1, "CAPACITY_EXCEEDED"));
        assert_eq!(error.details["currentSize"], size);
        assert_eq!(error.details["allocated"], size);
        assert_eq!(error.details["missing"], 1);
        assert_eq!(
            place.decode::<shapes::ListFile>("inspect l").lists[0].state,
            "full"
        );
    }
}

#[test]
fn a_full_list_says_how_full() {
    let place = Place::new();
    place.done("init l --uri https://example.com/{n}.jwt --size 4");
    place.done("allocate l --count 3");
    place.refuses(
        "allocate l --count 2",
        str![[r#"
--- stderr
error: list 0 is at capacity
because: 2 wanted, 1 left: 3 of 4 entries are taken
hint: go on with another list: statuslist roll 'l'
--- exit 1

"#]],
    );
    place.refuses(
        "allocate l --token-id a --token-id b",
        str![[r#"
--- stderr
error: list 0 is at capacity
because: 2 wanted, 1 left: 3 of 4 entries are taken
hint: go on with another list: statuslist roll 'l'
--- exit 1

"#]],
    );
    place.done("allocate l");
    place.refuses(
        "allocate l",
        str![[r#"
--- stderr
error: list 0 is at capacity
because: 1 wanted, 0 left: 4 of 4 entries are taken
hint: go on with another list: statuslist roll 'l'
--- exit 1

"#]],
    );
    place.refuses(
        "allocate l --index 2",
        str![[r#"
--- stderr
error: entry 0/2 is taken already
hint: leave out --index to get a free one
--- exit 1

"#]],
    );
}

/// `init` makes no such list file any more.
#[test]
fn a_final_default_needs_a_status() {
    let place = Place::new();
    let series: Series = serde_json::from_value(serde_json::json!({
        "bits": 1, "size": 1000, "defaultStatus": 1, "finalStatuses": [1],
        "issuer": "https://example.com", "ttl": 3600, "validFor": 604_800,
        "views": [{"view": "jwt", "uri": "https://example.com/{n}.jwt"}],
    }))
    .unwrap();
    let register = series.register();
    let list = NewList {
        number: ListNumber::FIRST,
        width: register.width,
        size: register.size,
        default_status: register.default_status,
        seed: Seed::new([7; 32]),
        uris: vec![(View::Jwt, "https://example.com/0.jwt".to_owned())],
        state: ListState::Open,
    };
    let stamp = Stamp {
        operation: "init",
        operation_id: OperationId::Random("init".to_owned()),
        request: [0; 32],
        actor: "tester".to_owned(),
        note: String::new(),
        now: NOW.parse().unwrap(),
        receivers: Vec::new(),
    };
    let work = Work {
        new_lists: vec![list],
        ..Work::default()
    };
    let made = prepare_file(&place.path("l"), "lineage", &series, &stamp, work).unwrap();
    made.keep().unwrap();
    place.refuses(
        "allocate l",
        str![[r#"
--- stderr
error: the default status invalid (1) is final
because: the credential could never become anything else
hint: say which status to start with: --status STATUS
--- exit 1

"#]],
    );
    let one: shapes::One = place.decode("allocate l --status valid");
    assert_eq!(one.status, 0);
}

#[test]
fn more_than_there_can_be_is_refused_before_memory_is_taken() {
    let place = Place::with_list();
    place.refuses(
        "allocate list.slist --count 4294967296",
        str![[r#"
--- stderr
error: list 0 is at capacity
because: 4294967296 wanted, 1000 left: 0 of 1000 entries are taken
hint: go on with another list: statuslist roll 'list.slist'
--- exit 1

"#]],
    );
}

#[test]
fn a_token_id_again_names_the_revision_that_there_is() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    let again: shapes::One = place.decode("allocate list.slist --token-id a --or-existing");
    assert_eq!((again.existing, again.idx, again.revision), (true, 826, 2));
}

#[test]
fn values_that_are_no_values() {
    let place = Place::with_list();
    place.refuses(
        "allocate list.slist --count 0",
        str![[r#"
--- stderr
error: invalid value '0' for '--count <N>': 0 is not in 1..=4294967296

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "allocate list.slist --or-existing",
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  <--token-id <ID>|--body <FILE>>

Usage: statuslist allocate --or-existing --actor <WHO> --now <TIME> <--token-id <ID>|--body <FILE>> <FILE>

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id ''",
        str![[r#"
--- stderr
error: invalid value '' for '--token-id <ID>': a token id cannot be empty

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses("allocate list.slist --status suspnded", str![[r#"
--- stderr
error: invalid value 'suspnded' for '--status <STATUS>': 'suspnded' is not a status; did you mean 'suspended'?

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        "allocate list.slist --status 4",
        str![[r#"
--- stderr
error: status 4 does not fit 2 bits: the largest is 3
hint: with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --expires-at tomorrow",
        str![[r#"
--- stderr
error: invalid value 'tomorrow' for '--expires-at <TIME>': 'tomorrow' is not a time

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "allocate list.slist --claim cwt",
        str![[r#"
--- stderr
error: the series has no view cwt
because: its views are jwt
hint: statuslist configure FILE --add-view cwt
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --list 7",
        str![[r#"
--- stderr
error: the series has no list 7
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = Place::with_list();
    for allocate in [
        "allocate list.slist --count 3 --op-id a",
        "allocate list.slist --index 7 --op-id b",
        "allocate list.slist --token-id x --token-id y --status suspended --op-id c",
    ] {
        let first = place.done(&format!("{allocate} --json"));
        place.done("allocate list.slist");
        let file = place.read("list.slist");
        let again = place.line(&format!("{allocate} --json"));
        assert_eq!(first, again.of_the_first_time());
        assert!(file == place.read("list.slist"));
    }
    place.done("set list.slist id:x valid");
    let again: shapes::Many =
        place.decode("allocate list.slist --token-id x --token-id y --status suspended --op-id c");
    assert_eq!(
        again.allocations[0].status, 2,
        "the first result, not today's"
    );
    place.shows(
        "allocate list.slist --index 7 --op-id b",
        str![[r#"
0/7	https://example.com/statuslists/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
warning: operation 'b' was done before, at 2026-01-01T00:00:00Z, revision 4: nothing was changed

"#]],
    );
    place.refuses(
        "allocate list.slist --count 4 --op-id a",
        str![[r#"
--- stderr
error: operation id 'a' belongs to another request, revision 2
hint: use another --op-id for another request
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist 7 revoked --op-id a",
        str![[r#"
--- stderr
error: operation id 'a' belongs to another request, revision 2
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn more_token_ids_than_entries_say_how_full_the_list_is() {
    let place = Place::new();
    place.ok(&[
        "init",
        "l",
        "--uri",
        "https://example.com/{n}.jwt",
        "--size",
        "3",
        "-q",
    ]);
    place.ok(&["allocate", "l", "--token-id", "a", "--token-id", "b", "-q"]);
    place.refuses(
        "allocate l --token-id b --token-id c --token-id d --or-existing",
        str![[r#"
--- stderr
error: list 0 is at capacity
because: 2 wanted, 1 left: 2 of 3 entries are taken
hint: go on with another list: statuslist roll 'l'
--- exit 1

"#]],
    );
}
