//! What it means how long tokens are valid, and how long readers keep a copy.

use crate::list::{Duration, ttl_in_time};

/// Warns of a ttl with which readers may hold a copy until it expires.
pub(crate) fn no_time_for_renewal(ttl: Duration, valid_for: Duration) -> Option<String> {
    let longest = ttl_in_time(ttl, valid_for)?;
    Some(format!(
        "with a ttl of {ttl} and tokens that are valid for {valid_for}, readers may hold a copy until \
         the very moment it expires: there is no time for renewal, and who cannot fetch the next \
         one at that moment has no list; a ttl of at most {longest} leaves time"
    ))
}
