//! What `restore` answers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::commands::counted;
use crate::list::{Status, Width};
use crate::site::Target;
use crate::survey::{Difference, Evidence, Fate, Standing, Survey, SurveyedFile};
use crate::wire::text::printable;

/// How many files people see.
const MOST_SHOWN: usize = 100;

/// What was opened, and what the site says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Restored {
    pub(super) list_id: String,
    pub(super) uri: String,
    pub(super) closed: Vec<String>,
    pub(super) revision: i64,
    /// Nothing if there is no site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) published: Option<Published>,
}

/// What sites say of the lists, compared with the restored file. It is kept in the body of the
/// revision, so that a repeated operation answers the same.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Published {
    pub(super) sites: Vec<String>,
    pub(super) files: Vec<FileLine>,
    /// How many entries differ.
    pub(super) differing: u64,
    /// The first of them.
    pub(super) differences: Vec<DifferenceLine>,
    /// How many entries got the status that the site shows.
    pub(super) adopted: u64,
    /// How many stay because their status is final.
    pub(super) kept: u64,
    /// How many are published as they were in an older state of the file.
    pub(super) older: u64,
    /// The lists that only the site knows.
    pub(super) unknown_lists: Vec<String>,
}

/// One file of a site.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileLine {
    pub(super) path: String,
    pub(super) list_id: String,
    pub(super) view: String,
    /// Nothing for a folder of documents.
    pub(super) sha256: Option<String>,
    pub(super) signature: Signature,
    /// Why it does not verify, or cannot be read.
    pub(super) reason: Option<String>,
    /// The revision of the file that it was published from, if it was.
    pub(super) from_revision: Option<i64>,
    /// How many entries it shows otherwise than the file has them.
    pub(super) differing: u64,
    /// Whether what it says was taken over.
    pub(super) adopted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Signature {
    /// It verifies with what was given.
    Valid,
    /// Nothing was given to check it with.
    NotChecked,
    /// It does not verify, or the file breaks a rule.
    Rejected,
    /// Such files have none.
    None,
}

/// An entry that is published with another status.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DifferenceLine {
    pub(super) list_id: String,
    pub(super) idx: u32,
    /// The status in the file.
    pub(super) status: u8,
    /// The one that the site shows; nothing if its files contradict each other.
    pub(super) published: Option<u8>,
    /// The views that show it otherwise.
    pub(super) views: Vec<String>,
    /// Whether the signatures of those files verify.
    pub(super) verified: bool,
    /// What became of it.
    pub(super) outcome: Fate,
}

impl Published {
    /// What a survey of sites found.
    pub(super) fn of(sites: &[Box<dyn Target>], survey: &Survey) -> Self {
        let differences = &survey.differences;
        let mut files: Vec<_> = survey.files.iter().map(FileLine::of).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let roots = sites.iter().map(|site| site.root().display().to_string());
        Self {
            sites: roots.collect(),
            files,
            differing: differences.count,
            differences: differences.first.iter().map(DifferenceLine::of).collect(),
            adopted: differences.adopted,
            kept: differences.kept,
            older: differences.older,
            unknown_lists: survey
                .unknown_lists
                .iter()
                .map(ToString::to_string)
                .collect(),
        }
    }

    /// What people should worry about.
    pub(super) fn warnings(&self, again: &str, file: &str) -> Vec<String> {
        let mut warnings = Vec::new();
        let left = self.differing - self.adopted - self.kept - self.older;
        let adopts = self.files.iter().any(|line| line.adopted);
        if left > 0 {
            let entries = counted(left, "entry is", "entries are");
            let after = if adopts {
                "by files that are not taken over".to_owned()
            } else {
                format!(
                    "to take over what is signed: {again} --to FOLDER --adopt-published --key KEY"
                )
            };
            warnings.push(format!(
                "{entries} published with another status than in {file}; {after}"
            ));
        }
        if self.kept > 0 {
            let entries = counted(self.kept, "entry keeps", "entries keep");
            warnings.push(format!(
                "{entries} a final status that the site does not show: publish it"
            ));
        }
        if adopts {
            let new = self
                .files
                .iter()
                .filter(|line| line.from_revision.is_none());
            let refused = new.filter(|line| !line.adopted);
            let shown = refused.clone().take(20).map(|line| {
                let reason = line.reason.as_deref().unwrap_or("nobody signed it");
                format!("'{}' is not taken over: {}", line.path, printable(reason))
            });
            warnings.extend(shown);
            let others = refused.count().saturating_sub(20);
            if others > 0 {
                warnings.push(format!("{others} other files are not taken over"));
            }
        }
        warnings
    }
}

impl FileLine {
    fn of(file: &SurveyedFile) -> Self {
        let (signature, sha256, reason) = match &file.evidence {
            Evidence::Signature { standing, digest } => {
                let (signature, reason) = match standing {
                    Standing::Verified(_) => (Signature::Valid, None),
                    Standing::NotChecked => (Signature::NotChecked, None),
                    Standing::Rejected(reason) => (Signature::Rejected, Some(reason.clone())),
                };
                (signature, Some(digest.to_string()), reason)
            }
            Evidence::Unsigned { unreadable } => {
                let reason = unreadable.as_ref();
                let reason = reason.map(|path| format!("'{path}' is no answer that can be read"));
                (Signature::None, None, reason)
            }
        };
        Self {
            path: file.path.as_str().to_owned(),
            list_id: file.list.to_string(),
            view: file.view.name().to_owned(),
            sha256,
            signature,
            reason,
            from_revision: file.from,
            differing: file.differing,
            adopted: file.is_adopted,
        }
    }
}

impl DifferenceLine {
    fn of(difference: &Difference) -> Self {
        let views = difference.views.iter();
        Self {
            list_id: difference.entry.list.to_string(),
            idx: difference.entry.index.value(),
            status: difference.status.value(),
            published: difference.published.map(Status::value),
            views: views.map(|view| view.name().to_owned()).collect(),
            verified: difference.is_verified,
            outcome: difference.fate,
        }
    }
}

impl fmt::Display for Restored {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "new list:  {}", self.list_id)?;
        writeln!(formatter, "uri:       {}", self.uri)?;
        writeln!(formatter, "closed:    {}", self.closed.join(", "))?;
        match &self.published {
            Some(published) => published.fmt(formatter),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.files.iter().take(MOST_SHOWN) {
            line.fmt(formatter)?;
        }
        let others = self.files.len().saturating_sub(MOST_SHOWN);
        if others > 0 {
            writeln!(formatter, "published: {others} other files")?;
        }
        if !self.unknown_lists.is_empty() {
            let lists = self.unknown_lists.join(", ");
            writeln!(formatter, "unknown:   {lists}")?;
        }
        for difference in &self.differences {
            difference.fmt(formatter)?;
        }
        match self.differing - self.differences.len() as u64 {
            0 => Ok(()),
            others => writeln!(formatter, "differs:   {others} others"),
        }
    }
}

impl fmt::Display for FileLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = match self.signature {
            Signature::Valid => "verified",
            Signature::NotChecked => "not verified (--key, --jwks or --trust)",
            Signature::Rejected => "refused",
            Signature::None => "not signed",
        };
        let differing = match self.differing {
            0 => "nothing differs".to_owned(),
            some => counted(some, "entry differs", "entries differ"),
        };
        write!(
            formatter,
            "published: {}, {signature}, {differing}",
            self.path
        )?;
        if let Some(revision) = self.from_revision {
            write!(formatter, ", made from revision {revision}")?;
        }
        match &self.reason {
            Some(reason) => writeln!(formatter, ": {}", printable(reason)),
            None => writeln!(formatter),
        }
    }
}

impl fmt::Display for DifferenceLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |value: u8| match Status::new(value.into(), Width::Eight) {
            Ok(status) => status.to_string(),
            Err(_) => value.to_string(),
        };
        let published = match self.published {
            Some(value) => words(value),
            None => "one status in one file and another in another".to_owned(),
        };
        let outcome = match (self.outcome, self.verified) {
            (Fate::Adopted, _) => "taken over",
            (Fate::Kept, _) => "kept, for it is final",
            (Fate::Older, _) => "kept, for it is newer",
            (Fate::Unchanged, true) => "left",
            (Fate::Unchanged, false) => "left, not verified",
        };
        writeln!(
            formatter,
            "differs:   {}/{} is {}, published {published} by {}: {outcome}",
            self.list_id,
            self.idx,
            words(self.status),
            self.views.join(", "),
        )
    }
}
