//! The fields of one operation, and what they mean.

use std::borrow::Cow;

use super::lines::{Defaults, Lines};
use super::shapes::Fields;
use crate::change::{Allocate, Besides, Document, Label, Named, Operation, Set};
use crate::commands::{Code, Error};
use crate::list::{
    DocumentHash, DocumentHashError, EntryError, EntryName, GroupName, ListNumber, Reason,
    RemarkRequest, StatedReason, StatusName, TimeError, Timestamp, TokenId, Wish,
};
use crate::wire::number::digits;
use crate::wire::text::echo;

impl<'a> Fields<'a> {
    /// The names of the columns of CSV, in the order of the documentation.
    pub(super) const COLUMNS: [&'static str; 14] = [
        "op",
        "listId",
        "idx",
        "uri",
        "tokenId",
        "group",
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
            Some("group") => &mut self.group,
            Some("status") => &mut self.status,
            Some("reason") => &mut self.reason,
            Some("note") => &mut self.note,
            Some("if") => &mut self.expected,
            Some("expiresAt") => &mut self.expires_at,
            Some("revokedAt") => &mut self.revoked_at,
            Some("documentHash") => &mut self.document_hash,
            Some("documentPath") => {
                self.document_path = Some(value.split(';').map(Cow::Borrowed).collect());
                return;
            }
            _ => return,
        };
        *field = Some(Cow::Borrowed(value));
    }

    /// Makes a line of the fields.
    pub(super) fn take(&self, lines: &mut Lines<'_>) -> Result<(), Error> {
        let operation = match self.op.as_deref() {
            Some("allocate") => Operation::Allocate(self.allocate(lines.defaults)?),
            Some("set" | "update") => Operation::Set(self.set(lines.defaults)?),
            Some("label") => Operation::Label(self.label()?),
            other => {
                let text = other.map_or_else(
                    || "there is no op".to_owned(),
                    |other| format!("op '{}' is not known", echo(other)),
                );
                return Err(Error::refused(text).hint("op is allocate, set or label"));
            }
        };
        lines.push(operation);
        if let Some(reason) = &self.reason {
            lines.misspelt.look_at(reason);
        }
        Ok(())
    }

    fn allocate(&self, defaults: &Defaults) -> Result<Allocate, Error> {
        let unfit = [
            (self.list_id.is_some(), "listId"),
            (self.idx.is_some(), "idx"),
            (self.uri.is_some(), "uri"),
            (self.reason.is_some(), "reason"),
            (self.note.is_some(), "note"),
            (self.expected.is_some(), "if"),
            (self.revoked_at.is_some(), "revokedAt"),
        ];
        refuse(&unfit, "does not go with allocate").map_err(|error| {
            error.hint(
                "allocate takes tokenId, group, status, expiresAt, documentHash and documentPath",
            )
        })?;
        Ok(Allocate {
            token: self.token()?,
            status: self.status(defaults)?,
            expires: time("expiresAt", self.expires_at.as_deref(), Timestamp::or_date)?,
            document: self.document()?,
            group: self.group()?,
        })
    }

    fn label(&self) -> Result<Label, Error> {
        let unfit = [
            (self.status.is_some(), "status"),
            (self.reason.is_some(), "reason"),
            (self.note.is_some(), "note"),
            (self.expected.is_some(), "if"),
            (self.revoked_at.is_some(), "revokedAt"),
            (self.document_hash.is_some(), "documentHash"),
            (!self.way().is_empty(), "documentPath"),
        ];
        refuse(&unfit, "does not go with label").map_err(|error| {
            error.hint("label takes an entry by idx, and tokenId, group and expiresAt")
        })?;
        if self.idx.is_none() {
            return Err(Error::refused("it names no entry").hint("idx, with listId or uri"));
        }
        let label = Label {
            name: self.by_index()?,
            token: self.token()?,
            group: self.group()?,
            expires: time("expiresAt", self.expires_at.as_deref(), Timestamp::or_date)?,
        };
        if label.token.is_none() && label.group.is_none() && label.expires.is_none() {
            return Err(
                Error::refused("it says nothing of the entry").hint("tokenId, group or expiresAt")
            );
        }
        Ok(label)
    }

    fn set(&self, defaults: &Defaults) -> Result<Set, Error> {
        let unfit = [
            (self.expires_at.is_some(), "expiresAt"),
            (self.document_hash.is_some(), "documentHash"),
            (!self.way().is_empty(), "documentPath"),
        ];
        refuse(&unfit, "does not go with set")?;
        let Some(status) = self.status(defaults)? else {
            return Err(Error::refused("there is no status")
                .hint("give one in the line, or --status for all"));
        };
        let expected = self.expected()?;
        Ok(Set {
            named: self.named()?,
            wish: Wish::Set(status),
            expected,
            remark: self.remark(defaults)?,
        })
    }

    /// The status that the line names, or else all.
    fn status(&self, defaults: &Defaults) -> Result<Option<u8>, Error> {
        match &self.status {
            Some(text) => status(text).map(Some),
            None => defaults.status.map(in_range).transpose(),
        }
    }

    /// The status that the entry must have.
    pub(super) fn expected(&self) -> Result<Option<u8>, Error> {
        self.expected.as_deref().map(status).transpose()
    }

    /// The entry that the fields name, and what they say of it besides.
    pub(super) fn named(&self) -> Result<Named, Error> {
        if let Some(group) = self.group()? {
            return self.named_by_group(group);
        }
        let token = self.token()?;
        if self.idx.is_some() {
            return Ok(Named {
                name: self.by_index()?,
                besides: token.map(Besides::Token),
            });
        }
        let Place { list, uri } = self.place()?;
        let Some(token) = token else {
            return Err(
                Error::refused("it names no entry").hint("idx (with listId or uri), or tokenId")
            );
        };
        Ok(Named {
            name: EntryName::Token(token),
            besides: list.map(Besides::List).or(uri.map(Besides::Uri)),
        })
    }

    /// The entry that idx names, in the list that the line says.
    fn by_index(&self) -> Result<EntryName, Error> {
        let place = self.place()?;
        let index = self.idx.as_deref().unwrap_or_default();
        let index = digits(index, 10).ok_or_else(|| not_whole("idx", index))?;
        Ok(match (place.list, place.uri) {
            (Some(list), _) => EntryName::InList(list, index),
            (None, Some(uri)) => EntryName::AtUri(uri, index),
            (None, None) => EntryName::Index(index),
        })
    }

    fn place(&self) -> Result<Place, Error> {
        let list = self.list_id.as_deref();
        let list = list
            .map(|list| list.parse().map_err(|_| not_whole("listId", list)))
            .transpose()?;
        let uri = self.uri.as_deref().map(str::to_owned);
        if list.is_some() && uri.is_some() {
            return Err(Error::refused("listId and uri: one is enough"));
        }
        Ok(Place { list, uri })
    }

    /// All entries of a group, where nothing else names an entry.
    fn named_by_group(&self, group: GroupName) -> Result<Named, Error> {
        let unfit = [
            (self.list_id.is_some(), "listId"),
            (self.idx.is_some(), "idx"),
            (self.uri.is_some(), "uri"),
            (self.token_id.is_some(), "tokenId"),
        ];
        refuse(&unfit, "does not go with group").map_err(|error| {
            error.hint("group names all of its entries; a line names those, or one")
        })?;
        Ok(Named {
            name: EntryName::Group(Box::new(group)),
            besides: None,
        })
    }

    fn group(&self) -> Result<Option<GroupName>, Error> {
        let group = self.group.as_deref().map(str::parse);
        group
            .transpose()
            .map_err(|error: EntryError| Error::refused(error.to_string()))
    }

    fn token(&self) -> Result<Option<TokenId>, Error> {
        let token = self.token_id.as_deref().map(TokenId::as_written);
        token
            .transpose()
            .map_err(|error| Error::refused(error.to_string()))
    }

    fn document(&self) -> Result<Option<Document>, Error> {
        let read = |name: &str, text: &str| -> Result<DocumentHash, Error> {
            let wrong = |error: DocumentHashError| Error::refused(format!("{name}: {error}"));
            text.trim().parse().map_err(wrong)
        };
        let Some(hash) = &self.document_hash else {
            if self.way().is_empty() {
                return Ok(None);
            }
            return Err(Error::refused("documentPath goes with documentHash"));
        };
        let on_the_way = self.way().iter().map(|text| read("documentPath", text));
        Ok(Some(Document {
            hash: read("documentHash", hash)?,
            on_the_way: on_the_way.collect::<Result<_, _>>()?,
        }))
    }

    /// The hashes on the way from the document to its root.
    fn way(&self) -> &[Cow<'a, str>] {
        self.document_path.as_deref().unwrap_or_default()
    }

    pub(super) fn remark(&self, defaults: &Defaults) -> Result<RemarkRequest, Error> {
        let own = match self.reason.as_deref() {
            None => None,
            Some(text) if self.known_reasons => {
                let reason = text.parse::<Reason>();
                let reason = reason.map_err(|error| Error::refused(error.to_string()))?;
                Some(StatedReason::Known(reason))
            }
            Some(text) => Some(StatedReason::of(text)),
        };
        let note = self.note.as_deref().map(str::to_owned);
        let remark = RemarkRequest::stated(
            own.as_ref().or(defaults.reason.as_ref()),
            note.or_else(|| defaults.note.clone()),
        );
        Ok(RemarkRequest {
            since: time("revokedAt", self.revoked_at.as_deref(), str::parse)?,
            ..remark
        })
    }
}

/// The list that a line names, if it names one.
struct Place {
    list: Option<ListNumber>,
    uri: Option<String>,
}

fn not_whole(what: &str, text: &str) -> Error {
    let text = echo(text);
    Error::refused(format!("{what} '{text}' is not a whole number"))
}

/// Sets an entry that a line names to what holds for all.
pub(super) fn set_to_default(name: EntryName, lines: &mut Lines<'_>) -> Result<(), Error> {
    let defaults = lines.defaults;
    let Some(status) = defaults.status.map(in_range).transpose()? else {
        return Err(Error::refused("there is no status")
            .hint("--status STATUS says what the entries become"));
    };
    lines.push(Operation::Set(Set {
        named: Named {
            name,
            besides: None,
        },
        wish: Wish::Set(status),
        expected: None,
        remark: defaults.remark(),
    }));
    Ok(())
}

/// Refuses the first of some members that is given, and should not.
pub(super) fn refuse(unfit: &[(bool, &str)], why: &str) -> Result<(), Error> {
    match unfit.iter().find(|(given, _)| *given) {
        Some((_, name)) => Err(Error::refused(format!("{name} {why}"))),
        None => Ok(()),
    }
}

pub(super) fn status(text: &str) -> Result<u8, Error> {
    in_range(text.parse()?)
}

fn in_range(name: StatusName) -> Result<u8, Error> {
    let number = name.number();
    u8::try_from(number).map_err(|_| {
        let text = format!("status {number} fits no list: the largest is 255");
        Error::new(Code::InvalidStatus, text)
    })
}

pub(super) fn time(
    name: &str,
    text: Option<&str>,
    read: impl FnOnce(&str) -> Result<Timestamp, TimeError>,
) -> Result<Option<Timestamp>, Error> {
    text.map(read).transpose().map_err(|error| {
        Error::refused(format!("{name}: {error}")).hint("RFC 3339, such as 2026-11-20T10:00:00Z")
    })
}
