//! The document hashes of allocating lines.

use std::collections::HashMap;

use super::error::ChangeError;
use crate::list::{DocumentHash, EntryId, Series, Status};
use crate::store::{Bulk, DocumentRow, Role, Snapshot, StoreError};

/// The hashes of a request, beside its lines: few requests have any.
#[derive(Default)]
pub(super) struct Documents {
    /// For each line that has hashes, its place, and where they begin.
    lines: Vec<(u32, usize)>,
    /// The hash of the document, then those on the way to its root.
    hashes: Vec<DocumentHash>,
}

/// The hashes of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// Its own.
    pub(crate) hash: DocumentHash,
    /// The hashes on the way to the root of its Merkle tree.
    pub(crate) on_the_way: Vec<DocumentHash>,
}

/// What is known of documents while lines are planned.
pub(super) struct PlannedDocuments<'a> {
    documents: &'a Documents,
    series: &'a Series,
    /// The entries that documents have on file, by line.
    on_file: HashMap<u32, EntryId>,
    /// The lines that record a document.
    taken: HashMap<DocumentHash, u32>,
}

impl Documents {
    /// Adds the hashes of the line that comes next.
    pub(super) fn push(&mut self, place: u32, document: Document) {
        self.lines.push((place, self.hashes.len()));
        self.hashes.push(document.hash);
        self.hashes.extend(document.on_the_way);
    }

    /// The places of the lines that have hashes.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> {
        self.lines.iter().map(|(place, _)| *place)
    }

    /// The hashes of a line's document.
    pub(super) fn document(&self, place: u32) -> Option<Document> {
        let (hash, rest) = self.get(place)?;
        let on_the_way = rest.to_vec();
        Some(Document { hash, on_the_way })
    }

    /// The hash of a line's document, and those on the way to its root.
    fn get(&self, place: u32) -> Option<(DocumentHash, &[DocumentHash])> {
        let at = self
            .lines
            .binary_search_by_key(&place, |(place, _)| *place)
            .ok()?;
        let start = self.lines[at].1;
        let end = self.lines.get(at + 1).map(|(_, start)| *start);
        let hashes = &self.hashes[start..end.unwrap_or(self.hashes.len())];
        hashes.split_first().map(|(hash, rest)| (*hash, rest))
    }

    /// The rows to write for a line's document.
    pub(super) fn rows(&self, place: u32, entry: EntryId) -> impl Iterator<Item = DocumentRow> {
        let row = move |hash: DocumentHash, role| DocumentRow { entry, hash, role };
        self.get(place).into_iter().flat_map(move |(hash, rest)| {
            let own = std::iter::once(row(hash, Role::Document));
            own.chain(rest.iter().map(move |hash| row(*hash, Role::OnTheWay)))
        })
    }
}

impl<'a> PlannedDocuments<'a> {
    /// Looks the documents up.
    pub(super) fn of(
        documents: &'a Documents,
        series: &'a Series,
        bulk: &Bulk<'_, '_>,
    ) -> Result<Self, StoreError> {
        let mut on_file = HashMap::new();
        for (place, start) in &documents.lines {
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

    /// Makes sure that a line may record its document for a new entry. `number` is that of a line
    /// at a place.
    pub(super) fn record(
        &mut self,
        place: u32,
        number: impl Fn(u32) -> u32,
    ) -> Result<(), ChangeError> {
        let Some((hash, _)) = self.documents.get(place) else {
            return Ok(());
        };
        check_view(self.series)?;
        if let Some(entry) = self.on_file.get(&place) {
            let entry = *entry;
            return Err(StoreError::DocumentTaken { hash, entry }.into());
        }
        if let Some(other) = self.taken.get(&hash) {
            let line = number(*other);
            return Err(ChangeError::DocumentInLine { hash, line });
        }
        self.taken.insert(hash, place);
        Ok(())
    }

    /// Makes sure that a line names the document that its entry has on file, if it names one.
    pub(super) fn agree_with_file(&self, place: u32, entry: EntryId) -> Result<(), ChangeError> {
        match self.documents.get(place) {
            Some((hash, _)) if self.on_file.get(&place) != Some(&entry) => {
                Err(ChangeError::OtherDocument { entry, hash })
            }
            _ => Ok(()),
        }
    }

    /// Makes sure that a line names the document of an earlier one, if it names one.
    pub(super) fn agree_with_line(&self, place: u32, earlier: u32) -> Result<(), ChangeError> {
        let hash = |place| self.documents.get(place).map(|(hash, _)| hash);
        match hash(place) {
            Some(document) if hash(earlier) != Some(document) => {
                Err(ChangeError::OtherDocumentInLine(document))
            }
            _ => Ok(()),
        }
    }
}

/// Makes sure that readers are told of documents.
pub(super) fn check_view(series: &Series) -> Result<(), ChangeError> {
    if series.publishes_documents() {
        Ok(())
    } else {
        Err(ChangeError::NoDocumentView)
    }
}

/// How many of these statuses readers of documents do not see, because nobody recorded the hash.
pub(super) fn unseen(
    snapshot: &Snapshot<'_>,
    statuses: impl IntoIterator<Item = (EntryId, Status)>,
    recorded_now: &[DocumentRow],
) -> Result<u64, StoreError> {
    if !snapshot.series().publishes_documents() {
        return Ok(0);
    }
    let documents = recorded_now.iter().filter(|row| row.role == Role::Document);
    let now: std::collections::HashSet<EntryId> = documents.map(|row| row.entry).collect();
    let mut unseen = 0;
    for (entry, status) in statuses {
        let seen = status == Status::VALID || now.contains(&entry);
        if !seen && snapshot.document_of(entry)?.is_none() {
            unseen += 1;
        }
    }
    Ok(unseen)
}
