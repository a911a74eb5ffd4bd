//! Entries that would leave a final status.

use serde::Serialize;

use crate::list::{Breach, EntryId, Profile, Status};
use crate::site::SitePath;
use crate::survey::{OtherShape, Statuses};

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
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lifted {
    pub(crate) path: SitePath,
    count: u64,
    /// The first of them.
    entries: Vec<NamedDeparture>,
    /// Why they cannot be named.
    #[serde(skip)]
    unnamed: Option<OtherShape>,
    /// Why one of them stays as it is, whoever asks.
    #[serde(skip)]
    pub(crate) for_good: Option<Breach>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NamedDeparture {
    list_id: String,
    idx: u32,
    previous_status: Status,
    current_status: Status,
}

impl Lifted {
    pub(crate) fn none(path: &SitePath) -> Self {
        Self {
            path: path.clone(),
            count: 0,
            entries: Vec::new(),
            unnamed: None,
            for_good: None,
        }
    }

    /// All entries with a final status of a list that is another one, whatever becomes of them.
    /// `count` says how many, `reason` why nobody can name them.
    pub(crate) fn unnamed(
        path: &SitePath,
        count: u64,
        reason: OtherShape,
        profile: Option<Profile>,
    ) -> Self {
        Self {
            count,
            unnamed: Some(reason),
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
            self.entries.push(NamedDeparture {
                list_id: departure.entry.list.to_string(),
                idx: departure.entry.index.value(),
                previous_status: departure.from.lowest().unwrap_or(Status::INVALID),
                current_status: departure.to,
            });
        }
    }
}

impl std::fmt::Display for Lifted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: ", self.path)?;
        if let Some(reason) = &self.unnamed {
            let noun = if self.count == 1 { "entry" } else { "entries" };
            let count = self.count;
            return write!(formatter, "{count} {noun}, which cannot be named: {reason}");
        }
        let change = |named: &NamedDeparture| (named.previous_status, named.current_status);
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
