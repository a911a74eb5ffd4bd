//! The documents that name all Status List Tokens of an issuer
//! (draft-ietf-oauth-status-list-21, section 9).
//!
//! Several list files may name one aggregation and be published one by one, so a document keeps
//! what other publications entered: uris that this one knows nothing of, and whose tokens the
//! manifest has.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::json;

use super::decision::PublishableToken;
use super::error::PublishError;
use super::side_files::{self, SideFile};
use super::site::Site;
use crate::list::Securing;
use crate::site::{SitePath, SitePathError, UriTemplate};

/// What is there, as far as it is such a document.
#[derive(Default, Deserialize)]
struct AggregationDocument {
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
    tokens: &[PublishableToken],
    retired: &BTreeSet<String>,
    site: &Site<'_>,
) -> Result<Vec<SideFile>, PublishError> {
    let mut aggregations: BTreeMap<&str, Vec<&PublishableToken>> = BTreeMap::new();
    for token in tokens {
        let uri = token.statement.series.aggregation_uri.as_deref();
        let is_token = matches!(
            token.statement.view.row().securing,
            Securing::CompactJws | Securing::CoseSign1
        );
        if let Some(uri) = uri.filter(|_| is_token) {
            aggregations.entry(uri).or_default().push(token);
        }
    }
    let known: BTreeSet<&str> = tokens
        .iter()
        .map(PublishableToken::uri)
        .chain(retired.iter().map(String::as_str))
        .collect();
    let mut files = Vec::new();
    for (aggregation, own) in aggregations {
        let (Some(path), Some(first)) = (path_of(aggregation, &own, site)?, own.first()) else {
            continue;
        };
        // Whether it may be replaced is decided with the other files.
        let found = site.read(&path, side_files::LIMIT)?.unwrap_or_default();
        let found: AggregationDocument = serde_json::from_slice(&found).unwrap_or_default();
        let others = found
            .status_lists
            .iter()
            .map(String::as_str)
            .filter(|uri| !known.contains(uri) && has_token(uri, aggregation, site));
        let uris: BTreeSet<&str> = own.iter().map(|token| token.uri()).chain(others).collect();
        let document = json!({ "status_lists": uris });
        let chain = first.provenance.edition.chain;
        files.push(SideFile::new(path, &document, "application/json", chain));
    }
    Ok(files)
}

/// The path of a document in the site; `None` if it lies elsewhere: not below the base url, or
/// without one on another host than its tokens.
fn path_of(
    aggregation: &str,
    tokens: &[&PublishableToken],
    site: &Site<'_>,
) -> Result<Option<SitePath>, PublishError> {
    let host = origin(aggregation);
    let near = |token: &&PublishableToken| host.is_some() && origin(token.uri()) == host;
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
    (site.base.is_some() || origin(uri) == origin(aggregation))
        && path.is_ok_and(|path| site.entry(&path).is_some())
}

/// The scheme and host of a uri.
fn origin(uri: &str) -> Option<String> {
    let template = uri.parse::<UriTemplate>().ok()?;
    Some(template.origin().to_owned())
}
