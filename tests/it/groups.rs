//! Groups: all entries of one holder are handed out under a name, set together, and looked up.

use snapbox::str;

use crate::harness::{Place, SEED};
use crate::shapes;

/// A place with a group `phone` of three entries, the last one in another list, and an entry `a`
/// without a group.
fn with_group() -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    place.done(
        "init list.slist --uri https://example.com/statuslists/{n}.jwt --bits 2 --size 8 \
         --spare 1 --seed-file seed",
    );
    place.done("allocate list.slist --count 2 --group phone");
    place.done("allocate list.slist --count 5");
    place.done("allocate list.slist --token-id a");
    place.done("allocate list.slist --token-id b --group ' phone '");
    place
}

#[test]
fn all_entries_of_a_group_are_set_in_one_revision_across_lists() {
    let place = with_group();
    place.shows(
        "set list.slist group:phone suspended -n",
        str![[r#"
0/6	valid (0) -> suspended (2)
0/7	valid (0) -> suspended (2)
1/1	valid (0) -> suspended (2)
--- stderr
dry run: nothing was changed; without -n:
group 'phone': 3 changed, revision 6

"#]],
    );
    place.shows(
        "set list.slist group:phone suspended --note lost",
        str![[r#"
0/6	valid (0) -> suspended (2)
0/7	valid (0) -> suspended (2)
1/1	valid (0) -> suspended (2)
--- stderr
group 'phone': 3 changed, revision 6; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "set list.slist group:phone suspended",
        str![[r#"
0/6	suspended (2) already
0/7	suspended (2) already
1/1	suspended (2) already
--- stderr
group 'phone': 3 unchanged, revision 6

"#]],
    );
    place.done("set list.slist id:b valid");
    place.shows("set list.slist group:phone suspended --reason ch", str![[r#"
0/6	still suspended (2)
0/7	still suspended (2)
1/1	valid (0) -> suspended (2)
--- stderr
group 'phone': 1 changed, 2 annotated, revision 8; to make it visible: statuslist publish 'list.slist'

"#]]);
    place.shows(
        "set list.slist group:phone 3 --allow-final",
        str![[r#"
0/6	suspended (2) -> application-specific (3)
0/7	suspended (2) -> application-specific (3)
1/1	suspended (2) -> application-specific (3)
--- stderr
group 'phone': 3 changed, revision 9; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "get list.slist group:phone",
        str![[r#"
entry:      0/6
status:     application-specific (3)
uri:        https://example.com/statuslists/0.jwt
group:      phone
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

entry:      0/7
status:     application-specific (3)
uri:        https://example.com/statuslists/0.jwt
group:      phone
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

entry:      1/1
status:     application-specific (3)
uri:        https://example.com/statuslists/1.jwt
token id:   b
group:      phone
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    place.shows(
        "inspect list.slist",
        str![[r#"
list file:  revision 9 of 2026-01-01T00:00:00Z
lives:      here
intact:     9 revisions, 10 changes, 9 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     full, 8 of 8 entries allocated (100.0 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  due       never: nobody said how long it is kept
  not ended                0
  without expiry           8
  valid (0)                6
  application-specific (3) 2
list 1:     open, 1 of 8 entries allocated (12.5 %), 2 bits
  jwt       https://example.com/statuslists/1.jwt
  application-specific (3) 1
list 2:     spare, 0 of 8 entries allocated (0.0 %), 2 bits
  jwt       https://example.com/statuslists/2.jwt
revision:   9 at 2026-01-01T00:00:00Z: set by tester, 3 statuses
revision:   8 at 2026-01-01T00:00:00Z: set by tester, 3 statuses
revision:   7 at 2026-01-01T00:00:00Z: set by tester, 1 status
revision:   6 at 2026-01-01T00:00:00Z: set by tester, 3 statuses: lost
revision:   5 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses

"#]],
    );
}

#[test]
fn a_group_has_one_shape_for_programs() {
    let place = with_group();
    place.done("allocate list.slist --group single");
    let got: shapes::GotGroup = place.decode("get list.slist group:single");
    assert_eq!((got.group.as_str(), got.count), ("single", 1));
    assert_eq!(got.entries[0].group.as_deref(), Some("single"));
    let set: shapes::SetGroup = place.decode("set list.slist group:single suspended");
    assert_eq!((set.group.as_str(), set.updated), ("single", 1));
    assert_eq!(
        (set.results.len(), set.revision, set.skipped),
        (1, 7, vec![])
    );
    let got: shapes::GotGroup = place.decode("get list.slist group:phone");
    let places = got.entries.iter().map(|entry| (&*entry.list_id, entry.idx));
    let places: Vec<_> = places.collect();
    let set: shapes::SetGroup = place.decode("set list.slist group:phone revoked");
    let changed: Vec<_> = set
        .results
        .iter()
        .map(|one| (&*one.list_id, one.idx))
        .collect();
    assert_eq!(places, changed);
    assert_eq!(set.updated, 3);
    for one in &set.results {
        assert_eq!((one.previous_status, one.current_status), (0, 1));
        assert_eq!(one.change, "changed");
        let uri = format!("https://example.com/statuslists/{}.jwt", one.list_id);
        assert_eq!(one.uri, uri);
    }
    let again: shapes::SetGroup = place.decode("set list.slist group:phone revoked");
    assert_eq!((again.updated, again.revision), (0, set.revision));
    // Two names are two names, whatever they find.
    let many: shapes::GotMany = place.decode("get list.slist group:single id:a");
    assert_eq!(many.count, 2);
    let one: shapes::Got = place.decode("get list.slist id:b");
    assert_eq!(one.group.as_deref(), Some("phone"));
    let one: shapes::One = place.decode("allocate list.slist --group x");
    assert_eq!(one.group.as_deref(), Some("x"));
}

#[test]
fn one_entry_that_refuses_refuses_all() {
    let place = with_group();
    place.done("set list.slist id:b revoked");
    place.refuses(
        "set list.slist group:phone suspended",
        str![[r#"
--- stderr
error: entry 1/1: status invalid (1) is final
because: credentials that were revoked stay revoked
hint: if it was set by mistake: --allow-final
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist group:phone revoked --if valid",
        str![[r#"
--- stderr
error: entry 1/1: the status is invalid (1), not valid (0)
because: --if says which status the entry must have
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist group:phone 4",
        str![[r#"
--- stderr
error: status 4 does not fit 2 bits: the largest is 3
hint: with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist group:phone revoked --list 0",
        str![[r#"
--- stderr
error: entry group:phone is not in list 0
hint: leave out --list, or name the entry of that list
--- exit 1

"#]],
    );
    place.done("set list.slist group:phone suspended --allow-final");
    place.done("set list.slist group:phone revoked --if suspended");
}

#[test]
fn a_group_that_nothing_is_in_is_not_found() {
    let place = with_group();
    place.refuses(
        "set list.slist group:phones revoked",
        str![[r#"
--- stderr
error: no entry is in the group 'phones'
hint: check the name of the group, and the file
--- exit 1

"#]],
    );
    place.refuses(
        "get list.slist group:phones",
        str![[r#"
--- stderr
error: no entry is in the group 'phones'
hint: check the name of the group, and the file
--- exit 1

"#]],
    );
    place.refuses(
        "get list.slist group:phone --list 1",
        str![[r#"
--- stderr
error: entry group:phone is not in list 1
hint: leave out --list, or name the entry of that list
--- exit 1

"#]],
    );
    place.refuses("get list.slist group:", str![[r#"
--- stderr
error: invalid value 'group:' for '<ENTRY>...': the name of a group is like a token id: a token id cannot be empty

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        "inspect list.slist --entry group:phone",
        str![[r#"
--- stderr
error: 'group:phone' names all entries of a group, where one entry is meant
hint: name the entry: LIST/INDEX, URI#INDEX or id:TOKEN-ID
--- exit 1

"#]],
    );
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = with_group();
    place.done("set list.slist id:b suspended");
    let set = "set list.slist group:phone suspended --op-id one";
    let first: shapes::SetGroup = place.decode(set);
    assert_eq!(first.updated, 2);
    place.done("allocate list.slist --group phone --count 2");
    place.done("set list.slist group:phone revoked");
    let again: shapes::SetGroup = place.decode(set);
    assert!(again.repeated);
    assert_eq!(
        (&again.results, again.revision),
        (&first.results, first.revision)
    );
    place.shows(set, str![[r#"
0/6	valid (0) -> suspended (2)
0/7	valid (0) -> suspended (2)
1/1	suspended (2) already
--- stderr
warning: operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 7: nothing was changed
warning: entry 0/6 was suspended (2) then, and is invalid (1) now
at that time: group 'phone': 2 changed, 1 unchanged, revision 7; to make it visible: statuslist publish 'list.slist'

"#]]);
    place.refuses(
        "set list.slist group:phone revoked --op-id one",
        str![[r#"
--- stderr
error: operation id 'one' belongs to another request, revision 7
hint: use another --op-id for another request
--- exit 1

"#]],
    );
    let allocate = "allocate list.slist --group tablet --op-id two";
    let first: shapes::One = place.decode(allocate);
    let again: shapes::One = place.decode(allocate);
    assert_eq!((again.idx, &again.group), (first.idx, &first.group));
    place.refuses(
        "allocate list.slist --op-id two",
        str![[r#"
--- stderr
error: operation id 'two' belongs to another request, revision 10
hint: use another --op-id for another request
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --group laptop --op-id two",
        str![[r#"
--- stderr
error: operation id 'two' belongs to another request, revision 10
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn an_entry_keeps_its_group() {
    let place = with_group();
    place.shows(
        "allocate list.slist --token-id b --or-existing --group phone -q",
        str![[r#"
1/1	https://example.com/statuslists/1.jwt	b
--- stderr
warning: no site is known to have list 1: publish it before credentials with these entries are used

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id b --or-existing --group tablet",
        str![[r#"
--- stderr
error: entry 1/1 is not in the group 'tablet'
because: an entry keeps the group that it got first
hint: leave out the group to get the entry as it is
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id a --or-existing --group phone",
        str![[r#"
--- stderr
error: entry 0/4 is not in the group 'phone'
because: an entry keeps the group that it got first
hint: leave out the group to get the entry as it is
--- exit 1

"#]],
    );
    place.write(
        "ops.csv",
        "op,tokenId,group\nallocate,b,tablet\nallocate,n,x\nallocate,n,x\nallocate,n,y\nallocate,n,\n",
    );
    place.refuses(
        "batch list.slist ops.csv --or-existing",
        str![[r#"
--- stderr
ops.csv:2: entry 1/1 is not in the group 'tablet'
ops.csv:5: an earlier line has its token id, and not the group 'y'
error: the batch has 2 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]],
    );
}

#[test]
fn a_batch_sets_groups() {
    let place = with_group();
    place.write(
        "ops.jsonl",
        concat!(
            r#"{"op":"set","group":"phone","status":"suspended"}"#,
            "\n",
            r#"{"op":"allocate","group":"new","count":2}"#,
            "\n",
            r#"{"op":"set","group":"new","status":"suspended"}"#,
            "\n",
            r#"{"op":"allocate","group":"phone","tokenId":"late"}"#,
            "\n",
            r#"{"op":"update","updates":[{"group":"phone"},{"tokenId":"a"}],"status":2}"#,
            "\n",
        ),
    );
    place.shows("batch list.slist ops.jsonl --op-id one", str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":6,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":1,"op":"set","listId":"0","idx":7,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":1,"op":"set","listId":"1","idx":1,"uri":"https://example.com/statuslists/1.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":2,"op":"allocate","listId":"1","idx":6,"uri":"https://example.com/statuslists/1.jwt","group":"new","status":0,"existing":false}
{"schema":1,"line":2,"op":"allocate","listId":"1","idx":0,"uri":"https://example.com/statuslists/1.jwt","group":"new","status":0,"existing":false}
{"schema":1,"line":3,"op":"set","listId":"1","idx":6,"uri":"https://example.com/statuslists/1.jwt","group":"new","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":3,"op":"set","listId":"1","idx":0,"uri":"https://example.com/statuslists/1.jwt","group":"new","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":4,"op":"allocate","listId":"1","idx":4,"uri":"https://example.com/statuslists/1.jwt","tokenId":"late","group":"phone","status":0,"existing":false}
{"schema":1,"line":5,"op":"set","listId":"0","idx":6,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":2,"currentStatus":2,"change":"unchanged"}
{"schema":1,"line":5,"op":"set","listId":"0","idx":7,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":2,"currentStatus":2,"change":"unchanged"}
{"schema":1,"line":5,"op":"set","listId":"1","idx":1,"uri":"https://example.com/statuslists/1.jwt","group":"phone","previousStatus":2,"currentStatus":2,"change":"unchanged"}
{"schema":1,"line":5,"op":"set","listId":"1","idx":4,"uri":"https://example.com/statuslists/1.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":5,"op":"set","listId":"0","idx":4,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":2,"change":"changed"}
--- stderr
3 allocated, 7 changed, 3 unchanged, revision 6; to make it visible: statuslist publish 'list.slist'

"#]]);
    place.done("set list.slist group:phone revoked");
    place.shows("batch list.slist ops.jsonl --op-id one", str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":6,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed","repeated":true}
{"schema":1,"line":1,"op":"set","listId":"0","idx":7,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed","repeated":true}
{"schema":1,"line":1,"op":"set","listId":"1","idx":1,"uri":"https://example.com/statuslists/1.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed","repeated":true}
{"schema":1,"line":2,"op":"allocate","listId":"1","idx":6,"uri":"https://example.com/statuslists/1.jwt","group":"new","status":0,"existing":false,"repeated":true}
{"schema":1,"line":2,"op":"allocate","listId":"1","idx":0,"uri":"https://example.com/statuslists/1.jwt","group":"new","status":0,"existing":false,"repeated":true}
{"schema":1,"line":3,"op":"set","listId":"1","idx":6,"uri":"https://example.com/statuslists/1.jwt","group":"new","previousStatus":0,"currentStatus":2,"change":"changed","repeated":true}
{"schema":1,"line":3,"op":"set","listId":"1","idx":0,"uri":"https://example.com/statuslists/1.jwt","group":"new","previousStatus":0,"currentStatus":2,"change":"changed","repeated":true}
{"schema":1,"line":4,"op":"allocate","listId":"1","idx":4,"uri":"https://example.com/statuslists/1.jwt","tokenId":"late","group":"phone","status":0,"existing":false,"repeated":true}
{"schema":1,"line":5,"op":"set","listId":"0","idx":6,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":2,"currentStatus":2,"change":"unchanged","repeated":true}
{"schema":1,"line":5,"op":"set","listId":"0","idx":7,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":2,"currentStatus":2,"change":"unchanged","repeated":true}
{"schema":1,"line":5,"op":"set","listId":"1","idx":1,"uri":"https://example.com/statuslists/1.jwt","group":"phone","previousStatus":2,"currentStatus":2,"change":"unchanged","repeated":true}
{"schema":1,"line":5,"op":"set","listId":"1","idx":4,"uri":"https://example.com/statuslists/1.jwt","group":"phone","previousStatus":0,"currentStatus":2,"change":"changed","repeated":true}
{"schema":1,"line":5,"op":"set","listId":"0","idx":4,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":2,"change":"changed","repeated":true}
--- stderr
warning: operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 6: nothing was changed

"#]]);
    place.write("groups", "group:new\ngroup:phone\nid:a\n");
    place.shows(
        "batch list.slist groups --status revoked --csv",
        str![[r#"
line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change
1,set,1,0,https://example.com/statuslists/1.jwt,,,,2,1,changed
1,set,1,6,https://example.com/statuslists/1.jwt,,,,2,1,changed
2,set,0,6,https://example.com/statuslists/0.jwt,,,,1,1,unchanged
2,set,0,7,https://example.com/statuslists/0.jwt,,,,1,1,unchanged
2,set,1,1,https://example.com/statuslists/1.jwt,,,,1,1,unchanged
2,set,1,4,https://example.com/statuslists/1.jwt,,,,1,1,unchanged
3,set,0,4,https://example.com/statuslists/0.jwt,a,,,2,1,changed
--- stderr
3 changed, 4 unchanged, revision 8; to make it visible: statuslist publish 'list.slist'

"#]],
    );
}

#[test]
fn a_line_of_a_batch_sets_a_group_or_leaves_it() {
    let place = with_group();
    place.done("set list.slist id:b revoked");
    place.write(
        "ops.csv",
        "op,group,tokenId,idx,status\n\
         set,phone,,,suspended\n\
         set,phone,a,,suspended\n\
         set,phone,,1,suspended\n\
         set,none,,,suspended\n\
         set,phone,,,9\n\
         set,,a,,suspended\n\
         set,phone,,,revoked\n",
    );
    place.refuses("batch list.slist ops.csv", str![[r#"
--- stderr
ops.csv:2: entry 1/1: status invalid (1) is final: credentials that were revoked stay revoked, if it was set by mistake: --allow-final
ops.csv:3: tokenId does not go with group, group names all of its entries; a line names those, or one
ops.csv:4: idx does not go with group, group names all of its entries; a line names those, or one
ops.csv:5: no entry is in the group 'none', check the name of the group, and the file
ops.csv:6: status 9 does not fit 2 bits: the largest is 3, with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
error: the batch has 5 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    place.shows("batch list.slist ops.csv --skip-invalid", str![[r#"
{"schema":1,"line":7,"op":"set","listId":"0","idx":4,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":8,"op":"set","listId":"0","idx":6,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":0,"currentStatus":1,"change":"changed"}
{"schema":1,"line":8,"op":"set","listId":"0","idx":7,"uri":"https://example.com/statuslists/0.jwt","group":"phone","previousStatus":0,"currentStatus":1,"change":"changed"}
{"schema":1,"line":8,"op":"set","listId":"1","idx":1,"uri":"https://example.com/statuslists/1.jwt","group":"phone","previousStatus":1,"currentStatus":1,"change":"unchanged"}
--- stderr
3 changed, 1 unchanged, revision 7; to make it visible: statuslist publish 'list.slist'
ops.csv:2: entry 1/1: status invalid (1) is final: credentials that were revoked stay revoked, if it was set by mistake: --allow-final
ops.csv:3: tokenId does not go with group, group names all of its entries; a line names those, or one
ops.csv:4: idx does not go with group, group names all of its entries; a line names those, or one
ops.csv:5: no entry is in the group 'none', check the name of the group, and the file
ops.csv:6: status 9 does not fit 2 bits: the largest is 3, with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
error: 5 lines were left out
because: --skip-invalid was given
--- exit 5

"#]]);
}

/// What a body says besides is never dropped.
#[test]
fn a_group_goes_where_it_belongs_alone() {
    let place = with_group();
    for (body, fault) in [
        (
            r#"{"op":"update","group":"phone","updates":[{"idx":1}],"status":1}"#,
            "group does not go beside updates",
        ),
        (
            r#"{"credentialId":"b","group":"phone","credentialStatus":{"type":"StatusList2021Entry"}}"#,
            "group does not go with credentialStatus",
        ),
        (
            r#"{"op":"set","group":"phone","listId":"0","status":1}"#,
            "listId does not go with group",
        ),
        (
            r#"{"op":"set","group":" ","status":1}"#,
            "the name of a group is like a token id: a token id cannot be empty",
        ),
        (
            r#"{"op":"set","groups":"phone","status":1}"#,
            "unknown member '/groups'",
        ),
    ] {
        let run = place.run_with_input(&["batch", "list.slist"], body.as_bytes());
        assert_eq!(run.code, 1, "{body}");
        let said = run.stderr.starts_with(&format!("stdin:1: {fault}"));
        assert!(said, "{body}: {}", run.stderr);
    }
}
