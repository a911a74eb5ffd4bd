//! X.509 certificates (RFC 5280): the chain that a token carries, and the anchors that it must
//! lead to.
//!
//! Certificates that come with a token are what the token says of itself: they prove nothing
//! until [`TrustAnchors::verify`] found a path from them to an anchor from elsewhere. Time is
//! always handed in.

mod certificate;
mod chain;
#[cfg(test)]
mod chain_tests;
#[cfg(test)]
mod fixtures;
mod oid;
mod scheme;
mod trust;
#[cfg(test)]
mod trust_tests;

pub(crate) use certificate::{Certificate, NotInForce, Validity};
pub(crate) use chain::CertificateChain;
pub(crate) use oid::{Oid, OidError};
pub use trust::TrustAnchors;
pub(crate) use trust::{TrustError, Trusted};
