//! What a credential says about where its status is.

use std::fmt;

use coset::cbor::Value as CborValue;
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::cbor;
use super::json::describe;
use super::uri::is_uri;

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
    cbor::encode(&CborValue::Map(vec![list]))
}

/// Reads where the status of a JOSE credential is from its claims.
///
/// `None` if it has no status, or one of another mechanism.
///
/// Source: draft-ietf-oauth-status-list-21, sections 6.2 and 8.3.
///
/// # Errors
/// A status list is named, but not in the form that the specification asks for.
pub fn read_jwt_reference(
    claims: &Map<String, Value>,
) -> Result<Option<Reference>, ReferenceError> {
    let Some(status) = claims.get("status") else {
        return Ok(None);
    };
    let Some(reference) = object("status", status)?.get("status_list") else {
        return Ok(None);
    };
    let reference = object("status_list", reference)?;
    let member = |name| reference.get(name).ok_or(ReferenceError::Missing(name));
    let (index, uri) = (member("idx")?, member("uri")?);
    let wrong = |member, expected, found| ReferenceError::Wrong {
        member,
        expected,
        found: describe(found),
    };
    let index = index
        .as_u64()
        .ok_or_else(|| wrong("idx", "a whole number from 0 on", index))?;
    let uri = uri.as_str().ok_or_else(|| wrong("uri", "a string", uri))?;
    if !is_uri(uri) {
        return Err(ReferenceError::NotAUri(uri.to_owned()));
    }
    let uri = uri.to_owned();
    Ok(Some(Reference { index, uri }))
}

/// What is wrong with the reference in a credential.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReferenceError {
    /// A member is missing.
    #[error("status_list of the credential has no {0}")]
    Missing(&'static str),
    /// A member is of another type.
    #[error("{member} of the credential is {found}, not {expected}")]
    Wrong {
        /// Which one.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// `uri` is text, but no uri.
    #[error("uri of the credential is {0:?}, which is no uri")]
    NotAUri(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "entry {} of {:?}", self.index, self.uri)
    }
}

fn object<'value>(
    member: &'static str,
    value: &'value Value,
) -> Result<&'value Map<String, Value>, ReferenceError> {
    value.as_object().ok_or_else(|| ReferenceError::Wrong {
        member,
        expected: "an object",
        found: describe(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(claims: &Value) -> Result<Option<Reference>, ReferenceError> {
        read_jwt_reference(claims.as_object().unwrap())
    }

    #[test]
    fn what_is_written_is_read() {
        for index in [0, 7, u64::MAX] {
            let reference = read(&jwt_reference(index, "https://example.com/1"));
            let uri = "https://example.com/1".to_owned();
            assert_eq!(reference, Ok(Some(Reference { index, uri })));
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
            assert_eq!(read(&claims), Ok(None), "{claims}");
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
            let error = read(&json!({ "status": status })).unwrap_err();
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
