//! What a batch does, decided before anything is written.
//!
//! The lines are applied one after the other, as if each were a command of its own: a later line
//! sees what the earlier ones did. Only the order in which the file is read is another, so that
//! each page of it is read once.

use std::collections::HashSet;
use std::path::Path;

use super::documents::Targets;
use super::line::{Fault, Faults, LineWish, Lines, Table, What};
use super::place::Places;
use super::tokens::TokenIndex;
use crate::commands::{Code, Error};
use crate::list::{
    Effect, EntryId, FinalStatuses, Finality, ListNumber, Register, Remark, Series, Status, Story,
    StoryError, Wish,
};
use crate::store::{Booked, Bulk, ListRow, StoreError};
use crate::wire::text::cut;

/// How lines are judged.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) file: &'a Path,
    pub(super) permission: FinalStatuses,
    pub(super) or_existing: bool,
    /// The list that bare indexes count in, and that entries are taken of.
    pub(super) within: Option<ListNumber>,
}

/// What becomes of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has a fault.
    Faulty,
    /// It gets an entry: which of [`Plan::booked`].
    Fresh { place: u32, status: Status },
    /// An earlier line with its token id gets this one of [`Plan::booked`].
    Again { place: u32, status: Status },
    /// Its token id has this entry.
    Existing { entry: EntryId, status: Status },
    /// It sets an entry.
    Set {
        entry: EntryId,
        previous: Status,
        current: Status,
        effect: Effect,
    },
}

/// One change that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Net {
    pub(super) entry: EntryId,
    pub(super) old: Status,
    pub(super) new: Status,
    /// Which of [`Plan::remarks`].
    pub(super) remark: u32,
}

/// What a batch does.
pub(super) struct Plan {
    /// One per line.
    pub(super) outcomes: Vec<Outcome>,
    pub(super) booked: Booked,
    /// By entry.
    pub(super) nets: Vec<Net>,
    pub(super) remarks: Vec<Remark>,
    /// The list that is too full, and how many entries it misses.
    pub(super) missing: Option<(ListRow, u64)>,
}

/// What is known of the lines before the list file is opened.
pub(super) struct Prepared {
    allocating: TokenIndex,
    /// The lines whose token id stands in an earlier one.
    repeated: HashSet<u32>,
}

/// A line that sets an entry, once it is known which.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) entry: EntryId,
    pub(super) line: u32,
    /// Which of [`Plan::booked`], if the batch hands it out.
    pub(super) fresh: Option<u32>,
}

/// Decides about every line. Faults are added to those that reading found.
///
/// # Errors
/// The file cannot be read, or contradicts itself.
pub(super) fn plan(
    lines: &Lines,
    prepared: &Prepared,
    faults: &mut Faults,
    bulk: &mut Bulk<'_, '_>,
    rules: Rules<'_>,
) -> Result<Plan, Error> {
    let register = bulk.snapshot().register().clone();
    let series = bulk.snapshot().series().clone();
    Planner {
        lines,
        prepared,
        faults,
        rules,
        register,
        series,
        outcomes: vec![Outcome::Faulty; lines.operations.len()],
        remarks: Table::new(),
    }
    .run(bulk)
}

impl Prepared {
    pub(super) fn of(lines: &Lines) -> Self {
        let allocating = TokenIndex::of_allocations(&lines.operations);
        let repeated = allocating.repeated(&lines.operations).collect();
        Self {
            allocating,
            repeated,
        }
    }
}

struct Planner<'a> {
    lines: &'a Lines,
    prepared: &'a Prepared,
    faults: &'a mut Faults,
    rules: Rules<'a>,
    register: Register,
    series: Series,
    outcomes: Vec<Outcome>,
    remarks: Table<Remark>,
}

/// What the allocating lines take.
struct Taking {
    booked: Booked,
    /// For each of them, the line that gets it.
    lines: Vec<u32>,
    missing: Option<(ListRow, u64)>,
}

impl Planner<'_> {
    fn run(mut self, bulk: &mut Bulk<'_, '_>) -> Result<Plan, Error> {
        let file = self.rules.file;
        let of_file = |error: StoreError| Error::of_store(file, &error);
        let taking = self.take(bulk).map_err(of_file)?;
        let places = Places {
            lines: self.lines,
            allocating: &self.prepared.allocating,
            outcomes: &self.outcomes,
            booked: &taking.booked,
            taken_by: &taking.lines,
            rules: self.rules,
        };
        let settings = places.find(bulk, self.faults).map_err(of_file)?;
        let nets = self.nets(bulk, &taking, settings).map_err(of_file)?;
        Ok(Plan {
            outcomes: self.outcomes,
            booked: taking.booked,
            nets,
            remarks: self.remarks.into_values(),
            missing: taking.missing,
        })
    }

    /// Takes an entry for each allocating line without a fault.
    fn take(&mut self, bulk: &mut Bulk<'_, '_>) -> Result<Taking, StoreError> {
        let mut taking = Taking {
            booked: Booked {
                entries: Vec::new(),
                run: None,
            },
            lines: Vec::new(),
            missing: None,
        };
        let allocates = |what: &What| matches!(what, What::Allocate { .. });
        if !self
            .lines
            .operations
            .iter()
            .any(|line| allocates(&line.what))
        {
            return Ok(taking);
        }
        let prepared = self.prepared;
        let known = prepared
            .allocating
            .entries_on_file(bulk, &self.lines.operations)?;
        let mut targets = Targets::of(&self.lines.documents, &self.series, bulk)?;
        let list = bulk.list_to_take_of(self.rules.within);
        let free = list.as_ref().map_or(0, |list| bulk.free(list));
        let mut missing = 0;
        for (place, line) in (0_u32..).zip(&self.lines.operations) {
            let What::Allocate { token, status, .. } = &line.what else {
                continue;
            };
            let outcome = self.first_status(*status).and_then(|status| {
                let name = || {
                    token
                        .as_ref()
                        .map(|token| cut(&token.to_string()))
                        .unwrap_or_default()
                };
                let double = |text: String| Error::new(Code::DoubleAllocation, text);
                if let Some(entry) = known.get(place) {
                    return if self.rules.or_existing {
                        targets.agree_with_file(place, entry)?;
                        Ok(Outcome::Existing { entry, status })
                    } else {
                        let text = format!("token id '{}' has entry {entry} already", name());
                        Err(double(text).hint("to get its entry again: --or-existing"))
                    };
                }
                if let Some((number, booked, status)) = self.taken_before(place) {
                    return if self.rules.or_existing {
                        targets.agree_with_line(place, taking.lines[booked as usize])?;
                        Ok(Outcome::Again {
                            place: booked,
                            status,
                        })
                    } else {
                        Err(double(format!(
                            "token id '{}' is in line {number} too",
                            name()
                        )))
                    };
                }
                let list = list
                    .as_ref()
                    .map_err(|error| Error::of_store(self.rules.file, error))?;
                if taking.lines.len() as u64 >= free {
                    missing += 1;
                    let text = format!("list {} is at capacity", list.number);
                    return Err(Error::new(Code::CapacityExceeded, text));
                }
                targets.record(place, self.lines)?;
                // There are fewer than 2^25 operations.
                let booked = u32::try_from(taking.lines.len()).unwrap_or(u32::MAX);
                taking.lines.push(place);
                Ok(Outcome::Fresh {
                    place: booked,
                    status,
                })
            });
            match outcome {
                Ok(outcome) => self.outcomes[place as usize] = outcome,
                Err(error) => self.faults.add(Fault::of(line.number, error)),
            }
        }
        if let Ok(list) = list {
            taking.booked = bulk.take(list.number, taking.lines.len() as u64)?;
            taking.missing = (missing > 0).then_some((list, missing));
        }
        self.read_existing(bulk)?;
        Ok(taking)
    }

    /// The line before this one that got an entry for the same token id: its number, which entry,
    /// and the status.
    fn taken_before(&self, place: u32) -> Option<(u32, u32, Status)> {
        let operations = &self.lines.operations;
        if !self.prepared.repeated.contains(&place) {
            return None;
        }
        let What::Allocate {
            token: Some(token), ..
        } = &operations[place as usize].what
        else {
            return None;
        };
        self.prepared
            .allocating
            .find(operations, token)
            .take_while(|other| *other < place)
            .find_map(|other| match self.outcomes[other as usize] {
                Outcome::Fresh { place, status } => {
                    Some((operations[other as usize].number, place, status))
                }
                _ => None,
            })
    }

    /// Fills in the statuses of entries that token ids had already, page by page.
    fn read_existing(&mut self, bulk: &mut Bulk<'_, '_>) -> Result<(), StoreError> {
        let mut existing: Vec<_> = (0..self.outcomes.len())
            .filter_map(|place| match self.outcomes[place] {
                Outcome::Existing { entry, .. } => Some((entry, place)),
                _ => None,
            })
            .collect();
        existing.sort_unstable();
        for (entry, place) in existing {
            let status = bulk.status(entry)?;
            self.outcomes[place] = Outcome::Existing { entry, status };
        }
        Ok(())
    }

    /// The status that an entry starts with. It is no transition: final statuses are allowed.
    fn first_status(&self, given: Option<u8>) -> Result<Status, Error> {
        let register = &self.register;
        let status = match given {
            Some(value) => Status::new(u64::from(value), register.width)?,
            None => register.starting_status()?,
        };
        self.series.takes(status)?;
        Ok(status)
    }

    /// Applies the setting lines, entry by entry, and says what is to be stored.
    fn nets(
        &mut self,
        bulk: &mut Bulk<'_, '_>,
        taking: &Taking,
        mut settings: Vec<Setting>,
    ) -> Result<Vec<Net>, StoreError> {
        settings.sort_unstable_by_key(|setting| (setting.entry, setting.line));
        let default = self.register.default_status;
        let mut nets = Vec::new();
        let mut told = HashSet::new();
        for group in settings.chunk_by(|one, other| one.entry == other.entry) {
            let story = self.story(bulk, taking, group)?;
            told.extend(group.first().and_then(|setting| setting.fresh));
            if let (Some((old, new, remark)), Some(setting)) = (story.change(), group.first()) {
                let remark = self.remarks.place(remark.clone());
                nets.push(Net {
                    entry: setting.entry,
                    old,
                    new,
                    remark,
                });
            }
        }
        for place in &taking.lines {
            if let Outcome::Fresh { place, status } = self.outcomes[*place as usize]
                && status != default
                && !told.contains(&place)
            {
                let entry = taking.booked.entries[place as usize].1;
                let remark = self.remarks.place(Remark::default());
                nets.push(Net {
                    entry,
                    old: default,
                    new: status,
                    remark,
                });
            }
        }
        nets.sort_unstable_by_key(|net| net.entry);
        Ok(nets)
    }

    /// Applies the lines that set one entry.
    fn story(
        &mut self,
        bulk: &mut Bulk<'_, '_>,
        taking: &Taking,
        group: &[Setting],
    ) -> Result<Story, StoreError> {
        let lines = self.lines;
        let wishes: Vec<_> = group
            .iter()
            .map(|setting| self.wish(setting.line))
            .collect();
        let fresh = group.first().and_then(|setting| setting.fresh);
        let first = fresh.and_then(|place| taking.lines.get(place as usize));
        let mut story = match (
            first.map(|line| self.outcomes[*line as usize]),
            group.first(),
        ) {
            (Some(Outcome::Fresh { status, .. }), _) => {
                Story::handed_out(self.register.default_status, status)
            }
            (_, Some(setting)) => {
                let status = bulk.status(setting.entry)?;
                // A change of status starts with an empty remark, whatever was there.
                let stays = |wish: &Result<Wish, Error>| matches!(wish, Ok(wish) if *wish == Wish::Set(status) || *wish == Wish::Suspend);
                let remark = if wishes.iter().any(stays) {
                    bulk.remark(setting.entry, status)?
                } else {
                    Remark::default()
                };
                Story::filed(status, remark)
            }
            (_, None) => Story::filed(self.register.default_status, Remark::default()),
        };
        for (setting, wish) in group.iter().zip(wishes) {
            let line = &lines.operations[setting.line as usize];
            let What::Set {
                expected, remark, ..
            } = &line.what
            else {
                continue;
            };
            let previous = story.status();
            let applied = wish.and_then(|wish| {
                let width = self.register.width;
                let expected = expected
                    .map(|value| Status::new(u64::from(value), width))
                    .transpose()?;
                let finality = Finality {
                    statuses: &self.register.final_statuses,
                    permission: self.rules.permission,
                    profile: self.series.profile,
                };
                story
                    .apply(line.number, wish, lines.remark(*remark), expected, finality)
                    .map_err(|error| about(error, setting.entry))
            });
            match applied {
                Ok(effect) => {
                    self.outcomes[setting.line as usize] = Outcome::Set {
                        entry: setting.entry,
                        previous,
                        current: story.status(),
                        effect,
                    };
                }
                Err(error) => self.faults.add(Fault::of(line.number, error)),
            }
        }
        Ok(story)
    }

    /// What a line asks for, if that fits the list.
    fn wish(&self, place: u32) -> Result<Wish, Error> {
        let What::Set { wish, remark, .. } = &self.lines.operations[place as usize].what else {
            return Ok(Wish::Unrevoke);
        };
        let width = self.register.width;
        let (wish, status) = match wish {
            LineWish::Set(value) => {
                let status = Status::new(u64::from(*value), width)?;
                (Wish::Set(status), status)
            }
            LineWish::Suspend => (Wish::Suspend, Status::new(2, width)?),
            LineWish::Unsuspend => (Wish::Unsuspend, Status::VALID),
            LineWish::Unrevoke => (Wish::Unrevoke, Status::VALID),
        };
        if let Some(reason) = self.lines.remark(*remark).reason {
            reason.fitting(status)?;
        }
        self.series.takes(status)?;
        Ok(wish)
    }
}

fn about(error: StoryError, entry: EntryId) -> Error {
    let mut error = match error {
        StoryError::Transition(error) => Error::from(error),
        StoryError::SetTwice(_) => Error::new(Code::Refused, error.to_string())
            .hint("one batch stores one change of an entry: leave one of the lines out"),
    };
    error.message = format!("entry {entry}: {}", error.message);
    error
}
