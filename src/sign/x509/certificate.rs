//! One certificate.

use std::time::Duration;

use x509_cert::der::{self, DateTime, Decode, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName};
use x509_cert::{TbsCertificate, Version};

use super::oid::Oid;
use super::scheme::{CertificateSignature, Unsupported};
use crate::sign::key_error::KeyError;
use crate::sign::pem;
use crate::sign::public_key::PublicKey;
use crate::wire::hex::hex;
use crate::wire::text::brief;

/// Bounds one certificate; those of everyday use have under 2 KiB.
const MAX_CERTIFICATE_BYTES: usize = 16 * 1024;

const LABEL: &str = "CERTIFICATE";

/// Holds a certificate that can be read; nothing in it is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    fields: TbsCertificate,
    signed: CertificateSignature,
    validity: Validity,
    key_usage: Option<KeyUsage>,
    /// The purposes that the key is meant for (extended key usage; RFC 5280, section 4.2.1.12);
    /// none means that the certificate does not say.
    pub(crate) purposes: Vec<Oid>,
    /// Whether readers that do not know the purposes must refuse the certificate (RFC 5280, section
    /// 4.2).
    pub(crate) critical_purposes: bool,
    /// The alternative names of the subject that are uris and DNS names, as `URI:…` and `DNS:…`.
    /// They are foreign text.
    pub(crate) names: Vec<String>,
    authority: bool,
}

/// Says why something is not a certificate, or not the certificates that were asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not a text, or without a PEM block.
    #[error("this is no PEM file with certificates")]
    NotPem,
    /// A PEM block that cannot be decoded.
    #[error(transparent)]
    Pem(#[from] KeyError),
    /// A private key beside or in the place of certificates.
    #[error("a private key was given where certificates belong")]
    PrivateGiven,
    /// A PEM block of another kind.
    #[error("a PEM block `{0}` is not a certificate")]
    OtherBlock(String),
    /// More certificates than anybody needs.
    #[error("there are more than {0} certificates")]
    TooMany(usize),
    /// One certificate longer than any.
    #[error("the certificate is longer than any (limit: {MAX_CERTIFICATE_BYTES} bytes)")]
    TooLong,
    /// Bytes that are no certificate in DER.
    #[error("the certificate is damaged")]
    Damaged(#[source] der::Error),
    /// An extension whose content is not what its name promises, or that is there twice.
    #[error("the certificate's extension {name} is damaged")]
    DamagedExtension {
        /// The name of the extension.
        name: &'static str,
        /// What is wrong with it.
        source: der::Error,
    },
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    ///
    /// [`CertificateError::TooLong`] above 16 KiB, [`CertificateError::Damaged`], and
    /// [`CertificateError::DamagedExtension`].
    pub(crate) fn from_der(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.len() > MAX_CERTIFICATE_BYTES {
            return Err(CertificateError::TooLong);
        }
        let signed = CertificateSignature::read(bytes).map_err(CertificateError::Damaged)?;
        let fields =
            TbsCertificate::from_der(&signed.message).map_err(CertificateError::Damaged)?;
        let purposes = extension::<ExtendedKeyUsage>(&fields, "extendedKeyUsage")?;
        let names = extension::<SubjectAltName>(&fields, "subjectAltName")?;
        let basic = extension::<BasicConstraints>(&fields, "basicConstraints")?;
        Ok(Self {
            der: bytes.to_vec(),
            validity: Validity::of(&fields),
            key_usage: extension(&fields, "keyUsage")?.map(|(_, usage)| usage),
            critical_purposes: purposes.as_ref().is_some_and(|(critical, _)| *critical),
            purposes: purposes
                .map_or_else(Vec::new, |(_, list)| list.0.into_iter().map(Oid).collect()),
            names: names.map_or_else(Vec::new, |(_, list)| {
                list.0.iter().filter_map(shown).collect()
            }),
            authority: basic.is_some_and(|(_, basic)| basic.ca),
            fields,
            signed,
        })
    }

    /// Reads 1 to `limit` certificates from a PEM file with nothing else in it.
    pub(super) fn read_pem(bytes: &[u8], limit: usize) -> Result<Vec<Self>, CertificateError> {
        let text = std::str::from_utf8(bytes).map_err(|_| CertificateError::NotPem)?;
        let blocks = pem::blocks(text)?;
        if blocks.iter().any(pem::Block::is_private) {
            return Err(CertificateError::PrivateGiven);
        }
        if let Some(other) = blocks.iter().find(|block| block.label != LABEL) {
            return Err(CertificateError::OtherBlock(brief(other.label)));
        }
        if blocks.is_empty() {
            return Err(CertificateError::NotPem);
        }
        if blocks.len() > limit {
            return Err(CertificateError::TooMany(limit));
        }
        blocks
            .iter()
            .map(|block| Self::from_der(&block.decode()?))
            .collect()
    }

    /// Returns the certificate as it came, in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Writes the subject as RFC 4514 has it: `CN=Status lists,O=Example`.
    ///
    /// Control characters are escaped, but no other character is: it is foreign text.
    #[must_use]
    pub fn subject(&self) -> String {
        self.fields.subject().to_string()
    }

    /// Writes the issuer as [`Self::subject`] writes the subject.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.fields.issuer().to_string()
    }

    /// Writes the serial number in hexadecimal digits.
    #[must_use]
    pub fn serial(&self) -> String {
        hex(self.fields.serial_number().as_bytes())
    }

    /// Returns when the certificate is in force.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// Reads the public key.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] for RSA and other keys that are not supported, and for damaged ones.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        let info = self.fields.subject_public_key_info().to_der();
        PublicKey::from_spki(&info.unwrap_or_default())
    }

    /// Tells whether the certificate names this purpose. `anyExtendedKeyUsage` is not enough:
    /// whoever asks for a purpose wants a certificate that was issued for it.
    pub(crate) fn has_purpose(&self, purpose: Oid) -> bool {
        self.purposes.contains(&purpose)
    }

    /// Tells whether what it issues may have this purpose: it lists none, this one, or
    /// `anyExtendedKeyUsage`, with which an authority says that it is not limited (RFC 5280, section
    /// 4.2.1.12).
    pub(super) fn may_certify_for(&self, purpose: Oid) -> bool {
        self.purposes.is_empty() || self.has_purpose(purpose) || self.has_purpose(Oid::ANY)
    }

    /// Tells whether the key may sign tokens: the key usage is not restricted, or has
    /// `digitalSignature` (RFC 5280, section 4.2.1.3).
    pub(crate) fn may_sign(&self) -> bool {
        self.key_usage.is_none_or(|usage| usage.digital_signature())
    }

    /// Tells whether the key usage is there and has `digitalSignature`.
    pub(crate) fn is_for_signatures(&self) -> bool {
        self.key_usage
            .is_some_and(|usage| usage.digital_signature())
    }

    /// Tells whether it is the certificate of an authority (RFC 5280, section 4.2.1.9).
    pub(crate) fn is_authority(&self) -> bool {
        self.authority
    }

    /// Tells whether the key may sign certificates: it is an authority's, and its key usage is
    /// not restricted or has `keyCertSign`.
    pub(crate) fn may_certify(&self) -> bool {
        self.authority && self.key_usage.is_none_or(|usage| usage.key_cert_sign())
    }

    /// Tells whether the certificate is signed with its own key, as those of trust anchors are.
    ///
    /// Of keys that are not supported the names alone decide.
    pub(crate) fn is_self_signed(&self) -> bool {
        self.names_as_issuer(self) && self.is_signed_by(self).unwrap_or(true)
    }

    /// Tells whether it is of the version that has extensions (RFC 5280, section 4.1.2.1).
    pub(super) fn is_version_3(&self) -> bool {
        self.fields.version() == Version::V3
    }

    /// Tells whether the issuer's name is the subject of another certificate.
    pub(super) fn names_as_issuer(&self, other: &Self) -> bool {
        self.fields.issuer() == other.fields.subject()
    }

    /// Tells whether the key of another certificate signed this one.
    pub(super) fn is_signed_by(&self, issuer: &Self) -> Result<bool, Unsupported> {
        self.signed
            .verifies_with(issuer.fields.subject_public_key_info())
    }
}

/// Holds the first and the last second at which a certificate is in force (RFC 5280, section
/// 4.1.2.5), in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first.
    pub not_before: i64,
    /// The last.
    pub not_after: i64,
}

/// Says that a certificate is not in force at a time, with the first or last second at which it is,
/// since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotInForce {
    /// The time lies before the first second.
    #[error("not in force before {}", shown_time(*.0))]
    NotYet(i64),
    /// The time lies after the last second.
    #[error("expired at {}", shown_time(*.0))]
    Expired(i64),
}

impl Validity {
    fn of(fields: &TbsCertificate) -> Self {
        let seconds = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        Self {
            not_before: seconds(fields.validity().not_before),
            not_after: seconds(fields.validity().not_after),
        }
    }

    /// Checks that the certificate is in force at a time, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// [`NotInForce`] with the time at which that begins, or ended.
    pub fn check(self, at: i64) -> Result<(), NotInForce> {
        if at < self.not_before {
            return Err(NotInForce::NotYet(self.not_before));
        }
        if at > self.not_after {
            return Err(NotInForce::Expired(self.not_after));
        }
        Ok(())
    }
}

/// Reads an extension, and whether it is critical.
fn extension<'a, T>(
    fields: &'a TbsCertificate,
    name: &'static str,
) -> Result<Option<(bool, T)>, CertificateError>
where
    T: Decode<'a, Error = der::Error> + der::oid::AssociatedOid,
{
    fields
        .get_extension::<T>()
        .map_err(|source| CertificateError::DamagedExtension { name, source })
}

fn shown(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(format!("URI:{}", uri.as_str())),
        GeneralName::DnsName(name) => Some(format!("DNS:{}", name.as_str())),
        _ => None,
    }
}

fn shown_time(second: i64) -> String {
    u64::try_from(second)
        .ok()
        .and_then(|second| DateTime::from_unix_duration(Duration::from_secs(second)).ok())
        .map_or_else(|| format!("@{second}"), |time| time.to_string())
}
