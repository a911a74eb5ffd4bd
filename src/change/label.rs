//! A request to say of one entry what it is called.

use serde_json::{Value, json};

use super::error::ChangeError;
use super::faults::OnFault;
use super::plan::{LinePlan, Plan};
use super::planner::{Asked, Planner};
use super::request::{Label, Operation, Request, Terms};
use super::tokens::KnownLines;
use crate::list::{Effect, EntryId, EntryName, GroupName, Index, ListNumber, Timestamp, TokenId};
use crate::store::{Bulk, Event, Names, Snapshot, StoreError, Work};

/// A request to say of one entry what it is called.
pub(crate) struct LabelRequest<'a> {
    /// The entry.
    pub(crate) name: &'a EntryName,
    /// The list that a bare index counts in.
    pub(crate) terms: Terms,
    /// The issuer's name for the credential.
    pub(crate) token: Option<&'a TokenId>,
    /// The group that it belongs to.
    pub(crate) group: Option<&'a GroupName>,
    /// When the credential expires.
    pub(crate) expires: Option<Timestamp>,
}

/// How such a request is carried out.
pub(crate) struct LabelPlan {
    request: Request,
    plan: Plan,
    /// What it does.
    pub(crate) labelled: Labelled,
}

/// What such a request does, or did.
pub(crate) struct Labelled {
    /// The entry.
    pub(crate) entry: EntryId,
    /// Whether any of it was not said before.
    pub(crate) effect: Effect,
    /// What is known of the entry afterwards.
    pub(crate) names: Names,
}

impl LabelRequest<'_> {
    /// Plans the request.
    ///
    /// # Errors
    /// No such entry, another entry has the token id, the entry has another name, or the file
    /// cannot be read.
    pub(crate) fn plan(&self, snapshot: &Snapshot<'_>) -> Result<LabelPlan, ChangeError> {
        let name = match self.name {
            EntryName::Token(token) => EntryName::Token(snapshot.token_on_file(token)?),
            name => name.clone(),
        };
        let mut request = Request::new(self.terms);
        let label = Label {
            name,
            token: self.token.cloned(),
            group: self.group.cloned(),
            expires: self.expires,
        };
        request.push(1, Operation::Label(label));
        request.settle_tokens(snapshot)?;
        let prepared = KnownLines::of(&request.lines);
        let asked = Asked {
            request: &request,
            prepared: &prepared,
            operation_id: "",
        };
        let mut planner = Planner::new(&asked, Bulk::now(snapshot), OnFault::Refuse);
        planner.take()?;
        let plan = planner.apply(Vec::new())?;
        let Some(LinePlan::Label { entry, effect }) = plan.lines.first().copied() else {
            return Err(StoreError::Corrupt("a label of no entry".to_owned()).into());
        };
        let mut names = snapshot.names(entry, i64::MAX)?;
        let line = &request.lines[0];
        names.token = names.token.or_else(|| line.token().cloned());
        names.group = names.group.or_else(|| self.group.cloned());
        names.expires = names.expires.or(self.expires);
        Ok(LabelPlan {
            request,
            plan,
            labelled: Labelled {
                entry,
                effect,
                names,
            },
        })
    }
}

impl Labelled {
    /// What a request was answered the first time, by the revision that it made.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn again(snapshot: &Snapshot<'_>, event: &Event) -> Result<Self, StoreError> {
        let wrong = || StoreError::Corrupt(format!("revision {} labels no entry", event.rev));
        let body: Value = serde_json::from_str(&event.body).map_err(|_| wrong())?;
        let number = |name: &str| {
            body[name]
                .as_u64()
                .and_then(|number| u32::try_from(number).ok())
        };
        let list = number("list").and_then(ListNumber::new).ok_or_else(wrong)?;
        let entry = EntryId {
            list,
            index: Index::new(number("index").ok_or_else(wrong)?),
        };
        let effect = if body["labelled"] == true {
            Effect::Annotated
        } else {
            Effect::Unchanged
        };
        Ok(Self {
            entry,
            effect,
            names: snapshot.names(entry, event.rev)?,
        })
    }
}

impl LabelPlan {
    /// What is to be written.
    pub(crate) fn work(&self) -> Work<'_> {
        let entry = self.labelled.entry;
        let body = json!({
            "list": entry.list.value(),
            "index": entry.index.value(),
            "labelled": self.labelled.effect != Effect::Unchanged,
        });
        self.plan.work(&self.request, body)
    }
}
