//! A file that a site should hold, whatever it is.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::list::Timestamp;
use crate::site::{Digest, ManifestEntry, Precondition, SitePath};

/// A file that a site should hold, and what is to be done with it.
#[derive(Debug, Serialize)]
pub(crate) struct SiteFile {
    pub(crate) path: SitePath,
    /// What must be in its place still when it is written; `None` if what is there stays.
    #[serde(rename = "written", serialize_with = "is_some")]
    pub(crate) write: Option<Precondition>,
    #[serde(serialize_with = "length")]
    pub(crate) bytes: Vec<u8>,
    #[serde(skip)]
    pub(crate) media_type: &'static str,
    /// The state of the list file that it was made from.
    #[serde(skip)]
    pub(crate) chain: Digest,
    #[serde(skip)]
    pub(crate) expires_at: Option<i64>,
}

impl SiteFile {
    /// A file that stays as it is, until it is decided that it is written.
    pub(crate) fn new(
        path: SitePath,
        bytes: Vec<u8>,
        media_type: &'static str,
        chain: Digest,
    ) -> Self {
        Self {
            path,
            write: None,
            bytes,
            media_type,
            chain,
            expires_at: None,
        }
    }

    /// What the manifest says of it when it is written.
    pub(crate) fn entry(&self, issued_at: Timestamp) -> ManifestEntry {
        ManifestEntry {
            sha256: Digest::of(&self.bytes),
            bytes: self.bytes.len() as u64,
            issued_at: issued_at.second(),
            expires_at: self.expires_at,
            media_type: self.media_type.to_owned(),
            chain: self.chain,
        }
    }

    /// Whether it is to be written.
    pub(crate) fn is_written(&self) -> bool {
        self.write.is_some()
    }
}

/// Writes JSON in one line.
pub(crate) fn line(value: &Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn is_some<S: Serializer>(write: &Option<Precondition>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(write.is_some())
}

fn length<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(bytes.len() as u64)
}
