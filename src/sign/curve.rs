//! The curves behind one pair of types.
//!
//! Bytes in, bytes out: a secret is the scalar or seed at full length, a public key is the
//! uncompressed SEC1 point or the 32 bytes of RFC 8032, and a signature is r and s side by side
//! (RFC 7518, section 3.4) or the 64 bytes of RFC 8032.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::pkcs8::EncodePrivateKey;
use p256::pkcs8::der::SecretDocument;
use zeroize::Zeroizing;

use super::algorithm::Algorithm;

/// Holds a secret on one of the curves; every variant wipes itself.
pub(super) enum SigningKey {
    Es256(p256::ecdsa::SigningKey),
    Es384(p384::ecdsa::SigningKey),
    Es512(p521::ecdsa::SigningKey),
    EdDsa(ed25519_dalek::SigningKey),
}

impl SigningKey {
    /// Reads a secret of exactly the curve's length; `None` if it is no secret of the curve.
    pub(super) fn from_secret(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        // The curve crates accept shorter secrets and pad them.
        if secret.len() != algorithm.field_length() {
            return None;
        }
        match algorithm {
            Algorithm::Es256 => p256::ecdsa::SigningKey::from_slice(secret)
                .ok()
                .map(Self::Es256),
            Algorithm::Es384 => p384::ecdsa::SigningKey::from_slice(secret)
                .ok()
                .map(Self::Es384),
            Algorithm::Es512 => p521::ecdsa::SigningKey::from_slice(secret)
                .ok()
                .map(Self::Es512),
            Algorithm::EdDsa => ed25519_dalek::SigningKey::try_from(secret)
                .ok()
                .map(Self::EdDsa),
        }
    }

    /// Writes the PKCS#8 form (RFC 5958; RFC 8410 for Ed25519).
    pub(super) fn to_pkcs8(&self) -> p256::pkcs8::Result<SecretDocument> {
        match self {
            Self::Es256(key) => key.to_pkcs8_der(),
            Self::Es384(key) => key.to_pkcs8_der(),
            Self::Es512(key) => key.to_pkcs8_der(),
            // Without the public key, because older readers know only that version of the form.
            Self::EdDsa(key) => {
                let secret = Zeroizing::new(key.to_bytes());
                let pair = ed25519_dalek::pkcs8::KeypairBytes {
                    secret_key: *secret,
                    public_key: None,
                };
                pair.to_pkcs8_der()
            }
        }
    }

    /// Returns the public key that belongs to the secret.
    pub(super) fn verifying_key(&self) -> VerifyingKey {
        match self {
            Self::Es256(key) => VerifyingKey::Es256(*key.verifying_key()),
            Self::Es384(key) => VerifyingKey::Es384(*key.verifying_key()),
            Self::Es512(key) => VerifyingKey::Es512(*key.verifying_key()),
            Self::EdDsa(key) => VerifyingKey::EdDsa(key.verifying_key()),
        }
    }

    /// Signs deterministically (RFC 6979, RFC 8032); s is left as it comes, low or high.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Es384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Es512(key) => {
                let signature: p521::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Self::EdDsa(key) => key.sign(message).to_bytes().to_vec(),
        }
    }
}

/// Holds a point on one of the curves, checked to be on it.
pub(super) enum VerifyingKey {
    Es256(p256::ecdsa::VerifyingKey),
    Es384(p384::ecdsa::VerifyingKey),
    Es512(p521::ecdsa::VerifyingKey),
    EdDsa(ed25519_dalek::VerifyingKey),
}

impl VerifyingKey {
    /// Reads a point; `None` if it is not a usable point of the curve.
    pub(super) fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::Es256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
                .ok()
                .map(Self::Es256),
            Algorithm::Es384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
                .ok()
                .map(Self::Es384),
            Algorithm::Es512 => p521::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
                .ok()
                .map(Self::Es512),
            Algorithm::EdDsa => ed25519_dalek::VerifyingKey::try_from(bytes)
                .ok()
                // A point of small order has signatures that hold for every message.
                .filter(|key| !key.is_weak())
                .map(Self::EdDsa),
        }
    }

    /// Writes the point: uncompressed SEC1 on the NIST curves, RFC 8032 for Ed25519.
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
            Self::Es256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Es384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Es512(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
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
