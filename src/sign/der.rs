//! The binary structures inside PEM blocks (PKCS#8, SEC1 and `SubjectPublicKeyInfo`), and that of
//! ECDSA signatures.

use p256::pkcs8::der::asn1::{AnyRef, UintRef};
use p256::pkcs8::der::{Encode, Reader, Result as DerResult, SliceReader};
use p256::pkcs8::{ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use sec1::EcPrivateKey;
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, PublicForm};
use super::key_error::KeyError;

/// Names the PEM block of a PKCS#8 private key.
pub(super) const PKCS8: &str = "PRIVATE KEY";
/// Names the PEM block of a SEC1 private key.
pub(super) const SEC1: &str = "EC PRIVATE KEY";
/// Names the PEM block of a public key.
pub(super) const SPKI: &str = "PUBLIC KEY";

/// Is what a private key document says, not yet checked by mathematics.
pub(super) struct SecretParts {
    pub(super) algorithm: Algorithm,
    /// The secret at its full length.
    pub(super) secret: Zeroizing<Vec<u8>>,
    /// The public key that the document claims, if it names one.
    pub(super) public: Option<Vec<u8>>,
}

/// Reads a PKCS#8 private key (RFC 5958; RFC 5915 and RFC 8410 for what is inside).
pub(super) fn read_pkcs8(der: &[u8]) -> Result<SecretParts, KeyError> {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::DamagedDer(PKCS8))?;
    let algorithm = algorithm_of(info.algorithm.oid, info.algorithm.parameters, PKCS8)?;
    let row = algorithm.row();
    match row.public_form {
        PublicForm::Point => {
            let inner = EcPrivateKey::try_from(info.private_key.as_bytes())
                .map_err(|_| KeyError::DamagedDer(PKCS8))?;
            if named_curve(&inner).is_some_and(|curve| on_curve(curve) != Some(algorithm)) {
                return Err(KeyError::DamagedDer(PKCS8));
            }
            ec_parts(algorithm, &inner, PKCS8)
        }
        PublicForm::Bytes => {
            let secret = info.private_key.as_bytes().strip_prefix(row.secret_prefix);
            let secret = secret.filter(|secret| secret.len() == algorithm.secret_length());
            let public = info.public_key.and_then(|bits| bits.as_bytes());
            let other_length = public.is_some_and(|key| key.len() != row.public_length);
            match secret {
                Some(secret) if info.algorithm.parameters.is_none() && !other_length => {
                    Ok(SecretParts {
                        algorithm,
                        secret: Zeroizing::new(secret.to_vec()),
                        public: public.map(<[u8]>::to_vec),
                    })
                }
                _ => Err(KeyError::DamagedDer(PKCS8)),
            }
        }
    }
}

/// Reads a SEC1 private key (RFC 5915), which must name its curve.
pub(super) fn read_sec1(der: &[u8]) -> Result<SecretParts, KeyError> {
    let key = EcPrivateKey::try_from(der).map_err(|_| KeyError::DamagedDer(SEC1))?;
    let curve = named_curve(&key).ok_or(KeyError::DamagedDer(SEC1))?;
    ec_parts(algorithm_of_curve(curve)?, &key, SEC1)
}

/// Reads a `SubjectPublicKeyInfo` (RFC 5480, RFC 8410): the algorithm and the bytes of the key.
pub(super) fn read_spki(der: &[u8]) -> Result<(Algorithm, Vec<u8>), KeyError> {
    let info = SubjectPublicKeyInfoRef::try_from(der).map_err(|_| KeyError::DamagedDer(SPKI))?;
    let algorithm = algorithm_of(info.algorithm.oid, info.algorithm.parameters, SPKI)?;
    let bytes = info
        .subject_public_key
        .as_bytes()
        .ok_or(KeyError::DamagedDer(SPKI))?;
    Ok((algorithm, bytes.to_vec()))
}

/// Reads an ECDSA signature in DER (RFC 3279, section 2.2.3) as r and s side by side; `None` if it
/// is not one, in DER to the letter.
pub(super) fn read_signature(algorithm: Algorithm, der: &[u8]) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(der).ok()?;
    let numbers = reader
        .sequence(|inner| -> DerResult<[UintRef<'_>; 2]> { Ok([inner.decode()?, inner.decode()?]) })
        .ok()?;
    reader.finish().ok()?;
    let length = algorithm.signature_length() / 2;
    let mut raw = Vec::with_capacity(2 * length);
    for number in numbers {
        let missing = length.checked_sub(number.as_bytes().len())?;
        raw.resize(raw.len() + missing, 0);
        raw.extend(number.as_bytes());
    }
    Some(raw)
}

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

fn algorithm_of(
    oid: ObjectIdentifier,
    parameters: Option<AnyRef<'_>>,
    label: &'static str,
) -> Result<Algorithm, KeyError> {
    if oid == EC {
        let curve = parameters
            .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok())
            .ok_or(KeyError::DamagedDer(label))?;
        return algorithm_of_curve(curve);
    }
    if let Some(algorithm) = with_identifier(&[oid]) {
        return Ok(algorithm);
    }
    let name = oid.to_string();
    match name.as_str() {
        // rsaEncryption, RSAES-OAEP and RSASSA-PSS.
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.7" | "1.2.840.113549.1.1.10" => {
            Err(KeyError::Rsa)
        }
        "1.3.101.110" => Err(other_curve("X25519")),
        "1.3.101.111" => Err(other_curve("X448")),
        "1.3.101.113" => Err(other_curve("Ed448")),
        _ => Err(KeyError::UnsupportedType(name)),
    }
}

fn algorithm_of_curve(curve: ObjectIdentifier) -> Result<Algorithm, KeyError> {
    if let Some(algorithm) = on_curve(curve) {
        return Ok(algorithm);
    }
    let oid = curve.to_string();
    let name = match oid.as_str() {
        "1.3.132.0.10" => "secp256k1",
        other => other,
    };
    Err(other_curve(name))
}

fn other_curve(name: &str) -> KeyError {
    KeyError::UnsupportedName {
        kind: "curve",
        name: name.to_owned(),
    }
}

fn on_curve(curve: ObjectIdentifier) -> Option<Algorithm> {
    with_identifier(&[EC, curve])
}

/// Finds the algorithm whose identifier consists of these, as they stand in DER.
fn with_identifier(parts: &[ObjectIdentifier]) -> Option<Algorithm> {
    let mut identifier = Vec::new();
    for part in parts {
        part.encode_to_vec(&mut identifier).ok()?;
    }
    Algorithm::find(|row| row.identifier.as_ref() == identifier)
}

fn named_curve(key: &EcPrivateKey<'_>) -> Option<ObjectIdentifier> {
    key.parameters.and_then(sec1::EcParameters::named_curve)
}

fn ec_parts(
    algorithm: Algorithm,
    key: &EcPrivateKey<'_>,
    label: &'static str,
) -> Result<SecretParts, KeyError> {
    // Old writers left out leading zero bytes.
    let length = algorithm.secret_length();
    let missing = length
        .checked_sub(key.private_key.len())
        .ok_or(KeyError::DamagedDer(label))?;
    let mut secret = Zeroizing::new(vec![0; length]);
    secret[missing..].copy_from_slice(key.private_key);
    Ok(SecretParts {
        algorithm,
        secret,
        public: key.public_key.map(<[u8]>::to_vec),
    })
}
