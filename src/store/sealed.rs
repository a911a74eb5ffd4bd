//! How the texts of a revision stand in the chain: by codes that are made of them, or, where a purge
//! removed them, by the codes that it kept.
//!
//! A code that was kept is used only where its text is gone, and each of them must be used: so one
//! that was altered, one that belongs to nothing, and a text that was put back beside its code are
//! noticed.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::chain::Hash;
use super::error::StoreError;
use super::format::Format;
use super::keys::ListKeys;
use super::later::{LabelRow, MemberRow};
use super::query::{one, only, value, write};
use super::rows::{AllocationRow, ChangeRow};
use crate::list::{EntryId, ListNumber, TokenId};

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The token id that an entry was handed out with.
    TokenId,
    /// One that it got later.
    Label,
    /// The name of its group.
    Group,
    /// The note of a change.
    ChangeNote,
    /// The note of a revision, which belongs to no list.
    RevisionNote,
}

/// A code that a purge keeps.
pub(super) struct SealedText {
    /// The revision that the text belongs to.
    pub(super) rev: i64,
    pub(super) kind: Kind,
    /// The entry; of the note of a revision, anything.
    pub(super) entry: EntryId,
    pub(super) code: Hash,
}

/// The codes of texts.
pub(super) struct Codes<'c> {
    keys: ListKeys<'c>,
    connection: &'c Connection,
    kept: Kept,
}

/// What purges left, while the revisions are gone through.
enum Kept {
    /// Nothing, or nothing of what is asked for.
    Nothing,
    /// This many codes of the revision at hand are not used yet, of this many in all so far.
    Some { rev: i64, left: i64, seen: i64 },
}

impl Kind {
    const fn number(self) -> i64 {
        match self {
            Self::TokenId => 0,
            Self::Label => 1,
            Self::Group => 2,
            Self::ChangeNote => 3,
            Self::RevisionNote => 4,
        }
    }
}

impl SealedText {
    /// The code of the note of a revision.
    pub(super) const fn of_revision(rev: i64, code: Hash) -> Self {
        Self {
            rev,
            kind: Kind::RevisionNote,
            entry: NO_ENTRY,
            code,
        }
    }

    pub(super) fn keep(&self, connection: &Connection) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT INTO sealed (rev, kind, list_id, idx, code) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                self.rev,
                self.kind.number(),
                self.entry.list.value(),
                self.entry.index.value(),
                self.code
            ],
        )
    }
}

/// Where the note of a revision is kept.
const NO_ENTRY: EntryId = EntryId {
    list: ListNumber::FIRST,
    index: crate::list::Index::new(0),
};

impl<'c> Codes<'c> {
    /// Those of rows that are written now, or purged now: nothing of them was removed before.
    pub(super) const fn of_texts(connection: &'c Connection) -> Self {
        Self {
            keys: ListKeys::new(connection),
            connection,
            kept: Kept::Nothing,
        }
    }

    /// Those of all rows of a file, revision by revision.
    pub(super) fn of_file(connection: &'c Connection, format: Format) -> Result<Self, StoreError> {
        let mut codes = Self::of_texts(connection);
        let sql = "SELECT EXISTS (SELECT 1 FROM sealed)";
        if format >= Format::Three && only(connection, sql, [], value)? {
            codes.kept = Kept::Some {
                rev: 0,
                left: 0,
                seen: 0,
            };
        }
        Ok(codes)
    }

    /// Begins with the rows of a revision.
    pub(super) fn begin(&mut self, of: i64) -> Result<(), StoreError> {
        if let Kept::Some { rev, left, seen } = &mut self.kept {
            let sql = "SELECT count(*) FROM sealed WHERE rev = ?1";
            *left = only(self.connection, sql, params![of], value)?;
            *rev = of;
            *seen += *left;
        }
        Ok(())
    }

    /// Makes sure that each code of the revision was used.
    pub(super) fn end(&self) -> Result<(), StoreError> {
        match self.kept {
            Kept::Some { rev, left, .. } if left != 0 => Err(StoreError::Corrupt(format!(
                "revision {rev} has what a purge left of a text, and the text, or no such text"
            ))),
            _ => Ok(()),
        }
    }

    /// Makes sure that no code is left when all revisions were gone through.
    pub(super) fn end_all(&self) -> Result<(), StoreError> {
        let Kept::Some { seen, .. } = self.kept else {
            return Ok(());
        };
        let all: i64 = only(self.connection, "SELECT count(*) FROM sealed", [], value)?;
        if all == seen {
            return Ok(());
        }
        let what = "what a purge left of a text belongs to no revision";
        Err(StoreError::Corrupt(what.to_owned()))
    }

    /// The code of the token id that an entry was handed out with.
    pub(super) fn token_id(
        &mut self,
        format: Format,
        row: &AllocationRow,
    ) -> Result<Option<Hash>, StoreError> {
        match &row.token {
            None => self.kept(Kind::TokenId, row.entry()),
            Some(token) if format == Format::One => Ok(Some(bare(token))),
            Some(token) => self.keys.token_id(row.list, token).map(Some),
        }
    }

    /// The code of a token id that was said later.
    pub(super) fn label(&mut self, row: &LabelRow) -> Result<Option<Hash>, StoreError> {
        match &row.token {
            None => self.kept(Kind::Label, row.entry()),
            Some(token) => self.keys.token_id(row.list, token).map(Some),
        }
    }

    /// The code of the name of a group.
    pub(super) fn group(&mut self, row: &MemberRow) -> Result<Option<Hash>, StoreError> {
        match &row.group {
            None => self.kept(Kind::Group, row.entry),
            Some(group) => self.keys.group(row.entry, group).map(Some),
        }
    }

    /// The code of the note of a change, from format 2 on.
    pub(super) fn change_note(&mut self, row: &ChangeRow) -> Result<Option<Hash>, StoreError> {
        match &row.remark.note {
            None => self.kept(Kind::ChangeNote, row.entry),
            Some(note) => self.keys.note(row.entry.list, note).map(Some),
        }
    }

    /// The code of the note of the revision at hand, if a purge removed it.
    pub(super) fn revision_note(&mut self) -> Result<Option<Hash>, StoreError> {
        self.kept(Kind::RevisionNote, NO_ENTRY)
    }

    fn kept(&mut self, kind: Kind, entry: EntryId) -> Result<Option<Hash>, StoreError> {
        let Kept::Some { rev, left, .. } = &mut self.kept else {
            return Ok(None);
        };
        if *left == 0 {
            return Ok(None);
        }
        let sql = "SELECT code FROM sealed \
                   WHERE rev = ?1 AND kind = ?2 AND list_id = ?3 AND idx = ?4";
        let key = params![*rev, kind.number(), entry.list.value(), entry.index.value()];
        let code = one(self.connection, sql, key, value)?;
        *left -= i64::from(code.is_some());
        Ok(code)
    }
}

/// How a token id stands in the chain of a revision of format 1.
fn bare(token: &TokenId) -> Hash {
    Sha256::digest(token.to_bytes()).into()
}
