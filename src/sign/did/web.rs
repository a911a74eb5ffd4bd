//! `did:web`: identifiers whose document is a file on a web host.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

use super::error::DidError;
use crate::sign::public_key::PublicKey;
use crate::wire::text::brief;

const PREFIX: &str = "did:web:";
const HTTPS: &str = "https://";

/// The longest URL that is accepted, in bytes.
const LONGEST: usize = 2048;

/// Holds a `did:web` (did:web Method Specification): a host, perhaps a port, perhaps a path.
///
/// It is kept as it was written, because identifiers are compared byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DidWeb {
    did: String,
    document_url: String,
}

impl DidWeb {
    /// Returns the identifier.
    #[must_use]
    pub fn did(&self) -> &str {
        &self.did
    }

    /// Returns the URL of the document: `did.json` below the path, or `.well-known/did.json`.
    pub(crate) fn document_url(&self) -> &str {
        &self.document_url
    }

    /// Writes the URL of the verification method that holds the key as a JSON Web Key.
    pub(crate) fn json_web_key_method(&self, key: &PublicKey) -> String {
        format!("{}#{}", self.did, key.thumbprint())
    }

    /// Writes the URL of the verification method that holds the key as a Multikey.
    #[must_use]
    pub fn multikey_method(&self, key: &PublicKey) -> String {
        format!("{}#{}", self.did, key.to_multikey())
    }

    /// Makes the document: each key as a Multikey, for Data Integrity, and as a JSON Web Key, for
    /// JOSE and COSE; all of them for assertions.
    ///
    /// A JSON Web Key has its thumbprint as `kid` and fragment (Controlled Identifiers 1.0,
    /// section 2.2.3).
    #[must_use]
    pub fn document(&self, keys: &[PublicKey]) -> Value {
        let mut methods = Vec::new();
        for key in keys {
            let mut jwk = key.to_jwk();
            jwk["kid"] = key.thumbprint().into();
            methods.push(json!({
                "id": self.multikey_method(key),
                "type": "Multikey",
                "controller": self.did,
                "publicKeyMultibase": key.to_multikey(),
            }));
            methods.push(json!({
                "id": self.json_web_key_method(key),
                "type": "JsonWebKey",
                "controller": self.did,
                "publicKeyJwk": jwk,
            }));
        }
        let names: Vec<&Value> = methods.iter().map(|method| &method["id"]).collect();
        json!({
            "@context": [
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/multikey/v1",
                "https://w3id.org/security/jwk/v1",
            ],
            "id": self.did,
            "verificationMethod": methods,
            "assertionMethod": names,
        })
    }
}

impl FromStr for DidWeb {
    type Err = DidError;

    /// Reads the identifier, `did:web:example.com:a:b`, with a port as `%3A8443` behind the host.
    fn from_str(text: &str) -> Result<Self, DidError> {
        let rest = text
            .strip_prefix(PREFIX)
            .ok_or_else(|| refused(text, "it does not begin with did:web:"))?;
        let (authority, path) = match rest.split_once(':') {
            Some((authority, path)) => (authority, path.split(':').collect()),
            None => (rest, Vec::new()),
        };
        let authority = authority.replace("%3A", ":").replace("%3a", ":");
        let document_url = document_url(&authority, &path).map_err(|fault| refused(text, fault))?;
        Ok(Self {
            did: text.to_owned(),
            document_url,
        })
    }
}

impl fmt::Display for DidWeb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.did)
    }
}

/// Checks the parts and joins them, or says what is wrong with them.
fn document_url(authority: &str, path: &[&str]) -> Result<String, &'static str> {
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    if !is_host(host) {
        return Err("its host is not a name such as example.com");
    }
    if port.is_some_and(|port| !is_port(port)) {
        return Err("its port is not a number up to 65535");
    }
    if !path.iter().all(|segment| is_segment(segment)) {
        return Err("its path has a part that is empty, `..` or not of letters, digits, `.-_%`");
    }
    let path = if path.is_empty() {
        ".well-known".to_owned()
    } else {
        path.join("/")
    };
    let url = format!("{HTTPS}{authority}/{path}/did.json");
    if url.len() > LONGEST {
        return Err("it is too long");
    }
    Ok(url)
}

fn refused(text: &str, fault: &'static str) -> DidError {
    DidError::NotDidWeb {
        text: brief(text),
        fault,
    }
}

/// Tells whether a host is a name; the method excludes addresses.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

/// Tells whether a segment is one that means the same to every reader of URLs.
fn is_segment(segment: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    // What needs no escape, or would end the segment, is not hidden in one.
    let is_hidden = |byte: u8| is_plain(byte) || b"/\\".contains(&byte) || byte < b' ';
    let starts_with_escape = |part: &str| {
        part.get(..2).is_some_and(|digits| {
            digits.bytes().all(|digit| digit.is_ascii_hexdigit())
                && u8::from_str_radix(digits, 16).is_ok_and(|byte| !is_hidden(byte))
        })
    };
    let mut behind_percent = segment.split('%').skip(1);
    segment.bytes().all(|byte| is_plain(byte) || byte == b'%')
        && behind_percent.all(starts_with_escape)
        && !["", ".", ".."].contains(&segment)
}

#[cfg(test)]
mod tests {
    use super::{DidError, DidWeb};
    use crate::sign::{Algorithm, ControllerDocument, PrivateKey};

    fn parse(text: &str) -> DidWeb {
        text.parse().unwrap()
    }

    /// Examples of the did:web method specification.
    #[test]
    fn identifiers_become_urls() {
        for (did, url) in [
            (
                "did:web:w3c-ccg.github.io",
                "https://w3c-ccg.github.io/.well-known/did.json",
            ),
            (
                "did:web:w3c-ccg.github.io:user:alice",
                "https://w3c-ccg.github.io/user/alice/did.json",
            ),
            (
                "did:web:example.com%3A3000:user:alice",
                "https://example.com:3000/user/alice/did.json",
            ),
        ] {
            assert_eq!(parse(did).document_url(), url);
            assert_eq!(parse(did).did(), did);
        }
        let odd = parse("did:web:Example.COM%3a3000");
        assert_eq!(odd.did(), "did:web:Example.COM%3a3000");
        let url = "https://Example.COM:3000/.well-known/did.json";
        assert_eq!(odd.document_url(), url);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "did:web:",
            "did:key:z6Mk",
            "did:web:127.0.0.1",
            "did:web:[::1]",
            "did:web:-.:a",
            "did:web:example.com%3A",
            "did:web:example.com%3A99999",
            "did:web:example.com%3A80%3A80",
            "did:web:example..com",
            "did:web:user@example.com",
            "did:web:example.com/path",
            "did:web:example.com#key",
            "did:web:example.com:",
            "did:web:example.com:a::b",
            "did:web:example.com:..",
            "did:web:example.com:%2e%2E",
            "did:web:example.com:a%2Fb",
            "did:web:example.com:%",
            "did:web:example.com:%4",
            "did:web:example.com:%0a",
            "did:web:example.com:a b",
            "did:web:exämple.com",
        ] {
            let error = text.parse::<DidWeb>().unwrap_err();
            assert!(matches!(error, DidError::NotDidWeb { .. }), "{text}");
        }
        let long = format!("did:web:example.com:{}", "a".repeat(3000));
        assert!(long.parse::<DidWeb>().is_err());
    }

    #[test]
    fn its_document_has_the_keys_under_both_names() {
        let did = parse("did:web:example.com");
        let keys = Algorithm::ALL.map(|algorithm| {
            let key = PrivateKey::generate(algorithm).unwrap();
            key.public().clone()
        });
        let text = did.document(&keys).to_string();
        let document = ControllerDocument::parse(text.as_bytes()).unwrap();
        assert_eq!(document.id(), "did:web:example.com");
        for key in &keys {
            for url in [did.multikey_method(key), did.json_web_key_method(key)] {
                let method = document.assertion_method(&url).unwrap();
                assert_eq!(method.key, *key);
                assert_eq!(method.id, url);
            }
        }
    }
}
