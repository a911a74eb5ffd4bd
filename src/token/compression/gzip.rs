//! The gzip container (RFC 1952), which W3C lists travel in.

use libdeflater::crc32;
use thiserror::Error;

use super::deflate::{DeflateFault, deflate_behind, inflate_raw};
use super::{InflateLimit, ZlibHeader};

/// The ten bytes that our streams begin with: no time, no name, no flags, and the system 3, as in
/// the examples of Bitstring Status List v1.0 and on every system alike.
const HEADER: [u8; 10] = [0x1f, 0x8b, DEFLATE, 0, 0, 0, 0, 0, 0, 3];

const DEFLATE: u8 = 8;

const MAGIC: [u8; 2] = [0x1f, 0x8b];

// RFC 1952, section 2.3.1: bits of the byte of flags. The first one, for text, means nothing here.
const HEADER_CHECKSUM: u8 = 0x02;
const EXTRA: u8 = 0x04;
const NAME: u8 = 0x08;
const COMMENT: u8 = 0x10;
const RESERVED: u8 = 0xe0;

/// Compresses into a gzip stream (RFC 1952) of one member, as small as it gets.
///
/// The same bytes always give the same stream: it states no time.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut stream = deflate_behind(&HEADER, bytes);
    stream.extend_from_slice(&crc32(bytes).to_le_bytes());
    stream.extend_from_slice(&length_field(bytes).to_le_bytes());
    stream
}

/// Inflates a gzip stream of one member that fills all of `stream`.
///
/// Memory stays within the limit and a little more, whatever the stream claims. Readers differ in
/// what they make of a second member, so there may be none.
///
/// # Errors
/// A stream that is not whole and right to the last byte, followed by anything, or larger than
/// the limit.
pub(crate) fn gunzip(stream: &[u8], limit: InflateLimit) -> Result<Vec<u8>, GunzipError> {
    let body = behind_header(stream)?;
    let (inflated, used) = inflate_raw(body, limit)?;

    let mut rest = &body[used..];
    let stated = u32::from_le_bytes(take(&mut rest)?);
    let actual = crc32(&inflated);
    if stated != actual {
        return Err(GunzipError::Checksum { stated, actual });
    }
    let stated = u32::from_le_bytes(take(&mut rest)?);
    let actual = length_field(&inflated);
    if stated != actual {
        return Err(GunzipError::Length { stated, actual });
    }
    if !rest.is_empty() {
        return Err(GunzipError::TrailingBytes(rest.len()));
    }
    Ok(inflated)
}

/// Why a gzip stream cannot be inflated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GunzipError {
    /// The other container of DEFLATE.
    #[error("a zlib stream ({0}), not a gzip stream")]
    Zlib(ZlibHeader),
    /// The first two bytes are not those of gzip.
    #[error("not a gzip stream: it begins with {:02x}{:02x}, not 1f8b", .0[0], .0[1])]
    Magic([u8; 2]),
    /// The third byte does not name deflate.
    #[error("a gzip stream with compression method {0}, not 8")]
    Method(u8),
    /// Flags that nobody has defined: what follows cannot be understood.
    #[error("a gzip stream with reserved flags ({0:02x})")]
    ReservedFlags(u8),
    /// The header is not the one that was written.
    #[error("a gzip stream with a wrong checksum of its header: {actual:04x}, not {stated:04x}")]
    HeaderChecksum {
        /// What the stream says.
        stated: u16,
        /// What the header has.
        actual: u16,
    },
    /// The stream stops before its end.
    #[error("a gzip stream that is cut short")]
    Truncated,
    /// The compressed data make no sense.
    #[error("a gzip stream whose compressed data are damaged")]
    Corrupt,
    /// The inflated bytes are not the ones that were compressed.
    #[error("a gzip stream with a wrong checksum: CRC-32 is {actual:08x}, not {stated:08x}")]
    Checksum {
        /// What the stream says.
        stated: u32,
        /// What the inflated bytes have.
        actual: u32,
    },
    /// The stream gives another length than the inflated bytes have (both modulo 2^32).
    #[error("a gzip stream that states another length: {actual} bytes, not {stated}")]
    Length {
        /// What the stream says.
        stated: u32,
        /// What the inflated bytes have.
        actual: u32,
    },
    /// The stream ends before the bytes do, or has another member.
    #[error("a gzip stream with something after its first member (bytes: {0})")]
    TrailingBytes(usize),
    /// The limit is reached.
    #[error("a gzip stream that inflates to more than {} bytes", .0.bytes())]
    TooLarge(InflateLimit),
}

impl From<DeflateFault> for GunzipError {
    fn from(fault: DeflateFault) -> Self {
        match fault {
            DeflateFault::Truncated => Self::Truncated,
            DeflateFault::Corrupt => Self::Corrupt,
            DeflateFault::TooLarge(limit) => Self::TooLarge(limit),
        }
    }
}

/// Reads the header with all its optional fields, and returns what stands behind it.
///
/// Source: RFC 1952, section 2.3.
fn behind_header(stream: &[u8]) -> Result<&[u8], GunzipError> {
    let mut rest = stream;
    let magic = take(&mut rest)?;
    if magic != MAGIC {
        return Err(match ZlibHeader::parse(stream) {
            Ok(header) => GunzipError::Zlib(header),
            Err(_) => GunzipError::Magic(magic),
        });
    }
    // Method, flags, and then time, level and system, which mean nothing here.
    let [method, flags, ..]: [u8; 8] = take(&mut rest)?;
    if method != DEFLATE {
        return Err(GunzipError::Method(method));
    }
    if flags & RESERVED != 0 {
        return Err(GunzipError::ReservedFlags(flags & RESERVED));
    }
    if flags & EXTRA != 0 {
        let length = usize::from(u16::from_le_bytes(take(&mut rest)?));
        rest = rest.get(length..).ok_or(GunzipError::Truncated)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0);
            rest = &rest[end.ok_or(GunzipError::Truncated)? + 1..];
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        let header = &stream[..stream.len() - rest.len()];
        let [.., high, low] = crc32(header).to_be_bytes();
        let actual = u16::from_be_bytes([high, low]);
        let stated = u16::from_le_bytes(take(&mut rest)?);
        if stated != actual {
            return Err(GunzipError::HeaderChecksum { stated, actual });
        }
    }
    Ok(rest)
}

/// Takes the next bytes of a stream.
fn take<const LENGTH: usize>(rest: &mut &[u8]) -> Result<[u8; LENGTH], GunzipError> {
    let (taken, behind) = rest.split_first_chunk().ok_or(GunzipError::Truncated)?;
    *rest = behind;
    Ok(*taken)
}

/// The length, modulo 2^32.
#[expect(
    clippy::cast_possible_truncation,
    reason = "that is what the field holds"
)]
const fn length_field(bytes: &[u8]) -> u32 {
    bytes.len() as u32
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use flate2::Compression;
    use flate2::read::GzDecoder;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;
    use crate::token::compress;

    fn all(stream: &[u8]) -> Result<Vec<u8>, GunzipError> {
        gunzip(stream, InflateLimit::default())
    }

    /// A stream with these flags and, in their order, the fields that they announce.
    fn with_fields(flags: u8) -> Vec<u8> {
        let plain = gzip(b"list");
        let mut stream = plain[..HEADER.len()].to_vec();
        stream[3] = flags;
        for (flag, field) in [
            (EXTRA, &b"\x04\x00AB\x00\x01"[..]),
            (NAME, b"name\0"),
            (COMMENT, b"\0"),
        ] {
            if flags & flag != 0 {
                stream.extend_from_slice(field);
            }
        }
        if flags & HEADER_CHECKSUM != 0 {
            let checksum = crc32(&stream).to_le_bytes();
            stream.extend_from_slice(&checksum[..2]);
        }
        stream.extend_from_slice(&plain[HEADER.len()..]);
        stream
    }

    #[test]
    fn the_header_is_that_of_the_examples() {
        // Bitstring Status List v1.0, example 3.
        let example = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03];
        for bytes in [&b""[..], b"list", &[0; 1000]] {
            assert_eq!(gzip(bytes)[..10], example);
        }
    }

    #[test]
    fn every_field_of_the_header_is_understood() {
        for flags in 0..RESERVED {
            if flags & RESERVED == 0 {
                assert_eq!(
                    all(&with_fields(flags)),
                    Ok(b"list".to_vec()),
                    "{flags:02x}"
                );
            }
        }
    }

    #[test]
    fn a_stream_cut_anywhere_is_refused() {
        for flags in [0, EXTRA | NAME | COMMENT | HEADER_CHECKSUM] {
            let stream = with_fields(flags);
            for length in 0..stream.len() {
                assert_eq!(all(&stream[..length]), Err(GunzipError::Truncated));
            }
        }
    }

    #[test]
    fn a_flipped_bit_never_gives_other_bytes() {
        let flags = EXTRA | NAME | COMMENT | HEADER_CHECKSUM;
        for (stream, harmless) in [
            // Without a checksum of the header: the flag for text, time, level and system.
            (gzip(b"list"), 1 + 48),
            (with_fields(flags), 0),
        ] {
            let mut passed = 0;
            for bit in 0..stream.len() * 8 {
                let mut flipped = stream.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                if let Ok(inflated) = all(&flipped) {
                    assert_eq!(inflated, b"list", "bit {bit}");
                    passed += 1;
                }
            }
            // What fills the last byte of the compressed data means nothing either.
            assert!((harmless..harmless + 8).contains(&passed), "{passed} bits");
        }
    }

    #[test]
    fn each_fault_has_its_own_name() {
        let good = with_fields(HEADER_CHECKSUM);
        let altered = |at: usize, value: u8| {
            let mut stream = good.clone();
            stream[at] = value;
            all(&stream).unwrap_err()
        };
        let zlib = ZlibHeader::BEST;
        assert_eq!(all(&compress(b"list")), Err(GunzipError::Zlib(zlib)));
        assert_eq!(altered(0, 0x1e), GunzipError::Magic([0x1e, 0x8b]));
        assert_eq!(altered(2, 7), GunzipError::Method(7));
        assert_eq!(altered(3, 0x22), GunzipError::ReservedFlags(0x20));
        assert_eq!(altered(3, 0xe2), GunzipError::ReservedFlags(0xe0));
        let changed = altered(4, 1);
        assert!(matches!(changed, GunzipError::HeaderChecksum { .. }));
        assert_eq!(altered(HEADER.len() + 2, 0xff), GunzipError::Corrupt);
        let checksum = good.len() - 8;
        let changed = altered(checksum, good[checksum] ^ 1);
        assert!(matches!(changed, GunzipError::Checksum { .. }));
        assert_eq!(
            altered(good.len() - 1, 1).to_string(),
            "a gzip stream that states another length: 4 bytes, not 16777220"
        );
        for after in [&b"\n"[..], &gzip(b"")] {
            let error = GunzipError::TrailingBytes(after.len());
            assert_eq!(all(&[&good[..], after].concat()), Err(error));
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = gzip(&vec![0; 10_000_000]);
        assert!(bomb.len() < 20_000);
        let limit = InflateLimit::new(9_999_999);
        assert_eq!(gunzip(&bomb, limit), Err(GunzipError::TooLarge(limit)));
        let enough = InflateLimit::new(10_000_000);
        assert_eq!(gunzip(&bomb, enough).unwrap().len(), 10_000_000);
    }

    proptest! {
        #[test]
        fn what_is_compressed_comes_back_here_and_elsewhere(
            blocks in prop::collection::vec((any::<u8>(), 1_usize..3000), 0..20),
        ) {
            let bytes: Vec<u8> = blocks
                .into_iter()
                .flat_map(|(value, times)| std::iter::repeat_n(value, times))
                .collect();
            let ours = gzip(&bytes);
            prop_assert_eq!(&gzip(&bytes), &ours);
            let mut elsewhere = Vec::new();
            GzDecoder::new(&ours[..]).read_to_end(&mut elsewhere).unwrap();
            prop_assert_eq!(&elsewhere, &bytes);

            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&bytes).unwrap();
            prop_assert_eq!(all(&encoder.finish().unwrap()), Ok(bytes.clone()));
            prop_assert_eq!(all(&ours), Ok(bytes));
        }

        #[test]
        fn hostile_bytes_end_in_an_error_or_fit_the_limit(
            flags in 0_u8..32, body: Vec<u8>, limit in 0_u64..5000,
        ) {
            let stream = [&[0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3][..], &body].concat();
            if let Ok(inflated) = gunzip(&stream, InflateLimit::new(limit)) {
                prop_assert!(inflated.len() as u64 <= limit);
            }
        }
    }
}
