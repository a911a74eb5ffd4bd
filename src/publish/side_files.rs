//! The files of a site that are not signed: keys, and credentials in an envelope.

use serde::Serialize;
use serde_json::{Value, json};

use super::delivery::Target;
use crate::commands::{Code, Error};
use crate::list::{Proof, Series};
use crate::sign::{DidWeb, KeySet, PublicKey};
use crate::site::{BaseUrl, Digest, Entry, Folder, Manifest, SitePath};
use crate::token::w3c::envelope;
use crate::wire::shell::quote;

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
}

/// Decides which files are to be written.
///
/// # Errors
/// [`Code::Conflict`]: somebody else wrote what is there.
pub(crate) fn plan(
    files: Vec<SideFile>,
    site: Option<&Folder>,
    manifest: &Manifest,
    allow_rollback: bool,
) -> Result<Vec<Planned>, Error> {
    let mut planned: Vec<Planned> = Vec::new();
    for file in files {
        if planned.iter().any(|other| other.file.path == file.path) {
            continue;
        }
        let found = match site {
            Some(site) => site.read(&file.path, LIMIT)?,
            None => None,
        };
        let entry = manifest.entries.get(&file.path);
        if let Some(found) = &found
            && !allow_rollback
            && !entry.is_some_and(|entry| entry.matches(found))
            && *found != file.bytes
            && file.interrupted.as_ref() != Some(found)
        {
            let text = format!("'{}' must not be replaced", file.path);
            return Err(Error::new(Code::Conflict, text)
                .because("it is not the file that the site's manifest describes")
                .hint("find out who wrote it; to replace it all the same: --allow-rollback")
                .detail("path", file.path.as_str()));
        }
        let write = found.as_ref() != Some(&file.bytes) || entry.is_none();
        planned.push(Planned { file, write });
    }
    Ok(planned)
}

/// Writes the files that are to be written, and enters them in the manifest.
pub(crate) fn write(
    planned: Vec<Planned>,
    target: &mut Target<'_>,
    issued_at: i64,
) -> Result<Vec<Done>, Error> {
    let mut done = Vec::new();
    for Planned { file, write } in planned {
        let bytes = file.bytes.len() as u64;
        done.push(Done {
            path: file.path.as_str().to_owned(),
            written: write,
            bytes,
        });
        if !write {
            continue;
        }
        let entry = Entry {
            sha256: Digest::of(&file.bytes),
            bytes,
            issued_at,
            expires_at: None,
            media_type: file.media_type.to_owned(),
            chain: file.chain,
        };
        target.put(file.path, &file.bytes, entry)?;
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
    (site, base): (Option<&Folder>, Option<&BaseUrl>),
    chain: Digest,
) -> Result<Vec<SideFile>, Error> {
    if !series.views.iter().any(|view| view.view.family().is_w3c()) {
        return Ok(Vec::new());
    }
    let path: SitePath = KEYS.parse().map_err(|error| unpublishable(&error))?;
    let mut keys = vec![key.clone()];
    if let Some(site) = site
        && let Some(found) = site.read(&path, LIMIT)?
    {
        let known = KeySet::parse(&found).map_err(|error| {
            let file = quote(site.root().join(path.as_path()));
            Error::new(Code::Conflict, format!("{file} must not be replaced"))
                .because_of(&error)
                .hint("find out who wrote it, and move it away")
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
        && let Ok(path) = SitePath::own(did.document_url(), base)
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
pub(crate) struct Credential<'a> {
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
    credential: &Credential<'_>,
    base: Option<&BaseUrl>,
    chain: Digest,
) -> Result<Option<SideFile>, Error> {
    let envelop = |token: &[u8]| match series.credentials.proof {
        Some(Proof::Jwt) => Some(envelope::envelop_jwt(&String::from_utf8_lossy(token))),
        Some(Proof::Cose) => Some(envelope::envelop_cose(token)),
        _ => None,
    };
    let Some(envelope) = envelop(credential.token) else {
        return Ok(None);
    };
    let uri = format!("{}.json", credential.uri);
    let path = SitePath::of(&uri, base).map_err(|error| unpublishable(&error))?;
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

fn unpublishable(error: &dyn std::error::Error) -> Error {
    Error::new(Code::Refused, "a site cannot hold the file").because_of(error)
}
