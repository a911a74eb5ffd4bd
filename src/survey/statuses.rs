//! Sets of statuses.

use crate::list::{Series, Status, View, Width};
use crate::token::oa_ocsp::DocumentAnswer;

/// The statuses that an entry may have, as far as what is published of it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Statuses([u64; 4]);

impl Statuses {
    /// This one alone.
    pub(crate) const fn only(status: Status) -> Self {
        let value = status.value();
        let mut words = [0; 4];
        words[(value / 64) as usize] = 1 << (value % 64);
        Self(words)
    }

    /// Those of a width that fit.
    pub(crate) fn matching(width: Width, fits: impl Fn(Status) -> bool) -> Self {
        let statuses = (0..=width.largest()).filter_map(|value| status(value, width));
        statuses
            .filter(|status| fits(*status))
            .fold(Self([0; 4]), |all, status| all.or(Self::only(status)))
    }

    /// Those for which an OCSP responder gives this answer, for whatever reason.
    pub(crate) fn answered(answer: DocumentAnswer, series: &Series, width: Width) -> Self {
        match answer {
            DocumentAnswer::Revoked(reason) if !reason.is_of_a_hold() => {
                Self::matching(width, |status| status == Status::INVALID)
            }
            DocumentAnswer::Revoked(_) | DocumentAnswer::Suspended => {
                Self::matching(width, |status| series.suspends(status))
            }
            DocumentAnswer::NotRevoked => {
                Self::matching(width, |status| !series.shows(View::OaOcsp, status))
            }
        }
    }

    /// Whether it is one of them.
    pub(crate) fn contains(self, status: Status) -> bool {
        self.and(Self::only(status)) != Self([0; 4])
    }

    /// Those that are in both.
    pub(crate) fn and(self, other: Self) -> Self {
        self.zip(other, |one, other| one & other)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self == Self([0; 4])
    }

    /// The one to take where several are left: no other than what is needed to agree.
    ///
    /// `valid` comes before all, then the lowest number.
    pub(crate) fn lowest(self) -> Option<Status> {
        (0..=u8::MAX)
            .filter_map(|value| status(value, Width::Eight))
            .find(|status| self.contains(*status))
    }

    /// The only one, if there is no other.
    pub(crate) fn only_one(self) -> Option<Status> {
        self.lowest().filter(|status| self == Self::only(*status))
    }

    /// Whether there are some, and all of them are among these.
    pub(crate) fn are_among(self, others: &[Status]) -> bool {
        let others = others
            .iter()
            .fold(Self([0; 4]), |all, status| all.or(Self::only(*status)));
        !self.is_empty() && self.and(others) == self
    }

    fn or(self, other: Self) -> Self {
        self.zip(other, |one, other| one | other)
    }

    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let mut words = self.0;
        for (word, other) in words.iter_mut().zip(other.0) {
            *word = join(*word, other);
        }
        Self(words)
    }
}

fn status(value: u8, width: Width) -> Option<Status> {
    Status::new(value.into(), width).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in_up_to_the_largest_status() {
        let of = |value: u64| Status::new(value, Width::Eight).unwrap();
        let odd = Statuses::matching(Width::Eight, |status| status.value() % 2 == 1);
        let last = Statuses::only(of(255));
        assert!(odd.contains(of(1)) && odd.contains(of(255)) && !odd.contains(of(254)));
        assert_eq!(odd.and(last), last);
        assert_eq!(odd.lowest(), Some(of(1)));
        assert!(odd.and(Statuses::only(of(64))).is_empty());
        assert!(last.are_among(&[of(3), of(255)]));
        assert!(!odd.are_among(&[of(1)]));
        let none = odd.and(Statuses::only(of(0)));
        assert_eq!(none.lowest(), None);
        assert!(!none.are_among(&[of(0)]));
    }
}
