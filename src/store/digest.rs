//! What the chain covers of the rows of a revision.

use super::chain::{ChainWriter, Hash};
use super::documents::DocumentRow;
use super::error::StoreError;
use super::format::Format;
use super::later::{LabelRow, MemberRow, TermRow};
use super::rows::{AllocationRow, ChangeRow};
use super::sealed::Codes;
use crate::list::Timestamp;

/// Hashes the rows that a revision wrote with its body: first its allocations in the order of their
/// places, then its changes in the order of their entries, then its document hashes in the order of
/// their lists, then what was said of entries beside their allocation: labels, terms and members, each
/// in the order of their places. In a revision of format 1 the body comes first, and the number of
/// document hashes stands there only where there are some.
///
/// A token id stands in it by its HMAC under the key of the list (format 1: by its SHA-256), and so
/// does a note (format 1: as it is), so that the chain stays verifiable where they were removed: then
/// the code that a purge kept stands in their place ([`Codes`]).
pub(super) struct Digester {
    writer: ChainWriter,
    format: Format,
    allocations: i64,
    changes: i64,
    documents: i64,
    labels: i64,
    terms: i64,
    members: i64,
}

impl Digester {
    /// Begins the digest of a revision that is written now.
    pub(super) fn new() -> Self {
        Self::again(Format::NEWEST, "")
    }

    /// Begins the digest of a revision of this format and with this body.
    pub(super) fn again(format: Format, body: &str) -> Self {
        match format {
            Format::One => {
                let mut digester = Self::begin(format, "statuslist/digest/1");
                digester.writer.text(body);
                digester
            }
            Format::Two => Self::begin(format, "statuslist/digest/2"),
            Format::Three | Format::Four => Self::begin(format, "statuslist/digest/3"),
        }
    }

    fn begin(format: Format, domain: &str) -> Self {
        Self {
            writer: ChainWriter::new(domain),
            format,
            allocations: 0,
            changes: 0,
            documents: 0,
            labels: 0,
            terms: 0,
            members: 0,
        }
    }

    /// Takes an allocation.
    pub(super) fn allocation(
        &mut self,
        row: &AllocationRow,
        codes: &mut Codes<'_>,
    ) -> Result<(), StoreError> {
        self.allocations += 1;
        self.writer.text("allocation");
        self.writer.number(row.position());
        self.writer.number(i64::from(row.index.value()));
        self.code(codes.token_id(self.format, row)?);
        self.writer.optional(row.expires.map(Timestamp::second));
        self.writer.number(row.kind.number());
        Ok(())
    }

    /// Takes a change.
    pub(super) fn change(
        &mut self,
        row: &ChangeRow,
        codes: &mut Codes<'_>,
    ) -> Result<(), StoreError> {
        self.changes += 1;
        self.writer.text("change");
        self.writer.number(i64::from(row.entry.list.value()));
        self.writer.number(i64::from(row.entry.index.value()));
        self.writer.number(i64::from(row.old.value()));
        self.writer.number(i64::from(row.new.value()));
        self.writer.number(i64::from(row.remark.reason.code()));
        match (&row.remark.note, self.format) {
            (None, Format::One) => self.writer.number(0),
            (Some(note), Format::One) => {
                self.writer.number(1);
                self.writer.text(note);
            }
            (_, Format::Two | Format::Three | Format::Four) => match codes.change_note(row)? {
                None => self.writer.number(0),
                Some(code) => {
                    self.writer.number(1);
                    self.writer.fixed(&code);
                }
            },
        }
        self.writer
            .optional(row.remark.since.map(Timestamp::second));
        Ok(())
    }

    /// Takes a document hash.
    pub(super) fn document(&mut self, row: &DocumentRow) {
        self.documents += 1;
        self.writer.text("document");
        self.writer.number(i64::from(row.entry.list.value()));
        self.writer.number(i64::from(row.entry.index.value()));
        self.writer.number(row.role.number());
        self.writer.fixed(&row.hash.bytes());
    }

    /// Takes a token id that was said after the entry was handed out.
    pub(super) fn label(
        &mut self,
        row: &LabelRow,
        codes: &mut Codes<'_>,
    ) -> Result<(), StoreError> {
        self.labels += 1;
        self.writer.text("label");
        self.writer.number(row.position());
        self.writer.number(i64::from(row.index.value()));
        self.code(codes.label(row)?);
        Ok(())
    }

    /// Takes how long entries matter.
    pub(super) fn term(&mut self, row: &TermRow) {
        self.terms += 1;
        self.writer.text("term");
        self.writer.number(i64::from(row.list.value()));
        self.writer.bytes(&row.first.to_be_bytes());
        self.writer.bytes(&row.count.to_be_bytes());
        self.writer.optional(row.expires.map(Timestamp::second));
        self.writer.optional(row.kept_until.map(Timestamp::second));
    }

    /// Takes an entry of a group.
    pub(super) fn member(
        &mut self,
        row: &MemberRow,
        codes: &mut Codes<'_>,
    ) -> Result<(), StoreError> {
        self.members += 1;
        self.writer.text("member");
        self.writer.number(i64::from(row.entry.list.value()));
        self.writer.number(i64::from(row.entry.index.value()));
        self.code(codes.group(row)?);
        Ok(())
    }

    /// What stands for a text, if there is or was one.
    fn code(&mut self, code: Option<Hash>) {
        self.writer
            .bytes(code.as_ref().map_or(&[], |code| &code[..]));
    }

    /// Ends with the body: what it says of the lists is known when the rows are.
    pub(super) fn finish(mut self, body: &str) -> Hash {
        self.writer.number(self.allocations);
        self.writer.number(self.changes);
        match self.format {
            Format::One if self.documents == 0 => {}
            Format::One => self.writer.number(self.documents),
            Format::Two => {
                self.writer.number(self.documents);
                self.writer.text(body);
            }
            Format::Three | Format::Four => {
                for count in [self.documents, self.labels, self.terms, self.members] {
                    self.writer.number(count);
                }
                self.writer.text(body);
            }
        }
        self.writer.finish()
    }
}
