//! Who is told.

use super::event::EventKind;
use super::secret::{Secret, SecretFault};
use crate::store::ReceiverName;

/// Somebody who is told what happens.
pub(crate) struct Receiver {
    /// What people call it.
    pub(crate) label: String,
    pub(crate) name: ReceiverName,
    /// What it wants to hear of.
    pub(crate) events: Vec<EventKind>,
    pub(crate) token_ids: TokenIds,
    pub(crate) way: Way,
}

/// Whether somebody is told the issuer's names for credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenIds {
    Told,
    Withheld,
}

/// How somebody is told.
pub(crate) enum Way {
    /// A message is sent to a url, signed.
    Webhook { url: String, secret: Secret },
    /// A shell command is run.
    Hook { command: String },
    /// Not at all: what is needed for it is not there.
    Blocked(SecretFault),
}

/// What somebody is told.
#[derive(Debug)]
pub(super) struct Message {
    /// The same whenever this is told to this receiver.
    pub(super) id: String,
    pub(super) kind: EventKind,
    /// JSON.
    pub(super) body: Vec<u8>,
}

impl Receiver {
    pub(super) fn wants(&self, kind: EventKind) -> bool {
        self.events.contains(&kind)
    }
}
