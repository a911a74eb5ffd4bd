//! Lists that take turns: when an open list is full, a spare takes its place and a new spare is made.
//!
//! A [`Roster`] is what a revision finds, and what it does to the lists on the way. A new list gets
//! its secret here: so a plan that is made again may name other new lists, and nothing but what a
//! revision records is kept of either.

use std::collections::VecDeque;

use super::error::ChangeError;
use crate::list::{ListNumber, OpenLists, Room, Seed, Series, Share};
use crate::site::{Unpublishable, rolls_over, uris_of};
use crate::store::{ListRow, ListState, NewList, Snapshot, StoreError};

/// The lists of a series that hand out entries, and those that wait.
pub(crate) struct Roster<'a, 's> {
    snapshot: &'a Snapshot<'s>,
    /// The settings after the revision.
    series: &'a Series,
    /// Those that hand out entries and have some left.
    open: Vec<Room>,
    spares: VecDeque<Room>,
    /// The list that would be made next.
    next: Option<ListNumber>,
    turnover: Turnover,
}

/// What a revision does to the lists besides handing out entries.
#[derive(Clone, Default)]
pub(crate) struct Turnover {
    /// Spare lists whose turn it is.
    pub(crate) opened: Vec<ListNumber>,
    /// Lists that are made, lowest number first; some are open at once.
    pub(crate) made: Vec<NewList>,
    /// What is left afterwards.
    pub(crate) stock: Stock,
}

/// What a series has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stock {
    /// Entries of the open lists that nobody has.
    pub(crate) left: u64,
    /// Entries of the open lists.
    pub(crate) size: u64,
    /// How many lists wait.
    pub(crate) spares: usize,
}

impl<'a, 's> Roster<'a, 's> {
    /// The lists as they are; `series` are the settings for new ones.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn of(snapshot: &'a Snapshot<'s>, series: &'a Series) -> Result<Self, StoreError> {
        let lists = snapshot.lists()?;
        let with_room = |state: ListState| {
            let of_state = lists.iter().filter(move |list| list.state == state);
            of_state.filter(|list| list.free() > 0).map(room)
        };
        Ok(Self {
            open: with_room(ListState::Open).collect(),
            spares: with_room(ListState::Spare).collect(),
            next: match lists.last() {
                Some(last) => last.number.next(),
                None => Some(ListNumber::FIRST),
            },
            snapshot,
            series,
            turnover: Turnover::default(),
        })
    }

    /// The lists that serve a request: the one that is named, or all that are open.
    ///
    /// # Errors
    /// The list is not there, or hands out nothing; the file cannot be read.
    pub(crate) fn open(&self, named: Option<ListNumber>) -> Result<Vec<Room>, StoreError> {
        let Some(number) = named else {
            return Ok(self.open.clone());
        };
        let list = self.snapshot.list(number)?;
        if list.hands_out() {
            Ok(vec![room(&list)])
        } else {
            Err(list.refusal())
        }
    }

    /// How many entries a request can get.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub(crate) fn room(&self, named: Option<ListNumber>) -> Result<u64, StoreError> {
        let free = |rooms: &[Room]| rooms.iter().map(|room| room.free).sum::<u64>();
        let open = free(&self.open(named)?);
        if named.is_some() {
            return Ok(open);
        }
        let to_come = if self.goes_on() {
            self.series.size.entries() * u64::from(OpenLists::MAX)
        } else {
            0
        };
        Ok(open + free(&Vec::from(self.spares.clone())) + to_come)
    }

    /// The next list whose turn it is: a spare, or a new one where the series goes on.
    ///
    /// # Errors
    /// No list can be made.
    pub(crate) fn turn(&mut self) -> Result<Option<Room>, ChangeError> {
        if let Some(spare) = self.spares.pop_front() {
            self.turnover.opened.push(spare.list);
            self.open.push(spare);
            return Ok(Some(spare));
        }
        if !self.goes_on() || self.turnover.made.len() >= OpenLists::MAX as usize {
            return Ok(None);
        }
        self.make(ListState::Open).map(Some)
    }

    /// Counts what lists gave away.
    pub(crate) fn give(&mut self, shares: &[Share]) {
        for share in shares {
            for room in &mut self.open {
                if room.list == share.list {
                    room.free -= share.count.min(room.free);
                }
            }
        }
        self.open.retain(|room| room.free > 0);
    }

    /// Takes lists away whose turn ends.
    pub(crate) fn end(&mut self, lists: &[ListNumber]) {
        self.open.retain(|room| !lists.contains(&room.list));
    }

    /// Opens a list for each one that is missing, whether or not the series goes on by itself.
    ///
    /// # Errors
    /// No list can be made.
    pub(crate) fn fill(&mut self) -> Result<(), ChangeError> {
        while self.open.len() < self.series.open.count() as usize {
            if self.turn()?.is_none() {
                self.make(ListState::Open)?;
            }
        }
        Ok(())
    }

    /// Lets the next lists take the turns of those that are full, and makes new spares: as many as
    /// there should be.
    ///
    /// # Errors
    /// No list can be made.
    pub(crate) fn settled(mut self) -> Result<Turnover, ChangeError> {
        let at_once = self.series.open.count() as usize;
        while self.open.len() < at_once && self.turn()?.is_some() {}
        while self.spares.len() < self.series.spare as usize {
            let spare = self.make(ListState::Spare)?;
            self.spares.push_back(spare);
        }
        let mut stock = Stock {
            spares: self.spares.len(),
            ..Stock::default()
        };
        for room in &self.open {
            stock.left += room.free;
            stock.size += match self.snapshot.list(room.list) {
                Ok(list) => list.size.entries(),
                Err(_) => self.series.size.entries(),
            };
        }
        self.turnover.stock = stock;
        Ok(self.turnover)
    }

    /// A list that is made by this revision.
    pub(crate) fn made(&self, number: ListNumber) -> Option<&NewList> {
        let mut made = self.turnover.made.iter();
        made.find(|list| list.number == number)
    }

    /// Whether a new list is made when the last spare takes its turn.
    fn goes_on(&self) -> bool {
        self.series.spare > 0
    }

    fn make(&mut self, state: ListState) -> Result<Room, ChangeError> {
        let number = self.next.ok_or(ChangeError::NoNumberLeft)?;
        if number > ListNumber::FIRST && !rolls_over(&self.series.views) {
            let view = self.series.views.first();
            let template = view.map(|view| view.uri.clone()).unwrap_or_default();
            return Err(ChangeError::OneListOnly(template));
        }
        let seed = self.snapshot.seed_for(number)?;
        let list = new_list(self.series, number, seed, state)?;
        for (_, uri) in &list.uris {
            match self.snapshot.list_at(uri) {
                Err(StoreError::NoUri(_)) => {}
                Err(error) => return Err(error.into()),
                Ok(other) => {
                    let uri = uri.clone();
                    return Err(ChangeError::UriTaken { uri, other, number });
                }
            }
        }
        let room = Room {
            list: number,
            free: list.size.entries(),
        };
        self.next = number.next();
        self.turnover.made.push(list);
        if state == ListState::Open {
            self.open.push(room);
        }
        Ok(room)
    }
}

/// A new list of a series, with its uris.
///
/// # Errors
/// No site can hold its files.
pub(crate) fn new_list(
    series: &Series,
    number: ListNumber,
    seed: Seed,
    state: ListState,
) -> Result<NewList, Unpublishable> {
    let uris = uris_of(&series.views, number, &seed)?;
    Ok(NewList {
        state,
        ..NewList::of(series.register(), number, seed, uris)
    })
}

fn room(list: &ListRow) -> Room {
    Room {
        list: list.number,
        free: list.free(),
    }
}
