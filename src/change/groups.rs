//! What planning does for groups: who is in one, and what lines say of it.

use super::error::ChangeError;
use super::label_lines::NewMember;
use super::planner::Planner;
use super::request::{Line, What};
use crate::list::EntryId;

impl Planner<'_, '_> {
    /// The entries that the booking lines put into groups, in their order.
    pub(super) fn new_members(&self) -> Vec<NewMember> {
        let mut members = Vec::new();
        for (booked, line) in self.booked.entries.iter().zip(&self.taken_by) {
            if let What::Allocate { terms, .. } = self.request.lines[*line as usize].what
                && self.request.group(terms).is_some()
            {
                let entry = booked.entry;
                members.push(NewMember {
                    entry,
                    group: terms,
                });
            }
        }
        let labels = self.labels.new.iter();
        members.extend(labels.filter_map(|label| label.member(self.request)));
        members.sort_unstable();
        members
    }

    /// Makes sure that a line names the group of the entry that its token id has, if it names one.
    pub(super) fn agree_on_group(&self, line: &Line, entry: EntryId) -> Result<(), ChangeError> {
        match self.request.group_of(line) {
            Some(group) if self.bulk.group_of(entry)?.as_ref() != Some(group) => {
                let group = group.clone();
                Err(ChangeError::OtherGroup { entry, group })
            }
            _ => Ok(()),
        }
    }

    /// Makes sure that a line names the group of an earlier one, if it names one.
    pub(super) fn agree_on_group_in_line(
        &self,
        line: &Line,
        earlier: &Line,
    ) -> Result<(), ChangeError> {
        match self.request.group_of(line) {
            Some(group) if self.request.group_of(earlier) != Some(group) => {
                Err(ChangeError::OtherGroupInLine(group.clone()))
            }
            _ => Ok(()),
        }
    }
}
