//! Purges: nothing of what was removed is left, and the chain is verified with the codes that are.

use rusqlite::params;

use super::{
    Place, allocate, bodies, changing, entry, keep, new_list, number, prepare, series, stamp, token,
};
use crate::list::{EntryId, Reason, Remark, Status, Width};
use crate::store::format::Format;
use crate::store::removal::OfList;
use crate::store::sealed::{Codes, Kind, SealedText};
use crate::store::{
    AllocationRow, Backups, Ending, LabelRow, MemberRow, OperationId, Removal, Stamp, Store,
    StoreError, Work, rows,
};

/// Every text that the file of [`Names`] has of list 1.
const OF_LIST_1: [&str; 7] = [
    "holder-of-one",
    "second-of-one",
    "later-of-one",
    "group-of-one",
    "reason-of-one",
    "note of first of one",
    "note of change of one",
];

/// Two lists that are closed, with names of all kinds.
struct Names {
    place: Place,
    store: Store,
    /// The entries of list 1.
    entries: Vec<EntryId>,
}

fn remark(note: &str) -> Remark {
    Remark {
        reason: Reason::KeyCompromise,
        note: Some(note.to_owned()),
        since: None,
    }
}

fn member(entry: EntryId, group: &str) -> Work<'static> {
    let row = MemberRow {
        entry,
        group: Some(group.parse().unwrap()),
    };
    Work {
        members: rows(vec![row]),
        ..Work::default()
    }
}

fn label(store: &Store, entry: EntryId, name: &str) -> Work<'static> {
    let snapshot = store.snapshot().unwrap();
    let list = snapshot.list(entry.list).unwrap();
    let n = crate::store::steps_to(&list, &[entry.index]).unwrap()[0];
    let row = LabelRow {
        list: entry.list,
        n,
        index: entry.index,
        token: Some(token(name)),
    };
    Work {
        labels: rows(vec![row]),
        ..Work::default()
    }
}

fn ending(list: u32) -> Work<'static> {
    Work {
        ended: vec![Ending {
            list: number(list),
            kept_until: None,
        }],
        ..Work::default()
    }
}

fn purging(lists: &[u32]) -> Work<'static> {
    Work {
        purged: lists.iter().map(|list| number(*list)).collect(),
        ..Work::default()
    }
}

impl Names {
    fn new() -> Self {
        let series = series(Width::Two, 40);
        let place = Place::with(&series);
        let store = place.open();
        let work = Work {
            new_lists: vec![new_list(&series, 1)],
            ..Work::default()
        };
        keep(&store, "list one", work);
        let zero = allocate(&store, "first of zero", 0, &["holder-of-zero", "x"], 4);
        let names = ["holder-of-one", "second-of-one"];
        let entries = allocate(&store, "first of one", 1, &names, 5);
        keep(
            &store,
            "label of one",
            label(&store, entries[3], "later-of-one"),
        );
        keep(
            &store,
            "label of zero",
            label(&store, zero[3], "later-of-zero"),
        );
        keep(&store, "group of one", member(entries[0], "group-of-one"));
        keep(&store, "both", member(entries[1], "group-of-both"));
        keep(&store, "both of zero", member(zero[1], "group-of-both"));
        let (valid, invalid) = (Status::VALID, Status::INVALID);
        let work = changing(entries[0], valid, invalid, remark("reason-of-one"));
        keep(&store, "change of one", work);
        let work = changing(zero[0], valid, invalid, remark("reason-of-zero"));
        keep(&store, "change of zero", work);
        keep(&store, "end of zero", ending(0));
        keep(&store, "end of one", ending(1));
        Self {
            place,
            store,
            entries,
        }
    }

    fn purge(&self, id: &str, lists: &[u32]) {
        keep(&self.store, id, purging(lists));
        self.store.rewrite().unwrap();
    }

    fn verify(&self) {
        self.store.snapshot().unwrap().verify().unwrap();
        // Nothing in the schema has changed either.
        super::open(&self.place.file()).unwrap();
    }

    fn holds(&self, text: &str) -> bool {
        let bytes = self.place.bytes();
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    }

    fn count(&self, sql: &str) -> i64 {
        let store = &self.store.connection;
        store.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn removal(&self, lists: &[u32]) -> Removal {
        let lists: Vec<_> = lists.iter().map(|list| number(*list)).collect();
        self.store.snapshot().unwrap().removal(&lists).unwrap()
    }
}

#[test]
fn nothing_of_what_is_removed_is_left_in_the_file() {
    let names = Names::new();
    for text in OF_LIST_1.iter().chain(&["group-of-both"]) {
        assert!(names.holds(text), "{text}");
    }
    let old_key: Vec<u8> = names
        .store
        .connection
        .query_row("SELECT key FROM chain_key WHERE list_id = 1", [], |row| {
            row.get(0)
        })
        .unwrap();
    let of_one = OfList {
        list_id: 1,
        token_ids: 3,
        group_entries: 2,
        notes: 1,
    };
    let removal = names.removal(&[1]);
    assert_eq!(removal.lists, [of_one]);
    assert_eq!((removal.revision_notes, removal.kept_notes), (5, 0));
    names.purge("purge", &[1]);
    for text in OF_LIST_1 {
        assert!(!names.holds(text), "{text} is still there");
    }
    assert!(!names.place.bytes().windows(32).any(|part| part == old_key));
    assert_eq!(names.place.names(), ["list.slist"]);
    names.verify();
    // The other list keeps what it has, and the group that both had keeps its name.
    for text in [
        "holder-of-zero",
        "later-of-zero",
        "group-of-both",
        "reason-of-zero",
        "note of change of zero",
    ] {
        assert!(names.holds(text), "{text}");
    }
    assert_eq!(names.count("SELECT count(*) FROM sealed WHERE kind < 4"), 6);
    assert_eq!(names.count("SELECT count(*) FROM sealed WHERE kind = 4"), 5);
    let body = bodies(&names.store).pop().unwrap();
    assert_eq!(body["purged"], serde_json::json!([1]));
    assert_eq!(names.removal(&[1]), Removal::default());

    let snapshot = names.store.snapshot().unwrap();
    let gone = token("holder-of-one");
    assert_eq!(snapshot.by_token(&gone).unwrap(), None);
    let allocation = snapshot.allocation(names.entries[0]).unwrap().unwrap();
    assert_eq!(allocation.token, None);
    assert_eq!(snapshot.status(names.entries[0]).unwrap(), Status::INVALID);
}

#[test]
fn a_purged_list_goes_on_under_another_key_and_is_purged_again() {
    let names = Names::new();
    names.purge("purge", &[1]);
    let (valid, invalid) = (Status::VALID, Status::INVALID);
    let work = changing(names.entries[1], valid, invalid, remark("after-the-purge"));
    keep(&names.store, "again", work);
    keep(
        &names.store,
        "group",
        member(names.entries[2], "group-of-both"),
    );
    names.verify();
    let removal = names.removal(&[0, 1]);
    let found: Vec<_> = removal
        .lists
        .iter()
        .map(|one| [one.token_ids, one.group_entries, one.notes])
        .collect();
    assert_eq!(found, [[3, 1, 1], [0, 1, 1]]);
    names.purge("second", &[1]);
    names.verify();
    assert!(!names.holds("after-the-purge"));
    assert!(names.holds("group-of-both"));
    names.purge("third", &[0]);
    names.verify();
    for text in [
        "of-zero",
        "of-both",
        "holder-of",
        "note of again",
        "note of first of",
    ] {
        assert!(!names.holds(text), "{text}");
    }
    assert_eq!(names.count("SELECT count(*) FROM entry_group"), 0);
    assert!(names.holds("note of purge"));
}

/// A note may be about the entries of a list that was not purged.
#[test]
fn the_note_of_a_revision_goes_with_its_last_list() {
    let names = Names::new();
    let both = |id: &str| {
        let row = |list, at, note| {
            let work = changing(
                entry(list, at),
                Status::VALID,
                Status::INVALID,
                remark(note),
            );
            (work.changes)().next().unwrap()
        };
        let is_free = |at: &u32| {
            let sql = format!("SELECT count(*) FROM change WHERE idx = {at}");
            names.count(&sql) == 0
        };
        let at = (0..40).find(is_free).unwrap();
        let work = Work {
            changes: rows(vec![row(0, at, "zero-part"), row(1, at, "one-part")]),
            ..Work::default()
        };
        keep(&names.store, id, work);
    };
    both("across");
    names.purge("one", &[1]);
    names.verify();
    assert!(names.holds("note of across") && names.holds("zero-part"));
    assert!(!names.holds("one-part"));
    // Its part of list 1 is newer than the purge of that.
    both("newer");
    names.purge("zero", &[0]);
    names.verify();
    assert!(!names.holds("note of across") && names.holds("note of newer"));
    names.purge("last", &[1]);
    names.verify();
    assert!(!names.holds("note of newer"));
}

#[test]
fn a_purged_operation_is_no_other_request() {
    let names = Names::new();
    let given = |id: &str, request| Stamp {
        operation_id: OperationId::Given(id.to_owned()),
        request: [request; 32],
        ..stamp(id, 90)
    };
    names.purge("purge", &[1]);
    let lock = names.store.lock(Backups::Refused).unwrap();
    let purged = lock.earlier(&given("first of one", 3));
    assert!(matches!(
        purged,
        Err(StoreError::OperationPurged { rev: 4, .. })
    ));
    assert!(lock.earlier(&given("first of zero", 3)).unwrap().is_some());
    let other = lock.earlier(&given("first of zero", 4));
    assert!(matches!(
        other,
        Err(StoreError::OperationReused { rev: 3, .. })
    ));
}

#[test]
fn what_is_not_kept_is_as_it_was() {
    let names = Names::new();
    let before = names.place.bytes();
    drop(prepare(&names.store, "dry", purging(&[0, 1])).unwrap());
    assert!(before == names.place.bytes());
    names.verify();
}

/// Who reads keeps the file from being written anew: the purge is done all the same.
#[test]
fn a_file_that_is_read_is_written_anew_later() {
    let names = Names::new();
    keep(&names.store, "purge", purging(&[1]));
    let reader = super::open(&names.place.file()).unwrap();
    let snapshot = reader.snapshot().unwrap();
    let before = names.place.bytes();
    let refused = names.store.rewrite();
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert!(before == names.place.bytes());
    drop(snapshot);
    names.verify();
    names.store.rewrite().unwrap();
    names.verify();
    for text in OF_LIST_1 {
        assert!(!names.holds(text), "{text} is still there");
    }
}

/// What nobody purged may not be away, and what was purged not be there.
#[test]
fn what_is_put_back_removed_or_altered_by_hand_is_noticed() {
    let note = "DROP TRIGGER event_no_update; DROP TRIGGER change_no_update; ";
    let tampering = [
        "UPDATE sealed SET code = zeroblob(32) WHERE kind = 0",
        "UPDATE sealed SET code = zeroblob(32) WHERE kind = 2",
        "UPDATE sealed SET code = zeroblob(32) WHERE kind = 4 AND rev = 4",
        "DELETE FROM sealed WHERE kind = 0",
        "DELETE FROM sealed WHERE kind = 1",
        "DELETE FROM sealed WHERE kind = 4 AND rev = 4",
        "DELETE FROM sealed",
        "INSERT INTO sealed VALUES (3, 0, 1, 39, zeroblob(32))",
        "INSERT INTO sealed VALUES (3, 4, 0, 0, zeroblob(32))",
        "INSERT INTO sealed VALUES (99, 0, 1, 1, zeroblob(32))",
        "UPDATE alloc SET token = CAST(x'00' || 'holder-of-one' AS BLOB) WHERE pos = 1 << 40",
        "UPDATE label SET token = CAST(x'00' || 'later-of-one' AS BLOB) WHERE pos >> 40 = 1",
        "UPDATE member SET group_id = (SELECT max(group_id) FROM entry_group) WHERE list_id = 1",
        "UPDATE change SET note = 'reason-of-one' WHERE list_id = 1",
        "UPDATE event SET note = 'note of first of one' WHERE rev = 4",
        "INSERT INTO revision_key VALUES (4, zeroblob(32))",
        "INSERT INTO entry_group VALUES (77, 4, x'0041')",
        "UPDATE alloc SET token = NULL WHERE pos = 0",
        "UPDATE change SET note = NULL WHERE list_id = 0",
        "UPDATE event SET note = '' WHERE rev = 3",
        "DELETE FROM revision_key WHERE rev = 3",
    ];
    for sql in tampering {
        let names = Names::new();
        names.purge("purge", &[1]);
        names.verify();
        let sql = format!("PRAGMA foreign_keys = OFF; {note}{sql}");
        names.store.connection.execute_batch(&sql).unwrap();
        let verified = names.store.snapshot().unwrap().verify();
        assert!(
            matches!(verified, Err(StoreError::Corrupt(_))),
            "{sql}: {verified:?}"
        );
    }
}

/// Somebody who knows the key can make the code too: the log has no such purge.
#[test]
fn a_code_that_no_purge_left_is_noticed() {
    let names = Names::new();
    let connection = &names.store.connection;
    let sql = format!(
        "SELECT {} FROM alloc WHERE token = ?1",
        AllocationRow::COLUMNS
    );
    let read = |row: &rusqlite::Row<'_>| Ok(AllocationRow::read(row));
    let row = connection.query_row(&sql, params![token("x").to_bytes()], read);
    let row = row.unwrap().unwrap();
    let code = Codes::of_texts(connection)
        .token_id(Format::NEWEST, &row)
        .unwrap();
    let sealed = SealedText {
        rev: row.rev,
        kind: Kind::TokenId,
        entry: row.entry(),
        code: code.unwrap(),
    };
    sealed.keep(connection).unwrap();
    let sql = "UPDATE alloc SET token = NULL WHERE pos = ?1";
    connection.execute(sql, params![row.position()]).unwrap();
    super::corrupt(
        names.store.snapshot().unwrap().verify(),
        "a text of list 0 was removed without a purge",
    );
}

/// The chain of format 1 has a token id by a hash that everybody can compute: that it agrees is no
/// reason to let it come back.
#[test]
fn a_text_that_agrees_with_the_chain_is_noticed_all_the_same() {
    let place = Place::with_fixture(1);
    let store = place.open();
    let sql = "SELECT pos, token FROM alloc WHERE token IS NOT NULL ORDER BY pos LIMIT 1";
    let (at, text): (i64, Vec<u8>) = store
        .connection
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let list = u32::try_from(at >> 40).unwrap();
    keep(&store, "end", ending(list));
    let head = store.snapshot().unwrap().head().rev;
    let removal = store.snapshot().unwrap().removal(&[number(list)]).unwrap();
    assert!(removal.kept_notes > 0, "{removal:?}");
    keep(&store, "purge", purging(&[list]));
    store.rewrite().unwrap();
    store.snapshot().unwrap().verify().unwrap();
    assert_eq!(store.snapshot().unwrap().head().rev, head + 1);
    assert!(!place.bytes().windows(text.len()).any(|part| part == text));
    let restore = "UPDATE alloc SET token = ?2 WHERE pos = ?1";
    store
        .connection
        .execute(restore, params![at, text])
        .unwrap();
    assert!(store.snapshot().unwrap().verify().is_err());
    let unsealed = "DELETE FROM sealed WHERE kind = 0 AND rev = (SELECT rev FROM alloc WHERE pos = ?1) \
                    AND idx = (SELECT idx FROM alloc WHERE pos = ?1)";
    store.connection.execute(unsealed, params![at]).unwrap();
    super::corrupt(
        store.snapshot().unwrap().verify(),
        &format!("list {list} has a token id, a group or a note of before it was purged"),
    );
}

/// The revision that takes a file to the newest format may be the purge.
#[test]
fn a_file_of_an_older_format_is_purged_at_once() {
    for format in [1, 2] {
        let place = Place::with_fixture(format);
        let store = place.open();
        let lists = store.snapshot().unwrap().lists().unwrap();
        let closed: Vec<_> = lists
            .iter()
            .filter(|list| list.is_closed_to_allocation())
            .map(|list| list.number)
            .collect();
        let removal = store.snapshot().unwrap().removal(&closed).unwrap();
        let found = removal.lists.iter().map(|one| one.token_ids).sum::<u64>();
        let work = Work {
            purged: closed.clone(),
            ..Work::default()
        };
        keep(&store, "purge", work);
        store.rewrite().unwrap();
        store.snapshot().unwrap().verify().unwrap();
        let sql = "SELECT count(*) FROM sealed WHERE kind = 0";
        let sealed: i64 = store
            .connection
            .query_row(sql, [], |row| row.get(0))
            .unwrap();
        assert_eq!(
            u64::try_from(sealed).unwrap(),
            found,
            "format {format}, {closed:?}"
        );
        let again = store.snapshot().unwrap().removal(&closed).unwrap();
        assert_eq!(again.lists, []);
        assert_eq!(again.kept_notes, removal.kept_notes);
    }
}

/// Runs of entries without names are of the list too.
#[test]
fn revisions_without_names_lose_their_keys_with_the_others() {
    let names = Names::new();
    names.purge("purge both", &[0, 1]);
    names.verify();
    assert_eq!(
        names.count("SELECT count(*) FROM revision_key WHERE rev IN (3, 4)"),
        0
    );
    // Those that made and closed lists have no entries.
    assert_eq!(
        names.count("SELECT count(*) FROM revision_key WHERE rev IN (1, 2, 12)"),
        3
    );
}
