//! The claim that holds a list, in its JSON or its CBOR form.

use thiserror::Error;

use super::compression::InflateError;
use super::node::{Node, WrongType};
use crate::list::{Width, WidthError};
use crate::wire::base64url::Base64UrlError;

/// What is wrong with a `status_list` claim.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ListError {
    /// The claim or a member of it has another type than it must have.
    #[error(transparent)]
    WrongType(#[from] WrongType),
    /// A member is missing.
    #[error("status_list has no {0}")]
    Missing(&'static str),
    /// `bits` is a number that no list may have.
    #[error("bits is wrong")]
    Width(#[from] WidthError),
    /// `lst` does not decode.
    #[error("lst is not base64url without padding")]
    Encoding(#[from] Base64UrlError),
    /// `lst` decodes, but not to a usable zlib stream.
    #[error("lst does not inflate")]
    Inflate(#[from] InflateError),
}

/// Reads `bits` of a `status_list` claim.
///
/// # Errors
/// No map, no `bits`, or anything but one of the integers 1, 2, 4 and 8.
pub(crate) fn width(status_list: &impl Node) -> Result<Width, ListError> {
    const EXPECTED: &str = "one of the integers 1, 2, 4 and 8";

    let bits = required(status_list, "bits")?;
    let number = bits
        .unsigned()
        .ok_or_else(|| WrongType::new("bits", bits, EXPECTED))?;
    Ok(Width::from_bits(number)?)
}

/// Reads `aggregation_uri` of a `status_list` claim, if it is there.
///
/// # Errors
/// No map, or anything but text.
pub fn aggregation_uri(status_list: &impl Node) -> Result<Option<&str>, ListError> {
    const MEMBER: &str = "aggregation_uri";

    let uri = status_list.member("status_list", MEMBER)?;
    Ok(uri.map(|uri| uri.as_text_of(MEMBER)).transpose()?)
}

/// Finds a member that every list has.
pub(super) fn required<'value, V: Node>(
    status_list: &'value V,
    name: &'static str,
) -> Result<&'value V, ListError> {
    let found = status_list.member("status_list", name)?;
    found.ok_or(ListError::Missing(name))
}
