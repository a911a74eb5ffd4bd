//! The edge: argv, environment, settings file, clock, standard streams, exit codes.

mod arguments;
mod exit;
mod output;
mod progress;
mod settings;
mod streams;
mod withheld;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{CommandFactory, Parser};

use self::arguments::{Cli, Command};
use self::exit::Exit;
use self::output::Output;
use self::withheld::Withheld;
use crate::commands::{
    self, Answer, Clock, Context, Error, allocate, backup, batch, configure, generate, get, init,
    inspect, keygen, publish, restore, set, sign,
};
use crate::list::Timestamp;
use crate::store::lineage_of;

/// Runs the program with the arguments and the environment of this process.
#[must_use]
pub fn main() -> ExitCode {
    forbid_core_dumps();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let random = random_operation_id();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error, &arguments, real_time(), &random).into(),
    };
    let request_id = cli.command.operation_id().unwrap_or(&random).to_owned();
    let mut output = Output::new(&cli.global, request_id, Withheld::of(&arguments));
    let exit = match run(&cli, random, &mut output) {
        Ok(exit) => exit,
        Err(error) => output.fail(&error),
    };
    exit.into()
}

/// Keeps keys and seeds out of core dumps, which other users, a crash reporter or a backup may read.
/// Nearly every command holds one, and two calls cost nothing, so this is done for all. Where the
/// system refuses, only this protection is missing.
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = Rlimit {
        current: Some(0),
        ..getrlimit(Resource::Core)
    };
    let _ = setrlimit(Resource::Core, limit);
    // The limit does not hold where a program receives the dump (core(5)).
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// The description of all commands, from which completions and man pages are made.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

fn run(cli: &Cli, random: String, output: &mut Output) -> Result<Exit, Error> {
    let clock = clock(cli.global.now);
    output.at(clock.now());
    let mut stdin = std::io::stdin();
    let stdin_is_terminal = stdin.is_terminal();
    let progress = progress::Reading::new(cli.global.quiet);
    let context = Context {
        clock,
        settings: settings::load(cli.global.config.as_deref())?,
        environment: &|name| variable(name),
        own_variables: own_variables(),
        stdin: RefCell::new(&mut stdin),
        stdin_is_terminal,
        progress: &progress,
        actor: actor(),
        random_operation_id: random,
    };
    // Before anything is changed: whoever reads this can still stop.
    if let Some(lost) = cli.command.unseen(&context.random_operation_id)
        && streams::seems_closed(std::io::stdout())
    {
        output.warn(&format!("standard output seems to be closed: {lost}"));
    }
    if cli.command.reads_input() && streams::seems_closed(std::io::stdin()) {
        output.warn("standard input seems to be closed: nothing will be read from it");
    }
    let answer = dispatch(&cli.command, &context)?;
    Ok(output.answer(&answer))
}

fn dispatch(command: &Command, context: &Context<'_>) -> Result<Answer, Error> {
    match command {
        Command::Init(args) => init::run(args, context),
        Command::Configure(args) => configure::run(args, context),
        Command::Allocate(args) => allocate::run(args, context),
        Command::Set(args) => set::run(args, context),
        Command::Get(args) => get::run(args, context),
        Command::Batch(args) => batch::run(args, context),
        Command::Sign(args) => sign::run(args, context),
        Command::Publish(args) => publish::run(args, context),
        Command::Inspect(args) => inspect::run(args, context),
        Command::Keygen(args) => keygen::run(args, context),
        Command::Backup(args) => backup::run(args, context),
        Command::Restore(args) => restore::run(args, context),
        Command::Generate(args) => generate::run(args, context, &self::command()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
fn real_time() -> Timestamp {
    let second = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    };
    Timestamp::from_second(second)
}

fn clock(given: Option<Timestamp>) -> Clock {
    Clock {
        real: real_time(),
        given,
        source_date: variable("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The variables that are settings of this program.
fn own_variables() -> Vec<OsString> {
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.as_encoded_bytes().starts_with(b"STATUSLIST_"))
        .collect()
}

/// user@host, as far as the machine says.
fn actor() -> String {
    let user = ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .map_or_else(
            || format!("uid{}", rustix::process::getuid().as_raw()),
            |value| value.to_string_lossy().into_owned(),
        );
    let host = rustix::system::uname();
    format!("{user}@{}", host.nodename().to_string_lossy())
}

fn random_operation_id() -> String {
    let mut random = [0; 16];
    // Without randomness the id is not unique; then the list file refuses it.
    let _ = getrandom::fill(&mut random);
    lineage_of(random)
}

/// The files that `generate` writes, for the test that keeps them fresh.
///
/// # Errors
/// Rendering fails.
pub fn generated() -> std::io::Result<Vec<commands::generate::Generated>> {
    generate::files(&command())
}
