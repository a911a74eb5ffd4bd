//! What readers were told for good: no published entry leaves a final status by mistake.
//!
//! Before a file of a site is replaced, it is compared with the register. An entry that would leave
//! a final status must have a change in the log that let it, made after what is there was published.
//! Nothing else speaks for it: neither the page that the status is in, which may be damaged, nor the
//! command, which may publish an older copy of the list file. To go back all the same goes on
//! without such a change only where un-revoking was asked for too, and where the profile keeps
//! revocations for good not at all.

use std::rc::Rc;

use super::departure::{Departure, Lifted};
use super::edition::Edition;
use super::error::{Conflict, Maker, PublishError};
use super::file::SiteFile;
use super::record::Record;
use super::rules::{Permission, Rules};
use super::site::Site;
use super::statement::Statement;
use crate::list::{EntryId, Index, ListNumber, Status, Timestamp, View};
use crate::site::SitePath;
use crate::store::{ListRow, Origin, Publication, Snapshot};
use crate::survey::{Shown, entry_of};

/// Where a published file of a list comes from, and what the list file can say of the time since.
#[derive(Clone, Debug)]
pub(crate) struct Provenance {
    /// What is to be published.
    pub(crate) edition: Edition,
    pub(crate) list: ListNumber,
    /// The newest revision that changed a published byte of the list.
    pub(crate) changed: i64,
    /// Where the file comes from that is there.
    pub(crate) origin: Origin,
}

impl Provenance {
    /// Where the file at a path of a site comes from.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn of(
        path: &SitePath,
        snapshot: &Snapshot<'_>,
        edition: &Edition,
        list: &ListRow,
        site: &Site<'_>,
    ) -> Result<Self, PublishError> {
        let origin = snapshot.origin_of(path.as_str(), site.chain(path));
        Ok(Self {
            origin: origin.map_err(|error| edition.failed(error))?,
            edition: edition.clone(),
            list: list.number,
            changed: list.rev,
        })
    }

    /// Refuses to go back or sideways: the manifest names the state that the file there was made
    /// from. This list file must have had it, or it is older, a copy that went another way, or
    /// another list file.
    pub(crate) fn refuse_foreign(
        &self,
        path: &SitePath,
        rules: &Rules,
    ) -> Result<(), PublishError> {
        if self.origin == Origin::Foreign && !rules.may_roll_back() {
            return Err(Conflict::OtherHistory.at(path));
        }
        Ok(())
    }

    /// Says that what is published of the list would let entries leave a final status, which no
    /// revision let.
    pub(crate) fn lost(&self, lifted: Lifted, maker: Maker) -> PublishError {
        let path = lifted.path.clone();
        let conflict = Conflict::Lost {
            lifted: Box::new(lifted),
            file: self.edition.file.to_path_buf(),
            maker,
        };
        conflict.at(&path)
    }

    /// What the list file should remember of a file that was written.
    pub(crate) fn record(
        &self,
        view: View,
        file: &SiteFile,
        target: &str,
        now: Timestamp,
    ) -> Record {
        Record {
            file: Rc::clone(&self.edition.file),
            publication: Publication {
                list: self.list,
                view: view.name().to_owned(),
                rev: self.edition.revision,
                issued_at: now,
                expires_at: file.expires_at.map(Timestamp::from_second),
                sha256: *file.digest.as_bytes(),
                target: target.to_owned(),
                due: None,
            },
        }
    }

    /// Finds the entries that what is published shows with a final status, and the register with
    /// another that no revision gave them.
    ///
    /// # Errors
    /// The file contradicts itself, or cannot be read.
    pub(crate) fn lifted(
        &self,
        path: &SitePath,
        shown: &Shown<'_>,
        statement: &Statement,
        snapshot: &Snapshot<'_>,
    ) -> Result<Option<Lifted>, PublishError> {
        let finals = statement.series.lasting_statuses();
        let mut lifted = Lifted::none(path);
        for departure in departures(shown, statement, &finals, self.list) {
            if !self.lets(snapshot, departure)? {
                lifted.add(departure, statement.series.profile);
            }
        }
        Ok(lifted.found())
    }

    /// Whether the list file had what is shown when that was issued: whatever is shown otherwise was
    /// changed since. An older copy of the file has no such changes.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn had(
        &self,
        shown: &Shown<'_>,
        issued: Timestamp,
        statement: &Statement,
        snapshot: &Snapshot<'_>,
    ) -> Result<bool, PublishError> {
        for index in shown.differing(&statement.claims.list) {
            let Ok(index) = u32::try_from(index) else {
                return Ok(false);
            };
            let entry = EntryId {
                list: self.list,
                index: Index::new(index),
            };
            let said = shown.says(index.into());
            let changes = snapshot.changes_of(entry);
            let changes = changes.map_err(|error| self.edition.failed(error))?;
            let mut since = changes.iter().filter(|change| change.at >= issued);
            // The register is read a little later than the time that the token names.
            if !since.any(|change| said.contains(change.row.old) || said.contains(change.row.new)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a revision let an entry leave its status after it was published.
    ///
    /// # Errors
    /// The status in the file is not the one that its newest change says, or it cannot be read.
    pub(crate) fn lets(
        &self,
        snapshot: &Snapshot<'_>,
        departure: Departure,
    ) -> Result<bool, PublishError> {
        let of_file = |error| self.edition.failed(error);
        snapshot.status(departure.entry).map_err(of_file)?;
        let Some(published) = self.origin.since() else {
            return Ok(false);
        };
        let changes = snapshot.changes_of(departure.entry).map_err(of_file)?;
        Ok(changes.iter().any(|change| {
            let (old, new) = (change.row.old, change.row.new);
            let since = published < change.rev && change.rev <= self.edition.revision;
            since && old != new && departure.from.contains(old)
        }))
    }
}

/// Judges what a publication that goes back would lift, before anything is written.
///
/// # Errors
/// It lifts something, and nobody asked for it, or nobody may.
pub(crate) fn refuse_lifted(lifted: &[Lifted], unrevoke: Permission) -> Result<(), PublishError> {
    let for_good = lifted.iter().any(|lifted| lifted.for_good.is_some());
    if for_good || (!lifted.is_empty() && unrevoke == Permission::Refused) {
        return Err(PublishError::Lifts(lifted.to_vec()));
    }
    Ok(())
}

fn departures<'s>(
    shown: &'s Shown<'_>,
    statement: &'s Statement,
    finals: &'s [Status],
    list: ListNumber,
) -> impl Iterator<Item = Departure> + 's {
    let register = &statement.claims.list;
    shown.differing(register).filter_map(move |index| {
        let from = shown.says(index);
        let entry = EntryId {
            list,
            index: Index::new(u32::try_from(index).ok()?),
        };
        let to = entry_of(register, index);
        from.are_among(finals)
            .then_some(Departure { entry, from, to })
    })
}
