//! What a publication writes, carried out when all of it is decided.

use std::collections::BTreeSet;

use super::carried::{self, CarriedFile, Planned, Taken, refuse_other};
use super::decision::PlannedToken;
use super::departure::Lifted;
use super::error::PublishError;
use super::file::SiteFile;
use super::hosted::Hosted;
use super::key_files::{KeyOrder, KeyPlan};
use super::record::Record;
use super::responder::Responder;
use super::retired::Leaving;
use super::rules::Rules;
use super::secrets::{Doubt, clear_leftovers};
use super::site::Site;
use super::spool::Spool;
use crate::audit::TokenDemand;
use crate::list::{Breach, Timestamp};
use crate::site::{SitePath, Target};

/// What is to be written of everything that a site should hold, and what is to go.
pub(crate) struct PublishPlan {
    /// By uri.
    pub(crate) tokens: Vec<PlannedToken>,
    pub(crate) side_files: Vec<SiteFile>,
    /// The files that show keys.
    pub(crate) keys: KeyPlan,
    /// By uri.
    pub(crate) responders: Vec<Responder>,
    /// The entries that leave a final status, because that was asked for.
    pub(crate) lifted: Vec<Lifted>,
    /// What may be a secret in the site.
    pub(crate) doubts: Vec<Doubt>,
    /// What the profiles of the series advise against in their tokens.
    pub(crate) advice: Vec<Breach<TokenDemand>>,
    pub(crate) leaving: Leaving,
    /// What the host is told, if somebody asked for it.
    pub(crate) hosted: Option<Hosted>,
    /// What is written as it is where the site was read, because it was read elsewhere.
    pub(crate) carried: Vec<CarriedFile>,
    /// The files that hosts keep for themselves, so that nobody can take them over.
    pub(crate) unshown: Vec<SitePath>,
    /// What is to be written.
    pub(super) spool: Spool,
}

impl PublishPlan {
    /// The paths of the files for all hashes without one, in folders that are new.
    pub(crate) fn new_defaults(&self) -> impl Iterator<Item = &SitePath> {
        self.responders.iter().filter_map(Responder::new_default)
    }

    /// Adds everything that the site has and that is not written yet, if it is read elsewhere, so
    /// that the target will hold all of it. `heard` is told how many bytes came.
    ///
    /// # Errors
    /// Those of [`Taken::of`], and something else than belongs there is in the target.
    pub(crate) fn carry(
        &mut self,
        site: &Site<'_>,
        rules: &Rules,
        heard: &dyn Fn(u64),
    ) -> Result<(), PublishError> {
        let files = self.side_files.iter().chain(&self.keys.files);
        for file in files.filter(|file| file.is_written()) {
            refuse_other(&file.path, file.digest, site, rules)?;
        }
        let written = self.files().filter(|file| file.is_written());
        let written = written.map(|file| file.path.clone());
        let removed = self.leaving.removals.iter().map(|one| &one.path);
        let removed = removed.chain(&self.leaving.page);
        let planned = Planned {
            own: self.files().map(|file| file.path.clone()).collect(),
            changed: written.chain(removed.cloned()).collect(),
        };
        let Taken { files, unshown } = Taken::of(site, &planned, rules, heard)?;
        (self.carried, self.unshown) = (files, unshown);
        Ok(())
    }

    /// Refuses to go on with a site that is behind what is seen beside it, in files that no list
    /// file of this publication was compared with.
    ///
    /// # Errors
    /// Such files.
    pub(crate) fn refuse_behind(
        &self,
        site: &Site<'_>,
        beside: &Site<'_>,
    ) -> Result<(), PublishError> {
        let tokens = self.tokens.iter().map(|planned| &planned.file);
        let documents = self.responders.iter().flat_map(|one| &one.documents);
        let compared = tokens.chain(documents).map(|file| &file.path);
        let removed = self.leaving.removals.iter().map(|removal| &removal.path);
        let known: BTreeSet<_> = compared.chain(removed).collect();
        carried::refuse_behind(site, beside, &known)
    }

    /// Removes what killed runs left where files are to be written.
    pub(crate) fn clear_leftovers(&self, target: &dyn Target, now: Timestamp) {
        if let Some(root) = target.folder() {
            clear_leftovers(root, self.files().map(|file| &file.path), now);
        }
    }

    /// Writes what is to be written: what is taken over, the tokens, what goes with them, and then the manifest, so
    /// that it never describes what is not there yet. What is to be removed goes last, when the
    /// manifest describes it no more. Returns the files that were written, in this order.
    ///
    /// # Errors
    /// The target fails; the error names the files that were written before.
    pub(crate) fn carry_out(
        &self,
        mut site: Site<'_>,
        now: Timestamp,
    ) -> Result<Vec<String>, PublishError> {
        let mut written = Vec::new();
        let mut result = self.write(&mut site, now, &mut written);
        let forgot = result.is_ok() && self.leaving.forget(&mut site);
        let is_news = result.is_ok() && site.remember(&self.keys.afterwards);
        let is_elsewhere = result.is_ok() && site.is_elsewhere();
        if forgot || is_news || is_elsewhere || !written.is_empty() {
            // If writing failed, the next run should know what was written for ours; the failure
            // says it in any case.
            result = result.and(site.save());
        }
        if result.is_ok() {
            result = self.leaving.carry_out(&site);
            if forgot && result.is_err() {
                written.push(SitePath::manifest().to_string());
            }
        }
        if let (Ok(()), Some(hosted)) = (&result, &self.hosted) {
            result = hosted.write().map_err(PublishError::from);
        }
        match result {
            Ok(()) => Ok(written),
            Err(source) => Err(PublishError::Interrupted {
                written,
                source: Box::new(source),
            }),
        }
    }

    fn write(
        &self,
        site: &mut Site<'_>,
        now: Timestamp,
        written: &mut Vec<String>,
    ) -> Result<(), PublishError> {
        let KeyPlan { order, .. } = self.keys;
        let last = order != KeyOrder::BeforeTokens;
        let before = if last {
            &self.keys.interim
        } else {
            &self.keys.files
        };
        for file in before {
            site.write(file, &self.spool, now, written)?;
        }
        site.remember(&self.keys.meanwhile);
        carried::write(&self.carried, site, written)?;
        for path in &self.unshown {
            site.forget(path);
        }
        let tokens = self.tokens.iter().map(|planned| &planned.file);
        for file in tokens.chain(&self.side_files) {
            site.write(file, &self.spool, now, written)?;
        }
        for responder in &self.responders {
            responder.write(site, &self.spool, now, written)?;
        }
        if order == KeyOrder::AfterManifest {
            site.save()?;
        }
        for file in self.keys.files.iter().filter(|_| last) {
            site.write(file, &self.spool, now, written)?;
        }
        Ok(())
    }

    /// What the list files should remember once it is carried out.
    pub(crate) fn records(&self, target: &dyn Target, now: Timestamp) -> Vec<Record> {
        let target = target.name();
        let written = self
            .tokens
            .iter()
            .filter(|planned| planned.file.is_written());
        let of_tokens = written.map(|planned| {
            let PlannedToken {
                provenance,
                view,
                file,
                due,
                ..
            } = planned;
            let mut record = provenance.record(*view, file, &target, now);
            record.publication.due = due.map(|due| due.at);
            record
        });
        let of_responders = self.responders.iter();
        let of_responders = of_responders.filter_map(|responder| responder.record(&target, now));
        of_tokens.chain(of_responders).collect()
    }

    fn files(&self) -> impl Iterator<Item = &SiteFile> {
        let tokens = self.tokens.iter().map(|planned| &planned.file);
        let documents = self
            .responders
            .iter()
            .flat_map(|responder| &responder.documents);
        tokens
            .chain(&self.side_files)
            .chain(&self.keys.files)
            .chain(documents)
    }
}
