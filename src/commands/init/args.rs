//! What `init` is asked for.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::options::ListOptions;
use crate::commands::options::{KeySource, WriteOptions};
use crate::commands::{Code, Context, Error};
use crate::disk::DirectoryLocks;
use crate::list::Seed;

/// Makes a list file.
///
/// The file is made readable by its owner alone, because it holds the secrets that decide the
/// order of indexes. An existing file is never overwritten.
///
/// With --from, settings come from a file, and options go before what it says. It is TOML or JSON,
/// and names them as the options are named here: uri, as, bits, size, default-status, final, ttl and
/// so on; in a statuslist.toml they stand in the table `[list]`. The file may also be the body with
/// which the status-issuer guide creates a list, EUDIPLO's settings of a tenant or of a list, or the
/// definitions that the ACA-Py plugin has for one type of credential.
///
/// A list file that is there already is never reset by --from: what may change becomes what the
/// settings say, in one revision; if anything differs that cannot change, it is named, and nothing is
/// changed. What nobody names stays as it is.
///
/// If --from is a folder, FILE is one too: it is made if it is missing, and each NAME.toml or
/// NAME.json in --from is for the list file NAME.slist. In --uri, `{name}` stands for NAME.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file to make.
    pub(super) file: PathBuf,
    /// Take the settings from this file, - for standard input, or from the files of this folder.
    #[arg(long, value_name = "SETTINGS")]
    pub(super) from: Option<PathBuf>,
    #[command(flatten)]
    pub(super) list: ListOptions,
    /// Derive the secrets of all lists from this one: a file with 32 bytes or 64 hexadecimal
    /// digits, - or env:NAME. One such secret serves one series.
    #[arg(long, value_name = "FILE")]
    pub(super) seed_file: Option<KeySource>,
    #[command(flatten)]
    pub(in crate::commands) write: WriteOptions,
}

impl Args {
    /// Whether the settings come from standard input.
    pub(in crate::commands) fn reads_input(&self) -> bool {
        let from = self.from.as_ref();
        from.is_some_and(|from| from.as_os_str() == "-")
    }

    /// Waits for a turn in a folder.
    pub(super) fn lock(
        &self,
        folder: &Path,
        context: &Context<'_>,
    ) -> Result<DirectoryLocks, Error> {
        let locks = DirectoryLocks::acquire(&[folder], self.write.wait.time())?;
        self.write.clear_leftovers(folder, context);
        Ok(locks)
    }

    /// The secret that the seeds of all lists are derived from, if one is given.
    pub(super) fn master(&self, context: &Context<'_>) -> Result<Option<Seed>, Error> {
        let Some(source) = &self.seed_file else {
            return Ok(None);
        };
        let bytes = context.read_key(source)?;
        Seed::read(&bytes).map(Some).ok_or_else(|| {
            Error::new(Code::BadKey, format!("cannot use the seed in {source}"))
                .because("32 bytes or 64 hexadecimal digits are needed")
                .hint("head -c 32 /dev/urandom > FILE")
        })
    }
}
