//! `generate` (hidden): completions, man pages, and the schema of the settings file, for packages.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Command, ValueEnum};
use clap_complete::Shell;

use super::init::settings_of_a_list;
use super::{Answer, Context, Error, Facts, Written, settings};
use crate::disk::{DiskError, Visibility, replace};

/// Writes the completions, the man pages, and the schema of the settings file.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The folder that gets `completions/` and `man/`.
    pub to: PathBuf,
}

/// One generated file: its path below the folder, and its bytes.
pub(crate) type Generated = (PathBuf, Vec<u8>);

/// Runs the command.
///
/// # Errors
/// The disk fails.
pub(crate) fn run(args: &Args, _: &Context<'_>, command: &Command) -> Result<Answer, Error> {
    let files =
        files(command).map_err(|source| Error::io("cannot render a page").because_of(&source))?;
    for folder in ["completions", "man"] {
        let folder = args.to.join(folder);
        std::fs::create_dir_all(&folder)
            .map_err(|source| DiskError::new("make", &folder, source))?;
    }
    let mut written = Written::default();
    let count = files.len();
    for (path, bytes) in files {
        let path = args.to.join(path);
        written.before(replace(&path, &bytes, Visibility::Public))?;
        written.add(path.display().to_string());
    }
    let facts = serde_json::json!({ "files": count });
    let note = format!("wrote {count} files");
    Ok(Answer::report(Facts(facts)).wrote(written).note(note))
}

/// Renders every completion and man page, and the schema.
///
/// # Errors
/// Rendering fails.
pub(crate) fn files(command: &Command) -> std::io::Result<Vec<Generated>> {
    let mut files = Vec::new();
    for &shell in Shell::value_variants() {
        let mut bytes = Vec::new();
        let mut command = command.clone();
        clap_complete::generate(shell, &mut command, "statuslist", &mut bytes);
        let name = clap_complete::Generator::file_name(&shell, "statuslist");
        files.push((PathBuf::from("completions").join(name), bytes));
    }
    let mut command = command.clone().disable_help_subcommand(true);
    command.build();
    files.push(schema(&command)?);
    files.push(page(&command, "statuslist")?);
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        files.push(page(sub, &format!("statuslist-{}", sub.get_name()))?);
    }
    Ok(files)
}

/// The schema of the settings file, beside what else completes what is typed.
fn schema(command: &Command) -> std::io::Result<Generated> {
    let init = command.find_subcommand("init").unwrap_or(command);
    let schema = settings::schema(&settings_of_a_list(), init);
    let mut bytes = serde_json::to_vec_pretty(&schema)?;
    bytes.push(b'\n');
    Ok((
        PathBuf::from("completions/statuslist.toml.schema.json"),
        bytes,
    ))
}

fn page(command: &Command, name: &str) -> std::io::Result<Generated> {
    let mut bytes = Vec::new();
    // A page has the date of its version, so that the same sources give the same pages.
    clap_mangen::Man::new(command.clone().name(name.to_owned()))
        .title(name.to_uppercase())
        .date("2026-11-20")
        .source(concat!("statuslist ", env!("CARGO_PKG_VERSION")))
        .manual("statuslist")
        .render(&mut bytes)?;
    // mandoc refuses an empty line between two line breaks.
    let mut text = String::from_utf8_lossy(&bytes).replace(".br\n\n.br\n", ".sp\n");
    if let Some(codes) = command.get_after_help() {
        let start = text.find(".SH EXTRA\n").unwrap_or(text.len());
        let end = text.find(".SH VERSION\n").unwrap_or(text.len());
        text.replace_range(start..end, &exit_codes(&codes.to_string()));
    }
    Ok((PathBuf::from(format!("man/{name}.1")), text.into_bytes()))
}

/// Makes a section of what stands behind the help: a heading, and numbers with what they mean.
fn exit_codes(help: &str) -> String {
    let mut section = ".SH \"EXIT CODES\"\n".to_owned();
    for line in help.lines().skip(1) {
        let line = line.trim();
        let meaning = match line.split_once("  ") {
            Some((code, meaning)) => {
                section.extend([".TP\n\\fB", code, "\\fR\n"]);
                meaning
            }
            None => line,
        };
        section.push_str(&meaning.replace('-', "\\-"));
        section.push('\n');
    }
    section
}
