//! The lines of a batch, and what is wrong with them.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::documents::{Document, Documents};
use crate::commands::Code;
use crate::list::{EntryName, ListNumber, RemarkRequest, Timestamp, TokenId};
use crate::store::{Snapshot, StoreError};

/// The most operations that one batch may have.
const MOST: usize = 1 << 25;

/// The most faults that are kept.
const SHOWN: usize = 100;

/// One operation, with the line that it stands in. Millions of them are held in memory.
pub(super) struct Line {
    /// From 1.
    pub(super) number: u32,
    pub(super) what: What,
}

pub(super) enum What {
    Allocate {
        token: Option<TokenId>,
        status: Option<u8>,
        /// Which of [`Lines::expiry`].
        expires: u32,
    },
    Set {
        entry: Place,
        wish: LineWish,
        expected: Option<u8>,
        /// Which of [`Lines::remark`].
        remark: u32,
    },
}

/// An entry as a line names it.
pub(super) enum Place {
    Index(u64),
    InList(ListNumber, u64),
    /// Which of [`Lines::uri`], and the index.
    AtUri(u32, u64),
    Token(TokenId),
    /// Named in two ways, which must agree.
    Both(Box<(Place, Claim)>),
}

/// What a line says of an entry besides naming it.
pub(super) enum Claim {
    /// The entry has this token id.
    Token(TokenId),
    /// The entry has this token id, if any has it.
    Credential(TokenId),
    /// The entry lies in this list.
    List(ListNumber),
    /// The entry lies in the list at this uri: which of [`Lines::uri`].
    Uri(u32),
}

/// How an operation names its entry, before uris are numbered.
pub(super) struct Named {
    pub(super) name: EntryName,
    pub(super) besides: Besides,
}

/// What an operation says of its entry besides naming it.
pub(super) enum Besides {
    Nothing,
    /// The entry has this token id.
    Token(TokenId),
    /// The entry has this token id, if any has it: not every credential's id is a token id.
    Credential(TokenId),
    /// The entry lies in this list.
    List(ListNumber),
    /// The entry lies in the list at this uri.
    Uri(String),
}

/// What a line asks for, before the width of the list is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineWish {
    Set(u8),
    Suspend,
    Unsuspend,
    Unrevoke,
}

/// Everything that was read.
pub(super) struct Lines {
    pub(super) operations: Vec<Line>,
    pub(super) documents: Documents,
    pub(super) faults: Faults,
    /// The places of the operations with a token id that has white space around it.
    spaced: Vec<u32>,
    uris: Table<String>,
    remarks: Table<RemarkRequest>,
    expiries: Table<Option<Timestamp>>,
    digest: Sha256,
}

/// What is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: u32,
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// What is wrong with the lines: how many faults, and the first of them.
#[derive(Clone, Default)]
pub(super) struct Faults {
    first: BTreeMap<(u32, usize), Fault>,
    count: usize,
    code: Option<Code>,
    codes_differ: bool,
}

/// Values that many lines share, each kept once.
pub(super) struct Table<T> {
    values: Vec<T>,
    places: HashMap<T, u32>,
    last: u32,
}

impl What {
    /// The token ids that it names.
    fn tokens(&mut self) -> impl Iterator<Item = &mut TokenId> {
        let (place, token) = match self {
            Self::Allocate { token, .. } => (None, token.as_mut()),
            Self::Set { entry, .. } => (Some(entry), None),
        };
        let (named, claimed) = match place {
            Some(Place::Both(both)) => {
                let (place, claim) = &mut **both;
                (Some(place), Some(claim))
            }
            place => (place, None),
        };
        let named = named.and_then(|place| match place {
            Place::Token(token) => Some(token),
            _ => None,
        });
        let claimed = claimed.and_then(|claim| match claim {
            Claim::Token(token) | Claim::Credential(token) => Some(token),
            Claim::List(_) | Claim::Uri(_) => None,
        });
        token.into_iter().chain(named).chain(claimed)
    }
}

impl Place {
    /// The token id that the entry is looked up by.
    pub(super) fn looked_up(&self) -> Option<&TokenId> {
        match self {
            Self::Token(token) => Some(token),
            Self::Both(both) => both.0.looked_up(),
            Self::Index(_) | Self::InList(..) | Self::AtUri(..) => None,
        }
    }

    /// The token id that the entry has for sure.
    pub(super) fn token(&self) -> Option<&TokenId> {
        match self {
            Self::Both(both) => match &both.1 {
                Claim::Token(token) => Some(token),
                _ => both.0.looked_up(),
            },
            other => other.looked_up(),
        }
    }
}

impl Lines {
    pub(super) fn new() -> Self {
        Self {
            operations: Vec::new(),
            documents: Documents::default(),
            faults: Faults::default(),
            spaced: Vec::new(),
            uris: Table::new(),
            remarks: Table::new(),
            expiries: Table::new(),
            digest: Sha256::new(),
        }
    }

    pub(super) fn uri(&self, place: u32) -> &str {
        self.uris
            .values
            .get(place as usize)
            .map_or("", String::as_str)
    }

    pub(super) fn remark(&self, place: u32) -> &RemarkRequest {
        &self.remarks.values[place as usize]
    }

    pub(super) fn expiry(&self, place: u32) -> Option<Timestamp> {
        self.expiries.values.get(place as usize).copied().flatten()
    }

    /// The SHA-256 over all operations, whatever form they were written in.
    pub(super) fn digest(&self) -> String {
        let hash: [u8; 32] = self.digest.clone().finalize().into();
        crate::wire::hex::hex(&hash)
    }

    /// Adds an allocation.
    pub(super) fn allocate(
        &mut self,
        number: u32,
        token: Option<TokenId>,
        status: Option<u8>,
        expires: Option<Timestamp>,
        document: Option<Document>,
    ) {
        self.note(number, "allocate", token.as_ref(), status);
        self.note_number(expires.map(Timestamp::second));
        if let Some(document) = document {
            self.note_text("document");
            self.digest
                .update((document.on_the_way.len() as u64).to_be_bytes());
            self.digest.update(document.hash.bytes());
            for hash in &document.on_the_way {
                self.digest.update(hash.bytes());
            }
            // There are fewer than 2^25 operations.
            let place = u32::try_from(self.operations.len()).unwrap_or(u32::MAX);
            self.documents.push(place, document);
        }
        let expires = self.expiries.place(expires);
        self.push(
            number,
            What::Allocate {
                token,
                status,
                expires,
            },
        );
    }

    /// Adds a change of status.
    pub(super) fn set(
        &mut self,
        number: u32,
        named: Named,
        wish: LineWish,
        expected: Option<u8>,
        remark: RemarkRequest,
    ) {
        let Named { name, besides } = named;
        let (kind, value) = match wish {
            LineWish::Set(value) => ("set", Some(value)),
            LineWish::Suspend => ("suspend", None),
            LineWish::Unsuspend => ("unsuspend", None),
            LineWish::Unrevoke => ("unrevoke", None),
        };
        let token = match &besides {
            Besides::Token(token) => Some(token),
            _ => None,
        };
        self.note(number, kind, token, value);
        self.note_text(&name.to_string());
        match &besides {
            Besides::Nothing | Besides::Token(_) => {}
            Besides::Credential(token) => self.note_text(&format!("credential {token}")),
            Besides::List(list) => self.note_text(&format!("list {list}")),
            Besides::Uri(uri) => self.note_text(&format!("uri {uri}")),
        }
        self.note_number(expected.map(i64::from));
        self.note_number(remark.reason.map(|reason| i64::from(reason.code())));
        self.note_number(remark.since.map(Timestamp::second));
        self.note_number(remark.note.is_some().then_some(1));
        self.note_text(remark.note.as_deref().unwrap_or_default());
        let place = match name {
            EntryName::Index(index) => Place::Index(index),
            EntryName::InList(list, index) => Place::InList(list, index),
            EntryName::AtUri(uri, index) => Place::AtUri(self.uris.place(uri), index),
            EntryName::Token(token) => Place::Token(token),
        };
        let claim = match besides {
            Besides::Nothing => None,
            Besides::Token(token) => Some(Claim::Token(token)),
            Besides::Credential(token) => Some(Claim::Credential(token)),
            Besides::List(list) => Some(Claim::List(list)),
            Besides::Uri(uri) => Some(Claim::Uri(self.uris.place(uri))),
        };
        let entry = match claim {
            Some(claim) => Place::Both(Box::new((place, claim))),
            None => place,
        };
        let remark = self.remarks.place(remark);
        self.push(
            number,
            What::Set {
                entry,
                wish,
                expected,
                remark,
            },
        );
    }

    fn push(&mut self, number: u32, mut what: What) {
        if self.operations.len() < MOST {
            if what.tokens().any(|token| token.trimmed().is_some()) {
                // There are fewer than 2^25 operations.
                let place = u32::try_from(self.operations.len()).unwrap_or(u32::MAX);
                self.spaced.push(place);
            }
            self.operations.push(Line { number, what });
        } else {
            let message = format!("a batch has at most {MOST} operations");
            self.faults
                .add(Fault::new(number, Code::Refused, message).hint("split it"));
        }
    }

    /// Takes the white space around token ids away, but for those that the file has with it. Says
    /// whether there were any.
    pub(super) fn settle_tokens(&mut self, snapshot: &Snapshot<'_>) -> Result<bool, StoreError> {
        let spaced = std::mem::take(&mut self.spaced);
        for place in &spaced {
            for token in self.operations[*place as usize].what.tokens() {
                *token = snapshot.token_on_file(token)?;
            }
        }
        Ok(!spaced.is_empty())
    }

    /// Hashes what every operation has: values of which each says how long it is.
    fn note(&mut self, number: u32, kind: &str, token: Option<&TokenId>, status: Option<u8>) {
        self.digest.update(number.to_be_bytes());
        self.note_text(kind);
        let token = token.map(TokenId::to_bytes).unwrap_or_default();
        self.digest.update((token.len() as u64).to_be_bytes());
        self.digest.update(token);
        self.note_number(status.map(i64::from));
    }

    fn note_text(&mut self, text: &str) {
        self.digest.update((text.len() as u64).to_be_bytes());
        self.digest.update(text);
    }

    fn note_number(&mut self, number: Option<i64>) {
        self.digest.update([u8::from(number.is_some())]);
        self.digest.update(number.unwrap_or(0).to_be_bytes());
    }
}

const _: () = assert!(
    size_of::<Line>() <= 48,
    "millions of lines are held at once"
);

impl<T: Clone + Eq + std::hash::Hash> Table<T> {
    pub(super) fn new() -> Self {
        Self {
            values: Vec::new(),
            places: HashMap::new(),
            last: 0,
        }
    }

    /// The place of a value, which is kept if it is new.
    pub(super) fn place(&mut self, value: T) -> u32 {
        // Most lines say the same as the one before.
        if self.values.get(self.last as usize) == Some(&value) {
            return self.last;
        }
        if let Some(place) = self.places.get(&value) {
            self.last = *place;
        } else {
            // There are fewer than 2^25 operations.
            self.last = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            self.values.push(value.clone());
            self.places.insert(value, self.last);
        }
        self.last
    }
}

impl<T> Table<T> {
    pub(super) fn into_values(self) -> Vec<T> {
        self.values
    }
}

impl Fault {
    pub(super) fn new(line: u32, code: Code, message: impl Into<String>) -> Self {
        Self {
            line,
            code,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says where in a body it is (RFC 6901).
    pub(super) fn at(mut self, pointer: &str) -> Self {
        self.message = format!("{pointer}: {}", self.message);
        self
    }

    /// What another command would have answered, as a fault of a line.
    pub(super) fn of(line: u32, error: crate::commands::Error) -> Self {
        let mut message = error.message;
        for reason in error.because {
            message.push_str(": ");
            message.push_str(&reason);
        }
        Self {
            line,
            code: error.code,
            message,
            hint: error.hint,
        }
    }
}

impl Faults {
    /// Keeps a fault, if it is among the first.
    pub(super) fn add(&mut self, fault: Fault) {
        self.codes_differ |= self.code.is_some_and(|code| code != fault.code);
        self.code = Some(fault.code);
        self.first.insert((fault.line, self.count), fault);
        self.count += 1;
        if self.first.len() > SHOWN {
            self.first.pop_last();
        }
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The code that all faults have, if they have one.
    pub(super) fn common_code(&self) -> Option<Code> {
        self.code.filter(|_| !self.codes_differ)
    }

    /// The first faults, by line.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Fault> {
        self.first.values()
    }
}
