//! Times whole runs of the program and shows each figure next to the required one.
//!
//! Usage: `cargo build --release && cargo run --release --example benchmark [RUNS]`
//!
//! The lists are made below `target/release`, so on a real disk, and removed at the end. Commands
//! that are compared run in turn (A B A B …), so that a busy machine slows both.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::error::Error;
use std::fmt::{self, Write as _};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Few enough to wait for, enough for a steady median.
const RUNS: usize = 41;

/// How much longer a command may take on 10^8 entries than on 10^5.
const RATIO: f64 = 1.3;

/// The program, and a folder to run it in.
struct Bench {
    program: PathBuf,
    folder: TempDir,
    runs: usize,
}

/// What many runs of one command took.
struct Times {
    median: Duration,
    /// What a busy machine disturbs least.
    fastest: Duration,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let bench = Bench::new()?;
    println!(
        "whole processes, {} runs each: median (fastest)",
        bench.runs
    );
    bench.compare_sizes()?;
    bench.time_tokens()
}

impl Bench {
    /// Takes the program that was built beside this example.
    fn new() -> Result<Self> {
        let example = std::env::current_exe()?;
        let built = example
            .ancestors()
            .nth(2)
            .ok_or("this example is in no target folder")?;
        let program = built.join("statuslist");
        if !program.is_file() {
            return Err(format!("there is no {}: cargo build --release", program.display()).into());
        }
        let runs = match std::env::args().nth(1) {
            Some(runs) => runs.parse::<usize>()?.clamp(1, 1_000),
            None => RUNS,
        };
        Ok(Self {
            folder: tempfile::tempdir_in(built)?,
            program,
            runs,
        })
    }

    /// The same commands on 10^5 entries and on 10^8 entries.
    fn compare_sizes(&self) -> Result<()> {
        const LISTS: [(&str, &str, usize); 2] = [
            ("small.slist", "100k", 1_000),
            ("large.slist", "100M", 1_000_000),
        ];
        let mut entries = LISTS.map(|_| Vec::new());
        for (entries, (file, size, count)) in entries.iter_mut().zip(LISTS) {
            self.init(file, size)?;
            *entries = self.allocate(file, count)?;
        }
        let [small, large] = entries;
        println!("\n10^5 entries with 10^3 token ids, and 10^8 entries with 10^6 token ids:\n");
        println!(
            "            10^5                     10^8                     ratio        required"
        );
        for work in ["get INDEX", "get id:", "set", "allocate"] {
            let mut times = [Vec::new(), Vec::new()];
            for (run, pair) in small.iter().zip(&large).enumerate() {
                let (known, new) = (format!("id:credential-{run}"), format!("new-{run}"));
                for (side, entry) in [pair.0, pair.1].into_iter().enumerate() {
                    let file = LISTS[side].0;
                    times[side].push(self.time(&match work {
                        "get INDEX" => vec!["get", file, entry],
                        "get id:" => vec!["get", file, &known],
                        "set" => vec!["set", file, entry, "revoked"],
                        _ => vec!["allocate", file, "--token-id", &new],
                    })?);
                }
            }
            let [small, large] = times.map(Times::of);
            println!(
                "{work:<10}  {small}  {large}  {:.2} ({:.2})  at most {RATIO}",
                ratio(large.median, small.median),
                ratio(large.fastest, small.fastest),
            );
        }
        Ok(())
    }

    /// Starting, signing and inspecting, against fixed limits.
    fn time_tokens(&self) -> Result<()> {
        let file = "million.slist";
        self.init(file, "1M")?;
        self.output(&["allocate", file, "--count", "10000", "--status", "revoked"])?;
        let public = self.output(&["keygen", "key.pem"])?;
        self.write("key.jwk", &public)?;
        println!("\n10^6 entries, 1 % of them revoked:\n");
        println!("                      time                     required");
        let work: [(&str, &[&str], u64); 3] = [
            ("--version", &["--version"], 5),
            (
                "sign",
                &["sign", file, "--key", "key.pem", "-o", "token.jwt"],
                100,
            ),
            (
                "inspect, with --key",
                &["inspect", "token.jwt", "--key", "key.jwk"],
                30,
            ),
        ];
        for (name, line, limit) in work {
            let times: Result<Vec<_>> = (0..self.runs).map(|_| self.time(line)).collect();
            let time = Times::of(times?);
            println!("{name:<20}  {time}  under {limit} ms");
        }
        Ok(())
    }

    fn init(&self, file: &str, size: &str) -> Result<()> {
        let uri = format!("https://example.com/{file}/{{n}}.jwt");
        self.output(&["init", file, "--size", size, "--uri", &uri])?;
        Ok(())
    }

    /// Hands out entries with token ids, and returns as many as there are runs.
    fn allocate(&self, file: &str, count: usize) -> Result<Vec<String>> {
        let mut operations = "op,tokenId\n".to_owned();
        for number in 0..count {
            writeln!(operations, "allocate,credential-{number}")?;
        }
        self.write("operations.csv", &operations)?;
        self.output(&["batch", file, "operations.csv"])?;
        (0..self.runs)
            .map(|number| {
                let entry = self.output(&["get", file, &format!("id:credential-{number}")])?;
                let (label, rest) = entry.split_once(char::is_whitespace).unwrap_or_default();
                let name = rest.lines().next().unwrap_or_default().trim();
                if label == "entry:" {
                    Ok(name.to_owned())
                } else {
                    Err(format!("get shows no entry, but '{entry}'").into())
                }
            })
            .collect()
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(self.folder.path().join(name))?;
        file.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Runs what must succeed, and returns its standard output.
    fn output(&self, line: &[&str]) -> Result<String> {
        let done = self.command(line).output()?;
        if !done.status.success() {
            let reason = String::from_utf8_lossy(&done.stderr);
            return Err(format!("statuslist {}: {}\n{reason}", line[0], done.status).into());
        }
        Ok(String::from_utf8(done.stdout)?)
    }

    /// Times what must succeed, from its start to its end.
    fn time(&self, line: &[&str]) -> Result<Duration> {
        let mut command = self.command(line);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status()?;
        let time = start.elapsed();
        if status.success() {
            Ok(time)
        } else {
            Err(format!("statuslist {}: {status}", line.join(" ")).into())
        }
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(line)
            .current_dir(&self.folder)
            .env_clear()
            .stdin(Stdio::null());
        command
    }
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self {
            median: times[times.len() / 2],
            fastest: times[0],
        }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
        let (median, fastest) = (milliseconds(self.median), milliseconds(self.fastest));
        write!(formatter, "{median:>7.2} ms ({fastest:>7.2} ms)")
    }
}

fn ratio(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64()
}
