//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{
    allocate, backup, batch, configure, generate, get, init, inspect, keygen, publish, restore,
    set, sign,
};
use crate::list::Timestamp;
use crate::wire::shell::quote;

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
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "STATUSLIST_CONFIG",
        hide_env_values = true
    )]
    pub(super) config: Option<PathBuf>,
    /// Take this for the current time: RFC 3339, or @ and Unix seconds.
    #[arg(
        long,
        global = true,
        value_name = "TIME",
        env = "STATUSLIST_NOW",
        hide_env_values = true
    )]
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

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Init(init::Args),
    Configure(configure::Args),
    Allocate(allocate::Args),
    Set(set::Args),
    Get(get::Args),
    Batch(batch::Args),
    Sign(sign::Args),
    Publish(publish::Args),
    Inspect(inspect::Args),
    Keygen(keygen::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    #[command(hide = true)]
    Generate(generate::Args),
}

impl Command {
    /// What is lost if nobody reads the results of a command that changes something; `None` if
    /// nothing is.
    pub(super) fn unseen(&self, random_operation_id: &str) -> Option<String> {
        let lost = "what is handed out will not be seen";
        match self {
            Self::Init(_)
            | Self::Configure(_)
            | Self::Allocate(_)
            | Self::Set(_)
            | Self::Batch(_)
            | Self::Restore(_) => {
                let id = self.operation_id().unwrap_or(random_operation_id);
                Some(format!(
                    "{lost}; to get it again: the same command with --op-id {id}"
                ))
            }
            Self::Keygen(args) => Some(format!(
                "the public half will not be seen; to get it: openssl pkey -pubout -in {}",
                quote(&args.file)
            )),
            Self::Publish(_) => Some("what is written will not be seen".to_owned()),
            Self::Sign(args) if args.output.is_none() => {
                Some("what is signed will not be seen".to_owned())
            }
            Self::Get(_)
            | Self::Sign(_)
            | Self::Inspect(_)
            | Self::Backup(_)
            | Self::Generate(_) => None,
        }
    }

    /// Whether operations come from standard input.
    pub(super) fn reads_input(&self) -> bool {
        match self {
            Self::Batch(args) => args.ops.as_ref().is_none_or(|ops| ops.as_os_str() == "-"),
            _ => false,
        }
    }

    /// The operation id that was given.
    pub(super) fn operation_id(&self) -> Option<&str> {
        let write = match self {
            Self::Init(args) => &args.write,
            Self::Configure(args) => &args.write,
            Self::Allocate(args) => &args.write,
            Self::Set(args) => &args.write,
            Self::Batch(args) => &args.write,
            Self::Restore(args) => &args.write,
            Self::Get(_)
            | Self::Sign(_)
            | Self::Publish(_)
            | Self::Inspect(_)
            | Self::Keygen(_)
            | Self::Backup(_)
            | Self::Generate(_) => return None,
        };
        write.op_id.as_deref()
    }
}
