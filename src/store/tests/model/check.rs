//! Every answer of a list file, held against the model.

use std::collections::BTreeSet;

use super::memory::{Change, Entry, List, Model};
use crate::list::{DocumentHash, EntryId, EntryName, Index, Timestamp, pages};
use crate::store::tests::{START, entry as entry_at, number, token};
use crate::store::{Snapshot, Store, StoreError};

/// Asks the file what the model knows. Of each entry, and of documents, only where another model
/// says something else: what a step changed, or would have. [`check_past`] asks of all, and lives end
/// after any step.
pub(super) fn check(store: &Store, model: &Model, other: &Model) {
    let snapshot = store.snapshot().unwrap();
    let revisions = i64::try_from(model.times.len()).unwrap();
    assert_eq!(snapshot.head().rev, revisions);
    let lists = snapshot.lists().unwrap();
    assert_eq!(lists.len(), model.lists.len());
    let mut free = 0;
    for (at, (row, list)) in lists.iter().zip(&model.lists).enumerate() {
        let other = other.lists.get(at);
        let taken = list.entries.len() as u64;
        assert_eq!((row.taken, row.cursor), (taken, list.cursor as u64));
        assert_eq!(
            (row.state, row.rev),
            (list.state(), list.rev),
            "list {}",
            row.number
        );
        free += if list.closed {
            0
        } else {
            row.size.entries() - taken
        };
        let packed = snapshot.packed(row).unwrap();
        for index in 0..u32::try_from(list.order.len()).unwrap() {
            let entry = EntryId {
                list: row.number,
                index: Index::new(index),
            };
            let now = list.status_after(index, revisions);
            assert_eq!(
                pages::read(&packed, row.width, index.into()),
                Some(now.value())
            );
            if other.is_none_or(|other| !list.says_the_same(other, index)) {
                check_entry(&snapshot, model, list, entry);
            }
        }
    }
    assert_eq!(snapshot.free().unwrap(), free);
    let visible = model.lists.iter().map(|list| list.rev).max();
    assert_eq!(snapshot.visible_head().unwrap().rev, visible.unwrap());
    if model.documents != other.documents {
        check_documents(&snapshot, model);
    }
}

fn check_documents(snapshot: &Snapshot<'_>, model: &Model) {
    for hash in (0..4).map(|hash| DocumentHash::new([hash; 32])) {
        let known = model.documents.get(&hash);
        let found = snapshot.entry_of_document(hash, i64::MAX).unwrap();
        assert_eq!(found, known.map(|(entry, _)| *entry));
        if let Some((_, rev)) = known {
            assert_eq!(snapshot.entry_of_document(hash, rev - 1).unwrap(), None);
        }
    }
}

/// Whether a name is known that was given, or one that was not.
fn check_tokens(snapshot: &Snapshot<'_>, model: &Model) {
    for name in ["t0", "nobody"].map(token) {
        let known = model.lists.iter().any(|list| {
            list.entries
                .values()
                .any(|entry| entry.token.as_ref() == Some(&name))
        });
        assert_eq!(snapshot.by_token(&name).unwrap().is_some(), known);
        let found = snapshot.find(&EntryName::Token(name), None);
        assert_eq!(matches!(found, Err(StoreError::NoToken(_))), !known);
    }
}

/// Asks for the past, of which nothing may be lost on the way.
pub(super) fn check_past(store: &Store, model: &Model) {
    let snapshot = store.snapshot().unwrap();
    let revisions = i64::try_from(model.times.len()).unwrap();
    let time = |rev: i64| START + model.times[usize::try_from(rev - 1).unwrap()];
    let (mut changes, mut allocations) = (0, 0);
    for (row, list) in snapshot.lists().unwrap().iter().zip(&model.lists) {
        for index in 0..u32::try_from(list.order.len()).unwrap() {
            let entry = entry_at(row.number.value(), index);
            let known = list.changes.get(&index);
            let told = known.map_or_else(
                || vec![revisions],
                // Around each change, from before the first to the end.
                |changes| changes.iter().flat_map(|at| [at.rev - 1, at.rev]).collect(),
            );
            for rev in told
                .into_iter()
                .chain([0, revisions])
                .collect::<BTreeSet<_>>()
            {
                let status = snapshot.status_after(row, entry, rev).unwrap();
                assert_eq!(status, list.status_after(index, rev), "{entry} after {rev}");
            }
            let past = snapshot.changes_of(entry).unwrap();
            assert!(
                past.iter()
                    .all(|change| change.at.second() == time(change.rev))
            );
            let found: Vec<Change> = past
                .into_iter()
                .map(|change| Change {
                    rev: change.rev,
                    old: change.row.old,
                    new: change.row.new,
                    remark: change.row.remark,
                })
                .collect();
            assert_eq!(&found, known.unwrap_or(&Vec::new()));
            changes += found.len() as u64;
            // One that nobody was given stands for all of them.
            if index == 0 || list.entries.contains_key(&index) {
                check_entry(&snapshot, model, list, entry);
                check_names(&snapshot, model, list, entry);
            }
        }
        allocations += list.entries.len() as u64;
        let uri = model.uri(row.number.value());
        assert_eq!(snapshot.list_at(&uri).unwrap(), row.number);
        assert_eq!(
            snapshot.uris(row.number).unwrap().len(),
            model.series.views.len()
        );
        let of_list = |hash: &DocumentHash| {
            let found = model.documents.get(hash);
            found.is_some_and(|(entry, _)| entry.list == row.number)
        };
        let count = snapshot.document_count(row.number).unwrap();
        let documents = model.documents.keys().filter(|hash| of_list(hash)).count();
        let on_the_way = model.on_the_way.iter();
        let on_the_way = on_the_way
            .filter(|(list, _)| *list == row.number.value())
            .count();
        assert_eq!(count.documents, i64::try_from(documents).unwrap());
        assert_eq!(count.on_the_way, i64::try_from(on_the_way).unwrap());
    }
    let times = model.times.iter().flat_map(|at| [at - 1, *at]);
    for time in times.chain([-1, 20]).collect::<BTreeSet<_>>() {
        let before = model.times.iter().take_while(|at| **at <= time).count();
        let found = snapshot.revision_at(Timestamp::from_second(START + time));
        assert_eq!(found.unwrap(), i64::try_from(before).unwrap());
    }
    for (id, (_, rev)) in &model.operations {
        assert_eq!(snapshot.event_of(id).unwrap().unwrap().rev, *rev);
    }
    check_documents(&snapshot, model);
    check_tokens(&snapshot, model);
    let used: Vec<_> = (0..)
        .zip(&model.lists)
        .filter(|(_, list)| list.closed || !list.entries.is_empty())
        .map(|(list, _)| number(list))
        .collect();
    match (snapshot.find(&EntryName::Index(0), None), used.as_slice()) {
        (Err(StoreError::Ambiguous { lists, .. }), used) => assert_eq!(lists, used),
        (Ok(entry), [only]) => assert_eq!(entry.list, *only),
        (Err(StoreError::NotAllocated(_)), [] | [_]) => {}
        other => panic!("{other:?}"),
    }
    let verified = snapshot.verify().unwrap();
    assert_eq!(verified.revisions, revisions);
    assert_eq!(
        (verified.changes, verified.allocations),
        (changes, allocations)
    );
}

fn check_entry(snapshot: &Snapshot<'_>, model: &Model, list: &List, id: EntryId) {
    let index = id.index.value();
    let time = |rev: i64| START + model.times[usize::try_from(rev - 1).unwrap()];
    let revisions = i64::try_from(model.times.len()).unwrap();
    assert_eq!(
        snapshot.status(id).unwrap(),
        list.status_after(index, revisions)
    );
    let newest = snapshot.last_change(id).unwrap();
    assert_eq!(
        newest.map(|change| (change.rev, change.row.new)),
        list.last(index).map(|change| (change.rev, change.new))
    );

    let known = list.entries.get(&index);
    let allocation = snapshot.allocation(id).unwrap();
    let found = allocation.as_ref().map(|allocation| Entry {
        token: allocation.token.clone(),
        expires: allocation.expires.map(Timestamp::second),
        rev: allocation.rev,
    });
    assert_eq!(found.as_ref(), known, "{id}");
    if let Some(allocation) = allocation {
        assert_eq!(allocation.at.second(), time(allocation.rev));
    }
    if let Some(token) = known.and_then(|entry| entry.token.as_ref()) {
        assert_eq!(snapshot.by_token(token).unwrap().unwrap().entry(), id);
        assert_eq!(
            snapshot
                .find(&EntryName::Token(token.clone()), None)
                .unwrap(),
            id
        );
    }
    let document = model.documents.iter().find(|(_, (entry, _))| *entry == id);
    assert_eq!(
        snapshot.document_of(id).unwrap(),
        document.map(|(hash, _)| *hash)
    );
}

/// Whether an entry is found by its names.
fn check_names(snapshot: &Snapshot<'_>, model: &Model, list: &List, id: EntryId) {
    let index = id.index.value();
    let known = list.entries.get(&index);
    for name in [
        EntryName::InList(id.list, index.into()),
        EntryName::AtUri(model.uri(id.list.value()), index.into()),
    ] {
        match snapshot.find(&name, None) {
            Ok(found) => assert!(found == id && (known.is_some() || list.closed)),
            Err(StoreError::NotAllocated(found)) => {
                assert!(found == id && known.is_none() && !list.closed);
            }
            other => panic!("{other:?}"),
        }
    }
}
