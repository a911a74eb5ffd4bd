//! A list file in memory, as plain as can be.

use std::collections::{BTreeMap, BTreeSet};

use super::steps::{Step, What};
use crate::list::{
    DocumentHash, EntryId, Permutation, Profile, Remark, RemarkRequest, Series, Status, TokenId,
    Width,
};
use crate::store::ListState;
use crate::store::tests::{entry as entry_at, new_list};

/// What a list file must say.
#[derive(Clone)]
pub(super) struct Model {
    pub(super) series: Series,
    pub(super) width: Width,
    pub(super) finals: Vec<Status>,
    pub(super) lists: Vec<List>,
    pub(super) documents: BTreeMap<DocumentHash, (EntryId, i64)>,
    pub(super) on_the_way: BTreeSet<(u32, DocumentHash)>,
    /// The times of the revisions.
    pub(super) times: Vec<i64>,
    /// The operation ids that were given, with their requests and revisions.
    pub(super) operations: BTreeMap<String, (u8, i64)>,
}

#[derive(Clone)]
pub(super) struct List {
    pub(super) order: Vec<u32>,
    pub(super) cursor: usize,
    pub(super) closed: bool,
    pub(super) rev: i64,
    pub(super) entries: BTreeMap<u32, Entry>,
    pub(super) changes: BTreeMap<u32, Vec<Change>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) token: Option<TokenId>,
    pub(super) expires: Option<i64>,
    pub(super) rev: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) rev: i64,
    pub(super) old: Status,
    pub(super) new: Status,
    pub(super) remark: Remark,
}

/// Why a step is refused.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    Full,
    Outside,
    Taken,
    Precondition,
    Irrevocable,
    Final,
    DocumentTaken,
}

impl List {
    pub(super) fn new(series: &Series, list: u32, rev: i64) -> Self {
        let size = series.size.entries();
        let permutation = Permutation::new(&new_list(series, list).seed, size).unwrap();
        Self {
            order: permutation.indexes_of(0..size).unwrap(),
            cursor: 0,
            closed: false,
            rev,
            entries: BTreeMap::new(),
            changes: BTreeMap::new(),
        }
    }

    pub(super) fn last(&self, index: u32) -> Option<&Change> {
        self.changes.get(&index).and_then(|changes| changes.last())
    }

    pub(super) fn status_after(&self, index: u32, rev: i64) -> Status {
        let changes = self.changes.get(&index).into_iter().flatten();
        let mut until = changes.rev().filter(|change| change.rev <= rev);
        until.next().map_or(Status::VALID, |change| change.new)
    }

    pub(super) fn state(&self) -> ListState {
        match (self.closed, self.entries.len() == self.order.len()) {
            (true, _) => ListState::Closed,
            (false, true) => ListState::Full,
            (false, false) => ListState::Open,
        }
    }
}

impl Model {
    pub(super) fn new(series: Series) -> Self {
        let register = series.register().clone();
        Self {
            width: register.width,
            finals: register.final_statuses,
            lists: vec![List::new(&series, 0, 1)],
            series,
            documents: BTreeMap::new(),
            on_the_way: BTreeSet::new(),
            times: vec![0],
            operations: BTreeMap::new(),
        }
    }

    fn current(&mut self) -> (u32, &mut List) {
        let number = u32::try_from(self.lists.len() - 1).unwrap();
        (number, self.lists.last_mut().unwrap())
    }

    /// The n-th entry of those that were handed out.
    pub(super) fn nth(&self, which: usize) -> Option<EntryId> {
        let all: Vec<EntryId> = (0..)
            .zip(&self.lists)
            .flat_map(|(list, rows)| rows.entries.keys().map(move |index| entry_at(list, *index)))
            .collect();
        (!all.is_empty()).then(|| all[which % all.len()])
    }

    pub(super) fn status(&self, value: u8) -> Status {
        Status::new(u64::from(value & self.width.largest()), self.width).unwrap()
    }

    /// Plays a step as revision `rev`; says whether anything changes.
    pub(super) fn play(
        &mut self,
        step: &Step,
        names: &[TokenId],
        rev: i64,
    ) -> Result<bool, Refusal> {
        let status = self.status(step.status);
        match &step.what {
            What::Allocate { count, .. } => {
                let (_, list) = self.current();
                let count = usize::try_from(*count).unwrap();
                if list.order.len() - list.entries.len() < count {
                    return Err(Refusal::Full);
                }
                let mut names = names.iter();
                let mut left = count;
                while left > 0 {
                    let index = list.order[list.cursor];
                    list.cursor += 1;
                    if !list.entries.contains_key(&index) {
                        left -= 1;
                        list.hand_out(index, names.next().cloned(), step.expires, status, rev);
                    }
                }
                Ok(count > 0)
            }
            What::AllocateAt { place, .. } => {
                let (_, list) = self.current();
                if *place >= list.order.len() as u64 {
                    return Err(Refusal::Outside);
                }
                let index = u32::try_from(*place).unwrap();
                if list.entries.contains_key(&index) {
                    return Err(Refusal::Taken);
                }
                list.hand_out(index, names.first().cloned(), step.expires, status, rev);
                Ok(true)
            }
            What::Set {
                which,
                request,
                expected,
                force,
            } => {
                let Some(entry) = self.nth(*which) else {
                    return Ok(false);
                };
                let expected = expected.map(|value| self.status(value));
                self.set(entry, status, request, expected, *force, rev)
            }
            What::Document { which, hash, way } => {
                let Some(entry) = self.nth(*which).filter(|entry| !self.has_document(*entry))
                else {
                    return Ok(false);
                };
                let hash = DocumentHash::new([*hash; 32]);
                if self.documents.contains_key(&hash) {
                    return Err(Refusal::DocumentTaken);
                }
                self.documents.insert(hash, (entry, rev));
                let (list, way) = (entry.list.value(), DocumentHash::new([*way; 32]));
                let known = self.documents.iter();
                let known = known.filter(|(_, (other, _))| other.list == entry.list);
                if !known.into_iter().any(|(hash, _)| *hash == way) {
                    self.on_the_way.insert((list, way));
                }
                self.lists[list as usize].rev = rev;
                Ok(true)
            }
            What::NextList => {
                let (list, row) = self.current();
                row.closed = true;
                let next = List::new(&self.series, list + 1, rev);
                self.lists.push(next);
                Ok(true)
            }
        }
    }

    pub(super) fn uri(&self, list: u32) -> String {
        let template = &self.series.views[0].uri;
        template.replace("{n}", &list.to_string())
    }

    pub(super) fn has_document(&self, entry: EntryId) -> bool {
        self.documents.values().any(|(other, _)| *other == entry)
    }

    fn set(
        &mut self,
        entry: EntryId,
        wanted: Status,
        request: &RemarkRequest,
        expected: Option<Status>,
        force: bool,
        rev: i64,
    ) -> Result<bool, Refusal> {
        let publishes_reasons = self.series.publishes_documents();
        let irrevocable = self.series.profile == Some(Profile::Eudi);
        let list = &mut self.lists[entry.list.value() as usize];
        let newest = list.last(entry.index.value());
        let current = newest.map_or(Status::VALID, |change| change.new);
        let before = newest
            .map(|change| change.remark.clone())
            .unwrap_or_default();
        if expected.is_some_and(|expected| expected != current) {
            return Err(Refusal::Precondition);
        }
        let base = if wanted == current {
            before.clone()
        } else if irrevocable && current == Status::INVALID {
            return Err(Refusal::Irrevocable);
        } else if self.finals.contains(&current) && !force {
            return Err(Refusal::Final);
        } else {
            Remark::default()
        };
        let remark = Remark {
            reason: request.reason.unwrap_or(base.reason),
            note: match request.note.as_deref() {
                Some("") => None,
                Some(note) => Some(note.to_owned()),
                None => base.note,
            },
            since: request.since.or(base.since),
        };
        if wanted == current && remark == before {
            return Ok(false);
        }
        let reason_is_seen = publishes_reasons && wanted != Status::VALID;
        if wanted != current || reason_is_seen && remark.reason != before.reason {
            list.rev = rev;
        }
        list.changes
            .entry(entry.index.value())
            .or_default()
            .push(Change {
                rev,
                old: current,
                new: wanted,
                remark,
            });
        Ok(true)
    }
}

impl List {
    /// Whether both say the same of an entry.
    pub(super) fn says_the_same(&self, other: &Self, index: u32) -> bool {
        (self.entries.get(&index), self.changes.get(&index))
            == (other.entries.get(&index), other.changes.get(&index))
    }

    fn hand_out(
        &mut self,
        index: u32,
        token: Option<TokenId>,
        expires: Option<i64>,
        status: Status,
        rev: i64,
    ) {
        let entry = Entry {
            token,
            expires,
            rev,
        };
        self.entries.insert(index, entry);
        if status != Status::VALID {
            self.rev = rev;
            self.changes.entry(index).or_default().push(Change {
                rev,
                old: Status::VALID,
                new: status,
                remark: Remark::default(),
            });
        }
    }
}
