//! Token ids: white space around one is no part of it, however it is written.

use crate::harness::{Place, Run};

fn batch(place: &Place, input: &str, options: &[&str]) -> Run {
    let mut arguments = vec!["batch", "list.slist"];
    arguments.extend(options);
    place.run_with_input(&arguments, input.as_bytes())
}

/// The token ids that the list file holds, as they are stored.
fn stored(place: &Place) -> Vec<String> {
    let file = rusqlite::Connection::open(place.path("list.slist")).unwrap();
    let mut statement = file
        .prepare("SELECT CAST(substr(token, 2) AS TEXT) FROM alloc ORDER BY rowid")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    let mut tokens: Vec<String> = rows.collect::<Result<_, _>>().unwrap();
    tokens.sort();
    tokens
}

#[test]
fn a_token_id_with_spaces_around_it_is_the_same_everywhere() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id ' one '");
    let run = batch(&place, "op,tokenId\nallocate, two \n", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines = r#"{"op":"allocate","tokenId":" three "}
{"operation":"allocate","tokenIds":["four ","\tfive\n"]}
{"op":"set","tokenId":" three","status":"suspended"}
"#;
    let run = batch(&place, lines, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(stored(&place), ["five", "four", "one", "three", "two"]);
    // However it is written, it is that entry.
    for (input, options) in [
        ("id: one \nid:two\n", &["--status", "suspended"][..]),
        ("op,tokenId,status\nset, one,2\nset,\"two \",2\n", &[]),
        (r#"[{"op":"set","tokenId":"one ","status":2}]"#, &[]),
        (
            r#"{"operation":"update","status":2,"updates":[{"tokenId":" one"}]}"#,
            &[],
        ),
        (
            r#"{"credentialId":" one ","credentialStatus":{"purpose":"suspension"}}"#,
            &[],
        ),
    ] {
        let run = batch(&place, input, options);
        assert_eq!(run.code, 0, "{input}: {}", run.stderr);
    }
    place.done("set list.slist 'id: three ' valid");
    place.done("get list.slist 'id:four ' id:four");
    let again = place.done("allocate list.slist --token-id '  one' --or-existing");
    assert_eq!(
        again,
        place.done("allocate list.slist --token-id one --or-existing")
    );
    for taken in [
        "allocate list.slist --token-id ' one'",
        "allocate list.slist --token-id new --token-id ' new'",
    ] {
        let run = place.line(&format!("{taken} --json"));
        assert_eq!(
            (run.code, run.error().code.as_str()),
            (1, "DOUBLE_ALLOCATION"),
            "{taken}"
        );
    }
    for twice in [
        r#"{"operation":"allocate","tokenIds":["new"," new"]}"#,
        "op,tokenId\nallocate,new\nallocate,\" new\"\n",
        r#"{"op":"allocate","tokenId":"one "}"#,
    ] {
        let run = batch(&place, twice, &["--json"]);
        assert_eq!(
            (run.code, run.error().code.as_str()),
            (1, "DOUBLE_ALLOCATION"),
            "{twice}"
        );
    }
    assert_eq!(stored(&place).len(), 5);
}

#[test]
fn white_space_alone_is_no_token_id() {
    let place = Place::with_list();
    for line in [
        "allocate list.slist --token-id ' '",
        "get list.slist 'id:  '",
    ] {
        let run = place.line(line);
        assert_eq!(run.code, 2, "{line}: {}", run.stderr);
        assert!(
            run.stderr.contains("a token id cannot be empty"),
            "{}",
            run.stderr
        );
    }
    let run = batch(&place, r#"{"op":"allocate","tokenId":" "}"#, &[]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("a token id cannot be empty"),
        "{}",
        run.stderr
    );
    assert_eq!(stored(&place).len(), 0);
}

/// Files of earlier versions may hold such.
#[test]
fn a_token_id_that_was_stored_with_spaces_is_found_as_it_is_written() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id one --token-id two");
    let file = rusqlite::Connection::open(place.path("list.slist")).unwrap();
    let changed = file
        .execute(
            "UPDATE alloc SET token = x'00206f6e6520' WHERE token = x'006f6e65'",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(file);
    let entry = |name: &str| place.json(&["--json", "get", "list.slist", name])["idx"].clone();
    let old = entry("id: one ");
    assert_eq!(place.line("get list.slist id:one").code, 1);
    place.done("set list.slist 'id: one ' suspended");
    let run = batch(
        &place,
        r#"{"op":"set","tokenId":" one ","status":"valid"}"#,
        &[],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    // Neither a retry nor a batch takes a second entry for it.
    let line = "allocate list.slist --token-id ' one ' --json";
    assert_eq!(place.line(line).error().code, "DOUBLE_ALLOCATION");
    let again: serde_json::Value =
        serde_json::from_str(&place.done(&format!("{line} --or-existing"))).unwrap();
    assert_eq!(again["idx"], old);
    let run = batch(
        &place,
        r#"{"op":"allocate","tokenId":" one "}"#,
        &["--json"],
    );
    assert_eq!(run.error().code, "DOUBLE_ALLOCATION");
    // The one without spaces is another.
    place.done("allocate list.slist --token-id one");
    assert_ne!(entry("id:one"), old);
    assert_eq!(entry("id: one "), old);
    assert_eq!(entry("id:one "), entry("id:one"));
}
