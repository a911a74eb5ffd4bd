//! What a request is recognised by when it is repeated.

use sha2::{Digest, Sha256};

use super::request::{Allocate, Besides, Label, Operation, Set};
use crate::list::{Timestamp, TokenId, Wish};
use crate::wire::hex::hex;

/// A SHA-256 over operations, whatever form they were written in.
#[derive(Default)]
pub(crate) struct RequestDigest(Sha256);

impl RequestDigest {
    /// Adds the operation that comes next.
    pub(crate) fn add(&mut self, number: u32, operation: &Operation) {
        match operation {
            Operation::Allocate(allocate) => self.allocate(number, allocate),
            Operation::Set(set) => self.set(number, set),
            Operation::Label(label) => self.label(number, label),
        }
    }

    /// The hash, in hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        let hash: [u8; 32] = self.0.finalize().into();
        hex(&hash)
    }

    fn allocate(&mut self, number: u32, allocate: &Allocate) {
        let token = allocate.token.as_ref();
        self.common(number, "allocate", token, allocate.status);
        self.number(allocate.expires.map(Timestamp::second));
        if let Some(document) = &allocate.document {
            self.text("document");
            self.0
                .update((document.on_the_way.len() as u64).to_be_bytes());
            self.0.update(document.hash.bytes());
            for hash in &document.on_the_way {
                self.0.update(hash.bytes());
            }
        }
        if let Some(group) = &allocate.group {
            self.text("group");
            self.text(&group.to_string());
        }
    }

    fn label(&mut self, number: u32, label: &Label) {
        self.common(number, "label", label.token.as_ref(), None);
        self.text(&label.name.to_string());
        self.number(label.expires.map(Timestamp::second));
        self.number(label.group.is_some().then_some(1));
        let group = label.group.as_ref().map(ToString::to_string);
        self.text(&group.unwrap_or_default());
    }

    fn set(&mut self, number: u32, set: &Set) {
        let (kind, value) = match set.wish {
            Wish::Set(value) => ("set", Some(value)),
            Wish::Suspend => ("suspend", None),
            Wish::Unsuspend => ("unsuspend", None),
            Wish::Unrevoke => ("unrevoke", None),
        };
        let token = match &set.named.besides {
            Some(Besides::Token(token)) => Some(token),
            _ => None,
        };
        self.common(number, kind, token, value);
        self.text(&set.named.name.to_string());
        match &set.named.besides {
            None | Some(Besides::Token(_)) => {}
            Some(Besides::Credential(token)) => self.text(&format!("credential {token}")),
            Some(Besides::List(list)) => self.text(&format!("list {list}")),
            Some(Besides::Uri(uri)) => self.text(&format!("uri {uri}")),
        }
        let remark = &set.remark;
        self.number(set.expected.map(i64::from));
        self.number(remark.reason.map(|reason| i64::from(reason.code())));
        self.number(remark.since.map(Timestamp::second));
        self.number(remark.note.is_some().then_some(1));
        self.text(remark.note.as_deref().unwrap_or_default());
    }

    /// Hashes what every operation has: values of which each says how long it is.
    fn common(&mut self, number: u32, kind: &str, token: Option<&TokenId>, status: Option<u8>) {
        self.0.update(number.to_be_bytes());
        self.text(kind);
        let token = token.map(TokenId::to_bytes).unwrap_or_default();
        self.0.update((token.len() as u64).to_be_bytes());
        self.0.update(token);
        self.number(status.map(i64::from));
    }

    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text);
    }

    fn number(&mut self, number: Option<i64>) {
        self.0.update([u8::from(number.is_some())]);
        self.0.update(number.unwrap_or(0).to_be_bytes());
    }
}
