//! The planner over list files of its own, without a process.

mod groups;

use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::list::{
    DocumentHash, EntryId, EntryName, Index, ListNumber, Permutation, Reason, Remark,
    RemarkRequest, Seed, Series, Status, StatusName, StoryError, Timestamp, TokenId, View, Wish,
};
use crate::store::{
    Access, Backups, ListState, NewList, OperationId, Revision, Stamp, Store, StoreError, Work,
    prepare_file,
};

const SIZE: u64 = 12;
const SEED: [u8; 32] = [7; 32];
const URI: &str = "https://example.com/0";

/// A list file, and how many revisions were asked for.
struct File {
    _folder: tempfile::TempDir,
    path: PathBuf,
    asked: u64,
}

impl File {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.slist");
        let series: Series = serde_json::from_value(json!({
            "bits": 2, "size": SIZE, "defaultStatus": 0, "finalStatuses": [1],
            "issuer": "https://example.com", "ttl": 60, "validFor": 86400,
            "views": [
                {"view": "jwt", "uri": "https://example.com/{n}"},
                {"view": "oa-ocsp", "uri": "https://example.com/oa"},
            ],
            "blind": [{"view": "oa-ocsp", "status": 2}, {"view": "oa-ocsp", "status": 3}],
        }))
        .unwrap();
        let register = series.register();
        let work = Work {
            new_lists: vec![NewList {
                number: ListNumber::FIRST,
                width: register.width,
                size: register.size,
                default_status: register.default_status,
                seed: Seed::new(SEED),
                uris: vec![
                    (View::Jwt, URI.to_owned()),
                    (View::OaOcsp, "https://example.com/oa".to_owned()),
                ],
                state: ListState::Open,
            }],
            ..Work::default()
        };
        let mut file = Self {
            _folder: folder,
            path,
            asked: 0,
        };
        let stamp = file.stamp();
        let prepared = prepare_file(&file.path, "lineage", &series, &stamp, work);
        prepared.unwrap().keep().unwrap();
        file
    }

    fn stamp(&mut self) -> Stamp {
        self.asked += 1;
        Stamp {
            operation: "test",
            operation_id: OperationId::Random(self.asked.to_string()),
            request: [0; 32],
            actor: "tester".to_owned(),
            note: String::new(),
            now: Timestamp::from_second(1_000_000),
            receivers: Vec::new(),
        }
    }

    fn open(&self) -> Store {
        Store::open(&self.path, Access::Write, Duration::ZERO).unwrap()
    }

    fn commit(&mut self, store: &Store, work: Work<'_>) -> Result<Revision, StoreError> {
        let stamp = self.stamp();
        let lock = store.lock(Backups::Refused)?;
        lock.prepare(&stamp, work)?.keep()
    }

    /// Plans the lines of a batch from the file as it is; says how many have a fault.
    fn plan(&self, request: &mut Request) -> (Plan, Vec<ChangeError>) {
        let store = self.open();
        let snapshot = store.snapshot().unwrap();
        let prepared = KnownLines::of(&request.lines);
        let mut errors = Vec::new();
        let mut tell = |_: &Request, _: &Line, error| errors.push(error);
        let plan = plan(request, prepared, &snapshot, "id", None, &mut tell).unwrap();
        (plan, errors)
    }

    fn carry_out(&mut self, request: &mut Request) -> (Plan, Vec<ChangeError>) {
        let (plan, errors) = self.plan(request);
        let store = self.open();
        self.commit(&store, plan.work(request, json!({}))).unwrap();
        (plan, errors)
    }

    /// Carries one operation out as a command of its own does; `None` if it was refused.
    fn alone(&mut self, terms: Terms, one: &One) -> Option<Done> {
        let store = self.open();
        let snapshot = store.snapshot().unwrap();
        match one {
            One::Allocate {
                token,
                status,
                expires,
                document,
            } => {
                let request = AllocateRequest {
                    tokens: token.iter().cloned().collect(),
                    terms: Terms {
                        expires: *expires,
                        ..terms
                    },
                    count: None,
                    status: status.map(name_of),
                    group: None,
                    documents: document.iter().copied().collect(),
                    on_the_way: Vec::new(),
                };
                let request = request.checked().unwrap().settled(&snapshot).unwrap();
                let plan = request.plan(&snapshot, "id").ok()?;
                let entries = plan.entries(&snapshot, Timestamp::from_second(0)).unwrap();
                drop(snapshot);
                self.commit(&store, plan.work()).unwrap();
                Some(Done::Allocated(entries[0].entry))
            }
            One::Set {
                named,
                wish: Wish::Set(status),
                expected,
                remark,
            } => {
                let request = SetRequest {
                    name: named,
                    terms,
                    status: name_of(*status),
                    expected: expected.map(name_of),
                    remark: remark.clone(),
                };
                let plan = request.plan(&snapshot).ok()?;
                drop(snapshot);
                self.commit(&store, plan.work()).unwrap();
                let change = &plan.change;
                Some(Done::Set(change.entry, change.previous, change.current))
            }
            One::Set { .. } => {
                drop(snapshot);
                let mut request = Request::new(terms);
                request.push(1, one.operation());
                let (plan, _) = self.carry_out(&mut request);
                Done::of(&plan, plan.lines[0])
            }
        }
    }

    /// What the file says of every entry.
    fn entries(&self) -> Vec<Kept> {
        let store = self.open();
        let snapshot = store.snapshot().unwrap();
        snapshot.verify().unwrap();
        (0..u32::try_from(SIZE).unwrap())
            .map(|index| {
                let entry = EntryId {
                    list: ListNumber::FIRST,
                    index: Index::new(index),
                };
                let last = snapshot.last_change(entry).unwrap();
                let allocation = snapshot.allocation(entry).unwrap();
                Kept {
                    status: snapshot.status(entry).unwrap(),
                    remark: last.map(|change| change.row.remark).unwrap_or_default(),
                    allocated: allocation.is_some(),
                    token: allocation.clone().and_then(|allocation| allocation.token),
                    expires: allocation.and_then(|allocation| allocation.expires),
                    document: snapshot.document_of(entry).unwrap(),
                }
            })
            .collect()
    }
}

/// What a file says of one entry.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    status: Status,
    remark: Remark,
    allocated: bool,
    token: Option<TokenId>,
    expires: Option<Timestamp>,
    document: Option<DocumentHash>,
}

/// An operation that is made as often as it is needed.
#[derive(Clone, Debug)]
enum One {
    Allocate {
        token: Option<TokenId>,
        status: Option<u8>,
        expires: Option<Timestamp>,
        document: Option<DocumentHash>,
    },
    Set {
        named: EntryName,
        wish: Wish<u8>,
        expected: Option<u8>,
        remark: RemarkRequest,
    },
}

/// What an operation did.
#[derive(Debug, PartialEq, Eq)]
enum Done {
    Allocated(EntryId),
    Set(EntryId, Status, Status),
}

impl One {
    fn operation(&self) -> Operation {
        match self.clone() {
            Self::Allocate {
                token,
                status,
                expires,
                document,
            } => Operation::Allocate(Allocate {
                token,
                status,
                expires,
                document: document.map(|hash| Document {
                    hash,
                    on_the_way: Vec::new(),
                }),
                group: None,
            }),
            Self::Set {
                named,
                wish,
                expected,
                remark,
            } => Operation::Set(Set {
                named: Named {
                    name: named,
                    besides: None,
                },
                wish,
                expected,
                remark,
            }),
        }
    }
}

impl Done {
    fn of(plan: &Plan, line: LinePlan) -> Option<Self> {
        match line {
            LinePlan::Set {
                entry,
                previous,
                current,
                ..
            } => Some(Self::Set(entry, previous, current)),
            allocated => plan.entry(allocated).map(Self::Allocated),
        }
    }
}

fn name_of(status: u8) -> StatusName {
    status.to_string().parse().unwrap()
}

fn terms(known_tokens: KnownTokens) -> Terms {
    Terms {
        known_tokens,
        ..Terms::default()
    }
}

fn request(terms: Terms, operations: &[One]) -> Request {
    let mut request = Request::new(terms);
    for (number, one) in (1..).zip(operations) {
        request.push(number, one.operation());
    }
    request
}

fn allocation(token: Option<&str>) -> One {
    One::Allocate {
        token: token.map(|token| token.parse().unwrap()),
        status: None,
        expires: None,
        document: None,
    }
}

fn revocation(token: &str) -> One {
    One::Set {
        named: EntryName::Token(token.parse().unwrap()),
        wish: Wish::Set(1),
        expected: None,
        remark: RemarkRequest::default(),
    }
}

#[test]
fn a_plan_changes_nothing_and_is_the_same_again() {
    let file = File::new();
    let operations = [allocation(Some("a")), allocation(None), revocation("a")];
    let mut request = request(terms(KnownTokens::Refused), &operations);
    let (first, errors) = file.plan(&mut request);
    assert!(errors.is_empty(), "{errors:?}");
    let (second, _) = file.plan(&mut request);
    assert_eq!(first.lines, second.lines);
    assert_eq!(first.booked, second.booked);
    assert_eq!(first.changes, second.changes);
    assert_eq!(first.booked.entries.len(), 2);
}

#[test]
fn a_plan_is_made_again_from_a_newer_state() {
    let mut file = File::new();
    let operations = [allocation(Some(" a ")), allocation(None), revocation("a")];
    let mut request = request(terms(KnownTokens::Answered), &operations);
    let (stale, _) = file.plan(&mut request);
    let between = [allocation(Some("a"))];
    file.carry_out(&mut self::request(terms(KnownTokens::Refused), &between));
    let store = file.open();
    let outdated = file.commit(&store, stale.work(&request, json!({})));
    assert!(matches!(outdated, Err(StoreError::Corrupt(_))));
    let (plan, errors) = file.carry_out(&mut request);
    assert!(errors.is_empty(), "{errors:?}");
    let had = stale.booked.entries[0].entry;
    assert!(matches!(plan.lines[0], LinePlan::Existing { entry, .. } if entry == had));
    assert_eq!(plan.booked.entries, stale.booked.entries[1..]);
    assert_eq!(plan.changes[0].entry, had);
}

#[test]
fn what_was_done_is_planned_from_the_state_before() {
    let mut file = File::new();
    let operations = [
        allocation(Some("a")),
        revocation("a"),
        allocation(Some("a")),
    ];
    let mut request = request(terms(KnownTokens::Answered), &operations);
    let stamp = Stamp {
        operation_id: OperationId::Given("once".to_owned()),
        ..file.stamp()
    };
    let (done, _) = file.plan(&mut request);
    let store = file.open();
    let list = done.booked.runs.first().map(|run| run.list.value());
    let work = done.work(&request, json!({ "list": list }));
    let lock = store.lock(Backups::Refused).unwrap();
    lock.prepare(&stamp, work).unwrap().keep().unwrap();
    let more = [allocation(None), allocation(Some("b"))];
    file.carry_out(&mut self::request(terms(KnownTokens::Refused), &more));
    let lock = store.lock(Backups::Refused).unwrap();
    let event = lock.earlier(&stamp).unwrap();
    let prepared = KnownLines::of(&request.lines);
    let mut tell = |_: &Request, _: &Line, error: ChangeError| panic!("{error}");
    let again = plan(
        &mut request,
        prepared,
        &lock,
        "id",
        event.as_ref(),
        &mut tell,
    )
    .unwrap();
    assert_eq!(again.lines, done.lines);
    assert_eq!(again.booked.entries, done.booked.entries);
}

fn one() -> impl Strategy<Value = One> {
    let token = || prop::sample::select(vec!["a", "b", "c", "d", " a "]);
    let token = move || token().prop_map(|token| TokenId::as_written(token).unwrap());
    let status = || 0..4_u8;
    let permutation = Permutation::new(&Seed::new(SEED), SIZE).unwrap();
    let steps = permutation.indexes_of(0..SIZE / 2).unwrap();
    let index = prop::sample::select(steps).prop_map(u64::from);
    let named = prop_oneof![
        3 => token().prop_map(EntryName::Token),
        1 => index.clone().prop_map(EntryName::Index),
        1 => index.clone().prop_map(|index| EntryName::InList(ListNumber::FIRST, index)),
        1 => index.prop_map(|index| EntryName::AtUri(URI.to_owned(), index)),
    ];
    let wish = prop_oneof![
        4 => status().prop_map(Wish::Set),
        1 => Just(Wish::Suspend),
        1 => Just(Wish::Unsuspend),
        1 => Just(Wish::Unrevoke),
    ];
    let time = (1..3_i64).prop_map(|day| Timestamp::from_second(day * 86_400));
    let reason = prop::sample::select(vec![Reason::KeyCompromise, Reason::Superseded]);
    prop_oneof![
        (
            prop::option::of(token()),
            prop::option::of(status()),
            prop::option::of(time),
            prop::option::weighted(
                0.3,
                (0..3_u8).prop_map(|byte| DocumentHash::new([byte; 32]))
            ),
        )
            .prop_map(|(token, status, expires, document)| One::Allocate {
                token,
                status,
                expires,
                document,
            }),
        (
            named,
            wish,
            prop::option::weighted(0.2, status()),
            prop::option::of(reason)
        )
            .prop_map(|(named, wish, expected, reason)| One::Set {
                named,
                wish,
                expected,
                remark: RemarkRequest {
                    reason,
                    ..RemarkRequest::default()
                },
            }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a request asks for, it does what its operations do one after the other.
    #[test]
    fn a_request_is_its_operations_one_after_the_other(
        operations in prop::collection::vec(one(), 1..16),
        answered: bool,
    ) {
        let terms = terms(if answered { KnownTokens::Answered } else { KnownTokens::Refused });
        // So that there is something to set.
        let begin = [Some("a"), Some("b"), None, None].map(allocation);
        let operations = [&begin, operations.as_slice()].concat();
        let mut together = File::new();
        let (plan, errors) = together.carry_out(&mut request(terms, &operations));
        // One request stores one change of an entry.
        prop_assume!(!errors.iter().any(|error| matches!(error, ChangeError::Story { error: StoryError::SetTwice(_), .. })));
        let mut apart = File::new();
        for (one, line) in operations.iter().zip(&plan.lines) {
            prop_assert_eq!(apart.alone(terms, one), Done::of(&plan, *line), "{:?}", one);
        }
        prop_assert_eq!(together.entries(), apart.entries());
    }
}
