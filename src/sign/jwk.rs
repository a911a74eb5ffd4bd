//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037 section 2), read strictly.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

use super::algorithm::Algorithm;
use super::key_error::KeyError;
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

    /// Determines the algorithm from type and curve, and checks that `alg` agrees.
    pub(super) fn algorithm(&self) -> Result<Algorithm, KeyError> {
        let key_type = self.required_text("kty")?;
        match key_type {
            "EC" | "OKP" => {}
            "RSA" => return Err(KeyError::Rsa),
            "oct" => return Err(KeyError::Symmetric),
            other => return Err(KeyError::UnsupportedType(short_name(other))),
        }
        let curve = self.required_text("crv")?;
        let algorithm = Algorithm::ALL
            .into_iter()
            .find(|known| known.curve() == curve)
            .ok_or_else(|| KeyError::UnsupportedCurve(short_name(curve)))?;
        if algorithm.key_type() != key_type {
            return Err(KeyError::BadMember("kty"));
        }
        match self.text("alg")? {
            Some(stated) if stated.parse() != Ok(algorithm) => Err(KeyError::AlgorithmMismatch {
                stated: short_name(stated),
                curve: algorithm.curve(),
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

    /// Returns the public point: uncompressed SEC1 for EC, the 32 bytes for OKP.
    pub(super) fn point(&self, algorithm: Algorithm) -> Result<Vec<u8>, KeyError> {
        let x = self.bytes("x", algorithm)?;
        match algorithm {
            Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 => {
                let y = self.bytes("y", algorithm)?;
                Ok([&[4], x.as_slice(), y.as_slice()].concat())
            }
            Algorithm::EdDsa => Ok(x.to_vec()),
        }
    }

    /// Returns the secret.
    pub(super) fn secret(&self, algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.bytes("d", algorithm)
    }

    /// Decodes a member that has the full length of the curve (RFC 7518, section 6.2.1.2).
    fn bytes(
        &self,
        name: &'static str,
        algorithm: Algorithm,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let text = self.required_text(name)?;
        URL_SAFE_NO_PAD
            .decode(text)
            .map(Zeroizing::new)
            .ok()
            .filter(|bytes| bytes.len() == algorithm.field_length())
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
