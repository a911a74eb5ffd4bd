//! What a credential says about where its status is.

use coset::cbor::Value as CborValue;
use serde_json::{Value, json};

use super::cbor;

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

#[cfg(test)]
mod tests {
    use super::*;

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
