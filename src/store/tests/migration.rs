//! From one format to the next: in one transaction, once, and never back.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{Place, allocate, handing_out, keep, open, prepare, series};
use crate::list::Width;
use crate::store::format::Format;
use crate::store::migration::Migration;
use crate::store::{StoreError, Work};

fn format_of(connection: &Connection) -> i64 {
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

fn schema(connection: &Connection) -> Vec<String> {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql";
    let mut statement = connection.prepare(sql).unwrap();
    let schema = statement.query_map([], |row| row.get(0)).unwrap();
    schema.collect::<Result<_, _>>().unwrap()
}

fn is_whole(place: &Place) {
    place.open().snapshot().unwrap().verify().unwrap();
}

#[test]
fn the_first_revision_takes_a_file_to_the_newest_format_and_the_second_does_not() {
    let place = Place::with_fixture(1);
    let store = place.open();
    let list = store.snapshot().unwrap().open_list().unwrap().number;
    let booked = store.snapshot().unwrap().take(list, 2).unwrap();
    let prepared = prepare(&store, "one", handing_out(&booked, &["new"], None)).unwrap();
    let taken = Some(Migration { from: 1, to: 4 });
    assert_eq!(prepared.revision().migrated, taken);
    assert_eq!(prepared.keep().unwrap().migrated, taken);
    let booked = store.snapshot().unwrap().take(list, 2).unwrap();
    let revision = keep(&store, "two", handing_out(&booked, &[], None));
    assert_eq!(revision.migrated, None);
    is_whole(&place);
    let new = Place::with(&series(Width::One, 10)).open();
    assert_eq!(schema(&store.connection), schema(&new.connection));
    let keys = "SELECT (SELECT count(*) FROM list) = (SELECT count(*) FROM chain_key)";
    let all: bool = store
        .connection
        .query_row(keys, [], |row| row.get(0))
        .unwrap();
    assert!(all);
    assert_eq!(Format::NEWEST.migrate(&store.connection).unwrap(), None);
}

/// Whichever statement of the step fails, nothing of it stays.
#[test]
fn a_step_that_fails_at_any_statement_leaves_the_file_as_it_was() {
    let steps = [
        (Format::One, Format::Two),
        (Format::One, Format::Three),
        (Format::Two, Format::Three),
        (Format::One, Format::Four),
        (Format::Two, Format::Four),
        (Format::Three, Format::Four),
    ];
    let statements = |(before, step): (Format, Format)| {
        let statements = step.added().split("\n\n");
        statements
            .map(move |statement| (before, statement))
            .collect::<Vec<_>>()
    };
    let statements: Vec<_> = steps.into_iter().flat_map(statements).collect();
    for (from, statement) in &statements {
        let place = Place::with_fixture(from.number());
        let connection = Connection::open(place.file()).unwrap();
        // Something that has the name already makes the statement fail.
        let mut words = statement.split_whitespace();
        let name = words.find(|word| !matches!(*word, "CREATE" | "UNIQUE" | "TABLE" | "INDEX"));
        let name = name.unwrap();
        connection
            .execute_batch(&format!("CREATE TABLE {name} (one)"))
            .unwrap();
        let before = (schema(&connection), place.bytes());
        let behavior = TransactionBehavior::Immediate;
        let transaction = Transaction::new_unchecked(&connection, behavior).unwrap();
        assert!(from.migrate(&transaction).is_err(), "{name}");
        drop(transaction);
        assert_eq!(format_of(&connection), from.number());
        assert!(before == (schema(&connection), place.bytes()), "{name}");
    }
    assert_eq!(statements.len(), 6 + 2 * 9 + 3 * 2);
}

/// A file that may grow by so many pages only: each refusal comes at another place of the step and
/// of the revision behind it.
#[test]
fn a_file_that_may_not_grow_stays_as_it_was_until_all_fits() {
    let place = Place::with_fixture(1);
    let before = place.bytes();
    let pages: i64 = place
        .open()
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    let mut refused = 0;
    loop {
        let store = place.open();
        store
            .connection
            .pragma_update(None, "max_page_count", pages + refused)
            .unwrap();
        let list = store.snapshot().unwrap().open_list().unwrap().number;
        let booked = store.snapshot().unwrap().take(list, 3).unwrap();
        let work = handing_out(&booked, &["new"], None);
        let error = match prepare(&store, "grow", work).and_then(crate::store::Prepared::keep) {
            Ok(revision) => {
                assert!(revision.migrated.is_some());
                break;
            }
            Err(error) => error,
        };
        assert!(matches!(error, StoreError::Sql { .. }), "{error:?}");
        drop(store);
        assert!(place.bytes() == before);
        assert_eq!(place.names(), ["list.slist"]);
        refused += 1;
    }
    assert!(refused > 5, "{refused}");
    is_whole(&place);
}

#[test]
fn a_file_that_another_process_took_on_is_not_taken_on_again() {
    let place = Place::with_fixture(1);
    let (late, early) = (place.open(), place.open());
    let list = early.snapshot().unwrap().open_list().unwrap().number;
    allocate(&early, "early", list.value(), &["early"], 1);
    let booked = late.snapshot().unwrap().take(list, 1).unwrap();
    let revision = keep(&late, "late", handing_out(&booked, &["late"], None));
    assert_eq!(revision.migrated, None);
    is_whole(&place);
}

#[test]
fn a_request_that_changes_nothing_takes_no_file_on() {
    let place = Place::with_fixture(1);
    let before = place.bytes();
    let store = place.open();
    let prepared = prepare(&store, "nothing", Work::default()).unwrap();
    assert_eq!(prepared.keep().unwrap().migrated, None);
    assert!(place.bytes() == before);
}

#[test]
fn a_format_that_is_newer_or_none_is_refused() {
    for (format, newer) in [
        (5, true),
        (i64::from(i32::MAX), true),
        (0, false),
        (-1, false),
    ] {
        let place = Place::with_fixture(2);
        let connection = Connection::open(place.file()).unwrap();
        connection
            .pragma_update(None, "user_version", format)
            .unwrap();
        drop(connection);
        match open(&place.file()).map(drop) {
            Err(StoreError::NewerFormat { found, known: 4 }) if newer => assert_eq!(found, format),
            Err(StoreError::Corrupt(_)) if !newer => {}
            other => panic!("{format}: {other:?}"),
        }
    }
    // Tables of format 2 alone make no file of format 2, nor of format 1.
    let place = Place::with_fixture(2);
    let connection = Connection::open(place.file()).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let error = open(&place.file()).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::ForeignSchema(_)), "{error:?}");
}
