//! The members of a proof, without its value.

use serde_json::{Map, Value};

use super::cryptosuite::Cryptosuite;
use super::error::ProofError;
use crate::wire::text::brief;

const TYPE: &str = "DataIntegrityProof";
const PURPOSE: &str = "assertionMethod";

/// Holds what a proof says beside its value: a "proof configuration" (Data Integrity 1.0,
/// section 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofOptions {
    cryptosuite: Cryptosuite,
    /// All members but `proofValue`, in their order.
    members: Map<String, Value>,
}

impl ProofOptions {
    /// Makes the options of a proof that asserts a document.
    ///
    /// # Errors
    ///
    /// [`ProofError::BadMember`] unless the verification method is an absolute URL.
    pub fn new(cryptosuite: Cryptosuite, verification_method: &str) -> Result<Self, ProofError> {
        let members = [
            ("type", TYPE),
            ("cryptosuite", cryptosuite.name()),
            ("verificationMethod", verification_method),
            ("proofPurpose", PURPOSE),
        ];
        let members = members.map(|(name, value)| (name.to_owned(), value.into()));
        Self::read(members.into_iter().collect())
    }

    /// Adds the time at which the proof is made.
    ///
    /// # Errors
    ///
    /// [`ProofError::BadMember`] unless it has the form of an XSD `dateTimeStamp`.
    pub fn with_created(self, created: &str) -> Result<Self, ProofError> {
        self.with("created", created)
    }

    /// Adds the time from which on the proof must not be relied on.
    ///
    /// # Errors
    ///
    /// [`ProofError::BadMember`] unless it has the form of an XSD `dateTimeStamp`.
    pub fn with_expires(self, expires: &str) -> Result<Self, ProofError> {
        self.with("expires", expires)
    }

    /// Takes what a proof says beside its value.
    ///
    /// # Errors
    ///
    /// [`ProofError::UnknownType`], [`ProofError::UnknownCryptosuite`],
    /// [`ProofError::OtherPurpose`], [`ProofError::Chained`], and for other members
    /// [`ProofError::MissingMember`] and [`ProofError::BadMember`].
    pub(in crate::sign) fn read(members: Map<String, Value>) -> Result<Self, ProofError> {
        let kind = required_text(&members, "type")?;
        if kind != TYPE {
            return Err(ProofError::UnknownType(brief(kind)));
        }
        let cryptosuite = required_text(&members, "cryptosuite")?.parse()?;
        let purpose = required_text(&members, "proofPurpose")?;
        if purpose != PURPOSE {
            return Err(ProofError::OtherPurpose(brief(purpose)));
        }
        if !is_absolute_url(required_text(&members, "verificationMethod")?) {
            return Err(ProofError::BadMember {
                member: "verificationMethod",
                expected: "an absolute URL",
            });
        }
        for member in ["created", "expires"] {
            if text(&members, member)?.is_some_and(|time| !is_date_time_stamp(time)) {
                return Err(ProofError::BadMember {
                    member,
                    expected: "a date and time with its offset from UTC",
                });
            }
        }
        if members.contains_key("previousProof") {
            return Err(ProofError::Chained);
        }
        Ok(Self {
            cryptosuite,
            members,
        })
    }

    /// Returns the cryptosuite.
    #[must_use]
    pub fn cryptosuite(&self) -> Cryptosuite {
        self.cryptosuite
    }

    /// Returns the URL of the verification method, which names the key.
    #[must_use]
    pub fn verification_method(&self) -> &str {
        self.text("verificationMethod").unwrap_or_default()
    }

    /// Returns the time at which the proof was made, as the proof writes it: an XSD
    /// `dateTimeStamp`, of which only the form is checked.
    #[must_use]
    pub fn created(&self) -> Option<&str> {
        self.text("created")
    }

    /// Returns the time from which on the proof must not be relied on, written like
    /// [`Self::created`].
    #[must_use]
    pub fn expires(&self) -> Option<&str> {
        self.text("expires")
    }

    /// Returns all members in their order.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Returns the context that the proof brings with it.
    pub(super) fn context(&self) -> Option<&Value> {
        self.members.get("@context")
    }

    /// Adds the context of the document.
    pub(super) fn set_context(&mut self, context: Value) {
        self.members.insert("@context".to_owned(), context);
    }

    /// Completes the proof.
    pub(super) fn into_proof(self, value: String) -> Map<String, Value> {
        let mut members = self.members;
        members.insert("proofValue".to_owned(), value.into());
        members
    }

    fn with(mut self, member: &'static str, value: &str) -> Result<Self, ProofError> {
        // Where the examples of the specifications have it.
        let place = self
            .members
            .keys()
            .position(|name| name == "verificationMethod");
        self.members
            .shift_insert(place.unwrap_or_default(), member.to_owned(), value.into());
        Self::read(self.members)
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.members.get(member).and_then(Value::as_str)
    }
}

pub(super) fn required_text<'a>(
    members: &'a Map<String, Value>,
    member: &'static str,
) -> Result<&'a str, ProofError> {
    text(members, member)?.ok_or(ProofError::MissingMember(member))
}

fn text<'a>(
    members: &'a Map<String, Value>,
    member: &'static str,
) -> Result<Option<&'a str>, ProofError> {
    match members.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ProofError::BadMember {
            member,
            expected: "a text",
        }),
    }
}

/// Tells whether a text is a scheme, a colon, and characters that URLs may have.
///
/// What passes also needs no escape in RDF.
fn is_absolute_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_rest = !rest.is_empty()
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte));
    is_scheme && is_rest
}

/// Tells whether a text has the form of an XSD `dateTimeStamp` (XML Schema 1.1, section 3.4.28)
/// with a year of four digits. Whether there is such a day is not asked.
fn is_date_time_stamp(text: &str) -> bool {
    const FORM: &str = "dddd-dd-ddTdd:dd:dd";

    let fits = |text: &str, form: &str| {
        text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(byte, form)| match form {
                    b'd' => byte.is_ascii_digit(),
                    form => byte == form,
                })
    };
    let Some((start, rest)) = text.split_at_checked(FORM.len()) else {
        return false;
    };
    let digit = |character: char| character.is_ascii_digit();
    let zone = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(digit) => fraction.trim_start_matches(digit),
        _ => rest,
    };
    let is_zone = zone == "Z" || fits(zone, "+dd:dd") || fits(zone, "-dd:dd");
    fits(start, FORM) && is_zone
}

#[cfg(test)]
mod tests {
    use super::{is_absolute_url, is_date_time_stamp};

    #[test]
    fn the_form_of_times() {
        for good in [
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.123456789Z",
            "2026-12-31T23:59:59+05:30",
            "2026-12-31T23:59:59.5-08:00",
        ] {
            assert!(is_date_time_stamp(good), "{good}");
        }
        for bad in [
            "",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00z",
            "2026-01-01T00:00:00+0530",
            "2026-01-01T00:00:00Z\" .",
            "٢026-01-01T00:00:00Z",
        ] {
            assert!(!is_date_time_stamp(bad), "{bad}");
        }
    }

    #[test]
    fn the_form_of_urls() {
        for good in ["did:key:z6Mk#z6Mk", "https://example.com/key#1", "urn:a"] {
            assert!(is_absolute_url(good), "{good}");
        }
        for bad in [
            "",
            "z6Mk",
            "#key",
            "did:",
            ":a",
            "1a:b",
            "_:b0",
            "/a:b",
            "https://example.com/a b",
            "https://example.com/>",
            "https://example.com/\n",
            "https://example.com/ä",
        ] {
            assert!(!is_absolute_url(bad), "{bad}");
        }
    }
}
