//! What a killed run left goes away with the next one, a day later.

use std::fs::{File, FileTimes};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use crate::harness::Place;

const FOLDERS: [&str; 3] = ["", "site", "site/statuslists"];

/// The leftovers in a folder.
fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let ours = |path: &PathBuf| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with(".statuslist-")
    };
    paths.filter(ours).collect()
}

fn age(path: &Path, hours: u64) {
    let time = SystemTime::now() - Duration::from_secs(hours * 3600);
    let times = FileTimes::new().set_modified(time);
    File::open(path).unwrap().set_times(times).unwrap();
}

/// Makes drafts and files such as killed runs leave, of this age.
fn leave(place: &Place, hours: u64) {
    for folder in FOLDERS {
        let draft = place.path(folder).join(".statuslist-aB3dE6.tmp");
        std::fs::create_dir(&draft).unwrap();
        let copy = draft.join("draft");
        std::fs::write(&copy, "half a copy").unwrap();
        let file = place.path(folder).join(".statuslist-aB3dE7.tmp");
        std::fs::write(&file, "half a token").unwrap();
        for path in [&copy, &draft, &file] {
            age(path, hours);
        }
    }
}

#[test]
fn leftovers_of_a_day_are_cleared_where_a_command_writes() {
    for (line, cleared) in [
        ("backup list.slist copy.slist", &FOLDERS[..1]),
        (
            "init new.slist --uri https://example.com/new/{n}.jwt",
            &FOLDERS[..1],
        ),
        ("publish list.slist --to site --key key.pem", &FOLDERS[1..]),
        ("publish list.slist --to site --key key.pem -n", &[]),
        (
            "init new.slist --uri https://example.com/new/{n}.jwt -n",
            &[],
        ),
        ("get list.slist 0/1 --history", &[]),
    ] {
        let place = Place::with_list();
        place.done("publish list.slist --to site --key key.pem");
        leave(&place, 23);
        place.line(line);
        for folder in FOLDERS {
            assert_eq!(leftovers(&place.path(folder)).len(), 2, "{line}: {folder}");
            for path in leftovers(&place.path(folder)) {
                if path.is_dir() {
                    age(&path.join("draft"), 25);
                }
                age(&path, 25);
            }
        }
        let _ = std::fs::remove_file(place.path("copy.slist"));
        let _ = std::fs::remove_file(place.path("new.slist"));
        place.line(line);
        for folder in FOLDERS {
            let left = if cleared.contains(&folder) { 0 } else { 2 };
            assert_eq!(
                leftovers(&place.path(folder)).len(),
                left,
                "{line}: {folder}"
            );
        }
    }
}

/// A backup of a list file that is held waits behind its draft, which is old by then.
#[test]
fn a_draft_that_somebody_works_at_stays_however_old() {
    let place = Place::with_list();
    let mut slow = None;
    for _ in 0..200 {
        let mut child = place
            .command()
            .args(["backup", "list.slist", "slow.slist"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = rustix::process::Pid::from_child(&child);
        while child.try_wait().unwrap().is_none() {
            if let [_] = leftovers(&place.path(""))[..] {
                rustix::process::kill_process(process, rustix::process::Signal::STOP).unwrap();
                break;
            }
        }
        std::thread::sleep(Duration::from_millis(2));
        if let [draft] = &leftovers(&place.path(""))[..]
            && draft.join("draft").exists()
        {
            slow = Some((child, draft.clone()));
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let _ = std::fs::remove_file(place.path("slow.slist"));
        for left in leftovers(&place.path("")) {
            std::fs::remove_dir_all(left).unwrap();
        }
    }
    let (mut child, draft) = slow.expect("a backup is stopped while it is written");
    let old = |path: &Path| {
        for entry in std::fs::read_dir(path).unwrap() {
            age(&entry.unwrap().path(), 48);
        }
        age(path, 48);
    };
    old(&draft);
    let held = place.line("backup list.slist one.slist");
    let stayed = draft.exists();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(held.code, 0, "{}", held.stderr);
    assert!(stayed, "the draft of a running backup is gone");
    old(&draft);
    place.done("backup list.slist two.slist");
    assert!(
        !draft.exists(),
        "the draft of a killed backup is still there"
    );
}
