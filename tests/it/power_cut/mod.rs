//! A power cut at any moment: no acknowledged revision is lost, and the list file agrees with
//! itself.
//!
//! A preloaded recorder writes down what the program does to the disk. For every moment between
//! two of its calls, several contents of the folder are built that a power cut could leave: writes
//! that were not synced are dropped, reordered or torn at 512 bytes, names that were not synced
//! are dropped. Each is opened with the real store. Controls with fewer syncs show that the
//! harness sees losses and damage.

mod disk;
mod recording;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use statuslist::store::{Access, Store};
use tempfile::TempDir;

use self::disk::{Content, Disk, Promise, Random};
use self::recording::{Call, Recorder};

const FILE: &str = "list.slist";
const JOURNAL: &str = "list.slist-journal";

/// How many contents are tried for each moment.
const SAMPLES: u64 = 8;

/// How many where there is time.
const MANY_SAMPLES: u64 = 100;

#[test]
fn nothing_acknowledged_is_lost_where_names_are_synced_with_files() {
    nothing_is_lost(Promise::Ordered, SAMPLES);
}

#[test]
fn nothing_acknowledged_is_lost_where_names_are_synced_with_folders_alone() {
    nothing_is_lost(Promise::Strict, SAMPLES);
}

#[test]
#[ignore = "takes half a minute"]
fn nothing_acknowledged_is_lost_in_many_more_states() {
    nothing_is_lost(Promise::Ordered, MANY_SAMPLES);
    nothing_is_lost(Promise::Strict, MANY_SAMPLES);
}

#[expect(
    clippy::print_stdout,
    reason = "how much was tried, for whoever asks with --nocapture"
)]
fn nothing_is_lost(promise: Promise, samples: u64) {
    let found = try_all(promise, samples, |_, _| true);
    assert_eq!(found.faults(), 0, "{found:?}");
    assert!(found.states > 500, "{found:?}");
    println!("{promise:?}: {} states, no fault", found.states);
}

/// Whoever copies a list file while a change is being written, or after a process was killed,
/// and leaves the journal out, may have half of a change. That is seen, or the copy is whole.
#[test]
fn a_copy_without_its_journal_is_whole_or_refused() {
    let recording = &*RECORDING;
    let folder = fast_folder();
    let mut disk = Disk::new(Promise::Strict, &recording.before);
    let (mut whole, mut refused) = (0, 0);
    for call in &recording.calls {
        disk.apply(call);
        if matches!(call, Call::Write(name, ..) if name == FILE) {
            let mut copy = disk.content();
            copy.remove(JOURNAL).unwrap();
            match try_one(folder.path(), &copy, recording.first) {
                Ok(()) => whole += 1,
                Err(Fault::Damaged(_)) => refused += 1,
                Err(Fault::Lost(text)) => panic!("{text}"),
            }
        }
    }
    // The last write of each revision completes it.
    assert!(
        whole >= 5 && refused > 20,
        "{whole} whole, {refused} refused"
    );
}

/// What SQLite's default, `synchronous=FULL`, leaves out: to sync the folder after the journal is
/// removed.
#[test]
fn control_without_the_sync_of_the_removed_journal_acknowledged_revisions_are_lost() {
    for promise in [Promise::Ordered, Promise::Strict] {
        let found = try_all(promise, SAMPLES, |before, call| {
            !(is_sync_of("", call) && before == Some(&Call::Unlink(JOURNAL.to_owned())))
        });
        assert!(found.lost > 0, "{promise:?}: {found:?}");
        assert_eq!(found.damaged, 0, "{promise:?}: {found:?}");
    }
}

#[test]
fn control_without_the_sync_of_the_journal_the_file_is_damaged() {
    let found = try_all(Promise::Ordered, SAMPLES, |_, call| {
        !is_sync_of(JOURNAL, call)
    });
    assert!(found.damaged > 0, "{found:?}");
}

#[test]
fn control_without_the_sync_of_the_file_it_is_damaged() {
    let found = try_all(Promise::Strict, SAMPLES, |_, call| !is_sync_of(FILE, call));
    assert!(found.damaged > 0, "{found:?}");
}

fn is_sync_of(name: &str, call: &Call) -> bool {
    matches!(call, Call::Sync(synced) if synced == name)
}

/// The calls of several commands, each of which makes one revision.
struct Recording {
    before: Content,
    calls: Vec<Call>,
    /// The chain value of each revision, from the first on.
    chain: Vec<[u8; 32]>,
    /// The newest revision before the first call.
    first: i64,
}

static RECORDING: LazyLock<Recording> = LazyLock::new(|| {
    // The first command takes the file to another format.
    let place = crate::formats::fixture(1);
    let entries = ["0/826", "0/785"];
    let scratch = fast_folder();
    let recorder = Recorder::new(scratch.path());
    let before = content(&place.path(""));
    let commands: [&[&str]; 5] = [
        &["set", FILE, entries[0], "suspended"],
        &[
            "set",
            FILE,
            entries[1],
            "revoked",
            "--reason",
            "keyCompromise",
        ],
        &["allocate", FILE, "--token-id", "a", "--token-id", "b"],
        &["set", FILE, entries[0], "valid", "--note", "found again"],
        &[
            "set",
            FILE,
            entries[0],
            "valid",
            "--op-id",
            "nothing changes",
        ],
    ];
    let mut calls = Vec::new();
    let mut disk = Disk::new(Promise::Strict, &before);
    for command in commands {
        let of_one = recorder.record(&place, command);
        assert!(of_one.contains(&Call::Acknowledge));
        for call in &of_one {
            disk.apply(call);
        }
        assert!(
            disk.content() == content(&place.path("")),
            "a call was not recorded"
        );
        calls.extend(of_one);
        calls.dedup_by(|one, two| *one == Call::Acknowledge && one == two);
    }
    let chain = chain(&place.path(FILE));
    Recording {
        before,
        calls,
        first: i64::try_from(chain.len() - commands.len()).unwrap(),
        chain,
    }
});

fn chain(file: &Path) -> Vec<[u8; 32]> {
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut statement = connection
        .prepare("SELECT chain FROM event ORDER BY rev")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// What was found in all states that were tried.
#[derive(Debug, Default)]
struct Found {
    /// Different states.
    states: usize,
    /// States in which an acknowledged revision was missing.
    lost: usize,
    /// States that the store refused, or whose history was not a beginning of the real one.
    damaged: usize,
    /// The first fault.
    example: Option<String>,
}

impl Found {
    fn faults(&self) -> usize {
        self.lost + self.damaged
    }
}

enum Fault {
    Lost(String),
    Damaged(String),
}

/// Cuts the power at every moment of the recording, without the calls that `kept` refuses. It is
/// given the call before, too.
fn try_all(promise: Promise, samples: u64, kept: impl Fn(Option<&Call>, &Call) -> bool) -> Found {
    let recording = &*RECORDING;
    let calls: Vec<&Call> = (0..recording.calls.len())
        .filter(|at| {
            let before = at.checked_sub(1).map(|before| &recording.calls[before]);
            kept(before, &recording.calls[*at])
        })
        .map(|at| &recording.calls[at])
        .collect();
    let found = Mutex::new(Found::default());
    let tried = Mutex::new(HashSet::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for part in 0..threads {
            let (calls, found, tried) = (&calls, &found, &tried);
            scope.spawn(move || {
                let folder = fast_folder();
                let mut disk = Disk::new(promise, &recording.before);
                let mut acknowledged = recording.first;
                for moment in 0..=calls.len() {
                    if moment % threads == part {
                        for sample in 0..samples {
                            let mut random = Random(moment as u64 * MANY_SAMPLES + sample);
                            let state = disk.crash(sample, &mut random);
                            if tried.lock().unwrap().insert(hash(&state, acknowledged)) {
                                let result = try_one(folder.path(), &state, acknowledged);
                                found.lock().unwrap().add(result, moment, sample);
                            }
                        }
                    }
                    if let Some(call) = calls.get(moment) {
                        disk.apply(call);
                        acknowledged += i64::from(**call == Call::Acknowledge);
                    }
                }
            });
        }
    });
    found.into_inner().unwrap()
}

impl Found {
    fn add(&mut self, result: Result<(), Fault>, moment: usize, sample: u64) {
        self.states += 1;
        let text = match result {
            Ok(()) => return,
            Err(Fault::Lost(text)) => {
                self.lost += 1;
                text
            }
            Err(Fault::Damaged(text)) => {
                self.damaged += 1;
                text
            }
        };
        self.example
            .get_or_insert_with(|| format!("after call {moment}, sample {sample}: {text}"));
    }
}

/// Opens what a power cut left, and makes sure that it is one of the states that the file really
/// had, and no older than what was acknowledged.
fn try_one(folder: &Path, state: &Content, acknowledged: i64) -> Result<(), Fault> {
    for entry in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, bytes) in state {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let damaged = |error: &dyn std::fmt::Display| Fault::Damaged(error.to_string());
    let store = Store::open(&folder.join(FILE), Access::Write, Duration::ZERO)
        .map_err(|error| damaged(&error))?;
    let snapshot = store.snapshot().map_err(|error| damaged(&error))?;
    snapshot.verify().map_err(|error| damaged(&error))?;
    let head = snapshot.head();
    let real = usize::try_from(head.rev - 1)
        .ok()
        .and_then(|at| RECORDING.chain.get(at));
    if real != Some(&head.chain) {
        return Err(damaged(&"a history that never was"));
    }
    if head.rev < acknowledged {
        let text = format!("at {}, acknowledged {acknowledged}", head.rev);
        return Err(Fault::Lost(text));
    }
    Ok(())
}

fn hash(state: &Content, acknowledged: i64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (state, acknowledged).hash(&mut hasher);
    hasher.finish()
}

/// A folder in memory where the machine has one: what is tried there need not survive.
pub(crate) fn fast_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn content(folder: &Path) -> Content {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}
