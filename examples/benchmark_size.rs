//! Compresses lists as large and as full as in the size table of
//! draft-ietf-oauth-status-list-21, appendix B, next to C zlib at its highest level (Python's).
//!
//! Usage: `cargo run --release --example benchmark_size [--huge]`
//!
//! One bit per entry, independent draws. `--huge` adds 10^8 entries, which takes minutes. Where
//! few entries are set, many lists are compressed, and the worst one decides. Needs python3.

#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::cast_precision_loss, reason = "three digits are shown")]

use std::error::Error;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use statuslist::token::compress;

/// Shares of entries that are set, in 1/10,000.
const RATES: [u64; 10] = [1, 10, 100, 200, 500, 1_000, 2_500, 5_000, 7_500, 10_000];

/// Answers each list (its length in 8 bytes, then its bytes) with two numbers: length of the
/// stream, and microseconds.
const PYTHON: &str = "
import sys, time, zlib
while length := sys.stdin.buffer.read(8):
    data = sys.stdin.buffer.read(int.from_bytes(length, 'little'))
    start = time.perf_counter()
    stream = zlib.compress(data, 9)
    print(len(stream), int((time.perf_counter() - start) * 1e6), flush=True)
";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let huge = std::env::args().nth(1).is_some_and(|flag| flag == "--huge");
    let mut zlib = Zlib::start()?;
    let mut missed = 0;
    println!("mean size in bytes and mean time in ms; required: never above C zlib 9,");
    println!("and from 0.1 % to 10 % of 10^6 entries at least 7 % below it\n");
    println!("  entries        set   lists       size   C zlib 9   ratio   worst      ms  C zlib");
    for size in [100_000, 1_000_000, 10_000_000, 100_000_000] {
        if size == 100_000_000 && !huge {
            continue;
        }
        for rate in RATES {
            missed += usize::from(!cell(&mut zlib, size, rate)?);
        }
    }
    zlib.process.kill()?;
    zlib.process.wait()?;
    println!("\ncells that miss their figure: {missed}");
    Ok(())
}

/// Measures one cell of the table, and tells whether it is as required.
fn cell(zlib: &mut Zlib, size: u64, rate: u64) -> Result<bool> {
    let lists = match (size, rate) {
        (100_000, 1) => 1_000,
        (100_000, 10) | (1_000_000, 1) => 50,
        (100_000, _) | (1_000_000, 10) => 5,
        _ => 1,
    };
    let (mut ours, mut theirs) = (Total::default(), Total::default());
    let mut worst: f64 = 0.0;
    let mut above = 0;
    for seed in 0..lists {
        let list = list(size, rate, seed)?;
        let start = Instant::now();
        let length = compress(&list).len() as u64;
        ours.add(length, start.elapsed());
        let (reference, time) = zlib.compress(&list)?;
        theirs.add(reference, time);
        worst = worst.max(length as f64 / reference as f64);
        above += u64::from(length > reference);
    }
    let ratio = ours.bytes as f64 / theirs.bytes as f64;
    let limit = match (size, rate) {
        (1_000_000, 10..=1_000) => 0.93,
        _ => 1.0,
    };
    let holds = worst <= limit;
    println!(
        "{size:>9}  {:>7.2} %  {lists:>6}  {:>9}  {:>9}  {ratio:>6.3}  {worst:>6.3}  {:>6.1}  {:>6.1}{}",
        rate as f64 / 100.0,
        ours.bytes / lists,
        theirs.bytes / lists,
        ours.milliseconds(lists),
        theirs.milliseconds(lists),
        if holds {
            String::new()
        } else {
            format!("  MISSED, {above} above")
        },
    );
    Ok(holds)
}

/// What several lists took together.
#[derive(Default)]
struct Total {
    bytes: u64,
    time: Duration,
}

impl Total {
    fn add(&mut self, bytes: u64, time: Duration) {
        self.bytes += bytes;
        self.time += time;
    }

    fn milliseconds(&self, lists: u64) -> f64 {
        self.time.as_secs_f64() * 1_000.0 / lists as f64
    }
}

/// Draws each entry by itself.
fn list(size: u64, rate: u64, seed: u64) -> Result<Vec<u8>> {
    let mut random = Random(seed << 40 | size << 14 | rate);
    let mut bytes = vec![0_u8; usize::try_from(size.div_ceil(8))?];
    // With 2^64 times the rate as the limit, the error is below one in 10^15.
    let limit = u128::from(rate) * (1 << 64) / 10_000;
    for index in 0..size {
        if u128::from(random.next()) < limit {
            bytes[usize::try_from(index / 8)?] |= 1 << (index % 8);
        }
    }
    Ok(bytes)
}

/// `SplitMix64`: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Python, compressing.
struct Zlib {
    process: Child,
    lists: BufWriter<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Zlib {
    fn start() -> Result<Self> {
        let mut process = Command::new("python3")
            .args(["-c", PYTHON])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("python3, for C zlib: {error}"))?;
        let lists = process.stdin.take().ok_or("python3 has no input")?;
        let answers = process.stdout.take().ok_or("python3 has no output")?;
        Ok(Self {
            process,
            lists: BufWriter::new(lists),
            answers: BufReader::new(answers),
        })
    }

    fn compress(&mut self, list: &[u8]) -> Result<(u64, Duration)> {
        self.lists.write_all(&(list.len() as u64).to_le_bytes())?;
        self.lists.write_all(list)?;
        self.lists.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let (length, time) = line.trim().split_once(' ').ok_or("python3 stopped")?;
        Ok((length.parse()?, Duration::from_micros(time.parse()?)))
    }
}
