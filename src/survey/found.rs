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
pub struct Survey {
    /// The files, by list.
    pub files: Vec<SurveyedFile>,
    /// The entries that differ.
    pub differences: Differences,
    /// The lists that only sites know.
    pub unknown_lists: Vec<ListNumber>,
    /// The statuses to take over, by entry.
    pub takeovers: Vec<Takeover>,
}

/// One file of a site, or one folder of answers.
#[derive(Debug)]
pub struct SurveyedFile {
    /// The list that it shows.
    pub list: ListNumber,
    /// The view.
    pub view: View,
    /// Its path.
    pub path: SitePath,
    /// What speaks for it.
    pub evidence: Evidence,
    /// The revision of the list file that it was made from, if it was.
    pub from: Option<i64>,
    /// How many entries it shows otherwise than the list file has them.
    pub differing: u64,
    /// Whether what it says is to be taken over.
    pub is_adopted: bool,
}

/// What speaks for what is published.
#[derive(Debug)]
pub enum Evidence {
    /// A signature.
    Signature {
        /// Whether the file can be relied on.
        standing: Standing,
        /// The digest of the file.
        digest: Digest,
        /// The chain value of the state that it was made from, if the site's manifest says so.
        chain: Option<Digest>,
    },
    /// Nothing: nobody signs the answers for documents.
    Unsigned {
        /// The first that is no answer.
        unreadable: Option<SitePath>,
    },
}

/// The entries that are published with another status.
#[derive(Debug, Default)]
pub struct Differences {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<Difference>,
    /// How many get the status that the site shows.
    pub adopted: u64,
    /// How many stay because their status is final.
    pub kept: u64,
    /// How many are published as they were in an older state of the list file.
    pub older: u64,
}

/// An entry that is published with another status.
#[derive(Debug)]
pub struct Difference {
    /// The entry.
    pub entry: EntryId,
    /// The status in the list file.
    pub status: Status,
    /// The one that the site shows; nothing if its files contradict each other.
    pub published: Option<Status>,
    /// The views that show it otherwise.
    pub views: Vec<View>,
    /// Whether the signatures of those files verify.
    pub is_verified: bool,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of an entry that is published with another status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
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
pub struct Takeover {
    /// The entry.
    pub entry: EntryId,
    /// Its status in the list file.
    pub old: Status,
    /// Its status in the site.
    pub new: Status,
}

impl Survey {
    /// The files whose statuses are to be taken over, by list.
    pub fn adopted_files(&self) -> impl Iterator<Item = &SurveyedFile> {
        self.files.iter().filter(|file| file.is_adopted)
    }

    /// The lists that only sites know, and whose statuses are to be taken over.
    pub fn adopted_lists(&self) -> impl Iterator<Item = ListNumber> {
        let is_adopted = |list: &ListNumber| self.adopted_files().any(|file| file.list == *list);
        self.unknown_lists.iter().copied().filter(is_adopted)
    }
}

impl SurveyedFile {
    /// Whether it can be relied on, if a signature could say so.
    #[must_use]
    pub const fn standing(&self) -> Option<&Standing> {
        match &self.evidence {
            Evidence::Signature { standing, .. } => Some(standing),
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
