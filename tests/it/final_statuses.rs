//! What was published as final stays: neither damage nor an older file lifts it unseen.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use snapbox::str;

use crate::harness::Place;
use crate::shapes;

const PUBLISH: &str = "publish list.slist --to site --key key.pem";

/// A published place with two entries, `a` revoked and `b` not.
fn published(options: &str) -> Place {
    let place = Place::new();
    place.write("seed", crate::harness::SEED);
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.done(&format!(
        "init list.slist --uri https://example.com/statuslists/{{n}}.jwt --bits 2 --size 1000 \
         --seed-file seed {options}"
    ));
    place.done("allocate list.slist --token-id a --token-id b");
    place.done("set list.slist id:a revoked");
    place.done(&format!("{PUBLISH} -q"));
    place
}

/// Gives an entry the status 0 in its page, and repairs every checksum.
fn repaired(place: &Place, index: usize) {
    let connection = Connection::open(place.path("list.slist")).unwrap();
    let (position, rev, mut data): (i64, i64, Vec<u8>) = connection
        .query_row("SELECT pos, rev, data FROM shard", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    data[index / 4] &= !(3 << (index % 4 * 2));
    let mut hasher = Sha256::new();
    hasher.update(position.to_be_bytes());
    hasher.update(rev.to_be_bytes());
    hasher.update(&data);
    let sum = hasher.finalize()[..8].to_vec();
    connection
        .execute("UPDATE shard SET data = ?1, sum = ?2", params![data, sum])
        .unwrap();
    // The only shard of the list.
    connection
        .execute("UPDATE list SET shard_xor = ?1", params![sum])
        .unwrap();
}

const VIEWS: [&str; 4] = [
    "",
    "--as cwt",
    "--as bitstring,statuslist2021 --purpose revocation,suspension --issuer https://example.com",
    "--as bitstring.message --issuer https://example.com",
];

#[test]
fn a_page_with_repaired_checksums_is_not_published() {
    for views in VIEWS {
        let place = published(views);
        repaired(&place, 826);
        assert_eq!(place.line("get list.slist id:a").code, 4);
        for options in [
            "",
            "--renew",
            "--allow-rollback",
            "--allow-rollback --unrevoke",
        ] {
            let run = place.line(&format!("{PUBLISH} {options} --json"));
            assert_eq!(run.code, 4, "{views} {options}: {}", run.stderr);
            assert_eq!(run.error().code, "CORRUPT");
            assert!(
                run.error().message.contains("entry 0/826"),
                "{}",
                run.stderr
            );
        }
    }
    let place = published("");
    repaired(&place, 826);
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: cannot use 'list.slist' as a list file
because: the status of entry 0/826 is not what its changes lead to
hint: restore a backup; if this is a copy, make it again with: statuslist backup
--- exit 4

"#]],
    );
}

/// The list has changed since, so that other bytes were to be expected.
#[test]
fn damage_beside_a_real_change_is_not_published_either() {
    for views in VIEWS {
        let place = published(views);
        place.done("set list.slist id:b suspended");
        repaired(&place, 826);
        let run = place.line(&format!("{PUBLISH} --json"));
        assert_eq!(run.error().code, "CORRUPT", "{views}");
    }
}

/// No final status is lost, but readers would take a suspended credential for a valid one.
#[test]
fn a_damaged_status_is_neither_signed_nor_published_whatever_else_changed() {
    for views in VIEWS {
        let place = published(views);
        place.done("set list.slist id:b suspended");
        place.done("allocate list.slist --token-id c --status suspended");
        // The entry of b.
        repaired(&place, 785);
        let elsewhere = PUBLISH.replace("--to site", "--to elsewhere");
        assert_ne!(elsewhere, PUBLISH);
        for line in [PUBLISH, &elsewhere, "sign list.slist --key key.pem"] {
            let run = place.line(&format!("{line} --json"));
            assert_eq!(run.code, 4, "{views} {line}: {}", run.stderr);
            assert_eq!(run.error().code, "CORRUPT", "{views} {line}");
            assert!(run.stdout.is_empty(), "{views} {line}");
        }
    }
}

/// Any other status than the published one, although nothing was changed since.
#[test]
fn a_page_that_differs_from_what_was_published_of_the_same_state_is_not_published() {
    let place = published("");
    place.done("set list.slist id:b suspended");
    place.done(&format!("{PUBLISH} -q"));
    // Suspended is not final.
    repaired(&place, 785);
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: cannot use 'list.slist' as a list file
because: the status of entry 0/785 is not what its changes lead to
hint: restore a backup; if this is a copy, make it again with: statuslist backup
--- exit 4

"#]],
    );
    // And with the change that says otherwise taken out of the log.
    let connection = Connection::open(place.path("list.slist")).unwrap();
    let trigger: String = connection
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = 'change_no_delete'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA foreign_keys = OFF; DROP TRIGGER change_no_delete; \
             DELETE FROM change WHERE idx = 785; {trigger}"
        ))
        .unwrap();
    drop(connection);
    place.done("get list.slist id:b --is valid");
    place.refuses(PUBLISH, str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: it shows other statuses than list 0 of 'list.slist', which has not changed since
hint: find out which is right: statuslist inspect 'list.slist'; if it is the list file: --allow-rollback
--- exit 4

"#]]);
}

#[test]
fn a_status_that_a_revision_let_go_is_published() {
    for views in VIEWS {
        let place = published(views);
        place.done("set list.slist id:a valid --allow-final");
        place.done(PUBLISH);
        place.done("set list.slist id:a revoked");
        place.done("set list.slist id:a valid --allow-final");
        place.done("set list.slist id:a suspended");
        let published: shapes::Published = place.decode(PUBLISH);
        assert!(published.leaving_final_status.is_empty(), "{views}");
    }
}

#[test]
fn going_back_names_every_entry_that_leaves_a_final_status() {
    for views in VIEWS {
        let place = published(views);
        std::fs::copy(place.path("list.slist"), place.path("old.slist")).unwrap();
        place.done("set list.slist id:b revoked");
        place.done(&format!("{PUBLISH} -q"));
        let publish = "publish old.slist --to site --key key.pem --allow-rollback";
        let error = place.line(&format!("{publish} --json")).error();
        assert_eq!(error.code, "FINAL_STATUS", "{views}");
        let named = &error.details["leavingFinalStatus"][0];
        assert_eq!(named["count"], 1);
        assert_eq!(named["entries"][0]["idx"], 785);
        assert_eq!(named["entries"][0]["previousStatus"], 1);
        assert_eq!(named["entries"][0]["currentStatus"], 0);
        let done: shapes::Published = place.decode(&format!("{publish} --unrevoke"));
        assert_eq!(done.leaving_final_status[0].count, 1);
        assert_eq!(done.leaving_final_status[0].entries[0].idx, 785);
    }
    let place = published("");
    std::fs::copy(place.path("list.slist"), place.path("old.slist")).unwrap();
    place.done("allocate list.slist --count 30");
    let entries: shapes::Many = place.decode("allocate list.slist --count 30");
    for one in &entries.allocations {
        place.done(&format!("set list.slist 0/{} revoked", one.idx));
    }
    place.done(&format!("{PUBLISH} -q"));
    place.refuses(
        "publish old.slist --to site --key key.pem --allow-rollback",
        str![[r#"
--- stderr
error: entries would leave a final status
because: statuslists/0.jwt: invalid (1) to valid (0): 0/3, 0/14, 0/24, 0/37, 0/55, 0/144, 0/157, 0/161, 0/234, 0/310, 0/369, 0/380, 0/401, 0/420, 0/438, 0/463, 0/517, 0/519, 0/553, 0/570; and 10 others
hint: to take over what is published: statuslist restore FILE --to FOLDER --adopt-published; to show them as the list file has them all the same: --unrevoke
--- exit 1

"#]],
    );
    let run = place.line("publish old.slist --to site --key key.pem --unrevoke");
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn going_back_to_what_lifts_nothing_needs_no_more_than_before() {
    let place = published("");
    std::fs::copy(place.path("list.slist"), place.path("old.slist")).unwrap();
    place.done("set list.slist id:b suspended");
    place.done(&format!("{PUBLISH} -q"));
    place.done("publish old.slist --to site --key key.pem --allow-rollback");
}

/// Another list file at the same uri, of another size or width: the revoked would be forgotten.
#[test]
fn a_list_of_another_shape_does_not_replace_one_with_final_statuses_unasked() {
    for (views, bits) in VIEWS.iter().zip([2, 2, 2, 4]) {
        let place = published(views);
        let size = if *views == VIEWS[2] { 200_000 } else { 500 };
        place.done(&format!(
            "init new.slist --uri https://example.com/statuslists/{{n}}.jwt --bits {bits} \
             --size {size} {views}"
        ));
        let publish = "publish new.slist --to site --key key.pem --allow-rollback";
        let run = place.line(&format!("{publish} --json"));
        assert_eq!(run.error().code, "FINAL_STATUS", "{views}");
        place.done(&format!("{publish} --unrevoke"));
    }
    let place = published("");
    place.done("init new.slist --uri https://example.com/statuslists/{n}.jwt --size 500");
    place.refuses(
        "publish new.slist --to site --key key.pem --allow-rollback",
        str![[r#"
--- stderr
error: entries would leave a final status
because: statuslists/0.jwt: 1 entry, which cannot be named: bits per entry: 2, where the lists of the series have 1
hint: to take over what is published: statuslist restore FILE --to FOLDER --adopt-published; to show them as the list file has them all the same: --unrevoke
--- exit 1

"#]],
    );
}

#[test]
fn under_some_profiles_nothing_un_revokes() {
    for options in [
        "--profile eudi --size 10000",
        "--profile iso-mdoc --size 1000",
    ] {
        let place = Place::new();
        place.write("seed", crate::harness::SEED);
        let bits = if options.contains("iso") { 1 } else { 2 };
        place.done(&format!(
            "init list.slist --uri https://example.com/statuslists/{{n}} --bits {bits} \
             --seed-file seed {options}"
        ));
        place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
        let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/profiles");
        let certificate = std::fs::read(format!("{vectors}/signer.pem")).unwrap();
        place.write("cert.pem", certificate);
        let one: shapes::One = place.decode("allocate list.slist --token-id a");
        std::fs::copy(place.path("list.slist"), place.path("old.slist")).unwrap();
        place.done("set list.slist id:a revoked");
        let publish = "--to site --key key.pem --cert cert.pem";
        place.done(&format!("publish list.slist {publish}"));
        let run = place.line("set list.slist id:a valid --allow-final --json");
        assert_eq!(run.error().code, "FINAL_STATUS");
        for allowed in ["--allow-rollback", "--allow-rollback --unrevoke"] {
            let error = place
                .line(&format!("publish old.slist {publish} {allowed} --json"))
                .error();
            assert_eq!(error.code, "FINAL_STATUS", "{options} {allowed}");
            assert!(error.message.contains("stays revoked"), "{}", error.message);
            let named = &error.details["leavingFinalStatus"][0];
            assert_eq!(named["entries"][0]["idx"], one.idx);
        }
    }
}
