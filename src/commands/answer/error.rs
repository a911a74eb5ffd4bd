//! What a command answers when it cannot do what was asked.

use serde_json::{Map, Value, json};

use crate::store::Outcome;

/// What kind of failure it is. Exit codes follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The series has no such list.
    ListNotFound,
    /// The entry is not allocated, or lies outside the list.
    IndexNotFound,
    /// Too few entries are left.
    CapacityExceeded,
    /// The status does not fit the list, or a view would not show it.
    InvalidStatus,
    /// The token id or the index has been handed out.
    DoubleAllocation,
    /// The entry has a final status.
    FinalStatus,
    /// The entry has not the status that the request expects.
    PreconditionFailed,
    /// What is there belongs to another history, another request or another key.
    Conflict,
    /// The request makes no sense for this list.
    Refused,
    /// Somebody else holds the file.
    Busy,
    /// The list file contradicts itself.
    Corrupt,
    /// The key cannot be used.
    BadKey,
    /// The token is not one that can be relied on.
    BadToken,
    /// What is published is not as it should be.
    Unhealthy,
    /// A file, a stream or a host could not be read or written.
    Io,
    /// Some lines were left out, because that was asked for.
    Partly,
}

/// What a command answers when it cannot do what was asked: the problem, the reasons behind it,
/// and the way out.
#[derive(Debug)]
pub struct Error {
    /// What kind of failure it is.
    pub code: Code,
    /// The problem.
    pub message: String,
    /// The reasons behind it, the nearest first.
    pub because: Vec<String>,
    /// The way out.
    pub hint: Option<String>,
    /// What stands before the problem, line by line: the faults of a batch.
    pub lines: Vec<String>,
    /// Facts for programs.
    pub details: Box<Map<String, Value>>,
}

impl Code {
    /// The name that programs see.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.names().0
    }

    /// The fixed `error` member that goes with it.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        self.names().1
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::ListNotFound => ("LIST_NOT_FOUND", "list_not_found"),
            Self::IndexNotFound => ("INDEX_NOT_FOUND", "index_not_found"),
            Self::CapacityExceeded => ("CAPACITY_EXCEEDED", "index_allocation_failed"),
            Self::InvalidStatus => ("INVALID_STATUS", "invalid_status"),
            Self::DoubleAllocation => ("DOUBLE_ALLOCATION", "double_allocation"),
            Self::FinalStatus => ("FINAL_STATUS", "status_is_final"),
            Self::PreconditionFailed => ("PRECONDITION_FAILED", "precondition_failed"),
            Self::Conflict => ("CONFLICT", "conflict"),
            Self::Refused => ("REFUSED", "request_refused"),
            Self::Busy => ("BUSY", "busy"),
            Self::Corrupt => ("CORRUPT", "list_file_corrupt"),
            Self::BadKey => ("BAD_KEY", "bad_key"),
            Self::BadToken => ("BAD_TOKEN", "bad_token"),
            Self::Unhealthy => ("UNHEALTHY", "check_failed"),
            Self::Io => ("IO", "io_failed"),
            Self::Partly => ("PARTLY", "partly_done"),
        }
    }
}

impl Error {
    /// States the problem.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            because: Vec::new(),
            hint: None,
            lines: Vec::new(),
            details: Box::default(),
        }
    }

    /// States why a request makes no sense for this list.
    #[must_use]
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Code::Refused, message)
    }

    /// Adds a reason behind the problem.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.because.push(reason.into());
        self
    }

    /// Adds every error behind one.
    #[must_use]
    pub fn because_of(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            self.because.push(error.to_string());
            next = error.source();
        }
        self
    }

    /// Names the way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a fact for programs.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// Adds whether a change that failed is on the disk.
    #[must_use]
    pub fn outcome(self, outcome: Outcome) -> Self {
        let name = match outcome {
            Outcome::None => "none",
            Outcome::Committed => "committed",
            Outcome::Unknown => "unknown",
        };
        self.detail("outcome", name)
    }

    /// A failure of the operating system before anything was changed.
    #[must_use]
    pub fn io(message: impl Into<String>) -> Self {
        Self::new(Code::Io, message).outcome(Outcome::None)
    }

    /// The object that programs read.
    #[must_use]
    pub fn json(&self, timestamp: &str, request_id: &str) -> Value {
        let mut message = self.message.clone();
        for reason in &self.because {
            message.push_str(": ");
            message.push_str(reason);
        }
        let mut details = self.details.clone();
        if self.code == Code::BadKey {
            // Keys are read before anything is changed.
            details.entry("outcome").or_insert_with(|| json!("none"));
        }
        if let Some(hint) = &self.hint {
            details.insert("hint".to_owned(), json!(hint));
        }
        json!({
            "error": self.code.slug(),
            "message": message,
            "code": self.code.name(),
            "details": details,
            "timestamp": timestamp,
            "requestId": request_id,
        })
    }
}
