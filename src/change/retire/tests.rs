//! Ends of lists in a list file with several of them.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::list::{Seed, Series, TokenId, View};
use crate::store::{Access, Backups, NewList, OperationId, Run, Stamp, Store, prepare_file, rows};

/// The time of each request.
const NOW: i64 = 1_000_000;

/// A list file whose lists have these states.
struct File {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn number(list: u32) -> ListNumber {
    ListNumber::new(list).unwrap()
}

fn stamp(id: &str) -> Stamp {
    Stamp {
        operation: "test",
        operation_id: OperationId::Random(id.to_owned()),
        request: [0; 32],
        actor: "tester".to_owned(),
        note: String::new(),
        now: Timestamp::from_second(NOW),
        receivers: Vec::new(),
    }
}

fn request(which: Retiring) -> RetireRequest {
    RetireRequest {
        which,
        kept_until: None,
        now: Timestamp::from_second(NOW),
    }
}

impl File {
    fn with(states: &[ListState]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.slist");
        let series: Series = serde_json::from_value(json!({
            "bits": 1, "size": 9, "defaultStatus": 0, "finalStatuses": [1],
            "issuer": "https://example.com", "ttl": 60, "validFor": 86400,
            "views": [{"view": "jwt", "uri": "https://example.com/{n}"}],
        }))
        .unwrap();
        let new_list = |(list, state): (u32, &ListState)| {
            let uris = vec![(View::Jwt, format!("https://example.com/{list}"))];
            NewList {
                state: *state,
                ..NewList::of(
                    series.register(),
                    number(list),
                    Seed::new([7; 32]).derive(list),
                    uris,
                )
            }
        };
        let work = Work {
            new_lists: (0..).zip(states).map(new_list).collect(),
            ..Work::default()
        };
        let prepared = prepare_file(&path, "lineage", &series, &stamp("init"), work);
        prepared.unwrap().keep().unwrap();
        Self {
            _folder: folder,
            path,
        }
    }

    fn store(&self) -> Store {
        Store::open(&self.path, Access::Write, Duration::ZERO).unwrap()
    }

    fn keep(&self, id: &str, work: Work<'_>) {
        let store = self.store();
        let lock = store.lock(Backups::Refused).unwrap();
        lock.prepare(&stamp(id), work).unwrap().keep().unwrap();
    }

    /// Hands out entries, the first one with a name.
    fn hand_out(&self, list: u32, count: u64, expires: Option<i64>) {
        let expires = expires.map(Timestamp::from_second);
        let booked = self.store().snapshot().unwrap().take(number(list), count);
        let booked = booked.unwrap();
        let token: TokenId = format!("of {list}").parse().unwrap();
        let work = Work {
            runs: vec![Run {
                expires,
                ..booked.runs[0]
            }],
            allocations: rows(vec![booked.entries[0].row(Some(token), expires)]),
            ..Work::default()
        };
        self.keep(&format!("of {list}"), work);
    }

    fn plan(&self, request: &RetireRequest) -> Result<RetirePlan, RetireError> {
        request.plan(&self.store().snapshot().unwrap())
    }

    /// Carries a request out, and says what it left.
    fn retire(&self, request: &RetireRequest) -> (RetirePlan, Vec<ListState>) {
        let plan = self.plan(request).unwrap();
        let rev = self.store().snapshot().unwrap().head().rev;
        self.keep(&format!("after {rev}"), plan.work());
        (plan, self.states())
    }

    fn states(&self) -> Vec<ListState> {
        let store = self.store();
        let snapshot = store.snapshot().unwrap();
        snapshot.verify().unwrap();
        let lists = snapshot.lists().unwrap();
        lists.iter().map(|list| list.state).collect()
    }
}

/// How many entries are left, if another list takes over.
fn left(plan: &RetirePlan) -> Option<u64> {
    Some(plan.turnover.as_ref()?.stock.left)
}

use ListState::{Closed, Full, Open, Retired, Spare};

#[test]
fn the_next_spare_takes_its_turn_when_an_open_list_is_closed() {
    let file = File::with(&[Open, Spare, Spare]);
    file.hand_out(0, 2, Some(NOW + 1));
    let (plan, states) = file.retire(&request(Retiring::OnlyList));
    assert_eq!(plan.opened(), [number(1)]);
    assert_eq!(left(&plan), Some(9));
    assert_eq!(states, [Closed, Open, Spare]);
    // One that is retired at once makes room too.
    let (plan, states) = file.retire(&request(Retiring::List(number(1))));
    assert_eq!((plan.opened(), left(&plan)), (vec![number(2)], Some(9)));
    assert_eq!(states, [Closed, Retired, Open]);
    let (plan, states) = file.retire(&request(Retiring::List(number(2))));
    assert_eq!((plan.opened(), left(&plan)), (vec![], Some(0)));
    assert_eq!(states, [Closed, Retired, Retired]);
}

#[test]
fn another_open_list_goes_on() {
    let file = File::with(&[Open, Open]);
    let (plan, states) = file.retire(&request(Retiring::List(number(0))));
    assert_eq!((plan.opened(), left(&plan)), (vec![], Some(9)));
    assert_eq!(states, [Retired, Open]);
}

#[test]
fn a_full_list_leaves_its_turn_to_nobody() {
    let file = File::with(&[Open, Open, Spare]);
    file.hand_out(0, 9, Some(NOW + 1));
    assert_eq!(file.states(), [Full, Open, Spare]);
    let (plan, states) = file.retire(&request(Retiring::List(number(0))));
    assert_eq!((plan.opened(), left(&plan)), (vec![], None));
    assert_eq!(states, [Closed, Open, Spare]);
}

#[test]
fn what_is_due_is_closed_or_full_and_has_ended() {
    let file = File::with(&[Open, Open, Open, Open, Spare]);
    file.hand_out(0, 9, Some(NOW));
    file.hand_out(1, 9, Some(NOW + 1));
    file.hand_out(2, 1, Some(NOW - 1));
    file.hand_out(3, 1, None);
    let kept = RetireRequest {
        kept_until: Some(Timestamp::from_second(NOW + 5)),
        ..request(Retiring::List(number(3)))
    };
    let (_, states) = file.retire(&kept);
    assert_eq!(states, [Full, Full, Open, Closed, Spare]);
    let (plan, states) = file.retire(&request(Retiring::Due));
    assert_eq!(plan.lists.len(), 1);
    assert_eq!(states, [Retired, Full, Open, Closed, Spare]);
    let later = RetireRequest {
        now: Timestamp::from_second(NOW + 5),
        ..request(Retiring::Due)
    };
    let (plan, states) = file.retire(&later);
    assert_eq!(plan.lists.len(), 2);
    assert_eq!(states, [Retired, Retired, Open, Retired, Spare]);
    let (plan, _) = file.retire(&later);
    assert!(plan.lists.is_empty() && plan.work().is_empty());
    // What a full list handed out is known after it is retired.
    let store = file.store();
    let snapshot = store.snapshot().unwrap();
    let known = |list| {
        !snapshot
            .list(number(list))
            .unwrap()
            .may_have_handed_out_any()
    };
    assert!(known(0) && known(1) && known(3));
}

#[test]
fn a_spare_list_is_refused_and_none_is_chosen_among_several() {
    let file = File::with(&[Open, Spare]);
    assert!(matches!(
        file.plan(&request(Retiring::List(number(1)))),
        Err(RetireError::Spare(list)) if list == number(1)
    ));
    file.retire(&request(Retiring::OnlyList));
    // The spare one is in use now.
    let (_, states) = file.retire(&request(Retiring::OnlyList));
    assert_eq!(states, [Retired, Retired]);
    assert!(matches!(
        file.plan(&request(Retiring::OnlyList)),
        Err(RetireError::NoList)
    ));
    let file = File::with(&[Open, Open, Spare]);
    match file.plan(&request(Retiring::OnlyList)) {
        Err(RetireError::SeveralLists(lists)) => assert_eq!(lists, [number(0), number(1)]),
        _ => panic!("one was chosen"),
    }
}

/// The last word counts, and saying the same again writes nothing.
#[test]
fn how_long_a_list_is_kept_may_be_said_anew() {
    let file = File::with(&[Open]);
    file.hand_out(0, 2, None);
    let until = |second| RetireRequest {
        kept_until: Some(Timestamp::from_second(second)),
        ..request(Retiring::OnlyList)
    };
    file.retire(&request(Retiring::OnlyList));
    match file.plan(&request(Retiring::OnlyList)) {
        Err(RetireError::StillNeeded(one)) => {
            assert_eq!((one.ends.endless, one.end), (2, ListEnd::Unsaid));
        }
        _ => panic!("nobody said how long"),
    }
    let (plan, states) = file.retire(&until(NOW + 9));
    assert_eq!(
        (plan.lists[0].end, states[0]),
        (ListEnd::At(Timestamp::from_second(NOW + 9)), Closed)
    );
    assert!(file.plan(&until(NOW + 9)).unwrap().work().is_empty());
    let (plan, states) = file.retire(&until(NOW + 2));
    assert_eq!(
        (plan.lists[0].end, states[0]),
        (ListEnd::At(Timestamp::from_second(NOW + 2)), Closed)
    );
    assert!(until(NOW).refuse_past().is_err());
    assert!(until(NOW + 1).refuse_past().is_ok());
    let (_, states) = file.retire(&until(NOW));
    assert_eq!(states, [Retired]);
}
