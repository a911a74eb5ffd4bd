//! What a list file keeps beside its log, changed by hand: the log says otherwise.

use std::time::Duration;

use rusqlite::Connection;
use statuslist::disk;
use statuslist::list::{ListNumber, Seed};
use statuslist::store::{
    Access, Ancestor, Backups, Home, ListState, NewList, OperationId, Stamp, Store, Work,
    prepare_file,
};

use crate::formats::fixture;
use crate::harness::{NOW, Place};

const FILE: &str = "list.slist";

fn tamper(place: &Place, sql: &str) {
    let connection = Connection::open(place.path(FILE)).unwrap();
    let sql = format!("PRAGMA foreign_keys = OFF; {sql}");
    connection.execute_batch(&sql).unwrap();
}

#[track_caller]
fn corrupt(place: &Place, line: &str, change: &str) {
    let before = place.read(FILE);
    let run = place.line(&format!("{line} --json"));
    assert_eq!(run.code, 4, "{change}: {line}: {}", run.stdout);
    assert_eq!(run.error().code, "CORRUPT", "{change}: {line}");
    assert_eq!(run.error().details["outcome"], "none");
    assert!(before == place.read(FILE), "{change}: {line}");
}

/// A list of which 20 entries are handed out, in two revisions, and 2 out of turn.
fn place() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --count 12 --expires-at 2027-01-01T00:00:00Z");
    place.done("allocate list.slist --index 7");
    place.done("allocate list.slist --count 8");
    place.done("allocate list.slist --index 9 --token-id x");
    place.done("set list.slist id:x revoked");
    place.done("publish list.slist --to site --key key.pem");
    place
}

/// Ten indexes would be handed out twice.
#[test]
fn a_cursor_that_was_moved_back_is_seen_by_allocate_and_inspect() {
    for change in [
        "UPDATE alloc_run SET count = 2 WHERE n = 12; UPDATE list SET cursor = 14, taken = 16",
        "DELETE FROM alloc_run WHERE n = 12; UPDATE list SET cursor = 12, taken = 14",
        "DELETE FROM alloc_run; UPDATE list SET cursor = 0, taken = 2",
        "UPDATE alloc_run SET count = 9 WHERE n = 12; UPDATE list SET cursor = 21, taken = 23",
        "UPDATE list SET cursor = 10, taken = 12",
        "UPDATE list SET taken = 10",
        "UPDATE list SET seed = zeroblob(32)",
        "UPDATE list SET state = 'spare'",
        "UPDATE list SET rev = 1",
    ] {
        let place = place();
        tamper(&place, change);
        for line in [
            "inspect list.slist",
            "allocate list.slist",
            "allocate list.slist --index 20",
            "allocate list.slist --token-id y -n",
            "batch list.slist ops.jsonl",
        ] {
            place.write("ops.jsonl", "{\"op\":\"allocate\"}\n");
            corrupt(&place, line, change);
        }
    }
}

/// The revisions of format 1 do not say what they left; the last run is held against its own.
#[test]
fn a_cursor_that_was_moved_back_in_format_1_is_seen_by_allocate_and_inspect() {
    // Three entries in the first run, two in the second, one out of turn: list 0 is closed since.
    // One entry in list 1.
    let reopen = "UPDATE list SET state = 'open' WHERE list_id = 0;";
    for change in [
        "UPDATE alloc_run SET count = 1 WHERE n = 3; UPDATE list SET cursor = 4 WHERE list_id = 0",
        "UPDATE alloc_run SET count = 9 WHERE n = 3; UPDATE list SET cursor = 12 WHERE list_id = 0",
        "UPDATE list SET cursor = 3 WHERE list_id = 0",
        "UPDATE alloc_run SET rev = 2 WHERE n = 3",
        "UPDATE alloc_run SET expires = 1 WHERE n = 3",
    ] {
        let place = fixture(1);
        tamper(&place, &format!("{reopen} {change}"));
        corrupt(&place, "inspect list.slist", change);
        corrupt(&place, "allocate list.slist --list 0", change);
        corrupt(&place, "allocate list.slist --list 0 --index 1", change);
    }
    let place = fixture(1);
    place.done("allocate list.slist --list 1");
    place.done("inspect list.slist");
}

#[test]
fn runs_that_the_log_does_not_say_are_seen_by_inspect() {
    for change in [
        "UPDATE alloc_run SET rev = 3 WHERE n = 12",
        "UPDATE alloc_run SET rev = 99 WHERE n = 12",
        "UPDATE alloc_run SET expires = 1 WHERE n = 12",
        "UPDATE alloc_run SET expires = NULL WHERE n = 0",
        "UPDATE alloc_run SET count = 5 WHERE n = 0; UPDATE alloc_run SET n = 5, count = 15 WHERE n = 12",
        "INSERT INTO alloc_run VALUES (0, 20, 1, 4, NULL)",
    ] {
        let place = place();
        tamper(&place, change);
        corrupt(&place, "inspect list.slist", change);
    }
}

#[test]
fn other_values_that_the_log_does_not_say_are_seen_by_inspect() {
    for change in [
        "UPDATE meta SET copied_at = 1",
        "INSERT INTO copy VALUES (7, 1)",
        "INSERT INTO copy VALUES (3, 1)",
        "DELETE FROM published",
        "UPDATE published SET rev = 1",
        "UPDATE published SET rev = 99",
        "UPDATE published SET exp = exp + 1",
        "UPDATE published SET iat = iat + 1",
        "UPDATE published SET sha256 = zeroblob(32)",
        "UPDATE published SET target = '/elsewhere'",
        "UPDATE published SET list_id = 1",
        "UPDATE tally SET published = 0",
        "INSERT INTO ancestor VALUES ('statuslists/0.jwt', zeroblob(32), 1)",
        "INSERT OR REPLACE INTO home VALUES (1, 1, 1, NULL, NULL, NULL, 1)",
        "INSERT INTO chain_key VALUES (7, zeroblob(32))",
        "INSERT INTO revision_key VALUES (99, zeroblob(32))",
    ] {
        let place = place();
        place.done("inspect list.slist");
        tamper(&place, change);
        corrupt(&place, "inspect list.slist", change);
    }
}

/// The mark keeps a copy from handing out what its original hands out.
#[test]
fn the_mark_of_a_backup_that_was_taken_away_is_seen_by_inspect() {
    let place = place();
    place.done("backup list.slist copy.slist");
    std::fs::rename(place.path("copy.slist"), place.path(FILE)).unwrap();
    place.done("inspect list.slist");
    for change in [
        "UPDATE meta SET copied_at = NULL",
        "UPDATE meta SET copied_at = copied_at + 1",
    ] {
        let marked = place.read(FILE);
        tamper(&place, change);
        corrupt(&place, "inspect list.slist", change);
        place.write(FILE, marked);
    }
    place.done("restore list.slist --no-site");
    place.done("inspect list.slist");
    place.done("backup list.slist again.slist");
    place.done("inspect again.slist");
    // Changed as if it were no backup.
    tamper(&place, "INSERT INTO copy VALUES (2, 1)");
    corrupt(
        &place,
        "inspect list.slist",
        "a revision after a backup that is no restoration",
    );
}

fn stamp(operation: &'static str) -> Stamp {
    Stamp {
        operation,
        operation_id: OperationId::Random(operation.to_owned()),
        request: [0; 32],
        actor: "tester".to_owned(),
        note: String::new(),
        now: NOW.parse().unwrap(),
        receivers: Vec::new(),
    }
}

fn open(place: &Place, name: &str) -> Store {
    Store::open(&place.path(name), Access::Write, Duration::ZERO).unwrap()
}

/// A new file is recorded while it is a draft: the name it gets is another, the file is the same.
#[test]
fn the_home_of_a_new_file_is_where_it_ends() {
    let place = Place::with_list();
    let series = open(&place, FILE).snapshot().unwrap().series().clone();
    let register = series.register();
    let work = Work {
        new_lists: vec![NewList {
            number: ListNumber::FIRST,
            width: register.width,
            size: register.size,
            default_status: register.default_status,
            seed: Seed::new([7; 32]),
            uris: vec![(
                series.views[0].view,
                "https://example.com/statuslists/0.jwt".to_owned(),
            )],
            state: ListState::Open,
        }],
        ..Work::default()
    };
    let new = place.path("new.slist");
    let made = prepare_file(&new, "lineage", &series, &stamp("init"), work).unwrap();
    made.keep().unwrap();
    let store = open(&place, "new.slist");
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    let home = snapshot.home().unwrap().unwrap();
    assert!(!home.anywhere);
    assert!(home.identity.is(&disk::FileIdentity::of(&new).unwrap()));
    let renamed = place.path("renamed.slist");
    std::fs::rename(&new, &renamed).unwrap();
    assert!(home.identity.is(&disk::FileIdentity::of(&renamed).unwrap()));
}

#[test]
fn a_home_and_ancestors_are_recorded_as_a_revision() {
    for (name, format) in [(FILE, 2), ("list-1.slist", 1)] {
        let place = Place::with_list();
        if format == 1 {
            place.write(name, fixture(1).read(FILE));
        }
        let store = open(&place, name);
        let chain = [9; 32];
        let ancestor = Ancestor {
            path: "statuslists/0.jwt".to_owned(),
            chain,
        };
        let before = store.snapshot().unwrap();
        assert_eq!(before.adopted_by(&ancestor.path, &chain).unwrap(), None);
        assert_eq!(before.home().unwrap().is_some(), format == 2);
        drop(before);
        let home = Home {
            anywhere: true,
            identity: disk::FileIdentity::of(&place.path(name)).unwrap(),
        };
        let work = Work {
            ancestors: vec![ancestor.clone()],
            home: Some(home.clone()),
            ..Work::default()
        };
        assert!(!work.is_empty());
        let lock = store.lock(Backups::Refused).unwrap();
        let revision = lock
            .prepare(&stamp("restore"), work)
            .unwrap()
            .keep()
            .unwrap();
        assert!(revision.kept && !revision.visible);
        assert_eq!(revision.migrated.is_some(), format == 1);
        let snapshot = store.snapshot().unwrap();
        snapshot.verify().unwrap();
        assert_eq!(snapshot.home().unwrap(), Some(home));
        let adopted = |path, chain| snapshot.adopted_by(path, chain).unwrap();
        assert_eq!(adopted(&ancestor.path, &chain), Some(revision.rev));
        assert_eq!(adopted("statuslists/1.jwt", &chain), None);
        assert_eq!(adopted(&ancestor.path, &[8; 32]), None);
        drop(snapshot);
        drop(store);
        place.write(FILE, place.read(name));
        let whole = place.read(FILE);
        for change in [
            "UPDATE home SET anywhere = 0",
            "DELETE FROM home",
            "DELETE FROM ancestor",
            "UPDATE ancestor SET chain = zeroblob(32)",
            "UPDATE ancestor SET path = 'statuslists/1.jwt'",
            "UPDATE ancestor SET rev = 1",
        ] {
            tamper(&place, change);
            corrupt(&place, "inspect list.slist", change);
            place.write(FILE, &whole);
        }
    }
}

/// A view whose row is gone, or has another name, is not left out of a site without a word.
#[test]
fn a_list_without_a_view_of_its_series_is_not_published() {
    for change in [
        "UPDATE list_view SET view = 'cwt'",
        "UPDATE list_view SET view = 'jwu'",
        "DELETE FROM list_view",
    ] {
        let place = place();
        tamper(&place, change);
        corrupt(&place, "publish list.slist --to site --key key.pem", change);
        corrupt(&place, "sign list.slist --key key.pem", change);
    }
}
