//! What is asked for: operations in lines, packed so that millions can be held.

use super::documents::{Document, Documents};
use super::error::{ChangeError, TermKind};
use super::table::Table;
use crate::list::{
    EntryName, FinalStatuses, GroupName, ListNumber, RemarkRequest, Timestamp, TokenId, Wish,
};
use crate::store::{Snapshot, StoreError};

/// What holds for every line of a request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms {
    /// The list that bare indexes count in, and that entries are taken of; else the only one in
    /// use, and the open one.
    pub(crate) list: Option<ListNumber>,
    /// What is done for token ids that have an entry.
    pub(crate) known_tokens: KnownTokens,
    /// Whether entries may leave a final status.
    pub(crate) final_statuses: FinalStatuses,
    /// The index of the entry to take, where that was chosen.
    pub(crate) index: Option<u64>,
    /// When the credentials expire whose entries have no row of their own.
    pub(crate) expires: Option<Timestamp>,
    /// Until when the statuses of the entries that are handed out are kept, whatever their expiry.
    pub(crate) kept_until: Option<Timestamp>,
    /// The time of the request, unless entries may be handed out that have ended before it.
    pub(crate) ends_after: Option<Timestamp>,
}

impl Terms {
    /// Refuses to hand out an entry that has ended already.
    pub(super) fn refuse_past(&self, expires: Option<Timestamp>) -> Result<(), ChangeError> {
        let Some(now) = self.ends_after else {
            return Ok(());
        };
        let ends = [
            (TermKind::Expiry, expires),
            (TermKind::Keeping, self.kept_until),
        ];
        for (kind, time) in ends {
            if let Some(time) = time.filter(|time| *time <= now) {
                return Err(ChangeError::Past { kind, time, now });
            }
        }
        Ok(())
    }
}

/// What is done for token ids that have an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum KnownTokens {
    /// They are faults.
    #[default]
    Refused,
    /// They get that entry again.
    Answered,
}

/// One operation.
pub(crate) enum Operation {
    /// Hands out an entry.
    Allocate(Allocate),
    /// Changes a status.
    Set(Set),
    /// Says of an entry that was handed out what it is called.
    Label(Label),
}

/// What is said of an entry that was handed out; none of it can be changed later.
pub(crate) struct Label {
    /// The entry.
    pub(crate) name: EntryName,
    /// The issuer's name for the credential.
    pub(crate) token: Option<TokenId>,
    /// The group that it belongs to.
    pub(crate) group: Option<GroupName>,
    /// When the credential expires.
    pub(crate) expires: Option<Timestamp>,
}

/// An entry to be handed out.
pub(crate) struct Allocate {
    /// The issuer's name for the credential.
    pub(crate) token: Option<TokenId>,
    /// The status to start with, if not the default.
    pub(crate) status: Option<u8>,
    /// When the credential expires.
    pub(crate) expires: Option<Timestamp>,
    /// The document that it is for.
    pub(crate) document: Option<Document>,
    /// The group that it belongs to.
    pub(crate) group: Option<GroupName>,
}

/// A status to be changed.
pub(crate) struct Set {
    /// The entry.
    pub(crate) named: Named,
    /// What it is to become.
    pub(crate) wish: Wish<u8>,
    /// The status that it must have.
    pub(crate) expected: Option<u8>,
    /// What is to be recorded beside the status.
    pub(crate) remark: RemarkRequest,
}

/// How an operation names its entry.
pub(crate) struct Named {
    /// The name that it is found by.
    pub(crate) name: EntryName,
    /// What is said of it besides.
    pub(crate) besides: Option<Besides<String>>,
}

/// What an operation says of its entry besides naming it. A line has the place of a uri.
pub(crate) enum Besides<Uri> {
    /// The entry has this token id.
    Token(TokenId),
    /// The entry has this token id, if any has it: not every credential's id is a token id.
    Credential(TokenId),
    /// The entry lies in this list.
    List(ListNumber),
    /// The entry lies in the list at this uri.
    Uri(Uri),
}

/// A request: operations that are done together or not at all.
pub(crate) struct Request {
    /// What holds for all of them.
    pub(crate) terms: Terms,
    /// The operations, in their order.
    pub(crate) lines: Vec<Line>,
    /// The documents of those that allocate.
    pub(super) documents: Documents,
    /// The token ids with white space around them, as they are written.
    spaced: Vec<Spaced>,
    uris: Table<String>,
    remarks: Table<RemarkRequest>,
    terms_of_lines: Table<LineTerms>,
}

/// What lines say of entries besides their names and statuses.
#[derive(Clone, PartialEq, Eq, Hash)]
struct LineTerms {
    expires: Option<Timestamp>,
    group: Option<GroupName>,
}

/// One operation, with the line that it stands in. Millions of them are held in memory.
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u32,
    pub(super) what: What,
}

const _: () = assert!(
    size_of::<Line>() <= 48,
    "millions of lines are held at once"
);

/// An operation as a line holds it.
pub(super) enum What {
    Allocate {
        token: Option<TokenId>,
        status: Option<u8>,
        /// Which of [`Request::expiry`] and [`Request::group`].
        terms: u32,
    },
    Set {
        /// A uri is which of [`Request::uri`].
        name: EntryName<u32>,
        /// What is said of the entry besides, which must agree; few lines say anything.
        besides: Option<Box<Besides<u32>>>,
        wish: Wish<u8>,
        expected: Option<u8>,
        /// Which of [`Request::remark`].
        remark: u32,
    },
    Label(Box<LabelLine>),
}

/// A label as a line holds it.
pub(super) struct LabelLine {
    /// A uri is which of [`Request::uri`].
    pub(super) name: EntryName<u32>,
    pub(super) token: Option<TokenId>,
    /// Which of [`Request::expiry`] and [`Request::group`].
    pub(super) terms: u32,
}

/// The token ids of one line, as they are written.
struct Spaced {
    place: u32,
    written: Vec<TokenId>,
}

impl Line {
    /// The token id of the entry, where the line says it for sure.
    pub(crate) fn token(&self) -> Option<&TokenId> {
        match &self.what {
            What::Allocate { token, .. } => token.as_ref(),
            What::Label(label) => label.token.as_ref(),
            What::Set { name, besides, .. } => match besides.as_deref() {
                Some(Besides::Token(token)) => Some(token),
                _ => name.token(),
            },
        }
    }

    /// Whether it hands out an entry.
    pub(super) const fn allocates(&self) -> bool {
        matches!(self.what, What::Allocate { .. })
    }

    /// Whether it may give an entry its names: the lines that do are planned first.
    pub(super) const fn gives_names(&self) -> bool {
        matches!(self.what, What::Allocate { .. } | What::Label(_))
    }
}

impl What {
    /// The token ids that it names.
    fn tokens(&mut self) -> impl Iterator<Item = &mut TokenId> {
        let (named, besides) = match self {
            Self::Allocate { token, .. } => (token.as_mut(), None),
            Self::Label(label) => (label.token.as_mut(), None),
            Self::Set { name, besides, .. } => {
                let named = match name {
                    EntryName::Token(token) => Some(token),
                    _ => None,
                };
                (named, besides.as_deref_mut())
            }
        };
        let besides = match besides {
            Some(Besides::Token(token) | Besides::Credential(token)) => Some(token),
            _ => None,
        };
        named.into_iter().chain(besides)
    }
}

impl Request {
    /// A request of no operation.
    pub(crate) fn new(terms: Terms) -> Self {
        Self {
            terms,
            lines: Vec::new(),
            documents: Documents::default(),
            spaced: Vec::new(),
            uris: Table::new(),
            remarks: Table::new(),
            terms_of_lines: Table::new(),
        }
    }

    /// Adds an operation, with the number of the line that it stands in.
    pub(crate) fn push(&mut self, number: u32, operation: Operation) {
        // A request has fewer than 2^32 lines.
        let place = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let mut what = match operation {
            Operation::Allocate(allocate) => {
                if let Some(document) = allocate.document {
                    self.documents.push(place, document);
                }
                What::Allocate {
                    token: allocate.token,
                    status: allocate.status,
                    terms: self.terms_of_lines.place(LineTerms {
                        expires: allocate.expires,
                        group: allocate.group,
                    }),
                }
            }
            Operation::Label(label) => What::Label(Box::new(LabelLine {
                name: label.name.map_uri(|uri| self.uris.place(uri)),
                token: label.token,
                terms: self.terms_of_lines.place(LineTerms {
                    expires: label.expires,
                    group: label.group,
                }),
            })),
            Operation::Set(set) => What::Set {
                name: set.named.name.map_uri(|uri| self.uris.place(uri)),
                besides: set.named.besides.map(|besides| {
                    Box::new(match besides {
                        Besides::Token(token) => Besides::Token(token),
                        Besides::Credential(token) => Besides::Credential(token),
                        Besides::List(list) => Besides::List(list),
                        Besides::Uri(uri) => Besides::Uri(self.uris.place(uri)),
                    })
                }),
                wish: set.wish,
                expected: set.expected,
                remark: self.remarks.place(set.remark),
            },
        };
        if what.tokens().any(|token| token.trimmed().is_some()) {
            let written = what.tokens().map(|token| token.clone()).collect();
            self.spaced.push(Spaced { place, written });
        }
        self.lines.push(Line { number, what });
    }

    /// The name of an entry as the operation has it.
    pub(super) fn name(&self, name: &EntryName<u32>) -> EntryName {
        name.clone().map_uri(|uri| self.uri(uri).to_owned())
    }

    /// The texts that a line names its entry by, and which may be long.
    pub(crate) fn texts(&self, line: &Line) -> Vec<String> {
        let (name, besides) = match &line.what {
            What::Allocate { token, terms, .. } => {
                let group = self.group(*terms).map(GroupName::to_string);
                return token.iter().map(TokenId::to_string).chain(group).collect();
            }
            What::Label(label) => {
                let group = self.group(label.terms).map(GroupName::to_string);
                let token = label.token.as_ref().map(TokenId::to_string);
                let named = self.text_of(&label.name);
                return named.into_iter().chain(token).chain(group).collect();
            }
            What::Set { name, besides, .. } => (name, besides.as_deref()),
        };
        let named = self.text_of(name);
        let besides = besides.and_then(|besides| match besides {
            Besides::Token(token) | Besides::Credential(token) => Some(token.to_string()),
            Besides::Uri(uri) => Some(self.uri(*uri).to_owned()),
            Besides::List(_) => None,
        });
        named.into_iter().chain(besides).collect()
    }

    /// The text that a name has, but for numbers.
    fn text_of(&self, name: &EntryName<u32>) -> Option<String> {
        match name {
            EntryName::AtUri(uri, _) => Some(self.uri(*uri).to_owned()),
            EntryName::Group(group) => Some(group.to_string()),
            name => name.token().map(TokenId::to_string),
        }
    }

    pub(super) fn uri(&self, place: u32) -> &str {
        self.uris.get(place)
    }

    pub(super) fn remark(&self, place: u32) -> &RemarkRequest {
        self.remarks.get(place)
    }

    pub(super) fn expiry(&self, place: u32) -> Option<Timestamp> {
        self.terms_of_lines.get(place).expires
    }

    pub(super) fn group(&self, place: u32) -> Option<&GroupName> {
        self.terms_of_lines.get(place).group.as_ref()
    }

    /// The group that a line names: that of a new entry, or the one whose entries it sets.
    pub(crate) fn group_of<'a>(&'a self, line: &'a Line) -> Option<&'a GroupName> {
        match &line.what {
            What::Allocate { terms, .. } => self.group(*terms),
            What::Label(label) => self.group(label.terms),
            What::Set { name, .. } => name.group(),
        }
    }

    /// Whether a line takes a new entry.
    pub(crate) fn allocates(&self) -> bool {
        self.lines.iter().any(Line::allocates)
    }

    /// The lines with their places, first one first.
    pub(crate) fn places(&self) -> impl Iterator<Item = (u32, &Line)> {
        (0..).zip(&self.lines)
    }

    /// Takes the white space around token ids away, but for those that the file has with it. Says
    /// how many lines have any.
    pub(super) fn settle_tokens(&mut self, snapshot: &Snapshot<'_>) -> Result<usize, StoreError> {
        for Spaced { place, written } in &self.spaced {
            let tokens = self.lines[*place as usize].what.tokens();
            for (token, written) in tokens.zip(written) {
                *token = snapshot.token_on_file(written)?;
            }
        }
        Ok(self.spaced.len())
    }
}
