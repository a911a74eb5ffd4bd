//! Credentials as JWT: under VCDM 2.0 (VC-JOSE-COSE) and under VCDM 1.1.

use serde_json::{Map, Value};

use super::credential_judgement::CredentialForm;
use super::judge::Judge;
use crate::audit::finding::chain;
use crate::list::Timestamp;
use crate::sign::{Compact, JoseError};
use crate::token::w3c::reading::data_model;
use crate::token::w3c::{ClaimFault, DataModel, JwtCredential, Place, VcJwtError};
use crate::token::{NumericDate, is_uri};

const TYPES: &str = "VC-JOSE-COSE, section 3.1.1";
const CLAIMS: &str = "VC-JOSE-COSE, section 1.1.2.1";
const KEY_ID: &str = "VC-JOSE-COSE, section 4.1.1";
const ISSUER: &str = "VC-JOSE-COSE, section 4.1.2";
const DISCOVERY: &str = "VC-JOSE-COSE, section 4.3";
const VC_JWT: &str = "VCDM 1.1, section 6.3.1";
const VALIDATION: &str = "RFC 7515, section 5.2";

/// Members of the header that bring a key, or say where one is.
const BROUGHT_KEYS: [&str; 4] = ["jwk", "jku", "x5c", "x5u"];

impl Judge<'_> {
    pub(super) fn jwt(&mut self, mut compact: Compact<'_>) {
        let payload = compact.take_payload();
        let claims = registered(&payload);
        let header = compact.header();
        self.judgement.header.clone_from(header);
        self.judgement.form = match place(&payload) {
            Place::Payload => CredentialForm::Jwt,
            Place::VcClaim => CredentialForm::ClaimOfJwt,
        };
        self.payload(payload);
        match self.judgement.form {
            CredentialForm::ClaimOfJwt => self.old_type(header),
            _ => self.types(header),
        }
        self.jose_algorithm(&compact);
        if let Err(error) = compact.check_extensions() {
            self.unverified("RFC 7515, section 4.1.11", chain(&error));
        }
        let brought: Vec<_> = BROUGHT_KEYS
            .into_iter()
            .filter(|name| header.contains_key(*name))
            .collect();
        self.brought_keys(&brought);
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(key_id)) => Some(key_id.as_str()),
            Some(_) => {
                self.malformed("RFC 7515, section 4.1.4", "kid is not a string");
                None
            }
        };
        if self.judgement.form == CredentialForm::Jwt {
            self.key_id(key_id, claims.contains_key("iss"));
        }
        self.registered_claims(&claims);
        self.signature(VALIDATION, key_id, compact.algorithm().ok(), |key| {
            key.verify(compact.signing_input(), compact.signature())
        });
    }

    fn types(&mut self, header: &Map<String, Value>) {
        match header.get("typ").map(Value::as_str) {
            None => self.warn(TYPES, "the header has no typ: it should be vc+jwt"),
            Some(Some(typ)) if typ.eq_ignore_ascii_case("vc+jwt") => {}
            Some(Some(typ))
                if ["application/vc+jwt", "jwt"]
                    .iter()
                    .any(|known| typ.eq_ignore_ascii_case(known)) =>
            {
                self.warn(TYPES, format!("typ is {typ}: it should be vc+jwt"));
            }
            Some(typ) => {
                let text = format!("typ is {:?}, not vc+jwt", typ.unwrap_or("no string"));
                self.unverified("RFC 8725, section 3.11", text);
            }
        }
        match header.get("cty").map(Value::as_str) {
            None => {}
            Some(Some(cty)) if cty.eq_ignore_ascii_case("vc") => {}
            Some(cty) => {
                let text = format!("cty is {:?}: it should be vc", cty.unwrap_or("no string"));
                self.warn(TYPES, text);
            }
        }
    }

    fn old_type(&mut self, header: &Map<String, Value>) {
        match header.get("typ") {
            None => {}
            Some(Value::String(typ)) if typ.eq_ignore_ascii_case("JWT") => {}
            Some(typ) => self.malformed(VC_JWT, format!("typ is {typ}, not \"JWT\"")),
        }
    }

    fn jose_algorithm(&mut self, compact: &Compact<'_>) {
        let Err(error) = compact.algorithm() else {
            return;
        };
        let rule = match error {
            JoseError::NoAlgorithm => "RFC 7515, section 4.1.1",
            JoseError::Unsigned => "RFC 8725, section 3.2",
            _ => "RFC 8725, section 3.1",
        };
        self.unverified(rule, chain(&error));
    }

    pub(super) fn brought_keys(&mut self, names: &[&str]) {
        if !names.is_empty() {
            let text = format!(
                "the key that the header brings was not used, for it proves nothing by itself: {}",
                names.join(", ")
            );
            self.note("RFC 8725, section 3.8", text);
        }
    }

    /// Whether readers can find the key by what the header calls it.
    pub(super) fn key_id(&mut self, key_id: Option<&str>, has_iss: bool) {
        let Some(issuer) = self.judgement.issuer.clone() else {
            return;
        };
        match key_id {
            None if issuer.starts_with("did:") => {
                let text = "the issuer is a DID, but no kid says which of its keys it is";
                self.key_not_found(KEY_ID, text);
            }
            Some(key_id) if !has_iss && is_uri(&issuer) && !is_uri(key_id) => {
                let text = format!("kid is {key_id:?}, not the url of a key of the issuer");
                self.key_not_found(DISCOVERY, text);
            }
            None | Some(_) => {}
        }
    }

    /// There is no credential where one should be.
    pub(super) fn no_credential(&mut self, error: &VcJwtError) {
        let rule = match error {
            VcJwtError::NoCredential => TYPES,
            VcJwtError::NotAnObject { .. } => VC_JWT,
        };
        self.malformed(rule, chain(error));
    }

    /// What the claims say that stand for members of the credential.
    pub(super) fn claim_faults(&mut self, found: &JwtCredential) {
        let model = data_model(&found.credential);
        match (found.place, model) {
            (Place::VcClaim, Ok(DataModel::V2)) => {
                let text = "the credential is a claim vc: under VCDM 2.0 it is the payload itself";
                self.malformed(CLAIMS, text);
            }
            (Place::Payload, Ok(DataModel::V1)) => {
                let text = "the credential is the payload itself: under VCDM 1.1 it is a claim vc";
                self.malformed(VC_JWT, text);
            }
            _ => {}
        }
        for fault in &found.faults {
            let text = chain(fault);
            match (found.place, fault) {
                (_, ClaimFault::Forbidden(_)) => self.malformed(CLAIMS, text),
                (Place::VcClaim, _) => self.malformed(VC_JWT, text),
                (Place::Payload, ClaimFault::Differs { claim: "iss", .. }) => {
                    self.unverified(ISSUER, text);
                }
                (Place::Payload, ClaimFault::Differs { .. }) => self.warn(CLAIMS, text),
                (Place::Payload, _) => self.malformed("RFC 7519, section 4.1", text),
            }
        }
    }

    /// The times of the signature, which are not those of the credential.
    fn registered_claims(&mut self, claims: &Map<String, Value>) {
        if let Some(time) = self.claim_time(claims, "iat", "RFC 7519, section 4.1.6") {
            self.signed_at("RFC 7519, section 4.1.6", time);
        }
        // Under VCDM 1.1 these two stand for members of the credential, and are judged as such.
        if self.judgement.form == CredentialForm::ClaimOfJwt {
            return;
        }
        if let Some(time) = self.claim_time(claims, "exp", "RFC 7519, section 4.1.4") {
            self.signature_expires("RFC 7519, section 4.1.4", time);
        }
        if let Some(time) = self.claim_time(claims, "nbf", "RFC 7519, section 4.1.5") {
            self.warn(
                CLAIMS,
                "it has nbf, which is not recommended: validFrom says it",
            );
            if time > self.moment() {
                let text = format!("it is not valid before {time}");
                self.unverified("RFC 7519, section 4.1.5", text);
            }
        }
    }

    fn claim_time(
        &mut self,
        claims: &Map<String, Value>,
        name: &str,
        rule: &str,
    ) -> Option<Timestamp> {
        match claims.get(name).map(NumericDate::from_json)? {
            Ok(date) => Some(Timestamp::from_second(date.whole_seconds())),
            Err(error) => {
                self.malformed(rule, format!("{name} is {}", chain(&error)));
                None
            }
        }
    }
}

/// The claims that the signature has beside the credential.
fn registered(payload: &Map<String, Value>) -> Map<String, Value> {
    ["iss", "iat", "exp", "nbf"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), payload.get(name)?.clone())))
        .collect()
}

/// Where the credential is meant to be, whatever is there.
fn place(payload: &Map<String, Value>) -> Place {
    let is_credential =
        payload.contains_key("@context") || payload.contains_key("credentialSubject");
    if payload.contains_key("vc") && !is_credential {
        Place::VcClaim
    } else {
        Place::Payload
    }
}
