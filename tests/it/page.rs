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
written    index.html (13247 bytes)
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
unchanged  index.html (13247 bytes)
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged

"#]],
    );
    assert_eq!(before, page(&place));
}

#[test]
fn the_page_of_a_small_site() {
    let place = Place::with_list();
    place.done("configure list.slist --add-view cwt --issuer https://issuer.example.com");
    place.done(&format!("{PUBLISH} --page"));
    snapbox::Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(
            page(&place),
            snapbox::file!["../snapshots/site.html": Text].raw(),
        );
}

#[test]
fn what_it_says_to_type_works() {
    let place = Place::with_list();
    place.done("configure list.slist --add-view cwt");
    place.done(
        "init degrees.slist --uri https://example.com/degrees/{n}.json --as bitstring --purpose \
         revocation --issuer https://issuer.example.com",
    );
    for files in ["list.slist", "degrees.slist"] {
        let publish = format!("publish {files} --to {files}.site --key key.pem --page");
        place.done(&publish);
        let page = place.read(&format!("{files}.site/index.html"));
        let page = String::from_utf8(page).unwrap();
        let said = |command: &str| {
            let mut commands = page.split("<pre><code>").skip(1);
            let found =
                commands.find_map(|text| text.split_once("</code>")?.0.strip_prefix(command));
            found
                .unwrap_or_else(|| panic!("{command}: {page}"))
                .to_owned()
        };
        for command in [
            "curl --fail --output 'jwks.json' ",
            "curl --fail --output '0",
        ] {
            let uri = said(command).rsplit(' ').next().unwrap().replace('\'', "");
            let path = uri.strip_prefix("https://example.com/").unwrap();
            let name = path.rsplit('/').next().unwrap();
            place.write(name, place.read(&format!("{files}.site/{path}")));
        }
        let inspect = format!("inspect {}", said("statuslist inspect "));
        let shown = place.done(&inspect);
        assert!(shown.contains("verdict:    valid\n"), "{shown}");
        assert!(shown.contains("\nentry:      0 is "), "{shown}");
    }
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
fn a_site_with_a_page_takes_no_list_of_profile_swiss() {
    let place = Place::with_list();
    place.done(&format!("{PUBLISH} --page"));
    place.done(
        "init swiss.slist --uri https://example.com/{n}.jwt --profile swiss --seed-file seed \
         --issuer did:tdw:example",
    );
    let swiss = "publish swiss.slist --to site --key key.pem --kid did:tdw:example#1";
    place.refuses(
        swiss,
        str![[r#"
--- stderr
error: profile swiss allows no page for people
because: 'swiss.slist' has it, and a site holds its lists alone
hint: leave out --page, STATUSLIST_PAGE and page under [publish], and remove index.html
--- exit 1

"#]],
    );
    std::fs::remove_file(place.path("site/index.html")).unwrap();
    place.done(swiss);
    assert!(!manifest(&place).contains("index.html"));
}

#[test]
fn a_page_that_is_edited_or_removed_is_ours_no_more() {
    for edited in [true, false] {
        let place = Place::with_list();
        place.done(&format!("{PUBLISH} --page"));
        if edited {
            place.write("site/index.html", "<p>ours</p>\n");
        } else {
            std::fs::remove_file(place.path("site/index.html")).unwrap();
        }
        place.done(PUBLISH);
        assert!(!manifest(&place).contains("index.html"));
        assert_eq!(place.path("site/index.html").exists(), edited);
    }
}

#[test]
fn a_page_that_a_killed_run_left_is_taken_over() {
    let place = Place::with_list();
    place.done(&format!("{PUBLISH} --page"));
    let before = place.read("site/statuslist-manifest.json");
    place.done(&format!("{PUBLISH} --page --now 2026-01-05T00:00:00Z"));
    // The manifest is what comes last.
    place.write("site/statuslist-manifest.json", before);
    place.done(&format!("{PUBLISH} --now 2026-01-05T01:00:00Z"));
    assert!(page(&place).contains("2026-01-12T01:00:00Z"));
}

#[test]
fn it_names_answers_for_documents_and_no_document() {
    let place = Place::new();
    place.write("seed", crate::harness::SEED);
    place.done(
        "init list.slist --uri https://example.com/statuslists/{n}.ocsp --as oa-ocsp --bits 2 \
         --size 1000 --seed-file seed",
    );
    place.done("publish list.slist --to site --page");
    let before = page(&place);
    for said in [
        "https://example.com/statuslists/0.ocsp",
        "OpenAttestation OCSP responder",
        "curl --fail 'https://example.com/statuslists/0.ocsp/HASH'",
    ] {
        assert!(before.contains(said), "{said}: {before}");
    }
    let hash = format!("0x{}", "ab".repeat(32));
    place.done(&format!("allocate list.slist --document-hash {hash}"));
    place.done("publish list.slist --to site");
    assert!(
        place
            .path(format!("site/statuslists/0.ocsp/{hash}"))
            .exists()
    );
    assert_eq!(before, page(&place));
}

#[test]
fn it_names_what_others_published_and_nothing_that_is_removed() {
    let place = Place::with_list();
    place.done(
        "init other.slist --uri https://example.com/other/{n}.jwt --seed-file seed --valid-for 2d",
    );
    place.done(PUBLISH);
    place.done("publish other.slist --to site --key key.pem --page");
    let both = page(&place);
    assert!(both.contains("Also in this site") && both.contains("href=\"./statuslists/0.jwt\""));
    place.done("roll list.slist");
    place.done("retire list.slist --list 0");
    let prune = "publish list.slist other.slist --to site --key key.pem --prune";
    let run = place.line(prune);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!place.path("site/statuslists/0.jwt").exists());
    let after = page(&place);
    assert!(after.contains("statuslists/1.jwt") && after.contains("other/0.jwt"));
    assert!(!after.contains("statuslists/0.jwt") && !after.contains("Also in this site"));
}

#[test]
fn numbers_of_lists_count_and_the_order_of_files_does_not() {
    let place = Place::with_list();
    place.done("init other.slist --uri https://example.com/a/{n}.jwt --seed-file seed --spare 11");
    place.done("publish list.slist other.slist --to one --key key.pem --page");
    place.done("publish other.slist list.slist --to other --key key.pem --page");
    let one = String::from_utf8(place.read("one/index.html")).unwrap();
    assert_eq!(one.as_bytes(), place.read("other/index.html"));
    let at = |uri: &str| {
        one.find(&format!("<code>https://example.com/a/{uri}.jwt"))
            .unwrap()
    };
    assert!(at("0") < at("2") && at("2") < at("10") && at("10") < at("11"));
}

fn manifest(place: &Place) -> String {
    String::from_utf8(place.read("site/statuslist-manifest.json")).unwrap()
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
