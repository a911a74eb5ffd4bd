//! The certificates that go with a token, leaf first.

use serde_json::Value;

use super::certificate::{Certificate, CertificateError};
use crate::sign::key_error::KeyError;
use crate::sign::public_key::PublicKey;
use crate::wire::base64;
use crate::wire::text::brief;

/// Bounds a chain; those of everyday use have 1 to 3.
const MAX_CERTIFICATES: usize = 10;

/// Holds the certificates that a token carries: at least one, the leaf first.
///
/// Two are equal if they hold the same, whatever was left out.
#[derive(Clone, Debug)]
pub struct CertificateChain {
    /// Never empty.
    certificates: Vec<Certificate>,
    left_out: Option<Certificate>,
}

/// Says why certificates cannot go with a token of a key.
///
/// Places count from 1, as people count the blocks of a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// Something in the file is not a certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The first certificate is for a key that nobody can sign with here.
    #[error("the key of the first certificate cannot be used")]
    Key(#[source] KeyError),
    /// No certificate is for the key.
    #[error("the first certificate, {0}, is for another key")]
    OtherKey(String),
    /// The certificate for the key is not the first one.
    #[error("the key's certificate is number {0}, but it must come first, then its issuers")]
    LeafNotFirst(usize),
    /// A certificate whose issuer does not follow.
    #[error(
        "certificate {place} was issued by {issuer}, but number {next} is that of {subject}",
        next = place + 1
    )]
    OutOfOrder {
        /// Where it stands.
        place: usize,
        /// Whose certificate is missing behind it.
        issuer: String,
        /// Whose certificate stands there.
        subject: String,
    },
    /// A certificate that another key signed than the one of the certificate behind it.
    #[error("certificate {place} is not signed with the key of number {next}", next = place + 1)]
    BadSignature {
        /// Where it stands.
        place: usize,
    },
    /// A certificate that issued another one, but may not.
    #[error("certificate {place}, {subject}, is not one that may issue others")]
    NotAnAuthority {
        /// Where it stands.
        place: usize,
        /// Its subject.
        subject: String,
    },
    /// A first certificate in the form of 1988, which has no extensions.
    #[error("the first certificate, {0}, is not of version 3")]
    Version(String),
    /// A first certificate that is for issuing others.
    #[error("the first certificate, {0}, is that of an authority, which signs no tokens")]
    LeafIsAuthority(String),
    /// A first certificate whose key usage lacks `digitalSignature`.
    #[error("the key usage of the first certificate, {0}, does not allow signatures")]
    KeyUsage(String),
}

/// Says why the certificates in a token's header cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum EmbeddedError {
    /// Not an array, or an empty one.
    #[error("there is no array of certificates")]
    NoArray,
    /// More certificates than anybody needs.
    #[error("there are more than {MAX_CERTIFICATES} certificates")]
    TooMany,
    /// An element that is not a string of base64.
    #[error("certificate {place} is not base64 in the standard alphabet, with padding")]
    NotBase64 {
        /// Where it stands, from 1.
        place: usize,
    },
    /// An element that is not a certificate.
    #[error("certificate {place} cannot be read")]
    Certificate {
        /// Where it stands, from 1.
        place: usize,
        /// What is wrong with it.
        source: CertificateError,
    },
}

impl CertificateChain {
    /// Reads the certificates of a key from a PEM file: the key's own first, then each issuer.
    ///
    /// A trust anchor at the end, which is a certificate signed with its own key, is left out:
    /// readers have theirs from elsewhere, and `OpenID4VC` HAIP 1.0, section 6.1, forbids it. A
    /// certificate that stands alone is kept, self-signed or not.
    ///
    /// # Errors
    ///
    /// A [`ChainError`]: what cannot be read, is for another key, is out of order, is not signed
    /// by the next, or may not be used so.
    pub fn parse(pem: &[u8], key: &PublicKey) -> Result<Self, ChainError> {
        let certificates = Certificate::read_pem(pem, MAX_CERTIFICATES)?;
        let mut chain = Self::of(certificates).ok_or(CertificateError::NotPem)?;
        chain.check_leaf(key)?;
        for (place, issued, issuer) in chain.links() {
            check_issuer(place, issued, issuer)?;
        }
        if !chain.issuers().is_empty() {
            chain.left_out = chain.certificates.pop_if(|last| last.is_self_signed());
        }
        Ok(chain)
    }

    /// Reads the `x5c` of a token's header: base64 of DER, leaf first (RFC 7515, section 4.1.6).
    ///
    /// # Errors
    ///
    /// An [`EmbeddedError`]. Whether the certificates belong together is not looked at.
    pub(crate) fn from_x5c(x5c: &Value) -> Result<Self, EmbeddedError> {
        let elements = x5c.as_array().ok_or(EmbeddedError::NoArray)?;
        if elements.len() > MAX_CERTIFICATES {
            return Err(EmbeddedError::TooMany);
        }
        let decode = |(element, place): (&Value, usize)| {
            let bytes = element.as_str().and_then(base64::decode);
            bytes.ok_or(EmbeddedError::NotBase64 { place })
        };
        let elements: Result<Vec<_>, _> = elements.iter().zip(1..).map(decode).collect();
        Self::from_der(&elements?)
    }

    /// Reads certificates in DER, leaf first, as `x5chain` has them (RFC 9360, section 2).
    ///
    /// # Errors
    ///
    /// As [`Self::from_x5c`].
    pub(crate) fn from_der(elements: &[impl AsRef<[u8]>]) -> Result<Self, EmbeddedError> {
        if elements.len() > MAX_CERTIFICATES {
            return Err(EmbeddedError::TooMany);
        }
        let read = |(bytes, place): (&[u8], usize)| {
            Certificate::from_der(bytes)
                .map_err(|source| EmbeddedError::Certificate { place, source })
        };
        let elements = elements.iter().map(AsRef::as_ref);
        let certificates: Result<_, _> = elements.zip(1..).map(read).collect();
        Self::of(certificates?).ok_or(EmbeddedError::NoArray)
    }

    /// Writes the `x5c` of a token's header (RFC 7515, section 4.1.6).
    pub(crate) fn to_x5c(&self) -> Value {
        let texts = self.certificates().iter();
        texts
            .map(|certificate| base64::encode(certificate.der()))
            .collect()
    }

    /// Writes the `x5chain` of a token's header, as [`CoseHeader`](crate::sign::cose::CoseHeader)
    /// takes it (RFC 9360, section 2).
    pub(crate) fn to_x5chain(&self) -> Vec<Vec<u8>> {
        let certificates = self.certificates().iter();
        certificates
            .map(|certificate| certificate.der().to_vec())
            .collect()
    }

    /// Returns the certificate that should be the signing key's.
    #[must_use]
    pub fn leaf(&self) -> &Certificate {
        &self.certificates[0]
    }

    /// Returns the certificates behind the leaf.
    #[must_use]
    pub fn issuers(&self) -> &[Certificate] {
        &self.certificates[1..]
    }

    /// Returns all certificates, the leaf first.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Returns the trust anchor that [`Self::parse`] left out, if there was one.
    pub(crate) fn left_out(&self) -> Option<&Certificate> {
        self.left_out.as_ref()
    }

    /// Finds the first certificate, counted from 1, that the next one did not issue by its name.
    pub(crate) fn out_of_order(&self) -> Option<usize> {
        self.links()
            .find(|(_, issued, issuer)| !issued.names_as_issuer(issuer))
            .map(|(place, ..)| place)
    }

    /// Lists each certificate with its place, from 1, and the next one, which should have issued
    /// it.
    fn links(&self) -> impl Iterator<Item = (usize, &Certificate, &Certificate)> {
        let links = self.certificates.iter().zip(self.issuers());
        (1..)
            .zip(links)
            .map(|(place, (issued, issuer))| (place, issued, issuer))
    }

    fn of(certificates: Vec<Certificate>) -> Option<Self> {
        (!certificates.is_empty()).then_some(Self {
            certificates,
            left_out: None,
        })
    }

    fn check_leaf(&self, key: &PublicKey) -> Result<(), ChainError> {
        let leaf = self.leaf();
        let subject = || brief(&leaf.subject());
        let is_ours = |it: &Certificate| it.public_key().is_ok_and(|it| it == *key);
        match self.certificates.iter().position(is_ours) {
            Some(0) => {}
            Some(index) => return Err(ChainError::LeafNotFirst(index + 1)),
            None => {
                leaf.public_key().map_err(ChainError::Key)?;
                return Err(ChainError::OtherKey(subject()));
            }
        }
        if !leaf.is_version_3() {
            return Err(ChainError::Version(subject()));
        }
        if !leaf.may_sign() {
            return Err(ChainError::KeyUsage(subject()));
        }
        // Tools make self-signed certificates as those of authorities, and no reader trusts them as
        // anything else than the key itself.
        if leaf.is_authority() && !leaf.is_self_signed() {
            return Err(ChainError::LeafIsAuthority(subject()));
        }
        Ok(())
    }
}

impl PartialEq for CertificateChain {
    fn eq(&self, other: &Self) -> bool {
        self.certificates == other.certificates
    }
}

impl Eq for CertificateChain {}

fn check_issuer(
    place: usize,
    subject: &Certificate,
    issuer: &Certificate,
) -> Result<(), ChainError> {
    if !subject.names_as_issuer(issuer) {
        return Err(ChainError::OutOfOrder {
            place,
            issuer: brief(&subject.issuer()),
            subject: brief(&issuer.subject()),
        });
    }
    if !issuer.may_certify() {
        return Err(ChainError::NotAnAuthority {
            place: place + 1,
            subject: brief(&issuer.subject()),
        });
    }
    match subject.is_signed_by(issuer) {
        Ok(false) => Err(ChainError::BadSignature { place }),
        // What cannot be checked here, such as RSA, others may check.
        Ok(true) | Err(_) => Ok(()),
    }
}
