//! What the files of one list are decided by.

use std::cell::OnceCell;

use super::edition::Edition;
use super::error::PublishError;
use super::guard::Provenance;
use super::rules::Rules;
use super::site::Site;
use crate::list::ListUri;
use crate::site::SitePath;
use crate::store::{ListRow, Snapshot};
use crate::token::StatusList;

/// What the files of one list are decided by: one state of its list file, and the site.
pub(crate) struct Ground<'a, 's> {
    pub(crate) snapshot: &'a Snapshot<'s>,
    pub(crate) edition: &'a Edition,
    pub(crate) list: &'a ListRow,
    pub(crate) site: &'a Site<'a>,
    pub(crate) rules: &'a Rules,
    confirmed: OnceCell<()>,
}

impl<'a, 's> Ground<'a, 's> {
    pub(crate) fn new(
        snapshot: &'a Snapshot<'s>,
        edition: &'a Edition,
        list: &'a ListRow,
        site: &'a Site<'a>,
        rules: &'a Rules,
    ) -> Self {
        Self {
            snapshot,
            edition,
            list,
            site,
            rules,
            confirmed: OnceCell::new(),
        }
    }

    /// Where the list belongs.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn places(&self) -> Result<Vec<ListUri>, PublishError> {
        let places = self.snapshot.uris(self.list.number);
        places.map_err(|error| self.edition.failed(error))
    }

    /// The whole list.
    ///
    /// # Errors
    /// A page is damaged, or the list file cannot be read.
    pub(crate) fn entries(&self) -> Result<StatusList, PublishError> {
        let packed = self.snapshot.packed(self.list);
        Ok(StatusList {
            width: self.list.width,
            bytes: packed.map_err(|error| self.edition.failed(error))?,
        })
    }

    /// Where the file at a path of the site comes from.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn provenance(&self, path: &SitePath) -> Result<Provenance, PublishError> {
        Provenance::of(path, self.snapshot, self.edition, self.list, self.site)
    }

    /// Makes sure that the statuses of the list are what its changes lead to: what readers were not
    /// told so far is not taken from a page that may be damaged.
    ///
    /// # Errors
    /// A status in the file is not the one that its changes lead to, or it cannot be read.
    pub(crate) fn confirm(&self) -> Result<(), PublishError> {
        if self.confirmed.get().is_none() {
            let confirmed = self.snapshot.confirm_statuses(self.list);
            confirmed.map_err(|error| self.edition.failed(error))?;
            self.confirmed.get_or_init(|| ());
        }
        Ok(())
    }
}
