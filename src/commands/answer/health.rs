//! What a check finds, in words.

use super::counted;
use crate::health::{HostFault, Refusal, TokenState, Trouble};
use crate::list::{Duration, Scarcity};
use crate::net::NetError;
use crate::wire::text::{escaped, printable};

/// How many uris are named.
const NAMED: usize = 3;

/// What was found.
pub(crate) fn trouble_in_words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Token(TokenState::Due) => "it is due to be written anew".to_owned(),
        Trouble::Token(TokenState::Expiring) => {
            "it should have been written anew: the time for that is half over".to_owned()
        }
        Trouble::Token(TokenState::Expired) => "it has expired: readers refuse it".to_owned(),
        Trouble::Token(state) => format!("it is {}", state.name()),
        Trouble::Missing => "it is not published".to_owned(),
        Trouble::SpareMissing => {
            "it is in reserve and not published: publish it before its turn".to_owned()
        }
        Trouble::NotInSite => "it is not below the base url, or no file can have it".to_owned(),
        Trouble::OtherBytes => "it is not the file that was published".to_owned(),
        Trouble::Foreign => {
            "it was published from a state that this list file never had: a newer one, or another \
             list file's"
                .to_owned()
        }
        Trouble::Refused(refusal) => refusal_in_words(refusal),
        Trouble::ServesOlder {
            issued_at,
            published_at,
            allowed,
        } => {
            let what = format!(
                "the host serves what was issued at {issued_at}, and not what was published at \
                 {published_at}"
            );
            match allowed {
                0 => what,
                allowed => format!("{what}; caches may keep that for {allowed} s more"),
            }
        }
        Trouble::ServesOther => "the host serves something else than was published".to_owned(),
        Trouble::NotCompared => {
            "nothing says which bytes were published: they were not compared".to_owned()
        }
        Trouble::Host(fault) => host_in_words(fault),
        Trouble::Unreadable(error) => chain(error),
        Trouble::Waits {
            since,
            waited,
            most,
        } => format!(
            "a change of {since} waits to be published for {}: at most {most} are allowed",
            length(*waited)
        ),
        Trouble::Scarce(scarcity) => scarcity_in_words(*scarcity),
        Trouble::Backup(at) => {
            format!("it is a backup of {at}: the list file in use may say something else")
        }
        Trouble::Elsewhere => {
            "it is a copy, or was moved: it hands out no entries (configure --moved)".to_owned()
        }
        Trouble::Certificate { ends, level } => match level {
            crate::health::Level::Expired => {
                format!("the certificate has ended at {ends}: readers refuse its tokens")
            }
            _ => format!("the certificate ends at {ends}"),
        },
        Trouble::Key(reason) => format!("nobody can sign with what the settings name: {reason}"),
        Trouble::NoAggregation => {
            "the document that names all tokens is not there, or is none".to_owned()
        }
        Trouble::AggregationIncomplete(missing) => {
            let named: Vec<_> = missing.iter().take(NAMED).map(|uri| escaped(uri)).collect();
            let more = match missing.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            format!("it does not name {}{more}", named.join(", "))
        }
        Trouble::TooManyUris { most, left } => {
            format!("only {most} uris are asked for in one check: {left} were left out")
        }
    }
}

fn refusal_in_words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Rejected { text, source } => {
            printable(&format!("readers reject it: {text} ({source})"))
        }
        Refusal::Uncheckable => {
            "its signature could not be checked with what was given for that".to_owned()
        }
        Refusal::OtherFormat => "it is no status list of the format that belongs there".to_owned(),
    }
}

fn host_in_words(fault: &HostFault) -> String {
    match fault {
        HostFault::NoAnswer(error) => no_answer(error),
        HostFault::NotAsked => "it was not asked for: the time for all uris was over".to_owned(),
        HostFault::Absent(status) => format!("the host has no such file (status {status})"),
        HostFault::Status(status) => format!("the host answers with status {status}"),
        HostFault::NotHttps => {
            "it is served over http, where anybody on the way can replace it".to_owned()
        }
        HostFault::ContentType {
            found: Some(found),
            expected,
        } => format!(
            "content type {} in the place of {expected}: readers refuse it",
            escaped(found)
        ),
        HostFault::ContentType {
            found: None,
            expected,
        } => format!("no content type, in the place of {expected}: readers refuse it"),
        HostFault::NoCors(None) => {
            "no Access-Control-Allow-Origin: pages of others cannot read it".to_owned()
        }
        HostFault::NoCors(Some(found)) => format!(
            "Access-Control-Allow-Origin {} in the place of *: pages of others cannot read it",
            escaped(found)
        ),
        HostFault::NoMaxAge(None) => {
            "no Cache-Control: each cache keeps it for as long as it likes".to_owned()
        }
        HostFault::NoMaxAge(Some(found)) => format!(
            "Cache-Control {} without max-age: each cache keeps it for as long as it likes",
            escaped(found)
        ),
        HostFault::CachedTooLong { seconds, most } => format!(
            "caches keep it for {seconds} s: at most {most} s are left, by its ttl and its end"
        ),
        HostFault::Encoded(encoding) => format!(
            "it is encoded as {} although nobody asked for that",
            escaped(encoding)
        ),
        HostFault::GzipStatus(status) => {
            format!("whoever accepts gzip gets status {status}")
        }
        HostFault::GzipEncoded(encoding) => format!(
            "whoever accepts gzip alone gets it encoded as {}",
            escaped(encoding)
        ),
        HostFault::GzipUnreadable(reason) => format!(
            "whoever accepts gzip gets what is none: {}",
            escaped(reason)
        ),
        HostFault::GzipDiffers => "whoever accepts gzip gets another file".to_owned(),
        HostFault::Redirected(way) => {
            let way: Vec<_> = way.iter().map(|url| escaped(url)).collect();
            format!(
                "the host redirects to {}: not every reader follows",
                way.join(", then to ")
            )
        }
        HostFault::Clock { host, ours } => format!(
            "the clock of the host says {host}, and the one here {ours}: one of them is wrong"
        ),
    }
}

fn no_answer(error: &NetError) -> String {
    let words = match error {
        NetError::TimedOut { patience, .. } => {
            let seconds = patience.as_secs_f64().round();
            format!("the host does not answer within {seconds} s")
        }
        NetError::TooLarge { limit, .. } => {
            format!("the host sends more than {limit} bytes")
        }
        NetError::RedirectElsewhere { to, .. } => {
            format!("it redirects to another host: {to}")
        }
        NetError::TooManyRedirects { most, .. } => {
            format!("it redirects more than {most} times")
        }
        error => chain(error),
    };
    escaped(&words)
}

fn scarcity_in_words(scarcity: Scarcity) -> String {
    let Scarcity { left, .. } = scarcity;
    if left == 0 {
        return "no entry is left, and no list is in reserve".to_owned();
    }
    let entries = counted(left, "entry is", "entries are");
    let used = scarcity.used();
    format!("{entries} left ({used} % are taken), and no list is in reserve")
}

/// A length of time in seconds, in words.
pub(crate) fn length(seconds: i64) -> String {
    let duration = u64::try_from(seconds).ok().and_then(Duration::from_seconds);
    duration.map_or_else(|| "0s".to_owned(), |duration| duration.to_string())
}

/// An error with those behind it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let behind = std::iter::successors(error.source(), |error| error.source());
    escaped(&behind.fold(error.to_string(), |text, error| format!("{text}: {error}")))
}
