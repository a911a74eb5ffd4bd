//! The keyed permutation: frozen vectors, and the proof that it is one.

use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use statuslist::list::{Permutation, Seed};

const VECTORS: &str = include_str!("../vectors/permutation.json");

/// The seed of the vectors: 00 01 02 … 1f.
fn seed() -> Seed {
    Seed::new(std::array::from_fn(|place| {
        u8::try_from(place).expect("below 32")
    }))
}

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("the vectors are JSON")
}

fn permutation(size: u64) -> Permutation {
    Permutation::new(&seed(), size).expect("a size that lists may have")
}

fn rows<'vectors>(vectors: &'vectors Value, pointer: &str) -> &'vectors [Value] {
    vectors
        .pointer(pointer)
        .and_then(Value::as_array)
        .expect("an array of the vectors")
}

#[test]
fn seed_and_its_digest() {
    let vectors = vectors();
    assert_eq!(hex(seed().as_bytes()), vectors["seed"]);
    assert_eq!(hex(&seed().sha256()), vectors["seed_sha256"]);
}

#[test]
fn seeds_of_lists_derived_from_a_master() {
    let vectors = vectors();
    let rows = rows(&vectors, "/derived_seeds/lists");
    assert_eq!(rows.len(), 5);
    for row in rows {
        let list = u32::try_from(row["list"].as_u64().unwrap()).unwrap();
        assert_eq!(hex(seed().derive(list).as_bytes()), row["seed"]);
    }
}

#[test]
fn first_and_last_values_and_their_inverses() {
    let vectors = vectors();
    let rows = rows(&vectors, "/sizes");
    assert_eq!(rows.len(), 18);
    for row in rows {
        let size = row["size"].as_u64().unwrap();
        let permutation = permutation(size);
        for (n, expected) in (0_u64..).zip(row["first_indexes"].as_array().unwrap()) {
            let index = permutation.index_of(n).unwrap();
            assert_eq!(u64::from(index), *expected, "P({n}) of size {size}");
            assert_eq!(permutation.number_of(index.into()), Some(n));
        }
        for (i, expected) in (0_u64..).zip(row["first_numbers"].as_array().unwrap()) {
            let number = permutation.number_of(i).unwrap();
            assert_eq!(number, *expected, "inverse of {i}, size {size}");
        }
        assert_eq!(permutation.index_of(size - 1).unwrap(), row["last_index"]);
        assert_eq!(permutation.number_of(size - 1).unwrap(), row["last_number"]);
    }
}

#[test]
fn whole_permutations() {
    compare_whole(0..2);
}

#[test]
#[ignore = "takes seconds unless it is optimised"]
fn whole_permutation_of_2_to_the_20() {
    compare_whole(2..3);
}

fn compare_whole(which: std::ops::Range<usize>) {
    let vectors = vectors();
    let rows = rows(&vectors, "/whole/digests");
    assert_eq!(rows.len(), 3);
    for row in &rows[which] {
        let size = row["size"].as_u64().unwrap();
        let mut digest = Sha256::new();
        for index in permutation(size).indexes_of(0..size).unwrap() {
            digest.update(index.to_le_bytes());
        }
        assert_eq!(hex(&digest.finalize()), row["sha256"], "size {size}");
    }
}

#[test]
fn every_size_up_to_600_is_permuted_and_inverted() {
    (1..=600).for_each(is_bijective);
}

#[test]
#[ignore = "takes half a minute unless it is optimised"]
fn every_size_up_to_4096_is_permuted_and_inverted() {
    // 17 million values: shared out among the processors.
    const PARTS: usize = 4;
    std::thread::scope(|scope| {
        for first in 1..=PARTS as u64 {
            scope.spawn(move || (first..=4096).step_by(PARTS).for_each(is_bijective));
        }
    });
}

fn is_bijective(size: u64) {
    let permutation = permutation(size);
    let indexes = permutation.indexes_of(0..size).expect("below the size");
    let mut given = vec![false; indexes.len()];
    for index in &indexes {
        let seen = &mut given[usize::try_from(*index).expect("32 bits fit")];
        assert!(!*seen, "size {size}: index {index} is given twice");
        *seen = true;
    }
    let numbers = permutation
        .numbers_of(indexes.into_iter().map(u64::from))
        .expect("below the size");
    assert!(numbers.into_iter().eq(0..size), "size {size}: inverse");
}

#[test]
fn one_by_one_is_the_same_as_all_at_once() {
    // Every number of the smallest sizes, and samples of others.
    compare_one_by_one(1..=64, 1);
    compare_one_by_one((65..=4096).step_by(13), 611);
}

#[test]
#[ignore = "takes some seconds unless it is optimised"]
fn one_by_one_is_the_same_as_all_at_once_for_every_size_up_to_4096() {
    compare_one_by_one(1..=256, 1);
    compare_one_by_one(257..=4096, 173);
}

fn compare_one_by_one(sizes: impl Iterator<Item = u64>, step: usize) {
    for size in sizes {
        let permutation = permutation(size);
        let chosen: Vec<u64> = (0..size).step_by(step).collect();
        let together = permutation.indexes_of(chosen.iter().copied()).unwrap();
        for (number, index) in chosen.into_iter().zip(together) {
            assert_eq!(permutation.index_of(number), Some(index), "size {size}");
            assert_eq!(permutation.number_of(index.into()), Some(number));
        }
    }
}

#[test]
fn sizes_that_no_list_has_are_refused() {
    for size in [0, (1 << 32) + 1, u64::MAX] {
        let error = Permutation::new(&seed(), size).err().unwrap();
        assert_eq!(
            error.to_string(),
            format!("a size of {size} entries: a list has 1 to 4294967296")
        );
    }
}

#[test]
fn numbers_and_indexes_beyond_the_size_have_no_counterpart() {
    for size in [1, 5, 4096, 1 << 20, 1 << 32] {
        let permutation = permutation(size);
        for beyond in [size, size + 1, 1 << 32, u64::MAX] {
            assert_eq!(permutation.index_of(beyond), None);
            assert_eq!(permutation.number_of(beyond), None);
            assert_eq!(permutation.indexes_of([0, beyond]), None);
            assert_eq!(permutation.numbers_of([0, beyond]), None);
        }
        assert_eq!(permutation.indexes_of([]), Some(Vec::new()));
    }
}

proptest! {
    #[test]
    fn large_sizes_are_inverted_and_stay_inside(
        secret: [u8; 32],
        size in 4097_u64..=1 << 32,
        numbers in prop::collection::vec(any::<prop::sample::Index>(), 1..200),
    ) {
        let permutation = Permutation::new(&Seed::new(secret), size).unwrap();
        let size = usize::try_from(size).unwrap();
        let mut numbers: Vec<u64> =
            numbers.into_iter().map(|number| number.index(size) as u64).collect();
        numbers.sort_unstable();
        numbers.dedup();

        let indexes = permutation.indexes_of(numbers.iter().copied()).unwrap();
        prop_assert!(indexes.iter().all(|index| u64::from(*index) < permutation.size()));
        let back = permutation.numbers_of(indexes.iter().copied().map(u64::from)).unwrap();
        prop_assert_eq!(&back, &numbers);
        prop_assert_eq!(permutation.index_of(numbers[0]), Some(indexes[0]));

        let mut distinct = indexes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), indexes.len());
    }

    #[test]
    fn another_seed_or_size_is_another_order(one: [u8; 32], two: [u8; 32], size in 4096_u64..1 << 20) {
        prop_assume!(one != two);
        let order = |secret, size| {
            Permutation::new(&Seed::new(secret), size).unwrap().indexes_of(0..64).unwrap()
        };
        prop_assert_ne!(order(one, size), order(two, size));
        prop_assert_ne!(order(one, size), order(one, size + 1));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
