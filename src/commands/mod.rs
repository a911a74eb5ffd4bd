//! One file per subcommand: its arguments, and one function that joins the layers below.
//!
//! Nothing here prints. A command gets a [`Context`] and answers with an [`Answer`] or an
//! [`Error`]; what becomes of them is decided in `cli`.

pub mod allocate;
pub mod backup;
pub mod batch;
pub mod configure;
pub mod generate;
pub mod get;
pub mod init;
pub mod inspect;
pub mod keygen;
pub mod publish;
pub mod restore;
pub mod set;
pub mod sign;

mod aggregation;
mod certificates;
mod context;
mod credentials;
mod detached;
mod documents;
mod error;
mod exposure;
mod failures;
mod findings;
mod guard;
mod handed_out;
mod inspect_certificates;
mod inspect_credential;
mod inspect_list;
mod inspect_ocsp;
mod inspect_token;
mod options;
mod profiles;
mod progress;
mod publication;
mod publish_documents;
mod publish_item;
mod publish_report;
mod publish_target;
mod published;
mod references;
mod report;
mod secrets;
mod side_files;
mod signing;
mod tokens;
mod views;
mod written;

pub use certificates::{CertificateOptions, TrustOptions};
pub use context::{Clock, Context, KeySource, Settings};
pub use detached::DetachedOptions;
pub use error::{Code, Error};
pub use options::{
    CheckingOptions, InflateOption, VerifyingOptions, WaitOption, WithinOption, WriteOptions,
};
pub use progress::Progress;
pub use report::{Answer, Body, Facts, Report, SCHEMA};
pub use signing::SigningOptions;
pub use views::{CredentialOptions, ViewName};
pub use written::Written;

use crate::store::Event;

impl Answer {
    /// Says that this is what an earlier run of the same operation answered, and that nothing was
    /// changed now. Whoever is quiet is told too: else the answer reads as if it had been.
    fn repeating(mut self, event: &Event) -> Self {
        self.repeated = true;
        self.warn(format!(
            "operation '{}' was done before, at {}, revision {}: nothing was changed",
            event.operation_id, event.at, event.rev
        ))
    }
}

/// A number with the noun that goes with it.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
