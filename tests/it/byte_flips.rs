//! Bytes of a list file that flip anywhere: `inspect` sees it, or no command answers otherwise.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use clap::Parser;
use statuslist::commands::{self, Answer, Body, Clock, Context, Error, Progress, Settings};
use statuslist::list::Timestamp;
use statuslist::store::{Access, Store};

use crate::harness::{NOW, PRIVATE_KEY, Place};
use crate::index_damage::{hash, index_pages};
use crate::power_cut::fast_folder;

const FILE: &str = "list.slist";

/// Byte flips anywhere, and byte flips inside pages of indexes.
const ANYWHERE: usize = 2_000;
const IN_INDEXES: usize = 500;

const SEED: u64 = 0x5eed_0010;

/// One byte of the file, and what is added to it without carry.
#[derive(Clone, Copy, Debug)]
struct Flip {
    at: usize,
    mask: u8,
}

/// What commands answer, and the files of a site.
type Answers = (Vec<String>, BTreeMap<&'static str, Option<Vec<u8>>>);

/// The documents of the place, by number.
const DOCUMENTS: [&str; 6] = ["0", "1", "2", "3", "4", "5"];

#[test]
#[ignore = "takes a minute"]
#[expect(
    clippy::print_stdout,
    reason = "how much was tried, for whoever asks with --nocapture"
)]
fn flipped_bytes_are_seen_by_inspect_or_change_no_answer() {
    let place = busy_place();
    let bytes = place.read(FILE);
    let folder = fast_folder();
    let expected = answers(folder.path(), &bytes);
    let whole = expected.1.values().all(Option::is_some);
    assert!(whole, "{:?}", expected.0);
    let refused = expected
        .0
        .iter()
        .filter(|answer| answer.contains("\"code\""));
    assert_eq!(refused.count(), 1, "{:?}", expected.0);
    let flips = flips(&bytes, &place.path(FILE));
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    let seen = [AtomicUsize::new(0), AtomicUsize::new(0)];
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let scratch = fast_folder();
                let file = scratch.path().join(FILE);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(flip) = flips.get(number) else { break };
                    let mut damaged = bytes.clone();
                    damaged[flip.at] ^= flip.mask;
                    std::fs::write(&file, &damaged).unwrap();
                    if inspected(&file) {
                        let (found, site) = answers(scratch.path(), &damaged);
                        if let Some((found, expected)) = found
                            .iter()
                            .zip(&expected.0)
                            .find(|(found, expected)| found != expected)
                        {
                            let fault = format!("{flip:?}: {found}, and not {expected}");
                            faults.lock().unwrap().push(fault);
                        } else if site != expected.1 {
                            faults
                                .lock()
                                .unwrap()
                                .push(format!("{flip:?}: another site"));
                        }
                    } else {
                        seen[usize::from(number >= ANYWHERE)].fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let [anywhere, in_indexes] = seen.map(AtomicUsize::into_inner);
    let faults = faults.into_inner().unwrap();
    println!(
        "anywhere: {anywhere} of {ANYWHERE} seen by inspect, in indexes: {in_indexes} of \
         {IN_INDEXES}; the others change no answer"
    );
    let shown: Vec<_> = faults.iter().take(5).collect();
    assert!(faults.is_empty(), "{} faults: {shown:#?}", faults.len());
    assert!(anywhere > ANYWHERE / 8 && in_indexes > IN_INDEXES / 8);
}

/// A list file with two lists, token ids, documents, notes, expiries and publications.
fn busy_place() -> Place {
    let place = crate::index_damage::place();
    place.done("allocate list.slist --count 30 --expires-at 2027-01-01T00:00:00Z");
    place.done("allocate list.slist --index 7 --token-id 67e55044-10b1-426f-9247-bb680e5fe0c8");
    place.done("publish list.slist --to site --key key.pem");
    place.done("backup list.slist copy.slist");
    std::fs::rename(place.path("copy.slist"), place.path(FILE)).unwrap();
    place.done("restore list.slist --to site");
    let operations: String = (10..250)
        .map(|n| format!("{{\"op\":\"allocate\",\"tokenId\":\"holder-{n}\",\"expiresAt\":\"2028-01-01T00:00:00Z\"}}\n"))
        .collect();
    place.write("ops.jsonl", operations);
    place.done("batch list.slist ops.jsonl --op-id batch");
    // What is flipped is a copy.
    place.done("configure list.slist --anywhere");
    for n in [11, 17, 23, 30, 42] {
        place.done(&format!(
            "set list.slist id:holder-{n} revoked --reason keyCompromise --note 'note {n}' --op-id set{n}"
        ));
    }
    place.done("configure list.slist --ttl 30m --note shorter");
    place
}

/// Flips from a fixed seed.
fn flips(bytes: &[u8], file: &Path) -> Vec<Flip> {
    let mut state = SEED;
    let mut random = move |below: usize| {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    };
    let mask = |random: &mut dyn FnMut(usize) -> usize| u8::try_from(1 + random(255)).unwrap();
    let mut flips = Vec::new();
    for _ in 0..ANYWHERE {
        let at = random(bytes.len());
        flips.push(Flip {
            at,
            mask: mask(&mut random),
        });
    }
    let pages = index_pages(file);
    for _ in 0..IN_INDEXES {
        let page = pages[random(pages.len())];
        let at = page.start + random(page.length);
        flips.push(Flip {
            at,
            mask: mask(&mut random),
        });
    }
    flips
}

/// Whether `inspect` calls the file intact.
fn inspected(file: &Path) -> bool {
    Store::open(file, Access::Read, Duration::ZERO)
        .and_then(|store| store.snapshot()?.verify().map(drop))
        .is_ok()
}

/// What commands answer that are run one after the other, in this process: thousands would take
/// long to start.
fn answers(folder: &Path, bytes: &[u8]) -> Answers {
    let file = folder.join(FILE);
    let site = folder.join("fresh");
    let key = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/keys")
        .join(PRIVATE_KEY);
    let [file, to, key] = [&file, &site, &key].map(|path| path.to_str().unwrap());
    let _ = std::fs::remove_dir_all(&site);
    std::fs::write(file, bytes).unwrap();
    let get = |words: &[&str]| run(&[&[file], words].concat(), commands::get::run);
    let set = |words: &[&str]| run(&[&[file], words].concat(), commands::set::run);
    let allocate = |words: &[&str]| run(&[&[file], words].concat(), commands::allocate::run);
    let answers = [
        get(&[
            "id:holder-11",
            "id:holder-12",
            "id:tok3",
            "0/7",
            "--history",
        ]),
        get(&["https://example.com/lists/0.jwt#7", "id:nobody"]),
        set(&["id:holder-12", "suspended"]),
        set(&[
            "id:holder-17",
            "revoked",
            "--reason",
            "keyCompromise",
            "--note",
            "note 17",
            "--op-id",
            "set17",
        ]),
        allocate(&["--token-id", "new"]),
        allocate(&["--token-id", "holder-30", "--or-existing"]),
        allocate(&[
            "--token-id",
            "tok2",
            "--or-existing",
            "--document-hash",
            &hash(2),
        ]),
        run(
            &[file, "--to", to, "--key", key, "--new-site"],
            commands::publish::run,
        ),
    ];
    let folder = folder.to_str().unwrap();
    let answers = answers
        .map(|answer| answer.replace(folder, "PLACE"))
        .to_vec();
    let mut files = BTreeMap::new();
    for path in ["0.jwt", "0.cwt", "1.jwt", "1.cwt"] {
        files.insert(path, std::fs::read(site.join("lists").join(path)).ok());
    }
    for (n, name) in DOCUMENTS.into_iter().enumerate() {
        let of_document = site.join(format!("lists/0.ocsp/0x{}", hash(n)));
        files.insert(name, std::fs::read(of_document).ok());
    }
    (answers, files)
}

/// Runs a command, and returns its result or its error as JSON.
fn run<A: clap::Args>(
    words: &[&str],
    command: impl Fn(&A, &Context<'_>) -> Result<Answer, Error>,
) -> String {
    #[derive(clap::Parser)]
    struct Whole<A: clap::Args> {
        #[command(flatten)]
        args: A,
    }
    let whole = Whole::<A>::try_parse_from([&["statuslist"], words].concat()).unwrap();
    let now: Timestamp = NOW.parse().unwrap();
    let mut stdin = std::io::empty();
    let context = Context {
        clock: Clock {
            real: now,
            given: None,
            source_date: None,
        },
        read_clock: &|| now,
        settings: Settings::default(),
        environment: &|_| None,
        own_variables: Vec::new(),
        stdin: RefCell::new(&mut stdin),
        stdin_is_terminal: false,
        progress: &Silent,
        actor: "tester".to_owned(),
        random_operation_id: format!("random {words:?}"),
    };
    match command(&whole.args, &context) {
        Ok(Answer { body, verdict, .. }) => {
            let Body::Report(report) = body else {
                panic!("{words:?}: no report");
            };
            format!("{} {:?}", report.json(), verdict.map(|error| error.code))
        }
        Err(error) => error.json("", "").to_string(),
    }
}

/// Nobody watches.
struct Silent;

impl Progress for Silent {
    fn expect(&self, _: Option<u64>) {}
    fn bytes(&self, _: u64) {}
    fn line(&self) {}
    fn done(&self) {}
}
