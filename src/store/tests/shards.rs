//! Pages of packed statuses: their edges, their sums, and what is seen of damage.

use rusqlite::{Connection, params};

use super::{Place, changing, entry, keep, number, series};
use crate::list::{Index, ListNumber, Remark, Seed, Size, Status, Width};
use crate::store::format::Format;
use crate::store::shards::{SHARD_BYTES, Shard, Sum, fold, read_all};
use crate::store::{ListRow, ListState, StoreError};

const WIDTHS: [Width; 4] = [Width::One, Width::Two, Width::Four, Width::Eight];

fn memory() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for statement in Format::One.statements() {
        connection.execute_batch(statement).unwrap();
    }
    connection
}

fn list(width: Width, size: u64, default: u64) -> ListRow {
    ListRow {
        number: number(3),
        width,
        size: Size::new(size).unwrap(),
        default_status: Status::new(default, width).unwrap(),
        state: ListState::Open,
        seed: Seed::new([1; 32]),
        cursor: 0,
        taken: 0,
        rev: 0,
        shards: 0,
        shard_xor: [0; 8],
        closure: None,
    }
}

fn per_shard(width: Width) -> u32 {
    u32::try_from(SHARD_BYTES).unwrap() * u32::from(width.entries_per_byte())
}

/// Gives an entry a status, and returns the one before.
fn set(connection: &Connection, list: &mut ListRow, index: u32, value: u8, rev: i64) -> Status {
    let index = Index::new(index);
    let mut shard = Shard::load(connection, list, index).unwrap();
    assert!(shard.holds(list, index));
    let before = shard.read(list, index).unwrap();
    let status = Status::new(value.into(), list.width).unwrap();
    shard.write(list, index, status).unwrap();
    shard.save(connection, list, rev).unwrap();
    before
}

fn get(connection: &Connection, list: &ListRow, index: u32) -> Result<Status, StoreError> {
    let index = Index::new(index);
    Shard::load(connection, list, index)?.read(list, index)
}

fn sums(connection: &Connection) -> Vec<Sum> {
    let mut statement = connection
        .prepare("SELECT sum FROM shard ORDER BY pos")
        .unwrap();
    let sums = statement.query_map([], |row| row.get(0)).unwrap();
    sums.collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_edges_of_shards_and_bytes_hold_at_every_width() {
    for width in WIDTHS {
        let per = per_shard(width);
        let size = u64::from(2 * per) + 3;
        let connection = memory();
        let default = u64::from(width.largest() - 1);
        let mut list = list(width, size, default);
        let byte = u32::from(width.entries_per_byte());
        let edges = [
            0,
            byte - 1,
            byte,
            per - 1,
            per,
            per + 1,
            2 * per - 1,
            2 * per,
            2 * per + 2,
        ];
        for index in edges {
            let before = get(&connection, &list, index).unwrap();
            // Two edges are one entry where a byte has one.
            if u64::from(before.value()) == default {
                let before = set(&connection, &mut list, index, width.largest(), 1);
                assert_eq!(u64::from(before.value()), default);
            }
        }
        assert_eq!(list.shards, 3);
        let packed = read_all(&connection, &list).unwrap();
        assert_eq!(packed.len() as u64, width.bytes_for(size));
        let places = 0..u32::try_from(packed.len()).unwrap() * byte;
        for index in places {
            let found = crate::list::pages::read(&packed, width, index.into()).unwrap();
            let expected = if edges.contains(&index) {
                width.largest()
            } else {
                // Also beyond the last entry.
                width.largest() - 1
            };
            assert_eq!(found, expected, "{width:?}, {index}");
            if edges.contains(&index) {
                let single = get(&connection, &list, index).unwrap();
                assert_eq!(single.value(), expected);
            }
        }
    }
}

#[test]
fn the_sums_of_all_shards_are_put_together() {
    let connection = memory();
    let mut list = list(Width::Eight, 12_000, 0);
    let written = [(0, 1), (4_000, 2), (11_999, 3), (1, 4), (0, 0), (4_000, 0)];
    for (rev, (index, value)) in (1..).zip(written) {
        set(&connection, &mut list, index, value, rev);
        let mut xor = Sum::default();
        for sum in sums(&connection) {
            fold(&mut xor, sum);
        }
        assert_eq!(list.shard_xor, xor);
        assert_eq!(list.shards, i64::try_from(sums(&connection).len()).unwrap());
    }
    // What is only read is not written.
    let before = (sums(&connection), list.shard_xor);
    let shard = Shard::load(&connection, &list, Index::new(5)).unwrap();
    shard.save(&connection, &mut list, 9).unwrap();
    assert_eq!((sums(&connection), list.shard_xor), before);
}

type Damage<'a> = Box<dyn Fn(&Connection) + 'a>;

#[test]
fn a_shard_that_was_touched_is_seen() {
    let position = |shard: i64| (i64::from(number(3).value()) << 32) | shard;
    let sum = "the checksum of shard 1 of list 3 is wrong";
    let flipped = |connection: &Connection, bit: usize| {
        let mut data: Vec<u8> = connection
            .query_row(
                "SELECT data FROM shard WHERE pos = ?1",
                [position(1)],
                |row| row.get(0),
            )
            .unwrap();
        data[bit / 8] ^= 1 << (bit % 8);
        let change = "UPDATE shard SET data = ?1 WHERE pos = ?2";
        connection
            .execute(change, params![data, position(1)])
            .unwrap();
    };
    let sql =
        |text: &'static str| move |connection: &Connection| connection.execute_batch(text).unwrap();
    let damage: [(Damage<'_>, Option<&str>, &str); 8] = [
        (
            Box::new(|connection| flipped(connection, 0)),
            Some(sum),
            sum,
        ),
        (
            Box::new(|connection| flipped(connection, 31_999)),
            Some(sum),
            sum,
        ),
        (
            Box::new(sql("UPDATE shard SET rev = 7 WHERE pos = (3 << 32 | 1)")),
            Some(sum),
            sum,
        ),
        (
            Box::new(sql(
                "UPDATE shard SET sum = zeroblob(8) WHERE pos = (3 << 32 | 1)",
            )),
            Some(sum),
            sum,
        ),
        (
            Box::new(sql(
                "UPDATE shard SET data = (SELECT data FROM shard WHERE pos = (3 << 32)) \
                          WHERE pos = (3 << 32 | 1)",
            )),
            Some(sum),
            sum,
        ),
        (
            Box::new(sql("DELETE FROM shard WHERE pos = (3 << 32 | 1)")),
            None,
            "list 3 has 1 of its 2 shards, or others than it had",
        ),
        (
            Box::new(sql(
                "UPDATE shard SET pos = (3 << 32 | 2) WHERE pos = (3 << 32 | 1)",
            )),
            None,
            "the checksum of shard 2 of list 3 is wrong",
        ),
        (
            Box::new(|connection: &Connection| {
                let mut other = list(Width::Eight, 20_000, 0);
                set(connection, &mut other, 17_000, 1, 1);
            }),
            None,
            "shard 12884901892 lies beyond its list",
        ),
    ];
    for (change, of_one, of_all) in damage {
        let connection = memory();
        let mut list = list(Width::Eight, 8_001, 0);
        set(&connection, &mut list, 1, 9, 1);
        set(&connection, &mut list, 4_001, 7, 1);
        change(&connection);
        match (get(&connection, &list, 4_001), of_one) {
            (Err(StoreError::Corrupt(found)), Some(expected)) => assert_eq!(found, expected),
            (Ok(_), None) => {}
            other => panic!("{other:?}"),
        }
        super::corrupt(read_all(&connection, &list), of_all);
        // Its neighbour is whole.
        assert_eq!(get(&connection, &list, 1).unwrap().value(), 9);
    }
}

/// A shard that is lost reads as if nobody had set anything; its newest change knows better.
#[test]
fn a_lost_shard_gives_no_entry_its_default_back() {
    let place = Place::with(&series(Width::Two, 100));
    let store = place.open();
    let invalid = Status::INVALID;
    keep(
        &store,
        "set",
        changing(entry(0, 40), Status::VALID, invalid, Remark::default()),
    );
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.status(entry(0, 40)).unwrap(), invalid);
    drop(snapshot);
    store.connection.execute_batch("DELETE FROM shard").unwrap();
    let snapshot = store.snapshot().unwrap();
    super::corrupt(
        snapshot.status(entry(0, 40)),
        "entry 0/40 has status valid (0), but its newest change says invalid (1)",
    );
    let list = snapshot.list(ListNumber::FIRST).unwrap();
    assert!(snapshot.packed(&list).is_err());
    assert!(snapshot.confirm_statuses(&list).is_err());
    drop(snapshot);
    let next = Status::new(2, Width::Two).unwrap();
    let work = changing(entry(0, 40), invalid, next, Remark::default());
    super::corrupt(
        super::prepare(&store, "next", work),
        "entry 0/40 has not the status that its newest change says",
    );
}
