//! How what is to be signed is kept until its signature comes.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::algorithm::UnknownAlgorithm;
use super::cose::{CoseError, UnsignedSign1, parse_sign1_around};
use super::integrity::{ProofError, ProofOptions, ToNQuads, UnsignedProof};
use super::jose::{JoseError, join_compact, parse_compact};
use super::unsigned::{Unsigned, UnsignedForm};
use crate::wire::base64url;

/// Holds the parts from which all else follows, and no copy of what is to be signed: the two could
/// differ.
#[derive(Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum UnsignedJson {
    Compact {
        signing_input: String,
    },
    /// Both in base64url.
    Sign1 {
        protected: String,
        payload: String,
    },
    Proof {
        algorithm: String,
        options: Map<String, Value>,
        document: Map<String, Value>,
    },
}

/// Says why JSON is not what [`Unsigned::to_json`] writes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnsignedError {
    /// JSON of another shape.
    #[error(transparent)]
    Shape(#[from] serde_json::Error),
    /// A part that is not base64url.
    #[error("a part of the message is not base64url")]
    Encoding,
    /// A token in the compact form that cannot be read.
    #[error(transparent)]
    Compact(#[from] JoseError),
    /// A `COSE_Sign1` message that cannot be read.
    #[error(transparent)]
    Sign1(#[from] CoseError),
    /// A document or a proof that cannot be signed.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// An algorithm that is not offered here.
    #[error(transparent)]
    Algorithm(#[from] UnknownAlgorithm),
}

impl Unsigned {
    /// Writes it as JSON, which is as public as what it will be completed to.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.form {
            UnsignedForm::Compact { signing_input } => json!({
                "compact": { "signingInput": signing_input },
            }),
            UnsignedForm::Sign1(message) => json!({
                "sign1": {
                    "protected": base64url::encode(message.protected()),
                    "payload": base64url::encode(message.payload()),
                },
            }),
            UnsignedForm::Proof(proof) => json!({
                "proof": {
                    "algorithm": self.algorithm.name(),
                    "options": proof.options().members(),
                    "document": proof.document(),
                },
            }),
        }
    }

    /// Reads what [`Self::to_json`] wrote, and works out again what is to be signed.
    ///
    /// `to_n_quads` is called for proofs with a cryptosuite for RDF only.
    ///
    /// # Errors
    ///
    /// An [`UnsignedError`] if it is something else, or could not be verified by anybody.
    pub fn from_json(value: Value, to_n_quads: ToNQuads<'_>) -> Result<Self, UnsignedError> {
        match serde_json::from_value(value)? {
            UnsignedJson::Compact { signing_input } => {
                let mut signing_input = join_compact(signing_input, &[]);
                let algorithm = parse_compact(signing_input.as_bytes())?.algorithm()?;
                signing_input.pop();
                let form = UnsignedForm::Compact { signing_input };
                Ok(Self { algorithm, form })
            }
            UnsignedJson::Sign1 { protected, payload } => {
                let message = UnsignedSign1::from_parts(decode(&protected)?, &decode(&payload)?);
                let algorithm = parse_sign1_around(&message.finish(&[]))?.algorithm()?;
                let form = UnsignedForm::Sign1(message);
                Ok(Self { algorithm, form })
            }
            UnsignedJson::Proof {
                algorithm,
                options,
                document,
            } => {
                let options = ProofOptions::read(options)?;
                let proof = UnsignedProof::new(algorithm.parse()?, document, options, to_n_quads)?;
                Ok(Self::proof(proof))
            }
        }
    }
}

fn decode(text: &str) -> Result<Vec<u8>, UnsignedError> {
    base64url::decode(text).map_err(|_| UnsignedError::Encoding)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::UnsignedError as E;
    use crate::sign::cose::CoseHeader;
    use crate::sign::{Algorithm, Canonicalization, Cryptosuite, JoseHeader, ProofOptions};
    use crate::sign::{Unsigned, UnsignedProof};

    /// One of each form, the proof with this canonical form.
    fn forms(canonicalization: Canonicalization) -> [Unsigned; 3] {
        let suite = Cryptosuite::of(canonicalization, Algorithm::Es256).unwrap();
        let options = ProofOptions::new(suite, "https://example.com/#key").unwrap();
        let document = json!({"@context": "https://example.com", "name": "a"});
        let document = document.as_object().unwrap().clone();
        let proof = UnsignedProof::new(Algorithm::Es256, document, options, &n_quads).unwrap();
        [
            Unsigned::compact(Algorithm::Es512, &JoseHeader::default(), b"{}"),
            Unsigned::sign1(Algorithm::EdDsa, &CoseHeader::default(), b"\xa0"),
            Unsigned::proof(proof),
        ]
    }

    /// Stands for the RDF of a document.
    #[expect(clippy::unnecessary_wraps, reason = "the signature is the caller's")]
    fn n_quads(
        document: &serde_json::Map<String, Value>,
    ) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        Ok(format!("{document:?}"))
    }

    fn read(value: Value) -> Result<Unsigned, E> {
        Unsigned::from_json(value, &n_quads)
    }

    #[test]
    fn what_is_written_is_read() {
        for canonicalization in [Canonicalization::Jcs, Canonicalization::Rdfc] {
            for unsigned in forms(canonicalization) {
                assert_eq!(read(unsigned.to_json()).unwrap(), unsigned);
            }
        }
    }

    #[test]
    fn what_was_changed_is_signed_as_it_is_then() {
        for canonicalization in [Canonicalization::Jcs, Canonicalization::Rdfc] {
            let [_, _, proof] = forms(canonicalization);
            let mut changed = proof.to_json();
            changed["proof"]["document"]["name"] = "b".into();
            assert_ne!(read(changed).unwrap().message(), proof.message());
        }
    }

    #[test]
    fn what_nobody_could_verify_is_refused() {
        let [compact, sign1, proof] = forms(Canonicalization::Jcs).map(|form| form.to_json());
        let with = |value: &Value, pointer: &str, new: Value| {
            let mut changed = value.clone();
            *changed.pointer_mut(pointer).unwrap() = new;
            read(changed).unwrap_err()
        };
        for input in [
            "",
            "e30",
            "e30.e30",
            "e30.e30.e30",
            "eyJhbGciOiJub25lIn0.e30",
        ] {
            let error = with(&compact, "/compact/signingInput", input.into());
            assert!(matches!(error, E::Compact(_)), "{input}");
        }
        for text in ["oA", "AA", ""] {
            let error = with(&sign1, "/sign1/protected", text.into());
            assert!(matches!(error, E::Sign1(_)), "{text}");
        }
        let padded = with(&sign1, "/sign1/payload", "oA==".into());
        assert!(matches!(padded, E::Encoding));
        let other = with(&proof, "/proof/algorithm", "EdDSA".into());
        assert!(matches!(other, E::Proof(_)));
        let unknown = with(&proof, "/proof/algorithm", "HS256".into());
        assert!(matches!(unknown, E::Algorithm(_)));
        let signed = with(&proof, "/proof/document", json!({"proof": {}}));
        assert!(matches!(signed, E::Proof(_)));
        let other = with(&proof, "/proof/options/type", "Ed25519Signature2020".into());
        assert!(matches!(other, E::Proof(_)));
        for shape in [
            json!({}),
            json!(1),
            json!({"pgp": {}}),
            json!({"compact": {"a": 1}}),
        ] {
            assert!(matches!(read(shape).unwrap_err(), E::Shape(_)));
        }
    }
}
