//! Giving every entry of a series more bits.
//!
//! Indexes and values stay, so credentials that are out mean what they meant. Every page of every
//! list is written anew by the one revision that changes the settings: a page becomes 2, 4 or 8, of
//! which those with nothing but the default are left out, as they are everywhere. Pages are taken
//! one by one, from the last to the first: what a page becomes lies where pages were that are gone
//! already, so that no list is in memory as a whole.
//!
//! What the log said of a list when it was made stays; the revision says how many bits entries have
//! from then on (`widened` in its body), and what is published changes with the next publication.

use rusqlite::{Connection, params};

use super::error::StoreError;
use super::query::{columns, one, write};
use super::rows::ListRow;
use super::shards::{SHARD_BYTES, Sum, check, default_byte, fold, position, sum_of};
use crate::list::pages::Widening;
use crate::list::{Series, Width};

/// How many bits entries get, where other settings give them more.
pub(super) fn widened(before: &Series, after: Option<&Series>) -> Option<Width> {
    let width = after?.register().width;
    (width != before.register().width).then_some(width)
}

/// Gives the entries of a list this many bits. What becomes of the list itself is written with it.
pub(super) fn widen(
    connection: &Connection,
    list: &mut ListRow,
    width: Width,
    rev: i64,
) -> Result<(), StoreError> {
    if list.width == width {
        return Ok(());
    }
    let widening = Widening::new(list.width, width).ok_or_else(|| {
        let what = format!("list {} cannot get {width} per entry", list.number);
        StoreError::Corrupt(what)
    })?;
    let narrow = std::mem::take(&mut list.shards);
    let mut found = Pages::default();
    let before = std::mem::take(&mut list.shard_xor);
    list.width = width;
    let mut end = position(list.number, u32::MAX.into());
    while let Some(page) = Page::last_before(connection, list, end)? {
        found.count(page.sum);
        write(
            connection,
            "DELETE FROM shard WHERE pos = ?1",
            params![page.position],
        )?;
        page.keep_widened(connection, list, &widening, rev)?;
        end = page.position;
    }
    if found.number == narrow && found.xor == before {
        return Ok(());
    }
    Err(StoreError::Corrupt(format!(
        "list {} has {} of its {narrow} shards, or others than it had",
        list.number, found.number
    )))
}

/// How many pages there were, and their sums.
#[derive(Default)]
struct Pages {
    number: i64,
    xor: Sum,
}

/// A page as it was.
struct Page {
    position: i64,
    sum: Sum,
    data: Vec<u8>,
}

impl Pages {
    fn count(&mut self, sum: Sum) {
        self.number += 1;
        fold(&mut self.xor, sum);
    }
}

impl Page {
    /// The last page of a list that lies before a place.
    fn last_before(
        connection: &Connection,
        list: &ListRow,
        end: i64,
    ) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT pos, rev, sum, data FROM shard WHERE pos >= ?1 AND pos < ?2 \
                   ORDER BY pos DESC LIMIT 1";
        let range = params![position(list.number, 0), end];
        let found: Option<(_, _, _, Vec<u8>)> = one(connection, sql, range, columns)?;
        let Some((position, rev, sum, data)) = found else {
            return Ok(None);
        };
        check(position, rev, &data, sum)?;
        Ok(Some(Self {
            position,
            sum,
            data,
        }))
    }

    /// Writes the pages that it becomes, of those that say anything.
    fn keep_widened(
        &self,
        connection: &Connection,
        list: &mut ListRow,
        widening: &Widening,
        rev: i64,
    ) -> Result<(), StoreError> {
        let default = default_byte(list);
        let first = (self.position & 0xFFFF_FFFF) * i64::from(widening.factor());
        let sql = "INSERT INTO shard (pos, rev, sum, data) VALUES (?1, ?2, ?3, ?4)";
        for (number, data) in (first..).zip(widening.of(&self.data).chunks(SHARD_BYTES)) {
            if data.iter().all(|byte| *byte == default) {
                continue;
            }
            let at = position(list.number, number.cast_unsigned());
            let sum = sum_of(at, rev, data);
            write(connection, sql, params![at, rev, sum, data])?;
            list.shards += 1;
            fold(&mut list.shard_xor, sum);
        }
        Ok(())
    }
}
