//! What a publication may do.

use std::time::Duration;

use super::hosts::Hosting;
use super::key::NamedKey;
use crate::list::{Policy, Timestamp};
use crate::sign::PublicKey;

/// What a publication may do, and what it goes by.
pub(crate) struct Rules {
    /// When tokens are issued.
    pub(crate) now: Timestamp,
    /// What has expired by this time is not written; `None` if that is the caller's
    /// business.
    pub(crate) unexpired_at: Option<Timestamp>,
    pub(crate) renewal: Renewal,
    pub(crate) timing: Timing,
    /// When changes are due, and tokens are renewed.
    pub(crate) policy: Policy,
    /// To go back to an older state, or over to another history.
    pub(crate) rollback: Permission,
    /// To let entries leave a final status by going back.
    pub(crate) unrevoke: Permission,
    /// To replace what another key signed.
    pub(crate) new_key: Permission,
    /// To publish into a site that says nothing of a list file.
    pub(crate) silent_site: Permission,
    pub(crate) keys: KeyRules,
    pub(crate) envelopes: Envelopes,
    pub(crate) page: PageRule,
    pub(crate) retired: RetiredFiles,
    /// Who hands the site out, if settings are to be written for them.
    pub(crate) hosting: Option<Hosting>,
    /// The most bytes that a published list inflates to.
    pub(crate) max_inflated: u64,
    /// The most bytes of a file that are read.
    pub(crate) limit: u64,
    /// How long to wait for a list file.
    pub(crate) patience: Duration,
}

/// Which keys a site shows beside those that sign.
#[derive(Default)]
pub(crate) struct KeyRules {
    /// Those that are to sign later.
    pub(crate) announced: Vec<NamedKey>,
    /// The one that is taken out at once.
    pub(crate) dropped: Option<PublicKey>,
}

/// Whether something may be done that is refused otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    Refused,
    Granted,
}

/// When a token is written of which the list changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timing {
    /// At once.
    WithEveryChange,
    /// When the policy says that it is due.
    WhenDue,
}

/// When a token is written anew although nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// When the policy says that it is due.
    WhenDue,
    Always,
}

/// Whether W3C credentials in JWTs and COSE messages are also written in an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Envelopes {
    LeftOut,
    Written,
}

/// What becomes of the page for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageRule {
    /// It is written where there is one of ours.
    KeptCurrent,
    /// It is written.
    Written,
}

/// What becomes of the files of retired lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetiredFiles {
    Stay,
    Removed,
}

impl Rules {
    pub(crate) fn may_roll_back(&self) -> bool {
        self.rollback == Permission::Granted
    }
}
