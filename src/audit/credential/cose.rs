//! Credentials in COSE (VC-JOSE-COSE, section 3.3).

use serde_json::{Map, Value};

use super::credential_judgement::CredentialForm;
use super::judge::Judge;
use crate::audit::finding::chain;
use crate::audit::ietf::diagnostic::{self, Labels};
use crate::sign::cose::{CoseError, Placement, Sign1, Typ, label, tag};
use crate::token::w3c::envelope::{COSE_MEDIA_TYPE, MEDIA_TYPE};

const TYPES: &str = "VC-JOSE-COSE, section 3.3";
const MESSAGE: &str = "RFC 9052, section 4.2";
const HEADER: &str = "RFC 9052, section 3.1";

/// Header parameters that bring a key, or say where one is.
const BROUGHT_KEYS: [&str; 5] = ["kccs", "kcwt", "x5bag", "x5chain", "x5u"];

impl Judge<'_> {
    pub(super) fn cose(&mut self, mut message: Sign1<Map<String, Value>>) {
        let payload = message.take_payload();
        let has_issuer = payload.contains_key("iss");
        self.judgement.form = CredentialForm::Cose;
        self.judgement.header = diagnostic::members(message.protected(), Labels::Header);
        let unprotected = diagnostic::members(message.unprotected(), Labels::Header);
        self.payload(payload);
        self.message_types(&message);
        if let Err(error) = message.check_extensions() {
            self.unverified(HEADER, chain(&error));
        }
        let brought: Vec<_> = BROUGHT_KEYS
            .into_iter()
            .filter(|name| {
                self.judgement.header.contains_key(*name) || unprotected.contains_key(*name)
            })
            .collect();
        self.brought_keys(&brought);
        let key_id = match message.key_id() {
            Ok(key_id) => key_id.map(diagnostic::key_id),
            Err(error) => {
                self.malformed(HEADER, chain(&error));
                None
            }
        };
        self.key_id(key_id.as_deref(), has_issuer);
        let algorithm = match (message.tags(), message.algorithm()) {
            ([] | [tag::SIGN1], Ok(algorithm)) => Some(algorithm),
            ([tag::MAC0], _) => {
                self.unverified(MESSAGE, chain(&CoseError::Mac));
                None
            }
            ([] | [tag::SIGN1], Err(error)) => {
                self.unverified(HEADER, chain(&error));
                None
            }
            (tags, _) => {
                let outer = tags.first().copied().unwrap_or_default();
                self.unverified(MESSAGE, chain(&CoseError::OtherTag(outer)));
                None
            }
        };
        if message.tags().is_empty() {
            self.warn(MESSAGE, "it lacks the tag 18 of signed messages");
        }
        if message
            .parameter(label::ALGORITHM)
            .is_some_and(|(_, placement)| placement == Placement::Unprotected)
        {
            self.unverified(HEADER, "alg is not in the protected header");
        }
        let signed = message.message();
        self.signature(MESSAGE, key_id.as_deref(), algorithm, |key| {
            key.verify(&signed, message.signature())
        });
    }

    fn message_types(&mut self, message: &Sign1<Map<String, Value>>) {
        match message.typ() {
            Ok(None) => {
                let text = format!("the header has no typ: it should be {COSE_MEDIA_TYPE}");
                self.warn(TYPES, text);
            }
            Ok(Some(Typ::Text(typ))) if typ.eq_ignore_ascii_case(COSE_MEDIA_TYPE) => {}
            Ok(Some(Typ::Text(typ))) if typ.eq_ignore_ascii_case("vc+cose") => {
                let text = format!("typ is {typ}: in COSE it should be {COSE_MEDIA_TYPE}");
                self.warn(TYPES, text);
            }
            Ok(Some(Typ::Text(typ))) => {
                let text = format!("typ is {typ:?}, not {COSE_MEDIA_TYPE}");
                self.unverified("RFC 9596, section 2", text);
            }
            Ok(Some(Typ::Number(number))) => {
                let text = format!("typ is the number {number}, not {COSE_MEDIA_TYPE}");
                self.unverified("RFC 9596, section 2", text);
            }
            Err(error) => self.malformed("RFC 9596, section 2", chain(&error)),
        }
        let content = message.parameter(label::CONTENT_TYPE);
        let is_expected = content
            .and_then(|(value, _)| value.as_text())
            .is_some_and(|text| text.eq_ignore_ascii_case(MEDIA_TYPE));
        if !is_expected {
            let text = format!("the content type in the header is not {MEDIA_TYPE}");
            self.warn(TYPES, text);
        }
    }
}
