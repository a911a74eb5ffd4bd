//! The end of lists: their turn ends, and once nobody needs them, they are published no more.

#[cfg(test)]
mod tests;

use thiserror::Error;

use super::error::ChangeError;
use super::rollover::{Roster, Turnover};
use crate::list::{ListNumber, Status, Timestamp, pages};
use crate::store::{Ending, Ends, Known, ListEnd, ListRow, ListState, Snapshot, StoreError, Work};

/// A request to end the turn of a list, and to take lists out of publication.
pub(crate) struct RetireRequest {
    /// The lists.
    pub(crate) which: Retiring,
    /// Until when the list is kept, whatever its entries say.
    pub(crate) kept_until: Option<Timestamp>,
    /// The time of the request.
    pub(crate) now: Timestamp,
}

/// Which lists are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retiring {
    /// This one.
    List(ListNumber),
    /// The only one that is in use.
    OnlyList,
    /// Those that hand out nothing any more, and whose entries have all ended.
    Due,
}

/// How the request is carried out.
pub(crate) struct RetirePlan {
    /// What becomes of each list.
    pub(crate) lists: Vec<Retirement>,
    /// The lists that take the turns of those that are closed; none if none is.
    pub(crate) turnover: Option<Turnover>,
    kept_until: Option<Timestamp>,
}

/// What becomes of one list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retirement {
    /// The list.
    pub(crate) list: ListNumber,
    /// What it was.
    pub(crate) before: ListState,
    /// What it becomes.
    pub(crate) state: ListState,
    /// Whether the file knows all that was handed out.
    pub(crate) known: Known,
    /// When its entries end.
    pub(crate) ends: Ends,
    /// When it is of no use any more.
    pub(crate) end: ListEnd,
    /// Until when it is kept.
    pub(crate) kept_until: Option<Timestamp>,
    /// Until when it was kept.
    kept_before: Option<Timestamp>,
    /// Whether what was handed out is revoked.
    pub(crate) revoked: Revoked,
}

/// How many of the entries that were handed out are revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revoked {
    /// Every one.
    All,
    /// Some are not, or it is not known.
    NotAll,
}

/// Why a list cannot be retired.
#[derive(Debug, Error)]
pub(crate) enum RetireError {
    /// It waits for its turn.
    #[error("list {0} is spare: it has handed out nothing")]
    Spare(ListNumber),
    /// No list was named, and there is none.
    #[error("the series has no list that could be retired")]
    NoList,
    /// No list was named, and there are several.
    #[error("the series has {} lists in use, and none was named", .0.len())]
    SeveralLists(Vec<ListNumber>),
    /// It would be kept until a time that is over.
    #[error("the time until which the list is kept lies in the past: {time}")]
    Past {
        /// The time.
        time: Timestamp,
        /// The time of the request.
        now: Timestamp,
    },
    /// It is closed already, and somebody may need it still.
    #[error("list {} cannot be retired yet", .0.list)]
    StillNeeded(Box<Retirement>),
    /// No list can take its turn.
    #[error(transparent)]
    Turn(#[from] ChangeError),
    /// The list file does not have what is named, or cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RetireRequest {
    /// Refuses a list that would be kept until a time that is over.
    ///
    /// # Errors
    /// It would.
    pub(crate) fn refuse_past(&self) -> Result<(), RetireError> {
        match self.kept_until.filter(|time| *time <= self.now) {
            Some(time) => Err(RetireError::Past {
                time,
                now: self.now,
            }),
            None => Ok(()),
        }
    }

    /// Plans the request.
    ///
    /// # Errors
    /// The list is spare, is still needed although it was closed before, is not named although
    /// there are several, or the file cannot be read.
    pub(crate) fn plan(&self, snapshot: &Snapshot<'_>) -> Result<RetirePlan, RetireError> {
        let all = snapshot.lists()?;
        let lists = match self.which {
            Retiring::List(number) => vec![self.decide(snapshot, &snapshot.list(number)?)?],
            Retiring::OnlyList => vec![self.decide(snapshot, only(&all)?)?],
            Retiring::Due => self.due(snapshot, &all)?,
        };
        let open = lists.iter().filter(|one| one.before == ListState::Open);
        let closed: Vec<_> = open.map(|one| one.list).collect();
        let plan = RetirePlan {
            lists,
            turnover: next_turns(snapshot, &closed)?,
            kept_until: self.kept_until,
        };
        if !plan.work().is_empty() {
            // A copy does not know what its original handed out since.
            snapshot.refuse_elsewhere()?;
        }
        Ok(plan)
    }

    /// The lists that nobody needs any more.
    fn due(&self, snapshot: &Snapshot<'_>, all: &[ListRow]) -> Result<Vec<Retirement>, StoreError> {
        let over = all.iter().filter(|list| list.is_over());
        let judged = over.map(|list| self.judge(snapshot, list));
        let due = judged.filter(|one| {
            one.as_ref()
                .map_or(true, |one| one.state == ListState::Retired)
        });
        due.collect()
    }

    /// Decides about a list that was named.
    fn decide(&self, snapshot: &Snapshot<'_>, list: &ListRow) -> Result<Retirement, RetireError> {
        match list.state {
            ListState::Spare => return Err(RetireError::Spare(list.number)),
            ListState::Retired if self.kept_until.is_some() => {
                return Err(StoreError::Retired(list.number).into());
            }
            _ => {}
        }
        let was_closed = list.state == ListState::Closed;
        let decided = self.judge(snapshot, list)?;
        if was_closed && self.kept_until.is_none() && decided.state == ListState::Closed {
            return Err(RetireError::StillNeeded(Box::new(decided)));
        }
        Ok(decided)
    }

    fn judge(&self, snapshot: &Snapshot<'_>, list: &ListRow) -> Result<Retirement, StoreError> {
        let ends = snapshot.ends(list, self.now)?;
        let kept_until = self.kept_until.or(list.kept_until());
        let end = list.end(&ends, kept_until);
        let is_needed = list.state != ListState::Retired && !end.is_reached(self.now);
        let (state, revoked) = if is_needed {
            (ListState::Closed, revoked(snapshot, list, &ends)?)
        } else {
            (ListState::Retired, Revoked::NotAll)
        };
        Ok(Retirement {
            list: list.number,
            before: list.state,
            state,
            known: if list.may_have_handed_out_any() {
                Known::NotAll
            } else {
                Known::Everything
            },
            ends,
            end,
            kept_until,
            kept_before: list.kept_until(),
            revoked,
        })
    }
}

impl RetirePlan {
    /// The lists that hand out entries from now on.
    pub(crate) fn opened(&self) -> Vec<ListNumber> {
        let turnover = self.turnover.iter();
        let spares = turnover.flat_map(|turnover| turnover.opened.iter().copied());
        spares.chain(self.made(ListState::Open)).collect()
    }

    /// The lists that are new and in reserve.
    pub(crate) fn reserved(&self) -> Vec<ListNumber> {
        self.made(ListState::Spare).collect()
    }

    fn made(&self, state: ListState) -> impl Iterator<Item = ListNumber> + '_ {
        let made = self.turnover.iter().flat_map(|turnover| &turnover.made);
        made.filter(move |list| list.state == state)
            .map(|list| list.number)
    }

    /// What is to be written, without a body.
    pub(crate) fn work(&self) -> Work<'static> {
        let retired = self.lists.iter().filter(|one| one.is_retired_now());
        let turnover = self.turnover.as_ref();
        Work {
            ended: self
                .lists
                .iter()
                .filter(|one| one.ends_now())
                .map(|one| Ending {
                    list: one.list,
                    kept_until: self.kept_until,
                })
                .collect(),
            opened: turnover.map_or_else(Vec::new, |turnover| turnover.opened.clone()),
            new_lists: turnover.map_or_else(Vec::new, |turnover| turnover.made.clone()),
            retired: retired.map(|one| one.list).collect(),
            ..Work::default()
        }
    }
}

impl Retirement {
    /// Whether it is published no more from now on.
    pub(crate) fn is_retired_now(&self) -> bool {
        self.state == ListState::Retired && self.before != ListState::Retired
    }

    /// Whether anything is written of it.
    pub(crate) fn changes(&self) -> bool {
        self.ends_now() || self.is_retired_now()
    }

    /// Whether its turn ends now, or something else is said of its end.
    fn ends_now(&self) -> bool {
        matches!(self.before, ListState::Open | ListState::Full)
            || self.kept_until != self.kept_before
    }
}

/// The lists that take the turns of open ones.
fn next_turns(
    snapshot: &Snapshot<'_>,
    closed: &[ListNumber],
) -> Result<Option<Turnover>, RetireError> {
    if closed.is_empty() {
        return Ok(None);
    }
    let mut roster = Roster::of(snapshot, snapshot.series())?;
    roster.end(closed);
    Ok(Some(roster.settled()?))
}

/// The only list that is in use.
fn only(all: &[ListRow]) -> Result<&ListRow, RetireError> {
    let is_used = |list: &&ListRow| !matches!(list.state, ListState::Spare | ListState::Retired);
    let used: Vec<_> = all.iter().filter(is_used).collect();
    match used.as_slice() {
        [] => Err(RetireError::NoList),
        [only] => Ok(only),
        several => {
            let numbers = several.iter().map(|list| list.number);
            Err(RetireError::SeveralLists(numbers.collect()))
        }
    }
}

fn revoked(snapshot: &Snapshot<'_>, list: &ListRow, ends: &Ends) -> Result<Revoked, StoreError> {
    if ends.entries == 0 || list.may_have_handed_out_any() {
        return Ok(Revoked::NotAll);
    }
    let counts = pages::count(&snapshot.packed(list)?, list.width, list.size.entries());
    let invalid = Status::INVALID;
    let mut count = (counts.get(usize::from(invalid.value())).copied()).unwrap_or(0);
    if list.default_status == invalid {
        // Entries that nobody was given have it too.
        count = count.saturating_sub(list.free());
    }
    Ok(if count == list.taken {
        Revoked::All
    } else {
        Revoked::NotAll
    })
}
