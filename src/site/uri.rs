//! The URIs that a static file can have, read strictly and kept byte for byte.
//!
//! Verifiers compare a token's `sub` with the URI in the credential as strings
//! (draft-ietf-oauth-status-list-21, section 5.1), so nothing here is ever normalised. What two
//! readers could take differently is refused instead.

use std::{
    fmt::{self, Write as _},
    net::Ipv6Addr,
    str::FromStr,
};

use thiserror::Error;

use crate::wire::{hex, shell::quote};

/// The longest URI that is accepted, in bytes.
const LONGEST: usize = 2048;

/// Says which text is not a usable URI, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("uri {} {fault}", quote(text))]
pub struct UriError {
    text: String,
    pub(super) fault: UriFault,
}

impl UriError {
    pub(super) fn new(text: &str, fault: UriFault) -> Self {
        Self {
            text: text.to_owned(),
            fault,
        }
    }
}

/// Says why a text is not the URI, or the template of URIs, of a file on a static host.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum UriFault {
    /// Another scheme, or none. Schemes are written in lower case.
    #[error("does not begin with https:// or http://")]
    Scheme,
    /// Nothing between the scheme and the path.
    #[error("has no host")]
    NoHost,
    /// Neither a name of letters, digits, `-`, `_` and `.`, nor an IPv6 address in brackets.
    #[error("has a malformed host")]
    Host,
    /// Not a number from 1 to 65535.
    #[error("has a malformed port")]
    Port,
    /// `user@` or `user:password@`.
    #[error("has a user name or password")]
    UserInformation,
    /// A `?`.
    #[error("has a query, which a static file cannot have")]
    Query,
    /// A `#`.
    #[error("has a fragment, which never reaches a host")]
    Fragment,
    /// The path is missing or `/`.
    #[error("has no path and so names no file")]
    NoPath,
    /// The path ends with `/`.
    #[error("ends with '/' and so names a folder")]
    TrailingSlash,
    /// `//` in the path.
    #[error("has an empty path segment")]
    EmptySegment,
    /// `.` or `..`, also percent-encoded.
    #[error("has the path segment '.' or '..'")]
    DotSegment,
    /// `%2F`, `%5C`, `%25`, a control character or bytes that are not UTF-8.
    #[error("has the encoded character {0}, which hosts take differently")]
    Encoded(String),
    /// A `%` without two hexadecimal digits.
    #[error("has a '%' that two hexadecimal digits do not follow")]
    Percent,
    /// A character that RFC 3986 does not allow in a path.
    #[error("has the character {0:?}, which must be encoded in a path")]
    Character(char),
    /// More bytes than this.
    #[error("is longer than {LONGEST} bytes")]
    TooLong,
    /// A placeholder other than `{n}`, `{purpose}` and `{view}`.
    #[error("has the placeholder {{{0}}}; there are {{n}}, {{purpose}} and {{view}}")]
    Placeholder(String),
    /// A `{` without its `}`, or the reverse.
    #[error("has a brace without its partner")]
    Brace,
    /// A placeholder in the scheme or host: all lists of a series are on one host.
    #[error("has a placeholder before its path")]
    PlaceholderBeforePath,
}

/// The URL under which the root of a site is served, such as `https://example.com/status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(
    /// Without a `/` at the end.
    String,
);

impl BaseUrl {
    /// Returns what follows this URL in `uri`, or nothing if it is not below it.
    ///
    /// The two are compared byte for byte, and part only at a `/`.
    pub(super) fn strip<'a>(&self, uri: &'a str) -> Option<&'a str> {
        uri.strip_prefix(&self.0)?.strip_prefix('/')
    }

    /// Returns what the path of every URI below it begins with, decoded and without a `/` at the
    /// end.
    pub(crate) fn path(&self) -> String {
        // Both were checked when it was read.
        let start = authority_end(&self.0).unwrap_or(self.0.len());
        decode(&self.0[start..]).unwrap_or_default()
    }
}

impl FromStr for BaseUrl {
    type Err = UriError;

    /// Reads an `http` or `https` URL whose path may be missing or end with `/`.
    fn from_str(text: &str) -> Result<Self, UriError> {
        let fail = |fault| UriError::new(text, fault);
        let trimmed = text.strip_suffix('/').unwrap_or(text);
        let split = authority_end(trimmed).map_err(fail)?;
        check_authority(trimmed, split).map_err(fail)?;
        if split < trimmed.len() {
            check_path(&trimmed[split..]).map_err(fail)?;
        }
        Ok(Self(trimmed.to_owned()))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Checks a whole URI and returns where its path begins: at the `/` after the host.
pub(super) fn check(text: &str) -> Result<usize, UriFault> {
    let split = authority_end(text)?;
    check_authority(text, split)?;
    check_path(&text[split..])?;
    Ok(split)
}

/// Returns where the path, query or fragment begins.
pub(super) fn authority_end(text: &str) -> Result<usize, UriFault> {
    if text.len() > LONGEST {
        return Err(UriFault::TooLong);
    }
    let start = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.starts_with(scheme))
        .ok_or(UriFault::Scheme)?
        .len();
    let length = text[start..].find(['/', '?', '#']);
    Ok(length.map_or(text.len(), |length| start + length))
}

/// Decodes one segment that [`check`] has passed: the name that a static host looks for.
pub(super) fn decode(segment: &str) -> Result<String, UriFault> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let (&pair, tail) = tail.split_first_chunk().ok_or(UriFault::Percent)?;
            bytes.push(hex::decode_byte(pair).ok_or(UriFault::Percent)?);
            rest = tail;
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        UriFault::Encoded(format!("%{:02X}", error.as_bytes()[at]))
    })
}

fn check_authority(text: &str, end: usize) -> Result<(), UriFault> {
    let start = text.find("://").ok_or(UriFault::Scheme)? + 3;
    let authority = &text[start..end];
    if authority.contains('@') {
        return Err(UriFault::UserInformation);
    }
    let (host, port) = match authority.rfind(':') {
        // A colon inside the brackets belongs to the address.
        Some(colon) if !authority[colon..].contains(']') => {
            (&authority[..colon], Some(&authority[colon + 1..]))
        }
        _ => (authority, None),
    };
    check_host(host)?;
    match port {
        Some(port) if !is_port(port) => Err(UriFault::Port),
        _ => Ok(()),
    }
}

fn check_host(host: &str) -> Result<(), UriFault> {
    if host.is_empty() {
        return Err(UriFault::NoHost);
    }
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let good = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => host.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        }),
    };
    if good { Ok(()) } else { Err(UriFault::Host) }
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Checks what follows the host: an absolute path of RFC 3986, section 3.3, and nothing else.
fn check_path(path: &str) -> Result<(), UriFault> {
    for character in path.chars() {
        match character {
            '?' => return Err(UriFault::Query),
            '#' => return Err(UriFault::Fragment),
            _ if is_path_character(character) => (),
            _ => return Err(UriFault::Character(character)),
        }
    }
    let Some(relative) = path.strip_prefix('/').filter(|path| !path.is_empty()) else {
        return Err(UriFault::NoPath);
    };
    if relative.ends_with('/') {
        return Err(UriFault::TrailingSlash);
    }
    relative.split('/').try_for_each(check_segment)
}

fn check_segment(segment: &str) -> Result<(), UriFault> {
    if segment.is_empty() {
        return Err(UriFault::EmptySegment);
    }
    let name = decode(segment)?;
    if name == "." || name == ".." {
        return Err(UriFault::DotSegment);
    }
    // None of these can stand in a segment unencoded.
    match name
        .chars()
        .find(|&character| character.is_control() || matches!(character, '/' | '\\' | '%'))
    {
        Some(character) => Err(UriFault::Encoded(percent_encode(character))),
        None => Ok(()),
    }
}

/// `/`, `%` and `pchar` (RFC 3986, section 3.3).
fn is_path_character(character: char) -> bool {
    is_unreserved(character)
        || matches!(
            character,
            '/' | '%' | ':' | '@' | '!' | '$' | '&' | '\'' | '(' | ')' | '*'
        )
        || matches!(character, '+' | ',' | ';' | '=')
}

/// The characters that never need encoding (RFC 3986, section 2.3).
pub(super) fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')
}

/// Encodes one character (RFC 3986, section 2.1).
pub(super) fn percent_encode(character: char) -> String {
    let mut encoded = String::new();
    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
        // Writing to a `String` cannot fail.
        let _ = write!(encoded, "%{byte:02X}");
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_a_static_host_can_serve() {
        for text in [
            "https://example.com/0.jwt",
            "http://localhost:8080/0",
            "http://127.0.0.1:1/a/b/c.json",
            "http://[::1]:65535/0",
            "http://[2001:db8::1]/0",
            "https://Example.COM/Status_Lists/~me/0.jwt",
            "https://example.com/a:b@c!$&'()*+,;=d/...",
            "https://example.com/%41%20%C3%A9",
        ] {
            check(text).unwrap_or_else(|fault| panic!("{text} {fault}"));
        }
    }

    #[test]
    fn refuses_the_rest_with_its_reason() {
        let encoded = |text: &str| UriFault::Encoded(text.to_owned());
        for (text, fault) in [
            ("", UriFault::Scheme),
            ("example.com/0", UriFault::Scheme),
            ("ftp://example.com/0", UriFault::Scheme),
            ("HTTPS://example.com/0", UriFault::Scheme),
            ("https:///0", UriFault::NoHost),
            ("https://:80/0", UriFault::NoHost),
            ("https://a b/0", UriFault::Host),
            ("https://a..b/0", UriFault::Host),
            ("https://a%2eb/0", UriFault::Host),
            ("https://bücher.example/0", UriFault::Host),
            ("https://a\\b/0", UriFault::Host),
            ("https://[::g]/0", UriFault::Host),
            ("https://::1/0", UriFault::Host),
            ("https://a:/0", UriFault::Port),
            ("https://a:0/0", UriFault::Port),
            ("https://a:65536/0", UriFault::Port),
            ("https://a:+1/0", UriFault::Port),
            ("https://me@a/0", UriFault::UserInformation),
            ("https://me:x@a/0", UriFault::UserInformation),
            ("https://a", UriFault::NoPath),
            ("https://a/", UriFault::NoPath),
            ("https://a?b", UriFault::Query),
            ("https://a/b?", UriFault::Query),
            ("https://a/b#", UriFault::Fragment),
            ("https://a/b/", UriFault::TrailingSlash),
            ("https://a//b", UriFault::EmptySegment),
            ("https://a/./b", UriFault::DotSegment),
            ("https://a/b/..", UriFault::DotSegment),
            ("https://a/%2e%2E/b", UriFault::DotSegment),
            ("https://a/.%2e/b", UriFault::DotSegment),
            ("https://a/%2e", UriFault::DotSegment),
            ("https://a/b%2fc", encoded("%2F")),
            ("https://a/b%5Cc", encoded("%5C")),
            ("https://a/b%00c", encoded("%00")),
            ("https://a/%252e%252e/c", encoded("%25")),
            ("https://a/%c2%85", encoded("%C2%85")),
            ("https://a/%ff", encoded("%FF")),
            ("https://a/%", UriFault::Percent),
            ("https://a/%4", UriFault::Percent),
            ("https://a/%4/1", UriFault::Percent),
            ("https://a/%+1", UriFault::Percent),
            ("https://a/b\\c", UriFault::Character('\\')),
            ("https://a/b c", UriFault::Character(' ')),
            ("https://a/b\n", UriFault::Character('\n')),
            ("https://a/é", UriFault::Character('é')),
            ("https://a/{n}", UriFault::Character('{')),
            ("https://a/[b]", UriFault::Character('[')),
            ("https://a/b\"", UriFault::Character('"')),
        ] {
            assert_eq!(check(text), Err(fault), "{text}");
        }
        let long = format!("https://a/{}", "b".repeat(LONGEST));
        assert_eq!(check(&long), Err(UriFault::TooLong));
    }

    #[test]
    fn the_message_names_the_uri() {
        let error = "ftp://a/b".parse::<BaseUrl>().unwrap_err();
        let text = "uri 'ftp://a/b' does not begin with https:// or http://";
        assert_eq!(error.to_string(), text);
        assert_eq!(error.fault, UriFault::Scheme);
        let error = UriError::new("x", UriFault::Placeholder("m".to_owned()));
        let text = "uri 'x' has the placeholder {m}; there are {n}, {purpose} and {view}";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn a_base_url_ends_at_a_segment() {
        for text in ["https://a/b", "https://a/b/"] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!(base.to_string(), "https://a/b");
            assert_eq!(base.strip("https://a/b/c/d"), Some("c/d"));
            for uri in [
                "https://a/bc/d",
                "https://a/b",
                "https://a/c",
                "http://a/b/c",
                "https://A/b/c",
            ] {
                assert_eq!(base.strip(uri), None, "{uri}");
            }
        }
        let base: BaseUrl = "https://a:1/%C3%A9/b/".parse().unwrap();
        assert_eq!(base.path(), "/é/b");
        for text in ["https://a", "https://a/"] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!(base.path(), "");
            assert_eq!(base.strip("https://a/b"), Some("b"));
            assert_eq!(base.strip("https://ab/c"), None);
        }
        for text in [
            "https://",
            "https://a//",
            "https://a/b//",
            "https://a/..",
            "https://a?",
            "https://me@a",
            "a",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}
