//! What became of a list file, and how it is answered.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use crate::commands::counted;
use crate::list::{Duration, ListNumber, Profile, Series, Status, Timestamp};
use crate::store::{Event, Revision, Stamp};
use crate::wire::shell::quote;
use crate::wire::text::escaped;

/// What was made.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Made {
    pub(super) list_id: String,
    pub(super) uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) profile: Option<Profile>,
    pub(super) bits: u8,
    pub(super) size: u64,
    pub(super) open: u32,
    pub(super) spare: u32,
    pub(super) allocated: u64,
    pub(super) default_status: Status,
    pub(super) final_statuses: Vec<Status>,
    pub(super) issuer: String,
    pub(super) ttl: Duration,
    pub(super) valid_for: Duration,
    pub(super) created_at: Timestamp,
    /// What the issuer noted of the series.
    pub(super) metadata: Value,
    pub(super) revision: i64,
}

/// A list file that a settings file describes.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Declared {
    #[serde(flatten)]
    pub(super) made: Made,
    pub(super) outcome: Became,
}

/// What became of a list file.
pub(super) struct Outcome {
    pub(super) made: Made,
    pub(super) became: Became,
    pub(super) revision: Revision,
    pub(super) stamp: Stamp,
    /// The earlier run of the same operation that did it.
    pub(super) repeats: Option<Event>,
    pub(super) notes: Vec<String>,
    pub(super) warnings: Vec<String>,
}

/// What a run did to a list file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Became {
    Made,
    Changed,
    Unchanged,
}

impl Made {
    /// The answer for a list of a series.
    pub(super) fn of(list: ListNumber, uri: String, series: &Series) -> Self {
        let register = series.register();
        Self {
            list_id: list.to_string(),
            uri,
            profile: series.profile,
            bits: register.width.bits(),
            size: register.size.entries(),
            open: series.open.count(),
            spare: series.spare,
            allocated: 0,
            default_status: register.default_status,
            final_statuses: register.final_statuses.clone(),
            issuer: series.issuer.clone(),
            ttl: series.ttl,
            valid_for: series.valid_for,
            created_at: Timestamp::from_second(0),
            metadata: json!(series.meta),
            revision: 0,
        }
    }
}

impl Became {
    pub(super) const fn of(changed: bool) -> Self {
        if changed {
            Self::Changed
        } else {
            Self::Unchanged
        }
    }

    /// The name, as it is written everywhere.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }

    /// What is said of it.
    pub(super) fn note(self, file: &Path, revision: Revision) -> String {
        let file = quote(file);
        match self {
            Self::Made => format!("made {file}"),
            Self::Unchanged => format!("{file} is as the settings say: nothing was changed"),
            Self::Changed if revision.visible => format!(
                "changed {file}, revision {}; to make it visible: statuslist publish {file}",
                revision.rev
            ),
            Self::Changed => format!("changed {file}, revision {}", revision.rev),
        }
    }
}

impl fmt::Display for Declared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.made.fmt(formatter)
    }
}

impl fmt::Display for Made {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "list:       {}", self.list_id)?;
        writeln!(formatter, "uri:        {}", self.uri)?;
        if let Some(profile) = self.profile {
            writeln!(formatter, "profile:    {profile}")?;
        }
        writeln!(
            formatter,
            "entries:    {} of {}",
            self.size,
            counted(self.bits.into(), "bit", "bits")
        )?;
        if self.open + self.spare > 1 {
            writeln!(
                formatter,
                "lists:      {} open, {} in reserve",
                self.open, self.spare
            )?;
        }
        writeln!(formatter, "default:    {}", self.default_status)?;
        writeln!(formatter, "final:      {}", names(&self.final_statuses))?;
        writeln!(formatter, "issuer:     {}", escaped(&self.issuer))?;
        writeln!(formatter, "ttl:        {}", self.ttl)?;
        writeln!(formatter, "valid for:  {}", self.valid_for)
    }
}

/// Writes statuses in one line.
pub(crate) fn names(statuses: &[Status]) -> String {
    if statuses.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = statuses.iter().map(Status::to_string).collect();
    names.join(", ")
}
