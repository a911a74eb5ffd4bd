//! A file that a site should hold, whatever it is.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::spool::Kept;
use crate::list::Timestamp;
use crate::site::{Digest, ManifestEntry, Precondition, SitePath};

/// A file that a site should hold, and what is to be done with it.
#[derive(Debug, Serialize)]
pub(crate) struct SiteFile {
    pub(crate) path: SitePath,
    /// `None` if what is there stays.
    #[serde(rename = "written", serialize_with = "is_some")]
    pub(crate) write: Option<Content>,
    /// How many bytes it has.
    #[serde(rename = "bytes")]
    pub(crate) length: u64,
    #[serde(skip)]
    pub(crate) digest: Digest,
    #[serde(skip)]
    pub(crate) media_type: &'static str,
    /// The state of the list file that it was made from.
    #[serde(skip)]
    pub(crate) chain: Digest,
    #[serde(skip)]
    pub(crate) expires_at: Option<i64>,
    /// The RFC 7638 thumbprint of the key that signed it, if it is signed.
    #[serde(skip)]
    pub(crate) signed_by: Option<String>,
}

/// What is to be written into a file of a site.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) bytes: Kept,
    /// What must be in its place still.
    pub(crate) expected: Precondition,
}

impl SiteFile {
    /// A file of these bytes that stays as it is, until it is decided that it is written.
    pub(crate) fn new(
        path: SitePath,
        bytes: &[u8],
        media_type: &'static str,
        chain: Digest,
    ) -> Self {
        Self {
            path,
            write: None,
            length: bytes.len() as u64,
            digest: Digest::of(bytes),
            media_type,
            chain,
            expires_at: None,
            signed_by: None,
        }
    }

    /// What the manifest says of it when it is written.
    pub(crate) fn entry(&self, issued_at: Timestamp) -> ManifestEntry {
        ManifestEntry {
            sha256: self.digest,
            bytes: self.length,
            issued_at: issued_at.second(),
            expires_at: self.expires_at,
            media_type: self.media_type.to_owned(),
            chain: self.chain,
            key: self.signed_by.clone(),
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
fn is_some<S: Serializer>(write: &Option<Content>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(write.is_some())
}
