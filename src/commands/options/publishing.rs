//! The option to publish what was changed.

use clap::{Args, ValueEnum};

/// Whether what was changed is published.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct PublishOption {
    /// Publish the list file afterwards, as publish does by the settings and variables: at once, or
    /// with =if-due what the policy says is due.
    #[arg(
        long,
        value_name = "WHEN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "now"
    )]
    pub publish: Option<PublishWhen>,
}

/// When what was changed is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PublishWhen {
    /// At once.
    Now,
    /// When the policy says that it is due.
    IfDue,
}
