//! A plain copy of a list file hands out nothing: its original hands out the same indexes.

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rusqlite::Connection;
use serde_json::Value;
use snapbox::str;

use crate::harness::Place;

/// A place with a list, an entry `a`, and a copy of the file.
fn copied() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    shell(&place, "cp -p list.slist copy.slist");
    place
}

#[track_caller]
fn shell(place: &Place, script: &str) {
    let status = Command::new("sh")
        .args(["-euc", script])
        .current_dir(place.path(""))
        .status();
    assert!(status.unwrap().success(), "{script}");
}

#[track_caller]
fn hands_out_nothing(place: &Place, file: &str) {
    let before = place.files();
    for options in ["", " -n", " --count 3", " --index 5", " --token-id new"] {
        let run = place.line(&format!("allocate {file}{options} --json"));
        assert_eq!(run.code, 1, "{options}: {}{}", run.stdout, run.stderr);
        let error = run.error();
        assert_eq!(error.code, "CONFLICT", "{options}: {}", run.stderr);
        assert_eq!(error.details["home"], "elsewhere");
    }
    for line in [
        "{\"op\":\"allocate\"}\n",
        "{\"op\":\"allocate\",\"tokenId\":\"new\"}\n{\"op\":\"set\",\"tokenId\":\"new\",\"status\":1}\n",
        "{\"op\":\"allocate\"}\nnot a line\n",
    ] {
        for options in [&["--json"][..], &["--skip-invalid", "--json"]] {
            let arguments = [&["batch", file][..], options].concat();
            let run = place.run_with_input(&arguments, line.as_bytes());
            assert_eq!(run.code, 1, "{line}: {}{}", run.stdout, run.stderr);
            assert_eq!(run.error().code, "CONFLICT", "{line}: {}", run.stderr);
        }
    }
    assert!(before == place.files(), "a file changed");
}

#[track_caller]
fn lives(place: &Place, file: &str) -> String {
    let shown: Value = place.json(&["inspect", file, "--json"]);
    shown["home"].as_str().unwrap().to_owned()
}

#[test]
fn a_copy_hands_out_no_entry() {
    let place = copied();
    place.refuses("allocate copy.slist", str![[r#"
--- stderr
error: 'copy.slist' does not live here, so it hands out no entries
because: it is a copy, or was moved from another file system or machine
because: the file that it comes from may hand out the same indexes
hint: if that file is gone for good: statuslist configure 'copy.slist' --moved; to use both: statuslist restore 'copy.slist' --copy; if it travels by design, one at a time: statuslist configure 'copy.slist' --anywhere
--- exit 1

"#]]);
    hands_out_nothing(&place, "copy.slist");
    place.shows("inspect copy.slist --entry id:a", str![[r#"
list file:  revision 2 of 2026-01-01T00:00:00Z
lives:      elsewhere
intact:     2 revisions, 0 changes, 1 allocation
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     open, 1 of 1000 entries allocated (0.1 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  valid (0)                1
revision:   2 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   1 at 2026-01-01T00:00:00Z: init by tester, 0 statuses
entry:      0/826 is valid (0)
--- stderr
warning: 'copy.slist' is a copy, or was moved from another file system or machine: it hands out no entries

"#]]);
    assert_eq!(lives(&place, "copy.slist"), "elsewhere");

    place.done("allocate list.slist");
    assert_eq!(lives(&place, "list.slist"), "here");
}

#[test]
fn a_copy_does_all_but_hand_out() {
    let place = copied();
    place.done("set copy.slist id:a suspended");
    place.done("get copy.slist id:a --is suspended");
    place.done("configure copy.slist --ttl 5m");
    place.done("sign copy.slist --key key.pem -o token");
    place.done("publish copy.slist --to site --key key.pem --new-site");
    place.done("backup copy.slist backup.slist");
    let input = b"{\"op\":\"set\",\"tokenId\":\"a\",\"status\":\"valid\"}\n";
    let run = place.run_with_input(&["batch", "copy.slist"], input);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // What was handed out before is told again.
    place.done("allocate copy.slist --token-id a --or-existing");
    hands_out_nothing(&place, "copy.slist");
}

#[test]
fn an_operation_that_is_repeated_in_a_copy_gives_its_results_and_nothing_else() {
    let place = Place::with_list();
    let first = place.done("allocate list.slist --op-id one");
    shell(&place, "cp list.slist copy.slist");
    assert_eq!(place.done("allocate copy.slist --op-id one"), first);
    assert_eq!(place.line("allocate copy.slist --op-id two").code, 1);
}

#[test]
fn two_copies_that_allocate_at_once_never_hand_out_the_same_index() {
    let place = copied();
    let allocate = |file: &str| -> Child {
        let mut command = place.command();
        command
            .args(["allocate", file, "--count", "2"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let mut seen = BTreeSet::new();
    for _ in 0..5 {
        let runs: Vec<_> = ["list.slist", "copy.slist", "list.slist", "copy.slist"]
            .map(|file| (file, allocate(file)))
            .into();
        for (file, child) in runs {
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.success(), file == "list.slist");
            for line in String::from_utf8(output.stdout).unwrap().lines() {
                let entry = line.split('\t').next().unwrap().to_owned();
                assert!(seen.insert(entry.clone()), "{entry} twice");
            }
        }
    }
    assert_eq!(seen.len(), 20);
}

#[test]
fn a_file_that_is_renamed_or_linked_is_at_home() {
    let place = Place::with_list();
    shell(&place, "mkdir folder; mv list.slist folder/other.slist");
    place.done("allocate folder/other.slist");
    shell(&place, "mv folder renamed");
    place.done("allocate renamed/other.slist");
    symlink("renamed/other.slist", place.path("soft.slist")).unwrap();
    place.done("allocate soft.slist");
    symlink("renamed", place.path("soft")).unwrap();
    place.done("allocate soft/other.slist");
    shell(&place, "ln renamed/other.slist hard.slist");
    place.done("allocate hard.slist");
    assert_eq!(lives(&place, "hard.slist"), "here");
    let other = Place::new();
    symlink(place.path("hard.slist"), other.path("link.slist")).unwrap();
    other.done("allocate link.slist");
}

#[test]
fn what_is_put_in_the_place_of_a_file_is_a_copy() {
    let place = copied();
    // As an editor, rsync, a checkout or the restoring of a cache does.
    shell(&place, "mv copy.slist list.slist");
    hands_out_nothing(&place, "list.slist");
    // A link that leads to another file than before.
    let place = copied();
    shell(&place, "ln -s list.slist link; ln -sf copy.slist link");
    hands_out_nothing(&place, "link");
}

#[test]
fn a_file_that_was_moved_says_so_once() {
    let place = copied();
    shell(&place, "rm list.slist");
    place.shows(
        "configure copy.slist --moved -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
configured, revision 3
'copy.slist' hands out entries here and nowhere else: a file that it was copied from must not be used any more

"#]],
    );
    hands_out_nothing(&place, "copy.slist");
    place.shows(
        "configure copy.slist --moved --op-id move",
        str![[r#"
--- stderr
configured, revision 3
'copy.slist' hands out entries here and nowhere else: a file that it was copied from must not be used any more

"#]],
    );
    let file = place.read("copy.slist");
    place.shows(
        "configure copy.slist --moved --op-id move",
        str![[r#"
--- stderr
warning: operation 'move' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed

"#]],
    );
    place.shows(
        "configure copy.slist --moved",
        str![[r#"
--- stderr
nothing differs from what the file says

"#]],
    );
    assert!(file == place.read("copy.slist"));
    assert_eq!(lives(&place, "copy.slist"), "here");
    place.done("allocate copy.slist");
    shell(&place, "cp copy.slist again.slist");
    hands_out_nothing(&place, "again.slist");
}

#[test]
fn a_file_that_travels_by_design_is_warned_of() {
    let place = copied();
    place.shows("configure copy.slist --anywhere", str![[r#"
--- stderr
warning: wherever a copy of 'copy.slist' is, it hands out the same indexes: use one at a time; to let it hand out entries in one place alone: statuslist configure 'copy.slist' --moved
configured, revision 3

"#]]);
    let file = place.read("copy.slist");
    place.done("configure copy.slist --anywhere");
    assert!(file == place.read("copy.slist"));
    shell(&place, "cp copy.slist traveller.slist");
    place.done("allocate traveller.slist");
    assert_eq!(lives(&place, "traveller.slist"), "anywhere");
    let inspected = place.line("inspect traveller.slist");
    let warning = "warning: 'traveller.slist' hands out entries wherever it is";
    assert!(inspected.stderr.contains(warning), "{}", inspected.stderr);

    // Until it settles down.
    place.done("configure traveller.slist --moved");
    place.done("allocate traveller.slist");
    shell(&place, "cp traveller.slist other.slist");
    hands_out_nothing(&place, "other.slist");
    assert_eq!(
        place.line("configure list.slist --moved --anywhere").code,
        2
    );
}

#[test]
fn a_restored_backup_lives_where_it_is() {
    let place = copied();
    place.done("backup list.slist backup.slist");
    shell(&place, "mkdir vault; cp backup.slist vault/backup.slist");
    place.done("restore vault/backup.slist --no-site");
    place.done("allocate vault/backup.slist");
    assert_eq!(lives(&place, "vault/backup.slist"), "here");
    shell(&place, "cp vault/backup.slist copy-of-it.slist");
    hands_out_nothing(&place, "copy-of-it.slist");
    let shown = place.json(&["inspect", "backup.slist", "--json"]);
    assert_eq!(shown["home"], Value::Null);
}

#[test]
fn a_file_of_an_older_format_lives_where_it_is_first_written() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-1.slist");
    for first in ["allocate list.slist", "set list.slist 0/17 suspended"] {
        let place = Place::new();
        std::fs::copy(&fixture, place.path("list.slist")).unwrap();
        assert_eq!(lives(&place, "list.slist"), "unknown");
        let before = place.read("list.slist");
        place.done(&format!("{first} -n"));
        assert!(before == place.read("list.slist"));
        place.done(first);
        assert_eq!(lives(&place, "list.slist"), "here");
        shell(&place, "cp list.slist copy.slist");
        hands_out_nothing(&place, "copy.slist");
        place.done("allocate list.slist");
    }
}

#[test]
fn a_home_that_was_changed_by_hand_is_seen() {
    for change in [
        "UPDATE home SET anywhere = 1",
        "UPDATE home SET inode = inode + 1",
        "UPDATE home SET born = NULL, machine = 'm'",
        "UPDATE home SET path = '''/tmp/x'''",
        "DELETE FROM home",
    ] {
        let place = Place::with_list();
        let file = Connection::open(place.path("list.slist")).unwrap();
        file.execute(change, []).unwrap();
        drop(file);
        let run = place.line("inspect list.slist --json");
        assert_eq!(run.error().code, "CORRUPT", "{change}: {}", run.stderr);
    }
}

/// The files of an image lie in a layer below; what a container writes to, it copies first. So two
/// containers of one image have a copy each, with the inode that the file had in the image.
#[test]
fn the_copy_that_a_container_makes_of_a_file_of_its_image_hands_out_nothing() {
    const SCRIPT: &str = r#"
        layer() {
            mkdir -p $1 upper-$1 work-$1
            mount -t overlay $1 -o lowerdir=$2,upperdir=upper-$1,workdir=work-$1 $1
        }
        mkdir below
        layer image below
        if test "$0" = probe; then exit; fi
        "$0" init image/list.slist --uri 'https://example.com/{n}.jwt'
        "$0" allocate image/list.slist
        umount image
        layer image below
        "$0" allocate image/list.slist
        umount image
        for box in one two; do
            layer $box upper-image
            if "$0" allocate $box/list.slist; then exit 9; fi
        done
        "$0" configure one/list.slist --moved
        "$0" allocate one/list.slist
        umount one
        # Without root, overlayfs forgets which inode a copy had below.
        if test "$1" = root; then
            layer one upper-image
            "$0" allocate one/list.slist
        fi
    "#;
    let root = rustix::process::geteuid().is_root();
    let run = |program: &str| {
        let place = Place::new();
        Command::new("unshare")
            .args([if root { "-m" } else { "-rm" }, "sh", "-euc", SCRIPT])
            .args([program, if root { "root" } else { "user" }])
            .current_dir(place.path(""))
            .output()
    };
    if !run("probe").is_ok_and(|output| output.status.success()) {
        let text = "no overlayfs here, skipped: layers of containers";
        let _ = writeln!(std::io::stderr(), "{text}");
        return;
    }
    let output = run(env!("CARGO_BIN_EXE_statuslist")).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let refused = stderr.matches("does not live here").count();
    assert_eq!(refused, 2, "{stderr}");
}
