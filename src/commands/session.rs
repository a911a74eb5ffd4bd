//! The run of a command: which list files it has open, when it is, and who asks.

use std::path::{Path, PathBuf};
use std::time::Duration as Patience;

use serde::Serialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::options::WriteOptions;
use super::{Answer, Code, Context, Error};
use crate::disk::{DirectoryLocks, clear_leftovers};
use crate::site::{BaseUrl, UriError};
use crate::store::{
    Access, Event, OperationId, Prepared, Recorded, Revision, Stamp, Store, StoreError, lineage_of,
};

/// A list file that is open for changes, and its place in the queue.
pub(super) struct Held {
    pub(super) store: Store,
    _locks: Option<DirectoryLocks>,
}

/// Whether a command has its place in the queue before it opens its list file.
#[derive(Clone, Copy, Default)]
pub(super) enum Turn<'a> {
    /// It queues when it opens the file.
    #[default]
    Awaited,
    /// It waited for the whole pool that the file is in.
    #[expect(dead_code, reason = "it is held, so that the pool keeps its turn")]
    Come(&'a DirectoryLocks),
}

/// Opens a list file for questions.
pub(super) fn open_to_read(path: &Path, patience: Patience) -> Result<Store, Error> {
    Store::open(path, Access::Read, patience).map_err(|error| Error::of_store(path, &error))
}

/// Queues for a list file and opens it for changes.
pub(super) fn open_to_write(path: &Path, patience: Patience) -> Result<Held, Error> {
    Turn::Awaited.open_to_write(path, patience)
}

impl Turn<'_> {
    /// Opens a list file for changes, and queues for it before, unless that was done.
    pub(super) fn open_to_write(self, path: &Path, patience: Patience) -> Result<Held, Error> {
        let locks = match self {
            Self::Come(_) => None,
            Self::Awaited => {
                let folder = folder_of_queue(path);
                let folder = folder.is_dir().then_some(folder);
                Some(DirectoryLocks::acquire(folder.as_slice(), patience)?)
            }
        };
        let store = Store::open(path, Access::Write, patience)
            .map_err(|error| Error::of_store(path, &error))?;
        Ok(Held {
            store,
            _locks: locks,
        })
    }
}

/// The folder that whoever changes a list file queues in: the file may be a link, and the queue is
/// where the file is.
pub(super) fn folder_of_queue(path: &Path) -> PathBuf {
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real.parent().unwrap_or_else(|| Path::new("/")).to_owned()
}

/// The revision of a list file that this very request made, if the file can be asked.
pub(super) fn earlier(path: &Path, stamp: &Stamp, patience: Patience) -> Option<Event> {
    let OperationId::Given(id) = &stamp.operation_id else {
        return None;
    };
    let store = Store::open(path, Access::Read, patience).ok()?;
    let snapshot = store.snapshot().ok()?;
    let event = snapshot.event_of(id).ok()??;
    let same = snapshot.asked_for(&event, stamp).ok()?;
    same.then_some(event)
}

/// Bytes from the operating system's randomness.
pub(super) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, Error> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|source| {
        Error::io("the operating system gives no random bytes").because_of(&source)
    })?;
    Ok(bytes)
}

/// A name that nobody used before: a UUID. Without randomness it is not new; then the list file
/// refuses it.
pub(crate) fn random_id() -> String {
    lineage_of(random().map(|bytes| *bytes).unwrap_or_default())
}

impl WriteOptions {
    /// Takes the last step of a revision whose rows are written, or tries it only.
    ///
    /// Every revision passes here: a log elsewhere joins before the last step, when the event is
    /// known and a refusal still leaves the file as it was.
    pub(super) fn carry_out(&self, prepared: Prepared<'_>) -> Result<Revision, StoreError> {
        if self.dry_run {
            Ok(prepared.revision())
        } else {
            prepared.keep()
        }
    }

    /// Removes what killed runs left in a folder that is written to.
    pub(super) fn clear_leftovers(&self, folder: &Path, context: &Context<'_>) {
        if !self.dry_run {
            clear_leftovers(folder, context.clock.real.second());
        }
    }

    /// Says who asks for what, and when. `request` is everything that the result depends on.
    pub(super) fn stamp(
        &self,
        context: &Context<'_>,
        operation: &'static str,
        request: &impl Serialize,
    ) -> Result<Stamp, Error> {
        let text = serde_json::to_string(&(operation, request))
            .map_err(|source| Error::io("cannot write the request down").because_of(&source))?;
        Ok(Stamp {
            operation,
            operation_id: match &self.op_id {
                Some(id) => OperationId::Given(id.clone()),
                None => OperationId::Random(context.random_operation_id.clone()),
            },
            request: Sha256::digest(text).into(),
            actor: self.actor.clone().unwrap_or_else(|| context.actor.clone()),
            note: self.note.clone().unwrap_or_default(),
            now: context.clock.for_writing()?,
            receivers: context.settings.receiver_names(),
        })
    }

    /// Finishes the answer of a command that wrote a revision, or would have.
    pub(super) fn finish(&self, mut answer: Answer, revision: Revision, stamp: &Stamp) -> Answer {
        if revision.kept {
            answer.committed = Some((revision.rev, stamp.operation_id.as_str().to_owned()));
        }
        if let Some(migration) = revision.migrated {
            answer.notes.push(format!(
                "the list file was taken to format {}; older versions of statuslist cannot read it",
                migration.to
            ));
        }
        if revision.recorded == Recorded::Path {
            answer.notes.push(
                "this file system keeps no inode numbers, so the list file is known by machine and \
                 path: where it is renamed or moved, it hands out nothing until configure --moved"
                    .to_owned(),
            );
        }
        answer.dry_run = self.dry_run;
        if self.dry_run {
            let plan = "dry run: nothing was changed; without -n:".to_owned();
            answer.notes.insert(0, plan);
        }
        answer
    }
}

/// The uri that the site's root has: the option, else the settings file.
pub(super) fn base_url(
    given: Option<&BaseUrl>,
    context: &Context<'_>,
) -> Result<Option<BaseUrl>, Error> {
    let (None, Some(text)) = (given, &context.settings.base_url) else {
        return Ok(given.cloned());
    };
    text.parse().map(Some).map_err(|error: UriError| {
        let message = format!("base-url '{text}' in the settings file");
        Error::new(Code::Refused, message).because_of(&error)
    })
}
