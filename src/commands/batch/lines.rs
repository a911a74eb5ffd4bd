//! What was read of a batch.

use super::bodies::Bodies;
use super::faults::{Fault, Faults};
use super::misspelt::Misspelt;
use crate::change::{Operation, Request, RequestDigest, Terms};
use crate::commands::Error;
use crate::list::{RemarkRequest, StatedReason, StatusName};

/// The most operations that one batch may have.
const MOST: usize = 1 << 25;

/// What was read of a batch: its operations, and the faults of lines that are none.
pub(super) struct Lines<'a> {
    pub(super) request: Request,
    pub(super) digest: RequestDigest,
    pub(super) faults: Faults,
    pub(super) bodies: Bodies,
    pub(super) misspelt: Misspelt,
    pub(super) defaults: &'a Defaults,
    /// The number of the line that is being read, from 1.
    pub(super) number: u32,
}

/// What holds for lines that do not say otherwise.
#[derive(Debug)]
pub(super) struct Defaults {
    pub(super) status: Option<StatusName>,
    pub(super) reason: Option<StatedReason>,
    pub(super) note: Option<String>,
}

impl Defaults {
    /// What is recorded beside the status.
    pub(super) fn remark(&self) -> RemarkRequest {
        RemarkRequest::stated(self.reason.as_ref(), self.note.clone())
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(terms: Terms, defaults: &'a Defaults) -> Self {
        Self {
            request: Request::new(terms),
            digest: RequestDigest::default(),
            faults: Faults::default(),
            bodies: Bodies::default(),
            misspelt: Misspelt::default(),
            defaults,
            number: 0,
        }
    }

    /// Adds an operation of the line.
    pub(super) fn push(&mut self, operation: Operation) {
        self.digest.add(self.number, &operation);
        if self.request.lines.len() < MOST {
            self.request.push(self.number, operation);
        } else {
            let message = format!("a batch has at most {MOST} operations");
            self.fault(Error::refused(message).hint("split it"));
        }
    }

    /// Adds a fault of the line.
    pub(super) fn fault(&mut self, error: Error) {
        self.faults.add(Fault::of(self.number, error));
    }
}
