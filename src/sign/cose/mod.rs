//! Signed tokens in CBOR: `COSE_Sign1` (RFC 9052, section 4.2), written and read strictly.

mod error;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use error::{CoseError, CosePart};
pub(crate) use read::parse_json_sign1;
pub(super) use read::parse_sign1_around;
pub use read::{Placement, Sign1, Typ, parse_sign1};
pub use write::CoseHeader;
pub(super) use write::UnsignedSign1;

/// The labels of header parameters.
pub mod label {
    /// `alg`: the algorithm (RFC 9052, section 3.1).
    pub const ALGORITHM: i64 = 1;
    /// `crit`: the parameters that a reader must understand (RFC 9052, section 3.1).
    pub const CRITICAL: i64 = 2;
    /// `content type`: what the payload is (RFC 9052, section 3.1).
    pub const CONTENT_TYPE: i64 = 3;
    /// `kid`: the key identifier (RFC 9052, section 3.1).
    pub const KEY_ID: i64 = 4;
    /// `typ`: what the whole message is (RFC 9596).
    pub const TYPE: i64 = 16;
    /// `x5chain`: the certificate of the key and those above it (RFC 9360).
    pub const CERTIFICATES: i64 = 33;
}

/// The CBOR tags that stand before messages.
pub mod tag {
    /// `COSE_Mac0` (RFC 9052, section 6.2).
    pub const MAC0: u64 = 17;
    /// `COSE_Sign1` (RFC 9052, section 4.2).
    pub const SIGN1: u64 = 18;
    /// A CBOR Web Token of any kind (RFC 8392, section 6).
    pub const CWT: u64 = 61;
}

/// Writes what a signature is over: the context `Signature1`, the protected header as it came, no
/// external data, and the payload (RFC 9052, section 4.4). `coset` writes the same, with four copies
/// of a payload that may be long.
fn sig_structure(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    const CONTEXT: &[u8] = b"\x84\x6aSignature1";

    let mut bytes = Vec::with_capacity(CONTEXT.len() + protected.len() + payload.len() + 32);
    bytes.extend_from_slice(CONTEXT);
    for string in [protected, &[], payload] {
        byte_string(&mut bytes, string);
    }
    bytes
}

fn byte_string(bytes: &mut Vec<u8>, string: &[u8]) {
    byte_string_head(bytes, string.len());
    bytes.extend_from_slice(string);
}

fn byte_string_length(length: usize) -> usize {
    let mut head = Vec::new();
    byte_string_head(&mut head, length);
    head.len() + length
}

/// Writes the shortest head of a byte string (RFC 8949, section 3).
fn byte_string_head(bytes: &mut Vec<u8>, length: usize) {
    /// The head of a byte string with its length in it, and of those with it in 1 to 8 bytes behind.
    const SHORT: u8 = 0x40;
    const BEHIND: [u8; 4] = [0x58, 0x59, 0x5a, 0x5b];

    let long = (length as u64).to_be_bytes();
    let [.., first, second, third, last] = long;
    match length {
        0..24 => bytes.push(SHORT | last),
        24..0x100 => bytes.extend([BEHIND[0], last]),
        0x100..0x1_0000 => bytes.extend([BEHIND[1], third, last]),
        0x1_0000..0x1_0000_0000 => bytes.extend([BEHIND[2], first, second, third, last]),
        _ => {
            bytes.push(BEHIND[3]);
            bytes.extend(long);
        }
    }
}
