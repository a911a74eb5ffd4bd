//! `publish`: a site that is up to date, and nothing in it that tells of allocation.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

const PUBLISH: &str = "publish list.slist --to site --key key.pem";

#[test]
fn what_is_written_and_what_is_left_alone() {
    let place = Place::with_list();
    place.shows(
        PUBLISH,
        str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged

"#]],
    );
    let before = place.files();
    place.shows(
        &format!("{PUBLISH} --renew -n"),
        str![[r#"
would write  statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): --renew was given
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
dry run: 1 file would be written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    assert!(before == place.files());
    place.done("allocate list.slist --token-id a");
    assert_eq!(place.decode::<shapes::Published>(PUBLISH).written, 0);
    place.done("set list.slist id:a revoked");
    place.shows(
        PUBLISH,
        str![[r#"
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    place.done("set list.slist id:a revoked --note x");
    assert_eq!(place.decode::<shapes::Published>(PUBLISH).written, 0);
    place.done("configure list.slist --ttl 2h");
    place.shows(
        &format!("{PUBLISH} -q"),
        str![[r#"
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:00:00Z): its claims or its header changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it

"#]],
    );
    assert_eq!(place.mode("site/statuslists/0.jwt"), 0o644);
    assert_eq!(place.mode("site/statuslist-manifest.json"), 0o644);
    assert_eq!(place.mode("list.slist"), 0o600);
    assert!(!place.read("site/statuslists/0.jwt").ends_with(b"\n"));
}

#[test]
fn a_dry_run_on_a_new_site_makes_no_folder() {
    let place = Place::with_list();
    place.shows(
        &format!("{PUBLISH} -n"),
        str![[r#"
would write  statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): it was not there
would write  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
dry run: 1 file would be written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    assert!(!place.path("site").exists());
}

#[test]
fn the_same_for_programs() {
    let place = Place::with_list();
    let published: shapes::Published = place.decode(PUBLISH);
    let token = place.read("site/statuslists/0.jwt");
    assert_eq!(
        published.files,
        [shapes::PublishedFile {
            path: "statuslists/0.jwt".to_owned(),
            uri: "https://example.com/statuslists/0.jwt".to_owned(),
            list_id: "0".to_owned(),
            view: "jwt".to_owned(),
            action: "written".to_owned(),
            because: "it was not there".to_owned(),
            bytes: token.len() as u64,
            issued_at: "2026-01-01T00:00:00Z".to_owned(),
            expires_at: "2026-01-08T00:00:00Z".to_owned(),
            due_at: Some("2026-01-04T12:00:00Z".to_owned()),
        }]
    );
    assert_eq!((published.written, published.unchanged), (1, 0));
}

#[test]
fn a_site_without_retired_lists_has_nothing_to_remove() {
    let place = Place::with_list();
    let line = format!("{PUBLISH} --prune");
    place.done(&line);
    let before = place.files();
    place.shows(
        &line,
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged, 0 removed

"#]],
    );
    let published: shapes::Published = place.decode(&line);
    assert_eq!(published.removed, Some(Vec::new()));
    let published: shapes::Published = place.decode(PUBLISH);
    assert_eq!(published.removed, None);
    assert!(before == place.files());
}

#[test]
fn a_token_is_renewed_at_half_of_its_validity() {
    let place = Place::with_list();
    place.done(PUBLISH);
    let early: shapes::Published = place.decode(&format!("{PUBLISH} --now 2026-01-04T11:59:59Z"));
    assert_eq!(early.written, 0);
    place.shows(&format!("{PUBLISH} --now 2026-01-04T12:00:00Z"), str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-11T12:00:00Z): half of its validity has passed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-08T00:00:00Z at the latest

"#]]);
}

#[test]
fn nothing_in_the_site_tells_of_allocation() {
    let place = Place::with_list();
    place.done("publish list.slist --to before --key key.pem");
    place.done("allocate list.slist --count 1000");
    place.done("publish list.slist --to after --key key.pem");
    let site = |name| {
        let root = place.path(name);
        let files = place.files().into_iter();
        let below = files
            .filter_map(|(path, bytes)| Some((path.strip_prefix(&root).ok()?.to_owned(), bytes)));
        below.collect::<Vec<_>>()
    };
    assert_eq!(site("before").len(), 3);
    assert!(site("before") == site("after"));
}

#[test]
fn the_time_of_reproducible_builds_is_ignored() {
    let place = Place::with_list();
    let output = place
        .command()
        .args(PUBLISH.split(' '))
        .arg("--json")
        .env_remove("STATUSLIST_NOW")
        .env("SOURCE_DATE_EPOCH", "0")
        .output()
        .unwrap();
    let published: shapes::Published = serde_json::from_slice(&output.stdout).unwrap();
    assert!(published.files[0].issued_at.starts_with("20"));
    assert!(output.stderr.is_empty() || !output.stderr.starts_with(b"warning"));
}

#[test]
fn several_list_files_at_once_or_none() {
    let place = Place::with_list();
    place.done("init b.slist --uri https://example.com/b/{n}.jwt --seed-file seed");
    place.done("init c.slist --uri https://example.com/statuslists/{n}.jwt --seed-file seed");
    place.refuses(
        "publish list.slist c.slist --to site --key key.pem -n",
        str![[r#"
--- stderr
error: two files cannot be published there
because: two files would have the path 'statuslists/0.jwt'
--- exit 1

"#]],
    );
    std::fs::create_dir_all(place.path("site/b")).unwrap();
    place.write("site/b/0.jwt", "foreign");
    place.refuses(
        "publish list.slist b.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: 'b/0.jwt' must not be replaced
because: a file is there that the site's manifest does not know
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
    assert!(!place.path("site/statuslists/0.jwt").exists());
    std::fs::remove_file(place.path("site/b/0.jwt")).unwrap();
    place.shows(
        "publish list.slist b.slist --to site --key key.pem",
        str![[r#"
written    b/0.jwt (468 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: b/0.jwt has expired by the real clock: readers refuse it
2 files written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
}

#[test]
fn one_list_file_is_named_once() {
    let place = Place::with_list();
    std::os::unix::fs::symlink("list.slist", place.path("link.slist")).unwrap();
    place.refuses(
        "publish list.slist list.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: 'list.slist' and 'list.slist' are one list file
hint: name it once
--- exit 1

"#]],
    );
    place.refuses(
        "publish list.slist link.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: 'list.slist' and 'link.slist' are one list file
hint: name it once
--- exit 1

"#]],
    );
}

#[test]
fn the_site_is_not_the_folder_of_the_list_file() {
    let place = Place::with_list();
    place.refuses(
        "publish list.slist --to . --key key.pem --wait 5s",
        str![[r#"
--- stderr
error: 'list.slist' lies in the site '.'
because: it is a list file or a backup of one, which holds the seeds of its lists, and everything in a site is public
hint: move it away, or publish to a folder without secrets: --to FOLDER
--- exit 1

"#]],
    );
    place.done("publish list.slist --to site --key key.pem --wait 5s");
}

#[test]
fn a_base_url_shortens_the_paths() {
    let place = Place::with_list();
    place.done(&format!(
        "{PUBLISH} --base-url https://example.com/statuslists"
    ));
    assert!(place.path("site/0.jwt").exists());
    place.refuses(
        &format!("{PUBLISH} --base-url https://other.example"),
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/statuslists/0.jwt'
because: uri 'https://example.com/statuslists/0.jwt' is not below the base url 'https://other.example'
--- exit 1

"#]],
    );
    place.refuses(&format!("{PUBLISH} --base-url nonsense"), str![[r#"
--- stderr
error: invalid value 'nonsense' for '--base-url <URL>': uri 'nonsense' does not begin with https:// or http://

For more information, try '--help'.
--- exit 2

"#]]);
}

#[test]
fn what_cannot_be_published() {
    let place = Place::with_list();
    place.refuses(
        "publish list.slist --key key.pem",
        str![[r#"
--- stderr
error: no site was named
hint: --to FOLDER
--- exit 1

"#]],
    );
    place.refuses(
        "publish list.slist --to site",
        str![[r#"
--- stderr
error: no signing key was named
hint: --key FILE; to make one: statuslist keygen FILE
--- exit 1

"#]],
    );
    place.refuses(
        "publish missing.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: there is no list file 'missing.slist'
hint: make one: statuslist init 'missing.slist' --uri TEMPLATE
--- exit 4

"#]],
    );
    place.refuses(
        "publish --to site --key key.pem",
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  <FILE>...

Usage: statuslist publish --to <FOLDER> --key <KEY> --now <TIME> <FILE>...

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "publish list.slist --to key.pem --key key.pem",
        str![[r#"
--- stderr
error: 'key.pem' is not a folder
hint: a site is made of folders and regular files
--- exit 1

"#]],
    );
}

#[test]
fn folders_that_lead_elsewhere_are_refused() {
    let place = Place::with_list();
    std::fs::create_dir_all(place.path("site")).unwrap();
    std::fs::create_dir_all(place.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", place.path("site/statuslists")).unwrap();
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: 'site/statuslists' is a symbolic link, which could lead out of the site
hint: a site is made of folders and regular files
--- exit 1

"#]],
    );
}
