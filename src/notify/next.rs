//! What a receiver is to be told next.

use super::event::EventKind;
use super::receiver::Receiver;
use crate::store::{Cursor, Event, Notice, NoticeKind, Snapshot, StoreError};

/// What a receiver is to be told next, and where it is after that.
pub(super) struct Next {
    pub(super) news: Option<News>,
    /// Behind what it is told; where there is nothing, behind all that it does not want to hear.
    pub(super) then: Cursor,
}

/// Something to tell.
pub(super) enum News {
    /// What a revision did.
    Revision(Event, EventKind),
    /// Something else.
    Notice(Notice),
}

/// What a revision may have done, in the order in which it is told: [`Cursor::WHOLE`] counts them.
const OF_REVISION: [EventKind; 2] = [EventKind::Allocated, EventKind::StatusChanged];

/// How many revisions are looked through in one go.
const STRIDE: u32 = 200;

impl Next {
    /// Looks for what comes behind a cursor.
    pub(super) fn of(
        receiver: &Receiver,
        from: Cursor,
        snapshot: &Snapshot<'_>,
    ) -> Result<Self, StoreError> {
        let mut at = from;
        loop {
            let notice = snapshot.notices_after(at.notice, 1)?.pop();
            // A notice comes behind the revision that was the newest then.
            let last = notice.as_ref().map_or(i64::MAX, |notice| notice.rev);
            if let Some(found) = of_revisions(receiver, &mut at, last, snapshot)? {
                return Ok(found);
            }
            let Some(notice) = notice else {
                return Ok(Self {
                    news: None,
                    then: at,
                });
            };
            at.notice = notice.seq;
            if receiver.wants(notice.event_kind()) {
                return Ok(Self {
                    news: Some(News::Notice(notice)),
                    then: at,
                });
            }
        }
    }
}

/// Looks through the revisions up to one, and moves the cursor behind them.
fn of_revisions(
    receiver: &Receiver,
    at: &mut Cursor,
    last: i64,
    snapshot: &Snapshot<'_>,
) -> Result<Option<Next>, StoreError> {
    let end = last.min(snapshot.head().rev);
    if !OF_REVISION.iter().any(|kind| receiver.wants(*kind)) && end > at.rev {
        at.rev = end;
        at.part = Cursor::WHOLE;
    }
    while at.rev < end || at.rev == end && at.part < Cursor::WHOLE {
        let first = at.rev + i64::from(at.part >= Cursor::WHOLE);
        let events = snapshot.events_from(first, STRIDE)?;
        if events.is_empty() {
            break;
        }
        for event in events {
            if event.rev > end {
                return Ok(None);
            }
            let told = if event.rev == at.rev { at.part } else { 0 };
            for (part, kind) in (1..).zip(OF_REVISION) {
                at.rev = event.rev;
                at.part = part;
                if part > told && receiver.wants(kind) && did(kind, &event, snapshot)? {
                    return Ok(Some(Next {
                        news: Some(News::Revision(event, kind)),
                        then: *at,
                    }));
                }
            }
        }
    }
    Ok(None)
}

fn did(kind: EventKind, event: &Event, snapshot: &Snapshot<'_>) -> Result<bool, StoreError> {
    match kind {
        EventKind::Allocated => snapshot.allocated_any(event),
        _ => snapshot.changed_any(event.rev),
    }
}

impl Notice {
    pub(super) const fn event_kind(&self) -> EventKind {
        match self.kind {
            NoticeKind::Regenerated => EventKind::Regenerated,
            NoticeKind::Capacity => EventKind::CapacityWarning,
            NoticeKind::Expired => EventKind::Expired,
        }
    }
}

impl News {
    pub(super) const fn kind(&self) -> EventKind {
        match self {
            Self::Revision(_, kind) => *kind,
            Self::Notice(notice) => notice.event_kind(),
        }
    }
}
