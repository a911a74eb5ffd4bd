//! Points in time and lengths of time, in whole seconds.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::wire::text::echo;

/// A point in time: whole seconds since 1970-01-01T00:00:00Z, printed as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// What somebody asks about: one second, or a whole day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The first second that is meant.
    pub start: Timestamp,
    /// The last second that is meant.
    pub end: Timestamp,
}

/// A length of time: at least one whole second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Duration(u64);

/// Why a text is not a time or a length of time.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimeError {
    /// Not a point in time.
    #[error("'{0}' is not a time")]
    Time(String),
    /// Not a length of time.
    #[error("'{0}' is not a length of time")]
    Duration(String),
    /// Months and years differ in length.
    #[error("'{0}' counts in months or years, which differ in length")]
    Calendar(String),
    /// Zero, negative, a fraction of a second, or more than a century.
    #[error("'{0}' is not a whole number of seconds from 1 second to 100 years")]
    Range(String),
}

impl Timestamp {
    /// Makes a point in time from Unix seconds.
    #[must_use]
    pub const fn from_second(second: i64) -> Self {
        Self(second)
    }

    /// Unix seconds.
    #[must_use]
    pub const fn second(self) -> i64 {
        self.0
    }

    /// Reads the time of an HTTP header, in the one form that may be written
    /// (RFC 9110, section 5.6.7).
    pub(crate) fn of_http(text: &str) -> Option<Self> {
        let time = jiff::fmt::strtime::parse("%a, %d %b %Y %H:%M:%S GMT", text);
        let time = time
            .ok()?
            .to_datetime()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()?;
        Some(Self(time.timestamp().as_second()))
    }

    /// Reads a point in time, or a date such as `2026-11-20`, which means its start in UTC.
    ///
    /// # Errors
    /// It is neither.
    pub(crate) fn or_date(text: &str) -> Result<Self, TimeError> {
        text.parse().map(|moment: Moment| moment.start)
    }

    /// The point in time that lies this much later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.0))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimeError;

    /// Reads RFC 3339 (an offset is needed, a leap second refused, a fraction cut off), or `@`
    /// and Unix seconds.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let unknown = || TimeError::Time(echo(text));
        if let Some(seconds) = text.strip_prefix('@') {
            let second: i64 = seconds.parse().map_err(|_| unknown())?;
            return jiff::Timestamp::from_second(second)
                .map(|_| Self(second))
                .map_err(|_| unknown());
        }
        // The library reads more than RFC 3339 allows: no dashes, a zone in brackets, second 60.
        let bytes = text.as_bytes();
        let shaped = bytes.len() >= 20
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && matches!(bytes[10], b'T' | b't' | b' ')
            && bytes[13] == b':'
            && bytes[16] == b':'
            && &bytes[17..19] != b"60"
            && !text.contains('[')
            && matches!(bytes[19], b'.' | b'Z' | b'z' | b'+' | b'-');
        if !shaped {
            return Err(unknown());
        }
        let read: jiff::Timestamp = text.parse().map_err(|_| unknown())?;
        Ok(Self(read.as_second()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(time) => time.fmt(formatter),
            // Outside the calendar that is printed: hostile tokens hold such times.
            Err(_) => write!(formatter, "@{}", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Moment {
    /// Whether it is a whole day.
    #[must_use]
    pub fn is_day(self) -> bool {
        self.start < self.end
    }
}

impl std::str::FromStr for Moment {
    type Err = TimeError;

    /// Reads what [`Timestamp`] reads, or a date such as `2026-11-20`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text.len() == 10 && text.as_bytes()[4] == b'-' {
            let unknown = || TimeError::Time(echo(text));
            let date: Date = text.parse().map_err(|_| unknown())?;
            let midnight = date.to_zoned(TimeZone::UTC).map_err(|_| unknown())?;
            let start = midnight.timestamp().as_second();
            return Ok(Self {
                start: Timestamp(start),
                end: Timestamp(start + 86_399),
            });
        }
        let time = text.parse()?;
        Ok(Self {
            start: time,
            end: time,
        })
    }
}

impl Duration {
    /// 3,600 seconds.
    pub const HOUR: Self = Self(3_600);
    /// 86,400 seconds.
    pub const DAY: Self = Self(86_400);
    /// 604,800 seconds.
    pub const WEEK: Self = Self(7 * 86_400);

    const LONGEST: u64 = 100 * 366 * 86_400;

    /// Makes a length of time of 1 second to 100 years.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Option<Self> {
        if seconds >= 1 && seconds <= Self::LONGEST {
            Some(Self(seconds))
        } else {
            None
        }
    }

    /// Whole seconds, at least 1.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// Half of it, rounded up.
    #[must_use]
    pub const fn half(self) -> Self {
        Self(self.0.div_ceil(2))
    }
}

impl TryFrom<u64> for Duration {
    type Error = TimeError;

    fn try_from(seconds: u64) -> Result<Self, TimeError> {
        Self::from_seconds(seconds).ok_or_else(|| TimeError::Range(seconds.to_string()))
    }
}

impl From<Duration> for u64 {
    fn from(duration: Duration) -> Self {
        duration.0
    }
}

impl std::str::FromStr for Duration {
    type Err = TimeError;

    /// Reads `90s`, `1h 30m`, `7d`, `PT1H` (days have 24 hours), or a bare number of seconds.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let range = || TimeError::Range(echo(text));
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let seconds = text.parse().map_err(|_| range())?;
            return Self::from_seconds(seconds).ok_or_else(range);
        }
        let span: jiff::Span = text.parse().map_err(|_| TimeError::Duration(echo(text)))?;
        if span.get_years() != 0 || span.get_months() != 0 {
            return Err(TimeError::Calendar(echo(text)));
        }
        let exact = span
            .to_duration(jiff::SpanRelativeTo::days_are_24_hours())
            .map_err(|_| range())?;
        u64::try_from(exact.as_secs())
            .ok()
            .filter(|_| exact.subsec_nanos() == 0)
            .and_then(Self::from_seconds)
            .ok_or_else(range)
    }
}

impl fmt::Display for Duration {
    /// Writes days, hours, minutes and seconds, those that are not zero: `1d 12h`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
        let mut rest = self.0;
        let mut separator = "";
        for (length, name) in units {
            if rest >= length {
                write!(formatter, "{separator}{}{name}", rest / length)?;
                rest %= length;
                separator = " ";
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_and_print() {
        let time: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        assert_eq!(time.to_string(), "2026-11-20T10:00:00Z");
        assert_eq!("2026-11-20T12:00:00+02:00".parse(), Ok(time));
        assert_eq!("2026-11-20t10:00:00.999z".parse(), Ok(time));
        assert_eq!(format!("@{}", time.second()).parse(), Ok(time));
        assert_eq!(Timestamp(i64::MAX).to_string(), "@9223372036854775807");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "now",
            "2026-11-20",
            "2026-11-20T10:00:00",
            "20261120T100000Z",
            "2026-11-20T10:00:60Z",
            "2026-11-20T10:00:00Z[Europe/Berlin]",
            "2026-13-20T10:00:00Z",
            "@",
            "@1.5",
            "@99999999999999999",
            "2026-11-20T10:00é",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_is_a_whole_day() {
        let day: Moment = "1970-01-02".parse().unwrap();
        assert_eq!(day.start, Timestamp(86_400));
        assert_eq!(day.end, Timestamp(2 * 86_400 - 1));
        assert!("1970-02-30".parse::<Moment>().is_err());
    }

    #[test]
    fn a_date_as_a_time_is_its_start() {
        assert_eq!(Timestamp::or_date("1970-01-02"), Ok(Timestamp(86_400)));
        let noon = Timestamp::or_date("1970-01-02T13:00:00+01:00");
        assert_eq!(noon, Ok(Timestamp(86_400 + 43_200)));
        for text in [
            "",
            "1970-1-2",
            "19700102",
            "1970-01-32",
            "1970-01-02T",
            "tomorrow",
            "0000-00é",
        ] {
            assert!(Timestamp::or_date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_of_time_read_and_print() {
        for (text, seconds, printed) in [
            ("3600", 3_600, "1h"),
            ("1h", 3_600, "1h"),
            ("7d", 604_800, "7d"),
            ("1h30m", 5_400, "1h 30m"),
            ("1 week", 604_800, "7d"),
            ("PT90S", 90, "1m 30s"),
            ("36h", 129_600, "1d 12h"),
        ] {
            let duration: Duration = text.parse().unwrap();
            assert_eq!(duration.seconds(), seconds, "{text}");
            assert_eq!(duration.to_string(), printed);
        }
        assert_eq!(
            "1 month".parse::<Duration>(),
            Err(TimeError::Calendar("1 month".to_owned()))
        );
        for text in ["", "0", "0s", "-1h", "1.5s", "x", "1e9", "200000d", "1y"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
