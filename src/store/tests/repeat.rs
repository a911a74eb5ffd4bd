//! An event and the rows of its revision are enough to repeat the revision on a copy of the state
//! before: that is what a log elsewhere has to keep.
//!
//! What a revision leaves is in ten tables under its number, in its body (settings, new lists and
//! uris, lists that take their turns or end, adopted states, where the file lives), and in secrets
//! that the body names by a hash alone, if at all: the master, and the seeds and the keys of the lists
//! that it makes. All else follows:
//! cursors, counts and states of lists, their newest visible revisions, and the pages of statuses.

mod record;

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::json;

use self::record::{Record, Row, query};
use super::{
    LINEAGE, Place, allocate, allocate_at, bodies, changing, entries_of, entry, handing_out, keep,
    new_list, number, series_in, token, widening,
};
use crate::disk;
use crate::list::{
    DocumentHash, EntryId, Reason, Remark, Seed, Series, SeriesError, Status, Timestamp, Width,
};
use crate::store::ancestors::Ancestor;
use crate::store::chain::genesis;
use crate::store::format::Format;
use crate::store::{
    Backups, DocumentRow, Ending, Home, LabelRow, ListState, Master, MemberRow, NewList, NewUri,
    Role, Store, TermRow, Work, rows,
};

const TABLES: [&str; 22] = [
    "meta",
    "list",
    "list_view",
    "shard",
    "alloc_run",
    "alloc",
    "event",
    "change",
    "document",
    "published",
    "chain_key",
    "revision_key",
    "home",
    "ancestor",
    "tally",
    "master",
    "closure",
    "label",
    "term",
    "entry_group",
    "member",
    "sealed",
];

fn tables(connection: &Connection) -> BTreeMap<&'static str, Vec<Row>> {
    let table = |table| {
        let rows = query(
            connection,
            &format!("SELECT * FROM {table} ORDER BY 1, 2"),
            None,
        );
        (table, rows)
    };
    TABLES.into_iter().map(table).collect()
}

/// Keeps a copy of the file as each revision leaves it.
struct Life {
    place: Place,
    store: Store,
}

impl Life {
    fn begin(place: Place) -> Self {
        let store = place.open();
        let life = Self { place, store };
        life.copy();
        life
    }

    fn rev(&self) -> i64 {
        self.store.snapshot().unwrap().head().rev
    }

    fn copy(&self) {
        let copy = self.place.path(&self.rev().to_string());
        std::fs::copy(self.place.file(), copy).unwrap();
    }

    fn keep(&self, id: &str, work: Work<'_>) {
        keep(&self.store, id, work);
        self.copy();
    }

    /// Repeats every revision behind the first on the copy before, from what the last file has.
    fn repeat(&self, from: i64) {
        self.repeat_from(from, |rev| Record::read(&self.store.connection, rev));
    }

    /// The same from what the file had when the revision was made, before a purge removed some of it.
    fn repeat_at_once(&self, from: i64) {
        self.repeat_from(from, |rev| {
            let file = self.place.path(&rev.to_string());
            Record::read(&Connection::open(file).unwrap(), rev)
        });
    }

    fn repeat_from(&self, from: i64, record: impl Fn(i64) -> Record) {
        self.store.snapshot().unwrap().verify().unwrap();
        for rev in from..=self.rev() {
            let record = record(rev);
            let before = Connection::open(self.place.path(&(rev - 1).to_string())).unwrap();
            record.apply(&before);
            let after = Connection::open(self.place.path(&rev.to_string())).unwrap();
            assert_eq!(
                tables(&before),
                tables(&after),
                "revision {rev}: {}",
                record.body
            );
            for connection in [before, after] {
                let path = connection.path().unwrap().to_owned();
                connection.close().unwrap();
                let store = super::open(path.as_ref()).unwrap();
                store.snapshot().unwrap().verify().unwrap();
            }
            // The copies of the next round are as they were.
            let whole = self.place.path(&format!("{}", rev - 1));
            std::fs::remove_file(whole).unwrap();
        }
    }
}

fn status(value: u64) -> Status {
    Status::new(value, Width::Two).unwrap()
}

fn remark(note: &str) -> Remark {
    Remark {
        reason: Reason::KeyCompromise,
        note: Some(note.to_owned()),
        since: Some(Timestamp::from_second(1)),
    }
}

fn documents(entry: EntryId) -> Work<'static> {
    let row = |hash, role| DocumentRow {
        entry,
        hash: DocumentHash::new([hash; 32]),
        role,
    };
    Work {
        documents: rows(vec![row(1, Role::Document), row(2, Role::OnTheWay)]),
        ..Work::default()
    }
}

/// A token id, an expiry and a group of an entry that was handed out before.
fn said_later(entry: EntryId) -> Work<'static> {
    let label = LabelRow {
        list: entry.list,
        n: 1,
        index: entry.index,
        token: Some(token("later")),
    };
    let term = TermRow {
        list: entry.list,
        first: 1,
        count: 1,
        expires: Some(Timestamp::from_second(5)),
        kept_until: Some(Timestamp::from_second(6)),
    };
    let member = MemberRow {
        entry,
        group: Some("group".parse().unwrap()),
    };
    Work {
        labels: rows(vec![label]),
        terms: rows(vec![term]),
        members: rows(vec![member]),
        ..Work::default()
    }
}

/// Spare lists, one of which takes its turn at once.
fn turns(series: &Series) -> Work<'static> {
    let spare = |list| NewList {
        state: ListState::Spare,
        ..new_list(series, list)
    };
    Work {
        new_lists: vec![spare(3), spare(4), new_list(series, 5)],
        opened: vec![number(3)],
        master: Some(Master::Kept(Seed::new([8; 32]))),
        ..Work::default()
    }
}

#[test]
fn every_revision_can_be_repeated() {
    let series = series_in(&["jwt", "oa-ocsp"], Width::Two, 9, &[]);
    let life = Life::begin(Place::with(&series));
    let store = &life.store;
    // The state before the first revision: empty tables, and the name of the file.
    let empty = Connection::open(life.place.path("0")).unwrap();
    Format::make(&empty).unwrap();
    let config = serde_json::to_string(&series).unwrap();
    let sql = "INSERT INTO meta (id, lineage, rev, chain, config) VALUES (1, ?1, 0, ?2, ?3)";
    empty
        .execute(sql, params![LINEAGE, genesis(LINEAGE), config])
        .unwrap();
    empty.close().unwrap();

    let all = entries_of(&store.snapshot().unwrap().take(number(0), 9).unwrap());
    allocate_at(store, "out of turn", all[1]);
    life.copy();
    let booked = store.snapshot().unwrap().take(number(0), 4).unwrap();
    let mut work = handing_out(&booked, &["a", "b"], Some(Timestamp::from_second(7)));
    let mut first = changing(all[0], status(0), status(2), Remark::default());
    work.changes = std::mem::replace(&mut first.changes, rows(Vec::new()));
    life.keep("with names", work);
    life.keep("documents", documents(all[2]));
    life.keep(
        "set",
        changing(all[2], status(0), status(1), remark("first")),
    );
    life.keep(
        "reason",
        changing(all[2], status(1), status(1), Remark::default()),
    );
    let note = remark("of a valid one");
    life.keep("note", changing(all[3], status(0), status(0), note));

    let cwt = series_in(&["cwt"], Width::Two, 9, &[]).views[0].clone();
    let other = series.with::<SeriesError>(|settings| {
        settings.views.push(cwt);
        Ok(())
    });
    let other = other.unwrap();
    let uri = NewUri {
        list: number(0),
        view: other.views[2].view,
        uri: "https://example.com/cwt/0".to_owned(),
    };
    let work = Work {
        new_uris: vec![uri],
        series: Some(other.clone()),
        ..Work::default()
    };
    life.keep("view", work);
    let other = other.with::<SeriesError>(|settings| {
        settings.meta.insert("key".to_owned(), "value".into());
        Ok(())
    });
    let other = other.unwrap();
    let work = Work {
        series: Some(other.clone()),
        ..Work::default()
    };
    life.keep("invisible", work);
    allocate(store, "full", 0, &["c"], 4);
    life.copy();
    let ancestor = Ancestor {
        path: "jwt/0".to_owned(),
        chain: [6; 32],
    };
    for list in [1, 2] {
        let work = Work {
            new_lists: vec![new_list(&other, list)],
            closed: vec![number(list - 1)],
            ancestors: vec![ancestor.clone()],
            ..Work::default()
        };
        life.keep(&format!("list {list}"), work);
    }
    allocate(store, "of the last list", 2, &[], 3);
    life.copy();
    life.keep("said later", said_later(all[1]));
    life.keep("turns", turns(&other));
    let work = Work {
        ended: vec![Ending {
            list: number(0),
            kept_until: Some(Timestamp::from_second(99)),
        }],
        retired: vec![number(1)],
        ..Work::default()
    };
    life.keep("ends", work);
    let home = Home {
        identity: disk::FileIdentity::of(&life.place.file()).unwrap(),
        anywhere: true,
    };
    let work = Work {
        ended: vec![Ending {
            list: number(3),
            kept_until: None,
        }],
        home: Some(home),
        ..Work::default()
    };
    life.keep("anywhere", work);
    life.repeat(1);
}

#[test]
fn the_revision_that_gives_entries_more_bits_can_be_repeated() {
    let series = series_in(&["jwt"], Width::Two, 20_000, &[]);
    let life = Life::begin(Place::with(&series));
    let work = Work {
        new_lists: vec![new_list(&series, 1)],
        ..Work::default()
    };
    life.keep("second", work);
    for at in [3, 15_999, 16_000] {
        let work = changing(entry(0, at), status(0), status(2), Remark::default());
        life.keep(&format!("set {at}"), work);
    }
    life.keep("wider", widening(&series, Width::Four));
    let nine = Status::new(9, Width::Four).unwrap();
    life.keep(
        "nine",
        changing(entry(0, 3), status(2), nine, Remark::default()),
    );
    life.repeat(2);
}

/// Of a purge, the log has which lists it was of: the codes that are left follow from the texts, and
/// the new keys are secrets.
#[test]
fn the_revision_that_purges_a_list_can_be_repeated() {
    let series = series_in(&["jwt"], Width::Two, 9, &[]);
    let life = Life::begin(Place::with(&series));
    let store = &life.store;
    let all = allocate(store, "named", 0, &["a"], 4);
    life.copy();
    life.keep("said later", said_later(all[1]));
    life.keep("set", changing(all[2], status(0), status(1), remark("why")));
    let ending = Ending {
        list: number(0),
        kept_until: None,
    };
    let work = Work {
        ended: vec![ending],
        ..Work::default()
    };
    life.keep("end", work);
    let purging = || Work {
        purged: vec![number(0)],
        ..Work::default()
    };
    life.keep("purge", purging());
    life.keep(
        "note",
        changing(all[3], status(0), status(2), remark("new")),
    );
    life.keep("purge again", purging());
    life.repeat_at_once(2);
}

/// A backup that is restored: the mark of the copy is no revision, and stands before it.
#[test]
fn the_revision_that_restores_a_backup_can_be_repeated() {
    let series = series_in(&["jwt"], Width::Two, 9, &[]);
    let origin = Place::with(&series);
    allocate(&origin.open(), "one", 0, &["a"], 2);
    let place = Place::new();
    let now = Timestamp::from_second(super::START);
    origin.open().backup(&place.file(), now).unwrap();
    let life = Life::begin(place);
    let work = Work {
        new_lists: vec![new_list(&series, 1)],
        closed: vec![number(0)],
        master: Some(Master::Dropped),
        restores: true,
        ..Work::default()
    };
    let lock = life.store.lock(Backups::Only).unwrap();
    let prepared = lock.prepare(&super::stamp("restore", 9), work).unwrap();
    prepared.keep().unwrap();
    life.copy();
    life.repeat(3);
}

/// The keys that the step from format 1 draws are rows of the revision that takes it.
#[test]
fn the_revision_that_takes_a_file_to_another_format_can_be_repeated() {
    let life = Life::begin(Place::with_fixture(1));
    let list = life.store.snapshot().unwrap().open_list().unwrap().number;
    let booked = life.store.snapshot().unwrap().take(list, 2).unwrap();
    life.keep("format", handing_out(&booked, &["new"], None));
    assert_eq!(bodies(&life.store)[13]["format"], json!(4));
    let entry = entries_of(&booked)[0];
    life.keep("set", changing(entry, status(0), status(1), remark("note")));
    life.repeat(14);
}
