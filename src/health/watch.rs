//! What something is checked with, and by which rules.

use super::Hosts;
use crate::audit::Checks;
use crate::list::{Duration, Policy, Timestamp};
use crate::sign::Validity;
use crate::site::BaseUrl;

/// What something is checked with, and by which rules.
pub(crate) struct Watch<'a> {
    /// The time, the keys that are trusted, and the limits.
    pub(crate) checks: Checks<'a>,
    /// The most bytes of a file that are read.
    pub(crate) limit: u64,
    /// The uri that the site's root has.
    pub(crate) base: Option<&'a BaseUrl>,
    /// When tokens are published anew.
    pub(crate) policy: Policy,
    /// How long a change may wait to be published, if that was said.
    pub(crate) max_latency: Option<Duration>,
    /// When the certificate of the key that signs is in force, if one was named.
    pub(crate) certificate: Option<Validity>,
    /// For how many days a certificate must be in force still, if that was said.
    pub(crate) certificate_days: Option<u32>,
    /// Whom to ask what hosts serve; nobody if that was not asked for.
    pub(crate) hosts: Option<&'a Hosts>,
}

impl Watch<'_> {
    /// The most bytes that are read over HTTP of a file that should have so many, or of a list that
    /// has so many when it is inflated.
    pub(super) fn limit_for(&self, bytes: u64) -> u64 {
        self.limit
            .min(bytes.saturating_mul(2).saturating_add(1 << 20))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.checks.now
    }
}
