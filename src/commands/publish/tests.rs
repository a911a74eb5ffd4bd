//! What is said of the files of retired lists. No command retires a list yet, so no process can be
//! asked.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Duration as Patience;

use clap::Parser;
use serde_json::{Value, json};

use crate::commands::answer::Body;
use crate::commands::{Answer, Clock, Command, Context, Progress, Settings};
use crate::list::{ListNumber, Timestamp};
use crate::store::{Access, Store};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

struct Silent;

impl Progress for Silent {
    fn expect(&self, _: Option<u64>) {}
    fn bytes(&self, _: u64) {}
    fn line(&self) {}
    fn done(&self) {}
}

/// A folder with a list file of one list, which is published, and a key.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        place.run(&[
            "init",
            "LIST",
            "--spare",
            "0",
            "--uri",
            "https://example.com/{n}.jwt",
        ]);
        place.run(&["keygen", "KEY"]);
        place.publish(&[]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command line; what is in upper case is a file here.
    fn run(&self, words: &[&str]) -> Answer {
        let words = words.iter().map(|word| {
            let is_file = word.chars().all(|letter| letter.is_ascii_uppercase());
            if is_file {
                self.path(word).display().to_string()
            } else {
                (*word).to_owned()
            }
        });
        let line = Line::parse_from(std::iter::once("statuslist".to_owned()).chain(words));
        let mut nothing = std::io::empty();
        let context = Context {
            clock: Clock {
                real: Timestamp::from_second(1_800_000_000),
                given: None,
                source_date: None,
            },
            read_clock: &|| Timestamp::from_second(1_800_000_000),
            settings: Settings::default(),
            environment: &|_| None,
            own_variables: Vec::new(),
            stdin: RefCell::new(&mut nothing),
            stdin_is_terminal: false,
            progress: &Silent,
            actor: "tester".to_owned(),
            random_operation_id: "test".to_owned(),
        };
        let answer = line.command.run(&context, || unreachable!());
        answer.unwrap_or_else(|error| panic!("{error:?}"))
    }

    fn publish(&self, options: &[&str]) -> Said {
        let words = ["publish", "LIST", "--to", "SITE", "--key", "KEY"];
        let Answer {
            body,
            notes,
            warnings,
            ..
        } = self.run(&[&words, options].concat());
        let Body::Report(report) = body else {
            panic!("no report");
        };
        Said {
            text: report.to_string(),
            removed: report.json().get("removed").cloned(),
            notes,
            warnings,
        }
    }
}

/// What `publish` says.
#[derive(Debug, PartialEq)]
struct Said {
    text: String,
    removed: Option<Value>,
    notes: Vec<String>,
    warnings: Vec<String>,
}

fn retired() -> Place {
    let place = Place::new();
    let store = Store::open(&place.path("LIST"), Access::Write, Patience::ZERO).unwrap();
    store.retire(ListNumber::FIRST);
    place
}

#[test]
fn what_stays_is_counted_and_what_goes_is_named() {
    let place = retired();
    let removed = json!([{ "path": "0.jwt", "listId": "0", "view": "jwt" }]);
    let mut said = Said {
        text: String::new(),
        removed: None,
        notes: vec![
            "0 files written, 0 unchanged".to_owned(),
            "1 file of retired lists stays in the site; to remove it: --prune".to_owned(),
        ],
        warnings: Vec::new(),
    };
    assert_eq!(place.publish(&[]), said);
    said = Said {
        text: "would remove 0.jwt: list 0 is retired\n".to_owned(),
        removed: Some(removed),
        notes: vec![
            "dry run: 0 files would be written, 0 unchanged, 1 would be removed".to_owned(),
        ],
        warnings: Vec::new(),
    };
    assert_eq!(place.publish(&["--prune", "-n"]), said);
    assert!(place.path("SITE/0.jwt").exists());
    said.text = "removed    0.jwt: list 0 is retired\n".to_owned();
    said.notes = vec!["0 files written, 0 unchanged, 1 removed".to_owned()];
    assert_eq!(place.publish(&["--prune"]), said);
    assert!(!place.path("SITE/0.jwt").exists());
    said.text.clear();
    said.removed = Some(json!([]));
    said.notes = vec!["0 files written, 0 unchanged, 0 removed".to_owned()];
    assert_eq!(place.publish(&["--prune"]), said);
    said.removed = None;
    said.notes = vec!["0 files written, 0 unchanged".to_owned()];
    assert_eq!(place.publish(&[]), said);
}

#[test]
fn what_is_somebody_elses_is_named_with_the_reason() {
    let place = retired();
    let token = place.path("SITE/0.jwt");
    crate::disk::replace(&token, b"theirs", crate::disk::Visibility::Public).unwrap();
    let said = place.publish(&["--prune"]);
    let warning = "0.jwt, where retired list 0 was, is not removed: it is not the file that the \
                   site's manifest describes";
    assert_eq!(said.warnings, [warning]);
    assert_eq!(said.removed, Some(json!([])));
    assert!(token.exists());
}
