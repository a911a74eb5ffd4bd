//! Reads that fail, as on a disk that is about to die: the list file is not called damaged, and
//! nobody is told to restore a backup over it. What makes them fail is loaded as Linux does it.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use statuslist::store::{Access, Store};

use crate::harness::{Place, Run};

const FILE: &str = "list.slist";

fn library(place: &Place) -> PathBuf {
    let library = place.path("failing.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/failing_reads/failing.c");
    let status = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .status()
        .expect("a C compiler is there: SQLite needs one too");
    assert!(status.success(), "the library does not compile");
    library
}

/// Runs a command of which the reads of the list file fail after so many.
fn failing(place: &Place, library: &Path, after: u32, arguments: &[&str]) -> Run {
    let mut command: Command = place.command();
    command
        .args(arguments)
        .arg("--json")
        .env("LD_PRELOAD", library)
        .env(
            "FAILING_FILE",
            std::fs::canonicalize(place.path(FILE)).unwrap(),
        )
        .env("FAILING_AFTER", after.to_string())
        .output()
        .unwrap()
        .into()
}

fn revision(place: &Place) -> i64 {
    let store = Store::open(&place.path(FILE), Access::Read, Duration::ZERO).unwrap();
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    snapshot.head().rev
}

#[test]
fn a_failing_read_is_no_damage() {
    let place = Place::with_list_of(2, 100_000);
    let operations: String = (0..300)
        .map(|n| format!("{{\"op\":\"allocate\",\"tokenId\":\"t{n}\",\"status\":\"suspended\"}}\n"))
        .collect();
    place.write("ops.jsonl", operations);
    place.ok(&["batch", FILE, "ops.jsonl"]);
    let library = library(&place);

    let commands: [&[&str]; 8] = [
        &["get", FILE, "id:t7", "--history"],
        &["inspect", FILE],
        &["sign", FILE, "--key", "key.pem"],
        &["publish", FILE, "--to", "site", "--key", "key.pem", "-n"],
        &["backup", FILE, "copy.slist"],
        &["set", FILE, "id:t7", "revoked", "-n"],
        &["allocate", FILE, "--token-id", "new", "-n"],
        &["restore", FILE, "--no-site"],
    ];
    for arguments in commands {
        let mut failed = 0;
        let mut after = 0;
        loop {
            let run = failing(&place, &library, after, arguments);
            if run.code != 4 {
                break;
            }
            let error: Value = serde_json::from_str(run.stderr.lines().last().unwrap()).unwrap();
            assert_eq!(error["code"], "IO", "{arguments:?}, {after}: {error}");
            assert_eq!(
                error["details"]["outcome"], "none",
                "{arguments:?}, {after}: {error}"
            );
            let text = run.stderr.to_lowercase();
            assert!(!text.contains("restore a backup"), "{text}");
            failed += 1;
            // Every read at the beginning, then here and there.
            after += 1 + after / 10;
        }
        assert!(failed > 5, "{arguments:?}: {failed}");
        assert_eq!(revision(&place), 2);
    }
}

/// While a change is written, too.
#[test]
fn a_failing_read_leaves_a_change_undone() {
    let place = Place::with_list();
    place.ok(&["allocate", FILE, "--token-id", "a"]);
    let library = library(&place);
    for after in 0.. {
        let run = failing(&place, &library, after, &["set", FILE, "id:a", "suspended"]);
        if run.code == 0 {
            assert!(after > 10, "{after}");
            break;
        }
        let error: Value = serde_json::from_str(run.stderr.lines().last().unwrap()).unwrap();
        assert_eq!(
            (run.code, &error["code"]),
            (4, &"IO".into()),
            "{after}: {error}"
        );
        assert_eq!(error["details"]["outcome"], "none", "{after}: {error}");
        assert_eq!(revision(&place), 2, "{after}");
    }
    assert_eq!(revision(&place), 3);
}
