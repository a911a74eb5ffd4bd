//! Telling receivers what a command did, after its result was shown.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::options::KeySource;
use super::pool::{PoolError, is_pool, list_files};
use super::receivers::{Place, ReceiverSettings};
use super::{Answer, Command, Context, Error};
use crate::list::Timestamp;
use crate::notify::{Delivery, Occasion, Receiver, Secret, SecretFault, Way};
use crate::store::is_list_file;

/// The time that receivers may take, all together.
const LIMIT: Duration = Duration::from_secs(3);

impl Command {
    /// Tells everybody who is to hear of it what happened in the list files that the command was
    /// about, at the machine's time `now`. Returns what people should worry about: nothing that goes
    /// wrong here changes what the command did.
    pub(crate) fn tell(
        &self,
        context: &Context<'_>,
        done: &Result<Answer, Error>,
        now: Timestamp,
    ) -> Vec<String> {
        let receivers = &context.settings.receivers;
        let Some((named, occasion)) = self.told_of().filter(|_| !receivers.is_empty()) else {
            return Vec::new();
        };
        if !may_have_changed(done) {
            return Vec::new();
        }
        let mut worries = Vec::new();
        let mut files = Vec::new();
        for path in named {
            match expanded(path) {
                Ok(found) => files.extend(found),
                Err(error) => worries.push(super::answer::notifying::of_pool(path, &error)),
            }
        }
        let receivers = receivers.iter().map(|one| receiver(one, context));
        let receivers: Vec<_> = receivers.collect();
        let outcome = Delivery {
            files: &files,
            receivers: &receivers,
            now,
            judged_at: context.clock.now(),
            occasion,
            limit: LIMIT,
            kept_back: &self.kept_back(context),
        }
        .run();
        worries.extend(super::answer::notifying::worries(&outcome));
        worries
    }

    /// The list files or pools that it is about, if it is one of those after which receivers are told.
    fn told_of(&self) -> Option<(&[PathBuf], Occasion)> {
        let entries = |file| Some((std::slice::from_ref(file), Occasion::Entries));
        match self {
            Self::Configure(args) => entries(&args.file),
            Self::Allocate(args) => entries(&args.file),
            Self::Set(args) => entries(&args.file),
            Self::Label(args) => entries(&args.file),
            Self::Batch(args) => entries(&args.file),
            Self::Purge(args) => entries(&args.file),
            Self::Retire(args) => entries(&args.file),
            Self::Roll(args) => entries(&args.file),
            Self::Publish(args) => Some((&args.files, Occasion::Publications)),
            Self::Check(args) => Some((&args.targets, Occasion::Publications)),
            Self::Init(_)
            | Self::Get(_)
            | Self::Sign(_)
            | Self::Inspect(_)
            | Self::Keygen(_)
            | Self::Backup(_)
            | Self::Restore(_)
            | Self::Generate(_) => None,
        }
    }

    /// The variables that a hook has no business with.
    fn kept_back(&self, context: &Context<'_>) -> Vec<OsString> {
        match self {
            Self::Publish(args) => args.signing.kept_back(context),
            _ => context.kept_back(),
        }
    }
}

/// Somebody who is told, with the secret that belongs to it, if that can be read.
fn receiver(settings: &ReceiverSettings, context: &Context<'_>) -> Receiver {
    let way = match &settings.place {
        Place::Command(command) => Way::Hook {
            command: command.clone(),
        },
        Place::Url { url, secret } => match read_secret(secret, context) {
            Ok(secret) => Way::Webhook {
                url: url.clone(),
                secret,
            },
            Err(fault) => Way::Blocked(fault),
        },
    };
    Receiver {
        label: settings.label.clone(),
        name: settings.name,
        events: settings.events.clone(),
        token_ids: settings.token_ids,
        way,
    }
}

fn read_secret(source: &KeySource, context: &Context<'_>) -> Result<Secret, SecretFault> {
    let text = context.read_key(source).map_err(|error| {
        let reasons = error.because.into_iter();
        let all: Vec<_> = std::iter::once(error.message).chain(reasons).collect();
        SecretFault::Unreadable(all.join(": "))
    })?;
    Secret::parse(&text).ok_or(SecretFault::Malformed)
}

/// Whether there may be something to tell: it was done, or nobody knows.
fn may_have_changed(done: &Result<Answer, Error>) -> bool {
    match done {
        Ok(answer) => !answer.dry_run,
        Err(error) => matches!(
            error
                .details
                .get("outcome")
                .and_then(|outcome| outcome.as_str()),
            Some("committed" | "unknown")
        ),
    }
}

/// The list files behind a path: one, those of a pool, or none behind a site.
fn expanded(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if is_list_file(path) {
        return Ok(vec![path.to_owned()]);
    }
    match list_files(path) {
        Err(PoolError::Empty(_)) => Ok(Vec::new()),
        _ if !is_pool(path) => Ok(Vec::new()),
        files => Ok(files?),
    }
}
