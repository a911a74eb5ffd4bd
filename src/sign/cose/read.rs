//! Reading.

use std::collections::HashSet;

use coset::cbor::Value;
use serde_json::{Map, Value as Json};

use super::error::{CoseError, CosePart};
use super::{label, sig_structure, tag};
use crate::sign::{Algorithm, PublicKey};
use crate::wire::cbor::{find, name_key, parse_cbor, refuse_long, write_cbor};
use crate::wire::json::parse_strict;
use crate::wire::text::brief;

/// Tells whether the signature covers a header parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// It does.
    Protected,
    /// Anybody may have changed it.
    Unprotected,
}

/// Says what kind of token a message claims to be (RFC 9596, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typ<'a> {
    /// A media type.
    Text(&'a str),
    /// The number of a media type in the registry of CoAP Content-Formats.
    Number(u64),
}

/// The members of a CBOR map, in their order.
type CborMap = Vec<(Value, Value)>;

/// Holds the parts of a message, with the payload as what it was read for: a CBOR map, or a JSON
/// object. Nothing in it is trusted before [`Sign1::verify`].
#[derive(Clone, Debug, PartialEq)]
pub struct Sign1<P = CborMap> {
    tags: Vec<u64>,
    protected_bytes: Vec<u8>,
    protected: CborMap,
    unprotected: CborMap,
    payload_bytes: Vec<u8>,
    payload: P,
    signature: Vec<u8>,
}

/// Reads a message whose payload is a CBOR map.
///
/// Tags before it are kept for whoever judges them: [`Sign1::tags`]. A `COSE_Mac0` has the same
/// parts, and is read too.
///
/// # Errors
///
/// A [`CoseError`] naming the part and the fault: bytes that are no CBOR, bytes after the
/// message, a key that stands twice in a map or in both headers, anything but an array of the
/// four parts, a payload that is not there or no bare map.
pub fn parse_sign1(bytes: &[u8]) -> Result<Sign1, CoseError> {
    parse_message(bytes, |payload| {
        let payload = parse(CosePart::Payload, payload)?;
        bounded(CosePart::Payload, &payload)?;
        match payload {
            Value::Tag(tag, _) => Err(CoseError::TaggedPayload(tag)),
            value => map(CosePart::Payload, value),
        }
    })
}

/// Reads a message whose payload is a JSON object, as in VC-JOSE-COSE, section 3.3.
///
/// # Errors
///
/// Those of [`parse_sign1`] for all but the payload; [`CoseError::Json`] for one that is not
/// unambiguous JSON, and [`CoseError::WrongType`] for one that is no object.
pub(crate) fn parse_json_sign1(bytes: &[u8]) -> Result<Sign1<Map<String, Json>>, CoseError> {
    parse_message(bytes, |payload| match parse_strict(payload)? {
        Json::Object(members) => Ok(members),
        _ => Err(CoseError::WrongType {
            part: CosePart::Payload,
            expected: "a JSON object",
        }),
    })
}

/// Reads a message whose payload may be anything, and is not looked at.
///
/// # Errors
///
/// Those of [`parse_sign1`] that are not about what the payload says.
pub(in crate::sign) fn parse_sign1_around(bytes: &[u8]) -> Result<Sign1<()>, CoseError> {
    parse_message(bytes, |_| Ok(()))
}

fn parse_message<P>(
    bytes: &[u8],
    read_payload: impl FnOnce(&[u8]) -> Result<P, CoseError>,
) -> Result<Sign1<P>, CoseError> {
    let mut value = parse(CosePart::Token, bytes)?;
    let mut tags = Vec::new();
    while let Value::Tag(tag, inner) = value {
        tags.push(tag);
        value = *inner;
    }
    let parts = value.into_array().ok().map(<[Value; 4]>::try_from);
    let Some(Ok([protected, unprotected, payload, signature])) = parts else {
        return Err(CoseError::WrongType {
            part: CosePart::Token,
            expected: "an array of 4 parts",
        });
    };
    for (part, value) in [
        (CosePart::Protected, &protected),
        (CosePart::Unprotected, &unprotected),
        (CosePart::Signature, &signature),
    ] {
        bounded(part, value)?;
    }
    let mut protected_bytes = byte_string(CosePart::Protected, protected)?;
    let mut protected = Vec::new();
    if !protected_bytes.is_empty() {
        let value = parse(CosePart::Protected, &protected_bytes)?;
        protected = map(CosePart::Protected, value)?;
    }
    // An empty map may be written out, but is signed as no bytes (RFC 9052, sections 3 and 4.4).
    if protected.is_empty() {
        protected_bytes.clear();
    }
    let unprotected = map(CosePart::Unprotected, unprotected)?;
    refuse_in_both(&protected, &unprotected)?;
    let payload_bytes = byte_string(CosePart::Payload, payload)?;
    let payload = read_payload(&payload_bytes)?;
    Ok(Sign1 {
        tags,
        protected_bytes,
        protected,
        unprotected,
        payload_bytes,
        payload,
        signature: byte_string(CosePart::Signature, signature)?,
    })
}

impl<P> Sign1<P> {
    /// Returns the tags before the message, the outermost first; a signed token has only
    /// [`tag::SIGN1`].
    #[must_use]
    pub fn tags(&self) -> &[u64] {
        &self.tags
    }

    /// Returns the members of the header that the signature covers.
    #[must_use]
    pub fn protected(&self) -> &[(Value, Value)] {
        &self.protected
    }

    /// Returns the members of the header that anybody may have changed.
    #[must_use]
    pub fn unprotected(&self) -> &[(Value, Value)] {
        &self.unprotected
    }

    /// Returns the members of the payload.
    #[must_use]
    pub fn payload(&self) -> &P {
        &self.payload
    }

    /// Takes the payload out, and leaves an empty one: it may be too long to be copied.
    pub(crate) fn take_payload(&mut self) -> P
    where
        P: Default,
    {
        std::mem::take(&mut self.payload)
    }

    /// Returns the signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Finds a header parameter, in whichever header it is.
    #[must_use]
    pub fn parameter(&self, label: i64) -> Option<(&Value, Placement)> {
        let label = Value::from(label);
        let find = |members| find(members, &label);
        let protected = find(&self.protected).map(|value| (value, Placement::Protected));
        protected.or_else(|| Some((find(&self.unprotected)?, Placement::Unprotected)))
    }

    /// Returns the algorithm that the header names.
    ///
    /// # Errors
    ///
    /// [`CoseError::NoAlgorithm`], [`CoseError::UnknownAlgorithm`] for other numbers, and
    /// [`CoseError::WrongParameter`] for anything but a number.
    pub fn algorithm(&self) -> Result<Algorithm, CoseError> {
        match self.parameter(label::ALGORITHM) {
            None => Err(CoseError::NoAlgorithm),
            Some((Value::Integer(number), _)) => Ok(Algorithm::from_cose((*number).into())?),
            // Text is allowed (RFC 9052, section 3.1), but no algorithm that is offered has one.
            Some(_) => Err(wrong("alg", "a number")),
        }
    }

    /// Returns what kind of token it claims to be, if it says so.
    ///
    /// # Errors
    ///
    /// [`CoseError::WrongParameter`] for anything but text and numbers from 0 on.
    pub fn typ(&self) -> Result<Option<Typ<'_>>, CoseError> {
        let Some((typ, _)) = self.parameter(label::TYPE) else {
            return Ok(None);
        };
        let known = match typ {
            Value::Text(text) => Some(Typ::Text(text)),
            Value::Integer(number) => u64::try_from(*number).ok().map(Typ::Number),
            _ => None,
        };
        known
            .map(Some)
            .ok_or(wrong("typ", "a text or a number from 0 on"))
    }

    /// Returns the key identifier, if there is one.
    ///
    /// # Errors
    ///
    /// [`CoseError::WrongParameter`] for anything but a byte string.
    pub fn key_id(&self) -> Result<Option<&[u8]>, CoseError> {
        match self.parameter(label::KEY_ID) {
            None => Ok(None),
            Some((Value::Bytes(bytes), _)) => Ok(Some(bytes)),
            Some(_) => Err(wrong("kid", "a byte string")),
        }
    }

    /// Returns the certificates in DER, that of the key first; none if the header has none.
    ///
    /// They are what the message says: nothing of them has been checked.
    ///
    /// # Errors
    ///
    /// [`CoseError::WrongParameter`] for anything but a byte string or an array of some.
    pub fn certificates(&self) -> Result<Vec<&[u8]>, CoseError> {
        let expected = || wrong("x5chain", "a byte string or an array of byte strings");
        match self.parameter(label::CERTIFICATES) {
            None => Ok(Vec::new()),
            Some((Value::Bytes(only), _)) => Ok(vec![only]),
            Some((Value::Array(several), _)) if !several.is_empty() => several
                .iter()
                .map(|item| item.as_bytes().map(Vec::as_slice).ok_or_else(expected))
                .collect(),
            Some(_) => Err(expected()),
        }
    }

    /// Checks that the header demands no extension but parameters that are read here (RFC 9052,
    /// section 3.1).
    ///
    /// # Errors
    ///
    /// [`CoseError::UnknownExtension`] with the labels in `crit` that are not known or not
    /// protected, or if `crit` itself is not protected or no list of labels.
    pub(crate) fn check_extensions(&self) -> Result<(), CoseError> {
        let unknown = match self.parameter(label::CRITICAL) {
            None => return Ok(()),
            Some((Value::Array(labels), Placement::Protected)) if !labels.is_empty() => {
                let unknown = labels.iter().filter(|label| !self.understands(label));
                let unknown: Vec<_> = unknown.map(name_key).collect();
                if unknown.is_empty() {
                    return Ok(());
                }
                brief(&unknown.join(", "))
            }
            Some((_, Placement::Unprotected)) => "`crit` is not protected".to_owned(),
            Some(_) => "`crit` is not a list of labels".to_owned(),
        };
        Err(CoseError::UnknownExtension(unknown))
    }

    /// Returns the bytes that the signature is over, with the protected header as it came.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        sig_structure(&self.protected_bytes, &self.payload_bytes)
    }

    /// Checks the signature. The tag 18 may be missing, and the tag 61 may stand before it.
    ///
    /// # Errors
    ///
    /// [`CoseError::Mac`] and [`CoseError::OtherTag`] for other kinds of messages, those of
    /// [`Self::algorithm`] and [`Self::check_extensions`], [`CoseError::KeyForOtherAlgorithm`],
    /// and [`CoseError::BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), CoseError> {
        match self.tags.last() {
            None | Some(&tag::SIGN1) => {}
            Some(&tag::MAC0) => return Err(CoseError::Mac),
            Some(&other) => return Err(CoseError::OtherTag(other)),
        }
        let algorithm = self.algorithm()?;
        self.check_extensions()?;
        if algorithm != key.algorithm() {
            return Err(CoseError::KeyForOtherAlgorithm {
                token: algorithm,
                key: key.algorithm(),
            });
        }
        if key.verify(&self.message(), &self.signature) {
            Ok(())
        } else {
            Err(CoseError::BadSignature)
        }
    }

    /// Tells whether a label in `crit` is that of a protected parameter that is read here.
    fn understands(&self, label: &Value) -> bool {
        const READ: [i64; 6] = [
            label::ALGORITHM,
            label::CRITICAL,
            label::CONTENT_TYPE,
            label::KEY_ID,
            label::TYPE,
            label::CERTIFICATES,
        ];
        READ.map(Value::from).contains(label) && find(&self.protected, label).is_some()
    }
}

fn parse(part: CosePart, bytes: &[u8]) -> Result<Value, CoseError> {
    parse_cbor(bytes).map_err(|source| CoseError::Cbor { part, source })
}

/// Refuses a part with strings that are longer than any need be.
fn bounded(part: CosePart, value: &Value) -> Result<(), CoseError> {
    refuse_long(value).map_err(|source| CoseError::Cbor { part, source })
}

fn byte_string(part: CosePart, value: Value) -> Result<Vec<u8>, CoseError> {
    let expected = "a byte string";
    value
        .into_bytes()
        .map_err(|_| CoseError::WrongType { part, expected })
}

fn map(part: CosePart, value: Value) -> Result<CborMap, CoseError> {
    let expected = "a map";
    value
        .into_map()
        .map_err(|_| CoseError::WrongType { part, expected })
}

/// A label in both headers would let readers differ in which one they believe (RFC 9052, section
/// 3).
fn refuse_in_both(
    protected: &[(Value, Value)],
    unprotected: &[(Value, Value)],
) -> Result<(), CoseError> {
    let seen: HashSet<_> = protected
        .iter()
        .map(|(label, _)| write_cbor(label))
        .collect();
    let in_both = unprotected
        .iter()
        .find(|(label, _)| seen.contains(&write_cbor(label)));
    match in_both {
        Some((label, _)) => Err(CoseError::InBothHeaders(name_key(label))),
        None => Ok(()),
    }
}

fn wrong(name: &'static str, expected: &'static str) -> CoseError {
    CoseError::WrongParameter { name, expected }
}
