//! Signed tokens in CBOR: `COSE_Sign1` (RFC 9052, section 4.2), written and read strictly.

mod error;
mod read;
#[cfg(test)]
mod tests;
mod write;

use coset::{CoseSign1, Header, ProtectedHeader};

pub use error::{CoseError, CosePart};
pub(super) use read::parse_sign1_around;
pub use read::{Placement, Sign1, Typ, parse_json_sign1, parse_sign1};
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

/// Joins the parts of a message; the protected header is taken as it is, byte for byte.
fn message(protected: Vec<u8>, payload: Vec<u8>, signature: Vec<u8>) -> CoseSign1 {
    CoseSign1 {
        protected: ProtectedHeader {
            original_data: Some(protected),
            header: Header::default(),
        },
        unprotected: Header::default(),
        payload: Some(payload),
        signature,
    }
}
