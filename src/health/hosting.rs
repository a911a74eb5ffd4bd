//! How a host serves a file, judged by what it says of it.
//!
//! Source: draft-ietf-oauth-status-list-21, sections 8.1 and 8.2; RFC 9110; RFC 9111.

use std::time::Duration;

use super::HostFault;
use super::visit::{Gzip, ORIGIN, Visited, encoding};
use crate::list::Timestamp;
use crate::net::{Response, is_loopback};

/// From which difference on two clocks are told of, in seconds: what is issued now would not be
/// valid yet for readers whose tolerance is the usual one.
const CLOCKS_DIFFER: u64 = 300;

/// What a file is, by which its answer is judged.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The type that it must be served as; nothing if nobody knows it.
    pub(super) media_type: Option<String>,
    /// For how many seconds caches may keep it at most.
    pub(super) longest: Option<u64>,
    /// The machine's clock.
    pub(super) now: Timestamp,
}

/// How a file is served.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServedFile {
    /// How long the answer took.
    pub(crate) took: Duration,
    pub(crate) bytes: usize,
    pub(crate) media_type: Option<String>,
    /// For how many seconds caches may keep it.
    pub(crate) max_age: Option<u64>,
    /// Whether it is compressed where that is asked for.
    pub(crate) gzip: bool,
}

/// What a `Cache-Control` says, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
enum Caching {
    /// Nothing is kept without asking again.
    Never,
    /// For so many seconds.
    For(u64),
    /// It does not say.
    Unsaid,
}

/// Judges an answer of so many bytes, beside these.
pub(super) fn judge(
    visited: Visited,
    bytes: usize,
    wanted: &Wanted,
) -> (ServedFile, Vec<HostFault>) {
    let Visited {
        response,
        took,
        gzip,
    } = visited;
    let mut faults = Vec::new();
    if response.url.starts_with("http:") && !is_loopback(&response.url) {
        faults.push(HostFault::NotHttps);
    }
    faults.extend(wrong_type(&response, wanted));
    let caching = caching(&response);
    // People read pages, and programs the rest.
    if !wanted.is_page() {
        faults.extend(wrong_origin(&response));
        faults.extend(wrong_caching(&response, &caching, wanted));
    }
    if let Some(encoding) = encoding(&response) {
        faults.push(HostFault::Encoded(encoding.to_owned()));
    }
    let is_offered = matches!(gzip, Ok(Gzip::Offered));
    faults.extend(gzip.err());
    if !response.redirects.is_empty() {
        let mut way = response.redirects[1..].to_vec();
        way.push(response.url.clone());
        faults.push(HostFault::Redirected(way));
    }
    faults.extend(wrong_clock(&response, wanted.now));
    let served = ServedFile {
        took,
        bytes,
        media_type: response.header("content-type").map(str::to_owned),
        max_age: match caching {
            Caching::For(seconds) => Some(seconds),
            Caching::Never | Caching::Unsaid => None,
        },
        gzip: is_offered,
    };
    (served, faults)
}

impl Wanted {
    /// Whether it is a page for people, which scripts of others need not read, and which caches may
    /// keep as they like: it is no witness of anything.
    fn is_page(&self) -> bool {
        self.media_type.as_deref() == Some("text/html")
    }
}

/// The type without its parameters decides, in letters of either case (RFC 9110, section 8.3.1).
fn wrong_type(response: &Response, wanted: &Wanted) -> Option<HostFault> {
    let expected = wanted.media_type.as_ref()?;
    let found = response.header("content-type");
    let essence = found.and_then(|found| found.split(';').next());
    let is_right = essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(expected));
    (!is_right).then(|| HostFault::ContentType {
        found: found.map(str::to_owned),
        expected: expected.clone(),
    })
}

fn wrong_origin(response: &Response) -> Option<HostFault> {
    let allowed = response.header("access-control-allow-origin");
    let is_open = allowed.is_some_and(|allowed| matches!(allowed.trim(), "*" | ORIGIN));
    (!is_open).then(|| HostFault::NoCors(allowed.map(str::to_owned)))
}

fn wrong_caching(response: &Response, caching: &Caching, wanted: &Wanted) -> Option<HostFault> {
    match caching {
        Caching::Never => None,
        Caching::Unsaid => {
            let said = response.header("cache-control").map(str::to_owned);
            Some(HostFault::NoMaxAge(said))
        }
        Caching::For(seconds) => {
            let most = wanted.longest.filter(|most| seconds > most)?;
            let seconds = *seconds;
            Some(HostFault::CachedTooLong { seconds, most })
        }
    }
}

/// What all `Cache-Control` headers together allow. Shared caches go by `s-maxage` (RFC 9111,
/// section 5.2.2.10), so the longer of the two counts; what stands twice does too.
fn caching(response: &Response) -> Caching {
    let mut headers = response.headers.iter();
    let values = headers.by_ref().filter(|(name, _)| name == "cache-control");
    let mut longest = None;
    let mut never = false;
    for directive in values.flat_map(|(_, value)| value.split(',')) {
        let directive = directive.trim().to_ascii_lowercase();
        match directive.split_once('=') {
            None => never |= matches!(directive.as_str(), "no-store" | "no-cache"),
            Some(("max-age" | "s-maxage", seconds)) => {
                longest = longest.max(whole(seconds.trim_matches('"')));
            }
            Some(_) => {}
        }
    }
    match longest {
        _ if never => Caching::Never,
        Some(seconds) => Caching::For(seconds),
        None => Caching::Unsaid,
    }
}

/// A number of seconds; one that is too large to be held is the largest (RFC 9111, section 1.2.2).
fn whole(seconds: &str) -> Option<u64> {
    let is_number = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| seconds.parse().unwrap_or(u64::MAX))
}

fn wrong_clock(response: &Response, ours: Timestamp) -> Option<HostFault> {
    let date = response.header("date")?;
    let parsed = jiff::fmt::rfc2822::parse(date).ok()?;
    let host = Timestamp::from_second(parsed.timestamp().as_second());
    let differ = host.second().abs_diff(ours.second());
    (differ > CLOCKS_DIFFER).then_some(HostFault::Clock { host, ours })
}

#[cfg(test)]
#[path = "hosting_tests.rs"]
mod tests;
