//! Secrets that sign.
//!
//! Bytes in, bytes out: a secret is the scalar or seed at full length, and a signature is r and s
//! side by side (RFC 7518, section 3.4) or the 64 bytes of RFC 8032.

use p256::ecdsa::signature::Signer;
use p256::pkcs8::EncodePrivateKey;
use p256::pkcs8::der::SecretDocument;
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
