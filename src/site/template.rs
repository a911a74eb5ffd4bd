//! How the URIs of a series are written down: text with placeholders.

use std::{fmt, str::FromStr};

use super::uri::{self, UriError, UriFault};

/// A URI with placeholders, such as `https://example.com/statuslists/{n}.jwt`.
///
/// `{n}` stands for the number of the list, `{id}` for a name that tells nothing of the number, `{view}` for the name of the view and `{purpose}` for
/// the purpose of a view that has one. They may occur in the path only, any number of times.
/// Everything else is kept byte for byte, because a token's `sub` must be the very string that
/// credentials hold (draft-ietf-oauth-status-list-21, section 5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UriTemplate {
    text: String,
    parts: Vec<Part>,
    origin_length: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Number,
    Id,
    Purpose,
    View,
}

/// A piece of the path that a template stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PathPiece {
    /// The same for all lists.
    Literal(String),
    /// The number of a list.
    Number,
    /// The name of a list that tells nothing of its number.
    Id,
}

/// What stands for one list in its URIs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListName<'a> {
    /// For `{n}`.
    pub(crate) number: u32,
    /// For `{id}`.
    pub(crate) id: &'a str,
}

impl UriTemplate {
    /// Returns the URI of one view of a list.
    ///
    /// A view without a purpose puts its name in the place of `{purpose}`; see
    /// [`UriTemplate::has_purpose`]. Names of letters, digits, `-`, `.`, `_` and `~` appear as they
    /// are, other characters percent-encoded.
    pub(crate) fn expand(&self, list: &ListName<'_>, view: &str, purpose: Option<&str>) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Number => list.number.to_string(),
                Part::Id => list.id.to_owned(),
                Part::Purpose => encode(purpose.unwrap_or(view)),
                Part::View => encode(view),
            })
            .collect()
    }

    /// Returns the path of one view's URIs, from the `/` on and decoded, in pieces.
    pub(crate) fn path(&self, view: &str, purpose: Option<&str>) -> Vec<PathPiece> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        for part in &self.parts {
            let piece = match part {
                Part::Literal(literal) => {
                    text.push_str(literal);
                    continue;
                }
                Part::Purpose => {
                    text.push_str(purpose.unwrap_or(view));
                    continue;
                }
                Part::View => {
                    text.push_str(view);
                    continue;
                }
                Part::Number => PathPiece::Number,
                Part::Id => PathPiece::Id,
            };
            pieces.push(PathPiece::Literal(std::mem::take(&mut text)));
            pieces.push(piece);
        }
        pieces.push(PathPiece::Literal(text));
        if let Some(PathPiece::Literal(first)) = pieces.first_mut() {
            first.drain(..self.origin_length);
        }
        for piece in &mut pieces {
            if let PathPiece::Literal(text) = piece {
                // A placeholder never stands inside of an encoded character.
                *text = uri::decode(text).unwrap_or_default();
            }
        }
        pieces.retain(|piece| *piece != PathPiece::Literal(String::new()));
        pieces
    }

    /// Says whether the lists of a series get different URIs.
    pub(crate) fn tells_lists_apart(&self) -> bool {
        self.parts.contains(&Part::Number) || self.has_id()
    }

    /// Says whether the URIs of lists follow from their numbers, and differ.
    pub(crate) fn tells_numbers(&self) -> bool {
        self.parts.contains(&Part::Number) && !self.has_id()
    }

    /// Says whether the URIs of lists hide their order.
    pub(crate) fn has_id(&self) -> bool {
        self.parts.contains(&Part::Id)
    }

    /// Says whether the purposes of a view get different URIs by `{purpose}`.
    pub(crate) fn has_purpose(&self) -> bool {
        self.parts.contains(&Part::Purpose)
    }

    /// Says whether the views of a list get different URIs by `{view}`.
    pub(crate) fn has_view(&self) -> bool {
        self.parts.contains(&Part::View)
    }

    /// Returns the scheme, host and port of a uri; nothing if no file can have it.
    pub(crate) fn origin_of(uri: &str) -> Option<String> {
        let template = uri.parse::<Self>().ok()?;
        Some(template.origin().to_owned())
    }

    /// Returns the scheme, host and port, as in `https://example.com:8443`.
    pub(crate) fn origin(&self) -> &str {
        &self.text[..self.origin_length]
    }

    /// Returns the text as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for UriTemplate {
    type Err = UriError;

    /// Reads a template whose every expansion is the URI of a file on a static host.
    ///
    /// Refused are, among others, a query, a fragment, user information, empty and dot segments and
    /// a `/` at the end: all that hosts and readers could take differently.
    fn from_str(text: &str) -> Result<Self, UriError> {
        parse(text).map_err(|fault| UriError::new(text, fault))
    }
}

impl fmt::Display for UriTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn parse(text: &str) -> Result<UriTemplate, UriFault> {
    let origin_length = uri::authority_end(text)?;
    if text[..origin_length].contains(['{', '}']) {
        return Err(UriFault::PlaceholderBeforePath);
    }
    let parts = split(text)?;

    // The letter stands for whatever is put in. It is no hexadecimal digit, so a placeholder cannot
    // complete a percent-encoding; and it is neither '.' nor '/'.
    let example: String = parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text,
            Part::Number | Part::Id | Part::Purpose | Part::View => "x",
        })
        .collect();
    uri::check(&example)?;
    Ok(UriTemplate {
        text: text.to_owned(),
        parts,
        origin_length,
    })
}

fn split(text: &str) -> Result<Vec<Part>, UriFault> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let (literal, placeholder) = rest.split_at(open);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        let inside = placeholder.strip_prefix('{').ok_or(UriFault::Brace)?;
        let (name, tail) = inside.split_once('}').ok_or(UriFault::Brace)?;
        parts.push(match name {
            "n" => Part::Number,
            "id" => Part::Id,
            "purpose" => Part::Purpose,
            "view" => Part::View,
            _ if name.contains('{') => return Err(UriFault::Brace),
            _ => return Err(UriFault::Placeholder(name.escape_debug().collect())),
        });
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Ok(parts)
}

fn encode(name: &str) -> String {
    name.chars()
        .map(|character| {
            if uri::is_unreserved(character) {
                character.to_string()
            } else {
                uri::percent_encode(character)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn name(number: u32) -> ListName<'static> {
        ListName { number, id: "0a1b" }
    }

    #[test]
    fn a_list_has_its_id_or_its_number() {
        let template: UriTemplate = "https://example.com/{id}/{n}.jwt".parse().unwrap();
        assert_eq!(
            template.expand(&name(3), "jwt", None),
            "https://example.com/0a1b/3.jwt"
        );
        assert!(template.has_id() && template.tells_lists_apart());
        let template: UriTemplate = "https://example.com/{id}".parse().unwrap();
        assert!(template.has_id() && template.tells_lists_apart());
        let template: UriTemplate = "https://example.com/{n}".parse().unwrap();
        assert!(!template.has_id());
    }

    #[test]
    fn expands_and_keeps_every_byte() {
        let template: UriTemplate = "https://Example.com:8443/s/{n}/{view}.{purpose}-{n}%20.json"
            .parse()
            .unwrap();
        assert_eq!(
            template.expand(
                &name(4_294_967_295),
                "bitstring.revocation",
                Some("revocation")
            ),
            "https://Example.com:8443/s/4294967295/bitstring.revocation.revocation-4294967295%20.json"
        );
        assert_eq!(
            template.expand(&name(0), "jwt", None),
            "https://Example.com:8443/s/0/jwt.jwt-0%20.json"
        );
        assert_eq!(template.origin(), "https://Example.com:8443");
        assert!(template.tells_lists_apart() && template.has_purpose() && template.has_view());
        assert_eq!(template.to_string(), template.as_str());

        let fixed: UriTemplate = "http://localhost/0.jwt".parse().unwrap();
        assert_eq!(
            fixed.expand(&name(7), "jwt", None),
            "http://localhost/0.jwt"
        );
        assert!(!fixed.tells_lists_apart() && !fixed.has_purpose() && !fixed.has_view());
    }

    #[test]
    fn the_path_is_known_without_the_list() {
        let literal = |text: &str| PathPiece::Literal(text.to_owned());
        for (text, pieces) in [
            ("https://a:1/0.jwt", vec![literal("/0.jwt")]),
            (
                "https://a/%C3%A9/{n}/{view}.{purpose}",
                vec![
                    literal("/é/"),
                    PathPiece::Number,
                    literal("/bitstring.revocation.revocation"),
                ],
            ),
            (
                "https://a/{id}{n}",
                vec![literal("/"), PathPiece::Id, PathPiece::Number],
            ),
        ] {
            let template: UriTemplate = text.parse().unwrap();
            let path = template.path("bitstring.revocation", Some("revocation"));
            assert_eq!(path, pieces, "{text}");
        }
    }

    #[test]
    fn a_name_cannot_bring_in_a_segment() {
        let template: UriTemplate = "https://a/{view}/{purpose}".parse().unwrap();
        let uri = template.expand(&name(0), "a/../b?", Some("é#\\"));
        assert_eq!(uri, "https://a/a%2F..%2Fb%3F/%C3%A9%23%5C");
    }

    #[test]
    fn refuses_bad_braces_and_places() {
        for (text, fault) in [
            ("https://a/{m}", UriFault::Placeholder("m".to_owned())),
            ("https://a/{N}", UriFault::Placeholder("N".to_owned())),
            ("https://a/{}", UriFault::Placeholder(String::new())),
            ("https://a/{ n}", UriFault::Placeholder(" n".to_owned())),
            ("https://a/{\n}", UriFault::Placeholder("\\n".to_owned())),
            ("https://a/{n", UriFault::Brace),
            ("https://a/n}", UriFault::Brace),
            ("https://a/{{n}}", UriFault::Brace),
            ("https://a/{n}}", UriFault::Brace),
            ("https://{n}.a/b", UriFault::PlaceholderBeforePath),
            ("https://a:{n}/b", UriFault::PlaceholderBeforePath),
            ("{view}://a/b", UriFault::Scheme),
            ("https://a/{n}?b", UriFault::Query),
            ("https://a/b?{n}", UriFault::Query),
            ("https://a?{n}", UriFault::Query),
            ("https://a/b#{n}", UriFault::Fragment),
            ("https://a/{n}/", UriFault::TrailingSlash),
            ("https://a//{n}", UriFault::EmptySegment),
            ("https://a/../{n}", UriFault::DotSegment),
            ("https://a/%{n}0", UriFault::Percent),
            ("https://a/%4{n}", UriFault::Percent),
            ("https://a/é{n}", UriFault::Character('é')),
        ] {
            let error = text.parse::<UriTemplate>().unwrap_err();
            assert_eq!(error.fault, fault, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(text in any::<String>()) {
            let _ = text.parse::<UriTemplate>();
        }

        #[test]
        fn every_expansion_of_an_accepted_template_is_a_uri(
            path in "(/?(\\{n\\}|\\{id\\}|\\{view\\}|\\{purpose\\}|[.]|%2e|%41|[a-c%{}?#~@:/ ]|é)){0,6}",
            n in any::<u32>(),
            names in proptest::collection::vec("[a-z0-9.-]{1,9}", 2),
        ) {
            let text = format!("https://a.example/{path}");
            if let Ok(template) = text.parse::<UriTemplate>() {
                prop_assert_eq!(template.origin(), "https://a.example");
                // Such names would make a dot segment; the path of a URI refuses it.
                prop_assume!(names.iter().all(|name| !name.trim_matches('.').is_empty()));
                for purpose in [None, Some(&*names[1])] {
                    let uri = template.expand(&name(n), &names[0], purpose);
                    prop_assert!(uri::check(&uri).is_ok(), "{}", uri);
                }
            }
        }
    }
}
