//! What `inspect` shows of a token.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::args::Args;
use super::certificates::Certificates;
use super::findings::{self, because};
use crate::audit::{Checks, Finding, Format, SignatureState, TokenJudgement, Verdict, judge_token};
use crate::commands::certificates::Authorities;
use crate::commands::{Answer, Code, Context, Error};
use crate::list::{Duration, Moment, Status, Timestamp};
use crate::wire::shell::quote;
use crate::wire::text::printable;

/// What a token says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    kind: Format,
    bytes: usize,
    verdict: Verdict,
    signature: Signature,
    certificates: Option<Certificates>,
    header: Map<String, Value>,
    /// What a CWT has beside it; a JWT has no such part.
    unprotected_header: Option<Map<String, Value>>,
    claims: Map<String, Value>,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    ttl: Option<u64>,
    list: Option<List>,
    entry: Option<Entry>,
    findings: Vec<Finding>,
    #[serde(skip)]
    now: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Signature {
    checked: bool,
    valid: Option<bool>,
    key_id: Option<String>,
    #[serde(skip)]
    state: SignatureState,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    bits: u8,
    entries: u64,
    compressed_bytes: Option<usize>,
    inflated_bytes: usize,
    zlib_header: Option<String>,
    statuses: Vec<Count>,
}

/// How many entries have a status.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Count {
    pub(crate) status: Status,
    status_name: &'static str,
    pub(crate) entries: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    idx: u64,
    status: Status,
    status_name: &'static str,
}

pub(crate) fn run(args: &Args, context: &Context<'_>, bytes: &[u8]) -> Result<Answer, Error> {
    let keys = args.checking.verifying.keys(context)?;
    let authorities = args.checking.verifying.certificates.authorities(context)?;
    let asked = args.asked("a token")?;
    let judgement = judge_token(
        bytes,
        &Checks {
            at: args.checking.at.map(Moment::start),
            max_age: args.checking.max_age,
            keys: keys.as_ref(),
            trust: authorities.as_ref().map(Authorities::trust),
            uri: asked.uri,
            audience: args.checking.audience.as_deref(),
            profile: args.profile,
            ..Checks::new(context.clock.now(), args.inflate.limit())
        },
    );
    let index = asked.index_in(judgement.subject.as_deref());
    let (entry, beyond) = match index.and_then(|index| Some((index, judgement.entry(index)?))) {
        None => (None, None),
        Some((index, Ok(status))) => (Some(Entry::of(index, status)), None),
        Some((index, Err(finding))) => (None, Some((index, finding))),
    };
    let target = quote(&args.target);
    let verdict = refusal(&judgement, &target, beyond);
    if !judgement.is_readable() {
        // There is nothing to show.
        return Err(
            verdict.unwrap_or_else(|| Error::new(Code::BadToken, format!("{target} is no token")))
        );
    }
    let mut answer = Answer::report(Token::of(
        judgement,
        entry,
        bytes.len(),
        context.clock.now(),
    ));
    answer.verdict = verdict;
    Ok(answer)
}

/// The refusal that goes with the first fault.
fn refusal(
    judgement: &TokenJudgement,
    target: &str,
    beyond: Option<(u64, Finding)>,
) -> Option<Error> {
    if let Some(finding) = judgement.error() {
        let refusal = if let Some(reference) = &judgement.reference {
            findings::not_a_list(target, &reference.uri, reference.index)
                .because(printable(&format!("its status is {reference}")))
        } else if !judgement.is_readable() {
            let problem = format!("{target} is no list file, and no token that can be read");
            Error::new(Code::BadToken, problem)
                .because(because(finding))
                .hint("a Status List Token in JWT or CWT format is needed")
        } else {
            findings::rejected(target, finding)
        };
        return Some(refusal.detail(
            "findings",
            serde_json::to_value(&judgement.findings).unwrap_or_default(),
        ));
    }
    if judgement.verdict() == Verdict::Uncheckable {
        return Some(findings::uncheckable(target, None));
    }
    let entries = judgement
        .list
        .as_ref()
        .map_or(0, crate::token::StatusList::entries);
    beyond.map(|(index, finding)| findings::beyond(target, index, &finding, entries))
}

impl Signature {
    fn of(state: SignatureState) -> Self {
        let (valid, key_id) = match &state {
            SignatureState::NotChecked | SignatureState::Untrusted => (None, None),
            SignatureState::Invalid => (Some(false), None),
            SignatureState::Valid(key_id) => (Some(true), Some(key_id.clone())),
        };
        Self {
            checked: valid.is_some(),
            valid,
            key_id,
            state,
        }
    }
}

impl Entry {
    fn of(idx: u64, status: Status) -> Self {
        Self {
            idx,
            status,
            status_name: status.name(),
        }
    }
}

impl Token {
    fn of(judgement: TokenJudgement, entry: Option<Entry>, bytes: usize, now: Timestamp) -> Self {
        let verdict = judgement.verdict();
        let signature = Signature::of(judgement.signature);
        let compressed = judgement.compressed;
        let zlib_header = judgement.zlib_header.map(|header| header.to_string());
        let list = judgement.list.map(|list| List {
            bits: list.width.bits(),
            entries: list.entries(),
            compressed_bytes: compressed,
            inflated_bytes: list.bytes.len(),
            zlib_header,
            statuses: counts(judgement.counts, list.width),
        });
        let mut claims = judgement.payload;
        if let Some(Value::Object(list)) = claims.get_mut("status_list") {
            // Up to many megabytes, and shown as counts instead.
            list.remove("lst");
        }
        let anchor = judgement.trusted.map(|trusted| trusted.anchor);
        let certificates = judgement
            .certificates
            .map(|chain| Certificates::of(&chain, anchor));
        Self {
            kind: judgement.format,
            bytes,
            verdict,
            signature,
            certificates,
            header: judgement.header,
            unprotected_header: (judgement.format == Format::Cwt).then_some(judgement.unprotected),
            claims,
            issued_at: judgement.issued_at,
            expires_at: judgement.expires_at,
            ttl: judgement.ttl,
            list,
            entry,
            findings: judgement.findings,
            now,
        }
    }
}

/// The statuses that occur.
pub(crate) fn counts(entries: Vec<u64>, width: crate::list::Width) -> Vec<Count> {
    entries
        .into_iter()
        .zip(0_u64..)
        .filter(|(entries, _)| *entries > 0)
        .filter_map(|(entries, value)| {
            let status = Status::new(value, width).ok()?;
            Some(Count {
                status,
                status_name: status.name(),
                entries,
            })
        })
        .collect()
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Valid => "valid",
            Verdict::Unverified => "no fault found, but the signature was not checked",
            Verdict::Uncheckable => "no fault found, but the signature could not be checked",
            Verdict::Rejected => "must be rejected",
        };
        let signature = match &self.signature.state {
            SignatureState::Valid(key_id) => format!("valid, with key {}", printable(key_id)),
            SignatureState::Invalid => "does not verify".to_owned(),
            SignatureState::Untrusted => "not checked: no trusted certificate".to_owned(),
            SignatureState::NotChecked if self.certificates.is_some() => {
                "not checked (--key, --jwks or --trust)".to_owned()
            }
            SignatureState::NotChecked => "not checked (--key or --jwks)".to_owned(),
        };
        writeln!(formatter, "token:      {}, {} bytes", self.kind, self.bytes)?;
        writeln!(formatter, "verdict:    {verdict}")?;
        writeln!(formatter, "signature:  {signature}")?;
        write!(formatter, "header:     {}", self.object(&self.header))?;
        match &self.unprotected_header {
            Some(members) if !members.is_empty() => {
                writeln!(formatter, "; unprotected: {}", self.object(members))?;
            }
            _ => writeln!(formatter)?,
        }
        for (name, value) in &self.claims {
            if !matches!(name.as_str(), "iat" | "exp" | "ttl" | "status_list") {
                let label = format!("{}:", printable(&self.kind.label(name)));
                writeln!(formatter, "{label:<11} {}", plain(value))?;
            }
        }
        self.times(formatter)?;
        if let Some(certificates) = &self.certificates {
            certificates.fmt(formatter)?;
        }
        if let Some(list) = &self.list {
            list.fmt(formatter)?;
        }
        if let Some(Value::Object(list)) = self.claims.get("status_list")
            && let Some(uri) = list.get("aggregation_uri")
        {
            writeln!(formatter, "aggregated: {}", plain(uri))?;
        }
        if let Some(entry) = &self.entry {
            writeln!(formatter, "entry:      {} is {}", entry.idx, entry.status)?;
        }
        findings::write(formatter, &self.findings)
    }
}

impl Token {
    /// The members of a header; certificates are shown apart if they can be read.
    fn object(&self, members: &Map<String, Value>) -> String {
        let apart = |name: &str| self.certificates.is_some() && matches!(name, "x5c" | "x5chain");
        object(members, apart)
    }

    fn times(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = self.issued_at {
            writeln!(
                formatter,
                "issued:     {time}, {}",
                distance(time, self.now)
            )?;
        }
        if let Some(time) = self.expires_at {
            writeln!(
                formatter,
                "expires:    {time}, {}",
                distance(time, self.now)
            )?;
        }
        if let Some(seconds) = self.ttl {
            let words = Duration::from_seconds(seconds)
                .map_or_else(String::new, |duration| format!(" ({duration})"));
            writeln!(formatter, "ttl:        {seconds} seconds{words}")?;
        }
        Ok(())
    }
}

impl fmt::Display for List {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "entries:    {} of {}",
            self.entries,
            crate::commands::counted(self.bits.into(), "bit", "bits")
        )?;
        let header = self.zlib_header.as_deref().unwrap_or("-");
        if let Some(compressed) = self.compressed_bytes {
            writeln!(
                formatter,
                "list:       {} bytes, {compressed} compressed, zlib header {header}",
                self.inflated_bytes
            )?;
        }
        for count in &self.statuses {
            writeln!(
                formatter,
                "  {:<24} {}",
                count.status.to_string(),
                count.entries
            )?;
        }
        Ok(())
    }
}

/// How long ago, or how far ahead.
pub(crate) fn distance(time: Timestamp, now: Timestamp) -> String {
    let seconds = time.second().abs_diff(now.second());
    match Duration::from_seconds(seconds) {
        None if seconds == 0 => "now".to_owned(),
        None => "more than a century away".to_owned(),
        Some(duration) if time > now => format!("in {duration}"),
        Some(duration) => format!("{duration} ago"),
    }
}

/// JSON as text in which nothing can drive a terminal: a token is somebody else's text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        other => printable(&other.to_string()),
    }
}

/// Members in one line, but for those that are shown apart.
pub(crate) fn object(members: &Map<String, Value>, apart: impl Fn(&str) -> bool) -> String {
    let members: Vec<_> = members
        .iter()
        .filter(|(name, _)| !apart(name))
        .map(|(name, value)| format!("{} {}", printable(name), plain(value)))
        .collect();
    members.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_in_words() {
        let at = Timestamp::from_second;
        assert_eq!(distance(at(10), at(10)), "now");
        assert_eq!(distance(at(3_610), at(10)), "in 1h");
        assert_eq!(distance(at(10), at(100)), "1m 30s ago");
        assert_eq!(
            distance(at(i64::MAX), at(i64::MIN)),
            "more than a century away"
        );
    }
}
