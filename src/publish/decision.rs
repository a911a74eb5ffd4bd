//! Whether a token of a site is written, kept, or must not be touched: never back, never sideways.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::guard::{Lifted, Log, Origin};
use super::incumbent::Found;
use super::statement::Statement;
use crate::commands::options::{InflateOption, WaitOption};
use crate::commands::signing::SigningKey;
use crate::commands::{Code, Error};
use crate::list::Timestamp;
use crate::site::{Entry, SitePath};
use crate::store::{Access, Publication, Store};
use crate::token::InflateLimit;
use crate::wire::shell::quote;

/// One place in a site: what should be there, and what is.
pub(crate) struct State<'a> {
    pub(crate) path: &'a SitePath,
    pub(crate) statement: &'a Statement,
    pub(crate) found: Option<&'a [u8]>,
    pub(crate) entry: Option<&'a Entry>,
    /// What the list file remembers of what is there.
    pub(crate) log: Log<'a>,
}

/// What holds for all places.
pub(crate) struct Rules<'a> {
    pub(crate) now: Timestamp,
    pub(crate) key: &'a SigningKey,
    pub(crate) renew: bool,
    pub(crate) allow_rollback: bool,
    pub(crate) new_key: bool,
    pub(crate) inflate: &'a InflateOption,
    pub(crate) wait: &'a WaitOption,
}

/// What is to be done.
pub(crate) enum Decision {
    /// What is there is current and fresh.
    Keep { token: Vec<u8> },
    /// This token belongs there.
    Write {
        because: &'static str,
        token: Vec<u8>,
        /// The entries that it would let leave a final status: some only if going back was allowed.
        lifted: Option<Lifted>,
    },
}

impl Decision {
    /// The token that is there afterwards.
    pub(crate) fn token(&self) -> &[u8] {
        match self {
            Self::Keep { token } | Self::Write { token, .. } => token,
        }
    }

    /// The entries that it lets leave a final status.
    pub(crate) fn take_lifted(&mut self) -> Option<Lifted> {
        match self {
            Self::Keep { .. } => None,
            Self::Write { lifted, .. } => lifted.take(),
        }
    }
}

/// Decides about one place.
///
/// # Errors
/// [`Code::Conflict`]: what is there is newer, of another history, not ours, or signed with
/// another key.
pub(crate) fn decide(state: &State<'_>, rules: &Rules<'_>) -> Result<Decision, Error> {
    if !rules.allow_rollback {
        state.refuse_other_history()?;
    }
    let write = |because, lifted| {
        Ok(Decision::Write {
            because,
            token: state.statement.signed(rules.key)?,
            lifted,
        })
    };
    let Some(found) = state.found else {
        state.log.confirm(rules.wait)?;
        return write("it was not there", None);
    };
    // What the list file itself holds is in memory already, however large.
    let limit = rules.inflate.max_inflated.max(state.statement.inflated());
    let mut there = Found::read(
        found,
        state.statement,
        &rules.key.named,
        (rules.now, InflateLimit::new(limit)),
    );
    let known = state.entry.is_some_and(|entry| entry.matches(found));
    if !rules.allow_rollback {
        if !known {
            state.refuse_unknown(&there)?;
        }
        state.refuse_newer(&there)?;
    }
    if !there.signed_by_us && !rules.new_key && !rules.allow_rollback {
        return Err(conflict(state.path, "another key signed what is there")
            .because("readers that know that key would not be able to verify this one's signature")
            .hint("check --key; if the key is to change: --new-key"));
    }
    if !there.same_list {
        state.log.confirm(rules.wait)?;
    }
    let lifted = state.lifted(&there, known, rules)?;
    // A whole list, which is not needed any more.
    there.shown = None;
    let write = |because| write(because, lifted);
    if rules.renew {
        return write("--renew was given");
    }
    if !there.signed_by_us {
        return write("the key changed");
    }
    if !known {
        return write("the manifest did not know it");
    }
    if !there.same_list {
        return write("the list changed");
    }
    if !there.same_claims {
        return write("its claims or its header changed");
    }
    if !there.same_certificates {
        return write("its certificates changed");
    }
    if there.renewal_is_due(rules.now) {
        return write("half of its validity has passed");
    }
    Ok(Decision::Keep {
        token: found.to_vec(),
    })
}

impl State<'_> {
    /// The manifest names the state that the file there was made from. This list file must have
    /// had it, or it is older, a copy that went another way, or another list file.
    fn refuse_other_history(&self) -> Result<(), Error> {
        if self.log.origin == Origin::Foreign {
            return Err(other_history(self.path));
        }
        Ok(())
    }

    /// Compares the statuses that are there with those that belong there: whatever the manifest
    /// says, a final status stays unless a revision of the list file let it go.
    fn lifted(
        &self,
        there: &Found<'_>,
        known: bool,
        rules: &Rules<'_>,
    ) -> Result<Option<Lifted>, Error> {
        let shown = match (there.same_list, &there.shown) {
            (false, Some(Ok(shown))) => shown,
            (false, Some(Err(other))) if other.finals > 0 => {
                let profile = self.statement.series().profile;
                return Ok(Some(Lifted::unnamed(self.path, other, profile)));
            }
            _ => return Ok(None),
        };
        let both = (shown, &self.statement.claims.list);
        let is_current = match self.log.origin {
            Origin::Revision(published) => published >= self.log.changed,
            // What was final in this file stayed when the other was taken over.
            Origin::Adopted(_) | Origin::Unknown | Origin::Foreign => false,
        };
        if known && is_current && !rules.allow_rollback {
            return Err(self.log.other_bytes(self.path));
        }
        let (series, finals) = (self.statement.series(), self.statement.finals());
        let lifted = self
            .log
            .lifted(self.path, both, (series, &finals), rules.wait)?;
        match lifted {
            Some(lifted) if !rules.allow_rollback => {
                let code = if known { Code::Corrupt } else { Code::Conflict };
                Err(lifted.refusal(self.log.file, code))
            }
            lifted => Ok(lifted),
        }
    }

    /// A file that the manifest does not know, or knows with other statement, is ours only if a
    /// publication was interrupted: signed with the same key, and not older than the entry (both
    /// may be of one second) or with the very statuses that this list file has.
    fn refuse_unknown(&self, there: &Found<'_>) -> Result<(), Error> {
        let interrupted = match self.entry {
            Some(entry) => there
                .issued_at
                .is_some_and(|issued| issued.second() >= entry.issued_at),
            None => there.same_list,
        };
        if there.signed_by_us && interrupted {
            return Ok(());
        }
        let reason = match self.entry {
            Some(_) => "it is not the file that the site's manifest describes",
            None => "a file is there that the site's manifest does not know",
        };
        Err(conflict(self.path, reason)
            .hint("find out who wrote it; to replace it all the same: --allow-rollback"))
    }

    /// Readers tell an older token by its `iat` alone.
    fn refuse_newer(&self, there: &Found<'_>) -> Result<(), Error> {
        let now = self.statement.claims.issued_at;
        match there.issued_at {
            Some(issued) if issued.second() > now => {
                Err(conflict(self.path, "what is there is newer")
                    .because(format!(
                        "it was issued at {issued}, and now is {}",
                        Timestamp::from_second(now)
                    ))
                    .hint("check the clock or --now; to go back all the same: --allow-rollback"))
            }
            _ => Ok(()),
        }
    }
}

/// Says that a place was published from a state that the list file never had.
pub(crate) fn other_history(path: &SitePath) -> Error {
    conflict(
        path,
        "it was not published from this list file, or from a newer state of it",
    )
    .because("the list file never had the state that the site's manifest names")
    .hint("use the newest list file; to publish this one all the same: --allow-rollback")
}

/// Says why what is in a place must stay.
pub(crate) fn conflict(path: &SitePath, reason: &str) -> Error {
    Error::new(Code::Conflict, format!("'{path}' must not be replaced"))
        .because(reason)
        .detail("path", path.as_str())
}

/// Refuses a list file that is named twice, under whatever names.
pub(crate) fn distinct(files: &[PathBuf]) -> Result<Vec<&Path>, Error> {
    let mut seen = std::collections::HashMap::new();
    for file in files {
        let Ok(metadata) = std::fs::metadata(file) else {
            continue;
        };
        if let Some(other) = seen.insert((metadata.dev(), metadata.ino()), file) {
            return Err(Error::new(
                Code::Refused,
                format!("{} and {} are one list file", quote(other), quote(file)),
            )
            .hint("name it once"));
        }
    }
    Ok(files.iter().map(PathBuf::as_path).collect())
}

/// Records in the list files what was published, where they can be written.
pub(crate) fn record(records: &[(&Path, Publication)], wait: &WaitOption) -> Vec<String> {
    let mut notes = Vec::new();
    let mut files: Vec<&Path> = records.iter().map(|(file, _)| *file).collect();
    files.dedup();
    for file in files {
        let of_file: Vec<_> = records
            .iter()
            .filter(|(other, _)| *other == file)
            .map(|(_, publication)| publication.clone())
            .collect();
        let recorded =
            Store::open(file, Access::Write, wait.time()).and_then(|store| store.record(&of_file));
        if let Err(error) = recorded {
            notes.push(format!(
                "the publication is not recorded in {}: {error}",
                quote(file)
            ));
        }
    }
    notes
}
