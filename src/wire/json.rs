//! JSON without ambiguity.
//!
//! Readers differ in what they make of a member that stands twice, so that one may see another
//! document than the one that was checked (RFC 8259, section 4; RFC 7515, section 4).
//!
//! A value takes up to a hundred times the memory of its text, so that how much is read of whoever
//! it comes from is bounded (RFC 8259, section 9): in values, and in bytes of names and texts. Only
//! what carries a list may be as long as it is.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::text::brief;

/// The most values that are read: a list has under a hundred, a set of 1024 keys some thousands.
pub(crate) const MOST_VALUES: usize = 1 << 14;

/// The most bytes of names and texts that are read, but for those that may be long.
pub(crate) const MOST_BYTES: usize = 4 << 20;

/// The members whose texts may be of any length: the compressed list, as each format calls it.
const LISTS: &[&str] = &["lst", "encodedList"];

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
    /// More values than are read.
    #[error("it has more than {MOST_VALUES} values, which are not read")]
    TooManyValues,
    /// More names and texts than are read.
    #[error("its names and texts have more than {MOST_BYTES} bytes beside the list")]
    TooLong,
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
/// anything but white space after the value, nesting deeper than 127 levels, more than 16,384
/// values or 4 MiB of names and texts beside `lst` and `encodedList`, and whatever else is not JSON.
pub(crate) fn parse_strict(bytes: &[u8]) -> Result<Value, JsonError> {
    parse(bytes, LISTS)
}

/// Reads one JSON value in which the text of this member may be of any length, and no other.
///
/// # Errors
///
/// Those of [`parse_strict`].
pub(crate) fn parse_strict_around(bytes: &[u8], long: &str) -> Result<Value, JsonError> {
    parse(bytes, &[long])
}

fn parse(bytes: &[u8], long: &[&str]) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|error| JsonError::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    let budget = Budget {
        long,
        values: Cell::new(MOST_VALUES),
        bytes: Cell::new(MOST_BYTES),
        fault: RefCell::new(None),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict {
        budget: &budget,
        length: Length::Counted,
    }
    .deserialize(&mut deserializer)
    .map_err(|error| refused(&error, budget.fault.take()))?;
    deserializer
        .end()
        .map_err(|error| JsonError::TrailingData {
            line: error.line(),
            column: error.column(),
        })?;
    Ok(value)
}

fn refused(error: &serde_json::Error, fault: Option<Fault>) -> JsonError {
    let (line, column) = (error.line(), error.column());
    match fault {
        Some(Fault::Duplicate(member)) => {
            return JsonError::DuplicateMember {
                member,
                line,
                column,
            };
        }
        Some(Fault::TooManyValues) => return JsonError::TooManyValues,
        Some(Fault::TooLong) => return JsonError::TooLong,
        None => {}
    }
    let message = error.to_string();
    let place = format!(" at line {line} column {column}");
    JsonError::Syntax {
        message: message.strip_suffix(&place).unwrap_or(&message).to_owned(),
        line,
        column,
    }
}

/// Makes an object of the members that have a value, in this order.
pub(crate) fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// Names a JSON value in a message; of what has no bound, only the kind.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// What may still be read, and why reading was ended: errors of `serde_json` carry text and place
/// only.
struct Budget<'a> {
    /// The members whose texts may be of any length.
    long: &'a [&'a str],
    values: Cell<usize>,
    bytes: Cell<usize>,
    fault: RefCell<Option<Fault>>,
}

enum Fault {
    /// The name of a member that stands twice.
    Duplicate(String),
    TooManyValues,
    TooLong,
}

impl Budget<'_> {
    fn end<E: serde::de::Error>(&self, fault: Fault) -> E {
        *self.fault.borrow_mut() = Some(fault);
        E::custom("it is not read on")
    }

    /// Takes one value.
    fn value<E: serde::de::Error>(&self) -> Result<(), E> {
        let left = self.values.get().checked_sub(1);
        self.values
            .set(left.ok_or_else(|| self.end(Fault::TooManyValues))?);
        Ok(())
    }

    /// Takes the bytes of a name or a text.
    fn bytes<E: serde::de::Error>(&self, text: &str) -> Result<(), E> {
        let left = self.bytes.get().checked_sub(text.len());
        self.bytes
            .set(left.ok_or_else(|| self.end(Fault::TooLong))?);
        Ok(())
    }
}

/// Whether the length of a text counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Counted,
    Free,
}

/// Builds a value.
#[derive(Clone, Copy)]
struct Strict<'a> {
    budget: &'a Budget<'a>,
    length: Length,
}

/// Reads the name of a member, and takes it only if it is not too long.
struct Name<'a>(&'a Budget<'a>);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<String, E> {
        self.0.bytes(name)?;
        Ok(name.to_owned())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.budget.value()?;
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

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        if self.length == Length::Counted {
            self.budget.bytes(value)?;
        }
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(value) = entries.next_element_seed(self.inner(Length::Counted))? {
            array.push(value);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key_seed(Name(self.budget))? {
            // Before the value is read, so that the place is that of the name.
            if object.contains_key(&name) {
                return Err(self.budget.end(Fault::Duplicate(brief(&name))));
            }
            let length = if self.budget.long.contains(&name.as_str()) {
                Length::Free
            } else {
                Length::Counted
            };
            object.insert(name, members.next_value_seed(self.inner(length))?);
        }
        Ok(Value::Object(object))
    }
}

impl Strict<'_> {
    /// The same for a value in this one.
    fn inner(self, length: Length) -> Self {
        Self { length, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{JsonError, MOST_BYTES, MOST_VALUES, parse_strict, parse_strict_around};

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
    fn values_are_bounded_however_they_are_arranged() {
        // The array is one as well.
        let array = |count: usize| format!("[{}]", vec!["0"; count].join(","));
        assert!(parse_strict(array(MOST_VALUES - 1).as_bytes()).is_ok());
        assert_eq!(refusal(&array(MOST_VALUES)), JsonError::TooManyValues);
        assert_eq!(refusal(&array(1 << 20)), JsonError::TooManyValues);
        let members: Vec<_> = (0..MOST_VALUES).map(|n| format!("\"{n}\":{{}}")).collect();
        let object = format!("{{{}}}", members.join(","));
        assert_eq!(refusal(&object), JsonError::TooManyValues);
        // In a list as well: it is a text.
        let list = format!("{{\"lst\":{}}}", array(MOST_VALUES));
        assert_eq!(refusal(&list), JsonError::TooManyValues);
    }

    #[test]
    fn names_and_texts_are_bounded_but_for_lists() {
        let long = "x".repeat(MOST_BYTES);
        for list in ["lst", "encodedList"] {
            let text = format!("{{\"{list}\":\"{long}{long}\",\"a\":1}}");
            assert!(parse_strict(text.as_bytes()).is_ok());
        }
        for text in [
            format!("\"{long}x\""),
            format!("{{\"{long}\":\"x\"}}"),
            format!("{{\"a\":\"{long}\"}}"),
            format!("{{\"lst\":[\"{long}x\"]}}"),
            format!("{{\"lst\":{{\"a\":\"{long}\"}}}}"),
            format!("{{\"id\":\"{long}\"}}"),
            format!("[\"{0}\",\"{0}\",\"{0}\"]", "x".repeat(MOST_BYTES / 2)),
        ] {
            assert_eq!(refusal(&text), JsonError::TooLong);
        }
        let envelope = format!("{{\"id\":\"{long}x\"}}");
        assert!(parse_strict_around(envelope.as_bytes(), "id").is_ok());
        let list = format!("{{\"lst\":\"{long}x\"}}");
        let error = parse_strict_around(list.as_bytes(), "id").unwrap_err();
        assert_eq!(error, JsonError::TooLong);
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
