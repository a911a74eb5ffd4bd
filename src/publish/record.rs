//! What list files remember of a publication.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use crate::store::{Access, Publication, Store, StoreError};

/// A publication that a list file should remember.
pub(crate) struct Record {
    pub(crate) file: Rc<Path>,
    pub(crate) publication: Publication,
}

/// A list file that does not remember a publication.
pub(crate) struct Unrecorded {
    pub(crate) file: Rc<Path>,
    pub(crate) error: StoreError,
}

/// Records in the list files what was published, where they can be written.
pub(crate) fn record(records: &[Record], patience: Duration) -> Vec<Unrecorded> {
    let mut files: Vec<_> = records.iter().map(|record| &record.file).collect();
    files.dedup();
    let of_file = |file: &Rc<Path>| -> Vec<_> {
        let of_file = records.iter().filter(|record| record.file == *file);
        of_file.map(|record| record.publication.clone()).collect()
    };
    let recorded = files.into_iter().map(|file| {
        let store = Store::open(file, Access::Write, patience);
        let recorded = store.and_then(|store| store.record(&of_file(file)));
        let file = Rc::clone(file);
        recorded.err().map(|error| Unrecorded { file, error })
    });
    recorded.flatten().collect()
}
