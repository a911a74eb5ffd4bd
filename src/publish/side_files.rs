//! The files of a site that are not signed, such as credentials in an envelope.

use serde_json::Value;

use super::decision::PlannedToken;
use super::error::{Conflict, PublishError};
use super::file::{Content, SiteFile, line};
use super::rules::Rules;
use super::site::Site;
use super::spool::Spool;
use crate::list::{Proof, Series};
use crate::site::{Digest, SitePath};
use crate::token::w3c::envelope;

/// The most bytes of such a file that are read.
pub(crate) const LIMIT: u64 = 64 << 20;

/// A file of a site that is not signed, before it is decided whether it is written.
pub(crate) struct SideFile {
    file: SiteFile,
    bytes: Vec<u8>,
    /// What a run that ended before the manifest was written would have left in its place.
    pub(super) interrupted: Option<Vec<u8>>,
}

impl SideFile {
    /// A file of JSON, made from the state of a list file that has this chain value.
    pub(crate) fn new(
        path: SitePath,
        content: &Value,
        media_type: &'static str,
        chain: Digest,
    ) -> Self {
        Self::of_bytes(path, line(content), media_type, chain)
    }

    /// A file of these bytes, made from the state of a list file that has this chain value.
    pub(super) fn of_bytes(
        path: SitePath,
        bytes: Vec<u8>,
        media_type: &'static str,
        chain: Digest,
    ) -> Self {
        Self {
            file: SiteFile::new(path, &bytes, media_type, chain),
            bytes,
            interrupted: None,
        }
    }

    /// The same, which may replace these bytes, because a run of ours could have left them.
    pub(crate) fn replacing(self, bytes: Vec<u8>) -> Self {
        let interrupted = Some(bytes);
        Self {
            interrupted,
            ..self
        }
    }

    /// Decides whether it is to be written.
    ///
    /// # Errors
    /// Somebody else wrote what is there.
    pub(crate) fn decide(
        self,
        site: &Site<'_>,
        rules: &Rules,
        spool: &mut Spool,
    ) -> Result<SiteFile, PublishError> {
        let Self {
            mut file,
            bytes,
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
            && *found != bytes
            && interrupted.as_ref() != Some(found)
        {
            return Err(Conflict::NotAsDescribed.at(&file.path));
        }
        // A run that was killed before the manifest left it there, and no entry, or the one before.
        if found.as_ref() != Some(&bytes) || !is_entered(&bytes) {
            file.write = Some(Content {
                bytes: spool.keep(bytes),
                expected: site.expects(found.as_deref()),
            });
        }
        Ok(file)
    }
}

/// The credential in its envelope, as JSON; `None` if the proof stands in the credential. `bytes`
/// are those of the token.
///
/// # Errors
/// Its path cannot be in a site, or what is in its place cannot be read.
pub(crate) fn enveloped(
    token: &PlannedToken,
    bytes: &[u8],
    site: &Site<'_>,
    rules: &Rules,
) -> Result<Option<SideFile>, PublishError> {
    // What is in the credential's place was found to be ours.
    let found = site.read(&token.file.path, rules.limit)?;
    let Some(envelope) = envelop(&token.series, bytes) else {
        return Ok(None);
    };
    let path = path_of_envelope(&token.uri, site)?;
    let interrupted = found.and_then(|found| envelop(&token.series, &found));
    let chain = token.file.chain;
    Ok(Some(SideFile {
        interrupted: interrupted.as_ref().map(line),
        ..SideFile::new(path, &envelope, envelope::MEDIA_TYPE, chain)
    }))
}

/// A credential of a series in its envelope; `None` if the proof stands in the credential.
pub(crate) fn envelop(series: &Series, token: &[u8]) -> Option<Value> {
    match series.credentials.proof {
        Some(Proof::Jwt) => Some(envelope::envelop_jwt(&String::from_utf8_lossy(token))),
        Some(Proof::Cose) => Some(envelope::envelop_cose(token)),
        _ => None,
    }
}

/// Whether the credentials of a series can be in an envelope.
pub(crate) fn has_envelope(series: &Series) -> bool {
    matches!(series.credentials.proof, Some(Proof::Jwt | Proof::Cose))
}

/// Where the envelope of the credential with this uri belongs.
///
/// # Errors
/// Its path cannot be in a site.
pub(crate) fn path_of_envelope(uri: &str, site: &Site<'_>) -> Result<SitePath, PublishError> {
    SitePath::of(&format!("{uri}.json"), site.base).map_err(PublishError::SideFile)
}
