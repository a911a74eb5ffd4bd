//! `get`: what an entry is, was, and why.

mod was;

use std::fmt;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::json;

use self::was::Was;
use super::options::{WaitOption, WithinOption};
use super::pool::{Found, Pool, PoolError, is_pool};
use super::session;
use super::{Answer, Code, Context, Error};
use crate::commands::or_dash;
use crate::list::{
    DocumentHash, EntryId, EntryName, GroupName, Moment, Remark, StatusName, Timestamp,
};
use crate::store::{ListRow, ListState, PastChange, Snapshot, StoreError};
use crate::wire::text::escaped;

/// Shows what an entry is, was, and why.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list file, or a folder of list files (a pool).
    pub file: PathBuf,
    /// The entries: LIST/INDEX, URI#INDEX, id:TOKEN-ID, INDEX, or group:ID for all of a group; of a
    /// pool, URI#INDEX, id:TOKEN-ID or group:ID.
    #[arg(required = true, value_name = "ENTRY")]
    pub entries: Vec<EntryName>,
    /// Show what it was at this time; for a date, at its start, with every change of that day. A date
    /// on which the status changed is no answer for --is.
    #[arg(long, value_name = "TIME")]
    pub at: Option<Moment>,
    /// Show every change.
    #[arg(long)]
    pub history: bool,
    /// Exit with 1 unless every entry has this status.
    #[arg(long, value_name = "STATUS")]
    pub is: Option<StatusName>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub within: WithinOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub wait: WaitOption,
}

/// What one entry is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LookedUpEntry {
    list_id: String,
    idx: u32,
    uri: String,
    token_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<GroupName>,
    /// The revision that gave it its token id, if that came later.
    #[serde(skip_serializing_if = "Option::is_none")]
    labelled_by: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_hash: Option<DocumentHash>,
    #[serde(flatten)]
    was: Was,
    /// Nothing in a list that was closed by `restore`, if the original handed the entry out later.
    allocated_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    /// Until when the status is kept, whatever the expiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_until: Option<Timestamp>,
    /// What became of its list, if that is closed or retired.
    #[serde(flatten)]
    end: Option<EndOfList>,
    updated_at: Option<Timestamp>,
    /// Of the status; so where there is no one status, nothing.
    reason: Option<&'static str>,
    note: Option<String>,
    revoked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<Change>>,
}

/// What became of a list that was closed.
#[derive(Serialize)]
struct EndOfList {
    #[serde(rename = "listState")]
    state: &'static str,
    #[serde(rename = "listKeptUntil")]
    kept_until: Option<Timestamp>,
}

/// One change of an entry.
struct Change(PastChange);

/// What was found.
struct LookedUp {
    entries: Vec<LookedUpEntry>,
    asked_for: AskedFor,
}

/// What was asked for, which decides the shape of the answer.
enum AskedFor {
    One,
    Group(GroupName),
    Several,
}

/// Runs the command.
///
/// # Errors
/// No such entry, or it was not allocated at that time. With `--is`, the answer shows the entries
/// and its verdict says which one differs.
pub fn run(args: &Args, _: &Context<'_>) -> Result<Answer, Error> {
    if is_pool(&args.file) {
        return args.run_in_pool();
    }
    run_on_file(args)
}

fn run_on_file(args: &Args) -> Result<Answer, Error> {
    let store = session::open_to_read(&args.file, args.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let snapshot = store.snapshot().map_err(of_file)?;
    let wanted = args
        .is
        .map(|name| name.at(snapshot.register().width))
        .transpose()?;
    let mut entries = Vec::new();
    let mut verdict = None;
    for id in args.find(&snapshot).map_err(of_file)? {
        let entry = args.look_up(&snapshot, id)?;
        if verdict.is_none() {
            verdict = wanted.and_then(|wanted| entry.was.refusal(id, wanted));
        }
        entries.push(entry);
    }
    let mut answer = Answer::report(LookedUp {
        entries,
        asked_for: AskedFor::of(&args.entries),
    });
    answer.verdict = verdict;
    Ok(answer.exposing(&args.file))
}

impl Args {
    /// Runs on the list files of a pool that have the entries.
    fn run_in_pool(&self) -> Result<Answer, Error> {
        if self.within.list.is_some() {
            return Err(PoolError::ListOption(self.file.clone()).into());
        }
        let pool = Pool::to_read(&self.file, self.wait.time())?;
        let Found { files, remarks } = pool.find(&self.entries)?;
        let named: Vec<_> = files.into_iter().zip(self.entries.clone()).collect();
        let mut answers = Vec::new();
        for of_one in named.chunk_by(|one, other| one.0 == other.0) {
            let file = &of_one[0].0;
            let args = Self {
                file: file.clone(),
                entries: of_one.iter().map(|(_, name)| name.clone()).collect(),
                ..self.clone()
            };
            let answer = run_on_file(&args).map_err(|error| error.in_file_of_pool(file))?;
            answers.push((file.clone(), answer));
        }
        Ok(Answer::of_files(answers).without(&remarks))
    }

    /// The entries that are named, in that order.
    fn find(&self, snapshot: &Snapshot<'_>) -> Result<Vec<EntryId>, StoreError> {
        let within = self.within.list;
        let mut found = Vec::with_capacity(self.entries.len());
        for name in &self.entries {
            let Some(group) = name.group() else {
                found.push(snapshot.find(name, within)?);
                continue;
            };
            let of_group = snapshot.entries_in(group, self.up_to(snapshot)?)?;
            match within.filter(|list| of_group.iter().any(|entry| entry.list != *list)) {
                Some(list) => {
                    let name = name.clone();
                    return Err(StoreError::OtherList { name, list });
                }
                None => found.extend(of_group),
            }
        }
        Ok(found)
    }

    /// The newest revision of the time that is asked about.
    fn up_to(&self, snapshot: &Snapshot<'_>) -> Result<i64, StoreError> {
        match self.at {
            Some(moment) => snapshot.revision_at(moment.end),
            None => Ok(i64::MAX),
        }
    }

    fn look_up(&self, snapshot: &Snapshot<'_>, id: EntryId) -> Result<LookedUpEntry, Error> {
        let of_file = |error| Error::of_store(&self.file, &error);
        let allocation = snapshot.allocation(id).map_err(of_file)?;
        let allocated_at = allocation.as_ref().map(|allocation| allocation.at);
        if let (Some(moment), Some(allocated_at)) = (self.at, allocated_at)
            && moment.end < allocated_at
        {
            return Err(Error::new(
                Code::IndexNotFound,
                format!("entry {id} was not allocated at {}", moment.end),
            )
            .because(format!("it was allocated at {allocated_at}"))
            .detail("listId", id.list.to_string())
            .detail("idx", id.index.value()));
        }
        let up_to = match self.at {
            Some(moment) => snapshot.revision_at(moment.start).map_err(of_file)?,
            None => i64::MAX,
        };
        let last = snapshot.last_change_up_to(id, up_to).map_err(of_file)?;
        let status = match (&last, self.at) {
            // Now: read the page itself, which is compared with the newest change.
            (_, None) => snapshot.status(id),
            (Some(change), Some(_)) => Ok(change.row.new),
            (None, Some(_)) => snapshot.list(id.list).map(|list| list.default_status),
        }
        .map_err(of_file)?;
        let changes = snapshot.changes_of(id).map_err(of_file)?;
        let was = match self.at {
            Some(day) if day.is_day() => {
                let allocation = allocation.as_ref();
                Was::on_day(day, allocation, status, up_to, &changes)
            }
            _ => Was::Always(status),
        };
        let names = snapshot.names(id, i64::MAX).map_err(of_file)?;
        let history = self.history(changes);
        let remark = match (&was, &last) {
            (Was::Always(_), Some(change)) => Some(change.row.remark.clone()),
            (Was::Always(_), None) => Some(Remark::default()),
            (Was::Changing(..) | Was::Beginning(..), _) => None,
        };
        let term = allocation.as_ref();
        let term = term.map(|allocation| snapshot.term_of(allocation));
        let term = term.transpose().map_err(of_file)?.unwrap_or_default();
        let end = snapshot.list(id.list).map_err(of_file)?;
        let end = EndOfList::of(&end);
        Ok(LookedUpEntry {
            list_id: id.list.to_string(),
            idx: id.index.value(),
            uri: snapshot.first_uri(id.list).map_err(of_file)?,
            token_id: names.token.map(|token| token.to_string()),
            group: names.group,
            labelled_by: names.labelled.filter(|_| self.history),
            document_hash: snapshot.document_of(id).map_err(of_file)?,
            was,
            allocated_at,
            expires_at: names.expires,
            kept_until: term.kept_until,
            end,
            updated_at: last.map(|change| change.at).or(allocated_at),
            reason: remark.as_ref().map(|remark| remark.reason.name()),
            revoked_at: remark.as_ref().and_then(|remark| remark.since),
            note: remark.and_then(|remark| remark.note),
            history,
        })
    }

    /// Every change if that was asked for, or those of the day that was asked about.
    fn history(&self, changes: Vec<PastChange>) -> Option<Vec<Change>> {
        let day = self.at.filter(|moment| moment.is_day());
        if !self.history && day.is_none() {
            return None;
        }
        let shown = |change: &PastChange| {
            self.at.is_none_or(|moment| change.at <= moment.end)
                && (self.history || day.is_none_or(|day| change.at > day.start))
        };
        let shown = changes.into_iter().filter(shown);
        Some(shown.map(Change).collect())
    }
}

impl EndOfList {
    fn of(list: &ListRow) -> Option<Self> {
        let has_ended = matches!(list.state, ListState::Closed | ListState::Retired);
        has_ended.then(|| Self {
            state: list.state.name(),
            kept_until: list.kept_until(),
        })
    }
}

impl Serialize for Change {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(change) = self;
        let remark = &change.row.remark;
        json!({
            "revision": change.rev,
            "updatedAt": change.at,
            "previousStatus": change.row.old,
            "currentStatus": change.row.new,
            "reason": remark.reason.name(),
            "note": remark.note,
            "revokedAt": remark.since,
            "actor": change.actor,
            "operationId": change.operation_id,
        })
        .serialize(serializer)
    }
}

impl AskedFor {
    fn of(names: &[EntryName]) -> Self {
        match names {
            [EntryName::Group(group)] => Self::Group((**group).clone()),
            [_] => Self::One,
            _ => Self::Several,
        }
    }
}

impl Serialize for LookedUp {
    /// One entry by itself, or an object with `entries` and `count`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Several<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            group: Option<&'a GroupName>,
            entries: &'a [LookedUpEntry],
            count: usize,
        }
        let several = |group| Several {
            group,
            entries: &self.entries,
            count: self.entries.len(),
        };
        match (&self.asked_for, self.entries.as_slice()) {
            (AskedFor::One, [only]) => only.serialize(serializer),
            (AskedFor::Group(group), _) => several(Some(group)).serialize(serializer),
            _ => several(None).serialize(serializer),
        }
    }
}

impl fmt::Display for LookedUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, entry) in self.entries.iter().enumerate() {
            if place > 0 {
                writeln!(formatter)?;
            }
            entry.fmt(formatter)?;
        }
        Ok(())
    }
}

impl fmt::Display for LookedUpEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "entry:      {}/{}", self.list_id, self.idx)?;
        writeln!(formatter, "status:     {}", self.was)?;
        writeln!(formatter, "uri:        {}", self.uri)?;
        if let Some(token) = &self.token_id {
            writeln!(formatter, "token id:   {}", escaped(token))?;
        }
        if let Some(rev) = self.labelled_by {
            writeln!(formatter, "labelled:   by revision {rev}")?;
        }
        if let Some(group) = &self.group {
            writeln!(formatter, "group:      {}", escaped(&group.to_string()))?;
        }
        if let Some(hash) = &self.document_hash {
            writeln!(formatter, "document:   {hash}")?;
        }
        match self.allocated_at {
            Some(time) => writeln!(formatter, "allocated:  {time}")?,
            None => writeln!(
                formatter,
                "allocated:  not by this file, before it was restored"
            )?,
        }
        if self.expires_at.is_some() {
            writeln!(formatter, "expires:    {}", or_dash(self.expires_at))?;
        }
        if let Some(time) = self.kept_until {
            writeln!(formatter, "kept until: {time}")?;
        }
        if let Some(EndOfList { state, kept_until }) = &self.end {
            match kept_until {
                Some(time) => writeln!(formatter, "list:       {state}, kept until {time}")?,
                None => writeln!(formatter, "list:       {state}")?,
            }
        }
        writeln!(formatter, "updated:    {}", or_dash(self.updated_at))?;
        if let Some(reason) = self.reason.filter(|reason| *reason != "unspecified") {
            writeln!(formatter, "reason:     {reason}")?;
        }
        if let Some(note) = &self.note {
            writeln!(formatter, "note:       {}", escaped(note))?;
        }
        if self.revoked_at.is_some() {
            writeln!(formatter, "since:      {}", or_dash(self.revoked_at))?;
        }
        let Some(history) = &self.history else {
            return Ok(());
        };
        writeln!(formatter, "changes:    {}", history.len())?;
        for change in history {
            writeln!(formatter, "  {change}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(change) = self;
        write!(
            formatter,
            "{}  revision {}: {} -> {}, {} by {}",
            change.at,
            change.rev,
            change.row.old,
            change.row.new,
            change.row.remark.reason.name(),
            escaped(&change.actor)
        )?;
        match &change.row.remark.note {
            Some(note) => write!(formatter, ": {}", escaped(note)),
            None => Ok(()),
        }
    }
}
