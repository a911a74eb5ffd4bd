//! What a site says of the entries of one list, compared with the list file.

use std::iter::Peekable;

use super::error::SurveyError;
use super::found::{Difference, Evidence, Fate, Survey, SurveyedFile, Takeover};
use super::list_file::{ListFile, OwnList};
use super::lists::Site;
use super::published::{Standing, read};
use super::shown::{Shape, Shown, entry_of};
use super::statuses::Statuses;
use super::surveying::{Adoption, Surveying};
use crate::audit::recognise_answer;
use crate::list::{EntryId, Index, Status, View};
use crate::site::{Digest, SitePath, path_of};
use crate::token::oa_ocsp::{DEFAULT_FILE, read_answer};

/// The most bytes of the answer for one document that are read.
const MOST_OF_AN_ANSWER: u64 = 1 << 16;

/// A site, and what its files are compared with.
pub(super) struct Comparison<'a, L> {
    pub(super) list_file: &'a L,
    pub(super) site: Site<'a>,
    /// The statuses that stay.
    pub(super) finals: &'a [Status],
    pub(super) surveying: &'a Surveying<'a>,
}

/// A file, and what it shows, if that can be read.
struct Witness<'a> {
    file: SurveyedFile,
    shown: Option<Shown<'a>>,
}

/// What becomes of the entries that files show otherwise than the list file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    /// They get the status that the files show.
    Adopt,
    /// They are shown.
    Show,
    /// They are shown, as older than the list file.
    ShowAsOlder,
}

type Surveyed<T, L> = Result<T, SurveyError<<L as ListFile>::Error>>;

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
    pub(super) fn list(&self, own: &OwnList, survey: &mut Survey) -> Surveyed<bool, L> {
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
        let treatment = match self.surveying.adoption {
            Adoption::Wanted => Treatment::Adopt,
            Adoption::NotWanted => Treatment::Show,
        };
        self.group(own, &mut older, Treatment::ShowAsOlder, survey)?;
        self.group(own, &mut verified, treatment, survey)?;
        self.group(own, &mut others, Treatment::Show, survey)?;
        let any = !verified.is_empty() || !others.is_empty();
        for witness in &mut verified {
            witness.file.is_adopted = treatment == Treatment::Adopt;
        }
        let all = verified.into_iter().chain(older).chain(others);
        survey.files.extend(all.map(|witness| witness.file));
        Ok(any)
    }

    fn witness(&self, own: &OwnList, view: View, uri: &str) -> Surveyed<Option<Witness<'a>>, L> {
        let path = path_of(uri, self.site.base)?;
        let Some(bytes) = self.site.target.read(&path, self.surveying.limit)? else {
            return Ok(None);
        };
        let shape = Shape::new(self.list_file.series(), self.list_file.register(), view);
        let mut list = read(&bytes, shape, uri, &self.surveying.verification);
        // An older file that verifies could be put back in the place of a newer one. One that is
        // newer than the manifest was left by a publication that was interrupted.
        let entry = self.site.manifest.entries.get(&path);
        if let Some(entry) = entry.filter(|entry| !entry.matches(&bytes))
            && list
                .issued_at
                .is_none_or(|issued| issued.second() < entry.issued_at)
        {
            let text = "it is not the file that the site's manifest describes, and older";
            list.standing = Standing::Rejected(text.to_owned());
        }
        let is_described = entry.is_some_and(|entry| entry.matches(&bytes));
        let is_refused = matches!(list.standing, Standing::Rejected(_));
        let from = if is_described && !is_refused {
            self.origin(&path)?
        } else {
            None
        };
        Ok(Some(Witness {
            file: SurveyedFile {
                list: own.number,
                view,
                path,
                evidence: Evidence::Signature {
                    standing: list.standing,
                    digest: Digest::of(&bytes),
                },
                chain: entry.map(|entry| entry.chain),
                from,
                differing: 0,
                is_adopted: false,
            },
            shown: list.shown,
        }))
    }

    /// The revision of the list file that a file was made from, as the site's manifest says.
    fn origin(&self, path: &SitePath) -> Surveyed<Option<i64>, L> {
        let Some(entry) = self.site.manifest.entries.get(path) else {
            return Ok(None);
        };
        let origin = self.list_file.origin(path, &entry.chain);
        origin.map_err(SurveyError::ListFile)
    }

    /// Goes through the entries of which files say something else than the list file, and puts
    /// together what they say.
    fn group(
        &self,
        own: &OwnList,
        witnesses: &mut [Witness<'_>],
        treatment: Treatment,
        survey: &mut Survey,
    ) -> Surveyed<(), L> {
        let is_verified = witnesses.first().is_some_and(Witness::is_verified);
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
            let fate = match together {
                _ if treatment == Treatment::ShowAsOlder => Fate::Older,
                _ if self.finals.contains(&status) => Fate::Kept,
                _ if treatment == Treatment::Show => Fate::Unchanged,
                None => {
                    let said = files.iter().zip(says());
                    let said = said.map(|(file, says)| (file.path.clone(), says.only_one()));
                    let said = said.collect();
                    return Err(SurveyError::Contradiction { entry, said });
                }
                Some(new) => {
                    survey.takeovers.push(Takeover {
                        entry,
                        old: status,
                        new,
                    });
                    Fate::Adopted
                }
            };
            survey.differences.add(Difference {
                entry,
                status,
                published: together,
                views,
                is_verified,
                fate,
            });
        }
        Ok(())
    }

    /// Compares the answers for the documents of a list, which nobody signs.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn answers(&self, own: &OwnList, survey: &mut Survey) -> Surveyed<(), L> {
        let location = own.uris.iter().find(|(view, _)| *view == View::OaOcsp);
        let Some((view, location)) = location else {
            return Ok(());
        };
        let path = |name: &str| path_of(&format!("{location}/{name}"), self.site.base);
        let from = self.origin(&path(DEFAULT_FILE)?)?;
        let folder = path_of(location, self.site.base)?;
        let documents = self.list_file.documents(own.number);
        let (mut any, mut differing, mut unreadable) = (false, 0, None);
        for (hash, index) in documents.map_err(SurveyError::ListFile)? {
            let path = path(&hash.to_string())?;
            let Some(bytes) = self.site.target.read(&path, MOST_OF_AN_ANSWER)? else {
                continue;
            };
            any = true;
            let Some(Ok(found)) = recognise_answer(&bytes).as_ref().map(read_answer) else {
                unreadable.get_or_insert(path);
                continue;
            };
            let width = self.list_file.register().width;
            let says = Statuses::answered(found.answer, self.list_file.series(), width);
            let status = entry_of(&own.statuses, index.value().into());
            if !says.contains(status) {
                differing += 1;
                survey.differences.add(Difference {
                    entry: EntryId {
                        list: own.number,
                        index,
                    },
                    status,
                    published: says.lowest(),
                    views: vec![*view],
                    is_verified: false,
                    fate: match from {
                        Some(_) => Fate::Older,
                        None if self.finals.contains(&status) => Fate::Kept,
                        None => Fate::Unchanged,
                    },
                });
            }
        }
        if any {
            survey.files.push(SurveyedFile {
                list: own.number,
                view: *view,
                path: folder,
                evidence: Evidence::Unsigned { unreadable },
                chain: None,
                from,
                differing,
                is_adopted: false,
            });
        }
        Ok(())
    }
}

impl Witness<'_> {
    fn is_verified(&self) -> bool {
        matches!(self.file.standing(), Some(Standing::Verified(_)))
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
