//! The signatures that certificates may carry.

use std::sync::LazyLock;

use rustls_pki_types::{
    AlgorithmIdentifier as RawIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use x509_cert::der::asn1::BitString;
use x509_cert::der::{self, EncodeValue, Reader, SliceReader};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use crate::sign::algorithm::{Algorithm, PublicForm};
use crate::sign::hash_function::HashFunction;
use crate::sign::verifying_key::VerifyingKey;

/// A way to sign certificates: a kind of key, and the hash that goes before it, if one does.
///
/// Curve and hash are independent of each other here, unlike in tokens (RFC 5758, section 3.2).
#[derive(Debug)]
struct Scheme {
    key: Algorithm,
    hash: Option<HashFunction>,
}

/// Every scheme. RSA is not among them, because no key here is RSA.
static SCHEMES: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    let schemes = |key: Algorithm| {
        let hashes = match key.row().public_form {
            PublicForm::Point => HashFunction::ALL.map(Some).to_vec(),
            PublicForm::Bytes => vec![None],
        };
        hashes.into_iter().map(move |hash| Scheme { key, hash })
    };
    Algorithm::ALL.into_iter().flat_map(schemes).collect()
});

/// Lists every scheme as the path building takes them.
pub(super) fn supported() -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    SCHEMES.iter().map(|scheme| scheme as _).collect()
}

/// Says that a signature is of a kind that cannot be checked here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsupported;

/// Is what somebody signed, and the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CertificateSignature {
    pub(super) message: Vec<u8>,
    algorithm: AlgorithmIdentifier,
    signature: BitString,
}

impl CertificateSignature {
    /// Takes a certificate apart into what is signed, byte for byte, the algorithm and the signature
    /// (RFC 5280, section 4.1.1).
    pub(super) fn read(certificate: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(certificate)?;
        let signed = reader.sequence(|reader| {
            Ok::<_, der::Error>(Self {
                message: reader.tlv_bytes()?.to_vec(),
                algorithm: reader.decode()?,
                signature: reader.decode()?,
            })
        })?;
        reader.finish()?;
        Ok(signed)
    }

    /// Tells whether the signature is of this key.
    pub(super) fn verifies_with(&self, key: &SubjectPublicKeyInfo) -> Result<bool, Unsupported> {
        let signature_id = content(&self.algorithm).ok_or(Unsupported)?;
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
        let verified = scheme.verify_signature(point, &self.message, signature);
        Ok(verified.is_ok())
    }
}

impl SignatureVerificationAlgorithm for Scheme {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let valid =
            VerifyingKey::from_bytes(self.key, public_key).is_some_and(|key| match self.hash {
                Some(hash) => key.verify_hashed(&hash.of(message), signature),
                None => key.verify(message, signature),
            });
        if valid { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> RawIdentifier {
        self.key.row().identifier
    }

    fn signature_alg_id(&self) -> RawIdentifier {
        match self.hash {
            Some(HashFunction::Sha256) => alg_id::ECDSA_SHA256,
            Some(HashFunction::Sha384) => alg_id::ECDSA_SHA384,
            Some(HashFunction::Sha512) => alg_id::ECDSA_SHA512,
            None => self.key.row().identifier,
        }
    }
}

/// Writes an identifier without the header of its sequence, as the path building compares it.
fn content(identifier: &AlgorithmIdentifier) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    identifier.encode_value(&mut bytes).ok()?;
    Some(bytes)
}
