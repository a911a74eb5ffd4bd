//! Labels: entries that were handed out in advance get their names when the credential is made.

use snapbox::str;

use crate::harness::{NOW, Place};
use crate::shapes;

/// A place with three entries without a name, 0/826, 0/18 and 0/785, and one with token id `a`.
fn with_stock() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --count 3");
    place.done("allocate list.slist --token-id a --group phone --expires-at 2030-01-01T00:00:00Z");
    place
}

#[test]
fn an_entry_gets_its_names_once() {
    let place = with_stock();
    place.shows(
        "label list.slist 0/826 --token-id b -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
0/826: labelled, revision 4

"#]],
    );
    place.shows(
        "label list.slist 0/826 --token-id b",
        str![[r#"
--- stderr
0/826: labelled, revision 4

"#]],
    );
    place.shows(
        "label list.slist 0/826 --token-id ' b '",
        str![[r#"
--- stderr
0/826: that is known already, nothing changed

"#]],
    );
    place.shows(
        "label list.slist id:b --group phone --expires-at 2031-01-01T00:00:00Z",
        str![[r#"
--- stderr
0/826: labelled, revision 5

"#]],
    );
    place.shows(
        "label list.slist 826 --token-id b --group phone",
        str![[r#"
--- stderr
0/826: that is known already, nothing changed

"#]],
    );
    place.shows(
        "get list.slist 0/826 --history",
        str![[r#"
entry:      0/826
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   b
labelled:   by revision 4
group:      phone
allocated:  2026-01-01T00:00:00Z
expires:    2031-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
changes:    0

"#]],
    );
    place.shows(
        "set list.slist group:phone suspended",
        str![[r#"
0/130	valid (0) -> suspended (2)
0/826	valid (0) -> suspended (2)
--- stderr
group 'phone': 2 changed, revision 6; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "set list.slist id:b revoked",
        str![[r#"
--- stderr
0/826: suspended (2) -> invalid (1), revision 7; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "inspect list.slist",
        str![[r#"
list file:  revision 7 of 2026-01-01T00:00:00Z
lives:      here
intact:     7 revisions, 3 changes, 4 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     open, 4 of 1000 entries allocated (0.4 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  valid (0)                2
  invalid (1)              1
  suspended (2)            1
revision:   7 at 2026-01-01T00:00:00Z: set by tester, 1 status
revision:   6 at 2026-01-01T00:00:00Z: set by tester, 2 statuses
revision:   5 at 2026-01-01T00:00:00Z: label by tester, 0 statuses
revision:   4 at 2026-01-01T00:00:00Z: label by tester, 0 statuses
revision:   3 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses

"#]],
    );
}

#[test]
fn the_same_for_programs() {
    let place = with_stock();
    let label = "label list.slist 0/826 --token-id b --expires-at 2031-01-01T00:00:00Z --op-id one";
    let first: shapes::Labelled = place.decode(label);
    let expected = shapes::Labelled {
        schema: 1,
        list_id: "0".to_owned(),
        idx: 826,
        uri: "https://example.com/statuslists/0.jwt".to_owned(),
        token_id: Some("b".to_owned()),
        group: None,
        expires_at: Some("2031-01-01T00:00:00Z".to_owned()),
        change: "annotated".to_owned(),
        revision: 4,
        repeated: false,
    };
    assert_eq!(first, expected);
    place.done("label list.slist id:b --group phone");
    let again: shapes::Labelled = place.decode(label);
    assert_eq!(
        again,
        shapes::Labelled {
            repeated: true,
            ..expected
        }
    );
    place.shows(
        label,
        str![[r#"
--- stderr
warning: operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 4: nothing was changed
at that time: 0/826: labelled, revision 4

"#]],
    );
    let same: shapes::Labelled = place.decode("label list.slist id:b --group phone");
    assert_eq!((same.change.as_str(), same.revision), ("unchanged", 5));
    let got: shapes::Got = place.decode("get list.slist id:b --history");
    assert_eq!((got.labelled_by, got.allocated_at.as_str()), (Some(4), NOW));
    assert_eq!(got.group.as_deref(), Some("phone"));
    assert_eq!(got.expires_at.as_deref(), Some("2031-01-01T00:00:00Z"));
    let existing: shapes::One = place.decode("allocate list.slist --token-id b --or-existing");
    assert!(existing.existing);
    assert_eq!(
        (existing.idx, existing.group.as_deref()),
        (826, Some("phone"))
    );
}

#[test]
fn what_was_said_once_is_not_changed() {
    let place = with_stock();
    place.done("label list.slist 0/826 --token-id b --group x --expires-at 2031-01-01T00:00:00Z");
    place.refuses(
        "label list.slist 0/826 --token-id c",
        str![[r#"
--- stderr
error: entry 0/826 has another token id
because: an entry keeps the names that it got first
hint: a re-issued credential needs an entry of its own
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist 0/18 --token-id b",
        str![[r#"
--- stderr
error: token id 'b' has entry 0/826 already
because: each token id names one entry
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist 0/18 --token-id a --group y",
        str![[r#"
--- stderr
error: token id 'a' has entry 0/130 already
because: each token id names one entry
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist id:a --token-id c",
        str![[r#"
--- stderr
error: entry 0/130 has another token id
because: an entry keeps the names that it got first
hint: a re-issued credential needs an entry of its own
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist id:a --group x",
        str![[r#"
--- stderr
error: entry 0/130 is in another group
because: an entry keeps what was said of it first
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist id:a --expires-at 2031-01-01T00:00:00Z",
        str![[r#"
--- stderr
error: entry 0/130 has another expiry
because: an entry keeps what was said of it first
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id b",
        str![[r#"
--- stderr
error: token id 'b' has entry 0/826 already
hint: to get its entry again: --or-existing; a re-issued credential needs a new token id
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist 0/5 --token-id c",
        str![[r#"
--- stderr
error: entry 0/5 is not allocated
because: only entries that were handed out have a status
hint: check the index, and the file
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist 0/5000 --token-id c",
        str![[r#"
--- stderr
error: index 5000 is outside list 0
because: list 0 has 1000 entries, 0 to 999
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist group:x --token-id c",
        str![[r#"
--- stderr
error: 'group:x' names all entries of a group, where one entry is meant
hint: name the entry: LIST/INDEX, URI#INDEX or id:TOKEN-ID
--- exit 1

"#]],
    );
    place.refuses(
        "label list.slist id:nobody --group x",
        str![[r#"
--- stderr
error: no entry has the token id 'nobody'
hint: check the token id, and the file
--- exit 1

"#]],
    );
    place.refuses("label list.slist 0/18", str![[r#"
--- stderr
error: the following required arguments were not provided:
  <--token-id <ID>|--group <ID>|--expires-at <TIME>>

Usage: statuslist label --actor <WHO> --now <TIME> <--token-id <ID>|--group <ID>|--expires-at <TIME>> <FILE> <ENTRY>

For more information, try '--help'.
--- exit 2

"#]]);
}

#[test]
fn a_batch_labels_entries() {
    let place = with_stock();
    place.write(
        "ops.csv",
        "op,listId,uri,idx,tokenId,group,expiresAt,status\n\
         label,0,,826,b,new,,\n\
         set,,,,b,,,suspended\n\
         set,,,,,new,,revoked\n\
         label,,https://example.com/statuslists/0.jwt,18,,new,2031-01-01T00:00:00Z,\n\
         label,,,826,b,,2031-01-01T00:00:00Z,\n\
         label,0,,826,b,new,,\n\
         allocate,,,,c,,,\n",
    );
    place.refuses("batch list.slist ops.csv", str![[r#"
--- stderr
ops.csv:4: entry 0/826: line 3 sets the same entry to something else, one batch stores one change of an entry: leave one of the lines out
error: the batch has 1 fault: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    place.write(
        "ops.csv",
        "op,listId,uri,idx,tokenId,group,expiresAt,status\n\
         label,0,,826,b,new,,\n\
         set,,,,b,,,suspended\n\
         label,,https://example.com/statuslists/0.jwt,18,,new,2031-01-01T00:00:00Z,\n\
         label,,,826,b,,2031-01-01T00:00:00Z,\n\
         label,0,,826,b,new,,\n\
         set,,,,,new,,suspended\n\
         allocate,,,,c,,,\n",
    );
    place.shows("batch list.slist ops.csv --op-id one", str![[r#"
{"schema":1,"line":2,"op":"label","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","group":"new","change":"annotated"}
{"schema":1,"line":3,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":4,"op":"label","listId":"0","idx":18,"uri":"https://example.com/statuslists/0.jwt","group":"new","change":"annotated"}
{"schema":1,"line":5,"op":"label","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","change":"annotated"}
{"schema":1,"line":6,"op":"label","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","group":"new","change":"unchanged"}
{"schema":1,"line":7,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","group":"new","previousStatus":2,"currentStatus":2,"change":"unchanged"}
{"schema":1,"line":7,"op":"set","listId":"0","idx":18,"uri":"https://example.com/statuslists/0.jwt","group":"new","previousStatus":0,"currentStatus":2,"change":"changed"}
{"schema":1,"line":8,"op":"allocate","listId":"0","idx":306,"uri":"https://example.com/statuslists/0.jwt","tokenId":"c","status":0,"existing":false}
--- stderr
1 allocated, 2 changed, 3 annotated, 2 unchanged, revision 4; to make it visible: statuslist publish 'list.slist'

"#]]);
    place.shows(
        "get list.slist group:new",
        str![[r#"
entry:      0/18
status:     suspended (2)
uri:        https://example.com/statuslists/0.jwt
group:      new
allocated:  2026-01-01T00:00:00Z
expires:    2031-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

entry:      0/826
status:     suspended (2)
uri:        https://example.com/statuslists/0.jwt
token id:   b
group:      new
allocated:  2026-01-01T00:00:00Z
expires:    2031-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    place.done("label list.slist 0/785 --token-id d --group new");
    place.done("set list.slist group:new revoked");
    place.shows(
        "batch list.slist ops.csv --op-id one --csv",
        str![[r#"
line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change
2,label,0,826,https://example.com/statuslists/0.jwt,b,,,,,annotated
3,set,0,826,https://example.com/statuslists/0.jwt,b,,,0,2,changed
4,label,0,18,https://example.com/statuslists/0.jwt,,,,,,annotated
5,label,0,826,https://example.com/statuslists/0.jwt,b,,,,,annotated
6,label,0,826,https://example.com/statuslists/0.jwt,b,,,,,unchanged
7,set,0,826,https://example.com/statuslists/0.jwt,,,,2,2,unchanged
7,set,0,18,https://example.com/statuslists/0.jwt,,,,0,2,changed
8,allocate,0,306,https://example.com/statuslists/0.jwt,c,0,false,,,
--- stderr
warning: operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 4: nothing was changed

"#]],
    );
    place.done("inspect list.slist");
}

#[test]
fn a_batch_refuses_names_that_clash() {
    let place = with_stock();
    place.done("label list.slist 0/826 --token-id b");
    place.write(
        "ops.jsonl",
        concat!(
            r#"{"op":"allocate","tokenId":"b"}"#,
            "\n",
            r#"{"op":"label","listId":"0","idx":18,"tokenId":"b"}"#,
            "\n",
            r#"{"op":"allocate","tokenId":"n"}"#,
            "\n",
            r#"{"op":"label","listId":"0","idx":18,"tokenId":"n"}"#,
            "\n",
            r#"{"op":"label","listId":"0","idx":18,"tokenId":"m"}"#,
            "\n",
            r#"{"op":"label","listId":"0","idx":18,"tokenId":"k"}"#,
            "\n",
            r#"{"op":"allocate","tokenId":"m"}"#,
            "\n",
            r#"{"op":"label","listId":"0","idx":785,"tokenId":"m"}"#,
            "\n",
            r#"{"op":"set","tokenId":"later","status":1}"#,
            "\n",
            r#"{"op":"label","listId":"0","idx":785,"tokenId":"later"}"#,
            "\n",
            r#"{"op":"set","listId":"0","idx":785,"tokenId":"later","status":1}"#,
            "\n",
            r#"{"op":"set","listId":"0","idx":785,"tokenId":"m","status":1}"#,
            "\n",
            r#"{"op":"label","tokenId":"b","group":"x"}"#,
            "\n",
            r#"{"op":"label","idx":18}"#,
            "\n",
            r#"{"op":"label","idx":18,"tokenId":"k","status":1}"#,
            "\n",
            r#"{"op":"label","listId":"0","idx":7,"tokenId":"k"}"#,
            "\n",
        ),
    );
    place.refuses("batch list.slist ops.jsonl", str![[r#"
--- stderr
ops.jsonl:1: token id 'b' has entry 0/826 already, to get its entry again: --or-existing
ops.jsonl:2: token id 'b' has entry 0/826 already: each token id names one entry
ops.jsonl:4: token id 'n' is in line 3 too
ops.jsonl:6: entry 0/18 has another token id: an entry keeps the names that it got first, a re-issued credential needs an entry of its own
ops.jsonl:7: token id 'm' is in line 5 too
ops.jsonl:8: token id 'm' is in line 5 too
ops.jsonl:9: no entry has the token id 'later', check the token id, and the file
ops.jsonl:12: entry 0/785 does not have the token id 'm': the line names the entry in two ways that do not agree
ops.jsonl:13: it names no entry, idx, with listId or uri
ops.jsonl:14: it says nothing of the entry, tokenId, group or expiresAt
ops.jsonl:15: status does not go with label, label takes an entry by idx, and tokenId, group and expiresAt
ops.jsonl:16: entry 0/7 is not allocated: only entries that were handed out have a status, check the index, and the file
error: the batch has 12 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    place.write(
        "ops.jsonl",
        concat!(
            r#"{"op":"label","listId":"0","idx":18,"tokenId":"m"}"#,
            "\n",
            r#"{"op":"allocate","tokenId":"m"}"#,
            "\n",
            r#"{"op":"allocate","tokenId":"b"}"#,
            "\n",
            r#"{"op":"allocate","tokenId":"b","group":"x"}"#,
            "\n",
        ),
    );
    place.shows(
        "batch list.slist ops.jsonl --or-existing --skip-invalid",
        str![[r#"
{"schema":1,"line":1,"op":"label","listId":"0","idx":18,"uri":"https://example.com/statuslists/0.jwt","tokenId":"m","change":"annotated"}
{"schema":1,"line":2,"op":"allocate","listId":"0","idx":18,"uri":"https://example.com/statuslists/0.jwt","tokenId":"m","status":0,"existing":true}
{"schema":1,"line":3,"op":"allocate","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","status":0,"existing":true}
--- stderr
2 allocated before, 1 annotated, revision 5
ops.jsonl:4: entry 0/826 is not in the group 'x'
error: 1 line was left out
because: --skip-invalid was given
--- exit 5

"#]],
    );
    place.done("inspect list.slist");
}

/// Many lines are looked up by a scan of the tables, few by the index.
#[test]
fn labels_are_found_among_many_lines() {
    let place = Place::with_list_of(2, 40);
    let many: shapes::Many = place.decode("allocate list.slist --count 40");
    let label =
        |(name, entry): (usize, &shapes::Allocation)| format!("label,{},t{name},\n", entry.idx);
    let labels: String = many.allocations.iter().enumerate().map(label).collect();
    place.write("labels.csv", format!("op,idx,tokenId,status\n{labels}"));
    place.done("batch list.slist labels.csv");
    let sets: String = (0..40).map(|name| format!("set,,t{name},2\n")).collect();
    place.write("sets.csv", format!("op,idx,tokenId,status\n{sets}"));
    let set = place.done("batch list.slist sets.csv");
    assert_eq!(set.matches("\"change\":\"changed\"").count(), 40);
    place.done("set list.slist id:t7 revoked");
    place.done("inspect list.slist");
}

#[test]
fn an_expiry_may_be_a_date_and_lies_ahead() {
    let place = Place::with_list();
    let two = place.json(&["allocate", "list.slist", "--count", "2", "--json", "-q"]);
    let second = two["allocations"][1]["idx"].as_u64().unwrap();
    place.refuses(
        "label list.slist 0/826 --expires-at 2025-12-31",
        str![[r#"
--- stderr
error: the expiry lies in the past: 2025-12-31T00:00:00Z
because: it is 2026-01-01T00:00:00Z
hint: if that is meant: --allow-past
--- exit 1

"#]],
    );
    place.done("label list.slist 0/826 --expires-at 2025-12-31 --allow-past");
    place.write(
        "ops.jsonl",
        format!(r#"{{"op":"label","listId":"0","idx":{second},"expiresAt":"2025-12-31"}}"#),
    );
    assert_eq!(place.line("batch list.slist ops.jsonl").code, 1);
    place.done("batch list.slist ops.jsonl --allow-past");
    let got = place.json(&["get", "list.slist", "0/826", "--json"]);
    assert_eq!(got["expiresAt"], "2025-12-31T00:00:00Z");
}
