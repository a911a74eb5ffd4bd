//! Why something could not be signed.

use super::algorithm::Algorithm;

/// Says why a token or credential could not be signed, or not be completed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// A key that is for another algorithm than the token names.
    #[error("the token is to be signed with {token}, but the key is for {key}")]
    OtherAlgorithm {
        /// The algorithm of the key.
        key: Algorithm,
        /// The algorithm of the token.
        token: Algorithm,
    },
    /// A signature by another key, or over another message.
    #[error("the signature does not verify with the public key")]
    BadSignature,
}
