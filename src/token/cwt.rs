//! The CWT form of a list.
//!
//! Writing takes all claims at once. Reading is in small steps, each with its own error, so that
//! a judge can name every fault of a token; [`decode_list`] joins those that lead to the entries.

use std::num::NonZeroU64;
use std::time::Duration;

use coset::cbor::Value;

use super::claims::{Claims, StatusList};
use super::compression::{InflateLimit, compress, inflate};
use super::node::{Node as _, WrongType};
use super::number::NumberError;
use super::status_list::{ListError, required};
use crate::list::View;
use crate::wire::cbor::{describe, find, write_cbor};

pub use super::status_list::aggregation_uri;
pub(crate) use super::status_list::width;

/// The `typ` header of the token: the whole media type (draft-ietf-oauth-status-list-21, section
/// 5.2).
pub const TYPE: &str = MEDIA_TYPE;

/// The media type that the token is served with (draft-ietf-oauth-status-list-21, section 8.2).
pub const MEDIA_TYPE: &str = View::Cwt.media_type(None);

/// The number of the media type in IANA's registry of CoAP Content-Formats, which a `typ` header
/// may have in its place.
pub const CONTENT_FORMAT: u64 = 279;

/// The keys of claims.
pub mod key {
    /// `iss` (RFC 8392, section 4).
    pub const ISSUER: u64 = 1;
    /// `sub` (RFC 8392, section 4).
    pub const SUBJECT: u64 = 2;
    /// `aud` (RFC 8392, section 4).
    pub const AUDIENCE: u64 = 3;
    /// `exp` (RFC 8392, section 4).
    pub const EXPIRES_AT: u64 = 4;
    /// `nbf` (RFC 8392, section 4).
    pub const NOT_BEFORE: u64 = 5;
    /// `iat` (RFC 8392, section 4).
    pub const ISSUED_AT: u64 = 6;
    /// `cti`, which a JWT calls `jti` (RFC 8392, section 4).
    pub const TOKEN_ID: u64 = 7;
    /// `status_list` (draft-ietf-oauth-status-list-21, section 5.2).
    pub const STATUS_LIST: u64 = 65533;
    /// `ttl` (draft-ietf-oauth-status-list-21, section 5.2).
    pub const TIME_TO_LIVE: u64 = 65534;
    /// `status`, in the credential (draft-ietf-oauth-status-list-21, section 6.3).
    pub const STATUS: u64 = 65535;
}

/// Encodes the claims as the CBOR that is to be signed.
///
/// The order of claims is fixed and every number is as short as it can be: the same claims give
/// the same bytes. It is the order of the specification's examples: that of section 5.2, with
/// `iss` where section 6.3 has it, behind `sub`.
///
/// Source: draft-ietf-oauth-status-list-21, sections 4.3 and 5.2.
#[must_use]
pub fn encode_payload(claims: &Claims) -> Vec<u8> {
    let mut list = vec![
        ("bits".into(), claims.list.width.bits().into()),
        ("lst".into(), Value::Bytes(compress(&claims.list.bytes))),
    ];
    if let Some(uri) = &claims.aggregation_uri {
        list.push(("aggregation_uri".into(), uri.as_str().into()));
    }

    let ttl = claims.time_to_live.map(NonZeroU64::get);
    let payload = [
        (key::SUBJECT, Some(claims.subject.as_str().into())),
        (key::ISSUER, claims.issuer.as_deref().map(Value::from)),
        (key::ISSUED_AT, Some(claims.issued_at.into())),
        (key::EXPIRES_AT, claims.expires_at.map(Value::from)),
        (key::TIME_TO_LIVE, ttl.map(Value::from)),
        (key::STATUS_LIST, Some(Value::Map(list))),
    ];
    let payload = payload
        .into_iter()
        .filter_map(|(key, value)| Some((key.into(), value?)))
        .collect();
    write_cbor(&Value::Map(payload))
}

/// Finds a claim by its [`key`].
#[must_use]
pub fn claim(payload: &[(Value, Value)], key: u64) -> Option<&Value> {
    find(payload, &key.into())
}

/// Reads `ttl`, for how long a copy of a token may be kept.
///
/// Source: draft-ietf-oauth-status-list-21, section 5.2 (an unsigned integer, not 0).
///
/// # Errors
/// Anything but a whole number above 0.
pub fn time_to_live(value: &Value) -> Result<Duration, NumberError> {
    match value.unsigned() {
        None => Err(NumberError::NoWholeNumber(describe(value))),
        Some(0) => Err(NumberError::TooSmall(0.0)),
        Some(seconds) => Ok(Duration::from_secs(seconds)),
    }
}

/// Decodes the value of a `status_list` claim.
///
/// # Errors
/// The first fault on the way to the entries. `aggregation_uri` is not looked at.
///
/// Source: draft-ietf-oauth-status-list-21, sections 4.1 and 4.3.
pub fn decode_list(status_list: &Value, limit: InflateLimit) -> Result<StatusList, ListError> {
    Ok(StatusList {
        width: width(status_list)?,
        bytes: inflate(stream(status_list)?, limit)?,
    })
}

/// Reads `lst` of a `status_list` claim, a zlib stream.
///
/// # Errors
/// No map, no `lst`, or anything but a byte string.
pub fn stream(status_list: &Value) -> Result<&[u8], ListError> {
    match required(status_list, "lst")? {
        Value::Bytes(stream) => Ok(stream),
        other => Err(WrongType::new("lst", other, "a byte string").into()),
    }
}

/// Takes `lst` out of a `status_list` claim, as [`stream`] reads it, and leaves an empty one: it may
/// be too long to be copied.
///
/// # Errors
/// Those of [`stream`].
pub(crate) fn take_stream(status_list: &mut Value) -> Result<Vec<u8>, ListError> {
    let name = Value::from("lst");
    if let Value::Map(members) = &mut *status_list
        && let Some((_, Value::Bytes(stream))) = members.iter_mut().find(|(key, _)| *key == name)
    {
        return Ok(std::mem::take(stream));
    }
    stream(status_list).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use coset::cbor::from_reader;

    use super::*;
    use crate::list::{Width, WidthError};
    use crate::token::InflateError;

    fn claims() -> Claims {
        Claims {
            subject: "https://example.com/1".to_owned(),
            issuer: Some("https://example.com".to_owned()),
            issued_at: 1_686_920_170,
            expires_at: Some(2_291_720_170),
            time_to_live: NonZeroU64::new(43_200),
            aggregation_uri: Some("https://example.com/all".to_owned()),
            list: StatusList {
                width: Width::One,
                bytes: vec![0xb9, 0xa3],
            },
        }
    }

    fn decoded(claims: &Claims) -> Vec<(Value, Value)> {
        let value: Value = from_reader(encode_payload(claims).as_slice()).unwrap();
        value.into_map().unwrap()
    }

    fn list(members: Vec<(&str, Value)>) -> Value {
        let members = members
            .into_iter()
            .map(|(name, value)| (name.into(), value));
        Value::Map(members.collect())
    }

    #[test]
    fn the_payload_has_its_claims_in_a_fixed_order() {
        let stream = compress(&[0xb9, 0xa3]);
        let expected = [
            &b"\xa6\x02\x75https://example.com/1\x01\x73https://example.com"[..],
            b"\x06\x1a\x64\x8c\x5b\xea\x04\x1a\x88\x98\xdf\xea\x19\xff\xfe\x19\xa8\xc0",
            b"\x19\xff\xfd\xa3\x64bits\x01\x63lst",
            &[0x40 + u8::try_from(stream.len()).unwrap()],
            &stream,
            b"\x6faggregation_uri\x77https://example.com/all",
        ]
        .concat();
        assert_eq!(encode_payload(&claims()), expected);
    }

    #[test]
    fn what_is_not_stated_leaves_no_claim() {
        let few = decoded(&Claims {
            issuer: None,
            expires_at: None,
            time_to_live: None,
            aggregation_uri: None,
            ..claims()
        });
        let keys: Vec<_> = few.iter().map(|(key, _)| key.clone()).collect();
        assert_eq!(keys, [2.into(), 6.into(), Value::from(65533)]);
        let list = claim(&few, key::STATUS_LIST).unwrap();
        assert_eq!(list.as_map().unwrap().len(), 2);
        assert_eq!(aggregation_uri(list), Ok(None));
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let claims = claims();
        let payload = decoded(&claims);
        let list = claim(&payload, key::STATUS_LIST).unwrap();
        assert_eq!(aggregation_uri(list), Ok(Some("https://example.com/all")));
        assert_eq!(decode_list(list, InflateLimit::default()), Ok(claims.list));
        assert_eq!(claim(&payload, key::NOT_BEFORE), None);
    }

    #[test]
    fn bits_is_one_of_four_integers() {
        let read = |bits: Value| width(&list(vec![("bits", bits)]));
        for (bits, expected) in [
            (1, Width::One),
            (2, Width::Two),
            (4, Width::Four),
            (8, Width::Eight),
        ] {
            assert_eq!(read(bits.into()), Ok(expected));
        }
        for bits in [0, 3, 9, u64::MAX] {
            assert_eq!(read(bits.into()), Err(ListError::Width(WidthError(bits))));
        }
        for (bits, found) in [
            (1.0.into(), "the number 1.0"),
            ((-1).into(), "the number -1"),
            ("1".into(), "a text"),
            (true.into(), "true"),
            (Value::Null, "null"),
            (Value::Bytes(vec![1]), "a byte string"),
            (Value::Array(vec![]), "an array"),
            (
                Value::Tag(24, Box::new(1.into())),
                "a value with the tag 24",
            ),
        ] {
            let message = format!("bits is {found}, not one of the integers 1, 2, 4 and 8");
            assert_eq!(read(bits).unwrap_err().to_string(), message);
        }
        assert_eq!(width(&list(vec![])), Err(ListError::Missing("bits")));
    }

    #[test]
    fn lst_is_a_byte_string() {
        let bytes = Value::Bytes(vec![0x78, 0xda]);
        assert_eq!(stream(&list(vec![("lst", bytes)])), Ok(&[0x78, 0xda][..]));
        assert_eq!(stream(&list(vec![])), Err(ListError::Missing("lst")));
        // What the JWT form has; some issuers wrote it into CWTs too.
        let text = list(vec![("lst", "eNo".into())]);
        let message = "lst is a text, not a byte string";
        assert_eq!(stream(&text).unwrap_err().to_string(), message);
    }

    #[test]
    fn status_list_is_a_map_with_text_keys() {
        let limit = InflateLimit::default();
        for value in [Value::Null, "eNo".into(), Value::Array(vec![]), 1.into()] {
            let error = decode_list(&value, limit).unwrap_err().to_string();
            assert!(error.ends_with(", not a map"), "{error}");
        }
        let numbered = Value::Map(vec![(1.into(), 1.into())]);
        assert_eq!(width(&numbered), Err(ListError::Missing("bits")));
        let bytes = Value::Bytes(vec![0x78, 0xda]);
        assert_eq!(
            decode_list(&list(vec![("bits", 1.into()), ("lst", bytes)]), limit),
            Err(ListError::Inflate(InflateError::Truncated))
        );
        let other = list(vec![("aggregation_uri", Value::Null)]);
        let message = "aggregation_uri is null, not a text";
        assert_eq!(aggregation_uri(&other).unwrap_err().to_string(), message);
    }

    #[test]
    fn time_to_live_is_an_integer_above_0() {
        assert_eq!(time_to_live(&43200.into()), Ok(Duration::from_hours(12)));
        let longest = Duration::from_secs(u64::MAX);
        assert_eq!(time_to_live(&u64::MAX.into()), Ok(longest));
        assert_eq!(time_to_live(&0.into()), Err(NumberError::TooSmall(0.0)));
        for (value, found) in [
            ((-1).into(), "the number -1"),
            (1.5.into(), "the number 1.5"),
            ("43200".into(), "a text"),
        ] {
            let message = format!("{found} instead of a whole number of seconds from 0 on");
            assert_eq!(time_to_live(&value).unwrap_err().to_string(), message);
        }
    }
}
