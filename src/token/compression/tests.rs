use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use zlib_rs::Strategy;

use super::deflate::{CHUNK, with_libdeflate, with_zlib};
use super::*;

/// The bytes that the container takes: its header and its checksum.
const CONTAINER: usize = 6;

/// The 16 entries of draft-ietf-oauth-status-list-21, section 4.1, as published there.
const SHORT: &[u8] = &[0x78, 0xda, 0xdb, 0xb9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5d];
const SHORT_INFLATED: &[u8] = &[0xb9, 0xa3];

fn all(bytes: &[u8]) -> Result<Vec<u8>, InflateError> {
    inflate(bytes, InflateLimit::default())
}

/// A stream with matches in it, longer than the first allocation when inflated.
fn long() -> (Vec<u8>, Vec<u8>) {
    let inflated: Vec<u8> = (0_u32..200_000)
        .map(|place| (place / 777 % 251) as u8)
        .collect();
    (compress(&inflated), inflated)
}

#[test]
fn the_header_is_always_the_one_that_all_readers_accept() {
    for length in [0, 1, 2, 100, 131_072] {
        for value in [0, 0xff, 0x5a] {
            let bytes = vec![value; length];
            let stream = compress(&bytes);
            assert_eq!(ZlibHeader::parse(&stream), Ok(ZlibHeader::BEST));
            assert_eq!(all(&stream), Ok(bytes));
        }
    }
    assert_eq!(ZlibHeader::BEST.to_string(), "78da");
    assert_eq!(ZlibHeader::BEST.bytes(), [0x78, 0xda]);
}

#[test]
fn the_smallest_stream_is_taken() {
    // One change in 4 MiB: here zlib is ahead of libdeflate.
    let mut bytes = vec![0; 4 << 20];
    bytes[1_234_567] = 1;
    let stream = compress(&bytes);
    assert!(stream.len() < with_libdeflate(&[], &bytes).len() + CONTAINER);
    assert_eq!(all(&stream), Ok(bytes));
}

/// Lists of 100,000 entries with a handful set, where C zlib at level 9 was smaller than
/// libdeflate and zlib-rs by up to 4 bytes; with what Python's `zlib.compress(lst, 9)` takes.
#[test]
fn the_sparsest_lists_are_no_larger_than_with_zlib() {
    const CASES: [(&[usize], usize); 5] = [
        (&[5533, 39170, 51389], 47),
        (&[1593, 5439, 35270, 69736, 75007, 85856, 86587], 59),
        (
            &[
                10167, 10239, 15321, 49868, 52969, 66707, 76231, 84598, 87589, 94365,
            ],
            72,
        ),
        (
            &[
                16807, 17183, 19978, 20143, 40672, 57472, 59302, 62730, 67283, 69067, 69073, 76665,
                87503, 93227, 96127,
            ],
            82,
        ),
        (
            &[
                5943, 21149, 33074, 38447, 39426, 40708, 47771, 47871, 49119, 52093, 63662, 64350,
                67812, 85648, 86835, 88351, 89343, 91089, 94060, 99360,
            ],
            96,
        ),
    ];
    for (set, zlib) in CASES {
        let mut bytes = vec![0_u8; 12_500];
        for index in set {
            bytes[index / 8] |= 1 << (index % 8);
        }
        let stream = compress(&bytes);
        let others = [
            with_libdeflate(&[], &bytes),
            with_zlib(&[], &bytes, Strategy::Default).unwrap(),
        ];
        assert!(others.iter().all(|other| other.len() + CONTAINER > zlib));
        assert!(stream.len() <= zlib, "{} bytes, zlib {zlib}", stream.len());
        assert_eq!(ZlibHeader::parse(&stream), Ok(ZlibHeader::BEST));
        assert_eq!(all(&stream), Ok(bytes));
    }
}

#[test]
fn exactly_the_legal_headers_are_accepted() {
    let mut accepted = Vec::new();
    for header in 0..=u16::MAX {
        let mut stream = SHORT.to_vec();
        stream[..2].copy_from_slice(&header.to_be_bytes());
        match all(&stream) {
            Ok(inflated) => {
                assert_eq!(inflated, SHORT_INFLATED);
                accepted.push(header);
            }
            Err(error) => assert!(
                matches!(
                    error,
                    InflateError::Gzip
                        | InflateError::Method(_)
                        | InflateError::Window(_)
                        | InflateError::HeaderCheck(_)
                        | InflateError::PresetDictionary
                ),
                "{header:04x}: {error}"
            ),
        }
    }
    // Eight windows and four levels.
    assert_eq!(accepted.len(), 32);
    for usual in [0x7801, 0x785e, 0x789c, 0x78da] {
        assert!(accepted.contains(&usual));
    }
}

#[test]
fn wrong_headers_are_told_apart() {
    for (start, error) in [
        (&[][..], InflateError::TooShort(0)),
        (&[0x78], InflateError::TooShort(1)),
        (&[0x1f, 0x8b], InflateError::Gzip),
        (&[0x79, 0xda], InflateError::Method(9)),
        (&[0x88, 0x1c], InflateError::Window(8)),
        (&[0x78, 0xdb], InflateError::HeaderCheck([0x78, 0xdb])),
        (&[0x78, 0xf9], InflateError::PresetDictionary),
    ] {
        assert_eq!(ZlibHeader::parse(start), Err(error.clone()));
        let mut stream = start.to_vec();
        if start.len() == 2 {
            stream.extend_from_slice(&SHORT[2..]);
        }
        assert_eq!(all(&stream), Err(error));
    }
    assert_eq!(
        InflateError::HeaderCheck([0x08, 0x0a]).to_string(),
        "not a zlib stream: header 080a fails its own check"
    );
}

#[test]
fn a_gzip_stream_is_named() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(SHORT_INFLATED).unwrap();
    assert_eq!(all(&encoder.finish().unwrap()), Err(InflateError::Gzip));
}

#[test]
fn a_stream_cut_anywhere_is_refused() {
    let (long, _) = long();
    for stream in [SHORT, &compress(SHORT_INFLATED), &long] {
        for length in 2..stream.len() {
            assert_eq!(all(&stream[..length]), Err(InflateError::Truncated));
        }
    }
}

#[test]
fn a_flipped_bit_never_gives_other_entries() {
    let (long, long_inflated) = long();
    for (stream, inflated) in [
        (SHORT.to_vec(), SHORT_INFLATED),
        (compress(SHORT_INFLATED), SHORT_INFLATED),
        (long, &long_inflated[..]),
    ] {
        let mut harmless = 0;
        for bit in 0..stream.len() * 8 {
            let mut flipped = stream.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            match all(&flipped) {
                Ok(found) => {
                    assert!(found == inflated, "bit {bit}");
                    harmless += 1;
                }
                Err(InflateError::Checksum { stated, actual }) => assert_ne!(stated, actual),
                Err(_) => {}
            }
        }
        // What fills the last byte of a block means nothing; and within a run of equal bytes,
        // a copy from elsewhere is the same copy.
        if stream.len() < 20 {
            assert!(harmless <= 7, "{harmless} bits");
        }
    }
}

#[test]
fn a_wrong_checksum_is_not_called_damage() {
    let mut stream = SHORT.to_vec();
    stream[9] ^= 1;
    let error = all(&stream).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a zlib stream with a wrong checksum: Adler-32 is 0217015d, not 0217015c"
    );
    let damaged = [0x78, 0xda, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(all(&damaged), Err(InflateError::Corrupt));
}

#[test]
fn bytes_after_the_end_are_counted() {
    for after in [1, 2, 5, 100_000] {
        let mut stream = SHORT.to_vec();
        stream.resize(SHORT.len() + after, b'\n');
        assert_eq!(all(&stream), Err(InflateError::TrailingBytes(after)));
    }
    let twice = [SHORT, SHORT].concat();
    assert_eq!(all(&twice), Err(InflateError::TrailingBytes(SHORT.len())));
}

#[test]
fn the_limit_is_the_last_length_that_passes() {
    let chunk = CHUNK as u64;
    for length in [
        0,
        1,
        2,
        chunk - 1,
        chunk,
        chunk + 1,
        2 * chunk,
        3 * chunk + 1,
    ] {
        let stream = compress(&vec![0; usize::try_from(length).unwrap()]);
        for limit in [length, length + 1, u64::MAX] {
            let inflated = inflate(&stream, InflateLimit::new(limit)).unwrap();
            assert_eq!(inflated.len() as u64, length);
        }
        if let Some(below) = length.checked_sub(1) {
            let limit = InflateLimit::new(below);
            assert_eq!(inflate(&stream, limit), Err(InflateError::TooLarge(limit)));
        }
    }
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let zeros = vec![0; (128 << 20) + 1];
    let bomb = with_zlib(&ZlibHeader::BEST.bytes(), &zeros, Strategy::Default).unwrap();
    assert!(bomb.len() < 150_000);
    assert_eq!(
        all(&bomb).unwrap_err().to_string(),
        "a zlib stream that inflates to more than 134217728 bytes"
    );
    let limit = InflateLimit::new(1000);
    let (kept, _) = inflate_raw(&compress(&[0; 1000])[2..], limit).unwrap();
    assert_eq!(kept.capacity(), 1001);
    assert_eq!(inflate(&bomb, limit), Err(InflateError::TooLarge(limit)));
}

proptest! {
    #[test]
    fn what_is_compressed_comes_back(
        blocks in prop::collection::vec((any::<u8>(), 1_usize..3000), 0..40),
    ) {
        let bytes: Vec<u8> = blocks
            .into_iter()
            .flat_map(|(value, times)| std::iter::repeat_n(value, times))
            .collect();
        let stream = compress(&bytes);
        prop_assert_eq!(ZlibHeader::parse(&stream), Ok(ZlibHeader::BEST));
        prop_assert_eq!(&stream, &compress(&bytes));
        prop_assert_eq!(all(&stream), Ok(bytes));
    }

    #[test]
    fn hostile_bytes_end_in_an_error_or_fit_the_limit(
        body: Vec<u8>, limit in 0_u64..5000,
    ) {
        let stream = [&[0x78, 0xda][..], &body].concat();
        if let Ok(inflated) = inflate(&stream, InflateLimit::new(limit)) {
            prop_assert!(inflated.len() as u64 <= limit);
        }
    }
}
