//! Names that entries get after they were handed out: found where they are, and held against what
//! was handed out.

use super::{Place, allocate, corrupt, entries_of, keep, number, series, token};
use crate::list::{EntryId, GroupName, Timestamp, Width};
use crate::store::{Bulk, LabelRow, MemberRow, Store, StoreError, TermRow, Work, rows};

fn label(store: &Store, entry: EntryId, name: &str) -> LabelRow {
    let snapshot = store.snapshot().unwrap();
    let list = snapshot.list(entry.list).unwrap();
    LabelRow {
        list: entry.list,
        n: crate::store::step_in(&list, entry.index).unwrap(),
        index: entry.index,
        token: Some(token(name)),
    }
}

fn labelling(label: LabelRow) -> Work<'static> {
    Work {
        labels: rows(vec![label]),
        ..Work::default()
    }
}

#[test]
fn a_label_is_found_from_its_revision_on() {
    let place = Place::with(&series(Width::Two, 30));
    let store = place.open();
    let entries = allocate(&store, "all", 0, &["a"], 3);
    let snapshot = store.snapshot().unwrap();
    assert!(snapshot.by_token(&token("b")).unwrap().is_none());
    drop(snapshot);
    let later = label(&store, entries[1], "b");
    let term = TermRow {
        list: number(0),
        first: later.n,
        count: 1,
        expires: Some(Timestamp::from_second(9)),
        kept_until: None,
    };
    let work = Work {
        terms: rows(vec![term]),
        ..labelling(later)
    };
    let rev = keep(&store, "label", work).rev;
    let snapshot = store.snapshot().unwrap();
    let found = snapshot.by_token(&token("b")).unwrap().unwrap();
    assert_eq!((found.entry(), found.rev), (entries[1], rev));
    assert!(snapshot.by_token(&token("c")).unwrap().is_none());
    let names = snapshot.names(entries[1], rev).unwrap();
    assert_eq!(names.token, Some(token("b")));
    assert_eq!(names.expires, Some(Timestamp::from_second(9)));
    assert_eq!(names.labelled, Some(rev));
    let before = snapshot.names(entries[1], rev - 1).unwrap();
    assert_eq!((before.token, before.expires), (None, None));
    let first = snapshot.names(entries[0], rev).unwrap();
    assert_eq!((first.token, first.labelled), (Some(token("a")), None));
    let mut seen = Vec::new();
    Bulk::now(&snapshot)
        .each_token(|token, entry| seen.push((token.to_string(), entry)))
        .unwrap();
    seen.sort_unstable();
    let expected = [("a".to_owned(), entries[0]), ("b".to_owned(), entries[1])];
    assert_eq!(seen, expected);
    snapshot.verify().unwrap();
}

#[test]
fn what_is_said_of_an_entry_is_held_against_its_allocation() {
    let wrong = |what: &str, work: &dyn Fn(&Store, &[EntryId]) -> Work<'static>| {
        let place = Place::with(&series(Width::Two, 30));
        let store = place.open();
        let all = entries_of(&store.snapshot().unwrap().take(number(0), 30).unwrap());
        allocate(&store, "all", 0, &["a"], 3);
        keep(&store, "wrong", work(&store, &all));
        let verified = store.snapshot().unwrap().verify();
        corrupt(verified, &format!("list 0: {what}"));
    };
    wrong(
        "a label of an entry that was not handed out",
        &|store, all| labelling(label(store, all[3], "b")),
    );
    wrong(
        "a label has another index than its step leads to",
        &|store, all| {
            labelling(LabelRow {
                index: all[2].index,
                ..label(store, all[1], "b")
            })
        },
    );
    wrong("a label of an entry that has a token id", &|store, all| {
        labelling(label(store, all[0], "b"))
    });
    wrong("a token id is of two entries", &|store, all| {
        labelling(label(store, all[1], "a"))
    });
    wrong("a group has an entry that was not handed out", &|_, all| {
        let group: GroupName = "g".parse().unwrap();
        Work {
            members: rows(vec![MemberRow {
                entry: all[3],
                group: Some(group),
            }]),
            ..Work::default()
        }
    });
}

#[test]
fn a_group_without_an_entry_is_named() {
    let place = Place::with(&series(Width::Two, 30));
    let store = place.open();
    drop(store);
    let other = rusqlite::Connection::open(place.file()).unwrap();
    let sql = "INSERT INTO entry_group (rev, name) VALUES (1, x'0061')";
    other.execute_batch(sql).unwrap();
    drop(other);
    let store = place.open();
    corrupt(store.snapshot().unwrap().verify(), "a group has no entry");
}

/// The table says another token id than the index, as a flipped bit in either does.
#[test]
fn an_index_that_leads_to_another_label_is_found_out() {
    let place = Place::with(&series(Width::Two, 30));
    let store = place.open();
    let entries = allocate(&store, "all", 0, &[], 3);
    for (entry, name) in entries.iter().zip(["a", "b", "c"]) {
        let row = label(&store, *entry, name);
        keep(&store, name, labelling(row));
    }
    drop(store);
    let other = rusqlite::Connection::open(place.file()).unwrap();
    other
        .execute_batch(
            "PRAGMA writable_schema = ON;
             CREATE TEMP TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'label_token';
             DELETE FROM sqlite_schema WHERE name = 'label_token';
             PRAGMA writable_schema = RESET;
             UPDATE label SET token = x'007a' WHERE token = x'0062';
             PRAGMA writable_schema = ON;
             INSERT INTO sqlite_schema SELECT * FROM kept;
             PRAGMA writable_schema = RESET;",
        )
        .unwrap();
    drop(other);
    let store = place.open();
    let snapshot = store.snapshot().unwrap();
    for (name, wrong) in [("a", false), ("b", true), ("bb", true), ("c", false)] {
        let found = snapshot.by_token(&token(name));
        assert_eq!(
            matches!(found, Err(StoreError::Corrupt(_))),
            wrong,
            "{name}"
        );
    }
    assert!(snapshot.verify().is_err());
}
