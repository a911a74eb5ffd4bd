//! The backup, as a survey of sites asks about it.

use std::collections::BTreeSet;

use crate::list::{DocumentHash, Index, ListNumber, Register, Series};
use crate::site::{Digest, SitePath};
use crate::store::{Role, Snapshot, StoreError};
use crate::survey::{ListFile, OwnList};
use crate::token::StatusList;

impl ListFile for Snapshot<'_> {
    type Error = StoreError;

    fn series(&self) -> &Series {
        self.series()
    }

    fn register(&self) -> &Register {
        self.register()
    }

    fn numbers(&self) -> Result<BTreeSet<ListNumber>, StoreError> {
        Ok(self.lists()?.iter().map(|list| list.number).collect())
    }

    fn list(&self, number: ListNumber) -> Result<OwnList, StoreError> {
        let list = self.list(number)?;
        let uris = self.uris(number)?.into_iter();
        Ok(OwnList {
            number,
            uris: uris.map(|at| (at.view, at.uri)).collect(),
            statuses: StatusList {
                width: list.width,
                bytes: self.packed(&list)?,
            },
        })
    }

    fn documents(&self, list: ListNumber) -> Result<Vec<(DocumentHash, Index)>, StoreError> {
        let mut documents = Vec::new();
        self.each_document(list, |row| {
            if row.role == Role::Document {
                documents.push((row.hash, row.entry.index));
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(documents)
    }

    fn origin(&self, path: &SitePath, chain: &Digest) -> Result<Option<i64>, StoreError> {
        let chain = chain.as_bytes();
        match self.revision_of(chain)? {
            Some(revision) => Ok(Some(revision)),
            None => self.adopted_by(path.as_str(), chain),
        }
    }
}
