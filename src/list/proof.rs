//! How W3C credentials are secured.

use super::names::named;

named! {
    "way to secure credentials";
    /// How the W3C views of a series are secured.
    ///
    /// Source: Securing Verifiable Credentials using JOSE and COSE; Data Integrity ECDSA and `EdDSA`
    /// Cryptosuites v1.0.
    pub enum Proof {
        /// `ecdsa-jcs-2019`, in the credential, for P-256 and P-384.
        EcdsaJcs2019 = "ecdsa-jcs-2019",
        /// `eddsa-jcs-2022`, in the credential, for Ed25519.
        EddsaJcs2022 = "eddsa-jcs-2022",
        /// `ecdsa-rdfc-2019`, in the credential, for P-256 and P-384.
        EcdsaRdfc2019 = "ecdsa-rdfc-2019",
        /// `eddsa-rdfc-2022`, in the credential, for Ed25519.
        EddsaRdfc2022 = "eddsa-rdfc-2022",
        /// A JWT around the credential.
        Jwt = "jwt",
        /// A `COSE_Sign1` around the credential.
        Cose = "cose",
    }
}

impl Proof {
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
