//! What a batch does to one entry, line after line.

use serde::Serialize;
use thiserror::Error;

use super::{
    Finality, Remark, RemarkRequest, Standing, Status, StatusError, TransitionError, Width,
};

/// What one line of a batch asks of an entry. A status is a `u8` before the width of the list is
/// known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish<S = Status> {
    /// This status.
    Set(S),
    /// Suspended, unless it is invalid.
    Suspend,
    /// Valid if it is suspended; anything else stays.
    Unsuspend,
    /// Not invalid: it cannot be undone, and anything else stays.
    Unrevoke,
}

/// What a line did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Effect {
    /// Another status.
    Changed,
    /// Another remark.
    Annotated,
    /// Nothing.
    Unchanged,
}

/// Why a line cannot be applied to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum StoryError {
    /// The status may not follow the one before.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// One batch stores one change of an entry.
    #[error("line {0} sets the same entry to something else")]
    SetTwice(u32),
}

/// An entry while a batch goes over it: what is on file, and what the lines made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Story {
    filed: Standing,
    current: Standing,
    set_by: Option<u32>,
}

impl Effect {
    /// The name, as results spell it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Annotated => "annotated",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Wish<u8> {
    /// The same of a list with this width, and the status that it is about.
    ///
    /// # Errors
    /// The list has no such status.
    pub(crate) fn at(self, width: Width) -> Result<(Wish, Status), StatusError> {
        Ok(match self {
            Self::Set(value) => {
                let status = Status::new(u64::from(value), width)?;
                (Wish::Set(status), status)
            }
            Self::Suspend => {
                let suspended = u64::from(Status::SUSPENDED.value());
                (Wish::Suspend, Status::new(suspended, width)?)
            }
            Self::Unsuspend => (Wish::Unsuspend, Status::VALID),
            Self::Unrevoke => (Wish::Unrevoke, Status::VALID),
        })
    }
}

impl Story {
    /// An entry as it is on file.
    pub(crate) fn filed(status: Status, remark: Remark) -> Self {
        let filed = Standing { status, remark };
        Self {
            current: filed.clone(),
            filed,
            set_by: None,
        }
    }

    /// An entry that the same batch hands out with a status; on file it has the default.
    pub(crate) fn handed_out(default: Status, first: Status) -> Self {
        let mut story = Self::filed(default, Remark::default());
        story.current.status = first;
        story
    }

    /// The status after the lines so far.
    pub(crate) const fn status(&self) -> Status {
        self.current.status
    }

    /// Applies a line.
    ///
    /// # Errors
    /// The status may not follow, or an earlier line has set the entry to something else. The
    /// entry stays as it was.
    pub(crate) fn apply(
        &mut self,
        line: u32,
        wish: Wish,
        request: &RemarkRequest,
        expected: Option<Status>,
        finality: Finality<'_>,
    ) -> Result<Effect, StoryError> {
        let current = self.current.status;
        let wanted = match wish {
            Wish::Set(status) => status,
            // Of a revoked credential, nothing but the revocation can be said.
            Wish::Suspend | Wish::Unrevoke if current == Status::INVALID => {
                return Err(finality.refusal(current).into());
            }
            Wish::Suspend => Status::SUSPENDED,
            Wish::Unsuspend if current == Status::SUSPENDED => Status::VALID,
            Wish::Unsuspend | Wish::Unrevoke => {
                self.current.expect(expected)?;
                return Ok(Effect::Unchanged);
            }
        };
        self.current.expect(expected)?;
        let next = self.current.after(wanted, request, finality)?;
        let effect = if next == self.current {
            return Ok(Effect::Unchanged);
        } else if wanted == current {
            Effect::Annotated
        } else {
            Effect::Changed
        };
        if let Some(earlier) = self.set_by {
            return Err(StoryError::SetTwice(earlier));
        }
        self.set_by = Some(line);
        self.current = next;
        Ok(effect)
    }

    /// What is to be stored, and the status on file. `None` if nothing differs from what is on
    /// file.
    pub(crate) fn change(&self) -> Option<(Status, &Standing)> {
        (self.filed != self.current).then_some((self.filed.status, &self.current))
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
        let (old, new) = story.change().unwrap();
        assert_eq!((old, new.status), (Status::VALID, Status::INVALID));
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

    #[test]
    fn an_expectation_that_is_not_met_refuses_even_the_same_status() {
        let mut story = Story::filed(Status::INVALID, Remark::default());
        let expected = Some(Status::VALID);
        let again = Wish::Set(Status::INVALID);
        let refused = StoryError::Transition(TransitionError::Precondition {
            current: Status::INVALID,
            expected: Status::VALID,
        });
        assert_eq!(
            story.apply(1, again, &RemarkRequest::default(), expected, FINAL),
            Err(refused)
        );
    }
}
