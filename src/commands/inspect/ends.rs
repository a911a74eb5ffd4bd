//! When lists are of no use any more, as `inspect` shows it.

use std::fmt;

use serde::Serialize;

use super::shown::write_count;
use crate::list::Timestamp;
use crate::store::{ListRow, Snapshot, StoreError};

/// When a list is of no use any more.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EndShown {
    /// How many entries are known to end later.
    unexpired: u64,
    /// How many neither expire nor are kept until a time of their own.
    without_expiry: u64,
    /// Until when the list is kept for their sake.
    kept_until: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    /// Whether it can be retired.
    pub(super) due: bool,
    #[serde(skip)]
    is_over: bool,
}

impl EndShown {
    pub(super) fn of(
        snapshot: &Snapshot<'_>,
        list: &ListRow,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let ends = snapshot.ends(list, now)?;
        let end = list.end(&ends, list.kept_until());
        Ok(Self {
            unexpired: ends.unexpired,
            without_expiry: ends.endless,
            kept_until: list.kept_until(),
            ends_at: end.time(),
            due: list.is_over() && end.is_reached(now),
            is_over: list.is_over(),
        })
    }
}

impl fmt::Display for EndShown {
    /// Of a list that hands out nothing any more, and is still published.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_over {
            return Ok(());
        }
        if let Some(time) = self.kept_until {
            writeln!(formatter, "  kept      until {time}")?;
        }
        match self.ends_at {
            Some(time) if self.due => writeln!(formatter, "  due       since {time}")?,
            Some(time) => writeln!(formatter, "  due       at {time}")?,
            None if self.due => writeln!(formatter, "  due       now")?,
            None => writeln!(
                formatter,
                "  due       never: nobody said how long it is kept"
            )?,
        }
        write_count(formatter, "not ended", self.unexpired)?;
        write_count(formatter, "without expiry", self.without_expiry)
    }
}
