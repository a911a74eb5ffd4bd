//! Which entry each setting line means.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::line::{Claim, Fault, Faults, Lines, Place, What};
use super::plan::{Outcome, Rules, Setting};
use super::tokens::{OnFile, TokenIndex};
use crate::commands::Error;
use crate::list::{EntryId, EntryName, ListNumber, TokenId};
use crate::store::{Booked, Bulk, ListRow, StoreError, index_in};
use crate::wire::text::cut;

/// Everything that decides which entry a line means.
pub(super) struct Places<'a> {
    pub(super) lines: &'a Lines,
    pub(super) allocating: &'a TokenIndex,
    pub(super) outcomes: &'a [Outcome],
    pub(super) booked: &'a Booked,
    /// For each booked entry, the line that gets it.
    pub(super) taken_by: &'a [u32],
    pub(super) rules: Rules<'a>,
}

/// What is looked up once for all lines.
struct Known {
    lists: HashMap<ListNumber, Option<ListRow>>,
    uris: HashMap<u32, Option<ListNumber>>,
    in_use: Vec<ListNumber>,
    tokens: OnFile,
}

impl Places<'_> {
    /// Finds the entries. A line that means none has a fault.
    pub(super) fn find(
        &self,
        bulk: &Bulk<'_, '_>,
        faults: &mut Faults,
    ) -> Result<Vec<Setting>, StoreError> {
        let named = TokenIndex::of_settings(&self.lines.operations);
        let mut known = Known {
            lists: HashMap::new(),
            uris: HashMap::new(),
            in_use: bulk.lists_in_use()?,
            tokens: named.entries_on_file(bulk, &self.lines.operations)?,
        };
        let mut settings = Vec::new();
        let mut by_index: HashMap<ListNumber, Vec<Setting>> = HashMap::new();
        for (place, line) in (0_u32..).zip(&self.lines.operations) {
            let What::Set { entry, .. } = &line.what else {
                continue;
            };
            match self.locate(bulk, &mut known, place, entry)? {
                Ok(Located::Sure(setting)) => settings.push(setting),
                Ok(Located::Unsure(entry)) => {
                    by_index.entry(entry.list).or_default().push(Setting {
                        entry,
                        line: place,
                        fresh: None,
                    });
                }
                Err(error) => faults.add(self.fault(place, &error)),
            }
        }
        for (number, unsure) in by_index {
            if let Some(Some(list)) = known.lists.get(&number) {
                self.check(bulk, list, unsure, &mut settings, faults)?;
            }
        }
        Ok(settings)
    }

    /// Finds out whether entries that are named by index were handed out, many at once.
    fn check(
        &self,
        bulk: &Bulk<'_, '_>,
        list: &ListRow,
        unsure: Vec<Setting>,
        settings: &mut Vec<Setting>,
        faults: &mut Faults,
    ) -> Result<(), StoreError> {
        let indexes: Vec<_> = unsure.iter().map(|setting| setting.entry.index).collect();
        let steps = bulk.steps(list, &indexes)?;
        let any = bulk.may_have_handed_out_any(list)?;
        for (mut setting, step) in unsure.into_iter().zip(steps) {
            setting.fresh = self.fresh_by_step(list.number, step, setting.line);
            let allocated = any
                || setting.fresh.is_some()
                || bulk.is_allocated(list.cursor, step, setting.entry)?;
            let fault = if allocated {
                self.disagreement(bulk, &setting)?
            } else {
                Some(StoreError::NotAllocated(setting.entry))
            };
            match fault {
                None => settings.push(setting),
                Some(error) => faults.add(self.fault(setting.line, &error)),
            }
        }
        Ok(())
    }

    /// Where a line names an entry in two ways: whether they disagree.
    fn disagreement(
        &self,
        bulk: &Bulk<'_, '_>,
        setting: &Setting,
    ) -> Result<Option<StoreError>, StoreError> {
        let What::Set {
            entry: Place::Both(both),
            ..
        } = &self.lines.operations[setting.line as usize].what
        else {
            return Ok(None);
        };
        let (Claim::Token(token) | Claim::Credential(token)) = &both.1 else {
            return Ok(None);
        };
        let meant = match self.fresh_by_token(token, setting.line) {
            Some(place) => Some(self.booked.entries[place as usize].1),
            None => bulk.by_token(token)?,
        };
        let agrees = match (&both.1, meant) {
            (Claim::Credential(_), None) => true,
            (_, meant) => meant == Some(setting.entry),
        };
        Ok((!agrees).then(|| StoreError::OtherToken {
            entry: setting.entry,
            token: token.clone(),
        }))
    }

    fn locate(
        &self,
        bulk: &Bulk<'_, '_>,
        known: &mut Known,
        line: u32,
        place: &Place,
    ) -> Result<Result<Located, StoreError>, StoreError> {
        let (number, index, name) = match place {
            Place::Both(both) => {
                let located = self.locate(bulk, known, line, &both.0)?;
                return match (&located, &both.1) {
                    (Ok(Located::Sure(setting)), Claim::List(list)) => {
                        Ok(within(setting.entry, place, Some(*list)).and(located))
                    }
                    (Ok(Located::Sure(setting)), Claim::Uri(uri)) => {
                        let found = self.list_at(bulk, known, *uri)?;
                        Ok(found
                            .and_then(|list| within(setting.entry, place, Some(list)))
                            .and(located))
                    }
                    _ => Ok(located),
                };
            }
            Place::Token(token) => {
                let fresh = self.fresh_by_token(token, line);
                let found = match fresh {
                    Some(fresh) => Some(self.booked.entries[fresh as usize].1),
                    None => known.tokens.get(line),
                };
                let Some(entry) = found else {
                    return Ok(Err(StoreError::NoToken(token.clone())));
                };
                let setting = Setting { entry, line, fresh };
                return Ok(within(entry, place, self.rules.within).map(|()| Located::Sure(setting)));
            }
            Place::InList(list, index) => (*list, *index, EntryName::InList(*list, *index)),
            Place::AtUri(uri, index) => {
                let name = EntryName::AtUri(self.lines.uri(*uri).to_owned(), *index);
                match self.list_at(bulk, known, *uri)? {
                    Ok(list) => (list, *index, name),
                    Err(error) => return Ok(Err(error)),
                }
            }
            Place::Index(index) => match self.only_list(known, line) {
                Ok(list) => (list, *index, EntryName::Index(*index)),
                Err(lists) => {
                    let name = EntryName::Index(*index);
                    return Ok(Err(StoreError::Ambiguous { name, lists }));
                }
            },
        };
        if let Some(list) = self.rules.within.filter(|list| *list != number) {
            return Ok(Err(StoreError::OtherList { name, list }));
        }
        let found = match known.lists.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(match bulk.snapshot().list(number) {
                Ok(list) => Some(list),
                Err(StoreError::NoList(_)) => None,
                Err(error) => return Err(error),
            }),
        };
        let Some(list) = found else {
            return Ok(Err(StoreError::NoList(number)));
        };
        Ok(index_in(list, index).map(|index| {
            Located::Unsure(EntryId {
                list: number,
                index,
            })
        }))
    }

    /// The list that has a uri.
    fn list_at(
        &self,
        bulk: &Bulk<'_, '_>,
        known: &mut Known,
        uri: u32,
    ) -> Result<Result<ListNumber, StoreError>, StoreError> {
        let text = self.lines.uri(uri);
        let found = match known.uris.entry(uri) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => *unknown.insert(match bulk.snapshot().list_at(text) {
                Ok(list) => Some(list),
                Err(StoreError::NoUri(_)) => None,
                Err(error) => return Err(error),
            }),
        };
        Ok(found.ok_or_else(|| StoreError::NoUri(text.to_owned())))
    }

    /// The list that a bare index counts in: the one that was named, or the only one that has
    /// handed out entries, the lines before this one included.
    fn only_list(&self, known: &Known, line: u32) -> Result<ListNumber, Vec<ListNumber>> {
        if let Some(list) = self.rules.within {
            return Ok(list);
        }
        let mut lists = known.in_use.clone();
        if let (Some(first), Some((_, entry))) =
            (self.taken_by.first(), self.booked.entries.first())
            && *first < line
            && !lists.contains(&entry.list)
        {
            lists.push(entry.list);
        }
        match lists.as_slice() {
            [] => Ok(ListNumber::FIRST),
            [only] => Ok(*only),
            _ => Err(lists),
        }
    }

    /// The booked entry that an earlier line got for this token id.
    fn fresh_by_token(&self, token: &TokenId, line: u32) -> Option<u32> {
        self.allocating
            .find(&self.lines.operations, token)
            .take_while(|place| *place < line)
            .find_map(|place| match self.outcomes[place as usize] {
                Outcome::Fresh { place, .. } => Some(place),
                _ => None,
            })
    }

    /// The booked entry at this step, if an earlier line got it.
    fn fresh_by_step(&self, list: ListNumber, step: u64, line: u32) -> Option<u32> {
        let entries = &self.booked.entries;
        let at = entries
            .binary_search_by_key(&step, |(step, _)| *step)
            .ok()?;
        let earlier = entries[at].1.list == list && self.taken_by[at] < line;
        earlier.then(|| u32::try_from(at).ok()).flatten()
    }

    /// The texts by which a line names its entry, and which may be long.
    fn texts(&self, place: &Place) -> Vec<String> {
        match place {
            Place::AtUri(uri, _) => vec![self.lines.uri(*uri).to_owned()],
            Place::Token(token) => vec![token.to_string()],
            Place::Both(both) => {
                let mut texts = self.texts(&both.0);
                match &both.1 {
                    Claim::Token(token) | Claim::Credential(token) => texts.push(token.to_string()),
                    Claim::Uri(uri) => texts.push(self.lines.uri(*uri).to_owned()),
                    Claim::List(_) => {}
                }
                texts
            }
            Place::Index(_) | Place::InList(..) => Vec::new(),
        }
    }

    fn fault(&self, line: u32, error: &StoreError) -> Fault {
        let operation = &self.lines.operations[line as usize];
        let mut fault = Fault::of(operation.number, Error::of_store(self.rules.file, error));
        if let What::Set { entry, .. } = &operation.what {
            for text in self.texts(entry) {
                fault.message = fault.message.replace(&text, &cut(&text));
            }
        }
        match (&operation.what, error) {
            (
                What::Set {
                    entry: Place::Both(_),
                    ..
                },
                StoreError::OtherList { .. },
            ) => fault.hint("the token id has its entry in another list"),
            _ => fault,
        }
    }
}

/// Makes sure that the entry of a token id lies in the list that was named, if one was.
fn within(entry: EntryId, place: &Place, named: Option<ListNumber>) -> Result<(), StoreError> {
    match (named.filter(|list| *list != entry.list), place.looked_up()) {
        (Some(list), Some(token)) => Err(StoreError::OtherList {
            name: EntryName::Token(token.clone()),
            list,
        }),
        _ => Ok(()),
    }
}

/// An entry that a line means.
enum Located {
    /// It was handed out.
    Sure(Setting),
    /// It lies in the list; whether it was handed out is not known.
    Unsure(EntryId),
}
