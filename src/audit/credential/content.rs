//! A credential without its signatures: its properties, what it says of its list, and the list.
//! The same whatever it is wrapped in.

use serde_json::{Map, Value};

use super::credential_judgement::{CredentialChecks, CredentialForm};
use super::keys::Signatory;
use super::properties::{Properties, judge_properties};
use super::subject::{JudgedBits, Subject, judge_bits, judge_subject};
use crate::audit::finding::{Findings, chain};
use crate::token::InflateLimit;
use crate::token::w3c::reading::data_model;
use crate::token::w3c::{
    ClaimFault, DataModel, JwtCredential, PayloadPlace, VcJwtError, from_jwt_payload,
};

const TYPES: &str = "VC-JOSE-COSE, section 3.1.1";
const CLAIMS: &str = "VC-JOSE-COSE, section 1.1.2.1";
const ISSUER: &str = "VC-JOSE-COSE, section 4.1.2";
const VC_JWT: &str = "VCDM 1.1, section 6.3.1";

/// What a credential says. Its findings are in the order of the fields.
#[derive(Default)]
pub(super) struct Content {
    /// Whether there is a credential with anything in it.
    pub(super) has_members: bool,
    /// What was found in the claims of a JWT that stand for members of the credential.
    pub(super) claims: Findings,
    pub(super) properties: Properties,
    pub(super) subject: Subject,
    pub(super) bits: JudgedBits,
}

impl Content {
    /// Whose signatures it must have.
    pub(super) fn signatory<'a>(&'a self, checks: &'a CredentialChecks<'a>) -> Signatory<'a> {
        Signatory {
            issuer: self.properties.issuer.as_deref(),
            checks,
        }
    }

    /// Judges what is in the list.
    pub(super) fn unpacked(mut self, limit: InflateLimit) -> Self {
        if let Some(packed) = self.subject.packed.take() {
            self.bits = judge_bits(packed, limit);
        }
        self
    }
}

/// Judges a credential as far as its own text says something. The list in it is still packed, so
/// that the text, which may be as long, can be let go of.
pub(super) fn judge_text(
    credential: &Map<String, Value>,
    form: CredentialForm,
    checks: &CredentialChecks<'_>,
) -> Content {
    let properties = judge_properties(credential, form, checks);
    let subject = judge_subject(credential, &properties, checks);
    Content {
        has_members: !credential.is_empty(),
        properties,
        subject,
        ..Content::default()
    }
}

/// Judges the payload of a signed message, which is the credential.
pub(super) fn judge_payload(
    payload: Map<String, Value>,
    form: CredentialForm,
    checks: &CredentialChecks<'_>,
) -> Content {
    let has_members = !payload.is_empty();
    let content = match from_jwt_payload(payload) {
        Ok(found) => Content {
            claims: claim_faults(&found),
            ..judge_text(&found.credential, form, checks)
        },
        Err(error) => Content {
            has_members,
            claims: no_credential(&error),
            ..Content::default()
        },
    };
    content.unpacked(checks.limit)
}

/// There is no credential where one should be.
fn no_credential(error: &VcJwtError) -> Findings {
    let rule = match error {
        VcJwtError::NoCredential => TYPES,
        VcJwtError::NotAnObject { .. } => VC_JWT,
    };
    let mut findings = Findings::default();
    findings.malformed(rule, chain(error));
    findings
}

/// What the claims say that stand for members of the credential.
fn claim_faults(found: &JwtCredential) -> Findings {
    let mut findings = Findings::default();
    match (found.place, data_model(&found.credential)) {
        (PayloadPlace::VcClaim, Ok(DataModel::V2)) => {
            let text = "the credential is a claim vc: under VCDM 2.0 it is the payload itself";
            findings.malformed(CLAIMS, text);
        }
        (PayloadPlace::Payload, Ok(DataModel::V1)) => {
            let text = "the credential is the payload itself: under VCDM 1.1 it is a claim vc";
            findings.malformed(VC_JWT, text);
        }
        _ => {}
    }
    for fault in &found.faults {
        let text = chain(fault);
        match (found.place, fault) {
            (_, ClaimFault::Forbidden(_)) => findings.malformed(CLAIMS, text),
            (PayloadPlace::VcClaim, _) => findings.malformed(VC_JWT, text),
            (PayloadPlace::Payload, ClaimFault::Differs { claim: "iss", .. }) => {
                findings.unverified(ISSUER, text);
            }
            (PayloadPlace::Payload, ClaimFault::Differs { .. }) => findings.warn(CLAIMS, text),
            (PayloadPlace::Payload, _) => findings.malformed("RFC 7519, section 4.1", text),
        }
    }
    findings
}
