//! The entries that `allocate` handed out, as it prints them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::rc::Rc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::references::References;
use crate::change::Allocated;
use crate::commands::options::ViewName;
use crate::list::{GroupName, ListNumber, ListUri, Series, Status, Timestamp};
use crate::store::{NewList, Snapshot, StoreError};

/// One entry that was handed out. There may be millions: what all entries of a list have in common
/// is kept once, and what credentials embed is made when it is printed.
#[derive(Debug)]
pub(super) struct AllocatedEntry {
    pub(super) allocated: Allocated,
    pub(super) list: Rc<ListOfEntries>,
}

/// What the entries of one list have in common.
#[derive(Debug)]
pub(super) struct ListOfEntries {
    pub(super) number: ListNumber,
    pub(super) published: bool,
    uri: String,
    uris: Vec<ListUri>,
    series: Series,
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
    /// Joins entries with what is to be known of their lists.
    ///
    /// # Errors
    /// The list file cannot be read. `made` are the lists that the same revision makes.
    pub(super) fn all(
        snapshot: &Snapshot<'_>,
        entries: Vec<Allocated>,
        made: &[NewList],
    ) -> Result<Vec<Self>, StoreError> {
        let mut lists: BTreeMap<ListNumber, Rc<ListOfEntries>> = BTreeMap::new();
        let mut joined = Vec::with_capacity(entries.len());
        for allocated in entries {
            let number = allocated.entry.list;
            let list = match lists.entry(number) {
                Entry::Occupied(known) => Rc::clone(known.get()),
                Entry::Vacant(unknown) => {
                    let new = made.iter().find(|list| list.number == number);
                    let list = match new {
                        Some(new) => ListOfEntries::made(snapshot, new),
                        None => ListOfEntries::of(snapshot, number)?,
                    };
                    Rc::clone(unknown.insert(Rc::new(list)))
                }
            };
            joined.push(Self { allocated, list });
        }
        Ok(joined)
    }

    fn references(&self) -> References {
        let index = self.allocated.entry.index.value();
        References::of(&self.list.series, &self.list.uris, index)
    }
}

impl ListOfEntries {
    fn of(snapshot: &Snapshot<'_>, number: ListNumber) -> Result<Self, StoreError> {
        let uris = snapshot.uris(number)?;
        Ok(Self {
            number,
            published: snapshot.is_published(number)?,
            uri: snapshot.first_among(number, uris.clone())?,
            uris,
            series: snapshot.series().clone(),
        })
    }
}

impl ListOfEntries {
    /// A list that the same revision makes: nobody can have published it.
    fn made(snapshot: &Snapshot<'_>, new: &NewList) -> Self {
        Self {
            number: new.number,
            published: false,
            uri: new.first_uri(),
            uris: new.places(),
            series: snapshot.series().clone(),
        }
    }
}

impl HandedOut {
    /// The uri of the list that all entries lie in; nothing if they lie in several.
    fn common_uri(&self) -> Option<&str> {
        let list = &self.entries.first()?.list;
        let is_of_it = |entry: &AllocatedEntry| entry.list.number == list.number;
        self.entries.iter().all(is_of_it).then_some(&list.uri)
    }
}

impl Serialize for AllocatedEntry {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Shown<'a> {
            list_id: ListNumber,
            idx: u32,
            uri: &'a str,
            status: Status,
            allocated_at: Timestamp,
            #[serde(skip_serializing_if = "Option::is_none")]
            token_id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            expires_at: Option<Timestamp>,
            #[serde(skip_serializing_if = "Option::is_none")]
            group: Option<&'a GroupName>,
            existing: bool,
            published: bool,
            claims: Map<String, Value>,
        }
        let Self { allocated, list } = self;
        Shown {
            list_id: list.number,
            idx: allocated.entry.index.value(),
            uri: &list.uri,
            status: allocated.status,
            allocated_at: allocated.at,
            token_id: allocated.token.as_ref().map(ToString::to_string),
            expires_at: allocated.expires,
            group: allocated.group.as_ref(),
            existing: allocated.existing,
            published: list.published,
            claims: self.references().claims(),
        }
        .serialize(serializer)
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
            uri: Option<&'a str>,
            allocations: &'a [AllocatedEntry],
            count: usize,
            /// When the last of them was handed out: with those of before, each has its own time.
            allocated_at: Option<Timestamp>,
            revision: i64,
        }
        match (self.asked_for, self.entries.first()) {
            (HowMany::One, Some(entry)) => One {
                entry,
                revision: self.revision,
            }
            .serialize(serializer),
            _ => Many {
                uri: self.common_uri(),
                allocations: &self.entries,
                count: self.entries.len(),
                allocated_at: self.entries.iter().map(|entry| entry.allocated.at).max(),
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
                writeln!(formatter, "{}", entry.references().claim(name))?;
                continue;
            }
            write!(formatter, "{}\t{}", entry.allocated.entry, entry.list.uri)?;
            if let Some(token) = &entry.allocated.token {
                write!(formatter, "\t{token}")?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}
