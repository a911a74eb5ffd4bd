//! What a publication writes, decided before anything is written, and writing it.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::aggregation;
use super::decision::{PlannedToken, PublishableToken};
use super::departure::Lifted;
use super::edition::Edition;
use super::error::PublishError;
use super::file::SiteFile;
use super::guard::{Provenance, refuse_lifted};
use super::key::{NamedKey, TokenSigner};
use super::record::Record;
use super::responder::{Ground, Responder};
use super::rules::{Envelopes, Rules};
use super::secrets::{Doubt, clear_leftovers, refuse_secrets};
use super::side_files;
use super::site::Site;
use super::statement::{Lifetimes, Statement};
use crate::audit::TokenDemand;
use crate::list::{Breach, Holds, Timestamp, View};
use crate::site::{SitePath, Target, check_distinct};
use crate::store::{ListState, Snapshot};

/// Everything that a site should hold.
#[derive(Default)]
pub(crate) struct Contents {
    tokens: Vec<PublishableToken>,
    responders: Vec<Responder>,
    /// The uris of lists that are published no more.
    retired: BTreeSet<String>,
}

/// What is published of a list file.
pub(crate) struct Selection<'a> {
    pub(crate) edition: Edition,
    pub(crate) views: &'a [View],
    pub(crate) lifetimes: Lifetimes,
}

/// What is to be written of everything that a site should hold.
pub(crate) struct PublishPlan {
    pub(crate) tokens: Vec<PlannedToken>,
    pub(crate) side_files: Vec<SiteFile>,
    pub(crate) responders: Vec<Responder>,
    /// The entries that leave a final status, because that was asked for.
    pub(crate) lifted: Vec<Lifted>,
    /// What may be a secret in the site.
    pub(crate) doubts: Vec<Doubt>,
}

impl Contents {
    /// Adds what a site should hold of a list file, from one state of the file.
    ///
    /// # Errors
    /// The list file or the site cannot be read, a path that the site cannot hold, or a conflict
    /// in a folder of documents.
    pub(crate) fn add(
        &mut self,
        snapshot: &Snapshot<'_>,
        selection: &Selection<'_>,
        site: &Site<'_>,
        rules: &Rules,
    ) -> Result<(), PublishError> {
        let edition = &selection.edition;
        let of_file = |source| edition.failed(source);
        for list in snapshot.lists().map_err(of_file)? {
            let uris = snapshot.uris(list.number).map_err(of_file)?;
            if list.state == ListState::Retired {
                self.retired.extend(uris.into_iter().map(|uri| uri.uri));
                continue;
            }
            for place in uris {
                if !selection.views.contains(&place.view) {
                    continue;
                }
                if place.view.row().holds == Holds::Documents {
                    let ground = Ground {
                        snapshot,
                        edition,
                        list: &list,
                        location: &place.uri,
                        site,
                        rules,
                    };
                    self.responders.push(ground.responder()?);
                    continue;
                }
                let path = site.path_of(&place.uri)?;
                let provenance = Provenance::of(&path, snapshot, edition, &list, site)?;
                let statement =
                    Statement::of(snapshot, &list, place, selection.lifetimes, rules.now)
                        .map_err(of_file)?;
                self.tokens.push(PublishableToken {
                    path,
                    statement,
                    provenance,
                });
            }
        }
        Ok(())
    }

    /// Decides about every file before any is written.
    ///
    /// # Errors
    /// Whatever speaks against one file speaks against all.
    pub(crate) fn plan(
        mut self,
        key: Option<&TokenSigner>,
        site: &Site<'_>,
        rules: &Rules,
    ) -> Result<PublishPlan, PublishError> {
        let mut side_files = aggregation::documents(&self.tokens, &self.retired, site)?;
        let mut lifted = Vec::new();
        let mut tokens = Vec::new();
        for token in self.tokens {
            let key = key.ok_or(PublishError::NoKey)?;
            tokens.push(token.decide(key, site, rules, &mut lifted)?);
        }
        lifted.extend(
            self.responders
                .iter_mut()
                .filter_map(Responder::take_lifted),
        );
        refuse_lifted(&lifted, rules.unrevoke)?;
        // The public keys go with a list file, and are made for its first token.
        let file = |planned: &PlannedToken| Rc::clone(&planned.token.provenance.edition.file);
        for of_file in tokens.chunk_by(|one, next| file(one) == file(next)) {
            if let (Some(first), Some(key)) = (of_file.first(), key) {
                let (series, chain) = (&first.token.statement.series, first.file.chain);
                side_files.extend(side_files::keys(series, &key.named.public, site, chain)?);
            }
        }
        if rules.envelopes == Envelopes::Written {
            for planned in tokens
                .iter()
                .filter(|planned| planned.token.statement.view.is_credential())
            {
                side_files.extend(side_files::enveloped(planned, site, rules)?);
            }
        }
        // Several list files may bring the same keys.
        let mut others = BTreeSet::new();
        side_files.retain(|file| others.insert(file.path().clone()));
        let documents = self
            .responders
            .iter()
            .flat_map(|responder| &responder.documents);
        let paths: Vec<_> = (tokens.iter().map(|token| token.file.path.clone()))
            .chain(others)
            .chain(documents.map(|file| file.path.clone()))
            .collect();
        check_distinct(&paths).map_err(PublishError::Clash)?;
        let doubts = match site.target().and_then(Target::folder) {
            Some(root) => refuse_secrets(root, &paths, site)?,
            None => Vec::new(),
        };
        let side_files = side_files.into_iter().map(|file| file.decide(site, rules));
        Ok(PublishPlan {
            tokens,
            side_files: side_files.collect::<Result<_, _>>()?,
            responders: self.responders,
            lifted,
            doubts,
        })
    }
}

impl PublishPlan {
    /// What the profiles of the series advise against in their tokens.
    pub(crate) fn advice(&self, key: &NamedKey) -> Vec<Breach<TokenDemand>> {
        let statements = self.tokens.iter().map(|planned| &planned.token.statement);
        statements
            .flat_map(|statement| statement.advice(key))
            .collect()
    }

    /// The paths of the files for all hashes without one, in folders that are new.
    pub(crate) fn new_defaults(&self) -> impl Iterator<Item = &SitePath> {
        self.responders.iter().filter_map(Responder::new_default)
    }

    /// Removes what killed runs left where files are to be written.
    pub(crate) fn clear_leftovers(&self, target: &dyn Target, now: Timestamp) {
        if let Some(root) = target.folder() {
            clear_leftovers(root, self.files().map(|file| &file.path), now);
        }
    }

    /// Writes what is to be written: the tokens, what goes with them, and the manifest last, so
    /// that it never describes what is not there yet. Returns the files that were written, in this
    /// order.
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
        if !written.is_empty() {
            // If writing failed, the next run should know what was written for ours; the failure
            // says it in any case.
            result = result.and(site.save());
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
        let tokens = self.tokens.iter().map(|planned| &planned.file);
        for file in tokens.chain(&self.side_files) {
            site.write(file, now, written)?;
        }
        for responder in &self.responders {
            responder.write(site, now, written)?;
        }
        Ok(())
    }

    /// What the list files should remember once it is carried out, in their order.
    pub(crate) fn records(&self, target: &dyn Target, now: Timestamp) -> Vec<Record> {
        let target = target.name();
        let written = self
            .tokens
            .iter()
            .filter(|planned| planned.file.is_written());
        let of_tokens = written.map(|PlannedToken { token, file, .. }| {
            token
                .provenance
                .record(token.statement.view, file, &target, now)
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
        tokens.chain(&self.side_files).chain(documents)
    }
}
