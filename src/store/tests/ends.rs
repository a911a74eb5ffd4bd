//! When entries and lists end, against a plain model: what was said of each entry.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRunner};

use super::{Place, START, corrupt, entries_of, entry, handing_out, keep, number, series};
use crate::list::{EntryId, Timestamp, Width};
use crate::store::ends::EntryTerm;
use crate::store::{Booked, Ending, Ends, ListEnd, Run, Store, TermRow, Work, rows};

const SIZE: u64 = 24;

/// What is done to the list, in one revision.
#[derive(Clone, Debug)]
enum Step {
    /// The next entries are handed out; the first ones have names, and an expiry of their own.
    Run {
        count: u64,
        named: usize,
        own: Option<i64>,
        expires: Option<i64>,
        kept_until: Option<i64>,
    },
    /// One is handed out by its index.
    OutOfTurn {
        place: u64,
        expires: Option<i64>,
        kept_until: Option<i64>,
    },
    /// Something is said of one that was handed out before.
    Later {
        which: usize,
        expires: Option<i64>,
        kept_until: Option<i64>,
    },
}

fn time() -> impl Strategy<Value = Option<i64>> {
    prop::option::of(1..9_i64)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let run = (1..6_u64, 0..4_usize, time(), time(), time()).prop_map(
        |(count, named, own, expires, kept_until)| Step::Run {
            count,
            named,
            own,
            expires,
            kept_until,
        },
    );
    let out_of_turn =
        (0..SIZE, time(), time()).prop_map(|(place, expires, kept_until)| Step::OutOfTurn {
            place,
            expires,
            kept_until,
        });
    let later =
        (any::<usize>(), time(), time()).prop_map(|(which, expires, kept_until)| Step::Later {
            which,
            expires,
            kept_until,
        });
    prop::collection::vec(prop_oneof![run, out_of_turn, later], 0..9)
}

fn at(time: Option<i64>) -> Option<Timestamp> {
    time.map(Timestamp::from_second)
}

/// How long a run, or the one entry out of turn, is kept.
fn kept(booked: &Booked, kept_until: Option<Timestamp>) -> Vec<TermRow> {
    let (first, count) = match (booked.runs.first(), booked.entries.first()) {
        (Some(run), _) => (run.first, run.count),
        (None, Some(entry)) => (entry.step, 1),
        (None, None) => return Vec::new(),
    };
    let term = TermRow {
        list: number(0),
        first,
        count,
        expires: None,
        kept_until,
    };
    kept_until.map(|_| term).into_iter().collect()
}

/// A list file, and what was said of each entry.
struct Told {
    place: Place,
    store: Store,
    entries: BTreeMap<EntryId, (u64, EntryTerm)>,
    tokens: usize,
}

impl Told {
    fn new() -> Self {
        let place = Place::with(&series(Width::One, SIZE));
        let store = place.open();
        Self {
            place,
            store,
            entries: BTreeMap::new(),
            tokens: 0,
        }
    }

    fn play(&mut self, step: &Step) {
        match *step {
            Step::Run {
                count,
                named,
                own,
                expires,
                kept_until,
            } => {
                let Ok(booked) = self.store.snapshot().unwrap().take(number(0), count) else {
                    return;
                };
                let names: Vec<_> = (0..named)
                    .map(|name| format!("t{}", self.tokens + name))
                    .collect();
                self.tokens += named;
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                let mut work = handing_out(&booked, &names, at(expires));
                let with_rows: Vec<_> = (work.allocations)()
                    .map(|mut row| {
                        row.expires = at(own);
                        row
                    })
                    .collect();
                let own_rows = with_rows.len();
                work.allocations = rows(with_rows);
                work.terms = rows(kept(&booked, at(kept_until)));
                keep(&self.store, &self.id(), work);
                for (place, booked) in booked.entries.iter().enumerate() {
                    let expires = if place < own_rows { own } else { expires };
                    let term = EntryTerm {
                        expires: at(expires),
                        kept_until: at(kept_until),
                    };
                    self.entries.insert(booked.entry, (booked.step, term));
                }
            }
            Step::OutOfTurn {
                place,
                expires,
                kept_until,
            } => {
                let Ok(booked) = self.store.snapshot().unwrap().take_at(number(0), place) else {
                    return;
                };
                let mut work = handing_out(&booked, &[], at(expires));
                work.terms = rows(kept(&booked, at(kept_until)));
                keep(&self.store, &self.id(), work);
                let term = EntryTerm {
                    expires: at(expires),
                    kept_until: at(kept_until),
                };
                let booked = booked.entries[0];
                self.entries.insert(booked.entry, (booked.step, term));
            }
            Step::Later {
                which,
                expires,
                kept_until,
            } => {
                if self.entries.is_empty() {
                    return;
                }
                let id = self.id();
                let which = which % self.entries.len();
                let (step, term) = self.entries.values_mut().nth(which).unwrap();
                let row = TermRow {
                    list: number(0),
                    first: *step,
                    count: 1,
                    // An expiry is said once.
                    expires: at(expires).filter(|_| term.expires.is_none()),
                    kept_until: at(kept_until),
                };
                term.expires = term.expires.max(row.expires);
                term.kept_until = term.kept_until.max(row.kept_until);
                let work = Work {
                    terms: rows(vec![row]),
                    ..Work::default()
                };
                keep(&self.store, &id, work);
            }
        }
    }

    /// An operation id that no revision has.
    fn id(&self) -> String {
        let head = self.store.snapshot().unwrap().head();
        format!("after {}", head.rev)
    }

    fn check(&self) {
        let snapshot = self.store.snapshot().unwrap();
        let list = snapshot.list(number(0)).unwrap();
        for (entry, (_, term)) in &self.entries {
            let allocation = snapshot.allocation(*entry).unwrap().unwrap();
            assert_eq!(snapshot.term_of(&allocation).unwrap(), *term, "{entry}");
        }
        let ends = self.entries.values().map(|(_, term)| term.end());
        for now in 0..9 {
            let now = Timestamp::from_second(now);
            let expected = Ends {
                entries: self.entries.len() as u64,
                unexpired: ends.clone().flatten().filter(|end| *end > now).count() as u64,
                latest: ends.clone().flatten().max(),
                endless: ends.clone().filter(Option::is_none).count() as u64,
            };
            assert_eq!(snapshot.ends(&list, now).unwrap(), expected, "{now}");
        }
    }
}

#[test]
fn the_ends_of_a_list_are_those_of_its_entries() {
    let config = ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        ..ProptestConfig::default()
    };
    let played = TestRunner::new(config).run(&steps(), |steps| {
        let mut told = Told::new();
        told.check();
        for step in &steps {
            told.play(step);
        }
        told.check();
        told.store.snapshot().unwrap().verify().unwrap();
        drop(told.place);
        Ok(())
    });
    if let Err(failure) = played {
        panic!("{failure}");
    }
}

/// An entry that was taken out of turn where a run begins belongs to no run.
#[test]
fn what_is_said_of_a_run_says_nothing_of_what_it_goes_over() {
    let mut told = Told::new();
    let all = entries_of(&told.store.snapshot().unwrap().take(number(0), 3).unwrap());
    for step in [
        Step::OutOfTurn {
            place: all[0].index.value().into(),
            expires: None,
            kept_until: None,
        },
        Step::Later {
            which: 0,
            expires: None,
            kept_until: Some(3),
        },
        Step::Run {
            count: 2,
            named: 1,
            own: None,
            expires: Some(2),
            kept_until: Some(8),
        },
    ] {
        told.play(&step);
    }
    told.check();
    let (_, first) = told.entries[&all[0]];
    assert_eq!(first.end(), at(Some(3)));
    assert_eq!(told.entries[&all[1]].1.end(), at(Some(8)));
    let snapshot = told.store.snapshot().unwrap();
    let list = snapshot.list(number(0)).unwrap();
    let ends = snapshot.ends(&list, Timestamp::from_second(3)).unwrap();
    assert_eq!((ends.unexpired, ends.latest), (2, at(Some(8))));
}

/// A term of no run would keep entries for longer or for shorter than anybody said.
#[test]
fn a_term_that_fits_no_run_is_a_contradiction() {
    let fits_not = "list 0: the terms do not fit together";
    for (first, count) in [(0, 2), (0, 4), (1, 2), (3, 1), (3, 2), (7, 1)] {
        let told = Told::new();
        let booked = told.store.snapshot().unwrap().take(number(0), 3).unwrap();
        let mut work = handing_out(&booked, &["a"], None);
        work.terms = rows(vec![TermRow {
            list: number(0),
            first,
            count,
            expires: None,
            kept_until: at(Some(5)),
        }]);
        keep(&told.store, "run", work);
        let snapshot = told.store.snapshot().unwrap();
        let list = snapshot.list(number(0)).unwrap();
        let ends = snapshot.ends(&list, Timestamp::from_second(0));
        corrupt(ends, fits_not);
    }
}

#[test]
fn a_list_of_10_to_the_8_entries_is_one_run() {
    let size = 100_000_000;
    let place = Place::with(&series(Width::One, size));
    let store = place.open();
    let run = Run {
        list: number(0),
        first: 0,
        count: size,
        expires: at(Some(5)),
    };
    let work = Work {
        runs: vec![run],
        ..Work::default()
    };
    keep(&store, "all", work);
    let snapshot = store.snapshot().unwrap();
    let list = snapshot.list(number(0)).unwrap();
    let ends = snapshot.ends(&list, Timestamp::from_second(4)).unwrap();
    let expected = Ends {
        entries: size,
        unexpired: size,
        latest: at(Some(5)),
        endless: 0,
    };
    assert_eq!(ends, expected);
}

#[test]
fn a_list_ends_with_its_last_entry_or_when_it_is_kept_no_longer() {
    let told = Told::new();
    let snapshot = told.store.snapshot().unwrap();
    let list = snapshot.list(number(0)).unwrap();
    let ends = |latest, endless| Ends {
        entries: 2,
        unexpired: 0,
        latest: at(latest),
        endless,
    };
    for (ends, kept_until, expected) in [
        (ends(None, 0), None, ListEnd::Unused),
        (
            ends(None, 0),
            Some(3),
            ListEnd::At(Timestamp::from_second(3)),
        ),
        (
            ends(Some(2), 0),
            None,
            ListEnd::At(Timestamp::from_second(2)),
        ),
        (
            ends(Some(2), 0),
            Some(3),
            ListEnd::At(Timestamp::from_second(3)),
        ),
        (
            ends(Some(4), 1),
            Some(3),
            ListEnd::At(Timestamp::from_second(4)),
        ),
        (ends(Some(2), 1), None, ListEnd::Unsaid),
        (ends(None, 1), None, ListEnd::Unsaid),
    ] {
        assert_eq!(list.end(&ends, at(kept_until)), expected, "{ends:?}");
    }
    assert!(ListEnd::Unused.is_reached(Timestamp::from_second(i64::MIN)));
    assert!(!ListEnd::Unsaid.is_reached(Timestamp::from_second(i64::MAX)));
    let end = ListEnd::At(Timestamp::from_second(3));
    assert!(end.is_reached(Timestamp::from_second(3)));
    assert!(!end.is_reached(Timestamp::from_second(2)));
}

/// What a restored copy does not know may end at any time.
#[test]
fn a_list_that_restore_closed_ends_when_somebody_says_so() {
    let told = Told::new();
    let work = Work {
        closed: vec![number(0)],
        ..Work::default()
    };
    keep(&told.store, "restored", work);
    let end = |kept_until| {
        let snapshot = told.store.snapshot().unwrap();
        let list = snapshot.list(number(0)).unwrap();
        let ends = snapshot.ends(&list, Timestamp::from_second(START)).unwrap();
        list.end(&ends, kept_until)
    };
    assert_eq!(end(None), ListEnd::Unsaid);
    assert_eq!(end(at(Some(7))), ListEnd::At(Timestamp::from_second(7)));
    let ending = Ending {
        list: number(0),
        kept_until: at(Some(6)),
    };
    let work = Work {
        ended: vec![ending],
        retired: vec![number(0)],
        ..Work::default()
    };
    keep(&told.store, "kept", work);
    let snapshot = told.store.snapshot().unwrap();
    let list = snapshot.list(number(0)).unwrap();
    assert_eq!(list.kept_until(), at(Some(6)));
    assert!(list.may_have_handed_out_any());
    assert_eq!(snapshot.retired_lists(i64::MAX).unwrap(), [number(0)]);
    assert_eq!(snapshot.retired_lists(2).unwrap(), []);
    assert_eq!(snapshot.retired_lists(3).unwrap(), [number(0)]);
    snapshot.verify().unwrap();
}

/// Without a term, an entry of an older file has its expiry.
#[test]
fn a_file_of_an_older_format_has_no_terms() {
    let place = Place::with_fixture(2);
    let store = place.open();
    let snapshot = store.snapshot().unwrap();
    let list = snapshot.list(number(0)).unwrap();
    let ends = snapshot.ends(&list, Timestamp::from_second(0)).unwrap();
    assert_eq!(ends.entries, list.taken);
    let found = snapshot.allocation(entry(0, 17)).unwrap().unwrap();
    let term = snapshot.term_of(&found).unwrap();
    assert_eq!(term.end(), found.expires);
}
