//! The entries that `allocate` handed out, as it prints them.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::references::References;
use crate::commands::options::ViewName;
use crate::list::{Status, Timestamp};

/// One entry that was handed out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Handed {
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
    pub(super) entries: Vec<Handed>,
    pub(super) shape: Shape,
    pub(super) revision: i64,
    pub(super) claim: Option<ViewName>,
}

/// Which JSON a caller expects: one entry by itself, or a list of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    One,
    Many,
}

impl Serialize for HandedOut {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'a> {
            #[serde(flatten)]
            entry: &'a Handed,
            revision: i64,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Many<'a> {
            uri: &'a str,
            allocations: &'a [Handed],
            count: usize,
            allocated_at: Timestamp,
            revision: i64,
        }
        match (self.shape, self.entries.first()) {
            (Shape::One, Some(entry)) => One {
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
