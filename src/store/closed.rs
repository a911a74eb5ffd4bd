//! Lists that `restore` closed.

use rusqlite::params;

use super::error::StoreError;
use super::query::one;
use super::rows::{ListRow, ListState};
use super::snapshot::Snapshot;

impl ListRow {
    /// Whether any index of it may have been handed out: another file, of which this one is a
    /// copy, went on with it after the copy was made.
    #[must_use]
    pub const fn may_have_handed_out_any(&self) -> bool {
        matches!(self.state, ListState::Closed)
    }

    /// Whether credentials may name entries of it.
    pub(super) const fn is_in_use(&self) -> bool {
        self.taken > 0 || self.may_have_handed_out_any()
    }
}

impl Snapshot<'_> {
    /// Whether any index of a list may have been handed out already when a revision was made.
    pub(super) fn may_have_handed_out_any(
        &self,
        list: &ListRow,
        up_to: i64,
    ) -> Result<bool, StoreError> {
        if !list.may_have_handed_out_any() || up_to == i64::MAX {
            return Ok(list.may_have_handed_out_any());
        }
        let sql = "SELECT 1 FROM event, json_each(event.body, '$.closed') AS closed \
                   WHERE event.rev <= ?1 AND event.op = 'restore' AND closed.value = ?2";
        let key = params![up_to, list.number.value()];
        Ok(one(&self.transaction, sql, key, |_| Ok(()))?.is_some())
    }
}
