//! A folder of list files, made from a folder of settings files.
//!
//! All settings are read and checked, each against the list file that it is for, before the first
//! file is made or changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::Args;
use super::declared::Declaration;
use super::from;
use super::made::{Became, Made, Outcome};
use super::wanted::Wanted;
use crate::commands::{Answer, Context, Error, Written};
use crate::disk::DiskError;
use crate::store::{Access, Recorded, Revision, Store};
use crate::wire::shell::quote;

/// The most settings files in one folder.
const MOST: usize = 10_000;

/// One settings file, and the list file that it is for.
struct Member {
    settings: PathBuf,
    file: PathBuf,
    wanted: Wanted,
}

/// What became of the list files, by name.
#[derive(Serialize)]
struct Pool {
    lists: Vec<PoolList>,
}

#[derive(Serialize)]
struct PoolList {
    file: String,
    outcome: Became,
    #[serde(flatten)]
    made: Made,
}

/// Makes and changes the list files of a folder.
///
/// # Errors
/// A settings file or a list file cannot be used, or contradicts another: then nothing is changed.
/// The disk fails: then what was done before is said.
pub(super) fn run(args: &Args, from: &Path, context: &Context<'_>) -> Result<Answer, Error> {
    if args.seed_file.is_some() {
        return Err(Error::refused("--seed-file is for one list file")
            .because("one secret serves one series: two would give the same indexes"));
    }
    let pool = &args.file;
    if !pool.is_dir() && pool.symlink_metadata().is_ok() {
        return Err(Error::refused(format!("{} is no folder", quote(pool)))
            .because("the settings are a folder: each file in it is for a list file of its own"));
    }
    let members = members(args, from, context)?;
    let mut locks = Vec::new();
    if pool.is_dir() {
        locks.push(args.lock(pool, context)?);
    }
    check(args, &members, context)?;
    if locks.is_empty() && !args.write.dry_run {
        make_folder(pool)?;
        locks.push(args.lock(pool, context)?);
    }
    let mut written = Written::default();
    let mut outcomes = Vec::new();
    for member in members {
        let declaration = member.declaration(args, context);
        let outcome = if locks.is_empty() {
            declaration.imagine()
        } else {
            declaration.carry_out()
        };
        let outcome = outcome.map_err(|error| in_settings(error, &member.settings));
        let outcome = written.before(outcome)?;
        if outcome.revision.kept {
            written.add(member.file.display().to_string());
        }
        outcomes.push(Done {
            file: member.file,
            outcome,
        });
    }
    drop(locks);
    Ok(answer(args, outcomes).wrote(written))
}

/// A list file, and what became of it.
struct Done {
    file: PathBuf,
    outcome: Outcome,
}

/// Reads the settings files of a folder, in the order of their names.
fn members(args: &Args, from: &Path, context: &Context<'_>) -> Result<Vec<Member>, Error> {
    let mut found: BTreeMap<OsString, PathBuf> = BTreeMap::new();
    let failed = |source| DiskError::new("read", from, source);
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_settings = path
            .extension()
            .is_some_and(|ending| ending == "toml" || ending == "json");
        let (Some(stem), true) = (path.file_stem(), is_settings) else {
            continue;
        };
        if let Some(other) = found.insert(stem.to_owned(), path.clone()) {
            let (one, other) = (quote(&other), quote(&path));
            return Err(Error::refused("two settings files are for one list file")
                .because(format!("{one} and {other}"))
                .hint("take one of them away"));
        }
        if found.len() > MOST {
            let from = quote(from);
            return Err(Error::refused(format!(
                "{from} has more than {MOST} settings files"
            )));
        }
    }
    if found.is_empty() {
        let error = Error::refused(format!("{} has no settings file", quote(from)));
        return Err(error.hint("their names end in .toml or .json"));
    }
    found
        .into_iter()
        .map(|(stem, settings)| {
            let mut wanted = from::read(&settings, context)?;
            wanted.options = args.list.clone().over(wanted.options);
            wanted.options.name(&stem.to_string_lossy());
            let mut name = stem;
            name.push(".slist");
            Ok(Member {
                file: args.file.join(name),
                settings,
                wanted,
            })
        })
        .collect()
}

/// Checks every settings file against its list file, and all against each other.
fn check(args: &Args, members: &[Member], context: &Context<'_>) -> Result<(), Error> {
    let mut places: BTreeMap<String, &Path> = BTreeMap::new();
    for member in members {
        let declaration = member.declaration(args, context);
        let uris = declaration.uris();
        let uris = uris.map_err(|error| in_settings(error, &member.settings))?;
        for uri in uris {
            let Some(other) = places.insert(uri.clone(), &member.settings) else {
                continue;
            };
            let (one, other) = (quote(other), quote(&member.settings));
            return Err(
                Error::refused(format!("{one} and {other} are for lists at one uri"))
                    .because(uri)
                    .hint("another uri in one of them; in --uri, {name} is the name of the settings file"),
            );
        }
    }
    Ok(())
}

/// Says which settings file an error is about.
fn in_settings(mut error: Error, settings: &Path) -> Error {
    let file = quote(settings);
    if !error.message.contains(&file) {
        error.message = format!("{file}: {}", error.message);
    }
    error
}

fn make_folder(pool: &Path) -> Result<(), Error> {
    // Whoever may write in it could put other list files there.
    let made = std::fs::DirBuilder::new().mode(0o700).create(pool);
    Ok(made.map_err(|source| DiskError::new("make", pool, source))?)
}

impl Member {
    fn declaration<'a, 'world>(
        &'a self,
        args: &'a Args,
        context: &'a Context<'world>,
    ) -> Declaration<'a, 'world> {
        Declaration {
            args,
            file: &self.file,
            wanted: &self.wanted,
            master: None,
            context,
        }
    }
}

impl Declaration<'_, '_> {
    /// Where the lists are published, of a list file that is there or can be made as wanted.
    fn uris(&self) -> Result<Vec<String>, Error> {
        if !self.is_there() {
            return Ok(self.blueprint()?.uris().cloned().collect());
        }
        let of_file = |error| Error::of_store(self.file, &error);
        let patience = self.args.write.wait.time();
        let store = Store::open(self.file, Access::Read, patience).map_err(of_file)?;
        let snapshot = store.snapshot().map_err(of_file)?;
        let mut uris = Vec::new();
        if self.earlier(&snapshot, &self.stamp()?)?.is_none() {
            uris.extend(self.plan(&snapshot)?.uris().cloned());
        }
        for list in snapshot.lists().map_err(of_file)? {
            let known = snapshot.uris(list.number).map_err(of_file)?;
            uris.extend(known.into_iter().map(|known| known.uri));
        }
        Ok(uris)
    }

    /// What making a list file would come to, where not even its folder is made.
    fn imagine(&self) -> Result<Outcome, Error> {
        let blueprint = self.blueprint()?;
        let stamp = blueprint.stamp(self.args, self.context)?;
        let revision = Revision {
            rev: 1,
            at: stamp.now,
            kept: false,
            visible: true,
            migrated: None,
            recorded: Recorded::Nothing,
        };
        let mut outcome = blueprint.outcome(self.file, revision, stamp);
        outcome.notes.extend(self.wanted.notes.iter().cloned());
        Ok(outcome)
    }
}

fn answer(args: &Args, outcomes: Vec<Done>) -> Answer {
    let pool = Pool {
        lists: outcomes.iter().map(PoolList::of).collect(),
    };
    let mut answer = Answer::report(pool);
    for done in outcomes {
        let outcome = done.outcome;
        let file = quote(&done.file);
        let about = |text: String| {
            if text.contains(&file) {
                text
            } else {
                format!("{file}: {text}")
            }
        };
        answer
            .warnings
            .extend(outcome.warnings.into_iter().map(about));
        if let Some(event) = outcome.repeats {
            answer = answer.repeating(&event);
            continue;
        }
        answer.notes.extend(outcome.notes.into_iter().map(about));
        answer = args.write.finish(answer, outcome.revision, &outcome.stamp);
        if outcome.revision.kept {
            answer = answer.exposing(&done.file);
        }
    }
    answer.committed = None;
    answer.notes = each_once(answer.notes);
    answer.warnings = each_once(answer.warnings);
    answer
}

/// What is said of several list files is said once.
fn each_once(texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut once = texts;
    once.retain(|text| seen.insert(text.clone()));
    once
}

impl PoolList {
    fn of(done: &Done) -> Self {
        Self {
            file: done.file.display().to_string(),
            outcome: done.outcome.became,
            made: done.outcome.made.clone(),
        }
    }
}

impl fmt::Display for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for list in &self.lists {
            let (file, became, uri) = (quote(&list.file), list.outcome.name(), &list.made.uri);
            writeln!(formatter, "{file}: {became}, {uri}")?;
        }
        Ok(())
    }
}
