//! What is wrong with the lines of a batch.

use std::collections::BTreeMap;

use crate::commands::{Code, Error};

/// The most faults that are kept.
const SHOWN: usize = 100;

/// What is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: u32,
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// What is wrong with the lines: how many faults, and the first of them.
#[derive(Default)]
pub(super) struct Faults {
    first: BTreeMap<(u32, usize), Fault>,
    count: usize,
    code: Option<Code>,
    codes_differ: bool,
}

impl Fault {
    /// What another command would have answered, as a fault of a line.
    pub(super) fn of(line: u32, error: Error) -> Self {
        let mut message = error.message;
        for reason in error.because {
            message.push_str(": ");
            message.push_str(&reason);
        }
        Self {
            line,
            code: error.code,
            message,
            hint: error.hint,
        }
    }
}

impl Faults {
    /// Keeps a fault, if it is among the first.
    pub(super) fn add(&mut self, fault: Fault) {
        self.codes_differ |= self.code.is_some_and(|code| code != fault.code);
        self.code = Some(fault.code);
        self.first.insert((fault.line, self.count), fault);
        self.count += 1;
        if self.first.len() > SHOWN {
            self.first.pop_last();
        }
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The code that all faults have, if they have one.
    pub(super) fn common_code(&self) -> Option<Code> {
        self.code.filter(|_| !self.codes_differ)
    }

    /// The first faults, by line.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Fault> {
        self.first.values()
    }
}
