//! Signed credentials within a credential: `EnvelopedVerifiableCredential`.

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::DataModel;
use super::reading::{self, CredentialError};
use crate::list::Proof;
use crate::wire::base64;
use crate::wire::base64url::{self, Base64UrlError};

/// The media type of a credential with an embedded proof (VCDM 2.0, section 6.2).
pub const MEDIA_TYPE: &str = Proof::EcdsaJcs2019.media_type();

/// The media type of a credential as JWT (VC-JOSE-COSE, "Media Types").
pub const JWT_MEDIA_TYPE: &str = Proof::Jwt.media_type();

/// The media type of a credential in COSE (VC-JOSE-COSE, "Media Types").
pub const COSE_MEDIA_TYPE: &str = Proof::Cose.media_type();

const TYPE: &str = "EnvelopedVerifiableCredential";

/// Puts a credential that is a JWT into one that is JSON, for hosts and readers that know only
/// JSON.
///
/// Source: VCDM 2.0, "Enveloped Verifiable Credentials".
#[must_use]
pub fn envelop_jwt(token: &str) -> Value {
    envelop(&format!("data:{JWT_MEDIA_TYPE},{token}"))
}

/// Puts a credential that is a COSE message into one that is JSON.
///
/// Source: VCDM 2.0, "Enveloped Verifiable Credentials"; VC-JOSE-COSE, section 3.3.
#[must_use]
pub fn envelop_cose(message: &[u8]) -> Value {
    let text = base64::encode(message);
    envelop(&format!("data:{COSE_MEDIA_TYPE};base64,{text}"))
}

/// Whether a credential is the envelope of another one.
#[must_use]
pub fn is_envelope(credential: &Map<String, Value>) -> bool {
    match credential.get("type") {
        Some(Value::Array(types)) => types.iter().any(|name| name == TYPE),
        Some(only) => only == TYPE,
        None => false,
    }
}

/// What is in an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enveloped {
    /// What the envelope says that it is, in lower case, without parameters.
    pub media_type: String,
    /// The signed credential: the text of a JWT, or a COSE message.
    pub content: Vec<u8>,
}

/// Opens the envelope of a credential.
///
/// # Errors
/// Its `id` is missing, or is no `data:` url with plain text or base64 in it. Tokens have no
/// characters that a url must escape, so escapes are not read.
///
/// Source: VCDM 2.0, "Enveloped Verifiable Credentials"; RFC 2397, section 3.
pub fn open_envelope(credential: &Map<String, Value>) -> Result<Enveloped, EnvelopeError> {
    let id = reading::id(credential)?.ok_or(CredentialError::Missing("id"))?;
    let (kind, content) = id
        .split_at_checked("data:".len())
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("data:"))
        .and_then(|(_, rest)| rest.split_once(','))
        .ok_or(EnvelopeError::NotData)?;
    let mut parameters = kind.split(';');
    let media_type = parameters.next().unwrap_or_default().to_ascii_lowercase();
    let content = if parameters.any(|parameter| parameter.eq_ignore_ascii_case("base64")) {
        base64url::decode_any(content)?
    } else if content.contains('%') {
        return Err(EnvelopeError::Escapes);
    } else {
        content.as_bytes().to_vec()
    };
    Ok(Enveloped {
        media_type,
        content,
    })
}

/// Why an envelope cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// There is no id, or it is not a string.
    #[error(transparent)]
    Id(#[from] CredentialError),
    /// The id is another url.
    #[error("id is not a data: url")]
    NotData,
    /// The data have characters written by their numbers.
    #[error("the data: url has %-escapes, which no token needs")]
    Escapes,
    /// The data are said to be base64, and are not.
    #[error("the data: url does not hold base64")]
    Base64(#[from] Base64UrlError),
}

fn envelop(id: &str) -> Value {
    json!({ "@context": DataModel::V2.context(), "id": id, "type": TYPE })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open(credential: &Value) -> Result<Enveloped, EnvelopeError> {
        open_envelope(credential.as_object().unwrap())
    }

    fn open_id(id: &str) -> Result<Enveloped, EnvelopeError> {
        open(&json!({ "id": id, "type": [TYPE] }))
    }

    #[test]
    fn a_jwt_stays_as_it_is() {
        let envelope = envelop_jwt("eyJhbGciOiJFUzI1NiJ9.e30.AA_-");
        assert_eq!(
            envelope.to_string(),
            concat!(
                r#"{"@context":"https://www.w3.org/ns/credentials/v2","#,
                r#""id":"data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AA_-","#,
                r#""type":"EnvelopedVerifiableCredential"}"#
            )
        );
        assert!(is_envelope(envelope.as_object().unwrap()));
        let enveloped = open(&envelope).unwrap();
        assert_eq!(enveloped.media_type, JWT_MEDIA_TYPE);
        assert_eq!(enveloped.content, b"eyJhbGciOiJFUzI1NiJ9.e30.AA_-");
    }

    #[test]
    fn a_cose_message_is_in_base64() {
        let envelope = envelop_cose(&[0xd2, 0x84, 0xff, 0xfb]);
        assert_eq!(envelope["id"], "data:application/vc+cose;base64,0oT/+w==");
        let enveloped = open(&envelope).unwrap();
        assert_eq!(enveloped.media_type, COSE_MEDIA_TYPE);
        assert_eq!(enveloped.content, [0xd2, 0x84, 0xff, 0xfb]);
    }

    #[test]
    fn schemes_and_types_are_read_in_any_case_and_with_parameters() {
        for (id, content) in [
            ("DATA:Application/VC+JWT,a.b.c", &b"a.b.c"[..]),
            ("data:application/vc+jwt;charset=utf-8,a.b.c", b"a.b.c"),
            (
                "data:application/vc+jwt;charset=utf-8;BASE64,YS5iLmM",
                b"a.b.c",
            ),
            ("data:application/vc+jwt,", b""),
        ] {
            let enveloped = open_id(id).unwrap();
            assert_eq!(enveloped.media_type, JWT_MEDIA_TYPE);
            assert_eq!(enveloped.content, content, "{id}");
        }
    }

    #[test]
    fn what_is_no_envelope_is_told() {
        for credential in [json!({}), json!({ "type": ["VerifiableCredential"] })] {
            assert!(!is_envelope(credential.as_object().unwrap()));
        }
        for (id, error) in [
            ("https://example.com/status/3", EnvelopeError::NotData),
            ("data:application/vc+jwt", EnvelopeError::NotData),
            ("dat", EnvelopeError::NotData),
            ("däta:,", EnvelopeError::NotData),
            ("data:application/vc+jwt,a%2Eb", EnvelopeError::Escapes),
            (
                "data:application/vc+cose;base64,A",
                EnvelopeError::Base64(Base64UrlError::Length(1)),
            ),
        ] {
            assert_eq!(open_id(id), Err(error), "{id}");
        }
        let error = open(&json!({ "type": TYPE })).unwrap_err();
        assert_eq!(error.to_string(), "there is no id");
    }

    proptest! {
        #[test]
        fn whatever_is_enveloped_comes_back(message: Vec<u8>, text in "[ -$&-~]{0,40}") {
            prop_assert_eq!(open(&envelop_cose(&message)).unwrap().content, message);
            prop_assert_eq!(open(&envelop_jwt(&text)).unwrap().content, text.as_bytes());
        }

        #[test]
        fn hostile_ids_never_panic(id in "(data:)?[a-z+/;,=%]{0,20}\\PC{0,10}") {
            let _ = open_id(&id);
        }
    }
}
