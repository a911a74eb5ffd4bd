//! The messages that the values of a `message` list stand for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::StatusSize;
use crate::list::Status;
use crate::wire::json::describe;
use crate::wire::number::digits;

/// What the text of a value that stands for nothing is.
///
/// Source: Bitstring Status List v1.0, section 2.1 (`statusMessage`).
const UNDEFINED: &str = "undefined";

/// Writes a message for every value of this size, the smallest first: those of the series, else the
/// registered names of `valid`, `invalid` and `suspended`, else `undefined`.
///
/// They are for developers, not for the holders of credentials. The issuer is committed to them:
/// each credential carries those that it was issued with.
///
/// Source: Bitstring Status List v1.0, section 2.1 (`statusMessage`).
pub(super) fn status_messages(of_series: &BTreeMap<u64, String>, size: StatusSize) -> Value {
    let registered = [Status::VALID, Status::INVALID, Status::SUSPENDED];
    (0..=size.largest())
        .map(|value| {
            let own = of_series.get(&value.into()).map(String::as_str);
            let registered = registered.iter().find(|status| status.value() == value);
            let message = own.or(registered.map(|status| status.name()));
            json!({
                "status": format!("{value:#x}"),
                "message": message.unwrap_or(UNDEFINED),
            })
        })
        .collect()
}

/// The two names of the member with the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `statusMessages`, as the list has it (Bitstring Status List v1.0, section 2.2).
    Plural,
    /// `statusMessage`, as the entry has it (section 2.1).
    Singular,
}

impl Spelling {
    /// The name of the member.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::Plural => "statusMessages",
            Self::Singular => "statusMessage",
        }
    }
}

/// The messages of a list or of an entry, in the order in which they are written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublishedMessages<'a> {
    /// How the member is called.
    pub spelling: Spelling,
    /// Each value with its message: every value that the size allows, once.
    pub messages: Vec<(u8, &'a str)>,
}

/// Reads `statusMessages` or `statusMessage` of the list or of an entry, if one is there.
///
/// # Errors
/// Both are there, or something else than one object with `status` and `message` for each value.
///
/// Source: Bitstring Status List v1.0, section 2.1 (`statusMessage`).
pub(crate) fn published_messages(
    holder: &Map<String, Value>,
    size: StatusSize,
) -> Result<Option<PublishedMessages<'_>>, MessagesError> {
    let of = |spelling: Spelling| holder.get(spelling.member()).map(|value| (spelling, value));
    let (spelling, value) = match (of(Spelling::Plural), of(Spelling::Singular)) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(MessagesError::BothSpellings),
        (Some(found), None) | (None, Some(found)) => found,
    };
    let elements = value.as_array().ok_or_else(|| MessagesError::NotAnArray {
        found: describe(value),
    })?;
    let expected = usize::from(size.largest()) + 1;
    if elements.len() != expected {
        return Err(MessagesError::Count {
            expected,
            found: elements.len(),
        });
    }
    let mut messages = Vec::with_capacity(expected);
    for (place, element) in elements.iter().enumerate() {
        let text = |member| element.get(member).and_then(Value::as_str);
        let status = text("status")
            .and_then(|status| hexadecimal(status, size))
            .ok_or(MessagesError::Status { place, size })?;
        let message = text("message").ok_or(MessagesError::Message { place })?;
        if messages.iter().any(|(earlier, _)| *earlier == status) {
            return Err(MessagesError::Twice(status));
        }
        messages.push((status, message));
    }
    Ok(Some(PublishedMessages { spelling, messages }))
}

fn hexadecimal(text: &str, size: StatusSize) -> Option<u8> {
    let value = digits(text.strip_prefix("0x")?, 16)?;
    u8::try_from(value)
        .ok()
        .filter(|value| *value <= size.largest())
}

/// What is wrong with the messages of a list or of an entry. Places count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum MessagesError {
    /// Both names are used at once.
    #[error("there are both statusMessages and statusMessage")]
    BothSpellings,
    /// It should be an array.
    #[error("the status messages are {found}, not an array")]
    NotAnArray {
        /// What it is.
        found: String,
    },
    /// There is not one message for each value.
    #[error("there are {found} status messages for {expected} values")]
    Count {
        /// How many values the size allows.
        expected: usize,
        /// How many messages there are.
        found: usize,
    },
    /// A message does not say which value it is for, or names one that the list cannot have.
    #[error("status message {place} has no status from 0x0 to {:#x}", size.largest())]
    Status {
        /// Which one.
        place: usize,
        /// The size of the entries.
        size: StatusSize,
    },
    /// A message has no text.
    #[error("status message {place} has no message")]
    Message {
        /// Which one.
        place: usize,
    },
    /// A value has two messages, so that another one has none.
    #[error("there are two status messages for {0:#x}")]
    Twice(u8),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(bits: u64) -> StatusSize {
        StatusSize::from_bits(bits).unwrap()
    }

    #[test]
    fn there_is_one_message_for_every_value() {
        let own = BTreeMap::from([(1, "lost".to_owned()), (255, "last".to_owned())]);
        assert_eq!(
            status_messages(&own, size(2)).to_string(),
            concat!(
                r#"[{"status":"0x0","message":"valid"},{"status":"0x1","message":"lost"},"#,
                r#"{"status":"0x2","message":"suspended"},{"status":"0x3","message":"undefined"}]"#
            )
        );
        for bits in 1..=8 {
            let messages = status_messages(&own, size(bits));
            let messages = messages.as_array().unwrap();
            assert_eq!(messages.len(), 1 << bits);
            let last = json!({ "status": "0xff", "message": "last" });
            assert_eq!(messages.contains(&last), bits == 8);
        }
    }

    fn read(holder: &Value, bits: u64) -> Result<Option<PublishedMessages<'_>>, MessagesError> {
        published_messages(holder.as_object().unwrap(), size(bits))
    }

    #[test]
    fn both_spellings_are_read() {
        let written = status_messages(&BTreeMap::new(), size(2));
        for spelling in [Spelling::Plural, Spelling::Singular] {
            let holder = json!({ spelling.member(): written });
            let messages = vec![
                (0, "valid"),
                (1, "invalid"),
                (2, "suspended"),
                (3, "undefined"),
            ];
            let published = PublishedMessages { spelling, messages };
            assert_eq!(read(&holder, 2), Ok(Some(published)));
        }
        assert_eq!(read(&json!({}), 2), Ok(None));
    }

    #[test]
    fn the_values_may_come_in_any_order_and_with_more_members() {
        let holder = json!({ "statusMessage": [
            { "status": "0x1", "message": "set", "color": "red" },
            { "status": "0x00", "message": "unset" },
        ] });
        let published = read(&holder, 1).unwrap().unwrap();
        assert_eq!(published.messages, [(1, "set"), (0, "unset")]);
    }

    #[test]
    fn each_fault_has_its_own_name() {
        let with = |first: Value| {
            let holder = json!({
                "statusMessages": [first, { "status": "0x1", "message": "set" }]
            });
            read(&holder, 1).unwrap_err().to_string()
        };
        for first in [
            json!({ "message": "no status" }),
            json!({ "status": 0, "message": "a number" }),
            json!({ "status": "0", "message": "no prefix" }),
            json!({ "status": "0x", "message": "no digits" }),
            json!({ "status": "0x+0", "message": "a sign" }),
            json!({ "status": "0x2", "message": "too large" }),
            json!({ "status": "0x100", "message": "far too large" }),
            json!("0x0"),
        ] {
            assert_eq!(
                with(first),
                "status message 0 has no status from 0x0 to 0x1"
            );
        }
        for first in [
            json!({ "status": "0x0" }),
            json!({ "status": "0x0", "message": null }),
        ] {
            assert_eq!(with(first), "status message 0 has no message");
        }
        assert_eq!(
            with(json!({ "status": "0x1", "message": "again" })),
            "there are two status messages for 0x1"
        );
        let empty = json!({ "statusMessages": [], "statusMessage": [] });
        assert_eq!(read(&empty, 1), Err(MessagesError::BothSpellings));
        for (messages, text) in [
            (json!([]), "there are 0 status messages for 256 values"),
            (json!({}), "the status messages are an object, not an array"),
        ] {
            let holder = json!({ "statusMessages": messages });
            assert_eq!(read(&holder, 8).unwrap_err().to_string(), text);
        }
    }
}
