//! What is known of what a list file published: from the site, or from the list file's own record.

use std::collections::HashMap;

use super::Watch;
use super::content::{FileContent, Refusal};
use super::hosts::HostAnswer;
use super::site::kept_for;
use super::trouble::Trouble;
use crate::audit::Checks;
use crate::list::{ListNumber, ListUri, Proof, Timestamp, View};
use crate::site::{Digest, Manifest, ManifestEntry, SitePath, Target};
use crate::store::{ListRow, Origin, Publication, Snapshot, StoreError};
use crate::survey::Signature;
use crate::token::oa_ocsp::file_standing_for;

/// Where to look for what a list file published.
pub(crate) enum Source<'a> {
    /// The site itself, whose files are read.
    Site {
        target: &'a dyn Target,
        manifest: &'a Manifest,
    },
    /// What hosts say that they have; the files themselves come from the hosts.
    Manifest(&'a Manifest),
    /// The list file's record of its publications.
    Record,
}

/// Where what is published was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// In the list file's own record.
    Record,
    /// In the files of the site.
    Site,
    /// In the manifest that hosts serve.
    Manifest,
}

/// One file that should be published.
pub(super) struct Expected {
    pub(super) list: ListNumber,
    pub(super) view: View,
    /// Where readers ask for it.
    pub(super) uri: String,
    /// The file that stands for it; in view `oa-ocsp` one of many.
    pub(super) url: String,
    pub(super) path: Option<SitePath>,
    /// What it is served as.
    pub(super) media_type: &'static str,
    /// The most bytes of its list.
    pub(super) inflated: u64,
}

/// What is known of a file that should be published.
#[derive(Default)]
pub(super) struct Known {
    pub(super) sha256: Option<Digest>,
    pub(super) issued_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) revision: Option<i64>,
    pub(super) content: Option<FileContent>,
    pub(super) troubles: Vec<Trouble>,
    /// Whether anything says that it is there.
    pub(super) is_there: bool,
}

/// The newest publication of each list and view that is on record.
pub(super) type Record = HashMap<(ListNumber, String), Publication>;

impl Expected {
    pub(super) fn of(
        list: &ListRow,
        place: ListUri,
        proof: Option<Proof>,
        watch: &Watch<'_>,
    ) -> Self {
        let url = file_standing_for(&place);
        let ListUri { view, uri } = place;
        Self {
            path: SitePath::own(&url, watch.base).ok(),
            media_type: view.media_type(proof),
            // A W3C list is padded to 16,384 bytes for each of at most 8 bits.
            inflated: list.width.bytes_for(list.size.entries()).max(1 << 17),
            list: list.number,
            view,
            uri,
            url,
        }
    }
}

impl Source<'_> {
    pub(super) const fn seen(&self) -> Seen {
        match self {
            Self::Site { .. } => Seen::Site,
            Self::Manifest(_) => Seen::Manifest,
            Self::Record => Seen::Record,
        }
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(super) fn look(
        &self,
        expected: &Expected,
        snapshot: &Snapshot<'_>,
        record: &Record,
        watch: &Watch<'_>,
    ) -> Result<Known, StoreError> {
        match (self, &expected.path) {
            (Self::Record, _) => Ok(Known::recorded(expected, record)),
            (_, None) => Ok(Known {
                troubles: vec![Trouble::NotInSite],
                ..Known::default()
            }),
            (Self::Manifest(manifest), Some(path)) => match manifest.entries.get(path) {
                Some(entry) => Known::described(path, entry, snapshot),
                None => Ok(Known::default()),
            },
            (Self::Site { target, manifest }, Some(path)) => {
                let entry = manifest.entries.get(path);
                let mut known = match entry {
                    Some(entry) => Known::described(path, entry, snapshot)?,
                    None => Known::default(),
                };
                known.is_there = false;
                match target.read(path, watch.limit) {
                    Err(error) => {
                        known.is_there = true;
                        known.troubles.push(Trouble::Unreadable(error));
                    }
                    Ok(None) => {}
                    Ok(Some(bytes)) => known.read(expected, &bytes, entry, watch),
                }
                Ok(known)
            }
        }
    }
}

impl Known {
    /// Compares what a host serves with what was published.
    pub(super) fn compare(
        &self,
        hosted: &HostAnswer,
        seen: Seen,
        now: Timestamp,
    ) -> Option<Trouble> {
        let found = hosted.sha256?;
        let Some(published) = self.sha256 else {
            return Some(match seen {
                Seen::Record => Trouble::NotCompared,
                Seen::Site | Seen::Manifest => Trouble::OtherBytes,
            });
        };
        if found == published {
            return None;
        }
        let content = hosted.content.as_ref();
        let issued = content.and_then(|content| content.issued_at);
        match (issued, self.issued_at) {
            (Some(issued_at), Some(published_at)) if issued_at < published_at => {
                let served = hosted.served.as_ref();
                Some(Trouble::ServesOlder {
                    issued_at,
                    published_at,
                    allowed: kept_for(served, published_at, now),
                })
            }
            // The record is of this list file alone: a copy without it may have published since.
            (Some(issued), Some(known))
                if issued > known
                    && seen == Seen::Record
                    && content.and_then(|content| content.signature) == Some(Signature::Valid) =>
            {
                Some(Trouble::NotCompared)
            }
            _ => Some(Trouble::ServesOther),
        }
    }

    fn recorded(expected: &Expected, record: &Record) -> Self {
        let key = (expected.list, expected.view.name().to_owned());
        let Some(publication) = record.get(&key) else {
            return Self::default();
        };
        Self {
            // A folder of documents has no digest of its own.
            sha256: (expected.view != View::OaOcsp).then(|| Digest::from(publication.sha256)),
            issued_at: Some(publication.issued_at),
            expires_at: publication.expires_at,
            revision: Some(publication.rev),
            is_there: true,
            ..Self::default()
        }
    }

    fn described(
        path: &SitePath,
        entry: &ManifestEntry,
        snapshot: &Snapshot<'_>,
    ) -> Result<Self, StoreError> {
        let origin = snapshot.origin_of(path.as_str(), Some(entry.chain.as_bytes()))?;
        let foreign = origin == Origin::Foreign;
        Ok(Self {
            sha256: Some(entry.sha256),
            issued_at: Some(Timestamp::from_second(entry.issued_at)),
            expires_at: entry.expires_at.map(Timestamp::from_second),
            revision: origin.since(),
            content: None,
            troubles: foreign.then_some(Trouble::Foreign).into_iter().collect(),
            is_there: true,
        })
    }

    /// Takes in the file of a site.
    fn read(
        &mut self,
        expected: &Expected,
        bytes: &[u8],
        entry: Option<&ManifestEntry>,
        watch: &Watch<'_>,
    ) {
        self.is_there = true;
        let sha256 = Digest::of(bytes);
        if entry.is_none_or(|entry| !entry.matches(bytes)) {
            self.troubles.push(Trouble::OtherBytes);
        }
        self.sha256 = Some(sha256);
        if expected.view == View::OaOcsp {
            return;
        }
        let content = FileContent::read(
            bytes,
            &Checks {
                uri: Some(&expected.uri),
                ..watch.checks
            },
        );
        let refusal = content.refusal.clone().map(Trouble::Refused);
        self.troubles.extend(refusal);
        let is_other = |found| found != expected.media_type;
        if content.media_type.is_some_and(is_other) {
            self.troubles.push(Trouble::Refused(Refusal::OtherFormat));
        }
        self.issued_at = content.issued_at.or(self.issued_at);
        self.expires_at = content.expires_at;
        self.content = Some(content);
    }
}

/// The newest publication of each list and view, in whatever place.
pub(super) fn record_of(snapshot: &Snapshot<'_>) -> Result<Record, StoreError> {
    let mut newest: Record = HashMap::new();
    for publication in snapshot.publications()? {
        let key = (publication.list, publication.view.clone());
        match newest.get(&key) {
            Some(known)
                if (known.issued_at, known.rev) >= (publication.issued_at, publication.rev) => {}
            _ => drop(newest.insert(key, publication)),
        }
    }
    Ok(newest)
}
