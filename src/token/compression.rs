//! The zlib streams that lists travel in.

use std::fmt;

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::{CompressionLvl, Compressor, adler32};
use thiserror::Error;
use zlib_rs::{DeflateConfig, ReturnCode, Strategy, compress_bound, compress_slice};

/// Up to one part in this many of the input, the second compressor is tried as well: sparse lists
/// are the only ones where it can do better, and there it takes a fraction of the time of the
/// first.
const SPARSE: usize = 32;

/// Up to this many bytes, the second compressor is always tried.
const SHORT_STREAM: usize = 512;

/// The least by which the output of [`inflate`] grows.
const CHUNK: usize = 64 * 1024;

/// Compresses into a zlib stream (RFC 1950), as small as it gets, with the header `78da`.
///
/// The same bytes always give the same stream. The header is the one that every known reader
/// accepts: some refuse all others.
///
/// Source: draft-ietf-oauth-status-list-21, section 4.1 (highest level available).
#[must_use]
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut smallest = compress_with_libdeflate(bytes);
    if smallest.len() <= SHORT_STREAM.max(bytes.len() / SPARSE) {
        // Runs of zeros with a bit here and there: matching nothing but the runs often gives the
        // shortest description of all.
        for strategy in [Strategy::Default, Strategy::Rle] {
            if let Some(stream) = compress_with_zlib(bytes, strategy)
                && stream.len() < smallest.len()
            {
                smallest = stream;
            }
        }
    }
    smallest
}

/// Inflates a zlib stream that fills all of `bytes`.
///
/// Memory stays within the limit and a little more, whatever the stream claims.
///
/// # Errors
/// A stream that is not whole and right to the last byte, followed by anything, or larger than
/// the limit.
pub fn inflate(bytes: &[u8], limit: InflateLimit) -> Result<Vec<u8>, InflateError> {
    ZlibHeader::parse(bytes)?;
    let body = &bytes[ZlibHeader::LENGTH..];
    let (inflated, used) = inflate_raw(body, limit)?;

    let Some((checksum, rest)) = body[used..].split_first_chunk() else {
        return Err(InflateError::Truncated);
    };
    let (stated, actual) = (u32::from_be_bytes(*checksum), adler32(&inflated));
    if stated != actual {
        return Err(InflateError::Checksum { stated, actual });
    }
    if !rest.is_empty() {
        return Err(InflateError::TrailingBytes(rest.len()));
    }
    Ok(inflated)
}

/// How many bytes inflating may give at most.
///
/// The specification sets no maximum, and a stream can be a thousand times as large inside as it
/// looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InflateLimit(u64);

impl InflateLimit {
    /// Takes a number of bytes.
    #[must_use]
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl Default for InflateLimit {
    /// 128 MiB: 2^30 entries of one bit.
    fn default() -> Self {
        Self(128 << 20)
    }
}

/// The two bytes that a zlib stream starts with.
///
/// Source: RFC 1950, section 2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZlibHeader([u8; 2]);

impl ZlibHeader {
    /// The header for deflate, a window of 32 KiB and the highest level: `78da`.
    pub const BEST: Self = Self([0x78, 0xda]);

    const LENGTH: usize = 2;

    /// Reads the header of a stream.
    ///
    /// Every legal header is accepted but those that ask for a preset dictionary, which a list
    /// cannot have.
    ///
    /// # Errors
    /// A start that no such stream has.
    pub fn parse(stream: &[u8]) -> Result<Self, InflateError> {
        let Some(&header) = stream.first_chunk() else {
            return Err(InflateError::TooShort(stream.len()));
        };
        let [method_and_window, flags] = header;
        let (window, method) = (method_and_window >> 4, method_and_window & 0x0f);
        if header == [0x1f, 0x8b] {
            Err(InflateError::Gzip)
        } else if method != 8 {
            Err(InflateError::Method(method))
        } else if window > 7 {
            Err(InflateError::Window(window))
        } else if !u16::from_be_bytes(header).is_multiple_of(31) {
            Err(InflateError::HeaderCheck(header))
        } else if flags & 0x20 != 0 {
            Err(InflateError::PresetDictionary)
        } else {
            Ok(Self(header))
        }
    }

    /// The two bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 2] {
        self.0
    }
}

impl fmt::Display for ZlibHeader {
    /// Four hexadecimal digits.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.0;
        write!(formatter, "{first:02x}{second:02x}")
    }
}

/// Why a stream cannot be inflated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InflateError {
    /// There is no room for a header.
    #[error("a zlib stream of {0} bytes: not even its header is there")]
    TooShort(usize),
    /// The other container of DEFLATE.
    #[error("a gzip stream (1f8b), not a zlib stream")]
    Gzip,
    /// The first byte does not name deflate.
    #[error("not a zlib stream: compression method {0}, not 8")]
    Method(u8),
    /// The first byte names a window that is too large.
    #[error("not a zlib stream: window size {0}, above 7")]
    Window(u8),
    /// The two bytes are no multiple of 31.
    #[error("not a zlib stream: header {:02x}{:02x} fails its own check", .0[0], .0[1])]
    HeaderCheck([u8; 2]),
    /// A dictionary is asked for that nobody has.
    #[error("a zlib stream with a preset dictionary")]
    PresetDictionary,
    /// The stream stops before its end.
    #[error("a zlib stream that is cut short")]
    Truncated,
    /// The compressed data make no sense.
    #[error("a zlib stream whose compressed data are damaged")]
    Corrupt,
    /// The inflated bytes are not the ones that were compressed.
    #[error("a zlib stream with a wrong checksum: Adler-32 is {actual:08x}, not {stated:08x}")]
    Checksum {
        /// What the stream says.
        stated: u32,
        /// What the inflated bytes have.
        actual: u32,
    },
    /// The stream ends before the bytes do.
    #[error("a zlib stream with something after its end (bytes: {0})")]
    TrailingBytes(usize),
    /// The limit is reached.
    #[error("a zlib stream that inflates to more than {} bytes", .0.bytes())]
    TooLarge(InflateLimit),
}

/// Inflates the DEFLATE stream at the start of `body`; also tells how many bytes it takes.
///
/// The container is left to the caller, so that a wrong checksum can be told from damaged data.
fn inflate_raw(body: &[u8], limit: InflateLimit) -> Result<(Vec<u8>, usize), InflateError> {
    let limit_bytes = usize::try_from(limit.bytes()).unwrap_or(usize::MAX);
    // Room for one byte too many, to see whether there is one.
    let ceiling = limit_bytes.saturating_add(1);
    let mut stream = Decompress::new(false);
    let mut inflated = Vec::new();
    let mut used = 0;
    loop {
        if inflated.len() == inflated.capacity() {
            let growth = inflated.len().max(CHUNK).min(ceiling - inflated.len());
            inflated.reserve_exact(growth);
        }
        let (used_before, inflated_before) = (used, inflated.len());
        let status = stream
            .decompress_vec(&body[used..], &mut inflated, FlushDecompress::None)
            .map_err(|_| InflateError::Corrupt)?;
        used = usize::try_from(stream.total_in()).unwrap_or(body.len());
        if inflated.len() > limit_bytes {
            return Err(InflateError::TooLarge(limit));
        }
        if status == Status::StreamEnd {
            return Ok((inflated, used));
        }
        if (used, inflated.len()) == (used_before, inflated_before) {
            return Err(InflateError::Truncated);
        }
    }
}

fn compress_with_libdeflate(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut stream = vec![0; compressor.zlib_compress_bound(bytes.len())];
    let length = compressor
        .zlib_compress(bytes, &mut stream)
        .expect("the bound is what the stream takes at most");
    stream.truncate(length);
    stream
}

fn compress_with_zlib(bytes: &[u8], strategy: Strategy) -> Option<Vec<u8>> {
    let config = DeflateConfig {
        strategy,
        ..DeflateConfig::best_compression()
    };
    let mut stream = vec![0; compress_bound(bytes.len())];
    let (written, code) = compress_slice(&mut stream, bytes, config);
    if code != ReturnCode::Ok {
        return None;
    }
    let length = written.len();
    stream.truncate(length);
    // Other strategies announce a lower level. The header has no part in the checksum.
    *stream.first_chunk_mut()? = ZlibHeader::BEST.bytes();
    Some(stream)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use zlib_rs::Strategy;

    use super::*;

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
        assert!(stream.len() < compress_with_libdeflate(&bytes).len());
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
                    16807, 17183, 19978, 20143, 40672, 57472, 59302, 62730, 67283, 69067, 69073,
                    76665, 87503, 93227, 96127,
                ],
                82,
            ),
            (
                &[
                    5943, 21149, 33074, 38447, 39426, 40708, 47771, 47871, 49119, 52093, 63662,
                    64350, 67812, 85648, 86835, 88351, 89343, 91089, 94060, 99360,
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
                compress_with_libdeflate(&bytes),
                compress_with_zlib(&bytes, Strategy::Default).unwrap(),
            ];
            assert!(others.iter().all(|other| other.len() > zlib));
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
        let bomb = compress_with_zlib(&vec![0; (128 << 20) + 1], Strategy::Default).unwrap();
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
}
