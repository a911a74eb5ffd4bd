//! What can be typed beside the arguments of a subcommand.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use crate::commands::Command;
use crate::list::Timestamp;

/// Revokes and suspends digital credentials: status lists in one local file, published as signed
/// static files.
#[derive(Debug, Parser)]
#[command(
    name = "statuslist",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = EXIT_CODES
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing to do
  1  refused: it makes no sense for this list, a condition did not hold, or a check said no;
     nothing changed
  2  wrong usage
  3  busy: somebody else holds the file; the same command may work later
  4  a file, stream, key or host could not be read or written; with --json, details.outcome says
     none, committed or unknown; repeat only with the same --op-id
  5  partly done, because that was asked for";

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// Print results and errors as JSON.
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Print no notes and no progress; results, warnings and errors stay.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// Read settings from this file [default: ./statuslist.toml if it is there].
    #[arg(long, global = true, value_name = "FILE", env = "STATUSLIST_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// Take this for the current time: RFC 3339, or @ and Unix seconds.
    #[arg(long, global = true, value_name = "TIME", env = "STATUSLIST_NOW")]
    pub(super) now: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}
