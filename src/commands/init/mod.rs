//! `init`: makes a list file, or brings one that there is to what a settings file says.
//!
//! | file | holds |
//! |---|---|
//! | `args`, `options` | what can be said of a list file, and of its series |
//! | `from`, `wanted`, `keys`, `acapy` | the same in a settings file, in our words and in those of others |
//! | `foreign`, `publishing` | what variables of other systems say, and what is about publishing |
//! | `blueprint` | a list file that can be made |
//! | `declared`, `update` | what becomes of a list file that is described |
//! | `pool` | a folder of list files |
//! | `made` | what became of it, as it is answered |

mod acapy;
mod args;
mod blueprint;
mod declared;
mod foreign;
mod from;
mod guide_policy;
mod keys;
mod made;
mod options;
mod pool;
mod publishing;
mod update;
mod wanted;

use std::path::{Path, PathBuf};

pub(crate) use self::args::Args;
use self::blueprint::Blueprint;
pub(super) use self::blueprint::too_long;
use self::declared::Declaration;
pub(crate) use self::keys::settings_of_a_list;
pub(crate) use self::made::names;
use self::made::{Declared, Outcome};
pub(super) use self::options::width;
use super::options::KeySource;
use super::{Answer, Context, Error};
use crate::disk::folder_of;
use crate::wire::shell::quote;

/// Runs the command.
///
/// # Errors
/// The file exists and no settings file was given, the settings make no sense together or
/// contradict the list file, or the disk fails.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let Some(from) = &args.from else {
        let master = args.master(context)?;
        let blueprint = Blueprint::of(&args.list, master.as_ref(), context)?;
        let _locks = args.lock(folder_of(&real(&args.file)), context)?;
        let mut outcome = args.make(&args.file, &blueprint, context)?;
        if let (true, Some(file)) = (context.settings.has_list, &context.settings.file) {
            outcome.notes.push(format!(
                "[list] in {0} was not read: for that, --from {0}",
                quote(file)
            ));
        }
        let made = outcome.made.clone();
        return Ok(args.answer(Answer::report(made), outcome));
    };
    if from.is_dir() {
        return pool::run(args, from, context);
    }
    if from.as_os_str() == "-" && args.seed_file == Some(KeySource::Stdin) {
        return Err(Error::refused(
            "--from and --seed-file both read standard input",
        ));
    }
    let mut wanted = from::read(from, context)?;
    wanted.options = args.list.clone().over(wanted.options);
    let master = args.master(context)?;
    let _locks = args.lock(folder_of(&real(&args.file)), context)?;
    let declaration = Declaration {
        args,
        file: &args.file,
        wanted: &wanted,
        master: master.as_ref(),
        context,
    };
    let outcome = declaration.carry_out()?;
    let declared = Declared {
        made: outcome.made.clone(),
        outcome: outcome.became,
    };
    Ok(args.answer(Answer::report(declared), outcome))
}

/// Where a file is that may be a link: the queue for it is there.
fn real(file: &Path) -> PathBuf {
    std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
}

impl Args {
    /// Says what became of one list file.
    fn answer(&self, mut answer: Answer, outcome: Outcome) -> Answer {
        answer.warnings = outcome.warnings;
        if let Some(event) = outcome.repeats {
            return answer.repeating(&event);
        }
        answer.notes = outcome.notes;
        let answer = answer.exposing(&self.file);
        self.write.finish(answer, outcome.revision, &outcome.stamp)
    }
}
