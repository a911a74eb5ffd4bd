//! The bodies and responses of the status-issuer integration guide: every member of each.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{NOW, Place, Run};

const URI: &str = "https://example.com/statuslists/0.jwt";

/// Runs a command line with `--json` that takes a body on standard input.
fn send(place: &Place, line: &str, body: &Value) -> Run {
    let arguments: Vec<_> = line.split_whitespace().chain(["--json"]).collect();
    place.run_with_input(&arguments, body.to_string().as_bytes())
}

/// The same with what must succeed; reads the one object that it prints.
#[track_caller]
fn answer(place: &Place, line: &str, body: &Value) -> Value {
    let run = send(place, line, body);
    assert_eq!(run.code, 0, "{line}: {}", run.stderr);
    let one_line = run.stdout.strip_suffix('\n').unwrap();
    assert!(!one_line.contains('\n'), "{line}: {}", run.stdout);
    serde_json::from_str(one_line).unwrap()
}

#[track_caller]
fn allocate(place: &Place, body: &Value) -> Value {
    answer(place, "allocate list.slist --body -", body)
}

#[track_caller]
fn update(place: &Place, entry: &str, body: &Value) -> Value {
    answer(place, &format!("set list.slist {entry} --body -"), body)
}

#[track_caller]
fn batch(place: &Place, body: &Value) -> Value {
    answer(place, "batch list.slist -", body)
}

fn get(place: &Place, entry: &str) -> Value {
    place.json(&["--json", "get", "list.slist", entry])
}

/// The members of an object, in their order.
fn members(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// A place with the entries 0/826 and 0/785, of the token ids a and b.
fn with_entries() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --token-id b");
    place
}

/// A place with two lists: list 0 is full and has the token ids a to d, list 1 has `other`.
fn with_two_lists() -> Place {
    let place = Place::with_list_of(2, 4);
    place.done("allocate list.slist --token-id a --token-id b --token-id c --token-id d");
    place.done("backup list.slist copy.slist");
    place.done("restore copy.slist --no-site");
    std::fs::rename(place.path("copy.slist"), place.path("list.slist")).unwrap();
    place.done("allocate list.slist --token-id other");
    place
}

#[test]
fn the_create_response() {
    let place = Place::new();
    let made = place.done(
        "init list.slist --uri https://example.com/statuslists/{n}.jwt --bits 1 --size 100000 \
         --default-status 0 --ttl 43200s --meta issuer=https://example.com \
         --meta purpose=employee_credentials --json",
    );
    assert_data_eq!(
        made,
        str![[r#"
{"schema":1,"listId":"0","uri":"https://example.com/statuslists/0.jwt","bits":1,"size":100000,"open":1,"spare":0,"allocated":0,"defaultStatus":0,"finalStatuses":[1],"issuer":"https://example.com","ttl":43200,"validFor":604800,"createdAt":"2026-01-01T00:00:00Z","metadata":{"issuer":"https://example.com","purpose":"employee_credentials"},"revision":1}

"#]]
    );
}

#[test]
fn the_list_metadata() {
    let place = with_entries();
    let list = &place.json(&["--json", "inspect", "list.slist"])["lists"][0];
    for (member, value) in [
        ("listId", json!("0")),
        ("uri", json!(URI)),
        ("bits", json!(2)),
        ("size", json!(1000)),
        ("allocated", json!(2)),
        ("createdAt", json!(NOW)),
    ] {
        assert_eq!(list[member], value, "{member}");
    }
}

#[test]
fn the_allocate_response() {
    let place = Place::with_list();
    let body = json!({
        "tokenId": "cred-xyz789", "initialStatus": 0, "expiresAt": "2027-02-02T10:00:00Z",
    });
    let run = send(&place, "allocate list.slist --body -", &body);
    assert_data_eq!(
        run.stdout,
        str![[r#"
{"schema":1,"listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","status":0,"allocatedAt":"2026-01-01T00:00:00Z","tokenId":"cred-xyz789","expiresAt":"2027-02-02T10:00:00Z","existing":false,"published":false,"claims":{"jwt":{"status":{"status_list":{"idx":826,"uri":"https://example.com/statuslists/0.jwt"}}}},"revision":2}

"#]]
    );
}

#[test]
fn the_members_of_the_allocate_body_are_all_optional() {
    let place = Place::with_list();
    for (body, member, value) in [
        (json!({}), "status", json!(0)),
        (json!({"tokenId": "a"}), "tokenId", json!("a")),
        (json!({"initialStatus": 2}), "status", json!(2)),
        (json!({"initialStatus": "2"}), "status", json!(2)),
        (
            json!({"expiresAt": "2027-02-02T10:00:00Z"}),
            "expiresAt",
            json!("2027-02-02T10:00:00Z"),
        ),
        (
            json!({"tokenId": null, "initialStatus": null, "expiresAt": null}),
            "status",
            json!(0),
        ),
    ] {
        let entry = allocate(&place, &body);
        assert_eq!(entry[member], value, "{body}");
        assert_eq!(members(&entry)[..3], ["schema", "listId", "idx"], "{body}");
    }
    let again = answer(
        &place,
        "allocate list.slist --body - --or-existing",
        &json!({"tokenId": "a"}),
    );
    assert_eq!(again["existing"], true);
}

#[test]
fn a_body_says_what_options_say() {
    let place = Place::with_list();
    let body = json!({"tokenId": "a", "initialStatus": 2, "expiresAt": "2027-02-02T10:00:00Z"});
    let first = answer(&place, "allocate list.slist --body - --op-id 1", &body);
    let run = place.line(
        "allocate list.slist --op-id 1 --token-id a --status suspended --expires-at 2027-02-02T10:00:00Z --json",
    );
    let again: Value = serde_json::from_str(&run.of_the_first_time()).unwrap();
    assert_eq!(first, again);
    let body = json!({"status": 1, "reason": "kc", "revokedAt": "2025-12-01T00:00:00Z"});
    let first = answer(&place, "set list.slist id:a --body - --op-id 2", &body);
    let run = place.line(
        "set list.slist id:a revoked --reason kc --revoked-at 2025-12-01T00:00:00Z --op-id 2 --json",
    );
    let again: Value = serde_json::from_str(&run.of_the_first_time()).unwrap();
    assert_eq!(first, again);
}

#[test]
fn a_body_is_read_from_a_file_too() {
    let place = with_entries();
    place.write("allocate.json", "\u{feff}{\n  \"tokenId\": \"c\"\n}\n");
    place.done("allocate list.slist --body allocate.json");
    place.write("update.json", r#"{"status":1}"#);
    place.done("set list.slist id:c --body update.json");
    assert_eq!(get(&place, "id:c")["status"], 1);
    for command in ["allocate list.slist", "set list.slist id:a"] {
        let run = place.line(&format!("{command} --body missing.json --json"));
        assert_eq!(
            (run.code, run.error().code.as_str()),
            (4, "IO"),
            "{command}"
        );
    }
}

/// Runs what must be refused with exit 1 and changes no file; returns the error's line and hint.
#[track_caller]
fn refused(place: &Place, line: &str, body: &str) -> String {
    let before = place.files();
    let arguments: Vec<_> = line.split_whitespace().collect();
    let run = place.run_with_input(&arguments, body.as_bytes());
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (1, ""),
        "{body}: {}",
        run.stderr
    );
    assert!(before == place.files(), "{body}: a file changed");
    run.stderr
}

#[test]
fn what_a_body_cannot_say_is_refused_by_name() {
    let place = with_entries();
    let cases = [
        (
            "allocate",
            r#"{"tokenID":"a"}"#,
            "unknown member '/tokenID'\nhint: did you mean 'tokenId'?\n",
        ),
        (
            "allocate",
            r#"{"count":2}"#,
            "unknown member '/count'\nhint: the members are tokenId, initialStatus, expiresAt\n",
        ),
        (
            "allocate",
            r#"{"tokenId":"a","tokenId":"b"}"#,
            "member '/tokenId' stands twice\n",
        ),
        (
            "allocate",
            r#"{"initialStatus":"gone"}"#,
            "'gone' is not a status",
        ),
        (
            "allocate",
            r#"{"expiresAt":"soon"}"#,
            "expiresAt: 'soon' is not a time\nhint: RFC 3339",
        ),
        ("allocate", r#"{"tokenId":""}"#, "tokenId: "),
        (
            "allocate",
            "[]",
            "invalid type: sequence, expected an object",
        ),
        ("allocate", "{", "EOF while parsing an object"),
        ("allocate", "", "EOF while parsing a value"),
        (
            "set",
            r#"{"status":1,"statsu":2}"#,
            "unknown member '/statsu'\nhint: did you mean 'status'?\n",
        ),
        (
            "set",
            r#"{"status":1,"idx":5}"#,
            "unknown member '/idx'\nhint: the members are status, reason, revokedAt\n",
        ),
        ("set", r#"{"reason":"kc"}"#, "there is no status\n"),
        (
            "set",
            r#"{"status":1,"revokedAt":"1.1.2026"}"#,
            "revokedAt: '1.1.2026' is not a time",
        ),
        ("set", r#"{"status":[1]}"#, "invalid type: sequence"),
    ];
    for (command, body, expected) in cases {
        let line = match command {
            "allocate" => "allocate list.slist --body -",
            _ => "set list.slist id:a --body -",
        };
        let said = refused(&place, line, body);
        let expected = format!("error: --body: {expected}");
        assert!(said.starts_with(&expected), "{body}: {said}");
    }
    let key = String::from_utf8(place.read("key.pem")).unwrap();
    for line in [
        "allocate list.slist --body -",
        "set list.slist id:a --body -",
    ] {
        let said = refused(&place, line, &key);
        assert!(
            said.starts_with("error: --body: it looks like a key\n"),
            "{said}"
        );
    }
    let said = refused(&place, "allocate list.slist --body - --or-existing", "{}");
    assert!(
        said.starts_with("error: --or-existing, and the body has no tokenId\n"),
        "{said}"
    );
}

#[test]
fn options_that_say_the_same_as_a_body_are_wrong_usage() {
    let place = with_entries();
    place.write("body", "{}");
    for option in [
        "--token-id c",
        "--status valid",
        "--expires-at 2027-02-02T10:00:00Z",
        "--count 1",
    ] {
        let run = place.line(&format!("allocate list.slist --body body {option}"));
        assert_eq!(run.code, 2, "{option}");
    }
    for line in [
        "set list.slist id:a revoked --body body",
        "set list.slist id:a --body body --reason kc",
        "set list.slist id:a --body body --revoked-at 2025-12-01T00:00:00Z",
        "set list.slist id:a",
        "set list.slist --body body",
    ] {
        assert_eq!(place.line(line).code, 2, "{line}");
    }
    // What the guide does not say goes beside it.
    place.write("body", r#"{"status":1,"reason":"lost"}"#);
    place.done("set list.slist id:a --body body --if valid --note 'by holder'");
    assert_eq!(get(&place, "id:a")["note"], "lost: by holder");
}

#[test]
fn the_batch_allocate_response() {
    let place = Place::with_list();
    let body = json!({
        "operation": "allocate", "count": 2, "tokenIds": ["cred-001", "cred-002"],
        "initialStatus": 0, "expiresAt": "2027-02-02T10:00:00Z",
    });
    let run = send(&place, "batch list.slist -", &body);
    assert_data_eq!(
        run.stdout,
        str![[r#"
{"schema":1,"uri":"https://example.com/statuslists/0.jwt","allocations":[{"listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"cred-001","status":0,"existing":false},{"listId":"0","idx":785,"uri":"https://example.com/statuslists/0.jwt","tokenId":"cred-002","status":0,"existing":false}],"count":2,"allocatedAt":"2026-01-01T00:00:00Z","revision":2}

"#]]
    );
    for entry in ["id:cred-001", "id:cred-002"] {
        assert_eq!(get(&place, entry)["expiresAt"], "2027-02-02T10:00:00Z");
    }
}

#[test]
fn the_members_of_the_batch_allocate_body() {
    let place = Place::with_list();
    for (body, count, status) in [
        (json!({"operation": "allocate"}), 1, 0),
        (json!({"operation": "allocate", "count": 1}), 1, 0),
        (json!({"operation": "allocate", "count": 3}), 3, 0),
        (json!({"operation": "allocate", "tokenIds": ["a"]}), 1, 0),
        (
            json!({"operation": "allocate", "tokenIds": ["b", "c"]}),
            2,
            0,
        ),
        (
            json!({"operation": "allocate", "count": 2, "initialStatus": 2}),
            2,
            2,
        ),
    ] {
        let response = batch(&place, &body);
        let allocations = response["allocations"].as_array().unwrap();
        assert_eq!(
            members(&response),
            [
                "schema",
                "uri",
                "allocations",
                "count",
                "allocatedAt",
                "revision"
            ],
            "{body}"
        );
        assert_eq!(response["count"], count, "{body}");
        assert_eq!(allocations.len(), count, "{body}");
        for one in allocations {
            assert_eq!(one["status"], status, "{body}");
        }
    }
}

#[test]
fn the_update_response() {
    let place = with_entries();
    let body = json!({
        "status": 1, "reason": "credential_compromised", "revokedAt": "2025-12-31T10:00:00Z",
    });
    let run = send(&place, "set list.slist id:a --body -", &body);
    assert_data_eq!(
        run.stdout,
        str![[r#"
{"schema":1,"listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","previousStatus":0,"currentStatus":1,"change":"changed","reason":"unspecified","note":"credential_compromised","revokedAt":"2025-12-31T10:00:00Z","updatedAt":"2026-01-01T00:00:00Z","effectiveAt":null,"visibleBy":null,"revision":3}

"#]]
    );
}

#[test]
fn the_members_of_the_update_body() {
    let place = with_entries();
    let response = update(&place, "id:a", &json!({"status": 2}));
    assert_eq!(response["currentStatus"], 2);
    let response = update(&place, "id:a", &json!({"status": "valid", "reason": 6}));
    assert_eq!(response["reason"], "certificateHold");
    let response = update(
        &place,
        "0/785",
        &json!({"status": "1", "reason": "keyCompromise"}),
    );
    assert_eq!(
        (&response["reason"], &response["note"]),
        (&json!("keyCompromise"), &Value::Null)
    );
    let body = json!({"status": 1, "revokedAt": "2025-12-31T10:00:00Z", "reason": null});
    let response = update(&place, "id:a", &body);
    assert_eq!(response["revokedAt"], "2025-12-31T10:00:00Z");
}

#[test]
fn a_reason_that_is_nearly_one_is_a_note_with_a_warning() {
    let place = with_entries();
    let body = json!({"status": 1, "reason": "keyCompromised"}).to_string();
    let run = place.run_with_input(
        &["set", "list.slist", "id:a", "--body", "-"],
        body.as_bytes(),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stderr.lines().next(),
        Some(
            "warning: 'keyCompromised' is no reason of RFC 5280, and is taken as a note; did you \
             mean 'keyCompromise'?"
        )
    );
    assert_eq!(get(&place, "id:a")["note"], "keyCompromised");
}

#[test]
fn the_batch_update_response() {
    let place = with_entries();
    let body = json!({
        "operation": "update", "reason": "batch_revocation",
        "updates": [{"idx": 826, "status": 1}, {"idx": 785, "status": 2}],
    });
    let run = send(&place, "batch list.slist -", &body);
    assert_data_eq!(
        run.stdout,
        str![[r#"
{"schema":1,"updated":2,"results":[{"listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","previousStatus":0,"currentStatus":1,"change":"changed"},{"listId":"0","idx":785,"uri":"https://example.com/statuslists/0.jwt","previousStatus":0,"currentStatus":2,"change":"changed"}],"effectiveAt":null,"visibleBy":null,"revision":3}

"#]]
    );
    for entry in ["id:a", "id:b"] {
        assert_eq!(get(&place, entry)["note"], "batch_revocation");
    }
}

/// What is as it was is no update, but has its result.
#[test]
fn updated_counts_what_is_other_than_before() {
    let place = with_entries();
    let body = json!({
        "operation": "update",
        "updates": [{"tokenId": "a", "status": 0}, {"tokenId": "b", "status": 2}],
    });
    let response = batch(&place, &body);
    assert_eq!(response["updated"], 1);
    assert_eq!(response["results"].as_array().unwrap().len(), 2);
    assert_eq!(response["results"][0]["change"], "unchanged");
    assert_eq!(response["results"][0]["tokenId"], "a");
    let one = json!({"operation": "update", "tokenId": "a", "status": 2});
    assert_eq!(batch(&place, &one)["updated"], 1);
}

#[test]
fn the_error_response() {
    let place = Place::with_list_of(1, 4);
    let body = json!({"operation": "allocate", "count": 5});
    let run = place.run_with_input(
        &[
            "batch",
            "list.slist",
            "-",
            "--json",
            "--op-id",
            "req-xyz789",
        ],
        body.to_string().as_bytes(),
    );
    assert_eq!(run.code, 1);
    let error = run.error();
    assert_eq!(error.error, "index_allocation_failed");
    assert_eq!(error.code, "CAPACITY_EXCEEDED");
    assert_eq!(error.timestamp, NOW);
    assert_eq!(error.request_id, "req-xyz789");
    assert!(
        error.message.contains("is at capacity"),
        "{}",
        error.message
    );
    assert_eq!(error.details["listId"], "0");
    assert_eq!(error.details["currentSize"], 4);
    assert_eq!(error.details["allocated"], 0);
    let run = send(&place, "allocate list.slist --count 5", &Value::Null);
    let error = run.error();
    assert_eq!(
        (error.error.as_str(), error.code.as_str()),
        ("index_allocation_failed", "CAPACITY_EXCEEDED")
    );
    assert_eq!(error.details["currentSize"], 4);
    assert_eq!(error.details["allocated"], 0);
}

#[test]
fn the_codes_of_errors() {
    let place = with_entries();
    for (line, body, code, slug) in [
        (
            "set list.slist 7/1 --body -",
            json!({"status": 1}),
            "LIST_NOT_FOUND",
            "list_not_found",
        ),
        (
            "set list.slist 0/1 --body -",
            json!({"status": 1}),
            "INDEX_NOT_FOUND",
            "index_not_found",
        ),
        (
            "set list.slist id:a --body -",
            json!({"status": 9}),
            "INVALID_STATUS",
            "invalid_status",
        ),
        (
            "allocate list.slist --body -",
            json!({"tokenId": "a"}),
            "DOUBLE_ALLOCATION",
            "double_allocation",
        ),
    ] {
        let run = send(&place, line, &body);
        let error = run.error();
        assert_eq!(
            (error.code.as_str(), error.error.as_str()),
            (code, slug),
            "{line}"
        );
    }
}

#[test]
fn the_shape_follows_from_the_request() {
    let place = with_entries();
    let shape = |options: &[&str], input: &str| -> Vec<String> {
        let mut arguments = vec!["batch", "list.slist", "-", "-n"];
        arguments.extend(options);
        let run = place.run_with_input(&arguments, input.as_bytes());
        assert_eq!(run.code, 0, "{input}: {}", run.stderr);
        let first = run.stdout.lines().next().unwrap();
        match serde_json::from_str::<Value>(first) {
            Ok(object) => members(&object)[1..3]
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            Err(_) => vec!["csv".to_owned()],
        }
    };
    let (lines, allocations, results) = (
        ["line", "op"],
        ["uri", "allocations"],
        ["updated", "results"],
    );
    let allocate = r#"{"operation":"allocate","count":1}"#;
    let pretty = "{\n \"operation\": \"allocate\"\n}\n";
    let update = r#"{"operation":"update","updates":[{"idx":826,"status":1}]}"#;
    for (options, input, expected) in [
        (&[][..], allocate, allocations),
        (&[], pretty, allocations),
        (&[], &format!("\n{allocate}\n\n"), allocations),
        (&["--input", "json"], allocate, allocations),
        (&[], update, results),
        // Lines were asked for, whatever is in them.
        (&["--input", "jsonl"], allocate, lines),
        (&[], &format!("{allocate}\n{update}"), lines),
        (&[], &format!("[{allocate}]"), lines),
        (&[], r#"{"op":"allocate"}"#, lines),
        (&[], r#"{"op":"set","idx":826,"status":1}"#, lines),
        (&[], "op\nallocate\n", lines),
    ] {
        assert_eq!(shape(options, input), expected, "{options:?} {input}");
    }
    assert_eq!(shape(&["--csv"], allocate), ["csv"]);

    let first = |line: &str| place.json(&words(line));
    for (line, member) in [
        ("--json allocate list.slist -n", "idx"),
        ("--json allocate list.slist -n --token-id x", "idx"),
        ("--json allocate list.slist -n --count 1", "allocations"),
        (
            "--json allocate list.slist -n --count 1 --token-id x",
            "allocations",
        ),
        (
            "--json allocate list.slist -n --token-id x --token-id y",
            "allocations",
        ),
        ("--json get list.slist id:a", "idx"),
        ("--json get list.slist id:a id:b", "entries"),
        ("--json set list.slist id:a revoked -n", "idx"),
    ] {
        assert!(!first(line)[member].is_null(), "{line}");
    }
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// With entries of several lists, each has its own uri, and the one above them is none.
#[test]
fn no_uri_stands_for_entries_of_several_lists() {
    let place = with_two_lists();
    let other = "https://example.com/statuslists/1.jwt";
    let body = json!({"operation": "allocate", "tokenIds": ["a", "other"]});
    let response = answer(
        &place,
        "batch list.slist - --or-existing --claim jwt",
        &body,
    );
    let many = place.json(&[
        "--json",
        "allocate",
        "list.slist",
        "--or-existing",
        "--token-id",
        "a",
        "--token-id",
        "other",
    ]);
    for response in [&response, &many] {
        assert_eq!(response["uri"], Value::Null);
        let allocations = response["allocations"].as_array().unwrap();
        let places: Vec<_> = allocations
            .iter()
            .map(|one| (&one["listId"], &one["uri"]))
            .collect();
        assert_eq!(
            places,
            [(&json!("0"), &json!(URI)), (&json!("1"), &json!(other))]
        );
        let claim = &allocations[1]["claims"]["jwt"]["status"]["status_list"];
        assert_eq!(claim["uri"], other);
        assert_eq!(claim["idx"], allocations[1]["idx"]);
    }
    // Nothing was handed out now, and so at no time.
    assert_eq!(response["allocatedAt"], Value::Null);
    let body = json!({"operation": "allocate", "tokenIds": ["other"]});
    let response = answer(&place, "batch list.slist - --or-existing", &body);
    assert_eq!(response["uri"], other);
    let body = json!({
        "operation": "update", "status": 1, "updates": [{"tokenId": "a"}, {"tokenId": "other"}],
    });
    let response = batch(&place, &body);
    assert_eq!(response["results"][0]["uri"], URI);
    assert_eq!(response["results"][1]["uri"], other);
}

#[test]
fn claims_are_given_where_they_are_asked_for() {
    let place = Place::new();
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --issuer https://example.com \
         --as jwt,bitstring.revocation,statuslist2021.revocation,cwt",
    );
    let body = json!({"operation": "allocate", "tokenIds": ["a"]});
    let single = place.json(&["--json", "allocate", "list.slist", "--token-id", "b"]);
    let claims = |line: &str| {
        let line = format!("batch list.slist - --or-existing {line}");
        answer(&place, &line, &body)["allocations"][0].clone()
    };
    let of_kind = |claims: &Value| -> Vec<String> {
        let entries = claims["credentialStatus"].as_array().unwrap().iter();
        entries
            .map(|entry| entry["type"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(claims("")["claims"].is_null());
    let entry = claims("--claim bitstring");
    assert_eq!(members(&entry["claims"]), ["credentialStatus"]);
    assert_eq!(of_kind(&entry["claims"]), ["BitstringStatusListEntry"]);
    let index = entry["idx"].to_string();
    assert_eq!(
        entry["claims"]["credentialStatus"][0]["statusListIndex"],
        index
    );
    let entry = claims("--claim jwt,cwt");
    assert_eq!(members(&entry["claims"]), ["jwt", "cwt"]);
    let entry = claims("--claim jwt --claim bitstring --claim statuslist2021 --claim cwt");
    assert_eq!(
        of_kind(&entry["claims"]),
        ["BitstringStatusListEntry", "StatusList2021Entry"]
    );
    assert_eq!(members(&entry["claims"]), members(&single["claims"]));

    let line = r#"{"op":"allocate","tokenId":"a"}"#;
    let arguments = [
        "batch",
        "list.slist",
        "-",
        "--or-existing",
        "--claim",
        "jwt",
    ];
    let run = place.run_with_input(&arguments, line.as_bytes());
    let row: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        row["claims"]["jwt"]["status"]["status_list"]["idx"],
        row["idx"]
    );
    let run = send(&place, "batch list.slist - --claim oa-ocsp", &body);
    assert_eq!((run.code, run.error().code.as_str()), (1, "REFUSED"));
    let run = send(&place, "batch list.slist - --claim jwt --csv", &body);
    assert_eq!(run.code, 2);
}

#[test]
fn a_response_says_that_it_was_tried_or_repeated() {
    let place = Place::with_list();
    let body = json!({"operation": "allocate", "count": 2});
    let tried = answer(&place, "batch list.slist - -n", &body);
    assert_eq!(tried["dryRun"], true);
    let first = answer(&place, "batch list.slist - --op-id 1", &body);
    assert_eq!(first["dryRun"], Value::Null);
    assert_eq!(first["allocations"], tried["allocations"]);
    place.done("allocate list.slist --now 2026-01-01T00:00:00Z");
    let mut again = answer(
        &place,
        "batch list.slist - --op-id 1 --now 2026-02-01T00:00:00Z",
        &body,
    );
    assert_eq!(again["repeated"], true);
    again.as_object_mut().unwrap().remove("repeated");
    assert_eq!(first, again);
}

#[test]
fn what_is_left_out_is_not_in_the_response() {
    let place = with_entries();
    let body = json!({
        "operation": "update",
        "updates": [{"tokenId": "a", "status": 1}, {"tokenId": "nobody", "status": 1}],
    });
    let run = send(&place, "batch list.slist - --skip-invalid", &body);
    assert_eq!((run.code, run.error().code.as_str()), (5, "PARTLY"));
    let response: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(response["updated"], 1);
    assert_eq!(response["results"].as_array().unwrap().len(), 1);
    let body = json!({"operation": "allocate", "tokenIds": ["a"]});
    let run = send(&place, "batch list.slist - --skip-invalid", &body);
    let response: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&response["uri"], &response["count"]),
        (&Value::Null, &json!(0))
    );
}

#[test]
fn the_regeneration_settings() {
    let place = Place::new();
    place.write(
        "guide.json",
        r#"{"bits": 1, "size": 100000, "regeneration": {"strategy": "hybrid", "periodicInterval": 300,
 "urgentStatuses": [1], "maxBatchSize": 1000, "batchWindow": 60},
 "statusListToken": {"ttl": 3600, "expiration": 86400}}"#,
    );
    place.write("seed", crate::harness::SEED);
    let init =
        "init list.slist --uri https://example.com/{n}.jwt --seed-file seed --from guide.json";
    place.shows(init, str![[r#"
list:       0
uri:        https://example.com/0.jwt
entries:    100000 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  1d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2
it is about publishing: put this into statuslist.toml
[regeneration]
strategy = "hybrid"
periodic-interval = 300
batch-window = 60
max-batch-size = 1000
urgent-statuses = [1]

"#]]);
    // The lines are settings, and what they say fits the list.
    place.write(
        "statuslist.toml",
        "[regeneration]\nstrategy = \"hybrid\"\nperiodic-interval = 300\nbatch-window = 60\n\
         max-batch-size = 1000\nurgent-statuses = [1]\n",
    );
    place.done("allocate list.slist --token-id a");
    place.shows("set list.slist id:a revoked", str![[r#"
--- stderr
0/55881: valid (0) -> invalid (1), revision 3; to be published at 2026-01-01T00:00:00Z, and seen everywhere by 2026-01-01T02:00:00Z: statuslist publish --if-due 'list.slist'

"#]]);
}

#[test]
fn the_members_of_the_regeneration_settings() {
    let place = Place::new();
    for (settings, reason) in [
        (
            r#"{"regeneration": {"strategy": "lazy", "batchWindow": 1}}"#,
            "there is no such strategy",
        ),
        (
            r#"{"regeneration": {"strategy": "hybrid", "urgentstatuses": [1], "batchWindow": 1}}"#,
            "unknown member",
        ),
        (
            r#"{"regeneration": {"batchWindow": 60}}"#,
            "strategy is missing",
        ),
        (
            r#"{"regeneration": {"strategy": "batched", "maxBatchSize": 0}}"#,
            "maxBatchSize",
        ),
        (
            r#"{"statusListToken": {"ttl": 60, "exp": 1}}"#,
            "unknown member",
        ),
        (
            r#"{"ttl": 60, "statusListToken": {"ttl": 60}}"#,
            "ttl stands beside statusListToken",
        ),
        (
            r#"{"regeneration": {"strategy": "hybrid", "urgentStatuses": [2]}, "bits": 1}"#,
            "entries of 1 bit cannot have the urgent status",
        ),
        (
            r#"{"regeneration": {"strategy": "periodic", "periodicInterval": 86400},
                "statusListToken": {"expiration": 86400}}"#,
            "the interval of 86400 s is longer",
        ),
    ] {
        place.write("guide.json", settings);
        let run = place.line("init list.slist --uri https://example.com/{n}.jwt --from guide.json");
        assert_eq!(run.code, 1, "{settings}: {}", run.stderr);
        assert!(run.stderr.contains(reason), "{settings}: {}", run.stderr);
        assert!(!place.path("list.slist").exists(), "{settings}");
    }
}
