//! `check` over HTTP: what hosts serve, and how.

use std::time::{Duration, Instant};

use serde_json::Value;
use snapbox::{IntoData, str};

use crate::harness::{Place, SEED};
use crate::loopback::{Asked, Loopback, Reply};

/// A place with a published list file whose uris are those of a host on loopback, with one list as
/// a JWT and a CWT, and the public key.
fn published() -> (Place, Loopback) {
    let host = Loopback::new();
    let place = Place::new();
    place.write("seed", SEED);
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done(&format!(
        "init list.slist --uri {}/lists/{{n}}.jwt --as jwt,cwt --bits 2 --size 1000 \
         --seed-file seed",
        host.url
    ));
    place.done("publish list.slist --to site --key key.pem");
    host.serve(place.path("site"));
    (place, host)
}

/// Compares what a command line shows, with `HOST` for the host.
#[track_caller]
fn shows(place: &Place, host: &Loopback, line: &str, expected: impl IntoData) {
    let mut run = place.line(&line.replace("HOST", &host.url));
    run.stdout = run.stdout.replace(&host.url, "HOST");
    run.stderr = run.stderr.replace(&host.url, "HOST");
    run.shows(place, expected);
}

const CHECK: &str = "check list.slist --http --to site --key public.pem";

/// The findings of a check as `CODE PLACE`, with `HOST` for the host.
fn findings(place: &Place, host: &Loopback, line: &str) -> (i32, Vec<String>) {
    let run = place.line(&format!("{line} --json").replace("HOST", &host.url));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| {
        value
            .as_str()
            .unwrap_or_default()
            .replace(&host.url, "HOST")
    };
    let findings =
        findings.map(|found| format!("{} {}", text(&found["code"]), text(&found["place"])));
    (run.code, findings.collect())
}

/// A host that changes the answer for `0.jwt` is found out, with this code and these words.
#[track_caller]
fn fault(code: &str, words: &str, change: impl Fn(&Asked, Reply) -> Reply + Send + Sync + 'static) {
    let (place, host) = published();
    host.answer(move |asked, reply| {
        if asked.path == "/lists/0.jwt" {
            change(asked, reply)
        } else {
            reply
        }
    });
    let line = format!("{CHECK} --timeout 1s");
    let (exit, found) = findings(&place, &host, &line);
    assert!(
        found.contains(&format!("{code} HOST/lists/0.jwt")),
        "{code}: {found:?}"
    );
    assert_eq!(exit, 1, "{code}");
    let run = place.line(&line);
    let shown = run.stdout.replace(&host.url, "HOST");
    assert!(shown.contains(words), "{words}: {shown}");
    assert!(
        run.stderr.contains("error: the check fails: "),
        "{}",
        run.stderr
    );
    // The other file is as it should be.
    assert!(
        shown.contains("\nfresh      HOST/lists/0.cwt: due"),
        "{shown}"
    );
}

#[test]
fn a_good_host_is_healthy() {
    let (place, host) = published();
    let before = place.files();
    shows(
        &place,
        &host,
        CHECK,
        str![[r#"
'list.slist': revision 1, as its site shows
fresh      HOST/lists/0.cwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
fresh      HOST/lists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 1000 taken
lists:     1 of 1 healthy
status:    healthy

"#]],
    );
    // The hosts tell where the states come from, where no site is at hand.
    shows(
        &place,
        &host,
        "check list.slist --http --key public.pem",
        str![[r#"
'list.slist': revision 1, as its hosts show
fresh      HOST/lists/0.cwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
fresh      HOST/lists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 1000 taken
lists:     1 of 1 healthy
status:    healthy

"#]],
    );
    shows(
        &place,
        &host,
        "check HOST/ --key public.pem",
        str![[r#"
'HOST/': 2 tokens, 1 other file
fresh      HOST/lists/0.cwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
fresh      HOST/lists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
lists:     2 of 2 healthy
status:    healthy

"#]],
    );
    shows(
        &place,
        &host,
        "check site --http --base-url HOST --key public.pem",
        str![[r#"
'site': 2 tokens, 1 other file
fresh      HOST/lists/0.cwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
fresh      HOST/lists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
lists:     2 of 2 healthy
status:    healthy

"#]],
    );
    shows(
        &place,
        &host,
        "check HOST/lists/0.cwt --key public.pem",
        str![[r#"
fresh      HOST/lists/0.cwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
lists:     1 of 1 healthy
status:    healthy

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn nobody_is_asked_without_being_told_to() {
    let (place, host) = published();
    place.done("check list.slist");
    place.done("check list.slist --to site");
    place.done(&format!("check site --base-url {}", host.url));
    assert!(host.asked.lock().unwrap().is_empty());
    place.done("check list.slist --http");
    let asked = host.asked.lock().unwrap().clone();
    assert!(asked.contains(&"/lists/0.jwt".to_owned()), "{asked:?}");
}

#[test]
fn a_plain_file_server_has_three_faults_for_each_file() {
    let (place, host) = published();
    host.answer(|_, reply| {
        reply
            .with("Content-Type", "application/octet-stream")
            .without("Access-Control-Allow-Origin")
            .without("Cache-Control")
    });
    shows(
        &place,
        &host,
        CHECK,
        str![[r#"
'list.slist': revision 1, as its site shows
fault      HOST/lists/0.cwt: content type application/octet-stream in the place of application/statuslist+cwt: readers refuse it; no Access-Control-Allow-Origin: pages of others cannot read it; no Cache-Control: each cache keeps it for as long as it likes; due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
fault      HOST/lists/0.jwt: content type application/octet-stream in the place of application/statuslist+jwt: readers refuse it; no Access-Control-Allow-Origin: pages of others cannot read it; no Cache-Control: each cache keeps it for as long as it likes; due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 1000 taken
lists:     0 of 1 healthy
status:    unhealthy
--- stderr
error: the check fails: 6 findings from level 'expiring' on
--- exit 1

"#]],
    );
    for line in [CHECK, "check HOST/ --key public.pem"] {
        let (exit, mut found) = findings(&place, &host, line);
        assert_eq!(exit, 1);
        // A url is that of a whole site, with its keys.
        found.retain(|found| !found.ends_with("/jwks.json"));
        assert_eq!(
            found,
            [
                "content-type HOST/lists/0.cwt",
                "no-cors HOST/lists/0.cwt",
                "no-max-age HOST/lists/0.cwt",
                "content-type HOST/lists/0.jwt",
                "no-cors HOST/lists/0.jwt",
                "no-max-age HOST/lists/0.jwt",
            ],
            "{line}"
        );
    }
}

#[test]
fn a_wrong_type() {
    fault(
        "content-type",
        "content type text/plain; charset=utf-8 in the place of application/statuslist+jwt",
        |_, reply| reply.with("Content-Type", "text/plain; charset=utf-8"),
    );
    fault(
        "content-type",
        "no content type, in the place of application/statuslist+jwt",
        |_, reply| reply.without("Content-Type"),
    );
}

#[test]
fn another_origin_than_all() {
    fault(
        "no-cors",
        "Access-Control-Allow-Origin https://example.com in the place of *",
        |_, reply| reply.with("Access-Control-Allow-Origin", "https://example.com"),
    );
}

#[test]
fn caches_that_keep_it_for_too_long() {
    fault(
        "cached-too-long",
        "caches keep it for 3601 s: at most 3600 s are left, by its ttl and its end",
        |_, reply| reply.with("Cache-Control", "max-age=3601"),
    );
    fault(
        "cached-too-long",
        "caches keep it for 86400 s: at most 3600 s",
        |_, reply| reply.with("Cache-Control", "max-age=60, s-maxage=86400"),
    );
    fault(
        "no-max-age",
        "Cache-Control public without max-age",
        |_, reply| reply.with("Cache-Control", "public"),
    );
}

#[test]
fn caches_that_keep_nothing_and_types_with_parameters_are_fine() {
    let (place, host) = published();
    for caching in ["no-store", "no-cache, must-revalidate", "Max-Age=\"3600\""] {
        host.answer(move |_, reply| {
            let kind = reply
                .headers
                .iter()
                .find(|(name, _)| *name == "Content-Type");
            let kind = kind.map(|(_, kind)| format!("{}; v=1", kind.to_uppercase()));
            reply
                .with("Cache-Control", caching)
                .with("Content-Type", &kind.unwrap_or_default())
        });
        assert_eq!(findings(&place, &host, CHECK), (0, vec![]), "{caching}");
    }
}

#[test]
fn near_its_end_a_token_must_not_be_cached_past_it() {
    let (place, host) = published();
    let line = format!("{CHECK} --now 2026-01-07T23:59:00Z --fail-on expired");
    let (exit, found) = findings(&place, &host, &line);
    assert_eq!(exit, 1);
    assert!(
        found.contains(&"cached-too-long HOST/lists/0.jwt".to_owned()),
        "{found:?}"
    );
}

#[test]
fn encodings() {
    fault(
        "encoded-unasked",
        "it is encoded as gzip although nobody asked for that",
        |asked, reply| {
            if asked.accepts_gzip {
                reply
            } else {
                reply.gzipped()
            }
        },
    );
    fault(
        "gzip-broken",
        "whoever accepts gzip gets what is none",
        |asked, mut reply| {
            if asked.accepts_gzip {
                reply.body.truncate(reply.body.len() / 2);
            }
            reply
        },
    );
    fault(
        "gzip-broken",
        "whoever accepts gzip alone gets it encoded as br",
        |asked, reply| {
            if asked.accepts_gzip {
                reply.with("Content-Encoding", "br")
            } else {
                reply
            }
        },
    );
    fault(
        "gzip-broken",
        "whoever accepts gzip gets status 500",
        |asked, reply| {
            if asked.accepts_gzip {
                reply.status(500)
            } else {
                reply
            }
        },
    );
    fault(
        "gzip-differs",
        "whoever accepts gzip gets another file",
        |asked, mut reply| {
            if asked.accepts_gzip {
                reply.body = b"another".to_vec();
                return reply.without("Content-Encoding").gzipped();
            }
            reply
        },
    );
    // What inflates without an end is read to the length that it should have.
    fault(
        "gzip-differs",
        "whoever accepts gzip gets another file",
        |asked, mut reply| {
            if asked.accepts_gzip {
                reply.body = vec![0; 64 << 20];
                return reply.without("Content-Encoding").gzipped();
            }
            reply
        },
    );
}

#[test]
fn a_host_without_gzip_is_fine() {
    let (place, host) = published();
    let root = place.path("site");
    host.answer(move |asked, mut reply| {
        if reply.status == 200 {
            reply.body = std::fs::read(root.join(&asked.path[1..])).unwrap();
        }
        reply.without("Content-Encoding")
    });
    assert_eq!(findings(&place, &host, CHECK), (0, vec![]));
}

#[test]
fn statuses() {
    fault(
        "absent",
        "the host has no such file (status 404)",
        |_, reply| reply.status(404),
    );
    fault("status", "the host answers with status 503", |_, reply| {
        reply.status(503)
    });
    fault("status", "the host answers with status 401", |_, reply| {
        reply.status(401)
    });
}

#[test]
fn redirects() {
    fault(
        "redirected-elsewhere",
        "it redirects to another host: https://other.example/0.jwt",
        |_, reply| {
            reply
                .status(302)
                .with("Location", "https://other.example/0.jwt")
        },
    );
    fault(
        "redirected-in-circles",
        "it redirects more than 5 times",
        |_, reply| reply.status(302).with("Location", "/lists/0.jwt"),
    );
    // To another place of the same host it is worth knowing.
    let (place, host) = published();
    let site = place.path("site");
    host.answer(move |asked, reply| match asked.path.as_str() {
        "/lists/0.jwt" => reply.status(301).with("Location", "/moved/0.jwt"),
        "/moved/0.jwt" => {
            let mut reply = reply
                .status(200)
                .with("Content-Type", "application/statuslist+jwt");
            reply.body = std::fs::read(site.join("lists/0.jwt")).unwrap();
            reply
        }
        _ => reply,
    });
    let found = (0, vec!["redirected HOST/lists/0.jwt".to_owned()]);
    assert_eq!(findings(&place, &host, CHECK), found);
}

#[test]
fn hosts_without_an_end_are_given_up() {
    let begun = Instant::now();
    fault(
        "timed-out",
        "the host does not answer within 1 s",
        |_, mut reply| {
            reply.delay = Duration::from_secs(3);
            reply
        },
    );
    assert!(begun.elapsed() < Duration::from_secs(20));
    let (place, host) = published();
    host.answer(|asked, mut reply| {
        reply.endless = asked.path == "/lists/0.jwt";
        reply
    });
    let line = format!("{CHECK} --max-inflated 1Ki");
    let (exit, found) = findings(&place, &host, &line);
    assert_eq!(exit, 1);
    assert!(
        found.contains(&"too-large HOST/lists/0.jwt".to_owned()),
        "{found:?}"
    );
}

#[test]
fn what_is_left_when_the_time_for_all_is_over_is_a_fault() {
    let (place, host) = published();
    for list in 0..20 {
        let _ = list;
        place.done("roll list.slist -q");
    }
    let place = place;
    place.done("publish list.slist --to site --key key.pem -q");
    host.answer(|_, mut reply| {
        reply.delay = Duration::from_millis(400);
        reply
    });
    let (exit, found) = findings(&place, &host, &format!("{CHECK} --max-time 1s"));
    assert_eq!(exit, 1);
    let late = |found: &&String| found.starts_with("not-asked") || found.starts_with("timed-out");
    assert!(found.iter().filter(late).count() > 10, "{found:?}");
}

#[test]
fn what_was_published_and_what_is_served() {
    let (place, host) = published();
    let old = place.read("site/lists/0.jwt");
    let serve = move |host: &Loopback| {
        let old = old.clone();
        host.answer(move |asked, mut reply| {
            if asked.path == "/lists/0.jwt" {
                reply.body.clone_from(&old);
                reply = reply.without("Content-Encoding");
            }
            reply
        });
    };
    place.done("publish list.slist --to site --key key.pem --renew --now 2026-01-01T00:05:00Z");
    serve(&host);
    // A cache may keep it for a while.
    let line = |now: &str| format!("{CHECK} --now 2026-01-01T{now}Z");
    let found = vec!["serves-older HOST/lists/0.jwt".to_owned()];
    assert_eq!(
        findings(&place, &host, &line("00:09:59")),
        (0, found.clone())
    );
    assert_eq!(findings(&place, &host, &line("00:10:00")), (1, found));
    let run = place.line(&line("00:06:00"));
    assert!(
        run.stdout.contains(
            "the host serves what was issued at 2026-01-01T00:00:00Z, and not what was published \
             at 2026-01-01T00:05:00Z; caches may keep that for 240 s more"
        ),
        "{}",
        run.stdout
    );
}

#[test]
fn another_file_than_was_published() {
    let (place, _other) = published();
    let foreign = place.read("site/lists/0.jwt");
    fault(
        "serves-other",
        "the host serves something else than was published",
        |_, mut reply| {
            reply.body = b"<html>welcome</html>".to_vec();
            reply.without("Content-Encoding")
        },
    );
    // A token of another series has another uri.
    fault(
        "token-rejected",
        "readers reject it: sub is",
        move |_, mut reply| {
            reply.body.clone_from(&foreign);
            reply.without("Content-Encoding")
        },
    );
}

#[test]
fn another_key() {
    let (place, host) = published();
    place.copy_key("test-ed25519-public.pem", "public.pem");
    let (exit, found) = findings(&place, &host, CHECK);
    assert_eq!(exit, 1);
    assert!(
        found.contains(&"token-rejected HOST/lists/0.jwt".to_owned()),
        "{found:?}"
    );
    let (exit, _) = findings(&place, &host, "check HOST/lists/0.jwt --key public.pem");
    assert_eq!(exit, 1);
}

#[test]
fn a_clock_that_is_off_by_a_day() {
    let (place, host) = published();
    host.answer(|_, reply| reply.with("Date", "Tue, 01 Dec 2020 00:00:00 GMT"));
    let (exit, found) = findings(&place, &host, CHECK);
    assert_eq!(
        (exit, found),
        (
            0,
            vec![
                "clock HOST/lists/0.cwt".to_owned(),
                "clock HOST/lists/0.jwt".to_owned()
            ]
        )
    );
    // Where ours is behind, what was just issued seems to come from the future.
    let (exit, found) = findings(
        &place,
        &host,
        &format!("{CHECK} --now 2025-12-31T00:00:00Z"),
    );
    assert_eq!(exit, 1);
    assert!(
        found.contains(&"token-rejected HOST/lists/0.jwt".to_owned()),
        "{found:?}"
    );
}

#[test]
fn nobody_there() {
    let (place, host) = published();
    host.stop();
    std::thread::sleep(Duration::from_millis(50));
    shows(
        &place,
        &host,
        CHECK,
        str![[r#"
'list.slist': revision 1, as its site shows
fault      HOST/lists/0.cwt: no connection to 'HOST/lists/0.cwt': io: Connection refused (os error 111); due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
fault      HOST/lists/0.jwt: no connection to 'HOST/lists/0.jwt': io: Connection refused (os error 111); due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 1000 taken
lists:     0 of 1 healthy
status:    unhealthy
--- stderr
error: the check fails: 2 findings from level 'expiring' on
--- exit 1

"#]],
    );
    for line in ["check HOST/ -q", "check HOST/lists/0.jwt -q"] {
        let run = place.line(&line.replace("HOST", &host.url));
        assert_eq!(run.code, 4, "{line}: {}{}", run.stdout, run.stderr);
        assert!(
            run.stderr
                .starts_with("error: nothing could be checked\nbecause: "),
            "{line}: {}",
            run.stderr
        );
        let json = place.line(&format!("{line} --json").replace("HOST", &host.url));
        let report: Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(report["status"], "unhealthy");
        assert_eq!(report["components"]["provider"], "unhealthy");
        assert_eq!(json.code, 4);
    }
}

#[test]
fn a_site_whose_uris_nobody_knows_is_not_asked_for() {
    let (place, _host) = published();
    place.refuses(
        "check site --http",
        str![[r#"
status:    unhealthy
--- stderr
error: nothing could be checked
because: 'site': the uris of the site 'site' are not known
hint: with --http: --base-url URL
--- exit 1

"#]],
    );
}

#[test]
fn urls_that_are_none() {
    let (place, _host) = published();
    for line in [
        "check http://",
        "check http://127.0.0.1:1/a?b",
        "check https://user@example.com/0.jwt",
        "check http://127.0.0.1:1/../0.jwt",
    ] {
        let run = place.line(line);
        assert_ne!(run.code, 0, "{line}");
        assert!(run.stderr.contains("nothing could be checked"), "{line}");
    }
}

#[test]
fn a_token_of_another_format() {
    let (place, host) = published();
    let cwt = place.read("site/lists/0.cwt");
    host.answer(move |asked, mut reply| {
        if asked.path == "/lists/0.jwt" {
            reply.body.clone_from(&cwt);
            return reply.without("Content-Encoding");
        }
        reply
    });
    let (exit, found) = findings(&place, &host, CHECK);
    assert_eq!(exit, 1);
    for code in ["serves-other", "other-format", "token-rejected"] {
        let expected = format!("{code} HOST/lists/0.jwt");
        assert!(found.contains(&expected), "{expected}: {found:?}");
    }
}

#[test]
fn a_uri_that_is_not_below_the_base_url() {
    let (place, _host) = published();
    let line = "check list.slist --to site --base-url https://example.com/other";
    let run = place.line(line);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout
            .contains("it is not below the base url, or no file can have it; not published"),
        "{}",
        run.stdout
    );
}

/// The document that names all tokens is fetched too, and every format of a site is served right.
#[test]
fn every_format_and_the_document_that_names_all_tokens() {
    let host = Loopback::new();
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done(&format!(
        "init list.slist --uri {0}/{{n}}.jwt --bits 2 --size 1000 --as jwt,cwt,bitstring,oa-ocsp \
         --purpose revocation,suspension --issuer https://example.com --aggregation-uri {0}/all.json",
        host.url
    ));
    place.done("publish list.slist --to site --key key.pem");
    host.serve(place.path("site"));
    host.answer(|asked, reply| match asked.path.as_str() {
        path if path.ends_with("/default.json") => reply.with("Content-Type", "application/json"),
        _ => reply,
    });
    for line in [
        CHECK,
        "check list.slist --http --key public.pem",
        "check HOST/ --key public.pem",
    ] {
        assert_eq!(findings(&place, &host, line), (0, vec![]), "{line}");
    }
    assert!(host.asked.lock().unwrap().contains(&"/all.json".to_owned()));
    host.answer(|asked, mut reply| {
        if asked.path == "/all.json" {
            reply.body = b"{\"status_lists\":[]}".to_vec();
            return reply
                .without("Content-Encoding")
                .with("Content-Type", "text/plain");
        }
        if asked.path.ends_with("/default.json") {
            return reply.with("Content-Type", "application/json");
        }
        reply
    });
    let (exit, found) = findings(&place, &host, CHECK);
    assert_eq!(exit, 1);
    assert_eq!(
        found,
        [
            "aggregation-incomplete HOST/all.json",
            "content-type HOST/all.json"
        ]
    );
}

#[test]
fn nobody_who_writes_waits_for_a_host() {
    let (place, host) = published();
    host.answer(|_, mut reply| {
        reply.delay = Duration::from_millis(1500);
        reply
    });
    let mut check = place
        .command()
        .args(["check", "list.slist", "--to", "site", "--http", "-q"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while host.asked.lock().unwrap().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    place.done("allocate list.slist --token-id a --wait 1s");
    assert!(check.try_wait().unwrap().is_none(), "the check was over");
    check.wait().unwrap();
}
