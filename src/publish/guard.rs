//! What readers were told for good: no published entry leaves a final status by mistake.
//!
//! Before a file of a site is replaced, it is compared with the register. An entry that would leave
//! a final status must have a change in the log that let it, made after what is there was published.
//! Nothing else speaks for it: neither the page that the status is in, which may be damaged, nor the
//! command, which may publish an older copy of the list file. `--allow-rollback` goes on without such
//! a change only with `--unrevoke`, and where the profile keeps revocations for good not at all.

use std::path::Path;

use serde::Serialize;

use super::incumbent::Incomparable;
use crate::commands::options::WaitOption;
use crate::commands::session;
use crate::commands::{Code, Error};
use crate::list::{Breach, EntryId, Index, ListNumber, Profile, Series, Status, TransitionError};
use crate::site::{Manifest, SitePath};
use crate::store::{Snapshot, Store, StoreError};
use crate::survey::{OtherShape, Shown, Statuses, entry_of};
use crate::token::StatusList;
use crate::wire::shell::quote;

/// How many entries are named of each file.
const MOST_NAMED: usize = 20;

/// An entry that would leave a final status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Departure {
    pub(crate) entry: EntryId,
    /// The final statuses that what is published leaves open, one as a rule.
    pub(crate) from: Statuses,
    pub(crate) to: Status,
}

/// The entries of one file that would leave a final status although no revision let them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lifted {
    path: String,
    count: u64,
    /// The first of them.
    entries: Vec<Named>,
    /// Why they cannot be named.
    #[serde(skip)]
    unnamed: Option<OtherShape>,
    /// Why one of them stays as it is, whoever asks.
    #[serde(skip)]
    for_good: Option<Breach>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    list_id: String,
    idx: u32,
    previous_status: Status,
    current_status: Status,
}

/// Where what is published comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The site's manifest does not say it.
    Unknown,
    /// Not from this list file, or from a newer state of it.
    Foreign,
    /// From this revision of the list file.
    Revision(i64),
    /// From a state of another list file, which this revision took over.
    Adopted(i64),
}

impl Origin {
    /// Finds where a file of a site comes from, as its manifest says.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn of(
        path: &SitePath,
        manifest: &Manifest,
        snapshot: &Snapshot<'_>,
    ) -> Result<Self, StoreError> {
        let Some(entry) = manifest.entries.get(path) else {
            return Ok(Self::Unknown);
        };
        let chain = entry.chain.as_bytes();
        if let Some(revision) = snapshot.revision_of(chain)? {
            return Ok(Self::Revision(revision));
        }
        let adopted = snapshot.adopted_by(path.as_str(), chain)?;
        Ok(adopted.map_or(Self::Foreign, Self::Adopted))
    }

    /// The revision from which on the list file may have let what is there go.
    pub(crate) const fn since(self) -> Option<i64> {
        match self {
            Self::Unknown | Self::Foreign => None,
            Self::Revision(revision) | Self::Adopted(revision) => Some(revision),
        }
    }
}

/// What is asked of the log of a list file about what is published of a list.
#[derive(Clone, Copy)]
pub(crate) struct Log<'a> {
    pub(crate) file: &'a Path,
    pub(crate) list: ListNumber,
    pub(crate) origin: Origin,
    /// The revision that is to be published.
    pub(crate) head: i64,
    /// The newest revision that changed a published byte of the list.
    pub(crate) changed: i64,
}

impl Log<'_> {
    /// Opens the list file: hardly any publication has something to ask.
    fn open(&self, wait: &WaitOption) -> Result<Store, Error> {
        session::open_to_read(self.file, wait.time())
    }

    fn of_file(&self, error: &StoreError) -> Error {
        Error::of_store(self.file, error)
    }

    /// Makes sure that the statuses of the list are what its changes lead to: what readers were not
    /// told so far is not taken from a page that may be damaged.
    ///
    /// # Errors
    /// A status in the file is not the one that its changes lead to, or it cannot be read.
    pub(crate) fn confirm(&self, wait: &WaitOption) -> Result<(), Error> {
        let store = self.open(wait)?;
        let confirmed = store.snapshot().and_then(|snapshot| {
            let list = snapshot.list(self.list)?;
            snapshot.confirm_statuses(&list)
        });
        confirmed.map(drop).map_err(|error| self.of_file(&error))
    }

    /// Says that the site has other statuses than the register, although they have not changed.
    pub(crate) fn other_bytes(&self, path: &SitePath) -> Error {
        let (list, file) = (self.list, quote(self.file));
        Error::new(Code::Corrupt, format!("'{path}' must not be replaced"))
            .because(format!(
                "it shows other statuses than list {list} of {file}, which has not changed since"
            ))
            .hint(format!(
                "find out which is right: statuslist inspect {file}; if it is the list file: \
                 --allow-rollback"
            ))
            .detail("path", path.as_str())
    }

    /// Finds the entries that what is published shows with a final status, and the register with
    /// another that no revision gave them.
    ///
    /// # Errors
    /// The file contradicts itself, or cannot be read.
    pub(crate) fn lifted(
        &self,
        path: &SitePath,
        (shown, register): (&Shown<'_>, &StatusList),
        (series, finals): (&Series, &[Status]),
        wait: &WaitOption,
    ) -> Result<Option<Lifted>, Error> {
        let mut lifted = Lifted::none(path);
        let mut departures = departures(shown, register, finals, self.list).peekable();
        if departures.peek().is_none() {
            return Ok(None);
        }
        let store = self.open(wait)?;
        let snapshot = store.snapshot().map_err(|error| self.of_file(&error))?;
        for departure in departures {
            if !self.lets(&snapshot, departure)? {
                lifted.add(departure, series.profile);
            }
        }
        Ok(lifted.found())
    }

    /// Whether a revision let an entry leave its status after it was published.
    ///
    /// # Errors
    /// The status in the file is not the one that its newest change says, or it cannot be read.
    pub(crate) fn lets(
        &self,
        snapshot: &Snapshot<'_>,
        departure: Departure,
    ) -> Result<bool, Error> {
        let entry = departure.entry;
        snapshot
            .status(entry)
            .map_err(|error| self.of_file(&error))?;
        let Some(published) = self.origin.since() else {
            return Ok(false);
        };
        let changes = snapshot
            .changes_of(entry)
            .map_err(|error| self.of_file(&error))?;
        Ok(changes.iter().any(|change| {
            let (old, new) = (change.row.old, change.row.new);
            let since = published < change.rev && change.rev <= self.head;
            since && old != new && departure.from.contains(old)
        }))
    }
}

impl Lifted {
    pub(crate) fn none(path: &SitePath) -> Self {
        Self {
            path: path.as_str().to_owned(),
            count: 0,
            entries: Vec::new(),
            unnamed: None,
            for_good: None,
        }
    }

    /// All entries with a final status of a list that is another one, whatever becomes of them.
    pub(crate) fn unnamed(path: &SitePath, other: &Incomparable, profile: Option<Profile>) -> Self {
        Self {
            count: other.finals,
            unnamed: Some(other.reason),
            for_good: profile.and_then(Profile::irrevocable),
            ..Self::none(path)
        }
    }

    /// Itself, if there are any.
    pub(crate) fn found(self) -> Option<Self> {
        (self.count > 0).then_some(self)
    }

    pub(crate) fn add(&mut self, departure: Departure, profile: Option<Profile>) {
        self.count += 1;
        if departure.from.contains(Status::INVALID) && self.for_good.is_none() {
            self.for_good = profile.and_then(Profile::irrevocable);
        }
        if self.entries.len() < MOST_NAMED {
            self.entries.push(Named {
                list_id: departure.entry.list.to_string(),
                idx: departure.entry.index.value(),
                previous_status: departure.from.lowest().unwrap_or(Status::INVALID),
                current_status: departure.to,
            });
        }
    }

    /// Says that the list file has lost what it published.
    pub(crate) fn refusal(&self, file: &Path, code: Code) -> Error {
        let text = format!("'{}' must not be replaced", self.path);
        let file = quote(file);
        Error::new(code, text)
            .because(format!("entries would leave a final status: {self}"))
            .because(format!(
                "no revision of {file} let them, since what is there was published"
            ))
            .hint(format!("find out why: statuslist inspect {file}"))
            .detail("path", self.path.as_str())
            .detail("leavingFinalStatus", listed(std::slice::from_ref(self)))
    }
}

/// Whether entries may leave a final status because that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unrevoke {
    Allowed,
    Refused,
}

/// Judges what a publication that goes back would lift, before anything is written.
///
/// # Errors
/// [`Code::FinalStatus`]: it lifts something, and nobody asked for it, or nobody may.
pub(crate) fn refuse_lifted(lifted: &[Lifted], unrevoke: Unrevoke) -> Result<(), Error> {
    let mut error = match lifted.iter().find_map(|lifted| lifted.for_good.clone()) {
        Some(breach) => Error::from(TransitionError::Irrevocable(breach)),
        None if lifted.is_empty() || unrevoke == Unrevoke::Allowed => return Ok(()),
        None => Error::new(Code::FinalStatus, "entries would leave a final status").hint(
            "to take over what is published: statuslist restore FILE --to FOLDER \
             --adopt-published; to show them as the list file has them all the same: --unrevoke",
        ),
    };
    error
        .because
        .splice(0..0, lifted.iter().map(ToString::to_string));
    Err(error.detail("leavingFinalStatus", listed(lifted)))
}

fn listed(lifted: &[Lifted]) -> serde_json::Value {
    serde_json::to_value(lifted).unwrap_or_default()
}

impl std::fmt::Display for Lifted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: ", self.path)?;
        if let Some(reason) = &self.unnamed {
            let entries = crate::commands::counted(self.count, "entry", "entries");
            return write!(formatter, "{entries}, which cannot be named: {reason}");
        }
        let change = |named: &Named| (named.previous_status, named.current_status);
        let alike = self
            .entries
            .chunk_by(|one, next| change(one) == change(next));
        for (place, alike) in alike.enumerate() {
            let between = if place == 0 { "" } else { "; " };
            let names: Vec<_> = alike
                .iter()
                .map(|named| format!("{}/{}", named.list_id, named.idx))
                .collect();
            if let Some((from, to)) = alike.first().map(change) {
                write!(formatter, "{between}{from} to {to}: {}", names.join(", "))?;
            }
        }
        match self.count - self.entries.len() as u64 {
            0 => Ok(()),
            others => write!(formatter, "; and {others} others"),
        }
    }
}

fn departures<'s>(
    shown: &'s Shown<'_>,
    register: &'s StatusList,
    finals: &'s [Status],
    list: ListNumber,
) -> impl Iterator<Item = Departure> + 's {
    shown.differing(register).filter_map(move |index| {
        let from = shown.says(index);
        let entry = entry_at(list, index)?;
        let to = entry_of(register, index);
        from.are_among(finals)
            .then_some(Departure { entry, from, to })
    })
}

fn entry_at(list: ListNumber, index: u64) -> Option<EntryId> {
    let index = Index::new(u32::try_from(index).ok()?);
    Some(EntryId { list, index })
}
