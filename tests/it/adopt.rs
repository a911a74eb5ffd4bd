//! `restore`: what is published since the backup is seen, and can be taken over.

use rusqlite::Connection;
use serde_json::Value;
use snapbox::str;

use crate::harness::{PRIVATE_KEY, Place, SEED};
use crate::shapes;

const PUBLISH: &str = "publish list.slist --to site --key key.pem -q";
const ADOPT: &str = "restore copy.slist --to site --adopt-published --key public.pem";

/// A published place with the entries 0/826 and 0/785, named `a` and `b`, and a backup of it.
fn backed_up(views: &str) -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    place.copy_key(PRIVATE_KEY, "key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.copy_key("test-p384-public.pem", "other.pem");
    place.done(&format!(
        "init list.slist --uri https://example.com/statuslists/{{n}}.jwt --bits 2 --size 1000 \
         --seed-file seed {views}"
    ));
    place.done("allocate list.slist --token-id a --token-id b");
    place.done(PUBLISH);
    place.done("backup list.slist copy.slist");
    place
}

/// What the site says of an entry in view jwt.
fn shown(place: &Place, list: u32, index: u64) -> u64 {
    let path = format!("site/statuslists/{list}.jwt");
    let token: Value = place.json(&[
        "inspect",
        &path,
        "--key",
        "public.pem",
        "--entry",
        &index.to_string(),
        "--json",
    ]);
    token["entry"]["status"].as_u64().unwrap()
}

const SERIES: [&str; 4] = [
    "",
    "--as cwt",
    "--as bitstring,statuslist2021 --purpose revocation,suspension --bit-order lsb \
     --issuer https://example.com",
    "--as jwt,cwt,bitstring.message --issuer https://example.com",
];

/// Backup, revoke, publish, restore, publish: the entry stays revoked, in every form.
#[test]
fn what_was_revoked_after_the_backup_stays_revoked() {
    for views in SERIES {
        let place = backed_up(views);
        place.done("set list.slist id:a revoked");
        place.done("set list.slist id:b suspended");
        place.done(PUBLISH);

        // Without it nothing is lost unseen, and nothing is published.
        std::fs::copy(place.path("copy.slist"), place.path("plain.slist")).unwrap();
        let plain: shapes::Restored = place.decode("restore plain.slist --to site");
        let published = plain.published.unwrap();
        assert_eq!((published.differing, published.adopted), (2, 0), "{views}");
        let publish = "publish plain.slist --to site --key key.pem";
        let run = place.line(&format!("{publish} --json"));
        assert_eq!(run.error().code, "CONFLICT", "{views}");
        let run = place.line(&format!("{publish} --allow-rollback --json"));
        assert_eq!(run.error().code, "FINAL_STATUS", "{views}");

        let restored: shapes::Restored = place.decode(ADOPT);
        let published = restored.published.unwrap();
        assert_eq!((published.differing, published.adopted), (2, 2), "{views}");
        let found: Vec<_> = published
            .differences
            .iter()
            .map(|one| (one.idx, one.status, one.published, one.outcome.as_str()))
            .collect();
        let expected = [(785, 0, Some(2), "adopted"), (826, 0, Some(1), "adopted")];
        assert_eq!(found, expected, "{views}");
        place.done("get copy.slist id:a --is revoked");
        place.done("get copy.slist id:b --is suspended");
        place.done("inspect copy.slist");
        let run = place.line("publish copy.slist --to site --key key.pem --json");
        assert_eq!(run.code, 0, "{views}: {}", run.stderr);
        // From now on it is its own history.
        place.done("set copy.slist id:b valid");
        place.done("publish copy.slist --to site --key key.pem");
        place.done("publish copy.slist --to site --key key.pem");
        assert_eq!(place.line(PUBLISH).code, 1, "{views}");
    }
}

#[test]
fn words_say_what_was_taken_over_and_the_log_names_the_files() {
    let place = backed_up("");
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    place.shows("restore copy.slist --to site -n", str![[r#"
new list:  1
uri:       https://example.com/statuslists/1.jwt
closed:    0
published: statuslists/0.jwt, not verified (--key, --jwks or --trust), 1 entry differs
differs:   0/826 is valid (0), published invalid (1) by jwt: left, not verified
--- stderr
warning: 1 entry is published with another status than in 'copy.slist'; to take over what is signed: statuslist restore 'copy.slist' --to FOLDER --adopt-published --key KEY
dry run: nothing was changed; without -n:
'copy.slist' is in use again, revision 3: new entries come from list 1, which is to be published first: statuslist publish 'copy.slist'; statuses set in the original after the backup are not in it

"#]]);
    place.shows(ADOPT, str![[r#"
new list:  1
uri:       https://example.com/statuslists/1.jwt
closed:    0
published: statuslists/0.jwt, verified, 1 entry differs
differs:   0/826 is valid (0), published invalid (1) by jwt: taken over
--- stderr
'copy.slist' is in use again, revision 3: new entries come from list 1, which is to be published first: statuslist publish 'copy.slist'; 1 status was taken over from the site; what the original did not publish is not in it

"#]]);
    let digest = statuslist::site::Digest::of(&place.read("site/statuslists/0.jwt"));
    let connection = Connection::open(place.path("copy.slist")).unwrap();
    let note: String = connection
        .query_row("SELECT note FROM event WHERE op = 'restore'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(note, format!("adopted statuslists/0.jwt sha256:{digest}"));
}

#[test]
fn a_repeated_operation_answers_the_same() {
    let place = backed_up("");
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    let first: shapes::Restored = place.decode(&format!("{ADOPT} --op-id once"));
    let file = place.read("copy.slist");
    let again: shapes::Restored = place.decode(&format!("{ADOPT} --op-id once"));
    assert!(again.repeated && !first.repeated);
    assert_eq!(
        first,
        shapes::Restored {
            repeated: false,
            ..again
        }
    );
    assert!(file == place.read("copy.slist"));
}

#[test]
fn nothing_is_taken_over_without_a_key_or_with_another_one() {
    let place = backed_up("");
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    place.refuses(
        "restore copy.slist --to site --adopt-published",
        str![[r#"
--- stderr
error: no key was named to verify the site's files with
because: whoever can write to the site could revoke and un-revoke otherwise
hint: --key KEY, --jwks FILE or --trust FILE
--- exit 1

"#]],
    );
    place.refuses(
        "restore copy.slist --to site --adopt-published --key other.pem",
        str![[r#"
--- stderr
error: nothing that the site has can be taken over
because: 'statuslists/0.jwt': the token is signed with ES256, but the key is for ES384 (RFC 7515, section 5.2)
hint: check the key, and --to
--- exit 1

"#]],
    );
    let run = place.line("restore copy.slist --no-site --adopt-published --key public.pem");
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn a_forged_file_is_not_taken_over() {
    let place = backed_up("--as jwt,cwt");
    // Somebody who can write to the site suspends everybody's credential, with a key of their own.
    place.copy_key("test-p384-pkcs8.pem", "theirs.pem");
    std::fs::copy(place.path("list.slist"), place.path("theirs.slist")).unwrap();
    place.done("set theirs.slist id:b suspended");
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    let forged = place.bytes("sign theirs.slist --key theirs.pem --as jwt");
    place.write("site/statuslists/0.jwt", forged);
    let restored: shapes::Restored = place.decode(ADOPT);
    let published = restored.published.unwrap();
    assert_eq!((published.differing, published.adopted), (2, 1));
    let of = |view: &str| {
        published
            .files
            .iter()
            .find(|file| file.view == view)
            .unwrap()
    };
    assert_eq!(
        (of("jwt").signature.as_str(), of("jwt").adopted),
        ("rejected", false)
    );
    assert_eq!(
        (of("cwt").signature.as_str(), of("cwt").adopted),
        ("valid", true)
    );
    place.done("get copy.slist id:a --is revoked");
    place.done("get copy.slist id:b --is valid");
    // What was not taken over is not replaced either.
    let run = place.line("publish copy.slist --to site --key key.pem --as jwt --json");
    assert_eq!(run.error().code, "CONFLICT");
    place.done("publish copy.slist --to site --key key.pem --as cwt");
}

/// Who can write to the site can put an old token back, which verifies.
#[test]
fn an_older_token_in_the_place_of_a_newer_one_is_not_taken_over() {
    let place = backed_up("--as jwt,cwt");
    let old = place.read("site/statuslists/0.jwt");
    place.done("set list.slist id:a revoked");
    place.done(&format!("{PUBLISH} --now 2026-01-01T00:00:10Z"));
    place.write("site/statuslists/0.jwt", old);
    let restored: shapes::Restored = place.decode(&format!("{ADOPT} --now 2026-01-01T00:00:20Z"));
    let published = restored.published.unwrap();
    let jwt = published.files.iter().find(|file| file.view == "jwt");
    assert_eq!(jwt.unwrap().signature, "rejected");
    place.done("get copy.slist id:a --is revoked");
}

#[test]
fn what_has_expired_is_taken_over_all_the_same() {
    for views in ["--as jwt,cwt", SERIES[2]] {
        let place = backed_up(views);
        place.done("set list.slist id:a revoked");
        place.done(PUBLISH);
        let restored: shapes::Restored =
            place.decode(&format!("{ADOPT} --now 2026-03-01T00:00:00Z"));
        assert_eq!(restored.published.unwrap().adopted, 1, "{views}");
    }
}

#[test]
fn views_that_contradict_each_other_are_refused_by_name() {
    let place = backed_up("--as jwt,cwt");
    place.done("set list.slist id:b suspended");
    place.done(PUBLISH);
    place.done("set list.slist id:a revoked");
    place.done(&format!("{PUBLISH} --as jwt"));
    place.refuses(
        ADOPT,
        str![[r#"
--- stderr
error: the site's files contradict each other about entry 0/826
because: 'statuslists/0.cwt' says valid (0)
because: 'statuslists/0.jwt' says invalid (1)
hint: one of them is older, as after an interrupted publication: find out which, and move it away
--- exit 1

"#]],
    );
    // Looking is not refused.
    let restored: shapes::Restored = place.decode("restore copy.slist --to site --key public.pem");
    let difference = &restored.published.unwrap().differences[1];
    assert_eq!((difference.published, difference.verified), (None, true));
    assert_eq!(difference.views, ["jwt"]);
}

/// Only one view was published since the backup: the other one is older, and contradicts nothing.
#[test]
fn a_view_that_the_file_published_itself_contradicts_no_other() {
    let place = backed_up("--as jwt,cwt");
    place.done("set list.slist id:a revoked");
    place.done(&format!("{PUBLISH} --as jwt"));
    let restored: shapes::Restored = place.decode(ADOPT);
    let published = restored.published.unwrap();
    assert_eq!((published.differing, published.adopted), (1, 1));
    place.done("get copy.slist id:a --is revoked");
    place.done("publish copy.slist --to site --key key.pem");
}

/// What is on the site is older than the backup: taking it over would lose the suspension.
#[test]
fn what_was_set_before_the_backup_and_not_published_stays() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("allocate list.slist --token-id a --token-id b");
    place.done(PUBLISH);
    place.done("set list.slist id:a suspended");
    place.done("backup list.slist copy.slist");
    place.shows(ADOPT, str![[r#"
new list:  1
uri:       https://example.com/statuslists/1.jwt
closed:    0
published: statuslists/0.jwt, verified, 1 entry differs, made from revision 1
differs:   0/826 is suspended (2), published valid (0) by jwt: kept, for it is newer
--- stderr
'copy.slist' is in use again, revision 4: new entries come from list 1, which is to be published first: statuslist publish 'copy.slist'; statuses set in the original after the backup are not in it

"#]]);
    place.done("get copy.slist id:a --is suspended");
    place.done("publish copy.slist --to site --key key.pem");
    assert_eq!(shown(&place, 0, 826), 2);
}

#[test]
fn a_final_status_is_never_lifted() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("allocate list.slist --token-id a --token-id b");
    place.done(PUBLISH);
    place.done("set list.slist id:a revoked");
    place.done("backup list.slist copy.slist");
    place.done("set list.slist id:a valid --allow-final");
    place.done("set list.slist id:b suspended");
    place.done(PUBLISH);
    assert_eq!(shown(&place, 0, 826), 0);
    place.shows(ADOPT, str![[r#"
new list:  1
uri:       https://example.com/statuslists/1.jwt
closed:    0
published: statuslists/0.jwt, verified, 2 entries differ
differs:   0/785 is valid (0), published suspended (2) by jwt: taken over
differs:   0/826 is invalid (1), published valid (0) by jwt: kept, for it is final
--- stderr
warning: 1 entry keeps a final status that the site does not show: publish it
'copy.slist' is in use again, revision 4: new entries come from list 1, which is to be published first: statuslist publish 'copy.slist'; 1 status was taken over from the site; what the original did not publish is not in it

"#]]);
    place.done("get copy.slist id:a --is revoked");
    place.done("get copy.slist id:b --is suspended");
    place.done("publish copy.slist --to site --key key.pem");
    assert_eq!(shown(&place, 0, 826), 1);
}

/// The original rolled over after the backup, and handed out entries of the new list.
#[test]
fn lists_that_the_backup_does_not_know_are_taken_over_closed() {
    let place = backed_up("");
    // As if it had been rolled over: the new list of a restored copy is list 1.
    std::fs::copy(place.path("copy.slist"), place.path("original.slist")).unwrap();
    place.done("restore original.slist --to site");
    let one: shapes::One = place.decode("allocate original.slist");
    assert_eq!(one.list_id, "1");
    let idx = one.idx;
    place.done(&format!("set original.slist 1/{idx} revoked"));
    place.done("publish original.slist --to site --key key.pem");
    assert_eq!(shown(&place, 1, idx), 1);

    let restored: shapes::Restored = place.decode(ADOPT);
    assert_eq!(restored.list_id, "2");
    assert_eq!(restored.closed, ["0", "1"]);
    assert_eq!(restored.published.unwrap().unknown_lists, ["1"]);
    place.done(&format!("get copy.slist 1/{idx} --is revoked"));
    place.done("inspect copy.slist");
    assert_eq!(place.line("allocate copy.slist --list 1").code, 1);
    place.done("publish copy.slist --to site --key key.pem");
    assert_eq!(shown(&place, 1, idx), 1);
    // Any index of it can be revoked.
    let other = (idx + 1) % 1000;
    place.done(&format!("set copy.slist 1/{other} revoked"));
    place.done("publish copy.slist --to site --key key.pem");
    assert_eq!(shown(&place, 1, other), 1);
}

#[test]
fn a_list_that_nobody_vouches_for_is_not_taken_over() {
    let place = backed_up("");
    place.write("site/statuslists/1.jwt", "somebody else's");
    let restored: shapes::Restored = place.decode(ADOPT);
    assert_eq!((restored.list_id.as_str(), restored.closed.len()), ("2", 1));
    let published = restored.published.unwrap();
    assert_eq!(published.unknown_lists, ["1"]);
    assert_eq!(published.files[1].signature, "rejected");
    place.done("inspect copy.slist");
}

/// Every way to say whom to trust.
#[test]
fn what_a_key_set_or_a_certificate_vouches_for_is_taken_over() {
    let place = Place::with_list();
    crate::certificates::write_chain(&place, "chain.pem", &["leaf-purpose", "intermediate"]);
    crate::certificates::write_chain(&place, "root.pem", &["root"]);
    crate::certificates::write_chain(&place, "other.pem", &["leaf-p384"]);
    place.done("allocate list.slist --token-id a");
    let publish = "publish list.slist --to site --key key.pem --cert chain.pem -q";
    place.done(publish);
    place.done("backup list.slist copy.slist");
    place.done("set list.slist id:a revoked");
    place.done(publish);
    let jwk = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/keys/test-p256-private.jwk"
    ));
    let mut jwk: Value = serde_json::from_slice(&jwk.unwrap()).unwrap();
    jwk.as_object_mut().unwrap().remove("d");
    place.write(
        "jwks.json",
        serde_json::json!({ "keys": [jwk] }).to_string(),
    );
    let restore = "restore one.slist --to site --adopt-published";
    for (options, adopted) in [
        ("--trust root.pem", Some(1)),
        ("--jwks jwks.json", Some(1)),
        ("--jwks jwks.json --trust root.pem", Some(1)),
        ("--trust other.pem", None),
        ("--jwks jwks.json --trust other.pem", None),
    ] {
        std::fs::copy(place.path("copy.slist"), place.path("one.slist")).unwrap();
        let run = place.line(&format!("{restore} {options} --json"));
        let found = (run.code == 0).then(|| {
            let restored: shapes::Restored = serde_json::from_str(&run.stdout).unwrap();
            restored.published.unwrap().adopted
        });
        assert_eq!(found, adopted, "{options}: {}", run.stderr);
    }
}

/// W3C lists bring no certificates that count.
#[test]
fn trust_anchors_alone_say_nothing_of_w3c_lists() {
    let place = backed_up("--as bitstring --issuer https://example.com");
    crate::certificates::write_chain(&place, "root.pem", &["root"]);
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    place.refuses(
        "restore copy.slist --to site --adopt-published --trust root.pem",
        str![[r#"
--- stderr
error: nothing that the site has can be taken over
because: --trust says nothing of 'statuslists/0.jwt'
hint: --key KEY or --jwks FILE
--- exit 1

"#]],
    );
}

/// Its one list has a uri of its own, and the new one gets another.
#[test]
fn a_series_of_one_list_is_taken_over_too() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("init one.slist --uri https://example.com/one.jwt");
    let one: shapes::One = place.decode("allocate one.slist --token-id a");
    let publish = "publish one.slist --to site --key key.pem -q";
    place.done(publish);
    place.done("backup one.slist copy.slist");
    place.done("set one.slist id:a revoked");
    place.done(publish);
    let restored: shapes::Restored =
        place.decode(&format!("{ADOPT} --uri https://example.com/two/{{n}}.jwt"));
    let published = restored.published.unwrap();
    assert_eq!(published.differences[0].idx, one.idx);
    assert_eq!((published.adopted, published.unknown_lists.len()), (1, 0));
    place.done("publish copy.slist --to site --key key.pem");
}

/// The first change takes the file to the newest format, and restoring is one.
#[test]
fn a_copy_of_the_first_format_is_restored() {
    let place = Place::new();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/format-1.slist");
    std::fs::copy(fixture, place.path("copy.slist")).unwrap();
    place.done("restore copy.slist --no-site --copy");
    place.done("inspect copy.slist");
}

/// The original may have handed it out after the backup.
#[test]
fn any_index_of_a_list_that_restore_closed_can_be_set() {
    let place = backed_up("");
    let later: shapes::One = place.decode("allocate list.slist");
    let idx = later.idx;
    let entry = format!("0/{idx}");
    assert_eq!(
        place.line(&format!("set copy.slist {entry} revoked")).code,
        1
    );
    place.done("restore copy.slist --no-site");
    place.done(&format!("set copy.slist {entry} revoked"));
    let found = place.json(&["get", "copy.slist", &entry, "--json"]);
    assert_eq!(found["status"], 1);
    assert_eq!(found["allocatedAt"], Value::Null);
    let second: shapes::One = place.decode("allocate list.slist");
    place.write(
        "lines.csv",
        format!("op,listId,idx,status\nset,0,{},revoked\n", second.idx),
    );
    place.done("batch copy.slist lines.csv");
    place.done("inspect copy.slist");
    // Of an open list only what was handed out.
    let run = place.line("set copy.slist 1/0 revoked --json");
    assert_eq!(run.error().code, "INDEX_NOT_FOUND");
    // What the original handed out is in no other list.
    place.refuses(
        "set copy.slist 2000 revoked",
        str![[r#"
--- stderr
error: index 2000 is outside list 0
because: list 0 has 1000 entries, 0 to 999
--- exit 1

"#]],
    );
}

/// The list may have handed out entries that the file knows nothing of.
#[test]
fn a_bare_index_is_refused_once_a_closed_list_and_another_may_be_meant() {
    let place = Place::with_list();
    place.done("backup list.slist copy.slist");
    place.done("allocate list.slist");
    place.done("restore copy.slist --no-site");
    place.done("set copy.slist 826 suspended");
    place.done("allocate copy.slist");
    let run = place.line("set copy.slist 826 valid --json");
    assert!(run.error().message.contains("more than one list"));
    place.write("lines", "826\n");
    let run = place.line("batch copy.slist lines --status valid --json");
    assert_ne!(run.code, 0);
}

#[test]
fn a_plain_copy_is_restored_if_it_is_said_to_be_one() {
    let place = backed_up("");
    std::fs::copy(place.path("list.slist"), place.path("plain.slist")).unwrap();
    place.done("allocate list.slist --count 5");
    place.refuses(
        "restore plain.slist --no-site",
        str![[r#"
--- stderr
error: the file is not a backup: it was not written by the backup command, or is restored
hint: restore is for files that `statuslist backup` wrote; if it is a plain copy, to be used in place of the original: statuslist restore 'plain.slist' --copy
--- exit 1

"#]],
    );
    let restored: shapes::Restored = place.decode("restore plain.slist --no-site --copy");
    assert_eq!((restored.list_id.as_str(), restored.closed.len()), ("1", 1));
    let one: shapes::One = place.decode("allocate plain.slist");
    assert_eq!(one.list_id, "1");
}

/// Answers of an OCSP responder are not signed: they are shown, and never taken over.
#[test]
fn answers_for_documents_are_shown_and_not_taken_over() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("configure list.slist --add-view oa-ocsp");
    let hash = "01".repeat(32);
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash 0x{hash}"
    ));
    place.done(PUBLISH);
    place.done("backup list.slist copy.slist");
    place.done("set list.slist id:a revoked --reason keyCompromise");
    place.done(&format!("{PUBLISH} --as oa-ocsp"));
    let answer = format!("site/statuslists/0.ocsp/0x{hash}");
    let bytes = place.read(&answer);
    place.write(&answer, "{}");
    let looked = place.done(&format!("{ADOPT} -n"));
    let reason = format!("not signed, nothing differs: 'statuslists/0.ocsp/0x{hash}' is no answer");
    assert!(looked.contains(&reason), "{looked}");
    place.write(&answer, bytes);
    let restored: shapes::Restored = place.decode(ADOPT);
    let published = restored.published.unwrap();
    assert!(published.files.iter().all(|file| file.reason.is_none()));
    assert_eq!((published.differing, published.adopted), (1, 0));
    assert_eq!(published.differences[0].views, ["oa-ocsp"]);
    place.done("get copy.slist id:a --is valid");
    let run = place.line("publish copy.slist --to site --key key.pem --allow-rollback --json");
    assert_eq!(run.error().code, "FINAL_STATUS");
}
