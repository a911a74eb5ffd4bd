//! One operation as named fields, whatever form it was written in.

use std::borrow::Cow;

use super::faults::Fault;
use super::lines::Lines;
use crate::change::{Allocate, Besides, Document, Named, Operation, Set};
use crate::commands::{Code, Error};
use crate::list::{
    DocumentHash, DocumentHashError, EntryName, ListNumber, Reason, ReasonError, RemarkRequest,
    StatusName, Timestamp, TokenId, Wish,
};
use crate::wire::number::digits;
use crate::wire::text::echo;

/// What holds for lines that do not say otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    pub(super) status: Option<StatusName>,
    pub(super) reason: Option<Reason>,
    pub(super) note: Option<String>,
}

/// The fields of one operation, as text. An empty one is not there.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields<'a> {
    pub(super) op: Option<Cow<'a, str>>,
    pub(super) list_id: Option<Cow<'a, str>>,
    pub(super) idx: Option<Cow<'a, str>>,
    pub(super) uri: Option<Cow<'a, str>>,
    pub(super) token_id: Option<Cow<'a, str>>,
    pub(super) status: Option<Cow<'a, str>>,
    pub(super) reason: Option<Cow<'a, str>>,
    pub(super) note: Option<Cow<'a, str>>,
    pub(super) expected: Option<Cow<'a, str>>,
    pub(super) expires_at: Option<Cow<'a, str>>,
    pub(super) revoked_at: Option<Cow<'a, str>>,
    pub(super) document_hash: Option<Cow<'a, str>>,
    pub(super) document_path: Vec<Cow<'a, str>>,
    /// Whether a reason that is not known is a note, as in JSON.
    pub(super) free_reasons: bool,
}

type Faulty<T> = Result<T, Fault>;

impl<'a> Fields<'a> {
    /// The names of the columns of CSV, in the order of the documentation.
    pub(super) const COLUMNS: [&'static str; 13] = [
        "op",
        "listId",
        "idx",
        "uri",
        "tokenId",
        "status",
        "reason",
        "note",
        "if",
        "expiresAt",
        "revokedAt",
        "documentHash",
        "documentPath",
    ];

    /// Sets the field of a column.
    pub(super) fn insert(&mut self, column: usize, value: &'a str) {
        if value.is_empty() {
            return;
        }
        let field = match Self::COLUMNS.get(column).copied() {
            Some("op") => &mut self.op,
            Some("listId") => &mut self.list_id,
            Some("idx") => &mut self.idx,
            Some("uri") => &mut self.uri,
            Some("tokenId") => &mut self.token_id,
            Some("status") => &mut self.status,
            Some("reason") => &mut self.reason,
            Some("note") => &mut self.note,
            Some("if") => &mut self.expected,
            Some("expiresAt") => &mut self.expires_at,
            Some("revokedAt") => &mut self.revoked_at,
            Some("documentHash") => &mut self.document_hash,
            Some("documentPath") => {
                self.document_path = value.split(';').map(Cow::Borrowed).collect();
                return;
            }
            _ => return,
        };
        *field = Some(Cow::Borrowed(value));
    }

    /// Makes a line of the fields.
    pub(super) fn take(&self, number: u32, defaults: &Defaults, lines: &mut Lines) -> Faulty<()> {
        let refused = |text: String| {
            Err(Fault::new(number, Code::Refused, text).hint("op is allocate or set"))
        };
        match self.op.as_deref() {
            Some("allocate") => self.allocate(number, defaults, lines),
            Some("set" | "update") => self.set(number, defaults, lines),
            Some(other) => refused(format!("op '{}' is not known", echo(other))),
            None => refused("there is no op".to_owned()),
        }
    }

    fn allocate(&self, number: u32, defaults: &Defaults, lines: &mut Lines) -> Faulty<()> {
        let unfit = [
            (&self.list_id, "listId"),
            (&self.idx, "idx"),
            (&self.uri, "uri"),
            (&self.reason, "reason"),
            (&self.note, "note"),
            (&self.expected, "if"),
            (&self.revoked_at, "revokedAt"),
        ];
        if let Some((_, name)) = unfit.iter().find(|(field, _)| field.is_some()) {
            return Err(Fault::new(
                number,
                Code::Refused,
                format!("{name} does not go with allocate"),
            )
            .hint("allocate takes tokenId, status, expiresAt, documentHash and documentPath"));
        }
        let token = self.token(number)?;
        let status = match &self.status {
            Some(text) => Some(status(number, text)?),
            None => defaults
                .status
                .map(|name| in_range(number, name))
                .transpose()?,
        };
        let expires = time(number, "expiresAt", self.expires_at.as_deref())?;
        let allocate = Allocate {
            token,
            status,
            expires,
            document: self.document(number)?,
        };
        lines.push(number, Operation::Allocate(allocate));
        Ok(())
    }

    fn set(&self, number: u32, defaults: &Defaults, lines: &mut Lines) -> Faulty<()> {
        let unfit = [
            (self.expires_at.is_some(), "expiresAt"),
            (self.document_hash.is_some(), "documentHash"),
            (!self.document_path.is_empty(), "documentPath"),
        ];
        if let Some((_, name)) = unfit.iter().find(|(given, _)| *given) {
            return Err(Fault::new(
                number,
                Code::Refused,
                format!("{name} does not go with set"),
            ));
        }
        let wish = match (&self.status, defaults.status) {
            (Some(text), _) => status(number, text)?,
            (None, Some(name)) => in_range(number, name)?,
            (None, None) => {
                return Err(Fault::new(number, Code::Refused, "there is no status")
                    .hint("give one in the line, or --status for all"));
            }
        };
        let expected = self.expected(number)?;
        let named = self.named(number)?;
        let set = Set {
            named,
            wish: Wish::Set(wish),
            expected,
            remark: self.remark(number, defaults)?,
        };
        lines.push(number, Operation::Set(set));
        Ok(())
    }

    /// The status that the entry must have.
    pub(super) fn expected(&self, number: u32) -> Faulty<Option<u8>> {
        self.expected
            .as_deref()
            .map(|text| status(number, text))
            .transpose()
    }

    /// The entry that the fields name, and what they say of it besides.
    pub(super) fn named(&self, number: u32) -> Faulty<Named> {
        let token = self.token(number)?;
        let wrong = |text: &str, what: &str| {
            let text = echo(text);
            Fault::new(
                number,
                Code::Refused,
                format!("{what} '{text}' is not a whole number"),
            )
        };
        let list = self
            .list_id
            .as_deref()
            .map(|list| {
                list.parse::<ListNumber>()
                    .map_err(|_| wrong(list, "listId"))
            })
            .transpose()?;
        if list.is_some() && self.uri.is_some() {
            let text = "listId and uri: one is enough";
            return Err(Fault::new(number, Code::Refused, text));
        }
        let Some(index) = &self.idx else {
            let Some(token) = token else {
                return Err(Fault::new(number, Code::Refused, "it names no entry")
                    .hint("idx (with listId or uri), or tokenId"));
            };
            let uri = self.uri.as_deref().map(str::to_owned);
            return Ok(Named {
                name: EntryName::Token(token),
                besides: list.map(Besides::List).or(uri.map(Besides::Uri)),
            });
        };
        let place = digits(index, 10).ok_or_else(|| wrong(index, "idx"))?;
        Ok(Named {
            name: match (list, &self.uri) {
                (Some(list), _) => EntryName::InList(list, place),
                (None, Some(uri)) => EntryName::AtUri(uri.clone().into_owned(), place),
                (None, None) => EntryName::Index(place),
            },
            besides: token.map(Besides::Token),
        })
    }

    fn token(&self, number: u32) -> Faulty<Option<TokenId>> {
        self.token_id
            .as_deref()
            .map(TokenId::as_written)
            .transpose()
            .map_err(|error| Fault::new(number, Code::Refused, error.to_string()))
    }

    fn document(&self, number: u32) -> Faulty<Option<Document>> {
        let read = |name: &str, text: &str| -> Faulty<DocumentHash> {
            text.trim().parse().map_err(|error: DocumentHashError| {
                Fault::new(number, Code::Refused, format!("{name}: {error}"))
            })
        };
        let Some(hash) = &self.document_hash else {
            if self.document_path.is_empty() {
                return Ok(None);
            }
            let text = "documentPath goes with documentHash";
            return Err(Fault::new(number, Code::Refused, text));
        };
        let on_the_way = self
            .document_path
            .iter()
            .map(|text| read("documentPath", text));
        Ok(Some(Document {
            hash: read("documentHash", hash)?,
            on_the_way: on_the_way.collect::<Faulty<_>>()?,
        }))
    }

    pub(super) fn remark(&self, number: u32, defaults: &Defaults) -> Faulty<RemarkRequest> {
        let mut note = self.note.as_deref().map(str::to_owned);
        let reason = match self.reason.as_deref().map(str::parse::<Reason>) {
            None => defaults.reason,
            Some(Ok(reason)) => Some(reason),
            Some(Err(_)) if self.free_reasons => {
                let text = self.reason.as_deref().unwrap_or_default();
                note = Some(match note {
                    Some(note) => format!("{text}: {note}"),
                    None => text.to_owned(),
                });
                Some(Reason::Unspecified)
            }
            Some(Err(error)) => return Err(Fault::of(number, unknown_reason(&error))),
        };
        Ok(RemarkRequest {
            reason,
            note: note.or_else(|| defaults.note.clone()),
            since: time(number, "revokedAt", self.revoked_at.as_deref())?,
        })
    }
}

impl Defaults {
    /// Sets an entry that a line names to what holds for all.
    pub(super) fn set(&self, number: u32, name: EntryName, lines: &mut Lines) {
        let wish = match self.status {
            Some(status) => in_range(number, status),
            None => Err(Fault::new(number, Code::Refused, "there is no status")
                .hint("--status STATUS says what the entries become")),
        };
        match wish {
            Ok(status) => {
                let remark = RemarkRequest {
                    reason: self.reason,
                    note: self.note.clone(),
                    since: None,
                };
                let set = Set {
                    named: Named {
                        name,
                        besides: None,
                    },
                    wish: Wish::Set(status),
                    expected: None,
                    remark,
                };
                lines.push(number, Operation::Set(set));
            }
            Err(fault) => lines.faults.add(fault),
        }
    }
}

fn unknown_reason(error: &ReasonError) -> Error {
    Error::new(Code::Refused, error.to_string())
}

pub(super) fn status(number: u32, text: &str) -> Faulty<u8> {
    let name: StatusName = text
        .parse()
        .map_err(|error: crate::list::StatusError| Fault::of(number, error.into()))?;
    in_range(number, name)
}

fn in_range(number: u32, name: StatusName) -> Faulty<u8> {
    u8::try_from(name.number()).map_err(|_| {
        Fault::new(
            number,
            Code::InvalidStatus,
            format!("status {} fits no list: the largest is 255", name.number()),
        )
    })
}

pub(super) fn time(number: u32, name: &str, text: Option<&str>) -> Faulty<Option<Timestamp>> {
    text.map(str::parse)
        .transpose()
        .map_err(|error: crate::list::TimeError| {
            Fault::new(number, Code::Refused, format!("{name}: {error}"))
                .hint("RFC 3339, such as 2026-11-20T10:00:00Z")
        })
}
