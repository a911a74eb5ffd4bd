//! The examples do what they say.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::harness::{Place, Run, is_installed};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

/// A list with the token ids a and b, and `ENTRIES` that names both.
fn with_entries() -> Place {
    let place = Place::with_list();
    place.ok(&[
        "allocate",
        "list.slist",
        "--token-id",
        "a",
        "--token-id",
        "b",
    ]);
    place.write("ENTRIES", "id:a\nid:b\n");
    place
}

/// Runs the script with a program in the place of `statuslist`.
fn retry(place: &Place, program: &Path) -> Run {
    retry_as(place, program, None)
}

/// The same as a run that goes on.
fn retry_as(place: &Place, program: &Path, run_id: Option<&str>) -> Run {
    let mut command = std::process::Command::new("sh");
    command
        .arg(example("revoke-with-retry.sh"))
        .args(["list.slist", "ENTRIES", "keyCompromise"])
        .current_dir(place.path("."))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("STATUSLIST", program)
        .env("STATUSLIST_ACTOR", "tester")
        .env("RETRY_PAUSE", "0")
        .envs(run_id.map(|id| ("RUN_ID", id)));
    command.output().unwrap().into()
}

/// What the script called its run.
fn run_id(run: &Run) -> String {
    let line = run.stderr.lines().next().unwrap();
    line.strip_prefix("this run is ").unwrap().to_owned()
}

/// A program that fails with these codes and messages, one after the other, and then does what
/// `statuslist` does.
fn failing(place: &Place, failures: &[(u8, &str)]) -> PathBuf {
    let cases: String = failures
        .iter()
        .zip(1..)
        .map(|((code, message), turn)| format!("{turn}) echo '{message}' >&2; exit {code};;\n"))
        .collect();
    let program = env!("CARGO_BIN_EXE_statuslist");
    place.write(
        "program",
        format!(
            "#!/bin/sh\necho \"$*\" >>calls\ncase $(wc -l <calls | tr -d ' ') in\n{cases}esac\nexec '{program}' \"$@\"\n"
        ),
    );
    let path = place.path("program");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn calls(place: &Place) -> usize {
    String::from_utf8(place.read("calls"))
        .unwrap()
        .lines()
        .count()
}

#[test]
fn entries_are_revoked_once_however_often_it_is_tried() {
    let place = with_entries();
    let unknown = r#"{"details":{"outcome":"unknown"}}"#;
    let program = failing(&place, &[(3, "busy"), (4, unknown), (3, "busy")]);
    let run = retry(&place, &program);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 2);
    assert_eq!(calls(&place), 4);
    let again = retry_as(&place, &program, Some(&run_id(&run)));
    assert_eq!(again.of_the_first_time(), run.stdout);
    assert!(again.stderr.contains("was done before"), "{}", again.stderr);
    let entry = place.json(&["--json", "get", "list.slist", "id:b"]);
    assert_eq!(entry["reason"], "keyCompromise");
    let report = place.json(&["--json", "inspect", "list.slist"]);
    assert_eq!(report["revision"], 3);
    let calls = String::from_utf8(place.read("calls")).unwrap();
    let mut ids: Vec<_> = calls
        .lines()
        .filter_map(|line| line.split_once("--op-id "))
        .collect();
    assert_eq!(ids.len(), 5);
    ids.dedup();
    assert_eq!(ids.len(), 1, "{calls}");
}

/// What an earlier run did may have been undone since.
#[test]
fn another_run_revokes_what_was_reinstated_since() {
    let place = with_entries();
    let program = failing(&place, &[]);
    let first = retry(&place, &program);
    assert_eq!(first.code, 0, "{}", first.stderr);
    place.done("set list.slist id:a valid --allow-final");
    let second = retry(&place, &program);
    assert_eq!(second.code, 0, "{}", second.stderr);
    assert_ne!(run_id(&first), run_id(&second));
    let changes: Vec<_> = second
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| row["change"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(changes, ["changed", "unchanged"]);
    let entry = place.json(&["--json", "get", "list.slist", "id:a"]);
    assert_eq!(entry["status"], 1);
}

#[test]
fn what_trying_again_cannot_mend_is_tried_once() {
    for (code, message) in [
        (1, "refused"),
        (2, "usage"),
        (4, r#"{"details":{"outcome":"none"}}"#),
        (5, "partly"),
    ] {
        let place = with_entries();
        let run = retry(&place, &failing(&place, &[(code, message)]));
        assert_eq!(run.code, i32::from(code));
        assert_eq!(calls(&place), 1);
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
}

#[test]
fn a_failure_that_stays_unknown_is_tried_three_times() {
    let place = with_entries();
    let unknown = (4, r#"{"details":{"outcome":"unknown"}}"#);
    let run = retry(&place, &failing(&place, &[unknown; 9]));
    assert_eq!(run.code, 4);
    assert_eq!(calls(&place), 3);
}

#[test]
fn openssl_signs_with_keys_that_are_not_shown() {
    if !is_installed("openssl", "examples/sign-with-openssl.sh") {
        return;
    }
    let place = Place::new();
    let output = std::process::Command::new("sh")
        .arg(example("sign-with-openssl.sh"))
        .arg("made")
        .current_dir(place.path("."))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("STATUSLIST", env!("CARGO_BIN_EXE_statuslist"))
        .output()
        .unwrap();
    let run = Run::from(output);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines = |start: &str| -> Vec<String> {
        let found = run.stdout.lines().filter(|line| line.starts_with(start));
        found.map(str::to_owned).collect()
    };
    assert_eq!(lines("verdict:"), ["verdict:    valid"; 3]);
    let algorithms: Vec<_> = lines("header:")
        .iter()
        .map(|line| {
            line["header:     ".len()..]
                .split(',')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(algorithms, ["alg ES256", "alg ES256", "alg EdDSA"]);
    for secret in ["made/private.pem", "made/private-ed25519.pem"] {
        assert_eq!(place.mode(secret), 0o600);
    }
}

#[test]
fn the_settings_file_is_understood() {
    let place = Place::with_list();
    let settings = std::fs::read(example("statuslist.toml")).unwrap();
    place.write("statuslist.toml", settings);
    place.ok(&["inspect", "list.slist"]);
}
