//! A credential without its signatures: its properties, what it says of its list, and the list.
//! The same whatever it is wrapped in.

use serde_json::{Map, Value};

use super::credential_judgement::{CredentialChecks, CredentialForm, CredentialJudgement};
use super::properties::judge_properties;
use super::subject::{Text, judge_subject};
use crate::audit::finding::{Findings, chain};
use crate::token::w3c::reading::data_model;
use crate::token::w3c::{
    ClaimFault, DataModel, JwtCredential, PayloadPlace, VcJwtError, from_jwt_payload,
};

const TYPES: &str = "VC-JOSE-COSE, section 3.1.1";
const CLAIMS: &str = "VC-JOSE-COSE, section 1.1.2.1";
const ISSUER: &str = "VC-JOSE-COSE, section 4.1.2";
const VC_JWT: &str = "VCDM 1.1, section 6.3.1";

/// Judges a credential as far as its own text says something. The list in it is still packed, so
/// that the text, which may be as long, can be let go of.
pub(super) fn judge_text(
    credential: &Map<String, Value>,
    form: CredentialForm,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> Text {
    let said = judge_properties(credential, form, checks, findings);
    judge_subject(credential, said, checks, findings)
}

/// Judges the payload of a signed message, which is the credential.
pub(super) fn judge_payload(
    payload: Map<String, Value>,
    form: CredentialForm,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> CredentialJudgement {
    let has_credential = !payload.is_empty();
    match from_jwt_payload(payload) {
        Ok(found) => {
            claim_faults(&found, findings);
            let text = judge_text(&found.credential, form, checks, findings);
            drop(found);
            text.unpacked(checks.limit, findings)
        }
        Err(error) => {
            let rule = match error {
                VcJwtError::NoCredential => TYPES,
                VcJwtError::NotAnObject { .. } => VC_JWT,
            };
            findings.malformed(rule, chain(&error));
            CredentialJudgement {
                form,
                has_credential,
                ..CredentialJudgement::default()
            }
        }
    }
}

/// What the claims say that stand for members of the credential.
fn claim_faults(found: &JwtCredential, findings: &mut Findings) {
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
}
