//! What a survey asks of the list file that it compares with what is published.

use std::collections::BTreeSet;

use crate::list::{DocumentHash, Index, ListNumber, Register, Series, View};
use crate::site::{Digest, SitePath};
use crate::token::StatusList;

/// A list file, as it is.
pub trait ListFile {
    /// Why it cannot say something.
    type Error: std::error::Error + 'static;

    /// The settings of its series.
    fn series(&self) -> &Series;

    /// The part of the settings that can never change.
    fn register(&self) -> &Register;

    /// The numbers of its lists.
    ///
    /// # Errors
    /// It cannot be read.
    fn numbers(&self) -> Result<BTreeSet<ListNumber>, Self::Error>;

    /// One of its lists.
    ///
    /// # Errors
    /// It cannot be read.
    fn list(&self, number: ListNumber) -> Result<OwnList, Self::Error>;

    /// The documents that entries of one of its lists were handed out for, by hash.
    ///
    /// # Errors
    /// It cannot be read.
    fn documents(&self, list: ListNumber) -> Result<Vec<(DocumentHash, Index)>, Self::Error>;

    /// The revision from which on it may say otherwise than a published file that was made from
    /// the state with this chain value; nothing if it never had or adopted that state.
    ///
    /// # Errors
    /// It cannot be read.
    fn origin(&self, path: &SitePath, chain: &Digest) -> Result<Option<i64>, Self::Error>;
}

/// A list, as the list file has it.
pub struct OwnList {
    /// Its number.
    pub number: ListNumber,
    /// Its uri in each view.
    pub uris: Vec<(View, String)>,
    /// The status of every entry.
    pub statuses: StatusList,
}
