//! Verification through `jsonwebtoken`, and the cryptography under it.
//!
//! The library's own providers bring RSA and HMAC, which are not offered here, and another
//! generation of the curve crates. This one verifies with the keys of [`super::verifying_key`], and
//! does nothing else: private keys sign without the library, which would parse them each time.
//! Algorithms that it does not know go past it.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, signature};

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
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: |theirs, key| {
        let algorithm = Algorithm::find(|row| row.in_jsonwebtoken == Some(*theirs))
            .ok_or(ErrorKind::UnsupportedAlgorithm)?;
        let key = VerifyingKey::from_bytes(algorithm, key.try_get_as_bytes()?)
            .ok_or(ErrorKind::InvalidKeyFormat)?;
        Ok(Box::new(Verifier {
            algorithm: *theirs,
            key,
        }))
    },
    // A program that embeds this crate may come to ask them; the library's own answers are panics.
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        rsa_pub_components_from_public_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ec_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ed_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        compute_digest: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
};

struct Verifier {
    algorithm: TheirAlgorithm,
    key: VerifyingKey,
}

impl signature::Verifier<Vec<u8>> for Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let verified = self.key.verify(message, signature).then_some(());
        verified.ok_or_else(signature::Error::new)
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> TheirAlgorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm as TheirAlgorithm, DecodingKey, EncodingKey};

    use super::PROVIDER;
    use crate::sign::{Algorithm, PrivateKey};

    #[test]
    fn only_what_is_offered_here_is_verified() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let key = DecodingKey::from_ec_der(key.public().bytes());
        assert!((PROVIDER.verifier_factory)(&TheirAlgorithm::ES256, &key).is_ok());
        for other in [
            TheirAlgorithm::HS256,
            TheirAlgorithm::RS256,
            TheirAlgorithm::ES384,
        ] {
            assert!((PROVIDER.verifier_factory)(&other, &key).is_err());
        }
        let secret = DecodingKey::from_secret(b"secret");
        assert!((PROVIDER.verifier_factory)(&TheirAlgorithm::ES256, &secret).is_err());
        let secret = EncodingKey::from_secret(b"secret");
        assert!((PROVIDER.signer_factory)(&TheirAlgorithm::ES256, &secret).is_err());
    }

    #[test]
    fn who_asks_for_the_parts_of_a_key_is_refused() {
        use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};

        let utils = &PROVIDER.key_utils;
        assert!((utils.rsa_pub_components_from_private_key)(b"").is_err());
        assert!((utils.rsa_pub_components_from_public_key)(b"").is_err());
        assert!((utils.ec_pub_components_from_private_key)(b"", TheirAlgorithm::ES256).is_err());
        assert!((utils.ed_pub_components_from_private_key)(b"", &EllipticCurve::Ed25519).is_err());
        assert!((utils.compute_digest)(b"", ThumbprintHash::SHA256).is_err());
    }
}
