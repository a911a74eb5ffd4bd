//! How long commands wait for each other: 8 shells that run 200 `set` commands each, on one file.
//!
//! ```text
//! cargo build --release && cargo run --release --example contention
//! ```

#![expect(clippy::print_stdout, reason = "it prints what it measures")]
#![expect(clippy::cast_precision_loss, reason = "a rate for people")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const SHELLS: usize = 8;
const COMMANDS: usize = 200;

/// What the 99th percentile must stay below.
const LIMIT: Duration = Duration::from_millis(200);

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    // The program lies beside the folder of the examples.
    let program = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None => std::env::current_exe()?.with_file_name("../statuslist"),
    };
    let folder = tempfile::tempdir_in(".")?;
    let file = folder.path().join("list.slist");
    let run = |arguments: &[&str]| run(&program, &file, arguments);
    run(&[
        "init",
        "--uri",
        "https://example.com/{n}.jwt",
        "--size",
        "1M",
        "--bits",
        "2",
    ])?;
    let printed = run(&["allocate", "--count", &SHELLS.to_string()])?;
    let entries: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    let alone = (0..COMMANDS)
        .map(|command| timed(|| run(&["set", entries[0], STATUSES[command % 2]])))
        .collect::<Result<Vec<_>, _>>()?;

    let start = Instant::now();
    let together = thread::scope(|scope| {
        let shells: Vec<_> = entries
            .iter()
            .map(|entry| {
                scope.spawn(move || {
                    (0..COMMANDS)
                        .map(|command| timed(|| run(&["set", entry, STATUSES[command % 2]])))
                        .collect::<Result<Vec<_>, _>>()
                })
            })
            .collect();
        let mut all = Vec::new();
        for shell in shells {
            all.extend(shell.join().map_err(|_| "a shell panicked")??);
        }
        Ok::<_, Failure>(all)
    })?;
    let seconds = start.elapsed().as_secs_f64();

    report("alone", alone);
    println!(
        "{:.0} commands a second from {SHELLS} shells",
        together.len() as f64 / seconds
    );
    let percentile = report("together", together);
    println!(
        "the 99th percentile is {} the limit of {LIMIT:?}",
        if percentile < LIMIT { "below" } else { "ABOVE" }
    );
    let shown: serde_json::Value = serde_json::from_str(&run(&["inspect", "--json"])?)?;
    println!("revisions, all chained: {}", shown["revision"]);
    Ok(())
}

const STATUSES: [&str; 2] = ["suspended", "valid"];

/// Runs a command on the file, and returns what it printed.
fn run(program: &Path, file: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = Command::new(program)
        .arg(arguments[0])
        .arg(file)
        .args(&arguments[1..])
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn timed(work: impl FnOnce() -> Result<String, Failure>) -> Result<Duration, Failure> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// Prints how long the commands took, and returns the 99th percentile.
fn report(name: &str, mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "{name}: median {:.1?}, 99th percentile {:.1?}, longest {:.1?}",
        at(50),
        at(99),
        at(100)
    );
    at(99)
}
