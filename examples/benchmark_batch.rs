//! Times batches of a million lines, and shows each figure next to the required one.
//!
//! Usage: `cargo build --release && cargo run --release --example benchmark_batch [--huge] [RUNS]`
//!
//! `--huge` adds a file of 10^7 lines, once. The files are made below `target/release`, so on a
//! real disk, and removed at the end. Every run starts from a fresh copy of its list.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::error::Error;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use uuid::Builder;
use wait4::Wait4;

const RUNS: usize = 3;
const MILLION: u64 = 1_000_000;
const MEBIBYTE: u64 = 1 << 20;

/// The program, and a folder to run it in.
///
/// What is held in memory here (below 100 MiB) must stay less than what is measured: Linux counts
/// the peak of the parent for a child too.
struct Bench {
    program: PathBuf,
    folder: TempDir,
    runs: usize,
}

/// One kind of work.
struct Work {
    name: &'static str,
    list: &'static str,
    options: &'static [&'static str],
    seconds: Option<u64>,
    mebibytes: u64,
}

/// What a run took.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    user: Duration,
    system: Duration,
    peak: u64,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut runs = RUNS;
    let mut huge = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--huge" => huge = true,
            number => runs = number.parse::<usize>()?.clamp(1, 100),
        }
    }
    let bench = Bench::new(runs)?;
    println!("whole processes, median of {runs} runs each (by wall time)\n");
    println!("10^6 lines               wall      user    system  peak       required");
    bench.million()?;
    if huge {
        println!("\n10^7 lines, one run\n");
        bench.huge()?;
    }
    Ok(())
}

impl Bench {
    /// Takes the program that was built beside this example.
    fn new(runs: usize) -> Result<Self> {
        let example = std::env::current_exe()?;
        let built = example
            .ancestors()
            .nth(2)
            .ok_or("this example is in no target folder")?;
        let program = built.join("statuslist");
        if !program.is_file() {
            return Err(format!("there is no {}: cargo build --release", program.display()).into());
        }
        Ok(Self {
            folder: tempfile::tempdir_in(built)?,
            program,
            runs,
        })
    }

    fn million(&self) -> Result<()> {
        self.init("empty.slist", "1M")?;
        self.write_tokens(MILLION)?;
        self.report(
            &Work {
                name: "allocate, UUID ids",
                list: "empty.slist",
                options: &["--csv"],
                seconds: Some(4),
                mebibytes: 256,
            },
            self.runs,
        )?;
        fs::copy(self.path("copy.slist"), self.path("full.slist"))?;

        self.write_entries(|fields| format!("{}/{}", fields[2], fields[3]))?;
        let mut work = Work {
            name: "set by LIST/INDEX",
            list: "full.slist",
            options: &["--status", "revoked"],
            seconds: Some(3),
            mebibytes: 256,
        };
        self.report(&work, self.runs)?;
        self.write_entries(|fields| format!("id:{}", fields[5]))?;
        work.name = "set by token id";
        self.report(&work, self.runs)
    }

    fn huge(&self) -> Result<()> {
        self.init("empty.slist", "2^24")?;
        self.write_tokens(10 * MILLION)?;
        self.report(
            &Work {
                name: "allocate, UUID ids",
                list: "empty.slist",
                options: &["--csv"],
                seconds: None,
                mebibytes: 1024,
            },
            1,
        )
    }

    fn init(&self, file: &str, size: &str) -> Result<()> {
        if self.path(file).exists() {
            fs::remove_file(self.path(file))?;
        }
        let mut init = self.command(&["init", file, "--size", size, "--quiet"]);
        init.args(["--uri", "https://example.com/{n}.jwt"]);
        // Each run takes a copy, which would hand out nothing elsewhere.
        let travel = self.command(&["configure", file, "--anywhere", "--quiet"]);
        for mut command in [init, travel] {
            command.stdout(Stdio::null()).stderr(Stdio::null());
            match command.status()? {
                done if done.success() => (),
                failed => return Err(format!("statuslist: {failed}").into()),
            }
        }
        Ok(())
    }

    /// Writes allocations with random UUIDs, the same ones in each run.
    fn write_tokens(&self, count: u64) -> Result<()> {
        let mut random = Random(1);
        let mut file = self.create("operations")?;
        for _ in 0..count {
            let bytes = (u128::from(random.next()) << 64 | u128::from(random.next())).to_be_bytes();
            let uuid = Builder::from_random_bytes(bytes).into_uuid();
            writeln!(file, r#"{{"op":"allocate","tokenId":"{uuid}"}}"#)?;
        }
        Ok(file.flush()?)
    }

    /// Writes the entries that the allocation printed, in random order.
    fn write_entries(&self, name: impl Fn(&[&str]) -> String) -> Result<()> {
        let mut names = Vec::new();
        let results = BufReader::new(fs::File::open(self.path("allocated.csv"))?);
        for line in results.lines().skip(1) {
            let line = line?;
            names.push(name(&line.split(',').collect::<Vec<_>>()));
        }
        let mut random = Random(2);
        for last in (1..names.len()).rev() {
            let other = usize::try_from(random.next() % (last as u64 + 1))?;
            names.swap(last, other);
        }
        let mut file = self.create("operations")?;
        for name in names {
            writeln!(file, "{name}")?;
        }
        Ok(file.flush()?)
    }

    fn report(&self, work: &Work, runs: usize) -> Result<()> {
        let costs: Result<Vec<_>> = (0..runs).map(|_| self.run(work)).collect();
        let mut costs = costs?;
        costs.sort_unstable_by_key(|cost| cost.wall);
        let cost = costs[costs.len() / 2];
        let time = work
            .seconds
            .map_or(String::new(), |limit| format!("under {limit} s, "));
        let within = cost.peak <= work.mebibytes * MEBIBYTE
            && work
                .seconds
                .is_none_or(|limit| cost.wall < Duration::from_secs(limit));
        println!(
            "{:<19}  {}  {}  {}  {:>4} MiB   {time}under {} MiB{}",
            work.name,
            seconds(cost.wall),
            seconds(cost.user),
            seconds(cost.system),
            cost.peak.div_ceil(MEBIBYTE),
            work.mebibytes,
            if within { "" } else { "   MISSED" },
        );
        Ok(())
    }

    /// Runs a batch on a fresh copy of its list.
    fn run(&self, work: &Work) -> Result<Cost> {
        fs::copy(self.path(work.list), self.path("copy.slist"))?;
        let allocates = work.options.contains(&"--csv");
        let results = if allocates {
            "allocated.csv"
        } else {
            "changed.jsonl"
        };
        let results = self.create(results)?.into_inner()?;
        let mut command = self.command(&["batch", "copy.slist", "operations", "--quiet"]);
        command.args(work.options).stdout(results);
        let start = Instant::now();
        let done = command.spawn()?.wait4()?;
        let wall = start.elapsed();
        if !done.status.success() {
            return Err(format!("statuslist batch: {}", done.status).into());
        }
        Ok(Cost {
            wall,
            user: done.rusage.utime,
            system: done.rusage.stime,
            peak: done.rusage.maxrss,
        })
    }

    fn create(&self, name: &str) -> Result<BufWriter<fs::File>> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        Ok(BufWriter::new(options.open(self.path(name))?))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, line: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(line)
            .current_dir(&self.folder)
            .env_clear()
            .stdin(Stdio::null());
        command
    }
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

fn seconds(time: Duration) -> String {
    format!("{:>6.2} s", time.as_secs_f64())
}
