//! What a request does, decided before anything is written.

use serde_json::{Value, json};

use super::documents;
use super::label_lines::{NewLabel, NewMember};
use super::request::{Request, What};
use super::rollover::Turnover;
use crate::list::{Effect, EntryId, ListNumber, Remark, Status, Timestamp};
use crate::store::{
    AllocationRow, Booked, BookedEntry, ChangeRow, DocumentRow, ListRow, MemberRow, Run, Snapshot,
    StoreError, Supply, TermRow, Work,
};

/// What a request does.
pub(crate) struct Plan {
    /// What becomes of each line.
    pub(crate) lines: Vec<LinePlan>,
    /// What becomes of each entry of the lines that set groups.
    pub(super) parts: Vec<LinePlan>,
    /// The entries that it takes.
    pub(crate) booked: Booked,
    /// The changes of status that are stored, by entry.
    pub(crate) changes: Vec<NetChange>,
    pub(super) remarks: Vec<Remark>,
    /// The document hashes that are stored, in the order in which they are kept.
    pub(super) documents: Vec<DocumentRow>,
    /// The entries that groups get, in their order.
    pub(super) members: Vec<NewMember>,
    /// What is said of entries, by list and step.
    pub(super) labels: Vec<NewLabel>,
    /// What is missing for all lines to get an entry.
    pub(crate) missing: Option<Missing>,
    /// The lists that take their turns, and those that are made.
    pub(crate) turnover: Turnover,
    /// What tells which list served which entry, where several were open.
    pub(super) supply: Option<Supply>,
    /// For each booked entry, the line that gets it.
    pub(super) taken_by: Vec<u32>,
}

/// What becomes of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinePlan {
    /// It has a fault.
    Faulty,
    /// It gets an entry: which of those booked.
    Fresh { place: u32, status: Status },
    /// An earlier line with its token id gets this one of those booked.
    Again { place: u32, status: Status },
    /// Its token id has this entry.
    Existing { entry: EntryId, status: Status },
    /// It sets an entry.
    Set {
        entry: EntryId,
        previous: Status,
        current: Status,
        effect: Effect,
    },
    /// It says of an entry what it is called.
    Label { entry: EntryId, effect: Effect },
    /// It names an entry of a group whose list is retired.
    Skipped { entry: EntryId },
    /// It sets the entries of a group: which of the plan's parts.
    Group { first: u32, count: u32 },
}

/// One change that is stored, whichever lines made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NetChange {
    pub(crate) entry: EntryId,
    pub(super) old: Status,
    pub(super) new: Status,
    /// Which of the plan's remarks.
    pub(super) remark: u32,
}

/// Entries that a list has not.
pub(crate) struct Missing {
    /// The list.
    pub(crate) list: ListRow,
    /// How many.
    pub(crate) count: u64,
}

impl Plan {
    /// The entries that get another status by a line, by their lists, with that status.
    pub(crate) fn changed_statuses(&self) -> impl Iterator<Item = (ListNumber, Status)> {
        let parts = self.lines.iter().flat_map(|line| self.parts(line));
        parts.filter_map(|part| match part {
            LinePlan::Set {
                entry,
                current,
                effect: Effect::Changed,
                ..
            } => Some((entry.list, *current)),
            _ => None,
        })
    }

    /// The entry of a line without a fault.
    pub(crate) fn entry(&self, line: LinePlan) -> Option<EntryId> {
        match line {
            LinePlan::Faulty | LinePlan::Group { .. } => None,
            LinePlan::Fresh { place, .. } | LinePlan::Again { place, .. } => {
                Some(self.booked.entry(place))
            }
            LinePlan::Existing { entry, .. }
            | LinePlan::Set { entry, .. }
            | LinePlan::Label { entry, .. }
            | LinePlan::Skipped { entry } => Some(entry),
        }
    }

    /// What becomes of each entry that a line is about: one, or those of a group.
    pub(crate) fn parts<'a>(&'a self, line: &'a LinePlan) -> &'a [LinePlan] {
        match line {
            LinePlan::Group { first, count } => {
                let first = *first as usize;
                &self.parts[first..first + *count as usize]
            }
            one => std::slice::from_ref(one),
        }
    }

    /// The entries of groups that stay as they are because their lists are retired.
    pub(crate) fn skipped(&self) -> Vec<EntryId> {
        let skipped = self.parts.iter().filter_map(|part| match part {
            LinePlan::Skipped { entry } => Some(*entry),
            _ => None,
        });
        skipped.collect()
    }

    /// The lists that entries are taken of, in the order in which they serve.
    pub(crate) fn lists(&self) -> Vec<ListNumber> {
        let runs = &self.booked.runs;
        let chosen = self.booked.entries.iter().filter(|_| runs.is_empty());
        let chosen = chosen.map(|booked| booked.entry.list);
        runs.iter().map(|run| run.list).chain(chosen).collect()
    }

    /// How many of the statuses that are stored readers of documents do not see, because nobody
    /// recorded a hash.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn unseen(&self, snapshot: &Snapshot<'_>) -> Result<u64, StoreError> {
        let statuses = self.changes.iter().map(|change| (change.entry, change.new));
        documents::unseen(snapshot, statuses, &self.documents)
    }

    /// What is to be written. `body` says what is done in detail.
    pub(crate) fn work<'a>(&'a self, request: &'a Request, body: Value) -> Work<'a> {
        let runs = self.booked.runs.iter().filter(|run| run.count > 0);
        let expires = request.terms.expires;
        let mut body = body;
        if let Some(supply) = &self.supply {
            body["supply"] = json!(supply);
        }
        Work {
            body,
            new_lists: self.turnover.made.clone(),
            opened: self.turnover.opened.clone(),
            runs: runs.map(|run| Run { expires, ..*run }).collect(),
            allocations: Box::new(move || Box::new(self.allocations(request))),
            changes: Box::new(move || Box::new(self.change_rows())),
            documents: Box::new(move || Box::new(self.documents.iter().copied())),
            labels: Box::new(move || {
                let labels = self.labels.iter();
                Box::new(labels.filter_map(move |label| label.label(request)))
            }),
            terms: Box::new(move || {
                // A request either hands out entries that are kept, or has labels.
                let kept = self.terms(request.terms.kept_until).into_iter();
                let labels = self.labels.iter();
                Box::new(kept.chain(labels.filter_map(move |label| label.term(request))))
            }),
            members: Box::new(move || Box::new(self.member_rows(request))),
            ..Work::default()
        }
    }

    /// Until when the statuses of the booked entries are kept, if that was said.
    fn terms(&self, kept_until: Option<Timestamp>) -> Vec<TermRow> {
        let term = |list, first, count| TermRow {
            list,
            first,
            count,
            expires: None,
            kept_until,
        };
        if kept_until.is_none() {
            return Vec::new();
        }
        let runs = self.booked.runs.iter().filter(|run| run.count > 0);
        let mut terms: Vec<_> = runs
            .map(|run| term(run.list, run.first, run.count))
            .collect();
        if self.booked.runs.is_empty() {
            let chosen = self.booked.entries.iter();
            terms.extend(chosen.map(|booked| term(booked.entry.list, booked.step, 1)));
        }
        terms.sort_unstable_by_key(|term| (term.list, term.first));
        terms
    }

    /// The rows of the allocations that are not like the others of their run.
    fn allocations<'a>(&'a self, request: &'a Request) -> impl Iterator<Item = AllocationRow> + 'a {
        let terms = &request.terms;
        self.booked.places_by_step().filter_map(move |place| {
            let line = *self.taken_by.get(place as usize)?;
            match &request.lines[line as usize].what {
                What::Allocate {
                    token, terms: said, ..
                } => {
                    let expires = request.expiry(*said);
                    let booked: BookedEntry = self.booked.entries[place as usize];
                    let has_row =
                        token.is_some() || terms.index.is_some() || expires != terms.expires;
                    has_row.then(|| booked.row(token.clone(), expires))
                }
                What::Set { .. } | What::Label(_) => None,
            }
        })
    }

    fn member_rows<'a>(&'a self, request: &'a Request) -> impl Iterator<Item = MemberRow> + 'a {
        self.members.iter().map(|member| MemberRow {
            entry: member.entry,
            group: request.group(member.group).cloned(),
        })
    }

    fn change_rows(&self) -> impl Iterator<Item = ChangeRow> {
        self.changes.iter().map(|change| ChangeRow {
            entry: change.entry,
            old: change.old,
            new: change.new,
            remark: self.remarks[change.remark as usize].clone(),
        })
    }
}
