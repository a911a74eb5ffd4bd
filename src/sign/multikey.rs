//! Keys as Multikey values (Controlled Identifiers 1.0, section 2.2.2).
//!
//! A value is the letter `z`, which stands for the Bitcoin alphabet of base58, and then in that
//! alphabet two bytes that say what kind of key follows, and the key.

use zeroize::Zeroizing;

use super::algorithm::{Algorithm, PublicForm};
use super::key_error::KeyError;
use super::private_key::PrivateKey;
use super::public_key::PublicKey;

/// The longest value that is read, far longer than any key: the time to decode base58 grows with
/// the square of its length.
const LONGEST: usize = 4096;

impl PublicKey {
    /// Reads a public key as in `publicKeyMultibase`.
    ///
    /// # Errors
    ///
    /// A [`KeyError`]; for a secret key, its [`KeyError::PrivateGiven`].
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let (half, algorithm, bytes) = decode(text)?;
        if half == Half::Secret {
            return Err(KeyError::PrivateGiven);
        }
        // The curve crates also read a form of points without parity, which has the same length.
        let is_compressed = algorithm.row().public_form == PublicForm::Bytes
            || matches!(bytes.first(), Some(2 | 3));
        if !is_compressed {
            return Err(KeyError::InvalidPoint);
        }
        Self::from_bytes(algorithm, &bytes, None)
    }

    /// Writes the public key as in `publicKeyMultibase`: the compressed point for ECDSA.
    #[must_use]
    pub fn to_multikey(&self) -> String {
        let mut bytes = header(Half::Public, self.algorithm()).to_vec();
        match (self.algorithm().row().public_form, self.bytes()) {
            (PublicForm::Point, [_, both @ ..]) => {
                let (x, y) = both.split_at(both.len() / 2);
                let parity = y.last().map_or(0, |byte| byte & 1);
                bytes.push(2 + parity);
                bytes.extend_from_slice(x);
            }
            (_, whole) => bytes.extend_from_slice(whole),
        }
        encode_base58(&bytes)
    }
}

impl PrivateKey {
    /// Reads a private key as in `secretKeyMultibase`.
    ///
    /// # Errors
    ///
    /// A [`KeyError`]; for a public key, its [`KeyError::PublicGiven`].
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let (half, algorithm, bytes) = decode(text)?;
        if half == Half::Public {
            return Err(KeyError::PublicGiven);
        }
        Self::from_secret(algorithm, &bytes, None)
    }
}

/// Writes bytes as multibase `z`.
pub(super) fn encode_base58(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Names a half of a key pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Public,
    Secret,
}

/// Returns the two bytes that a value begins with: a number of the multicodec table as a varint.
fn header(half: Half, algorithm: Algorithm) -> [u8; 2] {
    match half {
        Half::Public => algorithm.row().public_codec,
        Half::Secret => algorithm.row().secret_codec,
    }
}

/// Returns the length of what follows the two bytes.
fn length(half: Half, algorithm: Algorithm) -> usize {
    match (half, algorithm.row().public_form) {
        (Half::Secret, _) => algorithm.secret_length(),
        (Half::Public, PublicForm::Bytes) => algorithm.row().public_length,
        // Instead of y, one byte says which of the two points with this x it is.
        (Half::Public, PublicForm::Point) => algorithm.row().public_length.div_ceil(2),
    }
}

fn decode(text: &str) -> Result<(Half, Algorithm, Zeroizing<Vec<u8>>), KeyError> {
    let digits = text.strip_prefix('z').ok_or(KeyError::NotBase58)?;
    if digits.len() > LONGEST {
        return Err(KeyError::UnknownMultikey);
    }
    let bytes = bs58::decode(digits)
        .into_vec()
        .map_err(|_| KeyError::BadLetter)?;
    let bytes = Zeroizing::new(bytes);
    [Half::Public, Half::Secret]
        .into_iter()
        .flat_map(|half| Algorithm::ALL.map(|algorithm| (half, algorithm)))
        .find_map(|(half, algorithm)| {
            let key = bytes.strip_prefix(&header(half, algorithm))?;
            (key.len() == length(half, algorithm))
                .then(|| (half, algorithm, Zeroizing::new(key.to_vec())))
        })
        .ok_or(KeyError::UnknownMultikey)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::encode_base58;
    use crate::sign::{Algorithm, KeyError, PrivateKey, PublicKey};

    /// The secret key of the P-256 vectors in Data Integrity ECDSA Cryptosuites 1.0.
    const SECRET: &str = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN";

    fn refusal(text: &str) -> KeyError {
        PublicKey::from_multikey(text).unwrap_err()
    }

    #[test]
    fn halves_are_not_confused() {
        let secret = PrivateKey::from_multikey(SECRET).unwrap();
        let public = secret.public().to_multikey();
        assert!(matches!(refusal(SECRET), KeyError::PrivateGiven));
        assert!(matches!(
            PrivateKey::from_multikey(&public).err().unwrap(),
            KeyError::PublicGiven
        ));
    }

    #[test]
    fn texts_that_are_no_multikey_are_named() {
        use KeyError as E;
        assert!(matches!(refusal(""), E::NotBase58));
        assert!(matches!(refusal(&SECRET[1..]), E::NotBase58));
        assert!(matches!(refusal("z"), E::UnknownMultikey));
        assert!(matches!(refusal("z0OIl"), E::BadLetter));
        assert!(matches!(refusal("z42tw TcNe"), E::BadLetter));
        assert!(matches!(refusal("zäöü"), E::BadLetter));
        assert!(matches!(refusal(&SECRET[..40]), E::UnknownMultikey));
        assert!(matches!(
            refusal(&format!("z{}", "2".repeat(128))),
            E::UnknownMultikey
        ));
        assert!(matches!(
            refusal(&format!("z{}", "2".repeat(1_000_000))),
            E::UnknownMultikey
        ));
        // secp256k1, which is another curve.
        let other = [&[0xe7, 0x01, 0x02][..], &[7; 32]].concat();
        assert!(matches!(
            refusal(&encode_base58(&other)),
            E::UnknownMultikey
        ));
    }

    #[test]
    fn what_is_no_point_of_the_curve_is_refused() {
        let no_point = [&[0x80, 0x24, 0x02][..], &[0xff; 32]].concat();
        // Where the two bytes promise a compressed point, an uncompressed one has no place.
        let no_parity = [&[0x80, 0x24, 0x04][..], &[1; 32]].concat();
        // SEC1 knows a form without parity, which a Multikey does not.
        let secret = PrivateKey::from_multikey(SECRET).unwrap();
        let compact = [&[0x80, 0x24, 0x05], &secret.public().bytes()[1..33]].concat();
        for bytes in [no_point, no_parity, compact] {
            let error = refusal(&encode_base58(&bytes));
            assert!(matches!(error, KeyError::InvalidPoint));
        }
        let zero = [&[0x86, 0x26][..], &[0; 32]].concat();
        let error = PrivateKey::from_multikey(&encode_base58(&zero))
            .err()
            .unwrap();
        assert!(matches!(error, KeyError::InvalidSecret));
    }

    #[test]
    fn every_algorithm_goes_there_and_back() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let text = key.public().to_multikey();
            assert_eq!(PublicKey::from_multikey(&text).unwrap(), *key.public());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "z?[1-9A-HJ-NP-Za-km-z]{0,80}") {
            if let Ok(key) = PublicKey::from_multikey(&text) {
                prop_assert_eq!(key.to_multikey(), text);
            }
        }
    }
}
