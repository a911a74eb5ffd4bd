//! Runs against what the log says of them, in both formats.

use serde_json::{Value, json};

use super::{Place, allocate, allocate_at, corrupt, entries_of, number, series};
use crate::list::Width;
use crate::store::runs::StoredRun;

const WRONG: &str = "list 0: the entries that were taken in turn are not those that the log says";

fn run(first: i64, count: i64, expires: Option<i64>) -> StoredRun {
    StoredRun {
        list: 0,
        first,
        count,
        rev: 3,
        expires,
    }
}

fn logged(runs: &[(i64, i64, Option<i64>)]) -> Value {
    let run = |(from, steps, expires): &(i64, i64, Option<i64>)| json!({ "list": 0, "from": from, "steps": steps, "expires": expires });
    json!({ "runs": runs.iter().map(run).collect::<Vec<_>>() })
}

#[test]
fn each_run_stands_in_the_log_once() {
    let place = Place::with(&series(Width::One, 30));
    let store = place.open();
    let snapshot = store.snapshot().unwrap();
    let stored = [run(0, 4, None), run(4, 2, Some(7))];
    let agree = |body: &Value, stored: &[StoredRun]| snapshot.confirm_runs(body, stored);
    agree(&logged(&[(0, 4, None), (4, 2, Some(7))]), &stored).unwrap();
    agree(&logged(&[(4, 2, Some(7)), (0, 4, None)]), &stored).unwrap();
    agree(&json!({}), &[]).unwrap();
    for body in [
        json!({}),
        logged(&[(0, 4, None)]),
        logged(&[(0, 4, None), (4, 2, Some(8))]),
        logged(&[(0, 4, None), (4, 2, None)]),
        logged(&[(0, 5, None), (4, 2, Some(7))]),
        logged(&[(1, 4, None), (4, 2, Some(7))]),
        logged(&[(0, 4, None), (0, 4, None)]),
        logged(&[(0, 4, None), (4, 2, Some(7)), (6, 1, None)]),
    ] {
        corrupt(agree(&body, &stored), WRONG);
    }
    corrupt(agree(&logged(&[(0, 4, None)]), &[]), WRONG);
}

/// In format 1 a body counts entries, and a run the steps with those that were taken before.
#[test]
fn a_run_of_format_1_leaves_out_what_was_taken_before() {
    let place = Place::with(&series(Width::One, 30));
    let store = place.open();
    let all = entries_of(&store.snapshot().unwrap().take(number(0), 9).unwrap());
    allocate_at(&store, "step 2", all[2]);
    let snapshot = store.snapshot().unwrap();
    let body = |count: i64| json!({ "list": 0, "from": 0, "count": count, "expires": null });
    let stored = [run(0, 5, None)];
    for agreeing in [4, 5] {
        snapshot.confirm_runs(&body(agreeing), &stored).unwrap();
    }
    for other in [0, 1, 3, 6] {
        corrupt(snapshot.confirm_runs(&body(other), &stored), WRONG);
    }
    // Out of turn no run is made, whatever else the body says.
    snapshot.confirm_runs(&body(0), &[]).unwrap();
}

#[test]
fn a_cursor_is_where_the_last_run_ends() {
    let place = Place::with(&series(Width::One, 30));
    let store = place.open();
    let unmet = "list 0: the runs of allocations do not meet the cursor";
    let confirm = |cursor| {
        let snapshot = store.snapshot().unwrap();
        let mut list = snapshot.list(number(0)).unwrap();
        list.cursor = cursor;
        snapshot.confirm_cursor(&list)
    };
    confirm(0).unwrap();
    corrupt(confirm(1), unmet);
    allocate(&store, "three", 0, &[], 3);
    allocate(&store, "four", 0, &[], 4);
    confirm(7).unwrap();
    for cursor in [0, 3, 6, 8] {
        corrupt(confirm(cursor), unmet);
    }
    let change = "UPDATE alloc_run SET count = 5 WHERE n = 3";
    store.connection.execute_batch(change).unwrap();
    corrupt(confirm(7), unmet);
    corrupt(confirm(8), WRONG);
}
