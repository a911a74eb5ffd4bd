//! What other users put beside a list file is not believed, and what they could do is said.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::time::Duration;

use snapbox::str;
use statuslist::store::{Access, Backups, Store, StoreError};

use crate::harness::Place;

const PAGE: usize = 4096;

/// A journal that puts back every page of a file as it was (SQLite's file format, section 3).
fn journal_of(file: &[u8]) -> Vec<u8> {
    const NONCE: u32 = 7;
    let pages = file.len() / PAGE;
    let number = |value: usize| u32::try_from(value).unwrap().to_be_bytes();
    let mut journal = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7".to_vec();
    for word in [pages, NONCE as usize, pages, 512, PAGE] {
        journal.extend(number(word));
    }
    journal.resize(512, 0);
    for (page, at) in file.chunks(PAGE).zip(1..) {
        journal.extend(number(at));
        journal.extend(page);
        let every = (1..=20).map(|step| u32::from(page[PAGE - 200 * step]));
        let sum = every.fold(NONCE, u32::wrapping_add);
        journal.extend(sum.to_be_bytes());
    }
    journal
}

/// A place whose entry `a` was revoked, with a journal that undoes that.
fn revoked() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    let before = place.read("list.slist");
    place.done("set list.slist id:a revoked");
    place.write("planted", journal_of(&before));
    place
}

const LOOKS: [&str; 4] = [
    "get list.slist id:a --is revoked",
    "inspect list.slist",
    "allocate list.slist",
    "backup list.slist copy.slist",
];

#[track_caller]
fn refuses_all(place: &Place) {
    let before = place.files();
    for line in LOOKS {
        let run = place.line(&format!("{line} --json"));
        assert_eq!(run.code, 4, "{line}: {}{}", run.stdout, run.stderr);
        let error = run.error();
        assert_eq!(error.code, "IO");
        assert_eq!(error.details["outcome"], "none");
        assert!(before == place.files(), "{line}: a file changed");
    }
}

#[test]
fn a_journal_that_another_user_planted_rolls_no_revocation_back() {
    let place = revoked();
    std::fs::rename(place.path("planted"), place.path("list.slist-journal")).unwrap();
    // Only root can give a file away.
    if chown(place.path("list.slist-journal"), Some(65_533), None).is_err() {
        let _ = writeln!(std::io::stderr(), "not root, skipped: journals of others");
        return;
    }
    place.refuses("get list.slist id:a --is revoked", str![[r#"
--- stderr
error: cannot use 'list.slist'
because: 'PLACE/list.slist-journal' belongs to another user (uid 65533)
because: it would be applied to the list file, and could undo changes
hint: if a process that you trust is at work, wait; if one was killed, give 'PLACE/list.slist-journal' the owner of 'list.slist' (chown); else move 'PLACE/list.slist-journal' away, and look: statuslist inspect 'list.slist'
--- exit 4

"#]]);
    refuses_all(&place);
    // The same through a link, whose journal lies where the file is.
    std::fs::create_dir(place.path("folder")).unwrap();
    symlink("../list.slist", place.path("folder/link.slist")).unwrap();
    assert_eq!(place.line("get folder/link.slist id:a").code, 4);

    // It would have been believed: it is a journal as a killed process leaves it.
    chown(place.path("list.slist-journal"), Some(0), None).unwrap();
    place.done("get list.slist id:a --is valid");
}

#[test]
fn a_log_that_another_user_planted_is_not_opened() {
    let place = revoked();
    for name in ["list.slist-wal", "list.slist-shm"] {
        place.write(name, "");
        if chown(place.path(name), Some(65_533), None).is_err() {
            let _ = writeln!(std::io::stderr(), "not root, skipped: logs of others");
            return;
        }
        refuses_all(&place);
        std::fs::remove_file(place.path(name)).unwrap();
    }
}

#[test]
fn a_journal_that_is_a_link_is_not_followed() {
    let place = revoked();
    symlink("planted", place.path("list.slist-journal")).unwrap();
    place.refuses(
        "get list.slist id:a --is revoked",
        str![[r#"
--- stderr
error: cannot use 'list.slist'
because: 'PLACE/list.slist-journal' is not a regular file
because: it would be applied to the list file, and could undo changes
hint: move 'PLACE/list.slist-journal' away, and look: statuslist inspect 'list.slist'
--- exit 4

"#]],
    );
    refuses_all(&place);
    std::fs::remove_file(place.path("list.slist-journal")).unwrap();
    // Nor one that is kept under another name, to be brought back later.
    std::fs::hard_link(place.path("planted"), place.path("list.slist-journal")).unwrap();
    place.refuses("get list.slist id:a --is revoked", str![[r#"
--- stderr
error: cannot use 'list.slist'
because: 'PLACE/list.slist-journal' has more than one name (hard links)
because: it would be applied to the list file, and could undo changes
hint: if a backup made the other name, remove that; else move 'PLACE/list.slist-journal' away, and look: statuslist inspect 'list.slist'
--- exit 4

"#]]);
    refuses_all(&place);
}

#[test]
fn a_journal_that_comes_after_the_file_was_opened_is_not_believed() {
    let place = revoked();
    let file = place.path("list.slist");
    let store = Store::open(&file, Access::Write, Duration::ZERO).unwrap();
    assert!(store.snapshot().is_ok());
    symlink("planted", place.path("list.slist-journal")).unwrap();
    let read = store.snapshot().map(drop).unwrap_err();
    assert!(matches!(read, StoreError::Beside(_)), "{read}");
    let written = store.lock(Backups::Refused).map(drop).unwrap_err();
    assert!(matches!(written, StoreError::Beside(_)), "{written}");
}

#[test]
fn a_list_file_is_not_made_beside_the_rest_of_another() {
    let place = revoked();
    for rest in ["new.slist-journal", "new.slist-wal", "new.slist-shm"] {
        std::fs::copy(place.path("planted"), place.path(rest)).unwrap();
        for line in [
            "init new.slist --uri https://example.com/{n}.jwt",
            "backup list.slist new.slist",
        ] {
            let before = place.files();
            let run = place.line(&format!("{line} --json"));
            assert_eq!(run.code, 1, "{line}: {}", run.stderr);
            assert_eq!(run.error().code, "CONFLICT");
            assert!(before == place.files(), "{line}: a file changed");
        }
        if rest.ends_with("journal") {
            place.refuses(
                "backup list.slist new.slist",
                str![[r#"
--- stderr
error: cannot make 'new.slist'
because: 'new.slist-journal' is the rest of another list file
hint: SQLite would apply it to the new file: move 'new.slist-journal' away, or choose another name
--- exit 1

"#]],
            );
        }
        std::fs::remove_file(place.path(rest)).unwrap();
    }
}

#[test]
fn a_folder_that_others_can_write_is_warned_of_by_every_command() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    let commands = [
        "init INDEX.slist --uri https://example.com/INDEX/{n}.jwt",
        "configure list.slist --ttl INDEXm",
        "allocate list.slist",
        "set list.slist id:a suspended",
        "get list.slist id:a",
        "batch list.slist ops",
        "sign list.slist --key key.pem -o token",
        "publish list.slist --to site --key key.pem",
        "inspect list.slist",
        "backup list.slist backup-INDEX.slist",
        "restore backup-INDEX.slist --no-site",
    ];
    place.write("ops", "{\"op\":\"allocate\"}\n");
    for (index, (mode, warns)) in [
        (0o700, false),
        (0o1777, false),
        (0o770, true),
        (0o707, true),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = place.path("");
        std::fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        for command in commands {
            let line = command.replace("INDEX", &(index + 1).to_string());
            let run = place.line(&line);
            assert_eq!(run.code, 0, "{line}: {}", run.stderr);
            let warned = run.stderr.contains("others can write the folder");
            assert_eq!(warned, warns, "{mode:o}: {line}: {}", run.stderr);
        }
        std::fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    }
}

#[test]
fn a_site_that_others_can_write_is_warned_of() {
    let place = Place::with_list();
    std::fs::create_dir(place.path("site")).unwrap();
    let open = Permissions::from_mode(0o777);
    std::fs::set_permissions(place.path("site"), open).unwrap();
    place.shows("publish list.slist --to site --key key.pem", str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
warning: others can write the folder 'PLACE/site', and so replace what is published: chmod go-w 'PLACE/site'
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]]);
}
