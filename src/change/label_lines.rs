//! What the lines of a request say of entries beside their statuses.

use std::collections::HashMap;

use super::request::{Request, What};
use crate::list::{EntryId, ListNumber};
use crate::store::{LabelRow, Names, TermRow};

/// What lines say of entries that have been handed out.
#[derive(Default)]
pub(super) struct Labels {
    /// What is stored, in the order of the lines.
    pub(super) new: Vec<NewLabel>,
    /// What is known of the entries after the lines so far.
    pub(super) names: HashMap<EntryId, Names>,
}

/// What one line adds to what is known of an entry.
#[derive(Clone, Copy)]
pub(super) struct NewLabel {
    pub(super) entry: EntryId,
    /// The step that leads to it.
    pub(super) step: u64,
    /// The place of the line.
    pub(super) line: u32,
    pub(super) adds: Adds,
}

/// What a line says that was not said before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Adds {
    /// The token id.
    pub(crate) token: bool,
    /// The group.
    pub(crate) group: bool,
    /// The expiry.
    pub(crate) expires: bool,
}

impl Adds {
    /// Whether the line says nothing new.
    pub(crate) const fn nothing(self) -> bool {
        !(self.token || self.group || self.expires)
    }
}

impl NewLabel {
    /// The row of its token id, if it adds one.
    pub(super) fn label(&self, request: &Request) -> Option<LabelRow> {
        self.adds.token.then(|| LabelRow {
            list: self.entry.list,
            n: self.step,
            index: self.entry.index,
            token: request.lines[self.line as usize].token().cloned(),
        })
    }

    /// The row of its expiry, if it adds one.
    pub(super) fn term(&self, request: &Request) -> Option<TermRow> {
        let What::Label(label) = &request.lines[self.line as usize].what else {
            return None;
        };
        self.adds.expires.then(|| TermRow {
            list: self.entry.list,
            first: self.step,
            count: 1,
            expires: request.expiry(label.terms),
            kept_until: None,
        })
    }

    /// The entry as one of its group, if it gets into one.
    pub(super) fn member(&self, request: &Request) -> Option<NewMember> {
        let What::Label(label) = &request.lines[self.line as usize].what else {
            return None;
        };
        self.adds.group.then_some(NewMember {
            entry: self.entry,
            group: label.terms,
        })
    }

    pub(super) const fn place(&self) -> (ListNumber, u64) {
        (self.entry.list, self.step)
    }
}

/// An entry that becomes one of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NewMember {
    pub(super) entry: EntryId,
    /// Which of [`Request::group`].
    pub(super) group: u32,
}
