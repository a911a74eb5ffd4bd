//! The files of a list in view `oa-ocsp`: one for each document hash, and one for all others.
//!
//! They are not signed and do not expire, so a file is written when what it says changes, and only
//! then. What a folder was made from is said once, by the line of its `default.json` in the
//! manifest: publishing from another history is refused for the whole folder.

use serde::Serialize;

use super::departure::{Departure, Lifted};
use super::error::{Conflict, Maker, PublishError};
use super::file::{Content, SiteFile, line};
use super::ground::Ground;
use super::guard::Provenance;
use super::record::Record;
use super::site::Site;
use super::spool::Spool;
use crate::audit::recognise_answer;
use crate::list::{Status, Timestamp, View};
use crate::site::SitePath;
use crate::store::{DocumentRow, Origin, PastChange, Role, StoreError};
use crate::survey::Statuses;
use crate::token::oa_ocsp::{
    DEFAULT_FILE, DocumentAnswer, MEDIA_TYPE, default_document, read_answer,
};

/// The folder that answers for the documents of one list, and what is to be done with it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Responder {
    list_id: String,
    pub(crate) uri: String,
    #[serde(skip)]
    pub(crate) issuer: String,
    /// How many of its files are to be written.
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    /// First the one for all other hashes.
    pub(crate) documents: Vec<SiteFile>,
    #[serde(skip)]
    provenance: Provenance,
    /// The entries whose documents would not be revoked any more.
    #[serde(skip)]
    lifted: Option<Lifted>,
}

/// The folder of one list, and what it is made from.
pub(crate) struct DocumentFolder<'a, 's> {
    pub(crate) ground: &'a Ground<'a, 's>,
    /// The uri of the folder.
    pub(crate) location: &'a str,
}

impl DocumentFolder<'_, '_> {
    /// Reads what each document file of the list should say, and decides what is to be done.
    ///
    /// # Errors
    /// The list file cannot be read, a path that the site cannot hold, or a conflict.
    pub(crate) fn responder(&self, spool: &mut Spool) -> Result<Responder, PublishError> {
        let ground = self.ground;
        let (snapshot, list, rules) = (ground.snapshot, ground.list, ground.rules);
        let of_file = |source| ground.edition.failed(source);
        ground.confirm()?;
        let entries = ground.entries()?;
        let (default, _) = self.file(DEFAULT_FILE, line(&default_document()), None, spool)?;
        let provenance = ground.provenance(&default.path)?;
        provenance.refuse_foreign(&default.path, rules)?;
        let mut lifted = Lifted::none(&default.path);
        let mut documents = vec![default];
        for row in self.rows()? {
            let value = entries.status(row.entry.index.value().into());
            let answer = self.answer(&row, value).map_err(of_file)?;
            let (name, bytes) = (row.hash.to_string(), content(answer, &row));
            let (file, replaces) = self.file(&name, bytes, Some(&row), spool)?;
            if let Some(departure) = replaces.and_then(|found| self.departure(&found, &row, value))
                && !provenance.lets(snapshot, departure)?
            {
                lifted.add(departure, snapshot.series().profile);
            }
            documents.push(file);
        }
        let lifted = lifted.found();
        match lifted {
            Some(lifted) if !rules.may_roll_back() => {
                let maker = match provenance.origin {
                    Origin::Revision(_) | Origin::Adopted(_) => Maker::ThisFile,
                    Origin::Unknown | Origin::Foreign => Maker::Others,
                };
                Err(provenance.lost(lifted, maker))
            }
            lifted => {
                let written = documents.iter().filter(|file| file.is_written()).count();
                Ok(Responder {
                    list_id: list.number.to_string(),
                    uri: self.location.to_owned(),
                    issuer: snapshot.series().issuer.clone(),
                    written,
                    unchanged: documents.len() - written,
                    documents,
                    provenance,
                    lifted,
                })
            }
        }
    }

    /// The document hashes of the list.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn rows(&self) -> Result<Vec<DocumentRow>, PublishError> {
        let ground = self.ground;
        let mut rows = Vec::new();
        let read = ground.snapshot.each_document(ground.list.number, |row| {
            rows.push(*row);
            Ok(())
        });
        read.map_err(|source| ground.edition.failed(source))?;
        Ok(rows)
    }

    /// The path of a file of the folder.
    ///
    /// # Errors
    /// A site cannot hold it.
    pub(crate) fn path(&self, name: &str) -> Result<SitePath, PublishError> {
        self.ground
            .site
            .path_of(&format!("{}/{name}", self.location))
    }

    /// What the entry of a document, which has this value, makes of it.
    fn answer(&self, row: &DocumentRow, value: Option<u8>) -> Result<DocumentAnswer, StoreError> {
        if row.role == Role::OnTheWay || value == Some(Status::VALID.value()) {
            return Ok(DocumentAnswer::NotRevoked);
        }
        let status = self.ground.snapshot.status(row.entry)?;
        let last = self.ground.snapshot.last_change(row.entry)?;
        let reason = last.map(|change| change.row.remark.reason);
        Ok(DocumentAnswer::of(
            self.ground.snapshot.series(),
            status,
            reason,
        ))
    }

    /// Whether a file says what its document was before. It can be there without the manifest
    /// knowing it if a publication was interrupted.
    fn was_said(&self, row: &DocumentRow, found: &[u8]) -> Result<bool, StoreError> {
        let (snapshot, list) = (self.ground.snapshot, self.ground.list);
        let series = snapshot.series();
        if row.role == Role::OnTheWay {
            return Ok(false);
        }
        let first = DocumentAnswer::of(series, list.default_status, None);
        let said = |change: &PastChange| {
            DocumentAnswer::of(series, change.row.new, Some(change.row.remark.reason))
        };
        let changes = snapshot.changes_of(row.entry)?;
        Ok(std::iter::once(first)
            .chain(changes.iter().map(said))
            .any(|answer| content(answer, row) == found))
    }

    /// Whether a file says what its document says, or did before.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn may_have_said(
        &self,
        row: &DocumentRow,
        found: &[u8],
    ) -> Result<bool, PublishError> {
        if row.role == Role::OnTheWay {
            return Ok(content(DocumentAnswer::NotRevoked, row) == found);
        }
        let was_said = self.was_said(row, found);
        was_said.map_err(|source| self.ground.edition.failed(source))
    }

    /// A file of the folder, and what it replaces, if that is something else.
    fn file(
        &self,
        name: &str,
        bytes: Vec<u8>,
        row: Option<&DocumentRow>,
        spool: &mut Spool,
    ) -> Result<(SiteFile, Option<Vec<u8>>), PublishError> {
        let Ground {
            site,
            edition,
            rules,
            ..
        } = self.ground;
        let path = self.path(name)?;
        let entry = site.entry(&path);
        // A host may answer with the default where there is no file.
        let is_default = |found: &Vec<u8>| {
            row.is_some() && entry.is_none() && *found == line(&default_document())
        };
        let found = site.read(&path, rules.limit)?;
        let found = found.filter(|found| !is_default(found));
        let is_same = found.as_ref() == Some(&bytes);
        let is_described = match (&found, entry) {
            (Some(found), Some(entry)) => entry.matches(found),
            _ => false,
        };
        if let Some(found) = &found
            && !is_same
            && !is_described
            && !rules.may_roll_back()
        {
            let was_said = row.map(|row| self.was_said(row, found)).transpose();
            if was_said.map_err(|source| edition.failed(source))? != Some(true) {
                return Err(Conflict::unknown(entry).at(&path));
            }
        }
        let mut file = SiteFile::new(path, &bytes, MEDIA_TYPE, edition.chain);
        if !(is_same && is_described) {
            file.write = Some(Content {
                bytes: spool.keep(bytes),
                expected: site.expects(found.as_deref()),
            });
        }
        Ok((file, found.filter(|_| !is_same)))
    }

    /// What leaves a final status if what is there is replaced.
    fn departure(&self, found: &[u8], row: &DocumentRow, value: Option<u8>) -> Option<Departure> {
        let series = self.ground.snapshot.series();
        let register = series.register();
        let object = recognise_answer(found).filter(|_| row.role == Role::Document)?;
        let answer = read_answer(&object).ok()?.answer;
        let from = Statuses::answered(answer, series, register.width);
        let to = Status::new(value?.into(), register.width).ok()?;
        let leaves = !from.contains(to) && from.are_among(&series.lasting_statuses());
        leaves.then_some(Departure {
            entry: row.entry,
            from,
            to,
        })
    }
}

fn content(answer: DocumentAnswer, row: &DocumentRow) -> Vec<u8> {
    line(&answer.to_json(row.hash))
}

impl Responder {
    /// The entries whose documents would not be revoked any more.
    pub(crate) fn take_lifted(&mut self) -> Option<Lifted> {
        self.lifted.take()
    }

    /// The path of the file for all other hashes, once the folder is new.
    pub(crate) fn new_default(&self) -> Option<&SitePath> {
        let default = self.documents.first().filter(|file| file.is_written())?;
        Some(&default.path)
    }

    /// How the list file remembers that the folder was brought up to date; `None` if it was.
    pub(crate) fn record(&self, target: &str, now: Timestamp) -> Option<Record> {
        let default = self.documents.first().filter(|_| self.written > 0)?;
        let record = self.provenance.record(View::OaOcsp, default, target, now);
        Some(record)
    }

    /// Writes what is to be written, and puts it into the manifest.
    ///
    /// # Errors
    /// The target fails.
    pub(crate) fn write(
        &self,
        site: &mut Site<'_>,
        spool: &Spool,
        now: Timestamp,
        written: &mut Vec<String>,
    ) -> Result<(), PublishError> {
        for file in &self.documents {
            site.write(file, spool, now, written)?;
        }
        if let Some(default) = self.documents.first().filter(|_| self.written > 0) {
            // The line of the first file says what the whole folder was made from.
            site.made_from(&default.path, default.chain);
        }
        Ok(())
    }
}
