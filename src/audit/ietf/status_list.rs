//! The rules for the list in a token, whatever its format.

use super::format::{ClaimName, TokenFormat};
use super::read::{Claim, ReadList};
use super::token_judgement::TokenJudgement;
use crate::audit::finding::{Finding, Findings, Severity, chain, draft};
use crate::list::{Status, Width, pages};
use crate::token::{self, InflateLimit, Reference, StatusList, ZlibHeader};

/// Judges the claim that holds the list. `reference` is where a credential has its status: they are
/// taken for lists, for that claim has nearly the same name.
pub(super) fn judge_list(
    list: Claim<ReadList>,
    reference: Claim<Reference>,
    format: TokenFormat,
    limit: InflateLimit,
    findings: &mut Findings,
) -> TokenJudgement {
    match list {
        Claim::Is(list) => return members(list, format.rules().list, limit, findings),
        Claim::Wrong(fault) => findings.error_draft(format.rules().list, fault),
        Claim::Missing => {
            return TokenJudgement {
                reference: no_list(reference, format, findings),
                ..TokenJudgement::default()
            };
        }
    }
    TokenJudgement::default()
}

fn no_list(
    reference: Claim<Reference>,
    format: TokenFormat,
    findings: &mut Findings,
) -> Option<Reference> {
    let section = format.rules().token;
    let missing = format!("there is no {}", format.claim(ClaimName::STATUS_LIST));
    match reference {
        Claim::Missing => findings.error_draft(section, missing),
        Claim::Is(reference) => {
            let text = format!("{missing}: it is a credential, whose status is {reference}");
            findings.error_draft(section, text);
            return Some(reference);
        }
        Claim::Wrong(fault) => {
            findings.error_draft(section, missing);
            findings.error_draft(format.rules().reference, fault);
        }
    }
    None
}

fn members(
    list: ReadList,
    section: &str,
    limit: InflateLimit,
    findings: &mut Findings,
) -> TokenJudgement {
    let mut unreadable = |fault| findings.error_draft(section, fault);
    let width = list.width.map_err(&mut unreadable).ok();
    let aggregation_uri = match list.aggregation_uri {
        Claim::Missing => None,
        Claim::Is(uri) => Some(uri),
        Claim::Wrong(fault) => {
            unreadable(fault);
            None
        }
    };
    if !list.others.is_empty() {
        let others = list.others.join(", ");
        findings.note_draft(
            section,
            format!("status_list has further members: {others}"),
        );
    }
    let judged = match list.stream {
        Ok(stream) => judge_stream(&stream, width, limit, findings),
        Err(fault) => {
            findings.error_draft(section, fault);
            TokenJudgement::default()
        }
    };
    TokenJudgement {
        aggregation_uri,
        ..judged
    }
}

fn judge_stream(
    stream: &[u8],
    width: Option<Width>,
    limit: InflateLimit,
    findings: &mut Findings,
) -> TokenJudgement {
    let zlib_header = ZlibHeader::parse(stream).ok();
    let other = |header: &ZlibHeader| header.bytes() != ZlibHeader::BEST.bytes();
    if let Some(header) = zlib_header.filter(other) {
        let text = format!("the zlib header is {header}: some readers accept 78da alone");
        findings.warn_draft("4.1", text);
    }
    let list = match token::inflate(stream, limit) {
        // Without its width nobody knows where an entry begins.
        Ok(bytes) => width.map(|width| StatusList { width, bytes }),
        Err(error) => {
            let text = format!("lst does not inflate: {}", chain(&error));
            let finding = Finding::of(Severity::Error, draft("4.1"), text);
            findings.push(finding.inflating(&error));
            None
        }
    };
    let counts = list.as_ref().map_or_else(Vec::new, |list| {
        pages::count(&list.bytes, list.width, list.entries())
    });
    if let Some(list) = &list {
        judge_entries(list, &counts, findings);
    }
    TokenJudgement {
        zlib_header,
        compressed: Some(stream.len()),
        list,
        counts,
        ..TokenJudgement::default()
    }
}

fn judge_entries(list: &StatusList, counts: &[u64], findings: &mut Findings) {
    if list.bytes.is_empty() {
        findings.warn_draft("4.1", "the list has no entries");
    }
    let unassigned: Vec<String> = occurring(counts, list.width)
        .filter(|status| !status.is_assigned())
        .map(|status| status.value().to_string())
        .collect();
    if !unassigned.is_empty() {
        let text = format!(
            "entries have statuses that nobody registered, which readers do not understand: {}",
            unassigned.join(", ")
        );
        findings.warn_draft("7.1", text);
    }
}

/// The statuses of which there is an entry.
pub(super) fn occurring(counts: &[u64], width: Width) -> impl Iterator<Item = Status> {
    (0_u64..)
        .zip(counts)
        .filter(|(_, entries)| **entries > 0)
        .filter_map(move |(value, _)| Status::new(value, width).ok())
}
