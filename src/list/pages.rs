//! Entries packed into bytes, least significant bit first.

use super::Width;

/// Reads the entry at `index` of a packed array.
///
/// Entry `i` sits in byte `i * bits / 8`, at bit `i * bits mod 8` counted from the least
/// significant one. `None` if the array ends before it.
///
/// Source: draft-ietf-oauth-status-list-21, section 4.1.
#[must_use]
pub fn read(bytes: &[u8], width: Width, index: u64) -> Option<u8> {
    let (byte, shift) = place(width, index);
    let byte = bytes.get(usize::try_from(byte).ok()?)?;
    Some((byte >> shift) & width.largest())
}

/// Writes the entry at `index` of a packed array and returns what it held.
///
/// `None`, and nothing written, if the array ends before it. Bits of `value` beyond the width
/// are not written.
#[must_use = "None means that nothing was written"]
pub fn write(bytes: &mut [u8], width: Width, index: u64, value: u8) -> Option<u8> {
    let (byte, shift) = place(width, index);
    let byte = bytes.get_mut(usize::try_from(byte).ok()?)?;
    let mask = width.largest();
    let before = (*byte >> shift) & mask;
    *byte = (*byte & !(mask << shift)) | ((value & mask) << shift);
    Some(before)
}

/// The byte in which every entry has this value.
#[must_use]
pub fn uniform_byte(width: Width, value: u8) -> u8 {
    (0..width.entries_per_byte()).fold(0, |byte, slot| {
        byte | ((value & width.largest()) << (slot * width.bits()))
    })
}

/// Counts how many entries among the first `entries` have each value; element `v` is for value
/// `v`, and there are `largest + 1` elements.
#[must_use]
pub fn count(bytes: &[u8], width: Width, entries: u64) -> Vec<u64> {
    let per_byte = u64::from(width.entries_per_byte());
    let whole = usize::try_from(entries / per_byte)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let mut by_byte = [0_u64; 256];
    for byte in &bytes[..whole] {
        by_byte[usize::from(*byte)] += 1;
    }
    let mut counts = vec![0_u64; usize::from(width.largest()) + 1];
    for (byte, times) in (0..=u8::MAX).zip(by_byte) {
        for slot in 0..width.entries_per_byte() {
            let value = (byte >> (slot * width.bits())) & width.largest();
            counts[usize::from(value)] += times;
        }
    }
    for index in (entries / per_byte) * per_byte..entries {
        if let Some(value) = read(bytes, width, index) {
            counts[usize::from(value)] += 1;
        }
    }
    counts
}

/// What packed entries become when each gets more bits: every byte becomes the same number of bytes.
pub(crate) struct Widening {
    /// How many bytes one becomes.
    factor: u8,
    /// What each byte becomes.
    table: Vec<[u8; 8]>,
}

impl Widening {
    /// Entries of one width become those of another; none unless that has more bits.
    #[must_use]
    pub(crate) fn new(from: Width, to: Width) -> Option<Self> {
        if to <= from {
            return None;
        }
        let widened = |byte: u8| {
            let mut bytes = [0; 8];
            for slot in 0..u64::from(from.entries_per_byte()) {
                let value = read(&[byte], from, slot).unwrap_or_default();
                // Each byte becomes 8 at most.
                let _ = write(&mut bytes, to, slot, value);
            }
            bytes
        };
        Some(Self {
            factor: to.bits() / from.bits(),
            table: (0..=u8::MAX).map(widened).collect(),
        })
    }

    /// How many bytes one becomes.
    #[must_use]
    pub(crate) const fn factor(&self) -> u8 {
        self.factor
    }

    /// The same entries with more bits.
    #[must_use]
    pub(crate) fn of(&self, bytes: &[u8]) -> Vec<u8> {
        let factor = usize::from(self.factor);
        let mut widened = Vec::with_capacity(bytes.len() * factor);
        for byte in bytes {
            widened.extend_from_slice(&self.table[usize::from(*byte)][..factor]);
        }
        widened
    }
}

fn place(width: Width, index: u64) -> (u64, u8) {
    let per_byte = u64::from(width.entries_per_byte());
    #[expect(clippy::cast_possible_truncation, reason = "less than 8")]
    let slot = (index % per_byte) as u8;
    (index / per_byte, slot * width.bits())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn least_significant_bit_first_at_every_width() {
        // draft-ietf-oauth-status-list-21, section 4.1: the two figures of packed lists.
        let one = [0xb9, 0xa3];
        let expected = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
        for (index, value) in (0_u64..).zip(expected) {
            assert_eq!(read(&one, Width::One, index), Some(value));
        }
        let two = [0xc9, 0x44, 0xf9];
        let expected = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
        for (index, value) in (0_u64..).zip(expected) {
            assert_eq!(read(&two, Width::Two, index), Some(value));
        }
        assert_eq!(read(&[0x21], Width::Four, 0), Some(1));
        assert_eq!(read(&[0x21], Width::Four, 1), Some(2));
        assert_eq!(read(&[0x21, 0x43], Width::Eight, 1), Some(0x43));
    }

    fn any_width() -> impl Strategy<Value = Width> {
        prop::sample::select(&Width::ALL[..])
    }

    proptest! {
        #[test]
        fn writing_changes_one_entry_and_no_other(
            width in any_width(),
            bytes in prop::collection::vec(any::<u8>(), 1..40),
            index in any::<prop::sample::Index>(),
            value: u8,
        ) {
            let entries = bytes.len() * usize::from(width.entries_per_byte());
            let index = index.index(entries) as u64;
            let value = value & width.largest();
            let mut changed = bytes.clone();
            let before = write(&mut changed, width, index, value);
            prop_assert_eq!(before, read(&bytes, width, index));
            for other in 0..entries as u64 {
                let expected = if other == index { Some(value) } else { read(&bytes, width, other) };
                prop_assert_eq!(read(&changed, width, other), expected);
            }
        }

        #[test]
        fn entries_with_more_bits_keep_their_values(
            from in any_width(), to in any_width(), bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let Some(widening) = Widening::new(from, to) else {
                prop_assert!(to <= from);
                return Ok(());
            };
            let widened = widening.of(&bytes);
            prop_assert_eq!(widened.len(), bytes.len() * usize::from(widening.factor()));
            let entries = bytes.len() as u64 * u64::from(from.entries_per_byte());
            for index in 0..=entries {
                prop_assert_eq!(read(&widened, to, index), read(&bytes, from, index));
            }
        }

        #[test]
        fn nothing_is_read_or_written_past_the_end(
            width in any_width(), bytes in prop::collection::vec(any::<u8>(), 0..9), past: u16,
        ) {
            let entries = bytes.len() as u64 * u64::from(width.entries_per_byte());
            let mut changed = bytes.clone();
            prop_assert_eq!(read(&bytes, width, entries + u64::from(past)), None);
            prop_assert_eq!(write(&mut changed, width, entries + u64::from(past), 1), None);
            prop_assert_eq!(changed, bytes);
        }

        #[test]
        fn counting_agrees_with_reading(
            width in any_width(), bytes in prop::collection::vec(any::<u8>(), 0..40),
            short in 0_u64..8,
        ) {
            let entries = (bytes.len() as u64 * u64::from(width.entries_per_byte()))
                .saturating_sub(short);
            let counts = count(&bytes, width, entries);
            prop_assert_eq!(counts.iter().sum::<u64>(), entries);
            for (value, expected) in (0_u8..=width.largest()).zip(counts) {
                let seen = (0..entries).filter(|i| read(&bytes, width, *i) == Some(value)).count();
                prop_assert_eq!(seen as u64, expected);
            }
        }

        #[test]
        fn a_uniform_byte_holds_one_value(width in any_width(), value: u8) {
            let byte = uniform_byte(width, value & width.largest());
            for index in 0..u64::from(width.entries_per_byte()) {
                prop_assert_eq!(read(&[byte], width, index), Some(value & width.largest()));
            }
        }
    }
}
