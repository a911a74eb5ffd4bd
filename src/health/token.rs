//! How long what is published may still be relied on.

use serde::Serialize;

use super::Level;
use crate::list::{Securing, Timestamp, View};
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

/// The times by which the state of a token follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// For how many seconds before its end it is renewed; half of its validity if nobody said it.
    pub(crate) renew_before: Option<i64>,
    /// When a change that it does not show is to be published, or was.
    pub(crate) change_due: Option<Timestamp>,
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

impl Times {
    /// For how many seconds before its end a token is renewed. A token that never ends is never
    /// renewed.
    fn renew_before(&self) -> Option<i64> {
        let end = self.expires_at?.second();
        let half = || {
            let issued = self.issued_at.map_or(end, Timestamp::second);
            end.saturating_sub(issued).max(0) / 2
        };
        Some(self.renew_before.unwrap_or_else(half))
    }

    /// When it is to be written anew: for its renewal, or for a change if that is earlier.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        let renewal = self.renew_before().and_then(|before| {
            let end = self.expires_at?.second();
            Some(Timestamp::from_second(end.saturating_sub(before)))
        });
        match (renewal, self.change_due) {
            (Some(renewal), Some(change)) => Some(renewal.min(change)),
            (renewal, change) => renewal.or(change),
        }
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
        let patience = self.renew_before().map_or(i64::MAX, |before| before / 2);
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

    fn at(now: i64) -> Times {
        Times {
            issued_at: Some(Timestamp::from_second(1000)),
            expires_at: Some(Timestamp::from_second(2000)),
            renew_before: None,
            change_due: None,
            now: Timestamp::from_second(now),
        }
    }

    #[test]
    fn a_token_becomes_due_expiring_and_expired() {
        for (now, state) in [
            (0, TokenState::Fresh),
            (1499, TokenState::Fresh),
            (1500, TokenState::Due),
            (1750, TokenState::Due),
            (1751, TokenState::Expiring),
            (1999, TokenState::Expiring),
            (2000, TokenState::Expired),
        ] {
            assert_eq!(at(now).state(), state, "{now}");
        }
        assert_eq!(at(0).due_at(), Some(Timestamp::from_second(1500)));
    }

    #[test]
    fn another_time_for_renewal_and_a_change_that_waits() {
        let early = |now| Times {
            renew_before: Some(100),
            ..at(now)
        };
        assert_eq!(early(1899).state(), TokenState::Fresh);
        assert_eq!(early(1900).state(), TokenState::Due);
        assert_eq!(early(1951).state(), TokenState::Expiring);
        let waiting = |now| Times {
            change_due: Some(Timestamp::from_second(1100)),
            ..at(now)
        };
        assert_eq!(waiting(1099).state(), TokenState::Fresh);
        assert_eq!(waiting(1100).state(), TokenState::Due);
        assert_eq!(waiting(1351).state(), TokenState::Expiring);
        assert_eq!(waiting(0).due_at(), Some(Timestamp::from_second(1100)));
    }

    #[test]
    fn what_never_ends_is_fresh_until_something_changes() {
        let endless = Times {
            expires_at: None,
            ..at(i64::MAX)
        };
        assert_eq!(endless.state(), TokenState::Fresh);
        assert_eq!(endless.due_at(), None);
        let waiting = Times {
            change_due: Some(Timestamp::from_second(5)),
            ..endless
        };
        assert_eq!(waiting.state(), TokenState::Due);
    }
}
