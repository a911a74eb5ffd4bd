//! The subcommands: what each takes, and what it answers.
//!
//! A subcommand is a file (or a folder) with its arguments and one function, and its row below, in
//! [`Command`]. The function gets a [`Context`] and answers with an [`Answer`] or an [`Error`];
//! what becomes of them is decided in `cli`. Nothing here prints.

pub mod allocate;
pub(crate) mod batch;
pub(crate) mod generate;
pub mod get;
pub(crate) mod inspect;
pub mod publish;
pub mod set;
pub(crate) mod sign;

mod answer;
mod backup;
mod certificates;
mod check;
mod configuration;
mod configure;
mod context;
mod detached;
mod handed_out;
mod hosting;
mod init;
mod key_pins;
mod key_ring;
mod keygen;
mod keys;
mod label;
mod live;
mod notifying;
mod options;
mod outlook;
mod pool;
mod progress;
mod publish_report;
mod purge;
mod receivers;
mod references;
mod regeneration;
mod restore;
mod retire;
mod roll;
mod session;
mod set_group;
pub(crate) mod settings;
mod signing;
mod widening;

use clap::Subcommand;

pub use answer::{Answer, Body, Error};
pub(crate) use answer::{Code, Facts, SCHEMA, Written};
pub(crate) use answer::{counted, listed, or_dash};
pub use context::{Clock, Context, NamedKeySettings, Settings};
pub use key_pins::KeyPin;
pub(crate) use options::{KeySource, WriteOptions};
pub use progress::Progress;
pub use receivers::ReceiverSettings;
pub(crate) use regeneration::{REGENERATION, policy_of};
pub(crate) use session::random_id;

use crate::wire::shell::quote;

/// A subcommand, as it was typed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Args),
    Configure(configure::Args),
    Allocate(allocate::Args),
    Set(set::Args),
    Label(label::Args),
    Get(get::Args),
    Batch(batch::Args),
    Sign(sign::Args),
    Publish(publish::Args),
    Check(check::Args),
    Inspect(inspect::Args),
    Keygen(keygen::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Purge(purge::Args),
    Retire(retire::Args),
    Roll(roll::Args),
    #[command(hide = true)]
    Generate(generate::Args),
}

impl Command {
    /// Runs it. `program` describes the whole command line, from which `generate` makes pages.
    pub(crate) fn run(
        &self,
        context: &Context<'_>,
        program: fn() -> clap::Command,
    ) -> Result<Answer, Error> {
        match self {
            Self::Init(args) => init::run(args, context),
            Self::Configure(args) => configure::run(args, context),
            Self::Allocate(args) => allocate::run(args, context),
            Self::Set(args) => set::run(args, context),
            Self::Label(args) => label::run(args, context),
            Self::Get(args) => get::run(args, context),
            Self::Batch(args) => batch::run(args, context),
            Self::Sign(args) => sign::run(args, context),
            Self::Publish(args) => publish::run(args, context),
            Self::Check(args) => check::run(args, context),
            Self::Inspect(args) => inspect::run(args, context),
            Self::Keygen(args) => keygen::run(args, context),
            Self::Backup(args) => backup::run(args, context),
            Self::Restore(args) => restore::run(args, context),
            Self::Purge(args) => purge::run(args, context),
            Self::Retire(args) => retire::run(args, context),
            Self::Roll(args) => roll::run(args, context),
            Self::Generate(args) => generate::run(args, context, &program()),
        }
    }

    /// How what it does is recorded, if it writes a revision.
    const fn recording(&self) -> Option<&WriteOptions> {
        match self {
            Self::Init(args) => Some(&args.write),
            Self::Configure(args) => Some(&args.write),
            Self::Allocate(args) => Some(&args.write),
            Self::Set(args) => Some(&args.write),
            Self::Label(args) => Some(&args.write),
            Self::Batch(args) => Some(&args.write),
            Self::Restore(args) => Some(&args.write),
            Self::Purge(args) => Some(&args.write),
            Self::Retire(args) => Some(&args.write),
            Self::Roll(args) => Some(&args.write),
            Self::Get(_)
            | Self::Sign(_)
            | Self::Publish(_)
            | Self::Check(_)
            | Self::Inspect(_)
            | Self::Keygen(_)
            | Self::Backup(_)
            | Self::Generate(_) => None,
        }
    }

    /// The operation id that was given.
    pub(crate) fn operation_id(&self) -> Option<&str> {
        self.recording()?.op_id.as_deref()
    }

    /// Whether what is asked for comes from standard input.
    pub(crate) fn reads_input(&self) -> bool {
        let is_input = |path: &std::path::PathBuf| path.as_os_str() == "-";
        match self {
            Self::Init(args) => args.reads_input(),
            Self::Batch(args) => args.ops.as_ref().is_none_or(is_input),
            Self::Allocate(args) => args.body.as_ref().is_some_and(is_input),
            Self::Set(args) => args.body.as_ref().is_some_and(is_input),
            _ => false,
        }
    }

    /// What is lost if nobody reads the results of a command that changes something; nothing for
    /// others.
    pub(crate) fn unseen(&self, random_operation_id: &str) -> Option<String> {
        if let Some(write) = self.recording() {
            let id = write.op_id.as_deref().unwrap_or(random_operation_id);
            return Some(format!(
                "what is handed out will not be seen; to get it again: the same command with \
                 --op-id {id}"
            ));
        }
        match self {
            Self::Keygen(args) => Some(format!(
                "the public half will not be seen; to get it: openssl pkey -pubout -in {}",
                quote(&args.file)
            )),
            Self::Publish(_) => Some("what is written will not be seen".to_owned()),
            Self::Sign(args) if args.output.is_none() => {
                Some("what is signed will not be seen".to_owned())
            }
            _ => None,
        }
    }
}
