//! README.md: its transcripts are replayed, and its tables name what there is.
//!
//! A block marked `console` is a transcript: lines that begin with `$ ` are typed (and go on behind a
//! `\` in lines that begin with `> `), the others are what a terminal then shows. All transcripts run
//! in one folder, one after the other. To write what the program prints now into the README:
//! `SNAPSHOTS=overwrite cargo test --test it readme`, and then read it.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use snapbox::{Data, IntoData};

use crate::harness::{NOW, Place, SEED};

/// What stands in the README for the folder that the transcripts run in.
const FOLDER: &str = "/home/alice/status";

/// What the transcripts give to `batch`.
const CLASS: &str = "op,tokenId,status,reason
allocate,course-1,,
allocate,course-2,,
allocate,course-3,,
set,course-3,revoked,superseded
";

/// What they give to `init --from`.
const CARDS: &str = r#"[list]
uri = "https://example.com/cards/{n}.jwt"
bits = 2
ttl = "30m"
"#;

#[test]
fn transcripts_are_what_a_terminal_shows() {
    let place = Place::new();
    place.write("seed", SEED);
    place.write("other-seed", "ff".repeat(32));
    place.write("class.csv", CLASS);
    place.write("cards.toml", CARDS);
    let recorded = readme();
    let mut replayed = String::new();
    let mut lines = recorded.lines().peekable();
    let mut names: Vec<(String, String)> = Vec::new();
    let mut commands = 0;
    let mut inside = false;
    while let Some(line) = lines.next() {
        replayed.push_str(line);
        replayed.push('\n');
        inside = if inside {
            line != "```"
        } else {
            line == "```console"
        };
        let Some(first) = line.strip_prefix("$ ").filter(|_| inside) else {
            continue;
        };
        let mut typed = first.to_owned();
        while let Some(more) = lines.next_if(|_| typed.ends_with('\\')) {
            replayed.push_str(more);
            replayed.push('\n');
            typed.push('\n');
            typed.push_str(more.strip_prefix("> ").unwrap_or(more));
        }
        let mut expected = String::new();
        while let Some(shown) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
            expected.push_str(shown);
            expected.push('\n');
        }
        let mut shown = run(&place, &typed);
        for (random, known) in &names {
            shown = shown.replace(random, known);
        }
        if masked(&shown) == masked(&expected) {
            // What is random by design is called from here on as it was when this was recorded.
            let known = |run: &str| names.iter().any(|(_, known)| known == run);
            let fresh: Vec<_> = random_runs(&shown)
                .zip(random_runs(&expected))
                .filter(|(random, _)| !known(random))
                .map(|(random, recorded)| (random.to_owned(), recorded.to_owned()))
                .collect();
            for (random, recorded) in &fresh {
                shown = shown.replace(random, recorded);
            }
            names.extend(fresh);
        }
        replayed.push_str(&shown);
        commands += 1;
    }
    assert!(commands > 20, "only {commands} commands were found");
    snapbox::assert_data_eq!(
        replayed.into_data().raw(),
        Data::read_from(&path(), None).raw()
    );
}

#[test]
fn every_command_and_variable_is_described() {
    let readme = readme();
    let command = statuslist::cli::command();
    let mut variables = Vec::new();
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let heading = format!("### {}", sub.get_name());
        assert!(readme.lines().any(|line| line == heading), "no '{heading}'");
        variables.extend(sub.get_arguments().filter_map(clap::Arg::get_env));
    }
    variables.extend(command.get_arguments().filter_map(clap::Arg::get_env));
    variables.sort_unstable();
    variables.dedup();
    assert!(variables.len() > 10);
    for variable in variables {
        let row = format!("| `{}` |", variable.display());
        assert_eq!(readme.matches(&row).count(), 1, "{row}");
    }
}

#[test]
fn exit_codes_are_those_of_the_help() {
    let help = statuslist::cli::command().render_long_help().to_string();
    let (_, codes) = help.split_once("Exit codes:\n").unwrap();
    let codes: Vec<_> = codes
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once("  "))
        .map(|(code, _)| code.trim())
        .filter(|code| !code.is_empty())
        .collect();
    assert_eq!(codes, ["0", "1", "2", "3", "4", "5"]);
    let readme = readme();
    for code in codes {
        let row = format!("| {code} | ");
        assert!(readme.lines().any(|line| line.starts_with(&row)), "{row}");
    }
}

#[test]
fn settings_are_shown_as_in_the_example() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/statuslist.toml");
    let text = std::fs::read_to_string(&example).unwrap();
    assert!(readme().contains(&format!("```toml\n{text}```\n")));
    let place = Place::new();
    place.ok(&["keygen", "key.pem", "--config", example.to_str().unwrap()]);
}

/// Runs a line in a shell, and returns what a terminal shows of it.
fn run(place: &Place, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_statuslist"));
    let mut path = OsString::from(program.parent().unwrap());
    path.push(":/usr/bin:/bin");
    let folder = std::fs::canonicalize(place.path("")).unwrap();
    let output = Command::new("/bin/sh")
        .arg("-c")
        .arg(format!("exec 2>&1\n{line}"))
        .current_dir(&folder)
        .env_clear()
        .env("PATH", path)
        .env("STATUSLIST_ACTOR", "alice@example.com")
        .env("STATUSLIST_NOW", NOW)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    shown.replace(folder.to_str().unwrap(), FOLDER)
}

/// Finds everything that looks like 32 bytes in base64url (key ids and coordinates) or like a
/// P-256 key in Multikey form.
fn random_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_ascii_alphanumeric() || "-_".contains(character)))
        .filter(|run| run.len() == 43 || (run.len() == 49 && run.starts_with("zDn")))
}

fn masked(text: &str) -> String {
    random_runs(text).fold(text.to_owned(), |text, run| text.replace(run, "[random]"))
}

fn readme() -> String {
    std::fs::read_to_string(path()).unwrap()
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}
