//! What is handed out to nobody is warned of before it is handed out.

use crate::harness::{NOW, Place, Run};
use crate::shapes::Warning;

/// Runs a command line with these redirections of a shell.
fn redirected(place: &Place, line: &str, redirections: &str) -> Run {
    let program = place.command();
    let script = format!("exec \"$0\" \"$@\" {redirections}");
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", &script])
        .arg(program.get_program())
        .args(line.split(' '))
        .current_dir(place.path(""))
        .env_clear()
        .env("STATUSLIST_NOW", NOW)
        .env("STATUSLIST_ACTOR", "tester");
    shell.output().unwrap().into()
}

const CLOSED: &str = "warning: standard output seems to be closed: ";

#[test]
fn entries_that_nobody_sees_are_warned_of_and_can_be_seen_again() {
    let place = Place::with_list();
    let run = redirected(&place, "allocate list.slist --count 2", ">&-");
    assert_eq!(run.code, 0);
    let first = run.stderr.lines().next().unwrap();
    let (_, id) = first.split_once("the same command with --op-id ").unwrap();
    assert!(first.starts_with(CLOSED), "{}", run.stderr);
    let again = place.done(&format!("allocate list.slist --count 2 --op-id {id}"));
    assert_eq!(again.lines().count(), 2);

    let run = redirected(&place, "allocate list.slist --op-id x", ">&-");
    assert!(
        run.stderr
            .lines()
            .next()
            .unwrap()
            .ends_with("with --op-id x")
    );
}

#[test]
fn the_warning_comes_before_the_change() {
    let place = Place::with_list();
    for refused in [
        "allocate list.slist --count 5000",
        "batch list.slist missing",
    ] {
        let run = redirected(&place, refused, ">&-");
        assert_ne!(run.code, 0);
        assert!(run.stderr.starts_with(CLOSED), "{}", run.stderr);
    }
}

#[test]
fn every_command_that_hands_out_or_changes_warns_and_no_other() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("backup list.slist copy.slist");
    place.write("ops.jsonl", "{\"op\":\"allocate\"}\n");
    for (line, warns) in [
        ("init new.slist --uri https://example.com/new/{n}.jwt", true),
        ("configure list.slist --ttl 30m", true),
        ("set list.slist id:a suspended", true),
        ("batch list.slist ops.jsonl", true),
        ("publish list.slist --to site --key key.pem", true),
        ("keygen new.pem", true),
        ("sign list.slist --key key.pem", true),
        ("restore copy.slist --no-site", true),
        ("sign list.slist --key key.pem -o token", false),
        ("backup list.slist copy-2.slist", false),
        ("get list.slist id:a", false),
        ("inspect list.slist", false),
    ] {
        let run = redirected(&place, line, ">&-");
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        assert_eq!(
            run.stderr.starts_with(CLOSED),
            warns,
            "{line}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_null_device_that_a_shell_opened_is_meant() {
    let place = Place::with_list();
    for redirection in [
        ">/dev/null",
        ">>/dev/null",
        ">out",
        "| cat",
        "2>&- >/dev/null",
    ] {
        let run = redirected(&place, "allocate list.slist", redirection);
        assert!(!run.stderr.contains("seems to be closed"), "{redirection}");
    }
    // Open both ways, as some launchers do.
    let run = redirected(&place, "allocate list.slist", "1<>/dev/null");
    assert_eq!(run.code, 0);
    assert!(run.stderr.starts_with(CLOSED), "{}", run.stderr);
}

#[test]
fn a_batch_that_can_read_nothing_is_warned_of() {
    let place = Place::with_list();
    let closed = "warning: standard input seems to be closed: nothing will be read from it";
    for (line, redirection, warns) in [
        ("batch list.slist", "<&-", true),
        ("batch list.slist -", "<&-", true),
        ("batch list.slist -", "</dev/null", false),
        ("allocate list.slist", "<&-", false),
    ] {
        let run = redirected(&place, line, redirection);
        assert_eq!(run.stderr.contains(closed), warns, "{line}: {}", run.stderr);
    }
}

#[test]
fn programs_read_warnings_as_objects() {
    let place = Place::with_list();
    let run = redirected(&place, "allocate list.slist --op-id x --json -q", ">&-");
    let warnings: Vec<Warning> = run
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0]
            .warning
            .starts_with("standard output seems to be closed")
    );
    assert!(
        warnings[1]
            .warning
            .starts_with("no site is known to have list 0")
    );
    for warning in &warnings {
        assert_eq!(
            (warning.timestamp.as_str(), warning.request_id.as_str()),
            (NOW, "x")
        );
    }
}
