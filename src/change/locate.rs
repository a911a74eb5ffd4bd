//! Which entry each setting line means.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::error::ChangeError;
use super::faults::OnFault;
use super::plan::LinePlan;
use super::request::{Address, Besides, Request, What};
use super::tokens::{OnFile, TokenIndex};
use crate::list::{EntryId, ListNumber, TokenId};
use crate::store::{Booked, Bulk, ListRow, StoreError, index_in, steps_to};

/// Everything that decides which entry a line means.
pub(super) struct Locator<'a, 's> {
    pub(super) request: &'a Request,
    pub(super) bulk: &'a Bulk<'a, 's>,
    pub(super) allocating: &'a TokenIndex,
    /// What becomes of the lines that allocate.
    pub(super) lines: &'a [LinePlan],
    pub(super) booked: &'a Booked,
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
}

/// An entry that a line means.
enum Located {
    /// It was handed out.
    Sure(Setting),
    /// It lies in the list; whether it was handed out is not known.
    Unsure(EntryId),
}

/// What is looked up once for all lines.
struct Known {
    lists: HashMap<ListNumber, Option<ListRow>>,
    uris: HashMap<u32, Option<ListNumber>>,
    in_use: Vec<ListNumber>,
    tokens: OnFile,
}

impl Locator<'_, '_> {
    /// Finds the entries. A line that means none has a fault.
    pub(super) fn find(&self, faults: &mut OnFault<'_>) -> Result<Vec<Setting>, ChangeError> {
        let named = TokenIndex::of_settings(&self.request.lines);
        let mut known = Known {
            lists: HashMap::new(),
            uris: HashMap::new(),
            in_use: self.bulk.lists_in_use()?,
            tokens: named.entries_on_file(self.bulk, &self.request.lines)?,
        };
        let mut settings = Vec::new();
        let mut by_index: HashMap<ListNumber, Vec<Setting>> = HashMap::new();
        for (place, line) in self.request.places() {
            let What::Set { entry, .. } = &line.what else {
                continue;
            };
            match self.locate(&mut known, place, entry) {
                Ok(Located::Sure(setting)) => settings.push(setting),
                Ok(Located::Unsure(entry)) => {
                    by_index.entry(entry.list).or_default().push(Setting {
                        entry,
                        line: place,
                        fresh: None,
                    });
                }
                Err(error) => faults.add(self.request, place, error)?,
            }
        }
        for (number, unsure) in by_index {
            if let Some(Some(list)) = known.lists.get(&number) {
                self.check(list, unsure, &mut settings, faults)?;
            }
        }
        Ok(settings)
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
        let What::Set {
            entry: Address::Twice(twice),
            ..
        } = &self.request.lines[setting.line as usize].what
        else {
            return Ok(());
        };
        let (Besides::Token(token) | Besides::Credential(token)) = &twice.besides else {
            return Ok(());
        };
        let meant = match self.fresh_by_token(token, setting.line) {
            Some(place) => Some(self.booked.entries[place as usize].entry),
            None => self.bulk.by_token(token)?,
        };
        match (&twice.besides, meant) {
            (Besides::Credential(_), None) => Ok(()),
            (_, Some(entry)) if entry == setting.entry => Ok(()),
            _ => Err(ChangeError::OtherToken {
                entry: setting.entry,
                token: token.clone(),
            }),
        }
    }

    fn locate(
        &self,
        known: &mut Known,
        line: u32,
        address: &Address,
    ) -> Result<Located, ChangeError> {
        let terms = &self.request.terms;
        let (number, index) = match address {
            Address::Twice(twice) => {
                let elsewhere = |error| match error {
                    ChangeError::Store(StoreError::OtherList { name, list }) => {
                        ChangeError::OtherList { name, list }
                    }
                    other => other,
                };
                let located = self
                    .locate(known, line, &twice.address)
                    .map_err(elsewhere)?;
                if let Located::Sure(setting) = &located {
                    let list = match &twice.besides {
                        Besides::List(list) => Some(*list),
                        Besides::Uri(uri) => Some(self.list_at(known, *uri)?),
                        Besides::Token(_) | Besides::Credential(_) => None,
                    };
                    self.within(setting.entry.list, &twice.address, list)
                        .map_err(elsewhere)?;
                }
                return Ok(located);
            }
            Address::Token(token) => {
                let fresh = self.fresh_by_token(token, line);
                let found = match fresh {
                    Some(fresh) => Some(self.booked.entries[fresh as usize].entry),
                    None => known.tokens.get(line),
                };
                let entry = found.ok_or_else(|| StoreError::NoToken(token.clone()))?;
                self.within(entry.list, address, terms.list)?;
                return Ok(Located::Sure(Setting { entry, line, fresh }));
            }
            Address::InList(list, index) => (*list, *index),
            Address::AtUri(uri, index) => (self.list_at(known, *uri)?, *index),
            Address::Index(index) => (self.only_list(known, line, address)?, *index),
        };
        self.within(number, address, terms.list)?;
        let found = match known.lists.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(match self.bulk.snapshot().list(number) {
                Ok(list) => Some(list),
                Err(StoreError::NoList(_)) => None,
                Err(error) => return Err(error.into()),
            }),
        };
        let list = found.as_ref().ok_or(StoreError::NoList(number))?;
        Ok(Located::Unsure(EntryId {
            list: number,
            index: index_in(list, index)?,
        }))
    }

    /// Makes sure that an entry lies in the list that was named, if one was.
    fn within(
        &self,
        lies_in: ListNumber,
        address: &Address,
        named: Option<ListNumber>,
    ) -> Result<(), ChangeError> {
        match named.filter(|list| *list != lies_in) {
            Some(list) => {
                let name = self.request.name(address);
                Err(StoreError::OtherList { name, list }.into())
            }
            None => Ok(()),
        }
    }

    /// The list that has a uri.
    fn list_at(&self, known: &mut Known, uri: u32) -> Result<ListNumber, StoreError> {
        let text = self.request.uri(uri);
        let found = match known.uris.entry(uri) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => *unknown.insert(match self.bulk.snapshot().list_at(text) {
                Ok(list) => Some(list),
                Err(StoreError::NoUri(_)) => None,
                Err(error) => return Err(error),
            }),
        };
        found.ok_or_else(|| StoreError::NoUri(text.to_owned()))
    }

    /// The list that a bare index counts in: the one that was named, or the only one that has
    /// handed out entries, the lines before this one included.
    fn only_list(
        &self,
        known: &Known,
        line: u32,
        address: &Address,
    ) -> Result<ListNumber, StoreError> {
        if let Some(list) = self.request.terms.list {
            return Ok(list);
        }
        let mut lists = known.in_use.clone();
        if let (Some(first), Some(booked)) = (self.taken_by.first(), self.booked.entries.first())
            && *first < line
            && !lists.contains(&booked.entry.list)
        {
            lists.push(booked.entry.list);
        }
        match lists.as_slice() {
            [] => Ok(ListNumber::FIRST),
            [only] => Ok(*only),
            _ => Err(StoreError::Ambiguous {
                name: self.request.name(address),
                lists,
            }),
        }
    }

    /// The booked entry that an earlier line got for this token id.
    fn fresh_by_token(&self, token: &TokenId, line: u32) -> Option<u32> {
        self.allocating
            .find(&self.request.lines, token)
            .take_while(|place| *place < line)
            .find_map(|place| match self.lines[place as usize] {
                LinePlan::Fresh { place, .. } => Some(place),
                _ => None,
            })
    }

    /// The booked entry at this step, if an earlier line got it.
    fn fresh_by_step(&self, list: ListNumber, step: u64, line: u32) -> Option<u32> {
        let entries = &self.booked.entries;
        let at = entries
            .binary_search_by_key(&step, |booked| booked.step)
            .ok()?;
        let earlier = entries[at].entry.list == list && self.taken_by[at] < line;
        earlier.then(|| u32::try_from(at).ok()).flatten()
    }
}
