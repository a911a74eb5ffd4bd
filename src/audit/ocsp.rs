//! Judging an answer of an `OpenAttestation` OCSP responder.

use serde_json::{Map, Value};

use super::finding::{Finding, Findings, chain, first_error};
use super::verdict::{Assurance, Given, Verdict};
use crate::list::DocumentHash;
use crate::token::oa_ocsp::{DocumentAnswer, HashSpelling, is_answer, read_answer};
use crate::wire::json::parse_strict;

/// There is no specification but the programs.
const SOURCE: &str = "OpenAttestation OCSP responder";

/// What an answer says, and everything that is wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct AnswerJudgement {
    /// What it says, if readers understand it.
    pub answer: Option<DocumentAnswer>,
    /// The hash in it.
    pub hash: Option<DocumentHash>,
    /// Everything that was found, errors first.
    pub findings: Vec<Finding>,
}

impl AnswerJudgement {
    /// Whether readers may rely on the answer: never more than that nothing speaks against it, for
    /// it is not signed. So it is not for whoever has a key to check it with.
    pub(crate) fn verdict(&self) -> Verdict {
        Verdict::of(&self.findings, Assurance::Unchecked, Given::Nothing)
    }

    /// The first finding for which readers must reject the answer.
    pub(crate) fn error(&self) -> Option<&Finding> {
        first_error(&self.findings)
    }
}

/// Tells whether bytes are meant to be an answer.
pub(crate) fn recognise_answer(bytes: &[u8]) -> Option<Map<String, Value>> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    match parse_strict(bytes) {
        Ok(Value::Object(object)) if is_answer(&object) => Some(object),
        _ => None,
    }
}

/// Judges an answer. `asked` is the hash that it was asked for by, if that is known.
///
/// Source: the responder of `OpenAttestation` and its reader, `@govtechsg/oa-verify` 9.4.0.
pub(crate) fn judge_answer(
    object: &Map<String, Value>,
    asked: Option<DocumentHash>,
) -> AnswerJudgement {
    let mut findings = Findings::default();
    let read = read_answer(object).inspect_err(|error| findings.error(SOURCE, chain(error)));
    let read = read.ok();
    if let Some(read) = &read {
        if read.spelling == HashSpelling::Unusual {
            findings.warn(
                SOURCE,
                "documentHash is not written with 0x and in lower case",
            );
        }
        if let (Some(asked), Some(hash)) = (asked, read.hash)
            && asked != hash
        {
            let text = format!("it is about {hash}, but stands where {asked} belongs");
            findings.error(SOURCE, text);
        }
        if read.answer == DocumentAnswer::NotRevoked && object.contains_key("reasonCode") {
            findings.warn(SOURCE, "it has a reasonCode, but is not revoked");
        }
    }
    let text = "answers are not signed: whoever runs the host can say anything";
    findings.note(SOURCE, text);
    AnswerJudgement {
        answer: read.as_ref().map(|read| read.answer),
        hash: read.and_then(|read| read.hash),
        findings: findings.sorted(),
    }
}
