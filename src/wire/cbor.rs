//! CBOR without ambiguity (RFC 8949).
//!
//! Readers differ in what they make of a key that stands twice in a map, and short input can
//! describe deep or very many items, each of which takes far more memory than its bytes.

use std::cell::Cell;
use std::collections::HashSet;

use ciborium_io::Read;
use coset::cbor::Value;
use coset::cbor::de::{Error as ReadError, from_reader_with_recursion_limit};

use super::text::brief;

/// Bounds how deep items are nested; a signed token needs 4 levels.
const MAX_DEPTH: usize = 32;

/// Bounds how often a reader is asked for bytes: twice for each item. A signed token needs under
/// 100.
const MAX_READS: usize = 1 << 14;

/// Parts of a string that are as long as this are not counted: they take no more memory than their
/// bytes, and there is a beginning to each string that is.
const BULK: usize = 1 << 10;

/// The most bytes of strings beside the list.
pub(crate) const MOST_BYTES: usize = 4 << 20;

/// The key of the compressed list, which may be of any length.
const LIST: &str = "lst";

/// Says why bytes are not one unambiguous CBOR item. Offsets count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CborError {
    /// An item that is longer than the bytes.
    #[error("the bytes end in the middle of an item")]
    Truncated,
    /// Bytes that begin no item, or text that is not UTF-8.
    #[error("there is no CBOR item at offset {offset}")]
    Malformed {
        /// Where it should be.
        offset: usize,
    },
    /// A well-formed item whose meaning is not assigned.
    #[error("an item cannot be read: {0}")]
    Unassigned(String),
    /// Something after the item.
    #[error("something follows the CBOR item from offset {offset} on")]
    TrailingBytes {
        /// Where it begins.
        offset: usize,
    },
    /// Items that are nested too deep.
    #[error("items are nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// Too many items for so few bytes.
    #[error("there are too many items")]
    TooManyItems,
    /// More strings than are read.
    #[error("its strings have more than {MOST_BYTES} bytes beside the list")]
    TooLong,
    /// A key that stands twice in one map.
    #[error("the key {0} stands twice in one map")]
    DuplicateKey(String),
}

/// Reads one CBOR item that takes all of the bytes.
///
/// Lengths may be definite or not, and numbers longer than they need to be. The memory that it
/// takes is bounded by the length of the bytes and 4 MiB.
///
/// # Errors
///
/// A [`CborError`] for bytes that are no well-formed item, bytes after the item, a key that
/// stands twice in one map at any depth, and items nested too deep or too many of them.
pub(crate) fn parse_cbor(bytes: &[u8]) -> Result<Value, CborError> {
    let offset = Cell::new(0);
    let reader = Bounded {
        bytes,
        offset: &offset,
        reads_left: MAX_READS,
    };
    let value: Value =
        from_reader_with_recursion_limit(reader, MAX_DEPTH).map_err(|error| match error {
            ReadError::Io(Stop::AtEnd) => CborError::Truncated,
            ReadError::Io(Stop::TooManyReads) => CborError::TooManyItems,
            ReadError::Syntax(offset) => CborError::Malformed { offset },
            ReadError::Semantic(_, text) => CborError::Unassigned(brief(&text)),
            ReadError::RecursionLimitExceeded => CborError::TooDeep,
        })?;
    let offset = offset.get();
    if offset < bytes.len() {
        return Err(CborError::TrailingBytes { offset });
    }
    refuse_duplicates(&value)?;
    Ok(value)
}

/// Writes one item in its shortest form, the keys of maps in the order in which they are.
pub(crate) fn write_cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    coset::cbor::into_writer(value, &mut bytes)
        .expect("any value can be written, and memory takes what is written");
    bytes
}

/// Refuses strings that are too long altogether, but for the compressed list: it is the only one that
/// has a reason to be.
pub(crate) fn refuse_long(value: &Value) -> Result<(), CborError> {
    if string_bytes(value) > MOST_BYTES {
        return Err(CborError::TooLong);
    }
    Ok(())
}

fn string_bytes(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Tag(_, inner) => string_bytes(inner),
        Value::Array(items) => items.iter().map(string_bytes).sum(),
        Value::Map(members) => members
            .iter()
            .map(|(key, value)| match value {
                Value::Bytes(_) if key.as_text() == Some(LIST) => LIST.len(),
                _ => string_bytes(key).saturating_add(string_bytes(value)),
            })
            .sum(),
        _ => 0,
    }
}

fn refuse_duplicates(value: &Value) -> Result<(), CborError> {
    match value {
        Value::Tag(_, inner) => refuse_duplicates(inner),
        Value::Array(items) => items.iter().try_for_each(refuse_duplicates),
        Value::Map(members) => {
            let mut seen = HashSet::with_capacity(members.len());
            for (key, value) in members {
                // However long it was written: the shortest form of equal keys is the same.
                if !seen.insert(write_cbor(key)) {
                    return Err(CborError::DuplicateKey(name_key(key)));
                }
                refuse_duplicates(key)?;
                refuse_duplicates(value)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Names the key of a map in a message.
pub(crate) fn name_key(key: &Value) -> String {
    match key {
        Value::Integer(number) => i128::from(*number).to_string(),
        Value::Text(text) => format!("`{}`", brief(text)),
        _ => "that is neither a number nor text".to_owned(),
    }
}

/// Finds a member of a map.
pub(crate) fn find<'value>(
    members: &'value [(Value, Value)],
    key: &Value,
) -> Option<&'value Value> {
    members
        .iter()
        .find(|(other, _)| other == key)
        .map(|(_, value)| value)
}

/// Names a value in a message; of what has no bound, only the kind.
pub(crate) fn describe(value: &Value) -> String {
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

/// Hands out bytes, but not without end for items that have hardly any.
struct Bounded<'a> {
    bytes: &'a [u8],
    offset: &'a Cell<usize>,
    reads_left: usize,
}

#[derive(Debug)]
enum Stop {
    AtEnd,
    TooManyReads,
}

impl Read for Bounded<'_> {
    type Error = Stop;

    fn read_exact(&mut self, data: &mut [u8]) -> Result<(), Stop> {
        let cost = usize::from(data.len() < BULK);
        self.reads_left = self
            .reads_left
            .checked_sub(cost)
            .ok_or(Stop::TooManyReads)?;
        let start = self.offset.get();
        let end = start.checked_add(data.len()).ok_or(Stop::AtEnd)?;
        data.copy_from_slice(self.bytes.get(start..end).ok_or(Stop::AtEnd)?);
        self.offset.set(end);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Arrays of one item in each other.
    fn nested(levels: usize) -> Vec<u8> {
        let mut bytes = vec![0x81; levels];
        bytes.push(0);
        bytes
    }

    #[test]
    fn lengths_may_be_definite_or_not() {
        let expected = Value::Map(vec![
            (1.into(), Value::Array(vec![1.into(), 2.into()])),
            ("a".into(), Value::Bytes(vec![1, 2, 3])),
        ]);
        let definite = b"\xa2\x01\x82\x01\x02\x61a\x43\x01\x02\x03";
        let indefinite =
            b"\xbf\x01\x9f\x01\x18\x02\xff\x7f\x61a\xff\x5f\x41\x01\x42\x02\x03\xff\xff";
        assert_eq!(parse_cbor(definite), Ok(expected.clone()));
        assert_eq!(parse_cbor(indefinite), Ok(expected.clone()));
        assert_eq!(write_cbor(&expected), definite);
    }

    #[test]
    fn every_fault_is_named() {
        use CborError as E;
        for (bytes, expected) in [
            (&b""[..], E::Truncated),
            (b"\x82\x01", E::Truncated),
            (b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", E::Truncated),
            (b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", E::Truncated),
            (b"\x81\x1c", E::Malformed { offset: 1 }),
            (b"\x61\xff", E::Malformed { offset: 0 }),
            (b"\x01\x02", E::TrailingBytes { offset: 1 }),
            (b"\xa2\x01\x00\x01\x00", E::DuplicateKey("1".to_owned())),
            (b"\xa2\x01\x00\x18\x01\x00", E::DuplicateKey("1".to_owned())),
            (
                b"\x81\xc1\xa2\x61a\x00\x61a\x00",
                E::DuplicateKey("`a`".to_owned()),
            ),
        ] {
            assert_eq!(parse_cbor(bytes), Err(expected), "{bytes:x?}");
        }
        assert!(matches!(parse_cbor(b"\xff"), Err(E::Unassigned(_))));
        assert!(matches!(parse_cbor(b"\xe0"), Err(E::Unassigned(_))));
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse_cbor(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(parse_cbor(&nested(MAX_DEPTH + 1)), Err(CborError::TooDeep));
        assert_eq!(parse_cbor(&vec![0x81; 1 << 20]), Err(CborError::TooDeep));
        assert_eq!(parse_cbor(&vec![0xc1; 1 << 20]), Err(CborError::TooDeep));
    }

    #[test]
    fn items_are_bounded_and_long_strings_are_not() {
        let mut many = vec![0x9a, 0, 0x10, 0, 0];
        many.resize(5 + (1 << 20), 0x80);
        assert_eq!(parse_cbor(&many), Err(CborError::TooManyItems));

        let length = 1_u32 << 24;
        let mut long = vec![0x5a];
        long.extend(length.to_be_bytes());
        long.resize(5 + (1 << 24), 7);
        assert_eq!(parse_cbor(&long), Ok(Value::Bytes(vec![7; 1 << 24])));
    }

    proptest! {
        #[test]
        fn random_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = parse_cbor(&bytes) {
                let written = write_cbor(&value);
                prop_assert!(written.len() <= bytes.len());
                prop_assert_eq!(write_cbor(&parse_cbor(&written).unwrap()), written);
            }
        }
    }
}
