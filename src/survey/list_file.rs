//! What a survey asks of the list file that it compares with what is published.

use std::collections::BTreeSet;

use super::error::Contradiction;
use crate::list::{DocumentHash, Index, ListNumber, View};
use crate::site::{Digest, ManifestError, SitePath, TargetError, Unpublishable};
use crate::token::StatusList;

/// A list file, as it is. Every question fails where it cannot be read.
pub(crate) trait ListFile {
    /// Why it cannot be compared with its sites: it cannot be read, they cannot, or they contradict
    /// themselves.
    type Error: From<Contradiction> + From<Unpublishable> + From<TargetError> + From<ManifestError>;

    fn numbers(&self) -> Result<BTreeSet<ListNumber>, Self::Error>;

    fn list(&self, number: ListNumber) -> Result<OwnList, Self::Error>;

    /// The revision from which on it may say otherwise than a published file that was made from
    /// the state with this chain value; nothing if it never had or adopted that state.
    fn origin(&self, path: &SitePath, chain: &Digest) -> Result<Option<i64>, Self::Error>;
}

/// A list, as the list file has it.
pub(crate) struct OwnList {
    pub(crate) number: ListNumber,
    pub(crate) uris: Vec<(View, String)>,
    /// That of every entry.
    pub(crate) statuses: StatusList,
    /// The documents that entries were handed out for, by hash.
    pub(crate) documents: Vec<(DocumentHash, Index)>,
}
