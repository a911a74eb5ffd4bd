//! Proofs inside JSON documents (W3C Data Integrity 1.0, and its ECDSA and `EdDSA` cryptosuites).
//!
//! What is signed is the hash of the proof options followed by the hash of the document, each in a
//! canonical form: of JSON (RFC 8785) or of the RDF that the document means. There is no JSON-LD
//! processor here. The RDF of the document comes from the caller, who knows what documents it may
//! be; the RDF of the proof options is always the same few lines.

mod canonical;
mod cryptosuite;
mod error;
mod options;
mod secured;
#[cfg(test)]
mod tests;
mod unsigned;

pub(crate) use canonical::ToNQuads;
pub use canonical::canonical_json;
pub(crate) use cryptosuite::Canonicalization;
pub use cryptosuite::Cryptosuite;
pub(crate) use error::ProofError;
pub use options::ProofOptions;
pub(crate) use secured::DataIntegrityProof;
pub use secured::SecuredDocument;
pub use unsigned::UnsignedProof;
