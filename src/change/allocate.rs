//! A request for entries that are handed out together.

use std::collections::HashSet;
use std::hash::Hash;

use serde_json::json;

use super::documents::{Document, check_view};
use super::error::ChangeError;
use super::faults::OnFault;
use super::plan::{LinePlan, Plan};
use super::planner::{Asked, Planner};
use super::request::{Allocate, Operation, Request, Terms};
use super::rollover::{Roster, Turnover};
use super::tokens::KnownLines;
use crate::list::{
    DocumentHash, EntryId, GroupName, ListNumber, Status, StatusName, Timestamp, TokenId,
};
use crate::store::{Bulk, Event, Snapshot, StoreError, Wanted, Work};

/// A request for entries that are handed out together.
pub(crate) struct AllocateRequest {
    /// What holds for all of them.
    pub(crate) terms: Terms,
    /// The issuer's names for the credentials; each names one entry.
    pub(crate) tokens: Vec<TokenId>,
    /// How many entries, if not one or one per token id.
    pub(crate) count: Option<u64>,
    /// The status that they start with, if not the list's default.
    pub(crate) status: Option<StatusName>,
    /// The group that they belong to.
    pub(crate) group: Option<GroupName>,
    /// The hashes of the documents; each is for one entry.
    pub(crate) documents: Vec<DocumentHash>,
    /// The hashes on the way from the documents to the root of their Merkle tree.
    pub(crate) on_the_way: Vec<DocumentHash>,
}

/// How a request for entries is carried out.
pub(crate) struct AllocatePlan {
    request: Request,
    plan: Plan,
    /// The status that they start with.
    status: Status,
}

/// An entry that was handed out, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allocated {
    /// The entry.
    pub(crate) entry: EntryId,
    /// Its status.
    pub(crate) status: Status,
    /// The issuer's name for the credential.
    pub(crate) token: Option<TokenId>,
    /// When it was handed out.
    pub(crate) at: Timestamp,
    /// When the credential expires.
    pub(crate) expires: Option<Timestamp>,
    /// The group that it belongs to.
    pub(crate) group: Option<GroupName>,
    /// Whether it was handed out before.
    pub(crate) existing: bool,
}

impl AllocateRequest {
    /// Checks what can be known without a list file.
    ///
    /// # Errors
    /// Names that are not as many as the entries, or one that stands twice.
    pub(crate) fn checked(self) -> Result<Self, ChangeError> {
        let (tokens, entries) = (self.tokens.len() as u64, self.entries());
        if tokens > 0 && entries != tokens {
            return Err(ChangeError::OtherCount { entries, tokens });
        }
        if self.terms.index.is_some() && entries != 1 {
            return Err(ChangeError::OneIndex(entries));
        }
        let documents = self.documents.len() as u64;
        if documents > 0 && documents != entries {
            return Err(ChangeError::OtherDocumentCount { documents, entries });
        }
        if let Some(twice) = twice(&self.documents, |hash| *hash) {
            return Err(ChangeError::DocumentTwice(*twice));
        }
        let plain = |id: &TokenId| id.trimmed().unwrap_or_else(|| id.clone());
        match twice(&self.tokens, plain) {
            Some(twice) => Err(ChangeError::TokenTwice(twice.clone())),
            None => Ok(self),
        }
    }

    /// How many entries are asked for.
    pub(crate) fn entries(&self) -> u64 {
        self.count.unwrap_or((self.tokens.len() as u64).max(1))
    }

    /// The request with token ids as the file has them, or will have them.
    ///
    /// # Errors
    /// Nobody would be told of the documents, or the file cannot be read.
    pub(crate) fn settled(mut self, snapshot: &Snapshot<'_>) -> Result<Self, ChangeError> {
        if !self.documents.is_empty() {
            check_view(snapshot.series())?;
        }
        for token in &mut self.tokens {
            *token = snapshot.token_on_file(token)?;
        }
        Ok(self)
    }

    /// What the request was answered the first time, by the revision that it made.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn again(
        &self,
        snapshot: &Snapshot<'_>,
        event: &Event,
    ) -> Result<Vec<Allocated>, StoreError> {
        let entries = if self.tokens.is_empty() {
            snapshot.allocated_by(event)?
        } else {
            let find = |token: &TokenId| {
                snapshot
                    .by_token(token)?
                    .map(|row| row.entry())
                    .ok_or_else(|| StoreError::NoToken(token.clone()))
            };
            self.tokens.iter().map(find).collect::<Result<_, _>>()?
        };
        entries
            .into_iter()
            .map(|entry| Allocated::on_file(snapshot, entry, event.rev))
            .collect()
    }

    /// Plans a settled request.
    ///
    /// # Errors
    /// Too few entries are left, a token id or an index is taken, the status does not fit, or the
    /// file cannot be read.
    pub(crate) fn plan(
        &self,
        snapshot: &Snapshot<'_>,
        operation_id: &str,
    ) -> Result<AllocatePlan, ChangeError> {
        if let (Some(_), Some(profile)) = (self.terms.index, snapshot.series().profile) {
            profile.chosen_index()?;
        }
        let register = snapshot.register();
        let status = match self.status {
            Some(name) => name.at(register.width)?,
            None => register.starting_status()?,
        };
        snapshot.series().takes(status)?;
        if self.tokens.is_empty() && self.terms.index.is_none() {
            // Before anything is made that is as long as the request.
            self.refuse_too_many(snapshot)?;
        }
        let request = self.request(status);
        let prepared = KnownLines::of(&request.lines);
        let asked = Asked {
            request: &request,
            prepared: &prepared,
            operation_id,
        };
        let mut planner = Planner::new(&asked, Bulk::now(snapshot), OnFault::Refuse);
        planner.take().map_err(|error| match error {
            ChangeError::Full(_) => self.too_many(snapshot).unwrap_or_else(ChangeError::from),
            error => error,
        })?;
        let plan = planner.apply(Vec::new())?;
        Ok(AllocatePlan {
            request,
            plan,
            status,
        })
    }

    /// Refuses more entries than there are.
    fn refuse_too_many(&self, snapshot: &Snapshot<'_>) -> Result<(), ChangeError> {
        let room = Roster::of(snapshot, snapshot.series())?.room(self.terms.list)?;
        if self.entries() <= room {
            return Ok(());
        }
        Err(self.too_many(snapshot)?)
    }

    /// Says how many entries are wanted, and how many there are.
    fn too_many(&self, snapshot: &Snapshot<'_>) -> Result<ChangeError, StoreError> {
        let mut wanted = self.entries();
        for token in &self.tokens {
            wanted -= u64::from(snapshot.by_token(token)?.is_some());
        }
        let room = Roster::of(snapshot, snapshot.series())?.room(self.terms.list)?;
        let wanted = Wanted { wanted, room };
        Ok(snapshot.too_many(self.terms.list, wanted)?.into())
    }

    /// One line for each entry.
    fn request(&self, status: Status) -> Request {
        let mut request = Request::new(self.terms);
        let mut tokens = self.tokens.iter().cloned();
        let mut documents = self.documents.iter().map(|hash| Document {
            hash: *hash,
            on_the_way: self.on_the_way.clone(),
        });
        for _ in 0..self.entries() {
            let allocate = Allocate {
                token: tokens.next(),
                status: Some(status.value()),
                expires: self.terms.expires,
                document: documents.next(),
                group: self.group.clone(),
            };
            request.push(1, Operation::Allocate(allocate));
        }
        request
    }
}

impl AllocatePlan {
    /// What is to be written.
    pub(crate) fn work(&self) -> Work<'_> {
        let (booked, terms) = (&self.plan.booked, &self.request.terms);
        let run = match booked.runs.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        let chosen = booked.entries.first().filter(|_| booked.runs.is_empty());
        let list = run.map(|run| run.list).or(chosen.map(|one| one.entry.list));
        let body = json!({
            "list": list.map(ListNumber::value),
            "from": run.map(|run| run.first),
            "count": booked.entries.len(),
            "index": terms.index,
            "status": self.status.value(),
            "expires": terms.expires.map(Timestamp::second),
        });
        self.plan.work(&self.request, body)
    }

    /// The lists that take their turns, and those that are made.
    pub(crate) const fn turnover(&self) -> &Turnover {
        &self.plan.turnover
    }

    /// The lists that the entries are of, in the order in which they serve.
    pub(crate) fn lists(&self) -> Vec<ListNumber> {
        self.plan.lists()
    }

    /// How many entries are handed out.
    pub(crate) fn fresh(&self) -> u64 {
        self.plan.booked.entries.len() as u64
    }

    /// The entries, those of before among them, in the order of the request. `at` is the time of
    /// the new ones.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn entries(
        &self,
        snapshot: &Snapshot<'_>,
        at: Timestamp,
    ) -> Result<Vec<Allocated>, StoreError> {
        let lines = self.request.lines.iter().zip(&self.plan.lines);
        lines
            .filter_map(|(line, plan)| match *plan {
                LinePlan::Fresh { place, status } => Some(Ok(Allocated {
                    entry: self.plan.booked.entry(place),
                    status,
                    token: line.token().cloned(),
                    at,
                    expires: self.request.terms.expires,
                    group: self.request.group_of(line).cloned(),
                    existing: false,
                })),
                LinePlan::Existing { entry, .. } => {
                    Some(Allocated::on_file(snapshot, entry, i64::MAX))
                }
                _ => None,
            })
            .collect()
    }
}

impl Allocated {
    /// An entry that was handed out, as it was after a revision.
    fn on_file(snapshot: &Snapshot<'_>, entry: EntryId, rev: i64) -> Result<Self, StoreError> {
        let allocation = snapshot
            .allocation(entry)?
            .ok_or(StoreError::NotAllocated(entry))?;
        let names = snapshot.names(entry, rev)?;
        let list = snapshot.list(entry.list)?;
        Ok(Self {
            entry,
            status: snapshot.status_after(&list, entry, rev)?,
            token: names.token,
            at: allocation.at,
            expires: names.expires,
            group: names.group,
            existing: allocation.rev != rev,
        })
    }
}

/// The first value that stands twice, by what it comes down to.
fn twice<T, K: Eq + Hash>(values: &[T], plain: impl Fn(&T) -> K) -> Option<&T> {
    let mut seen = HashSet::new();
    values.iter().find(|value| !seen.insert(plain(value)))
}
