//! Keys, signatures, and the forms in which tokens and documents are signed.
//!
//! Nothing here knows of status lists, files, the environment or the clock: keys come in as
//! bytes, messages come in as bytes, and signatures go out as bytes. The one way out of the
//! process is [`SignerCommand`], for keys that are elsewhere.
//!
//! **One key has exactly one [`Algorithm`]**, so no token can choose how it is checked (RFC 8725,
//! section 3.1).
//!
//! **Every signature is deterministic**: the same key and message give the same bytes. So a file
//! that says the same as before is the same, and need not be written or fetched again; and no bad
//! random number gives a key away.
//!
//! **There is no RSA**, because its only implementation in Rust leaks timing (RUSTSEC-2023-0071);
//! and there are no MACs, because whoever can check one can also make one.
//!
//! **A private key is parsed once**, to the form that signs, which wipes itself. `jsonwebtoken`
//! verifies, for the algorithms that it knows.
//!
//! To add an algorithm: its row in `algorithm.rs` says all but the mathematics, which is an arm
//! in each function of `signing_key.rs` and `verifying_key.rs`. Nothing else asks which algorithm
//! it is. A new cryptosuite is a matter of `integrity/cryptosuite.rs`.

mod algorithm;
pub mod cose;
mod der;
mod did;
mod hash_function;
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
mod provider;
mod public_key;
mod sign_error;
mod signer;
mod signer_command;
mod signing_key;
#[cfg(test)]
mod testing;
mod unsigned;
mod unsigned_json;
mod verifying_key;
mod x509;

pub(crate) use crate::wire::cbor::CborError;
pub(crate) use crate::wire::json::JsonError;
pub use algorithm::Algorithm;
pub(crate) use did::DidError;
pub use did::{ControllerDocument, DidKey, DidWeb};
pub(crate) use integrity::{Canonicalization, DataIntegrityProof, ProofError};
pub use integrity::{Cryptosuite, ProofOptions, SecuredDocument, UnsignedProof, canonical_json};
pub(crate) use jose::{Compact, JoseError, JosePart, trim_compact};
pub use jose::{JoseHeader, parse_compact};
pub(crate) use key_error::KeyError;
pub use key_set::KeySet;
pub use private_key::PrivateKey;
pub use public_key::PublicKey;
pub(crate) use sign_error::SignError;
pub use signer::Signer;
pub(crate) use signer_command::SignerCommand;
pub use unsigned::Unsigned;
pub use x509::TrustAnchors;
pub(crate) use x509::{
    Certificate, CertificateChain, NotInForce, Oid, OidError, TrustError, Trusted, Validity,
};
