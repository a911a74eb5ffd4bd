//! What list files remember of a publication.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use crate::store::{Access, Publication, ReceiverName, Store, StoreError};

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

/// Records in the list files what was published, where they can be written, for these receivers to
/// hear of.
pub(crate) fn record(
    records: Vec<Record>,
    receivers: &[ReceiverName],
    patience: Duration,
) -> Vec<Unrecorded> {
    let mut files: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Record { file, publication } in records {
        files.entry(file).or_default().push(publication);
    }
    let recorded = files.into_iter().map(|(file, publications)| {
        let store = Store::open(&file, Access::Write, patience);
        let recorded = store.and_then(|store| store.record(&publications, receivers));
        recorded.err().map(|error| Unrecorded { file, error })
    });
    recorded.flatten().collect()
}
