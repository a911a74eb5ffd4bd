//! What can be wrong with a message.

use std::fmt;

use crate::sign::algorithm::{Algorithm, UnknownAlgorithm};
use crate::wire::cbor::CborError;
use crate::wire::json::JsonError;

/// Names a part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CosePart {
    /// The whole.
    Token,
    /// The header that the signature is over.
    Protected,
    /// The header that the signature is not over.
    Unprotected,
    /// What is signed.
    Payload,
    /// The signature.
    Signature,
}

impl fmt::Display for CosePart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Token => "token",
            Self::Protected => "protected header",
            Self::Unprotected => "unprotected header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// Says why a message cannot be read, or does not verify.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoseError {
    /// A part that is not one unambiguous CBOR item.
    #[error("the {part} is not valid CBOR")]
    Cbor {
        /// The part.
        part: CosePart,
        /// What is wrong with it.
        source: CborError,
    },
    /// A payload that should be JSON, and is not unambiguous JSON.
    #[error("the payload is not valid JSON")]
    Json(#[from] JsonError),
    /// A part of another type than it must be.
    #[error("the {part} is not {expected}")]
    WrongType {
        /// The part.
        part: CosePart,
        /// What it must be.
        expected: &'static str,
    },
    /// A payload that is the right map, but behind a tag.
    #[error("the payload is wrapped in the tag {0}, but must be a bare map")]
    TaggedPayload(u64),
    /// A header parameter that is in both headers.
    #[error("the header parameter {0} is both protected and unprotected")]
    InBothHeaders(String),
    /// A header parameter of another type than it must be.
    #[error("the header parameter {name} is not {expected}")]
    WrongParameter {
        /// Its name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// Headers without an algorithm.
    #[error("the header does not name an algorithm")]
    NoAlgorithm,
    /// An algorithm that is not offered here.
    #[error(transparent)]
    UnknownAlgorithm(#[from] UnknownAlgorithm),
    /// A header with `crit`: the message must be refused by whoever does not know the extension.
    #[error("the header demands an extension that is not known: {0}")]
    UnknownExtension(String),
    /// A MAC instead of a signature: whoever can check it can also make it.
    #[error("the token has a MAC (tag 17) and no signature: it cannot be checked here")]
    Mac,
    /// A tag that promises another kind of message.
    #[error("the tag {0} does not belong to a signed token (tag 18)")]
    OtherTag(u64),
    /// A key that is for another algorithm than the message names.
    #[error("the token is signed with {token}, but the key is for {key}")]
    KeyForOtherAlgorithm {
        /// The algorithm of the message.
        token: Algorithm,
        /// The algorithm of the key.
        key: Algorithm,
    },
    /// A signature by another key, or over other bytes.
    #[error("the signature does not verify with this key")]
    BadSignature,
}
