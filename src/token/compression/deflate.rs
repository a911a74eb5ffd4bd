//! DEFLATE without a container (RFC 1951).

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::{CompressionLvl, Compressor};
use zlib_rs::{DeflateConfig, ReturnCode, Strategy, compress_bound, compress_slice};

use super::limit::InflateLimit;

/// Up to one part in this many of the input, the second compressor is tried as well: sparse lists
/// are the only ones where it can do better, and there it takes a fraction of the time of the
/// first.
const SPARSE: usize = 32;

/// Up to this many bytes, the second compressor is always tried.
const SHORT_STREAM: usize = 512;

/// The least by which the output of [`inflate_raw`] grows.
pub(super) const CHUNK: usize = 64 * 1024;

/// What zlib takes for a stream without a container, with a window of 32 KiB.
const RAW: i32 = -15;

/// What is wrong with a stream, whatever its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeflateFault {
    /// It stops before its end.
    Truncated,
    /// It makes no sense.
    Corrupt,
    /// The limit is reached.
    TooLarge(InflateLimit),
}

/// The header of a container, and behind it the bytes, compressed as small as it gets.
pub(super) fn deflate_behind(header: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut smallest = with_libdeflate(header, bytes);
    if smallest.len() <= SHORT_STREAM.max(bytes.len() / SPARSE) {
        // Runs of zeros with a bit here and there: matching nothing but the runs often gives the
        // shortest description of all.
        for strategy in [Strategy::Default, Strategy::Rle] {
            if let Some(stream) = with_zlib(header, bytes, strategy)
                && stream.len() < smallest.len()
            {
                smallest = stream;
            }
        }
    }
    smallest
}

/// Inflates the DEFLATE stream at the start of `body`; also tells how many bytes it takes.
///
/// The container is left to the caller, so that a wrong checksum can be told from damaged data.
pub(super) fn inflate_raw(
    body: &[u8],
    limit: InflateLimit,
) -> Result<(Vec<u8>, usize), DeflateFault> {
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
            .map_err(|_| DeflateFault::Corrupt)?;
        used = usize::try_from(stream.total_in()).unwrap_or(body.len());
        if inflated.len() > limit_bytes {
            return Err(DeflateFault::TooLarge(limit));
        }
        if status == Status::StreamEnd {
            return Ok((inflated, used));
        }
        if (used, inflated.len()) == (used_before, inflated_before) {
            return Err(DeflateFault::Truncated);
        }
    }
}

pub(super) fn with_libdeflate(header: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut stream = header.to_vec();
    stream.resize(
        header.len() + compressor.deflate_compress_bound(bytes.len()),
        0,
    );
    let length = compressor
        .deflate_compress(bytes, &mut stream[header.len()..])
        .expect("the bound is what the stream takes at most");
    stream.truncate(header.len() + length);
    stream
}

pub(super) fn with_zlib(header: &[u8], bytes: &[u8], strategy: Strategy) -> Option<Vec<u8>> {
    let config = DeflateConfig {
        strategy,
        window_bits: RAW,
        ..DeflateConfig::best_compression()
    };
    let mut stream = header.to_vec();
    stream.resize(header.len() + compress_bound(bytes.len()), 0);
    let (written, code) = compress_slice(&mut stream[header.len()..], bytes, config);
    if code != ReturnCode::Ok {
        return None;
    }
    let length = written.len();
    stream.truncate(header.len() + length);
    Some(stream)
}
