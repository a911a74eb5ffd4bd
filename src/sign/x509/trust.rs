//! The anchors that somebody trusts, and the paths that lead to them.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, VerifiedPath};

use super::certificate::{Certificate, CertificateError, NotInForce};
use super::chain::CertificateChain;
use super::oid::Oid;
use super::scheme::supported;
use crate::sign::key_error::KeyError;
use crate::sign::public_key::PublicKey;
use crate::wire::text::brief;

/// Bounds a file of anchors; the bundles of browsers have about 150.
const MAX_ANCHORS: usize = 1000;

/// Holds the certificates of the authorities that somebody trusts.
#[derive(Clone, Debug)]
pub struct TrustAnchors {
    certificates: Vec<Certificate>,
    /// What path building takes of each, in the same order.
    anchors: Vec<TrustAnchor<'static>>,
    pub(super) skipped: Vec<SkippedAnchor>,
}

/// Says which anchor was passed over, and why.
#[derive(Clone, Debug)]
pub(super) struct SkippedAnchor {
    certificate: Certificate,
    /// Why its key cannot be used.
    pub(super) reason: String,
}

/// Holds what a chain that leads to an anchor proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted {
    /// The key of the leaf.
    pub key: PublicKey,
    /// The subject of the anchor; foreign text.
    pub anchor: String,
}

/// Says why certificates are not trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// No anchor issued the last certificate.
    #[error("the certificates lead to {0}, which is not among the trust anchors")]
    UnknownIssuer(String),
    /// The anchor is known, but its key is of a kind that cannot be used here.
    #[error("the certificates lead to {subject}, a trust anchor that cannot be used: {reason}")]
    UnsupportedAnchor {
        /// The subject of the anchor.
        subject: String,
        /// What is wrong with its key.
        reason: String,
    },
    /// A certificate, of the chain or of the anchor, is expired or not in force yet.
    #[error("the certificate of {subject} cannot be relied on")]
    NotInForce {
        /// Its subject.
        subject: String,
        /// Since when, or until when.
        source: NotInForce,
    },
    /// A signature that another key made.
    #[error("the signature on a certificate does not verify with its issuer's key")]
    BadSignature,
    /// A signature of a kind that cannot be checked here.
    #[error(
        "a certificate is signed in a way that is not supported; ECDSA with P-256, P-384 or P-521 \
         is, and Ed25519"
    )]
    UnsupportedSignature,
    /// More certificates between leaf and anchor than an authority allows, or than anybody needs.
    #[error("the path from the leaf to the trust anchor is too long")]
    PathTooLong,
    /// A certificate that issued another one, but may not.
    #[error("a certificate issued another one, but is not one that may")]
    NotAnAuthority,
    /// A leaf that is for issuing certificates.
    #[error("the leaf is the certificate of an authority, which signs no tokens")]
    LeafIsAuthority,
    /// Names that an authority of the path may not give.
    #[error("the names in a certificate are not those that its issuer may give")]
    NameConstraints,
    /// A critical extension that is not known.
    #[error("a certificate has a critical extension that is not known")]
    CriticalExtension,
    /// A leaf whose key usage lacks `digitalSignature`.
    #[error("the key usage of the leaf does not allow signatures")]
    KeyUsage,
    /// A leaf without the extended key usage that was asked for.
    #[error("the leaf is not meant for the purpose {wanted}")]
    Purpose {
        /// The purpose that was asked for.
        wanted: Oid,
    },
    /// An authority of the path that may not issue certificates for the purpose that was asked for.
    #[error("the authority {subject} is limited to other purposes than {wanted}")]
    IssuerPurpose {
        /// Its subject.
        subject: String,
        /// The purpose that was asked for.
        wanted: Oid,
    },
    /// A leaf whose key is of a kind that cannot be used here.
    #[error("the key of the leaf cannot be used")]
    Key(#[source] KeyError),
    /// Another fault, as path building names it.
    #[error("the certificates do not follow RFC 5280: {0}")]
    Malformed(String),
}

/// Says why a file holds no anchors that can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorsError {
    /// Something in the file is not a certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// No anchor has a key that can be used.
    #[error("no certificate in it can be used as a trust anchor; that of {subject}: {reason}")]
    NoneUsable {
        /// The subject of the first.
        subject: String,
        /// What is wrong with its key.
        reason: String,
    },
}

impl TrustAnchors {
    /// Reads the certificates of trusted authorities from a PEM file.
    ///
    /// Those whose key is not supported (RSA, other curves) are passed over, and remembered for
    /// whoever comes with a chain that leads to one.
    ///
    /// # Errors
    ///
    /// An [`AnchorsError`]: what is no certificate, more than 1000 of them, or none with a key
    /// that can be used.
    pub fn parse(pem: &[u8]) -> Result<Self, AnchorsError> {
        let mut trusted = Self {
            certificates: Vec::new(),
            anchors: Vec::new(),
            skipped: Vec::new(),
        };
        for certificate in Certificate::read_pem(pem, MAX_ANCHORS)? {
            match anchor(&certificate) {
                Ok(anchor) => {
                    trusted.certificates.push(certificate);
                    trusted.anchors.push(anchor);
                }
                Err(reason) => trusted.skipped.push(SkippedAnchor {
                    certificate,
                    reason,
                }),
            }
        }
        match trusted.skipped.first() {
            Some(skipped) if trusted.anchors.is_empty() => Err(AnchorsError::NoneUsable {
                subject: brief(&skipped.certificate.subject()),
                reason: skipped.reason.clone(),
            }),
            _ => Ok(trusted),
        }
    }

    /// Tells whether a certificate is one of the anchors.
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        self.certificates.contains(certificate)
    }

    /// Checks that a chain leads to an anchor at a time, in seconds since 1970, and that its leaf
    /// may sign tokens and, if one is asked for, has a purpose.
    ///
    /// Every certificate of the path must be in force, the anchor's own as well: RFC 5280 leaves
    /// that open, and an authority that let its certificate expire vouches for nothing. An
    /// intermediate authority whose certificate lists purposes vouches for those alone, as path
    /// building in browsers has it (RFC 5280, section 4.2.1.12). The order of the issuers in the
    /// chain does not matter. Revocation is not looked at.
    ///
    /// # Errors
    ///
    /// A [`TrustError`]: the fault on the most promising path, or what is wrong with the leaf.
    ///
    /// Source: RFC 5280, section 6.1.
    pub fn verify(
        &self,
        chain: &CertificateChain,
        at: i64,
        purpose: Option<Oid>,
    ) -> Result<Trusted, TrustError> {
        let anchor = self.path(chain, at, purpose)?;
        let leaf = chain.leaf();
        if !leaf.may_sign() {
            return Err(TrustError::KeyUsage);
        }
        if let Some(wanted) = purpose.filter(|purpose| !leaf.has_purpose(*purpose)) {
            return Err(TrustError::Purpose { wanted });
        }
        Ok(Trusted {
            key: leaf.public_key().map_err(TrustError::Key)?,
            anchor,
        })
    }

    /// Finds a path, and returns the subject of its anchor.
    fn path(
        &self,
        chain: &CertificateChain,
        at: i64,
        purpose: Option<Oid>,
    ) -> Result<String, TrustError> {
        let explain = |error| self.explain(error, chain, at, purpose);
        let leaf = CertificateDer::from(chain.leaf().der());
        let leaf = EndEntityCert::try_from(&leaf).map_err(explain)?;
        let issuers = chain.issuers().iter();
        let issuers: Vec<_> = issuers
            .map(|issuer| CertificateDer::from(issuer.der()))
            .collect();
        // Before 1970 nothing is in force.
        let time = UnixTime::since_unix_epoch(Duration::from_secs(at.try_into().unwrap_or(0)));
        let accept = |path: &VerifiedPath<'_>| {
            let all = |may: &dyn Fn(&Certificate) -> bool| {
                path.intermediate_certificates().all(|issuer| {
                    let is_it = |other: &&Certificate| *other.der() == *issuer.der();
                    chain.issuers().iter().find(is_it).is_some_and(may)
                })
            };
            if !all(&Certificate::may_certify) {
                return Err(webpki::Error::EndEntityUsedAsCa);
            }
            if purpose.is_some_and(|wanted| !all(&|issuer| issuer.may_certify_for(wanted))) {
                #[expect(
                    deprecated,
                    reason = "what replaces it takes a purpose of another type"
                )]
                return Err(webpki::Error::RequiredEkuNotFound);
            }
            match self.in_force(path.anchor(), at) {
                Some(_) => Ok(()),
                // What the error says of the times is not used.
                None => Err(webpki::Error::CertExpired {
                    time,
                    not_after: time,
                }),
            }
        };
        let path = leaf
            .verify_for_usage(
                &supported(),
                &self.anchors,
                &issuers,
                time,
                AnyPurpose,
                None,
                Some(&accept),
            )
            .map_err(explain)?;
        let anchor = self.in_force(path.anchor(), at);
        Ok(anchor.map(Certificate::subject).unwrap_or_default())
    }

    /// Finds the certificate in force with the name and key of an anchor: an authority may have
    /// several, one after the other.
    fn in_force(&self, anchor: &TrustAnchor<'_>, at: i64) -> Option<&Certificate> {
        self.certificates
            .iter()
            .zip(&self.anchors)
            .find(|(certificate, other)| {
                *other == anchor && certificate.validity().check(at).is_ok()
            })
            .map(|(certificate, _)| certificate)
    }

    /// Lists the anchors that may have issued something in a chain, by their names.
    fn issuers_of<'a>(
        &'a self,
        chain: &'a CertificateChain,
    ) -> impl Iterator<Item = &'a Certificate> {
        let named = |anchor: &&Certificate| {
            let mut issued = chain.certificates().iter();
            issued.any(|certificate| certificate.names_as_issuer(anchor))
        };
        self.certificates.iter().filter(named)
    }

    fn explain(
        &self,
        error: webpki::Error,
        chain: &CertificateChain,
        at: i64,
        purpose: Option<Oid>,
    ) -> TrustError {
        use webpki::Error as E;
        match error {
            #[expect(deprecated, reason = "see where it is made")]
            E::RequiredEkuNotFound => purpose
                .and_then(|wanted| {
                    let limited = |issuer: &&Certificate| !issuer.may_certify_for(wanted);
                    let issuer = chain.issuers().iter().find(limited)?;
                    let subject = brief(&issuer.subject());
                    Some(TrustError::IssuerPurpose { subject, wanted })
                })
                .unwrap_or_else(|| TrustError::Malformed(error.to_string())),
            E::UnknownIssuer => self.unknown_issuer(chain),
            E::CertExpired { .. } | E::CertNotValidYet { .. } => chain
                .certificates()
                .iter()
                .chain(self.issuers_of(chain))
                .find_map(|certificate| {
                    let source = certificate.validity().check(at).err()?;
                    let subject = brief(&certificate.subject());
                    Some(TrustError::NotInForce { subject, source })
                })
                .unwrap_or_else(|| TrustError::Malformed(error.to_string())),
            E::InvalidSignatureForPublicKey => TrustError::BadSignature,
            E::UnsupportedSignatureAlgorithmContext(_)
            | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
                TrustError::UnsupportedSignature
            }
            E::PathLenConstraintViolated
            | E::MaximumPathDepthExceeded
            | E::MaximumPathBuildCallsExceeded
            | E::MaximumSignatureChecksExceeded
            | E::MaximumNameConstraintComparisonsExceeded => TrustError::PathTooLong,
            E::EndEntityUsedAsCa => TrustError::NotAnAuthority,
            E::CaUsedAsEndEntity => TrustError::LeafIsAuthority,
            E::NameConstraintViolation => TrustError::NameConstraints,
            E::UnsupportedCriticalExtension => TrustError::CriticalExtension,
            other => TrustError::Malformed(other.to_string()),
        }
    }

    /// Follows the names from the leaf as far as the chain goes.
    fn unknown_issuer(&self, chain: &CertificateChain) -> TrustError {
        let mut last = chain.leaf();
        // A circle of names ends after as many steps as there are certificates.
        for _ in chain.issuers() {
            let mut issuers = chain.issuers().iter();
            match issuers.find(|issuer| last.names_as_issuer(issuer)) {
                Some(issuer) => last = issuer,
                None => break,
            }
        }
        let is_it = |skipped: &&SkippedAnchor| last.names_as_issuer(&skipped.certificate);
        match self.skipped.iter().find(is_it) {
            Some(skipped) => TrustError::UnsupportedAnchor {
                subject: brief(&skipped.certificate.subject()),
                reason: skipped.reason.clone(),
            },
            None => TrustError::UnknownIssuer(brief(&last.issuer())),
        }
    }
}

/// Accepts every extended key usage: those of the leaf and of its issuers are checked apart, for the
/// purpose that was asked for if there is one.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

/// Takes from a certificate what path building needs of an anchor (RFC 5280, section 6.1.1).
fn anchor(certificate: &Certificate) -> Result<TrustAnchor<'static>, String> {
    certificate
        .public_key()
        .map_err(|error| error.to_string())?;
    let der = CertificateDer::from(certificate.der());
    let anchor = webpki::anchor_from_trusted_cert(&der).map_err(|error| error.to_string())?;
    Ok(anchor.to_owned())
}
