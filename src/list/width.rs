//! How many bits one entry has.

use std::fmt;

use thiserror::Error;

/// The number of bits that one entry of a list takes.
///
/// Source: draft-ietf-oauth-status-list-21, section 4.1 (`bits` is 1, 2, 4 or 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Width {
    /// 1 bit: values 0 and 1.
    One,
    /// 2 bits: values 0 to 3.
    Two,
    /// 4 bits: values 0 to 15.
    Four,
    /// 8 bits: values 0 to 255.
    Eight,
}

/// A number of bits that no list may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} bits per entry: a list has 1, 2, 4 or 8")]
pub struct WidthError(pub u64);

impl Width {
    /// Every width, narrowest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Four, Self::Eight];

    /// Finds the width with this number of bits.
    ///
    /// # Errors
    /// Any number but 1, 2, 4 and 8.
    pub const fn from_bits(bits: u64) -> Result<Self, WidthError> {
        match bits {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            4 => Ok(Self::Four),
            8 => Ok(Self::Eight),
            other => Err(WidthError(other)),
        }
    }

    /// The number of bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// The largest value that fits.
    #[must_use]
    pub const fn largest(self) -> u8 {
        u8::MAX >> (8 - self.bits())
    }

    /// How many entries one byte holds.
    #[must_use]
    pub const fn entries_per_byte(self) -> u8 {
        8 / self.bits()
    }

    /// How many whole bytes hold `entries` entries.
    #[must_use]
    pub const fn bytes_for(self, entries: u64) -> u64 {
        entries.div_ceil(self.entries_per_byte() as u64)
    }
}

impl fmt::Display for Width {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One => formatter.write_str("1 bit"),
            _ => write!(formatter, "{} bits", self.bits()),
        }
    }
}
