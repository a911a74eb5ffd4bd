//! What `inspect` shows of a list file.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::args::Args;
use super::ends::EndShown;
use super::shown::{StatusCount, status_counts, write_count, write_counts};
use crate::commands::answer::exposure;
use crate::commands::answer::profiles::breach_warnings;
use crate::commands::session;
use crate::commands::{Answer, Context, Error, counted, init};
use crate::list::{EntryName, ListUri, Register, Series, Timestamp, Weight, pages};
use crate::store::{
    DocumentCount, Event, ListRow, Publication, Snapshot, StoreError, Verified, Whereabouts,
};
use crate::wire::hex::hex;
use crate::wire::shell::quote;
use crate::wire::text::escaped;

/// How many of the newest revisions are shown.
const REVISIONS: u32 = 5;

/// What a list file holds. Nothing secret is in it: no seed, no token id.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListFileShown {
    kind: &'static str,
    settings: Series,
    revision: i64,
    updated_at: Timestamp,
    backup_of: Option<Timestamp>,
    home: Option<&'static str>,
    integrity: Verified,
    lists: Vec<ListShown>,
    revisions: Vec<EventShown>,
    published: Vec<PublicationShown>,
    entry: Option<String>,
    #[serde(skip)]
    register: Register,
    #[serde(skip)]
    whereabouts: Option<Whereabouts>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListShown {
    list_id: String,
    state: &'static str,
    /// That of the first view.
    uri: String,
    uris: Vec<ListUri>,
    bits: u8,
    size: u64,
    allocated: u64,
    created_at: Timestamp,
    #[serde(flatten)]
    end: EndShown,
    statuses: Vec<StatusCount>,
    /// How many hashes `OpenAttestation` readers can ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<DocumentCount>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EventShown {
    revision: i64,
    at: Timestamp,
    operation: String,
    operation_id: String,
    actor: String,
    note: String,
    changes: i64,
    visible: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PublicationShown {
    list_id: String,
    view: String,
    revision: i64,
    issued_at: Timestamp,
    expires_at: Option<Timestamp>,
    sha256: String,
    target: String,
}

pub(crate) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let now = context.clock.now();
    let store = session::open_to_read(&args.target, args.wait.time())?;
    let shown = store
        .snapshot()
        .and_then(|snapshot| ListFileShown::of(&snapshot, args.entry.as_ref(), now))
        .map_err(|error| Error::of_store(&args.target, &error))?;
    let mut warnings = warnings(shown.whereabouts, &args.target);
    for weight in [Weight::Must, Weight::Should] {
        warnings.extend(breach_warnings(shown.settings.breaches(weight)));
    }
    warnings.extend(exposure::of_list_file(&args.target));
    let due = shown.due(&args.target);
    let mut answer = Answer::report(shown);
    answer.notes.extend(due);
    answer.warnings = warnings;
    Ok(answer)
}

impl ListFileShown {
    fn of(
        snapshot: &Snapshot<'_>,
        entry: Option<&EntryName>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let integrity = snapshot.verify()?;
        let lists = snapshot.lists()?;
        let made = snapshot.lists_made_at()?;
        let lists = lists.iter().map(|list| {
            let at = made.get(&list.number).copied();
            let unlogged = || StoreError::Corrupt(format!("no revision made list {}", list.number));
            let times = Times {
                created_at: at.ok_or_else(unlogged)?,
                now,
            };
            ListShown::of(snapshot, list, times)
        });
        let lists = lists.collect::<Result<_, _>>()?;
        let events = snapshot.last_events(REVISIONS)?.into_iter();
        let revisions = events.map(|event| EventShown::of(snapshot, event));
        let revisions = revisions.collect::<Result<_, _>>()?;
        let published = snapshot.publications()?.into_iter();
        let published = published.map(PublicationShown::of).collect();
        let entry = match entry {
            None => None,
            Some(name) => {
                let entry = snapshot.find(name, None)?;
                Some(format!("{entry} is {}", snapshot.status(entry)?))
            }
        };
        let backup_of = snapshot.copied_at();
        // A backup lives nowhere until it is restored.
        let whereabouts = match backup_of {
            None => Some(snapshot.whereabouts()?),
            Some(_) => None,
        };
        let head = snapshot.head();
        Ok(Self {
            kind: "list-file",
            settings: snapshot.series().clone(),
            revision: head.rev,
            updated_at: head.at,
            backup_of,
            home: whereabouts.map(name),
            integrity,
            lists,
            revisions,
            published,
            entry,
            register: snapshot.register().clone(),
            whereabouts,
        })
    }
}

impl ListFileShown {
    /// Names the lists that can be retired; a backup changes nothing.
    fn due(&self, file: &Path) -> Option<String> {
        let due = self.lists.iter().filter(|list| list.end.due);
        let due: Vec<_> = due.map(|list| list.list_id.as_str()).collect();
        let (lists, are) = match due.as_slice() {
            _ if self.backup_of.is_some() => return None,
            [] => return None,
            [_] => ("list", "is"),
            _ => ("lists", "are"),
        };
        Some(format!(
            "{lists} {} {are} due to be retired: statuslist retire {} --due",
            due.join(", "),
            quote(file)
        ))
    }
}

/// What `inspect` calls the place of a file, seen from where it lives.
const fn name(whereabouts: Whereabouts) -> &'static str {
    match whereabouts {
        Whereabouts::Here => "here",
        Whereabouts::Elsewhere => "elsewhere",
        Whereabouts::Anywhere => "anywhere",
        Whereabouts::Unknown => "unknown",
    }
}

/// Warns of a file that is a copy, or whose copies nothing would tell from it.
fn warnings(whereabouts: Option<Whereabouts>, file: &Path) -> Vec<String> {
    let file = quote(file);
    match whereabouts {
        None | Some(Whereabouts::Here | Whereabouts::Unknown) => Vec::new(),
        Some(Whereabouts::Elsewhere) => vec![format!(
            "{file} is a copy, or was moved from another file system or machine: it hands out no \
             entries"
        )],
        Some(Whereabouts::Anywhere) => vec![format!(
            "{file} hands out entries wherever it is, and so do its copies: the same indexes"
        )],
    }
}

/// When a list was made, and when it is looked at.
#[derive(Clone, Copy)]
struct Times {
    created_at: Timestamp,
    now: Timestamp,
}

impl ListShown {
    fn of(snapshot: &Snapshot<'_>, list: &ListRow, times: Times) -> Result<Self, StoreError> {
        let packed = snapshot.packed(list)?;
        let mut entries = pages::count(&packed, list.width, list.size.entries());
        // Entries that nobody was given have the default status.
        if let Some(unused) = entries.get_mut(usize::from(list.default_status.value())) {
            *unused = unused.saturating_sub(list.free());
        }
        let shows_documents = snapshot.series().publishes_documents();
        let documents = shows_documents.then(|| snapshot.document_count(list.number));
        let uris = snapshot.uris(list.number)?;
        Ok(Self {
            list_id: list.number.to_string(),
            state: list.state.name(),
            uri: snapshot.first_among(list.number, uris.clone())?,
            uris,
            bits: list.width.bits(),
            size: list.size.entries(),
            allocated: list.taken,
            created_at: times.created_at,
            end: EndShown::of(snapshot, list, times.now)?,
            statuses: status_counts(entries, list.width),
            documents: documents.transpose()?,
        })
    }
}

impl PublicationShown {
    fn of(publication: Publication) -> Self {
        Self {
            list_id: publication.list.to_string(),
            view: publication.view,
            revision: publication.rev,
            issued_at: publication.issued_at,
            expires_at: publication.expires_at,
            sha256: hex(&publication.sha256),
            target: publication.target,
        }
    }
}

impl EventShown {
    fn of(snapshot: &Snapshot<'_>, event: Event) -> Result<Self, StoreError> {
        Ok(Self {
            changes: snapshot.changes_in(event.rev)?,
            revision: event.rev,
            at: event.at,
            operation: event.operation,
            operation_id: event.operation_id,
            actor: event.actor,
            note: event.note,
            visible: event.visible,
        })
    }
}

/// A note of the issuer for people: a text without quotation marks.
fn meta_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => escaped(text),
        other => escaped(&other.to_string()),
    }
}

impl fmt::Display for ListFileShown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.settings;
        writeln!(
            formatter,
            "list file:  revision {} of {}",
            self.revision, self.updated_at
        )?;
        if let Some(time) = self.backup_of {
            writeln!(
                formatter,
                "backup:     written at {time}; restore it before it can be changed"
            )?;
        }
        if let Some(home) = self.home {
            writeln!(formatter, "lives:      {home}")?;
        }
        let Verified {
            revisions,
            changes,
            allocations,
        } = self.integrity;
        writeln!(
            formatter,
            "intact:     {}, {}, {}",
            counted(revisions.unsigned_abs(), "revision", "revisions"),
            counted(changes, "change", "changes"),
            counted(allocations, "allocation", "allocations")
        )?;
        if let Some(profile) = settings.profile {
            writeln!(formatter, "profile:    {profile}")?;
        }
        writeln!(formatter, "issuer:     {}", escaped(&settings.issuer))?;
        for bound in &settings.bound_to {
            writeln!(formatter, "bound to:   {}", escaped(bound))?;
        }
        writeln!(formatter, "default:    {}", self.register.default_status)?;
        let finals = init::names(&self.register.final_statuses);
        writeln!(formatter, "final:      {finals}")?;
        writeln!(formatter, "ttl:        {}", settings.ttl)?;
        writeln!(formatter, "valid for:  {}", settings.valid_for)?;
        if let Some(uri) = &settings.aggregation_uri {
            writeln!(formatter, "aggregated: {}", escaped(uri))?;
        }
        for view in &settings.views {
            writeln!(formatter, "view:       {} at {}", view.view, view.uri)?;
        }
        for (key, value) in &settings.meta {
            writeln!(
                formatter,
                "meta:       {}={}",
                escaped(key),
                meta_text(value)
            )?;
        }
        for list in &self.lists {
            list.fmt(formatter)?;
        }
        for revision in &self.revisions {
            revision.fmt(formatter)?;
        }
        for publication in &self.published {
            let expires = publication.expires_at;
            let expiry = expires.map(|time| format!("expires {time}, "));
            let expiry = expiry.unwrap_or_default();
            writeln!(
                formatter,
                "published:  list {} as {}, revision {}, issued {}, {}in {}",
                publication.list_id,
                publication.view,
                publication.revision,
                publication.issued_at,
                expiry,
                publication.target
            )?;
        }
        match &self.entry {
            Some(entry) => writeln!(formatter, "entry:      {entry}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ListShown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "list {}:     {}, {} of {} entries allocated ({}), {}",
            self.list_id,
            self.state,
            self.allocated,
            self.size,
            percent(self.allocated, self.size),
            counted(self.bits.into(), "bit", "bits")
        )?;
        for uri in &self.uris {
            writeln!(formatter, "  {:<9} {}", uri.view.name(), uri.uri)?;
        }
        self.end.fmt(formatter)?;
        write_counts(formatter, &self.statuses)?;
        if let Some(documents) = &self.documents {
            write_count(formatter, "documents", documents.documents)?;
            write_count(formatter, "hashes on their way", documents.on_the_way)?;
        }
        Ok(())
    }
}

impl fmt::Display for EventShown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = u64::try_from(self.changes).unwrap_or(0);
        write!(
            formatter,
            "revision:   {} at {}: {} by {}, {}",
            self.revision,
            self.at,
            self.operation,
            escaped(&self.actor),
            counted(changes, "status", "statuses")
        )?;
        if self.note.is_empty() {
            writeln!(formatter)
        } else {
            writeln!(formatter, ": {}", escaped(&self.note))
        }
    }
}

/// A share with one decimal, rounded down, so that "100 %" means all.
fn percent(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1_000 / u128::from(whole.max(1));
    format!("{}.{} %", tenths / 10, tenths % 10)
}
