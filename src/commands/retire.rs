//! `retire`: ends the turn of lists, and takes them out of publication.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::answer::retiring::REVOKED_IS_NOT_EXPIRED;
use super::options::WriteOptions;
use super::{Answer, Context, Error, Facts, counted, session};
use crate::change::{RetirePlan, RetireRequest, Retirement, Retiring, Revoked};
use crate::list::{ListNumber, Timestamp};
use crate::store::{Backups, Event, Known, ListState, Snapshot, StoreError};
use crate::wire::shell::quote;

/// Closes a list to allocation, and takes it out of publication once every entry has ended.
///
/// An entry ends with its expiry, or later where `allocate --keep-until` said so. A list whose
/// entries have all ended is retired at once; another is closed, stays published, and is retired
/// by `retire --due` when the last entry has ended. Entries that are revoked need their list until
/// they expire: a list that is missing is no revocation. Entries without an expiry need it until
/// --keep-until.
///
/// Statuses of a closed list can be set, those of a retired one cannot. Indexes are never handed
/// out again. `publish` leaves retired lists out.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file.
    pub(super) file: PathBuf,
    /// The number of the list [default: the only one that is in use].
    #[arg(long, value_name = "N", conflicts_with = "due")]
    list: Option<ListNumber>,
    /// Keep the list until then, for the sake of entries without an expiry; a date means its start,
    /// 00:00 UTC.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::or_date, conflicts_with = "due")]
    keep_until: Option<Timestamp>,
    /// Let --keep-until lie in the past.
    #[arg(long, requires = "keep_until")]
    allow_past: bool,
    /// Retire every closed or full list whose entries have all ended; for timers.
    #[arg(long)]
    due: bool,
    #[command(flatten)]
    pub(super) write: WriteOptions,
}

/// What became of the lists, as the log keeps it.
#[derive(Serialize, Deserialize)]
struct Outcome {
    lists: Vec<ListOutcome>,
    /// Lists that hand out entries from now on.
    opened: Vec<ListNumber>,
    /// Lists that are new and in reserve.
    reserved: Vec<ListNumber>,
    /// Whether no list is left to take entries of.
    exhausted: bool,
}

/// What became of one list.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListOutcome {
    list_id: ListNumber,
    uri: String,
    previous_state: String,
    state: String,
    allocated: u64,
    unexpired: u64,
    without_expiry: u64,
    /// Whether the file knows all that was handed out; that of a restored copy does not.
    complete: bool,
    ends_at: Option<Timestamp>,
    kept_until: Option<Timestamp>,
    all_revoked: bool,
    changed: bool,
}

/// Runs the command.
///
/// # Errors
/// The list is spare, is still needed although it was closed before, is not named although there
/// are several, or the disk fails. Then nothing is changed.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let asked = json!({
        "list": args.list.map(ListNumber::value), "due": args.due,
        "keptUntil": args.keep_until.map(Timestamp::second), "allowPast": args.allow_past,
    });
    let stamp = args.write.stamp(context, "retire", &asked)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let refused = |error| Error::of_retiring(&args.file, error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let answer = args.answer(&again(&event).map_err(of_file)?, event.rev);
        return Ok(answer.repeating(&event));
    }
    let request = args.request(stamp.now);
    if !args.allow_past {
        request.refuse_past().map_err(refused)?;
    }
    let plan = request.plan(&lock).map_err(refused)?;
    let outcome = Outcome::of(&lock, &plan).map_err(of_file)?;
    let mut work = plan.work();
    work.body = json!({ "outcome": outcome });
    let revision = lock
        .prepare(&stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let mut answer = args.answer(&outcome, revision.rev);
    if let Some(turnover) = &plan.turnover {
        answer = answer.turned(turnover, &args.file);
    }
    let answer = answer.exposing(&args.file);
    Ok(args.write.finish(answer, revision, &stamp))
}

/// What an operation id was answered the first time.
fn again(event: &Event) -> Result<Outcome, StoreError> {
    let wrong = |source| StoreError::Corrupt(format!("revision {}: {source}", event.rev));
    let mut body: Map<String, Value> = serde_json::from_str(&event.body).map_err(wrong)?;
    let outcome = body.remove("outcome").unwrap_or_default();
    serde_json::from_value(outcome).map_err(wrong)
}

impl Args {
    fn request(&self, now: Timestamp) -> RetireRequest {
        RetireRequest {
            which: match self.list {
                _ if self.due => Retiring::Due,
                Some(list) => Retiring::List(list),
                None => Retiring::OnlyList,
            },
            kept_until: self.keep_until,
            now,
        }
    }

    fn answer(&self, outcome: &Outcome, revision: i64) -> Answer {
        let mut facts = json!(outcome);
        facts["count"] = outcome.lists.len().into();
        facts["revision"] = revision.into();
        let mut answer = Answer::report(Facts(facts));
        let sentences = outcome.lists.iter();
        let sentences = sentences.flat_map(|list| list.sentences(&self.file, revision));
        answer.notes.extend(sentences);
        if outcome.lists.is_empty() {
            answer.notes.push("no list is due".to_owned());
        }
        let retired = outcome.lists.iter().filter(|list| list.is_retired_now());
        let them = match retired.count() {
            0 => None,
            1 => Some("it"),
            _ => Some("them"),
        };
        let publish = them.map(|them| {
            let file = quote(&self.file);
            format!("to take {them} out of publication: statuslist publish {file}")
        });
        answer.notes.extend(publish);
        answer
    }
}

impl Outcome {
    fn of(snapshot: &Snapshot<'_>, plan: &RetirePlan) -> Result<Self, StoreError> {
        let lists = plan.lists.iter();
        let lists = lists.map(|one| ListOutcome::of(snapshot, one));
        let stock = plan.turnover.as_ref().map(|turnover| turnover.stock);
        Ok(Self {
            lists: lists.collect::<Result<_, _>>()?,
            opened: plan.opened(),
            reserved: plan.reserved(),
            exhausted: stock.is_some_and(|stock| stock.left == 0),
        })
    }
}

impl ListOutcome {
    fn of(snapshot: &Snapshot<'_>, one: &Retirement) -> Result<Self, StoreError> {
        Ok(Self {
            list_id: one.list,
            uri: snapshot.first_uri(one.list)?,
            previous_state: one.before.name().to_owned(),
            state: one.state.name().to_owned(),
            allocated: one.ends.entries,
            unexpired: one.ends.unexpired,
            without_expiry: one.ends.endless,
            complete: one.known == Known::Everything,
            ends_at: one.end.time(),
            kept_until: one.kept_until,
            all_revoked: one.revoked == Revoked::All,
            changed: one.changes(),
        })
    }

    fn is_retired_now(&self) -> bool {
        let retired = ListState::Retired.name();
        self.state == retired && self.previous_state != retired
    }

    /// What became of it, for people.
    fn sentences(&self, file: &Path, revision: i64) -> Vec<String> {
        let list = self.list_id;
        if self.state == ListState::Retired.name() {
            return vec![if !self.changed {
                format!("list {list} is retired already, nothing changed")
            } else if let Some(end) = self.ends_at {
                format!("list {list} is retired, revision {revision}: it was needed until {end}")
            } else {
                format!("list {list} is retired, revision {revision}: it handed out nothing")
            }];
        }
        let done = if !self.changed {
            format!("list {list}: nothing changed")
        } else if self.previous_state == self.state {
            format!("list {list}: revision {revision} says how long it is kept")
        } else {
            format!("list {list} is closed to allocation, revision {revision}")
        };
        let until = match self.ends_at {
            Some(end) => format!(" until {end}"),
            None => String::new(),
        };
        let mut sentences = vec![format!("{done}; it stays published{until}{}", self.why())];
        if self.all_revoked {
            sentences.push(REVOKED_IS_NOT_EXPIRED.to_owned());
        }
        let file = quote(file);
        sentences.push(match self.ends_at {
            Some(_) => format!("to retire it then: statuslist retire {file} --due"),
            None => format!(
                "to say how long such entries are kept: statuslist retire {file} --list {list} \
                 --keep-until TIME"
            ),
        });
        sentences
    }

    /// For the sake of what it stays published.
    fn why(&self) -> String {
        let mut reasons = Vec::new();
        if self.unexpired > 0 {
            let unexpired = counted(self.unexpired, "entry has", "entries have");
            reasons.push(format!("{unexpired} not ended"));
        }
        if self.without_expiry > 0 {
            let endless = counted(self.without_expiry, "entry has", "entries have");
            reasons.push(format!("{endless} no expiry"));
        }
        if !self.complete {
            reasons.push("the original may have handed out others".to_owned());
        }
        if reasons.is_empty() {
            String::new()
        } else {
            format!(": {}", reasons.join(", "))
        }
    }
}
