//! What `inspect` shows of a list file.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::args::Args;
use super::shown::{StatusCount, status_counts, write_count, write_counts};
use crate::commands::answer::profiles::breach_warnings;
use crate::commands::session;
use crate::commands::{Answer, Error, counted, init};
use crate::list::{ListUri, Series, Status, Timestamp, Weight, pages};
use crate::store::{Event, ListRow, Snapshot, StoreError, Whereabouts};
use crate::wire::shell::quote;
use crate::wire::text::escaped;

/// How many of the newest revisions are shown.
const REVISIONS: u32 = 5;

/// What a list file holds. Nothing secret is in it: no seed, no token id.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListFile {
    kind: &'static str,
    settings: Series,
    revision: i64,
    updated_at: Timestamp,
    backup_of: Option<Timestamp>,
    home: Option<&'static str>,
    integrity: Integrity,
    lists: Vec<ListShown>,
    revisions: Vec<EventShown>,
    published: Vec<PublicationShown>,
    entry: Option<String>,
    #[serde(skip)]
    final_statuses: Vec<Status>,
    #[serde(skip)]
    default_status: Status,
}

#[derive(Debug, Serialize)]
struct Integrity {
    revisions: i64,
    changes: u64,
    allocations: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListShown {
    list_id: String,
    state: &'static str,
    uris: Vec<ListUri>,
    bits: u8,
    size: u64,
    allocated: u64,
    statuses: Vec<StatusCount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Documents>,
}

/// How many hashes `OpenAttestation` readers can ask for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Documents {
    documents: i64,
    on_the_way: i64,
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

pub(crate) fn run(args: &Args) -> Result<Answer, Error> {
    let store = session::open_to_read(&args.target, args.wait.time())?;
    let of_file = |error| Error::of_store(&args.target, &error);
    let snapshot = store.snapshot().map_err(of_file)?;
    let integrity = snapshot.verify().map_err(of_file)?;
    let lists = snapshot
        .lists()
        .and_then(|lists| {
            lists
                .iter()
                .map(|list| ListShown::of(&snapshot, list))
                .collect()
        })
        .map_err(of_file)?;
    let revisions = snapshot
        .last_events(REVISIONS)
        .and_then(|events| {
            events
                .into_iter()
                .map(|event| EventShown::of(&snapshot, event))
                .collect()
        })
        .map_err(of_file)?;
    let published = snapshot.publications().map_err(of_file)?;
    let entry = match &args.entry {
        None => None,
        Some(name) => {
            let entry = snapshot.find(name, None).map_err(of_file)?;
            let status = snapshot.status(entry).map_err(of_file)?;
            Some(format!("{entry} is {status}"))
        }
    };
    // A backup lives nowhere until it is restored.
    let whereabouts = match snapshot.copied_at() {
        None => Some(snapshot.whereabouts().map_err(of_file)?),
        Some(_) => None,
    };
    let head = snapshot.head();
    let mut answer = Answer::report(ListFile {
        kind: "list-file",
        settings: snapshot.series().clone(),
        revision: head.rev,
        updated_at: head.at,
        backup_of: snapshot.copied_at(),
        home: whereabouts.map(name),
        integrity: Integrity {
            revisions: integrity.revisions,
            changes: integrity.changes,
            allocations: integrity.allocations,
        },
        lists,
        revisions,
        published: published
            .into_iter()
            .map(|publication| PublicationShown {
                list_id: publication.list.to_string(),
                view: publication.view,
                revision: publication.rev,
                issued_at: publication.issued_at,
                expires_at: publication.expires_at,
                sha256: crate::wire::hex::hex(&publication.sha256),
                target: publication.target,
            })
            .collect(),
        entry,
        final_statuses: snapshot.register().final_statuses.clone(),
        default_status: snapshot.register().default_status,
    });
    answer.warnings.extend(warnings(whereabouts, &args.target));
    for weight in [Weight::Must, Weight::Should] {
        let breaches = snapshot.series().breaches(weight);
        answer.warnings.extend(breach_warnings(breaches));
    }
    answer
        .warnings
        .extend(crate::commands::answer::exposure::of_list_file(
            &args.target,
        ));
    Ok(answer)
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

impl ListShown {
    fn of(snapshot: &Snapshot<'_>, list: &ListRow) -> Result<Self, StoreError> {
        let packed = snapshot.packed(list)?;
        let mut entries = pages::count(&packed, list.width, list.size.entries());
        // Entries that nobody was given have the default status.
        if let Some(unused) = entries.get_mut(usize::from(list.default_status.value())) {
            *unused = unused.saturating_sub(list.free());
        }
        Ok(Self {
            list_id: list.number.to_string(),
            state: list.state.name(),
            uris: snapshot.uris(list.number)?,
            bits: list.width.bits(),
            size: list.size.entries(),
            allocated: list.taken,
            statuses: status_counts(entries, list.width),
            documents: Documents::of(snapshot, list)?,
        })
    }
}

impl Documents {
    fn of(snapshot: &Snapshot<'_>, list: &ListRow) -> Result<Option<Self>, StoreError> {
        if !snapshot.series().publishes_documents() {
            return Ok(None);
        }
        let count = snapshot.document_count(list.number)?;
        Ok(Some(Self {
            documents: count.documents,
            on_the_way: count.on_the_way,
        }))
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

impl fmt::Display for ListFile {
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
        writeln!(
            formatter,
            "intact:     {}, {}, {}",
            counted(
                self.integrity.revisions.unsigned_abs(),
                "revision",
                "revisions"
            ),
            counted(self.integrity.changes, "change", "changes"),
            counted(self.integrity.allocations, "allocation", "allocations")
        )?;
        if let Some(profile) = settings.profile {
            writeln!(formatter, "profile:    {profile}")?;
        }
        writeln!(formatter, "issuer:     {}", escaped(&settings.issuer))?;
        writeln!(formatter, "default:    {}", self.default_status)?;
        writeln!(
            formatter,
            "final:      {}",
            init::names(&self.final_statuses)
        )?;
        writeln!(formatter, "ttl:        {}", settings.ttl)?;
        writeln!(formatter, "valid for:  {}", settings.valid_for)?;
        if let Some(uri) = &settings.aggregation_uri {
            writeln!(formatter, "aggregated: {}", escaped(uri))?;
        }
        for view in &settings.views {
            writeln!(formatter, "view:       {} at {}", view.view, view.uri)?;
        }
        for (key, value) in &settings.meta {
            writeln!(formatter, "meta:       {}={}", escaped(key), escaped(value))?;
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
        write!(
            formatter,
            "revision:   {} at {}: {} by {}, {}",
            self.revision,
            self.at,
            self.operation,
            escaped(&self.actor),
            counted(
                u64::try_from(self.changes).unwrap_or(0),
                "status",
                "statuses"
            )
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
