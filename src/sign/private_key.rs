//! Private keys.

use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::der::{self, SecretParts};
use super::jwk::Jwk;
use super::key_error::KeyError;
use super::pem;
use super::public_key::{MAX_KEY_BYTES, PublicKey, is_json, text_of};
use super::signing_key::SigningKey;

/// Holds a valid private key, ready to sign, together with its public key.
///
/// Has no `Debug`, cannot be compared, and is wiped when it is dropped.
pub struct PrivateKey {
    secret: SigningKey,
    public: PublicKey,
}

impl PrivateKey {
    /// Makes a new key from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoRandomness`] if the operating system gives none.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        loop {
            let mut secret = Zeroizing::new(vec![0; algorithm.secret_length()]);
            getrandom::fill(&mut secret).map_err(KeyError::NoRandomness)?;
            // The 66 bytes for P-521 have 7 bits more than the curve.
            secret[0] &= 0xff >> (8 * secret.len() - algorithm.row().secret_bits);
            // About one of 2^32 random numbers is outside the range of P-256.
            if let Ok(key) = Self::from_secret(algorithm, &secret, None) {
                return Ok(key);
            }
        }
    }

    /// Reads a private key: PEM (PKCS#8, or SEC1 with or without a leading `EC PARAMETERS`
    /// block) or a JSON Web Key.
    ///
    /// Certificates beside the key in a PEM document are passed over. A JSON Web Key keeps its
    /// `kid`.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that says what was given instead, or what is wrong with the key.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let text = text_of(bytes, MAX_KEY_BYTES)?;
        if is_json(text) {
            return Self::from_jwk(&Jwk::parse(bytes)?);
        }
        Self::from_pem(text)
    }

    /// Writes the key as PEM (PKCS#8).
    ///
    /// # Panics
    ///
    /// Never: a key that exists is valid.
    pub(crate) fn to_pem(&self) -> Zeroizing<String> {
        let pem = self.secret.to_pem();
        pem.expect("the form holds every valid key")
    }

    /// Returns the public key, with the same key identifier.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Returns the one algorithm that the key is for.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// Signs a message deterministically: r and s side by side for ECDSA (RFC 6979; s is not
    /// normalised), 64 bytes for Ed25519.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.secret.sign(message)
    }

    pub(super) fn from_secret(
        algorithm: Algorithm,
        secret: &[u8],
        key_id: Option<&str>,
    ) -> Result<Self, KeyError> {
        let secret = SigningKey::from_secret(algorithm, secret).ok_or(KeyError::InvalidSecret)?;
        let public = PublicKey::new(algorithm, &secret.verifying_key(), key_id);
        Ok(Self { secret, public })
    }

    fn from_parts(parts: &SecretParts, key_id: Option<&str>) -> Result<Self, KeyError> {
        let key = Self::from_secret(parts.algorithm, &parts.secret, key_id)?;
        match &parts.public {
            Some(claimed)
                if PublicKey::from_bytes(parts.algorithm, claimed, None)? != key.public =>
            {
                Err(KeyError::PublicPartMismatch)
            }
            _ => Ok(key),
        }
    }

    fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        let algorithm = jwk.algorithm()?;
        if !jwk.is_private() {
            return Err(KeyError::PublicGiven);
        }
        jwk.check_use("sign")?;
        let parts = SecretParts {
            algorithm,
            secret: jwk.secret(algorithm)?,
            public: Some(jwk.public(algorithm)?),
        };
        Self::from_parts(&parts, jwk.key_id()?)
    }

    fn from_pem(text: &str) -> Result<Self, KeyError> {
        let blocks = pem::blocks(text)?;
        let mut keys = blocks.iter().filter(|block| block.is_private());
        let Some(block) = keys.next() else {
            return Err(match blocks.first() {
                None => KeyError::NotAKey,
                Some(block) if block.label == der::SPKI => KeyError::PublicGiven,
                Some(block) => KeyError::from_label(block.label),
            });
        };
        if keys.next().is_some() {
            return Err(KeyError::SeveralKeys);
        }
        let parts = match block.label {
            der::PKCS8 => der::read_pkcs8(&block.decode()?)?,
            der::SEC1 => der::read_sec1(&block.decode()?)?,
            other => return Err(KeyError::from_label(other)),
        };
        Self::from_parts(&parts, None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::PrivateKey;
    use crate::sign::testing::from_hex;
    use crate::sign::{Algorithm, KeyError};

    macro_rules! key_file {
        ($name:literal) => {
            include_bytes!(concat!("../../tests/keys/test-", $name, ".pem"))
        };
    }

    fn refusal(bytes: &[u8]) -> KeyError {
        PrivateKey::parse(bytes).err().unwrap()
    }

    /// RFC 6979, appendix A.2.5.
    #[test]
    fn p256_sample_of_rfc6979() {
        let secret = from_hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
        let key = PrivateKey::from_secret(Algorithm::Es256, &secret, None).unwrap();
        let point = from_hex(concat!(
            "04",
            "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
            "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
        ));
        assert_eq!(key.public().bytes(), point);
        let expected = from_hex(concat!(
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
            "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
        ));
        assert_eq!(key.sign(b"sample"), expected);
        assert!(key.public().verify(b"sample", &expected));
    }

    /// RFC 6979, appendix A.2.6.
    #[test]
    fn p384_sample_of_rfc6979() {
        let secret = from_hex(concat!(
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8",
            "96D5724E4C70A825F872C9EA60D2EDF5"
        ));
        let key = PrivateKey::from_secret(Algorithm::Es384, &secret, None).unwrap();
        let expected = from_hex(concat!(
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C",
            "81A648152E44ACF96E36DD1E80FABE46",
            "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F",
            "A329C145786E679E7B82C71A38628AC8"
        ));
        assert_eq!(key.sign(b"sample"), expected);
    }

    /// RFC 6979, appendix A.2.7.
    #[test]
    fn p521_sample_of_rfc6979() {
        let secret = from_hex(concat!(
            "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CA",
            "A896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538"
        ));
        let key = PrivateKey::from_secret(Algorithm::Es512, &secret, None).unwrap();
        let expected = from_hex(concat!(
            "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F17",
            "4E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA",
            "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF28",
            "2623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A"
        ));
        assert_eq!(key.sign(b"sample"), expected);
    }

    #[test]
    fn openssl_keys_are_read_in_every_form() {
        let forms: [(&[u8], &[u8]); 6] = [
            (key_file!("p256-pkcs8"), key_file!("p256-public")),
            (key_file!("p256-sec1-with-params"), key_file!("p256-public")),
            (key_file!("p384-pkcs8"), key_file!("p384-public")),
            (key_file!("p384-sec1"), key_file!("p384-public")),
            (key_file!("p521-pkcs8"), key_file!("p521-public")),
            (key_file!("ed25519-pkcs8"), key_file!("ed25519-public")),
        ];
        for (private, public) in forms {
            let key = PrivateKey::parse(private).unwrap();
            let public = crate::sign::PublicKey::parse(public).unwrap();
            assert!(*key.public() == public);
            assert!(public.verify(b"message", &key.sign(b"message")));
        }
    }

    #[test]
    fn pem_is_written_as_openssl_writes_it() {
        for file in [
            key_file!("p256-pkcs8").as_slice(),
            key_file!("p384-pkcs8"),
            key_file!("p521-pkcs8"),
            key_file!("ed25519-pkcs8"),
        ] {
            assert_eq!(PrivateKey::parse(file).unwrap().to_pem().as_bytes(), file);
        }
    }

    #[test]
    fn a_certificate_beside_the_key_is_passed_over() {
        let both = [
            key_file!("p256-certificate").as_slice(),
            key_file!("p256-pkcs8"),
        ]
        .concat();
        assert!(PrivateKey::parse(&both).is_ok());
    }

    #[test]
    fn what_is_no_usable_private_key_is_named() {
        use KeyError as E;
        assert!(matches!(refusal(b""), E::NotAKey));
        assert!(matches!(refusal(b"\xff\xfe"), E::NotAKey));
        assert!(matches!(refusal(b"hello"), E::NotAKey));
        assert!(matches!(refusal(&vec![b' '; 1 << 20]), E::TooLong { .. }));
        assert!(matches!(
            refusal(key_file!("p256-pkcs8-encrypted")),
            E::Encrypted
        ));
        assert!(matches!(
            refusal(key_file!("p256-sec1-encrypted")),
            E::Encrypted
        ));
        assert!(matches!(refusal(key_file!("rsa-pkcs8")), E::Rsa));
        assert!(matches!(refusal(key_file!("rsa-pkcs1")), E::Rsa));
        assert!(matches!(
            refusal(key_file!("p256-certificate")),
            E::Certificate
        ));
        assert!(matches!(refusal(key_file!("p256-public")), E::PublicGiven));
        assert!(
            matches!(refusal(key_file!("secp256k1-pkcs8")), E::UnsupportedName { kind: "curve", name } if name == "secp256k1")
        );
        let two = [
            key_file!("p256-pkcs8").as_slice(),
            key_file!("ed25519-pkcs8"),
        ]
        .concat();
        assert!(matches!(refusal(&two), E::SeveralKeys));
        let empty = b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----";
        assert!(matches!(refusal(empty), E::DamagedDer { .. }));
    }

    #[test]
    fn a_jwk_keeps_its_identifier_and_must_be_consistent() {
        use KeyError as E;
        let jwk = json!({
            "kty": "OKP", "crv": "Ed25519", "kid": "mine",
            "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        });
        let key = PrivateKey::parse(jwk.to_string().as_bytes()).unwrap();
        assert_eq!(key.public().key_id(), "mine");

        let with = |name: &str, value: serde_json::Value| {
            let mut changed = jwk.clone();
            changed[name] = value;
            refusal(changed.to_string().as_bytes())
        };
        let other = "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw";
        assert!(matches!(with("d", other.into()), E::PublicPartMismatch));
        assert!(matches!(with("d", "AAAA".into()), E::BadMember("d")));
        assert!(matches!(
            with("d", format!("{other}=").into()),
            E::BadMember("d")
        ));
        assert!(matches!(with("d", 5.into()), E::BadMember("d")));
        assert!(matches!(with("kid", 5.into()), E::BadMember("kid")));
        assert!(matches!(
            with("alg", "ES256".into()),
            E::AlgorithmMismatch { .. }
        ));
        assert!(matches!(
            with("use", "enc".into()),
            E::NotForSignatures("use")
        ));
        assert!(matches!(
            with("key_ops", json!(["verify"])),
            E::NotForSignatures("key_ops")
        ));
        assert!(matches!(
            with("crv", "X25519".into()),
            E::UnsupportedName { kind: "curve", .. }
        ));
        assert!(matches!(with("crv", "P-256".into()), E::BadMember("kty")));
        assert!(matches!(with("kty", "RSA".into()), E::Rsa));
        assert!(matches!(with("kty", "oct".into()), E::Symmetric));
        assert!(matches!(with("kty", "AKP".into()), E::UnsupportedType(_)));
        assert!(matches!(with("keys", json!([])), E::KeySetGiven));
        assert!(matches!(refusal(b"{}"), E::MissingMember("kty")));
        assert!(matches!(refusal(br#"{"kty":"EC","kty":"EC"}"#), E::Json(_)));
    }

    #[test]
    fn secrets_out_of_range_are_refused() {
        let order = "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE";
        for d in ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", order] {
            let jwk = json!({
                "kty": "EC", "crv": "P-256", "d": d,
                "x": "I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo",
                "y": "6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M",
            });
            assert!(matches!(
                refusal(jwk.to_string().as_bytes()),
                KeyError::InvalidSecret
            ));
        }
    }

    #[test]
    fn generated_keys_differ_and_survive_the_round_trip() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let other = PrivateKey::generate(algorithm).unwrap();
            assert!(key.public() != other.public());
            let again = PrivateKey::parse(key.to_pem().as_bytes()).unwrap();
            assert_eq!(again.algorithm(), algorithm);
            assert!(key.public() == again.public());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn signatures_are_deterministic_and_verify(
            message in proptest::collection::vec(any::<u8>(), 0..300),
            flipped in any::<proptest::sample::Index>(),
        ) {
            for algorithm in Algorithm::ALL {
                let key = PrivateKey::generate(algorithm).unwrap();
                let mut signature = key.sign(&message);
                prop_assert_eq!(signature.len(), algorithm.signature_length());
                prop_assert_eq!(&signature, &key.sign(&message));
                prop_assert!(key.public().verify(&message, &signature));
                let position = flipped.index(signature.len());
                signature[position] ^= 1;
                prop_assert!(!key.public().verify(&message, &signature));
            }
        }

        #[test]
        fn any_bytes_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(PrivateKey::parse(&bytes).is_err());
        }

        #[test]
        fn refusals_of_damaged_keys_show_nothing_of_them(
            position in any::<proptest::sample::Index>(),
            inserted in r#"[-"{},: a]?"#,
            removed in 0usize..4,
        ) {
            let jwk = r#"{"kty":"EC","crv":"P-256","d":"xzUEdsyLosZF0acZGRAjTKImb0lQvAvssDK5XIZELd0"}"#;
            for whole in [key_file!("p256-pkcs8").as_slice(), jwk.as_bytes()] {
                let start = position.index(whole.len());
                let end = whole.len().min(start + removed);
                let damaged = [&whole[..start], inserted.as_bytes(), &whole[end..]].concat();
                let Err(error) = PrivateKey::parse(&damaged) else { continue };
                let shown = format!("{error} {error:?}");
                let whole = std::str::from_utf8(whole).unwrap();
                let secret = whole.split(['\n', '"']).filter(|part| part.len() > 30);
                for line in secret.filter(|line| !line.starts_with("-----")) {
                    for window in 0..line.len() - 8 {
                        prop_assert!(!shown.contains(&line[window..window + 8]), "{}", shown);
                    }
                }
            }
        }
    }
}
