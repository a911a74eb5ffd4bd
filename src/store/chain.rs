//! The hash chain over all revisions.
//!
//! The value of a revision is a SHA-256 over the value before, what its event says, and the digest
//! of its body and rows. It begins with the file's own name. Each value that goes in says how long
//! it is, so that none can be taken for two others.
//!
//! It proves that a file was not altered here and there: no revision can be changed, left out or
//! put in without changing every value behind it, and what the lists are is held against it. It
//! also names a state: two files that say the same value have the same past.
//!
//! It does not prove that nobody wrote the file anew: whoever can write it can compute a chain for
//! another past. That is seen only from outside, by whoever kept a value of the true one; the
//! manifest of a published site has one for each file. Nor does it show what was removed on purpose:
//! token ids and notes stand in it by their HMAC, so that they can go and the chain stays.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub(crate) type Hash = [u8; 32];

/// The value before the first revision.
pub(super) fn genesis(lineage: &str) -> Hash {
    let mut hasher = ChainWriter::new("statuslist/genesis/1");
    hasher.text(lineage);
    hasher.finish()
}

/// A hash over values of which each says how long it is.
pub(super) struct ChainWriter(Sha256);

impl ChainWriter {
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
