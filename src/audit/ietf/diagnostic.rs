//! CBOR as JSON, to be shown: numbers that have names get them, byte strings become text.
//!
//! What has no counterpart in JSON is written as in the diagnostic notation (RFC 8949, section 8).

use coset::cbor::Value;
use serde_json::{Map, Number, Value as Json, json};

use super::format::ClaimName;
use crate::sign::Algorithm;
use crate::sign::cose::label;
use crate::wire::hex::hex;

/// What the keys of a map are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Labels {
    /// Header parameters.
    Header,
    /// Claims.
    Claims,
    /// Nothing that has names.
    Plain,
}

/// The names of header parameters (RFC 9052, section 3.1, RFC 9360, section 2, RFC 9528, RFC 9596
/// and RFC 9597).
const HEADER: [(i64, &str); 12] = [
    (label::ALGORITHM, "alg"),
    (label::CRITICAL, "crit"),
    (label::CONTENT_TYPE, "content type"),
    (label::KEY_ID, "kid"),
    (13, "kcwt"),
    (14, "kccs"),
    (15, "CWT Claims"),
    (label::TYPE, "typ"),
    (32, "x5bag"),
    (label::CERTIFICATES, "x5chain"),
    (34, "x5t"),
    (35, "x5u"),
];

/// Longer byte strings are cut.
const LONGEST: usize = 4096;

/// What is left of those that are cut.
const BEGINNING: usize = 16;

/// Shows a map as an object.
pub(in crate::audit) fn members(map: &[(Value, Value)], labels: Labels) -> Map<String, Json> {
    map.iter()
        .map(|(key, value)| (label(key, labels), member(key, value, labels)))
        .collect()
}

/// Shows the key of a map: its name if it has one, else its number or text. A text that could be
/// taken for one of the others is put in quotes.
pub(in crate::audit) fn label(key: &Value, labels: Labels) -> String {
    match key {
        Value::Integer(number) => {
            let number = i128::from(*number);
            labels
                .name(number)
                .map_or_else(|| number.to_string(), str::to_owned)
        }
        Value::Text(text) if labels.is_name(text) || text.parse::<i128>().is_ok() => {
            format!("{text:?}")
        }
        Value::Text(text) => text.clone(),
        other => show(other).to_string(),
    }
}

/// Shows a key identifier: most are text.
pub(in crate::audit) fn key_id(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.iter().all(u8::is_ascii_graphic) => text.to_owned(),
        _ => byte_string(bytes),
    }
}

impl Labels {
    /// The numbers that have names.
    fn names(self) -> Vec<(i128, &'static str)> {
        match self {
            Self::Header => HEADER.map(|(label, name)| (label.into(), name)).to_vec(),
            Self::Claims => ClaimName::ALL
                .map(|name| (name.number.into(), name.text))
                .to_vec(),
            Self::Plain => Vec::new(),
        }
    }

    fn name(self, number: i128) -> Option<&'static str> {
        let names = self.names().into_iter();
        names
            .filter(|(known, _)| *known == number)
            .map(|(_, name)| name)
            .next()
    }

    fn is_name(self, text: &str) -> bool {
        self.names().iter().any(|(_, name)| *name == text)
    }
}

fn member(key: &Value, value: &Value, labels: Labels) -> Json {
    let is = |label: i64| labels == Labels::Header && *key == Value::from(label);
    match value {
        Value::Integer(number) if is(label::ALGORITHM) => Algorithm::from_cose((*number).into())
            .map_or_else(|_| show(value), |name| name.name().into()),
        Value::Bytes(bytes) if is(label::KEY_ID) => key_id(bytes).into(),
        _ => show(value),
    }
}

fn show(value: &Value) -> Json {
    match value {
        Value::Integer(number) => {
            let number = i128::from(*number);
            Number::from_i128(number).map_or_else(|| number.to_string().into(), Json::Number)
        }
        Value::Float(number) => {
            Number::from_f64(*number).map_or_else(|| number.to_string().into(), Json::Number)
        }
        Value::Bool(value) => (*value).into(),
        Value::Null => Json::Null,
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => byte_string(bytes).into(),
        Value::Array(items) => items.iter().map(show).collect(),
        Value::Map(map) => members(map, Labels::Plain).into(),
        Value::Tag(tag, inner) => json!({ "tag": tag, "value": show(inner) }),
        _ => "simple value".into(),
    }
}

fn byte_string(bytes: &[u8]) -> String {
    if bytes.len() > LONGEST {
        let (shown, rest) = bytes.split_at(BEGINNING);
        format!("h'{}' and {} bytes more", hex(shown), rest.len())
    } else {
        format!("h'{}'", hex(bytes))
    }
}
