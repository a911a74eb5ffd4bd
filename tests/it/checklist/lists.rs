//! Compressed lists, right and wrong.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::ENTRIES;

/// Compressed as the specification wants it: the header is 78 DA.
pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The good list with these bytes in the place of those at `offset`.
fn with(offset: usize, bytes: &[u8]) -> Vec<u8> {
    let mut stream = zlib(&ENTRIES);
    stream[offset..offset + bytes.len()].copy_from_slice(bytes);
    stream
}

/// Streams that no reader may take for a list, by what is wrong with them (RFC 1950, section 2.2).
pub(super) fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let good = zlib(&ENTRIES);
    let end = good.len();
    let checksum = good[end - 1];
    vec![
        ("no stream", vec![]),
        ("half a header", good[..1].to_vec()),
        ("gzip", gzip(&ENTRIES)),
        ("DEFLATE without its container", deflate(&ENTRIES)),
        ("entries that are not compressed", ENTRIES.to_vec()),
        // CMF * 256 + FLG is a multiple of 31 in all of these but the third.
        ("a compression method other than 8", with(0, &[0x79, 0x18])),
        ("a window above 32 KiB", with(0, &[0x88, 0x1c])),
        ("a header that fails its own check", with(0, &[0x78, 0xdb])),
        ("a preset dictionary", with(0, &[0x78, 0xf9])),
        ("no end of the compressed data", good[..end - 6].to_vec()),
        ("no Adler-32", good[..end - 4].to_vec()),
        ("half an Adler-32", good[..end - 2].to_vec()),
        ("a wrong Adler-32", with(end - 1, &[checksum ^ 1])),
        ("damaged compressed data", with(2, &[0xff])),
        ("a byte after the end", [good.as_slice(), &[0]].concat()),
        ("two streams", [good.as_slice(), &good].concat()),
        ("more than the limit of 1000 bytes", zlib(&[0; 1001])),
    ]
}

/// Streams with another legal header than 78 DA.
pub(super) fn unusual() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("no compression, 7801", with(0, &[0x78, 0x01])),
        ("fast, 785e", with(0, &[0x78, 0x5e])),
        ("default, 789c", with(0, &[0x78, 0x9c])),
        ("a window of 16 KiB, 68de", with(0, &[0x68, 0xde])),
        ("the smallest window, 08d7", with(0, &[0x08, 0xd7])),
    ]
}
