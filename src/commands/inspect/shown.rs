//! What `inspect` says alike of everything that it looks at.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::audit::Verdict;
use crate::commands::counted;
use crate::list::{Duration, Status, Timestamp, Width};
use crate::wire::text::printable;

/// How many entries have a status.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusCount {
    status: Status,
    status_name: &'static str,
    entries: u64,
}

/// The statuses that occur. `entries` has how many have each value.
pub(super) fn status_counts(entries: Vec<u64>, width: Width) -> Vec<StatusCount> {
    entries
        .into_iter()
        .zip(0_u64..)
        .filter(|(entries, _)| *entries > 0)
        .filter_map(|(entries, value)| {
            let status = Status::new(value, width).ok()?;
            Some(StatusCount {
                status,
                status_name: status.name(),
                entries,
            })
        })
        .collect()
}

/// Writes a line for each status that occurs.
pub(super) fn write_counts(
    formatter: &mut fmt::Formatter<'_>,
    counts: &[StatusCount],
) -> fmt::Result {
    for count in counts {
        write_count(formatter, &count.status.to_string(), count.entries)?;
    }
    Ok(())
}

/// Writes how many entries there are of something.
pub(super) fn write_count(
    formatter: &mut fmt::Formatter<'_>,
    label: &str,
    entries: impl fmt::Display,
) -> fmt::Result {
    writeln!(formatter, "  {label:<24} {entries}")
}

/// The size of a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListSize {
    pub(super) bits: u8,
    pub(super) entries: u64,
    pub(super) compressed_bytes: Option<usize>,
    pub(super) inflated_bytes: usize,
}

impl ListSize {
    /// Writes the size; `more` follows behind its bytes.
    pub(super) fn write(&self, formatter: &mut fmt::Formatter<'_>, more: &str) -> fmt::Result {
        let bits = counted(self.bits.into(), "bit", "bits");
        writeln!(formatter, "entries:    {} of {bits}", self.entries)?;
        match self.compressed_bytes {
            None => Ok(()),
            Some(compressed) => writeln!(
                formatter,
                "list:       {} bytes, {compressed} compressed{more}",
                self.inflated_bytes
            ),
        }
    }
}

/// The verdict on something that is signed.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Valid => "valid",
        Verdict::Unverified => "no fault found, but the signature was not checked",
        Verdict::Uncheckable => "no fault found, but the signature could not be checked",
        Verdict::Rejected => "must be rejected",
    }
}

/// Writes a point in time, if there is one, and how far it is from now.
pub(super) fn write_time(
    formatter: &mut fmt::Formatter<'_>,
    label: &str,
    time: Option<Timestamp>,
    now: Timestamp,
) -> fmt::Result {
    match time {
        None => Ok(()),
        Some(time) => writeln!(formatter, "{label:<11} {time}, {}", distance(time, now)),
    }
}

/// A number of seconds in words, in brackets, if it has any.
pub(super) fn in_words(seconds: u64) -> String {
    Duration::from_seconds(seconds).map_or_else(String::new, |duration| format!(" ({duration})"))
}

/// How long ago, or how far ahead.
fn distance(time: Timestamp, now: Timestamp) -> String {
    let seconds = time.second().abs_diff(now.second());
    match Duration::from_seconds(seconds) {
        None if seconds == 0 => "now".to_owned(),
        None => "more than a century away".to_owned(),
        Some(duration) if time > now => format!("in {duration}"),
        Some(duration) => format!("{duration} ago"),
    }
}

/// JSON as text in which nothing can drive a terminal: a token is somebody else's text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        other => printable(&other.to_string()),
    }
}

/// Members in one line, but for those that are shown apart.
pub(super) fn object(members: &Map<String, Value>, apart: impl Fn(&str) -> bool) -> String {
    let members: Vec<_> = members
        .iter()
        .filter(|(name, _)| !apart(name))
        .map(|(name, value)| format!("{} {}", printable(name), plain(value)))
        .collect();
    members.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_in_words() {
        let at = Timestamp::from_second;
        assert_eq!(distance(at(10), at(10)), "now");
        assert_eq!(distance(at(3_610), at(10)), "in 1h");
        assert_eq!(distance(at(10), at(100)), "1m 30s ago");
        assert_eq!(
            distance(at(i64::MAX), at(i64::MIN)),
            "more than a century away"
        );
    }
}
