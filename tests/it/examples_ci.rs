//! The examples of jobs run command lines that there are.

use std::path::{Path, PathBuf};

use crate::harness::Place;

/// The examples of jobs.
fn jobs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// The arguments of every `statuslist` that a file runs: from its name on to the end of the line or
/// of the command.
fn command_lines(text: &str) -> Vec<Vec<String>> {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let commands = words.filter_map(|words| {
        let is_program = |word: &&str| {
            let word = word.trim_start_matches("ExecStart=");
            word == "statuslist" || word == "/usr/local/bin/statuslist"
        };
        // In a cron table the user of that name stands before.
        let place = words.iter().rposition(is_program)?;
        let arguments = words[place + 1..].iter();
        let arguments = arguments.take_while(|word| !matches!(**word, "&&" | "||" | ";" | "|"));
        let arguments = arguments.filter(|word| !word.starts_with('>'));
        Some(
            arguments
                .map(|word| word.trim_matches('"').to_owned())
                .collect(),
        )
    });
    let is_command = |arguments: &Vec<String>| {
        let first = arguments.first();
        first.is_some_and(|first| {
            first
                .chars()
                .all(|character| character.is_ascii_lowercase())
        })
    };
    commands.filter(is_command).collect()
}

#[test]
fn every_command_line_is_understood() {
    let place = Place::new();
    let mut found = 0;
    for file in jobs() {
        let text = std::fs::read_to_string(&file).unwrap();
        for arguments in command_lines(&text) {
            // There is nothing here to work on, so it fails; but not for how it was called.
            let run = place.run(&arguments);
            assert!(
                matches!(run.code, 1 | 4),
                "{}: {arguments:?}: exit {}: {}",
                file.display(),
                run.code,
                run.stderr
            );
            assert!(
                matches!(arguments[0].as_str(), "publish" | "check"),
                "{arguments:?}"
            );
            found += 1;
        }
    }
    assert_eq!(found, 10);
    assert!(place.files().is_empty(), "{:?}", place.files());
}

#[test]
fn every_job_says_where_the_list_file_lives() {
    for file in jobs() {
        let text = std::fs::read_to_string(&file).unwrap();
        if !command_lines(&text).is_empty() {
            let answer = "# Where does the list file live? ";
            assert!(text.contains(answer), "{}", file.display());
        }
    }
}
