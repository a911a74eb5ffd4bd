//! Options that say with which key, and how, tokens are signed.

use clap::Args;

use super::certificates::CertificateOptions;
use super::key_source::KeySource;
use crate::list::Duration;
use crate::sign::Algorithm;

/// The options of commands that sign.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Signing")]
pub struct SigningOptions {
    /// Sign with this private key: a PEM or JWK file, - for standard input, or env:NAME.
    #[arg(long, value_name = "KEY", env = "STATUSLIST_KEY")]
    pub key: Option<KeySource>,
    /// Have this shell command sign what it reads, and print the signature, within --wait; --key is the
    /// public key.
    #[arg(long, value_name = "COMMAND", env = "STATUSLIST_SIGNER_COMMAND")]
    pub signer_command: Option<String>,
    /// Name the key so in the token [default: the JWK's kid, else the key's RFC 7638 thumbprint].
    #[arg(long, value_name = "ID", env = "STATUSLIST_KID")]
    pub kid: Option<String>,
    /// Refuse a key that signs with another algorithm than this.
    #[arg(
        long = "alg",
        value_name = "ALG",
        help = format!(
            "Refuse a key that signs with another algorithm than this: {}",
            Algorithm::all_names()
        )
    )]
    pub algorithm: Option<Algorithm>,
    #[command(flatten)]
    pub certificates: CertificateOptions,
    /// Let readers keep a copy this long, better at most half of the validity [default: as the list
    /// file says].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_TTL")]
    pub ttl: Option<Duration>,
    /// Let the token be valid this long [default: as the list file says].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_VALID_FOR")]
    pub valid_for: Option<Duration>,
}
