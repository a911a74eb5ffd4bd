//! The files of a site that is read elsewhere, and that a publication leaves as they are.

use std::collections::BTreeSet;

use super::aggregation::is_aggregation;
use super::error::{Conflict, PublishError};
use super::plan::PublishPlan;
use super::rules::Rules;
use super::side_files;
use super::site::Site;
use crate::audit::{Checks, Published, judge_token, recognise};
use crate::list::Timestamp;
use crate::site::{Digest, ManifestEntry, SitePath};
use crate::token::InflateLimit;

/// A file that is written as it is in the place where the site was read.
#[derive(Debug)]
pub(crate) struct CarriedFile {
    pub(crate) path: SitePath,
    pub(crate) vouched: Vouched,
    /// When it says that it ends to be valid.
    pub(crate) expires_at: Option<Timestamp>,
}

/// What speaks for a file that is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vouched {
    /// It was compared with a list file that is published.
    ListFile,
    /// Its digest is the one in the manifest, which nothing vouches for but the host.
    Manifest,
}

/// Says why a file that the manifest names is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uncarried {
    /// There is none.
    Gone,
    /// It is not the one that the manifest describes.
    Differs,
    /// It is nothing that belongs in a site.
    Stranger,
}

impl PublishPlan {
    /// Fetches everything that the site has and this plan does not write, if it is read elsewhere,
    /// so that the target will hold all of it. `heard` is told how many bytes came.
    ///
    /// # Errors
    /// A file is not what the manifest says, or nothing that belongs in a site; or something else
    /// is in its place in the target.
    pub(crate) fn carry(
        &mut self,
        site: &Site<'_>,
        rules: &Rules,
        heard: &dyn Fn(u64),
    ) -> Result<(), PublishError> {
        if !site.is_elsewhere() {
            return Ok(());
        }
        for file in self.side_files.iter().filter(|file| file.is_written()) {
            refuse_other(&file.path, file.digest, site, rules)?;
        }
        let own: BTreeSet<_> = self.files().map(|file| file.path.clone()).collect();
        let written = self.files().filter(|file| file.is_written());
        let mut known: BTreeSet<_> = written.map(|file| file.path.clone()).collect();
        let removals = self.leaving.removals.iter();
        known.extend(removals.map(|removal| removal.path.clone()));
        for (path, entry) in site.entries() {
            if known.contains(path) {
                continue;
            }
            if path.is_for_the_host() && site.read(path, entry.bytes)?.is_none() {
                self.unshown.push(path.clone());
                continue;
            }
            let vouched = if own.contains(path) {
                Vouched::ListFile
            } else {
                Vouched::Manifest
            };
            check(path, entry, vouched, site, rules)?;
            heard(entry.bytes);
            self.carried.push(CarriedFile {
                path: path.clone(),
                vouched,
                expires_at: entry.expires_at.map(Timestamp::from_second),
            });
        }
        Ok(())
    }

    /// Refuses to go on with a target that is behind what readers see, in files that this
    /// publication does not compare with a list file.
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
        let is_behind = |(path, seen): &(&SitePath, &ManifestEntry)| {
            !known.contains(path)
                && site.entry(path).is_none_or(|here| {
                    here.sha256 != seen.sha256 && here.issued_at < seen.issued_at
                })
        };
        let behind = beside.entries().filter(is_behind);
        let behind: Vec<_> = behind.map(|(path, _)| path.clone()).collect();
        if behind.is_empty() {
            Ok(())
        } else {
            Err(PublishError::Behind(behind))
        }
    }

    /// Writes what is taken over.
    pub(super) fn write_carried(
        &self,
        site: &Site<'_>,
        written: &mut Vec<String>,
    ) -> Result<(), PublishError> {
        for CarriedFile { path, .. } in &self.carried {
            let bytes = site.entry(path).map(|entry| site.read(path, entry.bytes));
            if let (Some(target), Some(bytes)) = (site.target(), bytes.transpose()?.flatten()) {
                target.write(path, &bytes, site.expects(None))?;
                written.push(path.to_string());
            }
        }
        Ok(())
    }
}

/// Makes sure that a file is what the manifest says and belongs in a site.
fn check(
    path: &SitePath,
    entry: &ManifestEntry,
    vouched: Vouched,
    site: &Site<'_>,
    rules: &Rules,
) -> Result<(), PublishError> {
    let refused = |reason| PublishError::Uncarried {
        file: site.locate(path),
        reason,
    };
    let Some(bytes) = site.read(path, entry.bytes)? else {
        return Err(refused(Uncarried::Gone));
    };
    if !entry.matches(&bytes) {
        return Err(refused(Uncarried::Differs));
    }
    refuse_other(path, entry.sha256, site, rules)?;
    if vouched == Vouched::Manifest && !belongs(path, bytes, rules) {
        return Err(refused(Uncarried::Stranger));
    }
    Ok(())
}

/// Refuses to replace what is in the target at a path, unless it is what belongs there or what
/// readers see.
fn refuse_other(
    path: &SitePath,
    digest: Digest,
    site: &Site<'_>,
    rules: &Rules,
) -> Result<(), PublishError> {
    let found = site
        .target()
        .map(|target| target.read(path, side_files::LIMIT));
    let found = found.transpose()?.flatten().map(|bytes| Digest::of(&bytes));
    let seen = site.entry(path).map(|entry| entry.sha256);
    if found.is_none() || found == Some(digest) || found == seen || rules.may_roll_back() {
        Ok(())
    } else {
        Err(Conflict::NotKnown.at(path))
    }
}

/// Whether a file is one that this tool writes into sites: its own by name, or by what it is. A
/// host that somebody else got hold of must not plant what a deployment would run.
fn belongs(path: &SitePath, bytes: Vec<u8>, rules: &Rules) -> bool {
    if path.is_own() || is_aggregation(&bytes) {
        return true;
    }
    match recognise(bytes) {
        Published::Credential(_) | Published::Answer(_) => true,
        Published::Token(bytes) => {
            let limit = InflateLimit::new(rules.max_inflated);
            let judgement = judge_token(&bytes, &Checks::new(rules.now, limit));
            judgement.list.is_some()
        }
    }
}
