//! The rules for claims, whatever the format of the token.

use std::time::Duration;

use super::format::{ClaimName, TokenFormat};
use super::read::{Claim, ReadClaims};
use super::status_list::judge_list;
use super::token_judgement::{Checks, TokenJudgement};
use crate::audit::finding::Findings;
use crate::list::Timestamp;
use crate::token::{NumericDate, is_uri};

/// How far a clock may be ahead before a token from the future is refused, in seconds.
const SKEW: i64 = 60;

/// The last second of the year 9999, which ends what RFC 3339 can write.
const LAST_SECOND: u64 = 253_402_300_799;

/// What is shorter makes readers ask all the time, in seconds.
const SHORTEST: f64 = 10.0;

/// What is longer lets an old copy live on, in seconds: 366 days.
const LONGEST: f64 = 366.0 * 86_400.0;

/// Judges the claims, and the list behind them.
pub(super) fn judge_claims(
    read: ReadClaims,
    format: TokenFormat,
    checks: &Checks<'_>,
    findings: &mut Findings,
) -> TokenJudgement {
    let mut rules = ClaimRules {
        format,
        checks,
        findings,
    };
    let subject = rules.subject(&read.subject);
    let issuer = rules.issuer(&read.issuer);
    rules.audience(&read.audience);
    let issued_at = rules.issued_at(&read.issued_at);
    let expires_at = rules.expires_at(&read.expires_at);
    rules.not_before(&read.not_before);
    let ttl = rules.ttl(&read.ttl);
    let valid_for = rules.lifetimes(&read);
    if !read.others.is_empty() {
        let text = format!("it has further claims: {}", read.others.join(", "));
        findings.note_draft(format.rules().token, text);
    }
    TokenJudgement {
        format,
        issuer,
        subject,
        issued_at,
        expires_at,
        valid_for,
        ttl,
        ..judge_list(read.list, read.reference, format, checks.limit, findings)
    }
}

/// What claims are judged by, and what was found. No rule sees what another one found.
struct ClaimRules<'a> {
    format: TokenFormat,
    checks: &'a Checks<'a>,
    findings: &'a mut Findings,
}

impl ClaimRules<'_> {
    fn subject(&mut self, subject: &Claim<String>) -> Option<String> {
        let section = self.format.rules().token;
        let name = self.format.claim(ClaimName::SUBJECT);
        match subject {
            Claim::Is(subject) => {
                if !is_uri(subject) {
                    self.broken(section, format!("{name} is {subject:?}, which is no uri"));
                }
                if let Some(uri) = self.checks.uri.filter(|uri| uri != subject) {
                    let text = format!("{name} is {subject:?}, not the uri {uri:?}");
                    self.broken("8.3", text);
                }
            }
            Claim::Wrong(fault) => self.broken(section, format!("{name} is {fault}")),
            Claim::Missing => self.broken(section, format!("there is no {name}")),
        }
        subject.value().cloned()
    }

    /// Nothing needs `iss`; it is not compared with the credential's since draft -04.
    fn issuer(&mut self, issuer: &Claim<String>) -> Option<String> {
        if let Claim::Wrong(fault) = issuer {
            self.wrong(ClaimName::ISSUER, fault);
        }
        issuer.value().cloned()
    }

    /// Whoever is not named must reject the token; so must whoever goes by no name.
    fn audience(&mut self, audience: &Claim<Vec<String>>) {
        match audience {
            Claim::Missing => {}
            Claim::Is(readers) => {
                let named = |own: &str| readers.iter().any(|reader| reader == own);
                if !self.checks.audience.is_some_and(named) {
                    let name = self.format.claim(ClaimName::AUDIENCE);
                    let text = format!("{name} names its only readers: {}", readers.join(", "));
                    self.findings
                        .error(self.format.claim_rule(ClaimName::AUDIENCE), text);
                }
            }
            Claim::Wrong(fault) => self.wrong(ClaimName::AUDIENCE, fault),
        }
    }

    fn issued_at(&mut self, claim: &Claim<NumericDate>) -> Option<Timestamp> {
        if let Claim::Missing = claim {
            let text = format!("there is no {}", self.format.claim(ClaimName::ISSUED_AT));
            self.broken(self.format.rules().token, text);
        }
        let shown = self.time(ClaimName::ISSUED_AT, claim)?;
        let issued = *claim.value()?;
        let now = self.checks.now.second();
        if let Some(then) = self.checks.at {
            if issued > NumericDate::from_unix(then.second()) {
                self.broken("8.4", format!("it was issued after {then}, at {shown}"));
            }
        } else if issued > NumericDate::from_unix(now.saturating_add(SKEW)) {
            self.broken("8.3", format!("it was issued in the future, at {shown}"));
        }
        if let Some(max_age) = self.checks.max_age {
            let oldest = now.saturating_sub_unsigned(max_age.seconds());
            if issued < NumericDate::from_unix(oldest) {
                let text = format!("it was issued more than {max_age} ago, at {shown}");
                self.broken("8.3", text);
            }
        }
        Some(shown)
    }

    fn expires_at(&mut self, claim: &Claim<NumericDate>) -> Option<Timestamp> {
        let name = self.format.claim(ClaimName::EXPIRES_AT);
        match (claim, self.checks.at) {
            (Claim::Missing, Some(then)) => {
                let text = format!("there is no {name}: nothing shows that it held at {then}");
                self.broken("8.4", text);
            }
            (Claim::Missing, None) => {
                let text = format!("there is no {name}: an old copy can be replayed for ever");
                self.findings.warn_draft(self.format.rules().token, text);
            }
            (Claim::Is(_) | Claim::Wrong(_), _) => {}
        }
        let shown = self.time(ClaimName::EXPIRES_AT, claim)?;
        let expires = *claim.value()?;
        if let Some(then) = self.checks.at {
            if expires <= NumericDate::from_unix(then.second()) {
                self.broken("8.4", format!("it had expired by {then}, at {shown}"));
            }
        } else if expires <= NumericDate::from_unix(self.checks.now.second()) {
            self.broken("8.3", format!("it expired at {shown}"));
        }
        Some(shown)
    }

    fn not_before(&mut self, claim: &Claim<NumericDate>) {
        let Some(shown) = self.time(ClaimName::NOT_BEFORE, claim) else {
            return;
        };
        let moment = self.checks.at.unwrap_or(self.checks.now).second();
        if claim
            .value()
            .is_some_and(|time| *time > NumericDate::from_unix(moment))
        {
            let rule = self.format.claim_rule(ClaimName::NOT_BEFORE);
            self.findings
                .error(rule, format!("it is not valid before {shown}"));
        }
    }

    fn ttl(&mut self, claim: &Claim<Duration>) -> Option<u64> {
        let section = self.format.rules().token;
        let name = self.format.claim(ClaimName::TIME_TO_LIVE);
        match claim {
            Claim::Missing => {
                let text = format!("there is no {name}: readers guess how long to keep a copy");
                self.findings.warn_draft(section, text);
            }
            Claim::Is(ttl) => self.reasonable(&name, ttl.as_secs_f64()),
            Claim::Wrong(fault) => self.broken(section, format!("{name} is {fault}")),
        }
        claim.value().map(Duration::as_secs)
    }

    /// For how long it is valid, and whether `iat`, `exp` and `ttl` make sense together.
    fn lifetimes(&mut self, read: &ReadClaims) -> Option<i64> {
        let (issued, expires) = (read.issued_at.value()?, read.expires_at.value()?);
        let validity = expires.seconds() - issued.seconds();
        if validity <= 0.0 {
            self.findings
                .warn_draft("13.7", "it expires no later than it was issued");
        } else {
            self.reasonable("its validity", validity);
            let ttl = read.ttl.value().map(Duration::as_secs_f64);
            if ttl.is_some_and(|ttl| ttl > validity) {
                let name = self.format.claim(ClaimName::TIME_TO_LIVE);
                self.findings
                    .warn_draft("13.7", format!("{name} is longer than the token is valid"));
            }
        }
        Some(issued.seconds_until(*expires))
    }

    /// A section of the Token Status List specification is broken.
    fn broken(&mut self, section: &str, text: impl Into<String>) {
        self.findings.error_draft(section, text);
    }

    /// Readers that plan by these lengths should set bounds for them.
    fn reasonable(&mut self, name: &str, seconds: f64) {
        if seconds < SHORTEST {
            self.findings
                .warn_draft("11.5", format!("{name} is shorter than 10 seconds"));
        } else if seconds > LONGEST {
            self.findings
                .warn_draft("11.5", format!("{name} is longer than 366 days"));
        }
    }

    /// Takes a time down to whole seconds.
    fn time(&mut self, name: ClaimName, claim: &Claim<NumericDate>) -> Option<Timestamp> {
        match claim {
            Claim::Missing => None,
            Claim::Is(time) => {
                let time = Timestamp::from_second(time.whole_seconds());
                if time.second().unsigned_abs() > LAST_SECOND {
                    let name = self.format.claim(name);
                    let text = format!("{name} lies beyond the year 9999");
                    self.findings.error(self.format.rules().time, text);
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
    fn wrong(&mut self, name: ClaimName, fault: &str) {
        let text = format!("{} is {fault}", self.format.claim(name));
        self.findings.error(self.format.claim_rule(name), text);
    }
}
