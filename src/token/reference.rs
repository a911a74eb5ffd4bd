//! What a credential says about where its status is.

use std::fmt;

use coset::cbor::Value as CborValue;
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::cwt;
use super::node::{Node, WrongType};
use super::uri::is_uri;
use crate::wire::cbor;

/// Where the status of a credential is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `idx`: which entry of the list it is, from 0.
    pub index: u64,
    /// `uri`: the list, to the letter as its token names itself.
    pub uri: String,
}

/// The claim that points a JOSE credential (JWT, SD-JWT VC) to its entry of a list.
///
/// To be merged into the credential's claims. `uri` must equal the list token's `sub` to the
/// letter.
///
/// Source: draft-ietf-oauth-status-list-21, section 6.2.
#[must_use]
pub fn jwt_reference(index: u64, uri: &str) -> Value {
    json!({ "status": { "status_list": { "idx": index, "uri": uri } } })
}

/// What points a COSE credential to its entry of a list: the map
/// `{"status_list": {"idx": index, "uri": uri}}`, encoded.
///
/// It is the whole value of the claim 65535 of a CWT, and of the element `status` of the mobile
/// security object in an mdoc; neither key is part of it, so that both can embed it as it is.
/// `uri` must equal the list token's `sub` to the letter.
///
/// Source: draft-ietf-oauth-status-list-21, section 6.3.
#[must_use]
pub fn cwt_reference(index: u64, uri: &str) -> Vec<u8> {
    let entry = vec![("idx".into(), index.into()), ("uri".into(), uri.into())];
    let list = ("status_list".into(), CborValue::Map(entry));
    cbor::write_cbor(&CborValue::Map(vec![list]))
}

/// Reads where the status of a JOSE credential is from its claims.
///
/// `None` if it has no status, or one of another mechanism.
///
/// Source: draft-ietf-oauth-status-list-21, sections 6.2 and 8.3.
///
/// # Errors
/// A status list is named, but not in the form that the specification asks for.
pub(crate) fn read_jwt_reference(
    claims: &Map<String, Value>,
) -> Result<Option<Reference>, ReferenceError> {
    claims.get("status").map_or(Ok(None), read)
}

/// Reads where the status of a COSE credential is from the claims of its CWT.
///
/// `None` if it has no status, or one of another mechanism.
///
/// Source: draft-ietf-oauth-status-list-21, sections 6.3 and 8.3.
///
/// # Errors
/// A status list is named, but not in the form that the specification asks for.
pub(crate) fn read_cwt_reference(
    claims: &[(CborValue, CborValue)],
) -> Result<Option<Reference>, ReferenceError> {
    cwt::claim(claims, cwt::key::STATUS).map_or(Ok(None), read)
}

/// What is wrong with the reference in a credential.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum ReferenceError {
    /// A member is missing.
    #[error("status_list of the credential has no {0}")]
    Missing(&'static str),
    /// A member is of another type.
    #[error("{} of the credential is {}, not {}", .0.member, .0.found, .0.expected)]
    Wrong(WrongType),
    /// `uri` is text, but no uri.
    #[error("uri of the credential is {0:?}, which is no uri")]
    NotAUri(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "entry {} of {:?}", self.index, self.uri)
    }
}

impl From<WrongType> for ReferenceError {
    fn from(wrong: WrongType) -> Self {
        Self::Wrong(wrong)
    }
}

fn read(status: &impl Node) -> Result<Option<Reference>, ReferenceError> {
    let Some(reference) = status.member("status", "status_list")? else {
        return Ok(None);
    };
    let part = |name| {
        let part = reference.member("status_list", name)?;
        part.ok_or(ReferenceError::Missing(name))
    };
    let (index, uri) = (part("idx")?, part("uri")?);
    let index = index
        .unsigned()
        .ok_or_else(|| WrongType::new("idx", index, "a whole number from 0 on"))?;
    let uri = uri.as_text_of("uri")?.to_owned();
    if !is_uri(&uri) {
        return Err(ReferenceError::NotAUri(uri));
    }
    Ok(Some(Reference { index, uri }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_json(claims: &Value) -> Result<Option<Reference>, ReferenceError> {
        read_jwt_reference(claims.as_object().unwrap())
    }

    #[test]
    fn what_is_written_is_read() {
        for index in [0, 7, u64::MAX] {
            let reference = read_json(&jwt_reference(index, "https://example.com/1"));
            let uri = "https://example.com/1".to_owned();
            assert_eq!(reference, Ok(Some(Reference { index, uri })));
        }
    }

    #[test]
    fn the_same_in_cbor() {
        let read = |status: &[u8]| {
            let status = coset::cbor::from_reader(status).unwrap();
            read_cwt_reference(&[(65535.into(), status)])
        };
        for index in [0, 7, u64::MAX] {
            let reference = read(&cwt_reference(index, "https://example.com/1"));
            let uri = "https://example.com/1".to_owned();
            assert_eq!(reference, Ok(Some(Reference { index, uri })));
        }
        assert_eq!(read(b"\xa0"), Ok(None));
        assert_eq!(read_cwt_reference(&[]), Ok(None));
        for (status, text) in [
            (
                &b"\x80"[..],
                "status of the credential is an array, not a map",
            ),
            (
                b"\xa1\x6bstatus_list\xa2\x63idx\x20\x63uri\x62a:",
                "idx of the credential is the number -1, not a whole number from 0 on",
            ),
            (
                b"\xa1\x6bstatus_list\xa2\x63idx\x00\x63uri\x42a:",
                "uri of the credential is a byte string, not a text",
            ),
        ] {
            assert_eq!(read(status).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn other_mechanisms_are_no_reference() {
        for claims in [
            json!({}),
            json!({"iss": "https://example.com"}),
            json!({"status": {}}),
            json!({"status": {"identifier_list": {"id": "7"}}}),
        ] {
            assert_eq!(read_json(&claims), Ok(None), "{claims}");
        }
    }

    #[test]
    fn each_fault_has_its_own_text() {
        for (status, text) in [
            (
                json!(null),
                "status of the credential is null, not an object",
            ),
            (
                json!("revoked"),
                "status of the credential is a string, not an object",
            ),
            (
                json!({"status_list": []}),
                "status_list of the credential is an array, not an object",
            ),
            (
                json!({"status_list": {"uri": "https://example.com/1"}}),
                "status_list of the credential has no idx",
            ),
            (
                json!({"status_list": {"idx": 0}}),
                "status_list of the credential has no uri",
            ),
            (
                json!({"status_list": {"idx": -1, "uri": "https://example.com/1"}}),
                "idx of the credential is the number -1, not a whole number from 0 on",
            ),
            (
                json!({"status_list": {"idx": 1.0, "uri": "https://example.com/1"}}),
                "idx of the credential is the number 1.0, not a whole number from 0 on",
            ),
            (
                json!({"status_list": {"idx": "1", "uri": "https://example.com/1"}}),
                "idx of the credential is a string, not a whole number from 0 on",
            ),
            (
                json!({"status_list": {"idx": 1, "uri": 7}}),
                "uri of the credential is the number 7, not a string",
            ),
            (
                json!({"status_list": {"idx": 1, "uri": "lists/1"}}),
                "uri of the credential is \"lists/1\", which is no uri",
            ),
        ] {
            let error = read_json(&json!({ "status": status })).unwrap_err();
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn the_reference_in_cbor_is_the_value_alone() {
        assert_eq!(
            cwt_reference(412, "https://example.com/1"),
            b"\xa1\x6bstatus_list\xa2\x63idx\x19\x01\x9c\x63uri\x75https://example.com/1"
        );
    }

    #[test]
    fn members_keep_the_order_of_the_specification() {
        assert_eq!(
            jwt_reference(0, "https://example.com/statuslists/1").to_string(),
            r#"{"status":{"status_list":{"idx":0,"uri":"https://example.com/statuslists/1"}}}"#
        );
    }
}
