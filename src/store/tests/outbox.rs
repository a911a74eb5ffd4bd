//! Who is told, up to where, and by which process.

use serde_json::json;

use super::{Place, START, handing_out, keep, series};
use crate::list::{Timestamp, Width};
use crate::store::{Cursor, Holder, NoticeKind, ReceiverName, Store, StoreError};

const ONE: ReceiverName = ReceiverName([1; 32]);
const TWO: ReceiverName = ReceiverName([2; 32]);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second)
}

fn holder(name: &str, now: i64) -> Holder<'_> {
    Holder {
        name,
        now: at(now),
        until: at(now + 5),
    }
}

fn place() -> Place {
    Place::with(&series(Width::One, 100))
}

fn register(store: &Store, receivers: &[ReceiverName]) {
    let outbox = store.outbox().unwrap();
    outbox.register(receivers).unwrap();
    outbox.keep().unwrap();
}

fn hold(store: &Store, name: &str, now: i64, is_gone: fn(&str) -> bool) -> bool {
    let outbox = store.outbox().unwrap();
    let held = outbox.hold(ONE, holder(name, now), is_gone).unwrap();
    outbox.keep().unwrap();
    held
}

fn note(store: &Store, subject: &str) {
    let outbox = store.outbox().unwrap();
    let body = json!({});
    outbox
        .note_once(NoticeKind::Capacity, subject, at(0), &body)
        .unwrap();
    outbox.keep().unwrap();
}

#[test]
fn a_receiver_begins_at_the_present_and_keeps_its_place() {
    let place = place();
    let store = place.open();
    register(&store, &[ONE]);
    let first = store.snapshot().unwrap().cursor_of(ONE).unwrap().unwrap();
    assert_eq!((first.rev, first.part, first.notice), (1, Cursor::WHOLE, 0));
    let list = store.snapshot().unwrap().open_list().unwrap().number;
    let booked = store.snapshot().unwrap().take(list, 1).unwrap();
    keep(&store, "one", handing_out(&booked, &[], None));
    note(&store, "one");
    register(&store, &[ONE, TWO]);
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.cursor_of(ONE).unwrap(), Some(first));
    let second = snapshot.cursor_of(TWO).unwrap().unwrap();
    assert_eq!(
        (second.rev, second.part, second.notice),
        (2, Cursor::WHOLE, 1)
    );
}

#[test]
fn one_process_holds_a_receiver_until_it_lets_go_ends_or_takes_too_long() {
    let place = place();
    let store = place.open();
    register(&store, &[ONE]);
    let lives = |_: &str| false;
    assert!(hold(&store, "first", 0, lives));
    assert!(!hold(&store, "second", 5, lives));
    assert!(
        hold(&store, "second", 5, |name| name == "first"),
        "it ended"
    );
    assert!(!hold(&store, "third", 10, lives));
    assert!(hold(&store, "third", 11, lives), "it took too long");
    // Only who holds it lets go.
    for (name, free) in [("second", false), ("third", true)] {
        let outbox = store.outbox().unwrap();
        outbox.release(ONE, holder(name, 11)).unwrap();
        outbox.keep().unwrap();
        assert_eq!(hold(&store, "fourth", 11, lives), free, "{name}");
    }
}

#[test]
fn what_is_dropped_leaves_the_file_as_it_was() {
    let place = place();
    let before = place.bytes();
    let store = place.open();
    let outbox = store.outbox().unwrap();
    outbox.register(&[ONE]).unwrap();
    drop(outbox);
    assert!(before == place.bytes());
}

#[test]
fn a_notice_is_written_once_and_its_number_is_never_used_again() {
    let place = place();
    let store = place.open();
    register(&store, &[ONE]);
    note(&store, "one");
    note(&store, "one");
    note(&store, "two");
    let numbers = |after| -> Vec<i64> {
        let notices = store.snapshot().unwrap().notices_after(after, 9).unwrap();
        notices.iter().map(|notice| notice.seq).collect()
    };
    assert_eq!(numbers(0), [1, 2]);
    let sql = "UPDATE notice SET subject = NULL";
    store.connection.execute(sql, []).unwrap();
    let outbox = store.outbox().unwrap();
    let cursor = Cursor {
        rev: 1,
        part: Cursor::WHOLE,
        notice: 2,
    };
    outbox.advance(ONE, cursor).unwrap();
    outbox.keep().unwrap();
    assert!(numbers(0).is_empty(), "all have heard of them");
    note(&store, "three");
    assert_eq!(numbers(2), [3]);
}

#[test]
fn a_cursor_ahead_of_the_log_and_a_notice_that_cannot_be_read_are_noticed() {
    for wrong in [
        "UPDATE receiver SET rev = 2",
        "UPDATE receiver SET part = -1",
        "UPDATE notice SET body = '1' || body",
    ] {
        let place = place();
        let store = place.open();
        register(&store, &[ONE]);
        note(&store, "one");
        store.snapshot().unwrap().verify().unwrap();
        let sql = format!("PRAGMA ignore_check_constraints = ON; {wrong}");
        store.connection.execute_batch(&sql).unwrap();
        let error = store.snapshot().unwrap().verify().unwrap_err();
        assert!(
            matches!(error, StoreError::Corrupt(_)),
            "{wrong}: {error:?}"
        );
    }
}

#[test]
fn backups_and_older_formats_have_no_outbox() {
    let place = Place::with_fixture(3);
    let error = place.open().outbox().err();
    assert!(
        matches!(error, Some(StoreError::NoReceivers(3))),
        "{error:?}"
    );
}
