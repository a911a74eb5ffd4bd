//! The key that tokens are signed with, and what they say of it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::error::StatementError;
use crate::audit::{CertificateFacts, certificate_facts};
use crate::list::{ListNumber, View};
use crate::sign::{CertificateChain, PublicKey, Signer};

/// How tokens are signed, and what they say of the key.
pub(crate) struct TokenSigner {
    pub(crate) signer: Signer,
    pub(crate) named: NamedKey,
}

/// Which key signs which token.
pub(crate) trait SigningKeys {
    /// The key of the tokens of a list in a view; `None` if none was named for them.
    fn key_of(&self, place: &TokenPlace<'_>) -> Option<&TokenSigner>;
}

/// What decides by which key a token is signed.
pub(crate) struct TokenPlace<'a> {
    pub(crate) file: &'a Path,
    pub(crate) issuer: &'a str,
    pub(crate) list: ListNumber,
    pub(crate) view: View,
}

impl SigningKeys for TokenSigner {
    fn key_of(&self, _: &TokenPlace<'_>) -> Option<&TokenSigner> {
        Some(self)
    }
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
    /// The key with the name by which readers of a view look for it.
    ///
    /// Credentials name their keys by urls, which end in the key's own name.
    pub(crate) fn shown_for(&self, view: View) -> PublicKey {
        let name = if view.is_credential() {
            self.public.key_id()
        } else {
            &self.id
        };
        self.public.clone().named(name)
    }

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
