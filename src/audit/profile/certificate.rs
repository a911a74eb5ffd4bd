//! What profiles judge of the certificates in a token.

use crate::sign::{Certificate, CertificateChain};

/// What a profile can judge of the certificates in a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CertificateFacts {
    /// Where the chain ends.
    pub(crate) end: ChainEnd,
    /// The seconds for which the key's own certificate is in force.
    pub(crate) in_force: i64,
    /// Whether its key usage names signatures.
    pub(crate) signs: bool,
    /// Whether it has an extended key usage that is critical.
    pub(crate) critical_purposes: bool,
}

/// Where a chain of certificates ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainEnd {
    /// Below the trust anchor.
    WithoutAnchor,
    /// At the trust anchor.
    WithAnchor,
    /// At its beginning: the key's own certificate is self-signed.
    SelfSigned,
}

/// Collects what profiles judge of a chain, whoever is to bring it or has brought it.
pub(crate) fn certificate_facts(chain: &CertificateChain) -> CertificateFacts {
    let leaf = chain.leaf();
    let validity = leaf.validity();
    CertificateFacts {
        end: if leaf.is_self_signed() {
            ChainEnd::SelfSigned
        } else if chain.issuers().iter().any(Certificate::is_self_signed) {
            ChainEnd::WithAnchor
        } else {
            ChainEnd::WithoutAnchor
        },
        in_force: validity.not_after.saturating_sub(validity.not_before),
        signs: leaf.is_for_signatures(),
        critical_purposes: leaf.critical_purposes,
    }
}
