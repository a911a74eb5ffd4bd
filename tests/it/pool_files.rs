//! The files of a pool: what is one, what is none, and what becomes of a pool with a bad one.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use rusqlite::Connection;
use serde::Deserialize;
use snapbox::str;

use crate::harness::Place;
use crate::pools::{make, place, three};

/// A pool of three with an entry `a` in `pid`.
fn with_entry() -> Place {
    let place = three();
    place.done("allocate pool --for urn:eudi:pid:1 --token-id a");
    place
}

/// The entry `a` by its uri.
fn uri_of(place: &Place, token: &str) -> String {
    let shown = place.json(&["get", "pool", &format!("id:{token}"), "--json"]);
    format!("{}#{}", shown["uri"].as_str().unwrap(), shown["idx"])
}

#[test]
fn a_folder_without_a_list_file_is_no_pool() {
    let place = place();
    place.write("pool/notes.txt", "text");
    place.write("ops", "id:a\n");
    for line in [
        "allocate pool",
        "set pool id:a revoked",
        "get pool id:a",
        "publish pool --to site --key key.pem",
        "inspect pool",
        "batch pool ops --status revoked",
    ] {
        let run = place.line(line);
        assert_eq!(run.code, 4, "{line}: {}", run.stderr);
    }
    place.refuses(
        "allocate pool",
        str![[r#"
--- stderr
error: cannot use 'pool' as a list file
because: it is a folder without a list file
hint: name a file in it; or make a list file in it: statuslist init FILE --uri TEMPLATE
--- exit 4

"#]],
    );
    place.refuses(
        "inspect pool",
        str![[r#"
--- stderr
error: cannot use 'pool' as a list file
because: it is a folder without a list file
hint: name a file in it; or make a list file in it: statuslist init FILE --uri TEMPLATE
--- exit 4

"#]],
    );
}

/// Each way in which a file of a pool cannot be asked.
fn spoil(place: &Place, how: &str) {
    let bad = place.path("pool/bad.slist");
    match how {
        "empty" => place.write("pool/bad.slist", ""),
        "text" => place.write("pool/bad.slist", "not a list file"),
        "other" => {
            let connection = Connection::open(&bad).unwrap();
            connection.execute_batch("CREATE TABLE x (y)").unwrap();
        }
        "newer" => {
            make(place, "bad", "");
            let connection = Connection::open(&bad).unwrap();
            connection.pragma_update(None, "user_version", 99).unwrap();
        }
        "damaged" => {
            make(place, "bad", "");
            let mut bytes = fs::read(&bad).unwrap();
            bytes.truncate(4096);
            fs::write(&bad, bytes).unwrap();
        }
        "folder" => fs::create_dir(&bad).unwrap(),
        "pipe" => {
            let mode = rustix::fs::Mode::from_raw_mode(0o600);
            rustix::fs::mkfifoat(rustix::fs::CWD, &bad, mode).unwrap();
        }
        "device" => symlink("/dev/zero", &bad).unwrap(),
        "dangling" => symlink("nothing", &bad).unwrap(),
        "circle" => symlink("bad.slist", &bad).unwrap(),
        other => panic!("{other}"),
    }
}

const SPOILT: [&str; 10] = [
    "empty", "text", "other", "newer", "damaged", "folder", "pipe", "device", "dangling", "circle",
];

#[test]
fn nothing_is_handed_out_while_a_file_cannot_be_asked() {
    for how in SPOILT {
        let place = with_entry();
        spoil(&place, how);
        let before = place.files();
        for line in [
            "allocate pool",
            "allocate pool --for urn:eudi:pid:1",
            "allocate pool --for urn:eudi:pid:1 --op-id x",
            "allocate pool --token-id a --or-existing",
            "publish pool --to site --key key.pem",
            "set pool id:a revoked",
            "set pool id:b revoked",
            "get pool id:b",
        ] {
            let run = place.line(&format!("{line} --json"));
            assert_eq!(run.code, 4, "{how}: {line}: {}", run.stderr);
            let error = run.error();
            assert_eq!(
                error.details["unread"][0], "pool/bad.slist",
                "{how}: {line}"
            );
            assert!(before == place.files(), "{how}: {line}");
        }
        let uri = uri_of(&place, "a");
        assert_eq!(place.line("get pool id:a").code, 0, "{how}");
        let run = place.line(&format!("set pool {uri} revoked"));
        assert_eq!(run.code, 0, "{how}: {}", run.stderr);
        assert!(run.stderr.contains("bad.slist"), "{how}: {}", run.stderr);
        assert_eq!(place.line("inspect pool").code, 4, "{how}");
    }
}

#[test]
fn what_cannot_be_asked_is_named() {
    let place = with_entry();
    let uri = uri_of(&place, "a");
    place.write("pool/text.slist", "not a list file");
    spoil(&place, "newer");
    place.refuses("allocate pool --for urn:eudi:pid:1", str![[r#"
--- stderr
error: the pool 'pool' hands out nothing while a file of it cannot be asked
because: cannot use 'pool/bad.slist' as a list file: format version 99 is newer than 4, the newest that this program knows
because: 'pool/text.slist' is no list file: it is no SQLite database
hint: mend it, or move it away; or name the list file
--- exit 4

"#]]);
    place.refuses("publish pool --to site --key key.pem", str![[r#"
--- stderr
error: the pool 'pool' is not published while a file of it cannot be asked
because: cannot use 'pool/bad.slist' as a list file: format version 99 is newer than 4, the newest that this program knows
because: 'pool/text.slist' is no list file: it is no SQLite database
hint: mend it, or move it away; or name the list files
--- exit 4

"#]]);
    place.refuses("set pool id:a revoked", str![[r#"
--- stderr
error: 'id:a' is not set while a file of the pool 'pool' cannot be asked
because: cannot use 'pool/bad.slist' as a list file: format version 99 is newer than 4, the newest that this program knows
because: 'pool/text.slist' is no list file: it is no SQLite database
hint: mend it, or move it away; or name the entry by its uri, or the list file
--- exit 4

"#]]);
    place.refuses("get pool id:b", str![[r#"
--- stderr
error: 'id:b' is in no list file of the pool 'pool' that can be asked
because: cannot use 'pool/bad.slist' as a list file: format version 99 is newer than 4, the newest that this program knows
because: 'pool/text.slist' is no list file: it is no SQLite database
hint: mend it, or move it away
--- exit 4

"#]]);
    place.shows("get pool id:a", str![[r#"
file:       'pool/pid.slist'
entry:      0/1
status:     valid (0)
uri:        https://example.com/pid/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
--- stderr
warning: cannot use 'pool/bad.slist' as a list file: format version 99 is newer than 4, the newest that this program knows: it was not asked
warning: 'pool/text.slist' is no list file: it is no SQLite database: it was not asked

"#]]);
    place.shows(&format!("set pool {uri} revoked"), str![[r#"
--- stderr
warning: cannot use 'pool/bad.slist' as a list file: format version 99 is newer than 4, the newest that this program knows: it was not asked
warning: 'pool/text.slist' is no list file: it is no SQLite database: it was not asked
0/1: valid (0) -> invalid (1), revision 3; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]]);
    place.shows(
        "inspect pool",
        str![[r#"
FILE                 BOUND TO               LISTS   USED    TOKENS         NEXT
'pool/bad.slist'     format version 99 is newer than 4, the newest that this program knows
'pool/mdl.slist'     org.iso.18013.5.1.mDL  1 open  0 of 4  not published  publish
'pool/pid.slist'     urn:eudi:pid:1         1 open  1 of 4  not published  publish
'pool/shared.slist'  all types              1 open  0 of 4  not published  publish
'pool/text.slist'    no list file: it is no SQLite database
--- stderr
error: 2 files of the pool could not be asked
hint: mend what is named above, or move it away
--- exit 4

"#]],
    );
    let run = place.line("inspect pool --json");
    let shown: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let expected = serde_json::json!({
        "file": "pool/text.slist", "code": "IO",
        "error": "'pool/text.slist' is no list file: it is no SQLite database",
    });
    assert_eq!((run.code, &shown["files"][4]), (4, &expected));
}

#[test]
fn many_files_that_cannot_be_asked_are_counted() {
    let place = with_entry();
    for number in 0..14 {
        place.write(&format!("pool/x{number:02}.slist"), "");
    }
    place.refuses(
        "allocate pool",
        str![[r#"
--- stderr
error: the pool 'pool' hands out nothing while a file of it cannot be asked
because: 'pool/x00.slist' is no list file: it is empty
because: 'pool/x01.slist' is no list file: it is empty
because: 'pool/x02.slist' is no list file: it is empty
because: 'pool/x03.slist' is no list file: it is empty
because: 'pool/x04.slist' is no list file: it is empty
because: 'pool/x05.slist' is no list file: it is empty
because: 'pool/x06.slist' is no list file: it is empty
because: 'pool/x07.slist' is no list file: it is empty
because: 'pool/x08.slist' is no list file: it is empty
because: 'pool/x09.slist' is no list file: it is empty
because: and 4 more files
hint: mend it, or move it away; or name the list file
--- exit 4

"#]],
    );
}

#[test]
fn a_file_that_another_process_holds_is_waited_for_and_then_named() {
    let place = with_entry();
    let uri = uri_of(&place, "a");
    let holder = Connection::open(place.path("pool/mdl.slist")).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    // Whoever reads the file in this process drops the lock.
    place.shows(
        "allocate pool --for urn:eudi:pid:1 --wait 1s",
        str![[r#"
--- stderr
error: the pool 'pool' hands out nothing while a file of it cannot be asked
because: 'pool/mdl.slist' is in use: another process holds it
hint: mend it, or move it away; or name the list file
--- exit 3

"#]],
    );
    place.shows(
        "get pool id:a --wait 1s",
        str![[r#"
file:       'pool/pid.slist'
entry:      0/1
status:     valid (0)
uri:        https://example.com/pid/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
--- stderr
warning: 'pool/mdl.slist' is in use: another process holds it: it was not asked

"#]],
    );
    place.shows(
        "set pool id:a revoked --wait 1s",
        str![[r#"
--- stderr
error: 'id:a' is not set while a file of the pool 'pool' cannot be asked
because: 'pool/mdl.slist' is in use: another process holds it
hint: mend it, or move it away; or name the entry by its uri, or the list file
--- exit 3

"#]],
    );
    place.shows(
        "get pool id:b --wait 1s",
        str![[r#"
--- stderr
error: 'id:b' is in no list file of the pool 'pool' that can be asked
because: 'pool/mdl.slist' is in use: another process holds it
hint: mend it, or move it away
--- exit 3

"#]],
    );
    let run = place.line(&format!("set pool {uri} revoked --wait 1s"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let releasing = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        holder.execute_batch("ROLLBACK").unwrap();
    });
    let run = place.line("allocate pool --for urn:eudi:pid:1");
    assert_eq!(run.code, 0, "{}", run.stderr);
    releasing.join().unwrap();
}

/// Whoever sets the entry of a copy would say that the credential is revoked, and its original would
/// go on publishing it as valid.
#[test]
fn a_copy_is_not_set_in_place_of_a_file_that_cannot_be_asked() {
    let place = with_entry();
    let uri = uri_of(&place, "a");
    fs::copy(place.path("pool/pid.slist"), place.path("pool/copy.slist")).unwrap();
    let original = fs::read(place.path("pool/pid.slist")).unwrap();
    fs::write(place.path("pool/pid.slist"), &original[..4096]).unwrap();
    place.refuses(&format!("set pool {uri} revoked"), str![[r#"
--- stderr
error: 'pool/copy.slist' may be a copy, so 'https://example.com/pid/0.jwt#1' is not set
because: cannot use 'pool/pid.slist' as a list file: SQLite finds it damaged: database disk image is malformed
hint: mend it, or move it away; or name the list file: statuslist set 'pool/copy.slist' ENTRY STATUS
--- exit 4

"#]]);
    place.shows(&format!("get pool {uri}"), str![[r#"
file:       'pool/copy.slist'
entry:      0/1
status:     valid (0)
uri:        https://example.com/pid/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
--- stderr
warning: cannot use 'pool/pid.slist' as a list file: SQLite finds it damaged: database disk image is malformed: it was not asked

"#]]);
}

#[test]
fn a_backup_serves_nothing_and_is_named() {
    let place = with_entry();
    place.done("backup pool/pid.slist pool/backup.slist");
    place.shows(
        "allocate pool --for urn:eudi:pid:1",
        str![[r#"
0/0	https://example.com/pid/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
warning: 'pool/backup.slist' is a backup, and was not asked
allocated 1 entry of list 0 (2 left), revision 3
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]],
    );
    place.shows(
        "set pool id:a revoked",
        str![[r#"
--- stderr
warning: 'pool/backup.slist' is a backup, and was not asked
0/1: valid (0) -> invalid (1), revision 4; to make it visible: statuslist publish 'pool/pid.slist'
the list file is 'pool/pid.slist'

"#]],
    );
    place.shows(
        "get pool id:a",
        str![[r#"
file:       'pool/pid.slist'
entry:      0/1
status:     invalid (1)
uri:        https://example.com/pid/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
--- stderr
warning: 'pool/backup.slist' is a backup, and was not asked

"#]],
    );
    place.shows(
        "publish pool --to site --key key.pem",
        str![[r#"
written    mdl/0.jwt (419 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    pid/0.jwt (419 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    shared/0.jwt (423 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: mdl/0.jwt has expired by the real clock: readers refuse it
warning: 'pool/backup.slist' is a backup, and was not asked
3 files written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    place.shows(
        "inspect pool",
        str![[r#"
FILE                 BOUND TO               LISTS   USED    TOKENS  NEXT
'pool/backup.slist'  urn:eudi:pid:1         1 open  1 of 4  backup  restore, or move away
'pool/mdl.slist'     org.iso.18013.5.1.mDL  1 open  0 of 4  valid   -
'pool/pid.slist'     urn:eudi:pid:1         1 open  2 of 4  valid   -
'pool/shared.slist'  all types              1 open  0 of 4  valid   -

"#]],
    );
    fs::remove_file(place.path("pool/pid.slist")).unwrap();
    place.refuses(
        "get pool id:a",
        str![[r#"
--- stderr
error: no list file of the pool 'pool' has 'id:a'
because: 'pool/backup.slist' is a backup, and was not asked
hint: check the name; see the list files: statuslist inspect 'pool'
--- exit 1

"#]],
    );
    for name in ["mdl", "shared"] {
        fs::remove_file(place.path(format!("pool/{name}.slist"))).unwrap();
    }
    place.refuses(
        "allocate pool",
        str![[r#"
--- stderr
error: the pool 'pool' has nothing but backups
because: 'pool/backup.slist' is a backup, and was not asked
hint: to use one in place of its original: statuslist restore FILE
--- exit 1

"#]],
    );
    place.refuses(
        "publish pool --to site --key key.pem",
        str![[r#"
--- stderr
error: the pool 'pool' has nothing but backups
because: 'pool/backup.slist' is a backup, and was not asked
hint: to use one in place of its original: statuslist restore FILE
--- exit 1

"#]],
    );
}

#[test]
fn other_files_are_no_part_of_a_pool() {
    let place = with_entry();
    place.write("pool/README", "text");
    place.write("pool/empty", "");
    place.write(
        "pool/.statuslist-abcDE6.tmp",
        fs::read(place.path("pool/pid.slist")).unwrap(),
    );
    fs::create_dir(place.path("pool/below")).unwrap();
    fs::copy(
        place.path("pool/pid.slist"),
        place.path("pool/below/pid.slist"),
    )
    .unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mkfifoat(rustix::fs::CWD, place.path("pool/pipe"), mode).unwrap();
    symlink("/dev/zero", place.path("pool/zero")).unwrap();
    symlink("nothing", place.path("pool/nothing")).unwrap();
    let other = Connection::open(place.path("pool/other.db")).unwrap();
    other.execute_batch("CREATE TABLE x (y)").unwrap();
    place.shows(
        "allocate pool --for urn:eudi:pid:1",
        str![[r#"
0/0	https://example.com/pid/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (2 left), revision 3
the list file is 'pool/pid.slist', which is bound to 'urn:eudi:pid:1'

"#]],
    );
    place.shows(
        "inspect pool",
        str![[r#"
FILE                 BOUND TO               LISTS   USED    TOKENS         NEXT
'pool/mdl.slist'     org.iso.18013.5.1.mDL  1 open  0 of 4  not published  publish
'pool/pid.slist'     urn:eudi:pid:1         1 open  2 of 4  not published  publish
'pool/shared.slist'  all types              1 open  0 of 4  not published  publish

"#]],
    );
}

#[test]
fn a_list_file_may_have_any_name_and_lie_behind_a_link() {
    let place = with_entry();
    fs::create_dir(place.path("elsewhere")).unwrap();
    fs::rename(place.path("pool/pid.slist"), place.path("elsewhere/pid.db")).unwrap();
    symlink("../elsewhere/pid.db", place.path("pool/it's \u{1b}[2J pid")).unwrap();
    place.shows(
        "allocate pool --for urn:eudi:pid:1",
        str![[r#"
0/0	https://example.com/pid/0.jwt
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (2 left), revision 3
the list file is $'pool/it\'s \033[2J pid', which is bound to 'urn:eudi:pid:1'

"#]],
    );
    place.shows("set pool id:a revoked", str![[r#"
--- stderr
0/1: valid (0) -> invalid (1), revision 4; to make it visible: statuslist publish $'pool/it\'s \033[2J pid'
the list file is $'pool/it\'s \033[2J pid'

"#]]);
    fs::hard_link(place.path("elsewhere/pid.db"), place.path("pool/pid.slist")).unwrap();
    place.refuses(
        "allocate pool --for urn:eudi:pid:1",
        str![[r#"
--- stderr
error: $'pool/it\'s \033[2J pid' and 'pool/pid.slist' are one list file
because: a pool has each list file once
hint: move one of the names away
--- exit 1

"#]],
    );
}

#[test]
fn a_folder_of_many_files_is_searched_quickly() {
    let place = with_entry();
    for number in 0..20_000 {
        place.write(&format!("pool/{number}"), "x");
    }
    let begun = std::time::Instant::now();
    place.done("get pool id:a");
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_pool_of_more_list_files_than_can_be_asked_is_refused() {
    let place = with_entry();
    let beginning = &place.read("pool/pid.slist")[..100];
    for number in 0..10_000 {
        place.write(&format!("pool/{number}"), beginning);
    }
    place.shows(
        "get pool id:a",
        str![[r#"
--- stderr
error: the folder 'pool' has more than 10000 list files
because: each is asked by every command
hint: name the list file, or split the pool
--- exit 1

"#]],
    );
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Shown {
    schema: u64,
    kind: String,
    pool: String,
    files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is what is tested")]
struct File {
    file: String,
    bound_to: Vec<String>,
    backup_of: Option<String>,
    lists: std::collections::BTreeMap<String, u64>,
    used: u64,
    size: u64,
    tokens: String,
    next: Vec<String>,
}

#[track_caller]
fn tokens(place: &Place, now: &str) -> Vec<String> {
    let shown: Shown = place.decode(&format!("inspect pool --now {now}"));
    assert_eq!((shown.schema, shown.kind.as_str()), (1, "pool"));
    assert_eq!(shown.pool, "pool");
    shown.files.into_iter().map(|file| file.tokens).collect()
}

#[test]
fn inspect_says_what_is_to_be_done_with_each_list_file() {
    let place = three();
    place.done("allocate pool --for urn:eudi:pid:1 --count 4");
    place.done("allocate pool --count 3");
    place.shows("inspect pool", str![[r#"
FILE                 BOUND TO               LISTS   USED    TOKENS         NEXT
'pool/mdl.slist'     org.iso.18013.5.1.mDL  1 open  0 of 4  not published  publish
'pool/pid.slist'     urn:eudi:pid:1         1 full  4 of 4  not published  publish, configure --spare
'pool/shared.slist'  all types              1 open  3 of 4  not published  publish

"#]]);
    place.done("publish pool/mdl.slist pool/pid.slist --to site --key key.pem");
    place.shows("inspect pool --json", str![[r#"
{"schema":1,"kind":"pool","pool":"pool","files":[{"file":"pool/mdl.slist","boundTo":["org.iso.18013.5.1.mDL"],"backupOf":null,"lists":{"open":1},"used":0,"size":4,"tokens":"valid","next":[]},{"file":"pool/pid.slist","boundTo":["urn:eudi:pid:1"],"backupOf":null,"lists":{"full":1},"used":4,"size":4,"tokens":"valid","next":["configure-spare"]},{"file":"pool/shared.slist","boundTo":[],"backupOf":null,"lists":{"open":1},"used":3,"size":4,"tokens":"not-published","next":["publish"]}]}

"#]]);
    place.done("configure pool/shared.slist --bound-to a --bound-to b");
    place.done("publish pool/shared.slist --to site --key key.pem --now 2026-01-02T00:00:00Z");
    place.done("init pool/alone.slist --uri https://example.com/alone.jwt --size 2");
    place.done("allocate pool/alone.slist --count 2");
    place.done("publish pool/alone.slist --to site --key key.pem");
    place.shows(
        "inspect pool",
        str![[r#"
FILE                 BOUND TO               LISTS   USED    TOKENS  NEXT
'pool/alone.slist'   all types              1 full  2 of 2  valid   init another
'pool/mdl.slist'     org.iso.18013.5.1.mDL  1 open  0 of 4  valid   -
'pool/pid.slist'     urn:eudi:pid:1         1 full  4 of 4  valid   configure --spare
'pool/shared.slist'  a, b                   1 open  3 of 4  valid   -

"#]],
    );
    place.refuses(
        "inspect pool --uri https://example.com/pid/0.jwt",
        str![[r#"
--- stderr
error: --uri is for tokens, and 'pool' is a pool
hint: leave it out, or name a published token
--- exit 1

"#]],
    );
    place.refuses(
        "inspect pool --entry id:a",
        str![[r#"
--- stderr
error: --entry is for one list file, and 'pool' is a pool
hint: statuslist get 'pool' 'id:a'
--- exit 1

"#]],
    );
}

/// Validity is 7 days: due from half of it on, expiring in the last quarter.
#[test]
fn inspect_tells_how_old_the_newest_publication_is() {
    let place = place();
    make(&place, "a", "");
    make(&place, "b", "");
    assert_eq!(tokens(&place, "2026-01-01T00:00:00Z"), ["not-published"; 2]);
    place.done("publish pool --to site --key key.pem");
    for (now, expected) in [
        ("2026-01-01T00:00:00Z", "valid"),
        ("2026-01-04T11:59:59Z", "valid"),
        ("2026-01-04T12:00:00Z", "due"),
        ("2026-01-06T06:00:00Z", "due"),
        ("2026-01-06T06:00:01Z", "expiring"),
        ("2026-01-07T23:59:59Z", "expiring"),
        ("2026-01-08T00:00:00Z", "expired"),
    ] {
        assert_eq!(tokens(&place, now), [expected; 2], "{now}");
    }
    place.done("allocate pool --token-id x");
    assert_eq!(tokens(&place, "2026-01-01T00:00:00Z"), ["valid", "valid"]);
    place.done("set pool id:x revoked");
    assert_eq!(tokens(&place, "2026-01-01T00:00:00Z"), ["due", "valid"]);
    place.done("publish pool --to site --key key.pem --now 2026-01-05T00:00:00Z");
    assert_eq!(tokens(&place, "2026-01-05T00:00:00Z"), ["valid", "valid"]);
    // A place that was given up does not count.
    place.done("publish pool/a.slist --to old --key key.pem --now 2026-01-02T00:00:00Z");
    assert_eq!(tokens(&place, "2026-01-05T00:00:00Z"), ["valid", "valid"]);
    place.done("configure pool/b.slist --add-view cwt");
    let expected = ["valid", "not-published"];
    assert_eq!(tokens(&place, "2026-01-05T00:00:00Z"), expected);
}

#[test]
fn inspect_finds_copies_and_what_others_can_read() {
    let place = three();
    place.done("publish pool --to site --key key.pem");
    place.done("backup pool/pid.slist copy");
    let bytes = place.read("pool/mdl.slist");
    fs::remove_file(place.path("pool/mdl.slist")).unwrap();
    place.write("pool/mdl.slist", bytes);
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(place.path("pool/mdl.slist"), readable).unwrap();
    place.shows("inspect pool", str![[r#"
FILE                 BOUND TO               LISTS   USED    TOKENS  NEXT
'pool/mdl.slist'     org.iso.18013.5.1.mDL  1 open  0 of 4  valid   configure --moved, or move away
'pool/pid.slist'     urn:eudi:pid:1         1 open  0 of 4  valid   -
'pool/shared.slist'  all types              1 open  0 of 4  valid   -
--- stderr
warning: others can read 'pool/mdl.slist', which holds the list's secrets: chmod 600 'pool/mdl.slist'

"#]]);
    place.refuses("allocate pool --for org.iso.18013.5.1.mDL", str![[r#"
--- stderr
error: 'pool/mdl.slist' does not live here, so it hands out no entries
because: it is a copy, or was moved from another file system or machine
because: the file that it comes from may hand out the same indexes
hint: if that file is gone for good: statuslist configure 'pool/mdl.slist' --moved; to use both: statuslist restore 'pool/mdl.slist' --copy; if it travels by design, one at a time: statuslist configure 'pool/mdl.slist' --anywhere
--- exit 1

"#]]);
}

#[test]
fn inspect_finds_two_list_files_with_one_uri() {
    let place = three();
    fs::copy(place.path("pool/pid.slist"), place.path("pool/again.slist")).unwrap();
    place.shows(
        "inspect pool",
        str![[r#"
FILE                 BOUND TO               LISTS   USED    TOKENS         NEXT
'pool/again.slist'   urn:eudi:pid:1         1 open  0 of 4  not published  configure --moved, or move away, publish
'pool/mdl.slist'     org.iso.18013.5.1.mDL  1 open  0 of 4  not published  publish
'pool/pid.slist'     urn:eudi:pid:1         1 open  0 of 4  not published  publish
'pool/shared.slist'  all types              1 open  0 of 4  not published  publish
--- stderr
error: 'pool/again.slist' and 'pool/pid.slist' both have the uri 'https://example.com/pid/0.jwt'
because: one of them is a copy, or both are published at one place
hint: find out which is in use, and move the other one away; or name the list file
--- exit 1

"#]],
    );
}
