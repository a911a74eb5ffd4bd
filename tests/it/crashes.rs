//! Writers killed at any moment: the file agrees with itself, what was acknowledged is there, and
//! the next command goes on as if nothing had happened.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;
use statuslist::store::{Access, Store};

use crate::harness::Place;

const FILE: &str = "list.slist";
const URI: &str = "https://example.com/statuslists/{n}.jwt";

const TOKEN: &str = "site/statuslists/0.jwt";

/// How often each command is killed.
pub(crate) const ROUNDS: u32 = 40;

/// More than a command takes on an idle machine.
const LONGEST: Duration = Duration::from_millis(6);

#[test]
fn set_killed_loses_nothing_acknowledged() {
    let place = Place::with_list();
    let entry = first_entry(&place);
    let mut killed = 0;
    for round in 0..ROUNDS {
        let before = place.json(&["get", FILE, &entry, "--json"])["status"].clone();
        let wanted = if before == 0 { "suspended" } else { "valid" };
        let printed = kill_one(&place, &["set", FILE, &entry, wanted, "--json"], round);
        let revision = verify(&place.path(FILE));
        match serde_json::from_str::<Value>(&printed) {
            // All of it was printed: the change is acknowledged, however the process ended.
            Ok(answer) => {
                assert_eq!(answer["revision"], revision);
                let status = &place.json(&["get", FILE, &entry, "--json"])["status"];
                assert_eq!(answer["currentStatus"], *status);
            }
            Err(_) => killed += 1,
        }
    }
    assert!(killed > 0, "every process was faster than its death");
}

#[test]
fn allocate_killed_gives_no_index_twice() {
    let place = Place::with_list();
    let mut given = HashSet::new();
    for round in 0..ROUNDS {
        let id = format!("round-{round}");
        let arguments = ["allocate", FILE, "--count", "5", "--op-id", &id];
        let first = kill_one(&place, &arguments, round);
        verify(&place.path(FILE));
        // To repeat it prints what the killed run committed, or commits it now.
        let again = place.ok(&arguments);
        assert!(
            again.starts_with(&first),
            "'{first}' does not begin '{again}'"
        );
        for line in again.lines() {
            assert!(given.insert(line.to_owned()), "{line} is given twice");
        }
    }
    assert_eq!(given.len(), 5 * ROUNDS as usize);
}

#[test]
fn init_killed_leaves_a_whole_file_or_none() {
    for round in 0..ROUNDS {
        let place = Place::new();
        kill_one(&place, &["init", FILE, "--uri", URI], round);
        if place.path(FILE).exists() {
            verify(&place.path(FILE));
        } else {
            place.ok(&["init", FILE, "--uri", URI]);
        }
        assert_private(&place.path(""));
    }
}

#[test]
fn backup_killed_leaves_a_whole_copy_or_none() {
    let place = Place::with_list();
    for round in 0..ROUNDS {
        let name = format!("copy-{round}.slist");
        kill_one(&place, &["backup", FILE, &name], round);
        if place.path(&name).exists() {
            verify(&place.path(&name));
            assert_eq!(place.run(&["allocate", &name]).code, 1, "it is not marked");
        } else {
            place.ok(&["backup", FILE, &name]);
        }
    }
    verify(&place.path(FILE));
    std::fs::remove_file(place.path("key.pem")).unwrap();
    std::fs::remove_file(place.path("seed")).unwrap();
    assert_private(&place.path(""));
}

/// What a kill would leave is looked at while the process is stopped, as often as it can be.
#[test]
fn backup_killed_leaves_no_copy_that_hands_out_entries() {
    let place = Place::with_list_of(1, 10_000);
    let operations: String = (0..5_000)
        .map(|n| format!("{{\"op\":\"allocate\",\"tokenId\":\"t{n}\"}}\n"))
        .collect();
    place.write("ops.jsonl", operations);
    place.ok(&["batch", FILE, "ops.jsonl"]);
    let (mut looks, mut whole) = (0, 0);
    for round in 0..6 {
        let to = format!("to-{round}");
        std::fs::create_dir(place.path(&to)).unwrap();
        let copy = format!("{to}/copy.slist");
        let mut child = place
            .command()
            .args(["backup", FILE, &copy])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Killed)
            .unwrap();
        let process = rustix::process::Pid::from_child(&child.0);
        while child.0.try_wait().unwrap().is_none() {
            rustix::process::kill_process(process, Signal::STOP).unwrap();
            // It stops when it is back from the kernel.
            thread::sleep(Duration::from_micros(300));
            let left = place.path(format!("{to}/left"));
            if let Some(draft) = copy_draft(&place.path(&to), &left) {
                looks += 1;
                if Store::open(&draft, Access::Write, Duration::ZERO).is_ok() {
                    let run = place.run(&["allocate", draft.to_str().unwrap()]);
                    assert_eq!(run.code, 1, "not marked: {}{}", run.stdout, run.stderr);
                    whole += 1;
                }
                std::fs::remove_dir_all(&left).unwrap();
            }
            rustix::process::kill_process(process, Signal::CONT).unwrap();
            thread::sleep(Duration::from_micros(50));
        }
        assert_eq!(place.run(&["allocate", &copy]).code, 1, "it is not marked");
        verify(&place.path(&copy));
    }
    assert!(looks > 20, "{looks} looks, {whole} of them at a whole copy");
}

/// A process that does not outlive the test, which would wait for ever for a stopped one.
struct Killed(std::process::Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Copies what lies in the folder of a draft, and returns the path of the draft's copy.
fn copy_draft(folder: &Path, to: &Path) -> Option<PathBuf> {
    let mut drafts = std::fs::read_dir(folder).unwrap().filter_map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name()?.to_str()?;
        name.starts_with(".statuslist-").then_some(path)
    });
    let draft = drafts.next()?;
    std::fs::create_dir(to).unwrap();
    for file in std::fs::read_dir(draft).unwrap() {
        let file = file.unwrap().path();
        std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
    Some(to.join("draft"))
}

#[test]
fn publish_killed_leaves_a_whole_token_and_the_next_one_heals() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    let entry = first_entry(&place);
    let index = entry.trim_start_matches("0/");
    let publish = ["publish", FILE, "--to", "site", "--key", "key.pem"];
    let inspect = ["inspect", TOKEN, "--key", "public.pem", "--entry", index];
    place.ok(&publish);
    for round in 0..ROUNDS {
        let status = ["suspended", "valid"][round as usize % 2];
        place.ok(&["set", FILE, &entry, status]);
        kill_one(&place, &publish, round);
        place.ok(&inspect);
        if round % 3 != 0 {
            place.ok(&publish);
            let shown = place.ok(&inspect);
            assert!(shown.contains(status), "no '{status}' in: {shown}");
        }
        verify(&place.path(FILE));
    }
}

#[test]
fn publish_killed_the_first_time_leaves_a_whole_token_or_none() {
    for round in 0..ROUNDS {
        let place = Place::with_list();
        let publish = ["publish", FILE, "--to", "site", "--key", "key.pem"];
        kill_one(&place, &publish, round);
        if place.path(TOKEN).exists() {
            place.ok(&["inspect", TOKEN]);
        }
        place.ok(&publish);
        assert!(place.run(&publish).stderr.starts_with("0 files written"));
    }
}

/// The process ended between the token and the manifest, which are written within one second.
#[test]
fn publish_killed_before_the_manifest_is_finished_by_the_next() {
    let place = Place::with_list();
    let entry = first_entry(&place);
    let publish = ["publish", FILE, "--to", "site", "--key", "key.pem"];
    let manifest = "site/statuslist-manifest.json";

    // The first time: there is no manifest.
    place.ok(&publish);
    std::fs::remove_file(place.path(manifest)).unwrap();
    place.ok(&publish);

    // Later: the manifest describes the token before.
    let before = place.read(manifest);
    place.ok(&["set", FILE, &entry, "suspended"]);
    place.ok(&publish);
    place.write(manifest, &before);
    place.ok(&publish);
    assert!(place.run(&publish).stderr.starts_with("0 files written"));

    // The same, and another change before the next publication.
    let before = place.read(manifest);
    place.ok(&["set", FILE, &entry, "valid"]);
    place.ok(&publish);
    place.write(manifest, &before);
    place.ok(&["set", FILE, &entry, "revoked"]);
    place.ok(&publish);
    assert!(place.run(&publish).stderr.starts_with("0 files written"));
}

/// Starts a command, kills it after a time that depends on the round, and returns what it printed.
pub(crate) fn kill_one(place: &Place, arguments: &[&str], round: u32) -> String {
    let mut child = place
        .command()
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Spread over the first milliseconds, in an order that is not that of the rounds.
    thread::sleep(LONGEST * (round * 17 % ROUNDS) / ROUNDS);
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Checks a list file, and returns its newest revision.
fn verify(file: &Path) -> i64 {
    let store = Store::open(file, Access::Read, Duration::ZERO).unwrap();
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    snapshot.head().rev
}

/// Everything that the tool left below a folder is for its owner alone.
fn assert_private(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.metadata().unwrap();
        assert_eq!(
            metadata.permissions().mode() & 0o077,
            0,
            "{}",
            path.display()
        );
        if metadata.is_dir() {
            assert_private(&path);
        }
    }
}

fn first_entry(place: &Place) -> String {
    let printed = place.ok(&["allocate", FILE]);
    printed.split('\t').next().unwrap().to_owned()
}
