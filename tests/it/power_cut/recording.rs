//! What the program did to the disk, call by call, as `recorder.c` wrote it down.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::Place;

/// One call that changed a file, handed one to the disk, or told somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Create(String),
    Write(String, u64, Vec<u8>),
    Truncate(String, u64),
    Sync(String),
    Unlink(String),
    Rename(String, String),
    Link(String, String),
    /// The program printed that its revision is made: from here on it must not be lost.
    Acknowledge,
}

/// Compiles the recorder, and records.
pub(super) struct Recorder {
    library: PathBuf,
    log: PathBuf,
}

impl Recorder {
    pub(super) fn new(scratch: &Path) -> Self {
        let library = scratch.join("recorder.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/power_cut/recorder.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&library, &source])
            .status()
            .expect("a C compiler is there: SQLite needs one too");
        assert!(status.success(), "the recorder does not compile");
        Self {
            library,
            log: scratch.join("log"),
        }
    }

    /// Runs a command that succeeds, and returns what it did to the files of its folder.
    pub(super) fn record(&self, place: &Place, arguments: &[&str]) -> Vec<Call> {
        let _ = std::fs::remove_file(&self.log);
        let output = place
            .command()
            .args(arguments)
            .env("LD_PRELOAD", &self.library)
            .env("POWER_CUT_LOG", &self.log)
            .env("POWER_CUT_FOLDER", place.path("").canonicalize().unwrap())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let log = std::fs::read(&self.log).expect("the recorder was loaded");
        read(&log)
    }
}

fn read(log: &[u8]) -> Vec<Call> {
    let mut rest = Bytes(log);
    let mut calls = Vec::new();
    while !rest.0.is_empty() {
        let kind = rest.take(1)[0];
        let name_length = rest.number(2);
        let second_length = rest.number(2);
        let number = rest.number(8);
        let data_length = rest.number(4);
        let name = rest.text(name_length);
        let second = rest.text(second_length);
        let data = rest.take(usize::try_from(data_length).unwrap()).to_vec();
        calls.push(match kind {
            b'C' => Call::Create(name),
            b'W' => Call::Write(name, number, data),
            b'T' => Call::Truncate(name, number),
            b'S' => Call::Sync(name),
            b'U' => Call::Unlink(name),
            b'R' => Call::Rename(name, second),
            b'L' => Call::Link(name, second),
            b'A' => Call::Acknowledge,
            other => panic!("kind {other}"),
        });
    }
    calls
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (head, tail) = self.0.split_at(length);
        self.0 = tail;
        head
    }

    /// A number of this many bytes, in the machine's order.
    fn number(&mut self, length: usize) -> u64 {
        let bytes = self.take(length);
        let mut whole = [0; 8];
        if cfg!(target_endian = "little") {
            whole[..length].copy_from_slice(bytes);
        } else {
            whole[8 - length..].copy_from_slice(bytes);
        }
        u64::from_ne_bytes(whole)
    }

    fn text(&mut self, length: u64) -> String {
        let bytes = self.take(usize::try_from(length).unwrap());
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}
