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

mod answer;
mod certificates;
mod context;
mod detached;
mod documents;
mod handed_out;
mod keys;
mod options;
mod progress;
mod publish_report;
mod references;
mod session;
mod signing;
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
