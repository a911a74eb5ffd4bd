//! A folder of its own for each test, and the program run in it with a fixed clock, a fixed actor
//! and an empty environment.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The time that commands see unless a test says otherwise.
pub(crate) const NOW: &str = "2026-01-01T00:00:00Z";

/// A master seed, so that indexes are the same in every run.
pub(crate) const SEED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// The private and the public half of a key for ES256, for tests alone.
pub(crate) const PRIVATE_KEY: &str = "test-p256-pkcs8.pem";

/// A folder of its own.
pub(crate) struct Place {
    folder: TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A place with `list.slist`: 2 bits, 1,000 entries, seeded, at
    /// `https://example.com/statuslists/{n}.jwt`; and with `key.pem`.
    pub(crate) fn with_list() -> Self {
        Self::with_list_of(2, 1000)
    }

    /// The same with this many bits and entries.
    pub(crate) fn with_list_of(bits: u8, size: u64) -> Self {
        let place = Self::new();
        place.write("seed", SEED);
        place.copy_key(PRIVATE_KEY, "key.pem");
        place.ok(&[
            "init",
            "list.slist",
            "--uri",
            "https://example.com/statuslists/{n}.jwt",
            "--bits",
            &bits.to_string(),
            "--size",
            &size.to_string(),
            "--seed-file",
            "seed",
        ]);
        place
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Copies a key from `tests/keys`.
    pub(crate) fn copy_key(&self, key: &str, name: &str) {
        let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
        std::fs::copy(keys.join(key), self.path(name)).unwrap();
    }

    /// The program, ready to run here.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_statuslist"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("STATUSLIST_ACTOR", "tester")
            .env("STATUSLIST_NOW", NOW)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Run {
        self.command().args(arguments).output().unwrap().into()
    }

    /// Runs the program with this on standard input.
    pub(crate) fn run_with_input<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8]) -> Run {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || {
            // The program may stop reading early.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output.into()
    }

    /// Runs what must succeed, and returns its standard output.
    pub(crate) fn ok<S: AsRef<OsStr> + std::fmt::Debug>(&self, arguments: &[S]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        run.stdout
    }

    /// Runs what must succeed, and reads its standard output as JSON.
    pub(crate) fn json<S: AsRef<OsStr> + std::fmt::Debug>(&self, arguments: &[S]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap_or(-1),
        }
    }
}
