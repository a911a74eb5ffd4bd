//! The signature algorithms.

use std::fmt;
use std::str::FromStr;

use crate::wire::text::brief;

/// Names a signature algorithm, and with it the curve of its keys.
///
/// RSA is left out because the only pure-Rust implementation leaks timing (RUSTSEC-2023-0071),
/// and MACs because whoever can check one can also make one.
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

impl Algorithm {
    /// Lists every algorithm.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Es384, Self::Es512, Self::EdDsa];

    /// Names the algorithm as the `alg` of a JOSE header does.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Names the curve as the `crv` of a JSON Web Key does.
    #[must_use]
    pub fn curve(self) -> &'static str {
        match self {
            Self::Es256 => "P-256",
            Self::Es384 => "P-384",
            Self::Es512 => "P-521",
            Self::EdDsa => "Ed25519",
        }
    }

    /// Finds the algorithm that the `alg` of a COSE header names by its number.
    ///
    /// The numbers that name the curve too (RFC 9864, sections 2.1 and 2.2) mean the same here,
    /// because a key has only one algorithm.
    ///
    /// # Errors
    ///
    /// [`UnknownAlgorithm`] for any other number, those of MACs among them.
    pub fn from_cose(number: i128) -> Result<Self, UnknownAlgorithm> {
        match number {
            -7 | -9 => Ok(Self::Es256),
            -35 | -51 => Ok(Self::Es384),
            -36 | -52 => Ok(Self::Es512),
            -8 | -19 => Ok(Self::EdDsa),
            other => Err(UnknownAlgorithm(other.to_string())),
        }
    }

    /// Returns the length of a signature in bytes.
    #[must_use]
    pub fn signature_length(self) -> usize {
        2 * self.field_length()
    }

    /// Names the algorithm as `jsonwebtoken` does; it has no ES512.
    pub(super) fn in_jsonwebtoken(self) -> Option<jsonwebtoken::Algorithm> {
        match self {
            Self::Es256 => Some(jsonwebtoken::Algorithm::ES256),
            Self::Es384 => Some(jsonwebtoken::Algorithm::ES384),
            Self::Es512 => None,
            Self::EdDsa => Some(jsonwebtoken::Algorithm::EdDSA),
        }
    }

    /// Names the key type as the `kty` of a JSON Web Key does.
    pub(super) fn key_type(self) -> &'static str {
        match self {
            Self::Es256 | Self::Es384 | Self::Es512 => "EC",
            Self::EdDsa => "OKP",
        }
    }

    /// Returns the length in bytes of a secret and of each coordinate of a point.
    pub(super) fn field_length(self) -> usize {
        match self {
            Self::Es256 | Self::EdDsa => 32,
            Self::Es384 => 48,
            Self::Es512 => 66,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Says that a name is not that of a known [`Algorithm`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown signature algorithm `{0}` (known: ES256, ES384, ES512, EdDSA)")]
pub struct UnknownAlgorithm(String);

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Reads a JOSE name. `Ed25519` is the name that RFC 9864 gives to what `EdDSA` means here.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "ES256" => Ok(Self::Es256),
            "ES384" => Ok(Self::Es384),
            "ES512" => Ok(Self::Es512),
            "EdDSA" | "Ed25519" => Ok(Self::EdDsa),
            other => Err(UnknownAlgorithm(brief(other))),
        }
    }
}

impl TryFrom<jsonwebtoken::Algorithm> for Algorithm {
    type Error = UnknownAlgorithm;

    fn try_from(algorithm: jsonwebtoken::Algorithm) -> Result<Self, Self::Error> {
        match algorithm {
            jsonwebtoken::Algorithm::ES256 => Ok(Self::Es256),
            jsonwebtoken::Algorithm::ES384 => Ok(Self::Es384),
            jsonwebtoken::Algorithm::EdDSA => Ok(Self::EdDsa),
            other => Err(UnknownAlgorithm(format!("{other:?}"))),
        }
    }
}

/// Numbers it as COSE headers do (RFC 9053, sections 2.1 and 2.2).
impl From<Algorithm> for coset::iana::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => Self::ES256,
            Algorithm::Es384 => Self::ES384,
            Algorithm::Es512 => Self::ES512,
            Algorithm::EdDsa => Self::EdDSA,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn names_go_there_and_back() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
            if let Some(theirs) = algorithm.in_jsonwebtoken() {
                assert_eq!(Algorithm::try_from(theirs), Ok(algorithm));
            }
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
            assert_eq!(coset::iana::Algorithm::from(algorithm) as i128, written);
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
        assert!(Algorithm::try_from(jsonwebtoken::Algorithm::HS256).is_err());
    }
}
