//! What published bytes are, as far as their look tells.

use serde_json::{Map, Value};

use super::credential::{PublishedCredential, recognise_credential};
use super::ocsp::recognise_answer;

/// Something that somebody published.
pub(crate) enum Published {
    /// A W3C credential.
    Credential(PublishedCredential),
    /// An answer of an `OpenAttestation` OCSP responder.
    Answer(Map<String, Value>),
    /// A Status List Token, or nothing at all: the bytes that were given.
    Token(Vec<u8>),
}

/// Tells what bytes are. It lets go of those that it does not hand back.
pub(crate) fn recognise(bytes: Vec<u8>) -> Published {
    if let Some(credential) = recognise_credential(&bytes) {
        Published::Credential(credential)
    } else if let Some(answer) = recognise_answer(&bytes) {
        Published::Answer(answer)
    } else {
        Published::Token(bytes)
    }
}
