//! What the last publication left in the site about each of its files.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor},
};
use thiserror::Error;

use super::shown_key::{self, ShownKey};
use super::{Digest, Precondition, Promise, SitePath, Target, TargetError};
use crate::wire::shell::quote;

/// The largest manifest that is read or written, in bytes: about 200,000 files.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The version of the format that is written.
const SCHEMA: u64 = 2;

/// The version before, which knew nothing of keys.
const WITHOUT_KEYS: u64 = 1;

/// The files of a site, from which state of which list file each was made, and the keys that the
/// site shows.
///
/// In JSON: `schema` (2); `entries`, an object with one member per path, sorted; `keys`, an array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// The files by their path. A publication puts its own in and leaves the others.
    pub(crate) entries: BTreeMap<SitePath, ManifestEntry>,
    /// The keys that the site shows, and those that it shows no more, for good; each once under one
    /// name, sorted. None if the manifest was written before keys were remembered.
    pub(crate) keys: Vec<ShownKey>,
    /// The digest of the file that it was read from.
    read: Option<Digest>,
}

/// A manifest as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadManifest {
    schema: u64,
    #[serde(deserialize_with = "distinct")]
    entries: BTreeMap<SitePath, ManifestEntry>,
    #[serde(default, deserialize_with = "shown_key::distinct")]
    keys: Option<Vec<ShownKey>>,
}

/// A manifest as it is written.
#[derive(Serialize)]
struct WrittenManifest<'a> {
    schema: u64,
    entries: &'a BTreeMap<SitePath, ManifestEntry>,
    keys: &'a [ShownKey],
}

/// One published file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManifestEntry {
    /// The digest of the file.
    pub(crate) sha256: Digest,
    /// The length of the file in bytes.
    pub(crate) bytes: u64,
    /// When the content was made, in Unix seconds.
    #[serde(rename = "iat")]
    pub(crate) issued_at: i64,
    /// When the content ends to be valid, in Unix seconds; nothing if it does not say.
    #[serde(rename = "exp", default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<i64>,
    /// The media type to serve the file as.
    #[serde(rename = "mediaType", deserialize_with = "media_type")]
    pub(crate) media_type: String,
    /// The chain value of the state of the list file that the content was made from.
    pub(crate) chain: Digest,
    /// The RFC 7638 thumbprint of the key that signed it; nothing if it is not signed, or if nobody
    /// knows.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "shown_key::thumbprint"
    )]
    pub(crate) key: Option<String>,
}

impl ManifestEntry {
    /// Says whether these are the bytes of the file.
    pub(crate) fn matches(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes.len() as u64 && self.sha256 == Digest::of(bytes)
    }
}

/// Says why a manifest was not read or written.
#[derive(Debug, Error)]
pub(crate) enum ManifestError {
    /// The file could not be read or written.
    #[error(transparent)]
    Target(#[from] TargetError),

    /// A later version of this tool wrote it, in a format that this one does not know.
    #[error(
        "manifest {} was written by a newer version of this tool \
         (schema {schema}, known is {SCHEMA})",
        quote(path)
    )]
    Newer {
        /// The manifest.
        path: PathBuf,
        /// The version of its format.
        schema: u64,
    },

    /// The text is not a manifest; the source says where.
    #[error("manifest {} is malformed", quote(path))]
    Malformed {
        /// The manifest.
        path: PathBuf,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },

    /// The manifest would be larger than what is read back.
    #[error("manifest {} would be larger than {LIMIT} bytes", quote(.0))]
    TooLarge(PathBuf),
}

impl Manifest {
    /// Reads the manifest of a site, or nothing if it has none.
    ///
    /// # Errors
    ///
    /// A file that is not a manifest in every detail: unknown or repeated members and unsafe paths
    /// are refused, because what is not understood would be lost when the manifest is replaced.
    pub(crate) fn load(target: &dyn Target) -> Result<Option<Self>, ManifestError> {
        let path = SitePath::manifest();
        match target.read(&path, LIMIT)? {
            Some(bytes) => Self::parse(&bytes, target.locate(&path)).map(Some),
            None => Ok(None),
        }
    }

    /// Replaces the manifest of a site.
    ///
    /// The caller has its turn at the site since before [`Manifest::load`]; what the turn promises
    /// says whether the manifest must still be the one that was read.
    ///
    /// # Errors
    ///
    /// Those of the folder, and a manifest that would be too large to be read again.
    pub(crate) fn save(
        &mut self,
        target: &dyn Target,
        promise: Promise,
    ) -> Result<(), ManifestError> {
        let path = SitePath::manifest();
        let full_path = || target.locate(&path);
        let mut bytes = serde_json::to_vec_pretty(&self.written()).map_err(|source| {
            ManifestError::Malformed {
                path: full_path(),
                source,
            }
        })?;
        bytes.push(b'\n');
        if bytes.len() as u64 > LIMIT {
            return Err(ManifestError::TooLarge(full_path()));
        }
        let expected = Precondition::of(promise, || self.read);
        target.write(&path, &bytes, expected)?;
        self.read = Some(Digest::of(&bytes));
        Ok(())
    }

    /// Whether a site had it.
    pub(crate) fn was_read(&self) -> bool {
        self.read.is_some()
    }

    /// The same, as one that is not in the place where it is to be written.
    pub(crate) fn read_elsewhere(&self) -> Self {
        Self {
            read: None,
            ..self.clone()
        }
    }

    fn parse(bytes: &[u8], path: PathBuf) -> Result<Self, ManifestError> {
        // The version first: a newer format may differ in everything else.
        match serde_json::from_slice(bytes) {
            Ok(Version { schema }) if schema > SCHEMA => {
                return Err(ManifestError::Newer { path, schema });
            }
            _ => (),
        }
        let read = serde_json::from_slice(bytes).and_then(ReadManifest::understood);
        let manifest = read.map_err(|source| ManifestError::Malformed { path, source })?;
        Ok(Self {
            read: Some(Digest::of(bytes)),
            ..manifest
        })
    }

    fn written(&self) -> WrittenManifest<'_> {
        WrittenManifest {
            schema: SCHEMA,
            entries: &self.entries,
            keys: &self.keys,
        }
    }
}

impl ReadManifest {
    fn understood(self) -> Result<Manifest, serde_json::Error> {
        let refused = |reason: String| Err(de::Error::custom(reason));
        let names_key = self.entries.values().any(|entry| entry.key.is_some());
        let keys = match (self.schema, self.keys) {
            (SCHEMA, Some(keys)) => keys,
            (SCHEMA, None) => return refused("missing field `keys`".to_owned()),
            (WITHOUT_KEYS, None) if !names_key => Vec::new(),
            (WITHOUT_KEYS, Some(_)) => return refused("schema 1 has no member `keys`".to_owned()),
            (WITHOUT_KEYS, None) => {
                return refused("entries of schema 1 have no member `key`".to_owned());
            }
            (other, _) => return refused(format!("unknown schema {other}")),
        };
        Ok(Manifest {
            entries: self.entries,
            keys,
            read: None,
        })
    }
}

#[derive(Deserialize)]
struct Version {
    schema: u64,
}

/// Printable ASCII, because it is copied into the settings of hosts.
fn media_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(de::Error::custom("a media type is printable ASCII"));
    }
    Ok(text)
}

/// Reads an object whose members are all different; by itself a later one would silently win.
fn distinct<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<SitePath, ManifestEntry>, D::Error> {
    struct Entries;

    impl<'de> Visitor<'de> for Entries {
        type Value = BTreeMap<SitePath, ManifestEntry>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object of entries by path")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = BTreeMap::new();
            while let Some((path, entry)) = map.next_entry::<SitePath, ManifestEntry>()? {
                if entries.contains_key(&path) {
                    let path = quote(path.as_path());
                    return Err(de::Error::custom(format_args!("path {path} occurs twice")));
                }
                entries.insert(path, entry);
            }
            Ok(entries)
        }
    }

    deserializer.deserialize_map(Entries)
}

#[cfg(test)]
mod tests;
