//! Who asks for a change.

use super::chain::Hash;
use super::outbox::ReceiverName;
use crate::list::Timestamp;

/// Who asks for a change, and when.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// What is done: the name of the command.
    pub operation: &'static str,
    /// The operation id, and whether it was given or made up.
    pub operation_id: OperationId,
    /// The SHA-256 of the request.
    pub request: Hash,
    /// Who asks.
    pub actor: String,
    /// Free text.
    pub note: String,
    /// The time.
    pub now: Timestamp,
    /// Who is to hear of it; those that nobody knows begin with it.
    pub receivers: Vec<ReceiverName>,
}

/// The name of one run of a command, by which repeating it is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationId {
    /// Given by the caller: always recorded, even if nothing changes.
    Given(String),
    /// Made up: recorded if something changes.
    Random(String),
}

impl OperationId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Given(id) | Self::Random(id) => id,
        }
    }
}
