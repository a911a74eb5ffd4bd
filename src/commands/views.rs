//! The views of a series, and the uris of their lists.

use super::{Code, Error};
use crate::list::{ListNumber, Proof, Purpose, SeriesView, View};
use crate::site::{SitePath, UriTemplate, check_distinct};

/// Puts the views of a series together: the first one has the template that names no view, the
/// others lie beside it unless they have one of their own.
///
/// `templates` are `TEMPLATE` or `VIEW=TEMPLATE`.
pub(super) fn series_views(
    views: &[View],
    templates: &[String],
    proof: Option<Proof>,
    known: Option<&SeriesView>,
) -> Result<Vec<SeriesView>, Error> {
    let mut own: Vec<(View, &str)> = Vec::new();
    let mut common = None;
    for text in templates {
        match text
            .split_once('=')
            .map(|(name, rest)| (name.parse(), rest))
        {
            Some((Ok(view), rest)) if views.contains(&view) => own.push((view, rest)),
            Some((Ok(view), _)) => {
                return Err(Error::new(
                    Code::Refused,
                    format!("a uri for view {view}, which is not asked for"),
                )
                .hint(format!("--as {view}")));
            }
            _ if common.is_none() => common = Some(text.as_str()),
            _ => {
                return Err(Error::new(Code::Refused, "two uris that name no view")
                    .hint("--uri VIEW=TEMPLATE"));
            }
        }
    }
    let mut made: Vec<SeriesView> = Vec::new();
    for view in views {
        let given = own
            .iter()
            .find(|(one, _)| one == view)
            .map(|(_, text)| *text);
        let given = given.or_else(|| common.take());
        let uri = match (given, known.or(made.first())) {
            (Some(text), _) => text.to_owned(),
            (None, Some(first)) => beside(*view, first, proof)?,
            (None, None) => return Err(without_uri()),
        };
        parse_template(&uri)?;
        made.push(SeriesView { view: *view, uri });
    }
    Ok(made)
}

/// The template of a view that has none of its own.
fn beside(view: View, first: &SeriesView, proof: Option<Proof>) -> Result<String, Error> {
    let template = parse_template(&first.uri)?;
    let purposes = view.purpose().is_some() && view.family() == first.view.family();
    if template.has_view() || (template.has_purpose() && purposes) {
        return Ok(first.uri.clone());
    }
    Ok(first.template_beside(view, proof))
}

/// The uri that a list has in a view.
pub(super) fn uri_of(view: &SeriesView, list: ListNumber) -> Result<String, Error> {
    let purpose = view.view.purpose().map(Purpose::name);
    Ok(parse_template(&view.uri)?.expand(list.value(), view.view.name(), purpose))
}

/// Makes sure that a site can hold the files of all views of a list.
pub(super) fn check_paths(views: &[SeriesView]) -> Result<(), Error> {
    let mut paths = Vec::new();
    for view in views {
        let uri = uri_of(view, ListNumber::FIRST)?;
        paths.push(SitePath::of(&uri, None).map_err(|error| unpublishable(&view.uri, &error))?);
    }
    check_distinct(&paths).map_err(|error| {
        Error::new(Code::Refused, "two views cannot be published there")
            .because_of(&error)
            .hint("{view} or {purpose} in the template, or --uri VIEW=TEMPLATE")
    })
}

/// Reads the template of a view's uris, and makes sure that a site can hold what it names.
pub(super) fn parse_template(text: &str) -> Result<UriTemplate, Error> {
    let template: UriTemplate = text.parse().map_err(|error| unpublishable(text, &error))?;
    let uri = template.expand(0, View::Jwt.name(), None);
    let path = SitePath::of(&uri, None).map_err(|error| unpublishable(text, &error))?;
    check_distinct(&[path]).map_err(|error| unpublishable(text, &error))?;
    Ok(template)
}

/// Says why no site can hold a file.
pub(super) fn unpublishable(text: &str, error: &dyn std::error::Error) -> Error {
    Error::new(Code::Refused, format!("cannot publish at '{text}'"))
        .because_of(error)
        .hint("a uri such as https://example.com/statuslists/{n}.jwt")
}

/// Refuses a W3C view of a series whose issuer nobody named.
pub(super) fn needs_issuer(view: View) -> Error {
    Error::new(Code::Refused, format!("view {view} needs an issuer"))
        .because("verifiers compare it with the key that the list is signed with")
        .hint("--issuer URI: a did:key, a did:web or an https uri")
}

pub(super) fn without_uri() -> Error {
    Error::new(Code::Refused, "no uri was given")
        .because("credentials name the uri of their list, so it can never change")
        .hint("--uri 'https://example.com/statuslists/{n}.jwt'")
}
