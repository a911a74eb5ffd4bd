//! The compact form of signed tokens (RFC 7515, section 7.1), written and read strictly.

use std::fmt;

use serde_json::{Map, Value};

use super::algorithm::{Algorithm, UnknownAlgorithm};
use super::public_key::PublicKey;
use crate::wire::base64url;
use crate::wire::json::{JsonError, parse_strict};
use crate::wire::text::brief;

/// Holds what a token's header says beside its algorithm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoseHeader {
    /// The media type of the token without `application/`, such as `statuslist+jwt`.
    pub typ: Option<String>,
    /// The key identifier.
    pub kid: Option<String>,
    /// Further members, written last and in their order. `alg`, `kid` and `typ` among them are
    /// passed over.
    pub extra: Map<String, Value>,
}

/// Writes exactly the bytes that are to be signed.
pub(super) fn signing_input(algorithm: Algorithm, header: &JoseHeader, payload: &[u8]) -> String {
    let mut members = Map::new();
    members.insert("alg".to_owned(), algorithm.name().into());
    for (name, value) in [("kid", &header.kid), ("typ", &header.typ)] {
        if let Some(value) = value {
            members.insert(name.to_owned(), value.as_str().into());
        }
    }
    for (name, value) in &header.extra {
        if !["alg", "kid", "typ"].contains(&name.as_str()) {
            members.insert(name.clone(), value.clone());
        }
    }
    let header = Value::Object(members).to_string();
    // With room for the signature, so that a long token is not copied to be completed.
    let lengths = [header.len(), payload.len(), algorithm.signature_length()];
    let length: usize = lengths.map(base64url::encoded_length).iter().sum();
    let mut text = String::with_capacity(length + 2);
    base64url::encode_behind(&mut text, header.as_bytes());
    text.push('.');
    base64url::encode_behind(&mut text, payload);
    text
}

/// Joins what was signed and its signature to a token.
pub(super) fn join_compact(signing_input: String, signature: &[u8]) -> String {
    let mut text = signing_input;
    text.push('.');
    base64url::encode_behind(&mut text, signature);
    text
}

/// Names one of the three parts of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JosePart {
    /// The first.
    Header,
    /// The second.
    Payload,
    /// The third.
    Signature,
}

impl fmt::Display for JosePart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// Says why a token cannot be read, or does not verify.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoseError {
    /// One line break after the token, as editors and `echo` leave it.
    #[error("the token ends with a line break, which is not part of the compact form")]
    TrailingNewline,
    /// Other white space around the token.
    #[error("white space surrounds the token, which is not part of the compact form")]
    SurroundingWhiteSpace,
    /// A byte outside ASCII.
    #[error("the token has a byte outside ASCII at offset {0}")]
    NotAscii(usize),
    /// Not three parts.
    #[error("the token does not have 3 parts between full stops, but {0}")]
    PartCount(usize),
    /// A part with `=` at its end.
    #[error("the {0} is padded with `=`, which base64url in tokens is not")]
    Padding(JosePart),
    /// A part with `+` or `/`.
    #[error("the {0} is in base64 with `+` and `/` instead of base64url")]
    StandardAlphabet(JosePart),
    /// A part that is not base64url for another reason.
    #[error("the {0} is not base64url")]
    NotBase64(JosePart),
    /// A header or payload that is not unambiguous JSON.
    #[error("the {part} is not valid JSON")]
    Json {
        /// The part.
        part: JosePart,
        /// What is wrong with it.
        source: JsonError,
    },
    /// A header or payload that is JSON, but no object.
    #[error("the {0} is not a JSON object")]
    NotAnObject(JosePart),
    /// A header without the text member `alg`.
    #[error("the header does not name an algorithm")]
    NoAlgorithm,
    /// The algorithm `none`: an unsigned token.
    #[error("the token is not signed: its algorithm is `none`")]
    Unsigned,
    /// An algorithm that is not offered here.
    #[error(transparent)]
    UnknownAlgorithm(#[from] UnknownAlgorithm),
    /// A header with `crit`: the token must be refused by whoever does not know the extension.
    #[error("the header demands an extension that is not known: {0}")]
    UnknownExtension(String),
    /// A key that is for another algorithm than the token names.
    #[error("the token is signed with {token}, but the key is for {key}")]
    KeyForOtherAlgorithm {
        /// The algorithm of the token.
        token: Algorithm,
        /// The algorithm of the key.
        key: Algorithm,
    },
    /// A signature by another key, or over another text.
    #[error("the signature does not verify with this key")]
    BadSignature,
}

/// Cuts the white space around a token and says what it was, for callers that report it and go on.
pub(crate) fn trim_compact(text: &[u8]) -> (&[u8], Option<JoseError>) {
    let trimmed = text.trim_ascii();
    let surrounding = match text.strip_prefix(trimmed) {
        Some(b"") => None,
        Some(b"\n" | b"\r\n") => Some(JoseError::TrailingNewline),
        _ => Some(JoseError::SurroundingWhiteSpace),
    };
    (trimmed, surrounding)
}

/// Holds the parts of a token; nothing in it is trusted before [`Compact::verify`].
#[derive(Clone, Debug)]
pub struct Compact<'text> {
    text: &'text str,
    signing_input_length: usize,
    header: Map<String, Value>,
    payload: Map<String, Value>,
    signature: Vec<u8>,
}

/// Reads a token in the compact form whose payload is a JSON object.
///
/// # Errors
///
/// A [`JoseError`] naming the part and the fault: white space around the token, bytes outside
/// ASCII, another number of parts, padding or another alphabet, JSON that is broken, no object,
/// or has a member twice.
pub fn parse_compact(text: &[u8]) -> Result<Compact<'_>, JoseError> {
    if let (_, Some(surrounding)) = trim_compact(text) {
        return Err(surrounding);
    }
    let text = std::str::from_utf8(text)
        .ok()
        .filter(|text| text.is_ascii())
        .ok_or_else(|| {
            let before = text.iter().take_while(|byte| byte.is_ascii());
            JoseError::NotAscii(before.count())
        })?;
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(JoseError::PartCount(text.split('.').count()));
    };
    let signing_input_length = header.len() + 1 + payload.len();
    let header = decode_object(JosePart::Header, header)?;
    let payload = decode_object(JosePart::Payload, payload)?;
    let signature = decode(JosePart::Signature, signature)?;
    Ok(Compact {
        text,
        signing_input_length,
        header,
        payload,
        signature,
    })
}

impl<'text> Compact<'text> {
    /// Returns the members of the header.
    #[must_use]
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// Returns the members of the payload.
    #[must_use]
    pub fn payload(&self) -> &Map<String, Value> {
        &self.payload
    }

    /// Takes the payload out, and leaves none: it may be too long to be copied.
    pub(crate) fn take_payload(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.payload)
    }

    /// Returns the signature; empty if the token is not signed.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Returns the bytes that the signature is over: header and payload as they came.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        &self.text.as_bytes()[..self.signing_input_length]
    }

    /// Returns the whole token.
    #[must_use]
    pub fn text(&self) -> &'text str {
        self.text
    }

    /// Returns the algorithm that the header names.
    ///
    /// # Errors
    ///
    /// [`JoseError::NoAlgorithm`], [`JoseError::Unsigned`] for `none`, and
    /// [`JoseError::UnknownAlgorithm`] for other names.
    pub fn algorithm(&self) -> Result<Algorithm, JoseError> {
        match self.header.get("alg").and_then(Value::as_str) {
            None => Err(JoseError::NoAlgorithm),
            // RFC 8725, section 3.2: some readers were fooled by other spellings of it.
            Some(name) if name.eq_ignore_ascii_case("none") => Err(JoseError::Unsigned),
            Some(name) => Ok(name.parse()?),
        }
    }

    /// Checks that the header demands no extension (RFC 7515, section 4.1.11); none is known.
    ///
    /// # Errors
    ///
    /// [`JoseError::UnknownExtension`] with the names in `crit`.
    pub(crate) fn check_extensions(&self) -> Result<(), JoseError> {
        let names = match self.header.get("crit") {
            None => return Ok(()),
            Some(Value::Array(names)) if !names.is_empty() => names
                .iter()
                .map(|name| {
                    name.as_str()
                        .map_or_else(|| name.to_string(), str::to_owned)
                })
                .collect::<Vec<_>>()
                .join(", "),
            Some(_) => "`crit` is not a list of names".to_owned(),
        };
        Err(JoseError::UnknownExtension(brief(&names)))
    }

    /// Checks the signature.
    ///
    /// # Errors
    ///
    /// Those of [`Self::algorithm`] and [`Self::check_extensions`],
    /// [`JoseError::KeyForOtherAlgorithm`], and [`JoseError::BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), JoseError> {
        let algorithm = self.algorithm()?;
        self.check_extensions()?;
        if algorithm != key.algorithm() {
            return Err(JoseError::KeyForOtherAlgorithm {
                token: algorithm,
                key: key.algorithm(),
            });
        }
        if key.verify(self.signing_input(), &self.signature) {
            Ok(())
        } else {
            Err(JoseError::BadSignature)
        }
    }
}

fn decode_object(part: JosePart, text: &str) -> Result<Map<String, Value>, JoseError> {
    let bytes = decode(part, text)?;
    match parse_strict(&bytes).map_err(|source| JoseError::Json { part, source })? {
        Value::Object(members) => Ok(members),
        _ => Err(JoseError::NotAnObject(part)),
    }
}

fn decode(part: JosePart, text: &str) -> Result<Vec<u8>, JoseError> {
    base64url::decode(text).map_err(|_| {
        if text.ends_with('=') {
            JoseError::Padding(part)
        } else if text.contains(['+', '/']) {
            JoseError::StandardAlphabet(part)
        } else {
            JoseError::NotBase64(part)
        }
    })
}
