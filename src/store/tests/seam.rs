//! Between writing a revision and keeping it, a log elsewhere has its say.

use super::{Place, allocate, changing, first, handing_out, keep, number, prepare, series};
use crate::list::{Remark, Status, Width};
use crate::store::{Event, Prepared, Revision, StoreError, Work};

/// A log elsewhere, and what it says to each event.
struct Log {
    events: Vec<Event>,
    refuses: bool,
}

impl Log {
    /// As the commands do it, with a log in between.
    fn carry_out(&mut self, prepared: Prepared<'_>) -> Result<Revision, StoreError> {
        if let Some(event) = &prepared.event {
            if self.refuses {
                return Err(StoreError::Busy);
            }
            self.events.push(event.clone());
        }
        prepared.keep()
    }
}

#[test]
fn a_log_elsewhere_knows_each_event_before_it_is_on_the_disk() {
    let place = Place::new();
    let mut log = Log {
        events: Vec::new(),
        refuses: false,
    };
    let made = first(&place.file(), &series(Width::Two, 100)).unwrap();
    assert_eq!((made.revision().rev, made.revision().kept), (1, false));
    assert!(!place.file().exists());
    assert!(log.carry_out(made).unwrap().kept);

    let store = place.open();
    let booked = store.snapshot().unwrap().take(number(0), 3).unwrap();
    let work = handing_out(&booked, &["a"], None);
    let prepared = prepare(&store, "allocate", work).unwrap();
    let event = prepared.event.clone().unwrap();
    // Nobody else sees it yet.
    assert_eq!(place.open().snapshot().unwrap().head().rev, 1);
    log.carry_out(prepared).unwrap();
    let head = store.snapshot().unwrap().head();
    assert_eq!((head.rev, head.chain, head.at), (2, event.chain, event.at));

    let invalid = Status::INVALID;
    let work = changing(
        booked.entries[1].entry,
        Status::VALID,
        invalid,
        Remark::default(),
    );
    let revision = log.carry_out(prepare(&store, "set", work).unwrap());
    assert!(revision.unwrap().visible);

    let nothing = prepare(&store, "nothing", Work::default()).unwrap();
    assert!(nothing.event.is_none());
    let revision = log.carry_out(nothing).unwrap();
    assert_eq!((revision.rev, revision.kept), (3, false));

    let mut events = store.snapshot().unwrap().last_events(10).unwrap();
    events.reverse();
    assert_eq!(log.events, events);
    store.snapshot().unwrap().verify().unwrap();
}

#[test]
fn where_a_log_elsewhere_refuses_every_byte_stays_as_it_was() {
    let place = Place::new();
    let mut log = Log {
        events: Vec::new(),
        refuses: true,
    };
    let made = first(&place.file(), &series(Width::Two, 100)).unwrap();
    assert!(matches!(log.carry_out(made), Err(StoreError::Busy)));
    assert!(place.names().is_empty());

    for place in [
        Place::with(&series(Width::Two, 100)),
        Place::with_fixture(1),
    ] {
        let before = place.bytes();
        let store = place.open();
        let list = store.snapshot().unwrap().open_list().unwrap().number;
        let booked = store.snapshot().unwrap().take(list, 5).unwrap();
        let prepared = prepare(&store, "one", handing_out(&booked, &["x"], None));
        let refused = log.carry_out(prepared.unwrap());
        assert!(matches!(refused, Err(StoreError::Busy)));
        assert!(place.bytes() == before);
        assert_eq!(place.names(), ["list.slist"]);
        // The same operation, once more.
        assert!(keep(&store, "one", handing_out(&booked, &["x"], None)).kept);
        store.snapshot().unwrap().verify().unwrap();
    }
}

#[test]
fn a_revision_that_is_tried_changes_no_byte() {
    let place = Place::with(&series(Width::One, 50));
    let store = place.open();
    let entry = allocate(&store, "allocate", 0, &[], 1)[0];
    let before = place.bytes();
    let work = changing(entry, Status::VALID, Status::INVALID, Remark::default());
    let revision = prepare(&store, "set", work).unwrap().revision();
    assert_eq!(
        (revision.rev, revision.kept, revision.visible),
        (3, false, true)
    );
    assert!(place.bytes() == before);
}
