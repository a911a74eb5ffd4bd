//! `roll`: ends the turns of lists before they are full.

use std::fmt;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::options::WriteOptions;
use super::{Answer, Code, Context, Error, counted, session};
use crate::change::Roster;
use crate::list::ListNumber;
use crate::store::{Backups, Ending, Event, ListState, Snapshot, StoreError, Work};

/// Ends the turns of the lists that hand out entries, and lets the next ones take over.
///
/// A list that is full makes room for a spare by itself; this is for lists that are not, such as by
/// calendar: what new lists tell about how much was issued is blurred then. Statuses of the lists
/// whose turn ends can still be set, and they stay published until they are retired.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file.
    pub(super) file: PathBuf,
    /// End the turn of this list alone.
    #[arg(long, value_name = "N")]
    list: Option<ListNumber>,
    #[command(flatten)]
    pub(super) write: WriteOptions,
}

/// What took turns.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rolled {
    /// Lists whose turn ended.
    ended: Vec<ListNumber>,
    /// Lists that hand out entries from now on.
    opened: Vec<ListNumber>,
    /// Lists that are new and in reserve.
    reserved: Vec<ListNumber>,
    revision: i64,
}

/// Runs the command.
///
/// # Errors
/// The list hands out nothing, the series can have one list only, or the disk fails. Then nothing
/// is changed.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let request = json!({ "list": args.list.map(ListNumber::value) });
    let stamp = args.write.stamp(context, "roll", &request)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let rolled = again(&event).map_err(of_file)?;
        return Ok(Answer::report(rolled).repeating(&event));
    }
    let ended = args.ended(&lock)?;
    let refused = |error| Error::of_change(&args.file, error);
    let mut roster = Roster::of(&lock, lock.series()).map_err(of_file)?;
    roster.end(&ended);
    roster.fill().map_err(refused)?;
    let turnover = roster.settled().map_err(refused)?;
    let ending = |list: &ListNumber| Ending {
        list: *list,
        kept_until: None,
    };
    let work = Work {
        ended: ended.iter().map(ending).collect(),
        opened: turnover.opened.clone(),
        new_lists: turnover.made.clone(),
        body: json!({}),
        ..Work::default()
    };
    let made = |state| {
        let of_state = turnover.made.iter().filter(move |list| list.state == state);
        of_state.map(|list| list.number)
    };
    let opened = turnover.opened.iter().copied();
    let mut rolled = Rolled {
        opened: opened.chain(made(ListState::Open)).collect(),
        reserved: made(ListState::Spare).collect(),
        ended,
        revision: 0,
    };
    let revision = lock
        .prepare(&stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    rolled.revision = revision.rev;
    let ended = counted(rolled.ended.len() as u64, "turn has", "turns have");
    let note = format!("{ended} ended, revision {}", revision.rev);
    let answer = Answer::report(rolled).note(note);
    let answer = answer.turned(&turnover, &args.file).exposing(&args.file);
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Args {
    /// The lists whose turn ends: the one that is named, or all that are open.
    fn ended(&self, snapshot: &Snapshot<'_>) -> Result<Vec<ListNumber>, Error> {
        let of_file = |error| Error::of_store(&self.file, &error);
        let lists = snapshot.lists().map_err(of_file)?;
        let open = lists.iter().filter(|list| list.state == ListState::Open);
        let open: Vec<_> = open.map(|list| list.number).collect();
        let Some(number) = self.list else {
            return Ok(open);
        };
        let list = snapshot.list(number).map_err(of_file)?;
        if open.contains(&number) {
            return Ok(vec![number]);
        }
        let state = list.state.name();
        Err(
            Error::new(Code::Refused, format!("list {number} is not open"))
                .because(format!("it is {state}"))
                .detail("listId", number.to_string()),
        )
    }
}

/// What an operation id was answered the first time.
fn again(event: &Event) -> Result<Rolled, StoreError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Body {
        ended: Vec<Made>,
        opened: Vec<u32>,
        lists: Vec<Made>,
    }
    #[derive(Deserialize)]
    struct Made {
        list: u32,
        state: Option<String>,
    }
    let wrong = |reason: &dyn fmt::Display| {
        StoreError::Corrupt(format!("revision {}: {reason}", event.rev))
    };
    let body: Body = serde_json::from_str(&event.body).map_err(|source| wrong(&source))?;
    let number = |list: u32| ListNumber::new(list).ok_or_else(|| wrong(&"it names no list"));
    let numbers = |lists: Vec<u32>| lists.into_iter().map(number).collect::<Result<_, _>>();
    let (spare, open): (Vec<_>, Vec<_>) = (body.lists.iter()).partition(|one| one.state.is_some());
    let opened = body.opened.iter().copied();
    Ok(Rolled {
        ended: numbers(body.ended.iter().map(|one| one.list).collect())?,
        opened: numbers(opened.chain(open.iter().map(|one| one.list)).collect())?,
        reserved: numbers(spare.iter().map(|one| one.list).collect())?,
        revision: event.rev,
    })
}

impl fmt::Display for Rolled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = |lists: &[ListNumber]| {
            let names: Vec<_> = lists.iter().map(ToString::to_string).collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        };
        writeln!(formatter, "ended:      {}", numbers(&self.ended))?;
        writeln!(formatter, "open:       {}", numbers(&self.opened))?;
        writeln!(formatter, "in reserve: {}", numbers(&self.reserved))
    }
}
