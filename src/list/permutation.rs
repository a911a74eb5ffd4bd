//! The secret order in which a list hands out its indexes.
//!
//! Indexes must be unique, and should be neither sequential nor predictable
//! (draft-ietf-oauth-status-list-21, sections 12.4, 13.2 and 13.3): a published list would tell
//! otherwise how many credentials were issued, and which were issued together. Drawing them at
//! random would need a memory of what was drawn, and ever more attempts the fuller the list is. A
//! permutation keyed by a secret needs no table, only a counter: the n-th allocation gets index
//! `P(n)`, never twice the same, up to the last entry of the list, and an index leads back to the
//! number of its allocation. Without the secret nobody can tell `P` from chance. The price is that a
//! copy of a list file would hand out the same indexes again, which the store must prevent.
//!
//! `P` is an alternating Feistel network whose round function is AES-256, on as many bits as the
//! size needs, walking its cycle until the result is below the size. Every value that it ever
//! gave is in credentials, so it may never change: `tests/vectors/permutation.json` is frozen.

use std::iter::once;
use std::ops::RangeInclusive;

use aes::Aes256;
use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::wire::hex;

/// The sizes that a permutation, and so a list, may have.
const SIZES: RangeInclusive<u64> = 1..=1 << 32;

/// From this many bits on, `ROUNDS` are enough; below, there are `ROUNDS_SMALL`, because short
/// halves mix less in each round.
const LARGE: u32 = 20;
const ROUNDS: u8 = 10;
const ROUNDS_SMALL: u8 = 24;

/// How many values go through the cipher at once: enough to keep its pipeline full.
const LANES: usize = 64;

/// The 32 secret bytes that decide the order of a list's indexes.
///
/// Whoever has them can tell in which order credentials were issued. Wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Seed([u8; 32]);

impl Seed {
    /// Takes 32 bytes, which should be random.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a seed: 32 bytes as they are, or 64 hexadecimal digits with an optional newline.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if let Ok(raw) = <[u8; 32]>::try_from(bytes) {
            return Some(Self(raw));
        }
        let mut seed = Self([0; 32]);
        hex::decode_into(bytes.trim_ascii_end(), &mut seed.0)?;
        Some(seed)
    }

    /// The secret bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest by which a seed can be told from another without showing it.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// What stands for `{id}` in the uris of the list with this seed: 32 hexadecimal digits that tell
    /// nothing of its number.
    ///
    /// HKDF-SHA-256 (RFC 5869) without salt, info `statuslist/id/1` and 0 as 64 bits; the first 16
    /// bytes.
    #[must_use]
    pub fn list_id(&self) -> String {
        hex::hex(&derive(self, b"statuslist/id/1", 0)[..16])
    }

    /// Derives the seed of one list of a series, with this seed as the series' master.
    ///
    /// HKDF-SHA-256 (RFC 5869) without salt, info `statuslist/seed/1` and the number of the list
    /// as 64 bits, big-endian.
    #[must_use]
    pub fn derive(&self, list_number: u32) -> Self {
        Self(*derive(self, b"statuslist/seed/1", list_number.into()))
    }
}

/// A size that no list may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a size of {0} entries: a list has 1 to {max}", max = SIZES.end())]
pub struct PermutationError(pub u64);

/// The order in which a list of one size and seed hands out its indexes.
///
/// Holds key material, which is wiped when dropped.
pub struct Permutation {
    cipher: Aes256,
    size: u64,
    /// Bits of the high half, which is the first to change.
    high: u32,
    /// Bits of the low half; as many as the high one has, or one more.
    low: u32,
    rounds: u8,
}

impl Permutation {
    /// Prepares the permutation of `0..size`.
    ///
    /// # Errors
    /// A size of 0, or above 2^32.
    pub fn new(seed: &Seed, size: u64) -> Result<Self, PermutationError> {
        if !SIZES.contains(&size) {
            return Err(PermutationError(size));
        }
        let bits = (u64::BITS - (size - 1).leading_zeros()).max(2);
        let key = derive(seed, b"statuslist/permutation/1", size);
        Ok(Self {
            cipher: Aes256::new((&*key).into()),
            size,
            high: bits / 2,
            low: bits - bits / 2,
            rounds: if bits < LARGE { ROUNDS_SMALL } else { ROUNDS },
        })
    }

    /// How many indexes there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The index that allocation `number`, counted from 0, gets.
    ///
    /// `None` if `number` is not below the size: by then, the list is used up.
    #[must_use]
    pub fn index_of(&self, number: u64) -> Option<u32> {
        self.indexes_of(once(number))?.pop()
    }

    /// The number of the allocation that gets this index: the inverse of
    /// [`index_of`](Self::index_of).
    ///
    /// `None` if the index is not below the size.
    #[must_use]
    pub fn number_of(&self, index: u64) -> Option<u64> {
        self.numbers_of(once(index))?.pop()
    }

    /// The indexes of many allocations, in the same order; about ten times as fast as one by one.
    ///
    /// `None` if any of the numbers is not below the size.
    #[must_use]
    pub fn indexes_of(&self, numbers: impl IntoIterator<Item = u64>) -> Option<Vec<u32>> {
        self.map(numbers, Direction::Forward)
    }

    /// The numbers of the allocations that get these indexes, in the same order: the inverse of
    /// [`indexes_of`](Self::indexes_of), as fast.
    ///
    /// `None` if any of the indexes is not below the size.
    #[must_use]
    pub fn numbers_of(&self, indexes: impl IntoIterator<Item = u64>) -> Option<Vec<u64>> {
        let numbers = self.map(indexes, Direction::Back)?;
        Some(numbers.into_iter().map(u64::from).collect())
    }

    fn map(&self, values: impl IntoIterator<Item = u64>, direction: Direction) -> Option<Vec<u32>> {
        let mut values = values
            .into_iter()
            .map(|value| u32::try_from(value).ok().filter(|_| value < self.size))
            .collect::<Option<Vec<u32>>>()?;
        self.walk(&mut values, direction);
        Some(values)
    }

    /// Sends every value through the network until it is below the size.
    ///
    /// The network permutes all numbers of its width, so each value lies on a cycle. Skipping
    /// those that are too large leaves a permutation of the rest.
    fn walk(&self, values: &mut [u32], direction: Direction) {
        self.pass(values, direction);
        let outside = |value: u32| u64::from(value) >= self.size;
        let mut places: Vec<usize> = (0..values.len())
            .filter(|place| outside(values[*place]))
            .collect();
        while !places.is_empty() {
            let mut again: Vec<u32> = places.iter().map(|place| values[*place]).collect();
            self.pass(&mut again, direction);
            for (place, value) in places.iter().zip(again) {
                values[*place] = value;
            }
            places.retain(|place| outside(values[*place]));
        }
    }

    /// Sends every value through the network once.
    fn pass(&self, values: &mut [u32], direction: Direction) {
        let mut blocks = [Block::<Aes256>::default(); LANES];
        for values in values.chunks_mut(LANES) {
            let blocks = &mut blocks[..values.len()];
            for step in 0..self.rounds {
                let round = match direction {
                    Direction::Forward => step,
                    Direction::Back => self.rounds - 1 - step,
                };
                self.round(round, values, blocks);
            }
        }
    }

    /// Changes one half of every value by a function of the other: the high half in even rounds,
    /// the low one in odd rounds. Doing it twice changes nothing, so this is its own inverse.
    fn round(&self, round: u8, values: &mut [u32], blocks: &mut [Block<Aes256>]) {
        let even = round.is_multiple_of(2);
        let low_mask = (1_u32 << self.low) - 1;
        for (block, value) in blocks.iter_mut().zip(values.iter()) {
            let half = if even {
                value & low_mask
            } else {
                value >> self.low
            };
            *block = question(round, half);
        }
        self.cipher.encrypt_blocks(blocks);
        for (value, block) in values.iter_mut().zip(blocks.iter()) {
            *value ^= if even {
                (answer(block) & ((1 << self.high) - 1)) << self.low
            } else {
                answer(block) & low_mask
            };
        }
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Back,
}

/// The block whose encryption answers for one round and one half: a byte for the round, and the
/// half in the last 64 bits, big-endian.
fn question(round: u8, half: u32) -> Block<Aes256> {
    (u128::from(round) << 120 | u128::from(half))
        .to_be_bytes()
        .into()
}

/// The low 32 of the 64 bits that the first eight bytes give, big-endian; no half has more than 16.
#[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
fn answer(block: &Block<Aes256>) -> u32 {
    (u128::from_be_bytes(block.0) >> 64) as u32
}

fn derive(secret: &Seed, label: &[u8], number: u64) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, secret.as_bytes())
        .expand_multi_info(&[label, &number.to_be_bytes()], &mut *key)
        .expect("HKDF-SHA-256 gives up to 8160 bytes");
    key
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::wire::hex::hex;

    #[test]
    fn key_and_round_function_are_those_of_the_frozen_vectors() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../tests/vectors/permutation.json")).unwrap();
        let seed = Seed::new(std::array::from_fn(|place| u8::try_from(place).unwrap()));
        assert_eq!(hex(seed.as_bytes()), vectors["seed"]);
        for row in vectors["sizes"].as_array().unwrap() {
            let size = row["size"].as_u64().unwrap();
            let key = derive(&seed, b"statuslist/permutation/1", size);
            assert_eq!(hex(&*key), row["key"], "size {size}");

            let mut block = question(0, 0);
            let permutation = Permutation::new(&seed, size).unwrap();
            permutation.cipher.encrypt_block(&mut block);
            assert_eq!(hex(&block[..8]), row["f_0_0"], "size {size}");
            assert_eq!(hex(&answer(&block).to_be_bytes()), hex(&block[4..8]));
        }
    }

    #[test]
    fn the_width_follows_the_size() {
        let seed = Seed::new([0; 32]);
        for (size, high, low, rounds) in [
            (1, 1, 1, 24),
            (4, 1, 1, 24),
            (5, 1, 2, 24),
            (1 << 19, 9, 10, 24),
            ((1 << 19) + 1, 10, 10, 10),
            (1 << 20, 10, 10, 10),
            ((1 << 20) + 1, 10, 11, 10),
            (1 << 32, 16, 16, 10),
        ] {
            let permutation = Permutation::new(&seed, size).unwrap();
            let found = (permutation.high, permutation.low, permutation.rounds);
            assert_eq!(found, (high, low, rounds), "size {size}");
        }
    }
}
