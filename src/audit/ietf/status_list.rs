//! The rules for the list in a token, whatever its format.

use super::claims::{Claim, Read};
use super::format::Name;
use super::judge::Judge;
use crate::audit::finding::chain;
use crate::list::{Status, Width, pages};
use crate::token::{self, Reference, StatusList, ZlibHeader};

/// The members of `status_list`, as far as they can be read.
pub(in crate::audit) struct ReadList {
    pub(in crate::audit) width: Result<Width, String>,
    /// The compressed entries.
    pub(in crate::audit) stream: Result<Vec<u8>, String>,
    pub(in crate::audit) aggregation_uri: Claim<String>,
    /// The names of all other members.
    pub(in crate::audit) others: Vec<String>,
}

impl Judge<'_> {
    pub(in crate::audit) fn list(&mut self, read: Read) {
        let section = self.format.list_section();
        let list = match read.list {
            Claim::Is(list) => list,
            Claim::Wrong(fault) => return self.error_draft(section, fault),
            Claim::Missing => return self.no_list(read.reference),
        };
        if let Err(fault) = &list.width {
            self.error_draft(section, fault);
        }
        match list.aggregation_uri {
            Claim::Missing => {}
            Claim::Is(uri) => self.judgement.aggregation_uri = Some(uri),
            Claim::Wrong(fault) => self.error_draft(section, fault),
        }
        if !list.others.is_empty() {
            let text = format!(
                "status_list has further members: {}",
                list.others.join(", ")
            );
            self.note_draft(section, text);
        }
        match &list.stream {
            Ok(stream) => self.stream(stream, list.width.ok()),
            Err(fault) => self.error_draft(section, fault),
        }
    }

    /// Credentials are taken for lists: what points one to its entry has nearly the same name.
    fn no_list(&mut self, reference: Claim<Reference>) {
        let section = self.format.token_section();
        let missing = format!("there is no {}", self.format.claim(Name::StatusList));
        match reference {
            Claim::Missing => self.error_draft(section, missing),
            Claim::Is(reference) => {
                let text = format!("{missing}: it is a credential, whose status is {reference}");
                self.error_draft(section, text);
                self.judgement.reference = Some(reference);
            }
            Claim::Wrong(fault) => {
                self.error_draft(section, missing);
                self.error_draft(self.format.reference_section(), fault);
            }
        }
    }

    fn stream(&mut self, stream: &[u8], width: Option<Width>) {
        self.judgement.compressed = Some(stream.len());
        self.judgement.zlib_header = ZlibHeader::parse(stream).ok();
        let other = |header: &ZlibHeader| header.bytes() != ZlibHeader::BEST.bytes();
        if let Some(header) = self.judgement.zlib_header.filter(other) {
            let text = format!("the zlib header is {header}: some readers accept 78da alone");
            self.warn_draft("4.1", text);
        }
        match token::inflate(stream, self.checks.limit) {
            // Without its width nobody knows where an entry begins.
            Ok(bytes) => {
                if let Some(width) = width {
                    self.entries(StatusList { width, bytes });
                }
            }
            Err(error) => {
                self.error_draft("4.1", format!("lst does not inflate: {}", chain(&error)));
            }
        }
    }

    fn entries(&mut self, list: StatusList) {
        let counts = pages::count(&list.bytes, list.width, list.entries());
        if list.bytes.is_empty() {
            self.warn_draft("4.1", "the list has no entries");
        }
        let unassigned: Vec<String> = (0_u64..)
            .zip(&counts)
            .filter(|(_, entries)| **entries > 0)
            .filter_map(|(value, _)| Status::new(value, list.width).ok())
            .filter(|status| !status.is_assigned())
            .map(|status| status.value().to_string())
            .collect();
        if !unassigned.is_empty() {
            let text = format!(
                "entries have statuses that nobody registered, which readers do not understand: {}",
                unassigned.join(", ")
            );
            self.warn_draft("7.1", text);
        }
        self.judgement.counts = counts;
        self.judgement.list = Some(list);
    }
}
