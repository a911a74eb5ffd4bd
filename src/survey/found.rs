//! What a survey finds.

use serde::{Deserialize, Serialize};

use crate::list::{EntryId, ListNumber, Status, View};
use crate::site::{Digest, SitePath};

/// How many entries that differ are kept one by one.
const MOST_KEPT: usize = 100;

/// What sites say of the lists of a series, compared with a list file, and what of it is to be
/// taken over.
///
/// Its JSON is what `restore` answers, and stands in the body of the revision, so that a repeated
/// operation answers the same.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Survey {
    /// The roots of the sites.
    pub(crate) sites: Vec<String>,
    pub(crate) files: Vec<SurveyedFile>,
    /// How many entries are published with another status.
    pub(crate) differing: u64,
    /// The first of them.
    pub(crate) differences: Vec<Difference>,
    /// How many get the status that the site shows.
    pub(crate) adopted: u64,
    /// How many stay because their status is final.
    pub(crate) kept: u64,
    /// How many are published as they were in an older state of the list file.
    pub(crate) older: u64,
    /// The lists that only sites know.
    pub(crate) unknown_lists: Vec<ListNumber>,
    /// The statuses to take over, by entry.
    #[serde(skip)]
    pub(crate) takeovers: Vec<Takeover>,
}

/// One file of a site, or one folder of answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SurveyedFile {
    pub(crate) path: SitePath,
    #[serde(rename = "listId")]
    pub(crate) list: ListNumber,
    pub(crate) view: View,
    /// Nothing for a folder of answers.
    pub(crate) sha256: Option<Digest>,
    pub(crate) signature: Signature,
    /// Why it cannot be relied on, or what cannot be read of it.
    pub(crate) reason: Option<String>,
    /// The revision of the list file that it was made from, if it was.
    #[serde(rename = "fromRevision")]
    pub(crate) from: Option<i64>,
    /// How many entries it shows otherwise than the list file has them.
    pub(crate) differing: u64,
    /// Whether what it says is to be taken over.
    pub(crate) adopted: bool,
    /// The chain value of the state that it was made from, if the site's manifest says so.
    #[serde(skip)]
    pub(crate) chain: Option<Digest>,
}

/// What speaks for what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Signature {
    /// It verifies with what was given.
    Valid,
    /// Nothing that was given says who signed it.
    NotChecked,
    /// It does not verify, or the file breaks a rule.
    Rejected,
    /// Such files have none.
    None,
}

/// An entry that is published with another status.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Difference {
    #[serde(rename = "listId")]
    pub(crate) list: ListNumber,
    #[serde(rename = "idx")]
    pub(crate) index: u32,
    /// The status in the list file.
    pub(crate) status: Status,
    /// The one that the site shows; nothing if its files contradict each other.
    pub(crate) published: Option<Status>,
    /// The views that show it otherwise.
    pub(crate) views: Vec<View>,
    /// Whether the signatures of those files verify.
    pub(crate) verified: bool,
    #[serde(rename = "outcome")]
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
        self.files.iter().filter(|file| file.adopted)
    }

    /// The lists that only sites know, and whose statuses are to be taken over.
    pub(crate) fn adopted_lists(&self) -> impl Iterator<Item = ListNumber> {
        let is_adopted = |list: &ListNumber| self.adopted_files().any(|file| file.list == *list);
        self.unknown_lists.iter().copied().filter(is_adopted)
    }

    pub(super) fn add(&mut self, difference: Difference) {
        self.differing += 1;
        match difference.fate {
            Fate::Adopted => self.adopted += 1,
            Fate::Kept => self.kept += 1,
            Fate::Older => self.older += 1,
            Fate::Unchanged => {}
        }
        if self.differences.len() < MOST_KEPT {
            self.differences.push(difference);
        }
    }
}
