//! How long the certificates that vouch for tokens are in force.

use super::trouble::{Concern, Trouble};
use super::{FileContent, Level, Watch};
use crate::list::{Duration, Timestamp};
use crate::sign::Validity;

/// For how many days a certificate should be in force still, if nobody said it and it lasts long.
const DAYS: i64 = 30;

/// The certificates that were seen: of all the one that ends first.
#[derive(Default)]
pub(super) struct Certificates {
    first: Option<Validity>,
}

impl Certificates {
    pub(super) fn add(&mut self, content: &FileContent) {
        self.see(content.certificate);
    }

    pub(super) fn see(&mut self, validity: Option<Validity>) {
        let known = self.first.into_iter().chain(validity);
        self.first = known.min_by_key(|validity| validity.not_after);
    }

    /// When the first one ends.
    pub(super) fn first_end(&self) -> Option<Timestamp> {
        let first = self.first?;
        Some(Timestamp::from_second(first.not_after))
    }

    /// Whether it ends soon: within the days that were said, else within 30 days or the last quarter
    /// of its time, if that is shorter.
    pub(super) fn concern(&self, watch: &Watch<'_>) -> Option<Concern> {
        let validity = self.first?;
        let lasts = validity.not_after.saturating_sub(validity.not_before);
        let day = i64::try_from(Duration::DAY.seconds()).unwrap_or(i64::MAX);
        let wanted = match watch.certificate_days {
            Some(days) => i64::from(days).saturating_mul(day),
            None => (DAYS * day).min(lasts / 4),
        };
        let left = validity.not_after.saturating_sub(watch.now().second());
        let level = match left {
            ..0 => Level::Expired,
            left if left < wanted => Level::Expiring,
            _ => return None,
        };
        let ends = Timestamp::from_second(validity.not_after);
        Some(Trouble::Certificate { ends, level }.of(None, None))
    }
}
