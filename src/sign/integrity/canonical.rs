//! The canonical forms, and what is signed.

use std::error::Error;

use serde_json::{Map, Number, Value};

use super::cryptosuite::Canonicalization;
use super::error::ProofError;
use super::options::ProofOptions;
use crate::sign::algorithm::Algorithm;
use crate::wire::text::brief;

/// Writes the RDF that a document without proof means, as canonical N-Quads (RDF Dataset
/// Canonicalization 1.0).
///
/// Must fail unless the RDF contains all that the document says: nothing else would be signed.
pub(crate) type ToNQuads<'a> =
    &'a dyn Fn(&Map<String, Value>) -> Result<String, Box<dyn Error + Send + Sync>>;

/// Returns the bytes that the algorithm signs, with its own hash over them: the hash of the
/// options, and behind it that of the document.
///
/// Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.2 and 3.3; Data Integrity `EdDSA`
/// Cryptosuites 1.0, sections 3.2 and 3.3.
///
/// # Errors
///
/// [`ProofError::OtherAlgorithm`], and why there is no canonical form.
pub(super) fn hash_data(
    algorithm: Algorithm,
    options: &ProofOptions,
    document: &Map<String, Value>,
    to_n_quads: ToNQuads<'_>,
) -> Result<Vec<u8>, ProofError> {
    let suite = options.cryptosuite();
    let form = algorithm.row().proofs.filter(|_| suite.fits(algorithm));
    let hash = form
        .ok_or(ProofError::OtherAlgorithm {
            suite,
            key: algorithm,
        })?
        .hash;
    let (options, document) = match suite.canonicalization() {
        Canonicalization::Jcs => (
            canonical_json(options.members())?,
            canonical_json(document)?,
        ),
        Canonicalization::Rdfc => (
            options_to_n_quads(options, document.get("@context"))?,
            to_n_quads(document).map_err(ProofError::Rdf)?,
        ),
    };
    Ok([hash.of(options), hash.of(document)].concat())
}

/// Writes an object in its canonical form (JSON Canonicalization Scheme, RFC 8785).
///
/// # Errors
///
/// [`ProofError::InexactNumber`] for integers that are not exactly a double: readers that have
/// doubles only take them for another number, which then would be signed as well (RFC 8785,
/// section 3.2.2.3 and appendix D).
pub fn canonical_json(object: &Map<String, Value>) -> Result<String, ProofError> {
    object.values().try_for_each(check_numbers)?;
    serde_json_canonicalizer::to_string(object).map_err(ProofError::Json)
}

fn check_numbers(value: &Value) -> Result<(), ProofError> {
    match value {
        Value::Number(number) if !is_exact(number) => {
            Err(ProofError::InexactNumber(number.to_string()))
        }
        Value::Array(entries) => entries.iter().try_for_each(check_numbers),
        Value::Object(members) => members.values().try_for_each(check_numbers),
        _ => Ok(()),
    }
}

/// Tells whether a number, if it was read as an integer, is one that a double holds.
fn is_exact(number: &Number) -> bool {
    let magnitude = match (number.as_u64(), number.as_i64()) {
        (Some(natural), _) => natural,
        (None, Some(negative)) => negative.unsigned_abs(),
        (None, None) => return true,
    };
    let digits = u64::BITS.saturating_sub(magnitude.leading_zeros() + magnitude.trailing_zeros());
    digits <= f64::MANTISSA_DIGITS
}

/// Writes what the options mean, as canonical N-Quads: one blank node and its properties.
///
/// The context is that of the document (Data Integrity ECDSA Cryptosuites 1.0, section 3.2.5);
/// whoever knows the RDF of the document knows what it defines. An own context of the proof is
/// not looked at, so it may only be the same.
fn options_to_n_quads(
    options: &ProofOptions,
    context: Option<&Value>,
) -> Result<String, ProofError> {
    let mut lines = Vec::with_capacity(options.members().len());
    // None of the texts needs an escape: the options were read with that in mind.
    for (member, value) in options.members() {
        let text = value.as_str().unwrap_or_default();
        let (property, object) = match member.as_str() {
            "@context" if context == Some(value) => continue,
            "type" => (
                "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
                format!("<https://w3id.org/security#{text}>"),
            ),
            "cryptosuite" => (
                "https://w3id.org/security#cryptosuite",
                format!("\"{text}\"^^<https://w3id.org/security#cryptosuiteString>"),
            ),
            "verificationMethod" => (
                "https://w3id.org/security#verificationMethod",
                format!("<{text}>"),
            ),
            "proofPurpose" => (
                "https://w3id.org/security#proofPurpose",
                format!("<https://w3id.org/security#{text}>"),
            ),
            "created" => ("http://purl.org/dc/terms/created", date_time(text)),
            "expires" => ("https://w3id.org/security#expiration", date_time(text)),
            other => return Err(ProofError::NotInRdf(brief(other))),
        };
        lines.push(format!("_:c14n0 <{property}> {object} .\n"));
    }
    lines.sort_unstable();
    Ok(lines.concat())
}

fn date_time(text: &str) -> String {
    format!("\"{text}\"^^<http://www.w3.org/2001/XMLSchema#dateTime>")
}

#[cfg(test)]
mod tests {
    use super::options_to_n_quads;
    use crate::sign::{Cryptosuite, ProofOptions};

    /// What the JSON-LD processor `pyld` makes of the same options.
    #[test]
    fn the_rdf_of_the_options() {
        let options = ProofOptions::new(Cryptosuite::EcdsaRdfc2019, "did:key:zX#zX")
            .and_then(|options| options.with_created("2026-01-01T00:00:00Z"))
            .and_then(|options| options.with_expires("2026-01-08T00:00:00Z"))
            .unwrap();
        let expected = "\
_:c14n0 <http://purl.org/dc/terms/created> \"2026-01-01T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .
_:c14n0 <https://w3id.org/security#cryptosuite> \"ecdsa-rdfc-2019\"^^<https://w3id.org/security#cryptosuiteString> .
_:c14n0 <https://w3id.org/security#expiration> \"2026-01-08T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .
_:c14n0 <https://w3id.org/security#verificationMethod> <did:key:zX#zX> .
";
        assert_eq!(options_to_n_quads(&options, None).unwrap(), expected);
    }
}
