//! Whole lives of list files against a plain model in memory: after each step, every answer is the
//! model's.

mod check;
mod memory;
mod plan;
mod steps;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRunner};

use self::check::{check, check_past};
use self::memory::{Model, Refusal};
use self::plan::plan;
use self::steps::{Step, What, series, steps};
use super::{Place, START, token};
use crate::list::{Series, Timestamp};
use crate::store::{Backups, OperationId, Stamp, StoreError};

const CASES: u32 = 1_000;

/// What became of a step.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Refused(Refusal),
    Tried,
    Unchanged,
    Invisible,
    Visible,
}

/// Plays steps on a file and on the model.
fn play(series: Series, steps: &[Step], seen: &mut BTreeMap<Seen, u32>) {
    let mut count_one = |what| *seen.entry(what).or_default() += 1;
    let place = Place::with(&series);
    let store = place.open();
    // So many questions are asked that SQLite would read each of them anew.
    store.connection.set_prepared_statement_cache_capacity(100);
    let mut model = Model::new(series);
    let mut tokens = 0;
    for (count, step) in (0_u8..).zip(steps) {
        let wanted = match step.what {
            What::Allocate { named, .. } => named,
            What::AllocateAt { named, .. } => usize::from(named),
            _ => 0,
        };
        let names: Vec<_> = (tokens..tokens + wanted)
            .map(|name| token(&format!("t{name}")))
            .collect();
        let rev = i64::try_from(model.times.len()).unwrap() + 1;
        // What the model does not say: from before the step, or of one that was only tried.
        let mut other = model.clone();
        let expected = model.play(step, &names, rev);
        let expected = expected.as_ref();
        let id = format!("operation {count}");
        let stamp = Stamp {
            operation: "test",
            operation_id: if step.given_id {
                OperationId::Given(id.clone())
            } else {
                OperationId::Random(id.clone())
            },
            request: [count; 32],
            actor: "tester".to_owned(),
            note: id.clone(),
            now: Timestamp::from_second(START + step.now),
            receivers: Vec::new(),
        };
        let lock = store.lock(Backups::Refused).unwrap();
        assert!(lock.earlier(&stamp).unwrap().is_none());
        let work = match plan(&lock, &other, step, &names) {
            Ok(work) => work,
            Err(refusal) => {
                assert_eq!(expected, Err(&refusal), "{step:?}");
                count_one(Seen::Refused(refusal));
                model = other;
                continue;
            }
        };
        let changes = *expected.unwrap();
        assert_eq!(!work.is_empty(), changes, "{step:?}");
        let prepared = lock.prepare(&stamp, work).unwrap();
        let recorded = changes || step.given_id;
        assert_eq!(prepared.event.is_some(), recorded);
        if step.dry_run {
            assert!(!prepared.revision().kept);
            drop(prepared);
            std::mem::swap(&mut model, &mut other);
            count_one(Seen::Tried);
        } else {
            let revision = prepared.keep().unwrap();
            assert_eq!(revision.kept, recorded);
            count_one(match (recorded, revision.visible) {
                (false, _) => Seen::Unchanged,
                (true, false) => Seen::Invisible,
                (true, true) => Seen::Visible,
            });
            let last = *other.times.last().unwrap();
            if recorded {
                tokens += wanted;
                assert_eq!(revision.rev, rev);
                let newest = model.lists.iter().map(|list| list.rev).max();
                assert_eq!(revision.visible, newest == Some(rev));
                model.times.push(step.now.max(last));
            }
            if step.given_id {
                model.operations.insert(id.clone(), (count, rev));
                let lock = store.lock(Backups::Refused).unwrap();
                assert_eq!(lock.earlier(&stamp).unwrap().unwrap().rev, rev);
                let other = Stamp {
                    request: [count + 1; 32],
                    ..stamp
                };
                assert!(matches!(
                    lock.earlier(&other),
                    Err(StoreError::OperationReused { rev: of, .. }) if of == rev
                ));
            }
        }
        check(&store, &model, &other);
    }
    check_past(&store, &model);
}

#[test]
fn a_list_file_says_what_the_model_says() {
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        // The default one is slow where nothing is optimised.
        rng_algorithm: RngAlgorithm::XorShift,
        ..ProptestConfig::default()
    };
    let seen = RefCell::new(BTreeMap::new());
    let lives = (series(), steps());
    let played = TestRunner::new(config).run(&lives, |(series, steps)| {
        play(series, &steps, &mut seen.borrow_mut());
        Ok(())
    });
    if let Err(failure) = played {
        panic!("{failure}");
    }
    let seen = seen.into_inner();
    for what in [
        Seen::Refused(Refusal::Full),
        Seen::Refused(Refusal::Outside),
        Seen::Refused(Refusal::Taken),
        Seen::Refused(Refusal::Precondition),
        Seen::Refused(Refusal::Irrevocable),
        Seen::Refused(Refusal::Final),
        Seen::Refused(Refusal::DocumentTaken),
        Seen::Tried,
        Seen::Unchanged,
        Seen::Invisible,
        Seen::Visible,
    ] {
        let times = seen.get(&what).copied().unwrap_or(0);
        assert!(times >= CASES / 200, "{what:?} was seen {times} times");
    }
}
