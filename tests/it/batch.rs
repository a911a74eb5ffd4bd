//! `batch`: its forms of input, its messages, and what a crash leaves of it.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Place, Run};

fn rows(run: &Run) -> Vec<Value> {
    run.stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn statuses(run: &Run) -> Vec<(u64, u64)> {
    rows(run)
        .iter()
        .map(|row| {
            (
                row["previousStatus"].as_u64().unwrap(),
                row["currentStatus"].as_u64().unwrap(),
            )
        })
        .collect()
}

/// A list with the token ids a to f.
fn with_tokens() -> Place {
    let place = Place::with_list();
    let ids: Vec<_> = "abcdef"
        .chars()
        .map(|id| format!("--token-id={id}"))
        .collect();
    let mut arguments = vec!["allocate".to_owned(), "list.slist".to_owned()];
    arguments.extend(ids);
    place.ok(&arguments);
    place
}

fn batch(place: &Place, input: &str, options: &[&str]) -> Run {
    let mut arguments = vec!["batch", "list.slist"];
    arguments.extend(options);
    place.run_with_input(&arguments, input.as_bytes())
}

#[test]
fn json_lines_give_one_result_per_operation() {
    let place = Place::with_list();
    let run = batch(
        &place,
        r#"{"op":"allocate","tokenId":"a"}

{"operation":"allocate","count":2,"initialStatus":2,"expiresAt":"2027-01-01T00:00:00Z"}
{"op":"set","tokenId":"a","status":"revoked","reason":"stolen bag","revokedAt":"2025-12-31T00:00:00Z"}
"#,
        &[],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_data_eq!(
        run.stdout,
        str![[r#"
{"schema":1,"line":1,"op":"allocate","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","status":0,"existing":false}
{"schema":1,"line":3,"op":"allocate","listId":"0","idx":785,"uri":"https://example.com/statuslists/0.jwt","status":2,"existing":false}
{"schema":1,"line":3,"op":"allocate","listId":"0","idx":18,"uri":"https://example.com/statuslists/0.jwt","status":2,"existing":false}
{"schema":1,"line":4,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":1,"change":"changed"}

"#]]
    );
    assert_data_eq!(
        run.stderr,
        str![[r#"
3 allocated, 1 changed, revision 2; to make it visible: statuslist publish 'list.slist'

"#]]
    );
    let entry = place.json(&["--json", "get", "list.slist", "id:a"]);
    assert_eq!(entry["reason"], "unspecified");
    assert_eq!(entry["note"], "stolen bag");
    assert_eq!(entry["revokedAt"], "2025-12-31T00:00:00Z");
    // The allocation and the change of one entry are one change.
    let history = place.json(&["--json", "get", "list.slist", "id:a", "--history"]);
    assert_eq!(history["history"].as_array().unwrap().len(), 1);
}

#[test]
fn csv_has_a_header_quotes_a_byte_order_mark_and_any_line_break() {
    let place = with_tokens();
    let run = batch(
        &place,
        "\u{feff}op,tokenId,status,reason,note,if\r\nset,a,revoked,kc,\"lost, \"\"again\"\"\",valid\r\nset,b,2,,,\r\nallocate,g,,,,\r\n",
        &["--csv"],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_data_eq!(
        run.stdout,
        str![[r#"
line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change
1,set,0,826,https://example.com/statuslists/0.jwt,a,,,0,1,changed
2,set,0,785,https://example.com/statuslists/0.jwt,b,,,0,2,changed
3,allocate,0,674,https://example.com/statuslists/0.jwt,g,0,false,,,

"#]]
    );
    let entry = place.json(&["--json", "get", "list.slist", "id:a"]);
    assert_eq!(entry["note"], "lost, \"again\"");
    assert_eq!(entry["reason"], "keyCompromise");
}

#[test]
fn plain_entries_are_set_to_one_status() {
    let place = with_tokens();
    let entry = place.json(&["--json", "get", "list.slist", "id:b"]);
    let input = format!(
        "id:a\n0/{0}\n{1}#{2}\n",
        entry["idx"],
        entry["uri"].as_str().unwrap(),
        entry["idx"]
    );
    let run = batch(
        &place,
        &input,
        &[
            "--status", "revoked", "--reason", "ss", "--note", "replaced",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(statuses(&run), [(0, 1), (0, 1), (1, 1)]);
    let entry = place.json(&["--json", "get", "list.slist", "id:b"]);
    assert_eq!(entry["reason"], "superseded");
    assert_eq!(entry["note"], "replaced");
}

#[test]
fn the_bodies_of_the_integration_guide() {
    let place = Place::with_list();
    let allocate = json!({
        "operation": "allocate", "count": 2, "tokenIds": ["cred-001", "cred-002"],
        "initialStatus": 0, "expiresAt": "2027-02-02T10:00:00Z",
    });
    let run = batch(
        &place,
        &serde_json::to_string_pretty(&allocate).unwrap(),
        &[],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let allocated = &rows(&run)[0]["allocations"];
    assert_eq!(allocated.as_array().unwrap().len(), 2);
    assert_eq!(allocated[1]["tokenId"], "cred-002");
    let update = json!({
        "operation": "update", "reason": "batch_revocation",
        "updates": [
            { "idx": allocated[0]["idx"], "status": 1 },
            { "idx": allocated[1]["idx"], "status": 2 },
        ],
    });
    let run = batch(&place, &update.to_string(), &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let results = &rows(&run)[0]["results"];
    assert_eq!(results[0]["currentStatus"], 1);
    assert_eq!(results[1]["currentStatus"], 2);
    let entry = place.json(&["--json", "get", "list.slist", "id:cred-001"]);
    assert_eq!(entry["note"], "batch_revocation");
    assert_eq!(entry["expiresAt"], "2027-02-02T10:00:00Z");

    let wrong = json!({ "operation": "allocate", "count": 3, "tokenIds": ["x"] });
    let run = batch(&place, &wrong.to_string(), &[]);
    assert_eq!(run.code, 1);
    assert_data_eq!(
        run.stderr,
        str![[r#"
stdin:1: count is 3, but there are 1 tokenIds
error: the batch has 1 fault: nothing was changed
hint: mend them, or apply the others with --skip-invalid

"#]]
    );
}

#[test]
fn bodies_of_vc_api_and_vcalm_set_a_purpose() {
    let place = with_tokens();
    let body = |id: &str, status: Value| {
        json!({ "credentialId": id, "credentialStatus": status }).to_string() + "\n"
    };
    let with = |mut body: Value, status: Value| {
        body["status"] = status;
        body.to_string() + "\n"
    };
    let suspension = json!({ "type": "BitstringStatusListEntry", "statusPurpose": "suspension" });
    let input = [
        // No status sets it, no purpose is revocation.
        body("a", json!({ "type": "RevocationList2020Status" })),
        // The old form: an array, with the status as text.
        body(
            "b",
            json!([{ "type": "RevocationList2020Status", "status": "1" }]),
        ),
        body(
            "c",
            json!({ "type": "StatusList2021Entry", "purpose": "suspension", "status": 1 }),
        ),
        // Not revoked, so there is nothing to undo.
        body(
            "d",
            json!({ "type": "StatusList2021", "purpose": "revocation", "status": "0" }),
        ),
        with(
            json!({ "credentialId": "e", "credentialStatus": suspension }),
            json!(true),
        ),
        body(
            "f",
            json!({ "type": "OpenAttestationOCSP", "reasonCode": 4 }),
        ),
    ]
    .concat();
    let run = batch(&place, &input, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        statuses(&run),
        [(0, 1), (0, 1), (0, 2), (0, 0), (0, 2), (0, 1)]
    );
    let entry = place.json(&["--json", "get", "list.slist", "id:f"]);
    assert_eq!(entry["reason"], "superseded");

    let input = [
        body(
            "a",
            json!({ "type": "RevocationList2020Status", "status": "0" }),
        ),
        body(
            "b",
            json!({ "type": "BitstringStatusListEntry", "statusPurpose": "suspension" }),
        ),
        body(
            "c",
            json!({ "type": "BitstringStatusListEntry", "statusPurpose": "message" }),
        ),
        body("d", json!({ "type": "SomethingElse" })),
    ]
    .concat();
    let run = batch(&place, &input, &[]);
    assert_eq!(run.code, 1);
    assert_data_eq!(
        run.stderr,
        str![[r#"
stdin:1: entry 0/826: status invalid (1) is final: credentials that were revoked stay revoked, if it was set by mistake: --allow-final
stdin:2: entry 0/785: status invalid (1) is final: credentials that were revoked stay revoked, if it was set by mistake: --allow-final
stdin:3: purpose 'message' is not one that a status can be set for, revocation or suspension
stdin:4: credentialStatus of type 'SomethingElse' is not known
error: the batch has 4 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid

"#]]
    );

    let entry = place.json(&["--json", "get", "list.slist", "id:d"]);
    let index = entry["idx"].to_string();
    let input = body(
        "somebody else's name",
        json!({
            "id": "https://example.com/statuslists/0.jwt#1", "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation", "statusListIndex": index,
            "statusListCredential": entry["uri"],
        }),
    );
    let run = batch(&place, &format!("[{input}]"), &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(statuses(&run), [(0, 1)]);
}

#[test]
fn every_fault_is_named_with_its_line_and_nothing_changes() {
    let place = with_tokens();
    let before = place.read("list.slist");
    place.write(
        "ops.jsonl",
        r#"{"op":"set","tokenId":"a","status":1}
{"op":"set","tokenId":"nobody","status":1}
{"op":"set","idx":5000,"status":1}
{"op":"set","listId":"7","idx":1,"status":1}
{"op":"set","tokenId":"b","status":"revokd"}
{"op":"set","tokenId":"b","status":9}
{"op":"set","tokenId":"b","status":1,"status":0}
{"op":"set","tokenId":"b","stats":1}
{"op":"set","tokenId":"c","status":1,"if":"suspended"}
{"op":"set","tokenId":"d","status":1,"reason":"certificateHold"}
{"op":"set","tokenId":"e","status":2}
{"op":"set","tokenId":"e","status":1}
{"op":"allocate","tokenId":"a"}
{"op":"allocate","tokenId":"new"}
{"op":"allocate","tokenId":"new"}
{"op":"allocate","idx":5}
{"op":"revoke","tokenId":"a"}
{"tokenId":"a"}
not json
{"op":"set","uri":"https://example.com/other","idx":1,"status":1}
{"op":"set","tokenId":"a","status":1,"revokedAt":"yesterday"}
"#,
    );
    let run = place.run(&["batch", "list.slist", "ops.jsonl"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stdout, "");
    assert_data_eq!(
        run.stderr,
        str![[r#"
ops.jsonl:2: no entry has the token id 'nobody', check the token id, and the file
ops.jsonl:3: index 5000 is outside list 0: list 0 has 1000 entries, 0 to 999
ops.jsonl:4: the series has no list 7, see the lists of the series: statuslist inspect 'list.slist'
ops.jsonl:5: 'revokd' is not a status; did you mean 'revoked'?
ops.jsonl:6: status 9 does not fit 2 bits: the largest is 3, with more bits it fits: statuslist configure FILE --bits 4, or init with --bits 4
ops.jsonl:7: member '/status' stands twice
ops.jsonl:8: unknown member '/stats', did you mean 'status'?
ops.jsonl:9: entry 0/18: the status is valid (0), not suspended (2): --if says which status the entry must have
ops.jsonl:10: reason certificateHold does not go with status invalid (1), suspend the entry instead, or give another reason
ops.jsonl:12: entry 0/306: line 11 sets the same entry to something else, one batch stores one change of an entry: leave one of the lines out
ops.jsonl:13: token id 'a' has entry 0/826 already, to get its entry again: --or-existing
ops.jsonl:15: token id 'new' is in line 14 too
ops.jsonl:16: idx does not go with allocate, allocate takes tokenId, group, status, expiresAt, documentHash and documentPath
ops.jsonl:17: op 'revoke' is not known, op is allocate, set or label
ops.jsonl:18: there is no op, op is allocate, set or label
ops.jsonl:19: expected ident, at column 2
ops.jsonl:20: no list of the series has the uri 'https://example.com/other', see the lists of the series: statuslist inspect 'list.slist'
ops.jsonl:21: revokedAt: 'yesterday' is not a time, RFC 3339, such as 2026-11-20T10:00:00Z
error: the batch has 18 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid

"#]]
    );
    assert!(before == place.read("list.slist"));
}

#[test]
fn a_full_list_says_how_many_entries_are_missing() {
    let place = Place::with_list_of(1, 5);
    let run = batch(
        &place,
        r#"{"op":"allocate","count":7}"#,
        &["--input", "jsonl"],
    );
    assert_eq!(run.code, 1);
    assert_data_eq!(
        run.stderr,
        str![[r#"
stdin:1: list 0 is at capacity
stdin:1: list 0 is at capacity
error: the batch has 2 faults: nothing was changed
because: list 0 is at capacity: 2 missing, 0 of 5 entries are taken
hint: mend them, or apply the others with --skip-invalid

"#]]
    );
    let run = batch(&place, r#"{"op":"allocate","count":7}"#, &["--json"]);
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(error["code"], "CAPACITY_EXCEEDED");
    assert_eq!(error["details"]["missing"], 2);
    let run = batch(
        &place,
        r#"{"op":"allocate","count":7}"#,
        &["--skip-invalid"],
    );
    assert_eq!(run.code, 5);
    assert_eq!(rows(&run).len(), 5);
}

#[test]
fn more_than_a_hundred_faults_are_counted() {
    let place = with_tokens();
    let input: String = (0..150).map(|n| format!("id:nobody-{n}\n")).collect();
    let run = batch(&place, &input, &["--status", "revoked"]);
    assert_eq!(run.code, 1);
    let said: Vec<_> = run.stderr.lines().collect();
    assert_eq!(said.len(), 103, "{}", run.stderr);
    assert_eq!(said[100], "and 50 more faults");
    assert_data_eq!(
        said[99],
        str!["stdin:100: no entry has the token id 'nobody-99', check the token id, and the file"]
    );
    assert_data_eq!(
        said[101],
        str!["error: the batch has 150 faults: nothing was changed"]
    );
}

#[test]
fn good_lines_can_be_applied_without_the_others() {
    let place = with_tokens();
    let run = batch(
        &place,
        "id:a\nid:nobody\nid:b\n",
        &["--status", "1", "--skip-invalid"],
    );
    assert_eq!(run.code, 5);
    assert_eq!(statuses(&run), [(0, 1), (0, 1)]);
    assert_data_eq!(
        run.stderr,
        str![[r#"
2 changed, revision 3; to make it visible: statuslist publish 'list.slist'
stdin:2: no entry has the token id 'nobody', check the token id, and the file
error: 1 line was left out
because: --skip-invalid was given

"#]]
    );
}

#[test]
fn a_dry_run_shows_the_plan_and_changes_nothing() {
    let place = with_tokens();
    let before = place.read("list.slist");
    let input = "{\"op\":\"allocate\",\"tokenId\":\"x\"}\n{\"op\":\"set\",\"tokenId\":\"x\",\"status\":1}\n";
    let planned = batch(&place, input, &["-n"]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    assert!(before == place.read("list.slist"));
    let done = batch(&place, input, &[]);
    assert_eq!(planned.stdout, done.stdout);
    assert_data_eq!(
        planned.stderr,
        str![[r#"
dry run: nothing was changed; without -n:
1 allocated, 1 changed, revision 3

"#]]
    );
}

#[test]
fn an_operation_id_belongs_to_one_batch() {
    let place = with_tokens();
    let first = batch(&place, "id:a\n", &["--status", "1", "--op-id", "x"]);
    let again = batch(&place, "id:a\n", &["--status", "1", "--op-id", "x"]);
    assert_eq!((first.code, again.code), (0, 0));
    assert_eq!(first.stdout, again.of_the_first_time());
    assert_data_eq!(
        again.stderr,
        str![[r#"
warning: operation 'x' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed

"#]]
    );
    let other = batch(&place, "id:b\n", &["--status", "1", "--op-id", "x"]);
    assert_eq!(other.code, 1);
    assert_data_eq!(
        other.stderr,
        str![[r#"
error: operation id 'x' belongs to another request, revision 3
hint: use another --op-id for another request

"#]]
    );
}

#[test]
fn what_cannot_be_read_at_all_is_refused() {
    let place = with_tokens();
    for (input, options) in [
        ("op,idx,idx\nset,1,2\n", &[][..]),
        ("op,index\nset,1\n", &[]),
        ("[{\"op\":\"set\"", &[]),
        ("{\"op\":\n", &["--input", "json"]),
    ] {
        let run = batch(&place, input, options);
        assert_eq!(run.code, 1, "{input}: {}", run.stderr);
        assert!(run.stderr.contains("because:"), "{input}: {}", run.stderr);
    }
    let run = place.run(&["batch", "list.slist", "missing.jsonl"]);
    assert_eq!(run.code, 4);
    assert_data_eq!(
        run.stderr,
        str![[r#"
error: cannot open 'missing.jsonl'
because: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn an_empty_batch_does_nothing() {
    let place = with_tokens();
    let before = place.read("list.slist");
    let run = batch(&place, "\n\n", &[]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert_data_eq!(
        run.stderr,
        str![[r#"
nothing to do, revision 2

"#]]
    );
    assert!(before == place.read("list.slist"));
}

#[test]
fn a_killed_batch_leaves_the_file_before_or_after_it() {
    let place = Place::with_list_of(1, 100_000);
    let input: String = (0..20_000)
        .map(|n| format!("{{\"op\":\"allocate\",\"tokenId\":\"t{n}\"}}\n"))
        .collect();
    place.write("ops.jsonl", input);
    let original = place.read("list.slist");
    let (mut before, mut after) = (0, 0);
    for round in 0..24_u64 {
        place.write("list.slist", &original);
        let _ = std::fs::remove_file(place.path("list.slist-journal"));
        let mut child = place
            .command()
            .args(["batch", "list.slist", "ops.jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(round * 10));
        child.kill().unwrap();
        let acknowledged = child.wait().unwrap().success();
        let report = place.json(&["--json", "inspect", "list.slist"]);
        match report["lists"][0]["allocated"].as_u64().unwrap() {
            0 => before += 1,
            20_000 => after += 1,
            other => panic!("{other} of 20,000 entries are allocated"),
        }
        assert!(!acknowledged || report["lists"][0]["allocated"] == 20_000);
    }
    assert!(
        before > 0,
        "no round was killed before the commit: {after} after it"
    );
}

#[test]
fn results_that_nobody_reads_are_there_again_by_the_operation_id() {
    let place = with_tokens();
    let input: String = (0..5_000)
        .map(|n| format!("{{\"op\":\"allocate\",\"tokenId\":\"t{n}\"}}\n"))
        .collect();
    let place = {
        drop(place);
        Place::with_list_of(1, 10_000)
    };
    place.write("ops.jsonl", input);
    let mut child = place
        .command()
        .args(["--json", "batch", "list.slist", "ops.jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["details"]["outcome"], "committed");
    let id = error["details"]["operationId"].as_str().unwrap();
    let run = place.run(&["batch", "list.slist", "ops.jsonl", "--op-id", id]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(rows(&run).len(), 5_000);
    let report = place.json(&["--json", "inspect", "list.slist"]);
    assert_eq!(report["lists"][0]["allocated"], 5_000);
}

#[test]
fn words_for_all_are_a_note_beside_what_a_line_says_itself() {
    let place = with_tokens();
    let input = r#"{"op":"set","tokenId":"a","status":1}
{"op":"set","tokenId":"b","status":1,"note":"own"}
{"op":"set","tokenId":"c","status":1,"reason":"kc"}
{"op":"set","tokenId":"d","status":1,"reason":"own words"}
"#;
    let run = batch(&place, input, &["--reason", "keyCompromis"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_data_eq!(
        run.stderr,
        str![[r#"
warning: 'keyCompromis' is no reason of RFC 5280, and is taken as a note; did you mean 'keyCompromise'?
4 changed, revision 3; to make it visible: statuslist publish 'list.slist'

"#]]
    );
    for (entry, reason, note) in [
        ("a", "unspecified", json!("keyCompromis")),
        ("b", "unspecified", json!("keyCompromis: own")),
        ("c", "keyCompromise", Value::Null),
        ("d", "unspecified", json!("own words")),
    ] {
        let found = place.json(&["--json", "get", "list.slist", &format!("id:{entry}")]);
        assert_eq!(
            (&found["reason"], &found["note"]),
            (&json!(reason), &note),
            "{entry}"
        );
    }
}

#[test]
fn a_reason_that_is_nearly_one_is_warned_of_once() {
    let place = with_tokens();
    let input = r#"{"op":"set","tokenId":"a","status":1,"reason":"keyCompromised"}
{"op":"set","tokenId":"b","status":1,"reason":"lost by holder"}
{"operation":"update","reason":"keyCompromised","updates":[{"tokenId":"c","status":1},{"tokenId":"d","status":1}]}
"#;
    let run = batch(&place, input, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_data_eq!(
        run.stderr,
        str![[r#"
warning: 'keyCompromised' is no reason of RFC 5280, and is taken as a note; did you mean 'keyCompromise'?
4 changed, revision 3; to make it visible: statuslist publish 'list.slist'

"#]]
    );
}
