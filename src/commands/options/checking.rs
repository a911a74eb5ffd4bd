//! Options of commands that judge what others published.

use std::path::PathBuf;

use clap::Args;

use super::certificates::TrustOptions;
use super::key_source::KeySource;
use crate::list::{Duration, Moment};
use crate::token::InflateLimit;

/// The options of commands that inflate what somebody else compressed.
#[derive(Clone, Debug, Args)]
pub struct InflateOption {
    /// Refuse lists that inflate to more bytes than this.
    #[arg(long, value_name = "BYTES", value_parser = byte_size, default_value = "128Mi", env = "STATUSLIST_MAX_INFLATED")]
    pub max_inflated: u64,
}

/// The options of commands that check signatures: whom to trust.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Checking")]
pub(crate) struct VerifyingOptions {
    /// Check the signature with this public key: a PEM or JWK file, or env:NAME.
    #[arg(long, value_name = "KEY", conflicts_with = "jwks")]
    pub key: Option<KeySource>,
    /// Check the signature with the keys of this JWK set.
    #[arg(long, value_name = "FILE")]
    pub jwks: Option<PathBuf>,
    #[command(flatten)]
    pub certificates: TrustOptions,
}

/// The options of commands that check tokens.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Checking")]
pub(crate) struct CheckingOptions {
    #[command(flatten)]
    pub verifying: VerifyingOptions,
    /// Judge as the reader of this name: what its aud does not name is rejected.
    #[arg(long, value_name = "NAME")]
    pub audience: Option<String>,
    /// Reject what was issued longer ago than this.
    #[arg(long, value_name = "DURATION")]
    pub max_age: Option<Duration>,
    /// Reject what does not answer for this past moment: issued later, or expired by then.
    #[arg(long, value_name = "TIME", conflicts_with = "max_age")]
    pub at: Option<Moment>,
}

impl InflateOption {
    pub(crate) const fn limit(&self) -> InflateLimit {
        InflateLimit::new(self.max_inflated)
    }

    /// The most bytes of a token whose list stays within the limit: a list that cannot be
    /// compressed is encoded twice in base64url, which makes it 16/9 as long.
    pub(crate) const fn token_limit(&self) -> u64 {
        self.max_inflated.saturating_mul(2).saturating_add(1 << 20)
    }
}

/// Reads a number of bytes: `1048576`, `64Mi`, `1G`.
fn byte_size(text: &str) -> Result<u64, String> {
    text.parse::<crate::list::Size>()
        .map(crate::list::Size::entries)
        .map_err(|_| "a number of bytes from 1 to 2^32 is needed, such as 64Mi".to_owned())
}
