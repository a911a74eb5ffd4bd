//! `inspect` of a list file: settings, use, statuses, revisions, publications.

use snapbox::str;

use crate::harness::{NOW, Place};
use crate::shapes;

#[test]
fn a_list_file_in_use() {
    let place = Place::with_list();
    place.shows(
        "inspect list.slist",
        str![[r#"
list file:  revision 1 of 2026-01-01T00:00:00Z
lives:      here
intact:     1 revision, 0 changes, 0 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     open, 0 of 1000 entries allocated (0.0 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
revision:   1 at 2026-01-01T00:00:00Z: init by tester, 0 statuses

"#]],
    );
    place.done("allocate list.slist --token-id a --token-id b --token-id c");
    place.done("set list.slist id:a revoked --note 'card lost'");
    place.done("set list.slist id:b suspended");
    place.done("configure list.slist --meta team=cards --aggregation-uri https://example.com/all");
    place.done("publish list.slist --to site --key key.pem");
    place.shows("inspect list.slist --entry id:a", str![[r#"
list file:  revision 5 of 2026-01-01T00:00:00Z
lives:      here
intact:     5 revisions, 2 changes, 3 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
aggregated: https://example.com/all
view:       jwt at https://example.com/statuslists/{n}.jwt
meta:       team=cards
list 0:     open, 3 of 1000 entries allocated (0.3 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  valid (0)                1
  invalid (1)              1
  suspended (2)            1
revision:   5 at 2026-01-01T00:00:00Z: configure by tester, 0 statuses
revision:   4 at 2026-01-01T00:00:00Z: set by tester, 1 status
revision:   3 at 2026-01-01T00:00:00Z: set by tester, 1 status: card lost
revision:   2 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   1 at 2026-01-01T00:00:00Z: init by tester, 0 statuses
published:  list 0 as jwt, revision 5, issued 2026-01-01T00:00:00Z, expires 2026-01-08T00:00:00Z, in PLACE/site
entry:      0/826 is invalid (1)

"#]]);
    let file: shapes::ListFile = place.decode("inspect list.slist --entry 0/785");
    assert_eq!(
        (file.kind.as_str(), file.revision, file.entry.as_deref()),
        ("list-file", 5, Some("0/785 is suspended (2)"))
    );
    let counts: Vec<_> = file.lists[0]
        .statuses
        .iter()
        .map(|c| (c.status, c.entries))
        .collect();
    assert_eq!(counts, [(0, 1), (1, 1), (2, 1)]);
    assert_eq!(
        file.integrity,
        shapes::Integrity {
            revisions: 5,
            changes: 2,
            allocations: 3
        }
    );
    assert_eq!(file.published.len(), 1);
    place.refuses(
        "inspect list.slist --entry 5",
        str![[r#"
--- stderr
error: entry 0/5 is not allocated
because: only entries that were handed out have a status
hint: check the index, and the file
--- exit 1

"#]],
    );
}

#[test]
fn nothing_secret_is_in_it() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id secret-name");
    let shown = place.json(&["inspect", "list.slist", "--json"]).to_string();
    assert!(
        !shown.contains("secret-name") && !shown.contains("seed"),
        "{shown}"
    );
}

#[test]
fn a_file_that_others_can_read_gets_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_list();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(place.path("list.slist"), open).unwrap();
    let run = place.line("inspect list.slist");
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
warning: others can read 'list.slist', which holds the list's secrets: chmod 600 'list.slist'

"#]]
    );
}

#[test]
fn what_is_no_list_file() {
    let place = Place::with_list();
    place.write("empty", "");
    place.write("text", "hello");
    std::fs::create_dir(place.path("folder")).unwrap();
    place.refuses(
        "get empty 1",
        str![[r#"
--- stderr
error: cannot use 'empty' as a list file
because: it is empty
--- exit 4

"#]],
    );
    place.refuses(
        "get text 1",
        str![[r#"
--- stderr
error: cannot use 'text' as a list file
because: it is no SQLite database
--- exit 4

"#]],
    );
    place.refuses(
        "get folder 1",
        str![[r#"
--- stderr
error: cannot use 'folder' as a list file
because: it is a folder without a list file
hint: name a file in it; or make a list file in it: statuslist init FILE --uri TEMPLATE
--- exit 4

"#]],
    );
    place.refuses(
        "get missing 1",
        str![[r#"
--- stderr
error: there is no list file 'missing'
hint: make one: statuslist init 'missing' --uri TEMPLATE
--- exit 4

"#]],
    );
    place.refuses(
        "set /dev/null 1 revoked",
        str![[r#"
--- stderr
error: cannot use '/dev/null' as a list file
because: it is no regular file
--- exit 4

"#]],
    );
    let database = rusqlite::Connection::open(place.path("other.db")).unwrap();
    database.execute_batch("CREATE TABLE x (y)").unwrap();
    drop(database);
    place.refuses(
        "inspect other.db",
        str![[r#"
--- stderr
error: cannot use 'other.db' as a list file
because: it is the database of another program
--- exit 4

"#]],
    );
}

fn tampered(sql: &str) -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked");
    let database = rusqlite::Connection::open(place.path("list.slist")).unwrap();
    database.execute_batch(sql).unwrap();
    place
}

#[test]
fn a_newer_format() {
    tampered("PRAGMA user_version = 5").refuses(
        "inspect list.slist",
        str![[r#"
--- stderr
error: cannot use 'list.slist' as a list file
because: format version 5 is newer than 4, the newest that this program knows
hint: use a newer version of statuslist
--- exit 4

"#]],
    );
}

#[test]
fn a_schema_that_somebody_changed() {
    tampered("CREATE TABLE extra (x)").refuses(
        "set list.slist id:a revoked --note x",
        str![[r#"
--- stderr
error: cannot use 'list.slist' as a list file
because: its schema differs at 'extra': another program changed it
hint: restore a backup; if this is a copy, make it again with: statuslist backup
--- exit 4

"#]],
    );
}

#[test]
fn a_history_that_somebody_changed() {
    let place = tampered(
        "PRAGMA writable_schema = ON;
         CREATE TEMP TABLE kept AS SELECT sql FROM sqlite_master WHERE type = 'trigger';
         DELETE FROM sqlite_master WHERE type = 'trigger'",
    );
    place.refuses("inspect list.slist", str![[r#"
--- stderr
error: cannot use 'list.slist' as a list file
because: its schema differs at 'CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END': another program changed it
hint: restore a backup; if this is a copy, make it again with: statuslist backup
--- exit 4

"#]]);
}

#[test]
fn a_damaged_file() {
    let place = Place::with_list();
    let mut bytes = place.read("list.slist");
    let end = bytes.len();
    bytes[end / 2..].fill(0xAA);
    place.write("list.slist", &bytes);
    let run = place.line("inspect list.slist --json");
    assert_eq!((run.code, run.error().code.as_str()), (4, "CORRUPT"));
    bytes.truncate(1000);
    place.write("list.slist", &bytes);
    assert_eq!(
        place.line("inspect list.slist --json").error().code,
        "CORRUPT"
    );
}

#[test]
fn a_file_that_somebody_else_holds() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    let database = rusqlite::Connection::open(place.path("list.slist")).unwrap();
    database.execute_batch("BEGIN EXCLUSIVE").unwrap();
    // No file is read here meanwhile: that would drop this process's locks.
    place.shows(
        "set list.slist id:a revoked --wait 1s",
        str![[r#"
--- stderr
error: 'list.slist' is in use
because: another process holds it
hint: try again, or wait longer: --wait 5m
--- exit 3

"#]],
    );
    assert_eq!(
        place
            .line("get list.slist id:a --wait 1s --json")
            .error()
            .code,
        "BUSY"
    );
    database.execute_batch("ROLLBACK").unwrap();
    place.done("set list.slist id:a revoked --wait 1s");
}

/// What a revision says later, in notes of the issuer too, makes no list.
#[test]
fn each_list_says_where_it_is_and_when_it_was_made() {
    let place = Place::with_list();
    place.done("configure list.slist --meta lists=[] --now 2026-01-01T00:00:00Z");
    place.run(&[
        "configure",
        "list.slist",
        "--meta",
        r#"x="lists":[{"list":0}]"#,
    ]);
    place.done("allocate list.slist --count 3");
    place.done("backup list.slist copy.slist");
    place.done("restore copy.slist --no-site --now 2026-02-01T00:00:00Z");
    let file: shapes::ListFile = place.decode("inspect copy.slist");
    let lists: Vec<_> = file
        .lists
        .iter()
        .map(|list| (list.uri.as_str(), list.created_at.as_str(), list.allocated))
        .collect();
    assert_eq!(
        lists,
        [
            ("https://example.com/statuslists/0.jwt", NOW, 3),
            (
                "https://example.com/statuslists/1.jwt",
                "2026-02-01T00:00:00Z",
                0
            ),
        ]
    );
}
