//! The option to write the page of a site.

use clap::Args;

/// Whether the site has a page for people.
#[derive(Clone, Copy, Debug, Args)]
pub struct PageOption {
    /// Write a page for people too, index.html: what is published, until when, and how to check it.
    #[arg(long, env = "STATUSLIST_PAGE")]
    pub page: bool,
}
