//! The indexes of SQLite, which are not believed.
//!
//! A bit that flips in an index makes it lead to a stranger's row, or to none although there is
//! one. Whoever looks something up compares what was found with what was asked, and where nothing
//! was found, looks at the two neighbours of the place where it would be: a key that was altered
//! stands there still, and differs from the row that it leads to. That costs two more searches. A
//! page that was lost as a whole, with all of its neighbours, is only seen by
//! [`verify`], which reads everything: a second index on token ids would cost a
//! fifth of the file and of the time of a batch.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::iter;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, ToSql};

use super::error::{Reading, StoreError};
use super::format::Format;
use super::query::{all, one};

/// An index and its table.
pub(super) struct Lookup {
    name: &'static str,
    table: &'static str,
    /// What it is searched by.
    key: &'static [&'static str],
    /// What it leads to: the columns by which the table itself is searched.
    row: &'static [&'static str],
    /// Which rows it has.
    only: &'static str,
}

/// Which list has a uri.
pub(super) const URI: Lookup = Lookup {
    name: "sqlite_autoindex_list_view_1",
    table: "list_view",
    key: &["uri"],
    row: &["list_id", "view"],
    only: "TRUE",
};

/// Which entry has a token id.
pub(super) const TOKEN: Lookup = Lookup {
    name: "alloc_token",
    table: "alloc",
    key: &["token"],
    row: &["pos"],
    only: "token IS NOT NULL",
};

/// Which revision an operation id made.
pub(super) const OPERATION: Lookup = Lookup {
    name: "sqlite_autoindex_event_1",
    table: "event",
    key: &["op_id"],
    row: &["rev"],
    only: "TRUE",
};

/// Which revision has a chain value.
pub(super) const CHAIN: Lookup = Lookup {
    name: "sqlite_autoindex_event_2",
    table: "event",
    key: &["chain"],
    row: &["rev"],
    only: "TRUE",
};

/// Which revisions are of a time.
const TIME: Lookup = Lookup {
    name: "event_ts",
    table: "event",
    key: &["ts"],
    row: &["rev"],
    only: "TRUE",
};

/// Which entries a revision changed.
pub(super) const CHANGED: Lookup = Lookup {
    name: "change_rev",
    table: "change",
    key: &["rev"],
    row: &["list_id", "idx", "rev"],
    only: "TRUE",
};

/// Which shards a revision changed.
const SHARD: Lookup = Lookup {
    name: "shard_rev",
    table: "shard",
    key: &["rev"],
    row: &["pos"],
    only: "TRUE",
};

/// Which entry a document has.
pub(super) const DOCUMENT: Lookup = Lookup {
    name: "document_hash",
    table: "document",
    key: &["hash"],
    row: &["list_id", "hash", "role"],
    only: "role = 0",
};

/// Which document an entry has.
pub(super) const ENTRY: Lookup = Lookup {
    name: "document_entry",
    table: "document",
    key: &["list_id", "idx"],
    row: &["list_id", "hash", "role"],
    only: "role = 0",
};

/// Which entry got a token id after it was handed out.
pub(super) const LABEL: Lookup = Lookup {
    name: "label_token",
    table: "label",
    key: &["token"],
    row: &["pos"],
    only: "token IS NOT NULL",
};

/// Which group has a name.
pub(super) const GROUP: Lookup = Lookup {
    name: "sqlite_autoindex_entry_group_1",
    table: "entry_group",
    key: &["name"],
    row: &["group_id"],
    only: "TRUE",
};

/// Which entries a group has.
pub(super) const MEMBER: Lookup = Lookup {
    name: "member_group",
    table: "member",
    key: &["group_id"],
    row: &["list_id", "idx"],
    only: "group_id IS NOT NULL",
};

const ALL: [&Lookup; 9] = [
    &URI, &TOKEN, &OPERATION, &CHAIN, &TIME, &CHANGED, &SHARD, &DOCUMENT, &ENTRY,
];

/// Those that format 3 adds.
const LATER: [&Lookup; 3] = [&LABEL, &GROUP, &MEMBER];

impl Lookup {
    /// Asks whether the entry at the place of a key, or the one before it, differs from the row that
    /// it leads to.
    fn neighbours(&self) -> String {
        let list = |names: &[&str], prefix: &str, suffix: &str| {
            let names = names.iter().map(|name| format!("{prefix}{name}{suffix}"));
            names.collect::<Vec<_>>().join(", ")
        };
        let Self {
            name, table, only, ..
        } = self;
        let places: Vec<_> = (1..=self.key.len()).map(|n| format!("?{n}")).collect();
        let places = places.join(", ");
        let (key, row) = (self.key, self.row);
        let columns = list(&self.columns(), "", "");
        let one = |compare: &str, order: &str| {
            format!(
                "SELECT 1 FROM (SELECT {columns} FROM {table} INDEXED BY {name} \
                 WHERE ({}) {compare} ({places}) AND {only} ORDER BY {} LIMIT 1) AS i \
                 LEFT JOIN {table} AS t NOT INDEXED ON ({}) = ({}) WHERE ({}) IS NOT ({})",
                list(key, "", ""),
                list(key, "", order),
                list(row, "t.", ""),
                list(row, "i.", ""),
                list(key, "t.", ""),
                list(key, "i.", ""),
            )
        };
        format!("{} UNION ALL {}", one(">=", ""), one("<", " DESC"))
    }

    /// Every column that it has, each once.
    fn columns(&self) -> Vec<&'static str> {
        let mut columns = self.key.to_vec();
        columns.extend(self.row.iter().filter(|column| !self.key.contains(column)));
        columns
    }

    fn contradiction(&self) -> StoreError {
        StoreError::Corrupt(format!(
            "the index of {} over {} is not what its table says",
            self.table,
            self.key.join(", ")
        ))
    }

    /// Makes sure of what an index said of a key: what it leads to, or nothing.
    pub(super) fn check(
        &self,
        connection: &Connection,
        key: impl Into<Value>,
        found: Option<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let key = key.into();
        let Some(row) = found else {
            return self.absent(connection, &[&key]);
        };
        let values = iter::once(&key).chain(&row);
        let values: Vec<_> = values.map(|value| value as &dyn ToSql).collect();
        self.confirm(connection, &values)
    }

    /// Makes sure that an index has nothing for a key, as far as its neighbours tell.
    pub(super) fn absent(
        &self,
        connection: &Connection,
        key: &[&dyn ToSql],
    ) -> Result<(), StoreError> {
        match one(connection, &self.neighbours(), key, |_| Ok(()))? {
            Some(()) => Err(self.contradiction()),
            None => Ok(()),
        }
    }

    /// Makes sure that the table has the row that an index led to: the key that was asked for, then
    /// what it leads to. A query by an index cannot tell, because SQLite takes from the index what
    /// stands there too.
    pub(super) fn confirm(
        &self,
        connection: &Connection,
        row: &[&dyn ToSql],
    ) -> Result<(), StoreError> {
        let conditions = self.columns().into_iter().zip(1..);
        let conditions: Vec<_> = conditions
            .map(|(column, place)| format!("{column} = ?{place}"))
            .collect();
        let sql = format!(
            "SELECT 1 FROM {} NOT INDEXED WHERE {}",
            self.table,
            conditions.join(" AND ")
        );
        one(connection, &sql, row, |_| Ok(()))?.ok_or_else(|| self.contradiction())
    }
}

/// Has SQLite check its own structures, and compares every index with its table, both ways: each
/// row must be in the index, and nothing else.
pub(super) fn verify(connection: &Connection, format: Format) -> Result<(), StoreError> {
    let said: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .reading("check")?;
    if said != "ok" {
        return Err(StoreError::of_check(&said));
    }
    let hasher = RandomState::new();
    let later = LATER.iter().filter(|_| format > Format::Two);
    for index in ALL.iter().chain(later) {
        let columns = index.columns().join(", ");
        let (table, only) = (index.table, index.only);
        let of_table = format!("SELECT {columns} FROM {table} NOT INDEXED WHERE {only}");
        let of_index = format!(
            "SELECT {columns} FROM {table} INDEXED BY {} WHERE {only}",
            index.name
        );
        if fingerprint(connection, &hasher, &of_table)?
            != fingerprint(connection, &hasher, &of_index)?
        {
            return Err(index.contradiction());
        }
    }
    Ok(())
}

/// How many rows there are, and the sum of their hashes, which does not depend on their order.
fn fingerprint(
    connection: &Connection,
    hasher: &RandomState,
    sql: &str,
) -> Result<(u64, u64), StoreError> {
    let (mut count, mut sum) = (0, 0_u64);
    let () = all(connection, sql, [], |row| {
        count += 1;
        sum = sum.wrapping_add(hash(hasher, row)?);
        Ok(())
    })?;
    Ok((count, sum))
}

fn hash(hasher: &RandomState, row: &Row<'_>) -> Result<u64, StoreError> {
    let mut state = hasher.build_hasher();
    for column in 0..row.as_ref().column_count() {
        match row.get_ref(column)? {
            ValueRef::Null => 0_u8.hash(&mut state),
            ValueRef::Integer(number) => (1_u8, number).hash(&mut state),
            ValueRef::Real(number) => (2_u8, number.to_bits()).hash(&mut state),
            ValueRef::Text(bytes) => (3_u8, bytes).hash(&mut state),
            ValueRef::Blob(bytes) => (4_u8, bytes).hash(&mut state),
        }
    }
    Ok(state.finish())
}
