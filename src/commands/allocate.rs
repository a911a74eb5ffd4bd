//! `allocate`: hands out unused, unpredictable indexes.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::json;

use super::documents::{self, DocumentOptions};
use super::handed_out::{Handed, HandedOut, Shape};
use super::options::WriteOptions;
use super::references::References;
use super::session;
use super::{Answer, Code, Context, Error};
use crate::commands::options::ViewName;
use crate::list::{
    DocumentHash, EntryId, ListNumber, Remark, Status, StatusName, Timestamp, TokenId,
};
use crate::store::{
    Backups, Booked, ChangeRow, Event, Run, Snapshot, StoreError, Work, WriteLock, rows,
};

/// Hands out unused, unpredictable indexes.
///
/// Prints one line per entry: LIST/INDEX, the uri, and the token id, separated by tabs. Nothing
/// that is published changes, unless another status than the default is given. A copy of a list
/// file hands out nothing: see `configure`.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list file.
    pub file: PathBuf,
    /// Record the issuer's own name for the credential; each names one entry. May be repeated.
    #[arg(long, value_name = "ID", value_parser = TokenId::as_written)]
    pub token_id: Vec<TokenId>,
    /// Hand out this many entries [default: 1, or one per token id].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=4_294_967_296))]
    pub count: Option<u64>,
    /// Hand out this entry, and not one that nobody can predict.
    #[arg(long, value_name = "INDEX")]
    pub index: Option<u64>,
    /// Give the entries this status from the start [default: the list's default].
    #[arg(long, value_name = "STATUS")]
    pub status: Option<StatusName>,
    /// Record when the credentials expire.
    #[arg(long, value_name = "TIME")]
    pub expires_at: Option<Timestamp>,
    /// For a token id that has an entry: print that entry, and hand out none.
    #[arg(long, requires = "token_id")]
    pub or_existing: bool,
    /// Print only what a credential embeds, as JSON, one line per entry; CBOR in hexadecimal digits.
    #[arg(long, value_name = "VIEW")]
    pub claim: Option<ViewName>,
    /// Take entries of this list of the series [default: the one that is open].
    #[arg(long, value_name = "N")]
    pub list: Option<ListNumber>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub documents: DocumentOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// Everything that the result depends on.
#[derive(Serialize)]
struct Request<'a> {
    token_ids: &'a [TokenId],
    document_hashes: &'a [DocumentHash],
    document_path: &'a [DocumentHash],
    count: u64,
    index: Option<u64>,
    status: Option<u64>,
    expires: Option<i64>,
    or_existing: bool,
    list: Option<u32>,
}

/// Runs the command.
///
/// # Errors
/// Too few entries are left, a token id or an index is taken, the status does not fit, or the
/// disk fails. Then none is handed out.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let count = args.entries()?;
    let request = Request {
        token_ids: &args.token_id,
        document_hashes: &args.documents.document_hash,
        document_path: &args.documents.document_path,
        count,
        index: args.index,
        status: args.status.map(StatusName::number),
        expires: args.expires_at.map(Timestamp::second),
        or_existing: args.or_existing,
        list: args.list.map(ListNumber::value),
    };
    let stamp = args.write.stamp(context, "allocate", &request)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    args.refuse_other_view(&lock)?;
    args.documents.refuse_without_view(lock.series())?;
    let tokens = args.tokens(&lock).map_err(of_file)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let entries = again(&tokens, &lock, &event).map_err(of_file)?;
        let answer = args.answer(entries, event.rev);
        return Ok(answer.repeating(&event));
    }
    let (work, entries) = args.hand_out(&lock, &tokens, count)?;
    let at = stamp.now.max(lock.head().at);
    let handed = entries
        .iter()
        .map(|entry| args.describe(&lock, entry, at))
        .collect::<Result<Vec<_>, _>>()
        .map_err(of_file)?;
    let fresh = entries.iter().filter(|entry| !entry.existing).count() as u64;
    let left = lock.free().map_err(of_file)? - fresh;
    let revision = lock
        .prepare(&stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let answer = args.answer(handed, revision.rev);
    let answer = answer.note(match entries.iter().find(|entry| !entry.existing) {
        None => "every token id has its entry already: nothing was handed out".to_owned(),
        Some(first) => format!(
            "allocated {} of list {} ({left} left), revision {}",
            super::counted(fresh, "entry", "entries"),
            first.id.list,
            revision.rev
        ),
    });
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Args {
    /// How many entries are asked for.
    fn entries(&self) -> Result<u64, Error> {
        let ids = self.token_id.len() as u64;
        let count = self.count.unwrap_or(ids.max(1));
        if ids > 0 && count != ids {
            return Err(Error::new(
                Code::Refused,
                format!(
                    "--count {count} and {}",
                    super::counted(ids, "token id", "token ids")
                ),
            )
            .because("each token id names one entry")
            .hint("leave out --count"));
        }
        if self.index.is_some() && count != 1 {
            return Err(
                Error::new(Code::Refused, format!("--index and {count} entries"))
                    .because("--index names one entry"),
            );
        }
        self.documents.check(count)?;
        let mut seen = std::collections::HashSet::new();
        let plain = |id: &TokenId| id.trimmed().unwrap_or_else(|| id.clone());
        match self.token_id.iter().find(|id| !seen.insert(plain(id))) {
            Some(twice) => Err(Error::new(
                Code::DoubleAllocation,
                format!("token id '{twice}' stands twice in the request"),
            )
            .hint("name it once")
            .detail("tokenId", twice.to_string())),
            None => Ok(count),
        }
    }

    /// The token ids as the file has them, or will have them.
    fn tokens(&self, snapshot: &Snapshot<'_>) -> Result<Vec<TokenId>, StoreError> {
        let written = self.token_id.iter();
        written.map(|id| snapshot.token_on_file(id)).collect()
    }

    /// Refuses to hand out entries that it could not print.
    fn refuse_other_view(&self, snapshot: &Snapshot<'_>) -> Result<(), Error> {
        match self.claim {
            Some(name) => name.among(&snapshot.series().views).map(drop),
            None => Ok(()),
        }
    }

    /// The status that the entries start with. It is no transition: final statuses are allowed.
    fn first_status(&self, snapshot: &Snapshot<'_>) -> Result<Status, Error> {
        let register = snapshot.register();
        let status = match self.status {
            Some(name) => name.at(register.width)?,
            None => register.starting_status()?,
        };
        snapshot.series().takes(status)?;
        Ok(status)
    }

    /// For each entry that is asked for, the one that its token id has already.
    fn existing(
        &self,
        snapshot: &Snapshot<'_>,
        tokens: &[TokenId],
    ) -> Result<Vec<Option<EntryId>>, Error> {
        if tokens.is_empty() {
            let count = usize::try_from(self.count.unwrap_or(1)).unwrap_or(usize::MAX);
            return Ok(vec![None; count]);
        }
        tokens
            .iter()
            .map(|token| {
                let row = snapshot
                    .by_token(token)
                    .map_err(|error| Error::of_store(&self.file, &error))?;
                match row {
                    Some(row) if !self.or_existing => Err(Error::of_store(
                        &self.file,
                        &StoreError::TokenTaken {
                            token: token.clone(),
                            entry: row.entry(),
                        },
                    )),
                    row => Ok(row.map(|row| row.entry())),
                }
            })
            .collect()
    }

    /// Takes what is asked for, and says how to record it.
    fn hand_out(
        &self,
        lock: &Snapshot<'_>,
        tokens: &[TokenId],
        count: u64,
    ) -> Result<(Work<'static>, Vec<Entry>), Error> {
        let of_file = |error| Error::of_store(&self.file, &error);
        let list = match self.list {
            Some(number) => lock.list(number),
            None => lock.open_list(),
        }
        .map_err(of_file)?;
        if !list.hands_out() {
            return Err(of_file(StoreError::Closed(list.number)));
        }
        if let (Some(_), Some(profile)) = (self.index, lock.series().profile) {
            profile.chosen_index()?;
        }
        let status = self.first_status(lock)?;
        if self.token_id.is_empty() && self.index.is_none() && list.free() < count {
            // Before anything is made that is as long as the request.
            return Err(of_file(StoreError::Full {
                list: list.number,
                size: list.size.entries(),
                taken: list.taken,
                wanted: count,
            }));
        }
        let existing = self.existing(lock, tokens)?;
        let wanted = count - existing.iter().flatten().count() as u64;
        let booked = match self.index {
            Some(index) if wanted == 1 => lock.take_at(list.number, index),
            _ => lock.take(list.number, wanted),
        }
        .map_err(of_file)?;
        let mut work = Work {
            body: json!({
                "list": list.number.value(),
                "from": booked.run.map(|(first, _)| first),
                "count": booked.entries.len(),
                "index": self.index,
                "status": status.value(),
                "expires": self.expires_at.map(Timestamp::second),
            }),
            ..Work::default()
        };
        let run = booked.run.filter(|(_, count)| *count > 0);
        work.runs.extend(run.map(|(first, count)| Run {
            list: list.number,
            first,
            count,
            expires: self.expires_at,
        }));
        let (mut allocations, mut changes) = (Vec::new(), Vec::new());
        let mut fresh = booked.entries.iter().copied();
        let mut entries = Vec::with_capacity(existing.len());
        for (place, known) in existing.into_iter().enumerate() {
            let token = tokens.get(place).cloned();
            let next = if known.is_none() { fresh.next() } else { None };
            if let Some(next) = next {
                if token.is_some() || self.index.is_some() {
                    let row = Booked::row(next, token.clone(), self.expires_at);
                    allocations.push(row);
                }
                if status != list.default_status {
                    changes.push(ChangeRow {
                        entry: next.1,
                        old: list.default_status,
                        new: status,
                        remark: Remark::default(),
                    });
                }
            }
            entries.extend(next.map(|(_, id)| id).or(known).map(|id| Entry {
                id,
                token,
                status,
                existing: next.is_none(),
            }));
        }
        // Steps ascend, but their indexes do not.
        changes.sort_unstable_by_key(|change: &ChangeRow| change.entry);
        work.allocations = rows(allocations);
        work.changes = rows(changes);
        let handed = entries.iter().map(Entry::handed);
        work.documents = rows(self.documents.rows(lock, handed).map_err(of_file)?);
        Ok((work, entries))
    }

    /// What there is to say of an entry at the time of this command.
    fn describe(
        &self,
        snapshot: &Snapshot<'_>,
        entry: &Entry,
        at: Timestamp,
    ) -> Result<Handed, StoreError> {
        if entry.existing {
            return before(snapshot, entry.id, i64::MAX);
        }
        handed(
            snapshot,
            entry.id,
            Facts {
                status: entry.status,
                token_id: entry.token.as_ref().map(ToString::to_string),
                allocated_at: at,
                expires_at: self.expires_at,
                existing: false,
            },
        )
    }

    fn answer(&self, entries: Vec<Handed>, revision: i64) -> Answer {
        let unpublished = entries.iter().find(|entry| !entry.published);
        let warning = unpublished.map(|entry| {
            format!(
                "no site is known to have list {}: publish it before credentials with these entries are used",
                entry.list_id
            )
        });
        let secrets = super::answer::exposure::of_list_file(&self.file);
        let shape = if self.count.is_some() || self.token_id.len() > 1 {
            Shape::Many
        } else {
            Shape::One
        };
        let mut answer = Answer::report(HandedOut {
            entries,
            shape,
            revision,
            claim: self.claim,
        });
        answer.warnings.extend(warning);
        answer.warnings.extend(secrets);
        answer
    }
}

/// An entry that was handed out before, as it was after a revision.
fn before(snapshot: &Snapshot<'_>, entry: EntryId, rev: i64) -> Result<Handed, StoreError> {
    let allocation = snapshot
        .allocation(entry)?
        .ok_or(StoreError::NotAllocated(entry))?;
    let list = snapshot.list(entry.list)?;
    handed(
        snapshot,
        entry,
        Facts {
            status: snapshot.status_after(&list, entry, rev)?,
            token_id: allocation.token.map(|token| token.to_string()),
            allocated_at: allocation.at,
            expires_at: allocation.expires,
            existing: allocation.rev != rev,
        },
    )
}

/// What an operation id was answered the first time.
fn again(
    tokens: &[TokenId],
    lock: &WriteLock<'_>,
    event: &Event,
) -> Result<Vec<Handed>, StoreError> {
    let entries = if tokens.is_empty() {
        lock.allocated_by(event)?
    } else {
        let find = |token: &TokenId| {
            lock.by_token(token)?
                .map(|row| row.entry())
                .ok_or_else(|| StoreError::NoToken(token.clone()))
        };
        tokens.iter().map(find).collect::<Result<_, _>>()?
    };
    entries
        .into_iter()
        .map(|entry| before(lock, entry, event.rev))
        .collect()
}

/// An entry that the command answers with.
struct Entry {
    id: EntryId,
    token: Option<TokenId>,
    status: Status,
    existing: bool,
}

impl Entry {
    const fn handed(&self) -> documents::Handed {
        if self.existing {
            documents::Handed::Before(self.id)
        } else {
            documents::Handed::Fresh(self.id)
        }
    }
}

struct Facts {
    status: Status,
    token_id: Option<String>,
    allocated_at: Timestamp,
    expires_at: Option<Timestamp>,
    existing: bool,
}

fn handed(snapshot: &Snapshot<'_>, entry: EntryId, facts: Facts) -> Result<Handed, StoreError> {
    let idx = entry.index.value();
    let uris = snapshot.uris(entry.list)?;
    let references = References::of(snapshot.series(), &uris, idx);
    Ok(Handed {
        list_id: entry.list.to_string(),
        idx,
        uri: snapshot.first_among(entry.list, uris)?,
        status: facts.status,
        allocated_at: facts.allocated_at,
        token_id: facts.token_id,
        expires_at: facts.expires_at,
        existing: facts.existing,
        published: snapshot.is_published(entry.list)?,
        claims: references.claims(),
        references,
    })
}
