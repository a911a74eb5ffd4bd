//! Why something could not be signed.

use std::io;
use std::process::ExitStatus;

use super::algorithm::{Algorithm, PublicForm};

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
    /// Bytes that no signature for the algorithm is.
    #[error("{length} bytes are not a signature for {algorithm}, which is {}", forms(*.algorithm))]
    NotASignature {
        /// The algorithm.
        algorithm: Algorithm,
        /// How many bytes there are.
        length: usize,
    },
    /// A signature by another key, or over another message.
    #[error("the signature does not verify with the public key")]
    BadSignature,
    /// A program that cannot be started.
    #[error("the signer command cannot be started")]
    Start(#[source] io::Error),
    /// A program whose output or end cannot be waited for.
    #[error("the signer command cannot be heard")]
    Output(#[source] io::Error),
    /// A program that says that it failed.
    #[error("the signer command failed: {0}")]
    Failed(ExitStatus),
    /// A program that took too long.
    #[error("the signer command did not finish within {0} s")]
    TooSlow(u64),
    /// A program that printed more than any signature.
    #[error("the signer command printed more than {0} bytes, which is no signature")]
    TooLong(usize),
}

/// Says what signatures look like.
fn forms(algorithm: Algorithm) -> String {
    let length = algorithm.signature_length();
    match algorithm.row().public_form {
        PublicForm::Point => format!("{length} bytes, or DER"),
        PublicForm::Bytes => format!("{length} bytes"),
    }
}
