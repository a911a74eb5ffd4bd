//! Verification through `jsonwebtoken`, and the cryptography under it.
//!
//! The library's own providers bring RSA and HMAC, which are not offered here, and another
//! generation of the curve crates. This one verifies with the keys of [`super::verifying_key`], and
//! does nothing else: private keys sign without the library, which would parse them each time.
//! Algorithms that it does not know go past it.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, EncodingKey, signature};

use super::algorithm::{Algorithm, PublicForm};
use super::verifying_key::VerifyingKey;
use crate::wire::base64url;

/// Tells whether the signature belongs to the message and the public key.
pub(super) fn verify(
    algorithm: Algorithm,
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    // An error here is a key or signature that cannot be read: not verified.
    let row = algorithm.row();
    let Some(theirs) = row.in_jsonwebtoken else {
        return VerifyingKey::from_bytes(algorithm, public_key)
            .is_some_and(|key| key.verify(message, signature));
    };
    // A program that embeds this crate may have installed another provider; the key is handed over
    // in a standard form, so that one works too.
    let _ = PROVIDER.install_default();
    let key = match row.public_form {
        PublicForm::Point => DecodingKey::from_ec_der(public_key),
        PublicForm::Bytes => DecodingKey::from_ed_der(public_key),
    };
    let text = base64url::encode(signature);
    jsonwebtoken::crypto::verify(&text, message, &key, theirs).unwrap_or(false)
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: new_verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

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
fn new_verifier(algorithm: &TheirAlgorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let ours = Algorithm::find(|row| row.in_jsonwebtoken == Some(*algorithm))
        .ok_or(ErrorKind::UnsupportedAlgorithm)?;
    let key = VerifyingKey::from_bytes(ours, key.try_get_as_bytes()?)
        .ok_or(ErrorKind::InvalidKeyFormat)?;
    Ok(Box::new(Verifier {
        algorithm: *algorithm,
        key,
    }))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is the library's"
)]
fn no_signer(_: &TheirAlgorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, EncodingKey};

    use super::{new_verifier, no_signer};
    use crate::sign::{Algorithm, PrivateKey};

    #[test]
    fn only_what_is_offered_here_is_verified() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let key = DecodingKey::from_ec_der(key.public().bytes());
        assert!(new_verifier(&TheirAlgorithm::ES256, &key).is_ok());
        for other in [
            TheirAlgorithm::HS256,
            TheirAlgorithm::RS256,
            TheirAlgorithm::ES384,
        ] {
            assert!(new_verifier(&other, &key).is_err());
        }
        let secret = DecodingKey::from_secret(b"secret");
        assert!(new_verifier(&TheirAlgorithm::ES256, &secret).is_err());
        let secret = EncodingKey::from_secret(b"secret");
        assert!(no_signer(&TheirAlgorithm::ES256, &secret).is_err());
    }
}
