//! The documents that name all Status List Tokens of an issuer
//! (draft-ietf-oauth-status-list-21, section 9).
//!
//! Several list files may name one aggregation and be published one by one, so a document keeps
//! what other publications entered: uris that this one knows nothing of, and whose tokens the
//! manifest has.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::decision::PlannedToken;
use super::error::PublishError;
use super::side_files::{self, SideFile};
use super::site::Site;
use crate::list::{Securing, Series, View};
use crate::site::{Digest, SitePath, SitePathError, UriTemplate};
use crate::wire::json::parse_strict;

/// What is there, as far as it is such a document.
#[derive(Default, Deserialize)]
struct AggregationDocument {
    #[serde(default)]
    status_lists: Vec<String>,
}

/// Whether these bytes are such a document, and nothing else.
pub(crate) fn is_aggregation(bytes: &[u8]) -> bool {
    let Ok(Value::Object(document)) = parse_strict(bytes) else {
        return false;
    };
    let uris = document.get("status_lists").and_then(Value::as_array);
    document.len() == 1 && uris.is_some_and(|uris| uris.iter().all(Value::is_string))
}

/// A published uri that an aggregation may name.
pub(crate) struct Member<'a> {
    pub(crate) uri: &'a str,
    pub(crate) view: View,
    pub(crate) series: &'a Series,
    /// The state of the list file.
    pub(crate) chain: Digest,
}

/// The uris that one document is about.
#[derive(Default)]
struct Members<'a> {
    named: Vec<&'a Member<'a>>,
    retired: Vec<&'a Member<'a>>,
}

impl<'a> From<&'a PlannedToken> for Member<'a> {
    fn from(token: &'a PlannedToken) -> Self {
        Self {
            uri: &token.uri,
            view: token.view,
            series: &token.series,
            chain: token.file.chain,
        }
    }
}

impl Member<'_> {
    /// The aggregation that names it, if one does.
    fn aggregation(&self) -> Option<&str> {
        let is_token = matches!(
            self.view.row().securing,
            Securing::CompactJws | Securing::CoseSign1
        );
        let uri = self.series.aggregation_uri.as_deref();
        uri.filter(|_| is_token)
    }
}

/// Makes the document of every aggregation that lies in the site.
///
/// `retired` are the uris of lists that are published no more: a document that names nothing else
/// is made only where it is there.
///
/// # Errors
/// A file cannot be at the uri of an aggregation, or what is there cannot be read.
pub(crate) fn documents(
    tokens: &[Member<'_>],
    retired: &[Member<'_>],
    site: &Site<'_>,
) -> Result<Vec<SideFile>, PublishError> {
    let mut aggregations: BTreeMap<&str, Members<'_>> = BTreeMap::new();
    for member in tokens {
        if let Some(uri) = member.aggregation() {
            aggregations.entry(uri).or_default().named.push(member);
        }
    }
    for member in retired {
        if let Some(uri) = member.aggregation() {
            aggregations.entry(uri).or_default().retired.push(member);
        }
    }
    let known: BTreeSet<&str> = tokens.iter().chain(retired).map(|one| one.uri).collect();
    let mut files = Vec::new();
    for (aggregation, Members { named, retired }) in aggregations {
        let members: Vec<_> = named.iter().chain(&retired).copied().collect();
        let path = path_of(aggregation, &members, site)?;
        let (Some(path), Some(first)) = (path, members.first()) else {
            continue;
        };
        // Whether it may be replaced is decided with the other files.
        let found = site.read(&path, side_files::LIMIT)?;
        if named.is_empty() && found.is_none() {
            continue;
        }
        let bytes = found.unwrap_or_default();
        let found: AggregationDocument = serde_json::from_slice(&bytes).unwrap_or_default();
        let found = &found.status_lists;
        let others = found
            .iter()
            .map(String::as_str)
            .filter(|uri| !known.contains(uri) && has_token(uri, aggregation, site));
        let uris: BTreeSet<&str> = named.iter().map(|one| one.uri).chain(others).collect();
        let document = json!({ "status_lists": uris });
        let media_type = "application/json";
        let file = SideFile::new(path, &document, media_type, first.chain);
        // What names nothing else may have been left by a run that was interrupted.
        let is_known = |uri: &str| uris.contains(uri) || known.contains(uri);
        let is_ours = is_aggregation(&bytes) && found.iter().all(|uri| is_known(uri));
        files.push(if is_ours { file.replacing(bytes) } else { file });
    }
    Ok(files)
}

/// The path of a document in the site; `None` if it lies elsewhere: not below the base url, or
/// without one on another host than its tokens.
fn path_of(
    aggregation: &str,
    tokens: &[&Member<'_>],
    site: &Site<'_>,
) -> Result<Option<SitePath>, PublishError> {
    let host = UriTemplate::origin_of(aggregation);
    let near = |token: &&Member<'_>| host.is_some() && UriTemplate::origin_of(token.uri) == host;
    if site.base.is_none() && !tokens.iter().any(near) {
        return Ok(None);
    }
    match SitePath::of(aggregation, site.base) {
        Ok(path) => Ok(Some(path)),
        // No static file can be there, so something else is.
        Err(SitePathError::Uri(_) | SitePathError::Elsewhere { .. }) => Ok(None),
        Err(source) => Err(PublishError::Aggregation {
            uri: aggregation.to_owned(),
            source,
        }),
    }
}

/// Whether the site has a token for a uri; without a base url only on the aggregation's host,
/// because the manifest knows no hosts.
fn has_token(uri: &str, aggregation: &str, site: &Site<'_>) -> bool {
    let path = SitePath::of(uri, site.base);
    (site.base.is_some() || UriTemplate::origin_of(uri) == UriTemplate::origin_of(aggregation))
        && path.is_ok_and(|path| site.entry(&path).is_some())
}
