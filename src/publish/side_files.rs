//! The files of a site that are not signed: keys, and credentials in an envelope.

use serde_json::{Value, json};

use super::decision::PlannedToken;
use super::error::{Conflict, PublishError};
use super::file::{SiteFile, line};
use super::rules::Rules;
use super::site::Site;
use crate::list::{Proof, Series};
use crate::sign::{DidWeb, KeySet, PublicKey};
use crate::site::{Digest, SitePath};
use crate::token::w3c::envelope;

/// The most bytes of such a file that are read.
pub(crate) const LIMIT: u64 = 64 << 20;

/// The file with the public keys.
const KEYS: &str = "jwks.json";

/// A file of a site that is not signed, before it is decided whether it is written.
pub(crate) struct SideFile {
    file: SiteFile,
    /// What a run that ended before the manifest was written would have left in its place.
    interrupted: Option<Vec<u8>>,
}

impl SideFile {
    /// A file of JSON, made from the state of a list file that has this chain value.
    pub(crate) fn new(
        path: SitePath,
        content: &Value,
        media_type: &'static str,
        chain: Digest,
    ) -> Self {
        Self {
            file: SiteFile::new(path, line(content), media_type, chain),
            interrupted: None,
        }
    }

    pub(crate) fn path(&self) -> &SitePath {
        &self.file.path
    }

    /// Decides whether it is to be written.
    ///
    /// # Errors
    /// Somebody else wrote what is there.
    pub(crate) fn decide(self, site: &Site<'_>, rules: &Rules) -> Result<SiteFile, PublishError> {
        let Self {
            mut file,
            interrupted,
        } = self;
        let found = site.read(&file.path, LIMIT)?;
        let is_entered = |bytes: &[u8]| {
            let entry = site.entry(&file.path);
            entry.is_some_and(|entry| entry.matches(bytes))
        };
        if let Some(found) = &found
            && !rules.may_roll_back()
            && !is_entered(found)
            && *found != file.bytes
            && interrupted.as_ref() != Some(found)
        {
            return Err(Conflict::NotAsDescribed.at(&file.path));
        }
        // A run that was killed before the manifest left it there, and no entry, or the one before.
        if found.as_ref() != Some(&file.bytes) || !is_entered(&file.bytes) {
            file.write = Some(site.expects(found.as_deref()));
        }
        Ok(file)
    }
}

/// What verifiers of W3C credentials look for: `jwks.json` with the key and those that are there
/// already, and the `did.json` of a `did:web` issuer, if it lies in the site.
///
/// # Errors
/// The `jwks.json` that is there is no set of public keys.
pub(crate) fn keys(
    series: &Series,
    key: &PublicKey,
    site: &Site<'_>,
    chain: Digest,
) -> Result<Vec<SideFile>, PublishError> {
    if !series.has_credentials() {
        return Ok(Vec::new());
    }
    let path: SitePath = KEYS.parse().map_err(PublishError::SideFile)?;
    let mut keys = vec![key.clone()];
    if let Some(target) = site.target()
        && let Some(found) = target.read(&path, LIMIT)?
    {
        let known = KeySet::parse(&found).map_err(|source| PublishError::Keys {
            file: target.locate(&path),
            source,
        })?;
        let others = known.keys().iter().filter(|other| *other != key);
        keys.extend(others.cloned());
    }
    let set: Vec<Value> = keys.iter().map(PublicKey::to_jwk).collect();
    let set = json!({ "keys": set });
    let mut files = vec![SideFile::new(path, &set, "application/jwk-set+json", chain)];
    if let Ok(did) = series.issuer.parse::<DidWeb>()
        && let Ok(path) = SitePath::own(did.document_url(), site.base)
    {
        let document = did.document(&keys);
        files.push(SideFile::new(
            path,
            &document,
            "application/did+json",
            chain,
        ));
    }
    Ok(files)
}

/// The credential in its envelope, as JSON; `None` if the proof stands in the credential.
///
/// # Errors
/// Its path cannot be in a site, or what is in its place cannot be read.
pub(crate) fn enveloped(
    PlannedToken { token, file, .. }: &PlannedToken,
    site: &Site<'_>,
    rules: &Rules,
) -> Result<Option<SideFile>, PublishError> {
    let statement = &token.statement;
    let envelop = |token: &[u8]| match statement.series.credentials.proof {
        Some(Proof::Jwt) => Some(envelope::envelop_jwt(&String::from_utf8_lossy(token))),
        Some(Proof::Cose) => Some(envelope::envelop_cose(token)),
        _ => None,
    };
    // What is in the credential's place was found to be ours.
    let found = site.read(&token.path, rules.limit)?;
    let Some(envelope) = envelop(&file.bytes) else {
        return Ok(None);
    };
    let uri = format!("{}.json", statement.claims.subject);
    let path = SitePath::of(&uri, site.base).map_err(PublishError::SideFile)?;
    let interrupted = found.as_deref().and_then(envelop);
    Ok(Some(SideFile {
        interrupted: interrupted.as_ref().map(line),
        ..SideFile::new(path, &envelope, envelope::MEDIA_TYPE, file.chain)
    }))
}
