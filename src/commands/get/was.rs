//! What an entry was at a moment, or on a day.

use std::fmt;

use serde::Serialize;
use serde_json::json;

use crate::commands::{Code, Error};
use crate::list::{EntryId, Moment, Status, Timestamp};
use crate::store::{Allocation, PastChange};

/// What an entry was at the time that was asked about.
pub(super) enum Was {
    /// One status.
    Always(Status),
    /// Several, on the day that begins then. None of them is the answer.
    Changing(Timestamp, Vec<Status>),
    /// At first nothing, on the day that begins then: it was handed out later.
    Beginning(Timestamp, Vec<Status>),
}

impl Was {
    /// What an entry was on a day: a status up to a revision at its start, and the changes since.
    pub(super) fn on_day(
        day: Moment,
        allocation: Option<&Allocation>,
        status: Status,
        up_to: i64,
        changes: &[PastChange],
    ) -> Self {
        let start = day.start;
        let begin = allocation.filter(|allocation| allocation.at > start);
        let (first, after) = match begin {
            Some(begin) => {
                let own = changes.iter().find(|change| change.rev == begin.rev);
                (own.map_or(status, |change| change.row.new), begin.rev)
            }
            None => (status, up_to),
        };
        let later = changes
            .iter()
            .filter(|change| change.rev > after && change.at <= day.end)
            .map(|change| change.row.new);
        let mut statuses: Vec<_> = std::iter::once(first).chain(later).collect();
        statuses.dedup();
        match statuses.as_slice() {
            _ if begin.is_some() => Self::Beginning(start, statuses),
            [only] => Self::Always(*only),
            _ => Self::Changing(start, statuses),
        }
    }

    /// Says why this is not the status that a script wants, if it is not.
    pub(super) fn refusal(&self, id: EntryId, wanted: Status) -> Option<Error> {
        let refused = |message| {
            Error::new(Code::PreconditionFailed, message)
                .detail("listId", id.list.to_string())
                .detail("idx", id.index.value())
                .detail("expectedStatus", wanted.value())
        };
        let (day, what, statuses) = match self {
            Self::Always(status) if *status == wanted => return None,
            Self::Always(status) => {
                let message = format!("entry {id} is {status}, not {wanted}");
                return Some(refused(message).detail("currentStatus", status.value()));
            }
            Self::Changing(day, statuses) => (day, "changed", statuses),
            Self::Beginning(day, statuses) => (day, "was handed out", statuses),
        };
        let date = date_of(*day);
        let names: Vec<_> = statuses.iter().map(Status::to_string).collect();
        let values: Vec<_> = statuses.iter().map(|status| status.value()).collect();
        Some(
            refused(format!(
                "entry {id} {what} on {date}, so that day is no answer"
            ))
            .because(format!("on that day it was {}", names.join(", then ")))
            .hint(format!("name a time of that day: --at {date}T12:00:00Z"))
            .detail("statuses", values),
        )
    }
}

impl Serialize for Was {
    /// Where there is no one answer, none is given, and `statuses` has all of that day.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Always(status) => json!({ "status": status, "statusName": status.name() }),
            Self::Changing(_, statuses) | Self::Beginning(_, statuses) => {
                json!({ "status": null, "statusName": null, "statuses": statuses })
            }
        }
        .serialize(serializer)
    }
}

impl fmt::Display for Was {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, first, later) = match self {
            Self::Always(status) => return status.fmt(formatter),
            Self::Changing(day, statuses) => match statuses.split_first() {
                Some((first, later)) => (day, first.to_string(), later),
                None => return Ok(()),
            },
            Self::Beginning(day, statuses) => (day, "not handed out".to_owned(), &statuses[..]),
        };
        let later: Vec<_> = later.iter().map(Status::to_string).collect();
        let later = later.join(", then ");
        write!(
            formatter,
            "{first} at the start of {}, later that day {later}",
            date_of(*day)
        )
    }
}

/// The date of the day that begins at a time.
fn date_of(day: Timestamp) -> String {
    day.to_string()
        .chars()
        .take_while(|character| *character != 'T')
        .collect()
}
