//! The keys that tokens are checked with: those that were named here, else the one that signs.

use crate::commands::certificates::Authorities;
use crate::commands::options::KeySource;
use crate::commands::{Context, Error};
use crate::sign::{CertificateChain, KeySet, PrivateKey, PublicKey, Validity};

use super::Args;

/// What tokens are checked with.
pub(super) struct CheckedWith {
    pub(super) keys: Option<KeySet>,
    pub(super) authorities: Option<Authorities>,
    /// When the certificate of the key that signs is in force.
    pub(super) certificate: Option<Validity>,
    /// What the settings name and cannot be used: nobody could publish.
    pub(super) unusable: Vec<String>,
}

impl CheckedWith {
    /// Reads what was named here; else the public half of the key that the settings name.
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
        let Some(source) = &context.settings.key else {
            return Ok(trusted);
        };
        // What is read once is for whoever signs.
        if matches!(source, KeySource::Stdin) {
            return Ok(trusted);
        }
        match public_half(source, context) {
            Ok(key) => {
                match certificate(&key, context) {
                    Ok(validity) => trusted.certificate = validity,
                    Err(error) => trusted.unusable.push(in_one_line(&error)),
                }
                if !is_named {
                    trusted.keys = Some(key.into());
                }
            }
            // Who names a key here may not be allowed to read the other.
            Err(_) if is_named => {}
            Err(error) => trusted.unusable.push(in_one_line(&error)),
        }
        Ok(trusted)
    }
}

fn public_half(source: &KeySource, context: &Context<'_>) -> Result<PublicKey, Error> {
    let bytes = context.read_key(source)?;
    if let Ok(key) = PrivateKey::parse(&bytes) {
        return Ok(key.public().clone());
    }
    PublicKey::parse(&bytes).map_err(|error| crate::commands::signing::bad_key(source, &error))
}

fn certificate(key: &PublicKey, context: &Context<'_>) -> Result<Option<Validity>, Error> {
    let Some(path) = &context.settings.cert else {
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
