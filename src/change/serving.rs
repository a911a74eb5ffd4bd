//! Which entries the allocating lines of a request get, and which lists serve them.

use super::error::ChangeError;
use super::planner::Planner;
use super::rollover::Roster;
use crate::list::{Share, Turns};
use crate::store::{Booked, StoreError, Supply};

impl Planner<'_, '_> {
    /// How many entries there are for the request. One that is repeated gets what it got.
    pub(super) fn free(&self, roster: &Roster<'_, '_>) -> Result<u64, StoreError> {
        match self.bulk.took() {
            Some(took) => Ok(took),
            None if self.request.terms.index.is_some() => Ok(u64::MAX),
            None => roster.room(self.request.terms.list),
        }
    }

    /// Chooses the entries for the lines that get one, and the lists that serve them.
    pub(super) fn book(&mut self, mut roster: Roster<'_, '_>) -> Result<(), ChangeError> {
        if let Some(again) = self.bulk.take_again() {
            self.booked = again;
            return Ok(());
        }
        let count = self.taken_by.len() as u64;
        if count == 0 {
            return Ok(());
        }
        let (terms, snapshot) = (&self.request.terms, self.bulk.snapshot());
        let open = roster.open(terms.list)?;
        if let Some(index) = terms.index {
            let list = match open.as_slice() {
                [only] => only.list,
                // It is taken: whoever asks for it is told that.
                [] => snapshot.list_without_room(terms.list)?,
                _ => return Err(ChangeError::IndexOfWhichList(index)),
            };
            self.booked = snapshot.take_at(list, index)?;
            roster.give(&[Share { list, count }]);
            self.turnover = roster.settled()?;
            return Ok(());
        }
        let at_once = match terms.list {
            Some(_) => 1,
            None => self.series.open.count() as usize,
        };
        let turns = Turns {
            operation_id: self.operation_id,
            count,
            at_once,
        };
        let assignment = turns.assign(open, || match terms.list {
            Some(_) => Ok(None),
            None => roster.turn(),
        })?;
        let parts = assignment
            .shares
            .iter()
            .map(|share| match roster.made(share.list) {
                Some(new) => new.take(share.count),
                None => snapshot.take(share.list, share.count),
            });
        let parts = parts.collect::<Result<_, _>>()?;
        self.booked = Booked::of(parts, assignment.order.as_deref());
        self.supply = Supply::of(&assignment, at_once);
        roster.give(&assignment.shares);
        self.turnover = roster.settled()?;
        Ok(())
    }
}
