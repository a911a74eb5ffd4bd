//! The files of a site that are not signed: keys, and credentials in an envelope.

use serde::Serialize;
use serde_json::{Value, json};

use super::delivery::Delivery;
use super::error::{Conflict, PublishError};
use super::rules::Rules;
use super::site::Site;
use crate::list::{Proof, Series};
use crate::sign::{DidWeb, KeySet, PublicKey};
use crate::site::{BaseUrl, Digest, ManifestEntry, Precondition, SitePath};
use crate::token::w3c::envelope;

/// The most bytes of such a file that are read.
pub(crate) const LIMIT: u64 = 64 << 20;

/// The file with the public keys.
const KEYS: &str = "jwks.json";

/// A file of a site that is not signed.
pub(crate) struct SideFile {
    pub(crate) path: SitePath,
    pub(crate) bytes: Vec<u8>,
    pub(crate) media_type: &'static str,
    /// The state of the list file that it was made from.
    pub(crate) chain: Digest,
    /// What a run that ended before the manifest was written would have left in its place.
    pub(crate) interrupted: Option<Vec<u8>>,
}

/// What was done with such a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Done {
    pub(crate) path: String,
    pub(crate) written: bool,
    pub(crate) bytes: u64,
}

/// A file, and whether it is to be written.
pub(crate) struct Planned {
    pub(crate) file: SideFile,
    pub(crate) write: bool,
    /// What must be there still when it is written.
    pub(crate) expected: Precondition,
}

/// Decides which files are to be written.
///
/// # Errors
/// Somebody else wrote what is there.
pub(crate) fn plan(
    files: Vec<SideFile>,
    site: Site<'_>,
    rules: &Rules,
) -> Result<Vec<Planned>, PublishError> {
    let mut planned: Vec<Planned> = Vec::new();
    for file in files {
        if planned.iter().any(|other| other.file.path == file.path) {
            continue;
        }
        let found = site.read(&file.path, LIMIT)?;
        let entry = site.entry(&file.path);
        if let Some(found) = &found
            && !rules.may_roll_back()
            && !entry.is_some_and(|entry| entry.matches(found))
            && *found != file.bytes
            && file.interrupted.as_ref() != Some(found)
        {
            return Err(Conflict::NotAsDescribed.at(&file.path));
        }
        let write = found.as_ref() != Some(&file.bytes) || entry.is_none();
        let expected = site.expects(found.as_deref());
        planned.push(Planned {
            file,
            write,
            expected,
        });
    }
    Ok(planned)
}

/// Writes the files that are to be written, and enters them in the manifest.
pub(crate) fn write(
    planned: Vec<Planned>,
    delivery: &mut Delivery<'_>,
    issued_at: i64,
) -> Result<Vec<Done>, PublishError> {
    let mut done = Vec::new();
    for Planned {
        file,
        write,
        expected,
    } in planned
    {
        let bytes = file.bytes.len() as u64;
        done.push(Done {
            path: file.path.as_str().to_owned(),
            written: write,
            bytes,
        });
        if !write {
            continue;
        }
        let entry = ManifestEntry {
            sha256: Digest::of(&file.bytes),
            bytes,
            issued_at,
            expires_at: None,
            media_type: file.media_type.to_owned(),
            chain: file.chain,
        };
        delivery.put(file.path, &file.bytes, expected, entry)?;
    }
    Ok(done)
}

/// What verifiers of W3C credentials look for: `jwks.json` with the key and those that are there
/// already, and the `did.json` of a `did:web` issuer, if it lies in the site.
///
/// # Errors
/// The `jwks.json` that is there is no set of public keys.
pub(crate) fn keys(
    series: &Series,
    key: &PublicKey,
    site: Site<'_>,
    chain: Digest,
) -> Result<Vec<SideFile>, PublishError> {
    if !series.has_credentials() {
        return Ok(Vec::new());
    }
    let path: SitePath = KEYS.parse().map_err(PublishError::SideFile)?;
    let mut keys = vec![key.clone()];
    if let Some(target) = site.target
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
    let mut files = vec![SideFile {
        path,
        bytes: line(&json!({ "keys": set })),
        media_type: "application/jwk-set+json",
        chain,
        interrupted: None,
    }];
    if let Ok(did) = series.issuer.parse::<DidWeb>()
        && let Ok(path) = SitePath::own(did.document_url(), site.base)
    {
        files.push(SideFile {
            path,
            bytes: line(&did.document(&keys)),
            media_type: "application/did+json",
            chain,
            interrupted: None,
        });
    }
    Ok(files)
}

/// A credential for which an envelope is made.
pub(crate) struct Unenveloped<'a> {
    pub(crate) uri: &'a str,
    pub(crate) token: &'a [u8],
    /// What is in its place, and was found to be ours.
    pub(crate) found: Option<Vec<u8>>,
}

/// The credential in its envelope, as JSON; `None` if the proof stands in the credential.
///
/// # Errors
/// Its path cannot be in a site.
pub(crate) fn enveloped(
    series: &Series,
    credential: &Unenveloped<'_>,
    base: Option<&BaseUrl>,
    chain: Digest,
) -> Result<Option<SideFile>, PublishError> {
    let envelop = |token: &[u8]| match series.credentials.proof {
        Some(Proof::Jwt) => Some(envelope::envelop_jwt(&String::from_utf8_lossy(token))),
        Some(Proof::Cose) => Some(envelope::envelop_cose(token)),
        _ => None,
    };
    let Some(envelope) = envelop(credential.token) else {
        return Ok(None);
    };
    let uri = format!("{}.json", credential.uri);
    let path = SitePath::of(&uri, base).map_err(PublishError::SideFile)?;
    Ok(Some(SideFile {
        path,
        bytes: line(&envelope),
        media_type: envelope::MEDIA_TYPE,
        chain,
        interrupted: credential
            .found
            .as_deref()
            .and_then(envelop)
            .as_ref()
            .map(line),
    }))
}

/// Writes JSON in one line.
pub(crate) fn line(value: &Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}
