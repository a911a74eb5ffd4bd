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
pub(crate) mod certificates;
mod context;
mod detached;
mod documents;
mod handed_out;
mod keys;
pub(crate) mod options;
mod progress;
pub(crate) mod publish_report;
mod references;
pub(crate) mod session;
pub(crate) mod signing;
mod views;

pub(crate) use answer::counted;
use answer::or_dash;
pub use answer::{Answer, Body, Code, Error, Facts, Report, SCHEMA, Written};
pub use context::{Clock, Context, Settings};
pub use detached::DetachedOptions;
pub use options::{
    CertificateOptions, CheckingOptions, CredentialOptions, InflateOption, KeySource,
    SigningOptions, TrustOptions, VerifyingOptions, ViewName, WaitOption, WithinOption,
    WriteOptions,
};
pub use progress::Progress;
