//! What is to be signed, and how a signature completes it.

use super::algorithm::Algorithm;
use super::cose::{CoseHeader, UnsignedSign1};
use super::jose::{Header, join_compact, signing_input};
use super::public_key::PublicKey;
use super::sign_error::SignError;

/// Holds a token or credential that lacks nothing but its signature.
///
/// Whoever signs needs only [`Self::message`], so the key may be anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    algorithm: Algorithm,
    form: Form,
}

/// Names the forms, each with what its completion needs.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// The compact form of JOSE (RFC 7515, section 7.1).
    Compact { signing_input: String },
    /// `COSE_Sign1` (RFC 9052, section 4.2).
    Sign1(UnsignedSign1),
}

impl Unsigned {
    /// Makes a token in the compact form: a header with `alg`, `kid`, `typ` and the rest, in this
    /// order, and the payload as it is.
    ///
    /// The same algorithm, header and payload always give the same bytes.
    #[must_use]
    pub fn compact(algorithm: Algorithm, header: &Header, payload: &[u8]) -> Self {
        let signing_input = signing_input(algorithm, header, payload);
        Self {
            algorithm,
            form: Form::Compact { signing_input },
        }
    }

    /// Makes a `COSE_Sign1` message with the tag 18, its whole header protected: `alg`,
    /// `content type`, `kid`, `typ` and `x5chain`, in this order, which is the deterministic one
    /// (RFC 8949, section 4.2.1).
    ///
    /// The same algorithm, header and payload always give the same bytes.
    #[must_use]
    pub fn sign1(algorithm: Algorithm, header: &CoseHeader, payload: Vec<u8>) -> Self {
        Self {
            algorithm,
            form: Form::Sign1(UnsignedSign1::new(algorithm, header, payload)),
        }
    }

    /// Returns the algorithm that it names, and must be signed with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns exactly the bytes that the algorithm signs; they are not hashed yet.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        match &self.form {
            Form::Compact { signing_input } => signing_input.as_bytes(),
            Form::Sign1(unsigned) => unsigned.message(),
        }
    }

    /// Completes it with a signature of this key: r and s side by side, or the 64 bytes of
    /// Ed25519.
    ///
    /// # Errors
    ///
    /// [`SignError::OtherAlgorithm`] if the key is for another algorithm, and
    /// [`SignError::BadSignature`] if the signature does not verify with it, so that nothing that
    /// readers would refuse comes to be.
    pub fn finish(self, key: &PublicKey, signature: &[u8]) -> Result<Vec<u8>, SignError> {
        if key.algorithm() != self.algorithm {
            return Err(SignError::OtherAlgorithm {
                key: key.algorithm(),
                token: self.algorithm,
            });
        }
        if !key.verify(self.message(), signature) {
            return Err(SignError::BadSignature);
        }
        Ok(match self.form {
            Form::Compact { signing_input } => join_compact(&signing_input, signature).into_bytes(),
            Form::Sign1(unsigned) => unsigned.finish(signature),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Unsigned;
    use crate::sign::cose::{CoseHeader, parse_sign1};
    use crate::sign::{Algorithm, Header, PrivateKey, SignError, parse_compact};

    fn unsigned(algorithm: Algorithm) -> Unsigned {
        Unsigned::compact(algorithm, &Header::default(), b"{}")
    }

    #[test]
    fn a_signature_made_elsewhere_completes_it() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let unsigned = unsigned(algorithm);
            let signature = key.sign(unsigned.message());
            let token = unsigned.finish(key.public(), &signature).unwrap();
            let token = parse_compact(&token).unwrap();
            assert_eq!(token.verify(key.public()), Ok(()));
            assert_eq!(token.signature(), signature);
        }
    }

    #[test]
    fn a_message_of_cose_is_completed_likewise() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let unsigned = Unsigned::sign1(algorithm, &CoseHeader::default(), b"\xa0".to_vec());
            let signature = key.sign(unsigned.message());
            let token = unsigned.finish(key.public(), &signature).unwrap();
            let token = parse_sign1(&token).unwrap();
            assert_eq!(token.verify(key.public()), Ok(()));
            assert_eq!(token.signature(), signature);
        }
    }

    #[test]
    fn no_other_signature_does() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let other = PrivateKey::generate(Algorithm::Es256).unwrap();
        let unsigned = unsigned(Algorithm::Es256);
        let message = unsigned.message();
        for wrong in [
            vec![],
            vec![0; 64],
            other.sign(message),
            key.sign(b"another message"),
            key.sign(message)[..63].to_vec(),
        ] {
            let refusal = unsigned.clone().finish(key.public(), &wrong).unwrap_err();
            assert!(matches!(refusal, SignError::BadSignature));
        }
    }

    #[test]
    fn a_key_for_another_algorithm_is_named() {
        let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
        let unsigned = unsigned(Algorithm::Es256);
        let signature = key.sign(unsigned.message());
        let refusal = unsigned.finish(key.public(), &signature).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the token is to be signed with ES256, but the key is for EdDSA"
        );
    }
}
