//! What `restore` answers.

use std::fmt;

use serde::Serialize;

use crate::commands::counted;
use crate::list::ListNumber;
use crate::survey::{Difference, Fate, Signature, Survey, SurveyedFile};
use crate::wire::text::printable;

/// How many files people see.
const MOST_SHOWN: usize = 100;

/// How many files that are not taken over people are warned of.
const MOST_WARNED_OF: usize = 20;

/// What was opened, and what the site says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Restored {
    pub(super) list_id: ListNumber,
    pub(super) uri: String,
    pub(super) closed: Vec<ListNumber>,
    pub(super) revision: i64,
    /// Nothing if there is no site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) published: Option<Survey>,
}

/// What people should worry about. `again` is what to type for the same with other options.
pub(super) fn warnings(survey: &Survey, again: &str, file: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let left = survey.differing - survey.adopted - survey.kept - survey.older;
    let adopts = survey.adopted_files().next().is_some();
    if left > 0 {
        let entries = counted(left, "entry is", "entries are");
        let after = if adopts {
            "by files that are not taken over".to_owned()
        } else {
            format!("to take over what is signed: {again} --to FOLDER --adopt-published --key KEY")
        };
        warnings.push(format!(
            "{entries} published with another status than in {file}; {after}"
        ));
    }
    if survey.kept > 0 {
        let entries = counted(survey.kept, "entry keeps", "entries keep");
        warnings.push(format!(
            "{entries} a final status that the site does not show: publish it"
        ));
    }
    if adopts {
        let files = survey.files.iter();
        let refused: Vec<_> = files
            .filter(|file| file.from.is_none() && !file.adopted)
            .collect();
        warnings.extend(refused.iter().take(MOST_WARNED_OF).map(|file| {
            let reason = file.reason.as_deref().unwrap_or("nobody signed it");
            format!("'{}' is not taken over: {}", file.path, printable(reason))
        }));
        let others = refused.len().saturating_sub(MOST_WARNED_OF);
        if others > 0 {
            warnings.push(format!("{others} other files are not taken over"));
        }
    }
    warnings
}

impl fmt::Display for Restored {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "new list:  {}", self.list_id)?;
        writeln!(formatter, "uri:       {}", self.uri)?;
        writeln!(formatter, "closed:    {}", listed(&self.closed))?;
        let Some(survey) = &self.published else {
            return Ok(());
        };
        for file in survey.files.iter().take(MOST_SHOWN) {
            writeln!(formatter, "published: {}", said_of(file))?;
        }
        let others = survey.files.len().saturating_sub(MOST_SHOWN);
        if others > 0 {
            writeln!(formatter, "published: {others} other files")?;
        }
        if !survey.unknown_lists.is_empty() {
            writeln!(formatter, "unknown:   {}", listed(&survey.unknown_lists))?;
        }
        for difference in &survey.differences {
            writeln!(formatter, "differs:   {}", words(difference))?;
        }
        match survey.differing - survey.differences.len() as u64 {
            0 => Ok(()),
            others => writeln!(formatter, "differs:   {others} others"),
        }
    }
}

fn listed(lists: &[ListNumber]) -> String {
    let lists: Vec<_> = lists.iter().map(ListNumber::to_string).collect();
    lists.join(", ")
}

fn said_of(file: &SurveyedFile) -> String {
    let signature = match file.signature {
        Signature::Valid => "verified",
        Signature::NotChecked => "not verified (--key, --jwks or --trust)",
        Signature::Rejected => "refused",
        Signature::None => "not signed",
    };
    let differing = match file.differing {
        0 => "nothing differs".to_owned(),
        some => counted(some, "entry differs", "entries differ"),
    };
    let revision = file.from;
    let made = revision.map_or_else(String::new, |from| format!(", made from revision {from}"));
    let reason = file.reason.as_deref();
    let reason = reason.map_or_else(String::new, |reason| format!(": {}", printable(reason)));
    format!("{}, {signature}, {differing}{made}{reason}", file.path)
}

fn words(difference: &Difference) -> String {
    let published = match difference.published {
        Some(status) => status.to_string(),
        None => "one status in one file and another in another".to_owned(),
    };
    let outcome = match (difference.fate, difference.verified) {
        (Fate::Adopted, _) => "taken over",
        (Fate::Kept, _) => "kept, for it is final",
        (Fate::Older, _) => "kept, for it is newer",
        (Fate::Unchanged, true) => "left",
        (Fate::Unchanged, false) => "left, not verified",
    };
    let views: Vec<_> = difference.views.iter().map(|view| view.name()).collect();
    format!(
        "{}/{} is {}, published {published} by {}: {outcome}",
        difference.list,
        difference.index,
        difference.status,
        views.join(", "),
    )
}
