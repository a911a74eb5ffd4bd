//! A list credential as the payload of a JWT, in the two ways that there are.
//!
//! Under VCDM 2.0 the payload is the credential; under VCDM 1.1 it is the `vc` claim, and some of
//! its members are claims as well.

use serde_json::{Map, Value};
use thiserror::Error;

use super::reading::{Issuer, data_model, date, issuer, subject};
use super::{CredentialView, DataModel};
use crate::list::{Proof, Timestamp};
use crate::token::node::{Node as _, WrongType};
use crate::token::{Claims, NumberError, NumericDate};

use crate::wire::json::object;

type Object = Map<String, Value>;

/// The claims that stand for text of a credential.
const TEXTS: [(&str, &str); 3] = [
    ("iss", "issuer"),
    ("jti", "id"),
    ("sub", "credentialSubject.id"),
];

impl DataModel {
    /// The `typ` header of a JWT with a credential.
    ///
    /// Source: VC-JOSE-COSE, section 3.1.1; VCDM 1.1, section 6.3.1.
    #[must_use]
    pub const fn jwt_type(self) -> &'static str {
        match self {
            Self::V1 => "JWT",
            Self::V2 => "vc+jwt",
        }
    }

    /// The `cty` header of a JWT with a credential, if it has one.
    ///
    /// Source: VC-JOSE-COSE, section 3.1.1.
    #[must_use]
    pub const fn jwt_content_type(self) -> Option<&'static str> {
        match self {
            Self::V1 => None,
            Self::V2 => Some("vc"),
        }
    }
}

impl CredentialView<'_> {
    /// Writes the payload of a JWT that carries the credential, with its members in a fixed order.
    ///
    /// Source: VC-JOSE-COSE, section 3.1.1; VCDM 1.1, section 6.3.1.
    #[must_use]
    pub fn jwt_payload(self, claims: &Claims) -> Value {
        let credential = self.credential(claims, Proof::Jwt);
        match self.format().data_model() {
            DataModel::V2 => credential,
            // The claims could take the place of members, but not every reader looks there.
            DataModel::V1 => {
                let subject = credential["credentialSubject"]["id"].clone();
                object([
                    ("iss", Some(self.issuer(claims).into())),
                    ("nbf", Some(claims.issued_at.into())),
                    ("exp", claims.expires_at.map(Value::from)),
                    ("jti", Some(claims.subject.clone().into())),
                    ("sub", Some(subject)),
                    ("vc", Some(credential)),
                ])
            }
        }
    }
}

/// A credential from the payload of a JWT.
#[derive(Clone, Debug, PartialEq)]
pub struct JwtCredential {
    /// Where it was.
    pub place: PayloadPlace,
    /// The credential; members that only the claims have are filled in.
    pub credential: Object,
    /// Claims that should not be there, or not as they are.
    pub faults: Vec<ClaimFault>,
}

/// Where in the payload of a JWT a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadPlace {
    /// It is the payload (VC-JOSE-COSE, section 3.1.1).
    Payload,
    /// It is the `vc` claim (VCDM 1.1, section 6.3.1).
    VcClaim,
}

/// Finds the credential in the payload of a JWT.
///
/// # Errors
/// There is none.
///
/// Source: VC-JOSE-COSE, sections 3.1.1, 3.1.3 and 4.1.2; VCDM 1.1, section 6.3.1.
pub fn from_jwt_payload(mut payload: Object) -> Result<JwtCredential, VcJwtError> {
    let is_credential = ["@context", "credentialSubject"]
        .iter()
        .any(|member| payload.contains_key(*member));
    if is_credential {
        let forbidden = ["vc", "vp"]
            .into_iter()
            .filter(|claim| payload.contains_key(*claim))
            .map(ClaimFault::Forbidden);
        let differing = TEXTS.into_iter().filter_map(|(claim, member)| {
            let claimed = match claimed_text(&payload, claim)? {
                Ok(claimed) => claimed,
                Err(fault) => return Some(fault),
            };
            let differs = text_of(&payload, member).is_some_and(|found| found != claimed);
            differs.then_some(ClaimFault::Differs { claim, member })
        });
        return Ok(JwtCredential {
            place: PayloadPlace::Payload,
            faults: forbidden.chain(differing).collect(),
            credential: payload,
        });
    }
    match payload.remove("vc") {
        None => Err(VcJwtError::NoCredential),
        Some(Value::Object(credential)) => Ok(from_vc_claim(&payload, credential)),
        Some(other) => Err(WrongType::new("vc", &other, Value::MAP).into()),
    }
}

/// Completes the credential of a `vc` claim by the claims beside it.
fn from_vc_claim(claims: &Object, mut credential: Object) -> JwtCredential {
    let mut faults = Vec::new();
    for (claim, member) in TEXTS {
        match claimed_text(claims, claim) {
            None => {}
            Some(Err(fault)) => faults.push(fault),
            Some(Ok(claimed)) => match text_of(&credential, member) {
                Some(found) if found == claimed => {}
                Some(_) => faults.push(ClaimFault::Differs { claim, member }),
                None => fill_in(&mut credential, member, claimed),
            },
        }
    }
    let model = data_model(&credential).unwrap_or(DataModel::V1);
    for (claim, member) in [("nbf", model.valid_from()), ("exp", model.valid_until())] {
        let Some(value) = claims.get(claim) else {
            continue;
        };
        let claimed = match NumericDate::from_json(value) {
            Ok(date) => Timestamp::from_second(date.whole_seconds()),
            Err(source) => {
                faults.push(ClaimFault::NotATime { claim, source });
                continue;
            }
        };
        match date(&credential, member) {
            Ok(None) => fill_in(&mut credential, member, &claimed.to_string()),
            Ok(Some(found)) if found != claimed => {
                faults.push(ClaimFault::Differs { claim, member });
            }
            // A member that is no date is left to whoever reads it.
            Ok(Some(_)) | Err(_) => {}
        }
    }
    JwtCredential {
        place: PayloadPlace::VcClaim,
        credential,
        faults,
    }
}

fn claimed_text<'claims>(
    claims: &'claims Object,
    claim: &'static str,
) -> Option<Result<&'claims str, ClaimFault>> {
    let value = claims.get(claim)?;
    Some(value.as_text_of(claim).map_err(ClaimFault::from))
}

/// The text of a member that a claim can stand for.
fn text_of<'credential>(credential: &'credential Object, member: &str) -> Option<&'credential str> {
    match member {
        "issuer" => issuer(credential).ok().map(Issuer::id),
        "credentialSubject.id" => subject(credential).ok()?.get("id")?.as_str(),
        other => credential.get(other)?.as_str(),
    }
}

/// Adds a member that only a claim has; what is there stays, also if it makes no sense.
fn fill_in(credential: &mut Object, member: &str, text: &str) {
    let (holder, name) = match member.split_once('.') {
        None => (Some(credential), member),
        Some((outer, inner)) => {
            let holder = credential.get_mut(outer).and_then(Value::as_object_mut);
            (holder, inner)
        }
    };
    if let Some(holder) = holder {
        holder.entry(name).or_insert_with(|| text.into());
    }
}

/// Why the payload of a JWT is no credential.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VcJwtError {
    /// Neither the payload nor a claim of it is one.
    #[error("the payload is no credential, and has none as its vc claim")]
    NoCredential,
    /// The claim that should be one is something else.
    #[error(transparent)]
    NotAnObject(#[from] WrongType),
}

/// What is wrong with a claim beside a credential.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ClaimFault {
    /// It may not be there where the payload is the credential.
    #[error("there is a claim {0} beside the members of the credential")]
    Forbidden(&'static str),
    /// It says something else than the member for which it stands.
    #[error("{claim} is not the same as {member}")]
    Differs {
        /// The claim.
        claim: &'static str,
        /// The member of the credential.
        member: &'static str,
    },
    /// It should be a string.
    #[error(transparent)]
    NotAString(#[from] WrongType),
    /// It should be a time.
    #[error("{claim} is not a time")]
    NotATime {
        /// The claim.
        claim: &'static str,
        /// What is wrong with it.
        source: NumberError,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::list::View;
    use crate::token::w3c::ListFormat;
    use crate::token::w3c::view::{claims, credential_view, series};

    fn with_payload(view: View) -> (Value, Value) {
        let series = series(view);
        let view = credential_view(&series);
        let credential = view.credential(&claims(), Proof::Jwt);
        (credential, view.jwt_payload(&claims()))
    }

    const BITSTRING: View = View::BitstringRevocation;
    const OLD: View = View::RevocationList2020;

    fn read(payload: &Value) -> JwtCredential {
        from_jwt_payload(payload.as_object().unwrap().clone()).unwrap()
    }

    #[test]
    fn under_version_2_the_payload_is_the_credential() {
        let (credential, payload) = with_payload(BITSTRING);
        assert_eq!(payload.to_string(), credential.to_string());
        let read = read(&payload);
        assert_eq!(read.place, PayloadPlace::Payload);
        assert_eq!(Value::from(read.credential), credential);
        assert_eq!(read.faults, []);
        let model = ListFormat::Bitstring.data_model();
        assert_eq!(model.jwt_type(), "vc+jwt");
        assert_eq!(model.jwt_content_type(), Some("vc"));
    }

    #[test]
    fn under_version_1_it_is_a_claim_beside_others() {
        let (credential, payload) = with_payload(OLD);
        let text = payload.to_string();
        let (claims, _) = text.split_once(r#","vc":{"@context":["#).unwrap();
        assert_eq!(
            claims,
            concat!(
                r#"{"iss":"did:example:12345","nbf":1767225600,"exp":1767830400,"#,
                r#""jti":"https://example.com/status/3","sub":"https://example.com/status/3#list""#,
            )
        );
        assert_eq!(payload["vc"], credential);
        let read = read(&payload);
        assert_eq!(read.place, PayloadPlace::VcClaim);
        assert_eq!(Value::from(read.credential), credential);
        assert_eq!(read.faults, []);
        let model = ListFormat::RevocationList2020.data_model();
        assert_eq!(model.jwt_type(), "JWT");
        assert_eq!(model.jwt_content_type(), None);
    }

    #[test]
    fn members_that_only_the_claims_have_are_filled_in() {
        let (credential, mut payload) = with_payload(OLD);
        let vc = payload["vc"].as_object_mut().unwrap();
        for member in ["issuer", "id", "issuanceDate", "expirationDate"] {
            vc.remove(member).unwrap();
        }
        let list = vc["credentialSubject"].as_object_mut().unwrap();
        list.remove("id").unwrap();
        let read = read(&payload);
        // Objects are equal whatever the order of their members.
        assert_eq!(Value::from(read.credential), credential);
        assert_eq!(read.faults, []);
    }

    #[test]
    fn each_claim_that_differs_is_named() {
        for (kind, claims) in [
            (BITSTRING, &["iss", "jti", "sub"][..]),
            (OLD, &["iss", "jti", "sub", "nbf", "exp"]),
        ] {
            let (_, mut payload) = with_payload(kind);
            for claim in claims {
                payload[*claim] = if ["nbf", "exp"].contains(claim) {
                    json!(1)
                } else {
                    json!("https://example.com/another")
                };
            }
            let named: Vec<_> = read(&payload)
                .faults
                .iter()
                .map(|fault| match fault {
                    ClaimFault::Differs { claim, .. } => *claim,
                    other => panic!("{other}"),
                })
                .collect();
            assert_eq!(named, claims);
        }
    }

    #[test]
    fn claims_of_the_wrong_kind_are_named() {
        let (_, mut payload) = with_payload(OLD);
        payload["iss"] = json!({ "id": "did:example:12345" });
        payload["nbf"] = json!("2026-01-01T00:00:00Z");
        let faults = read(&payload).faults;
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["iss is an object, not a string", "nbf is not a time"]
        );

        let (_, mut payload) = with_payload(BITSTRING);
        payload["vc"] = json!({});
        payload["sub"] = json!(null);
        let faults = read(&payload).faults;
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "there is a claim vc beside the members of the credential",
                "sub is null, not a string",
            ]
        );
    }

    #[test]
    fn an_issuer_that_is_an_object_is_compared_by_its_id() {
        let (_, mut payload) = with_payload(OLD);
        payload["vc"]["issuer"] = json!({ "id": "did:example:12345" });
        assert_eq!(read(&payload).faults, []);
    }

    #[test]
    fn a_payload_without_a_credential_is_refused() {
        let refusal = |payload: Value| from_jwt_payload(payload.as_object().unwrap().clone());
        for payload in [
            json!({}),
            json!({ "iss": "did:example:1", "status_list": {} }),
        ] {
            assert_eq!(refusal(payload), Err(VcJwtError::NoCredential));
        }
        assert_eq!(
            refusal(json!({ "vc": "eyJ" })).unwrap_err().to_string(),
            "vc is a string, not an object"
        );
    }

    proptest! {
        #[test]
        fn a_time_far_off_is_no_date(seconds: f64) {
            let (_, mut payload) = with_payload(OLD);
            payload["nbf"] = json!(seconds);
            payload["vc"].as_object_mut().unwrap().remove("issuanceDate");
            let read = read(&payload);
            let found = date(&read.credential, "issuanceDate");
            prop_assert!(seconds.abs() < 4e11 || !matches!(found, Ok(Some(_))));
        }
    }
}
