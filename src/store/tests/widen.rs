//! Entries that get more bits: every value stays, pages with nothing to say are left out.

use rusqlite::params;

use super::{Place, allocate, bodies, changing, corrupt, entry, keep, new_list, number, prepare};
use super::{series_in, widening};
use crate::list::{Register, Remark, Series, Status, Width};
use crate::store::shards::SHARD_BYTES;
use crate::store::{Store, Work};

const WIDTHS: [Width; 4] = [Width::One, Width::Two, Width::Four, Width::Eight];

fn series(width: Width, size: u64, default: u64) -> Series {
    let plain = series_in(&["jwt"], width, size, &[]);
    let register = Register {
        default_status: Status::new(default, width).unwrap(),
        ..plain.register().clone()
    };
    let issuer = plain.issuer.clone();
    Series::new(
        &register,
        issuer,
        plain.ttl,
        plain.valid_for,
        plain.views.clone(),
    )
    .unwrap()
}

/// Gives entries of list 0 these statuses, from the default.
fn set(store: &Store, places: &[u32], from: Status, to: Status) {
    for place in places {
        let work = changing(entry(0, *place), from, to, Remark::default());
        keep(store, &format!("set {place} {to} {}", rev(store)), work);
    }
}

fn rev(store: &Store) -> i64 {
    store.snapshot().unwrap().head().rev
}

/// The statuses of all entries of a list.
fn statuses(store: &Store, list: u32) -> Vec<Status> {
    let snapshot = store.snapshot().unwrap();
    let list = snapshot.list(number(list)).unwrap();
    let packed = snapshot.packed(&list).unwrap();
    let read = |index| crate::list::pages::read(&packed, list.width, index).unwrap();
    let status = |index| Status::new(read(index).into(), list.width).unwrap();
    (0..list.size.entries()).map(status).collect()
}

/// The pages of a list that there are.
fn pages(store: &Store, list: u32) -> Vec<i64> {
    let sql = "SELECT pos & 0xFFFFFFFF FROM shard WHERE pos >> 32 = ?1 ORDER BY pos";
    let mut statement = store.connection.prepare(sql).unwrap();
    let rows = statement
        .query_map(params![list], |row| row.get(0))
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_entry_keeps_its_value_at_every_width() {
    for from in WIDTHS {
        for to in WIDTHS.into_iter().filter(|to| *to > from) {
            for default in [0, u64::from(from.largest())] {
                let per = u32::try_from(SHARD_BYTES).unwrap() * u32::from(from.entries_per_byte());
                let series = series(from, u64::from(3 * per) + 5, default);
                let place = Place::with(&series);
                let store = place.open();
                let default = series.register().default_status;
                let other = Status::new(1 - u64::from(default.value() > 0), from).unwrap();
                // Around the middle of a page, where one that it becomes begins; the second page
                // goes back to the default, and the last one is hardly begun.
                set(
                    &store,
                    &[0, per / 2 - 1, per / 2, per - 1, 3 * per + 4],
                    default,
                    other,
                );
                set(&store, &[per + 7], default, other);
                set(&store, &[per + 7], other, default);
                let before = statuses(&store, 0);
                assert_eq!(pages(&store, 0), [0, 1, 3]);

                keep(&store, "wider", widening(&series, to));
                assert!(before == statuses(&store, 0), "{from} to {to}");
                let factor = i64::from(to.bits() / from.bits());
                let middle = [factor / 2 - 1, factor / 2];
                let mut expected = vec![0, factor - 1, 3 * factor];
                expected.extend(middle);
                expected.sort_unstable();
                expected.dedup();
                assert_eq!(pages(&store, 0), expected, "{from} to {to}");
                assert_eq!(bodies(&store).last().unwrap()["widened"], to.bits());
                let list = store.snapshot().unwrap().list(number(0)).unwrap();
                assert_eq!((list.width, list.rev), (to, rev(&store)));
                store.snapshot().unwrap().verify().unwrap();

                let largest = Status::new(to.largest().into(), to).unwrap();
                set(&store, &[per + 7], default, largest);
                store.snapshot().unwrap().verify().unwrap();
            }
        }
    }
}

#[test]
fn all_lists_get_more_bits_at_once_and_what_was_said_of_them_stays() {
    let narrow = series(Width::One, 100, 0);
    let place = Place::with(&narrow);
    let store = place.open();
    allocate(&store, "first", 0, &["a"], 3);
    set(&store, &[9], Status::VALID, Status::INVALID);
    let work = Work {
        closed: vec![number(0)],
        new_lists: vec![new_list(&narrow, 1)],
        ..Work::default()
    };
    keep(&store, "second", work);
    let wider = widening(&narrow, Width::Two);
    let after = wider.series.clone().unwrap();
    keep(&store, "wider", wider);
    let work = Work {
        closed: vec![number(1)],
        new_lists: vec![new_list(&after, 2)],
        ..Work::default()
    };
    keep(&store, "third", work);
    let set_it = |list, id: &str| {
        let suspended = Status::SUSPENDED;
        let work = changing(entry(list, 4), Status::VALID, suspended, Remark::default());
        keep(&store, id, work);
    };
    set_it(0, "old");
    set_it(2, "new");
    store.snapshot().unwrap().verify().unwrap();
    let bodies = bodies(&store);
    let bits = |rev: usize| bodies[rev - 1]["lists"][0]["bits"].clone();
    assert_eq!([bits(1), bits(4), bits(6)], [1, 1, 2]);
    let lists = store.snapshot().unwrap().lists().unwrap();
    assert_eq!(
        lists.iter().map(|list| list.rev).collect::<Vec<_>>(),
        [7, 5, 8]
    );
}

#[test]
fn a_damaged_page_is_not_carried_over() {
    let series = series(Width::One, 100_000, 0);
    for damage in [
        "UPDATE shard SET data = zeroblob(4000) WHERE pos = 1",
        "DELETE FROM shard WHERE pos = 1",
    ] {
        let place = Place::with(&series);
        let store = place.open();
        set(&store, &[1, 40_000, 70_000], Status::VALID, Status::INVALID);
        store.connection.execute(damage, []).unwrap();
        let before = place.bytes();
        let said = if damage.starts_with("DELETE") {
            "list 0 has 2 of its 3 shards, or others than it had"
        } else {
            "the checksum of shard 1 of list 0 is wrong"
        };
        corrupt(
            prepare(&store, "wider", widening(&series, Width::Two)),
            said,
        );
        assert!(before == place.bytes());
    }
}

#[test]
fn entries_never_get_fewer_bits() {
    let series = series(Width::Two, 100, 0);
    let place = Place::with(&series);
    let store = place.open();
    let work = widening(&series, Width::One);
    corrupt(
        prepare(&store, "narrower", work),
        "list 0 cannot get 1 bit per entry",
    );
}

#[test]
fn bits_that_the_log_does_not_say_are_noticed() {
    let series = series(Width::One, 100, 0);
    let place = Place::with(&series);
    let store = place.open();
    keep(&store, "wider", widening(&series, Width::Two));
    let tampered = |sql: &str| {
        store.connection.execute_batch("BEGIN").unwrap();
        let triggers = "DROP TRIGGER event_no_update";
        store.connection.execute(triggers, []).unwrap();
        store.connection.execute(sql, []).unwrap();
        store.connection.execute_batch("COMMIT").unwrap();
    };
    tampered(
        "UPDATE event SET body = replace(body, '\"widened\":2', '\"widened\":4') WHERE rev = 2",
    );
    corrupt(
        store.snapshot().unwrap().verify(),
        "the chain breaks at revision 2",
    );
}
