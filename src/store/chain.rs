//! The hash chain over all revisions.

use sha2::{Digest, Sha256};

use super::documents::DocumentRow;
use super::error::StoreError;
use super::format::Format;
use super::keys::{ListKeys, Secret};
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
    pub(super) note: Note<'a>,
    pub(super) digest: &'a Hash,
}

/// How the note of a revision stands in the chain.
pub(super) enum Note<'a> {
    /// As it is: format 1.
    Bare(&'a str),
    /// By its HMAC, under the key of the revision; an empty one too, so that the key is covered.
    Sealed(Hash),
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
        let mut hasher = Writer::new(match self.note {
            Note::Bare(_) => "statuslist/chain/1",
            Note::Sealed(_) => "statuslist/chain/2",
        });
        hasher.fixed(before);
        hasher.number(self.rev);
        hasher.number(self.ts);
        hasher.text(self.op);
        hasher.text(self.op_id);
        hasher.fixed(self.request);
        hasher.number(i64::from(self.visible));
        hasher.text(self.actor);
        match &self.note {
            Note::Bare(note) => hasher.text(note),
            Note::Sealed(code) => hasher.fixed(code),
        }
        hasher.fixed(self.digest);
        hasher.finish()
    }
}

/// Hashes the rows that a revision wrote with its body: first its allocations in the order of their
/// places, then its changes in the order of their entries, then its document hashes in the order of
/// their lists. In a revision of format 1 the body comes first, and the number of document hashes
/// stands there only where there are some. A token id stands in it by its HMAC under the key of the list (format 1: by its
/// SHA-256), and so does a note (format 1: as it is), so that the chain stays verifiable where they
/// were removed.
pub(super) struct Digester {
    writer: Writer,
    format: Format,
    allocations: i64,
    changes: i64,
    documents: i64,
}

impl Digester {
    /// Begins the digest of a revision that is written now.
    pub(super) fn new() -> Self {
        Self::begin(Format::Two, "statuslist/digest/2")
    }

    /// Begins the digest of a revision of this format and with this body.
    pub(super) fn again(format: Format, body: &str) -> Self {
        match format {
            Format::One => {
                let mut digester = Self::begin(format, "statuslist/digest/1");
                digester.writer.text(body);
                digester
            }
            Format::Two => Self::new(),
        }
    }

    fn begin(format: Format, domain: &str) -> Self {
        Self {
            writer: Writer::new(domain),
            format,
            allocations: 0,
            changes: 0,
            documents: 0,
        }
    }

    /// Takes an allocation.
    pub(super) fn allocation(
        &mut self,
        row: &AllocationRow,
        keys: &mut ListKeys<'_>,
    ) -> Result<(), StoreError> {
        self.allocations += 1;
        self.writer.text("allocation");
        self.writer.number(row.position());
        self.writer.number(i64::from(row.index.value()));
        match &row.token {
            None => self.writer.bytes(&[]),
            Some(token) => {
                let bytes = token.to_bytes();
                self.writer.bytes(&match self.format {
                    Format::One => Sha256::digest(bytes).into(),
                    Format::Two => keys.of(row.list)?.seal(Secret::TokenId, &bytes),
                });
            }
        }
        self.writer.optional(row.expires.map(Timestamp::second));
        self.writer.number(row.kind.number());
        Ok(())
    }

    /// Takes a change.
    pub(super) fn change(
        &mut self,
        row: &ChangeRow,
        keys: &mut ListKeys<'_>,
    ) -> Result<(), StoreError> {
        self.changes += 1;
        self.writer.text("change");
        self.writer.number(i64::from(row.entry.list.value()));
        self.writer.number(i64::from(row.entry.index.value()));
        self.writer.number(i64::from(row.old.value()));
        self.writer.number(i64::from(row.new.value()));
        self.writer.number(i64::from(row.remark.reason.code()));
        match &row.remark.note {
            None => self.writer.number(0),
            Some(note) => {
                self.writer.number(1);
                match self.format {
                    Format::One => self.writer.text(note),
                    Format::Two => {
                        let key = keys.of(row.entry.list)?;
                        self.writer.fixed(&key.seal(Secret::Note, note.as_bytes()));
                    }
                }
            }
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
