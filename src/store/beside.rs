//! What SQLite finds beside a list file, and believes.
//!
//! A journal undoes changes, and a log of the WAL mode replaces pages, whoever wrote it: SQLite asks
//! neither whose it is nor what it says. So it is looked at before SQLite opens the file. Whoever
//! can write the folder can still be quicker: that is why people are warned of such a folder.

use std::path::Path;

use super::error::StoreError;
use crate::disk::{check_beside, found_beside};

const ENDINGS: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Refuses what another user put beside a list file.
pub(super) fn check(path: &Path) -> Result<(), StoreError> {
    Ok(check_beside(path, &ENDINGS)?)
}

/// Refuses to make a file where the rest of another one lies, which SQLite would apply to it.
pub(super) fn refuse_rest(target: &Path) -> Result<(), StoreError> {
    match found_beside(target, &ENDINGS) {
        Some(rest) => Err(StoreError::Rest(rest)),
        None => Ok(()),
    }
}
