//! The files that a command wrote, for the case that something fails behind them.

use super::{Code, Error};
use crate::store::Outcome;

/// The most files that an error names; a site may have many thousands.
const NAMED: usize = 1000;

/// The files that a command wrote so far. No revision speaks for them.
#[derive(Debug, Default)]
pub struct Written {
    files: Vec<String>,
    again: Option<String>,
}

impl Written {
    /// One file, which is all that the command writes.
    #[must_use]
    pub fn only(file: impl Into<String>) -> Self {
        let files = vec![file.into()];
        Self { files, again: None }
    }

    /// These files, in the order in which they were written.
    pub(crate) fn of(files: Vec<String>) -> Self {
        Self { files, again: None }
    }

    /// Adds a file.
    pub fn add(&mut self, file: impl Into<String>) {
        self.files.push(file.into());
    }

    /// Says how to see again what the command prints.
    #[must_use]
    pub fn again(mut self, how: impl Into<String>) -> Self {
        self.again = Some(how.into());
        self
    }

    /// Whether nothing was written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Says of a failure what was written before it: neither nothing is done nor all.
    pub(crate) fn before<T, E: Into<Error>>(&self, result: Result<T, E>) -> Result<T, Error> {
        result.map_err(|failure| self.interrupted(failure.into()))
    }

    /// The same of what failed.
    pub(crate) fn interrupted(&self, error: Error) -> Error {
        if self.is_empty() {
            return error;
        }
        let mut error = self.named(error.outcome(Outcome::Unknown));
        // What refuses a request says that nothing was changed.
        error.code = Code::Io;
        let hint = "repeat the command: what was begun is finished then";
        error
            .because(format!("written before: {}", self.counted()))
            .hint(hint)
    }

    /// Says that all was done, but that the result could not be printed.
    #[must_use]
    pub fn unseen(&self, failure: &std::io::Error) -> Error {
        let message = "the result could not be printed, but all is done";
        let error = Error::new(Code::Io, message)
            .because_of(failure)
            .because(format!("written: {}", self.counted()))
            .outcome(Outcome::Committed);
        match &self.again {
            Some(how) => self.named(error).hint(how),
            None => self.named(error),
        }
    }

    fn named(&self, error: Error) -> Error {
        let named: Vec<_> = self.files.iter().take(NAMED).cloned().collect();
        let error = error.detail("written", named);
        if self.files.len() > NAMED {
            return error.detail("writtenFiles", self.files.len());
        }
        error
    }

    fn counted(&self) -> String {
        match &self.files[..] {
            [only] => format!("'{only}'"),
            files => super::counted(files.len() as u64, "file", "files"),
        }
    }
}
