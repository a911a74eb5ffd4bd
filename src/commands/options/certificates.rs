//! Options that name certificates.

use std::path::PathBuf;

use clap::Args;

use crate::sign::Oid;

/// The options of commands that put certificates into tokens.
#[derive(Clone, Debug, Args)]
pub struct CertificateOptions {
    /// Put the key's certificates into the token: a PEM file, the key's own first, then its issuers.
    #[arg(long, value_name = "FILE", env = "STATUSLIST_CERT")]
    pub cert: Option<PathBuf>,
    /// Refuse a certificate without this extended key usage.
    #[arg(long, value_name = "OID", env = "STATUSLIST_EKU")]
    pub eku: Option<Oid>,
}

/// The options of commands that check the certificates of others.
#[derive(Clone, Debug, Args)]
pub(crate) struct TrustOptions {
    /// Check the signature with the certificate that the token brings, if it leads to one of these
    /// trust anchors: a PEM file; with --key or --jwks both must hold.
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// Reject a certificate without this extended key usage.
    #[arg(long, value_name = "OID", requires = "trust")]
    pub eku: Option<Oid>,
}
