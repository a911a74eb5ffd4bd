//! What a log elsewhere has of one revision, and how it repeats it.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params, params_from_iter};
use serde_json::Value;

use crate::list::{ListNumber, Series, Width};
use crate::store::format::Format;
use crate::store::published::Tally;
use crate::store::purge::purge;
use crate::store::rows::{ChangeRow, ListRow, ListState, position};
use crate::store::shards::Shard;
use crate::store::tests::number;
use crate::store::widen::widen;

pub(super) type Row = Vec<Cell>;

/// The tables that have rows of a revision under its number.
const OF_REVISIONS: [&str; 10] = [
    "event",
    "revision_key",
    "alloc_run",
    "alloc",
    "change",
    "document",
    "label",
    "term",
    "entry_group",
    "member",
];

/// What a log elsewhere has of one revision.
pub(super) struct Record {
    rev: i64,
    pub(super) body: Value,
    chain: Vec<u8>,
    rows: BTreeMap<&'static str, Vec<Row>>,
    /// The number, the seed and the key of each list that got one of them.
    secrets: Vec<(i64, Vec<u8>, Vec<u8>)>,
    /// The master, if the revision took one.
    master: Option<Vec<u8>>,
}

pub(super) fn query(connection: &Connection, sql: &str, rev: Option<i64>) -> Vec<Row> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map(params_from_iter(rev), |row| {
            (0..columns).map(|column| row.get(column)).collect()
        })
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

impl Record {
    /// Reads what a revision left, from a file that may have gone on since.
    pub(super) fn read(connection: &Connection, rev: i64) -> Self {
        let rows = OF_REVISIONS.map(|table| {
            let sql = format!("SELECT * FROM {table} WHERE rev = ?1");
            (table, query(connection, &sql, Some(rev)))
        });
        let sql = "SELECT body, chain FROM event WHERE rev = ?1";
        let (body, chain): (String, Vec<u8>) = connection
            .query_row(sql, [rev], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        // The revision that takes a file from format 1 on draws the keys.
        let before: Option<i64> = connection
            .query_row(
                "SELECT max(rev) FROM revision_key WHERE rev < ?1",
                [rev],
                |row| row.get(0),
            )
            .unwrap();
        let master = body["master"].as_str().filter(|master| *master != "none");
        let master = master.map(|_| {
            let seed = connection.query_row("SELECT seed FROM master", [], |row| row.get(0));
            seed.unwrap()
        });
        let mut secrets = Vec::new();
        let sql = "SELECT list_id, seed, key FROM list JOIN chain_key USING (list_id)";
        let mut statement = connection.prepare(sql).unwrap();
        let made = |list: i64| {
            let lists = body["lists"].as_array();
            lists.is_some_and(|lists| lists.iter().any(|one| one["list"] == list))
        };
        // The revision that begins format 2 draws a key for every list that there is.
        let older = |list: i64| {
            let sql = "SELECT min(rev) FROM event, json_each(body, '$.lists') AS one \
                       WHERE one.value ->> 'list' = ?1";
            let first: i64 = connection.query_row(sql, [list], |row| row.get(0)).unwrap();
            first < rev
        };
        let mut all = statement.query([]).unwrap();
        while let Some(row) = all.next().unwrap() {
            let list = row.get(0).unwrap();
            let is_keyed = !body["format"].is_null() && before.is_none();
            let purged = body["purged"].as_array();
            let purged = purged.is_some_and(|lists| lists.iter().any(|one| *one == list));
            if purged || made(list) || is_keyed && older(list) {
                secrets.push((list, row.get(1).unwrap(), row.get(2).unwrap()));
            }
        }
        Self {
            rev,
            body,
            chain,
            rows: rows.into_iter().collect(),
            secrets,
            master,
        }
    }

    /// Repeats the revision on a copy of the state before.
    pub(super) fn apply(&self, connection: &Connection) {
        let sql = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            connection.execute(sql, values).unwrap();
        };
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        take_to_newest(connection);
        let config: String = connection
            .query_row("SELECT config FROM meta", [], |row| row.get(0))
            .unwrap();
        let series: Series = serde_json::from_str(&config).unwrap();
        let each = |name: &str| self.body[name].as_array().cloned().unwrap_or_default();
        for list in each("lists") {
            let (_, seed, _) = &self
                .secrets
                .iter()
                .find(|(one, ..)| list["list"] == *one)
                .unwrap();
            sql(
                "INSERT INTO list VALUES (?1, ?2, ?3, ?4, ?7, 1, ?5, 0, 0, 0, zeroblob(8), ?6)",
                params![
                    list["list"].as_i64(),
                    list["bits"].as_i64(),
                    list["size"].as_i64(),
                    list["defaultStatus"].as_i64(),
                    seed,
                    self.rev,
                    list["state"].as_str().unwrap_or("open")
                ],
            );
            for (view, uri) in list["uris"].as_object().unwrap() {
                let values = params![list["list"].as_i64(), view, uri.as_str()];
                sql("INSERT INTO list_view VALUES (?1, ?2, ?3)", values);
            }
        }
        for uri in each("uris") {
            let values = params![
                uri["list"].as_i64(),
                uri["view"].as_str(),
                uri["uri"].as_str()
            ];
            sql("INSERT INTO list_view VALUES (?1, ?2, ?3)", values);
        }
        self.replace_keys(connection);
        let mut lists = self.lists_after(connection, &series);
        for (table, rows) in OF_REVISIONS.map(|table| (table, &self.rows[table])) {
            for row in rows {
                let places = vec!["?"; row.len()].join(", ");
                let insert = format!("INSERT INTO {table} VALUES ({places})");
                connection.execute(&insert, params_from_iter(row)).unwrap();
            }
        }
        for ancestor in each("ancestors") {
            let chain = ancestor["chain"].as_str().unwrap();
            let insert = format!("INSERT OR REPLACE INTO ancestor VALUES (?1, x'{chain}', ?2)");
            sql(&insert, params![ancestor["path"].as_str(), self.rev]);
        }
        for ending in each("ended") {
            let values = params![
                ending["list"].as_i64(),
                self.rev,
                ending["keptUntil"].as_i64()
            ];
            sql(
                "INSERT INTO closure VALUES (?1, ?2, \
                 (SELECT state <> 'closed' FROM list WHERE list_id = ?1), ?3) \
                 ON CONFLICT DO UPDATE SET kept_until = coalesce(?3, kept_until)",
                values,
            );
        }
        match (&self.master, self.body["master"].as_str()) {
            (Some(master), _) => sql("INSERT INTO master VALUES (1, ?1)", params![master]),
            (None, Some("none")) => sql("DELETE FROM master", params![]),
            _ => {}
        }
        let home = &self.body["home"];
        if !home.is_null() {
            let number = |name: &str| home[name].as_u64().map(u64::cast_signed);
            sql(
                "INSERT OR REPLACE INTO home VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    number("device"),
                    number("inode"),
                    home["born"].as_i64(),
                    home["machine"].as_str(),
                    home["path"].as_str(),
                    home["anywhere"].as_bool()
                ],
            );
        }
        self.write_shards(connection, &mut lists);
        self.write_heads(connection, &lists);
        connection.execute_batch("COMMIT").unwrap();
    }

    /// Purges lists, and writes the keys that lists got.
    fn replace_keys(&self, connection: &Connection) {
        let purged = self.body["purged"].as_array().into_iter().flatten();
        let lists = purged.map(|list| number(u32::try_from(list.as_u64().unwrap()).unwrap()));
        let lists: Vec<_> = lists.collect();
        if !lists.is_empty() {
            purge(connection, &lists, self.rev).unwrap();
        }
        for (list, _, key) in &self.secrets {
            let sql = "INSERT OR REPLACE INTO chain_key VALUES (?1, ?2)";
            connection.execute(sql, params![list, key]).unwrap();
        }
    }

    /// Writes what the lists, the settings and the chain are.
    fn write_heads(&self, connection: &Connection, lists: &BTreeMap<ListNumber, ListRow>) {
        let sql = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            connection.execute(sql, values).unwrap();
        };
        for list in lists.values() {
            sql(
                "UPDATE list SET state = ?2, cursor = ?3, taken = ?4, shards = ?5, shard_xor = ?6, \
                 rev = ?7, bits = ?8 WHERE list_id = ?1",
                params![
                    list.number.value(),
                    list.state.name(),
                    i64::try_from(list.cursor).unwrap(),
                    i64::try_from(list.taken).unwrap(),
                    list.shards,
                    list.shard_xor,
                    list.rev,
                    list.width.bits()
                ],
            );
        }
        let series = &self.body["series"];
        if !series.is_null() {
            // The members of a body are sorted; those of the settings stand in their own order.
            let series: Series = serde_json::from_value(series.clone()).unwrap();
            let config = serde_json::to_string(&series).unwrap();
            sql("UPDATE meta SET config = ?1", params![config]);
        }
        if self.body["restores"] == true {
            sql("UPDATE meta SET copied_at = NULL", params![]);
        }
        sql(
            "UPDATE meta SET rev = ?1, chain = ?2",
            params![self.rev, self.chain],
        );
    }

    /// Rows of one of the tables, with the columns at these places as numbers.
    fn numbers<const N: usize>(&self, table: &str, columns: [usize; N]) -> Vec<[i64; N]> {
        let number = |cell: &Cell| match cell {
            Cell::Integer(number) => *number,
            other => panic!("{other:?}"),
        };
        let row = |row: &Row| columns.map(|column| number(&row[column]));
        self.rows[table].iter().map(row).collect()
    }

    /// What the lists are: they follow from what was handed out and changed. Asked before the rows
    /// are written.
    fn lists_after(
        &self,
        connection: &Connection,
        before: &Series,
    ) -> BTreeMap<ListNumber, ListRow> {
        let sql = format!("SELECT {} FROM list", ListRow::COLUMNS);
        let mut statement = connection.prepare(&sql).unwrap();
        let mut found = statement.query([]).unwrap();
        let mut lists = BTreeMap::new();
        while let Some(row) = found.next().unwrap() {
            let list = ListRow::read(row).unwrap();
            lists.insert(list.number, list);
        }
        let get = |list: i64| number(u32::try_from(list).unwrap());
        let runs = self.numbers("alloc_run", [0, 1, 2]);
        for [list, first, count] in &runs {
            let start = position(get(*list), 0) + first;
            let sql = "SELECT count(*) FROM alloc WHERE pos >= ?1 AND pos < ?1 + ?2";
            let taken: i64 = connection
                .query_row(sql, params![start, count], |row| row.get(0))
                .unwrap();
            let list = lists.get_mut(&get(*list)).unwrap();
            let count = u64::try_from(*count).unwrap();
            list.cursor += count;
            list.taken += count - u64::try_from(taken).unwrap();
        }
        for [place] in self.numbers("alloc", [0]) {
            let (list, step) = (place >> 40, place & ((1 << 40) - 1));
            let in_turn = runs
                .iter()
                .any(|[of, first, count]| *of == list && (*first..first + count).contains(&step));
            lists.get_mut(&get(list)).unwrap().taken += u64::from(!in_turn);
        }
        let after: Option<Series> = serde_json::from_value(self.body["series"].clone()).ok();
        let republished = after.is_some_and(|after| !after.publishes_like(before));
        let named = |name: &str, list: i64| {
            let lists = self.body[name].as_array().into_iter().flatten();
            let mut numbers = lists.map(|one| one["list"].as_i64().or(one.as_i64()));
            numbers.any(|one| one == Some(list))
        };
        let mut seen: Vec<i64> = Vec::new();
        for [list, index, old, new, reason] in self.numbers("change", [0, 1, 3, 4, 5]) {
            let sql = "SELECT reason FROM change WHERE list_id = ?1 AND idx = ?2 \
                       ORDER BY rev DESC LIMIT 1";
            let last = connection.query_row(sql, [list, index], |row| row.get(0));
            let reason_is_seen = before.publishes_documents() && new != 0;
            if old != new || reason_is_seen && reason != last.unwrap_or(0) {
                seen.push(list);
            }
        }
        seen.extend(self.numbers("document", [0]).iter().map(|[list]| *list));
        for list in lists.values_mut() {
            let value = i64::from(list.number.value());
            if named("opened", value) {
                list.state = ListState::Open;
            }
            if named("retired", value) {
                list.state = ListState::Retired;
            } else if named("closed", value) || named("ended", value) {
                list.state = ListState::Closed;
            } else if list.state == ListState::Open && list.free() == 0 {
                list.state = ListState::Full;
            }
            if republished || seen.contains(&value) || named("retired", value) {
                list.rev = self.rev;
            }
        }
        lists
    }

    fn write_shards(&self, connection: &Connection, lists: &mut BTreeMap<ListNumber, ListRow>) {
        if let Some(bits) = self.body["widened"].as_u64() {
            let width = Width::from_bits(bits).unwrap();
            for list in lists.values_mut() {
                widen(connection, list, width, self.rev).unwrap();
            }
        }
        let sql = format!(
            "SELECT {} FROM change WHERE rev = {} ORDER BY list_id, idx",
            ChangeRow::COLUMNS,
            self.rev
        );
        let mut statement = connection.prepare(&sql).unwrap();
        let mut changes = statement.query([]).unwrap();
        while let Some(row) = changes.next().unwrap() {
            let change = ChangeRow::read(row, Width::Eight).unwrap();
            if change.old != change.new {
                let list = lists.get_mut(&change.entry.list).unwrap();
                let index = change.entry.index;
                let mut shard = Shard::load(connection, list, index).unwrap();
                assert_eq!(shard.read(list, index).unwrap(), change.old);
                shard.write(list, index, change.new).unwrap();
                shard.save(connection, list, self.rev).unwrap();
            }
        }
    }
}

/// Takes a file to the newest format, but for the keys, which a log elsewhere has.
fn take_to_newest(connection: &Connection) {
    let before = Format::read(connection).unwrap();
    if before == Format::One {
        connection.execute_batch(Format::Two.added()).unwrap();
        Tally::of(connection).unwrap().begin(connection).unwrap();
    }
    if before < Format::Three {
        connection.execute_batch(Format::Three.added()).unwrap();
    }
    if before < Format::NEWEST {
        connection.execute_batch(Format::Four.added()).unwrap();
        connection.pragma_update(None, "user_version", 4).unwrap();
    }
}
