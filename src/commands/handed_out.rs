//! The entries that `allocate` handed out, as it prints them.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::references::References;
use crate::change::Allocated;
use crate::commands::options::ViewName;
use crate::list::{Status, Timestamp};
use crate::store::{Snapshot, StoreError};

/// One entry that was handed out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AllocatedEntry {
    pub(super) list_id: String,
    pub(super) idx: u32,
    pub(super) uri: String,
    pub(super) status: Status,
    pub(super) allocated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Timestamp>,
    pub(super) existing: bool,
    pub(super) published: bool,
    pub(super) claims: Map<String, Value>,
    #[serde(skip)]
    pub(super) references: References,
}

/// What was handed out.
#[derive(Debug)]
pub(super) struct HandedOut {
    pub(super) entries: Vec<AllocatedEntry>,
    pub(super) asked_for: HowMany,
    pub(super) revision: i64,
    pub(super) claim: Option<ViewName>,
}

/// How many entries a caller asked for, and so expects in JSON: one by itself, or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HowMany {
    One,
    Several,
}

impl AllocatedEntry {
    /// Joins an entry with what a credential embeds of it.
    pub(super) fn of(snapshot: &Snapshot<'_>, allocated: &Allocated) -> Result<Self, StoreError> {
        let list = allocated.entry.list;
        let idx = allocated.entry.index.value();
        let uris = snapshot.uris(list)?;
        let references = References::of(snapshot.series(), &uris, idx);
        Ok(Self {
            list_id: list.to_string(),
            idx,
            uri: snapshot.first_among(list, uris)?,
            status: allocated.status,
            allocated_at: allocated.at,
            token_id: allocated.token.as_ref().map(ToString::to_string),
            expires_at: allocated.expires,
            existing: allocated.existing,
            published: snapshot.is_published(list)?,
            claims: references.claims(),
            references,
        })
    }
}

impl Serialize for HandedOut {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'a> {
            #[serde(flatten)]
            entry: &'a AllocatedEntry,
            revision: i64,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Many<'a> {
            uri: &'a str,
            allocations: &'a [AllocatedEntry],
            count: usize,
            allocated_at: Timestamp,
            revision: i64,
        }
        match (self.asked_for, self.entries.first()) {
            (HowMany::One, Some(entry)) => One {
                entry,
                revision: self.revision,
            }
            .serialize(serializer),
            (_, first) => Many {
                uri: first.map_or("", |entry| &entry.uri),
                allocations: &self.entries,
                count: self.entries.len(),
                allocated_at: first.map_or(Timestamp::from_second(0), |entry| entry.allocated_at),
                revision: self.revision,
            }
            .serialize(serializer),
        }
    }
}

impl fmt::Display for HandedOut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            if let Some(name) = self.claim {
                writeln!(formatter, "{}", entry.references.claim(name))?;
                continue;
            }
            write!(formatter, "{}/{}\t{}", entry.list_id, entry.idx, entry.uri)?;
            if let Some(token) = &entry.token_id {
                write!(formatter, "\t{token}")?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}
