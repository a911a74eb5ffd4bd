//! Public keys.

use serde_json::{Map, Value};

use super::algorithm::{Algorithm, PublicForm};
use super::hash_function::HashFunction;
use super::jwk::Jwk;
use super::key_error::KeyError;
use super::verifying_key::VerifyingKey;
use super::{der, pem, provider};
use crate::wire::base64url;

/// Bounds what is read as a key; the longest key that is understood has under 2 KiB, and a
/// bundle with certificates a few times that.
pub(super) const MAX_KEY_BYTES: usize = 64 * 1024;

/// Holds a public key that is valid for its algorithm.
///
/// Two are equal if they are the same key, whatever their key identifiers.
#[derive(Clone, Debug)]
pub struct PublicKey {
    algorithm: Algorithm,
    /// Uncompressed SEC1 point, or the 32 bytes of RFC 8032.
    bytes: Vec<u8>,
    thumbprint: String,
    own_key_id: Option<String>,
}

impl PublicKey {
    /// Reads a public key: PEM (`SubjectPublicKeyInfo`) or a JSON Web Key.
    ///
    /// # Errors
    ///
    /// [`KeyError::PrivateGiven`] for a private key, because it has no place where public keys
    /// are handed around; else a [`KeyError`] that says what was given or what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let text = text_of(bytes, MAX_KEY_BYTES)?;
        if is_json(text) {
            return Self::from_jwk(&Jwk::parse(bytes)?);
        }
        Self::from_pem(text)
    }

    /// Reads a `SubjectPublicKeyInfo` in DER, as certificates contain it (RFC 5280, section
    /// 4.1.2.7).
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that says what is wrong with it.
    pub(crate) fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let (algorithm, bytes) = der::read_spki(der)?;
        Self::from_bytes(algorithm, &bytes, None)
    }

    /// Writes the public JSON Web Key: key members, `kid` as [`Self::key_id`], `alg`, `use`.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        let mut jwk = Value::Object(self.required_members());
        jwk["kid"] = self.key_id().into();
        jwk["alg"] = self.algorithm.name().into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// Returns the SHA-256 thumbprint in base64url (RFC 7638; RFC 8037, section 2).
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Returns the `kid` that the JSON Web Key came with, else the thumbprint.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.own_key_id.as_deref().unwrap_or(&self.thumbprint)
    }

    /// Returns the `kid` that the JSON Web Key came with, if it had one.
    pub(crate) fn own_key_id(&self) -> Option<&str> {
        self.own_key_id.as_deref()
    }

    /// Gives the key a `kid` of its own.
    pub(crate) fn named(mut self, key_id: &str) -> Self {
        self.own_key_id = Some(key_id.to_owned());
        self
    }

    /// Takes the `kid` away, so that the key is tried whatever a token calls it.
    pub(crate) fn unnamed(mut self) -> Self {
        self.own_key_id = None;
        self
    }

    /// Returns the one algorithm that the key is for.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the bytes of the key: the uncompressed SEC1 point (0x04, x, y) for ECDSA, the 32
    /// bytes of RFC 8032 for Ed25519.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Tells whether the signature is one of this key over the message.
    ///
    /// The length must be exactly that of the algorithm; a high s is accepted, because JOSE and
    /// COSE ask for no normalisation.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        signature.len() == self.algorithm.signature_length()
            && provider::verify(self.algorithm, &self.bytes, message, signature)
    }

    pub(super) fn new(algorithm: Algorithm, key: &VerifyingKey, own_key_id: Option<&str>) -> Self {
        let mut public = Self {
            algorithm,
            bytes: key.to_bytes(),
            thumbprint: String::new(),
            own_key_id: own_key_id.map(str::to_owned),
        };
        let mut members = public.required_members();
        members.sort_keys();
        let digest = HashFunction::Sha256.of(Value::Object(members).to_string());
        public.thumbprint = base64url::encode(&digest);
        public
    }

    pub(super) fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        if jwk.is_private() {
            return Err(KeyError::PrivateGiven);
        }
        let algorithm = jwk.algorithm()?;
        jwk.check_use("verify")?;
        Self::from_bytes(algorithm, &jwk.public(algorithm)?, jwk.key_id()?)
    }

    fn from_pem(text: &str) -> Result<Self, KeyError> {
        let blocks = pem::blocks(text)?;
        if blocks.iter().any(pem::Block::is_private) {
            return Err(KeyError::PrivateGiven);
        }
        let mut keys = blocks.iter().filter(|block| block.label == der::SPKI);
        match (keys.next(), keys.next()) {
            (Some(block), None) => Self::from_spki(&block.decode()?),
            (Some(_), Some(_)) => Err(KeyError::SeveralKeys),
            (None, _) => Err(blocks
                .first()
                .map_or(KeyError::NotAKey, |block| KeyError::from_label(block.label))),
        }
    }

    pub(super) fn from_bytes(
        algorithm: Algorithm,
        bytes: &[u8],
        own_key_id: Option<&str>,
    ) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(algorithm, bytes).ok_or(KeyError::InvalidPoint)?;
        Ok(Self::new(algorithm, &key, own_key_id))
    }

    /// Returns the members of a JSON Web Key that make it this key and no other (RFC 7638, section
    /// 3.2).
    fn required_members(&self) -> Map<String, Value> {
        let row = self.algorithm.row();
        let form = &row.jwk;
        let start = usize::from(row.public_form == PublicForm::Point);
        let bytes = self.bytes.get(start..).unwrap_or_default();
        let parts = bytes.chunks(row.public_length / form.public.len());
        let parts = form
            .public
            .iter()
            .copied()
            .zip(parts.map(base64url::encode));
        let names = [("kty", form.key_type), (form.named_by, form.key_name)];
        let names = names.map(|(name, value)| (name, value.to_owned()));
        let members = names.into_iter().chain(parts);
        members
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

/// Returns key bytes as text; everything that is understood is text.
pub(super) fn text_of(bytes: &[u8], limit: usize) -> Result<&str, KeyError> {
    if bytes.len() > limit {
        return Err(KeyError::TooLong(limit));
    }
    std::str::from_utf8(bytes).map_err(|_| KeyError::NotAKey)
}

/// Tells whether a text is meant as a JSON object, not as PEM.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::Signature;
    use serde_json::json;

    use super::PublicKey;
    use crate::sign::{Algorithm, KeyError, PrivateKey};

    macro_rules! key_file {
        ($name:literal) => {
            include_bytes!(concat!("../../tests/keys/test-", $name, ".pem"))
        };
    }

    const EXAMPLE_KEY: &[u8] = br#"{"kty":"EC","crv":"P-256","kid":"12","use":"sig","alg":"ES256",
        "x":"I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo",
        "y":"6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M"}"#;

    fn refusal(bytes: &[u8]) -> KeyError {
        PublicKey::parse(bytes).unwrap_err()
    }

    #[test]
    fn thumbprints() {
        // The example key of draft-ietf-oauth-status-list-21.
        let key = PublicKey::parse(EXAMPLE_KEY).unwrap();
        assert_eq!(
            key.thumbprint(),
            "lMu2ifRhv0BMzdgKWoXvEDBZTHIT-vZ2dlRDAa0Mc8g"
        );
        assert_eq!(key.key_id(), "12");
        // RFC 8037, appendix A.3.
        let key =
            br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let key = PublicKey::parse(key).unwrap();
        assert_eq!(
            key.thumbprint(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
        assert_eq!(key.key_id(), key.thumbprint());
    }

    #[test]
    fn the_written_jwk_reads_as_the_same_key() {
        let key = PublicKey::parse(EXAMPLE_KEY).unwrap();
        assert_eq!(
            key.to_jwk(),
            json!({
                "kty": "EC", "crv": "P-256", "kid": "12", "alg": "ES256", "use": "sig",
                "x": "I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo",
                "y": "6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M",
            })
        );
        for algorithm in Algorithm::ALL {
            let private = PrivateKey::generate(algorithm).unwrap();
            let jwk = private.public().to_jwk();
            assert_eq!(jwk["kid"], private.public().thumbprint());
            assert_eq!(jwk["alg"], algorithm.name());
            let again = PublicKey::parse(jwk.to_string().as_bytes()).unwrap();
            assert_eq!(again, *private.public());
        }
    }

    #[test]
    fn high_and_low_s_are_accepted_and_lengths_are_strict() {
        let private = PrivateKey::parse(key_file!("p256-pkcs8")).unwrap();
        let key = private.public();
        let bytes = private.sign(b"message");
        let signature = Signature::from_slice(&bytes).unwrap();
        let mirrored = Signature::from_scalars(signature.r(), -signature.s()).unwrap();
        assert_ne!(mirrored, signature);
        assert!(key.verify(b"message", &bytes));
        assert!(key.verify(b"message", &mirrored.to_bytes()));
        assert!(!key.verify(b"message", &[]));
        assert!(!key.verify(b"message", &bytes[..63]));
        assert!(!key.verify(b"message", &[&bytes[..], &[0]].concat()));
        assert!(!key.verify(b"message", &[0; 64]));
        assert!(!key.verify(b"message", signature.to_der().as_bytes()));
    }

    #[test]
    fn high_s_is_not_normalised_when_signing() {
        let private = PrivateKey::parse(key_file!("p256-pkcs8")).unwrap();
        let is_high = |number: u8| {
            let signature = Signature::from_slice(&private.sign(&[number])).unwrap();
            signature.normalize_s() != signature
        };
        assert!((0..=255).any(is_high));
    }

    #[test]
    fn what_is_no_usable_public_key_is_named() {
        use KeyError as E;
        for private in [
            key_file!("p256-pkcs8").as_slice(),
            key_file!("p256-sec1-with-params"),
            key_file!("p256-pkcs8-encrypted"),
            key_file!("p256-sec1-encrypted"),
            key_file!("rsa-pkcs1"),
            br#"{"kty":"oct","k":"c2VjcmV0"}"#,
            br#"{"kty":"OKP","crv":"Ed25519","d":"","x":""}"#,
        ] {
            let error = refusal(private);
            assert!(matches!(error, E::PrivateGiven));
            let text = "a private key was given where a public one belongs";
            assert_eq!(error.to_string(), text);
        }
        assert!(matches!(refusal(b"hello"), E::NotAKey));
        assert!(matches!(
            refusal(key_file!("p256-certificate")),
            E::Certificate
        ));
        assert!(matches!(refusal(key_file!("rsa-public")), E::Rsa));
        assert!(matches!(
            refusal(key_file!("secp256k1-public")),
            E::UnsupportedName { kind: "curve", .. }
        ));
        assert!(matches!(refusal(br#"{"keys":[]}"#), E::KeySetGiven));
        let two = [
            key_file!("p256-public").as_slice(),
            key_file!("p384-public"),
        ]
        .concat();
        assert!(matches!(refusal(&two), E::SeveralKeys));
    }

    #[test]
    fn invalid_points_are_refused() {
        let zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let off_curve = json!({"kty": "EC", "crv": "P-256", "x": zero, "y": zero});
        // The neutral element of Ed25519 has small order.
        let weak = json!({"kty": "OKP", "crv": "Ed25519",
            "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
        for jwk in [off_curve, weak] {
            let error = refusal(jwk.to_string().as_bytes());
            assert!(matches!(error, KeyError::InvalidPoint));
        }
    }
}
