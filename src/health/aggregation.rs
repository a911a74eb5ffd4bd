//! Whether the document that names all tokens of an issuer names those of a list file.

use serde::Deserialize;

use super::hosts::{Kind, Wish};
use super::trouble::{Concern, Trouble};
use super::{Source, Watch};
use crate::site::{SitePath, UriTemplate};

/// The most bytes of such a document that are read: a hundred thousand uris.
const LIMIT: u64 = 16 << 20;

const MEDIA_TYPE: &str = "application/json";

/// An aggregation, and what it must name.
pub(super) struct Aggregation {
    pub(super) uri: Option<String>,
    /// The uris of the tokens that are there.
    pub(super) members: Vec<String>,
}

#[derive(Deserialize)]
struct Document {
    status_lists: Vec<String>,
}

impl Aggregation {
    /// Reads the document in the site, and as its host serves it.
    pub(super) fn check(&self, source: &Source<'_>, watch: &Watch<'_>) -> Vec<Concern> {
        let Some(uri) = self.uri.as_deref().filter(|_| !self.members.is_empty()) else {
            return Vec::new();
        };
        let mut troubles = Vec::new();
        let path = SitePath::own(uri, watch.base).ok();
        let path = path.filter(|_| self.lies_in_site(uri, watch));
        if let (Source::Site { target, .. }, Some(path)) = (source, path) {
            match target.read(&path, LIMIT) {
                Err(error) => troubles.push(Trouble::Unreadable(error)),
                Ok(None) => troubles.push(Trouble::NoAggregation),
                Ok(Some(bytes)) => troubles.extend(self.compare(&bytes)),
            }
        }
        if let Some(hosts) = watch.hosts {
            let wish = Wish {
                url: uri.to_owned(),
                media_type: Some(MEDIA_TYPE.to_owned()),
                kind: Kind::Other,
                limit: LIMIT,
            };
            let hosted = hosts.ask(&wish, &watch.checks);
            if hosted.served.is_some() && troubles.is_empty() {
                troubles.extend(self.compare(&hosted.body));
            }
            troubles.extend(hosted.troubles);
        }
        let concerns = troubles.into_iter();
        concerns
            .map(|trouble| trouble.of(None, Some(uri)))
            .collect()
    }

    /// Without a base url, the site is where the tokens are.
    fn lies_in_site(&self, uri: &str, watch: &Watch<'_>) -> bool {
        let origin = UriTemplate::origin_of(uri);
        let mut members = self.members.iter();
        watch.base.is_some() || members.any(|member| UriTemplate::origin_of(member) == origin)
    }

    /// Which of the tokens a document does not name.
    fn compare(&self, bytes: &[u8]) -> Option<Trouble> {
        let document: Document = match serde_json::from_slice(bytes) {
            Ok(document) => document,
            Err(_) => return Some(Trouble::NoAggregation),
        };
        let named: std::collections::HashSet<_> = document.status_lists.iter().collect();
        let missing = self.members.iter().filter(|uri| !named.contains(uri));
        let missing: Vec<_> = missing.cloned().collect();
        (!missing.is_empty()).then_some(Trouble::AggregationIncomplete(missing))
    }
}
