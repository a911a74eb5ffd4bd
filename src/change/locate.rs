//! Which entry each setting line means.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::error::ChangeError;
use super::faults::OnFault;
use super::group_lines::GroupLines;
use super::label_lines::NewLabel;
use super::plan::LinePlan;
use super::request::{Besides, Request, What};
use super::tokens::{OnFile, TokenIndex};
use crate::list::{EntryId, EntryName, ListNumber, TokenId};
use crate::store::{Booked, Bulk, ListRow, StoreError, entry_of, steps_to};

/// Everything that decides which entry a line means.
pub(super) struct Locator<'a, 's> {
    pub(super) request: &'a Request,
    pub(super) bulk: &'a Bulk<'a, 's>,
    pub(super) allocating: &'a TokenIndex,
    /// What becomes of the lines that allocate.
    pub(super) lines: &'a [LinePlan],
    pub(super) booked: &'a Booked,
    pub(super) labels: &'a [NewLabel],
    /// For each booked entry, the line that gets it.
    pub(super) taken_by: &'a [u32],
}

/// A line that sets an entry, once it is known which.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) entry: EntryId,
    /// The place of the line.
    pub(super) line: u32,
    /// Which of the booked entries, if the request hands it out.
    pub(super) fresh: Option<u32>,
    /// Which part of the line, if it sets a group.
    pub(super) part: Option<u32>,
}

/// The entry that an earlier line named.
#[derive(Clone, Copy)]
struct NamedBefore {
    entry: EntryId,
    /// Which of the booked entries, if it is one.
    fresh: Option<u32>,
}

/// The entries that setting lines mean.
pub(super) struct Located {
    pub(super) settings: Vec<Setting>,
    pub(super) groups: GroupLines,
}

/// What is looked up once for all lines.
struct Known {
    lists: HashMap<ListNumber, Option<ListRow>>,
    uris: HashMap<u32, Option<ListNumber>>,
    in_use: Vec<ListNumber>,
    /// The lists that the request takes entries of, each with the first line that gets one.
    first_taken: Vec<(ListNumber, u32)>,
    tokens: OnFile,
}

impl Locator<'_, '_> {
    /// Finds the entries. A line that means none has a fault.
    pub(super) fn find(&self, faults: &mut OnFault<'_>) -> Result<Located, ChangeError> {
        let named = TokenIndex::of_settings(&self.request.lines);
        let mut known = Known {
            lists: HashMap::new(),
            uris: HashMap::new(),
            in_use: self.bulk.lists_in_use()?,
            first_taken: self.first_taken(),
            tokens: named.entries_on_file(self.bulk, &self.request.lines)?,
        };
        let mut settings = Vec::new();
        let mut groups = GroupLines::default();
        let mut by_index: HashMap<ListNumber, Vec<Setting>> = HashMap::new();
        for (place, line) in self.request.places() {
            let What::Set { name, besides, .. } = &line.what else {
                continue;
            };
            if let Some(group) = name.group() {
                match self.locate_group(&mut groups, place, group) {
                    Ok(of_group) => settings.extend(of_group),
                    Err(error) => faults.add(self.request, place, error)?,
                }
                continue;
            }
            match self.locate(&mut known, place, name, besides.as_deref()) {
                Ok(setting) if name.token().is_some() => settings.push(setting),
                Ok(unsure) => by_index.entry(unsure.entry.list).or_default().push(unsure),
                Err(error) => faults.add(self.request, place, error)?,
            }
        }
        for (number, unsure) in by_index {
            if let Some(Some(list)) = known.lists.get(&number) {
                self.check(list, unsure, &mut settings, faults)?;
            }
        }
        Ok(Located { settings, groups })
    }

    fn first_taken(&self) -> Vec<(ListNumber, u32)> {
        let mut first: BTreeMap<ListNumber, u32> = BTreeMap::new();
        for (booked, line) in self.booked.entries.iter().zip(self.taken_by) {
            let known = first.entry(booked.entry.list).or_insert(*line);
            *known = (*known).min(*line);
        }
        first.into_iter().collect()
    }

    /// Finds out whether entries that are named by index were handed out, many at once.
    fn check(
        &self,
        list: &ListRow,
        unsure: Vec<Setting>,
        settings: &mut Vec<Setting>,
        faults: &mut OnFault<'_>,
    ) -> Result<(), ChangeError> {
        let indexes: Vec<_> = unsure.iter().map(|setting| setting.entry.index).collect();
        let steps = steps_to(list, &indexes)?;
        let any = self.bulk.may_have_handed_out_any(list)?;
        for (mut setting, step) in unsure.into_iter().zip(steps) {
            setting.fresh = self.fresh_by_step(list.number, step, setting.line);
            let allocated = any
                || setting.fresh.is_some()
                || self.bulk.is_allocated(list.cursor, step, setting.entry)?;
            let agreed = if allocated {
                self.agree(&setting)
            } else {
                Err(StoreError::NotAllocated(setting.entry).into())
            };
            match agreed {
                Ok(()) => settings.push(setting),
                Err(error) => faults.add(self.request, setting.line, error)?,
            }
        }
        Ok(())
    }

    /// Where a line names an entry by its index and by a token id: makes sure that they agree.
    fn agree(&self, setting: &Setting) -> Result<(), ChangeError> {
        let What::Set { besides, .. } = &self.request.lines[setting.line as usize].what else {
            return Ok(());
        };
        let Some(besides @ (Besides::Token(token) | Besides::Credential(token))) =
            besides.as_deref()
        else {
            return Ok(());
        };
        let meant = match self.named_before(token, setting.line) {
            Some(named) => Some(named.entry),
            None => self.bulk.by_token(token)?,
        };
        match (besides, meant) {
            (Besides::Credential(_), None) => Ok(()),
            (_, Some(entry)) if entry == setting.entry => Ok(()),
            _ => Err(ChangeError::OtherToken {
                entry: setting.entry,
                token: token.clone(),
            }),
        }
    }

    /// The entry that a line means. Of one that is named by its index, it is not known whether it
    /// was handed out.
    fn locate(
        &self,
        known: &mut Known,
        line: u32,
        name: &EntryName<u32>,
        besides: Option<&Besides<u32>>,
    ) -> Result<Setting, ChangeError> {
        let located = self.locate_by_name(known, line, name).and_then(|setting| {
            let said = match besides {
                Some(Besides::List(list)) => Some(*list),
                Some(Besides::Uri(uri)) => Some(self.list_at(known, *uri)?),
                _ => None,
            };
            self.within(setting.entry.list, name, said)?;
            Ok(setting)
        });
        located.map_err(|error| match error {
            StoreError::OtherList { name, list } if besides.is_some() => {
                ChangeError::OtherList { name, list }
            }
            error => error.into(),
        })
    }

    fn locate_by_name(
        &self,
        known: &mut Known,
        line: u32,
        name: &EntryName<u32>,
    ) -> Result<Setting, StoreError> {
        let (number, index) = match name {
            EntryName::Token(token) => {
                let named = self.named_before(token, line);
                let fresh = named.and_then(|named| named.fresh);
                let found = match named {
                    Some(named) => Some(named.entry),
                    None => known.tokens.get(line),
                };
                let entry = found.ok_or_else(|| StoreError::NoToken(token.clone()))?;
                self.within(entry.list, name, self.request.terms.list)?;
                return Ok(Setting {
                    entry,
                    line,
                    fresh,
                    part: None,
                });
            }
            EntryName::Group(group) => return Err(StoreError::NotOneEntry((**group).clone())),
            EntryName::InList(list, index) => (*list, *index),
            EntryName::AtUri(uri, index) => (self.list_at(known, *uri)?, *index),
            EntryName::Index(index) => (self.only_list(known, line, name)?, *index),
        };
        self.within(number, name, self.request.terms.list)?;
        let found = once(&mut known.lists, number, || {
            self.bulk.snapshot().list(number)
        })?;
        let list = found.as_ref().ok_or(StoreError::NoList(number))?;
        Ok(Setting {
            entry: entry_of(list, index)?,
            line,
            fresh: None,
            part: None,
        })
    }

    /// Makes sure that an entry lies in the list that was named, if one was.
    pub(super) fn within(
        &self,
        lies_in: ListNumber,
        name: &EntryName<u32>,
        named: Option<ListNumber>,
    ) -> Result<(), StoreError> {
        match named.filter(|list| *list != lies_in) {
            Some(list) => {
                let name = self.request.name(name);
                Err(StoreError::OtherList { name, list })
            }
            None => Ok(()),
        }
    }

    /// The list that has a uri.
    fn list_at(&self, known: &mut Known, uri: u32) -> Result<ListNumber, StoreError> {
        let text = self.request.uri(uri);
        let found = once(&mut known.uris, uri, || self.bulk.snapshot().list_at(text))?;
        found.ok_or_else(|| StoreError::NoUri(text.to_owned()))
    }

    /// The list that a bare index counts in: the one that was named, or the only one that has
    /// handed out entries, the lines before this one included.
    fn only_list(
        &self,
        known: &Known,
        line: u32,
        name: &EntryName<u32>,
    ) -> Result<ListNumber, StoreError> {
        if let Some(list) = self.request.terms.list {
            return Ok(list);
        }
        let mut lists = known.in_use.clone();
        for (list, first) in &known.first_taken {
            if *first < line && !lists.contains(list) {
                lists.push(*list);
            }
        }
        match lists.as_slice() {
            [] => Ok(ListNumber::FIRST),
            [only] => Ok(*only),
            _ => Err(StoreError::Ambiguous {
                name: self.request.name(name),
                lists,
            }),
        }
    }

    /// The entry that an earlier line got for this token id, or gave it.
    fn named_before(&self, token: &TokenId, line: u32) -> Option<NamedBefore> {
        self.allocating
            .find(&self.request.lines, token)
            .take_while(|place| *place < line)
            .find_map(|place| match self.lines[place as usize] {
                LinePlan::Fresh { place, .. } => Some(NamedBefore {
                    entry: self.booked.entry(place),
                    fresh: Some(place),
                }),
                LinePlan::Label { entry, .. } => Some(NamedBefore { entry, fresh: None }),
                _ => None,
            })
    }

    /// The booked entry at this step, if an earlier line got it.
    fn fresh_by_step(&self, list: ListNumber, step: u64, line: u32) -> Option<u32> {
        let at = self.booked.find(list, step)?;
        (self.taken_by[at as usize] < line).then_some(at)
    }
}

/// Looks something up, if it was not; `None` if the series does not have it.
fn once<K: Eq + Hash, V>(
    known: &mut HashMap<K, Option<V>>,
    key: K,
    look_up: impl FnOnce() -> Result<V, StoreError>,
) -> Result<&Option<V>, StoreError> {
    Ok(match known.entry(key) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(unknown) => unknown.insert(match look_up() {
            Ok(found) => Some(found),
            Err(StoreError::NoList(_) | StoreError::NoUri(_)) => None,
            Err(error) => return Err(error),
        }),
    })
}
