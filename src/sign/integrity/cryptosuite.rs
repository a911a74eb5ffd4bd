//! The cryptosuites.

use std::fmt;
use std::str::FromStr;

use crate::sign::algorithm::{Algorithm, ProofFamily};
use crate::wire::text::brief;

/// Names a cryptosuite: a canonical form, and the algorithms that sign it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cryptosuite {
    /// JSON, signed with P-256 or P-384 (Data Integrity ECDSA Cryptosuites 1.0, section 3.3).
    EcdsaJcs2019,
    /// JSON, signed with Ed25519 (Data Integrity `EdDSA` Cryptosuites 1.0, section 3.3).
    EddsaJcs2022,
    /// RDF, signed with P-256 or P-384 (Data Integrity ECDSA Cryptosuites 1.0, section 3.2).
    EcdsaRdfc2019,
    /// RDF, signed with Ed25519 (Data Integrity `EdDSA` Cryptosuites 1.0, section 3.2).
    EddsaRdfc2022,
}

/// Names a canonical form of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Canonicalization {
    /// JSON Canonicalization Scheme (RFC 8785): all that stands in the document.
    Jcs,
    /// RDF Dataset Canonicalization 1.0: all that the document means.
    Rdfc,
}

impl Cryptosuite {
    /// Lists every cryptosuite.
    pub const ALL: [Self; 4] = [
        Self::EcdsaJcs2019,
        Self::EddsaJcs2022,
        Self::EcdsaRdfc2019,
        Self::EddsaRdfc2022,
    ];

    /// Names the cryptosuite as the `cryptosuite` of a proof does.
    #[must_use]
    pub fn name(self) -> &'static str {
        let (name, ..) = self.row();
        name
    }

    /// Returns the canonical form.
    pub(crate) fn canonicalization(self) -> Canonicalization {
        let (_, canonicalization, _) = self.row();
        canonicalization
    }

    /// Says its name, its canonical form and who specified it.
    const fn row(self) -> (&'static str, Canonicalization, ProofFamily) {
        use Canonicalization::{Jcs, Rdfc};
        match self {
            Self::EcdsaJcs2019 => ("ecdsa-jcs-2019", Jcs, ProofFamily::Ecdsa),
            Self::EddsaJcs2022 => ("eddsa-jcs-2022", Jcs, ProofFamily::Eddsa),
            Self::EcdsaRdfc2019 => ("ecdsa-rdfc-2019", Rdfc, ProofFamily::Ecdsa),
            Self::EddsaRdfc2022 => ("eddsa-rdfc-2022", Rdfc, ProofFamily::Eddsa),
        }
    }

    /// Finds the cryptosuite for a canonical form and an algorithm; P-521 has none.
    #[must_use]
    pub fn of(canonicalization: Canonicalization, algorithm: Algorithm) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|suite| suite.canonicalization() == canonicalization && suite.fits(algorithm))
    }

    /// Tells whether keys for the algorithm sign with this cryptosuite.
    #[must_use]
    pub fn fits(self, algorithm: Algorithm) -> bool {
        let (.., family) = self.row();
        let form = algorithm.row().proofs;
        form.is_some_and(|form| form.family == family)
    }
}

impl fmt::Display for Cryptosuite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Says that a name is not that of a known [`Cryptosuite`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown cryptosuite `{0}` (known: ecdsa-jcs-2019, eddsa-jcs-2022, ecdsa-rdfc-2019, \
     eddsa-rdfc-2022)"
)]
pub struct UnknownCryptosuite(String);

impl FromStr for Cryptosuite {
    type Err = UnknownCryptosuite;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|known| known.name() == name)
            .ok_or_else(|| UnknownCryptosuite(brief(name)))
    }
}
