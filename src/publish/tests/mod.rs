//! Publishing into a target that is no folder.

mod retirement;
mod rotation;

use std::path::{Path, PathBuf};
use std::time::Duration as Patience;

use super::contents::Contents;
use super::decision::Cause;
use super::edition::{Edition, Selection};
use super::error::{Conflict, Maker, PublishError};
use super::key::{NamedKey, TokenSigner};
use super::plan::PublishPlan;
use super::record::Record;
use super::rules::{
    Envelopes, KeyRules, PageRule, Permission, Renewal, RetiredFiles, Rules, Timing,
};
use super::site::Site;
use super::statement::Lifetimes;
use crate::audit::{Checks, SignatureState, judge_token};
use crate::list::{
    Duration, EntryId, Index, ListNumber, Policy, Proof, Register, Remark, Seed, Series,
    SeriesError, SeriesView, Size, Status, Timestamp, View, Width,
};
use crate::sign::{Algorithm, KeySet, PrivateKey};
use crate::site::{Manifest, Memory, Promise, SitePath, Target, TargetError};
use crate::store::{
    self, Access, Backups, ChangeRow, ListState, NewList, OperationId, Stamp, Store, Work, rows,
};
use crate::token::InflateLimit;

const URI: &str = "https://example.com/0.jwt";

/// A list file, a key, and a site in memory.
struct Fixture {
    _keep: tempfile::TempDir,
    file: PathBuf,
    key: TokenSigner,
    target: Memory,
}

impl Fixture {
    fn new() -> Self {
        Self::of(1, &[View::Jwt])
    }

    /// The same with lists from 0 on in these views.
    fn of(lists: u32, views: &[View]) -> Self {
        let keep = tempfile::tempdir().unwrap();
        let file = keep.path().join("list");
        let register = Register {
            width: Width::Two,
            size: Size::new(1024).unwrap(),
            default_status: Status::VALID,
            final_statuses: vec![Status::INVALID],
        };
        let views = views.iter().map(|view| SeriesView {
            view: *view,
            uri: uri_of(*view, "{n}"),
        });
        let views: Vec<_> = views.collect();
        let of_list = |number: u32| NewList {
            number: ListNumber::new(number).unwrap(),
            width: register.width,
            size: register.size,
            default_status: register.default_status,
            seed: Seed::new([7 + u8::try_from(number).unwrap(); 32]),
            uris: views
                .iter()
                .map(|view| (view.view, uri_of(view.view, &number.to_string())))
                .collect(),
            state: ListState::Open,
        };
        let work = Work {
            new_lists: (0..lists).map(of_list).collect(),
            ..Work::default()
        };
        let series = Series::new(
            &register,
            "https://example.com".to_owned(),
            Duration::HOUR,
            Duration::WEEK,
            views,
        );
        let series = series.and_then(|series| {
            series.with(|settings| {
                settings.credentials.proof = series.has_credentials().then_some(Proof::Jwt);
                let aggregation = "https://example.com/all.json".to_owned();
                settings.aggregation_uri = (lists > 1).then_some(aggregation);
                Ok::<_, SeriesError>(())
            })
        });
        let lineage = store::lineage_of([7; 16]);
        let series = series.unwrap();
        let prepared = store::prepare_file(&file, &lineage, &series, &stamp(0), work);
        prepared.unwrap().keep().unwrap();
        let private = PrivateKey::generate(Algorithm::Es256).unwrap();
        let named = NamedKey {
            public: private.public().clone(),
            id: "key".to_owned(),
            certificates: None,
        };
        Self {
            _keep: keep,
            file,
            key: TokenSigner {
                signer: private.into(),
                named,
            },
            target: Memory::default(),
        }
    }

    fn copy(&self, name: &str) -> PathBuf {
        let copy = self.file.with_file_name(name);
        std::fs::copy(&self.file, &copy).unwrap();
        copy
    }

    fn publish(&self, file: &Path, rules: &Rules) -> Result<Delivered, PublishError> {
        let target = &self.target;
        let site = self.site()?;
        let plan = self.plan(file, &site, rules)?;
        Ok(Delivered {
            written: plan.carry_out(site, rules.now)?,
            records: plan.records(target, rules.now),
            plan,
        })
    }

    fn site(&self) -> Result<Site<'_>, PublishError> {
        let target = &self.target;
        let turn = target.lock(Patience::ZERO).unwrap();
        Site::new(Some((target, turn)), None)
    }

    fn plan(
        &self,
        file: &Path,
        site: &Site<'_>,
        rules: &Rules,
    ) -> Result<PublishPlan, PublishError> {
        let store = Store::open(file, Access::Read, Patience::ZERO).unwrap();
        let snapshot = store.snapshot().unwrap();
        let selection = Selection {
            edition: Edition::of(file, &snapshot)?,
            views: &snapshot.series().forms(),
            lifetimes: Lifetimes {
                ttl: Duration::HOUR,
                valid_for: Duration::WEEK,
            },
        };
        let mut contents = Contents::new(Some(&self.key), site, rules);
        contents.add(&snapshot, &selection)?;
        contents.plan()
    }

    fn published(&self) -> Vec<u8> {
        self.target.read(&path("0.jwt"), 1 << 20).unwrap().unwrap()
    }
}

fn uri_of(view: View, number: &str) -> String {
    let ending = match view {
        View::Jwt => "jwt",
        View::Cwt => "cwt",
        View::OaOcsp => "ocsp",
        _ => "vcjwt",
    };
    format!("https://example.com/{number}.{ending}")
}

/// A plan that was carried out.
struct Delivered {
    plan: PublishPlan,
    written: Vec<String>,
    records: Vec<Record>,
}

fn path(text: &str) -> SitePath {
    text.parse().unwrap()
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + hour * 3600)
}

fn stamp(hour: i64) -> Stamp {
    Stamp {
        operation: "test",
        operation_id: OperationId::Random(format!("test-{hour}")),
        request: [0; 32],
        actor: "test".to_owned(),
        note: String::new(),
        now: at(hour),
        receivers: Vec::new(),
    }
}

fn set(file: &Path, old: Status, new: Status, hour: i64) {
    let entry = EntryId {
        list: ListNumber::FIRST,
        index: Index::new(5),
    };
    let remark = Remark::default();
    let change = ChangeRow {
        entry,
        old,
        new,
        remark,
    };
    let work = Work {
        changes: rows(vec![change]),
        ..Work::default()
    };
    let store = Store::open(file, Access::Write, Patience::ZERO).unwrap();
    let lock = store.lock(Backups::Refused).unwrap();
    lock.prepare(&stamp(hour), work).unwrap().keep().unwrap();
}

fn rules(hour: i64) -> Rules {
    Rules {
        now: at(hour),
        unexpired_at: None,
        renewal: Renewal::WhenDue,
        timing: Timing::WithEveryChange,
        policy: Policy::default(),
        rollback: Permission::Refused,
        unrevoke: Permission::Refused,
        new_key: Permission::Refused,
        silent_site: Permission::Granted,
        keys: KeyRules::default(),
        envelopes: Envelopes::LeftOut,
        page: PageRule::KeptCurrent,
        hosting: None,
        retired: RetiredFiles::Stay,
        max_inflated: 1 << 20,
        limit: 1 << 20,
        patience: Patience::ZERO,
    }
}

fn cause(delivered: Result<Delivered, PublishError>) -> Option<Cause> {
    let delivered = delivered.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(delivered.plan.tokens.len(), 1);
    let tokens = delivered.written.iter().filter(|path| *path != "jwks.json");
    assert_eq!(delivered.records.len(), tokens.count());
    delivered.plan.tokens[0].cause
}

#[test]
fn what_is_published_is_read_back() {
    let fixture = Fixture::new();
    let publish = |hour| cause(fixture.publish(&fixture.file, &rules(hour)));
    assert_eq!(publish(0), Some(Cause::NotThere));
    set(&fixture.file, Status::VALID, Status::INVALID, 1);
    assert_eq!(publish(1), Some(Cause::OtherList));
    assert_eq!(publish(2), None);
    assert_eq!(publish(100), Some(Cause::Renewal(None)));

    let keys = KeySet::from(fixture.key.named.public.clone());
    let judgement = judge_token(
        &fixture.published(),
        &Checks {
            keys: Some(&keys),
            uri: Some(URI),
            ..Checks::new(at(101), InflateLimit::new(1 << 20))
        },
    );
    assert!(matches!(judgement.signature, SignatureState::Valid(_)));
    let list = judgement.list.unwrap();
    assert_eq!(list.status(5), Some(Status::INVALID.value()));
    assert_eq!(list.status(4), Some(Status::VALID.value()));
    let manifest = Manifest::load(&fixture.target).unwrap().unwrap();
    assert!(manifest.entries[&path("0.jwt")].matches(&fixture.published()));
}

#[test]
fn an_older_copy_and_one_that_went_another_way_are_refused() {
    let fixture = Fixture::new();
    let (older, other) = (fixture.copy("older"), fixture.copy("other"));
    set(&fixture.file, Status::VALID, Status::SUSPENDED, 1);
    set(&other, Status::VALID, Status::INVALID, 1);
    cause(fixture.publish(&fixture.file, &rules(2)));
    for file in [&older, &other] {
        let error = fixture.publish(file, &rules(3)).err().unwrap();
        assert!(
            matches!(
                error,
                PublishError::Conflict {
                    reason: Conflict::OtherHistory,
                    ..
                }
            ),
            "{error}"
        );
    }
    let back = Rules {
        rollback: Permission::Granted,
        ..rules(3)
    };
    assert_eq!(
        cause(fixture.publish(&older, &back)),
        Some(Cause::OtherList)
    );
}

#[test]
fn no_rollback_lifts_a_final_status_that_was_not_asked_for() {
    let fixture = Fixture::new();
    let older = fixture.copy("older");
    set(&fixture.file, Status::VALID, Status::INVALID, 1);
    cause(fixture.publish(&fixture.file, &rules(2)));
    let back = |unrevoke| Rules {
        rollback: Permission::Granted,
        unrevoke,
        ..rules(3)
    };
    let refused = back(Permission::Refused);
    let error = fixture.publish(&older, &refused).err().unwrap();
    assert!(
        matches!(&error, PublishError::Lifts(lifted) if lifted.len() == 1),
        "{error}"
    );
    let granted = back(Permission::Granted);
    let delivered = fixture.publish(&older, &granted).unwrap();
    assert_eq!(
        delivered.plan.lifted[0].to_string(),
        "0.jwt: invalid (1) to valid (0): 0/5"
    );
}

#[test]
fn a_manifest_that_lies_lifts_no_final_status() {
    let fixture = Fixture::new();
    let older = fixture.copy("older");
    set(&fixture.file, Status::VALID, Status::INVALID, 1);
    cause(fixture.publish(&fixture.file, &rules(2)));
    set(&older, Status::VALID, Status::SUSPENDED, 3);
    let mut manifest = Manifest::load(&fixture.target).unwrap().unwrap();
    let chain = {
        let store = Store::open(&older, Access::Read, Patience::ZERO).unwrap();
        let snapshot = store.snapshot().unwrap();
        Edition::of(&older, &snapshot).unwrap().chain
    };
    // Somebody who can write to the site says that the older copy made it.
    manifest.entries.get_mut(&path("0.jwt")).unwrap().chain = chain;
    manifest.save(&fixture.target, Promise::Exclusive).unwrap();
    let error = fixture.publish(&older, &rules(4)).err().unwrap();
    assert!(
        matches!(
            error,
            PublishError::Conflict {
                reason: Conflict::OtherStatuses { .. },
                ..
            }
        ),
        "{error}"
    );
    set(&older, Status::SUSPENDED, Status::VALID, 5);
    let error = fixture.publish(&older, &rules(6)).err().unwrap();
    assert!(
        matches!(
            error,
            PublishError::Conflict {
                reason: Conflict::Lost {
                    maker: Maker::ThisFile,
                    ..
                },
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_not_replaced() {
    let fixture = Fixture::new();
    cause(fixture.publish(&fixture.file, &rules(0)));
    set(&fixture.file, Status::VALID, Status::INVALID, 1);
    for name in ["0.jwt", "statuslist-manifest.json"] {
        let before = fixture.target.files.borrow().clone();
        *fixture.target.meddler.borrow_mut() = Some((path(name), b"theirs".to_vec()));
        let error = fixture.publish(&fixture.file, &rules(2)).err().unwrap();
        let PublishError::Interrupted { written, source } = error else {
            panic!("{error}");
        };
        let is_changed = match *source {
            PublishError::Target(error) => matches!(error, TargetError::Changed(_)),
            PublishError::Manifest(error) => error.to_string().contains("at the same time"),
            _ => false,
        };
        assert!(is_changed);
        assert_eq!(written.is_empty(), name == "0.jwt");
        assert_eq!(fixture.target.files.borrow()[&path(name)], b"theirs");
        *fixture.target.files.borrow_mut() = before;
    }
}
