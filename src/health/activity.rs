//! What a list file did over time, for plots and rates.

use std::collections::BTreeMap;

use crate::list::{Status, Timestamp};
use crate::store::{Day, PublicationDelay, Snapshot, StoreError};

/// What a list file did over time.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    /// The last days, in UTC, the first one first; today is the last.
    pub(crate) days: Vec<Day>,
    /// How many statuses were ever changed, by the new one.
    pub(crate) changes: BTreeMap<Status, u64>,
    /// How long changes waited until the newest publication that showed any, by list, view and place.
    pub(crate) delays: Vec<PublicationDelay>,
}

impl Activity {
    /// Asks a list file; this goes through its whole log, once.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn of(
        snapshot: &Snapshot<'_>,
        now: Timestamp,
        days: u32,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            days: snapshot.days(now, days)?,
            changes: snapshot.changes_by_status()?,
            delays: snapshot.publication_delays()?,
        })
    }
}
