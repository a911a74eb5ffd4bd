//! The rules for claims, whatever the format of the token.

use std::time::Duration;

use super::format::Name;
use super::judge::Judge;
use super::status_list::ReadList;
use crate::audit::finding::chain;
use crate::list::Timestamp;
use crate::token::{NumericDate, Reference, is_uri};

/// One claim, as the reader of a format found it.
pub(in crate::audit) enum Claim<T> {
    Missing,
    /// What is wrong with it.
    Wrong(String),
    Is(T),
}

/// What a token claims, as far as it can be read.
pub(in crate::audit) struct Read {
    pub(in crate::audit) issuer: Claim<String>,
    pub(in crate::audit) subject: Claim<String>,
    pub(in crate::audit) audience: Claim<Vec<String>>,
    pub(in crate::audit) expires_at: Claim<NumericDate>,
    pub(in crate::audit) not_before: Claim<NumericDate>,
    pub(in crate::audit) issued_at: Claim<NumericDate>,
    pub(in crate::audit) ttl: Claim<Duration>,
    pub(in crate::audit) list: Claim<ReadList>,
    /// Where its status is, if it is a credential.
    pub(in crate::audit) reference: Claim<Reference>,
    /// The names of all other claims.
    pub(in crate::audit) others: Vec<String>,
}

/// How far a clock may be ahead before a token from the future is refused, in seconds.
const SKEW: i64 = 60;

/// The last second of the year 9999, which ends what RFC 3339 can write.
const LAST_SECOND: u64 = 253_402_300_799;

/// What is shorter makes readers ask all the time, in seconds.
const SHORTEST: f64 = 10.0;

/// What is longer lets an old copy live on, in seconds: 366 days.
const LONGEST: f64 = 366.0 * 86_400.0;

impl<T> Claim<T> {
    /// Takes what may be there and what reading it gave.
    pub(in crate::audit) fn of<E: std::error::Error>(read: Option<Result<T, E>>) -> Self {
        match read {
            None => Self::Missing,
            Some(Ok(value)) => Self::Is(value),
            Some(Err(error)) => Self::Wrong(chain(&error)),
        }
    }

    pub(in crate::audit) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Missing | Self::Wrong(_) => None,
        }
    }
}

impl Judge<'_> {
    pub(in crate::audit) fn claims(&mut self, read: &Read) {
        self.subject(&read.subject);
        self.issuer(&read.issuer);
        self.audience(&read.audience);
        self.issued_at(&read.issued_at);
        self.expires_at(&read.expires_at);
        self.not_before(&read.not_before);
        self.ttl(&read.ttl);
        self.lifetimes(read);
        if !read.others.is_empty() {
            let text = format!("it has further claims: {}", read.others.join(", "));
            self.note_draft(self.format.token_section(), text);
        }
    }

    fn subject(&mut self, subject: &Claim<String>) {
        let (section, name) = (
            self.format.token_section(),
            self.format.claim(Name::Subject),
        );
        match subject {
            Claim::Is(subject) => {
                if !is_uri(subject) {
                    self.error_draft(section, format!("{name} is {subject:?}, which is no uri"));
                }
                if let Some(uri) = self.checks.uri.filter(|uri| uri != subject) {
                    let text = format!("{name} is {subject:?}, not the uri {uri:?}");
                    self.error_draft("8.3", text);
                }
                self.judgement.subject = Some(subject.clone());
            }
            Claim::Wrong(fault) => self.error_draft(section, format!("{name} is {fault}")),
            Claim::Missing => self.error_draft(section, format!("there is no {name}")),
        }
    }

    /// Nothing needs `iss`; it is not compared with the credential's since draft -04.
    fn issuer(&mut self, issuer: &Claim<String>) {
        match issuer {
            Claim::Missing => {}
            Claim::Is(issuer) => self.judgement.issuer = Some(issuer.clone()),
            Claim::Wrong(fault) => self.wrong(Name::Issuer, fault),
        }
    }

    /// Whoever is not named must reject the token; so must whoever goes by no name.
    fn audience(&mut self, audience: &Claim<Vec<String>>) {
        match audience {
            Claim::Missing => {}
            Claim::Is(readers) => {
                let named = |own: &str| readers.iter().any(|reader| reader == own);
                if !self.checks.audience.is_some_and(named) {
                    let name = self.format.claim(Name::Audience);
                    let text = format!("{name} names its only readers: {}", readers.join(", "));
                    self.error(self.format.claim_rule(Name::Audience), text);
                }
            }
            Claim::Wrong(fault) => self.wrong(Name::Audience, fault),
        }
    }

    fn issued_at(&mut self, claim: &Claim<NumericDate>) {
        self.judgement.issued_at = self.time(Name::IssuedAt, claim);
        let issued = match claim {
            Claim::Is(issued) => *issued,
            Claim::Wrong(_) => return,
            Claim::Missing => {
                let text = format!("there is no {}", self.format.claim(Name::IssuedAt));
                return self.error_draft(self.format.token_section(), text);
            }
        };
        let shown = Timestamp::from_second(issued.whole_seconds());
        let now = self.checks.now.second();
        if let Some(then) = self.checks.at {
            if issued > NumericDate::from_unix(then.second()) {
                self.error_draft("8.4", format!("it was issued after {then}, at {shown}"));
            }
        } else if issued > NumericDate::from_unix(now.saturating_add(SKEW)) {
            self.error_draft("8.3", format!("it was issued in the future, at {shown}"));
        }
        if let Some(max_age) = self.checks.max_age {
            let oldest = now.saturating_sub_unsigned(max_age.seconds());
            if issued < NumericDate::from_unix(oldest) {
                let text = format!("it was issued more than {max_age} ago, at {shown}");
                self.error_draft("8.3", text);
            }
        }
    }

    fn expires_at(&mut self, claim: &Claim<NumericDate>) {
        self.judgement.expires_at = self.time(Name::ExpirationTime, claim);
        let name = self.format.claim(Name::ExpirationTime);
        let expires = match (claim, self.checks.at) {
            (Claim::Is(expires), _) => *expires,
            (Claim::Wrong(_), _) => return,
            (Claim::Missing, Some(then)) => {
                let text = format!("there is no {name}: nothing shows that it held at {then}");
                return self.error_draft("8.4", text);
            }
            (Claim::Missing, None) => {
                let text = format!("there is no {name}: an old copy can be replayed for ever");
                return self.warn_draft(self.format.token_section(), text);
            }
        };
        let shown = Timestamp::from_second(expires.whole_seconds());
        if let Some(then) = self.checks.at {
            if expires <= NumericDate::from_unix(then.second()) {
                self.error_draft("8.4", format!("it had expired by {then}, at {shown}"));
            }
        } else if expires <= NumericDate::from_unix(self.checks.now.second()) {
            self.error_draft("8.3", format!("it expired at {shown}"));
        }
    }

    fn not_before(&mut self, claim: &Claim<NumericDate>) {
        let Some(shown) = self.time(Name::NotBefore, claim) else {
            return;
        };
        let moment = self.checks.at.unwrap_or(self.checks.now).second();
        if claim
            .value()
            .is_some_and(|time| *time > NumericDate::from_unix(moment))
        {
            let rule = self.format.claim_rule(Name::NotBefore);
            self.error(rule, format!("it is not valid before {shown}"));
        }
    }

    fn ttl(&mut self, claim: &Claim<Duration>) {
        let (section, name) = (
            self.format.token_section(),
            self.format.claim(Name::TimeToLive),
        );
        match claim {
            Claim::Missing => {
                let text = format!("there is no {name}: readers guess how long to keep a copy");
                self.warn_draft(section, text);
            }
            Claim::Is(ttl) => {
                self.judgement.ttl = Some(ttl.as_secs());
                self.reasonable(&name, ttl.as_secs_f64());
            }
            Claim::Wrong(fault) => self.error_draft(section, format!("{name} is {fault}")),
        }
    }

    /// Whether `iat`, `exp` and `ttl` make sense together.
    fn lifetimes(&mut self, read: &Read) {
        let (Some(issued), Some(expires)) = (read.issued_at.value(), read.expires_at.value())
        else {
            return;
        };
        self.judgement.valid_for = Some(issued.seconds_until(*expires));
        let validity = expires.seconds() - issued.seconds();
        if validity <= 0.0 {
            self.warn_draft("13.7", "it expires no later than it was issued");
            return;
        }
        self.reasonable("its validity", validity);
        if read
            .ttl
            .value()
            .is_some_and(|ttl| ttl.as_secs_f64() > validity)
        {
            let name = self.format.claim(Name::TimeToLive);
            self.warn_draft("13.7", format!("{name} is longer than the token is valid"));
        }
    }

    /// Readers that plan by these lengths should set bounds for them.
    fn reasonable(&mut self, name: &str, seconds: f64) {
        if seconds < SHORTEST {
            self.warn_draft("11.5", format!("{name} is shorter than 10 seconds"));
        } else if seconds > LONGEST {
            self.warn_draft("11.5", format!("{name} is longer than 366 days"));
        }
    }

    /// Takes a time down to whole seconds.
    fn time(&mut self, name: Name, claim: &Claim<NumericDate>) -> Option<Timestamp> {
        match claim {
            Claim::Missing => None,
            Claim::Is(time) => {
                let time = Timestamp::from_second(time.whole_seconds());
                if time.second().unsigned_abs() > LAST_SECOND {
                    let name = self.format.claim(name);
                    let text = format!("{name} lies beyond the year 9999");
                    self.error(self.format.time_rule(), text);
                }
                Some(time)
            }
            Claim::Wrong(fault) => {
                self.wrong(name, fault);
                None
            }
        }
    }

    /// A registered claim that is not what its own specification says.
    fn wrong(&mut self, name: Name, fault: &str) {
        let text = format!("{} is {fault}", self.format.claim(name));
        self.error(self.format.claim_rule(name), text);
    }
}
