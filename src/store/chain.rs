//! The hash chain over all revisions.

use sha2::{Digest, Sha256};

use super::documents::DocumentRow;
use super::rows::{AllocationRow, ChangeRow};
use crate::list::Timestamp;

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// What a revision is chained over, beside the revision before it.
pub(super) struct Link<'a> {
    pub(super) rev: i64,
    pub(super) ts: i64,
    pub(super) op: &'a str,
    pub(super) op_id: &'a str,
    pub(super) request: &'a Hash,
    pub(super) visible: bool,
    pub(super) actor: &'a str,
    pub(super) note: &'a str,
    pub(super) digest: &'a Hash,
}

/// The value before the first revision.
pub(super) fn genesis(lineage: &str) -> Hash {
    let mut hasher = Writer::new("statuslist/genesis/1");
    hasher.text(lineage);
    hasher.finish()
}

impl Link<'_> {
    /// The value of a revision.
    pub(super) fn chain(&self, before: &Hash) -> Hash {
        let mut hasher = Writer::new("statuslist/chain/1");
        hasher.fixed(before);
        hasher.number(self.rev);
        hasher.number(self.ts);
        hasher.text(self.op);
        hasher.text(self.op_id);
        hasher.fixed(self.request);
        hasher.number(i64::from(self.visible));
        hasher.text(self.actor);
        hasher.text(self.note);
        hasher.fixed(self.digest);
        hasher.finish()
    }
}

/// Hashes the body of a revision with the rows that it wrote: first its allocations in the order
/// of their places, then its changes in the order of their entries, then its document hashes in the
/// order of their lists. A revision without document hashes has a digest without their number.
pub(super) struct Digester {
    writer: Writer,
    allocations: i64,
    changes: i64,
    documents: i64,
}

impl Digester {
    pub(super) fn new(body: &str) -> Self {
        let mut writer = Writer::new("statuslist/digest/1");
        writer.text(body);
        Self {
            writer,
            allocations: 0,
            changes: 0,
            documents: 0,
        }
    }

    /// Takes an allocation. A token id stands in the digest by its SHA-256, so that the chain
    /// stays verifiable where the ids were removed.
    pub(super) fn allocation(&mut self, row: &AllocationRow) {
        self.allocations += 1;
        self.writer.text("allocation");
        self.writer.number(row.position());
        self.writer.number(i64::from(row.index.value()));
        match &row.token {
            Some(token) => self.writer.bytes(&Sha256::digest(token.to_bytes())),
            None => self.writer.bytes(&[]),
        }
        self.writer.optional(row.expires.map(Timestamp::second));
        self.writer.number(row.kind.number());
    }

    /// Takes a change.
    pub(super) fn change(&mut self, row: &ChangeRow) {
        self.changes += 1;
        self.writer.text("change");
        self.writer.number(i64::from(row.entry.list.value()));
        self.writer.number(i64::from(row.entry.index.value()));
        self.writer.number(i64::from(row.old.value()));
        self.writer.number(i64::from(row.new.value()));
        self.writer.number(i64::from(row.remark.reason.code()));
        match &row.remark.note {
            Some(note) => {
                self.writer.number(1);
                self.writer.text(note);
            }
            None => self.writer.number(0),
        }
        self.writer
            .optional(row.remark.since.map(Timestamp::second));
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

    pub(super) fn finish(mut self) -> Hash {
        self.writer.number(self.allocations);
        self.writer.number(self.changes);
        if self.documents > 0 {
            self.writer.number(self.documents);
        }
        self.writer.finish()
    }
}

/// A hash over values of which each says how long it is.
pub(super) struct Writer(Sha256);

impl Writer {
    pub(super) fn new(domain: &str) -> Self {
        let mut writer = Self(Sha256::new());
        writer.text(domain);
        writer
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    pub(super) fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    pub(super) fn fixed(&mut self, hash: &Hash) {
        self.0.update(hash);
    }

    pub(super) fn optional(&mut self, number: Option<i64>) {
        self.number(i64::from(number.is_some()));
        self.number(number.unwrap_or(0));
    }

    pub(super) fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
