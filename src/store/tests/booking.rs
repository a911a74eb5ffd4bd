//! Which entries are chosen, and which choices a revision refuses to record.

use super::{
    Place, allocate, allocate_at, corrupt, entries_of, entry, handing_out, keep, number, prepare,
    series, steps_of,
};
use crate::list::{Timestamp, Width};
use crate::store::{ListState, Run, StoreError, Work};

#[test]
fn a_run_goes_over_steps_that_were_taken_out_of_turn() {
    let place = Place::with(&series(Width::One, 30));
    let store = place.open();
    let all = entries_of(&store.snapshot().unwrap().take(number(0), 30).unwrap());
    for step in [1, 2, 5] {
        allocate_at(&store, &format!("step {step}"), all[step]);
    }
    let booked = store.snapshot().unwrap().take(number(0), 4).unwrap();
    assert_eq!(steps_of(&booked), [0, 3, 4, 6]);
    assert_eq!(entries_of(&booked), [all[0], all[3], all[4], all[6]]);
    let runs = booked.runs.iter().map(|run| (run.first, run.count));
    assert_eq!(runs.collect::<Vec<_>>(), [(0, 7)]);
    keep(&store, "run", handing_out(&booked, &["a", "b"], None));
    let snapshot = store.snapshot().unwrap();
    let list = snapshot.list(number(0)).unwrap();
    assert_eq!((list.cursor, list.taken, list.free()), (7, 7, 23));
    assert_eq!(snapshot.free().unwrap(), 23);
    snapshot.verify().unwrap();
    let again = snapshot.take(number(0), 2).unwrap();
    assert_eq!(entries_of(&again), [all[7], all[8]]);
    assert!(snapshot.take(number(0), 0).unwrap().entries.is_empty());
}

#[test]
fn the_last_entry_closes_the_list_and_no_other_is_found() {
    let place = Place::with(&series(Width::One, 9));
    let store = place.open();
    let at_the_end = entries_of(&store.snapshot().unwrap().take(number(0), 9).unwrap())[8];
    allocate_at(&store, "last", at_the_end);
    let error = store.snapshot().unwrap().take(number(0), 9).unwrap_err();
    let StoreError::Full { taken, wanted, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!((taken, wanted), (1, 9));
    allocate(&store, "others", 0, &[], 8);
    let snapshot = store.snapshot().unwrap();
    let list = snapshot.list(number(0)).unwrap();
    assert_eq!((list.cursor, list.taken), (8, 9));
    assert_eq!(list.state, ListState::Full);
    assert!(matches!(
        snapshot.take(number(0), 1),
        Err(StoreError::Full { .. })
    ));
    snapshot.verify().unwrap();
}

#[test]
fn an_entry_is_taken_once_and_inside_its_list() {
    let place = Place::with(&series(Width::One, 9));
    let store = place.open();
    let taken = allocate(&store, "run", 0, &[], 2)[1];
    allocate_at(&store, "index", entry(0, (taken.index.value() + 1) % 9));
    let snapshot = store.snapshot().unwrap();
    for index in [taken.index.value(), (taken.index.value() + 1) % 9] {
        match snapshot.take_at(number(0), index.into()) {
            Err(StoreError::IndexTaken(found)) => assert_eq!(found, entry(0, index)),
            other => panic!("{other:?}"),
        }
    }
    for outside in [9, 1 << 32, u64::MAX] {
        assert!(matches!(
            snapshot.take_at(number(0), outside),
            Err(StoreError::OutsideList { .. })
        ));
    }
    let none = snapshot.take(number(1), 1);
    assert!(matches!(none, Err(StoreError::NoList(_))));
}

/// What was chosen from an older state, or of another list, is recorded by no revision.
#[test]
fn a_revision_refuses_a_run_that_is_not_the_next_one() {
    let place = Place::with(&series(Width::One, 9));
    let store = place.open();
    let stale = store.snapshot().unwrap().take(number(0), 2).unwrap();
    allocate(&store, "first", 0, &[], 3);
    let before = place.bytes();
    let wrong = "list 0 has another place in its order than the run to be recorded";
    corrupt(
        prepare(&store, "stale", handing_out(&stale, &[], None)),
        wrong,
    );
    let run = |list, first, count| Work {
        runs: vec![Run {
            list: number(list),
            first,
            count,
            expires: Some(Timestamp::from_second(1)),
        }],
        ..Work::default()
    };
    corrupt(prepare(&store, "gap", run(0, 4, 1)), wrong);
    corrupt(prepare(&store, "too long", run(0, 3, 7)), wrong);
    let other = prepare(&store, "other list", run(1, 0, 1));
    assert!(matches!(other, Err(StoreError::NoList(_))));
    // A token id that is there already, which the caller should have seen.
    let booked = store.snapshot().unwrap().take(number(0), 1).unwrap();
    keep(&store, "x", handing_out(&booked, &["x"], None));
    let once_more = store.snapshot().unwrap().take(number(0), 1).unwrap();
    let refused = prepare(&store, "x again", handing_out(&once_more, &["x"], None));
    assert!(matches!(refused, Err(StoreError::Corrupt(_))));
    drop(refused);
    assert!(place.bytes() != before);
    store.snapshot().unwrap().verify().unwrap();
}
