//! `init POOL --from DIR`: a folder of list files from a folder of settings files.

use std::os::unix::fs::PermissionsExt;

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

/// A place with settings of three lists, each in other words.
fn settings() -> Place {
    let place = Place::new();
    std::fs::create_dir(place.path("conf")).unwrap();
    place.write("conf/card.toml", "[list]\nbits = 2\nsize = 1000\n");
    place.write(
        "conf/mdl.json",
        r#"{"credentialConfigurationId": "org.iso.18013.5.1.mDL"}"#,
    );
    place.write(
        "conf/staff.json",
        r#"{"bits": 1, "size": 500, "defaultStatus": 0, "metadata": {"team": "hr"}}"#,
    );
    place.write("conf/README.md", "not settings");
    place
}

const INIT: &str = "init pool --from conf --uri https://example.com/{name}/{n}.jwt";

#[test]
fn each_settings_file_is_that_of_a_list_file() {
    let place = settings();
    place.shows(INIT, str![[r#"
'pool/card.slist': made, https://example.com/card/0.jwt
'pool/mdl.slist': made, https://example.com/mdl/0.jwt
'pool/staff.slist': made, https://example.com/staff/0.jwt
--- stderr
made 'pool/card.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/card.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/card.slist' --issuer URI
made 'pool/mdl.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/mdl.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/mdl.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/mdl.slist' --bits 2
made 'pool/staff.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/staff.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/staff.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/staff.slist' --bits 2

"#]]);
    let mode = std::fs::metadata(place.path("pool")).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o700);
    for (name, size) in [("card", 1000), ("mdl", 1 << 17), ("staff", 500)] {
        let file = place.json(&["inspect", &format!("pool/{name}.slist"), "--json"]);
        assert_eq!(file["settings"]["size"], size);
        let uri = format!("https://example.com/{name}/0.jwt");
        assert_eq!(file["lists"][0]["uris"][0]["uri"], uri);
    }
}

#[test]
fn the_same_for_programs() {
    let place = settings();
    let pool: shapes::Pool = place.decode(INIT);
    let files: Vec<_> = pool
        .lists
        .iter()
        .map(|list| (list.file.as_str(), list.outcome.as_str(), list.size))
        .collect();
    assert_eq!(
        files,
        [
            ("pool/card.slist", "made", 1000),
            ("pool/mdl.slist", "made", 1 << 17),
            ("pool/staff.slist", "made", 500)
        ]
    );
}

#[test]
fn a_pool_is_brought_to_what_its_settings_say() {
    let place = settings();
    place.done(INIT);
    let before = place.files();
    place.shows(
        INIT,
        str![[r#"
'pool/card.slist': unchanged, https://example.com/card/0.jwt
'pool/mdl.slist': unchanged, https://example.com/mdl/0.jwt
'pool/staff.slist': unchanged, https://example.com/staff/0.jwt
--- stderr
'pool/card.slist' is as the settings say: nothing was changed
'pool/mdl.slist' is as the settings say: nothing was changed
'pool/staff.slist' is as the settings say: nothing was changed

"#]],
    );
    assert!(before == place.files());
    place.write(
        "conf/card.toml",
        "[list]\nbits = 2\nsize = 1000\nttl = 60\n",
    );
    place.write("conf/new.toml", "[list]\nsize = 7\n");
    place.shows(&format!("{INIT} -n"), str![[r#"
'pool/card.slist': changed, https://example.com/card/0.jwt
'pool/mdl.slist': unchanged, https://example.com/mdl/0.jwt
'pool/new.slist': made, https://example.com/new/0.jwt
'pool/staff.slist': unchanged, https://example.com/staff/0.jwt
--- stderr
dry run: nothing was changed; without -n:
changed 'pool/card.slist', revision 2; to make it visible: statuslist publish 'pool/card.slist'
'pool/mdl.slist' is as the settings say: nothing was changed
made 'pool/new.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/new.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/new.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/new.slist' --bits 2
'pool/staff.slist' is as the settings say: nothing was changed

"#]]);
    assert!(!place.path("pool/new.slist").exists());
    place.shows(INIT, str![[r#"
'pool/card.slist': changed, https://example.com/card/0.jwt
'pool/mdl.slist': unchanged, https://example.com/mdl/0.jwt
'pool/new.slist': made, https://example.com/new/0.jwt
'pool/staff.slist': unchanged, https://example.com/staff/0.jwt
--- stderr
changed 'pool/card.slist', revision 2; to make it visible: statuslist publish 'pool/card.slist'
'pool/mdl.slist' is as the settings say: nothing was changed
made 'pool/new.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/new.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/new.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/new.slist' --bits 2
'pool/staff.slist' is as the settings say: nothing was changed

"#]]);
    // What has no settings any more stays.
    std::fs::remove_file(place.path("conf/mdl.json")).unwrap();
    let before = place.files();
    place.done(INIT);
    assert!(before == place.files());
}

#[test]
fn what_is_said_of_one_list_file_names_it() {
    let place = Place::new();
    std::fs::create_dir(place.path("conf")).unwrap();
    place.write(
        "conf/a.json",
        r#"{"certId": "cert-1", "ttl": 86400, "valid-for": 86400}"#,
    );
    place.write("conf/b.json", r#"{"uri": "https://example.com/b.jwt"}"#);
    place.shows(
        "init pool --from conf --uri https://example.com/{name}.jwt",
        str![[r#"
'pool/a.slist': made, https://example.com/a.jwt
'pool/b.slist': made, https://example.com/b.jwt
--- stderr
warning: 'pool/a.slist': the uri has no {n}: the series has this one list, and cannot go on when it is full
warning: 'pool/a.slist': with a ttl of 1d and tokens that are valid for 1d, readers may hold a copy until the very moment it expires: there is no time for renewal, and who cannot fetch the next one at that moment has no list; a ttl of at most 12h leaves time
warning: 'pool/b.slist': the uri has no {n}: the series has this one list, and cannot go on when it is full
made 'pool/a.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/a.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/a.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/a.slist' --bits 2
'pool/a.slist': certId: it is about publishing: in statuslist.toml, under [keys]: cert = "cert-1.pem", a PEM file of that certificate and its issuers, beside the key
made 'pool/b.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/b.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/b.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/b.slist' --bits 2

"#]],
    );
}

#[test]
fn a_dry_run_does_not_even_make_the_folder() {
    let place = settings();
    let before = place.files();
    place.shows(&format!("{INIT} -n"), str![[r#"
'pool/card.slist': made, https://example.com/card/0.jwt
'pool/mdl.slist': made, https://example.com/mdl/0.jwt
'pool/staff.slist': made, https://example.com/staff/0.jwt
--- stderr
dry run: nothing was changed; without -n:
made 'pool/card.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/card.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/card.slist' --issuer URI
made 'pool/mdl.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/mdl.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/mdl.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/mdl.slist' --bits 2
made 'pool/staff.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'pool/staff.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'pool/staff.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'pool/staff.slist' --bits 2

"#]]);
    assert!(!place.path("pool").exists());
    assert!(before == place.files());
}

#[test]
fn nothing_is_made_where_one_of_them_is_wrong() {
    let place = settings();
    place.write("conf/zzz.toml", "[list]\nbits = 3\n");
    place.refuses(
        INIT,
        str![[r#"
--- stderr
error: cannot use the settings file 'conf/zzz.toml'
because: conf/zzz.toml:2:8: bits: 3 bits per entry: a list has 1, 2, 4 or 8
--- exit 1

"#]],
    );
    assert!(!place.path("pool").exists());
    place.write("conf/zzz.toml", "[list]\nttl = '8d'\n");
    place.refuses(
        INIT,
        str![[r#"
--- stderr
error: 'conf/zzz.toml': a ttl of 8d is longer than the validity of 7d
because: readers would keep a copy that has expired
hint: a shorter --ttl or a longer --valid-for
--- exit 1

"#]],
    );
    std::fs::remove_file(place.path("conf/zzz.toml")).unwrap();
    place.done(INIT);
    place.write("conf/aaa.toml", "[list]\n");
    place.write("conf/staff.json", r#"{"bits": 2}"#);
    place.refuses(
        INIT,
        str![[r#"
--- stderr
error: 'conf/staff.json': 'pool/staff.slist' has other settings, which cannot change
because: bits is 1, and 2 is wanted
hint: entries can get more bits, for good: statuslist configure 'pool/staff.slist' --bits N
--- exit 1

"#]],
    );
    assert!(!place.path("pool/aaa.slist").exists());
    place.write("conf/staff.json", "{}");
    place.write("pool/aaa.slist", "hello");
    place.refuses(
        INIT,
        str![[r#"
--- stderr
error: 'conf/aaa.toml': cannot use 'pool/aaa.slist' as a list file
because: it is no SQLite database
--- exit 4

"#]],
    );
}

#[test]
fn two_list_files_are_not_at_one_uri() {
    let place = settings();
    place.refuses(
        "init pool --from conf --uri https://example.com/{n}.jwt",
        str![[r#"
--- stderr
error: 'conf/card.toml' and 'conf/mdl.json' are for lists at one uri
because: https://example.com/0.jwt
hint: another uri in one of them; in --uri, {name} is the name of the settings file
--- exit 1

"#]],
    );
    place.write("conf/card.json", "{}");
    place.refuses(
        INIT,
        str![[r#"
--- stderr
error: two settings files are for one list file
because: 'conf/card.json' and 'conf/card.toml'
hint: take one of them away
--- exit 1

"#]],
    );
}

#[test]
fn what_is_no_pool_is_refused() {
    let place = settings();
    std::fs::create_dir(place.path("empty")).unwrap();
    place.refuses(
        "init pool --from empty",
        str![[r#"
--- stderr
error: 'empty' has no settings file
hint: their names end in .toml or .json
--- exit 1

"#]],
    );
    place.write("pool", "a file");
    place.refuses(
        INIT,
        str![[r#"
--- stderr
error: 'pool' is no folder
because: the settings are a folder: each file in it is for a list file of its own
--- exit 1

"#]],
    );
    place.refuses(
        "init deep/pool --from conf --uri https://example.com/{name}/{n}.jwt",
        str![[r#"
--- stderr
error: cannot make 'deep/pool'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    std::fs::remove_file(place.path("pool")).unwrap();
    place.write("seed", [7; 32]);
    place.refuses(
        &format!("{INIT} --seed-file seed"),
        str![[r#"
--- stderr
error: --seed-file is for one list file
because: one secret serves one series: two would give the same indexes
--- exit 1

"#]],
    );
    place.refuses(
        "init list.slist --from conf/card.toml --uri https://example.com/{name}/{n}.jwt",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/{name}/{n}.jwt'
because: uri 'https://example.com/{name}/{n}.jwt' has the placeholder {name}; there are {n}, {purpose} and {view}
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = settings();
    let line = format!("{INIT} --op-id one");
    let mut first: shapes::Pool = place.decode(&line);
    let before = place.files();
    first.repeated = true;
    assert_eq!(first, place.decode(&line));
    assert!(before == place.files());
}

#[test]
fn an_operation_id_of_another_request_changes_nothing() {
    let place = settings();
    place.done(INIT);
    place.done("configure pool/staff.slist --ttl 5m --op-id one");
    place.write("conf/card.toml", "[list]\nbits = 2\nttl = 60\n");
    place.refuses(
        &format!("{INIT} --op-id one"),
        str![[r#"
--- stderr
error: 'conf/staff.json': operation id 'one' belongs to another request, revision 2
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn what_was_done_before_a_failure_is_said() {
    let place = settings();
    place.done(INIT);
    place.write("conf/aaa.toml", "[list]\n");
    place.write("conf/mdl.json", r#"{"credentialConfigurationId": "other"}"#);
    // What another process holds can be read, and not changed.
    let held = rusqlite::Connection::open(place.path("pool/mdl.slist")).unwrap();
    held.execute_batch("BEGIN IMMEDIATE").unwrap();
    place.line(&format!("{INIT} --wait 1s")).shows(
        &place,
        str![[r#"
--- stderr
error: 'conf/mdl.json': 'pool/mdl.slist' is in use
because: another process holds it
because: written before: 'pool/aaa.slist'
hint: repeat the command: what was begun is finished then
--- exit 4

"#]],
    );
    held.execute_batch("ROLLBACK").unwrap();
    place.shows(
        &format!("{INIT} -q"),
        str![[r#"
'pool/aaa.slist': unchanged, https://example.com/aaa/0.jwt
'pool/card.slist': unchanged, https://example.com/card/0.jwt
'pool/mdl.slist': changed, https://example.com/mdl/0.jwt
'pool/staff.slist': unchanged, https://example.com/staff/0.jwt

"#]],
    );
    held.execute_batch("BEGIN IMMEDIATE").unwrap();
    place.write("conf/mdl.json", "{\"ttl\": 60}");
    place.line(&format!("{INIT} --wait 1s")).shows(
        &place,
        str![[r#"
--- stderr
error: 'conf/mdl.json': 'pool/mdl.slist' is in use
because: another process holds it
hint: try again, or wait longer: --wait 5m
--- exit 3

"#]],
    );
}
