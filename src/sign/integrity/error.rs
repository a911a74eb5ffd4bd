//! Why a proof cannot be made, read or verified.

use std::error::Error;

use super::cryptosuite::{Cryptosuite, UnknownCryptosuite};
use crate::sign::algorithm::Algorithm;

/// The most proofs that are read: each is checked over the whole document.
pub(super) const MOST_PROOFS: usize = 16;

/// Says why a proof cannot be made, cannot be read, or does not verify.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// A document that is not an object.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// A document that is to be signed and has a proof already.
    #[error("the document already has a proof")]
    AlreadySigned,
    /// A document that is to be verified and has none.
    #[error("the document has no proof")]
    NoProof,
    /// A document with more proofs than are checked.
    #[error("the document has more than {MOST_PROOFS} proofs")]
    TooManyProofs,
    /// A proof that is not an object.
    #[error("the proof is not a JSON object")]
    ProofNotAnObject,
    /// A proof without a member that it needs.
    #[error("the proof has no member `{0}`")]
    MissingMember(&'static str),
    /// A proof with a member that is not what it should be.
    #[error("the member `{member}` of the proof is not {expected}")]
    BadMember {
        /// The name of the member.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A proof of another type.
    #[error("the proof is of type `{0}`; only DataIntegrityProof is known")]
    UnknownType(String),
    /// A proof with another cryptosuite.
    #[error(transparent)]
    UnknownCryptosuite(#[from] UnknownCryptosuite),
    /// A proof that is meant for something else than credentials.
    #[error("the proof is for the purpose `{0}`; credentials need assertionMethod")]
    OtherPurpose(String),
    /// A proof that also signs others, which the document then needs too.
    #[error("the proof builds on another one (`previousProof`), which is not supported")]
    Chained,
    /// A signature of a length that the cryptosuite does not have with this key.
    #[error("the signature has {found} bytes, not {expected}")]
    SignatureLength {
        /// The length of the signature.
        found: usize,
        /// The length that it should have.
        expected: usize,
    },
    /// A proof whose context is no beginning of the document's.
    #[error("the @context of the proof is not the beginning of the document's")]
    OtherContext,
    /// A number that readers take for another one.
    #[error("the number {0} has no exact form as a double, so that readers would differ on it")]
    InexactNumber(String),
    /// JSON that has no canonical form.
    #[error("the document has no canonical form")]
    Json(#[source] serde_json::Error),
    /// A member of a proof that its RDF would not contain.
    #[error("the member `{0}` of the proof has no RDF form here, so it would not be signed")]
    NotInRdf(String),
    /// A document whose RDF the caller does not know.
    #[error("the RDF form of the document is not known")]
    Rdf(#[source] Box<dyn Error + Send + Sync>),
    /// A key that does not go with the cryptosuite.
    #[error("the cryptosuite {suite} does not go with a key for {key}")]
    OtherAlgorithm {
        /// The cryptosuite.
        suite: Cryptosuite,
        /// The algorithm of the key.
        key: Algorithm,
    },
    /// A signature by another key, or over something else.
    #[error("the signature does not verify with this key")]
    BadSignature,
}
