//! What must not lie in a site: everything in it is public.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use super::error::{PublishError, SecretKind};
use super::site::Site;
use crate::disk::{self, folder_of};
use crate::list::Timestamp;
use crate::site::SitePath;
use crate::store::begins_a_list_file;
use crate::wire::shell::quote;

/// The settings file that is read when none is named.
const SETTINGS: &str = "statuslist.toml";

/// As much of a file as shows what it is.
const BEGINNING: usize = 64 << 10;

/// A file that must stay secret.
pub(crate) struct SecretFile {
    path: PathBuf,
    kind: SecretKind,
}

impl SecretFile {
    pub(crate) fn new(path: &Path, kind: SecretKind) -> Self {
        let path = path.to_owned();
        Self { path, kind }
    }

    fn refused(&self, site: &Path) -> PublishError {
        PublishError::Secret {
            file: self.path.clone(),
            kind: self.kind,
            site: site.to_owned(),
        }
    }
}

/// What may be a secret.
#[derive(Debug, Error)]
pub(crate) enum Doubt {
    /// It may as well be somebody's checksum.
    #[error("{} looks like a seed, and everything in a site is public", quote(.0))]
    LooksLikeASeed(PathBuf),
    /// Nobody looked at it.
    #[error(
        "{} could not be looked at: it may hold a secret, and everything in a site is public \
         ({error})",
        quote(path)
    )]
    Unseen {
        path: PathBuf,
        error: std::io::Error,
    },
}

/// Refuses a site that holds one of the files that a command was given, by whatever name.
///
/// # Errors
/// The first of them.
pub(crate) fn refuse_given(root: &Path, secrets: &[SecretFile]) -> Result<(), PublishError> {
    // What is no folder holds nothing.
    let site = std::fs::canonicalize(root).ok();
    let Some(site) = site.filter(|site| site.is_dir()) else {
        return Ok(());
    };
    let lies_in_site = |path: &Path| {
        let Ok(real) = std::fs::canonicalize(path) else {
            return false;
        };
        // A link in the site shows the file as well as the file itself does.
        let folder = std::fs::canonicalize(folder_of(path)).ok();
        let mut places = folder.into_iter().chain([real]);
        places.any(|place| place.starts_with(&site))
    };
    match secrets.iter().find(|secret| lies_in_site(&secret.path)) {
        Some(secret) => Err(secret.refused(root)),
        None => Ok(()),
    }
}

/// Looks at every file that the tool did not write in the folders of these, and returns what may be
/// a secret: what looks like one, and what cannot be looked at.
///
/// # Errors
/// One is.
pub(crate) fn refuse_secrets(
    root: &Path,
    paths: &[SitePath],
    site: &Site<'_>,
) -> Result<Vec<Doubt>, PublishError> {
    let known: BTreeSet<_> = site.known().chain(paths).map(SitePath::as_str).collect();
    let mut doubts = Vec::new();
    for relative in folders_of(paths) {
        let folder = root.join(relative);
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                doubts.extend(unseen(folder, error));
                continue;
            }
        };
        for entry in entries {
            let name = match entry {
                Ok(entry) => entry.file_name(),
                Err(error) => {
                    doubts.extend(unseen(folder, error));
                    break;
                }
            };
            let path = Path::new(relative).join(&name);
            if path.to_str().is_some_and(|path| known.contains(path)) {
                continue;
            }
            let path = root.join(path);
            match kind_of(&path) {
                Ok(None) => (),
                Ok(Some(SecretKind::Seed)) => doubts.push(Doubt::LooksLikeASeed(path)),
                Ok(Some(kind)) => return Err(SecretFile { path, kind }.refused(root)),
                Err(error) => doubts.extend(unseen(path, error)),
            }
        }
    }
    Ok(doubts)
}

/// Removes what killed runs left in the folders of these files.
pub(crate) fn clear_leftovers<'a>(
    root: &Path,
    paths: impl IntoIterator<Item = &'a SitePath>,
    now: Timestamp,
) {
    for relative in folders_of(paths) {
        disk::clear_leftovers(&root.join(relative), now.second());
    }
}

/// The root of a site, and the folders of the files that are to be there.
fn folders_of<'a>(paths: impl IntoIterator<Item = &'a SitePath>) -> BTreeSet<&'a str> {
    let folders = paths
        .into_iter()
        .filter_map(|path| path.as_str().rsplit_once('/'));
    folders.map(|(folder, _)| folder).chain([""]).collect()
}

/// Says that nobody looked at a file or folder; nothing if it is not there.
fn unseen(path: PathBuf, error: std::io::Error) -> Option<Doubt> {
    (error.kind() != std::io::ErrorKind::NotFound).then_some(Doubt::Unseen { path, error })
}

/// What a file is, as its name and its beginning say; `None` if it is no secret.
fn kind_of(path: &Path) -> std::io::Result<Option<SecretKind>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Ok(None);
    }
    if path.file_name().is_some_and(|name| name == SETTINGS) {
        return Ok(Some(SecretKind::Settings));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(BEGINNING));
    let file = std::fs::File::open(path)?;
    file.take(BEGINNING as u64).read_to_end(&mut bytes)?;
    if begins_a_list_file(&bytes) {
        return Ok(Some(SecretKind::ListFile));
    }
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    Ok(if is_private_key(text) {
        Some(SecretKind::PrivateKey)
    } else if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Some(SecretKind::Seed)
    } else {
        None
    })
}

/// Whether a text is a private key: PEM, also behind what OpenSSL says of it, or JWK.
fn is_private_key(text: &str) -> bool {
    if text.starts_with("-----BEGIN") || text.starts_with("Bag Attributes") {
        return text
            .lines()
            .any(|line| line.starts_with("-----BEGIN") && line.contains("PRIVATE KEY-----"));
    }
    text.starts_with('{') && text.contains("\"kty\"") && text.contains("\"d\"")
}
