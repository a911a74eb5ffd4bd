//! Which status may follow which.

use thiserror::Error;

use super::{Reason, Status, Timestamp};

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
/// `expected` is not what the entry has, or the entry would leave one of the `final_statuses`
/// without permission.
pub fn judge(
    current: (Status, &Remark),
    wanted: (Status, &RemarkRequest),
    expected: Option<Status>,
    final_statuses: (&[Status], FinalStatuses),
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
    let (finals, permission) = final_statuses;
    if finals.contains(&status) && permission == FinalStatuses::Kept {
        return Err(TransitionError::Final { current: status });
    }
    Ok(Transition::Change(request.over(Remark::default())))
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

    const FINAL: (&[Status], FinalStatuses) = (&[Status::INVALID], FinalStatuses::Kept);

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
        let allowed = (FINAL.0, FinalStatuses::MayBeLeft);
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
