//! What a publication writes, decided before anything is written, and writing it.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::aggregation;
use super::decision::{Cause, Decider, Decision};
use super::delivery::Delivery;
use super::departure::Lifted;
use super::edition::Edition;
use super::error::PublishError;
use super::guard::{Provenance, refuse_lifted};
use super::key::{NamedKey, SigningKey};
use super::responder::{self, Answered, Ground, Responder};
use super::rules::{Envelopes, Rules};
use super::secrets::{Doubt, Folders};
use super::side_files::{self, Done, Planned, SideFile, Unenveloped};
use super::site::Site;
use super::statement::{Lifetimes, Statement, Subject};
use super::token_file::TokenFile;
use crate::audit::TokenDemand;
use crate::list::{Breach, Holds, ListUri, Timestamp, View};
use crate::site::{Manifest, Promise, SitePath, Target, check_distinct};
use crate::store::{ListState, Publication, Snapshot};

/// Everything that a site should hold.
#[derive(Default)]
pub(crate) struct Contents<'a> {
    tokens: Vec<TokenFile<'a>>,
    responders: Vec<Responder<'a>>,
    /// The uris of lists that are published no more.
    retired: BTreeSet<String>,
}

/// What is published of a list file.
pub(crate) struct Selection<'a, 'v> {
    pub(crate) edition: Edition<'a>,
    pub(crate) views: &'v [View],
    pub(crate) lifetimes: Lifetimes,
}

/// What is to be written of everything that a site should hold.
pub(crate) struct PublishPlan<'a> {
    tokens: Vec<TokenFile<'a>>,
    decisions: Vec<Decision>,
    side_files: Vec<Planned>,
    responders: Vec<Responder<'a>>,
    /// The paths of all files.
    paths: Vec<SitePath>,
    lifted: Vec<Lifted>,
    doubts: Vec<Doubt>,
}

/// What was done.
pub(crate) struct Delivered<'a> {
    pub(crate) tokens: Vec<DeliveredToken<'a>>,
    pub(crate) side_files: Vec<Done>,
    pub(crate) responders: Vec<Answered>,
    /// The paths of the files for all hashes without one, in folders that are new.
    pub(crate) new_defaults: Vec<SitePath>,
    /// The files that were written, in this order.
    pub(crate) written: Vec<String>,
    /// What the list files should remember, in their order.
    pub(crate) records: Vec<Record<'a>>,
    /// The entries that leave a final status, because that was asked for.
    pub(crate) lifted: Vec<Lifted>,
    /// What may be a secret in the site.
    pub(crate) doubts: Vec<Doubt>,
}

/// What was done with one token.
pub(crate) struct DeliveredToken<'a> {
    pub(crate) file: TokenFile<'a>,
    /// Why it was written; `None` if it was not.
    pub(crate) cause: Option<Cause>,
    /// The length of the token.
    pub(crate) bytes: u64,
}

/// A publication that a list file should remember.
pub(crate) struct Record<'a> {
    pub(crate) edition: Edition<'a>,
    pub(crate) publication: Publication,
}

impl<'a> Contents<'a> {
    /// Adds what a site should hold of a list file, from one state of the file.
    ///
    /// # Errors
    /// The list file or the site cannot be read, a path that the site cannot hold, or a conflict
    /// in a folder of documents.
    pub(crate) fn add(
        &mut self,
        snapshot: &Snapshot<'_>,
        selection: &Selection<'a, '_>,
        site: Site<'_>,
        rules: &Rules,
    ) -> Result<(), PublishError> {
        let edition = selection.edition;
        let of_file = |source| edition.failed(source);
        let series = Rc::new(snapshot.series().clone());
        for list in snapshot.lists().map_err(of_file)? {
            let uris = snapshot.uris(list.number).map_err(of_file)?;
            if list.state == ListState::Retired {
                self.retired.extend(uris.into_iter().map(|uri| uri.uri));
                continue;
            }
            for ListUri { view, uri } in uris {
                if !selection.views.contains(&view) {
                    continue;
                }
                if view.row().holds == Holds::Documents {
                    self.responders.push(responder::collect(&Ground {
                        snapshot,
                        edition,
                        list: &list,
                        location: &uri,
                        site,
                        rules,
                    })?);
                    continue;
                }
                let path = SitePath::of(&uri, site.base).map_err(|source| {
                    let uri = uri.clone();
                    PublishError::Uri { uri, source }
                })?;
                let origin = snapshot
                    .origin_of(path.as_str(), site.chain(&path))
                    .map_err(of_file)?;
                let subject = Subject {
                    list: &list,
                    view,
                    uri: &uri,
                };
                let lifetimes = selection.lifetimes;
                let statement = Statement::of(snapshot, &series, &subject, lifetimes, rules.now)
                    .map_err(of_file)?;
                self.tokens.push(TokenFile {
                    path,
                    statement,
                    provenance: Provenance {
                        edition,
                        list: list.number,
                        changed: list.rev,
                        origin,
                    },
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
        key: Option<&SigningKey>,
        site: Site<'_>,
        rules: &Rules,
    ) -> Result<PublishPlan<'a>, PublishError> {
        let mut side_files = aggregation::documents(&self.tokens, &self.retired, site)?;
        let mut decisions = self.decide(key, site, rules)?;
        let by_tokens = decisions.iter_mut().filter_map(Decision::take_lifted);
        let by_responders = self.responders.iter_mut();
        let lifted: Vec<_> = by_tokens
            .chain(by_responders.filter_map(Responder::take_lifted))
            .collect();
        refuse_lifted(&lifted, rules.unrevoke)?;
        side_files.extend(self.keys(key, site)?);
        if rules.envelopes == Envelopes::Written {
            side_files.extend(self.envelopes(&decisions, site, rules)?);
        }
        // Several list files may bring the same keys.
        let others: BTreeSet<_> = side_files.iter().map(|file| file.path.clone()).collect();
        let tokens = self.tokens.iter().map(|token| token.path.clone());
        let documents = self.responders.iter().flat_map(Responder::paths).cloned();
        let paths: Vec<_> = tokens.chain(others).chain(documents).collect();
        check_distinct(&paths).map_err(PublishError::Clash)?;
        let doubts = match site.target.and_then(Target::folder) {
            Some(root) => Folders::of(root, &paths, site.manifest).refuse_secrets()?,
            None => Vec::new(),
        };
        Ok(PublishPlan {
            side_files: side_files::plan(side_files, site, rules)?,
            tokens: self.tokens,
            decisions,
            responders: self.responders,
            paths,
            lifted,
            doubts,
        })
    }

    fn decide(
        &self,
        key: Option<&SigningKey>,
        site: Site<'_>,
        rules: &Rules,
    ) -> Result<Vec<Decision>, PublishError> {
        if self.tokens.is_empty() {
            return Ok(Vec::new());
        }
        let key = key.ok_or(PublishError::NoKey)?;
        let decider = Decider { site, key, rules };
        let decisions = self.tokens.iter().map(|token| decider.decide(token));
        decisions.collect()
    }

    /// The files with the public keys: they go with a list file, and are made for its first token.
    fn keys(
        &self,
        key: Option<&SigningKey>,
        site: Site<'_>,
    ) -> Result<Vec<SideFile>, PublishError> {
        let file = |token: &TokenFile<'a>| token.edition().file;
        let of_files = self.tokens.chunk_by(|one, next| file(one) == file(next));
        let mut files = Vec::new();
        for (first, key) in of_files.filter_map(|tokens| tokens.first().zip(key)) {
            let (series, chain) = (first.statement.series(), first.edition().chain);
            files.extend(side_files::keys(series, &key.named.public, site, chain)?);
        }
        Ok(files)
    }

    /// The credentials in envelopes.
    fn envelopes(
        &self,
        decisions: &[Decision],
        site: Site<'_>,
        rules: &Rules,
    ) -> Result<Vec<SideFile>, PublishError> {
        let mut files = Vec::new();
        let tokens = self.tokens.iter().zip(decisions);
        for (token, decision) in tokens.filter(|(token, _)| token.statement.view.is_credential()) {
            let credential = Unenveloped {
                uri: token.uri(),
                token: decision.token(),
                found: site.read(&token.path, rules.limit)?,
            };
            let (series, chain) = (token.statement.series(), token.edition().chain);
            let file = side_files::enveloped(series, &credential, site.base, chain)?;
            files.extend(file);
        }
        Ok(files)
    }
}

impl Delivered<'_> {
    /// What the profiles of the series advise against in their tokens.
    pub(crate) fn advice(&self, key: &NamedKey) -> Vec<Breach<TokenDemand>> {
        let statements = self.tokens.iter().map(|token| &token.file.statement);
        statements
            .flat_map(|statement| statement.advice(key))
            .collect()
    }
}

impl<'a> PublishPlan<'a> {
    /// Removes what killed runs left where files are to be written.
    pub(crate) fn clear_leftovers(&self, target: &dyn Target, manifest: &Manifest, now: Timestamp) {
        if let Some(root) = target.folder() {
            Folders::of(root, &self.paths, manifest).clear_leftovers(now);
        }
    }

    /// Writes what is to be written: the tokens, what goes with them, and the manifest last, so
    /// that it never describes what is not there yet. Without a target nothing is written.
    ///
    /// # Errors
    /// The target fails.
    pub(crate) fn carry_out(
        self,
        target: Option<&dyn Target>,
        promise: Promise,
        manifest: Manifest,
        now: Timestamp,
    ) -> Result<Delivered<'a>, PublishError> {
        let name = target.map(Target::name);
        let mut delivery = Delivery::new(target, promise, manifest);
        let mut records = Vec::new();
        let mut tokens = Vec::new();
        for (file, decision) in self.tokens.into_iter().zip(self.decisions) {
            let (cause, bytes) = match decision {
                Decision::Keep { token } => (None, token.len()),
                Decision::Write {
                    cause,
                    token,
                    expected,
                    ..
                } => {
                    let entry = file.entry(&token);
                    let sha256 = entry.sha256;
                    delivery.put(file.path.clone(), &token, expected, entry)?;
                    records.extend(name.as_deref().map(|name| Record {
                        edition: *file.edition(),
                        publication: file.record(sha256, name),
                    }));
                    (Some(cause), token.len())
                }
            };
            let bytes = bytes as u64;
            tokens.push(DeliveredToken { file, cause, bytes });
        }
        let side_files = side_files::write(self.side_files, &mut delivery, now.second())?;
        let mut responders = Vec::new();
        let mut new_defaults = Vec::new();
        for responder in self.responders {
            new_defaults.extend(responder.new_default().cloned());
            let publication = name.as_deref().and_then(|name| responder.record(name, now));
            records.extend(publication.map(|publication| Record {
                edition: responder.edition,
                publication,
            }));
            responders.push(responder.write(&mut delivery, now)?);
        }
        Ok(Delivered {
            tokens,
            side_files,
            responders,
            new_defaults,
            written: delivery.finish()?,
            records,
            lifted: self.lifted,
            doubts: self.doubts,
        })
    }
}
