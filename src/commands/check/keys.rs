//! The keys that tokens are checked with: those that were named here, else the one that signs.

use std::path::PathBuf;

use crate::commands::certificates::Authorities;
use crate::commands::options::KeySource;
use crate::commands::{Context, Error};
use crate::sign::{CertificateChain, KeySet, PrivateKey, PublicKey, Validity};

use super::Args;

/// What tokens are checked with.
pub(super) struct CheckedWith {
    pub(super) keys: Option<KeySet>,
    pub(super) authorities: Option<Authorities>,
    /// When the certificate of a key that signs is in force: of several, the first that ends.
    pub(super) certificate: Option<Validity>,
    /// What the settings name and cannot be used: nobody could publish.
    pub(super) unusable: Vec<String>,
}

impl CheckedWith {
    /// Reads what was named here; else the public halves of the keys that the settings name.
    ///
    /// # Errors
    /// What was named here cannot be read.
    pub(super) fn new(args: &Args, context: &Context<'_>) -> Result<Self, Error> {
        let keys = args.verifying.keys(context)?;
        let authorities = args.verifying.certificates.authorities(context)?;
        let mut trusted = Self {
            keys,
            authorities,
            certificate: None,
            unusable: Vec::new(),
        };
        let is_named = trusted.keys.is_some() || trusted.authorities.is_some();
        let mut signing = Vec::new();
        for (source, cert) in signers(context) {
            match public_half(source, context) {
                Ok(key) => {
                    match certificate(&key, cert, context) {
                        Ok(validity) => trusted.see(validity),
                        Err(error) => trusted.unusable.push(in_one_line(&error)),
                    }
                    signing.push(key);
                }
                // Who names a key here may not be allowed to read the others.
                Err(_) if is_named => {}
                Err(error) => trusted.unusable.push(in_one_line(&error)),
            }
        }
        if !is_named && !signing.is_empty() {
            trusted.keys = Some(KeySet::of(signing));
        }
        Ok(trusted)
    }

    /// Of all certificates, the one that ends first counts.
    fn see(&mut self, validity: Option<Validity>) {
        let known = self.certificate.into_iter().chain(validity);
        self.certificate = known.min_by_key(|validity| validity.not_after);
    }
}

/// The keys that the settings name, with their certificates. What is read from standard input is
/// read once, by whoever signs.
fn signers<'a>(
    context: &'a Context<'_>,
) -> impl Iterator<Item = (&'a KeySource, Option<&'a PathBuf>)> {
    let settings = &context.settings;
    let only = settings
        .key
        .as_ref()
        .map(|key| (key, settings.cert.as_ref()));
    let named = settings.named_keys.iter();
    let named = named.filter_map(|named| Some((named.key.as_ref()?, named.cert.as_ref())));
    // One of them may be the one that signs unless it is said otherwise.
    let others = named.filter(|(key, _)| Some(*key) != settings.key.as_ref());
    let all = only.into_iter().chain(others);
    all.filter(|(source, _)| !matches!(source, KeySource::Stdin))
}

fn public_half(source: &KeySource, context: &Context<'_>) -> Result<PublicKey, Error> {
    let bytes = context.read_key(source)?;
    if let Ok(key) = PrivateKey::parse(&bytes) {
        return Ok(key.public().clone());
    }
    PublicKey::parse(&bytes).map_err(|error| crate::commands::signing::bad_key(source, &error))
}

fn certificate(
    key: &PublicKey,
    cert: Option<&PathBuf>,
    context: &Context<'_>,
) -> Result<Option<Validity>, Error> {
    let Some(path) = cert else {
        return Ok(None);
    };
    let bytes = context.read_file(path, crate::commands::certificates::LIMIT)?;
    let chain = CertificateChain::parse(&bytes, key)
        .map_err(|error| crate::commands::certificates::unusable(path).because_of(&error))?;
    Ok(Some(chain.leaf().validity()))
}

/// An error with the reasons behind it.
pub(super) fn in_one_line(error: &Error) -> String {
    let reasons = error.because.iter().map(String::as_str);
    let parts: Vec<_> = std::iter::once(error.message.as_str())
        .chain(reasons)
        .collect();
    parts.join(": ")
}
