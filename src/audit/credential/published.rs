//! The forms in which list credentials are published.

use serde_json::{Map, Value};

use super::content::judge_text;
use super::cose::open_cose;
use super::credential_judgement::{CredentialChecks, CredentialForm, CredentialJudgement};
use super::jose::open_jwt;
use super::proofs::judge_proofs;
use crate::audit::finding::{Findings, chain};
use crate::sign::cose::{Sign1, parse_json_sign1};
use crate::sign::{Compact, JsonError, SecuredDocument, parse_compact, trim_compact};
use crate::token::w3c::DataModel;
use crate::token::w3c::envelope::{
    COSE_MEDIA_TYPE, Enveloped, JWT_MEDIA_TYPE, is_envelope, open_envelope,
};
use crate::token::w3c::reading::data_model;
use crate::wire::json::{parse_strict, parse_strict_around};

const ENVELOPE: &str = "VCDM 2.0, \"Enveloped Verifiable Credentials\"";
const JSON: &str = "RFC 8259, section 4";
const LIMITS: &str = "RFC 8259, section 9";

/// Members that credentials have, and no other tokens.
const CREDENTIAL_MEMBERS: [&str; 3] = ["@context", "credentialSubject", "credentialStatus"];

/// A W3C credential in the form in which it is published, not judged yet.
///
/// The bytes by which it was recognised, which may be longer than its list, can be let go of.
pub enum PublishedCredential {
    /// With a proof in it, or in an envelope.
    Json(Map<String, Value>),
    /// What is meant to be one, and cannot be read.
    BrokenJson(JsonError),
    /// The text, with white space around it if there was some.
    Jwt(Vec<u8>),
    /// A COSE message.
    Cose(Box<Sign1<Map<String, Value>>>),
}

/// Tells whether bytes are a W3C credential in any form, of a list or not.
///
/// `None` for anything else, Status List Tokens of the IETF among it.
#[must_use]
pub fn recognise_credential(bytes: &[u8]) -> Option<PublishedCredential> {
    let (text, _) = trim_compact(bytes);
    match text.first()? {
        b'{' => recognise_json(text),
        byte if byte.is_ascii_graphic() => {
            // What was parsed is let go of before the text is copied.
            let is_credential =
                parse_compact(text).is_ok_and(|compact| is_jwt_credential(&compact));
            is_credential.then(|| PublishedCredential::Jwt(bytes.to_vec()))
        }
        _ => {
            let message = parse_json_sign1(bytes).ok()?;
            has_members(message.payload()).then(|| PublishedCredential::Cose(Box::new(message)))
        }
    }
}

fn is_jwt_credential(compact: &Compact<'_>) -> bool {
    compact.payload().contains_key("vc")
        || has_members(compact.payload())
        || compact.header().get("typ").is_some_and(is_jwt_type)
}

/// How far broken JSON is looked through for what tells a credential.
const BEGINNING: usize = 1 << 20;

fn recognise_json(text: &[u8]) -> Option<PublishedCredential> {
    let parsed = match parse_strict(text) {
        // An envelope has the whole token in its identifier, and nothing else that is long.
        Err(error @ JsonError::TooLong) => match parse_strict_around(text, "id") {
            Ok(Value::Object(object)) if is_envelope(&object) => Ok(Value::Object(object)),
            _ => Err(error),
        },
        parsed => parsed,
    };
    match parsed {
        Ok(Value::Object(object)) => (has_members(&object) || is_envelope(&object))
            .then_some(PublishedCredential::Json(object)),
        Ok(_) => None,
        // What stands twice, or is cut off, is still more of a credential than of anything else.
        Err(error) => {
            let text = &text[..text.len().min(BEGINNING)];
            let is_named = |member| contains(text, format!("\"{member}\"").as_bytes());
            let is_credential = CREDENTIAL_MEMBERS.iter().any(is_named);
            is_credential.then_some(PublishedCredential::BrokenJson(error))
        }
    }
}

fn has_members(object: &Map<String, Value>) -> bool {
    CREDENTIAL_MEMBERS
        .iter()
        .any(|member| object.contains_key(*member))
}

fn is_jwt_type(typ: &Value) -> bool {
    let is = |known: &str| {
        typ.as_str()
            .is_some_and(|typ| typ.eq_ignore_ascii_case(known))
    };
    is("vc+jwt") || is(JWT_MEDIA_TYPE)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Takes a credential out of everything that it is wrapped in, and judges it.
pub(super) fn unwrap(
    published: PublishedCredential,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> CredentialJudgement {
    let opened = match published {
        PublishedCredential::Json(object) if is_envelope(&object) => {
            return CredentialJudgement {
                is_enveloped: true,
                ..open_enveloped(object, checks, findings).unwrap_or_default()
            };
        }
        PublishedCredential::Json(object) => Some(open_embedded(object, checks, findings)),
        PublishedCredential::BrokenJson(error) => {
            match error {
                JsonError::TooManyValues | JsonError::TooLong => {
                    findings.malformed(LIMITS, error.to_string());
                }
                _ => findings.malformed(JSON, format!("it is not valid JSON: {error}")),
            }
            None
        }
        PublishedCredential::Jwt(text) => {
            // No envelope may have white space around it.
            let (trimmed, surrounding) = trim_compact(&text);
            if surrounding.is_some() {
                findings.warn(
                    "RFC 7515, section 7.1",
                    "white space surrounds the token: strict readers refuse it",
                );
            }
            open_compact(trimmed, checks, findings)
        }
        PublishedCredential::Cose(message) => Some(open_cose(*message, checks, findings)),
    };
    opened.unwrap_or_default()
}

/// Opens a credential with a proof in it.
fn open_embedded(
    object: Map<String, Value>,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> CredentialJudgement {
    let text = judge_text(&object, CredentialForm::Embedded, checks, findings);
    let said = text.unpacked(checks.limit, findings);
    // It takes the object, which may be long, and not a copy.
    match SecuredDocument::new(Value::Object(object)) {
        Ok(secured) => judge_proofs(&secured, said, checks, findings),
        Err(error) => {
            findings.unverified("VCDM 2.0, \"Securing Mechanisms\"", chain(&error));
            said
        }
    }
}

fn open_enveloped(
    envelope: Map<String, Value>,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> Option<CredentialJudgement> {
    if data_model(&envelope) != Ok(DataModel::V2) {
        findings.malformed(
            ENVELOPE,
            "the @context of the envelope does not begin with that of VCDM 2.0",
        );
    }
    let mut others: Vec<_> = envelope.keys().map(String::as_str).collect();
    others.retain(|name| !["@context", "id", "type"].contains(name));
    if !others.is_empty() {
        let others = others.join(", ");
        let text = format!("nobody signed what else the envelope says: {others}");
        findings.warn(ENVELOPE, text);
    }
    let Enveloped {
        media_type,
        content,
    } = findings.readable(ENVELOPE, open_envelope(&envelope))?;
    // It has the same in it once more.
    drop(envelope);
    match media_type.as_str() {
        JWT_MEDIA_TYPE => open_compact(&content, checks, findings),
        COSE_MEDIA_TYPE => {
            let parsed = parse_json_sign1(&content);
            drop(content);
            let message = findings.readable("RFC 9052, section 4.2", parsed)?;
            Some(open_cose(message, checks, findings))
        }
        _ => {
            let text =
                format!("what is enveloped is neither {JWT_MEDIA_TYPE} nor {COSE_MEDIA_TYPE}");
            findings.malformed(ENVELOPE, text);
            None
        }
    }
}

fn open_compact(
    text: &[u8],
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> Option<CredentialJudgement> {
    let compact = findings.readable("RFC 7515, section 5.2", parse_compact(text))?;
    Some(open_jwt(compact, checks, findings))
}
