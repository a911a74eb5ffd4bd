//! The zlib and gzip streams that lists travel in.

use std::fmt;

use libdeflater::adler32;
use thiserror::Error;

use deflate::{DeflateFault, deflate_behind, inflate_raw};

mod deflate;
mod gzip;
mod limit;

pub use gzip::gzip;
pub(crate) use gzip::{GunzipError, gunzip};
pub use limit::InflateLimit;

/// Compresses into a zlib stream (RFC 1950), as small as it gets, with the header `78da`.
///
/// The same bytes always give the same stream. The header is the one that every known reader
/// accepts: some refuse all others.
///
/// Source: draft-ietf-oauth-status-list-21, section 4.1 (highest level available).
#[must_use]
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut stream = deflate_behind(&ZlibHeader::BEST.bytes(), bytes);
    stream.extend_from_slice(&adler32(bytes).to_be_bytes());
    stream
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

impl From<DeflateFault> for InflateError {
    fn from(fault: DeflateFault) -> Self {
        match fault {
            DeflateFault::Truncated => Self::Truncated,
            DeflateFault::Corrupt => Self::Corrupt,
            DeflateFault::TooLarge(limit) => Self::TooLarge(limit),
        }
    }
}

#[cfg(test)]
mod tests;
