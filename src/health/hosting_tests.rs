use std::time::Duration;

use super::*;
use crate::net::Response;

fn response(headers: &[(&str, &str)]) -> Response {
    let headers = headers.iter();
    Response {
        url: "https://example.com/0.jwt".to_owned(),
        redirects: Vec::new(),
        status: 200,
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Vec::new(),
    }
}

fn judged(response: Response) -> Vec<&'static str> {
    let visited = Visited {
        response,
        took: Duration::ZERO,
        gzip: Ok(Gzip::NotOffered),
    };
    let wanted = Wanted {
        media_type: Some("application/statuslist+jwt".to_owned()),
        longest: Some(100),
        now: Timestamp::from_second(1_767_225_600),
    };
    let (_, faults) = judge(visited, 0, &wanted);
    faults.iter().map(HostFault::name).collect()
}

const GOOD: [(&str, &str); 3] = [
    ("content-type", "application/statuslist+jwt"),
    ("access-control-allow-origin", "*"),
    ("cache-control", "max-age=100"),
];

#[test]
fn a_good_answer_has_no_fault() {
    assert!(judged(response(&GOOD)).is_empty());
    assert_eq!(
        judged(response(&[])),
        ["content-type", "no-cors", "no-max-age"]
    );
}

#[test]
fn a_page_is_for_people() {
    let visited = Visited {
        response: response(&[("content-type", "text/html; charset=utf-8")]),
        took: Duration::ZERO,
        gzip: Ok(Gzip::NotOffered),
    };
    let wanted = Wanted {
        media_type: Some("text/html".to_owned()),
        longest: None,
        now: Timestamp::from_second(1_767_225_600),
    };
    assert!(judge(visited, 0, &wanted).1.is_empty());
}

#[test]
fn http_is_for_this_machine_alone() {
    let mut open = response(&GOOD);
    open.url = "http://example.com/0.jwt".to_owned();
    assert_eq!(judged(open), ["not-https"]);
    let mut here = response(&GOOD);
    here.url = "http://127.0.0.1:1/0.jwt".to_owned();
    assert!(judged(here).is_empty());
}

#[test]
fn what_several_headers_say_of_caches_counts_together() {
    for (values, expected) in [
        (&["max-age=1"][..], Caching::For(1)),
        (&["max-age=1", "s-maxage=2"], Caching::For(2)),
        (&["public, max-age=3, max-age=2"], Caching::For(3)),
        (&["no-store, max-age=9"], Caching::Never),
        (&["max-age=x"], Caching::Unsaid),
        (&["max-age"], Caching::Unsaid),
        (&["private"], Caching::Unsaid),
        (&[], Caching::Unsaid),
        (&["max-age=99999999999999999999"], Caching::For(u64::MAX)),
    ] {
        let headers: Vec<_> = values
            .iter()
            .map(|value| ("cache-control", *value))
            .collect();
        assert_eq!(caching(&response(&headers)), expected, "{values:?}");
    }
}

#[test]
fn clocks() {
    let dated = |date| {
        let mut headers = GOOD.to_vec();
        headers.push(("date", date));
        judged(response(&headers))
    };
    assert!(dated("Thu, 01 Jan 2026 00:05:00 GMT").is_empty());
    assert_eq!(dated("Thu, 01 Jan 2026 00:05:01 GMT"), ["clock"]);
    assert_eq!(dated("Wed, 31 Dec 2025 00:00:00 GMT"), ["clock"]);
    assert!(dated("today").is_empty());
}
