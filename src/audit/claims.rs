//! The rules for claims, whatever the format of the token.

use std::time::Duration;

use super::finding::chain;
use super::judge::Judge;
use super::list::ReadList;
use crate::list::Timestamp;
use crate::token::NumericDate;

/// One claim, as the reader of a format found it.
pub(super) enum Claim<T> {
    Missing,
    /// What is wrong with it.
    Wrong(String),
    Is(T),
}

impl<T> Claim<T> {
    /// Takes what may be there and what reading it gave.
    pub(super) fn of<E: std::error::Error>(read: Option<Result<T, E>>) -> Self {
        match read {
            None => Self::Missing,
            Some(Ok(value)) => Self::Is(value),
            Some(Err(error)) => Self::Wrong(chain(&error)),
        }
    }
}

/// What a token claims, as far as it can be read.
pub(super) struct Read {
    pub(super) subject: Claim<String>,
    pub(super) issued_at: Claim<NumericDate>,
    pub(super) expires_at: Claim<NumericDate>,
    pub(super) not_before: Claim<NumericDate>,
    /// Whether there is an `aud`.
    pub(super) audience: bool,
    pub(super) ttl: Claim<Duration>,
    pub(super) list: Claim<ReadList>,
}

/// How far a clock may be ahead before a token from the future is refused, in seconds.
const SKEW: i64 = 60;

/// The last second of the year 9999, which ends what RFC 3339 can write.
const LAST_SECOND: u64 = 253_402_300_799;

const JWT: &str = "RFC 7519, section 7.2";

impl Judge<'_> {
    pub(super) fn claims(&mut self, read: &Read) {
        self.subject(&read.subject);
        let now = self.checks.now;
        self.judgement.issued_at = self.time("iat", &read.issued_at);
        match self.judgement.issued_at {
            None if matches!(read.issued_at, Claim::Missing) => {
                self.error_list("5.1", "there is no iat");
            }
            Some(issued) if issued.second() > now.second().saturating_add(SKEW) => {
                self.error(JWT, format!("it was issued in the future, at {issued}"));
            }
            _ => {}
        }
        self.judgement.expires_at = self.time("exp", &read.expires_at);
        match self.judgement.expires_at {
            None if matches!(read.expires_at, Claim::Missing) => self.warn_list(
                "5.1",
                "there is no exp: an old copy can be replayed for ever",
            ),
            Some(expires) if expires <= now => {
                self.error_list("8.3", format!("it expired at {expires}"));
            }
            _ => {}
        }
        if let Some(not_before) = self
            .time("nbf", &read.not_before)
            .filter(|time| *time > now)
        {
            self.error(JWT, format!("it is not valid before {not_before}"));
        }
        if read.audience {
            self.warn_list(
                "5.1",
                "it has an aud: readers that it does not name refuse it",
            );
        }
        match &read.ttl {
            Claim::Missing => self.warn_list(
                "5.1",
                "there is no ttl: readers guess how long to keep a copy",
            ),
            Claim::Is(ttl) => self.ttl(ttl.as_secs()),
            Claim::Wrong(fault) => self.error_list("5.1", format!("ttl: {fault}")),
        }
    }

    fn subject(&mut self, subject: &Claim<String>) {
        match subject {
            Claim::Is(subject) => {
                if let Some(uri) = self.checks.uri.filter(|uri| uri != subject) {
                    self.error_list("8.3", format!("sub is {subject:?}, not the uri {uri:?}"));
                }
                self.judgement.subject = Some(subject.clone());
            }
            Claim::Wrong(fault) => self.error_list("5.1", format!("sub is no string: {fault}")),
            Claim::Missing => self.error_list("5.1", "there is no sub"),
        }
    }

    fn ttl(&mut self, ttl: u64) {
        self.judgement.ttl = Some(ttl);
        if let (Some(issued), Some(expires)) = (self.judgement.issued_at, self.judgement.expires_at)
        {
            let validity = expires.second().saturating_sub(issued.second());
            if u64::try_from(validity).is_ok_and(|validity| ttl > validity) {
                self.warn_list("13.7", "ttl is longer than the token is valid");
            }
        }
    }

    fn time(&mut self, name: &str, claim: &Claim<NumericDate>) -> Option<Timestamp> {
        match claim {
            Claim::Missing => None,
            Claim::Is(time) => {
                let time = Timestamp::from_second(time.whole_seconds());
                if time.second().unsigned_abs() > LAST_SECOND {
                    let text = format!("{name} lies beyond the year 9999");
                    self.error("RFC 7519, section 2", text);
                }
                Some(time)
            }
            Claim::Wrong(fault) => {
                self.error("RFC 7519, section 4.1", format!("{name}: {fault}"));
                None
            }
        }
    }
}
