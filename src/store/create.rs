//! Making a list file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::chain::genesis;
use super::error::{Reading, StoreError};
use super::event::Event;
use super::format::Format;
use super::home::Home;
use super::open::{FLAGS, settle};
use super::prepared::{LastStep, Prepared};
use super::revision::RevisionWriter;
use super::stamp::Stamp;
use super::work::Work;
use crate::disk::{self, Draft, Visibility};
use crate::list::Series;

/// Writes a list file whose first revision is `work`; never overwrites.
///
/// It is built beside its place, readable by its owner alone, and [`Prepared::keep`] moves it there
/// when it is complete: a failure leaves nothing behind but, if the process was killed, a hidden
/// file. Its home is the place that it is moved to.
///
/// # Errors
/// [`StoreError::Exists`], or the operating system fails.
pub fn prepare_file(
    path: &Path,
    lineage: &str,
    series: &Series,
    stamp: &Stamp,
    mut work: Work<'_>,
) -> Result<Prepared<'static>, StoreError> {
    let (draft, mut connection) = begin_file(path, "make")?;
    let home = Home {
        identity: disk::FileIdentity::of_draft(draft.path(), path)?,
        anywhere: false,
    };
    work.home = Some(home.clone());
    work.series = Some(series.clone());
    let event = fill(&mut connection, lineage, series, stamp, work)?;
    close(connection, "make")?;
    let last_step = LastStep::Name(draft);
    Ok(Prepared::written(event, None, Some(&home), last_step))
}

/// Makes an empty database, readable by its owner alone, that is to become a list file at a place
/// where nothing is.
pub(super) fn begin_file(
    path: &Path,
    verb: &'static str,
) -> Result<(Draft, Connection), StoreError> {
    if path.symlink_metadata().is_ok() {
        return Err(StoreError::Exists);
    }
    super::beside::refuse_rest(path)?;
    let draft = Draft::beside(path, Visibility::Secret)?;
    let connection = Connection::open_with_flags(draft.path(), FLAGS).reading(verb)?;
    settle(&connection)?;
    Ok((draft, connection))
}

/// Closes a database before it gets its name.
pub(super) fn close(connection: Connection, verb: &'static str) -> Result<(), StoreError> {
    connection
        .close()
        .map_err(|(_, source)| source)
        .reading(verb)
}

/// A new, random name for a file and its copies: a UUID of version 4 from 16 random bytes.
pub(crate) fn lineage_of(random: [u8; 16]) -> String {
    uuid::Builder::from_random_bytes(random)
        .into_uuid()
        .to_string()
}

fn fill(
    connection: &mut Connection,
    lineage: &str,
    series: &Series,
    stamp: &Stamp,
    work: Work<'_>,
) -> Result<Event, StoreError> {
    let transaction =
        Transaction::new(connection, TransactionBehavior::Immediate).reading("make")?;
    Format::make(&transaction)?;
    let config =
        serde_json::to_string(series).map_err(|source| StoreError::Corrupt(source.to_string()))?;
    let before = genesis(lineage);
    transaction
        .execute(
            "INSERT INTO meta (id, lineage, rev, chain, config) VALUES (1, ?1, 0, ?2, ?3)",
            params![lineage, before, config],
        )
        .reading("make")?;
    let writer = RevisionWriter {
        transaction: &transaction,
        lists: &mut BTreeMap::new(),
        rev: 1,
        series,
        republish: false,
        begins: true,
        touched: BTreeSet::new(),
    };
    let event = writer.write(stamp, work, stamp.now, &before)?;
    transaction.commit().reading("make")?;
    Ok(event)
}
