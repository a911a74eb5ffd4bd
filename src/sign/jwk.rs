//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037 section 2), read strictly.

use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

use super::algorithm::{Algorithm, PublicForm};
use super::key_error::KeyError;
use crate::wire::base64url;
use crate::wire::json::parse_strict;
use crate::wire::text::short_name;

/// Holds the members of a JSON Web Key; wipes their text, which may be secret.
pub(super) struct Jwk(Map<String, Value>);

impl Jwk {
    /// Reads a document that holds one key.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let jwk = Self::from_value(parse_strict(bytes)?)?;
        if jwk.0.contains_key("keys") {
            return Err(KeyError::KeySetGiven);
        }
        Ok(jwk)
    }

    /// Takes an entry of a key set.
    pub(super) fn from_value(value: Value) -> Result<Self, KeyError> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(KeyError::NotAKey),
        }
    }

    /// Tells whether the key holds a secret, whatever its type.
    pub(super) fn is_private(&self) -> bool {
        // `d` for EC, OKP and RSA, `k` for symmetric keys, `priv` for AKP (RFC 9964).
        ["d", "k", "priv"]
            .iter()
            .any(|name| self.0.contains_key(*name))
    }

    /// Returns the key identifier, if the key has one.
    pub(super) fn key_id(&self) -> Result<Option<&str>, KeyError> {
        self.text("kid")
    }

    /// Determines the algorithm from the type and name of the key, and checks that `alg` agrees.
    pub(super) fn algorithm(&self) -> Result<Algorithm, KeyError> {
        let key_type = self.required_text("kty")?;
        let Some(of_type) = Algorithm::find(|row| row.jwk.key_type == key_type) else {
            return Err(match key_type {
                "RSA" => KeyError::Rsa,
                "oct" => KeyError::Symmetric,
                other => KeyError::UnsupportedType(short_name(other)),
            });
        };
        let named_by = of_type.row().jwk.named_by;
        let name = self.required_text(named_by)?;
        let algorithm =
            Algorithm::find(|row| row.jwk.named_by == named_by && row.jwk.key_name == name)
                .ok_or_else(|| KeyError::UnsupportedName {
                    kind: of_type.row().jwk.kind,
                    name: short_name(name),
                })?;
        if algorithm.row().jwk.key_type != key_type {
            return Err(KeyError::BadMember("kty"));
        }
        match self.text("alg")? {
            Some(stated) if stated.parse() != Ok(algorithm) => Err(KeyError::AlgorithmMismatch {
                stated: short_name(stated),
                key: algorithm.key_name(),
            }),
            _ => Ok(algorithm),
        }
    }

    /// Checks that `use` and `key_ops`, where present, allow the operation.
    pub(super) fn check_use(&self, operation: &str) -> Result<(), KeyError> {
        if self.text("use")?.is_some_and(|purpose| purpose != "sig") {
            return Err(KeyError::NotForSignatures("use"));
        }
        match self.0.get("key_ops") {
            None => Ok(()),
            Some(Value::Array(operations)) if operations.iter().any(|known| known == operation) => {
                Ok(())
            }
            Some(Value::Array(_)) => Err(KeyError::NotForSignatures("key_ops")),
            Some(_) => Err(KeyError::BadMember("key_ops")),
        }
    }

    /// Returns the public key.
    pub(super) fn public(&self, algorithm: Algorithm) -> Result<Vec<u8>, KeyError> {
        let row = algorithm.row();
        let mut bytes = match row.public_form {
            PublicForm::Point => vec![4],
            PublicForm::Bytes => Vec::new(),
        };
        let length = row.public_length / row.jwk.public.len();
        for name in row.jwk.public {
            bytes.extend_from_slice(&self.bytes(name, length)?);
        }
        Ok(bytes)
    }

    /// Returns the secret.
    pub(super) fn secret(&self, algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.bytes(algorithm.row().jwk.secret, algorithm.secret_length())
    }

    /// Decodes a member that has exactly this length (RFC 7518, section 6.2.1.2).
    fn bytes(&self, name: &'static str, length: usize) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let text = self.required_text(name)?;
        base64url::decode(text)
            .map(Zeroizing::new)
            .ok()
            .filter(|bytes| bytes.len() == length)
            .ok_or(KeyError::BadMember(name))
    }

    fn required_text(&self, name: &'static str) -> Result<&str, KeyError> {
        self.text(name)?.ok_or(KeyError::MissingMember(name))
    }

    fn text(&self, name: &'static str) -> Result<Option<&str>, KeyError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(KeyError::BadMember(name)),
        }
    }
}

impl Drop for Jwk {
    fn drop(&mut self) {
        for value in self.0.values_mut() {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}
