//! Options that say what is known of a site beside its folder.

use clap::Args;

use crate::list::Duration;

/// What a publication goes by where the site's folder says nothing.
#[derive(Clone, Debug, Args)]
pub struct LiveOptions {
    /// Ask the hosts of the uris what is published: into an empty folder, take all of it over and
    /// write what is to change; into a folder that has a site, publish nothing older than that.
    #[arg(long)]
    pub live: bool,
    /// With --live: the most time that the hosts may take, all answers together.
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10m",
        requires = "live"
    )]
    pub live_timeout: Duration,
    /// The site is a new one: publish a list file into an empty folder although it was published
    /// before, or is a copy, so that nothing can tell whether it is the newest.
    #[arg(long, conflicts_with = "live")]
    pub new_site: bool,
}
