//! What it means that a pool cannot do what was asked.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Code, Error, counted};
use crate::commands::pool::{ListedUnder, PoolError, Purpose, Unread, Unreadable};
use crate::list::{EntryName, TokenId};
use crate::wire::shell::quote;
use crate::wire::text::escaped;

/// The most files that a message names; a folder may have many thousands.
pub(super) const NAMED: usize = 10;

/// How to make a file of a pool no hindrance.
const MEND: &str = "mend it, or move it away";

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Disk(error) => error.into(),
            PoolError::Lock(error) => error.into(),
            PoolError::Empty(folder) => {
                let folder = quote(folder);
                Self::io(format!("cannot use {folder} as a list file"))
                    .because("it is a folder without a list file")
                    .hint("name a file in it; or make a list file in it: statuslist init FILE --uri TEMPLATE")
            }
            PoolError::OnlyBackups { folder, backups } => {
                let message = format!("the pool {} has nothing but backups", quote(folder));
                because_of_backups(Self::new(Code::Conflict, message), &backups)
                    .hint("to use one in place of its original: statuslist restore FILE")
            }
            PoolError::TooMany { folder, most } => Self::refused(format!(
                "the folder {} has more than {most} list files",
                quote(folder)
            ))
            .because("each is asked by every command")
            .hint("name the list file, or split the pool"),
            PoolError::OneFile { first, second } => Self::new(
                Code::Conflict,
                format!("{} and {} are one list file", quote(&first), quote(&second)),
            )
            .because("a pool has each list file once")
            .hint("move one of the names away")
            .both(&first, &second),
            PoolError::Unread {
                folder,
                purpose,
                unread,
            } => of_unread(&folder, &purpose, &unread),
            PoolError::MayBeACopy { file, name, unread } => {
                let message = format!(
                    "{} may be a copy, so '{}' is not set",
                    quote(&file),
                    shown(&name)
                );
                let hint = format!(
                    "{MEND}; or name the list file: statuslist set {} ENTRY STATUS",
                    quote(&file)
                );
                because_of_unread(Self::new(code_of(&unread), message), &unread)
                    .hint(hint)
                    .detail("file", file.display().to_string())
            }
            PoolError::Twice {
                what,
                first,
                second,
            } => of_twice(&what, &first, &second),
            PoolError::OfWhichFile { folder, name } => Self::refused(format!(
                "'{}' could be of any list file of the pool {}",
                shown(&name),
                quote(folder)
            ))
            .hint("URI#INDEX or id:TOKEN-ID; or name the list file"),
            PoolError::ListOption(folder) => Self::refused(format!(
                "--list could be of any list file of the pool {}",
                quote(folder)
            ))
            .hint("leave it out, or name the list file"),
            PoolError::NotFound {
                folder,
                name,
                backups,
            } => of_missing(&folder, &name, &backups),
            PoolError::NoneFor {
                folder,
                credential_type,
            } => of_none(&folder, credential_type.as_deref()),
            PoolError::NoRoom {
                folder,
                wanted,
                full,
            } => of_no_room(&folder, wanted, &full),
            PoolError::TokenTaken { token, file } => taken(&token, &file).hint(
                "to get its entry again: --or-existing; a re-issued credential needs a new token id",
            ),
            PoolError::TokenElsewhere {
                token,
                file,
                chosen,
            } => taken(&token, &file)
                .because(format!("{} would hand out entries", quote(chosen)))
                .hint(
                    "to get its entry again, ask for it alone: --or-existing; a re-issued \
                     credential needs a new token id",
                ),
            PoolError::OperationElsewhere { id, file } => of_other_request(&id, &file),
            PoolError::SeveralFiles { files } => of_several(&files),
        }
    }
}

fn of_missing(folder: &Path, name: &EntryName, backups: &[PathBuf]) -> Error {
    let pool = quote(folder);
    let message = format!("no list file of the pool {pool} has '{}'", shown(name));
    let error = Error::new(Code::IndexNotFound, message);
    because_of_backups(error, backups).hint(format!(
        "check the name; see the list files: statuslist inspect {pool}"
    ))
}

fn of_other_request(id: &str, file: &Path) -> Error {
    let id = escaped(id);
    let message = format!(
        "operation id '{id}' belongs to another request, in {}",
        quote(file)
    );
    Error::new(Code::Conflict, message)
        .hint("use another --op-id for another request")
        .detail("file", file.display().to_string())
}

/// Says which list file a token id has an entry in.
fn taken(token: &TokenId, file: &Path) -> Error {
    let message = format!("token id '{token}' has an entry in {} already", quote(file));
    Error::new(Code::DoubleAllocation, message)
        .detail("tokenId", token.to_string())
        .detail("file", file.display().to_string())
}

fn because_of_backups(error: Error, backups: &[PathBuf]) -> Error {
    let named = backups.iter().take(NAMED);
    named.fold(error, |error, file| error.because(of_backup(file)))
}

/// The name of an entry, which may hold anything.
fn shown(name: &EntryName) -> String {
    escaped(&name.to_string())
}

fn of_twice(what: &ListedUnder, first: &Path, second: &Path) -> Error {
    let what_is_shared = match what {
        ListedUnder::Uri(uri) => format!("uri '{}'", escaped(uri)),
        ListedUnder::Token(token) => format!("token id '{token}'"),
        ListedUnder::Group(group) => format!("group '{group}'"),
    };
    let (one, other) = (quote(first), quote(second));
    let twice = Error::new(
        Code::Conflict,
        format!("{one} and {other} both have the {what_is_shared}"),
    );
    if let ListedUnder::Group(_) = what {
        return twice
            .because("a group is set in one transaction, and each list file has its own")
            .hint(format!(
                "name the list files, one after the other: {one}, then {other}"
            ))
            .both(first, second);
    }
    twice
        .because("one of them is a copy, or both are published at one place")
        .hint("find out which is in use, and move the other one away; or name the list file")
        .both(first, second)
}

fn of_none(folder: &Path, credential_type: Option<&str>) -> Error {
    let pool = quote(folder);
    let error = match credential_type {
        Some(one) => Error::refused(format!(
            "no list file of the pool {pool} is for '{}'",
            escaped(one)
        ))
        .because("each is bound to other types of credentials"),
        None => Error::refused(format!("no list file of the pool {pool} is for all types"))
            .because("each is bound to types of credentials")
            .hint("say the type: --for TYPE"),
    };
    match credential_type {
        Some(_) => error.hint(
            "bind one to it (configure FILE --bound-to TYPE), or make one that is for all: \
             statuslist init FILE --uri TEMPLATE",
        ),
        None => error,
    }
}

fn of_no_room(folder: &Path, wanted: u64, full: &[PathBuf]) -> Error {
    let entries = counted(wanted, "entry", "entries");
    let message = format!("the pool {} has no room for {entries}", quote(folder));
    let error = Error::new(Code::CapacityExceeded, message);
    let named = full.iter().take(NAMED);
    let error = named.fold(error, |error, file| {
        error.because(format!("{} is full, and cannot go on", quote(file)))
    });
    let files: Vec<_> = full.iter().map(|file| file.display().to_string()).collect();
    error
        .hint("make another list file in it: statuslist init FILE --uri TEMPLATE")
        .detail("files", files)
        .detail("missing", wanted)
}

fn of_several(files: &[(PathBuf, u32)]) -> Error {
    let error = Error::refused("the lines are of several list files: nothing was changed");
    let named = files.iter().take(NAMED);
    let error = named.fold(error, |error, (file, line)| {
        error.because(format!("line {line} is of {}", quote(file)))
    });
    let files: Vec<_> = files
        .iter()
        .map(|(file, _)| file.display().to_string())
        .collect();
    error
        .hint("one transaction for each: --per-file")
        .detail("files", files)
}

/// Refuses to hand out entries of a list file that is kept for other credentials.
pub(crate) fn refuse_other_types(
    file: &Path,
    credential_type: &str,
    bound_to: &[String],
) -> Result<(), Error> {
    if bound_to.is_empty() || bound_to.iter().any(|one| one == credential_type) {
        return Ok(());
    }
    let (file, one) = (quote(file), escaped(credential_type));
    let others: Vec<_> = bound_to
        .iter()
        .take(NAMED)
        .map(|other| format!("'{}'", escaped(other)))
        .collect();
    Err(Error::refused(format!("{file} is not for '{one}'"))
        .because(format!("it is bound to {}", others.join(", ")))
        .hint(format!(
            "name another list file; or bind it to that type too, and to all that it is for: \
             statuslist configure {file} --bound-to TYPE"
        )))
}

/// What it means that files could not be asked.
fn of_unread(folder: &Path, purpose: &Purpose, unread: &[Rc<Unread>]) -> Error {
    let pool = quote(folder);
    let (message, hint) = match purpose {
        Purpose::HandOut => (
            format!("the pool {pool} hands out nothing while a file of it cannot be asked"),
            format!("{MEND}; or name the list file"),
        ),
        Purpose::Publish => (
            format!("the pool {pool} is not published while a file of it cannot be asked"),
            format!("{MEND}; or name the list files"),
        ),
        Purpose::Find(name) => (
            format!(
                "'{}' is in no list file of the pool {pool} that can be asked",
                shown(name)
            ),
            MEND.to_owned(),
        ),
        Purpose::Set(name) => (
            format!(
                "'{}' is not set while a file of the pool {pool} cannot be asked",
                shown(name)
            ),
            format!("{MEND}; or name the entry by its uri, or the list file"),
        ),
        Purpose::Batch => (
            format!("the batch is not applied while a file of the pool {pool} cannot be asked"),
            format!("{MEND}; or name all entries by their uris, or the list file"),
        ),
    };
    because_of_unread(Error::new(code_of(unread), message), unread).hint(hint)
}

/// The code of what is refused because files could not be asked. If others hold them all, the same
/// command may work later.
fn code_of(unread: &[Rc<Unread>]) -> Code {
    let is_busy = |unread: &Rc<Unread>| error_of(unread).code == Code::Busy;
    if unread.iter().all(is_busy) {
        Code::Busy
    } else {
        Code::Io
    }
}

fn because_of_unread(error: Error, unread: &[Rc<Unread>]) -> Error {
    let named = unread.iter().take(NAMED);
    let error = named.fold(error, |error, unread| error.because(why(unread)));
    let files: Vec<_> = unread
        .iter()
        .map(|unread| unread.file.display().to_string())
        .collect();
    let more = files.len().saturating_sub(NAMED);
    let error = match more {
        0 => error,
        more => error.because(format!(
            "and {}",
            counted(more as u64, "more file", "more files")
        )),
    };
    error
        .outcome(crate::store::Outcome::None)
        .detail("unread", files)
}

/// What is wrong with a file that could not be asked.
pub(crate) fn error_of(unread: &Unread) -> Error {
    match &unread.reason {
        Unreadable::Foreign(why) => {
            Error::io(format!("{} is no list file", quote(&unread.file))).because(*why)
        }
        Unreadable::Disk(error) => Error::io(error.to_string()).because_of_source(error),
        Unreadable::Store(error) => Error::of_store(&unread.file, error),
    }
}

/// The same in one line.
pub(crate) fn why(unread: &Unread) -> String {
    let error = error_of(unread);
    let reasons = error.because.iter().map(String::as_str);
    let parts: Vec<_> = std::iter::once(error.message.as_str())
        .chain(reasons)
        .collect();
    parts.join(": ")
}

/// The same beside the name of the file.
pub(crate) fn briefly(unread: &Unread) -> String {
    if let Unreadable::Foreign(why) = unread.reason {
        return format!("no list file: {why}");
    }
    let error = error_of(unread);
    if error.because.is_empty() {
        return error.message;
    }
    error.because.join(": ")
}

pub(crate) fn of_backup(file: &Path) -> String {
    format!("{} is a backup, and was not asked", quote(file))
}

impl Error {
    /// Says of which two list files it is.
    fn both(self, first: &Path, second: &Path) -> Self {
        let files = [first, second].map(|file| file.display().to_string());
        self.detail("files", files.to_vec())
    }

    /// Says in which list file of a pool it is so.
    pub(crate) fn in_file_of_pool(self, file: &Path) -> Self {
        let error = self.detail("file", file.display().to_string());
        if error.message.contains(&quote(file)) {
            return error;
        }
        error.because(format!("this is what {} says", quote(file)))
    }
}
