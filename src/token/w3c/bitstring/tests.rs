use proptest::prelude::*;

use super::*;

use BitOrder::{Lsb, Msb};

fn status(value: u8, width: Width) -> Status {
    Status::new(value.into(), width).unwrap()
}

fn register(width: Width, bytes: &[u8]) -> StatusList {
    StatusList {
        width,
        bytes: bytes.to_vec(),
    }
}

/// The bit at a place of the list, read as the specification tells it: one at a time, from the
/// left, or from the right of each byte.
fn bit(list: &Bitstring, place: u64) -> u8 {
    let byte = list.bytes[usize::try_from(place / 8).unwrap()];
    let within = place % 8;
    match list.order {
        Msb => u8::from(byte & (0x80 >> within) != 0),
        Lsb => u8::from(byte & (0x01 << within) != 0),
    }
}

/// The value at an index, one bit at a time.
fn value(list: &Bitstring, index: u64) -> u8 {
    let size = list.size.bits();
    (0..size).fold(0, |value, number| {
        let bit = bit(list, index * u64::from(size) + u64::from(number));
        match list.order {
            Msb => (value << 1) | bit,
            Lsb => value | (bit << number),
        }
    })
}

#[test]
fn the_first_index_is_the_left_most_bit() {
    let list = |bytes: &[u8], order| {
        let bits = Bitstring::flags(
            &register(Width::One, bytes),
            Status::VALID,
            |status| status == Status::INVALID,
            order,
        );
        assert_eq!(bits.bytes.len(), 16_384);
        assert!(bits.bytes[bytes.len()..].iter().all(|byte| *byte == 0));
        bits.bytes[..bytes.len()].to_vec()
    };
    // The register has index 0 at 0x01.
    assert_eq!(list(&[0x01], Msb), [0x80]);
    assert_eq!(list(&[0x80, 0x01], Msb), [0x01, 0x80]);
    assert_eq!(list(&[0x80, 0x01], Lsb), [0x80, 0x01]);
}

#[test]
fn flags_of_two_bits_are_gathered_from_two_bytes() {
    // 1, 2, 0, 3 and 0, 1, 0, 1 and 1, 2, 3, 3.
    let register = register(Width::Two, &[0xc9, 0x44, 0xf9]);
    let flags = |set: &[Status]| {
        let order = Msb;
        let list = Bitstring::flags(
            &register,
            Status::VALID,
            |status| set.contains(&status),
            order,
        );
        list.bytes[..3].to_vec()
    };
    assert_eq!(flags(&[Status::INVALID]), [0b1000_0101, 0b1000_0000, 0]);
    assert_eq!(flags(&[Status::SUSPENDED]), [0b0100_0000, 0b0100_0000, 0]);
    let third = status(3, Width::Two);
    let flags_of_both = flags(&[Status::SUSPENDED, third]);
    assert_eq!(flags_of_both, [0b0101_0000, 0b0111_0000, 0]);
    assert_eq!(flags(&[]), [0, 0, 0]);
}

#[test]
fn values_swap_their_places_and_keep_their_bits() {
    for (width, byte, swapped) in [
        (Width::One, 0b1000_0000, 0b0000_0001),
        (Width::Two, 0b11_00_10_01, 0b01_10_00_11),
        (Width::Four, 0x21, 0x12),
        (Width::Eight, 0x21, 0x21),
    ] {
        let list = Bitstring::values(&register(width, &[byte]), Status::VALID);
        assert_eq!(list.bytes[0], swapped);
        assert_eq!(list.size.bits(), width.bits());
        assert_eq!(list.order, Msb);
    }
}

#[test]
fn a_list_is_as_long_as_its_entries_or_the_minimum() {
    for width in Width::ALL {
        let minimum = 131_072 / usize::from(width.entries_per_byte());
        for length in [0, 1, minimum - 1, minimum, minimum + 1, minimum + 5] {
            for default in [0, width.largest()] {
                let status = status(default, width);
                let byte = pages::uniform_byte(width, default);
                let register = register(width, &vec![byte; length]);

                let values = Bitstring::values(&register, status);
                assert_eq!(values.bytes.len(), length.max(minimum));
                assert!(values.bytes.iter().all(|found| *found == byte));
                assert!(values.entries() >= MINIMUM_ENTRIES);

                let flags = Bitstring::flags(&register, status, |one| one == status, Msb);
                let needed = length.div_ceil(width.bits().into());
                assert_eq!(flags.bytes.len(), needed.max(16_384));
                assert!(flags.bytes.iter().all(|found| *found == 0xff));
                assert!(flags.entries() >= MINIMUM_ENTRIES);
            }
        }
    }
}

#[test]
fn a_size_is_one_to_eight_bits() {
    for bits in 1..=8 {
        let size = StatusSize::from_bits(bits).unwrap();
        assert_eq!(u64::from(size.bits()), bits);
        assert_eq!(u64::from(size.largest()) + 1, 1 << bits);
        assert_eq!(size.minimum_bytes() as u64, 131_072 * bits / 8);
    }
    for bits in [0, 9, 256, 257, u64::MAX] {
        assert_eq!(StatusSize::from_bits(bits), Err(StatusSizeError(bits)));
    }
}

#[test]
fn a_list_below_the_minimum_is_told() {
    for bits in 1..=8 {
        let size = StatusSize::from_bits(bits).unwrap();
        for (length, is_below) in [
            (0, true),
            (size.minimum_bytes() - 1, true),
            (size.minimum_bytes(), false),
        ] {
            let list = Bitstring {
                bytes: vec![0; length],
                size,
                order: Msb,
            };
            assert_eq!(list.is_below_minimum(), is_below);
            assert_eq!(list.entries() < 131_072, is_below);
        }
    }
}

#[test]
fn bits_that_make_no_whole_entry_are_none() {
    let list = Bitstring {
        bytes: vec![0xff; 4],
        size: StatusSize::from_bits(3).unwrap(),
        order: Msb,
    };
    assert_eq!(list.entries(), 10);
    assert_eq!(list.status(9), Some(7));
    assert_eq!(list.status(10), None);
    assert_eq!(list.count(), [0, 0, 0, 0, 0, 0, 0, 10]);
}

fn any_order() -> impl Strategy<Value = BitOrder> {
    prop::sample::select(vec![Msb, Lsb])
}

/// Indexes around the end of the register, and the last ones of the list.
fn padding(list: &Bitstring, from: u64) -> impl Iterator<Item = u64> {
    let entries = list.entries();
    (from..entries.min(from + 70)).chain(entries.saturating_sub(70).max(from)..entries)
}

proptest! {
    #[test]
    fn a_flag_is_set_where_the_register_has_one_of_the_statuses(
        width in prop::sample::select(&Width::ALL[..]),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        default: u8,
        set in prop::collection::vec(any::<u8>(), 0..4),
        order in any_order(),
    ) {
        let register = register(width, &bytes);
        let default = default & width.largest();
        let set: Vec<u8> = set.into_iter().map(|value| value & width.largest()).collect();
        let sets = |status: Status| set.contains(&status.value());
        let list = Bitstring::flags(&register, status(default, width), sets, order);

        for index in 0..register.entries() {
            let expected = set.contains(&register.status(index).unwrap()).into();
            prop_assert_eq!(list.status(index), Some(expected));
            prop_assert_eq!(value(&list, index), expected);
        }
        for index in padding(&list, register.entries()) {
            prop_assert_eq!(value(&list, index), u8::from(set.contains(&default)));
        }
        prop_assert_eq!(list.bytes.len(), 16_384);
    }

    #[test]
    fn a_value_is_that_of_the_register(
        width in prop::sample::select(&Width::ALL[..]),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        default: u8,
    ) {
        let register = register(width, &bytes);
        let default = default & width.largest();
        let list = Bitstring::values(&register, status(default, width));

        for index in 0..register.entries() {
            prop_assert_eq!(list.status(index), register.status(index));
            prop_assert_eq!(Some(value(&list, index)), register.status(index));
        }
        for index in padding(&list, register.entries()) {
            prop_assert_eq!(value(&list, index), default);
        }
        prop_assert_eq!(list.bytes.len(), 16_384 * usize::from(width.bits()));
    }

    #[test]
    fn every_size_is_read_bit_by_bit_in_both_orders(
        bytes in prop::collection::vec(any::<u8>(), 0..40),
        bits in 1_u64..=8,
        order in any_order(),
    ) {
        let list = Bitstring { bytes, size: StatusSize::from_bits(bits).unwrap(), order };
        let entries = list.entries();
        prop_assert_eq!(entries, list.bytes.len() as u64 * 8 / bits);
        let mut counts = vec![0; 1 << bits];
        for index in 0..entries {
            let expected = value(&list, index);
            prop_assert_eq!(list.status(index), Some(expected));
            counts[usize::from(expected)] += 1;
        }
        prop_assert_eq!(list.count(), counts);
        for index in [entries, entries + 1, u64::MAX / 8, u64::MAX] {
            prop_assert_eq!(list.status(index), None);
        }
    }

    #[test]
    fn least_significant_first_is_the_order_of_the_register(
        width in prop::sample::select(&Width::ALL[..]),
        bytes in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let register = register(width, &bytes);
        let list = Bitstring { bytes, size: width.into(), order: Lsb };
        for index in 0..=register.entries() {
            prop_assert_eq!(list.status(index), register.status(index));
        }
    }
}

proptest! {
    #[test]
    fn the_set_entries_are_those_that_are_not_0(
        bytes in proptest::collection::vec(prop_oneof![3 => Just(0), 1 => any::<u8>()], 0..40),
        bits in 1_u64..=8,
    ) {
        let size = StatusSize::from_bits(bits).unwrap();
        let list = Bitstring { bytes, size, order: BitOrder::Msb };
        for order in [BitOrder::Msb, BitOrder::Lsb] {
            let set: Vec<u64> = list.set_in(order).collect();
            let expected: Vec<u64> = (0..list.entries())
                .filter(|index| list.status_in(order, *index) != Some(0))
                .collect();
            prop_assert_eq!(set, expected);
        }
    }
}
