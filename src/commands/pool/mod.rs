//! Pools: folders of list files, of which a command finds the one that is meant.
//!
//! The list files of a pool are the regular files in its folder, and what links there lead to, that
//! begin as every list file does; nothing below it. Everything else is no part of it, but for names
//! in `.slist`: whoever named a file so meant a list file, and it may be a damaged one.
//!
//! What cannot be asked could be the list file that is meant. So entries are handed out only while
//! all can be asked: else a file bound to the type, an operation id or a token id would be missed.
//! A token id names a credential, and is the issuer's: another list file can have it too. So no
//! status is set by one while a file cannot be asked. A uri names one list for all the world, and
//! a revocation is urgent: it is set in the file that has the uri, if that one is no copy. What `get`
//! answers is what the others say, and it names the file that did not.
//!
//! Two list files with the same uri, or with the token id that is meant, are refused: one of them is
//! a copy, or their published files are at one place.
//!
//! Whoever changes a pool waits for its turn in its folder, and keeps it from the first question to
//! the commit: so a request that is repeated while it runs finds the file that the first one chose.

mod choice;
mod error;
mod find;
mod folder;
mod hand_out;
mod survey;

use std::path::{Path, PathBuf};

pub(crate) use choice::{Choice, Why};
pub(crate) use error::{ListedUnder, PoolError, Purpose, Unread, Unreadable};
pub(crate) use find::Found;
pub(crate) use hand_out::Wanted;
pub(crate) use survey::{Member, Pool, Remarks, Survey};

/// Whether a path is that of a pool.
pub(crate) fn is_pool(path: &Path) -> bool {
    path.is_dir()
}

/// The list files of a pool, by name. What cannot be read is left out.
///
/// # Errors
/// The folder cannot be read, or is no pool.
pub(crate) fn list_files(pool: &Path) -> Result<Vec<PathBuf>, PoolError> {
    Ok(folder::Listing::of(pool)?.list_files)
}

/// The list files that are named, those of pools by name, in the place of the pool.
///
/// # Errors
/// A pool has none, or one that cannot be asked.
pub(crate) fn every_list_file(
    named: &[PathBuf],
    patience: std::time::Duration,
) -> Result<(Vec<PathBuf>, Remarks), PoolError> {
    let mut files = Vec::new();
    let mut remarks = Remarks::default();
    for path in named {
        if !is_pool(path) {
            files.push(path.clone());
            continue;
        }
        let survey = Pool::to_read(path, patience)?.ask(|_, _| Ok(()));
        survey.refuse_unread(path, Purpose::Publish)?;
        survey.refuse_none(path)?;
        let members = survey.members.into_iter();
        files.extend(members.map(|member| member.file));
        remarks.backups.extend(survey.remarks.backups);
    }
    Ok((files, remarks))
}
