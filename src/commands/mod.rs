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
mod answer;
mod certificates;
mod context;
mod credentials;
mod detached;
mod guard;
mod handed_out;
mod keys;
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
mod secrets;
mod session;
mod side_files;
mod signing;
mod tokens;
mod views;

pub use answer::{Answer, Body, Code, Error, Facts, Report, SCHEMA, Written};
use answer::{counted, or_dash};
pub use context::{Clock, Context, Settings};
pub use detached::DetachedOptions;
pub use options::{
    CertificateOptions, CheckingOptions, CredentialOptions, InflateOption, KeySource,
    SigningOptions, TrustOptions, VerifyingOptions, ViewName, WaitOption, WithinOption,
    WriteOptions,
};
pub use progress::Progress;
