//! Options about who hands a site out.

use std::path::PathBuf;

use clap::Args;

use crate::site::Host;

/// The options of commands that write the settings of a host.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Host")]
pub struct HostOptions {
    /// Write the settings of this host too: types, CORS, caching.
    #[arg(
        long,
        value_name = "HOST",
        env = "STATUSLIST_HOST",
        help = format!(
            "Write the settings of this host too (types, CORS, caching): {}",
            Host::ALL.map(Host::name).join(", ")
        )
    )]
    pub host: Option<Host>,
    /// Write them to this file, which nobody else may have written [default: into the site, where
    /// the host looks for them there].
    #[arg(long, value_name = "PATH", env = "STATUSLIST_HOST_CONFIG")]
    pub host_config: Option<PathBuf>,
}
