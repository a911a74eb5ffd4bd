//! The signatures that certificates may carry.

use rustls_pki_types::{
    AlgorithmIdentifier as RawIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::der::EncodeValue;
use x509_cert::der::asn1::BitString;
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use crate::sign::algorithm::Algorithm;
use crate::sign::curve::VerifyingKey;

/// A way to sign certificates: a kind of key, and the hash that goes before it.
///
/// Curve and hash are independent of each other here, unlike in tokens (RFC 5758, section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    P256(Hash),
    P384(Hash),
    P521(Hash),
    Ed25519,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// Every scheme. RSA is not among them, because no key here is RSA.
static SCHEMES: [Scheme; 10] = [
    Scheme::P256(Hash::Sha256),
    Scheme::P256(Hash::Sha384),
    Scheme::P256(Hash::Sha512),
    Scheme::P384(Hash::Sha256),
    Scheme::P384(Hash::Sha384),
    Scheme::P384(Hash::Sha512),
    Scheme::P521(Hash::Sha256),
    Scheme::P521(Hash::Sha384),
    Scheme::P521(Hash::Sha512),
    Scheme::Ed25519,
];

/// Lists every scheme as the path building takes them.
pub(super) fn supported() -> [&'static dyn SignatureVerificationAlgorithm; SCHEMES.len()] {
    SCHEMES
        .each_ref()
        .map(|scheme| scheme as &dyn SignatureVerificationAlgorithm)
}

/// Says that a signature is of a kind that cannot be checked here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsupported;

/// Is what somebody signed, and the signature.
pub(super) struct Signed<'a> {
    pub(super) message: &'a [u8],
    pub(super) algorithm: &'a AlgorithmIdentifier,
    pub(super) signature: &'a BitString,
}

impl Signed<'_> {
    /// Tells whether the signature is of this key.
    pub(super) fn verifies_with(&self, key: &SubjectPublicKeyInfo) -> Result<bool, Unsupported> {
        let signature_id = content(self.algorithm).ok_or(Unsupported)?;
        let key_id = content(&key.algorithm).ok_or(Unsupported)?;
        let scheme = SCHEMES
            .iter()
            .find(|scheme| {
                scheme.signature_alg_id().as_ref() == signature_id.as_slice()
                    && scheme.public_key_alg_id().as_ref() == key_id.as_slice()
            })
            .ok_or(Unsupported)?;
        let (Some(point), Some(signature)) =
            (key.subject_public_key.as_bytes(), self.signature.as_bytes())
        else {
            return Ok(false);
        };
        Ok(scheme
            .verify_signature(point, self.message, signature)
            .is_ok())
    }
}

impl SignatureVerificationAlgorithm for Scheme {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let holds = |algorithm, check: &dyn Fn(&VerifyingKey) -> bool| {
            VerifyingKey::from_bytes(algorithm, public_key).is_some_and(|key| check(&key))
        };
        let valid = match self {
            Self::P256(hash) => holds(Algorithm::Es256, &|key| {
                key.verify_hashed(&hash.of(message), signature)
            }),
            Self::P384(hash) => holds(Algorithm::Es384, &|key| {
                key.verify_hashed(&hash.of(message), signature)
            }),
            Self::P521(hash) => holds(Algorithm::Es512, &|key| {
                key.verify_hashed(&hash.of(message), signature)
            }),
            Self::Ed25519 => holds(Algorithm::EdDsa, &|key| key.verify(message, signature)),
        };
        if valid { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> RawIdentifier {
        match self {
            Self::P256(_) => alg_id::ECDSA_P256,
            Self::P384(_) => alg_id::ECDSA_P384,
            Self::P521(_) => alg_id::ECDSA_P521,
            Self::Ed25519 => alg_id::ED25519,
        }
    }

    fn signature_alg_id(&self) -> RawIdentifier {
        match self {
            Self::P256(hash) | Self::P384(hash) | Self::P521(hash) => match hash {
                Hash::Sha256 => alg_id::ECDSA_SHA256,
                Hash::Sha384 => alg_id::ECDSA_SHA384,
                Hash::Sha512 => alg_id::ECDSA_SHA512,
            },
            Self::Ed25519 => alg_id::ED25519,
        }
    }
}

/// Writes an identifier without the header of its sequence, as the path building compares it.
fn content(identifier: &AlgorithmIdentifier) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    identifier.encode_value(&mut bytes).ok()?;
    Some(bytes)
}

impl Hash {
    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}
