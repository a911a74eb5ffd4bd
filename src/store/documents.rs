//! The document hashes that `OpenAttestation` readers ask for.
//!
//! A document has one hash of its own, which belongs to one entry. The hashes on the way from it
//! to the root of its Merkle tree are shared with the other documents of the tree: each list keeps
//! one row of them. A hash may be both, where somebody took the siblings of a document for the way:
//! what is said of the document itself goes first.

use std::collections::HashSet;

use rusqlite::{Row, params};
use serde::Serialize;

use super::error::{Reading, StoreError};
use super::indexes;
use super::query::one;
use super::rows::{index, integer, list_number};
use super::snapshot::Snapshot;
use crate::list::{DocumentHash, EntryId, ListNumber};

/// What a hash is to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The hash of the entry's own document.
    Document,
    /// A hash on the way from the document to the root of its Merkle tree, or the root.
    OnTheWay,
}

/// A hash that readers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// The entry; of several with a hash on the way in common the first.
    pub entry: EntryId,
    /// The hash.
    pub hash: DocumentHash,
    /// What it is to the entry.
    pub role: Role,
}

/// How many hashes a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentCount {
    /// Those of documents.
    pub documents: i64,
    /// Those on the way from a document to a root.
    pub on_the_way: i64,
}

impl Role {
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Document => 0,
            Self::OnTheWay => 1,
        }
    }
}

impl DocumentRow {
    pub(super) const COLUMNS: &str = "list_id, idx, hash, role";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let entry = EntryId {
            list: list_number(integer(row, 0)?)?,
            index: index(integer(row, 1)?)?,
        };
        let wrong = || StoreError::Corrupt(format!("a document of entry {entry} makes no sense"));
        Ok(Self {
            entry,
            hash: DocumentHash::new(row.get(2).map_err(|_| wrong())?),
            role: match integer(row, 3)? {
                0 => Role::Document,
                1 => Role::OnTheWay,
                _ => return Err(wrong()),
            },
        })
    }

    /// The order in which rows are kept and hashed.
    const fn key(&self) -> (ListNumber, DocumentHash, Role) {
        (self.entry.list, self.hash, self.role)
    }
}

impl Snapshot<'_> {
    /// The entry of the document with this hash, if a revision up to this one recorded it.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn entry_of_document(
        &self,
        hash: DocumentHash,
        up_to: i64,
    ) -> Result<Option<EntryId>, StoreError> {
        let key = hash.bytes();
        let Some((row, rev)) = self.document_row("hash = ?1 AND role = 0", params![key])? else {
            indexes::DOCUMENT.absent(&self.transaction, params![key])?;
            return Ok(None);
        };
        let (list, role) = (row.entry.list.value(), row.role.number());
        indexes::DOCUMENT.confirm(&self.transaction, params![key, list, role])?;
        Ok((rev <= up_to).then_some(row.entry))
    }

    /// The hash of an entry's document.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn document_of(&self, entry: EntryId) -> Result<Option<DocumentHash>, StoreError> {
        let (list, index) = (entry.list.value(), entry.index.value());
        let condition = "list_id = ?1 AND idx = ?2 AND role = 0";
        let Some((row, _)) = self.document_row(condition, params![list, index])? else {
            indexes::ENTRY.absent(&self.transaction, params![list, index])?;
            return Ok(None);
        };
        let (hash, role) = (row.hash.bytes(), row.role.number());
        indexes::ENTRY.confirm(&self.transaction, params![list, index, hash, role])?;
        Ok(Some(row.hash))
    }

    /// Goes through the hashes of a list, each once, in their order.
    ///
    /// # Errors
    /// The file cannot be read or contradicts itself, or `see` fails.
    pub fn each_document<E: From<StoreError>>(
        &self,
        list: ListNumber,
        mut see: impl FnMut(&DocumentRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!(
            "SELECT {} FROM document WHERE list_id = ?1 ORDER BY hash, role",
            DocumentRow::COLUMNS
        );
        let mut statement = self.transaction.prepare_cached(&sql).reading("read")?;
        let mut rows = statement.query(params![list.value()]).reading("read")?;
        let mut before = None;
        while let Some(row) = rows.next().reading("read")? {
            let row = DocumentRow::read(row)?;
            if before.replace(row.hash) != Some(row.hash) {
                see(&row)?;
            }
        }
        Ok(())
    }

    /// How many hashes a list has.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn document_count(&self, list: ListNumber) -> Result<DocumentCount, StoreError> {
        self.transaction
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE role = 0), count(*) FILTER (WHERE role = 1) \
                 FROM document WHERE list_id = ?1",
            )
            .and_then(|mut statement| {
                statement.query_row(params![list.value()], |row| {
                    Ok(DocumentCount {
                        documents: row.get(0)?,
                        on_the_way: row.get(1)?,
                    })
                })
            })
            .reading("read")
    }

    /// The rows to write for these hashes, in the order in which they are kept: of hashes on the
    /// way, only those that the list does not have.
    ///
    /// # Errors
    /// [`StoreError::DocumentTaken`] if a document has its entry already, or the file cannot be
    /// read.
    pub fn unrecorded(&self, mut rows: Vec<DocumentRow>) -> Result<Vec<DocumentRow>, StoreError> {
        rows.sort_by_key(DocumentRow::key);
        let mut documents = HashSet::new();
        for row in rows.iter().filter(|row| row.role == Role::Document) {
            let entry = self.entry_of_document(row.hash, i64::MAX)?;
            if let Some(entry) = entry.or((!documents.insert(row.hash)).then_some(row.entry)) {
                let hash = row.hash;
                return Err(StoreError::DocumentTaken { hash, entry });
            }
        }
        rows.dedup_by_key(|row| row.key());
        let condition = "list_id = ?1 AND hash = ?2";
        let mut unrecorded = Vec::with_capacity(rows.len());
        let mut document = None;
        for row in rows {
            if row.role == Role::Document {
                document = Some((row.entry.list, row.hash));
            } else if document == Some((row.entry.list, row.hash)) {
                // The root of a tree of one document is the document itself.
                continue;
            } else {
                let key = params![row.entry.list.value(), row.hash.bytes()];
                if self.document_row(condition, key)?.is_some() {
                    continue;
                }
            }
            unrecorded.push(row);
        }
        Ok(unrecorded)
    }

    fn document_row(
        &self,
        condition: &str,
        key: &[&dyn rusqlite::ToSql],
    ) -> Result<Option<(DocumentRow, i64)>, StoreError> {
        let sql = format!(
            "SELECT {}, rev FROM document WHERE {condition}",
            DocumentRow::COLUMNS
        );
        let read = |row: &Row<'_>| Ok((DocumentRow::read(row), row.get(4)?));
        one(&self.transaction, &sql, key, read)?
            .map(|(row, rev)| Ok((row?, rev)))
            .transpose()
    }
}
