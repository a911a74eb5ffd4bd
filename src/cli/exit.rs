//! Exit codes, decided here and nowhere else.

use std::process::ExitCode;

use crate::commands::Code;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done, or nothing to do.
    Done,
    /// The request makes no sense for this list, a condition did not hold, or a check said no.
    Refused,
    /// Wrong usage.
    Usage,
    /// Somebody else holds the file.
    Busy,
    /// A file, stream, key or host could not be read or written.
    Failed,
    /// Partly done, because that was asked for.
    Partly,
}

impl From<Code> for Exit {
    fn from(code: Code) -> Self {
        match code {
            Code::Busy => Self::Busy,
            Code::Partly => Self::Partly,
            Code::Corrupt | Code::BadKey | Code::Io => Self::Failed,
            Code::ListNotFound
            | Code::IndexNotFound
            | Code::CapacityExceeded
            | Code::InvalidStatus
            | Code::DoubleAllocation
            | Code::FinalStatus
            | Code::PreconditionFailed
            | Code::Conflict
            | Code::Refused
            | Code::BadToken
            | Code::Unhealthy => Self::Refused,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::Busy => 3,
            Exit::Failed => 4,
            Exit::Partly => 5,
        })
    }
}
