//! What is made of a file that was looked for.

use super::TokenState;
use super::token::TokenTimes;
use super::trouble::Trouble;
use crate::list::Timestamp;

/// A token that was looked for, and what it says of itself.
pub(super) struct Sighting<'a> {
    /// Whether anything is there.
    pub(super) is_there: bool,
    pub(super) times: TokenTimes<'a>,
}

impl Sighting<'_> {
    /// The state of the token, after what was found of it; what the state means is added to that.
    pub(super) fn state(&self, troubles: &mut Vec<Trouble>) -> TokenState {
        let hides =
            |trouble: &Trouble| matches!(trouble, Trouble::Host(fault) if fault.hides_the_file());
        let state = if !self.is_there && troubles.iter().any(hides) {
            TokenState::Unknown
        } else if !self.is_there {
            troubles.push(Trouble::Missing);
            TokenState::Missing
        } else if troubles.iter().any(Trouble::makes_wrong) {
            TokenState::Wrong
        } else {
            self.times.state()
        };
        troubles.extend(Trouble::of_state(state));
        state
    }

    /// When it is to be written anew, if it is there.
    pub(super) fn due_at(&self) -> Option<Timestamp> {
        self.times.due_at().filter(|_| self.is_there)
    }
}
