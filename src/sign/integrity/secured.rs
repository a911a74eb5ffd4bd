//! Documents with proofs.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::canonical::{ToNQuads, hash_data};
use super::cryptosuite::Canonicalization;
use super::error::{MOST_PROOFS, ProofError};
use super::options::{ProofOptions, required_text};
use crate::sign::public_key::PublicKey;

/// The most letters of base58 that are read. The longest signature, of P-384, has up to 132.
const MOST_LETTERS: usize = 160;

/// Holds a document apart from its proofs; nothing in it is trusted before
/// [`SecuredDocument::verify`].
#[derive(Debug)]
pub struct SecuredDocument {
    document: Map<String, Value>,
    pub(super) proofs: Vec<Result<DataIntegrityProof, ProofError>>,
}

/// Holds one proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataIntegrityProof {
    options: ProofOptions,
    signature: Vec<u8>,
}

impl SecuredDocument {
    /// Takes a document apart. Its `proof` is one proof or a set of them (Data Integrity 1.0,
    /// section 2.1.1), each of which is read by itself.
    ///
    /// # Errors
    ///
    /// [`ProofError::NotAnObject`], [`ProofError::NoProof`], also for an empty set, and
    /// [`ProofError::TooManyProofs`] above 16.
    pub fn new(document: Value) -> Result<Self, ProofError> {
        let Value::Object(mut document) = document else {
            return Err(ProofError::NotAnObject);
        };
        let proofs = match document.shift_remove("proof") {
            None => return Err(ProofError::NoProof),
            Some(Value::Array(proofs)) => proofs,
            Some(proof) => vec![proof],
        };
        match proofs.len() {
            0 => return Err(ProofError::NoProof),
            1..=MOST_PROOFS => {}
            _ => return Err(ProofError::TooManyProofs),
        }
        Ok(Self {
            document,
            proofs: proofs.into_iter().map(DataIntegrityProof::read).collect(),
        })
    }

    /// Returns the document without its proofs.
    #[must_use]
    pub fn document(&self) -> &Map<String, Value> {
        &self.document
    }

    /// Returns the proofs in their order, or why one cannot be read: at least one.
    pub fn proofs(&self) -> &[Result<DataIntegrityProof, ProofError>] {
        &self.proofs
    }

    /// Checks a proof of the document with the key that its verification method names.
    ///
    /// That the key is the one, and that the proof was made before now and has not expired, is for
    /// the caller to check. With a cryptosuite for JSON, contexts that were appended after signing
    /// are passed over (Data Integrity ECDSA Cryptosuites 1.0, section 3.3.2, step 4), and a proof
    /// without a context verifies too.
    ///
    /// # Errors
    ///
    /// [`ProofError::OtherAlgorithm`], [`ProofError::SignatureLength`],
    /// [`ProofError::OtherContext`], [`ProofError::BadSignature`], and why there is no canonical
    /// form.
    pub fn verify(
        &self,
        proof: &DataIntegrityProof,
        key: &PublicKey,
        to_n_quads: ToNQuads<'_>,
    ) -> Result<(), ProofError> {
        let document = self.with_context_of(proof)?;
        let message = hash_data(key.algorithm(), &proof.options, &document, to_n_quads)?;
        let expected = key.algorithm().signature_length();
        if proof.signature.len() != expected {
            return Err(ProofError::SignatureLength {
                found: proof.signature.len(),
                expected,
            });
        }
        if key.verify(&message, &proof.signature) {
            Ok(())
        } else {
            Err(ProofError::BadSignature)
        }
    }

    /// Returns the document as it was signed, which may be not as it is now.
    fn with_context_of(
        &self,
        proof: &DataIntegrityProof,
    ) -> Result<Cow<'_, Map<String, Value>>, ProofError> {
        let suite = proof.options.cryptosuite();
        let (Canonicalization::Jcs, Some(signed)) =
            (suite.canonicalization(), proof.options.context())
        else {
            return Ok(Cow::Borrowed(&self.document));
        };
        let current = self.document.get("@context");
        if !current.is_some_and(|current| entries(current).starts_with(entries(signed))) {
            return Err(ProofError::OtherContext);
        }
        let mut document = Cow::Borrowed(&self.document);
        if current != Some(signed) {
            document
                .to_mut()
                .insert("@context".to_owned(), signed.clone());
        }
        Ok(document)
    }
}

impl DataIntegrityProof {
    /// Returns what the proof says beside its value.
    #[must_use]
    pub fn options(&self) -> &ProofOptions {
        &self.options
    }

    /// Returns the signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    fn read(proof: Value) -> Result<Self, ProofError> {
        let Value::Object(mut members) = proof else {
            return Err(ProofError::ProofNotAnObject);
        };
        let value = required_text(&members, "proofValue").map(decode_signature);
        members.shift_remove("proofValue");
        // A proof of another type may have its value elsewhere, so its type is named first.
        let options = ProofOptions::read(members)?;
        Ok(Self {
            options,
            signature: value??,
        })
    }
}

/// Returns a context as the list that it stands for.
fn entries(context: &Value) -> &[Value] {
    match context {
        Value::Array(entries) => entries,
        single => std::slice::from_ref(single),
    }
}

fn decode_signature(text: &str) -> Result<Vec<u8>, ProofError> {
    text.strip_prefix('z')
        .filter(|digits| digits.len() <= MOST_LETTERS)
        .and_then(|digits| bs58::decode(digits).into_vec().ok())
        .ok_or(ProofError::BadMember {
            member: "proofValue",
            expected: "`z` and a signature in base58",
        })
}
