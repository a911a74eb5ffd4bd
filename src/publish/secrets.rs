//! What must not lie in a site: everything in it is public.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::commands::{Code, Error};
use crate::disk::{clear_leftovers, folder_of};
use crate::list::Timestamp;
use crate::site::{Folder, Manifest, SitePath};
use crate::store::begins_a_list_file;
use crate::wire::shell::quote;

/// The settings file that is read when none is named.
const SETTINGS: &str = "statuslist.toml";

/// As much of a file as shows what it is.
const BEGINNING: usize = 64 << 10;

/// A file that must stay secret.
pub(crate) struct Secret {
    path: PathBuf,
    kind: Kind,
}

/// What a secret is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    ListFile,
    PrivateKey,
    Settings,
    Seed,
}

impl Secret {
    pub(crate) fn new(path: &Path, kind: Kind) -> Self {
        let path = path.to_owned();
        Self { path, kind }
    }

    fn refused(&self, root: &Path) -> Error {
        let (file, site) = (quote(&self.path), quote(root));
        let kind = match self.kind {
            Kind::ListFile => "a list file or a backup of one, which holds the seeds of its lists",
            Kind::PrivateKey => "a private key",
            Kind::Settings => "a settings file, which may name keys and commands",
            Kind::Seed => "a seed",
        };
        Error::new(Code::Refused, format!("{file} lies in the site {site}"))
            .because(format!("it is {kind}, and everything in a site is public"))
            .hint("move it away, or publish to a folder without secrets: --to FOLDER")
    }
}

/// Refuses a site that holds one of the files that a command was given, by whatever name.
///
/// # Errors
/// [`Code::Refused`].
pub(crate) fn refuse_given(root: &Path, secrets: &[Secret]) -> Result<(), Error> {
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

/// The folders of a site that a publication writes to.
pub(crate) struct Folders<'a> {
    site: &'a Folder,
    relative: BTreeSet<&'a str>,
    known: BTreeSet<&'a str>,
}

impl<'a> Folders<'a> {
    /// The root, and the folders of the files that are to be there.
    pub(crate) fn of(site: &'a Folder, paths: &'a [SitePath], manifest: &'a Manifest) -> Self {
        let known: BTreeSet<&str> = manifest
            .entries
            .keys()
            .chain(paths)
            .map(SitePath::as_str)
            .collect();
        let folders = paths
            .iter()
            .filter_map(|path| path.as_str().rsplit_once('/'));
        let relative = folders.map(|(folder, _)| folder).chain([""]).collect();
        Self {
            site,
            relative,
            known,
        }
    }

    /// Looks at every file that the tool did not write, and returns what may be a secret: what
    /// looks like one, and what cannot be looked at.
    ///
    /// # Errors
    /// [`Code::Refused`]: one is.
    pub(crate) fn refuse_secrets(&self) -> Result<Vec<String>, Error> {
        let mut doubts = Vec::new();
        for relative in &self.relative {
            let folder = self.site.root().join(relative);
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    doubts.extend(unseen(&folder, &error));
                    continue;
                }
            };
            for entry in entries {
                let name = match entry {
                    Ok(entry) => entry.file_name(),
                    Err(error) => {
                        doubts.extend(unseen(&folder, &error));
                        break;
                    }
                };
                let path = Path::new(relative).join(&name);
                if path.to_str().is_some_and(|path| self.known.contains(path)) {
                    continue;
                }
                let path = self.site.root().join(path);
                match kind_of(&path) {
                    Ok(None) => (),
                    // It may as well be somebody's checksum.
                    Ok(Some(Kind::Seed)) => doubts.push(format!(
                        "{} looks like a seed, and everything in a site is public",
                        quote(&path)
                    )),
                    Ok(Some(kind)) => {
                        return Err(Secret { path, kind }.refused(self.site.root()));
                    }
                    Err(error) => doubts.extend(unseen(&path, &error)),
                }
            }
        }
        Ok(doubts)
    }

    /// Removes what killed runs left.
    pub(crate) fn clear_leftovers(&self, now: Timestamp) {
        for relative in &self.relative {
            clear_leftovers(&self.site.root().join(relative), now.second());
        }
    }
}

/// Says that nobody looked at a file or folder; nothing if it is not there.
fn unseen(path: &Path, error: &std::io::Error) -> Option<String> {
    (error.kind() != std::io::ErrorKind::NotFound).then(|| {
        format!(
            "{} could not be looked at: it may hold a secret, and everything in a site is public \
             ({error})",
            quote(path)
        )
    })
}

/// What a file is, as its name and its beginning say; `None` if it is no secret.
fn kind_of(path: &Path) -> std::io::Result<Option<Kind>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Ok(None);
    }
    if path.file_name().is_some_and(|name| name == SETTINGS) {
        return Ok(Some(Kind::Settings));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(BEGINNING));
    let file = std::fs::File::open(path)?;
    file.take(BEGINNING as u64).read_to_end(&mut bytes)?;
    if begins_a_list_file(&bytes) {
        return Ok(Some(Kind::ListFile));
    }
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    Ok(if is_private_key(text) {
        Some(Kind::PrivateKey)
    } else if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Some(Kind::Seed)
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
