//! Running a command with a message.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::receiver::Message;
use super::refusal::Refusal;

/// How often it is looked whether the command has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// Runs a shell command for each message.
///
/// The command gets the JSON on its standard input, in one line, and its kind and id in the environment. What it
/// prints goes nowhere; its standard error is that of this process. It has a process group of its
/// own, so that what it started ends with it when the time is up.
pub(super) struct Hook<'a> {
    /// As a shell reads it.
    pub(super) command: &'a str,
    /// Variables of this process that are kept from it.
    pub(super) kept_back: &'a [OsString],
}

impl Hook<'_> {
    pub(super) fn run(&self, message: &Message, patience: Duration) -> Result<(), Refusal> {
        let end = Instant::now() + patience;
        let mut shell = Command::new("/bin/sh");
        for name in self.kept_back {
            shell.env_remove(name);
        }
        let mut child = shell
            .arg("-c")
            .arg(self.command)
            .env("STATUSLIST_EVENT", message.kind.name())
            .env("STATUSLIST_EVENT_ID", &message.id)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(Refusal::Run)?;
        let ended = feed(child.stdin.take(), [&message.body[..], b"\n"].concat())
            .and_then(|()| wait(&mut child, end))
            .map_err(Refusal::Run);
        match ended {
            Ok(Some(true)) => Ok(()),
            Ok(Some(false)) => Err(child.wait().map_or_else(Refusal::Run, Refusal::Failed)),
            Ok(None) => {
                end_group(&mut child);
                Err(Refusal::TimedOut(patience))
            }
            Err(refusal) => {
                end_group(&mut child);
                Err(refusal)
            }
        }
    }
}

/// Writes the message beside what else happens: a command need not read it.
fn feed(input: Option<ChildStdin>, message: Vec<u8>) -> io::Result<()> {
    let Some(mut input) = input else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    thread::Builder::new().spawn(move || {
        let _ = input.write_all(&message);
    })?;
    Ok(())
}

/// Waits for the end of a command, and says whether it succeeded; `None` when the time is up.
fn wait(child: &mut Child, end: Instant) -> io::Result<Option<bool>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        thread::sleep(PAUSE);
    }
}

/// Ends a command and what it started.
fn end_group(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}
