//! Where a published file comes from.

use super::chain::Hash;
use super::error::StoreError;
use super::snapshot::Snapshot;

/// Where what is published comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The site's manifest does not say it.
    Unknown,
    /// Not from this list file, or from a newer state of it.
    Foreign,
    /// From this revision of the list file.
    Revision(i64),
    /// From a state of another list file, which this revision took over.
    Adopted(i64),
}

impl Origin {
    /// The revision from which on the list file may have let what is there go.
    pub(crate) const fn since(self) -> Option<i64> {
        match self {
            Self::Unknown | Self::Foreign => None,
            Self::Revision(revision) | Self::Adopted(revision) => Some(revision),
        }
    }
}

impl Snapshot<'_> {
    /// Finds where the file at a path of a site comes from, by the chain value that the site's
    /// manifest has for it.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn origin_of(&self, path: &str, chain: Option<&Hash>) -> Result<Origin, StoreError> {
        let Some(chain) = chain else {
            return Ok(Origin::Unknown);
        };
        if let Some(revision) = self.revision_of(chain)? {
            return Ok(Origin::Revision(revision));
        }
        let adopted = self.adopted_by(path, chain)?;
        Ok(adopted.map_or(Origin::Foreign, Origin::Adopted))
    }
}
