//! `[[hook]]`: commands that are run with what happens.

use std::time::{Duration, Instant};

use crate::harness::{Place, Run};

/// A place with a list, of which entry `id:a` was handed out, and a command that is run.
fn place(command: &str) -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    hook(&place, command);
    place
}

fn hook(place: &Place, command: &str) {
    let table = format!(
        "[[hook]]\nname = 'mine'\ncommand = '''{command}'''\nevents = ['index.status_changed']\n"
    );
    place.write("told.toml", table);
}

fn set(place: &Place, status: &str) -> Run {
    let line = format!("set list.slist id:a {status} --config told.toml -q");
    let run = place.line(&line);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

#[test]
fn a_command_gets_the_json_on_its_standard_input() {
    let place =
        place("cat >message; echo $STATUSLIST_EVENT $STATUSLIST_EVENT_ID >named; echo printed");
    let run = set(&place, "suspended");
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let message: serde_json::Value = serde_json::from_slice(&place.read("message")).unwrap();
    assert_eq!(message["event"], "index.status_changed");
    assert_eq!(message["data"]["changes"][0]["currentStatus"], 2);
    let named = String::from_utf8(place.read("named")).unwrap();
    assert!(named.starts_with("index.status_changed msg_"), "{named}");
    // A command need not read it.
    hook(&place, "true");
    assert_eq!(set(&place, "valid").stderr, "");
}

#[test]
fn a_command_gets_no_settings_and_no_secrets() {
    let place = place("env >environment");
    place.write("secret", crate::receiver::SECRET);
    let receiver = crate::receiver::Receiver::new();
    let tables = receiver
        .table("['index.allocated']", "")
        .replace("'secret'", "'env:HOOK_SECRET'")
        + "[[hook]]\ncommand = 'env >environment'\nevents = ['status_list.regenerated']\n"
        + "[keys]\nsigning = 'env:SIGNING'\n";
    place.write("told.toml", tables);
    let key = String::from_utf8(place.read("key.pem")).unwrap();
    let run = place
        .command()
        .env("HOOK_SECRET", "TOPSECRET")
        .env("SIGNING", "unused")
        .env("OTHER_KEY", &key)
        .env("MINE", "stays")
        .args([
            "publish",
            "list.slist",
            "--to",
            "site",
            "--key",
            "env:OTHER_KEY",
        ])
        .args(["--config", "told.toml"])
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let environment = String::from_utf8(place.read("environment")).unwrap();
    for kept_back in [
        "TOPSECRET",
        "HOOK_SECRET",
        "SIGNING",
        "PRIVATE",
        "STATUSLIST_NOW",
        "STATUSLIST_ACTOR",
    ] {
        assert!(
            !environment.contains(kept_back),
            "{kept_back}: {environment}"
        );
    }
    assert!(environment.contains("MINE=stays\n"));
}

#[test]
fn a_command_that_fails_is_run_again_by_the_next() {
    let place = place("cat >>messages; exit 3");
    let said = set(&place, "suspended").stderr;
    assert_eq!(
        said,
        "warning: hook 'mine' was not told everything: it failed: exit status: 3; the next command \
         sends the rest\n"
    );
    hook(&place, "cat >>messages");
    assert_eq!(set(&place, "valid").stderr, "");
    let messages = String::from_utf8(place.read("messages")).unwrap();
    let lines: Vec<_> = messages.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], lines[1]);
    assert_ne!(lines[1], lines[2]);
}

/// What the command started ends with it.
#[test]
fn a_command_that_hangs_is_killed_with_its_children() {
    let place = place("(sleep 5; echo late >late) & echo $! >child; sleep 1000");
    let started = Instant::now();
    let said = set(&place, "suspended").stderr;
    assert!(started.elapsed() < Duration::from_secs(8));
    assert!(said.contains("it took longer than"), "{said}");
    let child = String::from_utf8(place.read("child")).unwrap();
    let state = format!("/proc/{}/stat", child.trim());
    let is_there = std::fs::read_to_string(state).is_ok_and(|state| !state.contains(") Z"));
    assert!(!is_there, "the child lives on");
    assert!(!place.path("late").exists());
}
