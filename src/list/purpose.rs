//! What a list says about credentials.

use super::names::named;

named! {
    "purpose";
    /// What a W3C list says about credentials.
    ///
    /// Source: Bitstring Status List v1.0, section 2.2.
    pub enum Purpose {
        /// The credential is cancelled for good.
        Revocation = "revocation",
        /// The credential is not to be accepted for now.
        Suspension = "suspension",
        /// The value stands for a message.
        Message = "message",
        /// A newer credential can be had; this one stays valid.
        Refresh = "refresh",
    }
}
