//! Statements that SQLite keeps at hand.

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::error::{Reading, StoreError};

/// Asks for one row, if it is there.
pub(super) fn one<T>(
    connection: &Connection,
    sql: &str,
    key: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(key, read).optional())
        .reading("read")
}

/// Changes rows.
pub(super) fn write(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(values))
        .map(drop)
        .reading("write to")
}
