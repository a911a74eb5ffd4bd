//! How CBOR is written, and how messages name its values.

use coset::cbor::{Value, into_writer};

/// Writes one item in its shortest form, the keys of maps in the order in which they are.
pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    into_writer(value, &mut bytes).expect("any value can be written, and memory takes it");
    bytes
}

/// Finds a member of a map.
pub(super) fn find<'value>(
    members: &'value [(Value, Value)],
    key: &Value,
) -> Option<&'value Value> {
    members
        .iter()
        .find(|(other, _)| other == key)
        .map(|(_, value)| value)
}

/// Names a value in a message; of what has no bound, only the kind.
#[must_use]
pub fn describe(value: &Value) -> String {
    match value {
        Value::Integer(number) => format!("the number {}", i128::from(*number)),
        Value::Float(number) => format!("the number {number:?}"),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
        Value::Text(_) => "a text".to_owned(),
        Value::Bytes(_) => "a byte string".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Map(_) => "a map".to_owned(),
        Value::Tag(tag, _) => format!("a value with the tag {tag}"),
        _ => "something else".to_owned(),
    }
}
