//! Hashes of `OpenAttestation` documents.

use std::fmt;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::wire::hex;

/// The hash of a document: what it is asked by.
///
/// Written as `0x` and 64 lower-case hexadecimal digits, which is also the name of its file:
/// readers ask for no other spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentHash([u8; 32]);

/// A text that is not a document hash.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a document hash: 64 hexadecimal digits, with or without 0x in front")]
pub struct DocumentHashError;

impl DocumentHash {
    /// Takes the bytes of a hash (Keccak-256).
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the hash.
    #[must_use]
    pub const fn bytes(self) -> [u8; 32] {
        self.0
    }
}

impl std::str::FromStr for DocumentHash {
    type Err = DocumentHashError;

    /// Reads 64 hexadecimal digits in any case, with or without `0x` in front: wrapped documents
    /// have no `0x`, responders do.
    fn from_str(text: &str) -> Result<Self, DocumentHashError> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let mut bytes = [0; 32];
        hex::decode_into(digits.as_bytes(), &mut bytes).ok_or(DocumentHashError)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for DocumentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "0x{}", hex::hex(&self.0))
    }
}

impl Serialize for DocumentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: &str = "28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824";

    #[test]
    fn a_hash_is_read_in_any_spelling_and_written_in_one() {
        let written = format!("0x{HASH}");
        for text in [
            HASH.to_owned(),
            written.clone(),
            HASH.to_ascii_uppercase(),
            format!("0x{}", HASH.to_ascii_uppercase()),
        ] {
            let hash: DocumentHash = text.parse().unwrap();
            assert_eq!(hash.to_string(), written, "{text}");
            assert_eq!(hash.bytes()[..2], [0x28, 0xb2]);
            assert_eq!(DocumentHash::new(hash.bytes()), hash);
        }
        for text in [
            "",
            "0x",
            &HASH[1..],
            &HASH[2..],
            &format!("{HASH}0"),
            &format!("{HASH}00"),
            &format!("0X{HASH}"),
            &format!("0x0x{}", &HASH[2..]),
            &format!("{}g", &HASH[1..]),
            &format!("+{}", &HASH[1..]),
            &format!(" {HASH}"),
            &"é".repeat(32),
        ] {
            assert_eq!(
                text.parse::<DocumentHash>(),
                Err(DocumentHashError),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_hash_comes_back(bytes: [u8; 32]) {
            let hash = DocumentHash::new(bytes);
            prop_assert_eq!(hash.to_string().parse(), Ok(hash));
        }

        #[test]
        fn hostile_text_never_panics(text in "(0x)?[0-9a-fA-F]{60,66}|\\PC{0,70}") {
            if let Ok(hash) = text.parse::<DocumentHash>() {
                prop_assert!(hash.to_string().ends_with(&text.to_ascii_lowercase()));
            }
        }
    }
}
