//! Bytes and text without a meaning: JSON and CBOR that are read strictly, base64 in both
//! alphabets, hexadecimal digits, plain numbers, and foreign texts and paths made fit for a message.
//!
//! The ground floor: nothing here knows what the bytes stand for, and everybody may know this. There
//! is one reader, one writer and one way to quote for each, because two readers that differ are how
//! one token comes to mean two things, and a second way to quote is where a terminal is driven.

pub(crate) mod base64;
pub(crate) mod base64url;
pub(crate) mod cbor;
pub(crate) mod hex;
pub(crate) mod json;
pub(crate) mod number;
pub(crate) mod placed;
pub(crate) mod shell;
pub(crate) mod text;

pub use base64url::encode as encode_base64url;
pub use hex::hex;
