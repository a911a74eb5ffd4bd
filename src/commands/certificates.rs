//! The certificates that go into tokens, and what they are checked for.

use std::path::Path;

use super::options::{CertificateOptions, TrustOptions};
use super::{Code, Context, Error, Settings};
use crate::audit::Trust;
use crate::list::Timestamp;
use crate::publish::KeyCertificates;
use crate::sign::{Certificate, CertificateChain, Oid, OidError, PublicKey, TrustAnchors};
use crate::wire::shell::quote;

/// The most bytes that a file of certificates may have.
pub(super) const LIMIT: u64 = 1 << 20;

/// The authorities that are trusted, and for what.
pub(super) struct Authorities {
    anchors: TrustAnchors,
    purpose: Option<Oid>,
}

impl CertificateOptions {
    /// Reads the certificates of a key; `None` if none were named.
    pub(super) fn of_key(
        &self,
        key: &PublicKey,
        settings: &Settings,
        context: &Context<'_>,
    ) -> Result<Option<KeyCertificates>, Error> {
        let Some(path) = self.cert.as_ref().or(settings.cert.as_ref()) else {
            return match self.eku {
                None => Ok(None),
                Some(_) => Err(Error::new(
                    Code::Refused,
                    "an extended key usage is wanted, but no certificate was named",
                )
                .hint("--cert FILE")),
            };
        };
        let chain = CertificateChain::parse(&context.read_file(path, LIMIT)?, key)
            .map_err(|error| unusable(path).because_of(&error))?;
        let purpose = purpose(self.eku, settings)?;
        match purpose.filter(|purpose| !chain.leaf().has_purpose(*purpose)) {
            None => Ok(Some(KeyCertificates {
                chain,
                path: path.clone(),
            })),
            Some(purpose) => Err(Error::new(
                Code::Refused,
                format!(
                    "the certificate in {} lacks the extended key usage {purpose}",
                    quote(path)
                ),
            )
            .because(purposes(chain.leaf()))
            .hint("a certificate that was issued for it, or another --eku")),
        }
    }
}

impl TrustOptions {
    /// Reads the trust anchors; `None` if none were named.
    pub(super) fn authorities(&self, context: &Context<'_>) -> Result<Option<Authorities>, Error> {
        let Some(path) = &self.trust else {
            return Ok(None);
        };
        let anchors = TrustAnchors::parse(&context.read_file(path, LIMIT)?).map_err(|error| {
            let message = format!("cannot use the trust anchors in {}", quote(path));
            Error::new(Code::BadKey, message).because_of(&error)
        })?;
        let purpose = purpose(self.eku, &context.settings)?;
        Ok(Some(Authorities { anchors, purpose }))
    }
}

impl Authorities {
    /// What a token is judged against.
    pub(super) fn trust(&self) -> Trust<'_> {
        Trust {
            anchors: &self.anchors,
            purpose: self.purpose,
        }
    }
}

/// What people should know of certificates in a token that is valid until a time.
pub(super) fn warning(
    KeyCertificates { chain, path }: &KeyCertificates,
    expires_at: Option<i64>,
) -> Option<String> {
    let ends = chain.leaf().validity().not_after;
    let expires_at = expires_at.filter(|expires_at| *expires_at > ends)?;
    Some(format!(
        "the certificate in {} ends at {}, before the token does at {}: readers refuse the token \
         from then on",
        quote(path),
        Timestamp::from_second(ends),
        Timestamp::from_second(expires_at)
    ))
}

/// What was done with certificates, and might surprise.
pub(super) fn note(KeyCertificates { chain, .. }: &KeyCertificates) -> Option<String> {
    if let Some(anchor) = chain.left_out() {
        return Some(format!(
            "the trust anchor {} is left out of the token",
            crate::wire::text::escaped(&anchor.subject())
        ));
    }
    chain.leaf().is_self_signed().then(|| {
        "the certificate is self-signed: readers that rely on authorities refuse it".to_owned()
    })
}

/// The extended key usage that a leaf must have: the option, else the settings file.
fn purpose(given: Option<Oid>, settings: &Settings) -> Result<Option<Oid>, Error> {
    let Some(text) = settings.eku.as_ref().filter(|_| given.is_none()) else {
        return Ok(given);
    };
    text.parse().map(Some).map_err(|error: OidError| {
        Error::new(Code::Refused, "cannot use keys.eku of the settings file").because_of(&error)
    })
}

fn purposes(certificate: &Certificate) -> String {
    match certificate.purposes.as_slice() {
        [] => "it has none".to_owned(),
        purposes => {
            let names: Vec<_> = purposes.iter().map(Oid::to_string).collect();
            format!("it has {}", names.join(", "))
        }
    }
}

pub(super) fn unusable(path: &Path) -> Error {
    Error::new(
        Code::BadKey,
        format!("cannot use the certificates in {}", quote(path)),
    )
}
