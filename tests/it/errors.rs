//! Errors for programs: one object with fixed members, and exit codes that tell what to do next.

use snapbox::str;

use crate::harness::{NOW, Place};

#[test]
fn wrong_usage_is_an_error_object_too() {
    let place = Place::with_list();
    let run = place.line("set list.slist --json");
    let object = run.error();
    assert_eq!((run.code, object.code.as_str()), (2, "USAGE"));
    assert_eq!(object.error, "wrong_usage");
    assert!(object.message.contains("<ENTRY>"), "{}", object.message);
    assert!(object.timestamp.ends_with('Z'));
    assert_eq!(object.request_id.len(), 36);
    assert!(object.details.is_empty());
    assert_eq!(run.stdout, "");
}

#[test]
fn every_error_is_one_object_with_the_same_members() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked");
    place.write("text", "hello");
    for (line, exit, code, slug) in [
        (
            "set list.slist 5 revoked",
            1,
            "INDEX_NOT_FOUND",
            "index_not_found",
        ),
        (
            "set list.slist 3/5 revoked",
            1,
            "LIST_NOT_FOUND",
            "list_not_found",
        ),
        (
            "set list.slist id:a 4",
            1,
            "INVALID_STATUS",
            "invalid_status",
        ),
        (
            "set list.slist id:a valid",
            1,
            "FINAL_STATUS",
            "status_is_final",
        ),
        (
            "set list.slist id:a valid --if valid",
            1,
            "PRECONDITION_FAILED",
            "precondition_failed",
        ),
        (
            "allocate list.slist --count 1000",
            1,
            "CAPACITY_EXCEEDED",
            "index_allocation_failed",
        ),
        (
            "allocate list.slist --token-id a",
            1,
            "DOUBLE_ALLOCATION",
            "double_allocation",
        ),
        (
            "init list.slist --uri https://example.com/{n}.jwt",
            1,
            "CONFLICT",
            "conflict",
        ),
        (
            "init x --uri https://example.com/",
            1,
            "REFUSED",
            "request_refused",
        ),
        ("sign list.slist --key text", 4, "BAD_KEY", "bad_key"),
        ("inspect text", 1, "BAD_TOKEN", "bad_token"),
        ("get text 1", 4, "IO", "io_failed"),
        ("get missing 1", 4, "IO", "io_failed"),
        ("get", 2, "USAGE", "wrong_usage"),
    ] {
        let run = place.line(&format!("{line} --json"));
        let error = run.error();
        assert_eq!(
            (run.code, error.code.as_str(), error.error.as_str()),
            (exit, code, slug)
        );
        assert_eq!(run.stderr.lines().count(), 1, "{line}: {}", run.stderr);
        assert_eq!(error.request_id.len(), 36, "{line}");
        if code != "USAGE" {
            assert_eq!(error.timestamp, NOW, "{line}");
        }
        assert!(!error.message.is_empty());
        assert!(exit == 2 || !error.message.ends_with('.'), "{line}");
        if code == "IO" {
            assert_eq!(error.details["outcome"], "none", "{line}");
        }
    }
    let run = place.line("set list.slist 5 revoked --op-id mine --json");
    assert_eq!(run.error().request_id, "mine");
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
{"error":"index_not_found","message":"entry 0/5 is not allocated: only entries that were handed out have a status","code":"INDEX_NOT_FOUND","details":{"listId":"0","idx":5,"hint":"check the index, and the file"},"timestamp":"2026-01-01T00:00:00Z","requestId":"mine"}

"#]]
    );
}

#[test]
fn help_and_version_are_results() {
    let place = Place::new();
    for line in ["--help", "set --help", "--version", "-h"] {
        let run = place.line(line);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{line}");
        assert!(!run.stdout.is_empty());
    }
    let run = place.line("");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(place.line("generat").code, 2);
}

#[test]
fn who_stops_reading_is_no_error() {
    use std::process::Stdio;
    let place = Place::with_list();
    let run = |line: &str| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = place
            .command()
            .args(line.split(' '))
            .stdout(Stdio::from(writer))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        crate::harness::Run::from(child.wait_with_output().unwrap())
    };
    run("inspect list.slist").shows(&place, str![]);
    // A change is made, and its results are still to be had.
    run("allocate list.slist --op-id mine").shows(
        &place,
        str![[r#"
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
error: the result could not be printed, but the change is made
because: Broken pipe (os error 32)
because: committed as revision 2
hint: repeat with --op-id mine to see the results
--- exit 4

"#]],
    );
    let json = run("allocate list.slist --op-id other --json").error();
    assert_eq!(json.details["outcome"], "committed");
    assert_eq!(json.details["operationId"], "other");
    assert_eq!(place.line("allocate list.slist --op-id mine").code, 0);
}

#[test]
fn colour_only_where_it_is_wanted() {
    let place = Place::new();
    assert!(!place.line("get x 1").stderr.contains('\u{1b}'));
    assert!(
        place
            .line("get x 1 --color always")
            .stderr
            .contains('\u{1b}')
    );
}

#[test]
fn a_key_that_cannot_be_used_says_that_nothing_was_changed() {
    let place = Place::with_list();
    place.write("text", "hello");
    let run = place.line("publish list.slist --to site --key text --json");
    let error = run.error();
    assert_eq!((run.code, error.code.as_str()), (4, "BAD_KEY"));
    assert_eq!(error.details["outcome"], "none");
}
