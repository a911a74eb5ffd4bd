//! Keys, signatures, and the forms in which tokens and documents are signed.
//!
//! Nothing here knows of status lists, files, the environment or the clock: keys come in as
//! bytes, messages come in as bytes, and signatures go out as bytes. The one way out of the
//! process is [`Program`], for keys that are elsewhere.
//!
//! One key has exactly one [`Algorithm`], so no token can choose how it is checked (RFC 8725,
//! section 3.1). Every signature is deterministic: the same key and message give the same bytes.

mod algorithm;
pub mod cose;
mod curve;
mod der;
mod did;
mod integrity;
mod jose;
#[cfg(test)]
mod jose_tests;
mod jwk;
mod key_error;
mod key_set;
mod multikey;
mod pem;
mod private_key;
mod program;
mod provider;
mod public_key;
mod sign_error;
mod signer;
#[cfg(test)]
mod testing;
mod unsigned;
mod unsigned_json;
mod x509;

pub use crate::wire::cbor::CborError;
pub use crate::wire::json::JsonError;
pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use did::{ControllerDocument, DidError, DidKey, DidWeb, VerificationMethod};
pub use integrity::{
    Canonicalization, Cryptosuite, Proof, ProofError, ProofOptions, SecuredDocument, ToNQuads,
    UnknownCryptosuite, UnsignedProof, canonical_json,
};
pub use jose::{Compact, Header, JoseError, Part, Surrounding, parse_compact, trim_compact};
pub use key_error::KeyError;
pub use key_set::{KeySet, SkippedKey};
pub use multikey::MultikeyError;
pub use private_key::PrivateKey;
pub use program::Program;
pub use public_key::PublicKey;
pub use sign_error::SignError;
pub use signer::Signer;
pub use unsigned::Unsigned;
pub use unsigned_json::UnsignedError;
pub use x509::{
    AnchorsError, Certificate, CertificateChain, CertificateError, ChainError, EmbeddedError,
    NotInForce, Oid, OidError, SkippedAnchor, TrustAnchors, TrustError, Trusted, Validity,
};
