//! Bytes and text without a meaning: JSON and CBOR that are read strictly, base64url, hexadecimal
//! digits, and what a message repeats of somebody's text.
//!
//! The ground floor beside [`crate::list`] and [`crate::disk`]: nothing here knows what the bytes
//! stand for.

pub(crate) mod base64url;
pub(crate) mod cbor;
pub(crate) mod echo;
pub(crate) mod hex;
pub(crate) mod json;
pub(crate) mod quote;
pub(crate) mod shell;
pub(crate) mod text;

pub use base64url::encode as encode_base64url;
pub use hex::hex;
