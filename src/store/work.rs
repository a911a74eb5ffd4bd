//! What a revision is to do.

use serde_json::Value;

use super::ancestors::Ancestor;
use super::closed::Ending;
use super::documents::DocumentRow;
use super::home::Home;
use super::later::{LabelRow, MemberRow, TermRow};
use super::master::Master;
use super::rows::{AllocationRow, ChangeRow, ListState};
use crate::list::{
    ListNumber, ListUri, Register, Seed, Series, Size, Status, Timestamp, View, Width,
};

/// Rows that are gone through twice, to hash and to write them: each call starts anew. A batch
/// makes them as they are needed, so that millions take no memory.
pub(crate) type Rows<'a, T> = Box<dyn Fn() -> Box<dyn Iterator<Item = T> + 'a> + 'a>;

/// Goes through rows that are few.
pub(crate) fn rows<'a, T: Clone + 'a>(few: Vec<T>) -> Rows<'a, T> {
    Box::new(move || Box::new(few.clone().into_iter()))
}

/// What one revision does.
pub struct Work<'a> {
    /// What is done in detail, as JSON from which it could be done again.
    pub body: Value,
    /// New lists.
    pub new_lists: Vec<NewList>,
    /// Lists that hand out no more entries, and of which others may have handed out any.
    pub closed: Vec<ListNumber>,
    /// Spare lists whose turn it is.
    pub opened: Vec<ListNumber>,
    /// Lists whose turn ends.
    pub ended: Vec<Ending>,
    /// Lists that are published no more.
    pub retired: Vec<ListNumber>,
    /// Lists whose token ids, groups and notes go for good.
    pub purged: Vec<ListNumber>,
    /// What becomes of the secret that seeds are derived from.
    pub master: Option<Master>,
    /// Uris of a view that existing lists get.
    pub new_uris: Vec<NewUri>,
    /// Other settings.
    pub series: Option<Series>,
    /// Entries handed out in turn, without the rows of those that have one: the list, the first
    /// step, how many steps, and their expiry.
    pub runs: Vec<Run>,
    /// Entries handed out with a token id or out of turn, by list and step, lowest first.
    pub allocations: Rows<'a, AllocationRow>,
    /// Statuses, by list and index, lowest first.
    pub changes: Rows<'a, ChangeRow>,
    /// Document hashes of the entries handed out, as [`super::Snapshot::unrecorded`] gives them.
    pub documents: Rows<'a, DocumentRow>,
    /// Token ids that entries get after they were handed out, by list and step, lowest first.
    pub labels: Rows<'a, LabelRow>,
    /// How long entries matter, by list and step, lowest first.
    pub terms: Rows<'a, TermRow>,
    /// Entries of groups, by list and index, lowest first.
    pub members: Rows<'a, MemberRow>,
    /// Whether a backup becomes a file in use.
    pub restores: bool,
    /// States of published files that are taken over.
    pub ancestors: Vec<Ancestor>,
    /// Where the file lives from now on.
    pub home: Option<Home>,
}

/// Consecutive steps of a list's permutation that one revision took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The list.
    pub list: ListNumber,
    /// The first step.
    pub first: u64,
    /// How many, with those that were taken out of turn before.
    pub count: u64,
    /// When the credentials without a row of their own expire.
    pub expires: Option<Timestamp>,
}

/// A list that is being made.
#[derive(Clone)]
pub struct NewList {
    /// Its number.
    pub number: ListNumber,
    /// Bits per entry.
    pub width: Width,
    /// Entries.
    pub size: Size,
    /// The status of an entry that nobody has set.
    pub default_status: Status,
    /// The secret that its permutation comes from.
    pub seed: Seed,
    /// Its uri in each view.
    pub uris: Vec<(View, String)>,
    /// Whether it hands out entries at once, or waits for its turn.
    pub state: ListState,
}

impl NewList {
    /// A list of a series with these settings.
    pub(crate) fn of(
        register: &Register,
        number: ListNumber,
        seed: Seed,
        uris: Vec<(View, String)>,
    ) -> Self {
        Self {
            number,
            width: register.width,
            size: register.size,
            default_status: register.default_status,
            seed,
            uris,
            state: ListState::Open,
        }
    }

    /// Its uri in each view.
    pub(crate) fn places(&self) -> Vec<ListUri> {
        let uris = self.uris.iter();
        uris.map(|(view, uri)| ListUri {
            view: *view,
            uri: uri.clone(),
        })
        .collect()
    }

    /// Its uri in the series' first view.
    pub(crate) fn first_uri(&self) -> String {
        let first = self.uris.first();
        first.map(|(_, uri)| uri.clone()).unwrap_or_default()
    }
}

/// A uri that an existing list gets.
pub struct NewUri {
    /// The list.
    pub list: ListNumber,
    /// The view that the list has there.
    pub view: View,
    /// The uri.
    pub uri: String,
}

impl Default for Work<'_> {
    fn default() -> Self {
        Self {
            body: Value::Null,
            new_lists: Vec::new(),
            closed: Vec::new(),
            opened: Vec::new(),
            ended: Vec::new(),
            retired: Vec::new(),
            purged: Vec::new(),
            master: None,
            new_uris: Vec::new(),
            series: None,
            runs: Vec::new(),
            allocations: rows(Vec::new()),
            changes: rows(Vec::new()),
            documents: rows(Vec::new()),
            labels: rows(Vec::new()),
            terms: rows(Vec::new()),
            members: rows(Vec::new()),
            restores: false,
            ancestors: Vec::new(),
            home: None,
        }
    }
}

impl Work<'_> {
    /// Whether it makes no revision, unless an operation id was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new_lists.is_empty()
            && self.closed.is_empty()
            && self.opened.is_empty()
            && self.ended.is_empty()
            && self.retired.is_empty()
            && self.purged.is_empty()
            && self.master.is_none()
            && self.new_uris.is_empty()
            && self.series.is_none()
            && self.runs.is_empty()
            && (self.allocations)().next().is_none()
            && (self.changes)().next().is_none()
            && (self.documents)().next().is_none()
            && (self.labels)().next().is_none()
            && (self.terms)().next().is_none()
            && (self.members)().next().is_none()
            && !self.restores
            && self.ancestors.is_empty()
            && self.home.is_none()
    }
}
