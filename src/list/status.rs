//! Statuses by name and number.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Width, suggest};
use crate::wire::{number::digits, text::echo};

/// The status of one entry: a number that fits the width of its list.
///
/// Source: draft-ietf-oauth-status-list-21, section 7.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Status(u8);

/// Why a text or a number is not a status of a list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StatusError {
    /// The number needs more bits than the list has.
    #[error("status {value} does not fit {width}: the largest is {}", width.largest())]
    TooLarge {
        /// What was asked for.
        value: u64,
        /// The width of the list.
        width: Width,
    },
    /// Neither a name nor a number.
    #[error("'{text}' is not a status{}", suggest::sentence(*near, "valid, invalid, suspended, or a number"))]
    Unknown {
        /// What was asked for.
        text: String,
        /// A known name that is nearly the same.
        near: Option<&'static str>,
    },
}

/// A status as it was typed, before the width of the list is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusName(u64);

const NAMES: [(&str, u8); 4] = [
    ("valid", 0),
    ("invalid", 1),
    ("revoked", 1),
    ("suspended", 2),
];

impl Status {
    /// Value 0: the credential is valid.
    pub const VALID: Self = Self(0);
    /// Value 1: the credential is revoked.
    pub const INVALID: Self = Self(1);
    /// Value 2: the credential is temporarily invalid.
    pub const SUSPENDED: Self = Self(2);

    /// Makes a status of this number.
    ///
    /// # Errors
    /// A number that does not fit the width.
    pub fn new(value: u64, width: Width) -> Result<Self, StatusError> {
        u8::try_from(value)
            .ok()
            .filter(|value| *value <= width.largest())
            .map(Self)
            .ok_or(StatusError::TooLarge { value, width })
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }

    /// The registered name, in lower case.
    ///
    /// Source: draft-ietf-oauth-status-list-21, sections 7.1 and 14.5 (values 4 to 11 and 16 to
    /// 255 are not assigned).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            0 => "valid",
            1 => "invalid",
            2 => "suspended",
            3 | 12..=15 => "application-specific",
            _ => "unassigned",
        }
    }

    /// Whether the number has a meaning, be it one that the application defines.
    ///
    /// Source: draft-ietf-oauth-status-list-21, section 7.1.
    #[must_use]
    pub const fn is_assigned(self) -> bool {
        matches!(self.0, 0..=3 | 12..=15)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name(), self.0)
    }
}

impl StatusName {
    /// Checks that the status fits a list.
    ///
    /// # Errors
    /// A number that does not fit the width.
    pub fn at(self, width: Width) -> Result<Status, StatusError> {
        Status::new(self.0, width)
    }

    /// The number, whatever the width.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl std::str::FromStr for StatusName {
    type Err = StatusError;

    /// Reads `valid`, `invalid`, `revoked`, `suspended` (in any case), or a number, decimal or
    /// hexadecimal with `0x`.
    fn from_str(text: &str) -> Result<Self, StatusError> {
        let lower = text.to_ascii_lowercase();
        if let Some((_, value)) = NAMES.iter().find(|(name, _)| *name == lower) {
            return Ok(Self(u64::from(*value)));
        }
        let number = match lower.strip_prefix("0x") {
            Some(hexadecimal) => digits(hexadecimal, 16),
            None => digits(&lower, 10),
        };
        number.map(Self).ok_or_else(|| StatusError::Unknown {
            text: echo(text),
            near: suggest::nearest(&lower, NAMES.iter().map(|(name, _)| *name)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, width: Width) -> Result<u8, StatusError> {
        text.parse::<StatusName>()?.at(width).map(Status::value)
    }

    #[test]
    fn names_and_numbers() {
        for (text, value) in [
            ("valid", 0),
            ("Revoked", 1),
            ("INVALID", 1),
            ("suspended", 2),
            ("3", 3),
            ("0x0f", 15),
            ("255", 255),
        ] {
            assert_eq!(read(text, Width::Eight), Ok(value), "{text}");
        }
    }

    /// draft-ietf-oauth-status-list-21, section 7.1: 3 and 0x0C to 0x0F are for applications, and
    /// all others above 2 are reserved.
    #[test]
    fn numbers_without_a_meaning() {
        let unassigned = |value: u8| matches!(value, 0x04..=0x0b | 0x10..=0xff);
        for value in 0..=255 {
            assert_eq!(!Status(value).is_assigned(), unassigned(value));
            assert_eq!(Status(value).name() == "unassigned", unassigned(value));
        }
    }

    #[test]
    fn a_status_fits_its_width_or_is_refused() {
        for width in Width::ALL {
            let largest = u64::from(width.largest());
            assert!(Status::new(largest, width).is_ok());
            assert_eq!(
                Status::new(largest + 1, width),
                Err(StatusError::TooLarge {
                    value: largest + 1,
                    width
                })
            );
        }
        assert!(read("suspended", Width::One).is_err());
    }

    #[test]
    fn a_misspelt_name_gets_the_nearest() {
        let error = "revokd".parse::<StatusName>().unwrap_err();
        assert_eq!(
            error,
            StatusError::Unknown {
                text: "revokd".to_owned(),
                near: Some("revoked")
            }
        );
        for text in ["", "-1", "+1", "1.0", "0x", "99999999999999999999", "１"] {
            assert!(text.parse::<StatusName>().is_err(), "{text}");
        }
    }
}
