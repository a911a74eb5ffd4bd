//! A program that signs, for a key that cannot leave its home.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::public_key::PublicKey;
use super::sign_error::SignError;

/// Bounds what is read of a program's output, in bytes; the longest signature has 139.
const LONGEST_OUTPUT: usize = 4096;

/// How often it is looked whether a program that closed its output has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// Runs a shell command for each signature.
///
/// The command gets the message on its standard input, and prints the signature and nothing else:
/// r and s side by side, or in DER, or the 64 bytes of Ed25519. Its standard error is that of this
/// process. It stays in the foreground, so that it may ask for a PIN at the terminal.
pub struct SignerCommand {
    /// As a shell reads it.
    pub(crate) command: String,
    /// Variables that are added to its environment, which is else that of this process.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// Variables of this process that are kept from it.
    pub(crate) kept_back: Vec<OsString>,
    /// How long it is waited for a signature.
    pub(crate) patience: Duration,
    /// The key that verifies its signatures.
    pub(crate) public: PublicKey,
}

impl SignerCommand {
    /// Runs the command, and returns what it printed.
    ///
    /// The shell is killed when the patience ends; a program that it started may live on.
    pub(super) fn run(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let started = Instant::now();
        let mut shell = Command::new("/bin/sh");
        for name in &self.kept_back {
            shell.env_remove(name);
        }
        let mut child = shell
            .arg("-c")
            .arg(&self.command)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(SignError::Start)?;
        let output = self.converse(&mut child, message, started);
        if output.is_err() {
            // It has ended, or is of no use any more.
            let _ = child.kill();
            let _ = child.wait();
        }
        output
    }

    fn converse(
        &self,
        child: &mut Child,
        message: &[u8],
        started: Instant,
    ) -> Result<Vec<u8>, SignError> {
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(SignError::Start(io::ErrorKind::BrokenPipe.into()));
        };
        feed(input, message.to_vec()).map_err(SignError::Start)?;
        let output = match listen(output)
            .map_err(SignError::Start)?
            .recv_timeout(self.patience)
        {
            Ok(output) => output.map_err(SignError::Output)?,
            Err(RecvTimeoutError::Timeout) => return Err(self.too_slow()),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(SignError::Output(io::ErrorKind::BrokenPipe.into()));
            }
        };
        if output.len() > LONGEST_OUTPUT {
            return Err(SignError::TooLong(LONGEST_OUTPUT));
        }
        let status = self.end_of(child, started)?;
        if !status.success() {
            return Err(SignError::Failed(status));
        }
        Ok(output)
    }

    fn end_of(&self, child: &mut Child, started: Instant) -> Result<ExitStatus, SignError> {
        loop {
            if let Some(status) = child.try_wait().map_err(SignError::Output)? {
                return Ok(status);
            }
            if started.elapsed() >= self.patience {
                return Err(self.too_slow());
            }
            thread::sleep(PAUSE);
        }
    }

    fn too_slow(&self) -> SignError {
        SignError::TooSlow(self.patience.as_secs())
    }
}

/// Writes the message beside what else happens, because the command may print before it reads.
fn feed(mut input: ChildStdin, message: Vec<u8>) -> io::Result<()> {
    thread::Builder::new().spawn(move || {
        // A command that does not read it all may know what to sign from elsewhere.
        let _ = input.write_all(&message);
    })?;
    Ok(())
}

/// Reads to the end of the output, or one byte more than is allowed.
fn listen(output: ChildStdout) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let (sender, receiver) = channel();
    thread::Builder::new().spawn(move || {
        let mut bytes = Vec::new();
        let read = output
            .take(LONGEST_OUTPUT as u64 + 1)
            .read_to_end(&mut bytes);
        // Nobody listens any more if the patience has ended.
        let _ = sender.send(read.map(|_| bytes));
    })?;
    Ok(receiver)
}
