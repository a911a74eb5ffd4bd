//! The text that carries the bits of a W3C list: `encodedList`.

use std::fmt;

use thiserror::Error;

use super::ListFormat;
use crate::token::compression::{
    GunzipError, InflateError, InflateLimit, ZlibHeader, gunzip, gzip, inflate,
};
use crate::wire::base64url::{self, Base64UrlError};

/// Encodes packed entries: gzip, then base64url without padding, with multibase's `u` in front
/// for a Bitstring Status List.
///
/// The older formats speak of base64 and, in the case of `RevocationList2020`, of ZLIB; their
/// examples and their readers have what is written here.
///
/// Source: Bitstring Status List v1.0, section 2.2; `StatusList2021` (draft of 2023-04-27), section
/// 2.2.
#[must_use]
pub fn encode_list(format: ListFormat, bytes: &[u8]) -> String {
    let text = base64url::encode(&gzip(bytes));
    format!("{}{text}", format.multibase_prefix())
}

/// Decodes an `encodedList`, and says in what it differs from what [`encode_list`] would write.
///
/// No difference makes the text ambiguous: no gzip or zlib stream gives a text that begins with
/// `u`, and the alphabets of base64 agree where both have a character.
///
/// # Errors
/// No base64 at all, another container, or a stream that is damaged or larger than the limit.
pub fn decode_list(
    format: ListFormat,
    text: &str,
    limit: InflateLimit,
) -> Result<DecodedList, EncodedListError> {
    PackedList::decode(format, text)?.inflate(limit)
}

/// The list that an `encodedList` is the text of. The text, which may be longer than the list, can be
/// let go of before it is inflated.
pub(crate) struct PackedList {
    /// The gzip or zlib stream.
    stream: Vec<u8>,
    deviations: Vec<Deviation>,
}

impl PackedList {
    /// Decodes the text alone, as [`decode_list`] does first.
    ///
    /// # Errors
    /// No base64 at all.
    pub(crate) fn decode(format: ListFormat, text: &str) -> Result<Self, EncodedListError> {
        let mut deviations = Vec::new();
        let body = text.strip_prefix('u');
        match (format.multibase_prefix(), body) {
            ("", Some(_)) => deviations.push(Deviation::Multibase),
            ("u", None) => deviations.push(Deviation::NoMultibase),
            _ => {}
        }
        let body = body.unwrap_or(text);
        if body.ends_with('=') {
            deviations.push(Deviation::Padding);
        }
        if body.contains(['+', '/']) {
            deviations.push(Deviation::StandardAlphabet);
        }
        let stream = base64url::decode_any(body).map_err(EncodedListError::Encoding)?;
        Ok(Self { stream, deviations })
    }

    /// Inflates what was decoded.
    ///
    /// # Errors
    /// Another container, or a stream that is damaged or larger than the limit.
    pub(crate) fn inflate(self, limit: InflateLimit) -> Result<DecodedList, EncodedListError> {
        let Self {
            stream,
            mut deviations,
        } = self;
        let bytes = if ZlibHeader::parse(&stream).is_ok() {
            deviations.push(Deviation::Zlib);
            inflate(&stream, limit).map_err(EncodedListError::Inflate)?
        } else {
            gunzip(&stream, limit).map_err(EncodedListError::Gunzip)?
        };
        Ok(DecodedList {
            bytes,
            compressed: stream.len(),
            deviations,
        })
    }
}

/// What an `encodedList` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedList {
    /// The packed entries.
    pub bytes: Vec<u8>,
    /// How many bytes the compressed stream has.
    pub compressed: usize,
    /// Everything that is written in another way than it should be, in the order of this list:
    /// prefix, padding, alphabet, container.
    pub deviations: Vec<Deviation>,
}

/// In what an `encodedList` differs from what its format demands, yet can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deviation {
    /// A Bitstring Status List without the prefix of multibase.
    NoMultibase,
    /// A list of an older format with a prefix of multibase.
    Multibase,
    /// Padding at the end.
    Padding,
    /// Characters of the standard alphabet, not of base64url.
    StandardAlphabet,
    /// A zlib stream in the place of a gzip stream. The prose of `RevocationList2020` demands one,
    /// its example and its readers do not.
    Zlib,
}

impl fmt::Display for Deviation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoMultibase => "encodedList has no multibase prefix u",
            Self::Multibase => "encodedList has a multibase prefix u, which its format has not",
            Self::Padding => "encodedList is padded with =",
            Self::StandardAlphabet => {
                "encodedList is in base64 with + and /, not in base64url with - and _"
            }
            Self::Zlib => "encodedList holds a zlib stream, not a gzip stream",
        })
    }
}

/// Why an `encodedList` cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodedListError {
    /// It does not decode to bytes. Places are bytes behind the prefix.
    #[error("encodedList is not base64url")]
    Encoding(#[source] Base64UrlError),
    /// It decodes, but not to a usable gzip stream.
    #[error("encodedList does not inflate")]
    Gunzip(#[source] GunzipError),
    /// It decodes to a zlib stream that is not usable.
    #[error("encodedList does not inflate")]
    Inflate(#[source] InflateError),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::token::compress;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    const LIST: &[u8] = b"a list that gives all kinds of characters in base64: \xfb\xff\xfe";

    fn decode(format: ListFormat, text: &str) -> Result<DecodedList, EncodedListError> {
        decode_list(format, text, InflateLimit::default())
    }

    #[test]
    fn each_format_is_read_as_it_is_written() {
        for (format, start) in [
            (ListFormat::Bitstring, "uH4sIAAAAAAAA"),
            (ListFormat::StatusList2021, "H4sIAAAAAAAA"),
            (ListFormat::RevocationList2020, "H4sIAAAAAAAA"),
        ] {
            let text = encode_list(format, LIST);
            assert!(text.starts_with(start), "{text}");
            assert!(!text.contains(['+', '/', '=']));
            let list = decode(format, &text).unwrap();
            assert_eq!(list.bytes, LIST);
            assert_eq!(list.compressed, gzip(LIST).len());
            assert_eq!(list.deviations, []);
        }
    }

    #[test]
    fn each_deviation_is_named_and_overcome() {
        use Deviation::{Multibase, NoMultibase, Padding, StandardAlphabet, Zlib};

        let url_safe = |stream: &[u8]| base64url::encode(stream);
        let gzip = gzip(LIST);
        let standard = STANDARD.encode(&gzip);
        assert!(standard.contains(['+', '/']), "{standard}");
        let mut padded = url_safe(&gzip);
        padded.push('=');
        for (format, text, deviations) in [
            (ListFormat::Bitstring, url_safe(&gzip), &[NoMultibase][..]),
            (
                ListFormat::StatusList2021,
                format!("u{}", url_safe(&gzip)),
                &[Multibase],
            ),
            (ListFormat::Bitstring, format!("u{padded}"), &[Padding]),
            (
                ListFormat::RevocationList2020,
                standard.trim_end_matches('=').to_owned(),
                &[StandardAlphabet],
            ),
            (
                ListFormat::RevocationList2020,
                url_safe(&compress(LIST)),
                &[Zlib],
            ),
            (
                ListFormat::StatusList2021,
                format!(
                    "u{}==",
                    STANDARD.encode(compress(LIST)).trim_end_matches('=')
                ),
                &[Multibase, Padding, StandardAlphabet, Zlib],
            ),
        ] {
            let list = decode(format, &text).unwrap();
            assert_eq!(list.bytes, LIST);
            assert_eq!(list.deviations, deviations, "{format}: {text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_reason() {
        let chain = |text: &str| {
            let error = decode(ListFormat::Bitstring, text).unwrap_err();
            let source = std::error::Error::source(&error).unwrap().to_string();
            format!("{error}: {source}")
        };
        for (text, message) in [
            (
                "",
                "encodedList does not inflate: a gzip stream that is cut short",
            ),
            (
                "u",
                "encodedList does not inflate: a gzip stream that is cut short",
            ),
            (
                "uH4sI AAAA",
                "encodedList is not base64url: white space at byte 4",
            ),
            (
                "uH4s=AAAA",
                "encodedList is not base64url: padding (=) at byte 3: base64url is written without it here",
            ),
            (
                "uAAAA",
                "encodedList does not inflate: not a gzip stream: it begins with 0000, not 1f8b",
            ),
            (
                "ueNo",
                "encodedList does not inflate: a zlib stream that is cut short",
            ),
            (
                "zH4sIAAAA",
                "encodedList is not base64url: 9 characters of base64url give no whole number of bytes",
            ),
        ] {
            assert_eq!(chain(text), message, "{text:?}");
        }
    }

    #[test]
    fn no_header_of_either_container_begins_with_the_prefix() {
        let gzip = [0x1f, 0x8b];
        for header in (0..=u16::MAX).map(u16::to_be_bytes) {
            if header == gzip || ZlibHeader::parse(&header).is_ok() {
                assert!(!base64url::encode(&header).starts_with('u'));
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit_in_both_containers() {
        let zeros = vec![0; 1_000_000];
        let limit = InflateLimit::new(999_999);
        for (stream, error) in [
            (
                gzip(&zeros),
                EncodedListError::Gunzip(GunzipError::TooLarge(limit)),
            ),
            (
                compress(&zeros),
                EncodedListError::Inflate(InflateError::TooLarge(limit)),
            ),
        ] {
            let text = base64url::encode(&stream);
            assert!(text.len() < 2_000);
            let refused = decode_list(ListFormat::StatusList2021, &text, limit);
            assert_eq!(refused, Err(error));
        }
    }

    proptest! {
        #[test]
        fn hostile_text_ends_in_an_error_or_fits_the_limit(
            start in prop::sample::select(vec!["", "u", "uH4sIAAAAAAAA", "H4sIA", "eNo", "z"]),
            text in "[A-Za-z0-9+/=_. -]{0,60}|\\PC{0,20}",
            format in prop::sample::select(&ListFormat::ALL[..]),
        ) {
            let limit = InflateLimit::new(1000);
            if let Ok(list) = decode_list(format, &format!("{start}{text}"), limit) {
                prop_assert!(list.bytes.len() <= 1000);
            }
        }
    }
}
