//! Keys of others, read where the options say.

use super::options::VerifyingOptions;
use super::signing::bad_key;
use super::{Context, Error};
use crate::commands::options::KeySource;
use crate::sign::{KeySet, PublicKey};

impl VerifyingOptions {
    /// Reads the keys; `None` if none was named.
    pub(super) fn keys(&self, context: &Context<'_>) -> Result<Option<KeySet>, Error> {
        if let Some(source) = &self.key {
            let bytes = context.read_key(source)?;
            let key = PublicKey::parse(&bytes).map_err(|error| bad_key(source, &error))?;
            return Ok(Some(key.into()));
        }
        let Some(path) = &self.jwks else {
            return Ok(None);
        };
        let source = KeySource::File(path.clone());
        let bytes = context.read_key(&source)?;
        KeySet::parse(&bytes)
            .map(Some)
            .map_err(|error| bad_key(&source, &error))
    }
}
