//! Writing.

use coset::cbor::Value;
use coset::{CborSerializable, HeaderBuilder};

use super::{byte_string, byte_string_length, label, sig_structure};
use crate::sign::Algorithm;

/// Holds what a token's protected header says beside its algorithm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoseHeader {
    /// The whole media type of the token, such as `application/statuslist+cwt`.
    pub typ: Option<String>,
    /// The media type of the payload.
    pub content_type: Option<String>,
    /// The key identifier.
    pub kid: Option<Vec<u8>>,
    /// The certificate of the key in DER, and behind it those that issued one another.
    pub certificates: Vec<Vec<u8>>,
}

/// Holds a message that lacks nothing but its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sign) struct UnsignedSign1 {
    protected: Vec<u8>,
    payload_length: usize,
    /// Ends with the payload, so that no copy of it is needed.
    message: Vec<u8>,
}

/// The head of an array of the four parts, and a map without members (RFC 8949, appendix B).
const FOUR_PARTS: u8 = 0x84;
const EMPTY_MAP: u8 = 0xa0;
/// The head of [`tag::SIGN1`](super::tag::SIGN1).
const TAG_18: u8 = 0xd2;

impl UnsignedSign1 {
    pub(in crate::sign) fn new(algorithm: Algorithm, header: &CoseHeader, payload: &[u8]) -> Self {
        Self::from_parts(encode(algorithm, header), payload)
    }

    /// Takes a protected header and a payload as they are written.
    pub(in crate::sign) fn from_parts(protected: Vec<u8>, payload: &[u8]) -> Self {
        Self {
            message: sig_structure(&protected, payload),
            payload_length: payload.len(),
            protected,
        }
    }

    /// Returns the protected header as it is written.
    pub(in crate::sign) fn protected(&self) -> &[u8] {
        &self.protected
    }

    /// Returns the payload.
    pub(in crate::sign) fn payload(&self) -> &[u8] {
        &self.message[self.message.len() - self.payload_length..]
    }

    /// Returns the `Sig_structure`: the context `Signature1`, the protected header, no external
    /// data, and the payload (RFC 9052, section 4.4).
    pub(in crate::sign) fn message(&self) -> &[u8] {
        &self.message
    }

    /// Writes the message with the tag 18, and never with the tag 61 of CBOR Web Tokens.
    pub(in crate::sign) fn finish(&self, signature: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.completed_length(signature.len()));
        bytes.extend([TAG_18, FOUR_PARTS]);
        byte_string(&mut bytes, &self.protected);
        bytes.push(EMPTY_MAP);
        byte_string(&mut bytes, self.payload());
        byte_string(&mut bytes, signature);
        bytes
    }

    /// Returns the length of what [`Self::finish`] writes.
    pub(in crate::sign) fn completed_length(&self, signature: usize) -> usize {
        let strings = [self.protected.len(), self.payload_length, signature];
        3 + strings.map(byte_string_length).iter().sum::<usize>()
    }
}

fn encode(algorithm: Algorithm, header: &CoseHeader) -> Vec<u8> {
    let mut builder = HeaderBuilder::new().algorithm(algorithm.cose());
    if let Some(content_type) = &header.content_type {
        builder = builder.content_type(content_type.clone());
    }
    if let Some(kid) = &header.kid {
        builder = builder.key_id(kid.clone());
    }
    if let Some(typ) = &header.typ {
        builder = builder.value(label::TYPE, Value::Text(typ.clone()));
    }
    let certificate = |der: &Vec<u8>| Value::Bytes(der.clone());
    // One stands alone, several in an array (RFC 9360, section 2).
    match header.certificates.as_slice() {
        [] => {}
        [only] => builder = builder.value(label::CERTIFICATES, certificate(only)),
        several => {
            let chain = several.iter().map(certificate).collect();
            builder = builder.value(label::CERTIFICATES, Value::Array(chain));
        }
    }
    let header = builder.build().to_vec();
    header.expect("each label is set once, and memory takes what is written")
}
