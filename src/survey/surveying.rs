//! How sites are surveyed.

use super::found::Fate;
use crate::audit::Checks;
use crate::list::Series;
use crate::site::BaseUrl;

/// How sites are surveyed.
#[derive(Clone, Copy)]
pub(crate) struct Surveying<'a> {
    /// The settings of the series.
    pub(crate) series: &'a Series,
    /// The uri that the root of each site has; without one, scheme and host of each uri.
    pub(crate) base: Option<&'a BaseUrl>,
    /// What files are verified with. Only keys count for W3C lists: they bring no certificates.
    pub(crate) checks: Checks<'a>,
    /// The most bytes of a file that are read.
    pub(crate) limit: u64,
    /// What becomes of entries that verified files show otherwise: they are adopted, or nothing is.
    pub(crate) verified: Fate,
}
