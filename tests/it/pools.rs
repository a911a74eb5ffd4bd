//! A folder of list files: which one hands out entries, and which one has an entry.

use std::fs;
use std::process::Child;

use serde_json::Value;
use snapbox::str;

use crate::harness::Place;

/// A place with an empty folder `pool`, a seed and a key.
pub(crate) fn place() -> Place {
    let place = Place::new();
    place.write("seed", crate::harness::SEED);
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    fs::create_dir(place.path("pool")).unwrap();
    place
}

/// Makes a list file in the pool: 2 bits, 4 entries.
#[track_caller]
pub(crate) fn make(place: &Place, name: &str, options: &str) {
    place.done(&format!(
        "init pool/{name}.slist --uri https://example.com/{name}/{{n}}.jwt --bits 2 --size 4 \
         --seed-file seed {options}"
    ));
}

/// A pool of `mdl`, bound to `org.iso.18013.5.1.mDL`, of `pid`, bound to `urn:eudi:pid:1`, and of
/// `shared`.
pub(crate) fn three() -> Place {
    let place = place();
    make(&place, "mdl", "--bound-to org.iso.18013.5.1.mDL");
    make(&place, "pid", "--bound-to urn:eudi:pid:1");
    make(&place, "shared", "");
    place
}

#[test]
fn the_list_file_that_is_bound_to_the_type_is_used_and_named() {
    let place = three();
    place.shows(
        "allocate pool --for urn:eudi:pid:1",
        str![[r#"
0/1	https://example.com/pid/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (3 left), revision 2
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]],
    );
    place.shows("allocate pool --for urn:eudi:pid:1 --token-id a --json --op-id x", str![[r#"
{"schema":1,"listId":"0","idx":0,"uri":"https://example.com/pid/0.jwt","status":0,"allocatedAt":"2026-01-01T00:00:00Z","tokenId":"a","existing":false,"published":false,"claims":{"jwt":{"status":{"status_list":{"idx":0,"uri":"https://example.com/pid/0.jwt"}}}},"revision":3,"file":"pool/pid.slist"}
--- stderr
{"warning":"no site is known to have list 0: publish it before credentials with these entries are used","timestamp":"2026-01-01T00:00:00Z","requestId":"x"}
allocated 1 entry of list 0 (2 left), revision 3
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]]);
    place.shows(
        "allocate pool --for org.iso.18013.5.1.mDL --claim jwt",
        str![[r#"
{"status":{"status_list":{"idx":1,"uri":"https://example.com/mdl/0.jwt"}}}
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (3 left), revision 2
the list file is 'pool/mdl.slist', which is bound to 'org.iso.18013.5.1.mDL'

"#]],
    );
}

#[test]
fn a_type_that_none_is_bound_to_gets_a_shared_one() {
    let place = three();
    place.shows(
        "allocate pool --for diploma",
        str![[r#"
0/1	https://example.com/shared/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (3 left), revision 2
the list file is 'pool/shared.slist', which is for all types: none is bound to 'diploma'

"#]],
    );
}

#[test]
fn without_a_type_only_shared_ones_are_used() {
    let place = three();
    place.shows(
        "allocate pool --count 4",
        str![[r#"
0/1	https://example.com/shared/0.jwt
0/0	https://example.com/shared/0.jwt
0/2	https://example.com/shared/0.jwt
0/3	https://example.com/shared/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'pool/shared.slist' --spare 1
allocated 4 entries of list 0 (0 left), revision 2
the list file is 'pool/shared.slist', which is for all types

"#]],
    );
    place.refuses(
        "allocate pool",
        str![[r#"
--- stderr
error: the pool 'pool' has no room for 1 entry
because: 'pool/shared.slist' is full, and cannot go on
hint: make another list file in it: statuslist init FILE --uri TEMPLATE
--- exit 1

"#]],
    );
    fs::remove_file(place.path("pool/shared.slist")).unwrap();
    place.refuses(
        "allocate pool",
        str![[r#"
--- stderr
error: no list file of the pool 'pool' is for all types
because: each is bound to types of credentials
hint: say the type: --for TYPE
--- exit 1

"#]],
    );
    place.refuses("allocate pool --for diploma", str![[r#"
--- stderr
error: no list file of the pool 'pool' is for 'diploma'
because: each is bound to other types of credentials
hint: bind one to it (configure FILE --bound-to TYPE), or make one that is for all: statuslist init FILE --uri TEMPLATE
--- exit 1

"#]]);
}

#[test]
fn a_full_bound_one_makes_way_for_a_shared_one_and_that_is_said() {
    let place = three();
    place.done("allocate pool --for urn:eudi:pid:1 --count 3");
    place.shows("allocate pool --for urn:eudi:pid:1 --count 2", str![[r#"
0/1	https://example.com/shared/0.jwt
0/0	https://example.com/shared/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
warning: 'pool/pid.slist' is bound to 'urn:eudi:pid:1', but is full and cannot go on: 'pool/shared.slist' is used in its place
allocated 2 entries of list 0 (2 left), revision 2
the list file is 'pool/shared.slist', which is for all types

"#]]);
    place.shows(
        "allocate pool --for urn:eudi:pid:1",
        str![[r#"
0/3	https://example.com/pid/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'pool/pid.slist' --spare 1
allocated 1 entry of list 0 (0 left), revision 3
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]],
    );
    place.shows("allocate pool --for urn:eudi:pid:1 --quiet --json --op-id x", str![[r#"
{"schema":1,"listId":"0","idx":2,"uri":"https://example.com/shared/0.jwt","status":0,"allocatedAt":"2026-01-01T00:00:00Z","existing":false,"published":false,"claims":{"jwt":{"status":{"status_list":{"idx":2,"uri":"https://example.com/shared/0.jwt"}}}},"revision":3,"file":"pool/shared.slist"}
--- stderr
{"warning":"no site is known to have list 0: publish it before credentials with these entries are used","timestamp":"2026-01-01T00:00:00Z","requestId":"x"}
{"warning":"'pool/pid.slist' is bound to 'urn:eudi:pid:1', but is full and cannot go on: 'pool/shared.slist' is used in its place","timestamp":"2026-01-01T00:00:00Z","requestId":"x"}

"#]]);
}

#[test]
fn full_shared_ones_make_way_by_name() {
    let place = place();
    make(&place, "b", "");
    make(&place, "a", "");
    let mut used = String::new();
    for _ in 0..8 {
        let shown: Value = place.json(&["allocate", "pool", "--json"]);
        used.push_str(shown["file"].as_str().unwrap());
        used.push(' ');
    }
    let expected = format!("{}{}", "pool/a.slist ".repeat(4), "pool/b.slist ".repeat(4));
    assert_eq!(used, expected);
    place.refuses(
        "allocate pool",
        str![[r#"
--- stderr
error: the pool 'pool' has no room for 1 entry
because: 'pool/a.slist' is full, and cannot go on
because: 'pool/b.slist' is full, and cannot go on
hint: make another list file in it: statuslist init FILE --uri TEMPLATE
--- exit 1

"#]],
    );
}

#[test]
fn a_list_file_refuses_types_that_it_is_not_for() {
    let place = three();
    place.refuses("allocate pool/pid.slist --for org.iso.18013.5.1.mDL", str![[r#"
--- stderr
error: 'pool/pid.slist' is not for 'org.iso.18013.5.1.mDL'
because: it is bound to 'urn:eudi:pid:1'
hint: name another list file; or bind it to that type too, and to all that it is for: statuslist configure 'pool/pid.slist' --bound-to TYPE
--- exit 1

"#]]);
    place.done("allocate pool/pid.slist --for urn:eudi:pid:1");
    place.done("allocate pool/pid.slist");
    place.done("allocate pool/shared.slist --for anything");
    place.refuses(
        "allocate pool/shared.slist --for none",
        str![[r#"
--- stderr
error: invalid value 'none' for '--for <TYPE>': 'none' is no type of a credential

For more information, try '--help'.
--- exit 2

"#]],
    );
}

#[test]
fn what_a_list_file_is_bound_to_can_be_changed() {
    let place = three();
    place.shows(
        "configure pool/shared.slist --bound-to b --bound-to a --bound-to b --json",
        str![[r#"
{"schema":1,"bits":2,"size":4,"defaultStatus":0,"finalStatuses":[1],"issuer":"https://example.com","ttl":3600,"validFor":604800,"views":[{"view":"jwt","uri":"https://example.com/shared/{n}.jwt"}],"boundTo":["a","b"],"changed":true,"revision":2}
--- stderr
configured, revision 2

"#]],
    );
    place.refuses("allocate pool --for c", str![[r#"
--- stderr
error: no list file of the pool 'pool' is for 'c'
because: each is bound to other types of credentials
hint: bind one to it (configure FILE --bound-to TYPE), or make one that is for all: statuslist init FILE --uri TEMPLATE
--- exit 1

"#]]);
    place.done("allocate pool --for a");
    place.shows(
        "configure pool/shared.slist --bound-to b --bound-to a",
        str![[r#"
--- stderr
nothing differs from what the file says

"#]],
    );
    place.refuses(
        "configure pool/shared.slist --bound-to none --bound-to a",
        str![[r#"
--- stderr
error: --bound-to none, and a type
hint: name the types, or none alone
--- exit 1

"#]],
    );
    place.refuses("configure pool/shared.slist --bound-to ''", str![[r#"
--- stderr
error: invalid value '' for '--bound-to <TYPE>': 1 to 1024 bytes without control characters are needed

For more information, try '--help'.
--- exit 2

"#]]);
    place.done("configure pool/shared.slist --bound-to none");
    place.done("allocate pool --for c");
    let shown: Value = place.json(&["inspect", "pool/shared.slist", "--json"]);
    assert!(shown["settings"].get("boundTo").is_none(), "{shown}");
    let text = place.done("inspect pool/pid.slist");
    assert!(text.contains("\nbound to:   urn:eudi:pid:1\n"), "{text}");
}

#[test]
fn an_operation_is_repeated_in_the_list_file_that_did_it() {
    let place = three();
    place.done("allocate pool --for urn:eudi:pid:1 --count 4");
    let first = place.done("allocate pool --for urn:eudi:pid:1 --op-id x --json");
    // Now the type has a list file with room, which comes first by name.
    make(&place, "early", "--bound-to urn:eudi:pid:1");
    place.shows(
        "allocate pool --for urn:eudi:pid:1 --op-id x",
        str![[r#"
0/1	https://example.com/shared/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
warning: operation 'x' was done before, at 2026-01-01T00:00:00Z, revision 2: nothing was changed
the list file is 'pool/shared.slist', which has the operation id already

"#]],
    );
    let again = place.line("allocate pool --for urn:eudi:pid:1 --op-id x --json");
    assert_eq!(again.of_the_first_time(), first);
    // Nor is it in the way that it was bound to others since.
    place.done("configure pool/shared.slist --bound-to other");
    let again = place.line("allocate pool --for urn:eudi:pid:1 --op-id x --json");
    assert_eq!(again.of_the_first_time(), first);
    place.refuses(
        "allocate pool --for urn:eudi:pid:1 --count 2 --op-id x",
        str![[r#"
--- stderr
error: operation id 'x' belongs to another request, revision 2
because: this is what 'pool/shared.slist' says
hint: use another --op-id for another request
--- exit 1

"#]],
    );
    place.refuses(
        "allocate pool --op-id x",
        str![[r#"
--- stderr
error: operation id 'x' belongs to another request, revision 2
because: this is what 'pool/shared.slist' says
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn one_operation_that_many_run_at_once_takes_one_entry() {
    let place = place();
    for name in ["a", "b", "c"] {
        make(&place, name, "");
    }
    place.done("allocate pool --count 3");
    let run = |_| {
        let mut command = place.command();
        command.args(["allocate", "pool", "--json", "--quiet", "--op-id", "once"]);
        command.stdout(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let others: Vec<_> = (0..4)
        .map(|_| {
            let mut command = place.command();
            command.args(["allocate", "pool", "--json", "--quiet"]);
            command.stdout(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    let children: Vec<_> = (0..4).map(run).collect();
    let answer = |child: Child| -> (Value, Value) {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
        (shown["file"].clone(), shown["idx"].clone())
    };
    let mut answers: Vec<_> = children.into_iter().map(answer).collect();
    for mut other in others {
        assert!(other.wait().unwrap().success());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let used = |name: &str| {
        let shown: Value = place.json(&["inspect", &format!("pool/{name}.slist"), "--json"]);
        shown["lists"][0]["allocated"].as_u64().unwrap()
    };
    assert_eq!(used("a") + used("b") + used("c"), 3 + 4 + 1);
}

#[test]
fn a_token_id_has_one_entry_in_a_pool() {
    let place = three();
    place.done("allocate pool/mdl.slist --token-id a");
    place.refuses(
        "allocate pool --for urn:eudi:pid:1 --token-id a",
        str![[r#"
--- stderr
error: token id 'a' has an entry in 'pool/mdl.slist' already
hint: to get its entry again: --or-existing; a re-issued credential needs a new token id
--- exit 1

"#]],
    );
    place.refuses(
        "allocate pool --for urn:eudi:pid:1 --token-id b --token-id a",
        str![[r#"
--- stderr
error: token id 'a' has an entry in 'pool/mdl.slist' already
hint: to get its entry again: --or-existing; a re-issued credential needs a new token id
--- exit 1

"#]],
    );
    let first = place.done("get pool id:a --json");
    place.shows(
        "allocate pool --token-id a --or-existing",
        str![[r#"
0/1	https://example.com/mdl/0.jwt	a
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
every token id has its entry already: nothing was handed out
the list file is 'pool/mdl.slist', which has the token ids already

"#]],
    );
    place.refuses(
        "allocate pool --for urn:eudi:pid:1 --token-id a --or-existing",
        str![[r#"
--- stderr
error: 'pool/mdl.slist' is not for 'urn:eudi:pid:1'
because: it is bound to 'org.iso.18013.5.1.mDL'
hint: name another list file; or bind it to that type too, and to all that it is for: statuslist configure 'pool/mdl.slist' --bound-to TYPE
--- exit 1

"#]],
    );
    place.refuses(
        "allocate pool --token-id a --token-id b --or-existing",
        str![[r#"
--- stderr
error: token id 'a' has an entry in 'pool/mdl.slist' already
because: 'pool/shared.slist' would hand out entries
hint: to get its entry again, ask for it alone: --or-existing; a re-issued credential needs a new token id
--- exit 1

"#]],
    );
    assert_eq!(place.done("get pool id:a --json"), first);
    place.done("allocate pool --for urn:eudi:pid:1 --token-id b");
    place.shows(
        "allocate pool --for urn:eudi:pid:1 --token-id c --token-id b --or-existing",
        str![[r#"
0/0	https://example.com/pid/0.jwt	c
0/1	https://example.com/pid/0.jwt	b
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (2 left), revision 3
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]],
    );
}

#[test]
fn an_entry_is_set_where_it_lies() {
    let place = three();
    place.done("allocate pool --for urn:eudi:pid:1 --token-id a");
    place.done("allocate pool/mdl.slist --index 2");
    place.shows(
        "set pool id:a suspended --op-id x",
        str![[r#"
--- stderr
0/1: valid (0) -> suspended (2), revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]],
    );
    place.shows("set pool id:a suspended --op-id x --json", str![[r#"
{"schema":1,"listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","previousStatus":0,"currentStatus":2,"change":"changed","reason":"unspecified","note":null,"revokedAt":null,"updatedAt":"2026-01-01T00:00:00Z","effectiveAt":null,"visibleBy":null,"revision":3,"file":"pool/pid.slist","repeated":true}
--- stderr
{"warning":"operation 'x' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed","timestamp":"2026-01-01T00:00:00Z","requestId":"x"}
at that time: 0/1: valid (0) -> suspended (2), revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]]);
    place.shows("set pool https://example.com/mdl/0.jwt#2 revoked --json", str![[r#"
{"schema":1,"listId":"0","idx":2,"uri":"https://example.com/mdl/0.jwt","previousStatus":0,"currentStatus":1,"change":"changed","reason":"unspecified","note":null,"revokedAt":null,"updatedAt":"2026-01-01T00:00:00Z","effectiveAt":null,"visibleBy":null,"revision":3,"file":"pool/mdl.slist"}
--- stderr
0/2: valid (0) -> invalid (1), revision 3; to make it visible: statuslist publish 'pool/mdl.slist'
the list file is 'pool/mdl.slist'

"#]]);
    place.shows(
        "get pool https://example.com/mdl/0.jwt#2 id:a https://example.com/mdl/0.jwt#2",
        str![[r#"
file:       'pool/mdl.slist'
entry:      0/2
status:     invalid (1)
uri:        https://example.com/mdl/0.jwt
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

file:       'pool/pid.slist'
entry:      0/1
status:     suspended (2)
uri:        https://example.com/pid/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

file:       'pool/mdl.slist'
entry:      0/2
status:     invalid (1)
uri:        https://example.com/mdl/0.jwt
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    place.shows("get pool id:a https://example.com/mdl/0.jwt#2 --json", str![[r#"
{"schema":1,"entries":[{"listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"a","status":2,"statusName":"suspended","allocatedAt":"2026-01-01T00:00:00Z","expiresAt":null,"updatedAt":"2026-01-01T00:00:00Z","reason":"unspecified","note":null,"revokedAt":null,"file":"pool/pid.slist"},{"listId":"0","idx":2,"uri":"https://example.com/mdl/0.jwt","tokenId":null,"status":1,"statusName":"invalid","allocatedAt":"2026-01-01T00:00:00Z","expiresAt":null,"updatedAt":"2026-01-01T00:00:00Z","reason":"unspecified","note":null,"revokedAt":null,"file":"pool/mdl.slist"}],"count":2}

"#]]);
    place.shows("get pool id:a --json", str![[r#"
{"schema":1,"listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"a","status":2,"statusName":"suspended","allocatedAt":"2026-01-01T00:00:00Z","expiresAt":null,"updatedAt":"2026-01-01T00:00:00Z","reason":"unspecified","note":null,"revokedAt":null,"file":"pool/pid.slist"}

"#]]);
    place.shows(
        "get pool id:a --is revoked",
        str![[r#"
file:       'pool/pid.slist'
entry:      0/1
status:     suspended (2)
uri:        https://example.com/pid/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
--- stderr
error: entry 0/1 is suspended (2), not invalid (1)
because: this is what 'pool/pid.slist' says
--- exit 1

"#]],
    );
    place.refuses(
        "set pool https://example.com/mdl/0.jwt#2 valid",
        str![[r#"
--- stderr
error: entry 0/2: status invalid (1) is final
because: credentials that were revoked stay revoked
because: this is what 'pool/mdl.slist' says
hint: if it was set by mistake: --allow-final
--- exit 1

"#]],
    );
    place.refuses(
        "set pool https://example.com/mdl/0.jwt#3 revoked",
        str![[r#"
--- stderr
error: entry 0/3 is not allocated
because: only entries that were handed out have a status
because: this is what 'pool/mdl.slist' says
hint: check the index, and the file
--- exit 1

"#]],
    );
    place.refuses(
        "set pool https://example.com/mdl/0.jwt#2 revoked --op-id x",
        str![[r#"
--- stderr
error: operation id 'x' belongs to another request, in 'pool/pid.slist'
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn a_name_that_could_be_of_any_list_file_is_refused() {
    let place = three();
    place.done("allocate pool --token-id a");
    place.refuses(
        "set pool 2 revoked",
        str![[r#"
--- stderr
error: '2' could be of any list file of the pool 'pool'
hint: URI#INDEX or id:TOKEN-ID; or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "get pool id:a 0/2",
        str![[r#"
--- stderr
error: '0/2' could be of any list file of the pool 'pool'
hint: URI#INDEX or id:TOKEN-ID; or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "set pool id:a revoked --list 0",
        str![[r#"
--- stderr
error: --list could be of any list file of the pool 'pool'
hint: leave it out, or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "get pool id:a --list 0",
        str![[r#"
--- stderr
error: --list could be of any list file of the pool 'pool'
hint: leave it out, or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "allocate pool --list 0",
        str![[r#"
--- stderr
error: --list could be of any list file of the pool 'pool'
hint: leave it out, or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "set pool id:b revoked",
        str![[r#"
--- stderr
error: no list file of the pool 'pool' has 'id:b'
hint: check the name; see the list files: statuslist inspect 'pool'
--- exit 1

"#]],
    );
    place.refuses(
        "get pool https://example.com/other/0.jwt#2",
        str![[r#"
--- stderr
error: no list file of the pool 'pool' has 'https://example.com/other/0.jwt#2'
hint: check the name; see the list files: statuslist inspect 'pool'
--- exit 1

"#]],
    );
}

#[test]
fn two_list_files_with_one_uri_are_refused() {
    let place = three();
    place.done("allocate pool --for urn:eudi:pid:1 --token-id a");
    fs::copy(place.path("pool/pid.slist"), place.path("pool/again.slist")).unwrap();
    place.refuses(
        "allocate pool --for urn:eudi:pid:1",
        str![[r#"
--- stderr
error: 'pool/again.slist' and 'pool/pid.slist' both have the uri 'https://example.com/pid/0.jwt'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "set pool https://example.com/pid/0.jwt#1 revoked",
        str![[r#"
--- stderr
error: 'pool/again.slist' and 'pool/pid.slist' both have the uri 'https://example.com/pid/0.jwt'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "get pool id:a",
        str![[r#"
--- stderr
error: 'pool/again.slist' and 'pool/pid.slist' both have the token id 'a'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
    // Other list files are none of it.
    place.done("allocate pool --for org.iso.18013.5.1.mDL --token-id b");
    place.done("set pool id:b revoked");
}

#[test]
fn two_list_files_with_one_token_id_are_refused() {
    let place = three();
    place.done("allocate pool/pid.slist --token-id a");
    place.done("allocate pool/mdl.slist --token-id a");
    place.refuses(
        "set pool id:a revoked",
        str![[r#"
--- stderr
error: 'pool/mdl.slist' and 'pool/pid.slist' both have the token id 'a'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "get pool id:a",
        str![[r#"
--- stderr
error: 'pool/mdl.slist' and 'pool/pid.slist' both have the token id 'a'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
    place.refuses(
        "allocate pool --token-id a --or-existing",
        str![[r#"
--- stderr
error: 'pool/mdl.slist' and 'pool/pid.slist' both have the token id 'a'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
}

#[test]
fn a_dry_run_chooses_and_changes_nothing() {
    let place = three();
    place.done("allocate pool/pid.slist --token-id a");
    let before = place.files();
    place.shows(
        "allocate pool --for urn:eudi:pid:1 -n",
        str![[r#"
0/0	https://example.com/pid/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
dry run: nothing was changed; without -n:
allocated 1 entry of list 0 (2 left), revision 3
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]],
    );
    place.shows(
        "set pool id:a revoked -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
0/1: valid (0) -> invalid (1), revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn a_pool_is_published_as_its_list_files_are() {
    let place = three();
    place.shows(
        "publish pool --to site --key key.pem",
        str![[r#"
written    mdl/0.jwt (419 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    pid/0.jwt (419 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    shared/0.jwt (423 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: mdl/0.jwt has expired by the real clock: readers refuse it
3 files written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    place.done("publish pool/mdl.slist pool/pid.slist pool/shared.slist --to other --key key.pem");
    let files = |site: &str| {
        let all = place.files().into_iter();
        let of_site = all.filter_map(|(path, bytes)| {
            let path = path.strip_prefix(place.path(site)).ok()?.to_owned();
            Some((path, bytes))
        });
        of_site.collect::<Vec<_>>()
    };
    assert_eq!(files("site"), files("other"));
    place.refuses(
        "publish pool pool/pid.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: 'pool/pid.slist' and 'pool/pid.slist' are one list file
hint: name it once
--- exit 1

"#]],
    );
}

#[test]
fn a_group_is_found_in_one_list_file_and_refused_in_two() {
    let place = Place::new();
    for name in ["one", "two"] {
        let uri = format!("https://example.com/{name}/{{n}}.jwt");
        let file = format!("pool/{name}.slist");
        std::fs::create_dir_all(place.path("pool")).unwrap();
        place.ok(&["init", &file, "--uri", &uri, "--bits", "2", "-q"]);
        let group = format!("of-{name}");
        place.ok(&["allocate", &file, "--count", "2", "--group", &group, "-q"]);
        place.ok(&["allocate", &file, "--group", "both", "-q"]);
    }
    place.ok(&["set", "pool", "group:of-one", "suspended", "-q"]);
    let found = place.json(&["get", "pool", "group:of-one", "--json"]);
    assert_eq!(found["count"], 2);
    place.refuses(
        "set pool group:both suspended",
        str![[r#"
--- stderr
error: 'pool/one.slist' and 'pool/two.slist' both have the group 'both'
because: a group is set in one transaction, and each list file has its own
hint: name the list files, one after the other: 'pool/one.slist', then 'pool/two.slist'
--- exit 1

"#]],
    );
}
