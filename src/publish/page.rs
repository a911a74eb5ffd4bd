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
use super::responder::Responder;
use super::rules::{PageRule, Rules};
use super::side_files::{self, SideFile};
use super::site::Site;
use crate::list::{Policy, Profile, Timestamp, Validity, View};
use crate::page::{OtherFile, PublishedList, SiteDocuments, SitePage, is_sealed};
use crate::site::{Digest, SitePath};

/// The file with the page.
const PAGE: &str = "index.html";
const MEDIA_TYPE: &str = "text/html";

/// What the page is made of.
pub(super) struct PageContents<'a> {
    pub(super) tokens: &'a [PlannedToken],
    pub(super) responders: &'a [Responder],
    /// The state of a list file without any of them, which has retired lists alone.
    pub(super) retired: Option<Digest>,
    /// What is removed by this publication.
    pub(super) removed: &'a BTreeSet<&'a SitePath>,
    /// What else this publication brings: keys, aggregations.
    pub(super) files: &'a [&'a SiteFile],
    pub(super) site: &'a Site<'a>,
    pub(super) rules: &'a Rules,
}

/// What becomes of the page.
pub(super) enum Fate {
    /// The site should hold this one.
    Held(Box<SideFile>),
    /// The site has none, or one that is not ours.
    Absent,
    /// The same, and the manifest still describes one of ours.
    Gone(SitePath),
}

impl PageContents<'_> {
    /// The page, if the site should have one: because that was asked for, or because it has one of
    /// ours. What somebody edited is theirs, and what somebody removed stays away.
    ///
    /// # Errors
    /// A profile forbids it, or what is in its place cannot be read.
    pub(super) fn fate(&self) -> Result<Fate, PublishError> {
        let path: SitePath = PAGE.parse().map_err(PublishError::SideFile)?;
        let found = self.site.read(&path, side_files::LIMIT)?;
        let sealed = found.filter(|found| is_sealed(found));
        if self.rules.page == PageRule::KeptCurrent && sealed.is_none() {
            let is_known = self.site.entry(&path).is_some();
            return Ok(if is_known {
                Fate::Gone(path)
            } else {
                Fate::Absent
            });
        }
        let forbids = |token: &&PlannedToken| token.series.profile == Some(Profile::Swiss);
        if let Some(token) = self.tokens.iter().find(forbids) {
            let file = token.provenance.edition.file.to_path_buf();
            return Err(PublishError::NoPage(file));
        }
        // Every list file has a list, so there is a state that the page is made from.
        let Some(chain) = self.chain() else {
            return Ok(Fate::Absent);
        };
        let html = self.described(&path).render().into_bytes();
        let page = SideFile::of_bytes(path, html, MEDIA_TYPE, chain);
        Ok(Fate::Held(Box::new(match sealed {
            Some(sealed) => page.replacing(sealed),
            None => page,
        })))
    }

    fn chain(&self) -> Option<Digest> {
        let of_token = self.tokens.first().map(|token| token.file.chain);
        let documents = self.responders.iter().flat_map(|one| &one.documents);
        let of_document = documents.map(|file| file.chain).next();
        of_token.or(of_document).or(self.retired)
    }

    fn described(&self, page: &SitePath) -> SitePage {
        let policy = &self.rules.policy;
        let tokens = self.tokens.iter().map(|one| listed(one, policy));
        SitePage {
            lists: tokens.chain(self.responders.iter().map(answers)).collect(),
            others: self.others(page),
            documents: self.documents(),
            now: self.rules.now,
        }
    }

    /// The lists that others published there, as far as the manifest tells of them.
    fn others(&self, page: &SitePath) -> Vec<OtherFile> {
        let own: BTreeSet<_> = self.tokens.iter().map(|token| &token.file.path).collect();
        let own_files: BTreeSet<_> = self.files.iter().map(|file| &file.path).collect();
        let is_own = |path: &SitePath| own.contains(path) || own_files.contains(path);
        let known = self.site.known();
        let others =
            known.filter(|path| *path != page && !is_own(path) && !self.removed.contains(path));
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

/// What the page says of a folder of answers, whose files do not expire.
fn answers(responder: &Responder) -> PublishedList {
    PublishedList {
        uri: responder.uri.clone(),
        issuer: responder.issuer.clone(),
        view: View::OaOcsp,
        proof: None,
        ttl: None,
        valid_until: None,
        renewed_by: None,
        sha256: None,
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
