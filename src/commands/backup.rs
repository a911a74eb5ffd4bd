//! `backup`: writes a copy that cannot hand out an index twice.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::options::WaitOption;
use super::session;
use super::{Answer, Context, Error, Facts, Written};
use crate::disk::{clear_leftovers, folder_of};
use crate::store::StoreError;
use crate::wire::shell::quote;

/// Writes a backup of a list file.
///
/// A copy of a list file would hand out the same indexes as its original, so a backup refuses to
/// allocate and to set until `restore` makes it a file in use. It is readable by its owner alone.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file.
    file: PathBuf,
    /// Where to write the backup; nothing may be there.
    to: PathBuf,
    #[command(flatten)]
    wait: WaitOption,
}

/// Runs the command.
///
/// # Errors
/// Something is at the place, or the disk fails. Then nothing is written.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let store = session::open_to_read(&args.file, args.wait.time())?;
    clear_leftovers(folder_of(&args.to), context.clock.real.second());
    store
        .backup(&args.to, context.clock.now())
        .map_err(|error| match error {
            StoreError::Corrupt(_) => Error::of_store(&args.file, &error),
            error => Error::of_store(&args.to, &error),
        })?;
    let (file, to) = (quote(&args.file), quote(&args.to));
    let facts = serde_json::json!({ "backup": args.to.display().to_string() });
    let answer = Answer::report(Facts(facts))
        .wrote(Written::only(args.to.display().to_string()))
        .note(format!(
            "backed up {file} to {to}; to use it in place of the original: statuslist restore {to}"
        ));
    Ok(answer.exposing(&args.file).exposing(&args.to))
}
