//! Whether a key can leave a site at once: nothing that stays may need it.

use std::collections::BTreeSet;

use super::error::{KeyFault, PublishError};
use super::incumbent::is_signed_by;
use super::rules::Rules;
use super::site::Site;
use crate::sign::PublicKey;
use crate::site::SitePath;

/// Refuses to take a key out while the site has tokens that it signed and that are neither written
/// nor removed by this publication. Every file that the manifest has is looked at, whatever it says
/// of its key. What has expired serves nobody, and stays as it is.
///
/// # Errors
/// There are some, or the site cannot be read.
pub(crate) fn refuse_left(
    key: &PublicKey,
    going: &BTreeSet<&SitePath>,
    site: &Site<'_>,
    rules: &Rules,
) -> Result<(), PublishError> {
    let mut left = Vec::new();
    for (path, entry) in site.entries() {
        let has_expired = entry.expires_at.is_some_and(|at| at <= rules.now.second());
        if going.contains(path) || has_expired {
            continue;
        }
        let Some(found) = site.read(path, rules.limit)? else {
            continue;
        };
        let is_entered = entry.key.as_deref() == Some(key.thumbprint());
        if (is_entered && entry.matches(&found)) || is_signed_by(&found, key) {
            left.push(path.to_string());
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    Err(KeyFault::Needed(left).of(key.key_id()))
}
