//! The page of a site for people.

use snapbox::str;

use crate::harness::Place;

const PUBLISH: &str = "publish list.slist --to site --key key.pem";

fn page(place: &Place) -> String {
    String::from_utf8(place.read("site/index.html")).unwrap()
}

#[test]
fn it_says_what_the_tokens_say_and_nothing_of_issuance() {
    let place = Place::with_list();
    place.shows(
        &format!("{PUBLISH} --page"),
        str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    index.html (13249 bytes)
written    jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    let before = page(&place);
    for said in [
        "https://example.com/statuslists/0.jwt",
        "<time datetime=\"2026-01-08T00:00:00Z\">",
        "href=\"./jwks.json\"",
        "href=\"./statuslist-manifest.json\"",
    ] {
        assert!(before.contains(said), "{said}: {before}");
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(&place.read("site/statuslist-manifest.json")).unwrap();
    let entries = &manifest["entries"];
    let digest = entries["statuslists/0.jwt"]["sha256"].as_str().unwrap();
    assert!(before.contains(digest));
    assert_eq!(entries["index.html"]["mediaType"], "text/html");
    place.done("allocate list.slist --count 9");
    place.shows(
        &format!("{PUBLISH} --page"),
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  index.html (13249 bytes)
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged

"#]],
    );
    assert_eq!(before, page(&place));
}

#[test]
fn it_is_never_older_than_the_tokens() {
    let place = Place::with_list();
    place.done(&format!("{PUBLISH} --page"));
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked");
    // It is there, so it is kept current without being asked for.
    place.done(&format!("{PUBLISH} --now 2026-01-02T00:00:00Z"));
    assert!(page(&place).contains("2026-01-09T00:00:00Z"));
    let again = page(&place);
    place.done(&format!("{PUBLISH} --now 2026-01-02T00:00:00Z"));
    assert_eq!(again, page(&place));
}

#[test]
fn the_settings_and_the_environment_ask_for_it_too() {
    for settings in ["[publish]\npage = true\n", ""] {
        let place = Place::with_list();
        place.write("statuslist.toml", settings);
        let mut command = place.command();
        if settings.is_empty() {
            command.env("STATUSLIST_PAGE", "true");
        }
        let line = PUBLISH.split(' ');
        assert!(command.args(line).output().unwrap().status.success());
        assert!(page(&place).starts_with("<!DOCTYPE html>"));
    }
    let place = Place::with_list();
    place.write("statuslist.toml", "[publish]\npage = \"yes\"\n");
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:8: page is a text, and should be true or false
--- exit 1

"#]],
    );
}

#[test]
fn what_somebody_else_wrote_stays() {
    let place = Place::with_list();
    std::fs::create_dir(place.path("site")).unwrap();
    place.write("site/index.html", "<p>ours</p>\n");
    place.refuses(
        &format!("{PUBLISH} --page"),
        str![[r#"
--- stderr
error: 'index.html' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
    place.done(PUBLISH);
    assert_eq!(page(&place), "<p>ours</p>\n");
    // One of ours that was edited is theirs.
    let place = Place::with_list();
    place.done(&format!("{PUBLISH} --page"));
    place.write(
        "site/index.html",
        page(&place).replace("Published", "Edited"),
    );
    place.refuses(
        &format!("{PUBLISH} --page --renew"),
        str![[r#"
--- stderr
error: 'index.html' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
}

#[test]
fn profile_swiss_has_none() {
    let place = Place::new();
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.write("seed", crate::harness::SEED);
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --profile swiss --seed-file seed \
         --issuer did:tdw:example",
    );
    place.refuses(
        &format!("{PUBLISH} --page --kid did:tdw:example#1"),
        str![[r#"
--- stderr
error: profile swiss allows no page for people
because: 'list.slist' has it, and a site holds its lists alone
hint: leave out --page, STATUSLIST_PAGE and page under [publish], and remove index.html
--- exit 1

"#]],
    );
}

#[test]
fn what_comes_from_outside_stays_text() {
    let place = Place::new();
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --issuer \
         'https://example.com/?a=<script>alert(1)</script>&b=\"x'",
    );
    place.done(&format!("{PUBLISH} --page"));
    let page = page(&place);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;b=&quot;x"));
    // Nothing is loaded and nothing runs: the policy has no other source than its own style.
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
}

#[test]
fn it_names_no_list_that_is_gone() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --expires-at 2026-01-02");
    place.done(&format!("{PUBLISH} --page"));
    assert!(page(&place).contains("0.jwt"));
    place.done("retire list.slist --list 0 --now 2026-02-01T00:00:00Z");
    place.done(&format!("{PUBLISH} --prune --now 2026-02-01T00:00:00Z"));
    assert!(!page(&place).contains("0.jwt"), "{}", page(&place));
}

fn overview(place: &Place) -> String {
    String::from_utf8(place.read("overview.html")).unwrap()
}

#[test]
fn an_overview_says_what_is_used_and_done_and_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_list();
    place.done(PUBLISH);
    place.done("allocate list.slist --count 250");
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked");
    let check = "check list.slist --to site --html overview.html --fail-on expired";
    place.done(check);
    let html = overview(&place);
    for said in [
        "251 of 1\u{202f}000 (25.1 %)",
        "Allocations per day: 251 in 30 days, at most 251 on one day",
        "Changes of status per day: 1 in 30 days",
        "<th scope=\"row\">2026-01-01</th><td>251</td><td>1</td>",
        "something is due",
        "not checked: signatures, hosts",
        "name=\"robots\" content=\"noindex, nofollow\"",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let mode = std::fs::metadata(place.path("overview.html")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    place.done(check);
    assert_eq!(html, overview(&place));
}

#[test]
fn an_overview_lies_in_no_site() {
    let place = Place::with_list();
    place.done(PUBLISH);
    place.refuses(
        "check list.slist --to site --html site/overview.html",
        str![[r#"
--- stderr
error: 'site/overview.html' lies in the site 'PLACE/site'
because: it tells how much was issued, and everything in a site is public
hint: --html with a file elsewhere
--- exit 1

"#]],
    );
}

#[test]
fn an_overview_names_what_it_could_not_look_at() {
    let place = Place::with_list();
    place.write("<b>.slist", "SQLite format 3\0 and no more");
    let run = place.line("check '<b>.slist' list.slist --html overview.html");
    assert_ne!(run.code, 0);
    let html = overview(&place);
    assert!(
        html.contains("&lt;b&gt;.slist") && !html.contains("<b>"),
        "{html}"
    );
    assert!(html.contains("It could not be looked at: ") && html.contains("needs attention"));
}
