//! Base64url without padding, read strictly.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{Engine, decoded_len_estimate};
use thiserror::Error;

/// What is wrong with a text that should be base64url; places are bytes from its start.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Base64UrlError {
    /// There is padding.
    #[error("padding (=) at byte {0}: base64url is written without it here")]
    Padding(usize),
    /// A character of the standard alphabet that base64url replaces.
    #[error("{character:?} at byte {offset} is of the standard base64 alphabet, not of base64url")]
    StandardAlphabet {
        /// `+` or `/`.
        character: char,
        /// Where it is.
        offset: usize,
    },
    /// A space, a tab or a line end.
    #[error("white space at byte {0}")]
    Whitespace(usize),
    /// A character of no base64 alphabet.
    #[error("{character:?} at byte {offset} is not a base64url character")]
    Character {
        /// The character.
        character: char,
        /// Where it is.
        offset: usize,
    },
    /// A number of characters that no bytes give.
    #[error("{0} characters of base64url give no whole number of bytes")]
    Length(usize),
    /// The last character has bits that belong to no byte.
    #[error("the last base64url character has bits beyond the last byte")]
    TrailingBits,
}

/// Encodes bytes as base64url without padding (RFC 7515, section 2).
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Encodes bytes behind a text.
pub(crate) fn encode_behind(text: &mut String, bytes: &[u8]) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Counts the characters that so many bytes are encoded to.
pub(crate) const fn encoded_length(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Decodes base64url without padding; only what [`encode`] writes is accepted.
///
/// # Errors
/// The first fault of the text.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Base64UrlError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| fault(text))
}

/// Decodes base64 of either alphabet, with padding at the end or without.
///
/// A few characters at a time, for the text may be as long as a list: no copy of it is made.
///
/// # Errors
/// The first fault of the text, as if it were base64url without padding.
pub(crate) fn decode_any(text: &str) -> Result<Vec<u8>, Base64UrlError> {
    const CHARACTERS: usize = 1 << 14;

    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(decoded_len_estimate(text.len()));
    for part in text.as_bytes().chunks(CHARACTERS) {
        let part: Vec<u8> = part.iter().copied().map(url_safe).collect();
        URL_SAFE_NO_PAD
            .decode_vec(part, &mut bytes)
            .map_err(|_| fault(&text.replace('+', "-").replace('/', "_")))?;
    }
    Ok(bytes)
}

const fn url_safe(character: u8) -> u8 {
    match character {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    }
}

/// Names the fault of a text that does not decode.
fn fault(text: &str) -> Base64UrlError {
    let foreign = text
        .char_indices()
        .find(|(_, character)| !matches!(character, 'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_'));
    match foreign {
        Some((offset, '=')) => Base64UrlError::Padding(offset),
        Some((offset, character @ ('+' | '/'))) => {
            Base64UrlError::StandardAlphabet { character, offset }
        }
        Some((offset, character)) if character.is_whitespace() => {
            Base64UrlError::Whitespace(offset)
        }
        Some((offset, character)) => Base64UrlError::Character { character, offset },
        None if text.len() % 4 == 1 => Base64UrlError::Length(text.len()),
        None => Base64UrlError::TrailingBits,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_fault_has_its_own_name() {
        use Base64UrlError as Fault;
        for (text, fault) in [
            ("eNo76fITAAPfAgc=", Fault::Padding(15)),
            ("AA==", Fault::Padding(2)),
            ("=", Fault::Padding(0)),
            ("AA=A", Fault::Padding(2)),
            (
                "ab+/",
                Fault::StandardAlphabet {
                    character: '+',
                    offset: 2,
                },
            ),
            (
                "/abc",
                Fault::StandardAlphabet {
                    character: '/',
                    offset: 0,
                },
            ),
            ("abcd\n", Fault::Whitespace(4)),
            (" abcd", Fault::Whitespace(0)),
            ("ab\u{a0}cd", Fault::Whitespace(2)),
            (
                "ab.cd",
                Fault::Character {
                    character: '.',
                    offset: 2,
                },
            ),
            (
                "abcé",
                Fault::Character {
                    character: 'é',
                    offset: 3,
                },
            ),
            ("A", Fault::Length(1)),
            ("abcdA", Fault::Length(5)),
            ("AB", Fault::TrailingBits),
            ("AAB", Fault::TrailingBits),
        ] {
            assert_eq!(decode(text), Err(fault), "{text:?}");
        }
        assert_eq!(decode(""), Ok(vec![]));
        assert_eq!(decode("-_8"), Ok(vec![0xfb, 0xff]));
    }

    #[test]
    fn hostile_characters_are_escaped_in_messages() {
        let message = decode("ab\u{1b}").unwrap_err().to_string();
        assert_eq!(message, r"'\u{1b}' at byte 2 is not a base64url character");
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn every_base64_is_decoded(bytes in prop::collection::vec(any::<u8>(), 0..30_000)) {
            use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};

            for text in [
                STANDARD.encode(&bytes),
                STANDARD_NO_PAD.encode(&bytes),
                URL_SAFE.encode(&bytes),
                encode(&bytes),
            ] {
                prop_assert_eq!(decode_any(&text), Ok(bytes.clone()));
            }
        }

        #[test]
        fn only_what_is_written_is_read(text in "[A-Za-z0-9_=+/ -]{0,12}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
