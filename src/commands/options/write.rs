//! Options of commands that change a list file, or wait for one.

use std::fmt::Display;
use std::str::FromStr;

use clap::Args;

use crate::list::{Duration, ListNumber};

/// How long to wait for another process.
#[derive(Clone, Debug, Args)]
pub struct WaitOption {
    /// Wait at most this long for another process that holds the file.
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "1m",
        env = "STATUSLIST_WAIT"
    )]
    pub wait: Duration,
}

/// The options of commands that change a list file.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Recording")]
pub struct WriteOptions {
    /// Say what would be done, and do not do it.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Record who does this [default: user@host].
    #[arg(long, value_name = "WHO", env = "STATUSLIST_ACTOR")]
    pub actor: Option<String>,
    /// Name this run, so that repeating it changes nothing and gives the first results again.
    #[arg(long, value_name = "ID", value_parser = operation_id)]
    pub op_id: Option<String>,
    /// Record a text with it.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[command(flatten)]
    pub wait: WaitOption,
}

/// Reads `KEY=VALUE`.
pub(crate) fn key_value<K, V>(text: &str) -> Result<(K, V), String>
where
    K: FromStr<Err: Display>,
    V: FromStr<Err: Display>,
{
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((
            key.parse().map_err(|error: K::Err| error.to_string())?,
            value.parse().map_err(|error: V::Err| error.to_string())?,
        )),
        _ => Err("KEY=VALUE is needed".to_owned()),
    }
}

/// The list that a bare index counts in.
#[derive(Clone, Debug, Args)]
pub struct WithinOption {
    /// Count bare indexes in this list of the series.
    #[arg(long, value_name = "N")]
    pub list: Option<ListNumber>,
}

/// Whether entries of lists that nobody can read yet are handed out.
#[derive(Clone, Copy, Debug, Args)]
pub struct PublishedOption {
    /// Hand out no entry of a list that no site is known to have.
    #[arg(long)]
    pub require_published: bool,
}

impl WaitOption {
    /// The time to wait.
    #[must_use]
    pub const fn time(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.wait.seconds())
    }
}

fn operation_id(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.len() <= 200 && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
        .ok_or_else(|| "1 to 200 bytes without control characters are needed".to_owned())
}
