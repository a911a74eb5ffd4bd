//! The only place that prints.

use std::ffi::OsString;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};

use serde_json::json;

use super::arguments::{Color, Global};
use super::environment::variable;
use super::exit::Exit;
use super::withheld::Withheld;
use crate::commands::{Answer, Body, Error};
use crate::list::Timestamp;

/// Where results, notes and errors go, and in which form.
pub(super) struct Output {
    json: bool,
    quiet: bool,
    colored: bool,
    request_id: String,
    now: Timestamp,
    withheld: Withheld,
}

impl Output {
    /// `now` is the time that errors carry.
    pub(super) fn new(
        global: &Global,
        request_id: String,
        now: Timestamp,
        withheld: Withheld,
    ) -> Self {
        let set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let colored = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto => set("FORCE_COLOR") || std::io::stderr().is_terminal(),
        };
        Self {
            json: global.json,
            quiet: global.quiet,
            colored,
            request_id,
            now,
            withheld,
        }
    }

    /// Prints what a command answers.
    pub(super) fn answer(&self, answer: &Answer) -> Exit {
        for warning in &answer.warnings {
            self.warn(warning);
        }
        if let Err(failure) = self.result(answer) {
            return match answer.unseen(&failure) {
                Some(error) => self.fail(&error),
                None => Exit::Done,
            };
        }
        if !self.quiet {
            for note in &answer.notes {
                Self::say(note);
            }
        }
        match &answer.verdict {
            Some(error) => self.fail(error),
            None => Exit::Done,
        }
    }

    /// Prints what people should worry about.
    pub(super) fn warn(&self, warning: &str) {
        if self.json {
            let object = json!({
                "warning": warning,
                "timestamp": self.now,
                "requestId": self.request_id,
            });
            self.complain(&object.to_string());
        } else {
            self.complain(&format!("{} {warning}", self.label("warning:", "33")));
        }
    }

    /// Prints an error.
    pub(super) fn fail(&self, error: &Error) -> Exit {
        if self.json {
            self.complain(
                &error
                    .json(&self.now.to_string(), &self.request_id)
                    .to_string(),
            );
        } else {
            for line in &error.lines {
                self.complain(line);
            }
            self.complain(&format!(
                "{} {}",
                self.label("error:", "1;31"),
                error.message
            ));
            for reason in &error.because {
                self.complain(&format!("{} {reason}", self.label("because:", "1")));
            }
            if let Some(hint) = &error.hint {
                self.complain(&format!("{} {hint}", self.label("hint:", "36")));
            }
        }
        error.code.into()
    }

    fn result(&self, answer: &Answer) -> std::io::Result<()> {
        let mut stdout = BufWriter::new(std::io::stdout().lock());
        match &answer.body {
            Body::Report(report) if self.json => {
                let mut object = report.json();
                if answer.dry_run {
                    object["dryRun"] = true.into();
                }
                if answer.repeated {
                    object["repeated"] = true.into();
                }
                writeln!(stdout, "{object}")?;
            }
            Body::Report(report) => write!(stdout, "{report}")?,
            Body::Stream(lines) => write!(stdout, "{lines}")?,
            Body::Bytes { report, .. } if self.json => writeln!(stdout, "{}", report.json())?,
            Body::Bytes { bytes, .. } => stdout.write_all(bytes)?,
        }
        stdout.flush()
    }

    fn label(&self, text: &str, style: &str) -> String {
        if self.colored {
            format!("\u{1b}[{style}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Says what is wrong, without what is not to be repeated.
    fn complain(&self, line: &str) {
        Self::say(&self.withheld.out_of(line));
    }

    fn say(line: &str) {
        // There is nowhere left to complain if this fails.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

/// Prints what clap says, help and version included.
///
/// The time and the id are those of the error object; nobody has read the options yet.
pub(super) fn usage(
    error: &clap::Error,
    arguments: &[OsString],
    now: Timestamp,
    request_id: &str,
) -> Exit {
    if !error.use_stderr() {
        return match error.print() {
            Err(failure) if failure.kind() != ErrorKind::BrokenPipe => Exit::Failed,
            _ => Exit::Done,
        };
    }
    // clap repeats what it cannot read: a key must not land in a log.
    let holds_key = |argument: &OsString| argument.to_string_lossy().contains("-----BEGIN");
    let withheld = Withheld::of(arguments);
    let text = if arguments.iter().any(holds_key) {
        "error: a key itself was given, which others can see in the list of processes: give its \
         file, - or env:NAME\n"
            .to_owned()
    } else if arguments.iter().any(|argument| argument == "--json") || !withheld.is_nothing() {
        withheld.out_of(&error.render().to_string())
    } else {
        let _ = error.print();
        return Exit::Usage;
    };
    if arguments.iter().any(|argument| argument == "--json") {
        let message = text.trim_start_matches("error: ").trim_end();
        let object = json!({
            "error": "wrong_usage",
            "message": message,
            "code": "USAGE",
            "details": {},
            "timestamp": now,
            "requestId": request_id,
        });
        let _ = writeln!(std::io::stderr(), "{object}");
    } else {
        let _ = write!(std::io::stderr(), "{text}");
    }
    Exit::Usage
}
