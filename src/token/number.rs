//! Times and durations as numbers in JSON and CBOR.

use std::time::Duration;

use coset::cbor::Value as CborValue;
use serde_json::Value;
use thiserror::Error;

use super::node::Node;

/// A claim that is not the number that it should be.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NumberError {
    /// Not a number at all.
    #[error("{0} instead of a number of seconds")]
    NoNumber(String),
    /// Not a whole number from 0 on, where no other is allowed.
    #[error("{0} instead of a whole number of seconds from 0 on")]
    NoWholeNumber(String),
    /// Infinite, or no number.
    #[error("a number of seconds that is not finite")]
    Infinite,
    /// A duration that is not positive.
    #[error("{0} seconds, which is not more than 0")]
    TooSmall(f64),
}

/// A moment in Unix seconds, fractions allowed, as `iat`, `exp` and `nbf` give it.
///
/// Exact for whole seconds up to 2^53. Source: RFC 7519, section 2, and RFC 8392, section 2
/// (`NumericDate`).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct NumericDate(f64);

impl NumericDate {
    /// Takes whole Unix seconds.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact for the next 285 million years"
    )]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds as f64)
    }

    /// Reads the value of a claim.
    ///
    /// # Errors
    /// Anything but a finite number; a number in a string is none.
    pub fn from_json(value: &Value) -> Result<Self, NumberError> {
        finite(value).map(Self)
    }

    /// Reads the value of a claim of a CWT.
    ///
    /// # Errors
    /// Anything but an integer or a finite float. The tag 1 of dates is among it: in a CWT it must
    /// be left out.
    pub fn from_cbor(value: &CborValue) -> Result<Self, NumberError> {
        finite(value).map(Self)
    }

    /// The Unix seconds, with their fraction.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        self.0
    }

    /// The last whole second that is not later; the nearest one that fits, if it is out of range.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "saturates, as documented")]
    pub const fn whole_seconds(self) -> i64 {
        self.0.floor() as i64
    }

    /// The seconds from this moment to another one, rounded up; negative if that is earlier, and
    /// the nearest number that fits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "saturates, as documented")]
    pub const fn seconds_until(self, end: Self) -> i64 {
        (end.0 - self.0).ceil() as i64
    }
}

/// Reads `ttl`, for how long a copy of a token may be kept, to the nanosecond.
///
/// What is longer than a [`Duration`] can be becomes the longest one.
///
/// Source: draft-ietf-oauth-status-list-21, section 5.1 (a positive number).
///
/// # Errors
/// Anything but a number above 0.
pub fn time_to_live(value: &Value) -> Result<Duration, NumberError> {
    let seconds = finite(value)?;
    if seconds > 0.0 {
        Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
    } else {
        Err(NumberError::TooSmall(seconds))
    }
}

fn finite(value: &impl Node) -> Result<f64, NumberError> {
    match value.number() {
        None => Err(NumberError::NoNumber(value.describe())),
        Some(seconds) if seconds.is_finite() => Ok(seconds),
        Some(_) => Err(NumberError::Infinite),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dates_may_have_fractions_and_any_sign() {
        for (value, seconds, whole) in [
            (json!(1_686_920_170), 1_686_920_170.0, 1_686_920_170),
            (json!(1.75), 1.75, 1),
            (json!(-0.5), -0.5, -1),
            (json!(1e300), 1e300, i64::MAX),
            (json!(-1e300), -1e300, i64::MIN),
            (json!(0), 0.0, 0),
        ] {
            let date = NumericDate::from_json(&value).unwrap();
            assert!((date.seconds() - seconds).abs() < f64::EPSILON);
            assert_eq!(date.whole_seconds(), whole);
        }
    }

    #[test]
    fn dates_in_cbor_are_numbers_without_a_tag() {
        for (value, seconds) in [
            (CborValue::from(1_686_920_170), 1_686_920_170.0),
            (1.75.into(), 1.75),
            ((-1).into(), -1.0),
            (u64::MAX.into(), 18_446_744_073_709_551_615.0),
        ] {
            let date = NumericDate::from_cbor(&value).unwrap();
            assert!((date.seconds() - seconds).abs() < f64::EPSILON);
        }
        for (value, message) in [
            (
                CborValue::Tag(1, Box::new(1.into())),
                "a value with the tag 1 instead of a number of seconds",
            ),
            ("1".into(), "a text instead of a number of seconds"),
            (
                f64::INFINITY.into(),
                "a number of seconds that is not finite",
            ),
            (f64::NAN.into(), "a number of seconds that is not finite"),
        ] {
            let error = NumericDate::from_cbor(&value).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn dates_compare_with_their_fraction() {
        let date = NumericDate::from_json(&json!(10.5)).unwrap();
        assert!(date > NumericDate::from_unix(10));
        assert!(date < NumericDate::from_unix(11));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for value in [json!("1"), json!(null), json!(true), json!([1]), json!({})] {
            assert!(matches!(
                NumericDate::from_json(&value),
                Err(NumberError::NoNumber { .. })
            ));
            assert!(matches!(
                time_to_live(&value),
                Err(NumberError::NoNumber { .. })
            ));
        }
        assert_eq!(
            time_to_live(&json!("43200")).unwrap_err().to_string(),
            "a string instead of a number of seconds"
        );
    }

    #[test]
    fn time_to_live_is_positive() {
        assert_eq!(time_to_live(&json!(43200)), Ok(Duration::from_hours(12)));
        assert_eq!(time_to_live(&json!(0.5)), Ok(Duration::from_millis(500)));
        assert_eq!(time_to_live(&json!(1e300)), Ok(Duration::MAX));
        for value in [json!(0), json!(0.0), json!(-0.0), json!(-1)] {
            assert!(matches!(
                time_to_live(&value),
                Err(NumberError::TooSmall(_))
            ));
        }
    }
}
