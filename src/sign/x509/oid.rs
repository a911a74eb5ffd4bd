//! Object identifiers.

use std::fmt;
use std::str::FromStr;

use x509_cert::der::asn1::ObjectIdentifier;

use crate::wire::text::brief;

/// Names a purpose of a key: an object identifier such as `1.3.6.1.5.5.7.3.2`.
///
/// The number for signing statuses, `id-kp-oauthStatusSigning`, is not assigned yet
/// (draft-ietf-oauth-status-list-21, section 10), so no purpose has a name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oid(pub(super) ObjectIdentifier);

/// Says that a text is not an [`Oid`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an object identifier, such as 1.3.6.1.4.1.32473.1")]
pub struct OidError(String);

impl Oid {
    /// `anyExtendedKeyUsage` (RFC 5280, section 4.2.1.12).
    pub(super) const ANY: Self = Self(ObjectIdentifier::new_unwrap("2.5.29.37.0"));
}

impl FromStr for Oid {
    type Err = OidError;

    /// Reads numbers between full stops.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ObjectIdentifier::new(text)
            .map(Self)
            .map_err(|_| OidError(brief(text)))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
