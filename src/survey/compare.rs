//! What a site says of the entries of one list, compared with the list file.

use std::iter::Peekable;

use super::error::Contradiction;
use super::found::{Difference, Fate, Signature, Survey, SurveyedFile, Takeover};
use super::list_file::{ListFile, OwnList};
use super::lists::SurveyedSite;
use super::published::PublishedList;
use super::shown::{Shape, Shown, entry_of};
use super::statuses::Statuses;
use super::surveying::Surveying;
use crate::audit::{Checks, recognise_answer};
use crate::list::{EntryId, Index, Status, View};
use crate::site::{Digest, SitePath, path_of};
use crate::token::oa_ocsp::{DEFAULT_FILE, read_answer};

/// The most bytes of the answer for one document that are read.
const MOST_OF_AN_ANSWER: u64 = 1 << 16;

/// A site, and what its files are compared with.
pub(super) struct Comparison<'a, L> {
    pub(super) list_file: &'a L,
    pub(super) site: SurveyedSite<'a>,
    /// The statuses that stay.
    pub(super) finals: &'a [Status],
    pub(super) surveying: &'a Surveying<'a>,
}

/// A file, and what it shows, if that can be read.
struct Witness<'a> {
    file: SurveyedFile,
    shown: Option<Shown<'a>>,
}

impl<'a, L: ListFile> Comparison<'a, L> {
    /// Compares a list with all signed files that the site has of it, and returns whether there are
    /// some that were not made from the list file.
    ///
    /// All views of one list are in memory at once, each within the limit of what may be inflated;
    /// beside them only what is to be changed, and the first entries that differ.
    ///
    /// # Errors
    /// A file cannot be read; or the files contradict each other about an entry that is to be taken
    /// over.
    pub(super) fn list(&self, own: &OwnList, survey: &mut Survey) -> Result<bool, L::Error> {
        let mut found = Vec::new();
        for (view, uri) in &own.uris {
            if *view != View::OaOcsp {
                found.extend(self.witness(own, *view, uri)?);
            }
        }
        // What the list file published itself says nothing new: what differs was changed since.
        let (mut older, newer): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|witness| witness.file.from.is_some());
        let (mut verified, mut others): (Vec<_>, Vec<_>) =
            newer.into_iter().partition(Witness::is_verified);
        let fate = self.surveying.verified;
        self.group(own, &mut older, Fate::Older, survey)?;
        self.group(own, &mut verified, fate, survey)?;
        self.group(own, &mut others, Fate::Unchanged, survey)?;
        let any = !verified.is_empty() || !others.is_empty();
        for witness in &mut verified {
            witness.file.adopted = fate == Fate::Adopted;
        }
        let all = verified.into_iter().chain(older).chain(others);
        survey.files.extend(all.map(|witness| witness.file));
        Ok(any)
    }

    fn witness(
        &self,
        own: &OwnList,
        view: View,
        uri: &str,
    ) -> Result<Option<Witness<'a>>, L::Error> {
        let how = self.surveying;
        let path = path_of(uri, self.site.base)?;
        let Some(bytes) = self.site.target.read(&path, how.limit)? else {
            return Ok(None);
        };
        let shape = Shape {
            series: how.series,
            view,
        };
        let checks = Checks {
            uri: Some(uri),
            ..how.checks
        };
        let mut list = PublishedList::read(&bytes, shape, &checks);
        // An older file that verifies could be put back in the place of a newer one. One that is
        // newer than the manifest was left by a publication that was interrupted.
        let entry = self.site.manifest.entries.get(&path);
        let is_described = entry.is_some_and(|entry| entry.matches(&bytes));
        if let Some(entry) = entry.filter(|_| !is_described)
            && list
                .issued_at
                .is_none_or(|issued| issued.second() < entry.issued_at)
        {
            let text = "it is not the file that the site's manifest describes, and older";
            list.reject(text.to_owned());
        }
        let from = if is_described && list.signature != Signature::Rejected {
            self.origin(&path)?
        } else {
            None
        };
        Ok(Some(Witness {
            file: SurveyedFile {
                path,
                list: own.number,
                view,
                sha256: Some(Digest::of(&bytes)),
                signature: list.signature,
                reason: list.reason,
                from,
                differing: 0,
                adopted: false,
                chain: entry.map(|entry| entry.chain),
            },
            shown: list.shown,
        }))
    }

    /// The revision of the list file that a file was made from, as the site's manifest says.
    fn origin(&self, path: &SitePath) -> Result<Option<i64>, L::Error> {
        match self.site.manifest.entries.get(path) {
            Some(entry) => self.list_file.origin(path, &entry.chain),
            None => Ok(None),
        }
    }

    /// What becomes of an entry that is published with another status than its own: `otherwise`,
    /// unless its own is final.
    fn fate(&self, status: Status, otherwise: Fate) -> Fate {
        if otherwise != Fate::Older && self.finals.contains(&status) {
            Fate::Kept
        } else {
            otherwise
        }
    }

    /// Goes through the entries of which files say something else than the list file, and puts
    /// together what they say. `otherwise` becomes of those entries, unless their status is final.
    fn group(
        &self,
        own: &OwnList,
        witnesses: &mut [Witness<'_>],
        otherwise: Fate,
        survey: &mut Survey,
    ) -> Result<(), L::Error> {
        let verified = witnesses.first().is_some_and(Witness::is_verified);
        let (mut files, shown): (Vec<_>, Vec<_>) = witnesses
            .iter_mut()
            .filter_map(|witness| Some((&mut witness.file, witness.shown.as_ref()?)))
            .unzip();
        let differing = shown.iter().map(|shown| shown.differing(&own.statuses));
        for index in merged(differing) {
            let entry = EntryId {
                list: own.number,
                index: Index::new(u32::try_from(index).unwrap_or(u32::MAX)),
            };
            let status = entry_of(&own.statuses, index);
            let says = || shown.iter().map(|shown| shown.says(index));
            let mut views = Vec::new();
            for (file, says) in files.iter_mut().zip(says()) {
                if !says.contains(status) {
                    file.differing += 1;
                    views.push(file.view);
                }
            }
            let together = says().reduce(Statuses::and).and_then(Statuses::lowest);
            let fate = self.fate(status, otherwise);
            if fate == Fate::Adopted {
                let Some(new) = together else {
                    let said = files.iter().zip(says());
                    let said = said.map(|(file, says)| (file.path.clone(), says.only_one()));
                    let said = said.collect();
                    return Err(Contradiction { entry, said }.into());
                };
                let old = status;
                survey.takeovers.push(Takeover { entry, old, new });
            }
            survey.add(Difference {
                list: own.number,
                index: entry.index.value(),
                status,
                published: together,
                views,
                verified,
                fate,
            });
        }
        Ok(())
    }

    /// Compares the answers for the documents of a list, which nobody signs.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn answers(&self, own: &OwnList, survey: &mut Survey) -> Result<(), L::Error> {
        let location = own.uris.iter().find(|(view, _)| *view == View::OaOcsp);
        let Some((view, location)) = location else {
            return Ok(());
        };
        let path = |name: &str| path_of(&format!("{location}/{name}"), self.site.base);
        let from = self.origin(&path(DEFAULT_FILE)?)?;
        let folder = path_of(location, self.site.base)?;
        let otherwise = from.map_or(Fate::Unchanged, |_| Fate::Older);
        let (mut any, mut differing, mut reason) = (false, 0, None);
        for (hash, index) in &own.documents {
            let path = path(&hash.to_string())?;
            let Some(bytes) = self.site.target.read(&path, MOST_OF_AN_ANSWER)? else {
                continue;
            };
            any = true;
            let Some(Ok(found)) = recognise_answer(&bytes).as_ref().map(read_answer) else {
                reason.get_or_insert_with(|| format!("'{path}' is no answer that can be read"));
                continue;
            };
            let series = self.surveying.series;
            let says = Statuses::answered(found.answer, series, series.register().width);
            let status = entry_of(&own.statuses, index.value().into());
            if !says.contains(status) {
                differing += 1;
                survey.add(Difference {
                    list: own.number,
                    index: index.value(),
                    status,
                    published: says.lowest(),
                    views: vec![*view],
                    verified: false,
                    fate: self.fate(status, otherwise),
                });
            }
        }
        if any {
            survey.files.push(SurveyedFile {
                path: folder,
                list: own.number,
                view: *view,
                sha256: None,
                signature: Signature::None,
                reason,
                from,
                differing,
                adopted: false,
                chain: None,
            });
        }
        Ok(())
    }
}

impl Witness<'_> {
    fn is_verified(&self) -> bool {
        self.file.signature == Signature::Valid
    }
}

/// The numbers that come up in any of several sorted sequences, each once, lowest first.
fn merged<I: Iterator<Item = u64>>(
    sequences: impl Iterator<Item = I>,
) -> impl Iterator<Item = u64> {
    let mut sequences: Vec<Peekable<I>> = sequences.map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let next = sequences.iter_mut().filter_map(|one| one.peek().copied());
        let next = next.min()?;
        for sequence in &mut sequences {
            sequence.next_if_eq(&next);
        }
        Some(next)
    })
}
