//! How long what is published may still be relied on.

use serde::Serialize;

use super::Level;
use crate::list::{Policy, Securing, Timestamp, Validity, View, Waiting};
use crate::site::{Digest, SitePath};
use crate::survey::Signature;

/// One published file that readers ask for by its uri.
#[derive(Clone, Debug)]
pub(crate) struct TokenHealth {
    pub(crate) view: Option<View>,
    /// Nothing for a file of a folder whose uri nobody knows.
    pub(crate) uri: Option<String>,
    /// Nothing where no site is known.
    pub(crate) path: Option<SitePath>,
    pub(crate) state: TokenState,
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// When it is to be written anew, or was.
    pub(crate) due_at: Option<Timestamp>,
    /// The revision of the list file that it shows, if that is known.
    pub(crate) revision: Option<i64>,
    pub(crate) sha256: Option<Digest>,
    /// What speaks for it; nothing if nobody looked.
    pub(crate) signature: Option<Signature>,
}

impl TokenHealth {
    /// Whether nobody signs such files.
    pub(crate) fn is_unsigned(&self) -> bool {
        let securing = self.view.map(|view| view.row().securing);
        securing == Some(Securing::Nothing)
    }
}

/// How long a published file may be relied on, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TokenState {
    /// It is of the newest state, and its renewal is not due.
    Fresh,
    /// Nobody could look at it.
    Unknown,
    /// It is to be written anew: its renewal is due, or a change that it does not show.
    Due,
    /// It has been due for longer than half of the time that was left then: a publication was
    /// missed, and perhaps more.
    Expiring,
    /// Nobody may rely on it any more.
    Expired,
    /// It is not there.
    Missing,
    /// It is not what was published, or no reader may rely on it.
    Wrong,
}

/// What the state of a token follows from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenTimes<'a> {
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// The changes that it does not show.
    pub(crate) waiting: Option<Waiting>,
    pub(crate) policy: &'a Policy,
    pub(crate) now: Timestamp,
}

impl TokenState {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Unknown => "unknown",
            Self::Due => "due",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Missing => "missing",
            Self::Wrong => "wrong",
        }
    }

    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Fresh | Self::Unknown => Level::Fine,
            Self::Due => Level::Due,
            Self::Expiring => Level::Expiring,
            Self::Expired => Level::Expired,
            Self::Missing | Self::Wrong => Level::Fault,
        }
    }
}

impl TokenTimes<'_> {
    /// The validity, of a token that says when it was issued.
    fn validity(&self) -> Option<Validity> {
        Some(Validity {
            issued_at: self.issued_at?,
            expires_at: self.expires_at,
        })
    }

    /// When it is to be written anew: for its renewal, or for a change if that is earlier.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        let due = self.policy.due(self.validity()?, self.waiting)?;
        Some(due.at)
    }

    /// For how many seconds what is due may wait: half of the time from its renewal to its end.
    fn patience(&self) -> Option<i64> {
        let renewal = self.policy.renewal(self.validity()?)?;
        let left = self
            .expires_at?
            .second()
            .saturating_sub(renewal.at.second());
        Some(left.max(0) / 2)
    }

    /// The state at this time. What is due becomes expiring once half of the time for renewal has
    /// passed since.
    pub(crate) fn state(&self) -> TokenState {
        let now = self.now.second();
        if self.expires_at.is_some_and(|end| end.second() <= now) {
            return TokenState::Expired;
        }
        let Some(due) = self.due_at().map(Timestamp::second) else {
            return TokenState::Fresh;
        };
        // What never ends can wait, but not unseen.
        let patience = self.patience().unwrap_or(i64::MAX);
        if now < due {
            TokenState::Fresh
        } else if now.saturating_sub(due) > patience {
            TokenState::Expiring
        } else {
            TokenState::Due
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Duration;

    fn at(now: i64, policy: &Policy) -> TokenTimes<'_> {
        TokenTimes {
            issued_at: Some(Timestamp::from_second(1000)),
            expires_at: Some(Timestamp::from_second(2000)),
            waiting: None,
            policy,
            now: Timestamp::from_second(now),
        }
    }

    fn since(second: i64) -> Waiting {
        Waiting {
            count: 1,
            oldest: Timestamp::from_second(second),
            is_urgent: false,
        }
    }

    #[test]
    fn a_token_becomes_due_expiring_and_expired() {
        let policy = Policy::default();
        for (now, state) in [
            (0, TokenState::Fresh),
            (1499, TokenState::Fresh),
            (1500, TokenState::Due),
            (1750, TokenState::Due),
            (1751, TokenState::Expiring),
            (1999, TokenState::Expiring),
            (2000, TokenState::Expired),
        ] {
            assert_eq!(at(now, &policy).state(), state, "{now}");
        }
        assert_eq!(at(0, &policy).due_at(), Some(Timestamp::from_second(1500)));
    }

    #[test]
    fn another_time_for_renewal() {
        let policy = Policy {
            renew_before: Duration::from_seconds(100),
            ..Policy::default()
        };
        for (now, state) in [
            (1899, TokenState::Fresh),
            (1900, TokenState::Due),
            (1950, TokenState::Due),
            (1951, TokenState::Expiring),
        ] {
            assert_eq!(at(now, &policy).state(), state, "{now}");
        }
    }

    #[test]
    fn a_change_that_waits() {
        let policy = Policy::default();
        for (now, state) in [
            (1100, TokenState::Due),
            (1350, TokenState::Due),
            (1351, TokenState::Expiring),
        ] {
            let waiting = TokenTimes {
                waiting: Some(since(1100)),
                ..at(now, &policy)
            };
            assert_eq!(waiting.state(), state, "{now}");
            assert_eq!(waiting.due_at(), Some(Timestamp::from_second(1100)));
        }
    }

    #[test]
    fn what_never_ends_is_fresh_until_something_changes() {
        let policy = Policy::default();
        let endless = TokenTimes {
            expires_at: None,
            ..at(i64::MAX, &policy)
        };
        assert_eq!(endless.state(), TokenState::Fresh);
        assert_eq!(endless.due_at(), None);
        let waiting = TokenTimes {
            waiting: Some(since(1005)),
            ..endless
        };
        assert_eq!(waiting.state(), TokenState::Due);
    }
}
