//! `purge --token-ids`: names and notes of closed lists go for good, and nothing else.

use std::time::Duration;

use snapbox::str;
use statuslist::store::{Access, Store};

use crate::crashes::{ROUNDS, kill_one};
use crate::full_disk::limited;
use crate::harness::{Place, SEED};
use crate::shapes;

const PURGE: &str = "purge list.slist --token-ids";

/// A place with a list file whose only list is full: entries a, b and c of three, of which a is
/// revoked with a note.
fn place() -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done(
        "init list.slist --uri https://example.com/statuslists/{n}.jwt --bits 2 --size 3 \
         --seed-file seed",
    );
    let uuid = "550e8400-e29b-41d4-a716-446655440000";
    for token in ["holder-a", "holder-b", uuid] {
        place.done(&format!("allocate list.slist --token-id {token}"));
    }
    place.done("set list.slist id:holder-a revoked --note 'stolen from Alice'");
    place
}

fn verify(place: &Place, file: &str) -> i64 {
    let store = Store::open(&place.path(file), Access::Read, Duration::ZERO).unwrap();
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    snapshot.head().rev
}

fn holds(place: &Place, file: &str, bytes: &[u8]) -> bool {
    let found = place.read(file);
    found.windows(bytes.len()).any(|part| part == bytes)
}

#[test]
fn names_and_notes_of_a_full_list_go_and_its_statuses_stay() {
    let place = place();
    let publish = "publish list.slist --to site --key key.pem";
    place.done(publish);
    let index = place
        .decode::<shapes::Got>("get list.slist id:holder-b")
        .idx;
    let uuid = [0x55, 0x0e, 0x84, 0x00, 0xe2, 0x9b, 0x41, 0xd4];
    assert!(holds(&place, "list.slist", &uuid) && holds(&place, "list.slist", b"Alice"));
    place.shows(
        PURGE,
        str![[r#"
--- stderr
warning: backups and other copies of 'list.slist' still hold what was removed
list 0: 3 token ids, 0 names of groups and 1 note removed
purged with 1 note of a revision, revision 6

"#]],
    );
    for bytes in [b"holder-a".as_slice(), b"holder-b", &uuid, b"Alice"] {
        assert!(!holds(&place, "list.slist", bytes), "{bytes:?}");
    }
    assert_eq!(verify(&place, "list.slist"), 6);
    place.refuses(
        "get list.slist id:holder-b",
        str![[r#"
--- stderr
error: no entry has the token id 'holder-b'
hint: check the token id, and the file
--- exit 1

"#]],
    );
    place.done(&format!("set list.slist {index} suspended --note 'of Bob'"));
    place.done(publish);
    let line = format!("inspect site/statuslists/0.jwt --key public.pem --entry {index}");
    let token: shapes::Token = place.decode(&line);
    assert_eq!(token.entry.unwrap().status, 2);
    let shown: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!(shown.revisions[1].operation, "purge");
    assert!(!shown.revisions[1].visible);
    // What came after the purge goes with the next one.
    assert!(holds(&place, "list.slist", b"of Bob"));
    place.done(PURGE);
    assert!(!holds(&place, "list.slist", b"of Bob"));
    assert_eq!(verify(&place, "list.slist"), 8);
    place.shows(
        PURGE,
        str![[r#"
--- stderr
nothing is there to be purged

"#]],
    );
    assert_eq!(verify(&place, "list.slist"), 8);
}

#[test]
fn a_list_that_hands_out_entries_keeps_its_names() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id holder-a");
    for (line, said) in [
        (
            "purge list.slist --token-ids --list 0",
            str![[r#"
--- stderr
error: list 0 is open: it is not purged
because: only of lists that hand out no more entries the names can go
--- exit 1

"#]],
        ),
        (
            "purge list.slist --token-ids --list 7",
            str![[r#"
--- stderr
error: the series has no list 7
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
        ),
        (
            "purge list.slist",
            str![[r#"
--- stderr
error: the following required arguments were not provided:
  --token-ids

Usage: statuslist purge --token-ids --actor <WHO> --now <TIME> <FILE>

For more information, try '--help'.
--- exit 2

"#]],
        ),
    ] {
        place.refuses(line, said);
    }
    let before = place.files();
    place.shows(
        PURGE,
        str![[r#"
--- stderr
nothing is there to be purged

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn a_backup_is_not_purged_and_keeps_what_it_has() {
    let place = place();
    place.done("backup list.slist copy.slist");
    place.refuses(
        "purge copy.slist --token-ids",
        str![[r#"
--- stderr
error: 'copy.slist' is a backup, which cannot be changed
because: its original may have handed out the same indexes since
hint: to use it in place of the original: statuslist restore 'copy.slist'
--- exit 1

"#]],
    );
    place.done(PURGE);
    assert!(holds(&place, "copy.slist", b"holder-a"));
}

#[test]
fn a_dry_run_counts_and_removes_nothing() {
    let place = place();
    let before = place.files();
    place.shows(
        &format!("{PURGE} -n"),
        str![[r#"
--- stderr
warning: backups and other copies of 'list.slist' still hold what was removed
dry run: nothing was changed; without -n:
list 0: 3 token ids, 0 names of groups and 1 note removed
purged with 1 note of a revision, revision 6

"#]],
    );
    let json = place.done(&format!("{PURGE} -n --json"));
    let lists = r#"[{"listId":"0","tokenIds":3,"groupEntries":0,"notes":1}]"#;
    let counts = r#""revisionNotes":1,"keptNotes":0,"revision":6,"dryRun":true"#;
    assert_eq!(
        json,
        format!("{{\"schema\":1,\"lists\":{lists},{counts}}}\n")
    );
    assert!(before == place.files());
}

#[test]
fn a_repetition_gives_the_first_answer_and_what_was_purged_is_no_other_request() {
    let place = place();
    place.done("set list.slist id:holder-b suspended --op-id suspend-b");
    let first = place.done(&format!("{PURGE} --op-id purge-1 --json"));
    let again = place.line(&format!("{PURGE} --op-id purge-1 --json"));
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(again.of_the_first_time(), first);
    assert_eq!(verify(&place, "list.slist"), 7);
    place.refuses(
        "set list.slist id:holder-b suspended --op-id suspend-b",
        str![[r#"
--- stderr
error: operation id 'suspend-b' belongs to revision 6, and a purge removed what it was for
hint: it was done; what entries are now, their indexes tell: statuslist get FILE INDEX
--- exit 1

"#]],
    );
    place.refuses(
        &format!("{PURGE} --list 0 --op-id purge-1"),
        str![[r#"
--- stderr
error: operation id 'purge-1' belongs to another request, revision 7
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

/// Revisions of format 1 have their notes in the chain as they are.
#[test]
fn notes_of_format_1_stay_and_the_answer_says_so() {
    let place = Place::new();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/format-1.slist");
    std::fs::copy(fixture, place.path("list.slist")).unwrap();
    let shown: shapes::ListFile = place.decode("inspect list.slist");
    let closed = shown
        .lists
        .iter()
        .any(|list| list.state == "closed" || list.state == "full");
    assert!(closed, "{:?}", shown.lists);
    place.shows(
        PURGE,
        str![[r#"
--- stderr
warning: 4 notes of format 1 cannot be removed: the chain has them as they are
warning: backups and other copies of 'list.slist' still hold what was removed
list 0: 2 token ids, 0 names of groups and 0 notes removed
purged with 0 notes of revisions, revision 14
the list file was taken to format 4; older versions of statuslist cannot read it

"#]],
    );
    verify(&place, "list.slist");
}

#[test]
fn a_full_disk_before_the_last_step_leaves_the_file_as_it_was() {
    let place = place();
    let before = place.read("list.slist");
    for blocks in [0, 8] {
        let run = limited(&place, blocks, &["purge", "list.slist", "--token-ids"]);
        assert_eq!(run.code, 4, "{blocks}: {}", run.stderr);
        assert!(before == place.read("list.slist"), "{blocks}");
        assert_eq!(verify(&place, "list.slist"), 5);
    }
    place.done(PURGE);
}

#[test]
fn a_killed_process_leaves_all_names_or_none() {
    let place = place();
    let mut purged = 0;
    for round in 0..ROUNDS {
        let name = format!("copy-{round}.slist");
        std::fs::copy(place.path("list.slist"), place.path(&name)).unwrap();
        kill_one(&place, &["purge", &name, "--token-ids"], round);
        let rev = verify(&place, &name);
        let found = place.line(&format!("get {name} id:holder-a")).code;
        assert_eq!((rev, found), if rev == 5 { (5, 0) } else { (6, 1) });
        purged += u32::from(rev == 6);
        // The next one writes the file anew, whatever the first one did.
        place.done(&format!("purge {name} --token-ids"));
        assert!(!holds(&place, &name, b"holder-a"));
        assert_eq!(verify(&place, &name), 6);
        std::fs::remove_file(place.path(&name)).unwrap();
    }
    assert!(purged < ROUNDS, "every process was faster than its death");
}
