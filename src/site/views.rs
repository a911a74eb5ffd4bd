//! Where the lists of a series are published: the templates of its views, and what follows from
//! them for each list.

use thiserror::Error;

use super::path::{PathClash, SitePath, SitePathError, check_distinct};
use super::template::{ListName, UriTemplate};
use super::uri::{BaseUrl, UriError};
use crate::list::{ListNumber, Proof, Purpose, Seed, SeriesView, View};
use crate::wire::text::escaped;

/// A list by which templates are judged.
const ANY_LIST: ListName<'static> = ListName {
    number: 0,
    id: "00000000000000000000000000000000",
};

/// Says that no site can hold the file of a uri, or those of a template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot publish at '{}'", escaped(text))]
pub(crate) struct Unpublishable {
    text: String,
    #[source]
    reason: SitePathError,
}

/// Why views cannot be published as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum ViewsError {
    /// A template for a view that is none of them.
    #[error("a uri for view {0}, which is not asked for")]
    NotAskedFor(View),
    /// Two templates that name no view.
    #[error("two uris that name no view")]
    TwoWithoutView,
    /// No template for the first view.
    #[error("no uri was given")]
    NoUri,
    /// No site can hold the files of a template.
    #[error(transparent)]
    Unpublishable(#[from] Unpublishable),
    /// No site can hold the files of two views together.
    #[error("two views cannot be published there")]
    Clash(#[from] PathClash),
}

/// Puts the views of a series together, or others beside those that it has: the first one has the
/// template that names no view, the others lie beside the first of all, unless they have one of
/// their own. A site can hold the files of all views of a list.
///
/// `templates` are `TEMPLATE` or `VIEW=TEMPLATE`.
pub(crate) fn series_views(
    views: &[View],
    templates: &[String],
    proof: Option<Proof>,
    known: &[SeriesView],
) -> Result<Vec<SeriesView>, ViewsError> {
    let mut own: Vec<(View, &str)> = Vec::new();
    let mut common = None;
    for text in templates {
        match text
            .split_once('=')
            .map(|(name, rest)| (name.parse(), rest))
        {
            Some((Ok(view), rest)) if views.contains(&view) => own.push((view, rest)),
            Some((Ok(view), _)) => return Err(ViewsError::NotAskedFor(view)),
            _ if common.is_none() => common = Some(text.as_str()),
            _ => return Err(ViewsError::TwoWithoutView),
        }
    }
    let mut made: Vec<SeriesView> = Vec::new();
    for view in views {
        let given = own
            .iter()
            .find(|(one, _)| one == view)
            .map(|(_, text)| *text);
        let given = given.or_else(|| common.take());
        let uri = match (given, known.first().or(made.first())) {
            (Some(text), _) => text.to_owned(),
            (None, Some(first)) => beside(*view, first, proof)?,
            (None, None) => return Err(ViewsError::NoUri),
        };
        template_of(&uri)?;
        made.push(SeriesView { view: *view, uri });
    }
    let mut paths = Vec::new();
    for view in known.iter().chain(&made) {
        let path = SitePath::of(&uri_of(view, &ANY_LIST)?, None);
        paths.push(path.map_err(|reason| Unpublishable::new(&view.uri, reason))?);
    }
    check_distinct(&paths)?;
    Ok(made)
}

/// The template of a view that has none of its own.
fn beside(view: View, first: &SeriesView, proof: Option<Proof>) -> Result<String, Unpublishable> {
    let template = template_of(&first.uri)?;
    let purposes = view.purpose().is_some() && view.family() == first.view.family();
    if template.has_view() || (template.has_purpose() && purposes) {
        return Ok(first.uri.clone());
    }
    Ok(first.template_beside(view, proof))
}

/// Reads the template of a view's uris, and makes sure that a site can hold what it names.
pub(crate) fn template_of(text: &str) -> Result<UriTemplate, Unpublishable> {
    let unpublishable = |reason| Unpublishable::new(text, reason);
    let template: UriTemplate = text
        .parse()
        .map_err(|error: UriError| unpublishable(error.into()))?;
    let uri = template.expand(&ANY_LIST, View::Jwt.name(), None);
    SitePath::of(&uri, None).map_err(unpublishable)?;
    Ok(template)
}

/// The uri that a list has in a view.
pub(crate) fn uri_of(view: &SeriesView, list: &ListName<'_>) -> Result<String, Unpublishable> {
    let purpose = view.view.purpose().map(Purpose::name);
    Ok(template_of(&view.uri)?.expand(list, view.view.name(), purpose))
}

/// The uri that a list has in each view.
pub(crate) fn uris_of(
    views: &[SeriesView],
    list: ListNumber,
    seed: &Seed,
) -> Result<Vec<(View, String)>, Unpublishable> {
    let list = ListName {
        number: list.value(),
        id: &seed.list_id(),
    };
    let uris = views.iter();
    uris.map(|view| Ok((view.view, uri_of(view, &list)?)))
        .collect()
}

/// The uri that a list has in a view, where it follows from the number.
pub(crate) fn numbered_uri_of(
    view: &SeriesView,
    list: ListNumber,
) -> Result<String, Unpublishable> {
    let list = ListName {
        number: list.value(),
        ..ANY_LIST
    };
    uri_of(view, &list)
}

/// The uri that a list has in each view where it follows from the number.
pub(crate) fn numbered_uris_of(
    views: &[SeriesView],
    list: ListNumber,
) -> Result<Vec<(View, String)>, Unpublishable> {
    let mut uris = Vec::new();
    for view in views {
        if !template_of(&view.uri)?.has_id() {
            uris.push((view.view, numbered_uri_of(view, list)?));
        }
    }
    Ok(uris)
}

/// Whether a series with these views can have more than one list: their uris differ in each view.
pub(crate) fn rolls_over(views: &[SeriesView]) -> bool {
    let apart = |template: UriTemplate| template.tells_lists_apart();
    views
        .iter()
        .all(|view| template_of(&view.uri).is_ok_and(apart))
}

/// The file that a uri stands for in a site whose root has a base url.
pub(crate) fn path_of(uri: &str, base: Option<&BaseUrl>) -> Result<SitePath, Unpublishable> {
    SitePath::of(uri, base).map_err(|reason| Unpublishable::new(uri, reason))
}

/// Finds the view that hosts take the files of another one for, by the ending of their names: it
/// tells them the media type.
pub(crate) fn mistaken_for(view: &SeriesView, proof: Option<Proof>) -> Option<View> {
    let ends = |other: View| view.uri.ends_with(&other.ending(proof));
    let other = View::ALL.into_iter().find(|other| ends(*other))?;
    (!ends(view.view)).then_some(other)
}

impl Unpublishable {
    fn new(text: &str, reason: SitePathError) -> Self {
        let text = text.to_owned();
        Self { text, reason }
    }
}
