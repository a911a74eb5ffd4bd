//! Groups of options that several commands have. They parse: nothing here opens, locks or looks at
//! a file.

mod certificates;
mod checking;
mod key_source;
mod signing;
pub(super) mod views;
mod write;

pub use certificates::{CertificateOptions, TrustOptions};
pub use checking::{CheckingOptions, InflateOption, VerifyingOptions};
pub use key_source::KeySource;
pub use signing::SigningOptions;
pub use views::{CredentialOptions, ViewName};
pub(super) use write::key_value;
pub use write::{WaitOption, WithinOption, WriteOptions};
