//! Where published bytes go: one URI per view, one file per URI.
//!
//! Static hosts do not negotiate content, so every view of a list has a URI of its own, and that
//! URI names a file below the root of a site.
//!
//! - [`UriTemplate`] is how the URIs of a series are written down.
//! - [`SitePath`] is the file that a URI stands for; it cannot leave the site, and
//!   [`check_distinct`] says whether many of them fit into one folder.
//! - [`Target`] is the place that holds a site; to add a kind, write its file beside `folder` and
//!   its row in [`open_target`].
//! - [`Folder`] is the first kind: a folder on the local disk.
//! - [`Manifest`] is what the last publication left in the site about each file.
//!
//! - The rules of `views` say where the lists of a series go.
//!
//! Of lists, only their numbers and the names of their views are known here; keys and signatures
//! are not, and nothing decides what is to be published.

mod digest;
mod folder;
mod manifest;
#[cfg(test)]
mod memory;
mod open;
mod path;
mod target;
mod template;
mod uri;
mod views;

#[cfg(test)]
pub(crate) use self::memory::Memory;
pub use self::{
    digest::{BadDigest, Digest},
    path::{PathClash, SitePath, SitePathError, check_distinct},
    template::UriTemplate,
    uri::{BaseUrl, UriError, UriFault},
};

pub(crate) use self::{
    folder::Folder,
    manifest::{Manifest, ManifestEntry, ManifestError},
    open::{Opening, open_target},
    target::{Precondition, Promise, Target, TargetError, Turn},
};
pub(crate) use views::{
    Unpublishable, ViewsError, mistaken_for, path_of, series_views, template_of, uri_of, uris_of,
};
