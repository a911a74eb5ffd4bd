//! The files of a list in view `oa-ocsp`: one for each document hash, and one for all others.
//!
//! They are not signed and do not expire, so a file is written when what it says changes, and only
//! then. What a folder was made from is said once, by the line of its `default.json` in the
//! manifest: publishing from another history is refused for the whole folder.

use serde::Serialize;

use super::delivery::Delivery;
use super::departure::{Departure, Lifted};
use super::edition::Edition;
use super::error::{Conflict, Maker, PublishError};
use super::guard::Provenance;
use super::rules::Rules;
use super::side_files::{self, Done, Planned, SideFile, line};
use super::site::Site;
use crate::audit::recognise_answer;
use crate::list::{EntryId, ListNumber, Reason, Status, Timestamp, View, pages};
use crate::site::{Digest, SitePath};
use crate::store::{
    DocumentRow, ListRow, Origin, PastChange, Publication, Role, Snapshot, StoreError,
};
use crate::survey::Statuses;
use crate::token::oa_ocsp::{Answer, DEFAULT_FILE, MEDIA_TYPE, default_document, read_answer};

/// The folder that answers for the documents of one list.
pub(crate) struct Responder<'a> {
    pub(crate) edition: Edition<'a>,
    list: ListNumber,
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

/// What the folder of one list is made from.
pub(crate) struct Ground<'a, 'f, 's> {
    pub(crate) snapshot: &'a Snapshot<'s>,
    pub(crate) edition: Edition<'f>,
    pub(crate) list: &'a ListRow,
    /// The uri of the folder.
    pub(crate) location: &'a str,
    pub(crate) site: Site<'a>,
    pub(crate) rules: &'a Rules,
}

/// Reads what each document file of a list should say, and decides what is to be done.
///
/// # Errors
/// The list file cannot be read, a path that the site cannot hold, or a conflict.
pub(crate) fn collect<'f>(ground: &Ground<'_, 'f, '_>) -> Result<Responder<'f>, PublishError> {
    let Ground {
        snapshot,
        edition,
        list,
        site,
        rules,
        ..
    } = *ground;
    let of_file = |source| edition.failed(source);
    snapshot.confirm_statuses(list).map_err(of_file)?;
    let collector = Collector {
        ground,
        packed: snapshot.packed(list).map_err(of_file)?,
    };
    let default = collector.file(DEFAULT_FILE, line(&default_document()), None)?;
    let default = default.planned;
    let default_path = &default.file.path;
    let origin = snapshot
        .origin_of(default_path.as_str(), site.chain(default_path))
        .map_err(of_file)?;
    if origin == Origin::Foreign && !rules.may_roll_back() {
        return Err(Conflict::OtherHistory.at(default_path));
    }
    let provenance = Provenance {
        edition,
        list: list.number,
        changed: list.rev,
        origin,
    };
    let mut lifted = Lifted::none(default_path);
    let mut files = vec![default];
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
        let compared = collector.file(&name, bytes, Some(&row))?;
        if let Some(found) = &compared.replaces
            && let Some(departure) = collector.departure(found, &row)
            && !provenance.lets(snapshot, departure)?
        {
            lifted.add(departure, snapshot.series().profile);
        }
        files.push(compared.planned);
    }
    let lifted = lifted.found();
    match lifted {
        Some(lifted) if !rules.may_roll_back() => Err(PublishError::Lost {
            lifted: Box::new(lifted),
            file: edition.file.to_owned(),
            maker: match origin {
                Origin::Revision(_) | Origin::Adopted(_) => Maker::ThisFile,
                Origin::Unknown | Origin::Foreign => Maker::Others,
            },
        }),
        lifted => Ok(Responder {
            edition,
            list: list.number,
            location: ground.location.to_owned(),
            files,
            lifted,
        }),
    }
}

fn content(answer: Answer, row: &DocumentRow) -> Vec<u8> {
    line(&answer.to_json(row.hash))
}

struct Collector<'a, 'f, 's> {
    ground: &'a Ground<'a, 'f, 's>,
    packed: Vec<u8>,
}

impl Collector<'_, '_, '_> {
    /// What the entry of a document makes of it.
    fn answer(&self, row: &DocumentRow) -> Result<Answer, StoreError> {
        let series = self.ground.snapshot.series();
        if row.role == Role::OnTheWay {
            return Ok(Answer::NotRevoked);
        }
        let place = row.entry.index.value();
        let value = pages::read(&self.packed, self.ground.list.width, place.into());
        if value == Some(Status::VALID.value()) {
            return Ok(Answer::NotRevoked);
        }
        let status = self.ground.snapshot.status(row.entry)?;
        let reason = self.last_reason(row.entry)?;
        Ok(Answer::of(series, status, reason))
    }

    fn last_reason(&self, entry: EntryId) -> Result<Option<Reason>, StoreError> {
        let last = self.ground.snapshot.last_change(entry)?;
        Ok(last.map(|change| change.row.remark.reason))
    }

    /// Whether a file says what its document was before. It can be there without the manifest
    /// knowing it if a publication was interrupted.
    fn was_said(&self, row: &DocumentRow, found: &[u8]) -> Result<bool, StoreError> {
        let series = self.ground.snapshot.series();
        if row.role == Role::OnTheWay {
            return Ok(false);
        }
        let first = Answer::of(series, self.ground.list.default_status, None);
        let said = |change: &PastChange| {
            Answer::of(series, change.row.new, Some(change.row.remark.reason))
        };
        let changes = self.ground.snapshot.changes_of(row.entry)?;
        Ok(std::iter::once(first)
            .chain(changes.iter().map(said))
            .any(|answer| content(answer, row) == found))
    }

    fn file(
        &self,
        name: &str,
        bytes: Vec<u8>,
        row: Option<&DocumentRow>,
    ) -> Result<Compared, PublishError> {
        let Ground {
            edition,
            location,
            site,
            rules,
            ..
        } = self.ground;
        let uri = format!("{location}/{name}");
        let path =
            SitePath::of(&uri, site.base).map_err(|source| PublishError::Uri { uri, source })?;
        let found = site.read(&path, rules.limit)?;
        let entry = site.entry(&path);
        let known = |found: &[u8]| entry.is_some_and(|entry| entry.matches(found));
        let write = match &found {
            Some(found) if *found == bytes => !known(found),
            Some(found) if !known(found) && !rules.may_roll_back() => {
                let was_said = match row {
                    Some(row) => self
                        .was_said(row, found)
                        .map_err(|source| edition.failed(source))?,
                    None => false,
                };
                if !was_said {
                    return Err(Conflict::unknown(entry).at(&path));
                }
                true
            }
            _ => true,
        };
        let expected = site.expects(found.as_deref());
        let replaces = found.filter(|found| *found != bytes);
        let file = SideFile {
            path,
            bytes,
            media_type: MEDIA_TYPE,
            chain: edition.chain,
            interrupted: None,
        };
        let planned = Planned {
            file,
            write,
            expected,
        };
        Ok(Compared { planned, replaces })
    }

    /// What leaves a final status if what is there is replaced.
    fn departure(&self, found: &[u8], row: &DocumentRow) -> Option<Departure> {
        let series = self.ground.snapshot.series();
        let register = self.ground.snapshot.register();
        let object = recognise_answer(found).filter(|_| row.role == Role::Document)?;
        let answer = read_answer(&object).ok()?.answer;
        let from = Statuses::answered(answer, series, register.width);
        let value = pages::read(
            &self.packed,
            self.ground.list.width,
            row.entry.index.value().into(),
        )?;
        let to = Status::new(value.into(), register.width).ok()?;
        let leaves = !from.contains(to) && from.are_among(&series.lasting_statuses());
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

impl Responder<'_> {
    /// The entries whose documents would not be revoked any more.
    pub(crate) fn take_lifted(&mut self) -> Option<Lifted> {
        self.lifted.take()
    }

    /// The paths of all files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.files.iter().map(|planned| &planned.file.path)
    }

    /// The path of the file for all other hashes, once the folder is new.
    pub(crate) fn new_default(&self) -> Option<&SitePath> {
        let first = self.files.first().filter(|planned| planned.write)?;
        Some(&first.file.path)
    }

    /// How the list file remembers that the folder was brought up to date; `None` if it was.
    pub(crate) fn record(&self, target: &str, now: Timestamp) -> Option<Publication> {
        let first = self.files.first()?;
        self.files.iter().find(|planned| planned.write)?;
        Some(Publication {
            list: self.list,
            view: View::OaOcsp.name().to_owned(),
            rev: self.edition.revision,
            issued_at: now,
            expires_at: None,
            sha256: *Digest::of(&first.file.bytes).as_bytes(),
            target: target.to_owned(),
        })
    }

    /// Writes what is to be written, and puts it into the manifest.
    ///
    /// # Errors
    /// The target fails.
    pub(crate) fn write(
        self,
        delivery: &mut Delivery<'_>,
        now: Timestamp,
    ) -> Result<Answered, PublishError> {
        let first = self.files.first().map(|planned| planned.file.path.clone());
        let documents = side_files::write(self.files, delivery, now.second())?;
        let written = documents.iter().filter(|done| done.written).count();
        // The line of the first file says what the whole folder was made from.
        if let (true, Some(_), Some(first)) = (written > 0, delivery.target(), first)
            && let Some(entry) = delivery.manifest.entries.get_mut(&first)
        {
            entry.chain = self.edition.chain;
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
