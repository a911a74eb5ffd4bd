//! Secrets that sign.
//!
//! Bytes in, bytes out: a secret is the scalar or seed at full length, and a signature is r and s
//! side by side (RFC 7518, section 3.4) or the 64 bytes of RFC 8032.

use ed25519_dalek::pkcs8::KeypairBytes;
use p256::ecdsa::signature::{SignatureEncoding, Signer};
use p256::pkcs8::{EncodePrivateKey, LineEnding, Result as Pkcs8Result};
use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::verifying_key::VerifyingKey;

/// Holds a secret, ready to sign; every variant wipes itself.
pub(super) enum SigningKey {
    Es256(p256::ecdsa::SigningKey),
    Es384(p384::ecdsa::SigningKey),
    Es512(p521::ecdsa::SigningKey),
    EdDsa(ed25519_dalek::SigningKey),
}

impl SigningKey {
    /// Reads a secret of exactly the right length; `None` if it is none.
    pub(super) fn from_secret(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        // The curve crates accept shorter secrets and pad them.
        if secret.len() != algorithm.secret_length() {
            return None;
        }
        Some(match algorithm {
            Algorithm::Es256 => Self::Es256(secret.try_into().ok()?),
            Algorithm::Es384 => Self::Es384(secret.try_into().ok()?),
            Algorithm::Es512 => Self::Es512(secret.try_into().ok()?),
            Algorithm::EdDsa => Self::EdDsa(secret.try_into().ok()?),
        })
    }

    /// Writes the PKCS#8 form in PEM (RFC 5958; RFC 8410 for Ed25519).
    pub(super) fn to_pem(&self) -> Pkcs8Result<Zeroizing<String>> {
        match self {
            Self::Es256(key) => key.to_pkcs8_pem(LineEnding::LF),
            Self::Es384(key) => key.to_pkcs8_pem(LineEnding::LF),
            Self::Es512(key) => key.to_pkcs8_pem(LineEnding::LF),
            Self::EdDsa(key) => KeypairBytes {
                secret_key: key.to_bytes(),
                // Older readers know only the version of the form that has none.
                public_key: None,
            }
            .to_pkcs8_pem(LineEnding::LF),
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
            Self::Es256(key) => signature::<p256::ecdsa::Signature>(key, message),
            Self::Es384(key) => signature::<p384::ecdsa::Signature>(key, message),
            Self::Es512(key) => signature::<p521::ecdsa::Signature>(key, message),
            Self::EdDsa(key) => signature::<ed25519_dalek::Signature>(key, message),
        }
    }
}

fn signature<S: SignatureEncoding>(key: &impl Signer<S>, message: &[u8]) -> Vec<u8> {
    key.sign(message).to_vec()
}
