//! A revision as the log keeps it.

use rusqlite::{Connection, Row, params};

use super::chain::{ChainWriter, Hash};
use super::error::StoreError;
use super::query::write;
use crate::list::Timestamp;

/// A revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number, from 1.
    pub rev: i64,
    /// When it was made.
    pub at: Timestamp,
    /// What was done.
    pub operation: String,
    /// The operation id.
    pub operation_id: String,
    /// The SHA-256 of the request; from format 2 on, its HMAC.
    pub(super) request: Hash,
    /// Whether it changes a published byte.
    pub visible: bool,
    /// Who did it.
    pub actor: String,
    /// Free text.
    pub note: String,
    /// What was done in detail, as JSON.
    pub body: String,
    /// The hash of the body and of the rows that it wrote.
    pub(super) digest: Hash,
    /// The value that chains it to all before.
    pub(super) chain: Hash,
}

/// How the note of a revision stands in the chain.
pub(super) enum NoteInChain {
    /// As it is: format 1.
    Bare,
    /// By its HMAC, under the key of the revision; an empty one too, so that the key is covered.
    Sealed(Hash),
}

impl Event {
    pub(super) const COLUMNS: &str =
        "rev, ts, op, op_id, request, visible, actor, note, body, digest, chain";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            rev: row.get(0)?,
            at: row.get(1)?,
            operation: row.get(2)?,
            operation_id: row.get(3)?,
            request: row.get(4)?,
            visible: row.get(5)?,
            actor: row.get(6)?,
            note: row.get(7)?,
            body: row.get(8)?,
            digest: row.get(9)?,
            chain: row.get(10)?,
        })
    }

    /// Writes it down.
    pub(super) fn keep(&self, connection: &Connection) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO event ({}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            Self::COLUMNS
        );
        let values = params![
            self.rev,
            self.at,
            self.operation,
            self.operation_id,
            self.request,
            self.visible,
            self.actor,
            self.note,
            self.body,
            self.digest,
            self.chain
        ];
        write(connection, &sql, values)
    }

    /// The value that chains it to the revision before: all that it says but its body, for which
    /// the digest stands.
    pub(super) fn chained_to(&self, before: &Hash, note: &NoteInChain) -> Hash {
        let mut hasher = ChainWriter::new(match note {
            NoteInChain::Bare => "statuslist/chain/1",
            NoteInChain::Sealed(_) => "statuslist/chain/2",
        });
        hasher.fixed(before);
        hasher.number(self.rev);
        hasher.number(self.at.second());
        hasher.text(&self.operation);
        hasher.text(&self.operation_id);
        hasher.fixed(&self.request);
        hasher.number(i64::from(self.visible));
        hasher.text(&self.actor);
        match note {
            NoteInChain::Bare => hasher.text(&self.note),
            NoteInChain::Sealed(code) => hasher.fixed(code),
        }
        hasher.fixed(&self.digest);
        hasher.finish()
    }
}
