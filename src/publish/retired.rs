//! The files of retired lists: readers may ask for them still, so they stay until somebody asks for
//! their removal.
//!
//! What is removed is what would be replaced if the list were published: what the manifest says was
//! made from this very list file, and what a run left that was interrupted. Anything else in such a
//! place is somebody's who may need it; it stays, and is named. The manifest is written without the
//! files before they go, so that it never describes what is not there: a run that is interrupted
//! leaves files without an entry, which the next one knows by their content.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde::Serialize;

use super::aggregation::Member;
use super::decision::PublishableToken;
use super::edition::Selection;
use super::error::{Conflict, PublishError};
use super::file::line;
use super::ground::Ground;
use super::key::SigningKeys;
use super::responder::DocumentFolder;
use super::rules::RetiredFiles;
use super::side_files::{self, envelop, path_of_envelope};
use super::site::Site;
use super::statement::{Lifetimes, Statement};
use crate::list::{Holds, ListNumber, ListUri, Series, Timestamp, View};
use crate::site::{Digest, Precondition, SitePath};
use crate::store::Origin;
use crate::token::oa_ocsp::{DEFAULT_FILE, default_document};

/// The lists that are published no more.
#[derive(Default)]
pub(crate) struct Retired {
    uris: Vec<RetiredUri>,
    leaving: Leaving,
}

struct RetiredUri {
    uri: String,
    view: View,
    series: Rc<Series>,
    chain: Digest,
}

/// What becomes of the files of retired lists.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    /// How many stay because nobody asked for their removal.
    pub(crate) staying: u64,
    pub(crate) removals: Vec<Removal>,
    /// What is in their places, and stays whoever asks.
    pub(crate) strangers: Vec<Stranger>,
    /// The folders of documents, which go when they are empty.
    folders: Vec<SitePath>,
    /// The page for people, if the manifest knows one that is not there any more.
    pub(crate) page: Option<SitePath>,
}

/// A file of a retired list that is removed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Removal {
    pub(crate) path: SitePath,
    pub(crate) list_id: String,
    pub(crate) view: View,
    /// What must be in its place still; `None` if only the manifest knows it.
    #[serde(skip)]
    expected: Option<Precondition>,
}

/// What is in the place of a file of a retired list, and why it stays.
#[derive(Debug)]
pub(crate) struct Stranger {
    pub(crate) path: SitePath,
    pub(crate) list: ListNumber,
    pub(crate) reason: Conflict,
}

impl Retired {
    /// Adds a retired list, and judges its files in the chosen views.
    ///
    /// # Errors
    /// The list file or the site cannot be read.
    pub(crate) fn add(
        &mut self,
        ground: &Ground<'_, '_>,
        selection: &Selection<'_>,
        series: &Rc<Series>,
        keys: Option<&dyn SigningKeys>,
    ) -> Result<(), PublishError> {
        for place in ground.places()? {
            if selection.views.contains(&place.view) {
                let retired = RetiredPlace {
                    ground,
                    place: &place,
                    series,
                    lifetimes: selection.lifetimes,
                    keys,
                };
                match ground.rules.retired {
                    RetiredFiles::Stay => self.leaving.staying += retired.entered()?,
                    RetiredFiles::Removed => retired.judge(&mut self.leaving)?,
                }
            }
            self.uris.push(RetiredUri {
                uri: place.uri,
                view: place.view,
                series: Rc::clone(series),
                chain: ground.edition.chain,
            });
        }
        Ok(())
    }

    /// The state of a list file that has such lists.
    pub(crate) fn chain(&self) -> Option<Digest> {
        self.uris.first().map(|retired| retired.chain)
    }

    /// What aggregations name no more.
    pub(crate) fn members(&self) -> impl Iterator<Item = Member<'_>> {
        self.uris.iter().map(|retired| Member {
            uri: &retired.uri,
            view: retired.view,
            series: &retired.series,
            chain: retired.chain,
        })
    }

    /// What becomes of the files, by path; what is published again at one of these paths stays.
    pub(crate) fn leaving<'p>(self, published: impl Iterator<Item = &'p SitePath>) -> Leaving {
        let mut leaving = self.leaving;
        if leaving.removals.is_empty() && leaving.strangers.is_empty() {
            return leaving;
        }
        let mut known: BTreeSet<_> = published.cloned().collect();
        let strangers = &mut leaving.strangers;
        strangers.retain(|stranger| !known.contains(&stranger.path));
        let removals = &mut leaving.removals;
        removals.retain(|removal| known.insert(removal.path.clone()));
        removals.sort_by(|one, other| one.path.cmp(&other.path));
        leaving
    }
}

impl Leaving {
    /// Takes the files out of the manifest, and says whether it knew one of them.
    pub(crate) fn forget(&self, site: &mut Site<'_>) -> bool {
        let removals = self.removals.iter();
        let paths = removals.map(|removal| &removal.path);
        let paths = paths.chain(&self.page);
        paths.filter(|path| site.forget(path)).count() > 0
    }

    /// Removes the files, once the manifest knows them no more.
    ///
    /// # Errors
    /// The target fails, or somebody changed one of them meanwhile.
    pub(crate) fn carry_out(&self, site: &Site<'_>) -> Result<(), PublishError> {
        let Some(target) = site.target() else {
            return Ok(());
        };
        // The last path first: an envelope, whose path is longer, goes before the token that it is
        // known by.
        for Removal { path, expected, .. } in self.removals.iter().rev() {
            if let Some(expected) = *expected {
                target.remove(path, expected)?;
            }
        }
        for folder in &self.folders {
            target.remove_empty_folder(folder)?;
        }
        Ok(())
    }
}

/// Where a retired list was published in one view.
struct RetiredPlace<'a, 's> {
    ground: &'a Ground<'a, 's>,
    place: &'a ListUri,
    series: &'a Rc<Series>,
    lifetimes: Lifetimes,
    keys: Option<&'a dyn SigningKeys>,
}

impl RetiredPlace<'_, '_> {
    /// How many of its files the manifest has, made from this list file.
    fn entered(&self) -> Result<u64, PublishError> {
        let mut paths = Vec::new();
        if let Some(folder) = self.folder() {
            paths.push(folder.path(DEFAULT_FILE)?);
            for row in folder.rows()? {
                paths.push(folder.path(&row.hash.to_string())?);
            }
        } else {
            paths.push(self.path()?);
            paths.extend(self.envelope()?);
        }
        let mut count = 0;
        for path in paths {
            count += u64::from(self.is_ours(&path)?);
        }
        Ok(count)
    }

    /// Judges each of its files: what goes with a token before the token that it is known by.
    fn judge(&self, leaving: &mut Leaving) -> Result<(), PublishError> {
        let Some(folder) = self.folder() else {
            let path = self.path()?;
            if let Some(envelope) = self.envelope()? {
                self.judge_file(envelope, leaving, |found| {
                    self.against_envelope(&path, found)
                })?;
            }
            return self.judge_file(path.clone(), leaving, |found| {
                self.against_token(&path, found)
            });
        };
        let unless = |is_ours: bool| (!is_ours).then_some(Conflict::NotKnown);
        for row in folder.rows()? {
            let path = folder.path(&row.hash.to_string())?;
            self.judge_file(path, leaving, |found| {
                folder.may_have_said(&row, found).map(unless)
            })?;
        }
        let default = folder.path(DEFAULT_FILE)?;
        let said = line(&default_document());
        self.judge_file(default, leaving, |found| Ok(unless(found == said)))?;
        leaving.folders.push(self.path()?);
        Ok(())
    }

    /// Judges what is at a path. `against` says what speaks against a file that the manifest does
    /// not describe.
    fn judge_file(
        &self,
        path: SitePath,
        leaving: &mut Leaving,
        against: impl FnOnce(&[u8]) -> Result<Option<Conflict>, PublishError>,
    ) -> Result<(), PublishError> {
        let (site, rules) = (self.ground.site, self.ground.rules);
        let list = self.ground.list.number;
        let Some(found) = site.read(&path, rules.limit)? else {
            if self.is_ours(&path)? {
                leaving.removals.push(self.removal(path, None));
            }
            return Ok(());
        };
        let reason = match site.entry(&path) {
            Some(_) if !self.is_ours(&path)? => Some(Conflict::OtherHistory),
            Some(entry) if entry.matches(&found) => {
                let (issued, now) = (Timestamp::from_second(entry.issued_at), rules.now);
                (issued > now).then_some(Conflict::Newer { issued, now })
            }
            Some(_) => against(&found)?.map(|reason| match reason {
                Conflict::NotKnown => Conflict::NotAsDescribed,
                reason => reason,
            }),
            None => against(&found)?,
        };
        if let Some(reason) = reason {
            leaving.strangers.push(Stranger { path, list, reason });
        } else {
            let expected = site.expects(Some(&found));
            leaving.removals.push(self.removal(path, Some(expected)));
        }
        Ok(())
    }

    fn removal(&self, path: SitePath, expected: Option<Precondition>) -> Removal {
        Removal {
            path,
            list_id: self.ground.list.number.to_string(),
            view: self.place.view,
            expected,
        }
    }

    /// Whether the manifest says that this list file made what is at a path.
    fn is_ours(&self, path: &SitePath) -> Result<bool, PublishError> {
        let origin = self.ground.provenance(path)?.origin;
        Ok(matches!(origin, Origin::Revision(_) | Origin::Adopted(_)))
    }

    /// What speaks against a token that the manifest does not describe.
    fn against_token(
        &self,
        path: &SitePath,
        found: &[u8],
    ) -> Result<Option<Conflict>, PublishError> {
        let (series, now) = (Rc::clone(self.series), self.ground.rules.now);
        let (place, list) = (self.place.clone(), self.ground.entries()?);
        let token = PublishableToken {
            path: path.clone(),
            provenance: self.ground.provenance(path)?,
            statement: Statement::new(series, place, list, self.lifetimes, now),
        };
        let key = self.keys.and_then(|keys| keys.key_of(&token.place()));
        let key = &key.ok_or(PublishError::NoKey)?.named;
        let slot = token.slot(found, key, self.ground);
        slot.against_others()
    }

    /// The same of an envelope, which is known by the token at `path` that is in it.
    fn against_envelope(
        &self,
        path: &SitePath,
        found: &[u8],
    ) -> Result<Option<Conflict>, PublishError> {
        let token = self.ground.site.read(path, self.ground.rules.limit)?;
        match token {
            Some(token) if self.is_envelope_of(&token, found) => self.against_token(path, &token),
            _ => Ok(Some(Conflict::NotKnown)),
        }
    }

    fn is_envelope_of(&self, token: &[u8], found: &[u8]) -> bool {
        envelop(self.series, token).is_some_and(|envelope| line(&envelope) == found)
    }

    fn folder(&self) -> Option<DocumentFolder<'_, '_>> {
        let holds = self.place.view.row().holds;
        (holds == Holds::Documents).then_some(DocumentFolder {
            ground: self.ground,
            location: &self.place.uri,
        })
    }

    fn path(&self) -> Result<SitePath, PublishError> {
        self.ground.site.path_of(&self.place.uri)
    }

    /// Where its credential is in an envelope, if it has one.
    fn envelope(&self) -> Result<Option<SitePath>, PublishError> {
        if !self.place.view.is_credential() || !side_files::has_envelope(self.series) {
            return Ok(None);
        }
        path_of_envelope(&self.place.uri, self.ground.site).map(Some)
    }
}
