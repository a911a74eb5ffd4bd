//! Many processes on one list file and on one site.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use statuslist::store::{Access, Store};

use crate::harness::Place;

const FILE: &str = "list.slist";
const WRITERS: usize = 8;

#[test]
fn every_change_of_eight_processes_is_there() {
    changes_of_eight_processes(25);
}

#[test]
#[ignore = "takes some seconds"]
fn every_one_of_1600_changes_of_eight_processes_is_there() {
    changes_of_eight_processes(200);
}

fn changes_of_eight_processes(changes: usize) {
    let place = Place::with_list();
    let entries = allocate(&place, WRITERS);
    thread::scope(|scope| {
        for (writer, entry) in entries.iter().enumerate() {
            let place = &place;
            scope.spawn(move || {
                for change in 0..changes {
                    let status = ["suspended", "valid"][change % 2];
                    let note = format!("{writer}-{change}");
                    place.ok(&["set", FILE, entry, status, "--note", &note]);
                }
            });
        }
    });
    // The first two revisions made the list and handed out the entries.
    let total = WRITERS * changes;
    assert_eq!(verify(&place), 2 + total as u64);
    let connection = rusqlite::Connection::open(place.path(FILE)).unwrap();
    let mut statement = connection
        .prepare("SELECT note FROM event WHERE op = 'set' ORDER BY rev")
        .unwrap();
    let notes: HashSet<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(notes.len(), total);
    for entry in &entries {
        let history = place.json(&["get", FILE, entry, "--history", "--json"]);
        assert_eq!(history["history"].as_array().unwrap().len(), changes);
    }
}

#[test]
fn no_index_is_given_twice_by_eight_processes() {
    const RUNS: usize = 15;
    let place = Place::with_list();
    let given: Vec<String> = thread::scope(|scope| {
        let one = || (0..RUNS).flat_map(|_| allocate(&place, 8)).collect();
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(one)).collect();
        let join = |writer: thread::ScopedJoinHandle<'_, Vec<String>>| writer.join().unwrap();
        writers.into_iter().flat_map(join).collect()
    });
    // 960 of 1,000 entries.
    assert_eq!(given.len(), WRITERS * RUNS * 8);
    assert_eq!(given.iter().collect::<HashSet<_>>().len(), given.len());
    verify(&place);
}

/// What a reader sees is one state of the file, and never an older one than before.
#[test]
fn readers_never_fail_and_never_see_half_a_change() {
    let place = Place::with_list();
    let entry = &allocate(&place, 1)[0];
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let seen = place.json(&["get", FILE, entry, "--history", "--json"]);
                    let history = seen["history"].as_array().unwrap();
                    // The status, the history and the note are of one state, which never goes back.
                    assert!(history.len() >= last);
                    last = history.len();
                    let expected = ["valid", "suspended"][last % 2];
                    assert_eq!(seen["statusName"], expected, "after {last} changes");
                    let newest = last.checked_sub(1).map(|number| number.to_string());
                    assert_eq!(seen["note"].as_str(), newest.as_deref());
                    place.ok(&["inspect", FILE]);
                }
            });
        }
        let writer = scope.spawn(|| {
            for change in 0..60 {
                let status = ["suspended", "valid"][change % 2];
                place.ok(&["set", FILE, entry, status, "--note", &change.to_string()]);
            }
        });
        let wrote = writer.join();
        done.store(true, Ordering::Relaxed);
        wrote.unwrap();
    });
}

#[test]
fn a_site_ends_at_the_newest_state_however_many_publish() {
    let place = Place::with_list();
    let entry = &allocate(&place, 1)[0];
    let publish = ["publish", FILE, "--to", "site", "--key", "key.pem"];
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    place.ok(&publish);
                }
            });
        }
        let writer = scope.spawn(|| {
            for change in 0..30 {
                place.ok(&["set", FILE, entry, ["suspended", "valid"][change % 2]]);
            }
            place.ok(&["set", FILE, entry, "revoked"]);
        });
        let wrote = writer.join();
        done.store(true, Ordering::Relaxed);
        wrote.unwrap();
    });
    place.ok(&publish);
    let index = entry.trim_start_matches("0/");
    let shown = place.ok(&["inspect", "site/statuslists/0.jwt", "--entry", index]);
    assert!(shown.contains("invalid (1)"), "{shown}");
    assert!(place.run(&publish).stderr.starts_with("0 files written"));
    verify(&place);
}

#[test]
fn a_file_that_somebody_holds_is_busy() {
    let place = Place::with_list();
    let entry = &allocate(&place, 1)[0];
    let holder = rusqlite::Connection::open(place.path(FILE)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    for arguments in [
        ["set", FILE, entry, "revoked", "--wait", "1s", "--json"].as_slice(),
        &["allocate", FILE, "--wait", "1s", "--json"],
    ] {
        let start = Instant::now();
        let run = place.run(arguments);
        let waited = start.elapsed();
        assert_eq!(run.code, 3, "{}", run.stderr);
        let error: Value = serde_json::from_str(&run.stderr).unwrap();
        assert_eq!(error["code"], "BUSY");
        assert_eq!(error["details"]["outcome"], "none");
        assert!(waited >= Duration::from_millis(900), "{waited:?}");
        assert!(waited < Duration::from_secs(10), "{waited:?}");
    }
    // Readers go on until the holder writes to the file itself.
    place.ok(&["get", FILE, entry]);
    holder.execute_batch("ROLLBACK").unwrap();
    place.ok(&["set", FILE, entry, "revoked", "--wait", "1s"]);
}

/// The queue is the lock of the folder: it is held while another process works.
#[test]
fn a_folder_that_somebody_holds_is_busy() {
    let place = Place::with_list();
    let folder = std::fs::File::open(place.path("")).unwrap();
    folder.lock().unwrap();
    let run = place.run(&["allocate", FILE, "--wait", "1s"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    let waiting = thread::scope(|scope| {
        let waiting = scope.spawn(|| place.run(&["allocate", FILE, "--wait", "1m"]));
        thread::sleep(Duration::from_millis(50));
        folder.unlock().unwrap();
        waiting.join().unwrap()
    });
    assert_eq!(waiting.code, 0, "{}", waiting.stderr);
}

/// Whoever had the turn meanwhile may have begun later: a token that is issued at the time when its
/// publisher began to wait would be older than what is there.
#[test]
fn a_publisher_that_waited_issues_at_the_time_of_its_turn() {
    let place = Place::with_list();
    std::fs::create_dir(place.path("site")).unwrap();
    let folder = std::fs::File::open(place.path("site")).unwrap();
    folder.lock().unwrap();
    let publisher = || {
        let mut command = place.command();
        command.env_remove("STATUSLIST_NOW");
        let line = "publish list.slist --to site --key key.pem --json";
        command.args(line.split(' ')).output().unwrap()
    };
    let (waiting, turn) = thread::scope(|scope| {
        let waiting = scope.spawn(publisher);
        thread::sleep(Duration::from_millis(1100));
        let turn = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        folder.unlock().unwrap();
        (waiting.join().unwrap(), turn.as_secs())
    });
    let stderr = String::from_utf8_lossy(&waiting.stderr);
    assert!(waiting.status.success(), "{stderr}");
    let manifest = place.read("site/statuslist-manifest.json");
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let issued = &manifest["entries"]["statuslists/0.jwt"]["iat"];
    assert!(issued.as_u64().unwrap() >= turn, "{issued} before {turn}");
}

/// Hands out entries, and returns their names.
fn allocate(place: &Place, count: usize) -> Vec<String> {
    let printed = place.ok(&["allocate", FILE, "--count", &count.to_string()]);
    let name = |line: &str| line.split('\t').next().unwrap().to_owned();
    printed.lines().map(name).collect()
}

/// Checks the list file, and returns its newest revision.
fn verify(place: &Place) -> u64 {
    let store = Store::open(&place.path(FILE), Access::Read, Duration::ZERO).unwrap();
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    u64::try_from(snapshot.head().rev).unwrap()
}
