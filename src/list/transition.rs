//! Which status may follow which.

use thiserror::Error;

use super::{Breach, Profile, Reason, StatedReason, Status, Timestamp};

/// What is recorded beside a status: why, in words, and since when in fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Remark {
    /// The reason code.
    pub reason: Reason,
    /// Free text.
    pub note: Option<String>,
    /// The date of the fact, which may lie before the record.
    pub since: Option<Timestamp>,
}

/// What is asked for beside a status; what is not named stays as it is, or is left out when the
/// status changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct RemarkRequest {
    /// Another reason.
    pub(crate) reason: Option<Reason>,
    /// Another text; an empty one removes what is there.
    pub(crate) note: Option<String>,
    /// Another date of the fact.
    pub(crate) since: Option<Timestamp>,
}

/// What an entry has: its status, and what is recorded beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The status.
    pub(crate) status: Status,
    /// What is recorded beside it.
    pub(crate) remark: Remark,
}

/// Whether a final status may be left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FinalStatuses {
    /// They stay.
    #[default]
    Kept,
    /// They may be left, because that was asked for.
    MayBeLeft,
}

/// Which statuses an entry does not leave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finality<'a> {
    /// The final statuses of the series.
    pub(crate) statuses: &'a [Status],
    /// Whether they may be left all the same.
    pub(crate) permission: FinalStatuses,
    /// The profile of the series; under some nobody may undo a revocation.
    pub(crate) profile: Option<Profile>,
}

/// Why a status may not follow another.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TransitionError {
    /// The entry has a final status.
    #[error("status {current} is final")]
    Final {
        /// What the entry has.
        current: Status,
    },
    /// The entry is revoked, which the profile of the series makes final for everybody.
    #[error(transparent)]
    Irrevocable(Breach),
    /// The entry does not have the status that the request expects.
    #[error("the status is {current}, not {expected}")]
    Precondition {
        /// What the entry has.
        current: Status,
        /// What it should have had.
        expected: Status,
    },
}

impl Standing {
    /// What becomes of it where a status and a remark are asked for.
    ///
    /// # Errors
    /// The entry would leave a final status without permission.
    pub(crate) fn after(
        &self,
        status: Status,
        remark: &RemarkRequest,
        finality: Finality<'_>,
    ) -> Result<Self, TransitionError> {
        let remark = if status == self.status {
            remark.over(self.remark.clone())
        } else {
            finality.check(self.status)?;
            remark.over(Remark::default())
        };
        Ok(Self { status, remark })
    }

    /// Compares the status with the one that is expected, if one is.
    pub(crate) fn expect(&self, expected: Option<Status>) -> Result<(), TransitionError> {
        let current = self.status;
        match expected.filter(|expected| *expected != current) {
            Some(expected) => Err(TransitionError::Precondition { current, expected }),
            None => Ok(()),
        }
    }
}

impl Finality<'_> {
    /// Says why an entry with a final status stays as it is.
    pub(crate) fn refusal(self, current: Status) -> TransitionError {
        let profile = self.profile.filter(|_| current == Status::INVALID);
        match profile.and_then(Profile::irrevocable) {
            Some(breach) => TransitionError::Irrevocable(breach),
            None => TransitionError::Final { current },
        }
    }

    fn check(self, current: Status) -> Result<(), TransitionError> {
        let refusal = self.refusal(current);
        let kept = self.permission == FinalStatuses::Kept && self.statuses.contains(&current);
        if kept || matches!(refusal, TransitionError::Irrevocable(_)) {
            Err(refusal)
        } else {
            Ok(())
        }
    }
}

impl RemarkRequest {
    /// What is to be recorded where a reason is stated, and a note beside it.
    pub(crate) fn stated(reason: Option<&StatedReason>, note: Option<String>) -> Self {
        Self {
            reason: reason.map(StatedReason::reason),
            note: match reason {
                Some(reason) => reason.note(note),
                None => note,
            },
            since: None,
        }
    }

    fn over(&self, before: Remark) -> Remark {
        Remark {
            reason: self.reason.unwrap_or(before.reason),
            note: match &self.note {
                Some(text) => Some(text.clone()).filter(|text| !text.is_empty()),
                None => before.note,
            },
            since: self.since.or(before.since),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINAL: Finality<'_> = Finality {
        statuses: &[Status::INVALID],
        permission: FinalStatuses::Kept,
        profile: None,
    };

    const PLAIN: RemarkRequest = RemarkRequest {
        reason: None,
        note: None,
        since: None,
    };

    fn standing(status: Status) -> Standing {
        Standing {
            status,
            remark: Remark::default(),
        }
    }

    fn request(reason: Reason) -> RemarkRequest {
        RemarkRequest {
            reason: Some(reason),
            ..RemarkRequest::default()
        }
    }

    #[test]
    fn a_final_status_stays_unless_it_may_be_left() {
        let back = |from, finality| standing(from).after(Status::VALID, &PLAIN, finality);
        assert_eq!(
            back(Status::INVALID, FINAL),
            Err(TransitionError::Final {
                current: Status::INVALID
            })
        );
        let allowed = Finality {
            permission: FinalStatuses::MayBeLeft,
            ..FINAL
        };
        assert_eq!(back(Status::INVALID, allowed), Ok(standing(Status::VALID)));
        assert_eq!(back(Status::SUSPENDED, FINAL), Ok(standing(Status::VALID)));
    }

    #[test]
    fn a_profile_may_keep_revocations_but_no_other_status() {
        let finality = Finality {
            statuses: &[Status::INVALID, Status::SUSPENDED],
            permission: FinalStatuses::MayBeLeft,
            profile: Some(Profile::Eudi),
        };
        let leave = |status| standing(status).after(Status::VALID, &PLAIN, finality);
        assert!(matches!(
            leave(Status::INVALID),
            Err(TransitionError::Irrevocable(breach)) if breach.profile == Profile::Eudi
        ));
        assert_eq!(leave(Status::SUSPENDED), Ok(standing(Status::VALID)));
    }

    #[test]
    fn the_same_again_is_nothing_and_another_remark_is_an_annotation() {
        let remark = Remark {
            reason: Reason::KeyCompromise,
            note: Some("lost phone".to_owned()),
            since: Some(Timestamp::from_second(5)),
        };
        let current = Standing {
            status: Status::INVALID,
            remark: remark.clone(),
        };
        let again = |request| current.after(Status::INVALID, request, FINAL);
        assert_eq!(again(&PLAIN), Ok(current.clone()));
        let repeated = request(Reason::KeyCompromise);
        assert_eq!(again(&repeated), Ok(current.clone()));
        let annotated = |remark| {
            Ok(Standing {
                status: Status::INVALID,
                remark,
            })
        };
        let superseded = Remark {
            reason: Reason::Superseded,
            ..remark.clone()
        };
        let other = request(Reason::Superseded);
        assert_eq!(again(&other), annotated(superseded));
        let erased = RemarkRequest {
            note: Some(String::new()),
            ..PLAIN
        };
        let without_note = Remark {
            note: None,
            ..remark.clone()
        };
        assert_eq!(again(&erased), annotated(without_note));
    }

    #[test]
    fn a_change_starts_with_an_empty_remark() {
        let held = Standing {
            status: Status::SUSPENDED,
            remark: Remark {
                reason: Reason::CertificateHold,
                note: Some("hold".to_owned()),
                since: None,
            },
        };
        assert_eq!(
            held.after(Status::INVALID, &PLAIN, FINAL),
            Ok(standing(Status::INVALID))
        );
    }
}
