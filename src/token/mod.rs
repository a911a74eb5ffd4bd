//! The published forms of a list: claims and packed entries to bytes, and back.
//!
//! One file per format. Nothing here knows keys, files or the clock: a payload goes to a signer
//! as bytes, and comes back from a verified token as parsed JSON or CBOR.

mod base64url;
mod cbor;
pub mod cite;
mod claims;
mod compression;
pub mod cwt;
mod json;
pub mod jwt;
mod list_error;
mod number;
pub mod oa_ocsp;
mod reference;
mod uri;
pub mod w3c;

pub use base64url::{Base64UrlError, decode as decode_base64url, encode as encode_base64url};
pub use cbor::describe as describe_cbor;
pub use claims::{Claims, StatusList};
pub use compression::{
    GunzipError, InflateError, InflateLimit, ZlibHeader, compress, gunzip, gzip, inflate,
};
pub use json::describe as describe_json;
pub use list_error::ListError;
pub use number::{NumberError, NumericDate, time_to_live};
pub use reference::{
    Reference, ReferenceError, cwt_reference, jwt_reference, read_cwt_reference, read_jwt_reference,
};
pub use uri::is_uri;
