//! What was read of a batch.

use super::faults::{Fault, Faults};
use crate::change::{Operation, Request, RequestDigest, Terms};
use crate::commands::Code;

/// The most operations that one batch may have.
const MOST: usize = 1 << 25;

/// What was read of a batch: its operations, and the faults of lines that are none.
pub(super) struct Lines {
    pub(super) request: Request,
    pub(super) digest: RequestDigest,
    pub(super) faults: Faults,
}

impl Lines {
    pub(super) fn new(terms: Terms) -> Self {
        Self {
            request: Request::new(terms),
            digest: RequestDigest::default(),
            faults: Faults::default(),
        }
    }

    /// Adds an operation of a line.
    pub(super) fn push(&mut self, number: u32, operation: Operation) {
        self.digest.add(number, &operation);
        if self.request.lines.len() < MOST {
            self.request.push(number, operation);
        } else {
            let message = format!("a batch has at most {MOST} operations");
            self.faults
                .add(Fault::new(number, Code::Refused, message).hint("split it"));
        }
    }
}
