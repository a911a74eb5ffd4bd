//! The page of a site for people, which is a file of the site like its keys.
//!
//! It says what the tokens say, so it changes with them and with nothing else: entries that are
//! handed out change no token, and changes that wait are not told of. Where it lies in a site it is
//! kept current by every publication, because a page with the times of yesterday is worse than
//! none.

use std::collections::BTreeSet;

use super::decision::PlannedToken;
use super::error::PublishError;
use super::file::SiteFile;
use super::rules::{PageRule, Rules};
use super::side_files::{self, SideFile};
use super::site::Site;
use crate::list::{Policy, Profile, Timestamp, Validity};
use crate::page::{OtherFile, PublishedList, SiteDocuments, SitePage, is_sealed};
use crate::site::SitePath;

/// The file with the page.
const PAGE: &str = "index.html";
const MEDIA_TYPE: &str = "text/html";

/// What the page is made of.
pub(super) struct PageContents<'a> {
    pub(super) tokens: &'a [PlannedToken],
    /// What else this publication brings: keys, aggregations.
    pub(super) files: &'a [&'a SiteFile],
    /// What goes.
    pub(super) going: BTreeSet<&'a SitePath>,
    pub(super) site: &'a Site<'a>,
    pub(super) rules: &'a Rules,
}

impl PageContents<'_> {
    /// The page, if the site should have one: because that was asked for, or because it has one of
    /// ours.
    ///
    /// # Errors
    /// A profile forbids it, or what is in its place cannot be read.
    pub(super) fn page(&self) -> Result<Option<SideFile>, PublishError> {
        let path: SitePath = PAGE.parse().map_err(PublishError::SideFile)?;
        let found = self.site.read(&path, side_files::LIMIT)?;
        let is_ours = found.as_deref().is_some_and(is_sealed);
        let forbids = |token: &&PlannedToken| token.series.profile == Some(Profile::Swiss);
        let forbidden = self.tokens.iter().find(forbids);
        if self.rules.page == PageRule::KeptCurrent && !is_ours {
            return Ok(None);
        }
        if let Some(token) = forbidden {
            let file = token.provenance.edition.file.to_path_buf();
            return Err(PublishError::NoPage(file));
        }
        // A page outlives the last list, and says so then.
        let first = self.tokens.first().map(|token| token.file.chain);
        let before = self.site.entry(&path).map(|entry| entry.chain);
        let Some(chain) = first.or(before) else {
            return Ok(None);
        };
        let html = self.described(&path).render().into_bytes();
        let page = SideFile::of_bytes(path, html, MEDIA_TYPE, chain);
        Ok(Some(match found.filter(|found| is_sealed(found)) {
            Some(sealed) => page.replacing(sealed),
            None => page,
        }))
    }

    fn described(&self, page: &SitePath) -> SitePage {
        let policy = &self.rules.policy;
        SitePage {
            lists: self.tokens.iter().map(|one| listed(one, policy)).collect(),
            others: self.others(page),
            documents: self.documents(),
            now: self.rules.now,
        }
    }

    /// The lists that others published there, as far as the manifest tells of them.
    fn others(&self, page: &SitePath) -> Vec<OtherFile> {
        let own: BTreeSet<_> = self.tokens.iter().map(|token| &token.file.path).collect();
        let own_files: BTreeSet<_> = self.files.iter().map(|file| &file.path).collect();
        let known = self.site.known();
        let others = known.filter(|path| {
            *path != page
                && !self.going.contains(path)
                && !own.contains(path)
                && !own_files.contains(path)
        });
        let described = others.filter_map(|path| {
            let entry = self.site.entry(path)?;
            // What has no end is no list: keys, documents, settings of hosts.
            let end = entry.expires_at?;
            Some(OtherFile {
                path: path.to_string(),
                media_type: entry.media_type.clone(),
                valid_until: Some(Timestamp::from_second(end)),
                sha256: entry.sha256.to_string(),
            })
        });
        described.collect()
    }

    fn documents(&self) -> SiteDocuments {
        let path_of = |name: &str| {
            let mut files = self.files.iter();
            let file = files.find(|file| file.path.as_str().ends_with(name));
            file.map(|file| file.path.to_string())
        };
        let aggregations = self.files.iter();
        let aggregations = aggregations.filter(|file| file.media_type == "application/json");
        SiteDocuments {
            keys: path_of("jwks.json"),
            root: self.site.base.map(ToString::to_string),
            did: path_of("did.json"),
            aggregations: aggregations.map(|file| file.path.to_string()).collect(),
            manifest: SitePath::manifest().to_string(),
        }
    }
}

/// What the page says of a token. When it is renewed follows from its times alone: that changes
/// wait is not for everybody.
fn listed(token: &PlannedToken, policy: &Policy) -> PublishedList {
    let expires_at = token.file.expires_at.map(Timestamp::from_second);
    let validity = Validity {
        issued_at: token.issued_at,
        expires_at,
    };
    PublishedList {
        uri: token.uri.clone(),
        issuer: token.series.issuer.clone(),
        view: token.view,
        proof: token.series.credentials.proof,
        ttl: token.time_to_live,
        valid_until: expires_at,
        renewed_by: policy.renewal(validity).map(|due| due.at),
        sha256: Some(token.file.digest.to_string()),
    }
}
