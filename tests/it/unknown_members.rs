//! What a reader of JSON, CSV or TOML does not know, or finds where it does not belong, is refused by
//! name, and nothing changes. What has a meaning where it stands is heeded.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Place, Run};

/// Two lists: 0 is full and has the token ids a to d, 1 has the token id other. No index has the
/// same meaning in both.
fn with_two_lists() -> Place {
    let place = Place::with_list_of(2, 4);
    place.done("allocate list.slist --token-id a --token-id b --token-id c --token-id d");
    place.done("backup list.slist copy.slist");
    place.done("restore copy.slist --no-site");
    std::fs::rename(place.path("copy.slist"), place.path("list.slist")).unwrap();
    place.done("allocate list.slist --token-id other");
    place
}

fn batch(place: &Place, body: &Value, options: &[&str]) -> Run {
    let mut arguments = vec!["batch", "list.slist"];
    arguments.extend(options);
    place.run_with_input(&arguments, body.to_string().as_bytes())
}

fn status(place: &Place, entry: &str) -> u64 {
    place.json(&["--json", "get", "list.slist", entry])["status"]
        .as_u64()
        .unwrap()
}

fn index(place: &Place, entry: &str) -> u64 {
    place.json(&["--json", "get", "list.slist", entry])["idx"]
        .as_u64()
        .unwrap()
}

/// Runs a batch that must be refused with exit 1, and returns what it says of its first fault.
#[track_caller]
fn refused(place: &Place, body: &Value, options: &[&str]) -> String {
    let before = place.files();
    let run = batch(place, body, options);
    assert_eq!(run.code, 1, "{body}: {}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout, "", "{body}");
    assert!(before == place.files(), "{body}: a file changed");
    run.stderr.lines().next().unwrap().to_owned()
}

#[test]
fn what_stands_beside_updates_holds_for_each_of_them() {
    let place = with_two_lists();
    let (a, b) = (index(&place, "id:a"), index(&place, "id:b"));
    let uri = "https://example.com/statuslists/0.jwt";
    // An index alone would be ambiguous, so it is the list id that decides.
    for list in [
        json!({"listId": "0"}),
        json!({"listId": 0}),
        json!({"uri": uri}),
    ] {
        let mut body = json!({
            "operation": "update", "status": "suspended", "reason": "certificateHold",
            "note": "all of them", "if": "valid", "revokedAt": "2025-12-01T00:00:00Z",
            "updates": [{"idx": a}, {"tokenId": "b"}, {"idx": index(&place, "id:c"), "status": 0}],
        });
        body.as_object_mut()
            .unwrap()
            .extend(list.as_object().unwrap().clone());
        let run = batch(&place, &body, &[]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let entry = place.json(&["--json", "get", "list.slist", "id:a"]);
        assert_eq!(entry["status"], 2);
        assert_eq!(entry["reason"], "certificateHold");
        assert_eq!(entry["note"], "all of them");
        assert_eq!(entry["revokedAt"], "2025-12-01T00:00:00Z");
        assert_eq!(status(&place, "id:b"), 2);
        assert_eq!(status(&place, "id:c"), 0);
        place.done("set list.slist id:a valid");
        place.done("set list.slist id:b valid");
    }
    // What an element says itself goes before.
    let body = json!({
        "operation": "update", "listId": "0", "status": 1, "if": "suspended",
        "updates": [{"idx": b, "status": 2, "if": 0, "note": "own"}],
    });
    assert_eq!(batch(&place, &body, &[]).code, 0);
    assert_eq!(status(&place, "id:b"), 2);
}

#[test]
fn a_condition_or_a_list_beside_updates_is_never_dropped() {
    let place = with_two_lists();
    let a = index(&place, "id:a");
    let other = index(&place, "id:other");
    let updates = json!([{"idx": a, "status": 1}]);
    let uri = "https://example.com/statuslists/0.jwt";
    let cases = [
        (
            json!({"operation": "update", "listId": "7", "updates": updates}),
            "stdin:1: the series has no list 7, see the lists of the series: statuslist inspect 'list.slist'",
        ),
        (
            json!({"operation": "update", "uri": "https://example.com/of/another", "updates": updates}),
            "stdin:1: no list of the series has the uri 'https://example.com/of/another', see the lists of the series: statuslist inspect 'list.slist'",
        ),
        (
            json!({"operation": "update", "listId": "0", "if": "suspended", "updates": updates}),
            &format!(
                "stdin:1: entry 0/{a}: the status is valid (0), not suspended (2): --if says which status the entry must have"
            ),
        ),
        (
            json!({"operation": "update", "listId": "0", "updates": [{"idx": a, "listId": "1", "status": 1}]}),
            "stdin:1: /updates/0: listId is not the one beside updates",
        ),
        (
            json!({"operation": "update", "listId": "0", "updates": [{"idx": a, "uri": uri, "status": 1}]}),
            "stdin:1: /updates/0: uri, and listId beside updates: one is enough",
        ),
        (
            json!({"operation": "update", "uri": uri, "updates": [{"idx": a, "listId": "0", "status": 1}]}),
            "stdin:1: /updates/0: listId, and uri beside updates: one is enough",
        ),
        (
            json!({"operation": "update", "uri": uri, "updates": [{"idx": a, "uri": "https://example.com/x", "status": 1}]}),
            "stdin:1: /updates/0: uri is not the one beside updates",
        ),
        (
            json!({"operation": "update", "uri": uri, "listId": "0", "updates": updates}),
            "stdin:1: listId and uri: one is enough",
        ),
        (
            json!({"operation": "update", "listId": "1", "updates": [{"tokenId": "a", "status": 1}]}),
            "stdin:1: entry id:a is not in list 1, the token id has its entry in another list",
        ),
        (
            json!({"operation": "update", "idx": 5, "updates": updates}),
            "stdin:1: idx does not go beside updates",
        ),
        (
            json!({"operation": "update", "tokenId": "a", "updates": updates}),
            "stdin:1: tokenId does not go beside updates",
        ),
        (
            json!({"operation": "update", "expiresAt": "2027-01-01T00:00:00Z", "updates": updates}),
            "stdin:1: expiresAt does not go beside updates",
        ),
        (
            json!({"operation": "update", "initialStatus": 1, "updates": updates}),
            "stdin:1: count, tokenIds and initialStatus go with allocate",
        ),
        (
            json!({"operation": "update", "updates": [{"tokenId": "b", "status": 1}, {"tokenId": "a", "status": "revokd"}]}),
            "stdin:1: /updates/1: 'revokd' is not a status; did you mean 'revoked'?",
        ),
        (
            json!({"operation": "allocate", "tokenIds": ["x", ""]}),
            "stdin:1: /tokenIds/1: a token id cannot be empty",
        ),
        (
            json!({"operation": "update", "indexAllocator": "x", "updates": updates}),
            "stdin:1: indexAllocator goes with credentialStatus",
        ),
        (
            json!({"operation": "allocate", "status": 0, "initialStatus": 1}),
            "stdin:1: status and initialStatus: one is enough",
        ),
        (
            json!({"operation": "allocate", "listId": "0", "tokenIds": ["x"]}),
            "stdin:1: listId does not go with allocate, allocate takes tokenId, group, status, expiresAt, documentHash and documentPath",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(refused(&place, &body, &[]), expected, "{body}");
    }
    // Another list than --list names.
    let body = json!({"operation": "update", "listId": "0", "updates": [{"idx": a, "status": 1}]});
    assert_eq!(
        refused(&place, &body, &["--list", "1"]),
        format!(
            "stdin:1: entry 0/{a} is not in list 1, leave out --list, or name the entry of that list"
        )
    );
    // A token id has an entry in one list, and --list names another.
    let body = json!({"op": "set", "tokenId": "a", "status": 1});
    assert_eq!(
        refused(&place, &body, &["--list", "1"]),
        "stdin:1: entry id:a is not in list 1, leave out --list, or name the entry of that list"
    );
    let body = json!({"op": "set", "listId": "1", "idx": other, "tokenId": "other", "status": 2});
    assert_eq!(batch(&place, &body, &["--list", "1"]).code, 0);
}

#[test]
fn what_stands_beside_a_credential_status_is_heeded_or_refused() {
    let place = with_two_lists();
    let revocation = json!({"type": "BitstringStatusListEntry", "statusPurpose": "revocation"});
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    let plain = json!({"credentialId": "a", "credentialStatus": revocation});
    for (name, value, expected) in [
        (
            "if",
            json!("suspended"),
            "the status is valid (0), not suspended (2): --if says which status the entry must have",
        ),
        ("op", json!("set"), "op does not go with credentialStatus"),
        (
            "operation",
            json!("update"),
            "operation does not go with credentialStatus",
        ),
        (
            "listId",
            json!("1"),
            "listId does not go with credentialStatus",
        ),
        ("idx", json!(1), "idx does not go with credentialStatus"),
        (
            "uri",
            json!("https://example.com"),
            "uri does not go with credentialStatus",
        ),
        (
            "tokenId",
            json!("b"),
            "tokenId does not go with credentialStatus",
        ),
        (
            "expiresAt",
            json!("2027-01-01T00:00:00Z"),
            "expiresAt does not go with credentialStatus",
        ),
        (
            "updates",
            json!([]),
            "updates does not go with credentialStatus",
        ),
        (
            "credentialStatuses",
            json!([]),
            "unknown member '/credentialStatuses', did you mean 'credentialStatus'?",
        ),
    ] {
        let said = refused(&place, &with(plain.clone(), name, value), &[]);
        assert!(said.ends_with(expected), "{name}: {said}");
    }
    for (name, value, expected) in [
        (
            "if",
            json!("suspended"),
            "unknown member '/credentialStatus/if', the members are id, type, statusPurpose, purpose, status, statusListIndex, statusListCredential, statusSize, statusMessage, statusReference, revocationListIndex, revocationListCredential, reasonCode",
        ),
        (
            "StatusPurpose",
            json!("suspension"),
            "unknown member '/credentialStatus/StatusPurpose', did you mean 'statusPurpose'?",
        ),
        (
            "purpose",
            json!("suspension"),
            "statusPurpose and purpose do not agree",
        ),
        (
            "statusSize",
            json!(2),
            "statusSize is 2: a purpose is set in one bit",
        ),
        (
            "statusListIndex",
            json!("1"),
            "an index without its list, or a list without an index",
        ),
    ] {
        let body =
            json!({"credentialId": "a", "credentialStatus": with(revocation.clone(), name, value)});
        let said = refused(&place, &body, &[]);
        assert!(said.ends_with(expected), "{name}: {said}");
    }
    let twice = r#"{"credentialId":"a","credentialStatus":{"status":"0","status":"1"}}"#;
    let run = place.run_with_input(&["batch", "list.slist"], twice.as_bytes());
    assert_eq!(run.code, 1);
    assert!(
        run.stderr
            .contains("member '/credentialStatus/status' stands twice")
    );
    let body = json!({"credentialId": "a", "credentialStatus": with(revocation.clone(), "status", json!("0")), "status": true});
    assert!(refused(&place, &body, &[]).ends_with("status is not the one beside credentialStatus"));
    // The id of the credential is a token id of ours, and that of another entry.
    let mut of_b = revocation.clone();
    of_b["statusListCredential"] = json!("https://example.com/statuslists/0.jwt");
    of_b["statusListIndex"] = index(&place, "id:b").to_string().into();
    let body = json!({"credentialId": "a", "credentialStatus": of_b});
    assert!(refused(&place, &body, &[]).contains("does not have the token id 'a'"));

    let body = json!({
        "credentialId": "a", "credentialStatus": revocation, "if": "valid", "note": "noted",
        "reason": "superseded", "revokedAt": "2025-12-01T00:00:00Z", "indexAllocator": "us",
    });
    let run = batch(&place, &body, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let entry = place.json(&["--json", "get", "list.slist", "id:a"]);
    assert_eq!(
        (&entry["status"], &entry["reason"]),
        (&json!(1), &json!("superseded"))
    );
    assert_eq!(entry["note"], "noted");
    assert_eq!(entry["revokedAt"], "2025-12-01T00:00:00Z");
    // A status that is missing sets the purpose, whatever --status says.
    let body = json!({"credentialId": "b", "credentialStatus": revocation});
    let said = refused(&place, &body, &["--status", "valid"]);
    assert!(
        said.contains("--status does not go with credentialStatus"),
        "{said}"
    );
    // What else the command line says for all lines holds for these too.
    let body = json!({"credentialId": "b", "credentialStatus": revocation});
    let run = batch(&place, &body, &["--reason", "kc", "--note", "for all"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let entry = place.json(&["--json", "get", "list.slist", "id:b"]);
    assert_eq!(
        (&entry["reason"], &entry["note"]),
        (&json!("keyCompromise"), &json!("for all"))
    );
}

#[test]
fn members_in_another_case_are_not_taken_for_others() {
    let place = with_two_lists();
    for (input, expected) in [
        (
            r#"{"operation":"update","listID":"7","updates":[{"idx":1,"status":1}]}"#,
            "stdin:1: unknown member '/listID', did you mean 'listId'?",
        ),
        (
            r#"{"operation":"update","updates":[{"idx":1,"status":1},{"idx":1,"If":"valid"}]}"#,
            "stdin:1: unknown member '/updates/1/If', did you mean 'if'?",
        ),
        (
            "op,TOKENID,status\nset,a,revoked\n",
            "error: line 1: 'TOKENID' is no column of a batch",
        ),
        (
            "Op,TokenId,Status\nset,a,revoked\n",
            "error: line 1: 'Op' is no column of a batch",
        ),
        (
            r#"["set",null,null,null,null,"a",1]"#,
            "stdin:1: invalid type: string \"set\", expected an object, at column 5",
        ),
        (
            r#"[["set",null,null,null,null,"a",1]]"#,
            "stdin:1: invalid type: sequence, expected an object, at column 0",
        ),
    ] {
        let before = place.files();
        let run = place.run_with_input(&["batch", "list.slist"], input.as_bytes());
        assert_eq!(run.code, 1, "{input}");
        assert_eq!(run.stderr.lines().next(), Some(expected), "{input}");
        assert!(before == place.files(), "{input}: a file changed");
    }
    let run = place.run_with_input(&["batch", "list.slist"], b"op,tokenID\nset,a\n");
    assert_data_eq!(
        run.stderr,
        str![[r#"
error: line 1: 'tokenID' is no column of a batch
because: the columns are op, listId, idx, uri, tokenId, group, status, reason, note, if, expiresAt, revokedAt, documentHash, documentPath
hint: did you mean 'tokenId'?

"#]]
    );
}

/// Settings with one thing that is not known, or not there.
const SETTINGS: [&str; 12] = [
    "unknown = 1",
    "ttl = \"1h\"",
    "[key]\nsigning = \"key.pem\"",
    "[Keys]\nsigning = \"key.pem\"",
    "[keys]\nSigning = \"key.pem\"",
    "[keys]\nsigning = \"key.pem\"\nto = \"site\"",
    "[publish]\nbase_url = \"https://example.com\"",
    "[publish]\nsigning = \"key.pem\"",
    "[status-list-token]\nttl = 60\nttl = 61",
    "[status-list-token]\nTTL = 60",
    "[status-list-token.ttl]\nseconds = 60",
    "[keys]\nkid = \"a\"\n[keys]\nkid = \"b\"",
];

/// A batch with one member or column that is not known, not there, or there twice.
const BATCHES: [&str; 17] = [
    r#"{"op":"set","tokenId":"a","status":1,"unknown":1}"#,
    r#"{"op":"set","tokenId":"a","status":1,"Status":1}"#,
    r#"{"op":"set","tokenId":"a","status":1,"status":1}"#,
    r#"{"op":"set","tokenId":"a","status":1,"updates":[]}"#,
    r#"{"op":"set","tokenId":"a","status":1,"expiresAt":"2027-01-01T00:00:00Z"}"#,
    r#"{"op":"allocate","tokenId":"x","if":"valid"}"#,
    r#"{"op":"allocate","tokenId":"x","idx":1}"#,
    r#"{"operation":"update","unknown":1,"updates":[{"tokenId":"a","status":1}]}"#,
    r#"{"operation":"update","updates":[{"tokenId":"a","status":1,"unknown":1}]}"#,
    r#"{"operation":"update","updates":[{"tokenId":"a","status":1,"op":"set"}]}"#,
    r#"{"operation":"allocate","tokenIds":["x"],"unknown":1}"#,
    r#"{"operation":"allocate","tokenIds":["x"],"reason":"superseded"}"#,
    r#"{"credentialId":"a","credentialStatus":{"unknown":1}}"#,
    r#"{"credentialId":"a","credentialStatus":{},"unknown":1}"#,
    "op,tokenId,status,unknown\nset,a,1,\n",
    "op,tokenId,status,status\nset,a,1,1\n",
    "op,tokenId,status,expiresAt\nset,a,1,2027-01-01T00:00:00Z\n",
];

/// Every command that writes, with every kind of member unknown to it.
#[test]
fn no_command_that_writes_drops_what_it_does_not_know() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --token-id b");
    place.done("publish list.slist --to site --key key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("sign list.slist --key public.pem --prepare prepared.json -o message");
    place.done("backup list.slist copy.slist");
    let commands = [
        "init other.slist --uri https://example.com/{n}.jwt",
        "configure list.slist --ttl 50m",
        "allocate list.slist",
        "set list.slist id:a revoked",
        "batch list.slist ops.jsonl",
        "sign list.slist --key key.pem -o token.jwt",
        "publish list.slist --to site --key key.pem",
        "keygen new.pem",
        "backup list.slist another.slist",
        "restore copy.slist --to site",
    ];
    place.write("ops.jsonl", r#"{"op":"set","tokenId":"b","status":1}"#);
    let unchanged = |place: &Place, line: &str, text: &str| {
        let before = place.files();
        let run = place.line(line);
        assert_eq!(run.code, 1, "{line}: {text}: {}{}", run.stdout, run.stderr);
        assert!(before == place.files(), "{line}: {text}: a file changed");
        run
    };
    for settings in SETTINGS {
        for (name, option) in [
            ("statuslist.toml", ""),
            ("named.toml", " --config named.toml"),
        ] {
            place.write(name, settings);
            for command in commands {
                let run = unchanged(&place, &format!("{command}{option}"), settings);
                assert!(run.stderr.contains("cannot use the settings file"));
            }
            std::fs::remove_file(place.path(name)).unwrap();
        }
    }
    for text in BATCHES {
        place.write("ops", text);
        unchanged(&place, "batch list.slist ops", text);
        if text.starts_with('{') {
            for document in [format!("[{text}]"), format!("[\n{text}\n]")] {
                place.write("ops", &document);
                unchanged(&place, "batch list.slist ops", &document);
                unchanged(&place, "batch list.slist ops --input json", &document);
            }
        }
    }
    for (name, command) in [
        (
            "site/statuslist-manifest.json",
            "publish list.slist --to site --key key.pem",
        ),
        (
            "prepared.json",
            "sign list.slist --key public.pem --attach prepared.json --signature message -o token.jwt",
        ),
    ] {
        let text = String::from_utf8(place.read(name)).unwrap();
        let body = text.trim_start().trim_start_matches('{');
        for wrong in [
            format!("{{\"unknown\":1,{body}"),
            format!("{{\"Schema\":1,{body}"),
            format!("{{\"schema\":1,{body}"),
        ] {
            place.write(name, &wrong);
            let before = place.files();
            let run = place.line(command);
            assert_ne!(run.code, 0, "{command}: {wrong:.40}");
            assert!(
                before == place.files(),
                "{command}: {wrong:.40}: a file changed"
            );
        }
        place.write(name, text);
    }
    // All of them do their work where nothing is unknown.
    for command in commands {
        place.done(command);
    }
}
