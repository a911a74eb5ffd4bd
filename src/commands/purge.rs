//! `purge`: removes names and notes of closed lists for good.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::options::WriteOptions;
use super::session::{self, Held};
use super::{Answer, Code, Context, Error, Facts, counted};
use crate::list::ListNumber;
use crate::store::{Backups, Event, Outcome, Removal, Snapshot, StoreError, Work};
use crate::wire::shell::quote;

/// Removes token ids, groups and notes of lists that hand out no more entries.
///
/// Statuses stay as they are published, and can be set by index. What is removed is overwritten,
/// the list file is written anew, and the keys by which anybody could find out whether a name was in
/// it are gone: nothing brings it back. The chain over all revisions can be verified as before.
///
/// A note of a revision goes with the last list that the revision has entries of, and its operation
/// cannot be repeated any more. A token id that is gone is not known for used. Operation ids, actors
/// and expiries stay. Backups and other copies of the file keep everything, and so may the
/// disk below it, where deleted files are not overwritten: purge before the backups that you keep,
/// and encrypt the disk.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file.
    pub(super) file: PathBuf,
    /// Remove token ids, and with them groups and notes.
    #[arg(long, required = true)]
    token_ids: bool,
    /// Only of this list; repeat it, or use commas [default: every list that is full, closed or
    /// retired].
    #[arg(long, value_name = "N", value_delimiter = ',')]
    list: Vec<ListNumber>,
    #[command(flatten)]
    pub(super) write: WriteOptions,
}

/// What was removed, as the log keeps it.
#[derive(Serialize, Deserialize)]
struct Purged {
    removed: Removal,
}

/// Runs the command.
///
/// # Errors
/// A list that was named may still hand out entries, or the disk fails: then nothing is changed. If
/// the file cannot be written anew at the end, the purge is done, and a repetition does that.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let request = json!({ "tokenIds": args.token_ids, "lists": args.list });
    let stamp = args.write.stamp(context, "purge", &request)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    held.store.prepare_for_bulk().map_err(of_file)?;
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let purged = again(&event).map_err(of_file)?;
        drop(lock);
        args.rewrite(&held, event.rev)?;
        return Ok(Answer::report(purged.facts(event.rev)).repeating(&event));
    }
    let removed = lock.removal(&args.lists(&lock)?).map_err(of_file)?;
    let was_purged = !lock.purged_lists().map_err(of_file)?.is_empty();
    let purged = Purged { removed };
    let work = Work {
        body: json!(purged),
        purged: purged.lists().collect(),
        ..Work::default()
    };
    let revision = lock
        .prepare(&stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    // Nobody knows whether the run before came so far.
    if revision.kept || was_purged {
        args.rewrite(&held, revision.rev)?;
    }
    let answer = args.answer(&purged, revision.rev);
    Ok(args.write.finish(answer, revision, &stamp))
}

/// What an operation id was answered the first time.
fn again(event: &Event) -> Result<Purged, StoreError> {
    serde_json::from_str(&event.body)
        .map_err(|source| StoreError::Corrupt(format!("revision {}: {source}", event.rev)))
}

impl Purged {
    fn lists(&self) -> impl Iterator<Item = ListNumber> + '_ {
        let numbers = self.removed.lists.iter().map(|of_list| of_list.list_id);
        numbers.filter_map(ListNumber::new)
    }

    fn facts(&self, revision: i64) -> Facts {
        let mut facts = json!(self.removed);
        for of_list in facts["lists"].as_array_mut().into_iter().flatten() {
            of_list["listId"] = of_list["listId"].to_string().into();
        }
        facts["revision"] = revision.into();
        Facts(facts)
    }
}

impl Args {
    /// The lists that were named, or all that can be purged.
    fn lists(&self, snapshot: &Snapshot<'_>) -> Result<Vec<ListNumber>, Error> {
        let of_file = |error| Error::of_store(&self.file, &error);
        if self.list.is_empty() {
            let lists = snapshot.lists().map_err(of_file)?;
            let closed = lists.iter().filter(|list| list.is_closed_to_allocation());
            return Ok(closed.map(|list| list.number).collect());
        }
        let named: BTreeSet<_> = self.list.iter().copied().collect();
        for number in &named {
            let list = snapshot.list(*number).map_err(of_file)?;
            if !list.is_closed_to_allocation() {
                let message = format!("list {number} is {}: it is not purged", list.state.name());
                return Err(Error::new(Code::Refused, message)
                    .because("only of lists that hand out no more entries the names can go")
                    .detail("listId", number.to_string()));
            }
        }
        Ok(named.into_iter().collect())
    }

    /// Writes the file anew, so that nothing of what was removed is left in it.
    fn rewrite(&self, held: &Held, revision: i64) -> Result<(), Error> {
        if self.write.dry_run {
            return Ok(());
        }
        held.store.rewrite().map_err(|error| {
            let file = quote(&self.file);
            let message = "the purge is done, but the list file could not be written anew";
            Error::new(Code::Io, message)
                .because_of(&error)
                .because("what was removed may still be in unused parts of it")
                .hint(format!("to do that: statuslist purge {file} --token-ids"))
                .outcome(Outcome::Committed)
                .detail("revision", revision)
        })
    }

    fn answer(&self, purged: &Purged, revision: i64) -> Answer {
        let mut answer = Answer::report(purged.facts(revision));
        let removed = &purged.removed;
        for of_list in &removed.lists {
            answer = answer.note(format!(
                "list {}: {}, {} and {} removed",
                of_list.list_id,
                counted(of_list.token_ids, "token id", "token ids"),
                counted(of_list.group_entries, "name of a group", "names of groups"),
                counted(of_list.notes, "note", "notes"),
            ));
        }
        if removed.kept_notes > 0 {
            answer = answer.warn(format!(
                "{} of format 1 cannot be removed: the chain has them as they are",
                counted(removed.kept_notes, "note", "notes")
            ));
        }
        if removed.lists.is_empty() {
            return answer.note("nothing is there to be purged");
        }
        let file = quote(&self.file);
        answer
            .note(format!(
                "purged with {}, revision {revision}",
                counted(
                    removed.revision_notes,
                    "note of a revision",
                    "notes of revisions"
                )
            ))
            .warn(format!(
                "backups and other copies of {file} still hold what was removed"
            ))
    }
}
