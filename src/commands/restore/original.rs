//! The original: its backup, as a survey of sites asks about it, and where it was published.

use std::collections::BTreeSet;
use std::path::Path;

use crate::change::new_list;
use crate::commands::{Code, Error};
use crate::list::{ListNumber, Seed, Series};
use crate::site::{BaseUrl, Digest, Manifest, SitePath, Target, path_of, template_of, uris_of};
use crate::store::{ListState, NewList, Role, Snapshot, StoreError, WriteLock, random_seed};
use crate::survey::{ListFile, OwnList};
use crate::token::StatusList;

/// The original of a backup.
pub(super) struct Original<'a> {
    /// The backup.
    pub(super) file: &'a Path,
    pub(super) lock: &'a WriteLock<'a>,
    pub(super) sites: Vec<Box<dyn Target>>,
    pub(super) base: Option<BaseUrl>,
}

impl ListFile for Original<'_> {
    type Error = Error;

    fn numbers(&self) -> Result<BTreeSet<ListNumber>, Error> {
        self.ask(|backup| Ok(backup.lists()?.iter().map(|list| list.number).collect()))
    }

    fn list(&self, number: ListNumber) -> Result<OwnList, Error> {
        self.ask(|backup| {
            let list = backup.list(number)?;
            let uris = backup.uris(number)?.into_iter();
            let mut documents = Vec::new();
            backup.each_document(number, |row| {
                if row.role == Role::Document {
                    documents.push((row.hash, row.entry.index));
                }
                Ok::<_, StoreError>(())
            })?;
            Ok(OwnList {
                number,
                uris: uris.map(|at| (at.view, at.uri)).collect(),
                statuses: StatusList {
                    width: list.width,
                    bytes: backup.packed(&list)?,
                },
                documents,
            })
        })
    }

    fn origin(&self, path: &SitePath, chain: &Digest) -> Result<Option<i64>, Error> {
        let chain = Some(chain.as_bytes());
        self.ask(|backup| Ok(backup.origin_of(path.as_str(), chain)?.since()))
    }
}

impl Original<'_> {
    fn ask<T>(
        &self,
        question: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Error> {
        question(self.lock).map_err(|error| Error::of_store(self.file, &error))
    }

    /// The lists that the series goes on with: those that hand out entries, then those in reserve,
    /// each with a secret of its own, and under the lowest number that is free.
    pub(super) fn new_lists(
        &self,
        last: ListNumber,
        series: &Series,
    ) -> Result<Vec<NewList>, Error> {
        let open = series.open.count();
        let mut last = last;
        let mut lists = Vec::new();
        for place in 0..open + series.spare {
            let seed = random_seed().map_err(|error| Error::of_store(self.file, &error))?;
            let state = if place < open {
                ListState::Open
            } else {
                ListState::Spare
            };
            last = self.free_number(last, series, &seed)?;
            lists.push(new_list(series, last, seed, state)?);
        }
        Ok(lists)
    }

    /// The lowest number above those in the file whose places in the sites are free.
    fn free_number(
        &self,
        last: ListNumber,
        series: &Series,
        seed: &Seed,
    ) -> Result<ListNumber, Error> {
        let manifests = self.sites.iter();
        let manifests = manifests.map(|site| Manifest::load(site.as_ref()));
        let manifests: Vec<_> = manifests.collect::<Result<_, _>>()?;
        let is_used = |path: &SitePath| -> Result<bool, Error> {
            let mut listed = manifests.iter().flatten();
            let mut is_used = listed.any(|manifest| manifest.entries.contains_key(path));
            for site in &self.sites {
                is_used |= site.contains(path)?;
            }
            Ok(is_used)
        };
        let mut next = last.next();
        while let Some(number) = next {
            let mut free = true;
            for (view, uri) in series
                .views
                .iter()
                .zip(uris_of(&series.views, number, seed)?)
            {
                let template = template_of(&view.uri)?;
                if !template.tells_lists_apart() {
                    self.refuse_known(template.as_str())?;
                }
                let path = path_of(&uri.1, self.base.as_ref())?;
                free &= !is_used(&path)?;
                if !free && !template.tells_lists_apart() {
                    return Err(Error::new(
                        Code::Refused,
                        format!("the site has '{path}' already"),
                    )
                    .because(format!("the uri {template} has no {{n}}"))
                    .hint("another --uri, best one with {n}"));
                }
            }
            if free {
                return Ok(number);
            }
            next = number.next();
        }
        Err(Error::new(
            Code::CapacityExceeded,
            "the series has no list number left",
        ))
    }

    /// Refuses a uri that one of the lists has.
    fn refuse_known(&self, uri: &str) -> Result<(), Error> {
        match self.lock.list_at(uri) {
            Err(StoreError::NoUri(_)) => Ok(()),
            Err(error) => Err(Error::of_store(self.file, &error)),
            Ok(_) => Err(
                Error::new(Code::Refused, "the series cannot have another list")
                    .because(format!("its uri {uri} has no {{n}}"))
                    .hint("--uri 'https://example.com/statuslists/{n}.jwt'"),
            ),
        }
    }
}
