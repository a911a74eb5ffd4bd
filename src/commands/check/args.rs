//! What `check` is asked.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::commands::options::{InflateOption, RegenerationOptions, VerifyingOptions, WaitOption};
use crate::health::Level;
use crate::list::Duration;
use crate::site::BaseUrl;

/// Says whether what is published is there, right and fresh, and changes nothing.
///
/// Of a list file, and of each in a pool: every token that should be published, the change that waits
/// longest to be, what is left of the series, and the end of the certificate. Tokens are looked for
/// in the site (--to), else in the list file's own record. Of a folder that holds a site: every file
/// that its manifest names. Of a url: the site whose root it is, if it ends with '/', else the token
/// there. With --http, hosts are asked for each uri as readers do, and what they serve is compared
/// byte for byte with what was published; type, CORS, caching, encoding and redirects are judged.
/// Only hosts of uris that were given here or that the list file holds are asked, and without --http
/// none but those of urls among the targets.
///
/// A token is due when it is to be written anew: at the time for its renewal, or when a change
/// waits. Once half of the time between its renewal and its end has passed since, it is expiring; and
/// then expired. The same levels hold for certificates, and for a series without a list in reserve:
/// due from 80 % on, expiring from 95 % on, expired without an entry left. Exits with 1 if anything
/// has the level of --fail-on or a higher one, and for every fault: what is missing or wrong, what a
/// host does wrong or does not answer, a change that waits for longer than --max-latency. Exits with
/// 4 if no target could be looked at at all.
///
/// A status is "healthy" only if keys were given and hosts were asked; what nobody looked at is
/// "notChecked", and all of it then "unknown", which fails nothing.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// List files, folders of list files (pools), folders that hold a site, and urls of sites or
    /// tokens.
    #[arg(required = true, value_name = "TARGET")]
    pub targets: Vec<PathBuf>,
    /// The site of the list files: a folder.
    #[arg(long, value_name = "FOLDER", env = "STATUSLIST_BASE_DIR")]
    pub to: Option<PathBuf>,
    /// The uri that the site's root has [default: scheme and host of each uri].
    #[arg(long, value_name = "URL", env = "STATUSLIST_BASE_URL")]
    pub base_url: Option<BaseUrl>,
    /// Ask the hosts for each uri; of a folder with a site, below --base-url.
    #[arg(long)]
    pub http: bool,
    /// Fail from this level on: due, expiring or expired.
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "expiring",
        hide_possible_values = true
    )]
    pub fail_on: FailOn,
    /// Fail if a change waits to be published for longer than this [default: 24h under profile eudi].
    #[arg(long, value_name = "DURATION")]
    pub max_latency: Option<Duration>,
    /// Call a certificate expiring for so many days before its end [default: 30, or a quarter of its
    /// validity if that is less].
    #[arg(long, value_name = "DAYS")]
    pub cert_days: Option<u32>,
    /// Wait for one uri no longer than this.
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    pub timeout: Duration,
    /// Wait for all uris together no longer than this.
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    pub max_time: Duration,
    /// Print metrics for Prometheus in the place of the result. They tell how much was issued.
    #[arg(long)]
    pub metrics: bool,
    /// Write metrics to this file as well, whole, for a collector of text files; not into a site.
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,
    /// Write an overview of list files to this page as well: use, tokens, what is to be done, and
    /// what was done by day. It is private, and may not lie in a site.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub regeneration: RegenerationOptions,
    #[command(flatten)]
    pub inflate: InflateOption,
    #[command(flatten)]
    pub wait: WaitOption,
    #[command(flatten)]
    pub verifying: VerifyingOptions,
}

/// From which level on a check fails.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    /// Something is to be done.
    Due,
    /// It should have been done.
    Expiring,
    /// It is too late.
    Expired,
}

impl FailOn {
    pub(super) const fn level(self) -> Level {
        match self {
            Self::Due => Level::Due,
            Self::Expiring => Level::Expiring,
            Self::Expired => Level::Expired,
        }
    }
}
