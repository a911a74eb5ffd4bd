//! What can be wrong with a list in a token.

use thiserror::Error;

use super::compression::InflateError;
use crate::list::WidthError;
use crate::wire::base64url::Base64UrlError;

/// What is wrong with a `status_list` claim, in its JSON or its CBOR form.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ListError {
    /// The claim or a member of it has another type than it must have.
    #[error("{member} is {found}, not {expected}")]
    WrongType {
        /// Which one.
        member: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A member is missing.
    #[error("status_list has no {0}")]
    Missing(&'static str),
    /// `bits` is a number that no list may have.
    #[error("bits is wrong")]
    Width(#[source] WidthError),
    /// `lst` does not decode.
    #[error("lst is not base64url without padding")]
    Encoding(#[source] Base64UrlError),
    /// `lst` decodes, but not to a usable zlib stream.
    #[error("lst does not inflate")]
    Inflate(#[source] InflateError),
}

impl ListError {
    /// `bits` is something else than a whole number from 0 on.
    pub(super) fn bits(found: String) -> Self {
        Self::WrongType {
            member: "bits",
            found,
            expected: "one of the integers 1, 2, 4 and 8",
        }
    }
}
