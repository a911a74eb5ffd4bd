//! Documents that say which keys an identifier has (Controlled Identifiers 1.0).

use serde_json::{Map, Value};

use super::error::{DidError, LONGEST};
use crate::sign::jwk::Jwk;
use crate::sign::key_error::KeyError;
use crate::sign::public_key::PublicKey;
use crate::wire::json::parse_strict;
use crate::wire::text::brief;

/// Holds a controlled identifier document, such as a DID document.
#[derive(Clone, Debug)]
pub struct ControllerDocument {
    id: String,
    /// What `verificationMethod` and `assertionMethod` define, by the absolute URL of each.
    methods: Vec<(String, Map<String, Value>)>,
    /// The absolute URLs under `assertionMethod`.
    assertions: Vec<String>,
}

/// Holds a verification method that may make assertions.
#[derive(Clone, Debug)]
pub(crate) struct VerificationMethod {
    /// Its absolute URL.
    pub(crate) id: String,
    /// Its key.
    pub(crate) key: PublicKey,
    /// The date and time from which on it must not be relied on, as the document writes it.
    pub(crate) expires: Option<String>,
    /// The date and time at which it was revoked, as the document writes it.
    pub(crate) revoked: Option<String>,
}

impl ControllerDocument {
    /// Reads a document.
    ///
    /// Only the subject and the names of its verification methods are read; what is wrong with a
    /// method is said when it is asked for.
    ///
    /// # Errors
    ///
    /// [`DidError::TooLong`] above 1 MiB, [`DidError::Json`], and [`DidError::NotADocument`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DidError> {
        if bytes.len() > LONGEST {
            return Err(DidError::TooLong);
        }
        let Value::Object(mut members) = parse_strict(bytes)? else {
            return Err(DidError::NotADocument("it is not an object"));
        };
        let Some(Value::String(id)) = members.remove("id") else {
            return Err(DidError::NotADocument("it has no text member `id`"));
        };
        let mut document = Self {
            id,
            methods: Vec::new(),
            assertions: Vec::new(),
        };
        for entry in list(members.remove("verificationMethod"))? {
            let Value::Object(method) = entry else {
                return Err(DidError::NotADocument(
                    "an entry of `verificationMethod` is not an object",
                ));
            };
            document.define(method)?;
        }
        for entry in list(members.remove("assertionMethod"))? {
            let url = match entry {
                Value::String(url) => document.absolute(&url),
                Value::Object(method) => document.define(method)?,
                _ => {
                    return Err(DidError::NotADocument(
                        "an entry of `assertionMethod` is neither a text nor an object",
                    ));
                }
            };
            document.assertions.push(url);
        }
        Ok(document)
    }

    /// Returns the identifier that the document is about.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Finds the verification method with this URL, which must be one for assertions.
    ///
    /// Source: Controlled Identifiers 1.0, section 3.3, with the document in hand.
    ///
    /// # Errors
    ///
    /// [`DidError::OtherSubject`] if the URL without its fragment is not the identifier of the
    /// document; [`DidError::NoMethod`], [`DidError::SeveralMethods`],
    /// [`DidError::OtherController`], [`DidError::NotForAssertions`]; and what is wrong with its
    /// key.
    pub(crate) fn assertion_method(&self, url: &str) -> Result<VerificationMethod, DidError> {
        let subject = url.split('#').next().unwrap_or_default();
        if subject != self.id {
            return Err(DidError::OtherSubject {
                found: brief(&self.id),
                wanted: brief(subject),
            });
        }
        let mut found = self.methods.iter().filter(|(id, _)| id == url);
        let method = match (found.next(), found.next()) {
            (Some((_, method)), None) => method,
            (Some(_), Some(_)) => return Err(DidError::SeveralMethods(brief(url))),
            (None, _) => return Err(DidError::NoMethod(brief(url))),
        };
        if text(method, "controller")? != Some(&self.id) {
            return Err(DidError::OtherController(brief(url)));
        }
        if !self.assertions.iter().any(|listed| listed == url) {
            return Err(DidError::NotForAssertions(brief(url)));
        }
        Ok(VerificationMethod {
            id: url.to_owned(),
            key: read_key(method)?,
            expires: text(method, "expires")?.map(str::to_owned),
            revoked: text(method, "revoked")?.map(str::to_owned),
        })
    }

    /// Notes a definition and returns its absolute URL.
    fn define(&mut self, method: Map<String, Value>) -> Result<String, DidError> {
        let Some(Value::String(id)) = method.get("id") else {
            return Err(DidError::NotADocument(
                "a verification method has no text member `id`",
            ));
        };
        let url = self.absolute(id);
        self.methods.push((url.clone(), method));
        Ok(url)
    }

    /// Resolves a relative reference (Decentralized Identifiers 1.0, section 3.2.2); only a bare
    /// fragment is one in use.
    fn absolute(&self, url: &str) -> String {
        if url.starts_with('#') {
            format!("{}{url}", self.id)
        } else {
            url.to_owned()
        }
    }
}

fn list(value: Option<Value>) -> Result<Vec<Value>, DidError> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(entries)) => Ok(entries),
        Some(_) => Err(DidError::NotADocument(
            "`verificationMethod` or `assertionMethod` is not an array",
        )),
    }
}

fn read_key(method: &Map<String, Value>) -> Result<PublicKey, DidError> {
    const SECRETS: [&str; 4] = [
        "secretKeyMultibase",
        "privateKeyMultibase",
        "secretKeyJwk",
        "privateKeyJwk",
    ];
    // Also those that are not read here: others may take them for the key (Controlled Identifiers
    // 1.0, section 2.2.1: one verification method does not have two).
    const PUBLIC: [&str; 7] = [
        "publicKeyMultibase",
        "publicKeyJwk",
        "publicKeyBase58",
        "publicKeyBase64",
        "publicKeyHex",
        "publicKeyPem",
        "publicKeyGpg",
    ];

    if SECRETS.iter().any(|name| method.contains_key(*name)) {
        return Err(DidError::SecretPublished);
    }
    let mut keys = PUBLIC.to_vec();
    keys.retain(|name| method.contains_key(*name));
    if keys.len() > 1 {
        return Err(DidError::SeveralKeys(keys.join(", ")));
    }
    let missing = |name| DidError::BadMember(name);
    let key = match text(method, "type")?.ok_or(missing("type"))? {
        // The second name is older and has the same encoding.
        "Multikey" | "Ed25519VerificationKey2020" => {
            let value = text(method, "publicKeyMultibase")?;
            PublicKey::from_multikey(value.ok_or(missing("publicKeyMultibase"))?)
        }
        "JsonWebKey" | "JsonWebKey2020" => {
            let jwk = method.get("publicKeyJwk").ok_or(missing("publicKeyJwk"))?;
            Jwk::from_value(jwk.clone()).and_then(|jwk| PublicKey::from_jwk(&jwk))
        }
        other => return Err(DidError::UnknownType(brief(other))),
    };
    key.map_err(|error| match error {
        KeyError::PrivateGiven => DidError::SecretPublished,
        error => DidError::Key(error),
    })
}

fn text<'a>(
    method: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, DidError> {
    match method.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(DidError::BadMember(name)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ControllerDocument, DidError, VerificationMethod};
    use crate::sign::{KeyError, PrivateKey, PublicKey};

    const DID: &str = "did:web:example.com";
    const PUBLIC: &str = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP";
    const SECRET: &str = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN";

    fn multikey(id: &str) -> Value {
        json!({"id": id, "type": "Multikey", "controller": DID, "publicKeyMultibase": PUBLIC})
    }

    fn with_methods(methods: &Value, assertions: &Value) -> Value {
        json!({"id": DID, "verificationMethod": methods, "assertionMethod": assertions})
    }

    fn find(document: &Value, url: &str) -> Result<VerificationMethod, DidError> {
        ControllerDocument::parse(document.to_string().as_bytes())?.assertion_method(url)
    }

    /// Looks for `#k` in a document with this method alone.
    fn refusal(method: &Value) -> DidError {
        let document = with_methods(&json!([method]), &json!(["#k"]));
        find(&document, "did:web:example.com#k").unwrap_err()
    }

    #[test]
    fn methods_are_found_by_reference_embedded_and_relative() {
        let url = "did:web:example.com#k";
        let expected = PublicKey::from_multikey(PUBLIC).unwrap();
        for (methods, assertions) in [
            (json!([multikey(url)]), json!([url])),
            (json!([multikey("#k")]), json!([url])),
            (json!([multikey(url)]), json!(["#k"])),
            (json!([]), json!([multikey(url)])),
            (json!([multikey("#other")]), json!(["#x", multikey("#k")])),
        ] {
            let method = find(&with_methods(&methods, &assertions), url).unwrap();
            assert_eq!(method.key, expected);
            assert_eq!(method.id, url);
            assert_eq!((method.expires, method.revoked), (None, None));
        }
    }

    #[test]
    fn all_types_of_keys_are_read() {
        let secret = PrivateKey::from_multikey(SECRET).unwrap();
        for name in ["JsonWebKey", "JsonWebKey2020"] {
            let method = json!({"id": "#k", "type": name, "controller": DID,
                "publicKeyJwk": secret.public().to_jwk(), "expires": "2026-01-01T00:00:00Z",
                "revoked": "2025-01-01T00:00:00Z"});
            let document = with_methods(&json!([method]), &json!(["#k"]));
            let method = find(&document, "did:web:example.com#k").unwrap();
            assert_eq!(method.key, *secret.public());
            assert_eq!(method.expires.as_deref(), Some("2026-01-01T00:00:00Z"));
            assert_eq!(method.revoked.as_deref(), Some("2025-01-01T00:00:00Z"));
        }
        let ed25519 = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        let method = json!({"id": "#k", "type": "Ed25519VerificationKey2020", "controller": DID,
            "publicKeyMultibase": ed25519});
        let document = with_methods(&json!([method]), &json!(["#k"]));
        let method = find(&document, "did:web:example.com#k").unwrap();
        assert_eq!(method.key.to_multikey(), ed25519);
    }

    #[test]
    fn only_a_method_of_the_subject_for_assertions_is_given() {
        let url = "did:web:example.com#k";
        let document = with_methods(&json!([multikey(url)]), &json!([url]));
        let error = find(&document, "did:web:example.org#k").unwrap_err();
        assert!(matches!(error, DidError::OtherSubject { .. }));
        let error = find(&document, "did:web:example.com#other").unwrap_err();
        assert!(matches!(error, DidError::NoMethod(_)));
        let error = find(&document, DID).unwrap_err();
        assert!(matches!(error, DidError::NoMethod(_)));

        let unlisted = json!({"id": DID, "verificationMethod": [multikey(url)],
            "authentication": [url]});
        let error = find(&unlisted, url).unwrap_err();
        assert!(matches!(error, DidError::NotForAssertions(_)));
        let twice = with_methods(&json!([multikey(url), multikey("#k")]), &json!([url]));
        let error = find(&twice, url).unwrap_err();
        assert!(matches!(error, DidError::SeveralMethods(_)));

        let mut foreign = multikey("#k");
        foreign["controller"] = "did:web:example.org".into();
        assert!(matches!(refusal(&foreign), DidError::OtherController(_)));
        foreign.as_object_mut().unwrap().remove("controller");
        assert!(matches!(refusal(&foreign), DidError::OtherController(_)));
    }

    #[test]
    fn keys_that_cannot_be_used_are_named() {
        let with = |name: &str, value: Value| {
            let mut method = multikey("#k");
            method[name] = value;
            refusal(&method)
        };
        assert!(matches!(
            with("type", "Ed25519VerificationKey2018".into()),
            DidError::UnknownType(_)
        ));
        assert!(matches!(
            with("type", 1.into()),
            DidError::BadMember("type")
        ));
        assert!(matches!(
            with("type", "JsonWebKey".into()),
            DidError::BadMember("publicKeyJwk")
        ));
        assert!(matches!(
            with("publicKeyMultibase", "z6Mk".into()),
            DidError::Key(_)
        ));
        assert!(matches!(
            with("publicKeyMultibase", SECRET.into()),
            DidError::SecretPublished
        ));
        assert!(matches!(
            with("secretKeyMultibase", SECRET.into()),
            DidError::SecretPublished
        ));
        let jwk = |jwk: Value| {
            refusal(&json!({"id": "#k", "type": "JsonWebKey", "controller": DID,
                "publicKeyJwk": jwk}))
        };
        assert!(matches!(
            jwk(json!({"kty": "RSA"})),
            DidError::Key(KeyError::Rsa)
        ));
        assert!(matches!(
            jwk(json!({"kty": "EC", "d": ""})),
            DidError::SecretPublished
        ));
        assert!(matches!(jwk(json!("x")), DidError::Key(KeyError::NotAKey)));
    }

    #[test]
    fn a_method_with_two_keys_is_refused_whatever_they_are() {
        let same = PublicKey::from_multikey(PUBLIC).unwrap().to_jwk();
        let other = PrivateKey::from_multikey(SECRET).unwrap().public().to_jwk();
        for (name, key) in [
            ("publicKeyJwk", same),
            ("publicKeyJwk", other),
            ("publicKeyBase58", "x".into()),
        ] {
            for kind in ["Multikey", "JsonWebKey"] {
                let mut method = multikey("#k");
                method["type"] = kind.into();
                method[name] = key.clone();
                let error = refusal(&method);
                assert_eq!(
                    error.to_string(),
                    format!(
                        "the verification method has more than one key: publicKeyMultibase, {name}"
                    )
                );
            }
        }
    }

    #[test]
    fn other_documents_are_refused() {
        let refusal = |text: &str| ControllerDocument::parse(text.as_bytes()).unwrap_err();
        for text in [
            "[]",
            "{}",
            r#"{"id":1}"#,
            r#"{"id":"did:x","verificationMethod":{}}"#,
            r#"{"id":"did:x","verificationMethod":["did:x#k"]}"#,
            r#"{"id":"did:x","verificationMethod":[{}]}"#,
            r#"{"id":"did:x","assertionMethod":"did:x#k"}"#,
            r#"{"id":"did:x","assertionMethod":[1]}"#,
        ] {
            assert!(matches!(refusal(text), DidError::NotADocument(_)), "{text}");
        }
        assert!(matches!(refusal("{"), DidError::Json(_)));
        assert!(matches!(
            refusal(r#"{"id":"a","id":"b"}"#),
            DidError::Json(_)
        ));
        assert!(matches!(refusal(&" ".repeat(2_000_000)), DidError::TooLong));
    }
}
