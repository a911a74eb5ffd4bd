//! Groups of which some entries cannot be set.

use super::*;
use crate::list::{Effect, GroupName};

/// Two entries of a group, of which the second is in a retired list.
fn half_retired() -> (File, GroupName) {
    let mut file = File::new();
    let group: GroupName = "g".parse().unwrap();
    let store = file.open();
    let register_of_first = store.snapshot().unwrap().list(ListNumber::FIRST).unwrap();
    let second = ListNumber::new(1).unwrap();
    let uris = [(View::Jwt, "jwt/1"), (View::OaOcsp, "oa/1")];
    let work = Work {
        new_lists: vec![NewList {
            number: second,
            width: register_of_first.width,
            size: register_of_first.size,
            default_status: register_of_first.default_status,
            seed: Seed::new(SEED),
            uris: uris.map(|(view, uri)| (view, uri.to_owned())).to_vec(),
            state: ListState::Open,
        }],
        ..Work::default()
    };
    file.commit(&store, work).unwrap();
    for list in [ListNumber::FIRST, second] {
        let terms = Terms {
            list: Some(list),
            ..Terms::default()
        };
        let mut request = Request::new(terms);
        let allocate = Allocate {
            token: None,
            status: None,
            expires: None,
            document: None,
            group: Some(group.clone()),
        };
        request.push(1, Operation::Allocate(allocate));
        file.carry_out(&mut request);
    }
    let work = Work {
        retired: vec![second],
        ..Work::default()
    };
    file.commit(&store, work).unwrap();
    (file, group)
}

#[test]
fn entries_of_retired_lists_are_skipped_and_named() {
    let (mut file, group) = half_retired();
    let mut batch = Request::new(Terms::default());
    batch.push(
        1,
        Operation::Set(Set {
            named: Named {
                name: EntryName::Group(Box::new(group.clone())),
                besides: None,
            },
            wish: Wish::Set(2),
            expected: None,
            remark: RemarkRequest::default(),
        }),
    );
    let (plan, errors) = file.plan(&mut batch);
    assert!(errors.is_empty());
    let parts = plan.parts(&plan.lines[0]);
    assert!(matches!(
        parts,
        [LinePlan::Set { entry: kept, .. }, LinePlan::Skipped { entry }]
            if kept.list == ListNumber::FIRST && entry.list.value() == 1
    ));
    assert_eq!(plan.skipped().len(), 1);
    let store = file.open();
    let snapshot = store.snapshot().unwrap();
    let request = GroupSetRequest {
        group: &group,
        terms: Terms::default(),
        status: name_of(2),
        expected: None,
        remark: RemarkRequest::default(),
    };
    let plan = request.plan(&snapshot).unwrap();
    assert_eq!(plan.changes.entries.len(), 1);
    assert_eq!(plan.changes.entries[0].effect, Effect::Changed);
    assert_eq!(plan.changes.skipped.len(), 1);
    drop(snapshot);
    file.commit(&store, plan.work()).unwrap();
    let snapshot = store.snapshot().unwrap();
    let event = snapshot.last_events(1).unwrap().remove(0);
    let again = request.again(&snapshot, &event).unwrap();
    assert_eq!(again, plan.changes);
    snapshot.verify().unwrap();
}
