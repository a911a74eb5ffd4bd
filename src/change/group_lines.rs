//! The lines of a request that set all entries of a group.

use std::collections::HashMap;
use std::rc::Rc;

use super::plan::LinePlan;
use crate::list::{EntryId, GroupName};
use crate::store::Members;

/// The lines that set groups, and what is known of the groups.
#[derive(Default)]
pub(super) struct GroupLines {
    /// The places of the lines, each with its parts.
    lines: Vec<(u32, LinePlan)>,
    /// What becomes of each entry.
    pub(super) parts: Vec<LinePlan>,
    /// The entries on file.
    pub(super) on_file: HashMap<GroupName, Rc<Members>>,
    /// The entries that lines put into groups, once they are needed.
    pub(super) joining: Option<HashMap<GroupName, Vec<JoiningMember>>>,
}

/// An entry that a line puts into a group.
#[derive(Clone, Copy)]
pub(super) struct JoiningMember {
    pub(super) line: u32,
    pub(super) entry: EntryId,
    /// Which of the booked entries, if the line gets it.
    pub(super) fresh: Option<u32>,
}

impl GroupLines {
    pub(super) const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines with what becomes of them.
    pub(super) fn lines(&self) -> &[(u32, LinePlan)] {
        &self.lines
    }

    /// Adds a line, whose parts are those from `first` on.
    pub(super) fn add(&mut self, line: u32, first: usize) {
        // There are fewer than 2^32 parts.
        let to_u32 = |count| u32::try_from(count).unwrap_or(u32::MAX);
        let plan = LinePlan::Group {
            first: to_u32(first),
            count: to_u32(self.parts.len() - first),
        };
        self.lines.push((line, plan));
    }
}
