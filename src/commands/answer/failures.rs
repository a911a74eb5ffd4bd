//! What the failures of the layers below mean to whoever asked.

use std::path::Path;

use super::{Code, Error, live};
use crate::disk::{BesideError, DiskError, LockError, ReadError};
use crate::list::{
    BlindError, ReasonError, SeriesError, SizeError, Status, StatusError, TransitionError,
    UnfitStatus,
};
use crate::sign::{KeyError, SignError};
use crate::site::{ManifestError, TargetError};
use crate::store::{Outcome, StoreError};
use crate::wire::shell::quote;

impl Error {
    /// Says what a failure of the list file means.
    #[must_use]
    pub fn of_store(path: &Path, error: &StoreError) -> Self {
        let file = quote(path);
        let cannot_use = || format!("cannot use {file} as a list file");
        let refused = |code| Self::new(code, error.to_string());
        match error {
            StoreError::Missing => Self::io(format!("there is no list file {file}"))
                .hint(format!("make one: statuslist init {file} --uri TEMPLATE")),
            StoreError::Exists => Self::new(Code::Conflict, format!("{file} exists"))
                .because("a list file or a backup is never overwritten")
                .hint("choose another name"),
            StoreError::NotAListFile(_) => Self::io(cannot_use()).because_of(error),
            StoreError::NoReceivers(_) => refused(Code::Refused),
            StoreError::NewerFormat { .. } => Self::io(cannot_use())
                .because_of(error)
                .hint("use a newer version of statuslist"),
            StoreError::JournalMode(_) => Self::new(Code::Corrupt, cannot_use())
                .because_of(error)
                .hint(format!(
                    "if an interrupted backup left it, make the backup again; else: \
                 sqlite3 {file} 'PRAGMA journal_mode=DELETE'"
                )),
            StoreError::Corrupt(_) | StoreError::ForeignSchema(_) => {
                if let Some(failure) = crate::store::read_failure(path) {
                    return Self::io(format!("cannot read the list file {file}"))
                        .because_of(&failure);
                }
                Self::new(Code::Corrupt, cannot_use())
                    .because_of(error)
                    .hint("restore a backup; if this is a copy, make it again with: statuslist backup")
                    .outcome(error.outcome())
            }
            StoreError::Busy => busy(&file),
            StoreError::ReadOnly => Self::io(format!("cannot change {file}"))
                .because_of(error)
                .hint("it and its folder must be writable"),
            StoreError::UnfinishedWrite => Self::io(format!("cannot read {file}"))
                .because_of(error)
                .hint("open it once where it can be written; any command will do"),
            StoreError::Backup => Self::new(
                Code::Conflict,
                format!("{file} is a backup, which cannot be changed"),
            )
            .because("its original may have handed out the same indexes since")
            .hint(format!(
                "to use it in place of the original: statuslist restore {file}"
            )),
            StoreError::NotABackup => refused(Code::Refused).hint(format!(
                "restore is for files that `statuslist backup` wrote; if it is a plain copy, to be \
                 used in place of the original: statuslist restore {file} --copy"
            )),
            StoreError::OperationReused { .. } => {
                refused(Code::Conflict).hint("use another --op-id for another request")
            }
            StoreError::OperationPurged { .. } => refused(Code::Conflict).hint(
                "it was done; what entries are now, their indexes tell: statuslist get FILE INDEX",
            ),
            StoreError::Elsewhere => Self::new(
                Code::Conflict,
                format!("{file} does not live here, so it hands out no entries"),
            )
            .because("it is a copy, or was moved from another file system or machine")
            .because("the file that it comes from may hand out the same indexes")
            .hint(format!(
                "if that file is gone for good: statuslist configure {file} --moved; to use both: \
                 statuslist restore {file} --copy; if it travels by design, one at a time: \
                 statuslist configure {file} --anywhere"
            ))
            .detail("home", "elsewhere"),
            StoreError::Sql { outcome, .. } => {
                let failed = Self::new(Code::Io, format!("cannot use the list file {file}"))
                    .because_of(error)
                    .outcome(*outcome);
                match outcome {
                    Outcome::Unknown => failed.hint(
                        "the change may or may not be there: repeat the command with the same \
                         --op-id, which is safe",
                    ),
                    _ => failed,
                }
            }
            StoreError::Beside(BesideError::Disk(disk)) | StoreError::Disk(disk) => {
                Self::from_disk(disk)
            }
            StoreError::Beside(beside) => of_beside(beside, &file),
            StoreError::Rest(rest) => Self::new(Code::Conflict, format!("cannot make {file}"))
                .because_of(error)
                .hint(format!(
                    "SQLite would apply it to the new file: move {} away, or choose another name",
                    quote(rest)
                )),
            request => Self::of_request(request, &file),
        }
    }

    /// Says what it means that a token cannot be signed or completed.
    pub(crate) fn of_signing(message: String, error: &SignError) -> Self {
        let failed = |code| {
            Self::new(code, message)
                .because_of(error)
                .outcome(Outcome::None)
        };
        match error {
            SignError::OtherAlgorithm { .. } => failed(Code::BadKey),
            SignError::BadSignature => {
                failed(Code::BadKey).hint("--key must be the public half of the key that signs")
            }
            SignError::NotASignature { .. } => failed(Code::BadKey)
                .hint("the signature itself is needed, without base64, hex or a line break"),
            _ => failed(Code::Io),
        }
    }

    /// Says what it means that a list cannot do what was asked.
    fn of_request(error: &StoreError, file: &str) -> Self {
        let refused = |code| Self::new(code, error.to_string());
        match error {
            StoreError::NoList(_) | StoreError::NoUri(_) => refused(Code::ListNotFound).hint(
                format!("see the lists of the series: statuslist inspect {file}"),
            ),
            StoreError::OutsideList { list, size, index } => refused(Code::IndexNotFound)
                .because(format!("list {list} has {size} entries, 0 to {}", size - 1))
                .detail("listId", list.to_string())
                .detail("idx", *index)
                .detail("size", *size),
            StoreError::NotAllocated(entry) => refused(Code::IndexNotFound)
                .because("only entries that were handed out have a status")
                .hint("check the index, and the file")
                .about(*entry),
            StoreError::NoToken(token) => refused(Code::IndexNotFound)
                .hint("check the token id, and the file")
                .detail("tokenId", token.to_string()),
            StoreError::NoGroup(group) => refused(Code::IndexNotFound)
                .hint("check the name of the group, and the file")
                .detail("group", group.to_string()),
            StoreError::NotOneEntry(_) => {
                refused(Code::Refused).hint("name the entry: LIST/INDEX, URI#INDEX or id:TOKEN-ID")
            }
            StoreError::Ambiguous { name, lists } => {
                let names: Vec<_> = lists.iter().map(|list| format!("{list}/{name}")).collect();
                refused(Code::Refused)
                    .because("the series has handed out entries of several lists")
                    .hint(format!("write {} or URI#{name}", names.join(" or ")))
            }
            StoreError::OtherList { .. } => {
                refused(Code::Refused).hint("leave out --list, or name the entry of that list")
            }
            StoreError::DocumentTaken { hash, entry } => refused(Code::DoubleAllocation)
                .hint("a document is recorded once; its entry is set by its index or token id")
                .detail("documentHash", hash.to_string())
                .about(*entry),
            StoreError::IndexTaken(entry) => refused(Code::DoubleAllocation)
                .hint("leave out --index to get a free one")
                .about(*entry),
            StoreError::Full {
                list,
                size,
                taken,
                wanted,
            } => {
                let left = size - taken;
                Self::new(
                    Code::CapacityExceeded,
                    format!("list {list} is at capacity"),
                )
                .because(format!(
                    "{wanted} wanted, {left} left: {taken} of {size} entries are taken"
                ))
                .hint(format!("go on with another list: statuslist roll {file}"))
                .detail("listId", list.to_string())
                .detail("currentSize", *size)
                .detail("allocated", *taken)
                .detail("missing", wanted - left)
            }
            StoreError::Exhausted { room, wanted } => refused(Code::CapacityExceeded)
                .because("no list of the series has more")
                .hint(format!("go on with another list: statuslist roll {file}"))
                .detail("missing", wanted - room),
            StoreError::Closed(list) => refused(Code::CapacityExceeded)
                .because("it was closed when the file was restored from a backup")
                .hint("leave out --list: another list is open")
                .detail("listId", list.to_string()),
            StoreError::Ended(list) => refused(Code::CapacityExceeded)
                .because("its turn was ended")
                .hint("leave out --list: another list may be open")
                .detail("listId", list.to_string()),
            StoreError::Retired(list) => refused(Code::Refused)
                .because("it is published no more, as every entry of it had ended")
                .hint(format!(
                    "see the lists of the series: statuslist inspect {file}"
                ))
                .detail("listId", list.to_string()),
            StoreError::NoOpenList => {
                refused(Code::CapacityExceeded).because("every list of the series is closed")
            }
            other => Self::io(other.to_string()).because_of_source(other),
        }
    }

    fn from_disk(error: &DiskError) -> Self {
        let outcome = if error.is_unconfirmed() {
            Outcome::Unknown
        } else {
            Outcome::None
        };
        Self::new(Code::Io, error.to_string())
            .because_of_source(error)
            .outcome(outcome)
    }

    pub(super) fn because_of_source(self, error: &dyn std::error::Error) -> Self {
        match error.source() {
            Some(source) => self.because_of(source),
            None => self,
        }
    }
}

/// Says what it means that something beside a list file is not ours.
///
/// It is a failure of reading, not a refusal: nothing is wrong with the request, and the exit code
/// of an answer (`get --is`) must not be that of a file which could not be asked.
fn of_beside(beside: &BesideError, file: &str) -> Error {
    let path = quote(beside.path());
    let first = match beside {
        BesideError::Foreign { .. } => format!(
            "if a process that you trust is at work, wait; if one was killed, give {path} the owner of {file} (chown); else "
        ),
        BesideError::Linked(_) => "if a backup made the other name, remove that; else ".to_owned(),
        BesideError::NotAFile(_) | BesideError::Disk(_) => String::new(),
    };
    Error::io(format!("cannot use {file}"))
        .because_of(beside)
        .because("it would be applied to the list file, and could undo changes")
        .hint(format!(
            "{first}move {path} away, and look: statuslist inspect {file}"
        ))
        .detail("path", beside.path().display().to_string())
}

fn busy(file: &str) -> Error {
    Error::new(Code::Busy, format!("{file} is in use"))
        .because("another process holds it")
        .hint("try again, or wait longer: --wait 5m")
        .outcome(Outcome::None)
}

impl From<DiskError> for Error {
    fn from(error: DiskError) -> Self {
        Self::from_disk(&error)
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::io(error.to_string()).because_of_source(&error)
    }
}

impl From<LockError> for Error {
    fn from(error: LockError) -> Self {
        match &error {
            LockError::Busy { directory, .. } => busy(&quote(directory)),
            LockError::Disk(disk) => Self::from_disk(disk),
        }
    }
}

impl From<StatusError> for Error {
    fn from(error: StatusError) -> Self {
        let refused = Self::new(Code::InvalidStatus, error.to_string());
        match error {
            StatusError::TooLarge { value, .. } => {
                let bits = [(3, 2), (15, 4), (255, 8)];
                match bits.into_iter().find(|(largest, _)| value <= *largest) {
                    Some((_, bits)) => refused.hint(format!(
                        "with more bits it fits: statuslist configure FILE --bits {bits}, or init \
                         with --bits {bits}"
                    )),
                    None => refused,
                }
            }
            StatusError::Unknown { .. } => refused,
        }
    }
}

impl From<BlindError> for Error {
    fn from(error: BlindError) -> Self {
        let status = error.status.value();
        Self::new(Code::InvalidStatus, error.to_string())
            .hint(format!(
                "add a view that shows it, or consent: statuslist configure FILE --blind {}={status}",
                error.family
            ))
            .detail("view", error.family.name())
            .detail("status", status)
    }
}

impl From<UnfitStatus> for Error {
    fn from(error: UnfitStatus) -> Self {
        match error {
            UnfitStatus::Blind(error) => error.into(),
            UnfitStatus::Profile(breach) => breach.into(),
        }
    }
}

impl From<ReasonError> for Error {
    fn from(error: ReasonError) -> Self {
        Self::refused(error.to_string()).hint("suspend the entry instead, or give another reason")
    }
}

impl From<TransitionError> for Error {
    fn from(error: TransitionError) -> Self {
        match error {
            TransitionError::Final { current } => Self::new(Code::FinalStatus, error.to_string())
                .because("credentials that were revoked stay revoked")
                .hint("if it was set by mistake: --allow-final")
                .detail("currentStatus", current.value()),
            TransitionError::Irrevocable(breach) => Self {
                code: Code::FinalStatus,
                hint: Some("issue another credential, with an entry of its own".to_owned()),
                ..breach.into()
            }
            .detail("currentStatus", Status::INVALID.value()),
            TransitionError::Precondition { current, expected } => {
                Self::new(Code::PreconditionFailed, error.to_string())
                    .because("--if says which status the entry must have")
                    .detail("currentStatus", current.value())
                    .detail("expectedStatus", expected.value())
            }
        }
    }
}

impl From<SeriesError> for Error {
    fn from(error: SeriesError) -> Self {
        let refused = Self::refused(error.to_string());
        match error {
            SeriesError::FinalDefault(_) => Self::new(Code::InvalidStatus, error.to_string())
                .because("the credential could never become anything else")
                .hint("say which status to start with: --status STATUS"),
            SeriesError::TtlAboveValidity { .. } => refused
                .because("readers would keep a copy that has expired")
                .hint("a shorter --ttl or a longer --valid-for"),
            SeriesError::SuspensionNeedsTwoBits(_) => refused.hint("--bits 2"),
            SeriesError::MessageInRdf(_) => {
                refused.hint("--proof ecdsa-jcs-2019, eddsa-jcs-2022, jwt or cose")
            }
            SeriesError::CoseAroundOldFormat(_) => {
                refused.hint("--proof jwt, or one that stands in the credential")
            }
            _ => refused,
        }
    }
}

impl From<SizeError> for Error {
    fn from(error: SizeError) -> Self {
        Self::refused(error.to_string())
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::new(Code::BadKey, error.to_string())
    }
}

impl From<SignError> for Error {
    fn from(error: SignError) -> Self {
        Self::of_signing("cannot sign".to_owned(), &error)
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        match &error {
            TargetError::Disk(disk) | TargetError::Read(ReadError::Disk(disk)) => {
                Self::from_disk(disk)
            }
            TargetError::Read(error) => Self::io(error.to_string()),
            TargetError::Link(_) | TargetError::NotAFile(_) | TargetError::NotAFolder(_) => {
                Self::refused(error.to_string()).hint("a site is made of folders and regular files")
            }
            TargetError::Changed(_) => Self::new(Code::Busy, error.to_string())
                .hint("repeat the command")
                .outcome(Outcome::None),
            TargetError::ReadOnly(_) => Self::refused(error.to_string()),
            TargetError::Net(_) | TargetError::Web { .. } => live::of_host(&error),
        }
    }
}

impl From<ManifestError> for Error {
    fn from(error: ManifestError) -> Self {
        match error {
            ManifestError::Target(error) => error.into(),
            other => Self::io(other.to_string()).because_of_source(&other),
        }
    }
}
