//! How a token is written: telling a JWT from a CWT, and a CWT from its text forms.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::wire::hex;

/// What bytes are, as far as their look tells.
pub(super) enum TokenNotation<'a> {
    Jwt(&'a [u8]),
    Cwt {
        token: Cow<'a, [u8]>,
        notation: Notation,
    },
}

/// How a CWT is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// As the bytes that it is, the only one that is ever published.
    Raw,
    Hex,
    Base64,
    Base64Url,
}

impl Notation {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw bytes",
            Self::Hex => "hexadecimal digits",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
        }
    }
}

/// Tells what bytes are. Text that is neither form of a CWT is taken for a JWT.
pub(super) fn recognise(bytes: &[u8]) -> TokenNotation<'_> {
    let begins_as_text = bytes.first().is_none_or(|byte| is_text(*byte));
    let (token, notation) = if !begins_as_text && !bytes.starts_with(BYTE_ORDER_MARK) {
        (bytes.into(), Notation::Raw)
    } else if let Some((token, notation)) = decode(bytes) {
        (token.into(), notation)
    } else {
        return TokenNotation::Jwt(bytes);
    };
    TokenNotation::Cwt { token, notation }
}

/// What some editors write before text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

const fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}

/// Decodes a CWT in a text form, with white space anywhere.
fn decode(text: &[u8]) -> Option<(Vec<u8>, Notation)> {
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    // Hexadecimal digits are base64 too, but of nothing that begins like a token.
    [Notation::Hex, Notation::Base64, Notation::Base64Url]
        .into_iter()
        .find_map(|notation| {
            let token = match notation {
                Notation::Raw => None,
                Notation::Hex => decode_hex(&text),
                Notation::Base64 => decode_base64(&text, &STANDARD),
                Notation::Base64Url => decode_base64(&text, &URL_SAFE),
            };
            let token = token.filter(|token| begins_like_a_message(token))?;
            Some((token, notation))
        })
}

/// Whether the first byte is that of an array of 4, or of a tag that signed messages have (RFC
/// 8949, section 3.1).
fn begins_like_a_message(token: &[u8]) -> bool {
    matches!(token.first(), Some(0x84 | 0x9f | 0xd1 | 0xd2 | 0xd8))
}

fn decode_hex(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    hex::decode_into(text, &mut bytes).map(|()| bytes)
}

fn decode_base64(text: &[u8], alphabet: &Alphabet) -> Option<Vec<u8>> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config).decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &[u8]) -> Option<(Notation, Vec<u8>)> {
        match recognise(bytes) {
            TokenNotation::Jwt(_) => None,
            TokenNotation::Cwt { token, notation } => Some((notation, token.into_owned())),
        }
    }

    #[test]
    fn every_form_of_a_cwt() {
        let token = [0xd2, 0x84, 0x43, 0xfb, 0xff, 0xbf, 0x00].to_vec();
        for (text, form) in [
            (&token[..], Notation::Raw),
            (b"d28443fbffbf00", Notation::Hex),
            (b"D2 84 43FB\nFFbf00\r\n", Notation::Hex),
            (b"0oRD+/+/AA==", Notation::Base64),
            (b"0oRD\n+/+/\nAA\n", Notation::Base64),
            (b"0oRD-_-_AA", Notation::Base64Url),
            (b" 0oRD-_-_AA== ", Notation::Base64Url),
        ] {
            assert_eq!(written(text), Some((form, token.clone())), "{text:?}");
        }
        assert_eq!(written(b"\x84"), Some((Notation::Raw, vec![0x84])));
        assert_eq!(written(b"84"), Some((Notation::Hex, vec![0x84])));
    }

    #[test]
    fn what_is_taken_for_a_jwt() {
        for text in [
            "",
            "\n",
            "\u{feff}a.b.c",
            "a.b.c\u{e9}",
            "hello",
            "a.b.c",
            "eyJhbGciOiJFUzI1NiJ9",
            "{\"alg\":\"ES256\"}",
            "000102",
            "d284430",
            "0oRD+/-_",
        ] {
            assert_eq!(written(text.as_bytes()), None, "{text}");
        }
    }
}
