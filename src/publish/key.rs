//! The key that tokens are signed with, and what they say of it.

use std::path::PathBuf;

use serde_json::Value;

use super::error::StatementError;
use crate::audit::{CertificateFacts, certificate_facts};

use crate::sign::{CertificateChain, PublicKey, Signer};

/// How tokens are signed, and what they say of the key.
pub(crate) struct TokenSigner {
    pub(crate) signer: Signer,
    pub(crate) named: NamedKey,
}

/// A public key, and what tokens say of it.
pub(crate) struct NamedKey {
    pub(crate) public: PublicKey,
    pub(crate) id: String,
    pub(crate) certificates: Option<KeyCertificates>,
}

/// The certificates of a signing key, fit to go into its tokens.
pub(crate) struct KeyCertificates {
    /// The certificates, the key's own first.
    pub(crate) chain: CertificateChain,
    /// Where they were read.
    pub(crate) path: PathBuf,
}

impl NamedKey {
    /// The `x5c` of tokens, if there are certificates.
    pub(crate) fn x5c(&self) -> Option<Value> {
        let certificates = self.certificates.as_ref();
        certificates.map(|certificates| certificates.chain.to_x5c())
    }

    /// The `x5chain` of tokens; empty without certificates.
    pub(crate) fn x5chain(&self) -> Vec<Vec<u8>> {
        let certificates = self.certificates.as_ref();
        certificates
            .map(|certificates| certificates.chain.to_x5chain())
            .unwrap_or_default()
    }
}

impl KeyCertificates {
    /// Refuses to sign at a time at which the certificate is not in force.
    pub(crate) fn check_in_force(&self, issued_at: i64) -> Result<(), StatementError> {
        let validity = self.chain.leaf().validity();
        validity
            .check(issued_at)
            .map_err(|source| StatementError::NotInForce {
                path: self.path.clone(),
                issued_at,
                source,
            })
    }

    /// What profiles judge of them.
    pub(crate) fn facts(&self) -> CertificateFacts {
        certificate_facts(&self.chain)
    }
}
