//! What profiles judge of the certificates in a token.

use crate::list::{CertificateFacts, Chain};
use crate::sign::{Certificate, CertificateChain};

/// Collects what profiles judge of a chain, whoever is to bring it or has brought it.
#[must_use]
pub fn certificate_facts(chain: &CertificateChain) -> CertificateFacts {
    let leaf = chain.leaf();
    let validity = leaf.validity();
    CertificateFacts {
        chain: if leaf.is_self_signed() {
            Chain::SelfSigned
        } else if chain.issuers().iter().any(Certificate::is_self_signed) {
            Chain::WithAnchor
        } else {
            Chain::WithoutAnchor
        },
        in_force: validity.not_after.saturating_sub(validity.not_before),
        signs: leaf.is_for_signatures(),
        critical_purposes: leaf.has_critical_purposes(),
    }
}
