//! What becomes of the files of lists that are retired.

use std::collections::BTreeMap;
use std::time::Duration as Patience;

use super::{Fixture, at, path, rules, stamp};
use crate::list::{DocumentHash, EntryId, Index, ListNumber, View};
use crate::publish::error::{Conflict, PublishError};
use crate::publish::rules::{Envelopes, RetiredFiles, Rules};
use crate::site::{Digest, Manifest, Promise, SitePath, TargetError};
use crate::store::{Access, Backups, DocumentRow, Role, Store, Work, rows};

type Files = BTreeMap<SitePath, Vec<u8>>;

const VIEWS: [View; 3] = [View::BitstringRevocation, View::Jwt, View::OaOcsp];

/// Three lists in three views, with a document each, published with envelopes.
fn published() -> Fixture {
    let fixture = Fixture::of(3, &VIEWS);
    let documents = (0..3_u8).map(|list| DocumentRow {
        entry: EntryId {
            list: ListNumber::new(list.into()).unwrap(),
            index: Index::new(5),
        },
        hash: hash(list),
        role: Role::Document,
    });
    let work = Work {
        documents: rows(documents.collect()),
        ..Work::default()
    };
    let store = Store::open(&fixture.file, Access::Write, Patience::ZERO).unwrap();
    let lock = store.lock(Backups::Refused).unwrap();
    lock.prepare(&stamp(1), work).unwrap().keep().unwrap();
    fixture.publish(&fixture.file, &staying(1)).unwrap();
    fixture
}

fn hash(list: u8) -> DocumentHash {
    DocumentHash::new([list; 32])
}

fn retire(fixture: &Fixture, list: u32) {
    let store = Store::open(&fixture.file, Access::Write, Patience::ZERO).unwrap();
    store.retire(ListNumber::new(list).unwrap());
}

fn staying(hour: i64) -> Rules {
    Rules {
        envelopes: Envelopes::Written,
        ..rules(hour)
    }
}

fn pruning(hour: i64) -> Rules {
    Rules {
        retired: RetiredFiles::Removed,
        ..staying(hour)
    }
}

/// Every file that a list had, by path.
fn paths_of(list: u8) -> Vec<SitePath> {
    let names = ["jwt", "ocsp/", "ocsp/default.json", "vcjwt", "vcjwt.json"];
    let path_of = |name: &str| match name.strip_suffix('/') {
        Some(folder) => path(&format!("{list}.{folder}/{}", hash(list))),
        None => path(&format!("{list}.{name}")),
    };
    names.into_iter().map(path_of).collect()
}

fn files(fixture: &Fixture) -> Files {
    fixture.target.files.borrow().clone()
}

fn manifest(fixture: &Fixture) -> Manifest {
    Manifest::load(&fixture.target).unwrap().unwrap()
}

fn edit_manifest(fixture: &Fixture, edit: impl FnOnce(&mut Manifest)) {
    let mut manifest = manifest(fixture);
    edit(&mut manifest);
    manifest.save(&fixture.target, Promise::Shared).unwrap();
}

fn removed(fixture: &Fixture, hour: i64) -> Vec<SitePath> {
    let delivered = fixture.publish(&fixture.file, &pruning(hour)).unwrap();
    let leaving = delivered.plan.leaving;
    assert!(leaving.strangers.is_empty(), "{:?}", leaving.strangers);
    leaving.removals.into_iter().map(|one| one.path).collect()
}

/// What stays of list 1 although its removal is asked for, and why.
fn strangers(fixture: &Fixture, hour: i64) -> Vec<(SitePath, Conflict)> {
    let before = files(fixture);
    let delivered = fixture.publish(&fixture.file, &pruning(hour)).unwrap();
    let strangers = delivered.plan.leaving.strangers;
    let after = files(fixture);
    for stranger in &strangers {
        assert_eq!(after.get(&stranger.path), before.get(&stranger.path));
    }
    let expected: Vec<_> = paths_of(1)
        .into_iter()
        .filter(|path| after.contains_key(path))
        .collect();
    let mut named: Vec<_> = strangers.iter().map(|one| one.path.clone()).collect();
    named.sort();
    assert_eq!(named, expected);
    strangers
        .into_iter()
        .map(|stranger| (stranger.path, stranger.reason))
        .collect()
}

#[test]
fn they_stay_and_are_counted_until_their_removal_is_asked_for() {
    let fixture = published();
    let before = files(&fixture);
    let delivered = fixture.publish(&fixture.file, &staying(2)).unwrap();
    assert_eq!(delivered.plan.leaving.staying, 0);
    retire(&fixture, 1);
    let delivered = fixture.publish(&fixture.file, &staying(2)).unwrap();
    assert_eq!(delivered.plan.leaving.staying, 5);
    assert!(delivered.plan.leaving.removals.is_empty());
    assert_eq!(delivered.written, ["all.json"]);
    let after = files(&fixture);
    for path in paths_of(1) {
        assert_eq!(after[&path], before[&path]);
        assert!(manifest(&fixture).entries.contains_key(&path));
    }
    assert_eq!(
        String::from_utf8_lossy(&after[&path("all.json")]),
        "{\"status_lists\":[\"https://example.com/0.jwt\",\"https://example.com/2.jwt\"]}\n"
    );
}

#[test]
fn what_is_removed_is_what_the_list_had_and_nothing_else() {
    let fixture = published();
    retire(&fixture, 1);
    let mut expected = files(&fixture);
    let site = fixture.site().unwrap();
    let plan = fixture.plan(&fixture.file, &site, &pruning(2)).unwrap();
    let planned: Vec<_> = plan.leaving.removals.iter().map(|one| &one.path).collect();
    assert_eq!(planned, paths_of(1).iter().collect::<Vec<_>>());
    drop(site);
    assert!(files(&fixture) == expected);

    assert_eq!(removed(&fixture, 2), paths_of(1));
    for path in paths_of(1) {
        expected.remove(&path);
        assert!(!manifest(&fixture).entries.contains_key(&path));
    }
    let left = files(&fixture);
    assert_eq!(
        left.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    assert!(removed(&fixture, 2).is_empty());
    assert!(files(&fixture) == left);
}

#[test]
fn a_series_of_which_all_lists_are_retired_has_no_files_but_an_empty_aggregation() {
    let fixture = published();
    for list in 0..3 {
        retire(&fixture, list);
    }
    assert_eq!(removed(&fixture, 2).len(), 15);
    let left = files(&fixture);
    let names: Vec<_> = left.keys().map(SitePath::as_str).collect();
    assert_eq!(names, ["all.json", "jwks.json", "statuslist-manifest.json"]);
    assert_eq!(left[&path("all.json")], b"{\"status_lists\":[]}\n");
    assert!(removed(&fixture, 3).is_empty());
}

#[test]
fn what_an_interrupted_removal_left_is_known_and_removed() {
    let fixture = published();
    retire(&fixture, 1);
    let before = files(&fixture);
    removed(&fixture, 2);
    let paths = paths_of(1);
    // The last path goes first.
    for gone in 0..paths.len() {
        let rest = &paths[..paths.len() - gone];
        let left = rest.iter().map(|path| (path.clone(), before[path].clone()));
        fixture.target.files.borrow_mut().extend(left);
        assert_eq!(removed(&fixture, 3), rest);
        assert!(paths.iter().all(|path| !files(&fixture).contains_key(path)));
    }
}

#[test]
fn what_the_manifest_alone_knows_is_taken_out_of_it() {
    let fixture = published();
    retire(&fixture, 1);
    for path in paths_of(1) {
        fixture.target.files.borrow_mut().remove(&path);
    }
    assert_eq!(removed(&fixture, 2), paths_of(1));
    let entries = manifest(&fixture).entries;
    assert!(paths_of(1).iter().all(|path| !entries.contains_key(path)));
}

#[test]
fn what_another_list_file_made_stays() {
    let fixture = published();
    retire(&fixture, 1);
    edit_manifest(&fixture, |manifest| {
        for path in paths_of(1) {
            manifest.entries.get_mut(&path).unwrap().chain = Digest::from([9; 32]);
        }
    });
    let strangers = strangers(&fixture, 2);
    assert_eq!(strangers.len(), 5);
    let of_others = |reason: &Conflict| matches!(reason, Conflict::OtherHistory);
    assert!(strangers.iter().all(|(_, reason)| of_others(reason)));
    let delivered = fixture.publish(&fixture.file, &staying(2)).unwrap();
    assert_eq!(delivered.plan.leaving.staying, 0);
}

#[test]
fn what_is_not_as_described_stays() {
    let fixture = published();
    retire(&fixture, 1);
    for path in paths_of(1) {
        fixture
            .target
            .files
            .borrow_mut()
            .insert(path, b"theirs".to_vec());
    }
    let strangers = strangers(&fixture, 2);
    assert_eq!(strangers.len(), 5);
    let differs = |reason: &Conflict| matches!(reason, Conflict::NotAsDescribed);
    assert!(strangers.iter().all(|(_, reason)| differs(reason)));
}

#[test]
fn what_the_manifest_does_not_know_stays_unless_it_says_what_the_list_says() {
    let fixture = published();
    retire(&fixture, 1);
    edit_manifest(&fixture, |manifest| {
        for path in paths_of(1) {
            manifest.entries.remove(&path);
        }
    });
    // Tokens that say the same, signed with another key, and documents that say something else.
    let theirs = files(&published());
    for path in paths_of(1) {
        let is_document = path.as_str().contains('/');
        let bytes = if is_document {
            b"{}\n".to_vec()
        } else {
            theirs[&path].clone()
        };
        fixture.target.files.borrow_mut().insert(path, bytes);
    }
    let strangers = strangers(&fixture, 2);
    assert_eq!(strangers.len(), 5);
    let unknown = |reason: &Conflict| matches!(reason, Conflict::NotKnown);
    assert!(strangers.iter().all(|(_, reason)| unknown(reason)));
}

#[test]
fn what_is_newer_stays() {
    let fixture = published();
    retire(&fixture, 1);
    let renewed = Rules {
        renewal: crate::publish::Renewal::Always,
        ..staying(1)
    };
    fixture.publish(&fixture.file, &renewed).unwrap();
    edit_manifest(&fixture, |manifest| {
        for path in paths_of(1) {
            manifest.entries.get_mut(&path).unwrap().issued_at = at(5).second();
        }
    });
    let strangers = strangers(&fixture, 2);
    assert_eq!(strangers.len(), 5);
    let is_newer = |reason: &Conflict| matches!(reason, Conflict::Newer { .. });
    assert!(strangers.iter().all(|(_, reason)| is_newer(reason)));
    assert_eq!(removed(&fixture, 5), paths_of(1));
}

#[test]
fn what_somebody_changes_at_that_moment_stays() {
    let fixture = published();
    retire(&fixture, 1);
    let token = path("1.jwt");
    *fixture.target.meddler.borrow_mut() = Some((token.clone(), b"theirs".to_vec()));
    let error = fixture.publish(&fixture.file, &pruning(2)).err().unwrap();
    let PublishError::Interrupted { written, source } = error else {
        panic!("{error}");
    };
    assert_eq!(written, ["all.json", "statuslist-manifest.json"]);
    let PublishError::Target(TargetError::Changed(_)) = *source else {
        panic!("{source}");
    };
    assert_eq!(files(&fixture)[&token], b"theirs");
    assert!(!manifest(&fixture).entries.contains_key(&token));
}

#[test]
fn nothing_is_removed_where_something_is_refused() {
    let fixture = published();
    retire(&fixture, 1);
    let theirs = (path("2.jwt"), b"theirs".to_vec());
    fixture.target.files.borrow_mut().extend([theirs]);
    let before = files(&fixture);
    assert!(fixture.publish(&fixture.file, &pruning(2)).is_err());
    assert!(files(&fixture) == before);
}
