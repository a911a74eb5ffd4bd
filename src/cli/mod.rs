//! The edge: argv, environment, settings file, clock, standard streams, exit codes.

mod arguments;
mod environment;
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

use clap::{Arg, CommandFactory, FromArgMatches};

use self::arguments::Cli;
use self::environment::{actor, clock, own_variables, real_time, variable};
use self::exit::Exit;
use self::output::Output;
use self::withheld::Withheld;
use crate::commands::{Clock, Context, Error, generate, random_id};

/// Runs the program with the arguments and the environment of this process.
#[must_use]
pub fn main() -> ExitCode {
    forbid_core_dumps();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let random = random_id();
    let parsed = command().try_get_matches_from(&arguments);
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error, &arguments, real_time(), &random).into(),
    };
    let request_id = cli.command.operation_id().unwrap_or(&random).to_owned();
    let clock = clock(cli.global.now);
    let withheld = Withheld::of(&arguments);
    let output = Output::new(&cli.global, request_id, clock.now(), withheld);
    let exit = match run(&cli, clock, random, &output) {
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
///
/// The help names variables and never shows their values: it is pasted into reports.
#[must_use]
pub fn command() -> clap::Command {
    let hide = |argument: Arg| argument.hide_env_values(true);
    Cli::command()
        .mut_args(hide)
        .mut_subcommands(|subcommand| subcommand.mut_args(hide))
}

fn run(cli: &Cli, clock: Clock, random: String, output: &Output) -> Result<Exit, Error> {
    let mut stdin = std::io::stdin();
    let stdin_is_terminal = stdin.is_terminal();
    let progress = progress::ReadingBar::new(cli.global.quiet);
    let context = Context {
        clock,
        read_clock: &real_time,
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
    let done = cli.command.run(&context, command);
    let exit = match &done {
        Ok(answer) => output.answer(answer),
        Err(error) => output.fail(error),
    };
    // Only now: a receiver that is slow keeps nobody from the result.
    for worry in cli.command.tell(&context, &done, real_time()) {
        output.warn(&worry);
    }
    Ok(exit)
}

/// The files that `generate` writes, for the test that keeps them fresh.
///
/// # Errors
/// Rendering fails.
pub fn generated() -> std::io::Result<Vec<generate::Generated>> {
    generate::files(&command())
}
