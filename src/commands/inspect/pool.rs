//! What `inspect` shows of a pool: a line for each of its list files.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::Args;
use super::token_state::{TokenState, token_state};
use crate::commands::answer::exposure;
use crate::commands::answer::pools::{briefly, error_of, why};
use crate::commands::pool::{ListedUnder, Member, Pool, PoolError, Remarks, Survey, Unread};
use crate::commands::{Answer, Context, Error, counted};
use crate::list::Timestamp;
use crate::site::rolls_over;
use crate::store::{ListRow, ListState, Snapshot, StoreError, Whereabouts};
use crate::wire::shell::quote;
use crate::wire::text::escaped;

/// What a pool holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PoolShown {
    kind: &'static str,
    pool: String,
    files: Vec<FileShown>,
}

/// One file of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileShown {
    #[serde(serialize_with = "as_text")]
    file: PathBuf,
    #[serde(flatten)]
    found: FileFound,
}

/// What a file of a pool is.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum FileFound {
    ListFile(Box<ListFileLine>),
    Unread(UnreadLine),
}

/// What a list file says of itself, in short.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListFileLine {
    bound_to: Vec<String>,
    backup_of: Option<Timestamp>,
    lists: BTreeMap<&'static str, u64>,
    used: u64,
    size: u64,
    #[serde(flatten)]
    tokens: TokenState,
    next: Vec<NextStep>,
    #[serde(skip)]
    uris: Vec<String>,
}

/// Why a file could not be asked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UnreadLine {
    code: &'static str,
    error: String,
    #[serde(skip)]
    briefly: String,
}

/// What is to be done with a list file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum NextStep {
    /// Its tokens are due, or gone.
    Publish,
    /// It is nearly full, and nothing waits for that.
    ConfigureSpare,
    /// The same, and its template has no number for another list.
    InitAnother,
    /// It is a copy, or was moved.
    ConfigureMoved,
    /// It is a backup.
    RestoreOrRemove,
}

/// A list file is nearly full when less than one in so many entries of its open lists is left.
const NEARLY_FULL: u64 = 5;

pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    if let Some(name) = &args.entry {
        let folder = quote(&args.target);
        let message = format!("--entry is for one list file, and {folder} is a pool");
        let name = quote(name.to_string());
        return Err(Error::refused(message).hint(format!("statuslist get {folder} {name}")));
    }
    let pool = Pool::to_read(&args.target, args.wait.time())?;
    let now = context.clock.now();
    let Survey { members, remarks } =
        pool.ask_about(|_, snapshot| ListFileLine::of(snapshot, now).map(Some));
    let verdict = not_asked(&remarks).or_else(|| twice(&members).map(Error::from));
    let exposed = members
        .iter()
        .filter_map(|member| exposure::warn_if_readable(&member.file));
    let warnings = exposed.collect();
    let mut answer = Answer::report(PoolShown {
        kind: "pool",
        pool: args.target.display().to_string(),
        files: FileShown::all(members, &remarks),
    });
    answer.warnings = warnings;
    answer.verdict = verdict;
    Ok(answer)
}

/// Says that files could not be asked, after the others are shown.
fn not_asked(remarks: &Remarks) -> Option<Error> {
    let count = remarks.unread.len();
    if count == 0 {
        return None;
    }
    let files = counted(count as u64, "file", "files");
    let names = remarks.unread.iter();
    let names: Vec<_> = names
        .map(|unread| unread.file.display().to_string())
        .collect();
    Some(
        Error::io(format!("{files} of the pool could not be asked"))
            .hint("mend what is named above, or move it away")
            .detail("unread", names),
    )
}

/// The first uri that two list files have; a backup has those of its original.
fn twice(members: &[Member<ListFileLine>]) -> Option<PoolError> {
    let mut seen: HashMap<&str, &Path> = HashMap::new();
    let in_use = |member: &&Member<ListFileLine>| member.answer.backup_of.is_none();
    for Member { file, answer } in members.iter().filter(in_use) {
        for uri in &answer.uris {
            if let Some(first) = seen.insert(uri, file) {
                return Some(PoolError::Twice {
                    what: ListedUnder::Uri(uri.clone()),
                    first: first.to_owned(),
                    second: file.clone(),
                });
            }
        }
    }
    None
}

impl FileShown {
    /// Those that answered and those that did not, by name.
    fn all(members: Vec<Member<ListFileLine>>, remarks: &Remarks) -> Vec<Self> {
        let read = members.into_iter().map(|member| Self {
            file: member.file,
            found: FileFound::ListFile(Box::new(member.answer)),
        });
        let unread = remarks.unread.iter().map(|unread| Self::unread(unread));
        let mut files: Vec<_> = read.chain(unread).collect();
        files.sort_by(|one, other| one.file.cmp(&other.file));
        files
    }

    fn unread(unread: &Unread) -> Self {
        Self {
            file: unread.file.clone(),
            found: FileFound::Unread(UnreadLine {
                code: error_of(unread).code.name(),
                error: why(unread),
                briefly: briefly(unread),
            }),
        }
    }
}

impl ListFileLine {
    fn of(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Self, StoreError> {
        let lists = snapshot.lists()?;
        let mut states = BTreeMap::new();
        let mut uris = Vec::new();
        for list in &lists {
            *states.entry(state(list)).or_default() += 1;
            uris.extend(snapshot.uris(list.number)?.into_iter().map(|uri| uri.uri));
        }
        let used = |list: &&ListRow| list.state != ListState::Retired;
        let in_use = || lists.iter().filter(used);
        let backup_of = snapshot.copied_at();
        let tokens = token_state(snapshot, &lists, now)?;
        let mut next = Vec::new();
        if backup_of.is_some() {
            next.push(NextStep::RestoreOrRemove);
        } else {
            let is_copy = snapshot.whereabouts()? == Whereabouts::Elsewhere;
            next.extend(is_copy.then_some(NextStep::ConfigureMoved));
            next.extend((tokens != TokenState::Valid).then_some(NextStep::Publish));
            next.extend(room_step(snapshot, &lists));
        }
        Ok(Self {
            bound_to: snapshot.series().bound_to.clone(),
            backup_of,
            lists: states,
            used: in_use().map(|list| list.taken).sum(),
            size: in_use().map(|list| list.size.entries()).sum(),
            tokens,
            next,
            uris,
        })
    }
}

/// What a list is called: one that has handed out all is full, whatever it is marked as.
fn state(list: &ListRow) -> &'static str {
    match list.state {
        ListState::Open if list.free() == 0 => ListState::Full.name(),
        state => state.name(),
    }
}

/// What is to be done so that a list file does not end.
fn room_step(snapshot: &Snapshot<'_>, lists: &[ListRow]) -> Option<NextStep> {
    if lists.iter().any(|list| list.state == ListState::Spare) {
        return None;
    }
    let open = || lists.iter().filter(|list| list.hands_out());
    let size: u64 = open().map(|list| list.size.entries()).sum();
    let left: u64 = open().map(ListRow::free).sum();
    if left >= size / NEARLY_FULL && left > 0 {
        return None;
    }
    Some(if rolls_over(&snapshot.series().views) {
        NextStep::ConfigureSpare
    } else {
        NextStep::InitAnother
    })
}

impl NextStep {
    const fn words(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::ConfigureSpare => "configure --spare",
            Self::InitAnother => "init another",
            Self::ConfigureMoved => "configure --moved, or move away",
            Self::RestoreOrRemove => "restore, or move away",
        }
    }
}

impl fmt::Display for PoolShown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEADING: [&str; COLUMNS] = ["FILE", "BOUND TO", "LISTS", "USED", "TOKENS", "NEXT"];
        let heading = HEADING.map(str::to_owned);
        let rows: Vec<_> = self.files.iter().map(FileShown::row).collect();
        let whole = |row: &&Vec<String>| row.len() == COLUMNS;
        let mut widths = [0; COLUMNS];
        for row in rows
            .iter()
            .filter(whole)
            .map(Vec::as_slice)
            .chain([&heading[..]])
        {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in &rows {
            widths[0] = widths[0].max(row[0].chars().count());
        }
        for row in std::iter::once(&heading[..]).chain(rows.iter().map(Vec::as_slice)) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(widths) {
                let cell = format!("{cell:<width$}  ");
                line.push_str(&cell);
            }
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// How many columns the table has.
const COLUMNS: usize = 6;

impl FileShown {
    fn row(&self) -> Vec<String> {
        let file = quote(&self.file);
        let line = match &self.found {
            FileFound::Unread(unread) => return vec![file, unread.briefly.clone()],
            FileFound::ListFile(line) => line,
        };
        let join = |words: Vec<String>| {
            if words.is_empty() {
                "-".to_owned()
            } else {
                words.join(", ")
            }
        };
        let bound_to = if line.bound_to.is_empty() {
            "all types".to_owned()
        } else {
            let types = line.bound_to.iter();
            join(types.map(|one| escaped(one)).collect())
        };
        let lists = line.lists.iter();
        let next = line.next.iter();
        vec![
            file,
            bound_to,
            join(
                lists
                    .map(|(state, count)| format!("{count} {state}"))
                    .collect(),
            ),
            format!("{} of {}", line.used, line.size),
            match line.backup_of {
                Some(_) => "backup".to_owned(),
                None => line.tokens.words().to_owned(),
            },
            join(next.map(|step| step.words().to_owned()).collect()),
        ]
    }
}

fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}
