//! When it is time for another list.

/// How little is left of a series that has no list in reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scarcity {
    pub(crate) left: u64,
    pub(crate) size: u64,
}

impl Scarcity {
    /// From how many percent on it is time for another list.
    pub(crate) const NEARLY_FULL: u64 = 80;
    /// From how many percent on it is high time.
    pub(crate) const ALMOST_FULL: u64 = 95;

    /// How many percent are taken, rounded down.
    pub(crate) fn used(self) -> u64 {
        let taken = self.size.saturating_sub(self.left);
        let percent = u128::from(taken) * 100 / u128::from(self.size.max(1));
        u64::try_from(percent).unwrap_or(100)
    }

    /// The threshold that was passed, if one was.
    pub(crate) fn threshold(self) -> Option<u64> {
        [Self::ALMOST_FULL, Self::NEARLY_FULL]
            .into_iter()
            .find(|threshold| self.used() >= *threshold)
    }
}
