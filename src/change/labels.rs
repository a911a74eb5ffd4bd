//! Lines that say of entries what they are called, after they were handed out.

use super::error::ChangeError;
use super::label_lines::{Adds, NewLabel};
use super::plan::LinePlan;
use super::planner::Planner;
use super::request::LabelLine;
use super::tokens::OnFile;
use crate::list::{Effect, EntryId, EntryName, ListNumber, TokenId};
use crate::store::{Names, StoreError, entry_of, step_in};

impl Planner<'_, '_> {
    /// What becomes of a line that says what an entry is called.
    pub(super) fn label(
        &mut self,
        place: u32,
        label: &LabelLine,
        on_file: &OnFile,
    ) -> Result<LinePlan, ChangeError> {
        let (entry, step) = self.entry_to_label(&label.name)?;
        let before = match self.labels.names.get(&entry) {
            Some(names) => names.clone(),
            None => self.bulk.names(entry)?,
        };
        let mut names = before.clone();
        let mut adds = Adds::default();
        if let Some(token) = &label.token {
            self.label_token(place, (entry, token), &before, on_file)?;
            adds.token = before.token.is_none();
            names.token = Some(token.clone());
        }
        if let Some(group) = self.request.group(label.terms) {
            if before.group.as_ref().is_some_and(|other| other != group) {
                return Err(ChangeError::HasGroup(entry));
            }
            adds.group = before.group.is_none();
            names.group = Some(group.clone());
        }
        if let Some(expires) = self.request.expiry(label.terms) {
            if before.expires.is_some_and(|other| other != expires) {
                return Err(ChangeError::HasExpiry(entry));
            }
            adds.expires = before.expires.is_none();
            if adds.expires {
                self.request.terms.refuse_past(Some(expires))?;
            }
            names.expires = Some(expires);
        }
        if before.removed && (adds.token || adds.group) {
            return Err(ChangeError::NamesRemoved(entry));
        }
        self.labels.names.insert(entry, names);
        if adds.nothing() {
            let effect = Effect::Unchanged;
            return Ok(LinePlan::Label { entry, effect });
        }
        self.labels.new.push(NewLabel {
            entry,
            step,
            line: place,
            adds,
        });
        let effect = Effect::Annotated;
        Ok(LinePlan::Label { entry, effect })
    }

    /// Makes sure that an entry may have a token id: it has it, or neither has another.
    fn label_token(
        &self,
        place: u32,
        (entry, token): (EntryId, &TokenId),
        names: &Names,
        on_file: &OnFile,
    ) -> Result<(), ChangeError> {
        match &names.token {
            Some(own) if own == token => return Ok(()),
            Some(_) => return Err(ChangeError::HasToken(entry)),
            None => {}
        }
        let token = token.clone();
        if let Some(entry) = on_file.get(place) {
            return Err(ChangeError::TokenElsewhere { token, entry });
        }
        match self.taken_before(place) {
            None => Ok(()),
            Some(earlier) => Err(ChangeError::TokenInLine {
                token,
                line: self.request.lines[earlier as usize].number,
            }),
        }
    }

    /// The list that a bare index counts in.
    fn list_to_label(&self, name: &EntryName<u32>) -> Result<ListNumber, StoreError> {
        if let Some(list) = self.request.terms.list {
            return Ok(list);
        }
        let lists = self.bulk.lists_in_use()?;
        match lists.as_slice() {
            [] => Ok(ListNumber::FIRST),
            [only] => Ok(*only),
            _ => {
                let name = self.request.name(name);
                Err(StoreError::Ambiguous { name, lists })
            }
        }
    }

    /// The entry that a line names, which was handed out before the request, and its step.
    fn entry_to_label(&self, name: &EntryName<u32>) -> Result<(EntryId, u64), ChangeError> {
        let (snapshot, terms) = (self.bulk.snapshot(), &self.request.terms);
        let (number, index) = match name {
            EntryName::Token(token) => {
                let entry = self.bulk.by_token(token)?;
                let entry = entry.ok_or_else(|| StoreError::NoToken(token.clone()))?;
                (entry.list, u64::from(entry.index.value()))
            }
            EntryName::Group(group) => {
                return Err(StoreError::NotOneEntry((**group).clone()).into());
            }
            EntryName::InList(list, index) => (*list, *index),
            EntryName::AtUri(uri, index) => (snapshot.list_at(self.request.uri(*uri))?, *index),
            EntryName::Index(index) => (self.list_to_label(name)?, *index),
        };
        if let Some(list) = terms.list.filter(|list| *list != number) {
            let name = self.request.name(name);
            return Err(StoreError::OtherList { name, list }.into());
        }
        let list = snapshot.list(number)?;
        let entry = entry_of(&list, index)?;
        let step = step_in(&list, entry.index)?;
        let handed_out =
            self.bulk.may_have_handed_out_any(&list)? || self.bulk.is_allocated(0, step, entry)?;
        if handed_out {
            Ok((entry, step))
        } else {
            Err(StoreError::NotAllocated(entry).into())
        }
    }
}
