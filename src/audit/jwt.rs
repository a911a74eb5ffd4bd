//! Judging a Status List Token in JWT format.

use serde_json::{Map, Value};

use super::finding::{Finding, Severity, chain};
use crate::list::{Timestamp, Width};
use crate::sign::{Compact, JoseError, KeySet, parse_compact, trim_compact};
use crate::token::{self, InflateLimit, StatusList, ZlibHeader, jwt, time_to_live};

/// What a token is judged against.
#[derive(Clone, Copy)]
pub struct Checks<'a> {
    /// The time.
    pub now: Timestamp,
    /// Keys that are trusted, if any are known. The key that a token brings is not.
    pub keys: Option<&'a KeySet>,
    /// The uri that credentials name, if it is known.
    pub uri: Option<&'a str>,
    /// The most bytes that the list may inflate to.
    pub limit: InflateLimit,
}

/// What is known of the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureState {
    /// No key was given.
    NotChecked,
    /// It verifies with the key of this id.
    Valid(String),
    /// It does not verify with any key that was given.
    Invalid,
}

/// What a token says, as far as it can be read, and everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The header.
    pub header: Map<String, Value>,
    /// The claims, with `status_list` as it came.
    pub payload: Map<String, Value>,
    /// `sub`.
    pub subject: Option<String>,
    /// `iat`, rounded down to a second.
    pub issued_at: Option<Timestamp>,
    /// `exp`, rounded down to a second.
    pub expires_at: Option<Timestamp>,
    /// `ttl` in seconds, rounded down.
    pub ttl: Option<u64>,
    /// The two bytes that the compressed list begins with.
    pub zlib_header: Option<ZlibHeader>,
    /// The bytes of the compressed list.
    pub compressed: Option<usize>,
    /// The entries.
    pub list: Option<StatusList>,
    /// What is known of the signature.
    pub signature: SignatureState,
    /// Everything that was found, errors first.
    pub findings: Vec<Finding>,
}

/// How far a clock may be ahead before a token from the future is refused, in seconds.
const SKEW: i64 = 60;

/// The last second of the year 9999, which ends what RFC 3339 can write.
const LAST_SECOND: u64 = 253_402_300_799;

const JWT: &str = "RFC 7519, section 7.2";
const JWS: &str = "RFC 7515, section 5.2";
const BEST_PRACTICE: &str = "RFC 8725, section 3.1";

/// Judges a token: its form, its signature if keys are known, its claims and its list.
///
/// Every rule is checked, whatever broke before it, as far as there is something to check.
///
/// Source: draft-ietf-oauth-status-list-21, section 8.3, and what it refers to.
#[must_use]
pub fn judge_jwt(text: &[u8], checks: &Checks<'_>) -> Judgement {
    let mut judge = Judge {
        checks,
        judgement: Judgement::empty(),
    };
    let (trimmed, surrounding) = trim_compact(text);
    if surrounding.is_some() {
        judge.warn_list(
            "8.2",
            "white space surrounds the token: strict readers refuse it",
        );
    }
    match parse_compact(trimmed) {
        Ok(compact) => judge.compact(&compact),
        Err(error) => judge.error(JWS, chain(&error)),
    }
    let mut judgement = judge.judgement;
    judgement.findings.sort_by_key(|finding| finding.severity);
    judgement
}

impl Judgement {
    fn empty() -> Self {
        Self {
            header: Map::new(),
            payload: Map::new(),
            subject: None,
            issued_at: None,
            expires_at: None,
            ttl: None,
            zlib_header: None,
            compressed: None,
            list: None,
            signature: SignatureState::NotChecked,
            findings: Vec::new(),
        }
    }

    /// The first finding for which readers must reject the token.
    #[must_use]
    pub fn error(&self) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.severity == Severity::Error)
    }
}

struct Judge<'a> {
    checks: &'a Checks<'a>,
    judgement: Judgement,
}

impl Judge<'_> {
    fn compact(&mut self, compact: &Compact) {
        self.judgement.header.clone_from(compact.header());
        self.judgement.payload.clone_from(compact.payload());
        self.header(compact);
        self.signature(compact);
        self.claims(compact.payload());
        self.list(compact.payload());
    }

    fn header(&mut self, compact: &Compact) {
        match compact.header().get("typ") {
            None => self.error_list("5.1", "the header has no typ"),
            Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::TYPE) => {}
            Some(Value::String(typ)) if typ.eq_ignore_ascii_case(jwt::MEDIA_TYPE) => {
                self.warn_list(
                    "5.1",
                    format!("typ is {typ}: most readers expect {}", jwt::TYPE),
                );
            }
            Some(typ) => self.error_list("5.1", format!("typ is {typ}, not \"{}\"", jwt::TYPE)),
        }
        if let Err(error) = compact.algorithm() {
            self.error(BEST_PRACTICE, chain(&error));
        }
        if let Err(error) = compact.check_extensions() {
            self.error("RFC 7515, section 4.1.11", chain(&error));
        }
    }

    fn signature(&mut self, compact: &Compact) {
        let Some(keys) = self.checks.keys else {
            return;
        };
        self.judgement.signature = SignatureState::Invalid;
        let Ok(algorithm) = compact.algorithm() else {
            return;
        };
        let key_id = compact.header().get("kid").and_then(Value::as_str);
        let mut said = None;
        for key in keys.candidates(key_id, algorithm) {
            match compact.verify(key) {
                Ok(()) => {
                    self.judgement.signature = SignatureState::Valid(key.key_id().to_owned());
                    return;
                }
                Err(error) => said = Some(error),
            }
        }
        let text = match said {
            Some(JoseError::BadSignature) => "the signature does not verify".to_owned(),
            Some(error) => chain(&error),
            None => match keys.keys() {
                [only] if only.algorithm() != algorithm => {
                    format!(
                        "the token is signed with {algorithm}, but the key is for {}",
                        only.algorithm()
                    )
                }
                _ => format!("none of the keys fits algorithm {algorithm} and kid {key_id:?}"),
            },
        };
        self.error(JWS, text);
    }

    fn claims(&mut self, payload: &Map<String, Value>) {
        match payload.get("sub") {
            Some(Value::String(subject)) => {
                if let Some(uri) = self.checks.uri.filter(|uri| uri != subject) {
                    self.error_list("8.3", format!("sub is {subject:?}, not the uri {uri:?}"));
                }
                self.judgement.subject = Some(subject.clone());
            }
            Some(other) => self.error_list("5.1", format!("sub is no string: {}", kind(other))),
            None => self.error_list("5.1", "there is no sub"),
        }
        let now = self.checks.now;
        self.judgement.issued_at = self.time(payload, "iat");
        match self.judgement.issued_at {
            None if !payload.contains_key("iat") => self.error_list("5.1", "there is no iat"),
            Some(issued) if issued.second() > now.second().saturating_add(SKEW) => {
                self.error(JWT, format!("it was issued in the future, at {issued}"));
            }
            _ => {}
        }
        self.judgement.expires_at = self.time(payload, "exp");
        match self.judgement.expires_at {
            None if !payload.contains_key("exp") => {
                self.warn_list(
                    "5.1",
                    "there is no exp: an old copy can be replayed for ever",
                );
            }
            Some(expires) if expires <= now => {
                self.error_list("8.3", format!("it expired at {expires}"));
            }
            _ => {}
        }
        if let Some(not_before) = self.time(payload, "nbf").filter(|time| *time > now) {
            self.error(JWT, format!("it is not valid before {not_before}"));
        }
        if payload.contains_key("aud") {
            self.warn_list(
                "5.1",
                "it has an aud: readers that it does not name refuse it",
            );
        }
        match payload.get("ttl").map(time_to_live) {
            None => self.warn_list(
                "5.1",
                "there is no ttl: readers guess how long to keep a copy",
            ),
            Some(Ok(ttl)) => self.ttl(ttl.as_secs()),
            Some(Err(error)) => self.error_list("5.1", format!("ttl: {}", chain(&error))),
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

    fn time(&mut self, payload: &Map<String, Value>, name: &str) -> Option<Timestamp> {
        let value = payload.get(name)?;
        match token::NumericDate::from_json(value) {
            Ok(time) => {
                let time = Timestamp::from_second(time.whole_seconds());
                if time.second().unsigned_abs() > LAST_SECOND {
                    let text = format!("{name} lies beyond the year 9999");
                    self.error("RFC 7519, section 2", text);
                }
                Some(time)
            }
            Err(error) => {
                self.error(
                    "RFC 7519, section 4.1",
                    format!("{name}: {}", chain(&error)),
                );
                None
            }
        }
    }

    fn list(&mut self, payload: &Map<String, Value>) {
        let Some(claim) = payload.get("status_list") else {
            self.error_list("5.1", "there is no status_list");
            return;
        };
        let width = jwt::width(claim)
            .map_err(|error| self.error_list("4.2", chain(&error)))
            .ok();
        if let Err(error) = jwt::aggregation_uri(claim) {
            self.error_list("4.2", chain(&error));
        }
        let stream = jwt::stream(claim).map_err(|error| self.error_list("4.2", chain(&error)));
        let Ok(stream) = stream else {
            return;
        };
        self.judgement.compressed = Some(stream.len());
        self.judgement.zlib_header = ZlibHeader::parse(&stream).ok();
        let other = |header: &ZlibHeader| header.bytes() != ZlibHeader::BEST.bytes();
        if let Some(header) = self.judgement.zlib_header.filter(other) {
            let [first, second] = header.bytes();
            self.warn_list(
                "4.1",
                format!(
                    "the zlib header is {first:02x}{second:02x}: some readers accept 78da alone"
                ),
            );
        }
        match token::inflate(&stream, self.checks.limit) {
            Ok(bytes) => {
                let width = width.unwrap_or(Width::One);
                self.judgement.list = Some(StatusList { width, bytes });
            }
            Err(error) => {
                self.error_list("4.1", format!("lst does not inflate: {}", chain(&error)));
            }
        }
    }

    fn error(&mut self, source: &str, text: impl Into<String>) {
        let finding = Finding::of(Severity::Error, source, text);
        self.judgement.findings.push(finding);
    }

    fn error_list(&mut self, section: &str, text: impl Into<String>) {
        let finding = Finding::of_list(Severity::Error, section, text);
        self.judgement.findings.push(finding);
    }

    fn warn_list(&mut self, section: &str, text: impl Into<String>) {
        let finding = Finding::of_list(Severity::Warning, section, text);
        self.judgement.findings.push(finding);
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
