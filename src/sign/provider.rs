//! The cryptography under `jsonwebtoken`.
//!
//! The library's own providers bring RSA and HMAC, which are not offered here, and another
//! generation of the curve crates. This one lets its calls run on the keys of [`super::curve`].
//! ES512, which it does not know, goes past it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, Result};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};
use jsonwebtoken::signature;
use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, EncodingKey};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::algorithm::Algorithm;
use super::curve::{SigningKey, VerifyingKey};
use super::der;

/// Makes this provider the one of the process, unless it already has one.
///
/// A program that embeds this crate may have installed another; the keys are handed over in the
/// standard forms (PKCS#8, SEC1 point), so that one works too.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

/// Signs a message with a PKCS#8 key that fits the algorithm.
pub(super) fn sign(algorithm: Algorithm, key: &EncodingKey, message: &[u8]) -> Result<Vec<u8>> {
    let Some(theirs) = algorithm.in_jsonwebtoken() else {
        return Ok(read_signing_key(algorithm, key.as_bytes())?.sign(message));
    };
    install();
    let text = jsonwebtoken::crypto::sign(message, key, theirs)?;
    Ok(URL_SAFE_NO_PAD.decode(text)?)
}

/// Tells whether the signature belongs to the message and the public key.
pub(super) fn verify(
    algorithm: Algorithm,
    key: &DecodingKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    // An error here is a key or signature that cannot be read: not verified.
    let Some(theirs) = algorithm.in_jsonwebtoken() else {
        return read_verifying_key(algorithm, key).is_ok_and(|key| key.verify(message, signature));
    };
    install();
    let text = URL_SAFE_NO_PAD.encode(signature);
    jsonwebtoken::crypto::verify(&text, message, key, theirs).unwrap_or(false)
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: new_signer,
    verifier_factory: new_verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: no_rsa,
        rsa_pub_components_from_public_key: no_rsa,
        ec_pub_components_from_private_key: ec_public_components,
        ed_pub_components_from_private_key: ed_public_components,
        compute_digest,
    },
};

struct Signer {
    algorithm: TheirAlgorithm,
    key: SigningKey,
}

impl signature::Signer<Vec<u8>> for Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(self.key.sign(message))
    }
}

impl JwtSigner for Signer {
    fn algorithm(&self) -> TheirAlgorithm {
        self.algorithm
    }
}

struct Verifier {
    algorithm: TheirAlgorithm,
    key: VerifyingKey,
}

impl signature::Verifier<Vec<u8>> for Verifier {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> std::result::Result<(), signature::Error> {
        if self.key.verify(message, signature) {
            Ok(())
        } else {
            Err(signature::Error::new())
        }
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> TheirAlgorithm {
        self.algorithm
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is the library's"
)]
fn new_signer(algorithm: &TheirAlgorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Ok(Box::new(Signer {
        algorithm: *algorithm,
        key: read_signing_key(known(*algorithm)?, key.as_bytes())?,
    }))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is the library's"
)]
fn new_verifier(algorithm: &TheirAlgorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    Ok(Box::new(Verifier {
        algorithm: *algorithm,
        key: read_verifying_key(known(*algorithm)?, key)?,
    }))
}

fn read_signing_key(algorithm: Algorithm, pkcs8: &[u8]) -> Result<SigningKey> {
    let parts = der::read_pkcs8(pkcs8).map_err(|_| invalid_key(algorithm))?;
    if parts.algorithm != algorithm {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    SigningKey::from_secret(algorithm, &parts.secret).ok_or_else(|| invalid_key(algorithm))
}

fn read_verifying_key(algorithm: Algorithm, key: &DecodingKey) -> Result<VerifyingKey> {
    VerifyingKey::from_bytes(algorithm, key.try_get_as_bytes()?)
        .ok_or_else(|| invalid_key(algorithm))
}

fn known(algorithm: TheirAlgorithm) -> Result<Algorithm> {
    Algorithm::try_from(algorithm).map_err(|_| ErrorKind::UnsupportedAlgorithm.into())
}

fn invalid_key(algorithm: Algorithm) -> Error {
    match algorithm {
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 => ErrorKind::InvalidEcdsaKey.into(),
        Algorithm::EdDsa => ErrorKind::InvalidEddsaKey.into(),
    }
}

fn no_rsa(_key: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

fn ec_public_components(
    pkcs8: &[u8],
    algorithm: TheirAlgorithm,
) -> Result<(EllipticCurve, Vec<u8>, Vec<u8>)> {
    let curve = match algorithm {
        TheirAlgorithm::ES256 => EllipticCurve::P256,
        TheirAlgorithm::ES384 => EllipticCurve::P384,
        _ => return Err(ErrorKind::InvalidEcdsaKey.into()),
    };
    let point = read_signing_key(known(algorithm)?, pkcs8)?
        .verifying_key()
        .to_bytes();
    let coordinates = point.get(1..).unwrap_or_default();
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    Ok((curve, x.to_vec(), y.to_vec()))
}

fn ed_public_components(pkcs8: &[u8], curve: &EllipticCurve) -> Result<Vec<u8>> {
    match curve {
        EllipticCurve::Ed25519 => Ok(read_signing_key(Algorithm::EdDsa, pkcs8)?
            .verifying_key()
            .to_bytes()),
        _ => Err(ErrorKind::InvalidEddsaKey.into()),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature is the library's"
)]
fn compute_digest(data: &[u8], hash: ThumbprintHash) -> Result<Vec<u8>> {
    match hash {
        ThumbprintHash::SHA256 => Ok(Sha256::digest(data).to_vec()),
        ThumbprintHash::SHA384 => Ok(Sha384::digest(data).to_vec()),
        ThumbprintHash::SHA512 => Ok(Sha512::digest(data).to_vec()),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
    use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, EncodingKey};

    use super::{PROVIDER, install, new_signer, new_verifier};
    use crate::sign::{Algorithm, PrivateKey};

    #[test]
    fn the_library_derives_the_same_public_key() {
        install();
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let Some(theirs) = algorithm.in_jsonwebtoken() else {
                continue;
            };
            let jwk = Jwk::from_encoding_key(key.encoding_key(), theirs).unwrap();
            let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256).unwrap();
            assert_eq!(thumbprint, key.public().thumbprint());
        }
    }

    #[test]
    fn other_algorithms_and_keys_of_other_algorithms_are_refused() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        for other in [
            TheirAlgorithm::HS256,
            TheirAlgorithm::RS256,
            TheirAlgorithm::ES384,
        ] {
            assert!(new_signer(&other, key.encoding_key()).is_err());
        }
        let secret = EncodingKey::from_secret(b"secret");
        assert!(new_signer(&TheirAlgorithm::ES256, &secret).is_err());
        let secret = DecodingKey::from_secret(b"secret");
        assert!(new_verifier(&TheirAlgorithm::ES256, &secret).is_err());
        assert!((PROVIDER.key_utils.rsa_pub_components_from_public_key)(b"").is_err());
    }

    #[test]
    fn installing_twice_is_harmless() {
        install();
        install();
    }
}
