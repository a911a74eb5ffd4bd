//! A request for the status of all entries of a group.

use serde_json::json;

use super::error::ChangeError;
use super::faults::OnFault;
use super::locate::Setting;
use super::plan::{LinePlan, Plan};
use super::planner::{Asked, Planner};
use super::request::{Named, Operation, Request, Set, Terms};
use super::set::StatusChange;
use super::tokens::KnownLines;
use crate::list::{
    Effect, EntryId, EntryName, GroupName, ListNumber, RemarkRequest, Status, StatusName, Wish,
};
use crate::store::{Bulk, Event, Snapshot, StoreError, Work};

/// A request for one status of all entries of a group.
pub(crate) struct GroupSetRequest<'a> {
    /// The group.
    pub(crate) group: &'a GroupName,
    /// The list that all of them must lie in, if one is named; whether they may leave a final
    /// status.
    pub(crate) terms: Terms,
    /// The status that they are to have.
    pub(crate) status: StatusName,
    /// The status that each of them must have now.
    pub(crate) expected: Option<StatusName>,
    /// What is to be recorded beside the status.
    pub(crate) remark: RemarkRequest,
}

/// How such a request is carried out.
pub(crate) struct GroupSetPlan {
    request: Request,
    plan: Plan,
    /// What it does to the entries.
    pub(crate) changes: GroupChanges,
}

/// What such a request does, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupChanges {
    /// What becomes of each entry, in their order.
    pub(crate) entries: Vec<EntryChange>,
    /// The entries that stay as they are because their lists are retired.
    pub(crate) skipped: Vec<EntryId>,
}

/// What becomes of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EntryChange {
    /// The entry.
    pub(crate) entry: EntryId,
    /// The status before.
    pub(crate) previous: Status,
    /// The status after.
    pub(crate) current: Status,
    /// Which of the two, the status or what is recorded beside it, is another.
    pub(crate) effect: Effect,
}

impl GroupChanges {
    /// The list and the status of each entry that gets another.
    pub(crate) fn changed(&self) -> impl Iterator<Item = (ListNumber, Status)> {
        let changed = self.entries.iter();
        let changed = changed.filter(|change| change.effect == Effect::Changed);
        changed.map(|change| (change.entry.list, change.current))
    }
}

impl GroupSetRequest<'_> {
    /// Plans the request: one line for each entry.
    ///
    /// # Errors
    /// No such group, a status that does not fit or may not follow at one of the entries, an
    /// expectation that one of them does not meet, or the file cannot be read.
    pub(crate) fn plan(&self, snapshot: &Snapshot<'_>) -> Result<GroupSetPlan, ChangeError> {
        let members = snapshot.members(self.group, i64::MAX)?;
        self.refuse_other_lists(members.kept.iter().chain(&members.retired))?;
        let width = snapshot.register().width;
        let status = self.status.at(width)?;
        let expected = self.expected.map(|name| name.at(width)).transpose()?;
        let mut request = Request::new(self.terms);
        let mut settings = Vec::with_capacity(members.kept.len());
        for (entry, line) in members.kept.iter().zip(0..) {
            let set = Set {
                named: Named {
                    name: EntryName::InList(entry.list, u64::from(entry.index.value())),
                    besides: None,
                },
                wish: Wish::Set(status.value()),
                expected: expected.map(Status::value),
                remark: self.remark.clone(),
            };
            request.push(line + 1, Operation::Set(set));
            settings.push(Setting {
                entry: *entry,
                line,
                fresh: None,
                part: None,
            });
        }
        let prepared = KnownLines::of(&[]);
        let asked = Asked {
            request: &request,
            prepared: &prepared,
            operation_id: "",
        };
        let plan = Planner::new(&asked, Bulk::now(snapshot), OnFault::Refuse).apply(settings)?;
        let changes = plan.lines.iter().filter_map(EntryChange::planned).collect();
        Ok(GroupSetPlan {
            request,
            plan,
            changes: GroupChanges {
                entries: changes,
                skipped: members.retired,
            },
        })
    }

    /// What the request was answered the first time, by the revision that it made.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn again(
        &self,
        snapshot: &Snapshot<'_>,
        event: &Event,
    ) -> Result<GroupChanges, StoreError> {
        let members = snapshot.members(self.group, event.rev)?;
        let entries = members.kept.into_iter().map(|entry| {
            let change = StatusChange::of(snapshot, entry, event.rev)?;
            Ok(EntryChange {
                entry,
                previous: change.previous,
                current: change.current,
                effect: change.effect,
            })
        });
        Ok(GroupChanges {
            entries: entries.collect::<Result<_, StoreError>>()?,
            skipped: members.retired,
        })
    }

    fn refuse_other_lists<'e>(
        &self,
        mut entries: impl Iterator<Item = &'e EntryId>,
    ) -> Result<(), StoreError> {
        let Some(list) = self.terms.list else {
            return Ok(());
        };
        if entries.all(|entry| entry.list == list) {
            return Ok(());
        }
        let name = EntryName::Group(Box::new(self.group.clone()));
        Err(StoreError::OtherList { name, list })
    }
}

impl EntryChange {
    fn planned(plan: &LinePlan) -> Option<Self> {
        match *plan {
            LinePlan::Set {
                entry,
                previous,
                current,
                effect,
            } => Some(Self {
                entry,
                previous,
                current,
                effect,
            }),
            _ => None,
        }
    }
}

impl GroupSetPlan {
    /// What is to be written.
    pub(crate) fn work(&self) -> Work<'_> {
        self.plan.work(&self.request, json!({}))
    }

    /// How many statuses readers of documents do not see afterwards, because nobody recorded a
    /// hash.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn unseen(&self, snapshot: &Snapshot<'_>) -> Result<u64, StoreError> {
        let entries = self.changes.entries.iter();
        let statuses = entries.map(|change| (change.entry, change.current));
        super::documents::unseen(snapshot, statuses, &[])
    }
}
