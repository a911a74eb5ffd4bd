//! `check`: the monitor's question to list files, pools and sites.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use snapbox::str;

use crate::harness::{Place, SEED};

const PUBLISH: &str = "publish list.slist --to site --key key.pem";
const CHECK: &str = "check list.slist --to site";

/// A place with a list of 1,000 entries that is published, and the public key.
fn published() -> Place {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done(PUBLISH);
    place
}

/// The exit status and the codes of what is found, with their levels.
fn findings(place: &Place, line: &str) -> (i32, Vec<String>) {
    let run = place.line(&format!("{line} --json"));
    let report: Value = match serde_json::from_str(&run.stdout) {
        Ok(report) => report,
        Err(error) => panic!("{error}: {}{}", run.stdout, run.stderr),
    };
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings =
        findings.map(|found| format!("{} {}", text(&found["level"]), text(&found["code"])));
    (run.code, findings.collect())
}

fn found(findings: &[&str]) -> Vec<String> {
    findings.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn what_was_never_published() {
    let place = Place::with_list();
    place.shows(
        "check list.slist",
        str![[r#"
'list.slist': revision 1, as far as it remembers
missing    https://example.com/statuslists/0.jwt: not published
entries:   0 of 1000 taken
lists:     0 of 1 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http
error: the check fails: 1 finding from level 'expiring' on
--- exit 1

"#]],
    );
}

#[test]
fn a_published_list_is_fresh() {
    let place = published();
    let before = place.files();
    place.shows("check list.slist", str![[r#"
'list.slist': revision 1, as far as it remembers
fresh      https://example.com/statuslists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 1000 taken
lists:     1 of 1 healthy
status:    unknown (not checked: signatures, hosts)
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http

"#]]);
    place.shows(&format!("{CHECK} --key public.pem"), str![[r#"
'list.slist': revision 1, as its site shows
fresh      https://example.com/statuslists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 1000 taken
lists:     1 of 1 healthy
status:    unknown (not checked: hosts)
--- stderr
what hosts serve was not checked: --http

"#]]);
    place.shows(
        "check site --key public.pem",
        str![[r#"
'site': 1 token, 1 other file
fresh      statuslists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
lists:     1 of 1 healthy
status:    unknown (not checked: hosts)
--- stderr
what hosts serve was not checked: --http

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn a_token_becomes_due_expiring_and_expired() {
    let place = published();
    for (now, state, codes) in [
        ("2026-01-04T11:59:59Z", "fresh", [0, 0, 0]),
        ("2026-01-04T12:00:00Z", "due", [1, 0, 0]),
        ("2026-01-06T06:00:00Z", "due", [1, 0, 0]),
        ("2026-01-06T06:00:01Z", "expiring", [1, 1, 0]),
        ("2026-01-07T23:59:59Z", "expiring", [1, 1, 0]),
        ("2026-01-08T00:00:00Z", "expired", [1, 1, 1]),
    ] {
        for line in ["check list.slist", CHECK, "check site"] {
            for (level, code) in ["due", "expiring", "expired"].into_iter().zip(codes) {
                let run = place.line(&format!("{line} --now {now} --fail-on {level}"));
                assert_eq!(run.code, code, "{line} {now} {level}: {}", run.stdout);
                assert!(
                    run.stdout.contains(&format!("\n{state:<10} ")),
                    "{line} {now}: {}",
                    run.stdout
                );
            }
        }
    }
    place.shows(
        &format!("{CHECK} --now 2026-01-07T00:00:00Z"),
        str![[r#"
'list.slist': revision 1, as its site shows
expiring   https://example.com/statuslists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 1000 taken
lists:     0 of 1 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http
error: the check fails: 1 finding from level 'expiring' on
--- exit 1

"#]],
    );
}

#[test]
fn a_change_that_is_not_published() {
    let place = published();
    place.done("allocate list.slist --token-id a --token-id b");
    assert_eq!(findings(&place, CHECK), (0, vec![]));
    place.done("set list.slist id:a revoked --now 2026-01-01T02:00:00Z");
    place.done("set list.slist id:b revoked --now 2026-01-01T05:00:00Z");
    for line in ["check list.slist", CHECK] {
        let at = |now: &str| findings(&place, &format!("{line} --max-latency 1h --now {now}"));
        assert_eq!(at("2026-01-01T03:00:00Z"), (0, found(&["due token-due"])));
        let late = found(&["due token-due", "fault change-waits"]);
        assert_eq!(at("2026-01-01T03:00:01Z"), (1, late));
        let run = place.line(&format!("{line} --fail-on due --now 2026-01-01T03:00:00Z"));
        assert_eq!(run.code, 1);
    }
    let line = format!("{CHECK} --max-latency 1h --now 2026-01-02T00:00:00Z");
    place.shows(&line, str![[r#"
'list.slist': revision 4, as its site shows
due        https://example.com/statuslists/0.jwt: due 2026-01-01T02:00:00Z, expires 2026-01-08T00:00:00Z
entries:   2 of 1000 taken
waiting:   a change of list 0 since 2026-01-01T02:00:00Z, for 22h
fault      list 0: a change of 2026-01-01T02:00:00Z waits to be published for 22h: at most 1h are allowed
lists:     0 of 1 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http
error: the check fails: 1 finding from level 'expiring' on
--- exit 1

"#]]);
    let report = place.line(&format!("{line} --json"));
    let report: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(
        report["targets"][0]["oldestUnpublished"],
        json!({"listId": "0", "revision": 3, "since": "2026-01-01T02:00:00Z", "waited": 79200})
    );
    assert_eq!(report["targets"][0]["lists"][0]["unpublished"], 2);
    place.done("publish list.slist --to site --key key.pem --now 2026-01-02T00:00:00Z");
    let line = format!("{CHECK} --max-latency 1h --now 2026-01-03T00:00:00Z");
    assert_eq!(findings(&place, &line), (0, vec![]));
}

#[test]
fn a_list_of_the_wallet_is_published_within_a_day() {
    let place = Place::new();
    place.write("seed", SEED);
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --profile eudi --size 10000 \
         --seed-file seed",
    );
    place.done("allocate list.slist --token-id a --now 2026-01-01T00:00:00Z");
    place.done("set list.slist id:a revoked --now 2026-01-01T00:00:00Z");
    let (_, early) = findings(&place, "check list.slist --now 2026-01-02T00:00:00Z");
    assert_eq!(early, ["fault token-missing"]);
    let (_, late) = findings(&place, "check list.slist --now 2026-01-02T00:00:01Z");
    assert_eq!(late, ["fault token-missing", "fault change-waits"]);
    let (_, longer) = findings(
        &place,
        "check list.slist --now 2026-01-02T00:00:01Z --max-latency 2d",
    );
    assert_eq!(longer, ["fault token-missing"]);
}

#[test]
fn files_that_are_not_what_was_published() {
    let place = published();
    let token = place.read("site/statuslists/0.jwt");
    std::fs::remove_file(place.path("site/statuslists/0.jwt")).unwrap();
    for line in [CHECK, "check site"] {
        assert_eq!(
            findings(&place, line),
            (1, found(&["fault token-missing"])),
            "{line}"
        );
    }
    place.shows(
        CHECK,
        str![[r#"
'list.slist': revision 1, as its site shows
missing    https://example.com/statuslists/0.jwt: not published
entries:   0 of 1000 taken
lists:     0 of 1 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http
error: the check fails: 1 finding from level 'expiring' on
--- exit 1

"#]],
    );
    // The record alone does not know.
    assert_eq!(findings(&place, "check list.slist"), (0, vec![]));
    let mut damaged = token.clone();
    *damaged.last_mut().unwrap() ^= 2;
    place.write("site/statuslists/0.jwt", &damaged);
    for line in [CHECK, "check site"] {
        let (code, found) = findings(&place, &format!("{line} --key public.pem"));
        assert_eq!(code, 1);
        assert!(
            found.contains(&"fault other-bytes".to_owned()),
            "{line}: {found:?}"
        );
        assert!(
            found.contains(&"fault token-rejected".to_owned()),
            "{line}: {found:?}"
        );
    }
    place.write("site/statuslists/0.jwt", b"no token");
    let (code, _) = findings(&place, "check site");
    assert_eq!(code, 1);
    place.write("site/statuslists/0.jwt", &token);
    std::fs::remove_file(place.path("site/statuslist-manifest.json")).unwrap();
    assert_eq!(findings(&place, CHECK), (1, found(&["fault other-bytes"])));
    place.write("site/statuslist-manifest.json", b"{}");
    let run = place.line(CHECK);
    assert_eq!(run.code, 4, "{}", run.stdout);
}

#[test]
fn a_site_that_another_history_made() {
    let place = published();
    std::fs::copy(place.path("list.slist"), place.path("old.slist")).unwrap();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked");
    place.done(PUBLISH);
    let (code, found) = findings(&place, "check old.slist --to site");
    assert_eq!(code, 1);
    assert!(found.contains(&"fault foreign".to_owned()), "{found:?}");
    assert!(found.contains(&"fine elsewhere".to_owned()), "{found:?}");
}

#[test]
fn another_key_than_the_one_that_is_trusted() {
    let place = published();
    place.copy_key("test-ed25519-public.pem", "other.pem");
    for line in [CHECK, "check site"] {
        let line = format!("{line} --key other.pem");
        assert_eq!(
            findings(&place, &line),
            (1, found(&["fault token-rejected"])),
            "{line}"
        );
    }
    // The settings' key counts, if none is named.
    place.write(
        "statuslist.toml",
        "[keys]\nsigning = 'key.pem'\n[publish]\nto = 'site'\n",
    );
    let report = |line: &str| -> Value {
        serde_json::from_str(&place.line(&format!("{line} --json")).stdout).unwrap()
    };
    assert_eq!(
        report("check list.slist")["components"]["signing"],
        "healthy"
    );
    assert_eq!(report("check list.slist")["targets"][0]["seen"], "site");
    place.copy_key("test-ed25519-pkcs8.pem", "key.pem");
    assert_eq!(
        report("check list.slist")["components"]["signing"],
        "unhealthy"
    );
    // What cannot be read signs nothing.
    std::fs::remove_file(place.path("key.pem")).unwrap();
    assert_eq!(
        findings(&place, "check list.slist"),
        (1, found(&["fault key"]))
    );
    let line = "check list.slist --key public.pem";
    assert_eq!(findings(&place, line), (0, vec![]));
    // A site that the settings name may be on another machine.
    std::fs::rename(place.path("site"), place.path("gone")).unwrap();
    assert_eq!(report(line)["targets"][0]["seen"], "record");
    let run = place.line("check list.slist --to site --key public.pem");
    assert_eq!(run.code, 4, "{}", run.stdout);
}

#[test]
fn how_much_is_left() {
    let place = Place::with_list_of(2, 20);
    place.done("allocate list.slist --count 15");
    place.done(PUBLISH);
    for (more, code, level) in [(1, 0, "due"), (3, 1, "expiring"), (1, 1, "expired")] {
        place.done(&format!("allocate list.slist --count {more}"));
        let expected = (code, vec![format!("{level} capacity")]);
        assert_eq!(findings(&place, CHECK), expected, "{level}");
    }
    place.shows(CHECK, str![[r#"
'list.slist': revision 5, as its site shows
fresh      https://example.com/statuslists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   20 of 20 taken
expired    no entry is left, and no list is in reserve
lists:     1 of 1 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http
error: the check fails: 1 finding from level 'expiring' on
--- exit 1

"#]]);
    // A list in reserve takes over.
    place.done("configure list.slist --spare 1");
    place.done(PUBLISH);
    assert_eq!(findings(&place, CHECK), (0, vec![]));
}

#[test]
fn a_list_in_reserve_is_published_before_its_turn() {
    let place = published();
    place.done("configure list.slist --spare 1");
    assert_eq!(
        findings(&place, CHECK),
        (0, found(&["due spare-not-published"]))
    );
    place.shows(&format!("{CHECK} --fail-on due"), str![[r#"
'list.slist': revision 2, as its site shows
fresh      https://example.com/statuslists/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
missing    https://example.com/statuslists/1.jwt: not published
entries:   0 of 2000 taken, 1 list in reserve
lists:     1 of 2 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http
error: the check fails: 1 finding from level 'due' on
--- exit 1

"#]]);
}

#[test]
fn the_end_of_the_certificate() {
    let place = Place::with_list();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/certificates");
    let pem: String = ["leaf", "intermediate"]
        .map(|name| std::fs::read_to_string(format!("{folder}/{name}.pem")).unwrap())
        .concat();
    place.write("chain.pem", pem);
    place.done(&format!("{PUBLISH} --cert chain.pem"));
    let report = place.line(&format!("{CHECK} --json"));
    let report: Value = serde_json::from_str(&report.stdout).unwrap();
    let ends = report["targets"][0]["certificateEnds"]
        .as_str()
        .unwrap()
        .to_owned();
    let end: jiff::Timestamp = ends.parse().unwrap();
    let now: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let days = (end.as_second() - now.as_second()) / 86_400;
    for line in [CHECK, "check site"] {
        let fine = findings(&place, &format!("{line} --cert-days {days}"));
        assert_eq!(fine, (0, vec![]), "{line}");
        let ending = findings(&place, &format!("{line} --cert-days {}", days + 1));
        assert_eq!(ending, (1, found(&["expiring certificate-ends"])), "{line}");
        let late = format!("{line} --cert-days {} --fail-on expired", days + 1);
        assert_eq!(findings(&place, &late).0, 0, "{line}");
        assert_eq!(
            serde_json::from_str::<Value>(&place.line(&format!("{late} --json")).stdout).unwrap()["status"],
            "degraded"
        );
    }
}

#[test]
fn the_document_that_names_all_tokens() {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --as jwt,cwt --size 100 \
         --aggregation-uri https://example.com/all.json",
    );
    place.done(PUBLISH);
    assert_eq!(findings(&place, CHECK), (0, vec![]));
    let all = place.read("site/all.json");
    place.write(
        "site/all.json",
        b"{\"status_lists\":[\"https://example.com/0.cwt\"]}",
    );
    assert_eq!(
        findings(&place, CHECK),
        (1, found(&["fault aggregation-incomplete"]))
    );
    place.shows(
        &format!("{CHECK} -q"),
        str![[r#"
'list.slist': revision 1, as its site shows
fresh      https://example.com/0.cwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
fresh      https://example.com/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 100 taken
fault      https://example.com/all.json: it does not name https://example.com/0.jwt
lists:     1 of 1 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
error: the check fails: 1 finding from level 'expiring' on
--- exit 1

"#]],
    );
    place.write("site/all.json", b"[]");
    assert_eq!(
        findings(&place, CHECK),
        (1, found(&["fault aggregation-missing"]))
    );
    std::fs::remove_file(place.path("site/all.json")).unwrap();
    assert_eq!(
        findings(&place, CHECK),
        (1, found(&["fault aggregation-missing"]))
    );
    assert_eq!(
        findings(&place, "check site"),
        (1, found(&["fault token-missing"]))
    );
    place.write("site/all.json", all);
    assert_eq!(findings(&place, "check site"), (0, vec![]));
}

#[test]
fn every_format_is_checked() {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --bits 2 --size 1000 \
         --as jwt,cwt,bitstring,statuslist2021,oa-ocsp --purpose revocation,suspension \
         --issuer https://example.com",
    );
    place.done(PUBLISH);
    for line in [CHECK, "check site"] {
        let line = format!("{line} --key public.pem");
        assert_eq!(findings(&place, &line), (0, vec![]), "{line}");
        let report: Value =
            serde_json::from_str(&place.line(&format!("{line} --json")).stdout).unwrap();
        assert_eq!(report["components"]["signing"], "healthy", "{line}");
    }
    // A list of another format in the place of one.
    let cwt = place.read("site/0.cwt");
    place.write("site/0.jwt", cwt);
    let (code, found) = findings(&place, CHECK);
    assert_eq!(code, 1);
    assert!(
        found.contains(&"fault other-format".to_owned()),
        "{found:?}"
    );
    assert!(found.contains(&"fault other-bytes".to_owned()), "{found:?}");
}

#[test]
fn a_pool_is_as_bad_as_its_worst_list_file() {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    std::fs::create_dir(place.path("pool")).unwrap();
    for name in ["a", "b"] {
        place.done(&format!(
            "init pool/{name}.slist --uri https://example.com/{name}/{{n}}.jwt --size 100"
        ));
    }
    place.done("publish pool --to site --key key.pem");
    place.done("backup pool/a.slist pool/c.slist");
    place.shows(
        "check pool --to site",
        str![[r#"
'pool/a.slist': revision 1, as its site shows
fresh      https://example.com/a/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 100 taken
'pool/b.slist': revision 1, as its site shows
fresh      https://example.com/b/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 100 taken
lists:     2 of 2 healthy
status:    unknown (not checked: signatures, hosts)
--- stderr
warning: 'pool/c.slist' is a backup, and was not asked
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http

"#]],
    );
    place.write("pool/d.slist", b"damaged");
    place.shows(
        "check pool --to site",
        str![[r#"
'pool/a.slist': revision 1, as its site shows
fresh      https://example.com/a/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 100 taken
'pool/b.slist': revision 1, as its site shows
fresh      https://example.com/b/0.jwt: due 2026-01-04T12:00:00Z, expires 2026-01-08T00:00:00Z
entries:   0 of 100 taken
lists:     2 of 2 healthy
status:    unhealthy (not checked: signatures, hosts)
--- stderr
warning: 'pool/c.slist' is a backup, and was not asked
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http
error: the check fails: 1 target could not be checked
because: 'pool/d.slist': 'pool/d.slist' is no list file: it is no SQLite database
--- exit 1

"#]],
    );
    let run = place.line("check pool/a.slist nothing --to site");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr
            .contains("because: 'nothing': cannot look at 'nothing'"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_nothing_to_check() {
    let place = Place::with_list();
    std::fs::create_dir(place.path("empty")).unwrap();
    place.write("text", b"text");
    place.refuses(
        "check nothing",
        str![[r#"
status:    unhealthy
--- stderr
error: nothing could be checked
because: 'nothing': cannot look at 'nothing': No such file or directory (os error 2)
--- exit 4

"#]],
    );
    place.refuses(
        "check text",
        str![[r#"
status:    unhealthy
--- stderr
error: nothing could be checked
because: 'text': 'text' is no list file, and no folder
hint: a token in a file: statuslist inspect 'text'
--- exit 4

"#]],
    );
    place.refuses(
        "check empty",
        str![[r#"
status:    unhealthy
--- stderr
error: nothing could be checked
because: 'empty': cannot use 'empty' as a list file: it is a folder without a list file
hint: name a file in it; or make a list file in it: statuslist init FILE --uri TEMPLATE
--- exit 4

"#]],
    );
}

#[test]
fn a_backup_says_so() {
    let place = published();
    place.done("backup list.slist copy.slist");
    assert_eq!(
        findings(&place, "check copy.slist --to site"),
        (0, found(&["fine backup"]))
    );
}

#[test]
fn lists_that_are_retired_are_not_missed() {
    let place = published();
    place.done("configure list.slist --spare 1");
    place.done("roll list.slist");
    place.done(PUBLISH);
    place.done("retire list.slist --list 0");
    place.done(&format!("{PUBLISH} --prune"));
    let (code, found) = findings(&place, CHECK);
    assert_eq!(code, 0, "{found:?}");
    let report = place.line(&format!("{CHECK} --json")).stdout;
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["targets"][0]["retired"], 1);
}

#[test]
fn metrics() {
    let place = published();
    place.done("allocate list.slist --count 10");
    place.done("allocate list.slist --token-id a --token-id b");
    place.done("set list.slist id:a revoked --now 2026-01-01T01:00:00Z");
    place.done("publish list.slist --to site --key key.pem --now 2026-01-01T01:10:00Z");
    place.done("set list.slist id:b suspended --now 2026-01-01T02:00:00Z");
    let line = format!("{CHECK} --now 2026-01-02T00:00:00Z");
    place.shows(&format!("{line} --metrics"), str![[r##"
# HELP statuslist_up Whether the target could be checked.
# TYPE statuslist_up gauge
statuslist_up{target="list.slist"} 1
# HELP statuslist_healthy Whether the check passed.
# TYPE statuslist_healthy gauge
statuslist_healthy 1
# HELP statuslist_findings What the check found, by level.
# TYPE statuslist_findings gauge
statuslist_findings{level="due"} 1
statuslist_findings{level="expiring"} 0
statuslist_findings{level="expired"} 0
statuslist_findings{level="fault"} 0
# HELP statuslist_check_timestamp_seconds When the check was made.
# TYPE statuslist_check_timestamp_seconds gauge
statuslist_check_timestamp_seconds 1767312000
# HELP statuslist_allocations_total Entries that were ever taken.
# TYPE statuslist_allocations_total counter
statuslist_allocations_total{target="list.slist"} 12
# HELP statuslist_allocations_rate Entries that were handed out per second, since yesterday began.
# TYPE statuslist_allocations_rate gauge
statuslist_allocations_rate{target="list.slist"} 0.0001388888888888889
# HELP statuslist_updates_total Statuses that were ever changed.
# TYPE statuslist_updates_total counter
statuslist_updates_total{target="list.slist"} 2
# HELP statuslist_updates_by_status Statuses that were ever changed, by the new one.
# TYPE statuslist_updates_by_status gauge
statuslist_updates_by_status{target="list.slist",status="invalid",value="1"} 1
statuslist_updates_by_status{target="list.slist",status="suspended",value="2"} 1
# HELP statuslist_list_utilization The share of a list's entries that are taken.
# TYPE statuslist_list_utilization gauge
statuslist_list_utilization{target="list.slist",list="0"} 0.012
# HELP statuslist_entries_left Entries that are left in lists that hand out some.
# TYPE statuslist_entries_left gauge
statuslist_entries_left{target="list.slist"} 988
# HELP statuslist_spare_lists Lists in reserve.
# TYPE statuslist_spare_lists gauge
statuslist_spare_lists{target="list.slist"} 0
# HELP statuslist_regeneration_latency Seconds from a change to the newest publication that showed one first.
# TYPE statuslist_regeneration_latency gauge
statuslist_regeneration_latency{target="list.slist",list="0",view="jwt"} 600
# HELP statuslist_unpublished_change_age_seconds How long the oldest change waits that is not published.
# TYPE statuslist_unpublished_change_age_seconds gauge
statuslist_unpublished_change_age_seconds{target="list.slist"} 79200
# HELP statuslist_token_expiry_timestamp_seconds When a published token ends.
# TYPE statuslist_token_expiry_timestamp_seconds gauge
statuslist_token_expiry_timestamp_seconds{target="list.slist",uri="https://example.com/statuslists/0.jwt"} 1767834600
# HELP statuslist_token_due_timestamp_seconds When a published token is to be written anew.
# TYPE statuslist_token_due_timestamp_seconds gauge
statuslist_token_due_timestamp_seconds{target="list.slist",uri="https://example.com/statuslists/0.jwt"} 1767232800
--- stderr
signatures were not checked: --key, --jwks or --trust
what hosts serve was not checked: --http

"##]]);
    let before = place.files();
    let shown = place.done(&format!("{line} --metrics"));
    place.done(&format!("{line} --metrics-file out.prom"));
    assert_eq!(place.read("out.prom"), shown.as_bytes());
    assert_eq!(place.mode("out.prom"), 0o644);
    let mut after = place.files();
    after.remove(&place.path("out.prom"));
    assert!(before == after);
    // What fails is measured too.
    let run = place.line("check list.slist --now 2026-02-01T00:00:00Z --metrics-file out.prom");
    assert_eq!(run.code, 1);
    let text = String::from_utf8(place.read("out.prom")).unwrap();
    assert!(text.contains("\nstatuslist_healthy 0\n"), "{text}");
    let text = place.line("check nothing --metrics").stdout;
    assert!(
        text.contains("statuslist_up{target=\"nothing\"} 0\n"),
        "{text}"
    );
}

#[test]
fn labels_are_escaped() {
    let place = published();
    let name = "a\"b\\c\nd.slist";
    std::fs::rename(place.path("list.slist"), place.path(name)).unwrap();
    let run = place.run(&["check", name, "--metrics"]);
    assert!(
        run.stdout
            .contains("statuslist_up{target=\"a\\\"b\\\\c\\nd.slist\"} 1\n"),
        "{}",
        run.stdout
    );
    let run = place.run(&["check", name, name, "--metrics"]);
    assert_eq!(run.stdout.matches("statuslist_up{").count(), 1);
}

#[test]
fn metrics_do_not_lie_in_a_site() {
    let place = published();
    std::fs::create_dir(place.path("site/deep")).unwrap();
    std::os::unix::fs::symlink(place.path("site"), place.path("link")).unwrap();
    place.refuses(
        "check list.slist --metrics-file site/deep/out.prom",
        str![[r#"
--- stderr
error: 'site/deep/out.prom' lies in the site 'PLACE/site'
because: it tells how much was issued, and everything in a site is public
hint: --metrics-file with a file elsewhere
--- exit 1

"#]],
    );
    for line in [
        "check list.slist --metrics-file link/out.prom",
        "check site --metrics-file site/out.prom",
    ] {
        let run = place.line(line);
        assert_eq!(run.code, 1, "{line}: {}", run.stdout);
        assert!(
            run.stderr.contains("lies in the site"),
            "{line}: {}",
            run.stderr
        );
    }
    // One that has no manifest yet.
    std::fs::create_dir(place.path("new")).unwrap();
    let run = place.line("check list.slist --to new --metrics-file new/out.prom");
    assert_eq!(run.code, 1);
    assert!(!place.path("new/out.prom").exists());
}

#[test]
fn read_only_media() {
    let place = published();
    let read_only = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(place.path("list.slist"), read_only(0o400)).unwrap();
    std::fs::set_permissions(place.path("site"), read_only(0o555)).unwrap();
    let before = place.files();
    assert_eq!(findings(&place, CHECK), (0, vec![]));
    assert!(before == place.files());
    std::fs::set_permissions(place.path("site"), read_only(0o755)).unwrap();
}

#[test]
fn who_can_read_the_list_file_is_warned_of() {
    let place = published();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(place.path("list.slist"), open).unwrap();
    let run = place.line("check list.slist");
    assert!(
        run.stderr.contains("warning: others can read 'list.slist'"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_envelope_is_that_of_the_credential_beside_it() {
    for (proof, ending) in [("jwt", "vcjwt"), ("cose", "vccose")] {
        let place = Place::with_list();
        place.copy_key("test-p256-public.pem", "public.pem");
        place.done(&format!(
            "init vc.slist --uri https://example.com/vc/{{n}}.{ending} --as bitstring.revocation \
             --proof {proof} --issuer did:web:example.com --seed-file seed -q"
        ));
        place.done("publish vc.slist --to site --key key.pem --enveloped -q");
        assert!(place.path(format!("site/vc/0.{ending}.json")).exists());
        let line = "check site --base-url https://example.com --key public.pem";
        assert_eq!(findings(&place, line), (0, found(&[])), "{proof}");
        let other = "check site --base-url https://example.org --key public.pem";
        assert_eq!(findings(&place, other).1.len(), 2, "{proof}");
    }
}

#[test]
fn the_change_that_waits_longest_is_that_of_its_own_list() {
    let place = Place::with_list_of(2, 4);
    place.done("configure list.slist --spare 1");
    place.done("allocate list.slist --token-id a --token-id b --token-id c --token-id d");
    place.done("allocate list.slist --token-id e");
    place.done(PUBLISH);
    // A change of list 0 that is published, and one of list 1 before it that is not.
    place.done("set list.slist id:e revoked --now 2026-01-01T01:00:00Z");
    let old = place.read("site/statuslists/1.jwt");
    let manifest = place.read("site/statuslist-manifest.json");
    place.done("set list.slist id:a revoked --now 2026-01-01T02:00:00Z");
    place.done(&format!("{PUBLISH} --now 2026-01-01T03:00:00Z"));
    let line = format!("{CHECK} --now 2026-01-01T04:00:00Z");
    let waiting = |line: &str| -> Value {
        let report: Value =
            serde_json::from_str(&place.line(&format!("{line} --json")).stdout).unwrap();
        report["targets"][0]["oldestUnpublished"].clone()
    };
    assert_eq!(waiting(&line), Value::Null);
    let newer: Value =
        serde_json::from_slice(&place.read("site/statuslist-manifest.json")).unwrap();
    let mut mixed = newer;
    let older: Value = serde_json::from_slice(&manifest).unwrap();
    mixed["entries"]["statuslists/1.jwt"] = older["entries"]["statuslists/1.jwt"].clone();
    place.write("site/statuslist-manifest.json", mixed.to_string());
    place.write("site/statuslists/1.jwt", old);
    let found = waiting(&line);
    assert_eq!(found["listId"], "1");
    assert_eq!(found["since"], "2026-01-01T01:00:00Z");
    // A setting that shows waits too, and changes no status.
    place.done(&format!("{PUBLISH} --renew --now 2026-01-01T05:00:00Z"));
    place.done("configure list.slist --bits 4 --now 2026-01-01T06:00:00Z");
    let found = waiting(&format!("{CHECK} --now 2026-01-01T07:00:00Z"));
    assert_eq!(found["since"], "2026-01-01T06:00:00Z");
}

#[test]
fn every_key_that_the_settings_name_counts() {
    let place = published();
    place.copy_key("test-p384-pkcs8.pem", "other.pem");
    place.write(
        "statuslist.toml",
        "[keys]\nuse = 'a'\n[keys.a]\nsigning = 'other.pem'\n[keys.b]\nsigning = 'key.pem'\n",
    );
    let report = place.line(&format!("{CHECK} --json"));
    let report: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(report["components"]["signing"], "healthy", "{report}");
    std::fs::remove_file(place.path("other.pem")).unwrap();
    assert_eq!(findings(&place, CHECK), (1, found(&["fault key"])));
}

#[test]
fn the_policy_says_when_a_change_is_due() {
    let place = published();
    place.write(
        "statuslist.toml",
        "[regeneration]\nstrategy = 'periodic'\nperiodic-interval = '1h'\n",
    );
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked --now 2026-01-01T00:30:00Z");
    let at = |now: &str| findings(&place, &format!("{CHECK} --now 2026-01-01T{now}Z"));
    assert_eq!(at("00:59:59"), (0, vec![]));
    assert_eq!(at("01:00:00"), (0, found(&["due token-due"])));
}
