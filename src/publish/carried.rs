//! The files of a site that is read elsewhere, and that a publication leaves as they are.

use std::collections::BTreeSet;

use super::aggregation::is_aggregation;
use super::error::{Conflict, PublishError, Uncarried};
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

/// What a plan says of the files of a site.
pub(super) struct Planned {
    /// Those that it decided about.
    pub(super) own: BTreeSet<SitePath>,
    /// Those that it writes or removes.
    pub(super) changed: BTreeSet<SitePath>,
}

/// What is taken over from a site that is read elsewhere.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) files: Vec<CarriedFile>,
    /// What its host keeps for itself.
    pub(super) unshown: Vec<SitePath>,
}

impl Taken {
    /// Fetches everything that the site has and a plan does not change. `heard` is told how many
    /// bytes came.
    ///
    /// # Errors
    /// A file is not what the manifest says, or nothing that belongs in a site; or something else
    /// is in its place in the target.
    pub(super) fn of(
        site: &Site<'_>,
        planned: &Planned,
        rules: &Rules,
        heard: &dyn Fn(u64),
    ) -> Result<Self, PublishError> {
        let mut taken = Self::default();
        for (path, entry) in site.entries() {
            if planned.changed.contains(path) {
                continue;
            }
            if path.is_for_the_host() && site.read(path, entry.bytes)?.is_none() {
                taken.unshown.push(path.clone());
                continue;
            }
            let vouched = if planned.own.contains(path) {
                Vouched::ListFile
            } else {
                Vouched::Manifest
            };
            check(path, entry, vouched, site, rules)?;
            heard(entry.bytes);
            taken.files.push(CarriedFile {
                path: path.clone(),
                vouched,
                expires_at: entry.expires_at.map(Timestamp::from_second),
            });
        }
        Ok(taken)
    }
}

/// Refuses a site that is behind what is seen beside it, in other files than these.
///
/// # Errors
/// Such files.
pub(super) fn refuse_behind(
    site: &Site<'_>,
    beside: &Site<'_>,
    known: &BTreeSet<&SitePath>,
) -> Result<(), PublishError> {
    let is_behind = |(path, seen): &(&SitePath, &ManifestEntry)| {
        let older =
            |here: &ManifestEntry| here.sha256 != seen.sha256 && here.issued_at < seen.issued_at;
        !known.contains(path) && site.entry(path).is_none_or(older)
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
pub(super) fn write(
    files: &[CarriedFile],
    site: &Site<'_>,
    written: &mut Vec<String>,
) -> Result<(), PublishError> {
    for CarriedFile { path, .. } in files {
        let bytes = site.entry(path).map(|entry| site.read(path, entry.bytes));
        if let (Some(target), Some(bytes)) = (site.target(), bytes.transpose()?.flatten()) {
            target.write(path, &bytes, site.expects(None))?;
            written.push(path.to_string());
        }
    }
    Ok(())
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
///
/// # Errors
/// It is something else.
pub(super) fn refuse_other(
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
