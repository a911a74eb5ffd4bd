//! The part of the settings of a series that credentials depend on: of it, only the bits change, and
//! they only grow.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Status, Width};
use crate::wire::{number::digits, text::echo};

/// What all lists of a series are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Bits per entry.
    pub width: Width,
    /// Entries per list.
    pub size: Size,
    /// The status of an entry that nobody has set.
    pub default_status: Status,
    /// The statuses that an entry does not leave.
    pub final_statuses: Vec<Status>,
}

/// The number of entries of a list: 1 to 2^32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Size(u64);

/// Why a text is not a size.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{0}' is not a number of entries from 1 to 2^32")]
pub struct SizeError(pub String);

impl Size {
    /// The most entries that a list may have.
    pub const MAX: u64 = 1 << 32;

    /// The entries of a list if nobody says how many.
    pub const USUAL: Self = Self(1 << 17);

    /// Makes a size.
    #[must_use]
    pub const fn new(entries: u64) -> Option<Self> {
        if entries >= 1 && entries <= Self::MAX {
            Some(Self(entries))
        } else {
            None
        }
    }

    /// The number of entries.
    #[must_use]
    pub const fn entries(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Size {
    type Error = SizeError;

    fn try_from(entries: u64) -> Result<Self, SizeError> {
        Self::new(entries).ok_or_else(|| SizeError(entries.to_string()))
    }
}

impl From<Size> for u64 {
    fn from(size: Size) -> Self {
        size.0
    }
}

impl std::str::FromStr for Size {
    type Err = SizeError;

    /// Reads `131072`, `131_072`, `2^20`, or a number with `k`, `M`, `G` (decimal) or `Ki`, `Mi`,
    /// `Gi` (binary) behind it.
    fn from_str(text: &str) -> Result<Self, SizeError> {
        let unknown = || SizeError(echo(text));
        let number = |text: &str| digits(&text.replace('_', ""), 10).ok_or_else(unknown);
        if let Some((base, exponent)) = text.split_once('^') {
            let exponent = u32::try_from(number(exponent)?).map_err(|_| unknown())?;
            return number(base)?
                .checked_pow(exponent)
                .and_then(Self::new)
                .ok_or_else(unknown);
        }
        let units: [(&str, u64); 7] = [
            ("Ki", 1 << 10),
            ("Mi", 1 << 20),
            ("Gi", 1 << 30),
            ("k", 1_000),
            ("K", 1_000),
            ("M", 1_000_000),
            ("G", 1_000_000_000),
        ];
        let (count, unit) = units
            .iter()
            .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)))
            .unwrap_or((text, 1));
        number(count)?
            .checked_mul(unit)
            .and_then(Self::new)
            .ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_every_spelling() {
        for (text, entries) in [
            ("1", 1),
            ("131072", 131_072),
            ("131_072", 131_072),
            ("2^20", 1 << 20),
            ("2^32", 1 << 32),
            ("1M", 1_000_000),
            ("1Mi", 1 << 20),
            ("100k", 100_000),
            ("4Gi", 1 << 32),
        ] {
            assert_eq!(text.parse(), Ok(Size(entries)), "{text}");
        }
        for text in [
            "",
            "0",
            "-1",
            "4294967297",
            "2^33",
            "9^99",
            "M",
            "1T",
            "1.5M",
            "^",
            "5Gi",
        ] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
