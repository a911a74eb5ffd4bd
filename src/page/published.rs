//! What a site publishes, as far as its page tells of it.

use crate::list::{Proof, Timestamp, View};

/// What the page of a site says.
///
/// Everything in it stands in the published files and in the manifest already; nothing says how
/// much was issued, or when.
pub(crate) struct SitePage {
    /// The lists that this publication is about, in any order.
    pub(crate) lists: Vec<PublishedList>,
    /// What else the site has, in any order.
    pub(crate) others: Vec<OtherFile>,
    pub(crate) documents: SiteDocuments,
    /// When the page is made.
    pub(crate) now: Timestamp,
}

/// A list in one form.
pub(crate) struct PublishedList {
    /// The uri that credentials name.
    pub(crate) uri: String,
    pub(crate) issuer: String,
    pub(crate) view: View,
    pub(crate) proof: Option<Proof>,
    /// How long a copy may be kept, in seconds.
    pub(crate) ttl: Option<u64>,
    pub(crate) valid_until: Option<Timestamp>,
    /// When it is written anew at the latest.
    pub(crate) renewed_by: Option<Timestamp>,
    /// In hexadecimal digits; nothing for a folder.
    pub(crate) sha256: Option<String>,
}

/// A file of which only the manifest is known.
pub(crate) struct OtherFile {
    pub(crate) path: String,
    pub(crate) media_type: String,
    pub(crate) valid_until: Option<Timestamp>,
    pub(crate) sha256: String,
}

/// What programs find in the site beside lists, by path.
#[derive(Default)]
pub(crate) struct SiteDocuments {
    /// The public keys.
    pub(crate) keys: Option<String>,
    /// The uri that the root of the site has, without `/` at its end; if there is only one.
    pub(crate) root: Option<String>,
    /// The DID document of the issuer.
    pub(crate) did: Option<String>,
    /// The documents that name all lists.
    pub(crate) aggregations: Vec<String>,
    pub(crate) manifest: String,
}

impl PublishedList {
    /// The folder that it lies in, with `/` at the end.
    pub(super) fn folder(&self) -> &str {
        let end = self.uri.rfind('/').map_or(0, |slash| slash + 1);
        self.uri.get(..end).unwrap_or_default()
    }
}
