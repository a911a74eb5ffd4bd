//! Options that say when changes are published.

use clap::Args;

use crate::list::{Duration, Status, StatusName, Strategy, Width};

/// The policy of regeneration, member by member; the settings file says the rest.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Regeneration")]
pub(crate) struct RegenerationOptions {
    /// Publish changes by this strategy.
    #[arg(
        long,
        value_name = "STRATEGY",
        env = "STATUSLIST_STRATEGY",
        help = format!(
            "Publish changes by this strategy [default: on-demand]: {}",
            Strategy::ALL.map(Strategy::name).join(", ")
        )
    )]
    pub(crate) strategy: Option<Strategy>,
    /// Publish changes at most so often, by strategy periodic or hybrid [default: 5m].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_PERIODIC_INTERVAL")]
    pub(crate) periodic_interval: Option<Duration>,
    /// Collect changes for so long, by strategy batched [default: 1m].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_BATCH_WINDOW")]
    pub(crate) batch_window: Option<Duration>,
    /// Wait no longer once so many changes are collected, by strategy batched [default: 1000].
    #[arg(long, value_name = "N", value_parser = batch_size, env = "STATUSLIST_MAX_BATCH_SIZE")]
    pub(crate) max_batch_size: Option<u64>,
    /// Publish changes to these statuses at once, by strategy hybrid [default: invalid].
    #[arg(
        long = "urgent-status",
        value_name = "STATUS",
        value_delimiter = ',',
        value_parser = urgent_status,
        env = "STATUSLIST_URGENT_STATUS"
    )]
    pub(crate) urgent_statuses: Vec<Status>,
    /// Renew tokens so long before their end [default: half of their validity].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_RENEW_BEFORE")]
    pub(crate) renew_before: Option<Duration>,
}

/// Reads how many changes are published without waiting longer.
pub(crate) fn batch_size(text: &str) -> Result<u64, String> {
    let size = text.parse().ok().filter(|size| *size >= 1);
    size.ok_or_else(|| "a whole number from 1 on is needed".to_owned())
}

/// Reads a status that changes do not wait for; the list that it must fit is not known yet.
pub(crate) fn urgent_status(text: &str) -> Result<Status, String> {
    let name: StatusName = text
        .parse()
        .map_err(|error: <StatusName as std::str::FromStr>::Err| error.to_string())?;
    name.at(Width::Eight).map_err(|error| error.to_string())
}
