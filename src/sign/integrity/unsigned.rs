//! Proofs to be made.

use std::io;

use serde_json::{Map, Value};

use super::canonical::{ToNQuads, hash_data};
use super::cryptosuite::Canonicalization;
use super::error::ProofError;
use super::options::ProofOptions;
use crate::sign::algorithm::Algorithm;
use crate::sign::multikey::encode_base58;

/// Holds a document whose proof lacks nothing but its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedProof {
    algorithm: Algorithm,
    document: Map<String, Value>,
    options: ProofOptions,
    hash_data: Vec<u8>,
}

impl UnsignedProof {
    /// Takes a document and says what is to be signed.
    ///
    /// With a cryptosuite for JSON the proof gets the context of the document (Data Integrity
    /// ECDSA Cryptosuites 1.0, section 3.3.1). `to_n_quads` is called with a cryptosuite for RDF
    /// only.
    ///
    /// # Errors
    ///
    /// [`ProofError::AlreadySigned`], [`ProofError::OtherAlgorithm`], and why there is no
    /// canonical form.
    pub fn new(
        algorithm: Algorithm,
        document: Map<String, Value>,
        mut options: ProofOptions,
        to_n_quads: ToNQuads<'_>,
    ) -> Result<Self, ProofError> {
        if document.contains_key("proof") {
            return Err(ProofError::AlreadySigned);
        }
        if options.cryptosuite().canonicalization() == Canonicalization::Jcs
            && let Some(context) = document.get("@context")
        {
            options.set_context(context.clone());
        }
        let hash_data = hash_data(algorithm, &options, &document, to_n_quads)?;
        Ok(Self {
            algorithm,
            document,
            options,
            hash_data,
        })
    }

    /// Returns the algorithm that it must be signed with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns exactly the bytes that the algorithm signs: two hashes side by side. ECDSA hashes
    /// them once more.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        &self.hash_data
    }

    /// Returns the document, without its proof.
    #[must_use]
    pub fn document(&self) -> &Map<String, Value> {
        &self.document
    }

    /// Returns what the proof says beside its value.
    #[must_use]
    pub fn options(&self) -> &ProofOptions {
        &self.options
    }

    /// Completes the document with a signature, which is not checked: r and s side by side, or the
    /// 64 bytes of Ed25519.
    #[must_use]
    pub fn finish(self, signature: &[u8]) -> Value {
        let mut document = self.document;
        let proof = self.options.into_proof(encode_base58(signature));
        document.insert("proof".to_owned(), proof.into());
        document.into()
    }

    /// Returns how many bytes the completed document has as JSON at most, with a signature of this
    /// length.
    pub(in crate::sign) fn completed_length(&self, signature: usize) -> usize {
        // In base58 no other signature is longer.
        let longest = encode_base58(&vec![0xff; signature]);
        let proof = self.options.clone().into_proof(longest);
        let comma = usize::from(!self.document.is_empty());
        json_length(&self.document) + comma + r#""proof":"#.len() + json_length(&proof)
    }
}

fn json_length(members: &Map<String, Value>) -> usize {
    struct Counter(usize);

    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, members).expect("members are JSON, and all is counted");
    counter.0
}
