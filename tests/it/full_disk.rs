//! Full disks, closed pipes and places that cannot be written: the file stays as it was, and the
//! error says whether the change was made.

use std::fs::{OpenOptions, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use statuslist::store::{Access, Store};

use crate::harness::{Place, Run};

const FILE: &str = "list.slist";

#[test]
fn full_disk_leaves_the_list_file_as_it_was() {
    let place = Place::with_list();
    let entry = first_entry(&place);
    let before = place.read(FILE);
    for arguments in [
        ["set", FILE, &entry, "revoked"].as_slice(),
        &["allocate", FILE, "--count", "100"],
        &["configure", FILE, "--ttl", "2h"],
    ] {
        // From no space at all to nearly enough: something else fails each time.
        for blocks in [0, 1, 8, 32, 64] {
            let run = limited(&place, blocks, arguments);
            assert_eq!(run.code, 4, "{arguments:?}, {blocks}: {}", run.stderr);
            assert_eq!(run.stdout, "");
            assert!(run.stderr.starts_with("error: cannot use the list file"));
            assert!(verify(&place.path(FILE)) == 2, "{arguments:?}, {blocks}");
            place.ok(&["get", FILE, &entry]);
            assert_eq!(names(&place), ["key.pem", FILE, "seed"]);
        }
    }
    assert!(place.read(FILE) == before, "a byte changed");
    place.ok(&["set", FILE, &entry, "revoked"]);
}

#[test]
fn full_disk_leaves_nothing_of_a_batch() {
    let place = Place::with_list_of(1, 10_000);
    let operations: String = (0..5_000)
        .map(|n| format!("{{\"op\":\"allocate\",\"tokenId\":\"t{n}\"}}\n"))
        .collect();
    place.write("ops.jsonl", operations);
    let before = place.read(FILE);
    let batch = ["batch", FILE, "ops.jsonl"];
    for blocks in [0, 8, 128, 200, 300] {
        let run = limited(&place, blocks, &batch);
        assert_eq!(run.code, 4, "{blocks}: {}", run.stderr);
        assert_eq!(run.stdout, "");
        assert_eq!(verify(&place.path(FILE)), 1, "{blocks}");
    }
    assert!(place.read(FILE) == before, "a byte changed");
    assert_eq!(place.ok(&batch).lines().count(), 5_000);
}

#[test]
fn full_disk_lets_no_half_list_file_or_backup_appear() {
    let place = Place::with_list();
    for blocks in [0, 16] {
        for arguments in [
            ["init", "new.slist", "--uri", "https://example.com/{n}.jwt"].as_slice(),
            &["backup", FILE, "new.slist"],
        ] {
            let run = limited(&place, blocks, arguments);
            assert_eq!(run.code, 4, "{arguments:?}: {}", run.stderr);
            assert_eq!(names(&place), ["key.pem", FILE, "seed"]);
        }
    }
}

#[test]
fn full_disk_leaves_a_site_as_it_was() {
    let place = Place::with_list();
    let entry = first_entry(&place);
    let publish = ["publish", FILE, "--to", "site", "--key", "key.pem"];
    place.ok(&publish);
    let token = "site/statuslists/0.jwt";
    let before = place.read(token);
    place.ok(&["set", FILE, &entry, "revoked"]);
    let run = limited(&place, 0, &publish);
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(place.read(token) == before, "the token changed");
    assert_eq!(
        std::fs::read_dir(place.path("site/statuslists"))
            .unwrap()
            .count(),
        1
    );
    place.ok(&publish);
    assert!(place.read(token) != before);
}

#[test]
fn results_that_a_full_device_swallows_are_printed_again_by_a_repetition() {
    let device = Path::new("/dev/full");
    if !device.exists() {
        // Not every system has it; the pipes of the next test are everywhere.
        return;
    }
    results_are_printed_again(|place, arguments| {
        let full = OpenOptions::new().write(true).open(device).unwrap();
        let mut command = place.command();
        command
            .args(arguments)
            .stdout(full)
            .output()
            .unwrap()
            .into()
    });
}

#[test]
fn results_that_a_closed_pipe_swallows_are_printed_again_by_a_repetition() {
    results_are_printed_again(with_closed_pipe);
}

fn results_are_printed_again(run: impl Fn(&Place, &[&str]) -> Run) {
    let place = Place::with_list();
    let allocate = ["allocate", FILE, "--count", "2", "--json"];
    check_repetition(&place, &allocate, &run(&place, &allocate), 2);
    let entry = first_entry(&place);
    let set = ["set", FILE, &entry, "suspended", "--json"];
    check_repetition(&place, &set, &run(&place, &set), 4);
}

#[test]
fn readers_end_silently_when_nobody_reads() {
    let place = Place::with_list();
    let entry = first_entry(&place);
    for arguments in [
        ["get", FILE, &entry].as_slice(),
        &["inspect", FILE],
        &["inspect", FILE, "--json"],
        &["--help"],
    ] {
        let run = with_closed_pipe(&place, arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn a_read_only_file_or_folder_can_be_read_and_not_changed() {
    let place = Place::with_list();
    let entry = first_entry(&place);
    place.ok(&["publish", FILE, "--to", "site", "--key", "key.pem"]);
    let root = place.path("");
    for (locked, mode) in [(root.clone(), 0o500), (place.path(FILE), 0o400)] {
        let before = std::fs::metadata(&locked).unwrap().permissions();
        std::fs::set_permissions(&locked, Permissions::from_mode(mode)).unwrap();
        let set = unprivileged(&place, &["set", FILE, &entry, "revoked"]);
        let allocate = unprivileged(&place, &["allocate", FILE]);
        let get = unprivileged(&place, &["get", FILE, &entry]);
        let inspect = unprivileged(&place, &["inspect", FILE]);
        let publish = [
            "publish", FILE, "--to", "site", "--key", "key.pem", "--renew",
        ];
        let publish = unprivileged(&place, &publish);
        std::fs::set_permissions(&locked, before).unwrap();
        for run in [set, allocate] {
            assert_eq!(run.code, 4);
            snapbox::assert_data_eq!(
                run.stderr,
                snapbox::str![[r"
error: cannot change 'list.slist'
because: the list file is read-only here
hint: it and its folder must be writable

"]]
            );
        }
        assert_eq!(get.code, 0, "{}", get.stderr);
        assert_eq!(inspect.code, 0, "{}", inspect.stderr);
        assert_eq!(publish.code, 0, "{}", publish.stderr);
        assert_eq!(verify(&place.path(FILE)), 2);
    }
}

#[test]
fn nothing_is_made_in_a_read_only_folder() {
    let place = Place::with_list();
    std::fs::create_dir(place.path("locked")).unwrap();
    let locked = place.path("locked");
    std::fs::set_permissions(&locked, Permissions::from_mode(0o500)).unwrap();
    for arguments in [
        [
            "init",
            "locked/a.slist",
            "--uri",
            "https://example.com/{n}.jwt",
        ]
        .as_slice(),
        &["backup", FILE, "locked/a.slist"],
        &["publish", FILE, "--to", "locked", "--key", "key.pem"],
        &["publish", FILE, "--to", "locked/site", "--key", "key.pem"],
        &["keygen", "locked/new.pem"],
    ] {
        let run = unprivileged(&place, arguments);
        assert_eq!(run.code, 4, "{arguments:?}: {}", run.stderr);
        assert_eq!(std::fs::read_dir(&locked).unwrap().count(), 0);
    }
}

/// A killed process left an unfinished write, and the place is read-only: to answer would need to
/// undo it.
#[test]
fn an_unfinished_write_on_a_read_only_place_is_named() {
    let place = Place::with_list();
    let entry = first_entry(&place);
    // Enough for the journal, but not for the file: the signal ends the process between the two.
    let limit = ["sh", "-c", "ulimit -f 100; exec \"$@\"", "sh"];
    let killed = through(&place, &limit, &["set", FILE, &entry, "revoked"]);
    assert_eq!(killed.code, -1, "{}", killed.stderr);
    let journal = place.path("list.slist-journal");
    assert!(journal.exists());
    for (locked, mode) in [(place.path(""), 0o500), (place.path(FILE), 0o400)] {
        let before = std::fs::metadata(&locked).unwrap().permissions();
        std::fs::set_permissions(&locked, Permissions::from_mode(mode)).unwrap();
        let run = unprivileged(&place, &["get", FILE, &entry]);
        std::fs::set_permissions(&locked, before).unwrap();
        assert_eq!(run.code, 4);
        snapbox::assert_data_eq!(
            run.stderr,
            snapbox::str![[r"
error: cannot read 'list.slist'
because: a killed process left an unfinished write, which cannot be undone on a read-only place
hint: open it once where it can be written; any command will do

"]]
        );
    }
    assert!(place.ok(&["get", FILE, &entry]).contains("valid (0)"));
    assert!(!journal.exists());
    assert_eq!(verify(&place.path(FILE)), 2);
}

/// The error after a commit names the revision and the operation id; with it, the command prints
/// what it did, and does nothing again.
fn check_repetition(place: &Place, arguments: &[&str], run: &Run, revision: i64) {
    assert_eq!(run.code, 4, "{}", run.stderr);
    let object = run.stderr.lines().last().unwrap();
    let error: Value = serde_json::from_str(object).unwrap();
    assert_eq!(error["code"], "IO");
    assert_eq!(error["details"]["outcome"], "committed");
    assert_eq!(error["details"]["revision"], revision);
    let id = error["details"]["operationId"].as_str().unwrap();
    let message = error["message"].as_str().unwrap();
    assert!(message.ends_with(&format!("committed as revision {revision}")));
    let hint = error["details"]["hint"].as_str().unwrap();
    assert!(hint.starts_with(&format!("repeat with --op-id {id}")));

    let again = [arguments, &["--op-id", id]].concat();
    let first = place.json(&again);
    assert_eq!(first, place.json(&again));
    assert_eq!(verify(&place.path(FILE)), revision);
}

/// Runs the program where no file may grow beyond this many blocks of 512 bytes: a full disk, for
/// which one need not be root.
pub(crate) fn limited(place: &Place, blocks: u64, arguments: &[&str]) -> Run {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    through(place, &["sh", "-c", &script, "sh"], arguments)
}

/// Runs the program bound by the permissions of files, which root is not unless it gives up the
/// capabilities to pass over them.
fn unprivileged(place: &Place, arguments: &[&str]) -> Run {
    if rustix::process::geteuid().is_root() {
        let drop = [
            "setpriv",
            "--inh-caps=-all",
            "--bounding-set=-dac_override,-dac_read_search",
        ];
        through(place, &drop, arguments)
    } else {
        place.run(arguments)
    }
}

/// Runs the program through another one.
fn through(place: &Place, wrapper: &[&str], arguments: &[&str]) -> Run {
    let command = place.command();
    let mut outer = Command::new(wrapper[0]);
    outer
        .args(&wrapper[1..])
        .arg(command.get_program())
        .args(arguments)
        .current_dir(place.path(""))
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            outer.env(name, value);
        }
    }
    outer.output().unwrap().into()
}

fn with_closed_pipe(place: &Place, arguments: &[&str]) -> Run {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = place
        .command()
        .args(arguments)
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = String::new();
    let mut pipe = child.stderr.take().unwrap();
    pipe.read_to_string(&mut stderr).unwrap();
    Run {
        stdout: String::new(),
        stderr,
        code: child.wait().unwrap().code().unwrap(),
    }
}

fn first_entry(place: &Place) -> String {
    let printed = place.ok(&["allocate", FILE]);
    printed.split('\t').next().unwrap().to_owned()
}

/// Checks a list file, and returns its newest revision.
fn verify(file: &Path) -> i64 {
    let store = Store::open(file, Access::Read, Duration::ZERO).unwrap();
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    snapshot.head().rev
}

fn names(place: &Place) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(place.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}
