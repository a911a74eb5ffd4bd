//! A request for one status.

use serde_json::json;

use super::error::ChangeError;
use super::faults::OnFault;
use super::locate::Setting;
use super::plan::{LinePlan, Plan};
use super::planner::{Asked, Planner};
use super::request::{Named, Operation, Request, Set, Terms};
use super::tokens::KnownLines;
use crate::list::{
    Effect, EntryId, EntryName, ListNumber, Remark, RemarkRequest, Status, StatusName, Timestamp,
    Wish,
};
use crate::store::{Bulk, Event, Snapshot, StoreError, Work};

/// A request for one status.
pub(crate) struct SetRequest<'a> {
    /// The entry.
    pub(crate) name: &'a EntryName,
    /// The list that a bare index counts in, and whether it may leave a final status.
    pub(crate) terms: Terms,
    /// The status that it is to have.
    pub(crate) status: StatusName,
    /// The status that it must have now.
    pub(crate) expected: Option<StatusName>,
    /// What is to be recorded beside the status.
    pub(crate) remark: RemarkRequest,
}

/// How a request for one status is carried out.
pub(crate) struct SetPlan {
    request: Request,
    plan: Plan,
    /// What it does to the entry.
    pub(crate) change: StatusChange,
}

/// What a request for one status does, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusChange {
    /// The entry.
    pub(crate) entry: EntryId,
    /// The status before.
    pub(crate) previous: Status,
    /// The status after.
    pub(crate) current: Status,
    /// Which of the two, the status or what is recorded beside it, is another.
    pub(crate) effect: Effect,
    /// What is recorded beside the status.
    pub(crate) remark: Remark,
    /// The time of the change that the entry has its status from, if it is an earlier one.
    pub(crate) since: Option<Timestamp>,
}

impl StatusChange {
    /// The list and the status that the entry gets, if that is another.
    pub(crate) fn changed(&self) -> Option<(ListNumber, Status)> {
        let is_changed = self.effect == Effect::Changed;
        is_changed.then_some((self.entry.list, self.current))
    }
}

impl SetRequest<'_> {
    /// Plans the request.
    ///
    /// # Errors
    /// No such entry, a status that does not fit or may not follow, an expectation that is not
    /// met, or the file cannot be read.
    pub(crate) fn plan(&self, snapshot: &Snapshot<'_>) -> Result<SetPlan, ChangeError> {
        // One entry is looked up by itself: that reads less than a batch does.
        let entry = snapshot.find(self.name, self.terms.list)?;
        let width = snapshot.register().width;
        let status = self.status.at(width)?;
        let expected = self.expected.map(|name| name.at(width)).transpose()?;
        let mut request = Request::new(self.terms);
        let index = u64::from(entry.index.value());
        let set = Set {
            named: Named {
                name: EntryName::InList(entry.list, index),
                besides: None,
            },
            wish: Wish::Set(status.value()),
            expected: expected.map(Status::value),
            remark: self.remark.clone(),
        };
        request.push(1, Operation::Set(set));
        let prepared = KnownLines::of(&[]);
        let bulk = Bulk::now(snapshot);
        let setting = Setting {
            entry,
            line: 0,
            fresh: None,
            part: None,
        };
        let asked = Asked {
            request: &request,
            prepared: &prepared,
            operation_id: "",
        };
        let plan = Planner::new(&asked, bulk, OnFault::Refuse).apply(vec![setting])?;
        let (previous, effect) = match plan.lines.first() {
            Some(LinePlan::Set {
                previous, effect, ..
            }) => (*previous, *effect),
            _ => (status, Effect::Unchanged),
        };
        let recorded = plan.remarks.first().cloned();
        let last = match recorded {
            Some(_) => None,
            None => snapshot.last_change(entry)?,
        };
        let change = StatusChange {
            entry,
            previous,
            current: status,
            effect,
            since: last.as_ref().map(|last| last.at),
            remark: recorded
                .or(last.map(|last| last.row.remark))
                .unwrap_or_default(),
        };
        Ok(SetPlan {
            request,
            plan,
            change,
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
    ) -> Result<StatusChange, StoreError> {
        // The bare index was right when the operation was first run, whatever came since.
        let entry = match snapshot.changed_by(event.rev)? {
            Some(entry) => entry,
            None => snapshot.find(self.name, self.terms.list)?,
        };
        StatusChange::of(snapshot, entry, event.rev)
    }
}

impl StatusChange {
    /// What a revision did to an entry.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(super) fn of(
        snapshot: &Snapshot<'_>,
        entry: EntryId,
        rev: i64,
    ) -> Result<Self, StoreError> {
        let list = snapshot.list(entry.list)?;
        let after = snapshot.last_change_up_to(entry, rev)?;
        let previous = snapshot.status_after(&list, entry, rev - 1)?;
        let current = after
            .as_ref()
            .map_or(list.default_status, |change| change.row.new);
        let effect = match &after {
            Some(change) if change.rev == rev && previous == current => Effect::Annotated,
            Some(change) if change.rev == rev => Effect::Changed,
            _ => Effect::Unchanged,
        };
        Ok(Self {
            entry,
            previous,
            current,
            effect,
            since: after.as_ref().map(|change| change.at),
            remark: after.map(|change| change.row.remark).unwrap_or_default(),
        })
    }
}

impl SetPlan {
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
        let status = (self.change.entry, self.change.current);
        super::documents::unseen(snapshot, [status], &[])
    }
}
