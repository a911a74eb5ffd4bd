use super::*;
use crate::net::testing::{Host, answer};
use crate::site::{Manifest, ManifestError};

const MANIFEST: &[u8] = b"{\"schema\": 1, \"entries\": {}}\n";

fn path(text: &str) -> SitePath {
    text.parse().unwrap()
}

fn at(host: &Host) -> LiveSite {
    let base = host.url.parse().unwrap();
    LiveSite::at(&base, Duration::from_secs(5))
}

fn read(answer: Vec<u8>) -> Result<Option<Vec<u8>>, TargetError> {
    at(&Host::answering(vec![answer])).read(&path("a/0.jwt"), 10)
}

fn fault(answer: Vec<u8>) -> WebFault {
    match read(answer).unwrap_err() {
        TargetError::Web { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_there_and_what_is_not_are_told_apart_from_everything_else() {
    let html = ["Content-Type: text/html"];
    assert_eq!(
        read(answer("200 OK", &html, b"ey")).unwrap().unwrap(),
        b"ey",
        "bytes count, not types"
    );
    for status in ["404 Not Found", "410 Gone"] {
        assert_eq!(read(answer(status, &html, b"<html>")).unwrap(), None);
    }
    for (status, code) in [
        ("401 Unauthorized", 401),
        ("403 Forbidden", 403),
        ("500 Internal Server Error", 500),
        ("503 Busy", 503),
        ("204 No Content", 204),
        ("304 Not Modified", 304),
    ] {
        assert_eq!(fault(answer(status, &[], b"")), WebFault::Status(code));
    }
    for page in [&b"<html>"[..], b"\r\n <!Do", b"<?xml"] {
        assert_eq!(fault(answer("200 OK", &[], page)), WebFault::Page);
    }
    let encoded = answer("200 OK", &["Content-Encoding: gzip"], b"\x1f\x8b");
    assert_eq!(fault(encoded), WebFault::Encoded("gzip".to_owned()));
    let long = read(answer("200 OK", &[], b"0123456789a")).unwrap_err();
    assert!(
        matches!(long, TargetError::Net(NetError::TooLarge { .. })),
        "{long}"
    );
}

#[test]
fn a_page_is_read_where_a_page_belongs() {
    let host = Host::answering(vec![answer("200 OK", &[], b"<html>")]);
    let found = at(&host).read(&path("index.html"), 10).unwrap();
    assert_eq!(found.unwrap(), b"<html>");
}

#[test]
fn files_are_asked_for_below_the_root_or_by_their_own_uri() {
    let base = "https://a.example/b/".parse().unwrap();
    let site = LiveSite::at(&base, Duration::ZERO);
    assert_eq!(
        site.urls(&path("x/a b%é?#.jwt")),
        ["https://a.example/b/x/a%20b%25%C3%A9%3F%23.jwt"]
    );
    let uris = ["https://a.example/%41.jwt", "http://b.example:8080/b/0.jwt"];
    let site = LiveSite::of(uris, None, Duration::ZERO).unwrap();
    assert_eq!(site.urls(&path("A.jwt")), [uris[0]]);
    assert_eq!(site.urls(&path("b/0.jwt")), [uris[1]]);
    assert_eq!(
        site.urls(&path("jwks.json")),
        [
            "http://b.example:8080/jwks.json",
            "https://a.example/jwks.json"
        ]
    );
    assert!(LiveSite::of(uris, Some(&base), Duration::ZERO).is_err());
}

#[test]
fn hosts_of_one_site_must_show_the_same_manifest() {
    let hosts = |one: Vec<u8>, other: Vec<u8>| {
        let hosts = [one, other].map(|answer| Host::answering(vec![answer]));
        let uris = hosts.each_ref().map(|host| format!("{}/0.jwt", host.url));
        let uris = uris.iter().map(String::as_str);
        let site = LiveSite::of(uris, None, Duration::from_secs(5)).unwrap();
        Manifest::load(&site)
    };
    let there = || answer("200 OK", &[], MANIFEST);
    assert!(hosts(there(), there()).unwrap().is_some());
    let gone = || answer("404 Not Found", &[], b"");
    assert!(hosts(gone(), gone()).unwrap().is_none());
    for (one, other) in [(there(), gone()), (gone(), there())] {
        let error = hosts(one, other).unwrap_err();
        let ManifestError::Target(TargetError::Web { fault, .. }) = &error else {
            panic!("{error:?}");
        };
        assert!(matches!(fault, WebFault::Differs(_)), "{error}");
    }
}

#[test]
fn all_answers_together_have_an_end() {
    let base = "http://127.0.0.1:9".parse().unwrap();
    let site = LiveSite::at(&base, Duration::ZERO);
    let error = site.read(&path("0.jwt"), 10).unwrap_err();
    assert!(
        matches!(error, TargetError::Net(NetError::TimedOut { .. })),
        "{error}"
    );
}

#[test]
fn nobody_writes_there() {
    let base = "http://127.0.0.1:9".parse().unwrap();
    let site = LiveSite::at(&base, Duration::ZERO);
    let written = site.write(&path("0.jwt"), b"", Precondition::Anything);
    let removed = site.remove(&path("0.jwt"), Precondition::Anything);
    for error in [written.unwrap_err(), removed.unwrap_err()] {
        assert!(matches!(error, TargetError::ReadOnly(_)), "{error}");
    }
}
