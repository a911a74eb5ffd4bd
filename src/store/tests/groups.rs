//! Groups: who is in one, and what a publication tells of it.

use super::{Place, allocate, keep, number, series};
use crate::list::{EntryId, GroupName, Remark, Status, Timestamp, Width};
use crate::store::{ChangeRow, MemberRow, Publication, Store, StoreError, Work, rows};

fn group(name: &str) -> GroupName {
    name.parse().unwrap()
}

fn join(store: &Store, id: &str, name: &str, entries: &[EntryId]) {
    let mut members: Vec<_> = entries
        .iter()
        .map(|entry| MemberRow {
            entry: *entry,
            group: Some(group(name)),
        })
        .collect();
    members.sort_unstable_by_key(|member| member.entry);
    let work = Work {
        members: rows(members),
        ..Work::default()
    };
    keep(store, id, work);
}

fn set(store: &Store, id: &str, entries: &[EntryId], (old, new): (Status, Status)) -> i64 {
    let mut changes: Vec<_> = entries
        .iter()
        .map(|entry| ChangeRow {
            entry: *entry,
            old,
            new,
            remark: Remark::default(),
        })
        .collect();
    changes.sort_unstable_by_key(|change| change.entry);
    let work = Work {
        changes: rows(changes),
        ..Work::default()
    };
    keep(store, id, work).rev
}

#[test]
fn a_group_is_known_by_its_name_as_of_each_revision() {
    let place = Place::with(&series(Width::Two, 30));
    let store = place.open();
    let entries = allocate(&store, "all", 0, &[], 6);
    join(&store, "a", "a", &entries[..2]);
    join(&store, "b", "b", &entries[2..4]);
    join(&store, "a again", "a", &entries[4..5]);
    let snapshot = store.snapshot().unwrap();
    let rev = snapshot.head().rev;
    let of = |name, rev| snapshot.entries_in(&group(name), rev);
    let mut first = vec![entries[0], entries[1]];
    first.sort_unstable();
    assert_eq!(of("a", rev - 1).unwrap(), first);
    first.push(entries[4]);
    first.sort_unstable();
    assert_eq!(of("a", rev).unwrap(), first);
    assert!(matches!(of("a", rev - 3), Err(StoreError::NoGroup(_))));
    assert!(matches!(of("c", rev), Err(StoreError::NoGroup(_))));
    assert_eq!(
        snapshot.group_of(entries[4], rev).unwrap(),
        Some(group("a"))
    );
    assert_eq!(snapshot.group_of(entries[4], rev - 1).unwrap(), None);
    assert_eq!(snapshot.group_of(entries[5], rev).unwrap(), None);
    snapshot.verify().unwrap();
    drop(snapshot);
    keep(
        &store,
        "retired",
        Work {
            retired: vec![number(0)],
            ..Work::default()
        },
    );
    let snapshot = store.snapshot().unwrap();
    let members = snapshot.members(&group("a"), rev).unwrap();
    assert_eq!((members.kept, members.retired), (first.clone(), vec![]));
    let members = snapshot.members(&group("a"), i64::MAX).unwrap();
    assert_eq!((members.kept, members.retired), (vec![], first));
}

#[test]
fn what_links_copies_is_a_change_of_one_group_alone() {
    let place = Place::with(&series(Width::Two, 30));
    let store = place.open();
    let entries = allocate(&store, "all", 0, &[], 7);
    join(&store, "a", "a", &entries[..3]);
    join(&store, "b", "b", &entries[3..6]);
    let (valid, held) = (Status::VALID, Status::SUSPENDED);
    let alone = |rev| {
        let target = format!("site of revision {rev}");
        let publication = Publication {
            list: number(0),
            view: "jwt".to_owned(),
            rev,
            issued_at: Timestamp::from_second(rev),
            expires_at: None,
            sha256: [0; 32],
            target: target.clone(),
            due: None,
        };
        store.record(&[publication], &[]).unwrap();
        let snapshot = store.snapshot().unwrap();
        let linked = snapshot.group_linked_by_publishing_to("elsewhere");
        assert_eq!(linked.unwrap(), None);
        snapshot.group_linked_by_publishing_to(&target).unwrap()
    };
    let before = set(&store, "other", &entries[6..], (valid, held));
    assert_eq!(alone(before), None, "nothing changed");
    let one = set(&store, "one", &entries[..1], (valid, held));
    assert_eq!(alone(before), None, "one entry is not linked with another");
    set(&store, "two", &entries[1..3], (valid, held));
    assert_eq!(alone(before), Some(group("a")));
    assert_eq!(alone(before - 1), None, "an entry of no group");
    assert_eq!(alone(one), Some(group("a")));
    let third = set(&store, "back", &entries[1..3], (held, valid));
    assert_eq!(alone(before), None, "one entry is another than before");
    set(&store, "of b", &entries[3..5], (valid, held));
    assert_eq!(alone(third), Some(group("b")));
    assert_eq!(alone(before), None, "two groups");
}

/// The table says another group of an entry than the index, as a flipped bit in either does.
#[test]
fn an_index_that_leads_to_an_entry_of_another_group_is_found_out() {
    for altered in 0..4 {
        let place = Place::with(&series(Width::Two, 30));
        let store = place.open();
        let mut entries = allocate(&store, "all", 0, &[], 5);
        join(&store, "a", "a", &entries[..4]);
        join(&store, "b", "b", &entries[4..]);
        entries.truncate(4);
        entries.sort_unstable();
        drop(store);
        let index = entries[altered].index.value();
        let other = rusqlite::Connection::open(place.file()).unwrap();
        other
            .execute_batch(&format!(
                "PRAGMA writable_schema = ON;
                 CREATE TEMP TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'member_group';
                 DELETE FROM sqlite_schema WHERE name = 'member_group';
                 PRAGMA writable_schema = RESET;
                 UPDATE member SET group_id = 2 WHERE idx = {index};
                 PRAGMA writable_schema = ON;
                 INSERT INTO sqlite_schema SELECT * FROM kept;
                 PRAGMA writable_schema = RESET;"
            ))
            .unwrap();
        drop(other);
        let store = place.open();
        let snapshot = store.snapshot().unwrap();
        let found = snapshot.entries_in(&group("a"), i64::MAX);
        assert!(matches!(found, Err(StoreError::Corrupt(_))), "{found:?}");
        assert!(snapshot.verify().is_err());
    }
}
