//! The document at `--aggregation-uri`, which names all tokens.

use serde_json::json;
use snapbox::str;

use crate::harness::{Place, SEED};
use crate::shapes;

const ALL: &str = "https://example.com/all.json";

/// A place with a key and these list files: name, views, and the aggregation that they name.
fn place(files: &[(&str, &str, &str)]) -> Place {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.write("seed", SEED);
    for (name, views, aggregation) in files {
        place.done(&format!(
            "init {name} --uri https://example.com/{name}/{{n}}.jwt --as {views} --size 100 \
             --issuer https://example.com --aggregation-uri {aggregation}"
        ));
    }
    place
}

fn publish(place: &Place, what: &str) {
    place.done(&format!("publish {what} --to site --key key.pem"));
}

fn document(place: &Place) -> serde_json::Value {
    serde_json::from_slice(&place.read("site/all.json")).unwrap()
}

#[test]
fn it_names_every_token_and_is_written_with_them() {
    let place = place(&[("a", "jwt,cwt,bitstring", ALL)]);
    place.shows(
        "publish a --to site --key key.pem",
        str![[r#"
written    a/0.cwt (292 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    a/0.jwt (484 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    a/0.revocation.json (876 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    all.json (79 bytes)
written    jwks.json (216 bytes)
--- stderr
warning: a/0.cwt has expired by the real clock: readers refuse it
3 files written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    assert_eq!(
        place.read("site/all.json"),
        b"{\"status_lists\":[\"https://example.com/a/0.cwt\",\"https://example.com/a/0.jwt\"]}\n"
    );
    let manifest: serde_json::Value =
        serde_json::from_slice(&place.read("site/statuslist-manifest.json")).unwrap();
    assert_eq!(
        manifest["entries"]["all.json"]["mediaType"],
        "application/json"
    );
    let before = place.files();
    place.shows(
        "publish a --to site --key key.pem",
        str![[r#"
unchanged  a/0.cwt
unchanged  a/0.jwt
unchanged  a/0.revocation.json
unchanged  all.json (79 bytes)
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 3 unchanged

"#]],
    );
    assert!(before == place.files());
    let again: shapes::Published = place.decode("publish a --to site --key key.pem");
    let document = &again.documents[0];
    assert_eq!(
        (document.path.as_str(), document.written, document.bytes),
        ("all.json", false, 79)
    );
}

#[test]
fn without_the_setting_there_is_none() {
    let place = Place::with_list();
    publish(&place, "list.slist");
    let files: Vec<_> = place.files().into_keys().collect();
    assert!(files.iter().all(|path| !path.ends_with("all.json")));
}

#[test]
fn list_files_share_it_whether_they_are_published_together_or_not() {
    let names = json!({ "status_lists": [
        "https://example.com/a/0.jwt",
        "https://example.com/b/0.jwt",
        "https://example.com/c/0.jwt",
    ] });
    let files = [("a", "jwt", ALL), ("b", "jwt", ALL), ("c", "jwt", ALL)];
    let together = place(&files);
    publish(&together, "c a b");
    assert_eq!(document(&together), names);

    let apart = place(&files);
    publish(&apart, "b");
    publish(&apart, "c");
    publish(&apart, "a");
    assert_eq!(document(&apart), names);
    publish(&apart, "b");
    assert_eq!(document(&apart), names);
}

#[test]
fn one_view_at_a_time_loses_no_other() {
    let place = place(&[("a", "jwt,cwt", ALL)]);
    publish(&place, "a --as jwt");
    assert_eq!(
        document(&place),
        json!({ "status_lists": ["https://example.com/a/0.jwt"] })
    );
    publish(&place, "a --as cwt");
    publish(&place, "a --as jwt");
    assert_eq!(
        document(&place),
        json!({ "status_lists": ["https://example.com/a/0.cwt", "https://example.com/a/0.jwt"] })
    );
}

#[test]
fn who_names_it_no_longer_leaves_it() {
    let place = place(&[("a", "jwt", ALL), ("b", "jwt", ALL)]);
    publish(&place, "a b");
    place.done("configure b --aggregation-uri none");
    publish(&place, "a b");
    assert_eq!(
        document(&place),
        json!({ "status_lists": ["https://example.com/a/0.jwt"] })
    );
}

#[test]
fn what_the_site_has_no_token_for_is_not_named() {
    let place = place(&[("a", "jwt", ALL), ("b", "jwt", ALL)]);
    publish(&place, "a");
    let tampered =
        r#"{"status_lists":["https://example.com/a/0.jwt","https://evil.example/a/0.jwt"]}"#;
    place.write("site/all.json", tampered);
    place.refuses(
        "publish b --to site --key key.pem",
        str![[r#"
--- stderr
error: 'all.json' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
    publish(&place, "b --allow-rollback");
    assert_eq!(
        document(&place),
        json!({ "status_lists": ["https://example.com/a/0.jwt", "https://example.com/b/0.jwt"] })
    );
}

#[test]
fn a_publication_that_was_interrupted_before_the_manifest_goes_on() {
    let place = place(&[("a", "jwt", ALL), ("b", "jwt", ALL)]);
    publish(&place, "a");
    let manifest = place.read("site/statuslist-manifest.json");
    publish(&place, "b");
    let whole = document(&place);
    place.write("site/statuslist-manifest.json", manifest);
    publish(&place, "b");
    assert_eq!(document(&place), whole);
}

#[test]
fn a_foreign_file_stays() {
    let place = place(&[("a", "jwt", ALL)]);
    std::fs::create_dir(place.path("site")).unwrap();
    place.write("site/all.json", "{}");
    place.refuses(
        "publish a --to site --key key.pem",
        str![[r#"
--- stderr
error: 'all.json' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
}

#[test]
fn an_aggregation_elsewhere_is_not_written() {
    for (aggregation, base) in [
        ("https://other.example/all.json", ""),
        (
            "https://example.com/all.json",
            "--base-url https://example.com/a",
        ),
        ("https://example.com/all?of=us", ""),
    ] {
        let place = place(&[("a", "jwt", aggregation)]);
        publish(&place, &format!("a {base}"));
        let written: Vec<_> = place
            .files()
            .into_keys()
            .filter(|path| path.components().any(|part| part.as_os_str() == "site"))
            .collect();
        // The token, its key and the manifest.
        assert_eq!(written.len(), 3, "{written:?}");
    }
    let place = place(&[("a", "jwt", "https://example.com/a/all.json")]);
    publish(&place, "a --base-url https://example.com/a");
    assert!(place.path("site/all.json").exists());
}

#[test]
fn where_no_document_can_be_is_refused() {
    let taken = place(&[("a", "jwt", "https://example.com/a/0.jwt")]);
    taken.refuses(
        "publish a --to site --key key.pem",
        str![[r#"
--- stderr
error: two files cannot be published there
because: two files would have the path 'a/0.jwt'
--- exit 1

"#]],
    );
    let folder = place(&[("a", "jwt", "https://example.com/a")]);
    folder.refuses(
        "publish a --to site --key key.pem",
        str![[r#"
--- stderr
error: two files cannot be published there
because: path 'a' is a file and also the folder of 'a/0.jwt'
--- exit 1

"#]],
    );
    let own = place(&[("a", "jwt", "https://example.com/jwks.json")]);
    own.refuses(
        "publish a --to site --key key.pem",
        str![[r#"
--- stderr
error: cannot publish the aggregation 'https://example.com/jwks.json'
because: path 'jwks.json' is kept for this tool's own files
hint: statuslist configure FILE --aggregation-uri URI
--- exit 1

"#]],
    );
}

#[test]
fn a_dry_run_says_so_and_writes_nothing() {
    let place = place(&[("a", "jwt", ALL)]);
    let before = place.files();
    place.shows(
        "publish a --to site --key key.pem -n",
        str![[r#"
would write  a/0.jwt (484 bytes, expires 2026-01-08T00:00:00Z): it was not there
would write  all.json (49 bytes)
would write  jwks.json (216 bytes)
--- stderr
warning: a/0.jwt has expired by the real clock: readers refuse it
dry run: 1 file would be written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    assert!(before == place.files());
}
