//! How W3C credentials are secured.

use super::names::named;

/// How the W3C views of a series are secured.
///
/// Source: Securing Verifiable Credentials using JOSE and COSE; Data Integrity ECDSA and `EdDSA`
/// Cryptosuites v1.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// `ecdsa-jcs-2019`, in the credential, for P-256 and P-384.
    EcdsaJcs2019,
    /// `eddsa-jcs-2022`, in the credential, for Ed25519.
    EddsaJcs2022,
    /// `ecdsa-rdfc-2019`, in the credential, for P-256 and P-384.
    EcdsaRdfc2019,
    /// `eddsa-rdfc-2022`, in the credential, for Ed25519.
    EddsaRdfc2022,
    /// A JWT around the credential.
    Jwt,
    /// A `COSE_Sign1` around the credential.
    Cose,
}

impl Proof {
    /// Every way.
    pub const ALL: [Self; 6] = [
        Self::EcdsaJcs2019,
        Self::EddsaJcs2022,
        Self::EcdsaRdfc2019,
        Self::EddsaRdfc2022,
        Self::Jwt,
        Self::Cose,
    ];

    /// The name, as flags, list files and proofs spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::Jwt => "jwt",
            Self::Cose => "cose",
        }
    }

    /// The ending of the name of a file that is secured so.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jwt => ".vcjwt",
            Self::Cose => ".vccose",
            _ => ".json",
        }
    }

    /// The media type of a credential that is secured so.
    ///
    /// Source: VC-JOSE-COSE, "Media Types"; VCDM 2.0, section 6.2.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jwt => "application/vc+jwt",
            Self::Cose => "application/vc+cose",
            _ => "application/vc",
        }
    }

    /// Whether the credential is canonicalised as RDF, which knows only the terms of its contexts.
    #[must_use]
    pub const fn is_rdf(self) -> bool {
        matches!(self, Self::EcdsaRdfc2019 | Self::EddsaRdfc2022)
    }

    /// Whether the proof stands in the credential.
    #[must_use]
    pub const fn is_embedded(self) -> bool {
        !matches!(self, Self::Jwt | Self::Cose)
    }
}

named!(Proof, "way to secure credentials");
