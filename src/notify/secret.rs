//! The secret that a webhook's messages are signed with.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::wire::base64;

/// A secret of Standard Webhooks.
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

/// Why there is no secret. What was read is in none of them.
#[derive(Clone, Debug, Error)]
pub(crate) enum SecretFault {
    /// It cannot be read.
    #[error("its secret cannot be read: {0}")]
    Unreadable(String),

    /// It is none.
    #[error("its secret is not whsec_ and base64 of 24 to 64 bytes")]
    Malformed,
}

impl Secret {
    /// What the text of one begins with.
    pub(crate) const PREFIX: &str = "whsec_";

    /// Reads `whsec_` and base64 of 24 to 64 bytes; white space around it is that of its file.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let encoded = text.trim_ascii().strip_prefix(Self::PREFIX.as_bytes())?;
        let bytes = Zeroizing::new(base64::decode(encoded)?);
        (24..=64).contains(&bytes.len()).then(|| Self(bytes))
    }

    /// Signs a message: `v1,` and the HMAC-SHA-256 over id, time and body.
    pub(crate) fn sign(&self, id: &str, second: i64, body: &[u8]) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{second}.").as_bytes());
        mac.update(body);
        let code = mac.finalize().into_bytes();
        Some(format!("v1,{}", base64::encode(code)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification, "Signature scheme".
    #[test]
    fn the_vector_of_the_specification() {
        let secret = Secret::parse(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature.as_deref(), Some(expected));
    }

    #[test]
    fn a_secret_has_24_to_64_bytes_of_base64_behind_its_prefix() {
        let of = |length: usize| format!("whsec_{}", base64::encode(vec![7; length]));
        for (length, fits) in [(0, false), (23, false), (24, true), (64, true), (65, false)] {
            assert_eq!(
                Secret::parse(of(length).as_bytes()).is_some(),
                fits,
                "{length}"
            );
        }
        for text in ["", "whsec_", "whsec_*", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(Secret::parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
