//! Tests of the store that need no process.

mod booking;
mod ends;
mod groups;
mod labels;
mod migration;
mod model;
mod outbox;
mod purge;
mod repeat;
mod replay;
mod runs;
mod seam;
mod shards;
mod widen;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    AllocationRow, Backups, Booked, ChangeRow, ListState, NewList, OperationId, Prepared, Revision,
    Run, Stamp, Store, StoreError, Work, prepare_file, rows,
};
use crate::list::{
    self, EntryId, Index, ListNumber, Register, Remark, Seed, Series, SeriesError, SeriesView,
    Size, Status, Timestamp, TokenId, Width,
};
use crate::store::Access;

const LINEAGE: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
/// When the first revision is made.
const START: i64 = 1_800_000_000;

/// A folder with a list file, in memory where the system offers that.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        Self {
            folder: folder.unwrap(),
        }
    }

    /// A place with a new list file.
    fn with(series: &Series) -> Self {
        let place = Self::new();
        let prepared = first(&place.file(), series).unwrap();
        assert!(prepared.keep().unwrap().kept);
        place
    }

    /// A place with the file that a version with this format made.
    fn with_fixture(format: i64) -> Self {
        let place = Self::new();
        let name = format!("tests/fixtures/format-{format}.slist");
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::copy(fixture, place.file()).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self) -> PathBuf {
        self.path("list.slist")
    }

    fn open(&self) -> Store {
        open(&self.file()).unwrap()
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.file()).unwrap()
    }

    /// The names of all files.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }
}

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path, Access::Write, Duration::ZERO)
}

/// A series of lists whose default is 0, published in these views.
fn series_in(views: &[&str], width: Width, size: u64, finals: &[Status]) -> Series {
    let register = Register {
        width,
        size: Size::new(size).unwrap(),
        default_status: Status::VALID,
        final_statuses: finals.to_vec(),
    };
    let seconds = |seconds| list::Duration::from_seconds(seconds).unwrap();
    let views = views
        .iter()
        .map(|view| SeriesView {
            view: view.parse().unwrap(),
            uri: format!("https://example.com/{view}/{{n}}"),
        })
        .collect();
    let issuer = "https://example.com".to_owned();
    Series::new(&register, issuer, seconds(60), seconds(600), views).unwrap()
}

fn series(width: Width, size: u64) -> Series {
    series_in(&["jwt"], width, size, &[])
}

fn number(list: u32) -> ListNumber {
    ListNumber::new(list).unwrap()
}

fn entry(list: u32, index: u32) -> EntryId {
    EntryId {
        list: number(list),
        index: Index::new(index),
    }
}

fn new_list(series: &Series, list: u32) -> NewList {
    let register = series.register();
    let uri = |view: &SeriesView| view.uri.replace("{n}", &list.to_string());
    NewList {
        number: number(list),
        width: register.width,
        size: register.size,
        default_status: register.default_status,
        seed: Seed::new([7; 32]).derive(list),
        uris: series
            .views
            .iter()
            .map(|view| (view.view, uri(view)))
            .collect(),
        state: ListState::Open,
    }
}

/// The first revision of a new list file.
fn first(path: &Path, series: &Series) -> Result<Prepared<'static>, StoreError> {
    let work = Work {
        new_lists: vec![new_list(series, 0)],
        ..Work::default()
    };
    prepare_file(path, LINEAGE, series, &stamp("init", 0), work)
}

/// A request that is made this many seconds after the first.
fn stamp(id: &str, later: i64) -> Stamp {
    Stamp {
        operation: "test",
        operation_id: OperationId::Random(id.to_owned()),
        request: [3; 32],
        actor: "tester".to_owned(),
        note: format!("note of {id}"),
        now: Timestamp::from_second(START + later),
        receivers: Vec::new(),
    }
}

fn prepare<'s>(store: &'s Store, id: &str, work: Work<'_>) -> Result<Prepared<'s>, StoreError> {
    let rev = store.snapshot()?.head().rev;
    let lock = store.lock(Backups::Refused)?;
    lock.prepare(&stamp(id, rev), work)
}

fn keep(store: &Store, id: &str, work: Work<'_>) -> Revision {
    prepare(store, id, work).unwrap().keep().unwrap()
}

fn token(name: &str) -> TokenId {
    name.parse().unwrap()
}

fn entries_of(booked: &Booked) -> Vec<EntryId> {
    booked.entries.iter().map(|booked| booked.entry).collect()
}

fn steps_of(booked: &Booked) -> Vec<u64> {
    booked.entries.iter().map(|booked| booked.step).collect()
}

/// Hands out what was chosen; those with a name, which come first, get a row of their own, and so
/// does an entry out of turn.
fn handing_out(booked: &Booked, names: &[&str], expires: Option<Timestamp>) -> Work<'static> {
    let mut names = names.iter();
    let own: Vec<AllocationRow> = booked
        .entries
        .iter()
        .filter_map(|entry| {
            let name = names.next().map(|name| token(name));
            let has_row = name.is_some() || booked.runs.is_empty();
            has_row.then(|| entry.row(name, expires))
        })
        .collect();
    let runs = booked.runs.iter().filter(|run| run.count > 0);
    let first = booked.entries.first();
    let out_of_turn = first.filter(|_| booked.runs.is_empty());
    Work {
        body: json!({
            "list": first.map(|booked| booked.entry.list.value()),
            "index": out_of_turn.map(|booked| booked.entry.index.value()),
        }),
        runs: runs.map(|run| Run { expires, ..*run }).collect(),
        allocations: rows(own),
        ..Work::default()
    }
}

/// Hands out the next entries.
fn allocate(store: &Store, id: &str, list: u32, names: &[&str], count: u64) -> Vec<EntryId> {
    let booked = store.snapshot().unwrap().take(number(list), count).unwrap();
    keep(store, id, handing_out(&booked, names, None));
    entries_of(&booked)
}

/// Hands out one entry out of turn.
fn allocate_at(store: &Store, id: &str, entry: EntryId) {
    let place = u64::from(entry.index.value());
    let booked = store.snapshot().unwrap().take_at(entry.list, place);
    keep(store, id, handing_out(&booked.unwrap(), &[], None));
}

/// Gives an entry another status.
fn changing(entry: EntryId, old: Status, new: Status, remark: Remark) -> Work<'static> {
    Work {
        body: json!({}),
        changes: rows(vec![ChangeRow {
            entry,
            old,
            new,
            remark,
        }]),
        ..Work::default()
    }
}

/// Gives every entry this many bits.
fn widening(series: &Series, width: Width) -> Work<'static> {
    let wider = series.with::<SeriesError>(|settings| {
        settings.widen(width);
        Ok(())
    });
    Work {
        series: Some(wider.unwrap()),
        ..Work::default()
    }
}

#[track_caller]
fn corrupt<T>(result: Result<T, StoreError>, expected: &str) {
    match result {
        Err(StoreError::Corrupt(found)) => assert_eq!(found, expected),
        Err(other) => panic!("{other:?}, not: {expected}"),
        Ok(_) => panic!("nothing was found, not: {expected}"),
    }
}

/// The bodies of all revisions, oldest first.
fn bodies(store: &Store) -> Vec<Value> {
    let snapshot = store.snapshot().unwrap();
    let events = snapshot.last_events(u32::MAX).unwrap();
    let bodies = events.iter().rev();
    bodies
        .map(|event| serde_json::from_str(&event.body).unwrap())
        .collect()
}
