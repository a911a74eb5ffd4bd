//! What `inspect` shows of a token.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::args::Args;
use super::certificates::Certificates;
use super::findings::{self, because};
use super::shown::{
    ListSize, StatusCount, in_words, object, plain, status_counts, verdict, write_counts,
    write_time,
};
use crate::audit::{
    Checks, Finding, SignatureState, TokenFormat, TokenJudgement, Verdict, judge_token,
};
use crate::commands::certificates::Authorities;
use crate::commands::{Answer, Code, Context, Error};
use crate::list::{Status, Timestamp};
use crate::token::StatusList;
use crate::wire::shell::quote;
use crate::wire::text::printable;

/// What a token says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenShown {
    kind: TokenFormat,
    bytes: usize,
    verdict: Verdict,
    signature: TokenSignature,
    certificates: Option<Certificates>,
    header: Map<String, Value>,
    /// What a CWT has beside it; a JWT has no such part.
    unprotected_header: Option<Map<String, Value>>,
    claims: Map<String, Value>,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    ttl: Option<u64>,
    list: Option<TokenList>,
    entry: Option<TokenEntry>,
    findings: Vec<Finding>,
    #[serde(skip)]
    state: SignatureState,
    #[serde(skip)]
    now: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenSignature {
    checked: bool,
    valid: Option<bool>,
    key_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenList {
    #[serde(flatten)]
    size: ListSize,
    zlib_header: Option<String>,
    statuses: Vec<StatusCount>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenEntry {
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
            at: args.checking.at.map(|moment| moment.start),
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
        Some((idx, Ok(status))) => {
            let status_name = status.name();
            let entry = TokenEntry {
                idx,
                status,
                status_name,
            };
            (Some(entry), None)
        }
        Some((index, Err(finding))) => (None, Some((index, finding))),
    };
    let target = quote(&args.target);
    let refusal = refusal(&judgement, &target, beyond);
    if !judgement.is_readable() {
        return Err(findings::nothing_to_show(refusal, &target, "token"));
    }
    let now = context.clock.now();
    let shown = TokenShown::of(judgement, entry, bytes.len(), now);
    Ok(findings::judged(shown, refusal))
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
        return Some(findings::listed(refusal, &judgement.findings));
    }
    if judgement.verdict() == Verdict::Uncheckable {
        return Some(findings::uncheckable(target, None));
    }
    let entries = judgement.list.as_ref().map_or(0, StatusList::entries);
    beyond.map(|(index, finding)| findings::beyond(target, index, &finding, entries))
}

impl TokenShown {
    fn of(
        judgement: TokenJudgement,
        entry: Option<TokenEntry>,
        bytes: usize,
        now: Timestamp,
    ) -> Self {
        let verdict = judgement.verdict();
        let (valid, key_id) = match &judgement.signature {
            SignatureState::NotChecked | SignatureState::Untrusted => (None, None),
            SignatureState::Invalid => (Some(false), None),
            SignatureState::Valid(key_id) => (Some(true), Some(key_id.clone())),
        };
        let compressed = judgement.compressed;
        let zlib_header = judgement.zlib_header.map(|header| header.to_string());
        let list = judgement.list.map(|list| TokenList {
            size: ListSize {
                bits: list.width.bits(),
                entries: list.entries(),
                compressed_bytes: compressed,
                inflated_bytes: list.bytes.len(),
            },
            zlib_header,
            statuses: status_counts(judgement.counts, list.width),
        });
        let mut claims = judgement.payload;
        if let Some(Value::Object(list)) = claims.get_mut("status_list") {
            // Up to many megabytes, and shown as counts instead.
            list.shift_remove("lst");
        }
        let anchor = judgement.trusted.map(|trusted| trusted.anchor);
        let certificates = judgement
            .certificates
            .map(|chain| Certificates::of(&chain, anchor));
        Self {
            kind: judgement.format,
            bytes,
            verdict,
            signature: TokenSignature {
                checked: valid.is_some(),
                valid,
                key_id,
            },
            certificates,
            header: judgement.header,
            unprotected_header: (judgement.format == TokenFormat::Cwt)
                .then_some(judgement.unprotected),
            claims,
            issued_at: judgement.issued_at,
            expires_at: judgement.expires_at,
            ttl: judgement.ttl,
            list,
            entry,
            findings: judgement.findings,
            state: judgement.signature,
            now,
        }
    }
}

impl fmt::Display for TokenShown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = match &self.state {
            SignatureState::Valid(key_id) => format!("valid, with key {}", printable(key_id)),
            SignatureState::Invalid => "does not verify".to_owned(),
            SignatureState::Untrusted => "not checked: no trusted certificate".to_owned(),
            SignatureState::NotChecked if self.certificates.is_some() => {
                "not checked (--key, --jwks or --trust)".to_owned()
            }
            SignatureState::NotChecked => "not checked (--key or --jwks)".to_owned(),
        };
        writeln!(formatter, "token:      {}, {} bytes", self.kind, self.bytes)?;
        writeln!(formatter, "verdict:    {}", verdict(self.verdict))?;
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
        write_time(formatter, "issued:", self.issued_at, self.now)?;
        write_time(formatter, "expires:", self.expires_at, self.now)?;
        if let Some(seconds) = self.ttl {
            let words = in_words(seconds);
            writeln!(formatter, "ttl:        {seconds} seconds{words}")?;
        }
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

impl TokenShown {
    /// The members of a header; certificates are shown apart if they can be read.
    fn object(&self, members: &Map<String, Value>) -> String {
        let apart = |name: &str| self.certificates.is_some() && matches!(name, "x5c" | "x5chain");
        object(members, apart)
    }
}

impl fmt::Display for TokenList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.zlib_header.as_deref().unwrap_or("-");
        let header = format!(", zlib header {header}");
        self.size.write(formatter, &header)?;
        write_counts(formatter, &self.statuses)
    }
}
