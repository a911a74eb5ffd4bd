//! View `oa-ocsp`: one file per document hash, for `OpenAttestation` readers.

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};
use snapbox::str;

use crate::harness::{Place, SEED};
use crate::shapes;

const PUBLISH: &str = "publish list.slist --to site";
const FOLDER: &str = "site/statuslists/0.ocsp";

/// The n-th hash of the tests.
fn hash(n: u8) -> String {
    format!("0x{}", format!("{n:02x}").repeat(32))
}

/// A place with `list.slist` in these views.
fn with_views(views: &str) -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    place.done(&format!(
        "init list.slist --uri https://example.com/statuslists/{{n}}.ocsp --as {views} --bits 2 \
         --size 1000 --seed-file seed"
    ));
    place
}

fn place() -> Place {
    with_views("oa-ocsp")
}

/// What readers are answered.
fn answer(place: &Place, n: u8) -> Value {
    let bytes = place.read(&format!("{FOLDER}/{}", hash(n)));
    serde_json::from_slice(&bytes).unwrap()
}

/// The names of the files that the last publication wrote.
fn written(place: &Place, line: &str) -> Vec<String> {
    let published: shapes::Published = place.decode(line);
    let [responder] = &published.responders[..] else {
        panic!("{published:?}");
    };
    let written = responder.documents.iter().filter(|file| file.written);
    let names: Vec<_> = written
        .map(|file| file.path.rsplit_once('/').unwrap().1.to_owned())
        .collect();
    assert_eq!(responder.written, names.len());
    assert_eq!(responder.unchanged, responder.documents.len() - names.len());
    assert_eq!(responder.list_id, "0");
    names
}

#[test]
fn a_file_for_each_hash_and_one_for_all_others() {
    let place = place();
    let (document, root) = (hash(1), hash(2));
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {document} --document-path {root}"
    ));
    place.shows(PUBLISH, str![[r#"
written    statuslists/0.ocsp/default.json (36 bytes)
written    statuslists/0.ocsp/0x0101010101010101010101010101010101010101010101010101010101010101 (102 bytes)
written    statuslists/0.ocsp/0x0202020202020202020202020202020202020202020202020202020202020202 (102 bytes)
--- stderr
3 files written, 0 unchanged
readers take a missing file for an error: record every hash, or let the host answer with the default where there is no file: /statuslists/0.ocsp/* /statuslists/0.ocsp/default.json 200

"#]]);
    place.shows(
        PUBLISH,
        str![[r#"
unchanged  3 files below https://example.com/statuslists/0.ocsp
--- stderr
0 files written, 3 unchanged

"#]],
    );
    let not_revoked = |n| json!({ "revoked": false, "documentHash": hash(n) });
    assert_eq!(answer(&place, 1), not_revoked(1));
    assert_eq!(answer(&place, 2), not_revoked(2));
    assert_eq!(
        place.read(&format!("{FOLDER}/default.json")),
        b"{\"revoked\":false,\"documentHash\":\"\"}\n"
    );
    place.done("set list.slist id:a revoked --reason superseded");
    place.shows(PUBLISH, str![[r#"
written    statuslists/0.ocsp/0x0101010101010101010101010101010101010101010101010101010101010101 (116 bytes)
unchanged  2 files below https://example.com/statuslists/0.ocsp
--- stderr
1 file written, 2 unchanged

"#]]);
    assert_eq!(
        place.read(&format!("{FOLDER}/{document}")),
        format!("{{\"revoked\":true,\"documentHash\":\"{document}\",\"reasonCode\":4}}\n")
            .into_bytes()
    );
    // The root stands for other documents too.
    assert_eq!(answer(&place, 2), not_revoked(2));
}

#[test]
fn every_status_and_reason_has_its_code() {
    let place = place();
    let cases = [
        ("revoked", None, Some(0)),
        ("revoked", Some("unspecified"), Some(0)),
        ("revoked", Some("keyCompromise"), Some(1)),
        ("revoked", Some("cACompromise"), Some(2)),
        ("revoked", Some("affiliationChanged"), Some(3)),
        ("revoked", Some("superseded"), Some(4)),
        ("revoked", Some("cessationOfOperation"), Some(5)),
        ("suspended", Some("certificateHold"), Some(6)),
        ("suspended", Some("removeFromCRL"), Some(8)),
        ("revoked", Some("privilegeWithdrawn"), Some(9)),
        ("revoked", Some("aACompromise"), Some(10)),
        ("suspended", None, Some(1001)),
        ("suspended", Some("superseded"), Some(1001)),
        ("valid", None, None),
    ];
    for (n, (status, reason, _)) in (1..).zip(cases) {
        let document = hash(n);
        place.done(&format!(
            "allocate list.slist --token-id t{n} --document-hash {document}"
        ));
        let reason = reason.map_or_else(String::new, |reason| format!("--reason {reason}"));
        place.done(&format!("set list.slist id:t{n} {status} {reason}"));
    }
    place.done(PUBLISH);
    for (n, (status, reason, code)) in (1..).zip(cases) {
        let mut expected = json!({ "revoked": code.is_some(), "documentHash": hash(n) });
        if let Some(code) = code {
            expected["reasonCode"] = json!(code);
        }
        assert_eq!(answer(&place, n), expected, "{status} {reason:?}");
    }
}

#[test]
fn another_reason_is_published_and_another_note_is_not() {
    let place = place();
    place.done("allocate list.slist --token-id other");
    let document = hash(1);
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {document}"
    ));
    let file = std::slice::from_ref(&document);
    assert_eq!(written(&place, PUBLISH), ["default.json", &document]);
    place.done("set list.slist id:a revoked");
    assert_eq!(written(&place, PUBLISH), *file);
    place.done("set list.slist id:a revoked --reason keyCompromise");
    assert_eq!(written(&place, PUBLISH), *file);
    place.done("set list.slist id:a revoked --reason keyCompromise --note stolen");
    assert!(written(&place, PUBLISH).is_empty());
    let shown: shapes::ListFile = place.decode("inspect list.slist");
    let visible: Vec<_> = shown
        .revisions
        .iter()
        .map(|revision| (revision.revision, revision.visible))
        .collect();
    assert_eq!(
        visible,
        [(6, false), (5, true), (4, true), (3, true), (2, false)]
    );
    // The same changes are invisible where only statuses are published.
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked");
    place.done("set list.slist id:a revoked --reason keyCompromise");
    let shown: shapes::ListFile = place.decode("inspect list.slist");
    assert!(!shown.revisions[0].visible);
}

#[test]
fn documents_share_the_hashes_on_their_way() {
    let place = place();
    let root = hash(9);
    let line = |token: &str, document: String, way: Value| {
        json!({ "op": "allocate", "tokenId": token, "documentHash": document, "documentPath": way })
            .to_string()
            + "\n"
    };
    let operations = [
        line("a", hash(1), json!([hash(5), root])),
        line("b", hash(2), json!([hash(5), root])),
        // A tree of one document: its root is the document.
        line("c", hash(3), json!([hash(3)])),
        // Siblings and not the way: what is said of the other document goes first.
        line("d", hash(4), json!([hash(1)])),
    ];
    place.write("ops.jsonl", operations.concat());
    place.done("batch list.slist ops.jsonl");
    place.done(&format!(
        "allocate list.slist --token-id e --document-hash {} --document-path {root}",
        hash(6)
    ));
    // The same, recorded before the other document.
    place.done(&format!(
        "allocate list.slist --token-id f --document-hash {} --document-path {}",
        hash(7),
        hash(8)
    ));
    place.done(&format!(
        "allocate list.slist --token-id g --document-hash {}",
        hash(8)
    ));
    place.done("set list.slist id:a revoked");
    place.done("set list.slist id:g revoked");
    place.done(PUBLISH);
    for (n, revoked) in [
        (1, true),
        (2, false),
        (3, false),
        (4, false),
        (5, false),
        (6, false),
        (7, false),
        (8, true),
        (9, false),
    ] {
        assert_eq!(answer(&place, n)["revoked"], revoked, "{n}");
    }
    let shown: shapes::ListFile = place.decode("inspect list.slist");
    let documents = shown.lists[0].documents.as_ref().unwrap();
    assert_eq!((documents.documents, documents.on_the_way), (7, 3));
    place.shows(
        "inspect list.slist",
        str![[r#"
list file:  revision 7 of 2026-01-01T00:00:00Z
lives:      here
intact:     7 revisions, 2 changes, 7 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       oa-ocsp at https://example.com/statuslists/{n}.ocsp
list 0:     open, 7 of 1000 entries allocated (0.7 %), 2 bits
  oa-ocsp   https://example.com/statuslists/0.ocsp
  valid (0)                5
  invalid (1)              2
  documents                7
  hashes on their way      3
revision:   7 at 2026-01-01T00:00:00Z: set by tester, 1 status
revision:   6 at 2026-01-01T00:00:00Z: set by tester, 1 status
revision:   5 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   4 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   3 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
published:  list 0 as oa-ocsp, revision 7, issued 2026-01-01T00:00:00Z, in PLACE/site

"#]],
    );
}

#[test]
fn csv_separates_hashes_by_semicolons() {
    let place = place();
    let (way, root) = (hash(5), hash(6));
    let text = format!(
        "op,tokenId,documentHash,documentPath\nallocate,a,{},{way};{root}\nallocate,b,,\n",
        // Wrapped documents spell their hash without 0x.
        hash(1).trim_start_matches("0x").to_uppercase()
    );
    place.write("ops.csv", text);
    place.done("batch list.slist ops.csv");
    place.done(PUBLISH);
    for n in [1, 5, 6] {
        assert_eq!(answer(&place, n)["documentHash"], hash(n));
    }
}

#[test]
fn an_entry_shows_its_document() {
    let place = place();
    let (one, two) = (hash(1), hash(2));
    place.done(&format!(
        "allocate list.slist --token-id a --token-id b --document-hash {one} --document-hash {two}"
    ));
    place.shows(
        "get list.slist id:b",
        str![[r#"
entry:      0/785
status:     valid (0)
uri:        https://example.com/statuslists/0.ocsp
token id:   b
document:   0x0202020202020202020202020202020202020202020202020202020202020202
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    let got: shapes::Got = place.decode("get list.slist id:a");
    assert_eq!(got.document_hash, Some(one));
    place.shows(
        "allocate list.slist --claim oa-ocsp",
        str![[r#"
{"type":"OCSP_RESPONDER","location":"https://example.com/statuslists/0.ocsp"}
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (997 left), revision 3

"#]],
    );
}

#[test]
fn nothing_is_signed() {
    let place = place();
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.refuses(
        "sign list.slist --key key.pem",
        str![[r#"
--- stderr
error: view oa-ocsp is not signed
because: it is one file for each document, which readers trust because of its host
hint: statuslist publish FILE --to FOLDER --as oa-ocsp
--- exit 1

"#]],
    );
    let place = with_views("jwt,oa-ocsp --uri oa-ocsp=https://example.com/{n}.ocsp");
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: no signing key was named
hint: --key FILE; to make one: statuslist keygen FILE
--- exit 1

"#]],
    );
    place.shows(&format!("{PUBLISH} --as oa-ocsp"), str![[r#"
written    0.ocsp/default.json (36 bytes)
--- stderr
1 file written, 0 unchanged
readers take a missing file for an error: record every hash, or let the host answer with the default where there is no file: /0.ocsp/* /0.ocsp/default.json 200

"#]]);
    place.refuses(
        "sign list.slist --as oa-ocsp --key key.pem",
        str![[r#"
--- stderr
error: view oa-ocsp is not signed
because: it is one file for each document, which readers trust because of its host
hint: statuslist publish FILE --to FOLDER --as oa-ocsp
--- exit 1

"#]],
    );
}

#[test]
fn hashes_that_cannot_be_recorded_are_refused() {
    let place = place();
    let (one, two) = (hash(1), hash(2));
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {one}"
    ));
    place.refuses(
        &format!("allocate list.slist --token-id b --document-hash {one}"),
        str![[r#"
--- stderr
error: document 0x0101010101010101010101010101010101010101010101010101010101010101 has entry 0/826 already
hint: a document is recorded once; its entry is set by its index or token id
--- exit 1

"#]],
    );
    place.refuses(
        &format!("allocate list.slist --document-hash {two} --document-hash {two} --count 2"),
        str![[r#"
--- stderr
error: document 0x0202020202020202020202020202020202020202020202020202020202020202 stands twice in the request
hint: name it once
--- exit 1

"#]],
    );
    place.refuses(
        &format!("allocate list.slist --document-hash {two} --count 2"),
        str![[r#"
--- stderr
error: 1 document hash for 2 entries
because: each document hash is for one entry
hint: leave out --count, or give as many token ids
--- exit 1

"#]],
    );
    place.refuses(
        &format!("allocate list.slist --token-id a --or-existing --document-hash {two}"),
        str![[r#"
--- stderr
error: entry 0/826 is not that of document 0x0202020202020202020202020202020202020202020202020202020202020202
because: an entry has the document that it was handed out for, or none
hint: a re-issued document needs a new token id
--- exit 1

"#]],
    );
    place.refuses("allocate list.slist --document-hash 0x12", str![[r#"
--- stderr
error: invalid value '0x12' for '--document-hash <HASH>': not a document hash: 64 hexadecimal digits, with or without 0x in front

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        &format!("allocate list.slist --document-path {one}"),
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  --document-hash <HASH>

Usage: statuslist allocate --document-hash <HASH> --document-path <HASH> --actor <WHO> --now <TIME> <FILE>

For more information, try '--help'.
--- exit 2

"#]],
    );
    // The same request as the first one gets the same entry.
    let again = format!("allocate list.slist --token-id a --or-existing --document-hash {one}");
    let again: shapes::One = place.decode(&again);
    assert!(again.existing);
    let place = Place::with_list();
    place.refuses(
        &format!("allocate list.slist --document-hash {two}"),
        str![[r#"
--- stderr
error: a document hash, and the series has no view oa-ocsp
hint: statuslist configure FILE --add-view oa-ocsp
--- exit 1

"#]],
    );
}

#[test]
fn a_batch_names_every_hash_that_cannot_be_recorded() {
    let place = place();
    let (one, two) = (hash(1), hash(2));
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {one}"
    ));
    let line = |mut members: Value| {
        members["op"] = members.get("op").cloned().unwrap_or(json!("allocate"));
        members.to_string() + "\n"
    };
    let operations = [
        line(json!({ "documentHash": one })),
        line(json!({ "documentHash": two, "tokenId": "b" })),
        line(json!({ "documentHash": two })),
        line(json!({ "documentHash": "0x12" })),
        line(json!({ "documentHash": hash(3), "documentPath": [hash(4), "x"] })),
        line(json!({ "documentPath": [one] })),
        line(json!({ "op": "set", "tokenId": "a", "status": 1, "documentHash": one })),
        line(json!({ "op": "set", "tokenId": "a", "status": 1, "documentPath": [one] })),
        line(json!({ "tokenIds": ["x", "y"], "documentHash": hash(5) })),
        line(json!({ "documentHash": hash(6), "documentPath": hash(7) })),
    ];
    place.write("ops.jsonl", operations.concat());
    place.refuses("batch list.slist ops.jsonl", str![[r#"
--- stderr
ops.jsonl:1: document 0x0101010101010101010101010101010101010101010101010101010101010101 has entry 0/826 already
ops.jsonl:3: document 0x0202020202020202020202020202020202020202020202020202020202020202 is in line 2 too
ops.jsonl:4: documentHash: not a document hash: 64 hexadecimal digits, with or without 0x in front
ops.jsonl:5: documentPath: not a document hash: 64 hexadecimal digits, with or without 0x in front
ops.jsonl:6: documentPath goes with documentHash
ops.jsonl:7: documentHash does not go with set
ops.jsonl:8: documentPath does not go with set
ops.jsonl:9: document 0x0505050505050505050505050505050505050505050505050505050505050505 is in line 9 too
ops.jsonl:10: a value is of another kind than belongs there, at column 168
error: the batch has 9 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    place.write("existing.jsonl", operations[1].replace("\"b\"", "\"a\""));
    place.refuses("batch list.slist existing.jsonl --or-existing", str![[r#"
--- stderr
existing.jsonl:1: entry 0/826 is not that of document 0x0202020202020202020202020202020202020202020202020202020202020202
error: the batch has 1 fault: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    let twice = format!("{}{}", operations[1], operations[1].replace(&two, &hash(8)));
    place.write("twice.jsonl", twice);
    place.refuses("batch list.slist twice.jsonl --or-existing", str![[r#"
--- stderr
twice.jsonl:2: an earlier line has its token id, and not document 0x0808080808080808080808080808080808080808080808080808080808080808
error: the batch has 1 fault: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    let run = place.line("batch list.slist ops.jsonl --skip-invalid");
    assert_eq!(run.code, 5, "{}", run.stderr);
    let entry: shapes::Got = place.decode("get list.slist id:b");
    assert_eq!(entry.document_hash, Some(two));
    let place = Place::with_list();
    place.write("ops.jsonl", &operations[0]);
    place.refuses("batch list.slist ops.jsonl", str![[r#"
--- stderr
ops.jsonl:1: a document hash, and the series has no view oa-ocsp, statuslist configure FILE --add-view oa-ocsp
error: the batch has 1 fault: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
}

#[test]
fn a_batch_that_is_repeated_gives_the_first_results() {
    let place = place();
    let operations: String = (1..6)
        .map(|n| {
            let line = json!({
                "op": "allocate", "tokenId": format!("t{n}"), "documentHash": hash(n),
                "documentPath": [hash(9)],
            });
            format!("{line}\n")
        })
        .collect();
    place.write("ops.jsonl", &operations);
    let batch = "batch list.slist ops.jsonl --op-id first";
    let first = place.done(batch);
    let file = place.read("list.slist");
    assert_eq!(place.line(batch).of_the_first_time(), first);
    assert!(file == place.read("list.slist"));
    place.write("ops.jsonl", operations.replace(&hash(9), &hash(8)));
    place.refuses(
        batch,
        str![[r#"
--- stderr
error: operation id 'first' belongs to another request, revision 2
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn bodies_with_a_reason_code_revoke_or_hold() {
    let place = place();
    let mut input = String::new();
    for (n, code) in (1..).zip([json!(4), json!(6), json!(1001), Value::Null]) {
        let document = hash(n);
        place.done(&format!(
            "allocate list.slist --token-id t{n} --document-hash {document}"
        ));
        let mut status = json!({ "type": "OpenAttestationOCSP" });
        if !code.is_null() {
            status["reasonCode"] = code;
        }
        let body = json!({ "credentialId": format!("t{n}"), "credentialStatus": [status] });
        input.push_str(&format!("{body}\n"));
    }
    place.write("ops.jsonl", input);
    place.done("batch list.slist ops.jsonl");
    place.done(PUBLISH);
    for (n, code) in (1..).zip([4, 6, 1001, 0]) {
        assert_eq!(answer(&place, n)["reasonCode"], code);
    }
}

/// Changes a list file as only another program would, past the triggers, and puts them back.
fn tamper(place: &Place, change: &str) {
    let connection = Connection::open(place.path("list.slist")).unwrap();
    let triggers = ["document_no_update", "document_no_delete"].map(|name| -> String {
        let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
        connection.query_row(sql, [name], |row| row.get(0)).unwrap()
    });
    if !change.starts_with("INSERT") {
        let error = connection.execute_batch(change).unwrap_err();
        assert!(
            error.to_string().contains("document is append-only"),
            "{error}"
        );
    }
    let sql = format!(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER document_no_update; \
         DROP TRIGGER document_no_delete; {change}; {}",
        triggers.join(";\n")
    );
    connection.execute_batch(&sql).unwrap();
}

#[test]
fn an_altered_document_is_refused_by_inspect() {
    for (sql, reason) in [
        (
            "UPDATE document SET hash = zeroblob(32) WHERE role = 0",
            "the chain breaks at revision 2",
        ),
        (
            "UPDATE document SET idx = idx + 1",
            "the chain breaks at revision 2",
        ),
        (
            "UPDATE document SET role = 1 - role",
            "the chain breaks at revision 2",
        ),
        (
            "UPDATE document SET rev = 3",
            "the chain breaks at revision 2",
        ),
        (
            "UPDATE document SET rev = 9",
            "the chain breaks at revision 2",
        ),
        ("DELETE FROM document", "the chain breaks at revision 2"),
        (
            "INSERT OR IGNORE INTO document VALUES (0, zeroblob(32), 1, 5, 9)",
            "a document hash belongs to no revision (9)",
        ),
    ] {
        let place = place();
        place.done(&format!(
            "allocate list.slist --token-id a --document-hash {} --document-path {}",
            hash(1),
            hash(2)
        ));
        place.done("set list.slist id:a revoked");
        tamper(&place, sql);
        let run = place.line("inspect list.slist");
        assert_eq!(run.code, 4, "{sql}");
        assert!(run.stderr.contains(reason), "{sql}: {}", run.stderr);
    }
}

#[test]
fn a_restored_backup_keeps_its_documents_and_answers_at_two_places() {
    let place = place();
    let root = hash(9);
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {} --document-path {root}",
        hash(1)
    ));
    place.done(PUBLISH);
    place.done("backup list.slist copy.slist");
    place.done("restore copy.slist");
    place.done("set copy.slist id:a revoked");
    // The same root, asked for at the location of the new list.
    place.done(&format!(
        "allocate copy.slist --token-id b --document-hash {} --document-path {root}",
        hash(2)
    ));
    let run = place.line(&format!(
        "allocate copy.slist --token-id c --document-hash {}",
        hash(1)
    ));
    assert_eq!(run.code, 1, "{}", run.stderr);
    place.shows("publish copy.slist --to site", str![[r#"
written    statuslists/0.ocsp/0x0101010101010101010101010101010101010101010101010101010101010101 (116 bytes)
unchanged  2 files below https://example.com/statuslists/0.ocsp
written    statuslists/1.ocsp/default.json (36 bytes)
written    statuslists/1.ocsp/0x0202020202020202020202020202020202020202020202020202020202020202 (102 bytes)
written    statuslists/1.ocsp/0x0909090909090909090909090909090909090909090909090909090909090909 (102 bytes)
--- stderr
4 files written, 2 unchanged
readers take a missing file for an error: record every hash, or let the host answer with the default where there is no file: /statuslists/1.ocsp/* /statuslists/1.ocsp/default.json 200

"#]]);
    place.done("inspect copy.slist");
    // The original is another history now.
    place.done("set list.slist id:a suspended");
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: 'statuslists/0.ocsp/default.json' must not be replaced
because: it was not published from this list file, or from a newer state of it
because: the list file never had the state that the site's manifest names
hint: use the newest list file; to publish this one all the same: --allow-rollback
--- exit 1

"#]],
    );
    place.shows(&format!("{PUBLISH} --allow-rollback --unrevoke"), str![[r#"
written    statuslists/0.ocsp/0x0101010101010101010101010101010101010101010101010101010101010101 (119 bytes)
unchanged  2 files below https://example.com/statuslists/0.ocsp
--- stderr
warning: entries leave a final status: statuslists/0.ocsp/default.json: invalid (1) to suspended (2): 0/826
1 file written, 2 unchanged

"#]]);
}

#[test]
fn an_older_copy_does_not_publish() {
    let place = place();
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {}",
        hash(1)
    ));
    place.done(PUBLISH);
    std::fs::copy(place.path("list.slist"), place.path("old.slist")).unwrap();
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    let run = place.line("publish old.slist --to site");
    assert_eq!(run.code, 1);
    assert_eq!(answer(&place, 1)["revoked"], true);
    // Nor where the newer state only added a document.
    place.done(&format!("allocate list.slist --document-hash {}", hash(2)));
    std::fs::copy(place.path("list.slist"), place.path("old.slist")).unwrap();
    place.done(&format!("allocate list.slist --document-hash {}", hash(3)));
    place.done(PUBLISH);
    assert_eq!(place.line("publish old.slist --to site").code, 1);
}

#[test]
fn a_file_that_nobody_knows_is_left_alone() {
    let place = place();
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {}",
        hash(1)
    ));
    place.done(PUBLISH);
    let file = format!("{FOLDER}/{}", hash(1));
    place.write(&file, "{}");
    place.refuses(PUBLISH, str![[r#"
--- stderr
error: 'statuslists/0.ocsp/0x0101010101010101010101010101010101010101010101010101010101010101' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]]);
    assert_eq!(
        written(&place, &format!("{PUBLISH} --allow-rollback")),
        [hash(1)]
    );
}

#[test]
fn an_interrupted_publication_is_finished() {
    let place = place();
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {} --document-path {}",
        hash(1),
        hash(2)
    ));
    place.done(PUBLISH);
    let manifest = place.read("site/statuslist-manifest.json");
    place.done("set list.slist id:a suspended");
    place.done(PUBLISH);
    // The files were written, and the manifest was not.
    place.write("site/statuslist-manifest.json", &manifest);
    place.shows(PUBLISH, str![[r#"
written    statuslists/0.ocsp/0x0101010101010101010101010101010101010101010101010101010101010101 (119 bytes)
unchanged  2 files below https://example.com/statuslists/0.ocsp
--- stderr
1 file written, 2 unchanged

"#]]);
    // And the status changed once more.
    place.write("site/statuslist-manifest.json", &manifest);
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    assert_eq!(answer(&place, 1)["reasonCode"], 0);
    // Without any manifest.
    std::fs::remove_file(place.path("site/statuslist-manifest.json")).unwrap();
    assert_eq!(written(&place, PUBLISH).len(), 3);
    assert!(written(&place, PUBLISH).is_empty());
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = place();
    place.done(&format!("allocate list.slist --document-hash {}", hash(1)));
    let before = place.files();
    place.shows(&format!("{PUBLISH} -n"), str![[r#"
would write  statuslists/0.ocsp/default.json (36 bytes)
would write  statuslists/0.ocsp/0x0101010101010101010101010101010101010101010101010101010101010101 (102 bytes)
--- stderr
dry run: 2 files would be written, 0 unchanged
readers take a missing file for an error: record every hash, or let the host answer with the default where there is no file: /statuslists/0.ocsp/* /statuslists/0.ocsp/default.json 200

"#]]);
    assert!(before == place.files());
    assert!(!Path::new(&place.path("site")).exists());
}

#[test]
fn a_view_that_is_added_serves_new_documents() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked --reason superseded");
    place.done("set list.slist id:a revoked --reason keyCompromise");
    place.done("configure list.slist --add-view oa-ocsp");
    place.done(&format!(
        "allocate list.slist --token-id b --status revoked --document-hash {}",
        hash(1)
    ));
    place.done(&format!(
        "{PUBLISH} --key key.pem --base-url https://example.com/statuslists"
    ));
    let bytes = place.read(&format!("site/0.ocsp/{}", hash(1)));
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(answer["reasonCode"], 0);
    place.done("inspect list.slist");
}

#[test]
fn what_readers_do_not_see_is_said() {
    let place = place();
    place.done("allocate list.slist --token-id a --token-id b --token-id c");
    place.done(&format!(
        "allocate list.slist --token-id d --document-hash {}",
        hash(1)
    ));
    place.shows(
        "set list.slist id:a revoked",
        str![[r#"
--- stderr
warning: 1 entry has no document hash: readers of view oa-ocsp do not see the status
0/826: valid (0) -> invalid (1), revision 4; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "set list.slist id:d suspended",
        str![[r#"
--- stderr
0/130: valid (0) -> suspended (2), revision 5; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "set list.slist id:d suspended --reason certificateHold",
        str![[r#"
--- stderr
0/130: still suspended (2), annotated, revision 6; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        "set list.slist id:d suspended --reason certificateHold --note x",
        str![[r#"
--- stderr
0/130: still suspended (2), annotated, revision 7

"#]],
    );
    place.write("entries", "id:b\nid:c\nid:d\n");
    place.shows("batch list.slist entries --status revoked", str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":785,"uri":"https://example.com/statuslists/0.ocsp","tokenId":"b","previousStatus":0,"currentStatus":1,"change":"changed"}
{"schema":1,"line":2,"op":"set","listId":"0","idx":18,"uri":"https://example.com/statuslists/0.ocsp","tokenId":"c","previousStatus":0,"currentStatus":1,"change":"changed"}
{"schema":1,"line":3,"op":"set","listId":"0","idx":130,"uri":"https://example.com/statuslists/0.ocsp","tokenId":"d","previousStatus":2,"currentStatus":1,"change":"changed"}
--- stderr
warning: 2 entries have no document hash: readers of view oa-ocsp do not see the status
3 changed, revision 8; to make it visible: statuslist publish 'list.slist'

"#]]);
}
