//! What a survey finds.

use serde::{Deserialize, Serialize};

use super::Standing;
use crate::list::{EntryId, ListNumber, Status, View};
use crate::site::{Digest, SitePath};

/// How many entries that differ are kept one by one.
const MOST_KEPT: usize = 100;

/// What sites say of the lists of a series, compared with a list file, and what of it is to be
/// taken over.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) files: Vec<SurveyedFile>,
    pub(crate) differences: Differences,
    /// The lists that only sites know.
    pub(crate) unknown_lists: Vec<ListNumber>,
    /// The statuses to take over, by entry.
    pub(crate) takeovers: Vec<Takeover>,
}

/// One file of a site, or one folder of answers.
#[derive(Debug)]
pub(crate) struct SurveyedFile {
    pub(crate) list: ListNumber,
    pub(crate) view: View,
    pub(crate) path: SitePath,
    pub(crate) evidence: Evidence,
    /// The chain value of the state that it was made from, if the site's manifest says so.
    pub(crate) chain: Option<Digest>,
    /// The revision of the list file that it was made from, if it was.
    pub(crate) from: Option<i64>,
    /// How many entries it shows otherwise than the list file has them.
    pub(crate) differing: u64,
    /// Whether what it says is to be taken over.
    pub(crate) is_adopted: bool,
}

/// What speaks for what is published.
#[derive(Debug)]
pub(crate) enum Evidence {
    /// A signature.
    Signature {
        standing: Standing,
        /// That of the file.
        digest: Digest,
    },
    /// Nothing: nobody signs the answers for documents.
    Unsigned {
        /// The first that is no answer.
        unreadable: Option<SitePath>,
    },
}

/// The entries that are published with another status.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    pub(crate) count: u64,
    /// The first of them.
    pub(crate) first: Vec<Difference>,
    /// How many get the status that the site shows.
    pub(crate) adopted: u64,
    /// How many stay because their status is final.
    pub(crate) kept: u64,
    /// How many are published as they were in an older state of the list file.
    pub(crate) older: u64,
}

/// An entry that is published with another status.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) entry: EntryId,
    pub(crate) status: Status,
    /// The one that the site shows; nothing if its files contradict each other.
    pub(crate) published: Option<Status>,
    /// The views that show it otherwise.
    pub(crate) views: Vec<View>,
    /// Whether the signatures of those files verify.
    pub(crate) is_verified: bool,
    pub(crate) fate: Fate,
}

/// What becomes of an entry that is published with another status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Fate {
    /// It gets the status of the site.
    Adopted,
    /// Its own status is final.
    Kept,
    /// Its own status is newer than what is published.
    Older,
    /// Nothing.
    Unchanged,
}

/// One status that is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Takeover {
    pub(crate) entry: EntryId,
    pub(crate) old: Status,
    pub(crate) new: Status,
}

impl Survey {
    /// The files whose statuses are to be taken over, by list.
    pub(crate) fn adopted_files(&self) -> impl Iterator<Item = &SurveyedFile> {
        self.files.iter().filter(|file| file.is_adopted)
    }

    /// The lists that only sites know, and whose statuses are to be taken over.
    pub(crate) fn adopted_lists(&self) -> impl Iterator<Item = ListNumber> {
        let is_adopted = |list: &ListNumber| self.adopted_files().any(|file| file.list == *list);
        self.unknown_lists.iter().copied().filter(is_adopted)
    }
}

impl SurveyedFile {
    /// Whether it can be relied on, if a signature could say so.
    pub(crate) const fn standing(&self) -> Option<&Standing> {
        match &self.evidence {
            Evidence::Signature { standing, .. } => Some(standing),
            Evidence::Unsigned { .. } => None,
        }
    }

    /// The digest of what is signed.
    pub(crate) const fn digest(&self) -> Option<&Digest> {
        match &self.evidence {
            Evidence::Signature { digest, .. } => Some(digest),
            Evidence::Unsigned { .. } => None,
        }
    }
}

impl Differences {
    pub(super) fn add(&mut self, difference: Difference) {
        self.count += 1;
        match difference.fate {
            Fate::Adopted => self.adopted += 1,
            Fate::Kept => self.kept += 1,
            Fate::Older => self.older += 1,
            Fate::Unchanged => {}
        }
        if self.first.len() < MOST_KEPT {
            self.first.push(difference);
        }
    }
}
