//! Batches whose list files are found in a pool.

use rusqlite::Connection;
use serde_json::Value;
use snapbox::str;

use crate::harness::{Place, Run};
use crate::pools::{make, place, three};

/// A pool of three, with an entry of the same name in each of `mdl` and `pid`.
fn with_entries() -> Place {
    let place = three();
    place.done("allocate pool --for org.iso.18013.5.1.mDL --token-id mdl");
    place.done("allocate pool --for urn:eudi:pid:1 --token-id pid");
    place
}

fn batch(place: &Place, options: &str, lines: &str) -> Run {
    let arguments: Vec<_> = format!("batch pool {options}")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    place.run_with_input(&arguments, lines.as_bytes())
}

const ONE_EACH: &str = r#"{"op":"set","tokenId":"mdl","status":1}
{"op":"set","tokenId":"pid","status":2}
"#;

#[test]
fn lines_of_one_list_file_are_applied_there() {
    let place = with_entries();
    let lines = r#"{"op":"set","tokenId":"pid","status":2}
{"op":"set","tokenId":" pid ","status":2,"note":"again"}
"#;
    // A batch stores one change of an entry.
    batch(&place, "", lines).shows(&place, str![[r#"
--- stderr
stdin:2: entry 0/1: line 1 sets the same entry to something else, one batch stores one change of an entry: leave one of the lines out
error: the batch has 1 fault: nothing was changed
because: this is what 'pool/pid.slist' says
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    let lines = r#"{"op":"set","tokenId":"pid","status":2}"#;
    batch(&place, "--op-id x", lines).shows(&place, str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist"}
--- stderr
1 changed, revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]]);
    batch(&place, "--op-id x", lines).shows(&place, str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist","repeated":true}
--- stderr
warning: operation 'x' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed
the list file is 'pool/pid.slist'

"#]]);
    batch(&place, "--csv", "op,tokenId,status\nset,pid,0\n").shows(
        &place,
        str![[r#"
line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change,file
2,set,0,1,https://example.com/pid/0.jwt,pid,,,2,0,changed,pool/pid.slist
--- stderr
1 changed, revision 4; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]],
    );
    batch(
        &place,
        "--op-id x",
        r#"{"op":"set","tokenId":"mdl","status":1}"#,
    )
    .shows(
        &place,
        str![[r#"
--- stderr
error: operation id 'x' belongs to another request, in 'pool/pid.slist'
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn lines_of_several_list_files_are_refused_and_the_files_named() {
    let place = with_entries();
    let before = place.files();
    batch(&place, "", ONE_EACH).shows(
        &place,
        str![[r#"
--- stderr
error: the lines are of several list files: nothing was changed
because: line 1 is of 'pool/mdl.slist'
because: line 2 is of 'pool/pid.slist'
hint: one transaction for each: --per-file
--- exit 1

"#]],
    );
    let lines = r#"{"op":"allocate","tokenId":"new"}
{"op":"set","tokenId":"new","status":1}
{"op":"set","tokenId":"pid","status":1}
"#;
    batch(&place, "", lines).shows(
        &place,
        str![[r#"
--- stderr
error: the lines are of several list files: nothing was changed
because: line 3 is of 'pool/pid.slist'
because: line 1 is of 'pool/shared.slist'
hint: one transaction for each: --per-file
--- exit 1

"#]],
    );
    batch(&place, "--for org.iso.18013.5.1.mDL", lines).shows(
        &place,
        str![[r#"
--- stderr
error: the lines are of several list files: nothing was changed
because: line 1 is of 'pool/mdl.slist'
because: line 3 is of 'pool/pid.slist'
hint: one transaction for each: --per-file
--- exit 1

"#]],
    );
    assert!(before == place.files());
    batch(&place, "--for urn:eudi:pid:1", lines).shows(&place, str![[r#"
{"schema":1,"line":1,"op":"allocate","listId":"0","idx":0,"uri":"https://example.com/pid/0.jwt","tokenId":"new","status":0,"existing":false,"file":"pool/pid.slist"}
{"schema":1,"line":2,"op":"set","listId":"0","idx":0,"uri":"https://example.com/pid/0.jwt","tokenId":"new","previousStatus":0,"currentStatus":1,"change":"changed","file":"pool/pid.slist"}
{"schema":1,"line":3,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":1,"change":"changed","file":"pool/pid.slist"}
--- stderr
1 allocated, 2 changed, revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]]);
}

#[test]
fn a_line_that_no_list_file_has_is_a_fault() {
    let place = with_entries();
    let lines = r#"{"op":"set","tokenId":"nobody","status":1}
{"op":"set","tokenId":"pid","status":1}
{"op":"set","idx":2,"status":1}
{"op":"set","listId":0,"idx":2,"status":1}
{"op":"set","uri":"https://example.com/other/0.jwt","idx":2,"status":1}
{"op":"what"}
"#;
    let before = place.files();
    batch(&place, "", lines).shows(&place, str![[r#"
--- stderr
stdin:1: no entry has the token id 'nobody', check the token id, and the file
stdin:3: '2' could be of any list file of the pool 'pool', URI#INDEX or id:TOKEN-ID; or name the list file
stdin:4: '0/2' could be of any list file of the pool 'pool', URI#INDEX or id:TOKEN-ID; or name the list file
stdin:5: no list of the series has the uri 'https://example.com/other/0.jwt', see the lists of the series: statuslist inspect 'pool'
stdin:6: op 'what' is not known, op is allocate, set or label
error: the batch has 5 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    batch(&place, "--per-file", lines).shows(&place, str![[r#"
--- stderr
stdin:1: no entry has the token id 'nobody', check the token id, and the file
stdin:3: '2' could be of any list file of the pool 'pool', URI#INDEX or id:TOKEN-ID; or name the list file
stdin:4: '0/2' could be of any list file of the pool 'pool', URI#INDEX or id:TOKEN-ID; or name the list file
stdin:5: no list of the series has the uri 'https://example.com/other/0.jwt', see the lists of the series: statuslist inspect 'pool'
stdin:6: op 'what' is not known, op is allocate, set or label
error: the batch has 5 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    assert!(before == place.files());
    batch(&place, "--skip-invalid --op-id x", lines).shows(&place, str![[r#"
{"schema":1,"line":2,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":1,"change":"changed","file":"pool/pid.slist"}
--- stderr
1 changed, revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'
stdin:1: no entry has the token id 'nobody', check the token id, and the file
stdin:3: '2' could be of any list file of the pool 'pool', URI#INDEX or id:TOKEN-ID; or name the list file
stdin:4: '0/2' could be of any list file of the pool 'pool', URI#INDEX or id:TOKEN-ID; or name the list file
stdin:5: no list of the series has the uri 'https://example.com/other/0.jwt', see the lists of the series: statuslist inspect 'pool'
stdin:6: op 'what' is not known, op is allocate, set or label
error: 5 lines were left out
because: --skip-invalid was given
--- exit 5

"#]]);
    let again = batch(&place, "--skip-invalid --op-id x", lines);
    assert_eq!(again.code, 5, "{}", again.stderr);
    assert!(
        again.stdout.contains(r#""repeated":true"#),
        "{}",
        again.stdout
    );
    let nobody = r#"{"op":"set","tokenId":"nobody","status":1}"#;
    batch(&place, "--skip-invalid", nobody).shows(
        &place,
        str![[r#"
--- stderr
nothing to do
stdin:1: no entry has the token id 'nobody', check the token id, and the file
error: 1 line was left out
because: --skip-invalid was given
--- exit 5

"#]],
    );
    batch(&place, "--list 0", ONE_EACH).shows(
        &place,
        str![[r#"
--- stderr
error: --list could be of any list file of the pool 'pool'
hint: leave it out, or name the list file
--- exit 1

"#]],
    );
}

#[test]
fn each_list_file_can_have_a_transaction_of_its_own() {
    let place = with_entries();
    let lines = r#"{"op":"set","tokenId":"pid","status":2}
{"op":"allocate","tokenId":"new"}
{"op":"set","tokenId":"mdl","status":1}
{"op":"set","tokenId":"new","status":1}
"#;
    batch(&place, "--per-file", lines).shows(&place, str![[r#"
{"schema":1,"line":3,"op":"set","listId":"0","idx":1,"uri":"https://example.com/mdl/0.jwt","tokenId":"mdl","previousStatus":0,"currentStatus":1,"change":"changed","file":"pool/mdl.slist"}
{"schema":1,"line":1,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist"}
{"schema":1,"line":2,"op":"allocate","listId":"0","idx":1,"uri":"https://example.com/shared/0.jwt","tokenId":"new","status":0,"existing":false,"file":"pool/shared.slist"}
{"schema":1,"line":4,"op":"set","listId":"0","idx":1,"uri":"https://example.com/shared/0.jwt","tokenId":"new","previousStatus":0,"currentStatus":1,"change":"changed","file":"pool/shared.slist"}
--- stderr
1 changed, revision 3; to make it visible: statuslist publish 'pool/mdl.slist'
1 changed, revision 3; to make it visible: statuslist publish 'pool/pid.slist'
1 allocated, 1 changed, revision 2; to make it visible: statuslist publish 'pool/shared.slist'
the list file is 'pool/shared.slist', which is for all types

"#]]);
    let lines = "op,tokenId,status\nset,pid,0\nset,mdl,1\n";
    batch(&place, "--per-file --csv -n", lines).shows(
        &place,
        str![[r#"
line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change,file
3,set,0,1,https://example.com/mdl/0.jwt,mdl,,,1,1,unchanged,pool/mdl.slist
2,set,0,1,https://example.com/pid/0.jwt,pid,,,2,0,changed,pool/pid.slist
--- stderr
dry run: nothing was changed; without -n:
1 unchanged, revision 3
dry run: nothing was changed; without -n:
1 changed, revision 4

"#]],
    );
    place.refuses(
        "batch pool/pid.slist seed --per-file",
        str![[r#"
--- stderr
error: --per-file is for a pool
because: 'pool/pid.slist' is no folder of list files
hint: leave it out
--- exit 1

"#]],
    );
}

#[test]
fn what_failed_in_one_list_file_is_completed_with_the_same_operation_id() {
    let place = with_entries();
    // A final status: the list file refuses, the others go on.
    place.done("set pool id:mdl revoked");
    let lines = r#"{"op":"set","tokenId":"mdl","status":0}
{"op":"allocate"}
{"op":"set","tokenId":"pid","status":2}
"#;
    batch(&place, "--per-file --op-id x --for shared", lines).shows(&place, str![[r#"
{"schema":1,"line":3,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist"}
{"schema":1,"line":2,"op":"allocate","listId":"0","idx":1,"uri":"https://example.com/shared/0.jwt","status":0,"existing":false,"file":"pool/shared.slist"}
--- stderr
1 changed, revision 3; to make it visible: statuslist publish 'pool/pid.slist'
1 allocated, revision 2
the list file is 'pool/shared.slist', which is for all types: none is bound to 'shared'
stdin:1: entry 0/1: status invalid (1) is final: credentials that were revoked stay revoked, if it was set by mistake: --allow-final
error: 1 of 3 list files failed
because: 'pool/mdl.slist': the batch has 1 fault: nothing was changed: this is what 'pool/mdl.slist' says
hint: mend that, and repeat the command with --op-id x: what was done is not done twice
--- exit 5

"#]]);
    batch(&place, "--per-file --op-id x --for shared --json", lines).shows(&place, str![[r#"
{"schema":1,"line":3,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist","repeated":true}
{"schema":1,"line":2,"op":"allocate","listId":"0","idx":1,"uri":"https://example.com/shared/0.jwt","status":0,"existing":false,"file":"pool/shared.slist","repeated":true}
--- stderr
{"warning":"operation 'x' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed","timestamp":"2026-01-01T00:00:00Z","requestId":"x"}
{"warning":"operation 'x' was done before, at 2026-01-01T00:00:00Z, revision 2: nothing was changed","timestamp":"2026-01-01T00:00:00Z","requestId":"x"}
the list file is 'pool/shared.slist', which has the operation id already
{"error":"partly_done","message":"1 of 3 list files failed: 'pool/mdl.slist': the batch has 1 fault: nothing was changed: this is what 'pool/mdl.slist' says","code":"PARTLY","details":{"failed":[{"file":"pool/mdl.slist","code":"FINAL_STATUS","message":"the batch has 1 fault: nothing was changed: this is what 'pool/mdl.slist' says","details":{"faults":[{"line":1,"code":"FINAL_STATUS","message":"entry 0/1: status invalid (1) is final: credentials that were revoked stay revoked","hint":"if it was set by mistake: --allow-final"}],"faultCount":1,"file":"pool/mdl.slist"},"hint":"mend them, or apply the others with --skip-invalid"}],"operationId":"x","hint":"mend that, and repeat the command with --op-id x: what was done is not done twice"},"timestamp":"2026-01-01T00:00:00Z","requestId":"x"}
--- exit 5

"#]]);
    // Nothing was allocated twice.
    let shown: Value = place.json(&["inspect", "pool/shared.slist", "--json"]);
    assert_eq!(shown["lists"][0]["allocated"], 1);
    place.done("set pool id:mdl valid --allow-final");
    let run = batch(&place, "--per-file --op-id x --for shared", lines);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let repeated = run.stdout.matches(r#""repeated":true"#).count();
    assert_eq!(
        (run.stdout.lines().count(), repeated),
        (3, 2),
        "{}",
        run.stdout
    );
    let run = batch(&place, "--per-file --op-id x --for shared", lines);
    let repeated = run.stdout.matches(r#""repeated":true"#).count();
    assert_eq!((run.code, repeated), (0, 3), "{}", run.stdout);
}

/// What a list file did for an operation is not added to, and no entry is taken twice.
#[test]
fn entries_that_one_list_file_could_not_give_come_from_another_in_the_end() {
    let place = place();
    make(&place, "a", "");
    make(&place, "b", "");
    place.done("allocate pool/b.slist --token-id b");
    let lines = r#"{"op":"allocate"}
{"op":"set","tokenId":"b","status":2}
"#;
    // It can be asked, and not changed.
    let holder = Connection::open(place.path("pool/a.slist")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    batch(&place, "--per-file --op-id x --wait 1s", lines).shows(&place, str![[r#"
{"schema":1,"line":2,"op":"set","listId":"0","idx":1,"uri":"https://example.com/b/0.jwt","tokenId":"b","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/b.slist"}
--- stderr
1 changed, revision 3; to make it visible: statuslist publish 'pool/b.slist'
error: 1 of 2 list files failed
because: 'pool/a.slist': 'pool/a.slist' is in use: another process holds it
hint: mend that, and repeat the command with --op-id x: what was done is not done twice
--- exit 5

"#]]);
    holder.execute_batch("ROLLBACK").unwrap();
    place.done("allocate pool/a.slist --count 4");
    batch(&place, "--per-file --op-id x", lines).shows(
        &place,
        str![[r#"
--- stderr
error: the pool 'pool' has no room for 1 entry
because: 'pool/a.slist' is full, and cannot go on
hint: make another list file in it: statuslist init FILE --uri TEMPLATE
--- exit 1

"#]],
    );
    make(&place, "c", "");
    batch(&place, "--per-file --op-id x", lines).shows(&place, str![[r#"
{"schema":1,"line":2,"op":"set","listId":"0","idx":1,"uri":"https://example.com/b/0.jwt","tokenId":"b","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/b.slist","repeated":true}
{"schema":1,"line":1,"op":"allocate","listId":"0","idx":1,"uri":"https://example.com/c/0.jwt","status":0,"existing":false,"file":"pool/c.slist"}
--- stderr
warning: operation 'x' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed
1 allocated, revision 2
the list file is 'pool/c.slist', which is for all types

"#]]);
    make(&place, "aa", "");
    let run = batch(&place, "--per-file --op-id x", lines);
    let repeated = run.stdout.matches(r#""repeated":true"#).count();
    assert_eq!((run.code, repeated), (0, 2), "{}", run.stdout);
}

#[test]
fn when_every_list_file_fails_nothing_was_changed() {
    let place = with_entries();
    place.done("set pool id:mdl revoked");
    place.done("set pool id:pid revoked");
    let before = place.files();
    let lines = "op,tokenId,status\nset,mdl,0\nset,pid,2\n";
    batch(&place, "--per-file", lines).shows(&place, str![[r#"
--- stderr
stdin:2: entry 0/1: status invalid (1) is final: credentials that were revoked stay revoked, if it was set by mistake: --allow-final
stdin:3: entry 0/1: status invalid (1) is final: credentials that were revoked stay revoked, if it was set by mistake: --allow-final
error: all of 2 list files failed
because: 'pool/mdl.slist': the batch has 1 fault: nothing was changed: this is what 'pool/mdl.slist' says
because: 'pool/pid.slist': the batch has 1 fault: nothing was changed: this is what 'pool/pid.slist' says
--- exit 1

"#]]);
    batch(&place, "--per-file --json --op-id x", lines).shows(&place, str![[r#"
--- stderr
{"error":"status_is_final","message":"all of 2 list files failed: 'pool/mdl.slist': the batch has 1 fault: nothing was changed: this is what 'pool/mdl.slist' says: 'pool/pid.slist': the batch has 1 fault: nothing was changed: this is what 'pool/pid.slist' says","code":"FINAL_STATUS","details":{"failed":[{"file":"pool/mdl.slist","code":"FINAL_STATUS","message":"the batch has 1 fault: nothing was changed: this is what 'pool/mdl.slist' says","details":{"faults":[{"line":2,"code":"FINAL_STATUS","message":"entry 0/1: status invalid (1) is final: credentials that were revoked stay revoked","hint":"if it was set by mistake: --allow-final"}],"faultCount":1,"file":"pool/mdl.slist"},"hint":"mend them, or apply the others with --skip-invalid"},{"file":"pool/pid.slist","code":"FINAL_STATUS","message":"the batch has 1 fault: nothing was changed: this is what 'pool/pid.slist' says","details":{"faults":[{"line":3,"code":"FINAL_STATUS","message":"entry 0/1: status invalid (1) is final: credentials that were revoked stay revoked","hint":"if it was set by mistake: --allow-final"}],"faultCount":1,"file":"pool/pid.slist"},"hint":"mend them, or apply the others with --skip-invalid"}]},"timestamp":"2026-01-01T00:00:00Z","requestId":"x"}
--- exit 1

"#]]);
    assert!(before == place.files());
}

#[test]
fn failures_of_several_kinds_have_the_exit_code_of_the_worst() {
    let place = with_entries();
    place.done("set pool id:mdl revoked");
    let lines = "op,tokenId,status\nset,mdl,0\nset,pid,9\n";
    let run = batch(&place, "--per-file --json", lines);
    assert_eq!((run.code, run.error().code.as_str()), (1, "REFUSED"));
    let holder = Connection::open(place.path("pool/pid.slist")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let run = batch(&place, "--per-file --json --wait 1s", lines);
    assert_eq!((run.code, run.error().code.as_str()), (3, "BUSY"));
}

#[test]
fn entries_of_a_shared_list_file_in_place_of_a_full_one_are_never_silent() {
    let place = with_entries();
    place.done("allocate pool/pid.slist --count 3");
    let lines = r#"{"op":"allocate"}
{"op":"set","tokenId":"pid","status":2}
"#;
    batch(&place, "--per-file --for urn:eudi:pid:1 -q", lines).shows(&place, str![[r#"
{"schema":1,"line":2,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist"}
{"schema":1,"line":1,"op":"allocate","listId":"0","idx":1,"uri":"https://example.com/shared/0.jwt","status":0,"existing":false,"file":"pool/shared.slist"}
--- stderr
warning: 'pool/pid.slist' is bound to 'urn:eudi:pid:1', but is full and cannot go on: 'pool/shared.slist' is used in its place

"#]]);
    let line = r#"{"op":"allocate"}"#;
    batch(&place, "--for urn:eudi:pid:1 -q", line).shows(&place, str![[r#"
{"schema":1,"line":1,"op":"allocate","listId":"0","idx":0,"uri":"https://example.com/shared/0.jwt","status":0,"existing":false,"file":"pool/shared.slist"}
--- stderr
warning: 'pool/pid.slist' is bound to 'urn:eudi:pid:1', but is full and cannot go on: 'pool/shared.slist' is used in its place

"#]]);
}

#[test]
fn lines_are_left_out_in_each_list_file() {
    let place = with_entries();
    let lines = r#"{"op":"set","tokenId":"mdl","status":1}
{"op":"set","tokenId":"mdl","status":9}
{"op":"set","tokenId":"pid","status":9}
{"op":"set","tokenId":"pid","status":2}
{"op":"set","tokenId":"nobody","status":2}
"#;
    batch(&place, "--per-file --skip-invalid", lines).shows(&place, str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":1,"uri":"https://example.com/mdl/0.jwt","tokenId":"mdl","previousStatus":0,"currentStatus":1,"change":"changed","file":"pool/mdl.slist"}
{"schema":1,"line":4,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist"}
--- stderr
1 changed, revision 3; to make it visible: statuslist publish 'pool/mdl.slist'
1 changed, revision 3; to make it visible: statuslist publish 'pool/pid.slist'
stdin:5: no entry has the token id 'nobody', check the token id, and the file
stdin:2: status 9 does not fit 2 bits: the largest is 3, with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
stdin:3: status 9 does not fit 2 bits: the largest is 3, with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
error: 3 lines were left out
because: --skip-invalid was given
--- exit 5

"#]]);
}

#[test]
fn a_batch_by_token_id_waits_for_every_file() {
    let place = with_entries();
    place.write("pool/bad.slist", "");
    let before = place.files();
    batch(&place, "", r#"{"op":"set","tokenId":"pid","status":2}"#).shows(
        &place,
        str![[r#"
--- stderr
error: the batch is not applied while a file of the pool 'pool' cannot be asked
because: 'pool/bad.slist' is no list file: it is empty
hint: mend it, or move it away; or name all entries by their uris, or the list file
--- exit 4

"#]],
    );
    batch(&place, "", r#"{"op":"allocate"}"#).shows(
        &place,
        str![[r#"
--- stderr
error: the batch is not applied while a file of the pool 'pool' cannot be asked
because: 'pool/bad.slist' is no list file: it is empty
hint: mend it, or move it away; or name all entries by their uris, or the list file
--- exit 4

"#]],
    );
    assert!(before == place.files());
    let shown: Value = place.json(&["get", "pool", "id:pid", "--json"]);
    let line = format!(
        r#"{{"op":"set","uri":{},"idx":{},"status":2}}"#,
        shown["uri"], shown["idx"]
    );
    batch(&place, "", &line).shows(&place, str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","previousStatus":0,"currentStatus":2,"change":"changed","file":"pool/pid.slist"}
--- stderr
warning: 'pool/bad.slist' is no list file: it is empty: it was not asked
1 changed, revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]]);
}

#[test]
fn a_token_id_that_two_list_files_have_is_refused() {
    let place = with_entries();
    place.done("allocate pool/shared.slist --token-id pid");
    let before = place.files();
    batch(&place, "", r#"{"op":"set","tokenId":"pid","status":2}"#).shows(
        &place,
        str![[r#"
--- stderr
error: 'pool/pid.slist' and 'pool/shared.slist' both have the token id 'pid'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
    batch(
        &place,
        "--or-existing",
        r#"{"op":"allocate","tokenId":"pid"}"#,
    )
    .shows(
        &place,
        str![[r#"
--- stderr
error: 'pool/pid.slist' and 'pool/shared.slist' both have the token id 'pid'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn an_allocating_line_whose_token_id_has_an_entry_belongs_there() {
    let place = with_entries();
    let lines = r#"{"op":"allocate","tokenId":"pid"}"#;
    batch(&place, "", lines).shows(
        &place,
        str![[r#"
--- stderr
stdin:1: token id 'pid' has entry 0/1 already, to get its entry again: --or-existing
error: the batch has 1 fault: nothing was changed
because: this is what 'pool/pid.slist' says
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]],
    );
    batch(&place, "--or-existing", lines).shows(&place, str![[r#"
{"schema":1,"line":1,"op":"allocate","listId":"0","idx":1,"uri":"https://example.com/pid/0.jwt","tokenId":"pid","status":0,"existing":true,"file":"pool/pid.slist"}
--- stderr
1 allocated before, revision 2
the list file is 'pool/pid.slist'

"#]]);
}

#[test]
fn a_list_file_refuses_lines_for_other_types() {
    let place = with_entries();
    let arguments = ["batch", "pool/pid.slist", "--for", "diploma"];
    let run = place.run_with_input(&arguments, br#"{"op":"allocate"}"#);
    run.shows(&place, str![[r#"
--- stderr
error: 'pool/pid.slist' is not for 'diploma'
because: it is bound to 'urn:eudi:pid:1'
hint: name another list file; or bind it to that type too, and to all that it is for: statuslist configure 'pool/pid.slist' --bound-to TYPE
--- exit 1

"#]]);
    let run = place.run_with_input(&arguments, br#"{"op":"set","tokenId":"pid","status":2}"#);
    assert_eq!(run.code, 0, "{}", run.stderr);
}
