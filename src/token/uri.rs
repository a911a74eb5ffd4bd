//! What can name a list.

use crate::wire::hex;

/// Tells whether a text has the form of a uri: a scheme, a colon, and nothing but the characters
/// that a uri may have.
///
/// Source: RFC 3986, sections 2 and 3.
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte))
        && rest.split('%').skip(1).all(|escaped| {
            let digits = escaped.as_bytes().first_chunk();
            digits.is_some_and(|pair| hex::decode_byte(*pair).is_some())
        })
}

#[cfg(test)]
mod tests {
    use super::is_uri;

    #[test]
    fn uris() {
        for text in [
            "https://example.com/statuslists/1",
            "https://[2001:db8::1]:8443/a%20b?c=d#e",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "did:web:example.com",
            "a:",
        ] {
            assert!(is_uri(text), "{text}");
        }
    }

    #[test]
    fn other_texts() {
        for text in [
            "",
            "x",
            "/statuslists/1",
            "//example.com/1",
            ":",
            "1a:b",
            "h ttps:x",
            "https://example.com/a b",
            "https://example.com/é",
            "https://example.com/%",
            "https://example.com/%4",
            "https://example.com/%zz",
            "https://example.com/\u{1b}",
            "https://example.com/\"",
        ] {
            assert!(!is_uri(text), "{text}");
        }
    }
}
