//! The rules for the list in a token, whatever its format.

use super::format::{Format, Name};
use super::read::{Claim, ReadList};
use crate::audit::finding::{Finding, Findings, Severity, chain};
use crate::list::{Status, Width, pages};
use crate::token::{self, InflateLimit, Reference, StatusList, ZlibHeader};

/// What there is in the place of a list, and what was found in it.
#[derive(Default)]
pub(super) struct JudgedList {
    pub(super) aggregation_uri: Option<String>,
    /// Where the status of a credential is.
    pub(super) reference: Option<Reference>,
    pub(super) zlib_header: Option<ZlibHeader>,
    /// The bytes of the compressed list.
    pub(super) compressed: Option<usize>,
    pub(super) list: Option<StatusList>,
    /// How many entries have each value, from 0 on.
    pub(super) counts: Vec<u64>,
    pub(super) findings: Findings,
}

/// Judges the claim that holds the list. `reference` is where a credential has its status: they are
/// taken for lists, for that claim has nearly the same name.
pub(super) fn judge_list(
    list: Claim<ReadList>,
    reference: Claim<Reference>,
    format: Format,
    limit: InflateLimit,
) -> JudgedList {
    match list {
        Claim::Is(list) => members(list, format.list_section(), limit),
        Claim::Wrong(fault) => {
            let mut judged = JudgedList::default();
            judged.findings.error_draft(format.list_section(), fault);
            judged
        }
        Claim::Missing => no_list(reference, format),
    }
}

fn no_list(reference: Claim<Reference>, format: Format) -> JudgedList {
    let mut findings = Findings::default();
    let section = format.token_section();
    let missing = format!("there is no {}", format.claim(Name::StatusList));
    let reference = match reference {
        Claim::Missing => {
            findings.error_draft(section, missing);
            None
        }
        Claim::Is(reference) => {
            let text = format!("{missing}: it is a credential, whose status is {reference}");
            findings.error_draft(section, text);
            Some(reference)
        }
        Claim::Wrong(fault) => {
            findings.error_draft(section, missing);
            findings.error_draft(format.reference_section(), fault);
            None
        }
    };
    JudgedList {
        reference,
        findings,
        ..JudgedList::default()
    }
}

fn members(list: ReadList, section: &str, limit: InflateLimit) -> JudgedList {
    let mut findings = Findings::default();
    if let Err(fault) = &list.width {
        findings.error_draft(section, fault);
    }
    let aggregation_uri = match list.aggregation_uri {
        Claim::Missing => None,
        Claim::Is(uri) => Some(uri),
        Claim::Wrong(fault) => {
            findings.error_draft(section, fault);
            None
        }
    };
    if !list.others.is_empty() {
        let text = format!(
            "status_list has further members: {}",
            list.others.join(", ")
        );
        findings.note_draft(section, text);
    }
    let judged = match &list.stream {
        Ok(stream) => judge_stream(stream, list.width.ok(), limit),
        Err(fault) => {
            findings.error_draft(section, fault);
            JudgedList::default()
        }
    };
    findings.append(judged.findings);
    JudgedList {
        aggregation_uri,
        findings,
        ..judged
    }
}

fn judge_stream(stream: &[u8], width: Option<Width>, limit: InflateLimit) -> JudgedList {
    let mut findings = Findings::default();
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
            let finding = Finding::of_list(Severity::Error, "4.1", text);
            findings.push(finding.inflating(&error));
            None
        }
    };
    let counts = list.as_ref().map_or_else(Vec::new, |list| {
        pages::count(&list.bytes, list.width, list.entries())
    });
    if let Some(list) = &list {
        judge_entries(list, &counts, &mut findings);
    }
    JudgedList {
        zlib_header,
        compressed: Some(stream.len()),
        list,
        counts,
        findings,
        ..JudgedList::default()
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
