//! Whether a site that says nothing of a list file may be its first.
//!
//! The guard asks the site what was published before. Where the site is silent, because its folder
//! is new, or was lost with the machine that had it, there is nothing that an older list file could
//! be told from a newer one by, and what it publishes would let revoked credentials pass. So such a
//! site is written only where that cannot be what happened:
//!
//! - The list file is **not where it lives**: a copy, a checkout, a restored disk. Nobody knows how
//!   old it is.
//! - It lives where it is, and **remembers a publication** of these lists in these views. To the
//!   same target: then the site was lost, with what other list files had in it. To another one that
//!   is there still: then this is a second site, and nothing speaks against it. To one that is gone:
//!   then that may be this one, under the name that it had on another machine.
//!
//! A file that recorded nothing yet of where it lives (the first format did not) is asked for its
//! publications alone.
//!
//! What no publication can tell is a file that lives where it is and has the content of an older one
//! that nothing had been published of: the same file written over, or a snapshot of the whole disk.
//! Only what readers see knows better; that is what [`super::Live`] is for.

use std::path::Path;

use super::edition::Selection;
use super::error::{PublishError, Silence};
use super::site::Site;
use crate::list::{ListNumber, ListUri};
use crate::site::{Target, holds_a_site};
use crate::store::{ListState, Publication, Snapshot, Whereabouts};
use crate::token::oa_ocsp::file_standing_for;

/// Refuses to publish a list file into a site that says nothing of it, unless it is its first.
///
/// # Errors
/// It may not be; or the list file or the site cannot be read.
pub(crate) fn refuse_silent(
    snapshot: &Snapshot<'_>,
    selection: &Selection<'_>,
    site: &Site<'_>,
) -> Result<(), PublishError> {
    let edition = &selection.edition;
    let lists = snapshot.lists().map_err(|error| edition.failed(error))?;
    let mut published = Vec::new();
    for list in lists {
        let uris = snapshot.uris(list.number);
        if knows(site, &uris.map_err(|error| edition.failed(error))?)? {
            return Ok(());
        }
        if list.state != ListState::Retired {
            published.push(list.number);
        }
    }
    if published.is_empty() {
        return Ok(());
    }
    let silence = match snapshot.whereabouts() {
        Err(error) => return Err(edition.failed(error)),
        Ok(Whereabouts::Elsewhere) => Some(Silence::Copy),
        Ok(Whereabouts::Anywhere) => Some(Silence::Travels),
        Ok(Whereabouts::Here | Whereabouts::Unknown) => {
            let publications = snapshot.publications();
            let publications = publications.map_err(|error| edition.failed(error))?;
            lost(&publications, &published, selection, site)
        }
    };
    match silence {
        Some(silence) => Err(PublishError::Silent {
            file: edition.file.to_path_buf(),
            silence,
        }),
        None => Ok(()),
    }
}

/// Whether the site has a file of a list, or its manifest says something of one.
fn knows(site: &Site<'_>, places: &[ListUri]) -> Result<bool, PublishError> {
    for place in places {
        let path = site.path_of(&file_standing_for(place))?;
        let is_there = || site.target().map(|target| target.contains(&path));
        if site.entry(&path).is_some() || is_there().transpose()? == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The newest publication of these lists that the site may have been lost with.
fn lost(
    publications: &[Publication],
    lists: &[ListNumber],
    selection: &Selection<'_>,
    site: &Site<'_>,
) -> Option<Silence> {
    let here = site.target().map(Target::name);
    let is_meant = |publication: &&Publication| {
        let is_view = |view: &crate::list::View| view.name() == publication.view;
        lists.contains(&publication.list) && selection.views.iter().any(is_view)
    };
    let is_lost = |publication: &&Publication| {
        here.as_ref() == Some(&publication.target) || !holds_a_site(Path::new(&publication.target))
    };
    let meant = publications.iter().filter(is_meant).filter(is_lost);
    let newest = meant.max_by_key(|publication| publication.issued_at)?;
    Some(Silence::Published {
        target: newest.target.clone(),
        at: newest.issued_at,
    })
}
