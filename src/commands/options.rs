//! Options that several commands have, and what they mean.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::certificates::TrustOptions;
use super::context::KeySource;
use super::{Answer, Context, Error};
use crate::disk::{DirectoryLocks, clear_leftovers, quote};
use crate::list::{Duration, ListNumber, Moment, Timestamp};
use crate::sign::{KeyError, KeySet, PublicKey};
use crate::site::BaseUrl;
use crate::store::{Access, Commit, OperationId, Recorded, Revision, Stamp, Store};
use crate::token::InflateLimit;

/// How long to wait for another process.
#[derive(Clone, Debug, Args)]
pub struct WaitOption {
    /// Wait at most this long for another process that holds the file.
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "1m",
        env = "STATUSLIST_WAIT",
        hide_env_values = true
    )]
    pub wait: Duration,
}

/// The options of commands that change a list file.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Recording")]
pub struct WriteOptions {
    /// Say what would be done, and do not do it.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Record who does this [default: user@host].
    #[arg(
        long,
        value_name = "WHO",
        env = "STATUSLIST_ACTOR",
        hide_env_values = true
    )]
    pub actor: Option<String>,
    /// Name this run, so that repeating it changes nothing and gives the first results again.
    #[arg(long, value_name = "ID", value_parser = operation_id)]
    pub op_id: Option<String>,
    /// Record a text with it.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub wait: WaitOption,
}

/// The options of commands that inflate what somebody else compressed.
#[derive(Clone, Debug, Args)]
pub struct InflateOption {
    /// Refuse lists that inflate to more bytes than this.
    #[arg(long, value_name = "BYTES", value_parser = byte_size, default_value = "128Mi", env = "STATUSLIST_MAX_INFLATED", hide_env_values = true)]
    pub max_inflated: u64,
}

/// The options of commands that check signatures: whom to trust.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Checking")]
pub struct VerifyingOptions {
    /// Check the signature with this public key: a PEM or JWK file, or env:NAME.
    #[arg(long, value_name = "KEY", conflicts_with = "jwks")]
    pub key: Option<KeySource>,
    /// Check the signature with the keys of this JWK set.
    #[arg(long, value_name = "FILE")]
    pub jwks: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub certificates: TrustOptions,
}

/// The options of commands that check tokens.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Checking")]
pub struct CheckingOptions {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub verifying: VerifyingOptions,
    /// Judge as the reader of this name: what its aud does not name is rejected.
    #[arg(long, value_name = "NAME")]
    pub audience: Option<String>,
    /// Reject what was issued longer ago than this.
    #[arg(long, value_name = "DURATION")]
    pub max_age: Option<Duration>,
    /// Reject what does not answer for this past moment: issued later, or expired by then.
    #[arg(long, value_name = "TIME", conflicts_with = "max_age")]
    pub at: Option<Moment>,
}

/// A list file that is open for changes, and its place in the queue.
pub(super) struct Held {
    pub(super) store: Store,
    _locks: DirectoryLocks,
}

impl WaitOption {
    /// The time to wait.
    #[must_use]
    pub const fn time(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.wait.seconds())
    }

    /// Opens a list file for questions.
    pub(super) fn open_to_read(&self, path: &Path) -> Result<Store, Error> {
        Store::open(path, Access::Read, self.time()).map_err(|error| Error::of_store(path, &error))
    }

    /// Queues for a list file and opens it for changes.
    pub(super) fn open_to_write(&self, path: &Path) -> Result<Held, Error> {
        // The file may be a link: the queue is where the file is.
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = real.parent().unwrap_or_else(|| Path::new("/"));
        let locks = if folder.is_dir() {
            DirectoryLocks::acquire(&[folder], self.time())?
        } else {
            DirectoryLocks::acquire::<&Path>(&[], self.time())?
        };
        let store = Store::open(path, Access::Write, self.time())
            .map_err(|error| Error::of_store(path, &error))?;
        Ok(Held {
            store,
            _locks: locks,
        })
    }
}

impl WriteOptions {
    /// Whether the change is to be kept.
    #[must_use]
    pub const fn commit(&self) -> Commit {
        if self.dry_run {
            Commit::DryRun
        } else {
            Commit::Keep
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

impl InflateOption {
    pub(super) const fn limit(&self) -> InflateLimit {
        InflateLimit::new(self.max_inflated)
    }

    /// The most bytes of a token whose list stays within the limit: a list that cannot be
    /// compressed is encoded twice in base64url, which makes it 16/9 as long.
    pub(super) const fn token_limit(&self) -> u64 {
        self.max_inflated.saturating_mul(2).saturating_add(1 << 20)
    }
}

impl VerifyingOptions {
    /// Reads the keys; `None` if none was named.
    pub(super) fn keys(&self, context: &Context<'_>) -> Result<Option<KeySet>, Error> {
        if let Some(source) = &self.key {
            let bytes = context.read_key(source)?;
            let key = PublicKey::parse(&bytes).map_err(|error| bad_key(source, &error))?;
            return Ok(Some(key.into()));
        }
        let Some(path) = &self.jwks else {
            return Ok(None);
        };
        let source = KeySource::File(path.clone());
        let bytes = context.read_key(&source)?;
        KeySet::parse(&bytes)
            .map(Some)
            .map_err(|error| bad_key(&source, &error))
    }
}

/// The uri that the site's root has: the option, else the settings file.
pub(super) fn base_url(
    given: Option<&BaseUrl>,
    context: &Context<'_>,
) -> Result<Option<BaseUrl>, Error> {
    let Some(text) = context
        .settings
        .base_url
        .as_ref()
        .filter(|_| given.is_none())
    else {
        return Ok(given.cloned());
    };
    text.parse()
        .map(Some)
        .map_err(|error: crate::site::UriError| {
            let message = format!("base-url '{text}' in the settings file");
            Error::new(super::Code::Refused, message).because_of(&error)
        })
}

/// Warns if others can read a list file.
pub(super) fn warn_if_readable(path: &Path) -> Option<String> {
    warn_if_others_read(path, "holds the list's secrets")
}

/// Warns if others can read a file with a private key.
pub(super) fn warn_if_key_is_readable(source: &KeySource) -> Option<String> {
    match source {
        KeySource::File(path) => warn_if_others_read(path, "holds a private key"),
        _ => None,
    }
}

fn warn_if_others_read(path: &Path, what: &str) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).ok()?;
    // A pipe (a shell's process substitution) is gone when it is read.
    let readable = metadata.is_file() && metadata.permissions().mode() & 0o077 != 0;
    readable.then(|| {
        let file = quote(path);
        format!("others can read {file}, which {what}: chmod 600 {file}")
    })
}

/// Says that nobody named a key.
pub(super) fn without_key() -> Error {
    Error::new(super::Code::Refused, "no signing key was named")
        .hint("--key FILE; to make one: statuslist keygen FILE")
}

pub(super) fn bad_key(source: &KeySource, error: &KeyError) -> Error {
    cannot_use(source).because_of(error)
}

pub(super) fn cannot_use(source: &KeySource) -> Error {
    Error::new(
        super::Code::BadKey,
        format!("cannot use the key in {source}"),
    )
}

fn operation_id(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.len() <= 200 && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
        .ok_or_else(|| "1 to 200 bytes without control characters are needed".to_owned())
}

/// Reads a number of bytes: `1048576`, `64Mi`, `1G`.
fn byte_size(text: &str) -> Result<u64, String> {
    text.parse::<crate::list::Size>()
        .map(crate::list::Size::entries)
        .map_err(|_| "a number of bytes from 1 to 2^32 is needed, such as 64Mi".to_owned())
}

/// The list that a bare index counts in.
#[derive(Clone, Debug, Args)]
pub struct WithinOption {
    /// Count bare indexes in this list of the series.
    #[arg(long, value_name = "N")]
    pub list: Option<ListNumber>,
}

/// Writes a time for programs and people.
pub(super) fn or_dash(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| time.to_string())
}
