//! What a batch does to one entry, line after line.

use thiserror::Error;

use super::{Finality, Remark, RemarkRequest, Status, Transition, TransitionError, judge};

/// What one line of a batch asks of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// This status.
    Set(Status),
    /// Suspended, unless it is invalid.
    Suspend,
    /// Valid if it is suspended; anything else stays.
    Unsuspend,
    /// Not invalid: it cannot be undone, and anything else stays.
    Unrevoke,
}

/// What a line did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Another status.
    Changed,
    /// Another remark.
    Annotated,
    /// Nothing.
    Unchanged,
}

/// Why a line cannot be applied to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoryError {
    /// The status may not follow the one before.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// One batch stores one change of an entry.
    #[error("line {0} sets the same entry to something else")]
    SetTwice(u32),
}

/// An entry while a batch goes over it: what is on file, and what the lines made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    filed: (Status, Remark),
    status: Status,
    remark: Remark,
    set_by: Option<u32>,
}

impl Story {
    /// An entry as it is on file.
    #[must_use]
    pub fn filed(status: Status, remark: Remark) -> Self {
        Self {
            filed: (status, remark.clone()),
            status,
            remark,
            set_by: None,
        }
    }

    /// An entry that the same batch hands out with a status; on file it has the default.
    #[must_use]
    pub fn handed_out(default: Status, first: Status) -> Self {
        Self {
            filed: (default, Remark::default()),
            status: first,
            remark: Remark::default(),
            set_by: None,
        }
    }

    /// The status after the lines so far.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// Applies a line.
    ///
    /// # Errors
    /// The status may not follow, or an earlier line has set the entry to something else. The
    /// entry stays as it was.
    pub fn apply(
        &mut self,
        line: u32,
        wish: Wish,
        request: &RemarkRequest,
        expected: Option<Status>,
        finality: Finality<'_>,
    ) -> Result<Effect, StoryError> {
        let current = self.status;
        let revoked = current == Status::INVALID;
        let wanted = match wish {
            Wish::Set(status) => status,
            // Of a revoked credential, nothing but the revocation can be said.
            Wish::Suspend | Wish::Unrevoke if revoked => {
                return Err(finality.refusal(current).into());
            }
            Wish::Suspend => Status::SUSPENDED,
            Wish::Unsuspend if current == Status::SUSPENDED => Status::VALID,
            Wish::Unsuspend | Wish::Unrevoke => {
                return match expected.filter(|expected| *expected != current) {
                    Some(expected) => {
                        Err(TransitionError::Precondition { current, expected }.into())
                    }
                    None => Ok(Effect::Unchanged),
                };
            }
        };
        let transition = judge(
            (current, &self.remark),
            (wanted, request),
            expected,
            finality,
        )?;
        let (effect, remark) = match transition {
            Transition::None => return Ok(Effect::Unchanged),
            Transition::Annotate(remark) => (Effect::Annotated, remark),
            Transition::Change(remark) => (Effect::Changed, remark),
        };
        if let Some(earlier) = self.set_by {
            return Err(StoryError::SetTwice(earlier));
        }
        self.set_by = Some(line);
        self.status = wanted;
        self.remark = remark;
        Ok(effect)
    }

    /// What is to be stored: the status on file, the new one, and its remark. `None` if nothing
    /// differs from what is on file.
    #[must_use]
    pub fn change(&self) -> Option<(Status, Status, &Remark)> {
        let (filed, remark) = &self.filed;
        let differs = *filed != self.status || *remark != self.remark;
        differs.then_some((*filed, self.status, &self.remark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::FinalStatuses;

    const FINAL: Finality<'_> = Finality {
        statuses: &[Status::INVALID],
        permission: FinalStatuses::Kept,
        profile: None,
    };

    fn apply(story: &mut Story, line: u32, wish: Wish) -> Result<Effect, StoryError> {
        story.apply(line, wish, &RemarkRequest::default(), None, FINAL)
    }

    #[test]
    fn an_allocation_and_a_set_are_one_change() {
        let mut story = Story::handed_out(Status::VALID, Status::SUSPENDED);
        let set = Wish::Set(Status::INVALID);
        assert_eq!(apply(&mut story, 2, set), Ok(Effect::Changed));
        let (old, new, _) = story.change().unwrap();
        assert_eq!((old, new), (Status::VALID, Status::INVALID));
    }

    #[test]
    fn back_to_what_is_on_file_is_no_change() {
        let mut story = Story::handed_out(Status::VALID, Status::SUSPENDED);
        assert_eq!(apply(&mut story, 2, Wish::Unsuspend), Ok(Effect::Changed));
        assert_eq!(story.change(), None);
    }

    #[test]
    fn two_lines_agree_or_the_second_is_a_fault() {
        let mut story = Story::filed(Status::VALID, Remark::default());
        assert_eq!(apply(&mut story, 1, Wish::Suspend), Ok(Effect::Changed));
        assert_eq!(apply(&mut story, 2, Wish::Suspend), Ok(Effect::Unchanged));
        let set = Wish::Set(Status::INVALID);
        assert_eq!(apply(&mut story, 3, set), Err(StoryError::SetTwice(1)));
        assert_eq!(story.status(), Status::SUSPENDED);
    }

    #[test]
    fn a_revocation_is_never_undone_by_a_boolean() {
        for wish in [Wish::Unrevoke, Wish::Suspend] {
            let mut story = Story::filed(Status::INVALID, Remark::default());
            assert!(matches!(
                apply(&mut story, 1, wish),
                Err(StoryError::Transition(TransitionError::Final { .. }))
            ));
        }
        let mut story = Story::filed(Status::INVALID, Remark::default());
        assert_eq!(apply(&mut story, 1, Wish::Unsuspend), Ok(Effect::Unchanged));
        let mut story = Story::filed(Status::SUSPENDED, Remark::default());
        assert_eq!(apply(&mut story, 1, Wish::Unrevoke), Ok(Effect::Unchanged));
        assert_eq!(apply(&mut story, 2, Wish::Unsuspend), Ok(Effect::Changed));
    }
}
