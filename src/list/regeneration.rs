//! When a token is published anew.
//!
//! A change waits from its revision until a token shows it. How long it may wait is the policy of
//! whoever publishes: at once, at most so often, or together with others. Whatever the policy, a
//! token is renewed while enough of its validity is left, so that what caches hold never expires.
//!
//! One function, [`Policy::due`], says when: for the publication itself, for what is promised when
//! a status is set, and for monitors.

use thiserror::Error;

use super::{Duration, Status, Timestamp, Width};

/// When changes are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// As soon as there is one.
    OnDemand,
    /// At most once in an interval.
    Periodic,
    /// When they have been collected for a time, or there are many.
    Batched,
    /// As [`Strategy::Periodic`], but those to urgent statuses at once.
    Hybrid,
}

/// When tokens are published anew; it does not contradict itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) strategy: Strategy,
    /// How far two tokens of a list are apart at least, if only changes call for them.
    pub(crate) periodic_interval: Duration,
    /// How long changes are collected.
    pub(crate) batch_window: Duration,
    /// How many changes are published without waiting longer.
    pub(crate) max_batch_size: u64,
    /// The statuses that an entry does not wait for.
    pub(crate) urgent_statuses: Vec<Status>,
    /// How long before its end a token is renewed; `None`: half of its validity.
    pub(crate) renew_before: Option<Duration>,
}

/// The times of a token that is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) issued_at: Timestamp,
    /// `None` if it never ends.
    pub(crate) expires_at: Option<Timestamp>,
}

/// The changes of a list that no token shows yet: at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) count: u64,
    /// When the first of them was made.
    pub(crate) oldest: Timestamp,
    /// Whether one of them gave an entry an urgent status.
    pub(crate) is_urgent: bool,
}

/// When a token is to be published, which may be in the past, and why then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) at: Timestamp,
    pub(crate) reason: Reason,
}

/// Why a token is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Changes are published as soon as there are some.
    Change,
    /// A change is urgent.
    Urgent,
    /// The interval since the last token has passed.
    Interval,
    /// Changes have been collected long enough.
    Window,
    /// As many changes wait as may.
    Full,
    /// Its validity comes to its end.
    Renewal,
}

/// Why a policy does not fit what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Contradiction {
    /// A token would be due for renewal as soon as it is made.
    #[error("tokens are valid for {} s and to be renewed {} s before their end", valid_for.seconds(), renew_before.seconds())]
    RenewalAtOnce {
        valid_for: Duration,
        renew_before: Duration,
    },
    /// The renewal comes before the interval has passed, so it never counts.
    #[error("the interval of {} s is longer than the {} s after which tokens are renewed", interval.seconds(), renewed_after)]
    IntervalTooLong {
        interval: Duration,
        /// In seconds.
        renewed_after: u64,
    },
    /// Changes would be collected longer than until the renewal.
    #[error("the window of {} s is longer than the {} s after which tokens are renewed", window.seconds(), renewed_after)]
    WindowTooLong {
        window: Duration,
        /// In seconds.
        renewed_after: u64,
    },
    /// No entry can have the status.
    #[error("entries of {width} cannot have the urgent status {status}")]
    UrgentDoesNotFit { status: Status, width: Width },
    /// Nothing would ever be urgent.
    #[error("changes to urgent statuses are published at once, and there are no urgent statuses")]
    NothingUrgent,
}

impl Default for Policy {
    /// Every change at once; the rest as the status-issuer integration guide has it.
    fn default() -> Self {
        let seconds = |seconds| Duration::from_seconds(seconds).unwrap_or(Duration::HOUR);
        Self {
            strategy: Strategy::OnDemand,
            periodic_interval: seconds(300),
            batch_window: seconds(60),
            max_batch_size: 1_000,
            urgent_statuses: vec![Status::INVALID],
            renew_before: None,
        }
    }
}

impl Strategy {
    pub(crate) const ALL: [Self; 4] = [Self::OnDemand, Self::Periodic, Self::Batched, Self::Hybrid];

    /// The name in settings.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::Periodic => "periodic",
            Self::Batched => "batched",
            Self::Hybrid => "hybrid",
        }
    }
}

impl std::str::FromStr for Strategy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        all.find(|strategy| strategy.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no such strategy; there are: {names}")
        })
    }
}

impl Policy {
    /// How long before its end a token is renewed that is valid for so long.
    pub(crate) fn renew_before(&self, valid_for: Duration) -> Duration {
        self.renew_before.unwrap_or(valid_for.half())
    }

    /// How long a cache may keep a token at most, at any moment: what is left of the validity never
    /// falls below the time before its end at which it is renewed.
    pub(crate) fn max_age(&self, ttl: Duration, valid_for: Duration) -> Duration {
        ttl.min(self.renew_before(valid_for))
    }

    /// When a published token is to be replaced; `None` if never, as nothing waits and it never
    /// ends.
    pub(crate) fn due(&self, published: Validity, waiting: Option<Waiting>) -> Option<Due> {
        let renewal = self.renewal(published);
        let change = waiting.map(|waiting| self.change(published, waiting));
        match (change, renewal) {
            (Some(change), Some(renewal)) if renewal.at < change.at => Some(renewal),
            (change, renewal) => change.or(renewal),
        }
    }

    /// When a token is to be renewed although nothing waits.
    pub(crate) fn renewal(&self, published: Validity) -> Option<Due> {
        let (from, to) = (published.issued_at.second(), published.expires_at?.second());
        let at = match self.renew_before {
            Some(before) => to.saturating_sub_unsigned(before.seconds()),
            None => from.saturating_add(to.saturating_sub(from) / 2),
        };
        Some(Due {
            at: Timestamp::from_second(at),
            reason: Reason::Renewal,
        })
    }

    fn change(&self, published: Validity, waiting: Waiting) -> Due {
        let after_interval = published.issued_at.plus(self.periodic_interval);
        let (at, reason) = match self.strategy {
            Strategy::OnDemand => (waiting.oldest, Reason::Change),
            Strategy::Hybrid if waiting.is_urgent => (waiting.oldest, Reason::Urgent),
            Strategy::Periodic | Strategy::Hybrid => (after_interval, Reason::Interval),
            Strategy::Batched if waiting.count >= self.max_batch_size => {
                (waiting.oldest, Reason::Full)
            }
            Strategy::Batched => (waiting.oldest.plus(self.batch_window), Reason::Window),
        };
        // No change is due before it is made.
        let at = at.max(waiting.oldest);
        Due { at, reason }
    }

    /// Judges the policy for tokens that are valid for so long, of entries of this width.
    ///
    /// # Errors
    /// It cannot be followed, or part of it would never count.
    pub(crate) fn check(&self, valid_for: Duration, width: Width) -> Result<(), Contradiction> {
        let renew_before = self.renew_before(valid_for);
        let renewed_after = valid_for.seconds().saturating_sub(renew_before.seconds());
        // Half of a second is no time.
        if renewed_after == 0 && self.renew_before.is_some() {
            return Err(Contradiction::RenewalAtOnce {
                valid_for,
                renew_before,
            });
        }
        let (interval, window) = (self.periodic_interval, self.batch_window);
        match self.strategy {
            Strategy::Periodic | Strategy::Hybrid if interval.seconds() > renewed_after => {
                return Err(Contradiction::IntervalTooLong {
                    interval,
                    renewed_after,
                });
            }
            Strategy::Batched if window.seconds() > renewed_after => {
                return Err(Contradiction::WindowTooLong {
                    window,
                    renewed_after,
                });
            }
            Strategy::Hybrid if self.urgent_statuses.is_empty() => {
                return Err(Contradiction::NothingUrgent);
            }
            _ => {}
        }
        let mut urgent = self.urgent_statuses.iter().copied();
        match urgent
            .find(|status| self.strategy == Strategy::Hybrid && status.value() > width.largest())
        {
            Some(status) => Err(Contradiction::UrgentDoesNotFit { status, width }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "regeneration_tests.rs"]
mod tests;
