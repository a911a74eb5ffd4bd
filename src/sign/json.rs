//! JSON without ambiguity.
//!
//! Readers differ in what they make of a member that stands twice, so that one may see another
//! document than the one that was checked (RFC 8259, section 4; RFC 7515, section 4).

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::quote::quote;

/// Says why a text is not unambiguous JSON. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Bytes that are not UTF-8.
    #[error("the text is not UTF-8 from byte {offset} on")]
    NotUtf8 {
        /// How many bytes before the fault are UTF-8.
        offset: usize,
    },
    /// A member that stands twice in one object.
    #[error("the member `{member}` stands twice (line {line}, column {column})")]
    DuplicateMember {
        /// The name of the member, cut if it is long.
        member: String,
        /// The line of the second one.
        line: usize,
        /// The column of the second one.
        column: usize,
    },
    /// Something after the end of the value.
    #[error("something follows the end of the JSON value (line {line}, column {column})")]
    TrailingData {
        /// The line where it begins.
        line: usize,
        /// The column where it begins.
        column: usize,
    },
    /// Text that is not JSON, or nested more than 127 levels deep.
    #[error("{message} (line {line}, column {column})")]
    Syntax {
        /// What is wrong; never contains the text itself.
        message: String,
        /// The line of the fault.
        line: usize,
        /// The column of the fault.
        column: usize,
    },
}

/// Reads one JSON value, with its members in their order.
///
/// # Errors
///
/// A [`JsonError`] for invalid UTF-8, a member name that stands twice in one object at any depth,
/// anything but white space after the value, nesting deeper than 127 levels, and whatever else is
/// not JSON.
pub fn parse_strict(bytes: &[u8]) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|error| JsonError::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    let duplicate = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict {
        duplicate: &duplicate,
    }
    .deserialize(&mut deserializer)
    .map_err(|error| describe(&error, duplicate.take()))?;
    deserializer
        .end()
        .map_err(|error| JsonError::TrailingData {
            line: error.line(),
            column: error.column(),
        })?;
    Ok(value)
}

fn describe(error: &serde_json::Error, duplicate: Option<String>) -> JsonError {
    let (line, column) = (error.line(), error.column());
    if let Some(member) = duplicate {
        return JsonError::DuplicateMember {
            member,
            line,
            column,
        };
    }
    let message = error.to_string();
    let place = format!(" at line {line} column {column}");
    JsonError::Syntax {
        message: message.strip_suffix(&place).unwrap_or(&message).to_owned(),
        line,
        column,
    }
}

/// Builds a value and leaves the name of a repeated member where the caller finds it: errors of
/// `serde_json` carry text and place only.
#[derive(Clone, Copy)]
struct Strict<'a> {
    duplicate: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(value) = entries.next_element_seed(self)? {
            array.push(value);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            // Before the value is read, so that the place is that of the name.
            if object.contains_key(&name) {
                *self.duplicate.borrow_mut() = Some(quote(&name));
                return Err(A::Error::custom("duplicate member"));
            }
            object.insert(name, members.next_value_seed(self)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{JsonError, parse_strict};

    fn refusal(text: &str) -> JsonError {
        parse_strict(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn duplicates_are_found_at_any_depth() {
        for (text, column) in [
            (r#"{"a":1,"a":1}"#, 10),
            (r#"{"x":[{"a":{},"a":1}]}"#, 17),
            (r#"{"a":1,"\u0061":2}"#, 15),
        ] {
            let JsonError::DuplicateMember {
                member,
                line,
                column: found,
            } = refusal(text)
            else {
                panic!("{text} should be refused for its duplicate");
            };
            assert_eq!((member.as_str(), line, found), ("a", 1, column));
        }
        assert!(parse_strict(br#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#).is_ok());
    }

    #[test]
    fn other_faults_are_told_apart() {
        assert!(matches!(
            refusal("{} x"),
            JsonError::TrailingData { line: 1, column: 4 }
        ));
        assert!(matches!(refusal("{}{}"), JsonError::TrailingData { .. }));
        assert_eq!(
            refusal("{\n\"a\":}").to_string(),
            "expected value (line 2, column 5)"
        );
        for text in [
            "",
            "{",
            "nul",
            "01",
            "[1,]",
            "\u{feff}{}",
            r#""\ud800""#,
            "1e999",
            "{a:1}",
        ] {
            assert!(matches!(refusal(text), JsonError::Syntax { .. }), "{text}");
        }
        let fault = parse_strict(b"\"a\xff\"").unwrap_err();
        assert_eq!(fault, JsonError::NotUtf8 { offset: 2 });
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse_strict(nested(127).as_bytes()).is_ok());
        assert!(matches!(refusal(&nested(128)), JsonError::Syntax { .. }));
        assert!(matches!(
            refusal(&"[".repeat(1_000_000)),
            JsonError::Syntax { .. }
        ));
    }

    #[test]
    fn members_keep_their_order() {
        let value = parse_strict(br#"{"z":1,"a":2,"m":-3.5}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"z":1,"a":2,"m":-3.5}"#);
    }

    proptest! {
        #[test]
        fn agrees_with_the_library_where_nothing_is_repeated(
            text in r#"[\[\]{}",:0-9a-c. \\u-]{0,24}"#
        ) {
            let theirs = serde_json::from_str::<Value>(&text);
            match parse_strict(text.as_bytes()) {
                Ok(value) => prop_assert_eq!(value, theirs.unwrap()),
                Err(JsonError::DuplicateMember { .. }) => {}
                Err(_) => prop_assert!(theirs.is_err()),
            }
        }
    }
}
