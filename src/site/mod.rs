//! Where published bytes go: one URI per view, one file per URI.
//!
//! Static hosts do not negotiate content, so every view of a list has a URI of its own, and that
//! URI names a file below the root of a site.
//!
//! - [`UriTemplate`] is how the URIs of a series are written down.
//! - [`SitePath`] is the file that a URI stands for; it cannot leave the site, and
//!   [`check_distinct`] says whether many of them fit into one folder.
//! - `Target` is the place that holds a site; to add a kind, write its file beside `folder` and
//!   its row in `open_target`.
//! - `Folder` is the first kind: a folder on the local disk.
//! - `LiveSite` is what hosts serve of a site: it stands for a target where one is only read.
//! - `Manifest` is what the last publication left in the site about each file.
//!
//! - [`Host`] is who hands a site out, if it is one of those whose settings are known.
//!
//! - The rules of `views` say where the lists of a series go.
//!
//! Of lists, only their numbers and the names of their views are known here; keys and signatures
//! are not, and nothing decides what is to be published.

use std::io::ErrorKind;
use std::path::Path;

mod digest;
mod folder;
mod host;
mod live;
mod manifest;
#[cfg(test)]
mod memory;
mod path;
mod shown_key;
mod target;
mod template;
mod uri;
mod views;

pub use self::digest::Digest;
use self::folder::Folder;
pub use self::host::Host;
pub(crate) use self::live::LiveSite;
#[cfg(test)]
pub(crate) use self::memory::Memory;
pub(crate) use self::path::{PathClash, SitePath, SitePathError, check_distinct};
pub(crate) use self::template::{ListName, PathPiece, UriTemplate};
pub(crate) use self::uri::{BaseUrl, UriError};

pub(crate) use self::shown_key::{PublicJwk, ShownKey};
pub(crate) use self::{
    manifest::{Manifest, ManifestEntry, ManifestError},
    target::{Precondition, Promise, Target, TargetError, Turn, WebFault},
};
pub(crate) use views::{
    Unpublishable, ViewsError, mistaken_for, numbered_uri_of, numbered_uris_of, path_of,
    rolls_over, series_views, template_of, uri_of, uris_of,
};

/// What is expected of a target that is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// It is made if it is missing.
    Create,
    /// It must be there.
    Existing,
    /// There is no target if it is missing.
    IfThere,
}

/// Whether a site is at the place of a name, as far as anybody can see.
pub(crate) fn holds_a_site(name: &Path) -> bool {
    let target = open_target(name, Opening::IfThere).ok().flatten();
    target.is_some_and(|target| target.contains(&SitePath::manifest()).unwrap_or_default())
}

/// Opens the target of a name. Every kind has its row here.
///
/// # Errors
///
/// It is missing, or something else is in its place.
pub(crate) fn open_target(
    name: &Path,
    opening: Opening,
) -> Result<Option<Box<dyn Target>>, TargetError> {
    let folder = match opening {
        Opening::Create => Folder::create(name),
        Opening::Existing | Opening::IfThere => Folder::open(name),
    };
    match folder {
        Err(TargetError::Disk(error))
            if opening == Opening::IfThere && error.kind() == ErrorKind::NotFound =>
        {
            Ok(None)
        }
        folder => Ok(Some(Box::new(folder?))),
    }
}
