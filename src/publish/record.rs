//! What list files remember of a publication.

use std::path::Path;
use std::time::Duration;

use super::plan::Record;
use crate::store::{Access, Publication, Store, StoreError};

/// A list file that does not remember a publication.
pub(crate) struct Unrecorded<'a> {
    pub(crate) file: &'a Path,
    pub(crate) error: StoreError,
}

/// Records in the list files what was published, where they can be written.
pub(crate) fn record<'a>(records: &[Record<'a>], patience: Duration) -> Vec<Unrecorded<'a>> {
    let file_of = |record: &Record<'a>| record.edition.file;
    let mut files: Vec<&Path> = records.iter().map(file_of).collect();
    files.dedup();
    let mut unrecorded = Vec::new();
    for file in files {
        let of_file = records.iter().filter(|record| file_of(record) == file);
        let of_file: Vec<Publication> = of_file.map(|record| record.publication.clone()).collect();
        let recorded =
            Store::open(file, Access::Write, patience).and_then(|store| store.record(&of_file));
        unrecorded.extend(recorded.err().map(|error| Unrecorded { file, error }));
    }
    unrecorded
}
