//! The JWT form of a list.
//!
//! Writing takes all claims at once. Reading is in small steps, each with its own error, so that
//! a judge can name every fault of a token; [`decode_list`] joins those that lead to the entries.

use std::num::NonZeroU64;

use serde_json::Value;

use super::claims::{Claims, StatusList};
use super::compression::{InflateLimit, compress, inflate};
use super::node::Node as _;
use super::status_list::{ListError, required};
use crate::list::View;
use crate::wire::base64url;
use crate::wire::json::object;

pub(crate) use super::status_list::{aggregation_uri, width};

/// The `typ` header of the token (draft-ietf-oauth-status-list-21, section 5.1).
pub const TYPE: &str = "statuslist+jwt";

/// The media type that the token is served with (draft-ietf-oauth-status-list-21, section 8.2).
pub const MEDIA_TYPE: &str = View::Jwt.media_type(None);

/// Encodes the claims as the JSON that is to be signed.
///
/// The order of members is fixed and there is no white space: the same claims give the same bytes.
///
/// Source: draft-ietf-oauth-status-list-21, sections 4.2 and 5.1.
#[must_use]
pub fn encode_payload(claims: &Claims) -> Vec<u8> {
    let stream = base64url::encode(&compress(&claims.list.bytes));
    let aggregation_uri = claims.aggregation_uri.clone();
    let list = object([
        ("bits", Some(claims.list.width.bits().into())),
        ("lst", Some(stream.into())),
        ("aggregation_uri", aggregation_uri.map(Value::from)),
    ]);

    let ttl = claims.time_to_live.map(NonZeroU64::get);
    let payload = object([
        ("sub", Some(claims.subject.clone().into())),
        ("iss", claims.issuer.clone().map(Value::from)),
        ("iat", Some(claims.issued_at.into())),
        ("exp", claims.expires_at.map(Value::from)),
        ("ttl", ttl.map(Value::from)),
        ("status_list", Some(list)),
    ]);
    payload.to_string().into_bytes()
}

/// Decodes the value of a `status_list` claim.
///
/// # Errors
/// The first fault on the way to the entries. `aggregation_uri` is not looked at.
///
/// Source: draft-ietf-oauth-status-list-21, sections 4.1 and 4.2.
pub fn decode_list(status_list: &Value, limit: InflateLimit) -> Result<StatusList, ListError> {
    Ok(StatusList {
        width: width(status_list)?,
        bytes: inflate(&stream(status_list)?, limit)?,
    })
}

/// Reads `lst` of a `status_list` claim as the zlib stream that it encodes.
///
/// # Errors
/// No object, no `lst`, or anything but base64url without padding.
pub fn stream(status_list: &Value) -> Result<Vec<u8>, ListError> {
    let lst = required(status_list, "lst")?.as_text_of("lst")?;
    Ok(base64url::decode(lst)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::list::{Width, WidthError};
    use crate::token::InflateError;
    use crate::wire::base64url::Base64UrlError;

    fn claims() -> Claims {
        Claims {
            subject: "https://example.com/statuslists/1".to_owned(),
            issuer: Some("https://example.com".to_owned()),
            issued_at: 1_686_920_170,
            expires_at: Some(2_291_720_170),
            time_to_live: NonZeroU64::new(43_200),
            aggregation_uri: Some("https://example.com/statuslists".to_owned()),
            list: StatusList {
                width: Width::One,
                bytes: vec![0xb9, 0xa3],
            },
        }
    }

    #[test]
    fn the_payload_has_its_members_in_a_fixed_order() {
        let text = String::from_utf8(encode_payload(&claims())).unwrap();
        let lst = base64url::encode(&compress(&[0xb9, 0xa3]));
        assert_eq!(
            text,
            [
                r#"{"sub":"https://example.com/statuslists/1","iss":"https://example.com","#,
                r#""iat":1686920170,"exp":2291720170,"ttl":43200,"status_list":{"bits":1,"lst":""#,
                &lst,
                r#"","aggregation_uri":"https://example.com/statuslists"}}"#,
            ]
            .concat()
        );
    }

    #[test]
    fn what_is_not_stated_leaves_no_member() {
        let few = Claims {
            issuer: None,
            expires_at: None,
            time_to_live: None,
            aggregation_uri: None,
            ..claims()
        };
        let payload: Value = serde_json::from_slice(&encode_payload(&few)).unwrap();
        let names =
            |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(names(&payload), ["sub", "iat", "status_list"]);
        assert_eq!(names(&payload["status_list"]), ["bits", "lst"]);
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let claims = claims();
        let payload: Value = serde_json::from_slice(&encode_payload(&claims)).unwrap();
        let list = &payload["status_list"];
        assert_eq!(decode_list(list, InflateLimit::default()), Ok(claims.list));
        assert_eq!(
            aggregation_uri(list),
            Ok(Some("https://example.com/statuslists"))
        );
    }

    #[test]
    fn bits_is_one_of_four_integers() {
        for (bits, expected) in [
            (1, Width::One),
            (2, Width::Two),
            (4, Width::Four),
            (8, Width::Eight),
        ] {
            assert_eq!(width(&json!({ "bits": bits })), Ok(expected));
        }
        for bits in [0, 3, 9, u64::MAX] {
            assert_eq!(
                width(&json!({ "bits": bits })),
                Err(ListError::Width(WidthError(bits)))
            );
        }
        for (bits, found) in [
            (json!(1.0), "the number 1.0"),
            (json!(-1), "the number -1"),
            (json!("1"), "a string"),
            (json!(true), "true"),
            (json!(null), "null"),
            (json!([1]), "an array"),
        ] {
            let message = format!("bits is {found}, not one of the integers 1, 2, 4 and 8");
            assert_eq!(
                width(&json!({ "bits": bits })).unwrap_err().to_string(),
                message
            );
        }
        assert_eq!(width(&json!({})), Err(ListError::Missing("bits")));
    }

    #[test]
    fn lst_is_a_string_of_base64url() {
        assert_eq!(stream(&json!({ "lst": "eNo" })), Ok(vec![0x78, 0xda]));
        assert_eq!(stream(&json!({})), Err(ListError::Missing("lst")));
        assert_eq!(
            stream(&json!({ "lst": "eNo=" })),
            Err(ListError::Encoding(Base64UrlError::Padding(3)))
        );
        assert_eq!(
            stream(&json!({ "lst": [120, 218] }))
                .unwrap_err()
                .to_string(),
            "lst is an array, not a string"
        );
    }

    #[test]
    fn aggregation_uri_may_be_missing() {
        assert_eq!(aggregation_uri(&json!({})), Ok(None));
        assert_eq!(
            aggregation_uri(&json!({ "aggregation_uri": null }))
                .unwrap_err()
                .to_string(),
            "aggregation_uri is null, not a string"
        );
    }

    #[test]
    fn status_list_is_an_object() {
        let limit = InflateLimit::default();
        for value in [json!(null), json!("eNo"), json!([]), json!(1)] {
            assert!(matches!(
                decode_list(&value, limit),
                Err(ListError::WrongType { .. })
            ));
        }
        assert_eq!(
            decode_list(&json!({ "bits": 1, "lst": "eNo" }), limit),
            Err(ListError::Inflate(InflateError::Truncated))
        );
    }
}
