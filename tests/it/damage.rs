//! Files that are damaged, changed by other programs, of another version, or no list files at
//! all: refused with a reason, and never a wrong status.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;
use statuslist::list::EntryName;
use statuslist::store::{Access, Store, StoreError};

use crate::harness::{Place, Run};

const FILE: &str = "list.slist";

/// A list with two entries, of which the first is revoked.
fn place() -> (Place, [String; 2]) {
    let place = Place::with_list();
    let printed = place.ok(&["allocate", FILE, "--count", "2"]);
    let entries: Vec<_> = printed
        .lines()
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect();
    place.ok(&["set", FILE, &entries[0], "revoked", "--note", "lost"]);
    (place, entries.try_into().unwrap())
}

/// Changes a list file as only another program would.
fn tamper(place: &Place, sql: &str) {
    let connection = Connection::open(place.path(FILE)).unwrap();
    connection.execute_batch(sql).unwrap();
}

/// Changes rows that triggers protect, and puts the trigger back.
fn tamper_past(place: &Place, trigger: &str, sql: &str) {
    let connection = Connection::open(place.path(FILE)).unwrap();
    let protection: String = connection
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = ?1",
            [trigger],
            |row| row.get(0),
        )
        .unwrap();
    let sql = format!("PRAGMA foreign_keys = OFF; DROP TRIGGER {trigger}; {sql}; {protection}");
    connection.execute_batch(&sql).unwrap();
}

fn refused(run: &Run, reason: &str) {
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.contains(reason),
        "no '{reason}' in: {}",
        run.stderr
    );
}

#[test]
fn a_flipped_bit_in_a_shard_is_refused() {
    let (place, entries) = place();
    tamper(
        &place,
        "UPDATE shard SET data = unhex(replace(substr(hex(data), 1, 498), '0', '4') || \
         substr(hex(data), 499))",
    );
    for arguments in [
        ["get", FILE, &entries[0]].as_slice(),
        &["get", FILE, &entries[1]],
        &["set", FILE, &entries[1], "revoked"],
        &["inspect", FILE],
        &["sign", FILE, "--key", "key.pem"],
        &["publish", FILE, "--to", "site", "--key", "key.pem"],
    ] {
        let run = place.run(arguments);
        refused(&run, "because: the checksum of shard 0 of list 0 is wrong");
    }
    let error = place.run(&["get", FILE, &entries[0], "--json"]).stderr;
    let error: Value = serde_json::from_str(&error).unwrap();
    assert_eq!(error["code"], "CORRUPT");
}

#[test]
fn a_lost_shard_is_refused() {
    let (place, entries) = place();
    tamper(&place, "DELETE FROM shard");
    refused(&place.run(&["get", FILE, &entries[0]]), "error: cannot use");
    refused(&place.run(&["inspect", FILE]), "error: cannot use");
    let publish = ["publish", FILE, "--to", "site", "--key", "key.pem"];
    refused(&place.run(&publish), "error: cannot use");
}

/// Each would change what entries mean that nobody has set.
#[test]
fn an_altered_list_is_refused() {
    let registered = "because: list 0 has not the bits";
    for (change, because) in [
        ("default_status = 1", registered),
        ("bits = 4", registered),
        (
            "size = 1001",
            "because: the lists are not as revision 3 left them",
        ),
    ] {
        let (place, entries) = place();
        tamper(
            &place,
            &format!("DELETE FROM shard; UPDATE list SET {change}"),
        );
        for arguments in [["get", FILE, &entries[1]].as_slice(), &["inspect", FILE]] {
            refused(&place.run(arguments), because);
        }
    }
}

/// Settings, seeds, uris and states are in the log too.
#[test]
fn what_the_log_does_not_say_is_refused_by_inspect() {
    for change in [
        "UPDATE meta SET config = replace(config, 'https://example.com\",', 'https://evil.example\",')",
        "UPDATE list_view SET uri = 'https://evil.example/0.jwt'",
        "UPDATE list SET seed = zeroblob(32)",
        "UPDATE list SET state = 'closed'",
        "UPDATE list SET rev = 1",
    ] {
        let (place, _) = place();
        let before = place.read(FILE);
        tamper(&place, change);
        assert!(before != place.read(FILE), "{change} changed nothing");
        refused(&place.run(&["inspect", FILE]), "because: ");
    }
}

#[test]
fn an_altered_change_is_refused() {
    let (place, entries) = place();
    tamper_past(&place, "change_no_update", "UPDATE change SET new = 2");
    refused(
        &place.run(&["get", FILE, &entries[0]]),
        "has status invalid (1), but its newest change says suspended (2)",
    );
    refused(&place.run(&["inspect", FILE]), "revision 3");
}

#[test]
fn an_altered_event_is_refused() {
    for (column, value) in [
        ("note", "'found'"),
        ("actor", "'somebody else'"),
        ("ts", "ts + 1"),
        ("op_id", "'other'"),
        ("body", "'{\"other\":1}'"),
        ("visible", "0"),
        ("request", "zeroblob(32)"),
        ("digest", "zeroblob(32)"),
        ("chain", "zeroblob(32)"),
    ] {
        let (place, _) = place();
        let sql = format!("UPDATE event SET {column} = {value} WHERE rev = 3");
        tamper_past(&place, "event_no_update", &sql);
        refused(&place.run(&["inspect", FILE]), "because: ");
    }
}

#[test]
fn removed_events_are_refused() {
    let (place, _) = place();
    tamper_past(&place, "event_no_delete", "DELETE FROM event WHERE rev = 2");
    refused(&place.run(&["inspect", FILE]), "because: ");
}

/// One bit of the file flipped, at thousands of places: either an error, or the very statuses
/// that were there.
#[test]
fn no_flipped_bit_shows_a_wrong_status() {
    let (place, entries) = place();
    let bytes = place.read(FILE);
    let names: Vec<EntryName> = entries.iter().map(|name| name.parse().unwrap()).collect();
    let statuses = |file: &Path| -> Result<Vec<u8>, StoreError> {
        let store = Store::open(file, Access::Read, Duration::ZERO)?;
        let snapshot = store.snapshot()?;
        names
            .iter()
            .map(|name| Ok(snapshot.status(snapshot.find(name, None)?)?.value()))
            .collect()
    };
    let flipped = place.path("flipped.slist");
    let (mut refused, mut same) = (0, 0);
    // A prime, so that every bit of a byte and every place of a page is met.
    for bit in (0..bytes.len() * 8).step_by(797) {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        place.write("flipped.slist", &damaged);
        match statuses(&flipped) {
            Err(_) => refused += 1,
            Ok(found) => {
                assert_eq!(found, [1, 0], "bit {bit}");
                same += 1;
            }
        }
    }
    assert!(
        refused > 20 && same > 20,
        "{refused} refused, {same} the same"
    );
}

#[test]
fn a_foreign_schema_is_refused() {
    for (sql, name) in [
        ("CREATE TABLE extra (a)", "'extra'"),
        ("CREATE VIEW extra AS SELECT 1", "'extra'"),
        ("CREATE INDEX extra ON event (actor)", "'extra'"),
        (
            "CREATE TRIGGER extra AFTER INSERT ON change BEGIN DELETE FROM shard; END",
            "'extra'",
        ),
        ("DROP TRIGGER change_no_delete", "change_no_delete"),
    ] {
        let (place, entries) = place();
        tamper(&place, sql);
        for arguments in [["get", FILE, &entries[0]].as_slice(), &["allocate", FILE]] {
            let run = place.run(arguments);
            refused(&run, "because: its schema differs at");
            refused(&run, name);
        }
    }
}

#[test]
fn a_newer_format_is_refused() {
    let (place, entries) = place();
    tamper(&place, "PRAGMA user_version = 5");
    for arguments in [
        ["get", FILE, &entries[0]].as_slice(),
        &["set", FILE, &entries[0], "revoked"],
        &["inspect", FILE],
    ] {
        let run = place.run(arguments);
        assert_eq!(run.code, 4);
        snapbox::assert_data_eq!(
            run.stderr,
            snapbox::str![[r"
error: cannot use 'list.slist' as a list file
because: format version 5 is newer than 4, the newest that this program knows
hint: use a newer version of statuslist

"]]
        );
    }
}

#[test]
fn another_journal_mode_is_refused() {
    let (place, entries) = place();
    tamper(&place, "PRAGMA journal_mode = WAL");
    let run = place.run(&["get", FILE, &entries[0]]);
    assert_eq!(run.code, 4);
    snapbox::assert_data_eq!(
        run.stderr,
        snapbox::str![[r"
error: cannot use 'list.slist' as a list file
because: its journal mode is wal: another program changed it
hint: if an interrupted backup left it, make the backup again; else: sqlite3 'list.slist' 'PRAGMA journal_mode=DELETE'

"]]
    );
    tamper(&place, "PRAGMA journal_mode = DELETE");
    place.ok(&["get", FILE, &entries[0]]);
}

#[test]
fn what_is_no_list_file_is_refused() {
    let place = Place::new();
    place.write("empty", "");
    place.write("text", "hello\n");
    place.write("beginning", "SQLite format 3\0");
    std::fs::create_dir(place.path("folder")).unwrap();
    let other = Connection::open(place.path("other")).unwrap();
    other.execute_batch("CREATE TABLE other (a)").unwrap();
    for (name, reason) in [
        ("empty", "because: it is empty"),
        ("text", "because: it is no SQLite database"),
        ("beginning", "because: it is no SQLite database"),
        ("folder", "because: it is a folder"),
        ("other", "because: it is the database of another program"),
        ("/dev/null", "because: it is no regular file"),
        ("missing", "error: there is no list file 'missing'"),
    ] {
        for arguments in [
            ["get", name, "1"].as_slice(),
            &["set", name, "1", "revoked"],
            &["allocate", name],
            &["backup", name, "copy"],
            &["restore", name, "--no-site"],
        ] {
            refused(&place.run(arguments), reason);
        }
    }
    assert_eq!(place.read("text"), b"hello\n");
}

#[test]
fn a_list_file_on_standard_input_is_refused() {
    let place = Place::with_list();
    let run = place.run_with_input(&["inspect", "-"], &place.read(FILE));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    snapbox::assert_data_eq!(
        run.stderr,
        snapbox::str![["
error: standard input is a list file
hint: a list file is inspected by its name

"]]
    );
}
