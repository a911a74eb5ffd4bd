//! The RDF that a status list credential means, without a JSON-LD processor.
//!
//! A status list credential has at most one blank node (its subject, if that has no `id`), so its
//! canonical form (RDF Dataset Canonicalization 1.0) is a fixed set of lines, sorted. That holds
//! only for the members, contexts and forms of values that are known here, and each other one is
//! refused: what had no line would not be signed, or would verify whatever it says.

use serde_json::{Map, Value};
use thiserror::Error;

use crate::list::Timestamp;

#[cfg(test)]
mod tests;

/// Says why the RDF of a credential is not known.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RdfError {
    /// A credential that is no status list, or of further types.
    #[error("the type is not VerifiableCredential and that of one kind of status list")]
    Type,
    /// A context that is not known for this kind of list.
    #[error("the context `{}` does not belong to this kind of list", .0.escape_debug())]
    UnknownContext(String),
    /// A context that this kind of list needs, or that is in another place than the first.
    #[error("the context `{0}` is missing, or not in its place")]
    MissingContext(&'static str),
    /// A member that has no line.
    #[error("the member `{}` has no RDF form that is known here", .0.escape_debug())]
    UnknownMember(String),
    /// A member that is missing.
    #[error("the member `{0}` is missing")]
    MissingMember(&'static str),
    /// A member whose value is not of the form that is known.
    #[error("the member `{member}` is not {expected}")]
    BadMember {
        /// The name of the member; behind a full stop if it belongs to the subject.
        member: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// Writes a status list credential without proof as canonical N-Quads, for the cryptosuites
/// `ecdsa-rdfc-2019` and `eddsa-rdfc-2022`.
///
/// Knows Bitstring Status List 1.0, `StatusList2021` and `RevocationList2020` with an issuer that
/// is a URL, and without status messages.
///
/// # Errors
///
/// An [`RdfError`] naming the first thing that is not known.
pub fn n_quads(credential: &Map<String, Value>) -> Result<String, RdfError> {
    let kind = Kind::of(credential)?;
    kind.check_contexts(credential)?;
    let id = credential.get("id").ok_or(RdfError::MissingMember("id"))?;
    let id = iri("id", id)?;
    let mut quads = Quads::default();
    quads.add(
        &id,
        RDF_TYPE,
        format!("<{CREDENTIALS}VerifiableCredential>"),
    );
    quads.add(
        &id,
        RDF_TYPE,
        format!("<{}{}Credential>", kind.vocabulary, kind.subject),
    );
    for (member, value) in credential {
        let object = match (member.as_str(), value) {
            ("@context" | "id" | "type", _) => continue,
            ("issuer", value) => iri(member, value)?,
            ("credentialSubject", Value::Object(subject)) => kind.subject(subject, &mut quads)?,
            ("credentialSubject", _) => return Err(bad(member, "one object")),
            (date, value) if kind.dates.contains(&date) => date_time(member, value)?,
            _ => return Err(RdfError::UnknownMember(member.clone())),
        };
        quads.add(&id, &format!("{CREDENTIALS}{member}"), object);
    }
    Ok(quads.finish())
}

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const CREDENTIALS: &str = "https://www.w3.org/2018/credentials#";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

const CONTEXT_2_0: &str = "https://www.w3.org/ns/credentials/v2";
const CONTEXT_1_1: &str = "https://www.w3.org/2018/credentials/v1";
const CONTEXT_OF_PROOFS: &str = "https://w3id.org/security/data-integrity/v2";

const DATES_1_1: &[&str] = &[
    "issuanceDate",
    "expirationDate",
    "issued",
    "validFrom",
    "validUntil",
];

/// Is a kind of status list.
struct Kind {
    /// The type of the subject; that of the credential has `Credential` behind it.
    subject: &'static str,
    /// What the terms of the list begin with.
    vocabulary: &'static str,
    /// The context of the data model, which comes first.
    base: &'static str,
    /// The contexts that define the terms of the list and of proofs, in any order behind it.
    needed: &'static [&'static str],
    /// Contexts that may be there too, because they change nothing about the terms used.
    harmless: &'static [&'static str],
    /// The members of the credential that are dates.
    dates: &'static [&'static str],
    /// The members of the subject beside `id`, `type` and `encodedList`.
    members: &'static [&'static str],
    /// The data type of `encodedList`, if it is not a plain text.
    encoding: Option<&'static str>,
}

/// Every kind. Which contexts go together, and in which order, was tried out with a JSON-LD
/// processor: with other combinations terms are dropped, or defined twice, which is an error.
const KINDS: [Kind; 3] = [
    Kind {
        subject: "BitstringStatusList",
        vocabulary: "https://www.w3.org/ns/credentials/status#",
        base: CONTEXT_2_0,
        needed: &[],
        harmless: &[
            "https://www.w3.org/ns/credentials/status/v1",
            CONTEXT_OF_PROOFS,
            // Only a fall-back for undefined terms; the examples of the specification have it.
            "https://www.w3.org/ns/credentials/examples/v2",
        ],
        dates: &["validFrom", "validUntil"],
        members: &["statusPurpose", "ttl"],
        encoding: Some("https://w3id.org/security#multibase"),
    },
    Kind {
        subject: "StatusList2021",
        vocabulary: "https://w3id.org/vc/status-list#",
        base: CONTEXT_1_1,
        needed: &["https://w3id.org/vc/status-list/2021/v1", CONTEXT_OF_PROOFS],
        harmless: &[],
        dates: DATES_1_1,
        members: &["statusPurpose"],
        encoding: None,
    },
    Kind {
        subject: "RevocationList2020",
        vocabulary: "https://w3id.org/vc-revocation-list-2020#",
        base: CONTEXT_1_1,
        needed: &[
            "https://w3id.org/vc-revocation-list-2020/v1",
            CONTEXT_OF_PROOFS,
        ],
        harmless: &[],
        dates: DATES_1_1,
        members: &[],
        encoding: None,
    },
];

impl Kind {
    /// Finds the kind by the two types of the credential, in either order.
    fn of(credential: &Map<String, Value>) -> Result<&'static Self, RdfError> {
        const GENERAL: &str = "VerifiableCredential";

        let types = credential.get("type").and_then(Value::as_array);
        let [first, second] = types.map(Vec::as_slice).unwrap_or_default() else {
            return Err(RdfError::Type);
        };
        let ((Some(GENERAL), Some(own)) | (Some(own), Some(GENERAL))) =
            (first.as_str(), second.as_str())
        else {
            return Err(RdfError::Type);
        };
        let subject = own.strip_suffix("Credential").ok_or(RdfError::Type)?;
        KINDS
            .iter()
            .find(|kind| kind.subject == subject)
            .ok_or(RdfError::Type)
    }

    fn check_contexts(&self, credential: &Map<String, Value>) -> Result<(), RdfError> {
        let Some(Value::Array(contexts)) = credential.get("@context") else {
            return Err(bad("@context", "an array"));
        };
        let Some((first, others)) = contexts.split_first() else {
            return Err(RdfError::MissingContext(self.base));
        };
        if first != self.base {
            return Err(RdfError::MissingContext(self.base));
        }
        for other in others {
            let name = other.as_str().ok_or_else(|| bad("@context", "only URLs"))?;
            if !self.needed.contains(&name) && !self.harmless.contains(&name) {
                return Err(RdfError::UnknownContext(name.to_owned()));
            }
        }
        match self
            .needed
            .iter()
            .find(|name| !contexts.contains(&(**name).into()))
        {
            Some(name) => Err(RdfError::MissingContext(name)),
            None => Ok(()),
        }
    }

    /// Adds the lines of the subject, and returns it as their subject.
    fn subject(&self, subject: &Map<String, Value>, quads: &mut Quads) -> Result<String, RdfError> {
        let id = match subject.get("id") {
            Some(id) => iri("credentialSubject.id", id)?,
            None => "_:c14n0".to_owned(),
        };
        if subject.get("type").and_then(Value::as_str) != Some(self.subject) {
            return Err(bad(
                "credentialSubject.type",
                "that of the kind of list, alone",
            ));
        }
        quads.add(
            &id,
            RDF_TYPE,
            format!("<{}{}>", self.vocabulary, self.subject),
        );
        for (member, value) in subject {
            let name = format!("credentialSubject.{member}");
            let property = format!("{}{member}", self.vocabulary);
            match member.as_str() {
                "id" | "type" => {}
                "encodedList" => {
                    let list = literal(&name, value)?;
                    let list = match self.encoding {
                        Some(data_type) => format!("{list}^^<{data_type}>"),
                        None => list,
                    };
                    quads.add(&id, &property, list);
                }
                "statusPurpose" if self.members.contains(&"statusPurpose") => {
                    for purpose in purposes(&name, value)? {
                        quads.add(&id, &property, purpose);
                    }
                }
                "ttl" if self.members.contains(&"ttl") => {
                    quads.add(&id, &property, integer(&name, value)?);
                }
                _ => return Err(RdfError::UnknownMember(name)),
            }
        }
        Ok(id)
    }
}

/// Collects statements.
#[derive(Default)]
struct Quads {
    lines: Vec<String>,
}

impl Quads {
    fn add(&mut self, subject: &str, property: &str, object: impl AsRef<str>) {
        let object = object.as_ref();
        self.lines
            .push(format!("{subject} <{property}> {object} .\n"));
    }

    /// Sorts the lines by code point, which in UTF-8 is by byte.
    fn finish(mut self) -> String {
        self.lines.sort_unstable();
        self.lines.concat()
    }
}

/// Writes an absolute URL in angle brackets.
///
/// The schemes are few, because another one might be an abbreviation that a context defines.
fn iri(member: &str, value: &Value) -> Result<String, RdfError> {
    const SCHEMES: [&str; 4] = ["https", "http", "did", "urn"];

    value
        .as_str()
        .filter(|text| {
            text.split_once(':')
                .is_some_and(|(scheme, rest)| SCHEMES.contains(&scheme) && !rest.is_empty())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte))
        })
        .map(|text| format!("<{text}>"))
        .ok_or_else(|| bad(member, "an absolute https, http, did or urn URL in ASCII"))
}

/// Writes a text in quotation marks.
///
/// Control characters are refused: they have no place in a list, and implementations escape them
/// differently.
fn literal(member: &str, value: &Value) -> Result<String, RdfError> {
    let plain =
        |character: char| !character.is_control() && !matches!(character, '\u{fffe}' | '\u{ffff}');
    value
        .as_str()
        .filter(|text| text.chars().all(plain))
        .map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
        .ok_or_else(|| bad(member, "a text without control characters"))
}

fn date_time(member: &str, value: &Value) -> Result<String, RdfError> {
    let text = literal(member, value)?;
    match value.as_str() {
        Some(time) if !time.starts_with('@') && time.parse::<Timestamp>().is_ok() => {
            Ok(format!("{text}^^<{XSD}dateTime>"))
        }
        _ => Err(bad(member, "a date and time with its offset from UTC")),
    }
}

/// Writes an integer that JSON readers with doubles only do not change.
fn integer(member: &str, value: &Value) -> Result<String, RdfError> {
    value
        .as_u64()
        .filter(|number| *number < 1 << 53)
        .map(|number| format!("\"{number}\"^^<{XSD}integer>"))
        .ok_or_else(|| bad(member, "a whole number below 2^53"))
}

/// Writes one or more texts, each of them once: a set has nothing twice.
fn purposes(member: &str, value: &Value) -> Result<Vec<String>, RdfError> {
    let entries = match value {
        Value::Array(entries) => entries.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut purposes = entries
        .iter()
        .map(|entry| literal(member, entry))
        .collect::<Result<Vec<_>, _>>()?;
    purposes.sort_unstable();
    let count = purposes.len();
    purposes.dedup();
    if purposes.is_empty() || purposes.len() < count {
        return Err(bad(member, "one or more different texts"));
    }
    Ok(purposes)
}

fn bad(member: &str, expected: &'static str) -> RdfError {
    RdfError::BadMember {
        member: member.to_owned(),
        expected,
    }
}
