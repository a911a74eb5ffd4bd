//! Document hashes of the entries that are handed out, for `OpenAttestation` readers.

use std::collections::HashSet;

use clap::Args;

use super::{Code, Error};
use crate::list::{DocumentHash, EntryId, Series, Status, View};
use crate::store::{DocumentRow, Role, Snapshot, StoreError};

/// Which documents the entries are for.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "OpenAttestation")]
pub struct DocumentOptions {
    /// Record the hash of the document (its target hash), for view oa-ocsp; each is for one entry.
    /// May be repeated.
    #[arg(long, value_name = "HASH")]
    pub document_hash: Vec<DocumentHash>,
    /// Record a hash on the way from the documents to the root of their Merkle tree, or the root:
    /// those that readers compute, not the siblings that they compute them from. May be repeated.
    #[arg(long, value_name = "HASH", requires = "document_hash")]
    pub document_path: Vec<DocumentHash>,
}

impl DocumentOptions {
    /// Makes sure that each hash is for one entry.
    pub(super) fn check(&self, entries: u64) -> Result<(), Error> {
        let documents = self.document_hash.len() as u64;
        if documents > 0 && documents != entries {
            let documents = super::counted(documents, "document hash", "document hashes");
            let entries = super::counted(entries, "entry", "entries");
            return Err(
                Error::new(Code::Refused, format!("{documents} for {entries}"))
                    .because("each document hash is for one entry")
                    .hint("leave out --count, or give as many token ids"),
            );
        }
        let mut seen = HashSet::new();
        match self.document_hash.iter().find(|hash| !seen.insert(**hash)) {
            Some(twice) => Err(Error::new(
                Code::DoubleAllocation,
                format!("document {twice} stands twice in the request"),
            )
            .hint("name it once")
            .detail("documentHash", twice.to_string())),
            None => Ok(()),
        }
    }

    /// Refuses hashes where nobody would be told of them.
    pub(super) fn refuse_without_view(&self, series: &Series) -> Result<(), Error> {
        if self.document_hash.is_empty() {
            return Ok(());
        }
        check_view(series)
    }

    /// The rows to write for these entries, each in the place of its hash.
    ///
    /// # Errors
    /// A document has an entry already, or an entry that was there before has not this document.
    pub(super) fn rows(
        &self,
        snapshot: &Snapshot<'_>,
        entries: impl Iterator<Item = Handed>,
    ) -> Result<Vec<DocumentRow>, StoreError> {
        let mut rows = Vec::new();
        for (hash, handed) in self.document_hash.iter().zip(entries) {
            match handed {
                Handed::Fresh(entry) => rows.extend(rows_of(entry, *hash, &self.document_path)),
                Handed::Before(entry) if snapshot.document_of(entry)? == Some(*hash) => {}
                Handed::Before(entry) => {
                    return Err(StoreError::OtherDocument { entry, hash: *hash });
                }
            }
        }
        snapshot.unrecorded(rows)
    }
}

/// An entry that a document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handed {
    /// It is handed out now.
    Fresh(EntryId),
    /// It was handed out before.
    Before(EntryId),
}

/// What to say of statuses that readers of documents do not see, because nobody recorded the hash.
pub(super) fn unseen(
    snapshot: &Snapshot<'_>,
    statuses: impl IntoIterator<Item = (EntryId, Status)>,
    recorded_now: &[DocumentRow],
) -> Result<Option<String>, StoreError> {
    let view = View::OaOcsp;
    if !snapshot.series().publishes_documents() {
        return Ok(None);
    }
    let documents = recorded_now.iter().filter(|row| row.role == Role::Document);
    let now: HashSet<EntryId> = documents.map(|row| row.entry).collect();
    let mut unseen = 0_u64;
    for (entry, status) in statuses {
        let seen = status == Status::VALID || now.contains(&entry);
        if !seen && snapshot.document_of(entry)?.is_none() {
            unseen += 1;
        }
    }
    let entries = super::counted(unseen, "entry has", "entries have");
    Ok((unseen > 0).then(|| {
        format!("{entries} no document hash: readers of view {view} do not see the status")
    }))
}

/// Makes sure that readers are told of documents.
pub(super) fn check_view(series: &Series) -> Result<(), Error> {
    let view = View::OaOcsp;
    if series.publishes_documents() {
        return Ok(());
    }
    Err(Error::new(
        Code::Refused,
        format!("a document hash, and the series has no view {view}"),
    )
    .hint(format!("statuslist configure FILE --add-view {view}")))
}

/// The rows of one document.
pub(super) fn rows_of(
    entry: EntryId,
    document: DocumentHash,
    on_the_way: &[DocumentHash],
) -> impl Iterator<Item = DocumentRow> {
    let row = move |hash: DocumentHash, role| DocumentRow { entry, hash, role };
    std::iter::once(row(document, Role::Document)).chain(
        on_the_way
            .iter()
            .map(move |hash| row(*hash, Role::OnTheWay)),
    )
}
