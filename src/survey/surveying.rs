//! How sites are surveyed.

use super::published::Verification;
use crate::site::BaseUrl;

/// How sites are surveyed.
#[derive(Clone, Copy)]
pub(crate) struct Surveying<'a> {
    /// The uri that the root of each site has; without one, scheme and host of each uri.
    pub(crate) base: Option<&'a BaseUrl>,
    /// What files are verified with.
    pub(crate) verification: Verification<'a>,
    /// The most bytes of a file that are read.
    pub(crate) limit: u64,
    /// Whether what files say is to be taken over.
    pub(crate) adoption: Adoption,
}

/// Whether what a site says is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adoption {
    /// As far as signatures verify.
    Wanted,
    /// Not at all.
    NotWanted,
}
