//! A site never goes back, and never sideways.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

const PUBLISH: &str = "publish list.slist --to site --key key.pem";

fn copy(place: &Place, from: &str, to: &str) {
    std::fs::copy(place.path(from), place.path(to)).unwrap();
}

/// A published place with two entries, `a` and `b`.
fn published() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --token-id b");
    place.done(PUBLISH);
    place
}

#[test]
fn of_two_copies_that_went_different_ways_one_is_refused() {
    let place = published();
    copy(&place, "list.slist", "copy.slist");
    place.done("set list.slist id:a revoked");
    place.done("set copy.slist id:b revoked");
    place.done(PUBLISH);
    place.refuses(
        "publish copy.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: it was not published from this list file, or from a newer state of it
because: the list file never had the state that the site's manifest names
hint: use the newest list file; to publish this one all the same: --allow-rollback
--- exit 1

"#]],
    );
    let run = place.line("publish copy.slist --to site --key key.pem --json");
    assert_eq!(run.error().code, "CONFLICT");
    place.done("publish copy.slist --to site --key key.pem --allow-rollback --unrevoke");
}

#[test]
fn an_older_state_is_refused() {
    let place = published();
    copy(&place, "list.slist", "old.slist");
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    place.refuses(
        "publish old.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: it was not published from this list file, or from a newer state of it
because: the list file never had the state that the site's manifest names
hint: use the newest list file; to publish this one all the same: --allow-rollback
--- exit 1

"#]],
    );
    place.refuses(
        "publish old.slist --to site --key key.pem --renew",
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: it was not published from this list file, or from a newer state of it
because: the list file never had the state that the site's manifest names
hint: use the newest list file; to publish this one all the same: --allow-rollback
--- exit 1

"#]],
    );
    place.shows(
        "publish old.slist --to site --key key.pem --allow-rollback --unrevoke",
        str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: entries leave a final status: statuslists/0.jwt: invalid (1) to valid (0): 0/826
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
}

#[test]
fn an_older_clock_is_refused() {
    let place = published();
    place.done("set list.slist id:a revoked");
    place.refuses(
        &format!("{PUBLISH} --now 2025-12-31T00:00:00Z"),
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: what is there is newer
because: it was issued at 2026-01-01T00:00:00Z, and now is 2025-12-31T00:00:00Z
hint: check the clock or --now; to go back all the same: --allow-rollback
--- exit 1

"#]],
    );
}

#[test]
fn another_key_must_be_announced() {
    let place = published();
    place.done("keygen other.pem");
    place.refuses(
        "publish list.slist --to site --key other.pem",
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: another key signed what is there
because: readers that know that key would not be able to verify this one's signature
hint: check --key; if the key is to change: --new-key
--- exit 1

"#]],
    );
    place.shows(
        "publish list.slist --to site --key other.pem --new-key -q",
        str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): the key changed
written    jwks.json (421 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it

"#]],
    );
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: another key signed what is there
because: readers that know that key would not be able to verify this one's signature
hint: check --key; if the key is to change: --new-key
--- exit 1

"#]],
    );
}

#[test]
fn a_foreign_file_is_left_alone() {
    let place = Place::with_list();
    std::fs::create_dir_all(place.path("site/statuslists")).unwrap();
    place.write("site/statuslists/0.jwt", "somebody else's");
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: a file is there that the site's manifest does not know
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
    place.done(&format!("{PUBLISH} --allow-rollback"));
}

#[test]
fn a_file_that_somebody_changed_is_left_alone() {
    let place = published();
    place.write("site/statuslists/0.jwt", "changed");
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
}

#[test]
fn a_file_that_somebody_removed_is_written_again() {
    let place = published();
    let token = place.read("site/statuslists/0.jwt");
    std::fs::remove_file(place.path("site/statuslists/0.jwt")).unwrap();
    place.done(PUBLISH);
    assert!(token == place.read("site/statuslists/0.jwt"));
}

#[test]
fn an_interrupted_publication_heals() {
    let place = published();
    let manifest = place.read("site/statuslist-manifest.json");
    place.done("set list.slist id:a revoked");
    let later = "--now 2026-01-01T00:00:10Z";
    place.done(&format!("{PUBLISH} {later}"));
    // The token is there, but not the manifest that goes with it.
    let after = place.read("site/statuslist-manifest.json");
    place.write("site/statuslist-manifest.json", &manifest);
    place.shows(
        &format!("{PUBLISH} {later}"),
        str![[r#"
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:00:10Z): the manifest did not know it
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:10Z at the latest

"#]],
    );
    assert!(after == place.read("site/statuslist-manifest.json"));
    // The same when there was no manifest before.
    std::fs::remove_file(place.path("site/statuslist-manifest.json")).unwrap();
    place.done(&format!("{PUBLISH} {later}"));
    // Only when its key was first shown is not known any more.
    let entries = |bytes: &[u8]| {
        let manifest: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        manifest["entries"]["statuslists/0.jwt"].clone()
    };
    let healed = place.read("site/statuslist-manifest.json");
    assert_eq!(entries(&healed), entries(&after));
}

#[test]
fn a_manifest_that_cannot_be_read_stops_everything() {
    let place = published();
    place.write("site/statuslist-manifest.json", "{");
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: manifest 'site/statuslist-manifest.json' is malformed
because: EOF while parsing an object at line 1 column 1
--- exit 4

"#]],
    );
    place.write("site/statuslist-manifest.json", "{\"version\":99}");
    assert_ne!(place.line(PUBLISH).code, 0);
}

#[test]
fn a_list_file_that_cannot_be_written_is_published_all_the_same() {
    let place = Place::with_list();
    place.done("backup list.slist copy.slist");
    let published: shapes::Published =
        place.decode("publish copy.slist --to site --key key.pem --new-site");
    assert_eq!(published.written, 1);
}
