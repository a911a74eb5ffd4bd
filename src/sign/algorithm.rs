//! The signature algorithms, and what there is to know of each but its mathematics.

use std::fmt;
use std::str::FromStr;

use coset::iana;
use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use super::hash_function::HashFunction;
use crate::wire::text::brief;

/// Names a signature algorithm, and with it the kind of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA with P-256 and SHA-256 (RFC 7518, section 3.4).
    Es256,
    /// ECDSA with P-384 and SHA-384 (RFC 7518, section 3.4).
    Es384,
    /// ECDSA with P-521 and SHA-512 (RFC 7518, section 3.4).
    Es512,
    /// EdDSA with Ed25519 (RFC 8037, section 3.1).
    EdDsa,
}

/// Says what an algorithm and its keys are called, how they are written, and how long they are.
pub(super) struct AlgorithmRow {
    /// The name as the `alg` of a JOSE header has it.
    name: &'static str,
    /// Another name for the same.
    other_name: Option<&'static str>,
    /// The number as the `alg` of a COSE header has it (RFC 9053, sections 2.1 and 2.2).
    cose: iana::Algorithm,
    /// Another number for the same.
    other_cose: Option<i128>,
    /// The name in `jsonwebtoken`, if it knows the algorithm.
    pub(super) in_jsonwebtoken: Option<jsonwebtoken::Algorithm>,
    pub(super) jwk: JwkForm,
    pub(super) public_form: PublicForm,
    /// The length of a public key in bytes; a point is uncompressed.
    pub(super) public_length: usize,
    /// How many bits a secret has; it is written in whole bytes, the first bits of them 0.
    pub(super) secret_bits: usize,
    /// What stands before the secret inside PKCS#8, for [`PublicForm::Bytes`]; a secret of ECDSA has
    /// a structure of its own there (RFC 5915).
    pub(super) secret_prefix: &'static [u8],
    signature_length: usize,
    /// What a `SubjectPublicKeyInfo` and PKCS#8 call the keys.
    pub(super) identifier: AlgorithmIdentifier,
    /// The number of public keys in the multicodec table, as a varint.
    pub(super) public_codec: [u8; 2],
    /// The number of secrets in the multicodec table, as a varint.
    pub(super) secret_codec: [u8; 2],
    /// How it signs documents, if any cryptosuite takes it.
    pub(super) proofs: Option<ProofForm>,
}

/// Says how a JSON Web Key holds the keys of an algorithm.
pub(super) struct JwkForm {
    pub(super) key_type: &'static str,
    /// The member that tells the kinds of keys of this type apart.
    pub(super) named_by: &'static str,
    /// What it holds, in a sentence.
    pub(super) kind: &'static str,
    /// What stands in that member.
    pub(super) key_name: &'static str,
    /// The members that hold the public key, each as many bytes of it.
    pub(super) public: &'static [&'static str],
    /// The member that holds the secret.
    pub(super) secret: &'static str,
}

/// Says what the bytes of a public key are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PublicForm {
    /// A point, uncompressed (SEC1): 0x04, x, y. Its algorithm is ECDSA, whose signatures are r and
    /// s side by side, and which goes with any hash in certificates (RFC 5758, section 3.2).
    Point,
    /// Bytes that are written everywhere as they are.
    Bytes,
}

/// Says how an algorithm signs documents.
#[derive(Clone, Copy)]
pub(super) struct ProofForm {
    pub(super) family: ProofFamily,
    /// The hash over each of the two things that are signed.
    pub(super) hash: HashFunction,
}

/// Names a specification of cryptosuites.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ProofFamily {
    /// Data Integrity ECDSA Cryptosuites 1.0.
    Ecdsa,
    /// Data Integrity `EdDSA` Cryptosuites 1.0.
    Eddsa,
}

const ES256: AlgorithmRow = AlgorithmRow {
    name: "ES256",
    other_name: None,
    cose: iana::Algorithm::ES256,
    other_cose: Some(-9),
    in_jsonwebtoken: Some(jsonwebtoken::Algorithm::ES256),
    jwk: JwkForm {
        key_name: "P-256",
        ..ON_A_CURVE
    },
    public_form: PublicForm::Point,
    public_length: 65,
    secret_bits: 256,
    secret_prefix: &[],
    signature_length: 64,
    identifier: alg_id::ECDSA_P256,
    public_codec: [0x80, 0x24],
    secret_codec: [0x86, 0x26],
    proofs: Some(ProofForm {
        family: ProofFamily::Ecdsa,
        hash: HashFunction::Sha256,
    }),
};

const ES384: AlgorithmRow = AlgorithmRow {
    name: "ES384",
    other_name: None,
    cose: iana::Algorithm::ES384,
    other_cose: Some(-51),
    in_jsonwebtoken: Some(jsonwebtoken::Algorithm::ES384),
    jwk: JwkForm {
        key_name: "P-384",
        ..ON_A_CURVE
    },
    public_form: PublicForm::Point,
    public_length: 97,
    secret_bits: 384,
    secret_prefix: &[],
    signature_length: 96,
    identifier: alg_id::ECDSA_P384,
    public_codec: [0x81, 0x24],
    secret_codec: [0x87, 0x26],
    proofs: Some(ProofForm {
        family: ProofFamily::Ecdsa,
        hash: HashFunction::Sha384,
    }),
};

const ES512: AlgorithmRow = AlgorithmRow {
    name: "ES512",
    other_name: None,
    cose: iana::Algorithm::ES512,
    other_cose: Some(-52),
    in_jsonwebtoken: None,
    jwk: JwkForm {
        key_name: "P-521",
        ..ON_A_CURVE
    },
    public_form: PublicForm::Point,
    public_length: 133,
    secret_bits: 521,
    secret_prefix: &[],
    signature_length: 132,
    identifier: alg_id::ECDSA_P521,
    public_codec: [0x82, 0x24],
    secret_codec: [0x88, 0x26],
    proofs: None,
};

const EDDSA: AlgorithmRow = AlgorithmRow {
    name: "EdDSA",
    // RFC 9864, section 2.2: it names the curve too.
    other_name: Some("Ed25519"),
    cose: iana::Algorithm::EdDSA,
    other_cose: Some(-19),
    in_jsonwebtoken: Some(jsonwebtoken::Algorithm::EdDSA),
    jwk: JwkForm {
        key_type: "OKP",
        named_by: "crv",
        kind: "curve",
        key_name: "Ed25519",
        public: &["x"],
        secret: "d",
    },
    public_form: PublicForm::Bytes,
    public_length: 32,
    secret_bits: 256,
    // An octet string in the octet string (RFC 8410, section 7).
    secret_prefix: &[0x04, 0x20],
    signature_length: 64,
    identifier: alg_id::ED25519,
    public_codec: [0xed, 0x01],
    secret_codec: [0x80, 0x26],
    proofs: Some(ProofForm {
        family: ProofFamily::Eddsa,
        hash: HashFunction::Sha256,
    }),
};

/// RFC 7518, section 6.2.
const ON_A_CURVE: JwkForm = JwkForm {
    key_type: "EC",
    named_by: "crv",
    kind: "curve",
    key_name: "",
    public: &["x", "y"],
    secret: "d",
};

impl Algorithm {
    /// Lists every algorithm.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Es384, Self::Es512, Self::EdDsa];

    pub(super) const fn row(self) -> &'static AlgorithmRow {
        match self {
            Self::Es256 => &ES256,
            Self::Es384 => &ES384,
            Self::Es512 => &ES512,
            Self::EdDsa => &EDDSA,
        }
    }

    /// Names the algorithm as the `alg` of a JOSE header does.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Names the kind of its keys, such as `P-256`.
    pub(crate) fn key_name(self) -> &'static str {
        self.row().jwk.key_name
    }

    /// Numbers the algorithm as the `alg` of a COSE header does.
    pub(super) fn cose(self) -> iana::Algorithm {
        self.row().cose
    }

    /// Finds the algorithm that the `alg` of a COSE header names by its number.
    ///
    /// The numbers that name the curve too (RFC 9864, sections 2.1 and 2.2) mean the same here,
    /// because a key has only one algorithm.
    ///
    /// # Errors
    ///
    /// [`UnknownAlgorithm`] for any other number, those of MACs among them.
    pub(crate) fn from_cose(number: i128) -> Result<Self, UnknownAlgorithm> {
        Self::find(|row| row.cose as i128 == number || row.other_cose == Some(number))
            .ok_or_else(|| UnknownAlgorithm(number.to_string()))
    }

    /// Returns the length of a signature in bytes.
    pub(super) fn signature_length(self) -> usize {
        self.row().signature_length
    }

    /// Returns the length of a secret in bytes.
    pub(super) const fn secret_length(self) -> usize {
        self.row().secret_bits.div_ceil(8)
    }

    pub(super) fn find(fits: impl Fn(&AlgorithmRow) -> bool) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| fits(algorithm.row()))
    }

    /// Lists all for a sentence: `ES256 (P-256), ES384 (P-384), ES512 (P-521) or EdDSA (Ed25519)`.
    pub(crate) fn all_with_keys() -> String {
        alternatives(|algorithm| format!("{algorithm} ({})", algorithm.key_name()))
    }

    /// Lists all for a sentence: `ES256, ES384, ES512 or EdDSA`.
    pub(crate) fn all_names() -> String {
        alternatives(|algorithm| algorithm.name().to_owned())
    }

    /// Lists the kinds of keys for a sentence: `P-256, P-384, P-521 or Ed25519`.
    pub(super) fn all_keys() -> String {
        alternatives(|algorithm| algorithm.key_name().to_owned())
    }
}

fn alternatives(text: impl Fn(Algorithm) -> String) -> String {
    let mut all = Algorithm::ALL.map(text).to_vec();
    let last = all.pop().unwrap_or_default();
    format!("{} or {last}", all.join(", "))
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Says that a name is not that of a known [`Algorithm`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown signature algorithm `{0}` (known: {known})", known = Algorithm::ALL.map(Algorithm::name).join(", "))]
pub struct UnknownAlgorithm(String);

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Reads a JOSE name. `Ed25519` is the name that RFC 9864 gives to what `EdDSA` means here.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::find(|row| row.name == name || row.other_name == Some(name))
            .ok_or_else(|| UnknownAlgorithm(brief(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn names_go_there_and_back() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
        }
        assert_eq!("Ed25519".parse(), Ok(Algorithm::EdDsa));
    }

    /// The numbers of RFC 9053 and of RFC 9864.
    #[test]
    fn numbers_of_cose() {
        for (algorithm, written, with_curve) in [
            (Algorithm::Es256, -7, -9),
            (Algorithm::Es384, -35, -51),
            (Algorithm::Es512, -36, -52),
            (Algorithm::EdDsa, -8, -19),
        ] {
            assert_eq!(algorithm.cose() as i128, written);
            assert_eq!(Algorithm::from_cose(written), Ok(algorithm));
            assert_eq!(Algorithm::from_cose(with_curve), Ok(algorithm));
        }
        // HMAC 256/256, PS256, and the number of the algorithm that has none.
        for number in [5, -37, 0] {
            let error = Algorithm::from_cose(number).unwrap_err();
            assert!(error.to_string().contains(&format!("`{number}`")));
        }
    }

    #[test]
    fn other_names_are_refused_by_name() {
        for name in ["", "none", "es256", "HS256", "RS256", "ES521", "ES256K"] {
            let error = name.parse::<Algorithm>().unwrap_err();
            assert!(error.to_string().contains(&format!("`{name}`")));
        }
    }
}
