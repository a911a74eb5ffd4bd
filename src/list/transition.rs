//! Which status may follow which.

use thiserror::Error;

use super::{Breach, Profile, Reason, Status, Timestamp};

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
pub struct RemarkRequest {
    /// Another reason.
    pub reason: Option<Reason>,
    /// Another text; an empty one removes what is there.
    pub note: Option<String>,
    /// Another date of the fact.
    pub since: Option<Timestamp>,
}

/// Whether a final status may be left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinalStatuses {
    /// They stay.
    Kept,
    /// They may be left, because that was asked for.
    MayBeLeft,
}

/// Which statuses an entry does not leave.
#[derive(Clone, Copy, Debug)]
pub struct Finality<'a> {
    /// The final statuses of the series.
    pub statuses: &'a [Status],
    /// Whether they may be left all the same.
    pub permission: FinalStatuses,
    /// The profile of the series; under some nobody may undo a revocation.
    pub profile: Option<Profile>,
}

/// What a request amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Nothing differs.
    None,
    /// The same status with another remark.
    Annotate(Remark),
    /// Another status.
    Change(Remark),
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

/// Judges a request to give `wanted` to an entry that has `current`.
///
/// # Errors
/// `expected` is not what the entry has, or the entry would leave a final status without
/// permission.
pub fn judge(
    current: (Status, &Remark),
    wanted: (Status, &RemarkRequest),
    expected: Option<Status>,
    finality: Finality<'_>,
) -> Result<Transition, TransitionError> {
    let (status, remark) = current;
    let (next, request) = wanted;
    if let Some(expected) = expected.filter(|expected| *expected != status) {
        return Err(TransitionError::Precondition {
            current: status,
            expected,
        });
    }
    if next == status {
        let annotated = request.over(remark.clone());
        return Ok(if annotated == *remark {
            Transition::None
        } else {
            Transition::Annotate(annotated)
        });
    }
    finality.check(status)?;
    Ok(Transition::Change(request.over(Remark::default())))
}

impl Finality<'_> {
    /// Says why an entry with a final status stays as it is.
    #[must_use]
    pub fn refusal(self, current: Status) -> TransitionError {
        let profile = self.profile.filter(|_| current == Status::INVALID);
        match profile.and_then(Profile::irrevocable) {
            Some(breach) => TransitionError::Irrevocable(breach),
            None => TransitionError::Final { current },
        }
    }

    fn check(self, current: Status) -> Result<(), TransitionError> {
        match self.refusal(current) {
            refusal @ TransitionError::Irrevocable(_) => Err(refusal),
            refusal => {
                let kept = self.permission == FinalStatuses::Kept;
                if kept && self.statuses.contains(&current) {
                    Err(refusal)
                } else {
                    Ok(())
                }
            }
        }
    }
}

impl RemarkRequest {
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

    fn request(reason: Reason) -> RemarkRequest {
        RemarkRequest {
            reason: Some(reason),
            ..RemarkRequest::default()
        }
    }

    #[test]
    fn a_final_status_stays_unless_it_may_be_left() {
        let none = Remark::default();
        let plain = RemarkRequest::default();
        let back = (Status::VALID, &plain);
        assert_eq!(
            judge((Status::INVALID, &none), back, None, FINAL),
            Err(TransitionError::Final {
                current: Status::INVALID
            })
        );
        let allowed = Finality {
            permission: FinalStatuses::MayBeLeft,
            ..FINAL
        };
        assert_eq!(
            judge((Status::INVALID, &none), back, None, allowed),
            Ok(Transition::Change(Remark::default()))
        );
        assert_eq!(
            judge((Status::SUSPENDED, &none), back, None, FINAL),
            Ok(Transition::Change(Remark::default()))
        );
    }

    #[test]
    fn a_profile_may_keep_revocations_but_no_other_status() {
        let none = Remark::default();
        let plain = RemarkRequest::default();
        let finality = Finality {
            statuses: &[Status::INVALID, Status::SUSPENDED],
            permission: FinalStatuses::MayBeLeft,
            profile: Some(Profile::Eudi),
        };
        let leave = |status| judge((status, &none), (Status::VALID, &plain), None, finality);
        assert!(matches!(
            leave(Status::INVALID),
            Err(TransitionError::Irrevocable(breach)) if breach.profile == Profile::Eudi
        ));
        assert_eq!(
            leave(Status::SUSPENDED),
            Ok(Transition::Change(Remark::default()))
        );
    }

    #[test]
    fn the_same_again_is_nothing_and_another_remark_is_an_annotation() {
        let remark = Remark {
            reason: Reason::KeyCompromise,
            note: Some("lost phone".to_owned()),
            since: Some(Timestamp::from_second(5)),
        };
        let current = (Status::INVALID, &remark);
        let plain = RemarkRequest::default();
        let same = (Status::INVALID, &plain);
        assert_eq!(judge(current, same, None, FINAL), Ok(Transition::None));
        let repeated = request(Reason::KeyCompromise);
        let same = (Status::INVALID, &repeated);
        assert_eq!(judge(current, same, None, FINAL), Ok(Transition::None));
        let other = request(Reason::Superseded);
        let annotated = Remark {
            reason: Reason::Superseded,
            ..remark.clone()
        };
        assert_eq!(
            judge(current, (Status::INVALID, &other), None, FINAL),
            Ok(Transition::Annotate(annotated))
        );
        let erased = RemarkRequest {
            note: Some(String::new()),
            ..RemarkRequest::default()
        };
        let without_note = Remark {
            note: None,
            ..remark.clone()
        };
        assert_eq!(
            judge(current, (Status::INVALID, &erased), None, FINAL),
            Ok(Transition::Annotate(without_note))
        );
    }

    #[test]
    fn a_change_starts_with_an_empty_remark() {
        let held = Remark {
            reason: Reason::CertificateHold,
            note: Some("hold".to_owned()),
            since: None,
        };
        let plain = RemarkRequest::default();
        assert_eq!(
            judge(
                (Status::SUSPENDED, &held),
                (Status::INVALID, &plain),
                None,
                FINAL
            ),
            Ok(Transition::Change(Remark::default()))
        );
    }

    #[test]
    fn an_expectation_that_is_not_met_refuses_even_the_same_status() {
        let none = Remark::default();
        let plain = RemarkRequest::default();
        assert_eq!(
            judge(
                (Status::INVALID, &none),
                (Status::INVALID, &plain),
                Some(Status::VALID),
                FINAL
            ),
            Err(TransitionError::Precondition {
                current: Status::INVALID,
                expected: Status::VALID
            })
        );
    }
}
