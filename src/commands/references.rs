//! What credentials embed of an entry.

use serde_json::{Map, Value, json};

use crate::list::View;
use crate::store::hex;
use crate::token::{cwt_reference, jwt_reference};

/// Writes for each view of a list, named with its uri, what a credential embeds that is to be
/// found there.
///
/// JSON has no byte strings, so CBOR is written in hexadecimal digits.
pub(super) fn references(uris: &[(String, String)], index: u32) -> Map<String, Value> {
    let index = u64::from(index);
    let mut references = Map::new();
    for (name, uri) in uris {
        let reference = match name.parse() {
            Ok(View::Jwt) => jwt_reference(index, uri),
            Ok(View::Cwt) => json!({ "status_hex": hex(&cwt_reference(index, uri)) }),
            _ => continue,
        };
        references.insert(name.clone(), reference);
    }
    references
}
