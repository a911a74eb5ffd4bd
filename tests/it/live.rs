//! Publishing from a machine that has the list file and no folder.

use std::path::Path;

use snapbox::str;

use crate::harness::{Place, SEED};
use crate::web::Web;

/// A place with `list.slist`, whose lists are served from `www`, and with another series there.
pub(crate) fn served() -> (Place, Web) {
    let place = Place::new();
    let web = Web::of(&place);
    place.write("seed", SEED);
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    let url = &web.url;
    place.done(&format!(
        "init list.slist --uri {url}/statuslists/{{n}}.jwt --bits 2 --size 1000 --seed-file seed"
    ));
    place.done("allocate list.slist --token-id a --token-id b");
    place.done(&format!(
        "init other.slist --uri {url}/other/{{n}}.json --as bitstring.revocation --issuer {url} \
         --verification-method {url}/jwks.json#key --size 131072"
    ));
    (place, web)
}

/// The same, published.
pub(crate) fn published() -> (Place, Web) {
    let (place, web) = served();
    place.done("publish list.slist other.slist --to www --key key.pem");
    (place, web)
}

pub(crate) const LIVE: &str = "publish list.slist --to site --key key.pem --live";

/// Puts a folder in the place of what is served.
fn deploy(place: &Place, folder: &str) {
    std::fs::remove_dir_all(place.path("www")).unwrap();
    copy_folder(&place.path(folder), &place.path("www"));
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &name);
        } else {
            std::fs::copy(&path, &name).unwrap();
        }
    }
}

/// What a checkout makes of a list file: another file with the same bytes.
fn check_out(place: &Place, from: &str, to: &str) {
    std::fs::copy(place.path(from), place.path(to)).unwrap();
}

#[test]
fn a_fresh_machine_publishes_on_top_of_what_is_live_and_its_folder_is_whole() {
    let (place, web) = published();
    place.done("set list.slist id:a revoked");
    check_out(&place, "list.slist", "checkout.slist");
    let run = place.line("publish checkout.slist --to site --key key.pem --live");
    web.hidden(run).shows(
        &place,
        str![[r#"
written    statuslists/0.jwt (N bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  jwks.json (N bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest
2 files taken over from HOST: 1 compared with the list files, 1 by the digests in the manifest alone, which only the host vouches for

"#]],
    );
    // What nothing was changed in is there to the byte.
    for file in ["other/0.json", "jwks.json"] {
        let (here, there) = (format!("site/{file}"), format!("www/{file}"));
        assert_eq!(place.read(&here), place.read(&there), "{file}");
    }
    deploy(&place, "site");
    // Nobody needs to write anything now: neither in the folder nor on another fresh machine.
    let run = place.line("publish checkout.slist other.slist --to site --key key.pem");
    assert!(run.stderr.starts_with("0 files written"), "{}", run.stderr);
    let run = place.line("publish checkout.slist other.slist --to third --key key.pem --live");
    web.hidden(run).shows(
        &place,
        str![[r#"
unchanged  other/0.json
unchanged  statuslists/0.jwt
unchanged  jwks.json (N bytes)
--- stderr
0 files written, 2 unchanged
3 files taken over from HOST: 3 compared with the list files

"#]],
    );
    let mut files = [place.files(), place.files()];
    files[0].retain(|path, _| path.starts_with(place.path("www")));
    files[1].retain(|path, _| path.starts_with(place.path("third")));
    let [www, third] = files.map(|files| files.into_values().collect::<Vec<_>>());
    assert_eq!(www, third);
}

#[test]
fn a_plan_of_a_fresh_machine_writes_nothing() {
    let (place, web) = published();
    let run = place.line(&format!("{LIVE} -n"));
    web.hidden(run).shows(
        &place,
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  jwks.json (N bytes)
--- stderr
dry run: 0 files would be written, 1 unchanged
3 files taken over from HOST: 2 compared with the list files, 1 by the digests in the manifest alone, which only the host vouches for

"#]],
    );
    assert!(!place.path("site").exists());
}

#[test]
fn an_old_copy_never_un_revokes() {
    let (place, web) = served();
    check_out(&place, "list.slist", "unpublished.slist");
    place.done("publish list.slist other.slist --to www --key key.pem");
    check_out(&place, "list.slist", "old.slist");
    place.done("set list.slist id:a revoked");
    place.done("publish list.slist --to www --key key.pem");
    let refused = |line: &str, expected: &str| {
        let before = place.files();
        let run = web.hidden(place.line(line));
        assert_eq!(run.code, 1, "{line}: {}", run.stderr);
        snapbox::assert_data_eq!(run.stderr, expected.to_owned());
        assert!(place.files() == before, "{line}");
        assert_eq!(
            place.line(&format!("{line} --json")).error().code,
            "CONFLICT"
        );
    };
    let live = "error: 'statuslists/0.jwt' must not be replaced
because: it was not published from this list file, or from a newer state of it
because: the list file never had the state that the site's manifest names
hint: use the newest list file; to publish this one all the same: --allow-rollback
";
    let copy = |name: &str| {
        format!(
            "error: nothing there says what was published of '{name}' before
because: '{name}' is a copy, or was moved: nobody knows whether it is the newest
hint: to ask the hosts: --live; if this is a new site all the same: --new-site
"
        )
    };
    for name in ["old.slist", "unpublished.slist"] {
        refused(
            &format!("publish {name} --to empty --key key.pem --live"),
            live,
        );
        refused(
            &format!("publish {name} --to empty --key key.pem --live --renew"),
            live,
        );
        refused(
            &format!("publish {name} --to empty --key key.pem"),
            &copy(name),
        );
        // The folder of another series says nothing of this one.
        place.done("publish other.slist --to half --key key.pem");
        refused(
            &format!("publish {name} --to half --key key.pem"),
            &copy(name),
        );
        refused(
            &format!("publish {name} --to half --key key.pem --live"),
            live,
        );
    }
    // A file that travels by design is known for no copy, and may be an old one.
    place.done("configure list.slist --anywhere");
    place.done("publish list.slist --to www --key key.pem --renew");
    let travels = "error: nothing there says what was published of 'list.slist' before
because: 'list.slist' travels by design: nobody knows whether this is the newest
hint: to ask the hosts: --live; if this is a new site all the same: --new-site
";
    refused("publish list.slist --to empty --key key.pem", travels);
    // The old state, written over the file in its own place.
    let old = place.read("old.slist");
    place.write("list.slist", old);
    std::fs::rename(place.path("www"), place.path("gone")).unwrap();
    let remembered = "error: nothing there says what was published of 'list.slist' before
because: 'list.slist' was published to 'PLACE/www' at 2026-01-01T00:00:00Z
because: what is in that site, and in no other, would be missing in this one
hint: to ask the hosts: --live; if this is a new site all the same: --new-site
";
    let folder = std::fs::canonicalize(place.path("")).unwrap();
    let remembered = remembered.replace("PLACE", &folder.display().to_string());
    for site in ["empty", "www"] {
        refused(
            &format!("publish list.slist --to {site} --key key.pem"),
            &remembered,
        );
    }
    std::fs::remove_dir_all(place.path("www")).unwrap();
    std::fs::rename(place.path("gone"), place.path("www")).unwrap();
    refused("publish list.slist --to empty --key key.pem --live", live);
    // Whoever insists says so.
    place.done("publish list.slist --to new --key key.pem --new-site");
}

#[test]
fn a_second_site_beside_the_first_is_no_lost_one() {
    let (place, _web) = served();
    place.done("publish list.slist --to staging --key key.pem");
    place.done("publish list.slist --to site --key key.pem");
    // A view that was never published is not lost either.
    place.done("configure list.slist --add-view cwt");
    std::fs::remove_dir_all(place.path("staging")).unwrap();
    place.done("publish list.slist --to other --as cwt --key key.pem");
    std::fs::remove_dir_all(place.path("site")).unwrap();
    place.refuses(
        "publish list.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: nothing there says what was published of 'list.slist' before
because: 'list.slist' was published to 'PLACE/staging' at 2026-01-01T00:00:00Z
because: what is in that site, and in no other, would be missing in this one
hint: to ask the hosts: --live; if this is a new site all the same: --new-site
--- exit 1

"#]],
    );
    place.done("publish list.slist --to site --key key.pem --new-site");
}

#[test]
fn where_nothing_is_served_this_is_the_first_publication() {
    let (place, web) = served();
    web.asked();
    let run = web.hidden(place.line(LIVE));
    run.shows(
        &place,
        str![[r#"
written    statuslists/0.jwt (N bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (N bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest
nothing is published at HOST yet: neither the manifest nor a file of the lists

"#]],
    );
    assert_eq!(
        web.asked(),
        ["/statuslist-manifest.json", "/statuslists/0.jwt"]
    );
}

#[test]
fn a_folder_that_has_a_site_is_brought_up_to_date_and_is_not_older_than_what_is_live() {
    let (place, web) = published();
    copy_folder(&place.path("www"), &place.path("site"));
    // The folder is newer than what is served: nothing to do.
    place.done("set list.slist id:a suspended");
    place.done("publish list.slist --to site --key key.pem --now 2026-01-01T01:00:00Z");
    let run = place.line(&format!("{LIVE} --now 2026-01-01T02:00:00Z"));
    assert!(run.stderr.starts_with("0 files written"), "{}", run.stderr);
    // What is served was renewed by somebody else: readers must not get an older one again.
    place.done("publish list.slist --to www --key key.pem --now 2026-01-01T03:00:00Z");
    let run = place.line(&format!("{LIVE} --now 2026-01-01T04:00:00Z"));
    web.hidden(run).shows(
        &place,
        str![[r#"
written    statuslists/0.jwt (N bytes, expires 2026-01-08T04:00:00Z): a newer one was seen
unchanged  jwks.json (N bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T16:00:00Z at the latest

"#]],
    );
    // Somebody else published more: this folder does not have it.
    place.done("publish other.slist --to www --key key.pem --now 2026-01-01T05:00:00Z --renew");
    let run = place.line(&format!("{LIVE} --now 2026-01-01T06:00:00Z"));
    web.hidden(run).shows(
        &place,
        str![[r#"
--- stderr
error: the target is behind what readers see
because: what readers see is newer, or missing there: other/0.json
hint: publish into an empty folder, which gets all of it: --live --to EMPTY; if the folder is newer in truth, deploy it, or leave out --live
--- exit 1

"#]],
    );
    // A state that this list file never had.
    check_out(&place, "list.slist", "twin.slist");
    place.done("set twin.slist id:b revoked");
    place.done("publish twin.slist --to www --key key.pem --now 2026-01-01T07:00:00Z");
    let run = place.line(&format!("{LIVE} --now 2026-01-01T08:00:00Z"));
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("never had the state"), "{}", run.stderr);
}

#[test]
fn a_run_that_was_killed_in_a_fresh_folder_is_completed() {
    let (place, web) = published();
    place.done("set list.slist id:a revoked");
    place.done(LIVE);
    let whole = place.files();
    let removed = |file: &str| std::fs::remove_file(place.path(format!("site/{file}"))).unwrap();
    // Killed before the manifest; killed before the token, and before another file.
    removed("statuslist-manifest.json");
    place.done(LIVE);
    for file in [
        "statuslist-manifest.json",
        "statuslists/0.jwt",
        "other/0.json",
    ] {
        removed(file);
    }
    place.done(LIVE);
    assert_eq!(
        place.read("site/other/0.json"),
        place.read("www/other/0.json")
    );
    let count = |files: &std::collections::BTreeMap<_, _>| files.len();
    assert_eq!(count(&whole), count(&place.files()));
    // The same where the list changed meanwhile.
    removed("statuslist-manifest.json");
    place.done("set list.slist id:b suspended");
    place.done(LIVE);
    // Something that is not ours stays.
    removed("statuslist-manifest.json");
    place.write("site/other/0.json", "mine");
    let run = place.line(LIVE);
    web.hidden(run).shows(
        &place,
        str![[r#"
--- stderr
error: 'other/0.json' must not be replaced
because: a file is there that the site's manifest does not know
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
}

#[test]
fn documents_and_the_default_for_all_others_are_taken_over() {
    let place = Place::new();
    let web = Web::of(&place);
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.done(&format!(
        "init list.slist --uri {}/ocsp/{{n}} --as oa-ocsp --size 100",
        web.url
    ));
    let hash = |digit: &str| format!("0x{}", digit.repeat(64));
    let one = hash("1");
    place.done(&format!(
        "allocate list.slist --token-id a --document-hash {one}"
    ));
    place.done("publish list.slist --to www");
    place.done("set list.slist id:a revoked");
    place.done("publish list.slist --to www");
    place.done(&format!(
        "allocate list.slist --token-id b --document-hash {}",
        hash("2")
    ));
    // A host that answers with the default where there is no file.
    let default = place.read("www/ocsp/0/default.json");
    web.says(&format!("/ocsp/0/{}", hash("2")), "200 OK", &[], &default);
    let run = place.line("publish list.slist --to site --live");
    web.hidden(run).shows(
        &place,
        str![[r#"
written    ocsp/0/0x2222222222222222222222222222222222222222222222222222222222222222 (N bytes)
unchanged  2 files below HOST/ocsp/0
--- stderr
1 file written, 2 unchanged
2 files taken over from HOST: 2 compared with the list files

"#]],
    );
    let path = format!("ocsp/0/{one}");
    assert_eq!(
        place.read(&format!("site/{path}")),
        place.read(&format!("www/{path}"))
    );
}

#[test]
fn what_hosts_keep_for_themselves_is_written_anew() {
    let (place, web) = served();
    let host = "--host cloudflare-pages";
    place.done(&format!("publish list.slist --to www --key key.pem {host}"));
    for status in ["404 Not Found", "403 Forbidden"] {
        web.says("/_headers", status, &[], b"");
        place.done(&format!("{LIVE} {host}"));
        assert_eq!(place.read("site/_headers"), place.read("www/_headers"));
        std::fs::remove_dir_all(place.path("site")).unwrap();
        let run = place.line(LIVE);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let expected = "warning: the host keeps _headers for itself, so it is not taken over: \
                        write it again with --host\n";
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        let manifest = String::from_utf8(place.read("site/statuslist-manifest.json")).unwrap();
        assert!(!manifest.contains("_headers"), "{manifest}");
        assert!(!place.path("site/_headers").exists());
        std::fs::remove_dir_all(place.path("site")).unwrap();
    }
}

#[test]
fn programs_read_what_was_taken_over() {
    let (place, _web) = published();
    let published: crate::shapes::Published = place.decode(LIVE);
    let taken = ["jwks.json", "other/0.json", "statuslists/0.jwt"];
    assert_eq!(published.taken_over, taken);
    assert_eq!((published.written, published.unchanged), (0, 1));
}

#[test]
fn a_policy_that_waits_holds_back_nothing_that_readers_saw() {
    let (place, web) = published();
    copy_folder(&place.path("www"), &place.path("site"));
    place.write(
        "policy.toml",
        "[regeneration]\nstrategy = \"periodic\"\nperiodic-interval = \"1h\"\n",
    );
    let line = format!("{LIVE} --if-due --config policy.toml");
    // Somebody published a revocation within the second of the publication before.
    place.done("set list.slist id:a revoked");
    place.done("publish list.slist --to www --key key.pem");
    let run = place.line(&line);
    web.hidden(run).shows(
        &place,
        str![[r#"
written    statuslists/0.jwt (N bytes, expires 2026-01-08T00:00:00Z): a newer one was seen
unchanged  jwks.json (N bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    // What nobody saw waits, on a fresh machine as well.
    deploy(&place, "site");
    place.done("set list.slist id:b revoked");
    std::fs::remove_dir_all(place.path("site")).unwrap();
    let run = place.line(&line);
    web.hidden(run).shows(
        &place,
        str![[r#"
waiting    statuslists/0.jwt (changes wait until they are due: 2026-01-01T01:00:00Z)
unchanged  jwks.json (N bytes)
--- stderr
0 files written, 1 unchanged
3 files taken over from HOST: 2 compared with the list files, 1 by the digests in the manifest alone, which only the host vouches for

"#]],
    );
    assert_eq!(
        place.read("site/statuslists/0.jwt"),
        place.read("www/statuslists/0.jwt")
    );
}
