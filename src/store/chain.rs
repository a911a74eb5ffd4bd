//! The hash chain over all revisions.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The value before the first revision.
pub(super) fn genesis(lineage: &str) -> Hash {
    let mut hasher = Writer::new("statuslist/genesis/1");
    hasher.text(lineage);
    hasher.finish()
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
