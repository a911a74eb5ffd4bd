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
/// Knows Bitstring Status List 1.0, `StatusList2021` and `RevocationList2020` without status
/// messages. A credential may have `name` and `description` (VCDM 2.0, section 4.6), in one language
/// or several; under VCDM 2.0 so may its subject, and an issuer that is an object.
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
            ("issuer", Value::Object(issuer)) => kind.issuer(issuer, &mut quads)?,
            ("issuer", value) => iri(member, value)?,
            (text, value) if TEXTS.contains(&text) => {
                quads.add_texts(&id, member, &format!("{}{text}", kind.texts), value)?;
                continue;
            }
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

/// The members that are texts for people.
const TEXTS: &[&str] = &["name", "description"];

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
    /// What the terms of texts for people begin with.
    texts: &'static str,
    /// Those that the subject and the issuer may have too. Under VCDM 1.1 only the type of the
    /// credential defines any.
    inner_texts: &'static [&'static str],
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
        texts: "https://schema.org/",
        inner_texts: TEXTS,
        encoding: Some("https://w3id.org/security#multibase"),
    },
    STATUS_LIST_2021,
    Kind {
        subject: "RevocationList2020",
        vocabulary: "https://w3id.org/vc-revocation-list-2020#",
        base: CONTEXT_1_1,
        needed: &[
            "https://w3id.org/vc-revocation-list-2020/v1",
            CONTEXT_OF_PROOFS,
        ],
        members: &[],
        ..STATUS_LIST_2021
    },
];

/// In what `RevocationList2020` does not name, it is like this one.
const STATUS_LIST_2021: Kind = Kind {
    subject: "StatusList2021",
    vocabulary: "https://w3id.org/vc/status-list#",
    base: CONTEXT_1_1,
    needed: &["https://w3id.org/vc/status-list/2021/v1", CONTEXT_OF_PROOFS],
    harmless: &[],
    dates: DATES_1_1,
    members: &["statusPurpose"],
    texts: "http://schema.org/",
    inner_texts: &[],
    encoding: None,
};

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
        if contexts.first().is_none_or(|first| first != self.base) {
            return Err(RdfError::MissingContext(self.base));
        }
        for other in &contexts[1..] {
            let name = other.as_str().ok_or_else(|| bad("@context", "only URLs"))?;
            if !self.needed.contains(&name) && !self.harmless.contains(&name) {
                return Err(RdfError::UnknownContext(name.to_owned()));
            }
        }
        self.needed
            .iter()
            .find(|name| !contexts.contains(&(**name).into()))
            .map_or(Ok(()), |name| Err(RdfError::MissingContext(name)))
    }

    /// Adds the lines of an issuer that is an object, and returns its URL. It always has one, so that
    /// it is no blank node.
    fn issuer(&self, issuer: &Map<String, Value>, quads: &mut Quads) -> Result<String, RdfError> {
        let id = issuer
            .get("id")
            .ok_or(RdfError::MissingMember("issuer.id"))?;
        let id = iri("issuer.id", id)?;
        for (member, value) in issuer {
            let name = format!("issuer.{member}");
            match member.as_str() {
                "id" => {}
                text if self.inner_texts.contains(&text) => {
                    quads.add_texts(&id, &name, &format!("{}{text}", self.texts), value)?;
                }
                _ => return Err(RdfError::UnknownMember(name)),
            }
        }
        Ok(id)
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
                        // Appended, for it may be too long to be copied.
                        Some(data_type) => list + &format!("^^<{data_type}>"),
                        None => list,
                    };
                    quads.add(&id, &property, list);
                }
                "statusPurpose" if self.members.contains(&"statusPurpose") => {
                    for purpose in different(&name, value, literal)? {
                        quads.add(&id, &property, purpose);
                    }
                }
                "ttl" if self.members.contains(&"ttl") => {
                    quads.add(&id, &property, integer(&name, value)?);
                }
                text if self.inner_texts.contains(&text) => {
                    quads.add_texts(&id, &name, &format!("{}{text}", self.texts), value)?;
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
        // Of the right length at once, which may be that of a list.
        self.lines
            .push([subject, " <", property, "> ", object, " .\n"].concat());
    }

    /// Adds a line for each text for people in a member, which messages call `name`.
    fn add_texts(
        &mut self,
        subject: &str,
        name: &str,
        property: &str,
        value: &Value,
    ) -> Result<(), RdfError> {
        for text in different(name, value, text)? {
            self.add(subject, property, text);
        }
        Ok(())
    }

    /// Sorts the lines by code point, which in UTF-8 is by byte. What is said twice, of an issuer or a
    /// subject that is the credential itself, is one statement.
    fn finish(mut self) -> String {
        self.lines.sort_unstable();
        self.lines.dedup();
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

/// Writes a text of one line in quotation marks.
fn literal(member: &str, value: &Value) -> Result<String, RdfError> {
    match value.as_str() {
        Some(text) if !text.contains(['\n', '\r']) => lines(member, value),
        _ => Err(bad(member, "a text without control characters")),
    }
}

/// Writes a text of any lines in quotation marks.
///
/// Other control characters are refused: they have no place in a list, and implementations escape
/// them differently.
fn lines(member: &str, value: &Value) -> Result<String, RdfError> {
    let plain = |character: char| match character {
        '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => !other.is_control(),
    };
    let text = value
        .as_str()
        .filter(|text| text.chars().all(plain))
        .ok_or_else(|| bad(member, "a text without control characters"))?;
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '\\' => written.push_str("\\\\"),
            '"' => written.push_str("\\\""),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            other => written.push(other),
        }
    }
    written.push('"');
    Ok(written)
}

/// Writes a text for people: as it is, or with its language (VCDM 2.0, section 11.1). A direction
/// has no form in RDF that everybody writes, and letters of a language that are large are made small
/// by some: both are refused.
fn text(member: &str, value: &Value) -> Result<String, RdfError> {
    const EXPECTED: &str = "a text, or an object with @value and a @language in small letters";

    let Value::Object(members) = value else {
        return lines(member, value);
    };
    let known = |name: &String| matches!(name.as_str(), "@value" | "@language");
    let Some(value) = members.get("@value").filter(|_| members.keys().all(known)) else {
        return Err(bad(member, EXPECTED));
    };
    let written = lines(member, value)?;
    match members.get("@language").map(Value::as_str) {
        None => Ok(written),
        Some(Some(language)) if is_language(language) => Ok(format!("{written}@{language}")),
        Some(_) => Err(bad(member, EXPECTED)),
    }
}

/// Whether a text has the form of a language tag in small letters (RFC 5646, section 2.1).
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_part = |part: &str, is_known: fn(&u8) -> bool| {
        (1..=8).contains(&part.len()) && part.as_bytes().iter().all(is_known)
    };
    let is_primary = parts
        .next()
        .is_some_and(|part| part.len() > 1 && is_part(part, u8::is_ascii_lowercase));
    is_primary
        && parts.all(|part| {
            is_part(part, |byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit()
            })
        })
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

/// Writes one or more values, each of them once: a set has nothing twice.
fn different(
    member: &str,
    value: &Value,
    write: fn(&str, &Value) -> Result<String, RdfError>,
) -> Result<Vec<String>, RdfError> {
    let entries = match value {
        Value::Array(entries) => entries.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut written = entries
        .iter()
        .map(|entry| write(member, entry))
        .collect::<Result<Vec<_>, _>>()?;
    written.sort_unstable();
    let count = written.len();
    written.dedup();
    if written.is_empty() || written.len() < count {
        return Err(bad(member, "one or more different texts"));
    }
    Ok(written)
}

fn bad(member: &str, expected: &'static str) -> RdfError {
    RdfError::BadMember {
        member: member.to_owned(),
        expected,
    }
}
