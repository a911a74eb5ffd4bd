//! What the last publication left in the site about each of its files.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
};
use thiserror::Error;

use super::{Digest, Precondition, Promise, SitePath, Target, TargetError};
use crate::wire::shell::quote;

/// The largest manifest that is read or written, in bytes: about 200,000 files.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The version of the format.
const SCHEMA: u64 = 1;

/// The files of a site, and from which state of which list file each was made.
///
/// In JSON: `schema` (1) and `entries`, an object with one member per path, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    #[serde(serialize_with = "write_schema", deserialize_with = "known_schema")]
    schema: (),
    /// The files by their path. A publication puts its own in and leaves the others.
    #[serde(deserialize_with = "distinct")]
    pub(crate) entries: BTreeMap<SitePath, ManifestEntry>,
    /// The digest of the file that it was read from.
    #[serde(skip)]
    read: Option<Digest>,
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
    pub(crate) fn save(&self, target: &dyn Target, promise: Promise) -> Result<(), ManifestError> {
        let path = SitePath::manifest();
        let full_path = || target.locate(&path);
        let mut bytes =
            serde_json::to_vec_pretty(self).map_err(|source| ManifestError::Malformed {
                path: full_path(),
                source,
            })?;
        bytes.push(b'\n');
        if bytes.len() as u64 > LIMIT {
            return Err(ManifestError::TooLarge(full_path()));
        }
        let expected = Precondition::of(promise, || self.read);
        Ok(target.write(&path, &bytes, expected)?)
    }

    fn parse(bytes: &[u8], path: PathBuf) -> Result<Self, ManifestError> {
        // The version first: a newer format may differ in everything else.
        match serde_json::from_slice(bytes) {
            Ok(Version { schema }) if schema > SCHEMA => {
                return Err(ManifestError::Newer { path, schema });
            }
            _ => (),
        }
        let read = serde_json::from_slice(bytes);
        let manifest: Self = read.map_err(|source| ManifestError::Malformed { path, source })?;
        Ok(Self {
            read: Some(Digest::of(bytes)),
            ..manifest
        })
    }
}

#[derive(Deserialize)]
struct Version {
    schema: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn write_schema<S: Serializer>(_: &(), serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(SCHEMA)
}

fn known_schema<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    match u64::deserialize(deserializer)? {
        SCHEMA => Ok(()),
        other => Err(de::Error::custom(format_args!("unknown schema {other}"))),
    }
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
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::site::{Folder, path::MANIFEST_NAME};

    const TEXT: &str = r#"{
  "schema": 1,
  "entries": {
    "a/0.jwt": {
      "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "bytes": 3,
      "iat": 1700000000,
      "exp": 1700604800,
      "mediaType": "application/statuslist+jwt",
      "chain": "0707070707070707070707070707070707070707070707070707070707070707"
    },
    "jwks.json": {
      "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "bytes": 0,
      "iat": 1700000000,
      "mediaType": "application/jwk-set+json",
      "chain": "0707070707070707070707070707070707070707070707070707070707070707"
    }
  }
}
"#;

    #[test]
    fn is_written_sorted_and_read_back() {
        let (_keep, folder) = site();
        assert!(Manifest::load(&folder).unwrap().is_none());
        let manifest = example();
        manifest.save(&folder, Promise::Exclusive).unwrap();
        let written = std::fs::read_to_string(folder.root().join(MANIFEST_NAME)).unwrap();
        assert_eq!(written, TEXT);
        let read = Manifest::load(&folder).unwrap().unwrap();
        assert_eq!(read.entries, manifest.entries);
    }

    #[test]
    fn keeps_what_others_published() {
        let (_keep, folder) = site();
        example().save(&folder, Promise::Exclusive).unwrap();
        let mut manifest = Manifest::load(&folder).unwrap().unwrap();
        let entry = manifest.entries.values().next().unwrap().clone();
        manifest.entries.insert("b/0.jwt".parse().unwrap(), entry);
        manifest.save(&folder, Promise::Exclusive).unwrap();
        let manifest = Manifest::load(&folder).unwrap().unwrap();
        let paths: Vec<_> = manifest.entries.keys().map(SitePath::as_str).collect();
        assert_eq!(paths, ["a/0.jwt", "b/0.jwt", "jwks.json"]);
    }

    #[test]
    fn replaces_only_the_manifest_that_it_was_read_from_where_others_may_publish() {
        let (_keep, folder) = site();
        example().save(&folder, Promise::Shared).unwrap();
        let one = Manifest::load(&folder).unwrap().unwrap();
        let mut other = one.clone();
        other.entries.clear();
        other.save(&folder, Promise::Shared).unwrap();
        for manifest in [one, example()] {
            let error = manifest.save(&folder, Promise::Shared).unwrap_err();
            assert!(
                matches!(error, ManifestError::Target(TargetError::Changed(_))),
                "{error}"
            );
        }
    }

    #[test]
    fn an_entry_knows_its_bytes() {
        let manifest = example();
        let entry = &manifest.entries[&"a/0.jwt".parse().unwrap()];
        assert!(entry.matches(b"abc"));
        assert!(!entry.matches(b"abd"));
        assert!(!entry.matches(b"abcd"));
    }

    #[test]
    fn a_newer_one_is_left_alone() {
        for text in [
            r#"{"schema": 2}"#,
            r#"{"files": [], "schema": 18446744073709551615}"#,
        ] {
            let error = parse(text).unwrap_err();
            assert!(matches!(error, ManifestError::Newer { .. }), "{error}");
        }
        assert_eq!(
            parse(r#"{"schema":2}"#).unwrap_err().to_string(),
            "manifest 'm' was written by a newer version of this tool (schema 2, known is 1)"
        );
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for (what, from, to) in [
            ("no schema", "\"schema\": 1,", ""),
            ("old schema", "\"schema\": 1", "\"schema\": 0"),
            ("schema as text", "\"schema\": 1", "\"schema\": \"1\""),
            (
                "schema twice",
                "\"schema\": 1",
                "\"schema\": 1, \"schema\": 1",
            ),
            ("unknown member", "\"schema\": 1", "\"schema\": 1, \"x\": 1"),
            (
                "unknown member of an entry",
                "\"bytes\": 3",
                "\"bytes\": 3, \"x\": 1",
            ),
            ("missing member", "\"bytes\": 3,", ""),
            ("negative length", "\"bytes\": 3", "\"bytes\": -3"),
            ("fraction", "\"iat\": 17", "\"iat\": 0.17"),
            ("digest in upper case", "ba7816", "BA7816"),
            ("short digest", "ba7816", "ba781"),
            (
                "media type with line end",
                "statuslist+jwt",
                "x\\nSet-Cookie: a",
            ),
            ("path twice", "jwks.json", "a/0.jwt"),
            ("path upwards", "a/0.jwt", "../0.jwt"),
            ("absolute path", "a/0.jwt", "/0.jwt"),
            ("path of a temporary file", "a/0.jwt", ".statuslist-a.tmp"),
            ("text behind", "}\n}\n", "}\n}\nx"),
            ("cut off", "}\n}\n", "}\n"),
        ] {
            let text = TEXT.replace(from, to);
            assert_ne!(text, TEXT, "{what}");
            let error = parse(&text).unwrap_err();
            assert!(
                matches!(error, ManifestError::Malformed { .. }),
                "{what}: {error}"
            );
            let reason = error.source().unwrap().to_string();
            assert!(reason.contains("line"), "{what}: {reason}");
        }
        for text in ["", "null", "[]", "\u{feff}{}", &"[".repeat(100_000)] {
            assert!(parse(text).is_err());
        }
    }

    #[test]
    fn says_where_it_is_malformed() {
        let error = parse(&TEXT.replace("a/0.jwt", "../0.jwt")).unwrap_err();
        assert_eq!(error.to_string(), "manifest 'm' is malformed");
        assert_eq!(
            error.source().unwrap().to_string(),
            "path '../0.jwt' has the segment '.' or '..' at line 4 column 14"
        );
    }

    fn parse(text: &str) -> Result<Manifest, ManifestError> {
        Manifest::parse(text.as_bytes(), PathBuf::from("m"))
    }

    fn example() -> Manifest {
        let entry = |bytes: &[u8], expires_at, media_type: &str| ManifestEntry {
            sha256: Digest::of(bytes),
            bytes: bytes.len() as u64,
            issued_at: 1_700_000_000,
            expires_at,
            media_type: media_type.to_owned(),
            chain: Digest::from([7; 32]),
        };
        Manifest {
            entries: BTreeMap::from([
                (
                    "jwks.json".parse().unwrap(),
                    entry(b"", None, "application/jwk-set+json"),
                ),
                (
                    "a/0.jwt".parse().unwrap(),
                    entry(b"abc", Some(1_700_604_800), "application/statuslist+jwt"),
                ),
            ]),
            ..Manifest::default()
        }
    }

    fn site() -> (tempfile::TempDir, Folder) {
        let keep = tempfile::tempdir().unwrap();
        let folder = Folder::open(keep.path()).unwrap();
        (keep, folder)
    }
}
