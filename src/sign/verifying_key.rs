//! Public keys that verify.
//!
//! Bytes in, a verdict out: a public key is the uncompressed SEC1 point or the 32 bytes of
//! RFC 8032, and a signature is r and s side by side (RFC 7518, section 3.4) or the 64 bytes of
//! RFC 8032.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::signature::{SignatureEncoding, Verifier};

use super::algorithm::Algorithm;

/// Holds a public key, checked to be usable.
pub(super) enum VerifyingKey {
    Es256(p256::ecdsa::VerifyingKey),
    Es384(p384::ecdsa::VerifyingKey),
    Es512(p521::ecdsa::VerifyingKey),
    EdDsa(ed25519_dalek::VerifyingKey),
}

impl VerifyingKey {
    /// Reads a public key; `None` if it is not a usable one.
    pub(super) fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        Some(match algorithm {
            Algorithm::Es256 => Self::Es256(bytes.try_into().ok()?),
            Algorithm::Es384 => Self::Es384(bytes.try_into().ok()?),
            Algorithm::Es512 => Self::Es512(bytes.try_into().ok()?),
            Algorithm::EdDsa => Self::EdDsa(
                ed25519_dalek::VerifyingKey::try_from(bytes)
                    .ok()
                    // A point of small order has signatures that hold for every message.
                    .filter(|key| !key.is_weak())?,
            ),
        })
    }

    /// Writes it: uncompressed SEC1 on the NIST curves, RFC 8032 for Ed25519.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Es256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Self::Es384(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Self::Es512(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Self::EdDsa(key) => key.as_bytes().to_vec(),
        }
    }

    /// Tells whether the signature has the right length and belongs to the message.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(key) => verify::<p256::ecdsa::Signature>(key, message, signature),
            Self::Es384(key) => verify::<p384::ecdsa::Signature>(key, message, signature),
            Self::Es512(key) => verify::<p521::ecdsa::Signature>(key, message, signature),
            Self::EdDsa(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        }
    }

    /// Tells whether an ECDSA signature in DER, as certificates carry it (RFC 5758, section 3.2),
    /// belongs to a hash of any length. Ed25519 takes no hashes.
    pub(super) fn verify_hashed(&self, hash: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok()),
            Self::Es384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok()),
            Self::Es512(key) => p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok()),
            Self::EdDsa(_) => false,
        }
    }
}

fn verify<S: SignatureEncoding>(key: &impl Verifier<S>, message: &[u8], signature: &[u8]) -> bool {
    S::try_from(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
}
