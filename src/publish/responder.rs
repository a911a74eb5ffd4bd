//! The files of a list in view `oa-ocsp`: one for each document hash, and one for all others.
//!
//! They are not signed and do not expire, so a file is written when what it says changes, and only
//! then. What a folder was made from is said once, by the line of its `default.json` in the
//! manifest: publishing from another history is refused for the whole folder.

use std::path::Path;

use serde::Serialize;

use super::aggregation::Place;
use super::decision::{conflict, other_history};
use super::delivery::Target;
use super::guard::{Departure, Lifted, Log, Origin};
use super::side_files::{self, Done, Planned, SideFile, line};
use crate::audit::recognise_answer;
use crate::commands::{Code, Error};
use crate::list::{EntryId, ListNumber, Reason, Status, Timestamp, View, pages};
use crate::site::{Digest, Entry, SitePath};
use crate::store::{
    DocumentRow, Hash, ListRow, PastChange, Publication, Role, Snapshot, StoreError,
};
use crate::survey::Statuses;
use crate::token::oa_ocsp::{Answer, DEFAULT_FILE, MEDIA_TYPE, default_document, read_answer};

/// What a site holds, and how it may be changed.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) allow_rollback: bool,
    /// The largest file that is read, in bytes.
    pub(crate) limit: u64,
}

/// The folder that answers for the documents of one list.
pub(crate) struct Responder<'a> {
    file: &'a Path,
    list: ListNumber,
    head: (i64, Hash),
    location: String,
    /// First the one for all other hashes.
    files: Vec<Planned>,
    /// The entries whose documents would not be revoked any more.
    lifted: Option<Lifted>,
}

/// What was done with the files of one list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answered {
    list_id: String,
    pub(crate) uri: String,
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    pub(crate) documents: Vec<Done>,
}

/// What was done with the files of several lists.
#[derive(Default)]
pub(crate) struct Written<'a> {
    pub(crate) answered: Vec<Answered>,
    /// What to record in which list file.
    pub(crate) records: Vec<(&'a Path, Publication)>,
    /// What the host should do.
    pub(crate) notes: Vec<String>,
}

/// Reads what each document file of a list should say, and decides what is to be done.
///
/// # Errors
/// The list file cannot be read, a path that the site cannot hold, or [`Code::Conflict`].
pub(crate) fn collect<'a>(
    file: &'a Path,
    snapshot: &Snapshot<'_>,
    (list, location): (&ListRow, &str),
    site: Site<'_>,
) -> Result<Responder<'a>, Error> {
    let of_file = |error| Error::of_store(file, &error);
    let head = snapshot.visible_head().map_err(of_file)?;
    snapshot.confirm_statuses(list).map_err(of_file)?;
    let collector = Collector {
        snapshot,
        list,
        packed: snapshot.packed(list).map_err(of_file)?,
        site,
        chain: Digest::from(head.1),
    };
    let mut responder = Responder {
        file,
        list: list.number,
        head,
        location: location.to_owned(),
        files: Vec::new(),
        lifted: None,
    };
    let default = line(&default_document());
    let default = collector.file(location, DEFAULT_FILE, default, None, of_file)?;
    let default = default.planned;
    let default_path = &default.file.path;
    let origin = Origin::of(default_path, site.place.manifest, snapshot).map_err(of_file)?;
    if origin == Origin::Foreign && !site.allow_rollback {
        return Err(other_history(default_path));
    }
    let log = Log {
        file,
        list: list.number,
        origin,
        head: head.0,
        changed: list.rev,
    };
    let mut lifted = Lifted::none(default_path);
    responder.files.push(default);
    let mut rows = Vec::new();
    snapshot
        .each_document(list.number, |row| {
            rows.push(*row);
            Ok(())
        })
        .map_err(of_file)?;
    for row in rows {
        let answer = collector.answer(&row).map_err(of_file)?;
        let (name, bytes) = (row.hash.to_string(), content(answer, &row));
        let compared = collector.file(location, &name, bytes, Some(&row), of_file)?;
        if let Some(found) = &compared.replaces
            && let Some(departure) = collector.departure(found, &row)
            && !log.lets(snapshot, departure)?
        {
            lifted.add(departure, snapshot.series().profile);
        }
        responder.files.push(compared.planned);
    }
    responder.lifted = lifted.found();
    match &responder.lifted {
        Some(lifted) if !site.allow_rollback => {
            let is_ours = matches!(origin, Origin::Revision(_) | Origin::Adopted(_));
            let code = if is_ours {
                Code::Corrupt
            } else {
                Code::Conflict
            };
            Err(lifted.refusal(file, code))
        }
        _ => Ok(responder),
    }
}

fn content(answer: Answer, row: &DocumentRow) -> Vec<u8> {
    line(&answer.to_json(row.hash))
}

struct Collector<'a, 's> {
    snapshot: &'a Snapshot<'s>,
    list: &'a ListRow,
    packed: Vec<u8>,
    site: Site<'a>,
    chain: Digest,
}

impl Collector<'_, '_> {
    /// What the entry of a document makes of it.
    fn answer(&self, row: &DocumentRow) -> Result<Answer, StoreError> {
        let series = self.snapshot.series();
        if row.role == Role::OnTheWay {
            return Ok(Answer::NotRevoked);
        }
        let place = row.entry.index.value();
        let value = pages::read(&self.packed, self.list.width, place.into());
        if value == Some(Status::VALID.value()) {
            return Ok(Answer::NotRevoked);
        }
        let status = self.snapshot.status(row.entry)?;
        let reason = self.last_reason(row.entry)?;
        Ok(Answer::of(series, status, reason))
    }

    fn last_reason(&self, entry: EntryId) -> Result<Option<Reason>, StoreError> {
        let last = self.snapshot.last_change(entry)?;
        Ok(last.map(|change| change.row.remark.reason))
    }

    /// Whether a file says what its document was before. It can be there without the manifest
    /// knowing it if a publication was interrupted.
    fn was_said(&self, row: &DocumentRow, found: &[u8]) -> Result<bool, StoreError> {
        let series = self.snapshot.series();
        if row.role == Role::OnTheWay {
            return Ok(false);
        }
        let first = Answer::of(series, self.list.default_status, None);
        let said = |change: &PastChange| {
            Answer::of(series, change.row.new, Some(change.row.remark.reason))
        };
        let changes = self.snapshot.changes_of(row.entry)?;
        Ok(std::iter::once(first)
            .chain(changes.iter().map(said))
            .any(|answer| content(answer, row) == found))
    }

    fn file(
        &self,
        location: &str,
        name: &str,
        bytes: Vec<u8>,
        row: Option<&DocumentRow>,
        of_file: impl Fn(StoreError) -> Error,
    ) -> Result<Compared, Error> {
        let uri = format!("{location}/{name}");
        let path = SitePath::of(&uri, self.site.place.base).map_err(|error| {
            Error::new(Code::Refused, format!("cannot publish at '{uri}'")).because_of(&error)
        })?;
        let found = match self.site.place.site {
            Some(folder) => folder.read(&path, self.site.limit)?,
            None => None,
        };
        let entry = self.site.place.manifest.entries.get(&path);
        let known = |found: &[u8]| entry.is_some_and(|entry| entry.matches(found));
        let replaces = found.as_ref().filter(|found| **found != bytes).cloned();
        let write = match &found {
            Some(found) if *found == bytes => !known(found),
            Some(found) if !known(found) && !self.site.allow_rollback => {
                let was_said = match row {
                    Some(row) => self.was_said(row, found).map_err(of_file)?,
                    None => false,
                };
                if !was_said {
                    return Err(unknown(&path, entry));
                }
                true
            }
            _ => true,
        };
        let file = SideFile {
            path,
            bytes,
            media_type: MEDIA_TYPE,
            chain: self.chain,
            interrupted: None,
        };
        let planned = Planned { file, write };
        Ok(Compared { planned, replaces })
    }

    /// What leaves a final status if what is there is replaced.
    fn departure(&self, found: &[u8], row: &DocumentRow) -> Option<Departure> {
        let series = self.snapshot.series();
        let register = self.snapshot.register();
        let object = recognise_answer(found).filter(|_| row.role == Role::Document)?;
        let answer = read_answer(&object).ok()?.answer;
        let from = Statuses::answered(answer, series, register.width);
        let value = pages::read(
            &self.packed,
            self.list.width,
            row.entry.index.value().into(),
        )?;
        let to = Status::new(value.into(), register.width).ok()?;
        let leaves = !from.contains(to) && from.are_among(&series.lasting_statuses(register));
        leaves.then_some(Departure {
            entry: row.entry,
            from,
            to,
        })
    }
}

/// A file, and what is there in its place.
struct Compared {
    planned: Planned,
    /// Nothing if nothing is there, or the same.
    replaces: Option<Vec<u8>>,
}

/// Writes the folders of several lists.
///
/// # Errors
/// The disk fails.
pub(crate) fn write<'a>(
    responders: Vec<Responder<'a>>,
    root: &Path,
    target: &mut Target<'_>,
    now: Timestamp,
) -> Result<Written<'a>, Error> {
    let mut written = Written::default();
    for responder in responders {
        written.notes.extend(responder.note());
        let record = responder.record(root, now).filter(|_| target.is_open());
        let record = record.map(|record| (responder.file, record));
        written.records.extend(record);
        written.answered.push(responder.write(target, now)?);
    }
    Ok(written)
}

/// How the list file calls a site.
pub(crate) fn target(root: &Path) -> String {
    let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    root.display().to_string()
}

/// Refuses to replace a file that nobody knows.
fn unknown(path: &SitePath, entry: Option<&Entry>) -> Error {
    let reason = match entry {
        Some(_) => "it is not the file that the site's manifest describes",
        None => "a file is there that the site's manifest does not know",
    };
    conflict(path, reason)
        .hint("find out who wrote it; to replace it all the same: --allow-rollback")
}

impl Responder<'_> {
    /// The entries whose documents would not be revoked any more.
    pub(crate) fn take_lifted(&mut self) -> Option<Lifted> {
        self.lifted.take()
    }

    /// The paths of all files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.files.iter().map(|planned| &planned.file.path)
    }

    /// What the host should do with hashes that have no file, once the folder is new.
    fn note(&self) -> Option<String> {
        let first = self.files.first().filter(|planned| planned.write)?;
        let path = first.file.path.as_str();
        let folder = path.strip_suffix(DEFAULT_FILE)?;
        Some(format!(
            "readers take a missing file for an error: record every hash, or let the host answer \
             with the default where there is no file: /{folder}* /{path} 200"
        ))
    }

    /// How the list file remembers that the folder was brought up to date; `None` if it was.
    fn record(&self, root: &Path, now: Timestamp) -> Option<Publication> {
        let first = self.files.first()?;
        self.files.iter().find(|planned| planned.write)?;
        Some(Publication {
            list: self.list,
            view: View::OaOcsp.name().to_owned(),
            rev: self.head.0,
            issued_at: now,
            expires_at: None,
            sha256: *Digest::of(&first.file.bytes).as_bytes(),
            target: target(root),
        })
    }

    /// Writes what is to be written, and puts it into the manifest.
    ///
    /// # Errors
    /// The disk fails.
    fn write(self, target: &mut Target<'_>, now: Timestamp) -> Result<Answered, Error> {
        let first = self.files.first().map(|planned| planned.file.path.clone());
        let documents = side_files::write(self.files, target, now.second())?;
        let written = documents.iter().filter(|done| done.written).count();
        // The line of the first file says what the whole folder was made from.
        if let (true, true, Some(first)) = (written > 0, target.is_open(), first)
            && let Some(entry) = target.manifest.entries.get_mut(&first)
        {
            entry.chain = Digest::from(self.head.1);
        }
        Ok(Answered {
            list_id: self.list.to_string(),
            uri: self.location,
            written,
            unchanged: documents.len() - written,
            documents,
        })
    }
}
