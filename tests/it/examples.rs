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

/// Runs Python that has `issuer` at hand, a `StatusIssuer` over `list.slist` and `program` that makes
/// no pauses; `None` where there is no Python.
fn client(place: &Place, program: &Path, script: &str) -> Option<Run> {
    if !is_installed("python3", "examples/issuer.py") {
        return None;
    }
    let beginning = "import json, sys, time\nimport issuer as client\n\
         issuer = client.StatusIssuer('list.slist', program=sys.argv[1], first_pause=0)\n";
    let output = std::process::Command::new("python3")
        .args(["-c", &format!("{beginning}{script}")])
        .arg(program)
        .current_dir(place.path("."))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("PYTHONPATH", example(""))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("STATUSLIST_ACTOR", "tester")
        .output()
        .unwrap();
    Some(output.into())
}

fn statuslist() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_statuslist"))
}

#[test]
fn the_client_of_the_guide_allocates_and_updates() {
    let place = Place::with_list();
    let script = r#"
entry = issuer.allocate_index(token_id="a", initial_status=0, expires_at="2999-01-01T00:00:00Z")
assert entry["claims"]["jwt"]["status"]["status_list"] == {"idx": entry["idx"], "uri": entry["uri"]}
assert (entry["tokenId"], entry["status"]) == ("a", issuer.VALID)
batch = issuer.batch_allocate(token_ids=["b", "c"], claim="jwt")
assert batch["count"] == 2 and batch["uri"] == entry["uri"] and batch["allocatedAt"]
assert [one["tokenId"] for one in batch["allocations"]] == ["b", "c"]
assert all("jwt" in one["claims"] for one in batch["allocations"])
assert len(issuer.batch_allocate(count=1)["allocations"]) == 1
done = issuer.update_status(entry["listId"], entry["idx"], issuer.INVALID, "lost by holder", "2026-01-02T00:00:00Z")
assert (done["previousStatus"], done["currentStatus"], done["effectiveAt"]) == (0, 1, None)
updates = [{"listId": one["listId"], "idx": one["idx"], "status": issuer.SUSPENDED} for one in batch["allocations"]]
assert issuer.batch_update(updates, reason="batch_revocation")["updated"] == 2
"#;
    let Some(run) = client(&place, statuslist(), script) else {
        return;
    };
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let entry = place.json(&["--json", "get", "list.slist", "id:a"]);
    assert_eq!(entry["note"], "lost by holder");
    assert_eq!(entry["revokedAt"], "2026-01-02T00:00:00Z");
    assert_eq!(entry["expiresAt"], "2999-01-01T00:00:00Z");
    let entry = place.json(&["--json", "get", "list.slist", "id:c"]);
    assert_eq!(
        (&entry["status"], &entry["note"]),
        (&2.into(), &"batch_revocation".into())
    );
}

#[test]
fn the_client_has_an_error_class_for_each_code_of_the_guide() {
    let place = Place::with_list_of(2, 4);
    let script = r#"
def raised(kind, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except client.StatusListError as error:
        assert type(error) is kind, (type(error), error.code)
        assert error.message and error.timestamp and error.request_id
        return error
    raise AssertionError(kind)

entry = issuer.allocate_index("a")
idx = entry["idx"]
raised(client.ListNotFound, issuer.update_status, 7, idx, 1)
raised(client.IndexNotFound, issuer.update_status, 0, (idx + 1) % 4, 1)
raised(client.InvalidStatus, issuer.update_status, 0, idx, 9)
raised(client.DoubleAllocation, issuer.allocate_index, "a")
full = raised(client.CapacityExceeded, issuer.batch_allocate, count=9)
assert full.details["currentSize"] == 4 and full.details["allocated"] == 1
issuer.update_status(0, idx, 1)
final = raised(client.StatusListError, issuer.update_status, 0, idx, 0)
assert final.code == "FINAL_STATUS" and "--allow-final" in final.hint
for code in """LIST_NOT_FOUND INDEX_NOT_FOUND CAPACITY_EXCEEDED INVALID_STATUS DOUBLE_ALLOCATION
        UNAUTHORIZED FORBIDDEN RATE_LIMITED""".split():
    assert client.ERRORS[code].code == code and client.ERRORS[code] is not client.StatusListError
assert issubclass(client.Busy, client.RateLimited)
"#;
    let Some(run) = client(&place, statuslist(), script) else {
        return;
    };
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

/// The object that `statuslist --json` prints.
fn failure(code: &str, outcome: &str) -> String {
    format!(r#"{{"code":"{code}","message":"x","details":{{"outcome":"{outcome}"}}}}"#)
}

#[test]
fn the_client_tries_again_under_one_operation_id_and_changes_once() {
    let place = Place::with_list();
    let (busy, none, unknown) = (
        failure("BUSY", "none"),
        failure("IO", "none"),
        failure("IO", "unknown"),
    );
    let program = failing(&place, &[(3, &busy), (4, &none), (4, &unknown)]);
    let script = "print(issuer.batch_allocate(count=2)['revision'])";
    let Some(run) = client(&place, &program, script) else {
        return;
    };
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "2\n"),
        "{}",
        run.stderr
    );
    let calls = String::from_utf8(place.read("calls")).unwrap();
    let ids: Vec<_> = calls
        .lines()
        .map(|line| line.split_once("--op-id ").unwrap().1)
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(
        ids.iter().all(|id| *id == ids[0] && !id.is_empty()),
        "{calls}"
    );
    let file = place.json(&["--json", "inspect", "list.slist"]);
    assert_eq!(file["lists"][0]["allocated"], 2);
}

#[test]
fn the_client_tries_a_refusal_once() {
    for (exit, code) in [
        (1, "REFUSED"),
        (1, "CAPACITY_EXCEEDED"),
        (1, "CONFLICT"),
        (2, "USAGE"),
        (4, "BAD_KEY"),
        (4, "CORRUPT"),
    ] {
        let place = Place::with_list();
        let message = failure(code, "none");
        let program = failing(&place, &[(exit, message.as_str()); 9]);
        let script = "try: issuer.allocate_index()\n\
            except client.StatusListError as error: print(error.code)";
        let Some(run) = client(&place, &program, script) else {
            return;
        };
        assert_eq!(run.stdout.trim_end(), code, "{}", run.stderr);
        assert_eq!(calls(&place), 1, "{code}");
    }
}

#[test]
fn the_client_gives_up_after_pauses_that_double() {
    let place = Place::with_list();
    let busy = failure("BUSY", "none");
    let program = failing(&place, &[(3, busy.as_str()); 9]);
    let script = r#"
pauses = []
time.sleep = pauses.append
issuer.first_pause, issuer.longest_pause = 1.0, 4.0
try:
    issuer.allocate_index()
except client.RateLimited as error:
    assert error.code == "BUSY"
    longest = [1, 2, 4, 4]
    assert len(pauses) == len(longest), pauses
    assert all(most / 2 <= pause <= most for pause, most in zip(pauses, longest)), pauses
    print("gave up")
"#;
    let Some(run) = client(&place, &program, script) else {
        return;
    };
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("gave up\n", "")
    );
    assert_eq!(calls(&place), 5);
}

#[test]
fn the_client_shows_itself() {
    if !is_installed("python3", "examples/issuer.py") {
        return;
    }
    let place = Place::with_list();
    let output = std::process::Command::new("python3")
        .arg(example("issuer.py"))
        .arg("list.slist")
        .current_dir(place.path("."))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("STATUSLIST", statuslist())
        .env("STATUSLIST_ACTOR", "tester")
        .output()
        .unwrap();
    let run = Run::from(output);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(run.stdout.ends_with("status 0 -> 1\n"), "{}", run.stdout);
}
