//! Sets of public keys.

use serde_json::Value;

use super::algorithm::Algorithm;
use super::jwk::Jwk;
use super::key_error::{KeyError, MAX_SET_KEYS};
use super::public_key::{PublicKey, text_of};
use crate::wire::json::parse_strict;

const MAX_SET_BYTES: usize = 1024 * 1024;

/// Holds the usable public keys of a JSON Web Key Set (RFC 7517, section 5).
#[derive(Clone, Debug)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

impl KeySet {
    /// Reads a document `{"keys":[…]}`.
    ///
    /// Keys that cannot be used here (RSA, other curves, keys for encryption, incomplete keys)
    /// are passed over, as RFC 7517 section 5 recommends.
    ///
    /// # Errors
    ///
    /// [`KeyError::PrivateGiven`] if any entry is a private or symmetric key: that set must not
    /// be where it is. [`KeyError::NotAKeySet`], [`KeyError::Json`], [`KeyError::TooLong`] above
    /// 1 MiB, and [`KeyError::TooManyKeys`] above 1024 keys.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        text_of(bytes, MAX_SET_BYTES)?;
        let Value::Object(mut document) = parse_strict(bytes)? else {
            return Err(KeyError::NotAKeySet);
        };
        let Some(Value::Array(entries)) = document.remove("keys") else {
            return Err(KeyError::NotAKeySet);
        };
        if entries.len() > MAX_SET_KEYS {
            return Err(KeyError::TooManyKeys);
        }
        let mut keys = Vec::new();
        for entry in entries {
            match Jwk::from_value(entry).and_then(|jwk| PublicKey::from_jwk(&jwk)) {
                Ok(key) => keys.push(key),
                Err(KeyError::PrivateGiven) => return Err(KeyError::PrivateGiven),
                Err(_) => {}
            }
        }
        Ok(Self { keys })
    }

    /// Makes a set of these keys.
    pub(crate) const fn of(keys: Vec<PublicKey>) -> Self {
        Self { keys }
    }

    /// Lists the usable keys in the order of the document.
    #[must_use]
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// Lists the keys that may have made a signature with this algorithm and, if the token names
    /// one, this key identifier.
    ///
    /// A key identifier is a hint (RFC 7515, section 4.1.4): keys that it names come first, then
    /// those without a `kid` of their own. Keys that are named otherwise are left out.
    pub(crate) fn candidates(&self, key_id: Option<&str>, algorithm: Algorithm) -> Vec<&PublicKey> {
        let mut candidates: Vec<&PublicKey> = self
            .keys
            .iter()
            .filter(|key| key.algorithm() == algorithm)
            .filter(|key| {
                key_id.is_none() || key.own_key_id().is_none() || key.own_key_id() == key_id
            })
            .collect();
        candidates.sort_by_key(|key| Some(key.key_id()) != key_id);
        candidates
    }
}

impl From<PublicKey> for KeySet {
    /// Makes a set of one key.
    fn from(key: PublicKey) -> Self {
        Self { keys: vec![key] }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::KeySet;
    use crate::sign::{Algorithm, KeyError, PrivateKey};

    fn jwk(algorithm: Algorithm, key_id: Option<&str>) -> Value {
        let mut jwk = PrivateKey::generate(algorithm).unwrap().public().to_jwk();
        let members = jwk.as_object_mut().unwrap();
        members.remove("kid");
        if let Some(key_id) = key_id {
            members.insert("kid".to_owned(), key_id.into());
        }
        jwk
    }

    fn parse(document: &Value) -> Result<KeySet, KeyError> {
        KeySet::parse(document.to_string().as_bytes())
    }

    #[test]
    fn candidates_by_identifier_and_algorithm() {
        let set = parse(&json!({"keys": [
            jwk(Algorithm::Es256, None),
            jwk(Algorithm::Es256, Some("a")),
            jwk(Algorithm::Es256, Some("b")),
            jwk(Algorithm::Es384, Some("a")),
            jwk(Algorithm::EdDsa, None),
        ]}))
        .unwrap();
        let names = |key_id, algorithm| -> Vec<Option<String>> {
            set.candidates(key_id, algorithm)
                .iter()
                .map(|key| key.own_key_id().map(str::to_owned))
                .collect()
        };
        let (a, b) = (Some("a".to_owned()), Some("b".to_owned()));
        assert_eq!(names(Some("a"), Algorithm::Es256), [a.clone(), None]);
        assert_eq!(names(Some("c"), Algorithm::Es256), [None]);
        assert_eq!(names(None, Algorithm::Es256), [None, a.clone(), b]);
        assert_eq!(names(Some("a"), Algorithm::Es384), [a]);
        let thumbprint = set.keys()[4].thumbprint();
        assert_eq!(names(Some(thumbprint), Algorithm::EdDsa), [None]);
    }

    #[test]
    fn unusable_keys_are_passed_over() {
        let mut for_encryption = jwk(Algorithm::Es256, None);
        for_encryption["use"] = "enc".into();
        let set = parse(&json!({"keys": [
            {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
            {"kty": "EC", "crv": "secp256k1", "x": "", "y": ""},
            {"kty": "OKP", "crv": "Ed25519", "x": "short"},
            {"kty": "AKP", "alg": "ML-DSA-44", "pub": ""},
            {},
            5,
            for_encryption,
            jwk(Algorithm::EdDsa, None),
        ]}))
        .unwrap();
        assert_eq!(set.keys().len(), 1);
    }

    #[test]
    fn secrets_are_refused() {
        for secret in [
            json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB"}),
            json!({"kty": "oct", "k": "AQAB"}),
            json!({"kty": "AKP", "priv": "AQAB"}),
        ] {
            let document = json!({"keys": [jwk(Algorithm::Es256, None), secret]});
            assert!(matches!(parse(&document), Err(KeyError::PrivateGiven)));
        }
    }

    #[test]
    fn other_and_hostile_documents_are_refused() {
        for document in [json!([]), json!({}), json!({"keys": {}}), json!("keys")] {
            assert!(matches!(parse(&document), Err(KeyError::NotAKeySet)));
        }
        let many = json!({"keys": vec![json!({}); 1025]});
        assert!(matches!(parse(&many), Err(KeyError::TooManyKeys)));
        let long = vec![b' '; (1 << 20) + 1];
        assert!(matches!(
            KeySet::parse(&long),
            Err(KeyError::TooLong { .. })
        ));
        let deep = "[".repeat(100_000);
        assert!(matches!(
            KeySet::parse(deep.as_bytes()),
            Err(KeyError::Json(_))
        ));
        let twice = br#"{"keys":[],"keys":[]}"#;
        assert!(matches!(KeySet::parse(twice), Err(KeyError::Json(_))));
    }
}
