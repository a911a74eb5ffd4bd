//! Hosts that misbehave while a fresh machine asks them what is published: each is named, bounded,
//! and nothing is written.

use std::time::{Duration, Instant};

use snapbox::str;

use crate::harness::Place;
use crate::live::{LIVE, published, served};
use crate::web::{Odd, Web};

const MANIFEST: &str = "/statuslist-manifest.json";
const TOKEN: &str = "/statuslists/0.jwt";

/// Compares what a refused publication prints, and makes sure that it left nothing.
#[track_caller]
fn refuses(place: &Place, web: &Web, line: &str, expected: impl snapbox::IntoData) {
    let before = place.files();
    let started = Instant::now();
    let run = place.line(line);
    assert!(started.elapsed() < Duration::from_secs(9), "{line}");
    assert_ne!(run.code, 0, "{line}: {}", run.stderr);
    assert!(place.files() == before, "{line}");
    web.hidden(run).shows(place, expected);
}

#[test]
fn a_host_that_says_nothing_is_given_up() {
    let (place, web) = published();
    web.is_odd(MANIFEST, Odd::Silent);
    let line = format!("{LIVE} --live-timeout 1s");
    refuses(
        &place,
        &web,
        &line,
        str![[r#"
--- stderr
error: 'HOST/statuslist-manifest.json' took longer than 1 s
--- exit 4

"#]],
    );
}

#[test]
fn a_host_that_answers_slowly_is_given_up() {
    let (place, web) = published();
    web.is_odd(TOKEN, Odd::Slow);
    let line = format!("{LIVE} --live-timeout 1s");
    let run = web.hidden(place.line(&line));
    assert_eq!(run.code, 4);
    // How much was left of the time when the token was asked for, nobody knows.
    assert!(
        run.stderr
            .starts_with("error: 'HOST/statuslists/0.jwt' took longer than ")
    );
}

#[test]
fn an_endless_answer_is_cut_off() {
    let (place, web) = published();
    web.is_odd(MANIFEST, Odd::Endless);
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/statuslist-manifest.json' has more than N bytes
--- exit 4

"#]],
    );
    web.is_well();
    // A file of another series has the length that the manifest says, or is not read on.
    web.is_odd("/other/0.json", Odd::Endless);
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/other/0.json' has more than N bytes
--- exit 4

"#]],
    );
}

#[test]
fn a_page_in_the_place_of_a_file_is_named_and_a_wrong_type_is_no_matter() {
    let (place, web) = published();
    let html = ["Content-Type: text/html"];
    for (path, line) in [(MANIFEST, LIVE), (TOKEN, LIVE), ("/jwks.json", LIVE)] {
        web.says(
            path,
            "200 OK",
            &html,
            b"<!DOCTYPE html>\n<title>Log in</title>\n",
        );
        let run = web.hidden(place.line(line));
        assert_eq!(run.code, 4, "{path}: {}", run.stderr);
        let expected = format!("error: 'HOST{path}' answers with a web page\n");
        assert!(run.stderr.starts_with(&expected), "{path}: {}", run.stderr);
        web.is_well();
    }
    web.says(
        MANIFEST,
        "200 OK",
        &html,
        b"<!DOCTYPE html>\n<title>Log in</title>\n",
    );
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/statuslist-manifest.json' answers with a web page
because: a file of a status list was expected
hint: if it is a page to log in: readers are asked to do that too
--- exit 4

"#]],
    );
    web.is_well();
    web.adds(&html);
    place.done(LIVE);
}

#[test]
fn what_says_neither_that_a_file_is_there_nor_that_it_is_not_stops_everything() {
    let (place, web) = served();
    for status in [
        "401 Unauthorized",
        "403 Forbidden",
        "500 Broken",
        "503 Busy",
        "204 No Content",
    ] {
        for path in [MANIFEST, TOKEN] {
            web.says(path, status, &[], b"");
            let run = web.hidden(place.line(LIVE));
            assert_eq!(run.code, 4, "{status}: {}", run.stderr);
            let (code, _) = status.split_once(' ').unwrap();
            let expected = format!("error: 'HOST{path}' answers with status {code}\n");
            assert!(run.stderr.starts_with(&expected), "{}", run.stderr);
            web.is_well();
        }
    }
    web.says(TOKEN, "403 Forbidden", &[], b"");
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/statuslists/0.jwt' answers with status 403
because: only 404 and 410 say that there is no file
hint: find out why the host does not show it, and repeat the command
--- exit 4

"#]],
    );
}

#[test]
fn a_redirect_to_another_host_and_a_loop_are_refused() {
    let (place, web) = published();
    let other = Web::of(&place);
    let location = format!("Location: {}/statuslists/0.jwt", other.url);
    web.says(TOKEN, "302 Found", &[&location], b"");
    let before = place.files();
    let mut run = web.hidden(place.line(LIVE));
    run.stderr = run.stderr.replace(&other.url, "OTHER");
    run.shows(
        &place,
        str![[r#"
--- stderr
error: 'HOST/statuslists/0.jwt' redirects to another host: 'OTHER/statuslists/0.jwt'
--- exit 4

"#]],
    );
    assert!(place.files() == before);
    assert!(other.asked().is_empty());
    web.says(
        MANIFEST,
        "301 Moved",
        &["Location: /statuslist-manifest.json"],
        b"",
    );
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/statuslist-manifest.json' redirects more than 5 times
--- exit 4

"#]],
    );
}

#[test]
fn nobody_there_is_not_taken_for_an_empty_host() {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    // Nobody listens at port 9.
    place.done("init list.slist --uri http://127.0.0.1:9/{n}.jwt");
    place.refuses(
        LIVE,
        str![[r#"
--- stderr
error: no connection to 'http://127.0.0.1:9/statuslist-manifest.json'
because: io: Connection refused (os error 111)
--- exit 4

"#]],
    );
}

#[test]
fn a_manifest_that_is_missing_or_malformed_stops_everything() {
    let (place, web) = published();
    web.says(MANIFEST, "404 Not Found", &[], b"");
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/statuslists/0.jwt' is there, and 'HOST/statuslist-manifest.json' is not
because: readers see a site that no publication of this tool describes
hint: find out who publishes there; if it is the root of the site that is another: --base-url URL
--- exit 1

"#]],
    );
    for text in ["", "null", "{\"schema\": 1}", "{\"schema\": 99}", "[[[["] {
        web.says(MANIFEST, "200 OK", &[], text.as_bytes());
        let run = place.line(LIVE);
        assert_eq!(run.code, 4, "{text}: {}", run.stderr);
    }
    // A file that it names is gone, or another one.
    web.is_well();
    web.says("/other/0.json", "404 Not Found", &[], b"");
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/other/0.json' cannot be taken over
because: the manifest names it, and the host says that it is not there
hint: find out where it went; a deployment on its way may be waited for
--- exit 1

"#]],
    );
    let jwks = place.read("www/jwks.json");
    web.says("/other/0.json", "200 OK", &[], &jwks);
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'HOST/other/0.json' cannot be taken over
because: it is not the file that the manifest describes
hint: a deployment or a cache may be behind: repeat the command later
--- exit 1

"#]],
    );
}

#[test]
fn the_token_of_another_series_and_of_another_key_are_refused() {
    let (place, web) = published();
    place.done(&format!(
        "init third.slist --uri {}/third/{{n}}.jwt --bits 2 --size 1000",
        web.url
    ));
    place.done("publish third.slist --to third --key key.pem");
    let token = place.read("third/third/0.jwt");
    web.says(TOKEN, "200 OK", &[], &token);
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: what is there is the token of another list: HOST/third/0.jwt
hint: find out who put it there; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
    web.is_well();
    place.done("keygen other.pem");
    place.done("publish list.slist --to www --key other.pem --new-key");
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: another key signed what is there
because: readers that know that key would not be able to verify this one's signature
hint: check --key; if the key is to change: --new-key
--- exit 1

"#]],
    );
    place.done(&format!("{LIVE} --new-key"));
}

#[test]
fn clocks_that_are_a_day_off_are_named() {
    let (place, web) = published();
    // Ours is behind: what is there comes from its future.
    refuses(
        &place,
        &web,
        &format!("{LIVE} --now 2025-12-31T00:00:00Z"),
        str![[r#"
--- stderr
error: 'statuslists/0.jwt' must not be replaced
because: what is there is newer
because: it was issued at 2026-01-01T00:00:00Z, and now is 2025-12-31T00:00:00Z
hint: check the clock or --now; to go back all the same: --allow-rollback
--- exit 1

"#]],
    );
    // What is there has expired, or ours is ahead: it is renewed.
    let run = place.line(&format!("{LIVE} --now 2026-01-09T00:00:00Z"));
    web.hidden(run).shows(
        &place,
        str![[r#"
written    statuslists/0.jwt (N bytes, expires 2026-01-16T00:00:00Z): half of its validity has passed
unchanged  jwks.json (N bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
warning: other/0.json has expired, and is taken over as it is: publish its list file
1 file written, 0 unchanged
publish again by 2026-01-12T12:00:00Z at the latest
2 files taken over from HOST: 1 compared with the list files, 1 by the digests in the manifest alone, which only the host vouches for

"#]],
    );
    // The host says what time it is.
    web.adds(&["Date: Tue, 04 Jul 2006 10:00:00 GMT"]);
    let mut command = place.command();
    command
        .env_remove("STATUSLIST_NOW")
        .args(LIVE.split(' '))
        .arg("-n");
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr)
        .unwrap()
        .replace(&web.url, "HOST");
    let expected = "warning: the clock of HOST says 2006-07-04T10:00:00Z, and this machine's ";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn what_a_host_could_plant_is_not_taken_over() {
    let (place, web) = published();
    let text = String::from_utf8(place.read("www/statuslist-manifest.json")).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let entry = |bytes: &str| {
        use sha2::Digest;
        let digest: String = sha2::Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        serde_json::json!({
            "sha256": digest, "bytes": bytes.len(), "iat": 1, "mediaType": "application/json",
            "chain": "07".repeat(32),
        })
    };
    for (path, bytes) in [
        ("package.json", r#"{"scripts":{"deploy":"curl evil"}}"#),
        (".github/workflows/x.yml", "on: push"),
        ("netlify.toml", "[build]\ncommand = \"curl evil\""),
    ] {
        let mut forged = manifest.clone();
        forged["entries"][path] = entry(bytes);
        web.says(MANIFEST, "200 OK", &[], forged.to_string().as_bytes());
        web.says(&format!("/{path}"), "200 OK", &[], bytes.as_bytes());
        let run = web.hidden(place.line(LIVE));
        assert_eq!(run.code, 1, "{path}: {}", run.stderr);
        let expected = format!("error: 'HOST/{path}' cannot be taken over\n");
        assert!(run.stderr.starts_with(&expected), "{path}: {}", run.stderr);
    }
    for path in ["../x", "/etc/x", ".statuslist-x.tmp"] {
        let mut forged = manifest.clone();
        forged["entries"][path] = entry("{}");
        web.says(MANIFEST, "200 OK", &[], forged.to_string().as_bytes());
        let run = web.hidden(place.line(LIVE));
        assert_eq!(run.code, 4, "{path}: {}", run.stderr);
    }
    // More than is fetched.
    manifest["entries"]["big.jwt"] = entry("");
    manifest["entries"]["big.jwt"]["bytes"] = (5_u64 << 30).into();
    web.says(MANIFEST, "200 OK", &[], manifest.to_string().as_bytes());
    refuses(
        &place,
        &web,
        LIVE,
        str![[r#"
--- stderr
error: the manifest names 4 files of N bytes in all
because: more is not fetched over HTTP
hint: copy the site into the folder by other means, and leave out --live
--- exit 1

"#]],
    );
}
