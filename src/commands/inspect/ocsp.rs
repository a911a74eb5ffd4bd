//! What `inspect` shows of an answer of an `OpenAttestation` OCSP responder.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::args::Args;
use super::findings;
use crate::audit::{Finding, Verdict, judge_answer};
use crate::commands::{Answer, Code, Error};
use crate::list::DocumentHash;
use crate::token::oa_ocsp;
use crate::wire::shell::quote;

/// What an answer says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerShown {
    kind: &'static str,
    bytes: usize,
    verdict: Verdict,
    /// Absent in the document for all hashes that have none of their own.
    document_hash: Option<String>,
    revoked: Option<bool>,
    reason_code: Option<u16>,
    reason: Option<&'static str>,
    findings: Vec<Finding>,
}

pub(crate) fn run(args: &Args, object: &Map<String, Value>, bytes: usize) -> Result<Answer, Error> {
    args.refuse_checks("the answer of an OCSP responder")?;
    if args.entry.is_some() {
        let target = quote(&args.target);
        let message = format!("{target} is about one document, and has no entries");
        return Err(Error::new(Code::Refused, message).hint("leave --entry out"));
    }
    // The name of the file is what it is asked by; whoever spells it otherwise is not found.
    let asked = args
        .target
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(|name| name.parse::<DocumentHash>().ok());
    let judgement = judge_answer(object, asked);
    let refusal = judgement.error().map(|finding| {
        let refusal = findings::rejected(&quote(&args.target), finding)
            .hint("readers must not rely on it: it says neither that a document is valid nor that it is revoked");
        findings::listed(refusal, &judgement.findings)
    });
    let shown = AnswerShown {
        kind: "oa-ocsp",
        bytes,
        verdict: judgement.verdict(),
        document_hash: judgement.hash.map(|hash| hash.to_string()),
        revoked: judgement
            .answer
            .map(|answer| answer != oa_ocsp::DocumentAnswer::NotRevoked),
        reason_code: judgement
            .answer
            .and_then(oa_ocsp::DocumentAnswer::reason_code),
        reason: judgement.answer.and_then(reason),
        findings: judgement.findings,
    };
    Ok(findings::judged(shown, refusal))
}

const fn reason(answer: oa_ocsp::DocumentAnswer) -> Option<&'static str> {
    match answer {
        oa_ocsp::DocumentAnswer::NotRevoked => None,
        oa_ocsp::DocumentAnswer::Revoked(reason) => Some(reason.name()),
        oa_ocsp::DocumentAnswer::Suspended => Some("suspended"),
    }
}

impl fmt::Display for AnswerShown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Rejected => "must be rejected",
            Verdict::Valid | Verdict::Unverified | Verdict::Uncheckable => {
                "no fault found, but answers are not signed"
            }
        };
        let bytes = self.bytes;
        writeln!(formatter, "answer:     OpenAttestation OCSP, {bytes} bytes")?;
        writeln!(formatter, "verdict:    {verdict}")?;
        if self.revoked.is_some() {
            let hash = self.document_hash.as_deref();
            let hash = hash.unwrap_or("any without a file");
            writeln!(formatter, "document:   {hash}")?;
        }
        match (self.revoked, self.reason, self.reason_code) {
            (Some(true), Some(reason), Some(code)) => {
                writeln!(formatter, "status:     revoked, {reason} ({code})")?;
            }
            (Some(_), _, _) => writeln!(formatter, "status:     not revoked")?,
            (None, _, _) => {}
        }
        findings::write(formatter, &self.findings)
    }
}
