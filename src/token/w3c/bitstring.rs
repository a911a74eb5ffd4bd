//! The bits of a W3C list: made from the register of a series, and read whatever their size.

use thiserror::Error;

use crate::list::{BitOrder, Status, Width, pages};
use crate::token::StatusList;

/// The fewest entries that a W3C list may have.
///
/// Source: Bitstring Status List v1.0, section 3.2, steps 2 and 9; the older formats ask for 16 KB
/// of one-bit entries, which is the same.
pub(crate) const MINIMUM_ENTRIES: u64 = 131_072;

/// What the fewest entries take for each bit of an entry.
const MINIMUM_BYTES_PER_BIT: usize = 16_384;

/// How many bits one entry of a W3C list takes (`statusSize`): 1 to 8.
///
/// Bitstring Status List v1.0 sets no upper bound (section 2.1), but lets readers set one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusSize(u8);

/// A number of bits that no entry may have, or that is not read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("entries of {0} bits: 1 to 8 are understood")]
pub struct StatusSizeError(pub u64);

impl StatusSize {
    /// One bit, which is what a list without `statusSize` has.
    pub const ONE: Self = Self(1);

    /// Finds the size with this number of bits.
    ///
    /// # Errors
    /// 0, and what is above 8.
    pub fn from_bits(bits: u64) -> Result<Self, StatusSizeError> {
        match u8::try_from(bits) {
            Ok(size @ 1..=8) => Ok(Self(size)),
            _ => Err(StatusSizeError(bits)),
        }
    }

    /// The number of bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The largest value that fits.
    #[must_use]
    pub const fn largest(self) -> u8 {
        u8::MAX >> (8 - self.0)
    }

    /// The fewest bytes of a list: [`MINIMUM_ENTRIES`] entries, so 16,384 for each bit.
    ///
    /// Source: Bitstring Status List v1.0, section 3.2, step 9; section 3.3 asks for 16,384 bytes
    /// whatever the size, which is less.
    #[must_use]
    pub const fn minimum_bytes(self) -> usize {
        MINIMUM_BYTES_PER_BIT * self.0 as usize
    }
}

impl From<Width> for StatusSize {
    fn from(width: Width) -> Self {
        Self(width.bits())
    }
}

/// The entries of a W3C list, packed as they are published, not compressed.
///
/// The entry at index i has the bits from i times `size` on; entries may straddle bytes.
///
/// Source: Bitstring Status List v1.0, sections 2.2 (index 0 is the left-most bit: `0x80` of byte 0)
/// and 3.2, step 10. The order of the bits within an entry is stated nowhere; it is that of the bits
/// in a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitstring {
    /// The packed entries.
    pub bytes: Vec<u8>,
    /// How many bits one entry has.
    pub size: StatusSize,
    /// Which bit of a byte comes first.
    pub order: BitOrder,
}

impl Bitstring {
    /// Makes a list of one-bit entries, each 1 where the register has a status that sets it.
    ///
    /// Entries that the register does not have, up to the minimum and to whole bytes, are like
    /// entries with the default status, with which the register must fill its last byte.
    #[must_use]
    pub fn flags(
        register: &StatusList,
        default_status: Status,
        sets: impl Fn(Status) -> bool,
        order: BitOrder,
    ) -> Self {
        let width = register.width;
        let default_byte = pages::uniform_byte(width, default_status.value());
        let table = flag_table(width, &sets);
        // One byte of flags is made of as many bytes of the register as an entry has bits.
        let group = usize::from(width.bits());
        let gather = |group: &[u8]| {
            let flags = group.iter().fold(0_u16, |flags, byte| {
                (flags << width.entries_per_byte()) | u16::from(table[usize::from(*byte)])
            });
            let [_, flags] = flags.to_be_bytes();
            flags
        };
        let size = StatusSize::ONE;
        let length = register
            .bytes
            .len()
            .div_ceil(group)
            .max(size.minimum_bytes());
        let mut bytes = Vec::with_capacity(length);
        let groups = register.bytes.chunks_exact(group);
        let rest = groups.remainder();
        bytes.extend(groups.map(gather));
        if !rest.is_empty() {
            let mut last = vec![default_byte; group];
            last[..rest.len()].copy_from_slice(rest);
            bytes.push(gather(&last));
        }
        if order == BitOrder::Lsb {
            for byte in &mut bytes {
                *byte = byte.reverse_bits();
            }
        }
        let default_flag = u8::from(sets(default_status));
        bytes.resize(length, pages::uniform_byte(Width::One, default_flag));
        Self { bytes, size, order }
    }

    /// Makes a list of whole values, as many bits each as in the register, most significant bit
    /// first.
    ///
    /// Entries that the register does not have, up to the minimum, have the default status.
    #[must_use]
    pub fn values(register: &StatusList, default_status: Status) -> Self {
        let table = swap_table(register.width);
        let size = StatusSize::from(register.width);
        let default_byte = pages::uniform_byte(register.width, default_status.value());
        let length = register.bytes.len().max(size.minimum_bytes());
        let mut bytes = Vec::with_capacity(length);
        bytes.extend(register.bytes.iter().map(|byte| table[usize::from(*byte)]));
        bytes.resize(length, default_byte);
        let order = BitOrder::Msb;
        Self { bytes, size, order }
    }

    /// How many entries the bytes hold.
    ///
    /// The published form does not say how many the issuer meant.
    #[must_use]
    pub fn entries(&self) -> u64 {
        let bits = (self.bytes.len() as u64).saturating_mul(8);
        bits / u64::from(self.size.bits())
    }

    /// Whether the list has fewer entries than it must have: readers answer with a
    /// `STATUS_LIST_LENGTH_ERROR` (Bitstring Status List v1.0, section 3.2, step 9).
    #[must_use]
    pub const fn is_below_minimum(&self) -> bool {
        self.bytes.len() < self.size.minimum_bytes()
    }

    /// The value of the entry at `index`.
    ///
    /// `None` if the list ends before it: readers answer with a `RANGE_ERROR` (Bitstring Status
    /// List v1.0, section 3.2, step 10).
    #[must_use]
    pub fn status(&self, index: u64) -> Option<u8> {
        self.status_in(self.order, index)
    }

    /// The value of the entry at `index`, if it is read in this order and not in its own.
    #[must_use]
    pub fn status_in(&self, order: BitOrder, index: u64) -> Option<u8> {
        if index >= self.entries() {
            return None;
        }
        let size = u32::from(self.size.bits());
        let bit = index * u64::from(size);
        let byte = usize::try_from(bit / 8).ok()?;
        let within = u32::try_from(bit % 8).ok()?;
        // An entry has bits in two bytes at most.
        let pair = [
            *self.bytes.get(byte)?,
            self.bytes.get(byte + 1).copied().unwrap_or_default(),
        ];
        let value = match order {
            BitOrder::Msb => u16::from_be_bytes(pair) >> (16 - size - within),
            BitOrder::Lsb => u16::from_le_bytes(pair) >> within,
        };
        let [_, low] = value.to_be_bytes();
        Some(low & self.size.largest())
    }

    /// The indexes of the entries that are not 0, if they are read in this order, from the first on.
    pub fn set_in(&self, order: BitOrder) -> impl Iterator<Item = u64> {
        let size = u64::from(self.size.bits());
        // Most bytes are 0, and an entry that is not has a bit in one that is not.
        let bytes = (0_u64..).zip(&self.bytes).filter(|(_, byte)| **byte != 0);
        let near = bytes.flat_map(move |(place, _)| (place * 8 / size)..=((place * 8 + 7) / size));
        let mut next = 0;
        near.filter(move |index| {
            // Entries that straddle bytes come up twice.
            let is_new = *index >= next;
            next = next.max(index + 1);
            is_new
                && self
                    .status_in(order, *index)
                    .is_some_and(|value| value != 0)
        })
    }

    /// Counts how many entries have each value; element `v` is for value `v`.
    #[must_use]
    pub fn count(&self) -> Vec<u64> {
        if let Ok(width) = Width::from_bits(self.size.bits().into()) {
            // Both orders cut a byte at the same places, and read the same values there.
            return pages::count(&self.bytes, width, self.entries());
        }
        let mut counts = vec![0; usize::from(self.size.largest()) + 1];
        for index in 0..self.entries() {
            if let Some(value) = self.status(index) {
                counts[usize::from(value)] += 1;
            }
        }
        counts
    }
}

/// For each byte of the register, the flags of its entries: the first one is the most significant
/// of them.
fn flag_table(width: Width, sets: impl Fn(Status) -> bool) -> [u8; 256] {
    table(|byte| {
        entries_of(byte, width).fold(0, |flags, value| {
            let is_set = Status::new(value.into(), width).is_ok_and(&sets);
            (flags << 1) | u8::from(is_set)
        })
    })
}

/// For each byte of the register, the byte with its entries the other way round.
fn swap_table(width: Width) -> [u8; 256] {
    table(|byte| {
        let swapped = entries_of(byte, width).fold(0_u16, |swapped, value| {
            (swapped << width.bits()) | u16::from(value)
        });
        let [_, swapped] = swapped.to_be_bytes();
        swapped
    })
}

/// The entries of a byte of the register, first to last.
fn entries_of(byte: u8, width: Width) -> impl Iterator<Item = u8> {
    (0..width.entries_per_byte()).map(move |slot| (byte >> (slot * width.bits())) & width.largest())
}

fn table(of: impl Fn(u8) -> u8) -> [u8; 256] {
    let mut table = [0; 256];
    for (byte, entry) in (0..=u8::MAX).zip(&mut table) {
        *entry = of(byte);
    }
    table
}

#[cfg(test)]
mod tests;
