//! What is to be signed, and how a signature completes it.

use super::algorithm::{Algorithm, PublicForm};
use super::cose::{CoseHeader, UnsignedSign1};
use super::der;
use super::integrity::UnsignedProof;
use super::jose::{JoseHeader, join_compact, signing_input};
use super::public_key::PublicKey;
use super::sign_error::SignError;
use crate::wire::base64url;

/// Holds a token or credential that lacks nothing but its signature.
///
/// Whoever signs needs only [`Self::message`], so the key may be anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    pub(super) algorithm: Algorithm,
    pub(super) form: UnsignedForm,
}

/// Names the forms, each with what its completion needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UnsignedForm {
    /// The compact form of JOSE (RFC 7515, section 7.1).
    Compact { signing_input: String },
    /// `COSE_Sign1` (RFC 9052, section 4.2).
    Sign1(UnsignedSign1),
    /// A document with a proof in it (Data Integrity 1.0).
    Proof(UnsignedProof),
}

impl Unsigned {
    /// Makes a token in the compact form: a header with `alg`, `kid`, `typ` and the rest, in this
    /// order, and the payload as it is.
    ///
    /// The same algorithm, header and payload always give the same bytes.
    #[must_use]
    pub fn compact(algorithm: Algorithm, header: &JoseHeader, payload: &[u8]) -> Self {
        let signing_input = signing_input(algorithm, header, payload);
        Self {
            algorithm,
            form: UnsignedForm::Compact { signing_input },
        }
    }

    /// Makes a `COSE_Sign1` message with the tag 18, its whole header protected: `alg`,
    /// `content type`, `kid`, `typ` and `x5chain`, in this order, which is the deterministic one
    /// (RFC 8949, section 4.2.1).
    ///
    /// The same algorithm, header and payload always give the same bytes.
    #[must_use]
    pub fn sign1(algorithm: Algorithm, header: &CoseHeader, payload: &[u8]) -> Self {
        Self {
            algorithm,
            form: UnsignedForm::Sign1(UnsignedSign1::new(algorithm, header, payload)),
        }
    }

    /// Takes a document whose Data Integrity proof lacks its signature; it is completed as JSON
    /// without white space, its members in their order.
    #[must_use]
    pub fn proof(proof: UnsignedProof) -> Self {
        Self {
            algorithm: proof.algorithm(),
            form: UnsignedForm::Proof(proof),
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
            UnsignedForm::Compact { signing_input } => signing_input.as_bytes(),
            UnsignedForm::Sign1(unsigned) => unsigned.message(),
            UnsignedForm::Proof(unsigned) => unsigned.message(),
        }
    }

    /// Completes it with a signature of this key: r and s side by side or in DER, or the 64 bytes
    /// of Ed25519.
    ///
    /// # Errors
    ///
    /// [`SignError::OtherAlgorithm`] if the key is for another algorithm,
    /// [`SignError::NotASignature`] for bytes that cannot be one, and [`SignError::BadSignature`]
    /// if it does not verify with the key, so that nothing that readers would refuse comes to be.
    pub fn finish(self, key: &PublicKey, signature: &[u8]) -> Result<Vec<u8>, SignError> {
        if key.algorithm() != self.algorithm {
            return Err(SignError::OtherAlgorithm {
                key: key.algorithm(),
                token: self.algorithm,
            });
        }
        let signature = raw(self.algorithm, signature)?;
        if !key.verify(self.message(), &signature) {
            return Err(SignError::BadSignature);
        }
        Ok(self.complete(&signature))
    }

    /// Returns how many bytes it will have when it is completed; where there is a proof in it, at
    /// most.
    pub(crate) fn completed_length(&self) -> usize {
        let signature = self.algorithm.signature_length();
        match &self.form {
            UnsignedForm::Compact { signing_input } => {
                signing_input.len() + 1 + base64url::encoded_length(signature)
            }
            UnsignedForm::Sign1(unsigned) => unsigned.completed_length(signature),
            UnsignedForm::Proof(unsigned) => unsigned.completed_length(signature),
        }
    }

    fn complete(self, signature: &[u8]) -> Vec<u8> {
        match self.form {
            UnsignedForm::Compact { signing_input } => {
                join_compact(signing_input, signature).into_bytes()
            }
            UnsignedForm::Sign1(unsigned) => unsigned.finish(signature),
            UnsignedForm::Proof(unsigned) => unsigned.finish(signature).to_string().into_bytes(),
        }
    }
}

/// Reads a signature as signing tools write it: r and s side by side, or in DER.
///
/// The length tells which: in DER that length would need an r and s that are 6 bytes shorter than
/// they usually are, which one of 2^48 signatures has.
fn raw(algorithm: Algorithm, signature: &[u8]) -> Result<Vec<u8>, SignError> {
    if signature.len() == algorithm.signature_length() {
        return Ok(signature.to_vec());
    }
    match algorithm.row().public_form {
        PublicForm::Point => der::read_signature(algorithm, signature),
        PublicForm::Bytes => None,
    }
    .ok_or(SignError::NotASignature {
        algorithm,
        length: signature.len(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Unsigned, raw};
    use crate::sign::cose::{CoseHeader, parse_sign1};
    use crate::sign::{
        Algorithm, Canonicalization, Cryptosuite, JoseHeader, PrivateKey, ProofOptions,
        SecuredDocument, SignError, UnsignedProof, parse_compact,
    };
    use crate::wire::json::parse_strict;

    fn unsigned(algorithm: Algorithm) -> Unsigned {
        Unsigned::compact(algorithm, &JoseHeader::default(), b"{}")
    }

    #[test]
    fn a_signature_made_elsewhere_completes_it() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let unsigned = unsigned(algorithm);
            let signature = key.sign(unsigned.message());
            let length = unsigned.completed_length();
            let token = unsigned.finish(key.public(), &signature).unwrap();
            assert_eq!(token.len(), length);
            let token = parse_compact(&token).unwrap();
            assert_eq!(token.verify(key.public()), Ok(()));
            assert_eq!(token.signature(), signature);
        }
    }

    #[test]
    fn a_message_of_cose_is_completed_likewise() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let unsigned = Unsigned::sign1(algorithm, &CoseHeader::default(), b"\xa0");
            let signature = key.sign(unsigned.message());
            let length = unsigned.completed_length();
            let token = unsigned.finish(key.public(), &signature).unwrap();
            assert_eq!(token.len(), length);
            let token = parse_sign1(&token).unwrap();
            assert_eq!(token.verify(key.public()), Ok(()));
            assert_eq!(token.signature(), signature);
        }
    }

    #[test]
    fn a_document_with_a_proof_is_completed_likewise() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let Some(suite) = Cryptosuite::of(Canonicalization::Jcs, algorithm) else {
                continue;
            };
            let options = ProofOptions::new(suite, "did:example:issuer#key").unwrap();
            let document = [("id".to_owned(), "urn:x".into())].into_iter().collect();
            let no_rdf = |_: &_| Err("not asked for".into());
            let unsigned = UnsignedProof::new(algorithm, document, options, &no_rdf).unwrap();
            let unsigned = Unsigned::proof(unsigned);
            let signature = key.sign(unsigned.message());
            let length = unsigned.completed_length();
            let signed = unsigned.finish(key.public(), &signature).unwrap();
            assert!((length - 3..=length).contains(&signed.len()));
            assert!(signed.starts_with(br#"{"id":"urn:x","proof":{"type":"DataIntegrityProof","#));
            let signed = SecuredDocument::new(parse_strict(&signed).unwrap()).unwrap();
            let [Ok(proof)] = signed.proofs() else {
                panic!("one good proof");
            };
            signed.verify(proof, key.public(), &no_rdf).unwrap();
            assert_eq!(proof.signature(), signature);
        }
    }

    #[test]
    fn no_other_signature_does() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let other = PrivateKey::generate(Algorithm::Es256).unwrap();
        let unsigned = unsigned(Algorithm::Es256);
        let message = unsigned.message();
        let refusal = |wrong: &[u8]| unsigned.clone().finish(key.public(), wrong).unwrap_err();
        for wrong in [
            vec![0; 64],
            other.sign(message),
            key.sign(b"another message"),
            to_der(&[0; 64]),
            to_der(&[255; 64]),
        ] {
            assert!(matches!(refusal(&wrong), SignError::BadSignature));
        }
        let signature = key.sign(message);
        for wrong in [
            &[],
            &signature[..63],
            &[&signature[..], b"\n"].concat(),
            signature.escape_ascii().to_string().as_bytes(),
        ] {
            assert!(matches!(refusal(wrong), SignError::NotASignature { .. }));
        }
        assert_eq!(
            refusal(b"none").to_string(),
            "4 bytes are not a signature for ES256, which is 64 bytes, or DER"
        );
    }

    /// The DER form of r and s, written without the library that reads it.
    fn to_der(raw: &[u8]) -> Vec<u8> {
        let mut numbers = Vec::new();
        for number in raw.chunks(raw.len() / 2) {
            let mut number = number.to_vec();
            while number.len() > 1 && number[0] == 0 {
                number.remove(0);
            }
            if number[0] > 127 {
                number.insert(0, 0);
            }
            numbers.extend([2, u8::try_from(number.len()).unwrap()]);
            numbers.extend(number);
        }
        let mut der = vec![0x30];
        if numbers.len() > 127 {
            der.push(0x81);
        }
        der.push(u8::try_from(numbers.len()).unwrap());
        der.extend(numbers);
        der
    }

    #[test]
    fn a_signature_in_der_completes_it_too() {
        for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512] {
            let key = PrivateKey::generate(algorithm).unwrap();
            let unsigned = unsigned(algorithm);
            let signature = key.sign(unsigned.message());
            let token = unsigned.clone().finish(key.public(), &signature).unwrap();
            let of_der = unsigned.finish(key.public(), &to_der(&signature)).unwrap();
            assert_eq!(of_der, token);
        }
    }

    #[test]
    fn only_der_to_the_letter_is_read() {
        let read = |bytes: &[u8]| raw(Algorithm::Es256, bytes).ok();
        let one = [&[0; 31][..], &[1], &[0; 31], &[2]].concat();
        assert_eq!(read(&[0x30, 6, 2, 1, 1, 2, 1, 2]), Some(one));
        for wrong in [
            // Bytes behind it, too short, too long.
            &[0x30, 6, 2, 1, 1, 2, 1, 2, 0][..],
            &[0x30, 6, 2, 1, 1, 2, 1],
            &[0x30, 7, 2, 1, 1, 2, 1, 2],
            &[0x30, 7, 2, 1, 1, 2, 1, 2, 0],
            // One number, three, none.
            &[0x30, 3, 2, 1, 1],
            &[0x30, 9, 2, 1, 1, 2, 1, 2, 2, 1, 3],
            &[0x30, 0],
            // A length in more bytes than needed, or indefinite.
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 2],
            &[0x30, 6, 2, 0x81, 1, 1, 2, 1, 2],
            &[0x30, 0x80, 2, 1, 1, 2, 1, 2, 0, 0],
            // A leading zero too many, a negative number, an empty one.
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 2],
            &[0x30, 6, 2, 1, 0x81, 2, 1, 2],
            &[0x30, 5, 2, 0, 2, 1, 2],
            // Another type.
            &[0x31, 6, 2, 1, 1, 2, 1, 2],
            &[0x30, 6, 4, 1, 1, 2, 1, 2],
        ] {
            assert_eq!(read(wrong), None, "{wrong:x?}");
        }
        // A number that is longer than the curve's.
        let mut long = vec![0x30, 38, 2, 33];
        long.extend([1; 33]);
        long.extend([2, 1, 2]);
        assert_eq!(read(&long), None);
        assert_eq!(
            raw(Algorithm::EdDsa, &[0x30, 6, 2, 1, 1, 2, 1, 2]).ok(),
            None
        );
    }

    /// Zeros in front of r, and an s with its highest bit set, change the length of each in DER.
    #[test]
    fn a_short_r_and_a_high_s_are_read_from_der() {
        let mut signature = vec![0; 64];
        signature[31] = 1;
        signature[32] = 128;
        let der = to_der(&signature);
        assert_ne!(der.len(), signature.len());
        assert_eq!(raw(Algorithm::Es256, &der).unwrap(), signature);
    }

    proptest! {
        #[test]
        fn raw_and_der_are_the_same_signature(
            signature in proptest::collection::vec(any::<u8>(), 64),
            zeros in 0usize..32,
        ) {
            let mut signature = signature;
            signature[..zeros].fill(0);
            let der = to_der(&signature);
            prop_assume!(der.len() != signature.len());
            prop_assert_eq!(raw(Algorithm::Es256, &der).unwrap(), signature);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for algorithm in Algorithm::ALL {
                if let Ok(raw) = raw(algorithm, &bytes) {
                    prop_assert_eq!(raw.len(), algorithm.signature_length());
                }
            }
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
