//! The formats of the list file: each is read as it is, and taken to the newest one by the first
//! revision that is written.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use sha2::{Digest, Sha256};
use snapbox::str;
use statuslist::store::{Access, Store};

use crate::crashes::{ROUNDS, kill_one};
use crate::full_disk::{limited, unprivileged};
use crate::harness::{PRIVATE_KEY, Place};

const FILE: &str = "list.slist";
const UUID: &str = "id:67e55044-10b1-426f-9247-bb680e5fe0c8";
const TAKEN: &str =
    "the list file was taken to format 4; older versions of statuslist cannot read it\n";

/// A place with the file that a version with this format made, and with `key.pem`.
pub(crate) fn fixture(format: i64) -> Place {
    let place = Place::new();
    let name = format!("tests/fixtures/format-{format}.slist");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::copy(file, place.path(FILE)).unwrap();
    let private = Permissions::from_mode(0o600);
    std::fs::set_permissions(place.path(FILE), private).unwrap();
    place.copy_key(PRIVATE_KEY, "key.pem");
    place
}

fn format_of(place: &Place, name: &str) -> i64 {
    let connection = Connection::open(place.path(name)).unwrap();
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

fn verify(place: &Place, name: &str) -> i64 {
    let store = Store::open(&place.path(name), Access::Read, Duration::from_mins(1)).unwrap();
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    snapshot.head().rev
}

/// What both fixtures say of their entries: they were made by the same commands, but for the
/// documents of the second.
fn answers(place: &Place) {
    for (entry, list, index, status, note, reason) in [
        (
            "id:alpha",
            "0",
            130,
            "suspended",
            Some("second note"),
            "unspecified",
        ),
        (UUID, "0", 306, "invalid", None, "keyCompromise"),
        ("0/17", "0", 17, "valid", None, "unspecified"),
        ("0/826", "0", 826, "valid", None, "unspecified"),
    ] {
        let found = place.json(&["get", FILE, entry, "--json"]);
        assert_eq!(found["listId"], list);
        assert_eq!(found["idx"], index);
        assert_eq!(found["statusName"], status);
        assert_eq!(found["note"].as_str(), note);
        assert_eq!(found["reason"].as_str().unwrap_or("unspecified"), reason);
    }
    let beta = place.json(&["get", FILE, "id:beta", "--json"]);
    assert_eq!(
        (&beta["listId"], &beta["statusName"]),
        (&"1".into(), &"invalid".into())
    );
}

/// The file that the first release made, opened, asked and changed.
#[test]
fn format_1_is_read_and_written() {
    let place = fixture(1);
    answers(&place);
    let shown = place.json(&["inspect", FILE, "--json"]);
    assert_eq!(shown["revision"], 13);
    assert_eq!(shown["integrity"]["changes"], 6);
    assert_eq!(shown["integrity"]["allocations"], 7);

    place.ok(&["allocate", FILE, "--count", "2"]);
    place.ok(&["set", FILE, "id:alpha", "revoked"]);
    assert_eq!(place.run(&["set", FILE, UUID, "valid"]).code, 1);
    // The same operation as the one that made revision 9.
    place.ok(&["set", FILE, "17", "valid", "--op-id", "back-again"]);
    let shown = place.json(&["inspect", FILE, "--json"]);
    assert_eq!(shown["revision"], 15);
    assert_eq!(shown["integrity"]["changes"], 7);
}

/// The file that the first version with format 2 made, opened, asked and changed.
#[test]
fn format_2_is_read_and_written() {
    let place = fixture(2);
    answers(&place);
    let gamma = place.json(&["get", FILE, "id:gamma", "--json"]);
    assert_eq!(gamma["idx"], 381);
    let shown = place.json(&["inspect", FILE, "--json"]);
    assert_eq!(shown["revision"], 14);
    assert_eq!(shown["integrity"]["changes"], 6);
    assert_eq!(shown["integrity"]["allocations"], 8);

    // The fixture is a copy, which hands out nothing until it lives here.
    assert_eq!(place.run(&["allocate", FILE]).code, 1);
    let run = place.run(&["configure", FILE, "--moved"]);
    assert!(run.stderr.contains(TAKEN), "{}", run.stderr);
    assert_eq!(format_of(&place, FILE), 4);
    let run = place.run(&["allocate", FILE, "--count", "2"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("format"), "{}", run.stderr);
    place.ok(&["set", FILE, "id:alpha", "revoked"]);
    place.ok(&["set", FILE, "17", "valid", "--op-id", "back-again"]);
    assert_eq!(verify(&place, FILE), 17);
}

/// The file that the first version with format 3 made, with all that this format can hold, opened,
/// asked and changed.
#[test]
fn format_3_is_read_and_written() {
    let place = fixture(3);
    let shown = place.json(&["inspect", FILE, "--json"]);
    assert_eq!(shown["revision"], 13);
    let lists = shown["lists"].as_array().unwrap();
    let states = lists.iter().map(|list| list["state"].as_str().unwrap());
    let expected = [
        "closed", "closed", "retired", "open", "open", "spare", "spare",
    ];
    assert_eq!(states.collect::<Vec<_>>(), expected);
    assert_eq!(lists[1]["keptUntil"], "2029-01-01T00:00:00Z");
    assert_eq!(lists[6]["size"], 16);
    let later = place.json(&["get", FILE, "id:later", "--json"]);
    assert_eq!((&later["listId"], &later["idx"]), (&"1".into(), &0.into()));
    assert_eq!(later["expiresAt"], "2027-06-01T00:00:00Z");
    assert_eq!(later["keptUntil"], "2028-01-01T00:00:00Z");
    assert_eq!(later["reason"], "keyCompromise");
    // The purge took the token id of one entry of the group, and left its status.
    let family = place.json(&["get", FILE, "group:family", "--json"]);
    assert_eq!(family["count"], 2);
    assert_eq!(place.run(&["get", FILE, "id:beta"]).code, 1);
    assert_eq!(place.json(&["get", FILE, "0/6", "--json"])["status"], 1);

    assert_eq!(place.run(&["allocate", FILE]).code, 1);
    place.ok(&["configure", FILE, "--moved"]);
    let line = ["allocate", FILE, "--count", "9", "--allow-past", "--json"];
    let handed = place.json(&line);
    assert_eq!(handed["count"], 9);
    let five = [
        "allocate",
        FILE,
        "--count",
        "5",
        "--keep-until",
        "2028-01-01",
    ];
    let again = place.json(&[&five[..], &["--op-id", "five", "--json"]].concat());
    let indexes = again["allocations"].as_array().unwrap().iter();
    let indexes: Vec<_> = indexes.map(|one| one["idx"].as_u64().unwrap()).collect();
    assert_eq!(indexes, [7, 3, 2, 6, 0]);
    place.ok(&["set", FILE, "1/6", "suspended"]);
    assert_eq!(verify(&place, FILE), 16);
}

/// The file that the first version with format 4 made, with a receiver that took everything and one
/// that took nothing.
#[test]
fn format_4_is_read_and_written() {
    let place = fixture(4);
    let shown = place.json(&["inspect", FILE, "--json"]);
    assert_eq!(shown["revision"], 4);
    let hook = |name: &str| {
        format!(
            "[[hook]]\nname = '{name}'\ncommand = 'echo $STATUSLIST_EVENT >>told'\nevents = {}\n",
            crate::receiver::ALL
        )
    };
    place.write("told.toml", hook("takes everything"));
    place.done("set list.slist id:beta revoked --config told.toml");
    assert_eq!(place.read("told"), b"index.status_changed\n");
    std::fs::remove_file(place.path("told")).unwrap();
    place.write("told.toml", hook("takes nothing"));
    place.done("configure list.slist --moved --config told.toml");
    let told = String::from_utf8(place.read("told")).unwrap();
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        [
            "index.status_changed",
            "status_list.regenerated",
            "status_list.expired",
            "status_list.regenerated",
            "index.allocated",
            "status_list.capacity_warning",
            "index.status_changed",
        ]
    );
    assert_eq!(verify(&place, FILE), 6);
}

#[test]
fn questions_to_format_1_change_no_byte() {
    let place = fixture(1);
    let before = place.read(FILE);
    for line in [
        "get list.slist id:alpha --history",
        "get list.slist 0/17 --at 2026-01-01",
        "inspect list.slist",
        "sign list.slist --key key.pem --list 1",
        "backup list.slist copy.slist",
        "publish list.slist --to site --key key.pem --dry-run",
    ] {
        place.done(line);
        assert!(before == place.read(FILE), "{line}: a byte changed");
    }
    assert_eq!(format_of(&place, "copy.slist"), 1);
}

/// A publication is recorded in a table that format 1 has: it takes the file to no other format.
#[test]
fn a_publication_is_recorded_in_format_1() {
    let place = fixture(1);
    let run = place.line("publish list.slist --to site --key key.pem");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("recorded"), "{}", run.stderr);
    assert_eq!(format_of(&place, FILE), 1);
    let shown = place.json(&["inspect", FILE, "--json"]);
    assert_eq!(shown["published"].as_array().unwrap().len(), 2);
    // Its tally is made when the file is taken to the newest format.
    place.ok(&["set", FILE, "17", "suspended", "--list", "0"]);
    assert_eq!(format_of(&place, FILE), 4);
    assert_eq!(verify(&place, FILE), 14);
}

#[test]
fn a_request_that_changes_nothing_leaves_format_1_as_it_is() {
    let place = fixture(1);
    let before = place.read(FILE);
    for (line, code) in [
        ("set list.slist 0/17 suspended -n", 0),
        ("allocate list.slist --count 5 -n", 0),
        ("configure list.slist --ttl 30m -n", 0),
        ("set list.slist 0/17 valid", 0),
        ("set list.slist 0/17 valid --if suspended", 1),
        ("set list.slist 1/999 valid", 1),
        ("allocate list.slist --token-id alpha", 1),
        ("allocate list.slist --count 100000", 1),
        ("restore list.slist --no-site", 1),
    ] {
        let run = place.line(line);
        assert_eq!(run.code, code, "{line}: {}", run.stderr);
        assert!(before == place.read(FILE), "{line}: a byte changed");
    }
}

#[test]
fn the_first_revision_takes_format_1_to_the_newest_and_says_so() {
    let place = fixture(1);
    place.shows(
        "set list.slist 0/17 suspended -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
0/17: valid (0) -> suspended (2), revision 14; to make it visible: statuslist publish 'list.slist'
the list file was taken to format 4; older versions of statuslist cannot read it

"#]],
    );
    place.shows(
        "set list.slist 0/17 suspended",
        str![[r#"
--- stderr
0/17: valid (0) -> suspended (2), revision 14; to make it visible: statuslist publish 'list.slist'
the list file was taken to format 4; older versions of statuslist cannot read it

"#]],
    );
    assert_eq!(format_of(&place, FILE), 4);
    assert_eq!(verify(&place, FILE), 14);
    place.shows(
        "set list.slist 0/17 valid",
        str![[r#"
--- stderr
0/17: suspended (2) -> valid (0), revision 15; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    assert_eq!(verify(&place, FILE), 15);
}

#[test]
fn every_writing_command_takes_format_1_to_the_newest() {
    for line in [
        "allocate list.slist",
        "configure list.slist --ttl 30m",
        "batch list.slist ops.jsonl",
        "restore copy.slist --no-site",
    ] {
        let place = fixture(1);
        place.write(
            "ops.jsonl",
            "{\"op\":\"set\",\"tokenId\":\"alpha\",\"status\":\"valid\"}\n",
        );
        place.done("backup list.slist copy.slist");
        let run = place.line(line);
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        assert!(run.stderr.contains(TAKEN), "{line}: {}", run.stderr);
        let file = line.split(' ').nth(1).unwrap();
        assert_eq!(format_of(&place, file), 4);
        assert_eq!(verify(&place, file), 14);
    }
}

#[test]
fn a_full_disk_leaves_format_1() {
    let place = fixture(1);
    let before = place.read(FILE);
    let set = ["set", FILE, "0/17", "suspended"];
    let mut written = None;
    for blocks in (0..400).step_by(8) {
        let run = limited(&place, blocks, &set);
        if run.code == 0 {
            written = Some(blocks);
            break;
        }
        assert_eq!(run.code, 4, "{blocks}: {}", run.stderr);
        assert_eq!(verify(&place, FILE), 13, "{blocks}");
        assert!(before == place.read(FILE), "{blocks}: a byte changed");
    }
    // The file has 192 blocks, and the new tables are behind them.
    assert!(written.is_some_and(|blocks| blocks > 192), "{written:?}");
    assert_eq!(verify(&place, FILE), 14);
}

#[test]
fn a_crash_leaves_format_1_or_the_newest_whole() {
    let (mut one, mut two) = (0, 0);
    for round in 0..ROUNDS {
        let place = fixture(1);
        kill_one(&place, &["set", FILE, "0/17", "suspended"], round);
        let revision = verify(&place, FILE);
        match format_of(&place, FILE) {
            1 => one += i64::from(revision == 13),
            _ => two += i64::from(revision == 14),
        }
        place.ok(&["set", FILE, "0/17", "suspended"]);
        assert_eq!(verify(&place, FILE), 14);
    }
    assert_eq!(one + two, i64::from(ROUNDS));
    assert!(one > 0, "every process was faster than its death");
}

#[test]
fn processes_that_take_the_file_to_the_newest_format_at_once_do_it_once() {
    for _ in 0..4 {
        let place = fixture(1);
        let said: usize = thread::scope(|scope| {
            let writers: Vec<_> = (0..6)
                .map(|writer| {
                    let place = &place;
                    scope.spawn(move || {
                        let token = format!("writer-{writer}");
                        let run = place.run(&["allocate", FILE, "--token-id", &token]);
                        assert_eq!(run.code, 0, "{}", run.stderr);
                        usize::from(run.stderr.contains(TAKEN))
                    })
                })
                .collect();
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .sum()
        });
        assert_eq!(said, 1);
        assert_eq!(verify(&place, FILE), 19);
    }
}

/// A store that was opened before another process took the file to the newest format.
#[test]
fn a_file_that_was_migrated_since_it_was_opened_is_read_in_its_new_format() {
    let place = fixture(1);
    let early = Store::open(&place.path(FILE), Access::Read, Duration::ZERO).unwrap();
    assert_eq!(early.snapshot().unwrap().verify().unwrap().revisions, 13);
    place.ok(&["set", FILE, "0/17", "suspended"]);
    let snapshot = early.snapshot().unwrap();
    assert_eq!(snapshot.verify().unwrap().revisions, 14);
    assert!(snapshot.home().unwrap().is_some());
}

#[test]
fn a_read_only_file_of_format_1_is_read() {
    let place = fixture(1);
    for (locked, mode) in [(place.path(""), 0o500), (place.path(FILE), 0o400)] {
        let before = std::fs::metadata(&locked).unwrap().permissions();
        std::fs::set_permissions(&locked, Permissions::from_mode(mode)).unwrap();
        let get = unprivileged(&place, &["get", FILE, "id:alpha"]);
        let inspect = unprivileged(&place, &["inspect", FILE]);
        let set = unprivileged(&place, &["set", FILE, "id:alpha", "revoked"]);
        std::fs::set_permissions(&locked, before).unwrap();
        assert_eq!((get.code, inspect.code, set.code), (0, 0, 4));
        assert_eq!(format_of(&place, FILE), 1);
    }
}

/// The tables of one format with the number of the other.
#[test]
fn a_file_whose_tables_are_of_another_format_is_refused() {
    for (format, other) in [(1, 2), (1, 3), (2, 1), (2, 3), (3, 4), (4, 3)] {
        let place = fixture(format);
        let connection = Connection::open(place.path(FILE)).unwrap();
        connection
            .pragma_update(None, "user_version", other)
            .unwrap();
        drop(connection);
        let run = place.run(&["get", FILE, "id:alpha"]);
        assert_eq!(run.code, 4);
        assert!(
            run.stderr.contains("its schema differs at"),
            "{}",
            run.stderr
        );
    }
}

/// From what the chain covers, nobody can tell whether a guess at a token id or a note is right
/// once id and key are gone.
#[test]
fn token_ids_and_notes_stand_in_the_chain_under_keys() {
    let place = Place::with_list();
    let name = "alice@example.com";
    place.ok(&["allocate", FILE, "--token-id", name, "--note", "for alice"]);
    let entry = format!("id:{name}");
    place.ok(&["set", FILE, &entry, "revoked", "--note", "alice has left"]);
    let again = ["--note", "alice has left", "--op-id", "named"];
    place.ok(&[&["set", FILE, &entry, "revoked"], again.as_slice()].concat());
    assert_eq!(verify(&place, FILE), 4);

    let connection = Connection::open(place.path(FILE)).unwrap();
    let keys = |table: &str| -> Vec<[u8; 32]> {
        let mut statement = connection
            .prepare(&format!("SELECT key FROM {table}"))
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let (lists, revisions) = (keys("chain_key"), keys("revision_key"));
    assert_eq!((lists.len(), revisions.len()), (1, 4));
    let mut all = [lists, revisions].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 5, "a key is used twice");

    // What a request was is not there by its bare hash either.
    let bare = serde_json::to_string(&(
        "set",
        serde_json::json!({
            "entry": entry, "status": 1, "reason": null, "note": "alice has left",
            "since": null, "expected": null, "allow_final": false, "list": null,
        }),
    ));
    let bare: [u8; 32] = Sha256::digest(bare.unwrap()).into();
    let found: bool = connection
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM event WHERE request = ?1)",
            [bare],
            |row| row.get(0),
        )
        .unwrap();
    assert!(!found);
    // Repeated, the request is known all the same.
    let repeated = place.run(&[&["set", FILE, &entry, "revoked"], again.as_slice()].concat());
    assert_eq!((repeated.code, verify(&place, FILE)), (0, 4));
    let other = ["set", FILE, &entry, "revoked", "--op-id", "named"];
    assert_eq!(place.run(&other).code, 1);

    // Another key is another chain.
    for change in [
        "UPDATE chain_key SET key = zeroblob(32)",
        "UPDATE revision_key SET key = zeroblob(32) WHERE rev = 1",
        "DELETE FROM revision_key WHERE rev = 4",
        "DELETE FROM chain_key",
    ] {
        place.write("other.slist", place.read(FILE));
        let other = Connection::open(place.path("other.slist")).unwrap();
        other.execute_batch(change).unwrap();
        drop(other);
        let run = place.run(&["inspect", "other.slist"]);
        assert_eq!(run.code, 4, "{change}: {}", run.stdout);
    }
}
