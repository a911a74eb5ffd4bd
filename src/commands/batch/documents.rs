//! The document hashes of allocating lines.

use std::collections::HashMap;

use super::line::{Lines, What};
use super::plan::{Outcome, Plan};
use crate::commands::documents::{check_view, rows_of};
use crate::commands::{Code, Error};
use crate::list::{DocumentHash, EntryId, Series};
use crate::store::{Bulk, DocumentRow, StoreError};

/// The hashes of a batch, beside its lines: few batches have any.
#[derive(Default)]
pub(super) struct Documents {
    /// For each operation that has hashes, its place, and where they begin.
    operations: Vec<(u32, usize)>,
    /// The hash of the document, then those on the way to its root.
    hashes: Vec<DocumentHash>,
}

/// The hashes of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) hash: DocumentHash,
    /// The hashes on the way to the root of its Merkle tree.
    pub(super) on_the_way: Vec<DocumentHash>,
}

/// What is known of documents while lines are planned.
pub(super) struct Targets<'a> {
    documents: &'a Documents,
    series: &'a Series,
    /// The entries that documents have on file, by operation.
    on_file: HashMap<u32, EntryId>,
    /// The operations that record a document.
    taken: HashMap<DocumentHash, u32>,
}

impl Documents {
    /// Adds the hashes of the operation that comes next.
    pub(super) fn push(&mut self, place: u32, document: Document) {
        self.operations.push((place, self.hashes.len()));
        self.hashes.push(document.hash);
        self.hashes.extend(document.on_the_way);
    }

    /// The hash of an operation's document, and those on the way to its root.
    fn get(&self, place: u32) -> Option<(DocumentHash, &[DocumentHash])> {
        let at = self
            .operations
            .binary_search_by_key(&place, |(place, _)| *place)
            .ok()?;
        let start = self.operations[at].1;
        let end = self.operations.get(at + 1).map(|(_, start)| *start);
        let hashes = &self.hashes[start..end.unwrap_or(self.hashes.len())];
        hashes.split_first().map(|(hash, rest)| (*hash, rest))
    }
}

impl<'a> Targets<'a> {
    /// Looks the documents up.
    pub(super) fn of(
        documents: &'a Documents,
        series: &'a Series,
        bulk: &Bulk<'_, '_>,
    ) -> Result<Self, StoreError> {
        let mut on_file = HashMap::new();
        for (place, start) in &documents.operations {
            if let Some(entry) = bulk.entry_of_document(documents.hashes[*start])? {
                on_file.insert(*place, entry);
            }
        }
        Ok(Self {
            documents,
            series,
            on_file,
            taken: HashMap::new(),
        })
    }

    /// Makes sure that an operation may record its document for a new entry.
    pub(super) fn record(&mut self, place: u32, lines: &Lines) -> Result<(), Error> {
        let Some((hash, _)) = self.documents.get(place) else {
            return Ok(());
        };
        check_view(self.series)?;
        let double = |text: String| Err(Error::new(Code::DoubleAllocation, text));
        if let Some(entry) = self.on_file.get(&place) {
            return double(
                StoreError::DocumentTaken {
                    hash,
                    entry: *entry,
                }
                .to_string(),
            );
        }
        if let Some(other) = self.taken.get(&hash) {
            let number = lines.operations[*other as usize].number;
            return double(format!("document {hash} is in line {number} too"));
        }
        self.taken.insert(hash, place);
        Ok(())
    }

    /// Makes sure that an operation names the document that its entry has on file, if it names one.
    pub(super) fn agree_with_file(&self, place: u32, entry: EntryId) -> Result<(), Error> {
        match self.documents.get(place) {
            Some((hash, _)) if self.on_file.get(&place) != Some(&entry) => Err(Error::new(
                Code::DoubleAllocation,
                StoreError::OtherDocument { entry, hash }.to_string(),
            )),
            _ => Ok(()),
        }
    }

    /// Makes sure that an operation names the document of an earlier one, if it names one.
    pub(super) fn agree_with_line(&self, place: u32, earlier: u32) -> Result<(), Error> {
        let hash = |place| self.documents.get(place).map(|(hash, _)| hash);
        match hash(place) {
            Some(document) if hash(earlier) != Some(document) => Err(Error::new(
                Code::DoubleAllocation,
                format!("an earlier line has its token id, and not document {document}"),
            )),
            _ => Ok(()),
        }
    }
}

/// The rows of the documents that a batch records.
pub(super) fn rows(lines: &Lines, plan: &Plan) -> Vec<DocumentRow> {
    let mut rows = Vec::new();
    for (place, _) in &lines.documents.operations {
        let at = *place as usize;
        if let (Some((hash, on_the_way)), What::Allocate { .. }, Outcome::Fresh { place, .. }) = (
            lines.documents.get(*place),
            &lines.operations[at].what,
            plan.outcomes[at],
        ) {
            let (_, entry) = plan.booked.entries[place as usize];
            rows.extend(rows_of(entry, hash, on_the_way));
        }
    }
    rows
}
