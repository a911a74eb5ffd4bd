//! The published forms of a list: claims and packed entries to bytes, and back.
//!
//! One file per format. Nothing here knows keys, files or the clock: a payload goes to a signer
//! as bytes, and comes back from a verified token as parsed JSON or CBOR.
//!
//! A new format is a file here, its arm in `writer`, its row in the table of `list::View`, and its
//! judge in `audit`.

pub mod cite;
mod claims;
mod compression;
pub mod cwt;
pub mod jwt;
mod list_error;
mod number;
pub mod oa_ocsp;
mod reference;
mod uri;
pub mod w3c;
mod writer;

pub use crate::wire::base64url::Base64UrlError;
pub use claims::{Claims, StatusList};
pub use compression::{
    GunzipError, InflateError, InflateLimit, ZlibHeader, compress, gunzip, gzip, inflate,
};
pub use list_error::ListError;
pub use number::{NumberError, NumericDate, time_to_live};
pub use reference::{
    Reference, ReferenceError, cwt_reference, jwt_reference, read_cwt_reference, read_jwt_reference,
};
pub use uri::is_uri;
pub use writer::{Embed, Embedded, Payload, Writer};
