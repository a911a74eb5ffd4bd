//! A folder of its own for each test, and the program run in it with a fixed clock, a fixed actor
//! and an empty environment.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use snapbox::IntoData;
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
        let secret = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(self.path(name), secret).unwrap();
    }

    /// The program, ready to run here.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_statuslist"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("STATUSLIST_ACTOR", "tester")
            .env("STATUSLIST_NOW", NOW)
            // Tests of one list say so here; those of several ask for them.
            .env("STATUSLIST_SPARE", "0")
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

    /// Runs a command line; `'…'` keeps words together.
    pub(crate) fn line(&self, line: &str) -> Run {
        self.run(&words(line))
    }

    /// Runs a command line that must succeed, and returns its standard output.
    #[track_caller]
    pub(crate) fn done(&self, line: &str) -> String {
        let run = self.line(line);
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        run.stdout
    }

    /// Runs a command line that must succeed, and returns its standard output, which need not be
    /// text.
    #[track_caller]
    pub(crate) fn bytes(&self, line: &str) -> Vec<u8> {
        let output = self.command().args(words(line)).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {stderr}");
        output.stdout
    }

    /// Runs a command line with `--json` that must succeed, and decodes what it prints; a member
    /// that the shape does not know fails the test.
    #[track_caller]
    pub(crate) fn decode<T: DeserializeOwned>(&self, line: &str) -> T {
        let stdout = self.done(&format!("{line} --json"));
        let one_line = stdout.strip_suffix('\n').unwrap();
        assert!(!one_line.contains('\n'), "{line}: {stdout}");
        match serde_json::from_str(one_line) {
            Ok(value) => value,
            Err(error) => panic!("{line}: {error}: {stdout}"),
        }
    }

    /// Compares everything that a command line prints, and its status, with a snapshot.
    #[track_caller]
    pub(crate) fn shows(&self, line: &str, expected: impl IntoData) {
        self.line(line).shows(self, expected);
    }

    /// Like [`Place::shows`] for what must be refused: besides, no file in the place changes.
    #[track_caller]
    pub(crate) fn refuses(&self, line: &str, expected: impl IntoData) {
        let before = self.files();
        let run = self.line(line);
        assert_ne!(run.code, 0, "{line}: {}{}", run.stdout, run.stderr);
        run.shows(self, expected);
        assert!(before == self.files(), "{line}: a file changed");
        if !matches!(run.code, 2) {
            // The same request for programs: the same status, and one object.
            let json = self.line(&format!("{line} --json"));
            assert_eq!(json.code, run.code, "{line}: {}", json.stderr);
            let object = json.error();
            assert!(
                run.stderr
                    .contains(&format!("error: {}", first_part(&object, &run))),
                "{line}: {object:?}"
            );
            assert!(before == self.files(), "{line} --json: a file changed");
        }
    }

    /// Every file below the place, with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), &mut files);
        files
    }

    /// The permissions of a file.
    pub(crate) fn mode(&self, name: &str) -> u32 {
        let metadata = std::fs::metadata(self.path(name)).unwrap();
        metadata.permissions().mode() & 0o7777
    }
}

impl Run {
    /// Compares everything with a snapshot; the place itself is written `PLACE`.
    #[track_caller]
    pub(crate) fn shows(&self, place: &Place, expected: impl IntoData) {
        let folder = std::fs::canonicalize(place.folder.path()).unwrap();
        let mut text = self.stdout.clone();
        if !self.stderr.is_empty() {
            text.push_str("--- stderr\n");
            text.push_str(&self.stderr);
        }
        if self.code != 0 {
            text.push_str(&format!("--- exit {}\n", self.code));
        }
        let text = text.replace(&folder.display().to_string(), "PLACE");
        snapbox::Assert::new()
            .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
            .normalize_paths(false)
            .eq(text, expected);
    }

    /// The standard output without what says that an operation was repeated, which must be there in
    /// every line.
    #[track_caller]
    pub(crate) fn of_the_first_time(&self) -> String {
        let repeated = r#","repeated":true}"#;
        let mut lines = self.stdout.lines();
        assert!(
            lines.all(|line| line.ends_with(repeated)),
            "{}",
            self.stdout
        );
        self.stdout.replace(repeated, "}")
    }

    /// The error object; a member that it should not have fails the test.
    #[track_caller]
    pub(crate) fn error(&self) -> ErrorObject {
        let last = self.stderr.lines().last().unwrap_or_default();
        match serde_json::from_str(last) {
            Ok(object) => object,
            Err(error) => panic!("{error}: {}", self.stderr),
        }
    }
}

/// What programs read on standard error.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ErrorObject {
    pub(crate) error: String,
    pub(crate) message: String,
    pub(crate) code: String,
    pub(crate) details: serde_json::Map<String, Value>,
    pub(crate) timestamp: String,
    pub(crate) request_id: String,
}

/// Whether a program is on this machine; if not, says what is skipped, past the test's capture.
pub(crate) fn is_installed(program: &str, skipped: &str) -> bool {
    let found = Command::new(program).arg("version").output().is_ok();
    if !found {
        let _ = writeln!(std::io::stderr(), "no {program} here, skipped: {skipped}");
    }
    found
}

/// The part of an error's message that stands in the line `error: `.
fn first_part(object: &ErrorObject, run: &Run) -> String {
    let line = run
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("error: "));
    let line = line.unwrap_or_default().to_owned();
    assert!(object.message.starts_with(&line), "{object:?}: {line}");
    line
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|start| u8::from_str_radix(&text[start..start + 2], 16).unwrap())
        .collect()
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in line.split('\'').enumerate() {
        if place % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            collect(&path, files);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            files.insert(path, bytes);
        }
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
