//! The documents that name all Status List Tokens of an issuer
//! (draft-ietf-oauth-status-list-21, section 9).
//!
//! Several list files may name one aggregation and be published one by one, so a document keeps
//! what other publications entered: uris that this one knows nothing of, and whose tokens the
//! manifest has.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::json;

use super::side_files::{self, SideFile};
use crate::commands::{Code, Error};
use crate::list::View;
use crate::site::{BaseUrl, Digest, Folder, Manifest, SitePath, SitePathError, UriTemplate};

/// A token of a site, and the aggregation that it names.
pub(crate) struct Member<'a> {
    pub(crate) uri: &'a str,
    pub(crate) view: View,
    pub(crate) aggregation: Option<&'a str>,
    /// The state of the list file that it was made from.
    pub(crate) chain: Digest,
}

/// Where the documents go, and what is there.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) site: Option<&'a Folder>,
    pub(crate) base: Option<&'a BaseUrl>,
    pub(crate) manifest: &'a Manifest,
}

/// What is there, as far as it is such a document.
#[derive(Default, Deserialize)]
struct Document {
    #[serde(default)]
    status_lists: Vec<String>,
}

/// Makes the document of every aggregation that lies in the site.
///
/// `retired` are the uris of lists that are published no more.
///
/// # Errors
/// A file cannot be at the uri of an aggregation, or what is there cannot be read.
pub(crate) fn documents(
    members: &[Member<'_>],
    retired: &BTreeSet<String>,
    place: Place<'_>,
) -> Result<Vec<SideFile>, Error> {
    let mut aggregations: BTreeMap<&str, Vec<&Member<'_>>> = BTreeMap::new();
    for member in members {
        if let (View::Jwt | View::Cwt, Some(uri)) = (member.view, member.aggregation) {
            aggregations.entry(uri).or_default().push(member);
        }
    }
    let known: BTreeSet<&str> = members
        .iter()
        .map(|member| member.uri)
        .chain(retired.iter().map(String::as_str))
        .collect();
    let mut files = Vec::new();
    for (aggregation, own) in aggregations {
        let (Some(path), Some(first)) = (place.path(aggregation, &own)?, own.first()) else {
            continue;
        };
        let found = place.document(&path)?;
        let others = found
            .status_lists
            .iter()
            .map(String::as_str)
            .filter(|uri| !known.contains(uri) && place.has_token(uri, aggregation));
        let uris: BTreeSet<&str> = own.iter().map(|member| member.uri).chain(others).collect();
        files.push(SideFile {
            bytes: side_files::line(&json!({ "status_lists": uris })),
            path,
            media_type: "application/json",
            chain: first.chain,
            interrupted: None,
        });
    }
    Ok(files)
}

impl Place<'_> {
    /// The path of a document in the site; `None` if it lies elsewhere: not below the base url, or
    /// without one on another host than its tokens.
    fn path(&self, aggregation: &str, members: &[&Member<'_>]) -> Result<Option<SitePath>, Error> {
        let host = origin(aggregation);
        let near = |member: &&Member<'_>| host.is_some() && origin(member.uri) == host;
        if self.base.is_none() && !members.iter().any(near) {
            return Ok(None);
        }
        match SitePath::of(aggregation, self.base) {
            Ok(path) => Ok(Some(path)),
            // No static file can be there, so something else is.
            Err(SitePathError::Uri(_) | SitePathError::Elsewhere { .. }) => Ok(None),
            Err(error) => {
                let text = format!("cannot publish the aggregation '{aggregation}'");
                Err(Error::new(Code::Refused, text)
                    .because_of(&error)
                    .hint("statuslist configure FILE --aggregation-uri URI"))
            }
        }
    }

    /// What is there. Whether it may be replaced is decided with the other files.
    fn document(&self, path: &SitePath) -> Result<Document, Error> {
        let Some(site) = self.site else {
            return Ok(Document::default());
        };
        let bytes = site.read(path, side_files::LIMIT)?.unwrap_or_default();
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Whether the site has a token for a uri; without a base url only on the aggregation's host,
    /// because the manifest knows no hosts.
    fn has_token(&self, uri: &str, aggregation: &str) -> bool {
        let path = SitePath::of(uri, self.base);
        (self.base.is_some() || origin(uri) == origin(aggregation))
            && path.is_ok_and(|path| self.manifest.entries.contains_key(&path))
    }
}

/// The scheme and host of a uri.
fn origin(uri: &str) -> Option<String> {
    let template = uri.parse::<UriTemplate>().ok()?;
    Some(template.origin().to_owned())
}
