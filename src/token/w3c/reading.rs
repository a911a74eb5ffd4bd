//! Reading a published list credential in small steps, each with its own error, so that a judge
//! can name every fault.
//!
//! [`published_bits`] joins the steps that lead to the entries. Messages name the kind of what was
//! found and not its text, which has no bound and may be hostile.

use serde_json::{Map, Value};
use thiserror::Error;

use super::{
    Bitstring, DataModel, EncodedListError, ListFormat, StatusSize, StatusSizeError, decode_list,
};
use crate::list::{BitOrder, Timestamp};
use crate::token::compression::InflateLimit;
use crate::token::node::{Node as _, WrongType};
use crate::wire::number::digits;

/// The type that every credential has.
const CREDENTIAL_TYPE: &str = "VerifiableCredential";

/// A JSON object.
type Object = Map<String, Value>;

/// Reads the entries of a list credential, whatever else is wrong with it, most significant bit
/// first.
///
/// # Errors
/// The first fault on the way to the entries.
///
/// Source: Bitstring Status List v1.0, section 3.2, steps 6 to 8, and section 3.4.
pub fn published_bits(
    credential: &Object,
    limit: InflateLimit,
) -> Result<Bitstring, CredentialError> {
    let format = format(credential)?;
    let subject = subject(credential)?;
    let size = status_size(subject)?;
    let list = decode_list(format, encoded_list(subject)?, limit)?;
    Ok(Bitstring {
        bytes: list.bytes,
        size,
        order: BitOrder::Msb,
    })
}

/// Reads the format of the list from `type`.
///
/// # Errors
/// No `type`, one that is not text, or none that names a list.
pub fn format(credential: &Object) -> Result<ListFormat, CredentialError> {
    let types = strings(credential, "type")?;
    ListFormat::ALL
        .into_iter()
        .find(|format| types.contains(&format.credential_type()))
        .ok_or(CredentialError::NotAList)
}

/// Checks that `type` says that this is a credential.
///
/// # Errors
/// No `type`, one that is not text, or none that every credential has.
///
/// Source: VCDM 2.0, section 4.5; VCDM 1.1, section 4.3.
pub fn credential_type(credential: &Object) -> Result<(), CredentialError> {
    if strings(credential, "type")?.contains(&CREDENTIAL_TYPE) {
        Ok(())
    } else {
        Err(CredentialError::NotACredential)
    }
}

/// Reads the version of the data model from the first `@context`.
///
/// # Errors
/// No `@context`, or another one in the first place.
///
/// Source: VCDM 2.0, section 4.3; VCDM 1.1, section 4.1.
pub fn data_model(credential: &Object) -> Result<DataModel, CredentialError> {
    let contexts = required(credential, "@context")?;
    let first = match contexts {
        Value::Array(contexts) => contexts.first(),
        only => Some(only),
    };
    [DataModel::V2, DataModel::V1]
        .into_iter()
        .find(|model| first.and_then(Value::as_str) == Some(model.context()))
        .ok_or(CredentialError::Context)
}

/// Reads `id`, if it is there.
///
/// # Errors
/// Anything but a string.
pub fn id(credential: &Object) -> Result<Option<&str>, CredentialError> {
    let id = credential.get("id").map(|id| id.as_text_of("id"));
    Ok(id.transpose()?)
}

/// Who issues a credential, and in which of the two forms it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer<'a> {
    /// A string.
    Text(&'a str),
    /// An object with the string as its `id`. Some readers expect a string.
    Object(&'a str),
}

impl<'a> Issuer<'a> {
    /// The url of the issuer.
    #[must_use]
    pub const fn id(self) -> &'a str {
        match self {
            Self::Text(id) | Self::Object(id) => id,
        }
    }
}

/// Reads `issuer`.
///
/// # Errors
/// No `issuer`, or neither a string nor an object with an `id`.
///
/// Source: VCDM 2.0, section 4.7; VCDM 1.1, section 4.5.
pub fn issuer(credential: &Object) -> Result<Issuer<'_>, CredentialError> {
    match required(credential, "issuer")? {
        Value::Object(issuer) => {
            let id = issuer
                .get("id")
                .ok_or(CredentialError::Missing("issuer.id"))?;
            Ok(Issuer::Object(id.as_text_of("issuer.id")?))
        }
        other => Ok(Issuer::Text(other.as_text_of("issuer")?)),
    }
}

/// Reads a date of the credential or of its proof, if it is there; a fraction is cut off.
///
/// # Errors
/// Anything but a string that is a date and a time with an offset.
///
/// Source: VCDM 2.0, section 4.9 (XML Schema's `dateTimeStamp`); VCDM 1.1, sections 4.6 and 4.8.
pub fn date(
    credential: &Object,
    member: &'static str,
) -> Result<Option<Timestamp>, CredentialError> {
    let Some(value) = credential.get(member) else {
        return Ok(None);
    };
    let text = value.as_text_of(member)?;
    if let Some(time) = date_time_stamp(text) {
        Ok(Some(time))
    } else if date_time_stamp(&format!("{text}Z")).is_some() {
        Err(CredentialError::NoOffset(member))
    } else {
        Err(CredentialError::NotADate(member))
    }
}

/// Checks that a credential is valid at some time.
///
/// # Errors
/// It begins after its end.
///
/// Source: VCDM 2.0, section 4.9.
pub fn period(
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
) -> Result<(), CredentialError> {
    match (valid_from, valid_until) {
        (Some(from), Some(until)) if from > until => Err(CredentialError::Period { from, until }),
        _ => Ok(()),
    }
}

/// Reads `credentialSubject`, which is the list.
///
/// # Errors
/// None, several, or anything but an object.
pub fn subject(credential: &Object) -> Result<&Object, CredentialError> {
    const MEMBER: &str = "credentialSubject";

    let subject = required(credential, MEMBER)?;
    subject
        .as_object()
        .ok_or_else(|| WrongType::new(MEMBER, subject, Value::MAP).into())
}

/// Checks the `type` of the list.
///
/// # Errors
/// No `type`, an array (which readers refuse, whatever is in it), or another type than that of
/// the format.
///
/// Source: Bitstring Status List v1.0, section 2.2; `StatusList2021` (draft of 2023-04-27), section
/// 2.2.
pub fn subject_type(subject: &Object, format: ListFormat) -> Result<(), CredentialError> {
    const MEMBER: &str = "credentialSubject.type";

    let found = subject
        .get("type")
        .ok_or(CredentialError::Missing(MEMBER))?;
    if found.as_text_of(MEMBER)? == format.subject_type() {
        Ok(())
    } else {
        Err(CredentialError::SubjectType(format))
    }
}

/// What a list is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purposes<'a> {
    /// One purpose, as a string.
    One(&'a str),
    /// Purposes in an array, for which all the list has the same bits. Some readers refuse it,
    /// also with one element.
    Array(Vec<&'a str>),
}

impl Purposes<'_> {
    /// Whether the list is for this purpose.
    #[must_use]
    pub fn contain(&self, purpose: &str) -> bool {
        match self {
            Self::One(found) => *found == purpose,
            Self::Array(found) => found.contains(&purpose),
        }
    }
}

/// Reads `statusPurpose` of the list.
///
/// # Errors
/// None, an empty array, or anything that is not text. A `RevocationList2020` has none.
///
/// Source: Bitstring Status List v1.0, section 2.2.
pub fn purposes(subject: &Object) -> Result<Purposes<'_>, CredentialError> {
    const MEMBER: &str = "statusPurpose";

    let purposes = strings(subject, MEMBER)?;
    match (&subject[MEMBER], purposes.as_slice()) {
        (Value::String(only), _) => Ok(Purposes::One(only)),
        (_, []) => Err(CredentialError::Empty(MEMBER)),
        _ => Ok(Purposes::Array(purposes)),
    }
}

/// Reads `encodedList`.
///
/// # Errors
/// None, or anything but a string.
pub fn encoded_list(subject: &Object) -> Result<&str, CredentialError> {
    Ok(required(subject, "encodedList")?.as_text_of("encodedList")?)
}

/// For how long a copy of a list may be kept, and in which form it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeToLive {
    /// Milliseconds as a number.
    Number(u64),
    /// Milliseconds as a string of digits: the vocabulary says so, but no reader expects it.
    Text(u64),
}

impl TimeToLive {
    /// The milliseconds.
    #[must_use]
    pub const fn milliseconds(self) -> u64 {
        match self {
            Self::Number(milliseconds) | Self::Text(milliseconds) => milliseconds,
        }
    }
}

/// Reads `ttl` of the list, if it is there.
///
/// # Errors
/// Anything but a whole number from 0 on.
///
/// Source: Bitstring Status List v1.0, section 2.2.
pub fn ttl(subject: &Object) -> Result<Option<TimeToLive>, CredentialError> {
    let Some(value) = subject.get("ttl") else {
        return Ok(None);
    };
    let read = match value {
        Value::String(text) => digits(text, 10).map(TimeToLive::Text),
        other => other.as_u64().map(TimeToLive::Number),
    };
    read.map(Some)
        .ok_or_else(|| WrongType::new("ttl", value, "a whole number of milliseconds").into())
}

/// Reads `statusSize` of the list or of an entry; one bit, if it is not there.
///
/// # Errors
/// Anything but a whole number from 1 to 8.
///
/// Source: Bitstring Status List v1.0, sections 2.1 and 2.2.
pub fn status_size(holder: &Object) -> Result<StatusSize, CredentialError> {
    let Some(value) = holder.get("statusSize") else {
        return Ok(StatusSize::ONE);
    };
    let bits = value
        .as_u64()
        .ok_or_else(|| WrongType::new("statusSize", value, "an integer"))?;
    Ok(StatusSize::from_bits(bits)?)
}

fn date_time_stamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let has_offset = text.ends_with('Z')
        || matches!(bytes, [.., b'+' | b'-', _, _, b':', _, _] if bytes.len() >= 25);
    (has_offset && bytes.get(10) == Some(&b'T'))
        .then(|| text.parse().ok())
        .flatten()
}

fn required<'object>(
    object: &'object Object,
    member: &'static str,
) -> Result<&'object Value, CredentialError> {
    object.get(member).ok_or(CredentialError::Missing(member))
}

/// Reads a string, or an array of strings.
fn strings<'object>(
    object: &'object Object,
    member: &'static str,
) -> Result<Vec<&'object str>, CredentialError> {
    match required(object, member)? {
        Value::Array(elements) => elements
            .iter()
            .map(|element| Ok(element.as_text_of(member)?))
            .collect(),
        other => Ok(vec![other.as_text_of(member)?]),
    }
}

/// What is wrong with a list credential.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CredentialError {
    /// A member is missing.
    #[error("there is no {0}")]
    Missing(&'static str),
    /// A member, or an element of it, has another type than it must have.
    #[error(transparent)]
    WrongType(#[from] WrongType),
    /// A member is an array with nothing in it.
    #[error("{0} is an empty array")]
    Empty(&'static str),
    /// The type is not that of a list.
    #[error("type names no kind of status list that is known")]
    NotAList,
    /// The type is not that of a credential.
    #[error("type does not contain {CREDENTIAL_TYPE}")]
    NotACredential,
    /// The first context is that of no data model.
    #[error("@context does not begin with that of the data model, version 1.1 or 2.0")]
    Context,
    /// The subject is no list of this format.
    #[error("credentialSubject.type is not {}", .0.subject_type())]
    SubjectType(ListFormat),
    /// A date has no offset from UTC, so that it means another time in each place.
    #[error("{0} has no offset from UTC")]
    NoOffset(&'static str),
    /// A date is none.
    #[error("{0} is not a date and a time such as 2026-01-01T00:00:00Z")]
    NotADate(&'static str),
    /// The end comes before the beginning.
    #[error("it is valid from {from} until {until}, which is earlier")]
    Period {
        /// The beginning.
        from: Timestamp,
        /// The end.
        until: Timestamp,
    },
    /// The size is out of range.
    #[error("statusSize is wrong")]
    StatusSize(#[from] StatusSizeError),
    /// The list cannot be decoded.
    #[error(transparent)]
    EncodedList(#[from] EncodedListError),
}

#[cfg(test)]
mod tests;
