//! What a credential says about where its status is.

use serde_json::{Value, json};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_the_order_of_the_specification() {
        assert_eq!(
            jwt_reference(0, "https://example.com/statuslists/1").to_string(),
            r#"{"status":{"status_list":{"idx":0,"uri":"https://example.com/statuslists/1"}}}"#
        );
    }
}
