//! What it means that a reason is none of RFC 5280.

use crate::list::StatedReason;
use crate::wire::text::echo;

/// Warns of words that are recorded as a note, where a reason may have been meant.
pub(crate) fn misspelt_reason(stated: &StatedReason) -> Option<String> {
    let (StatedReason::Words(words), Some(near)) = (stated, stated.near()) else {
        return None;
    };
    Some(format!(
        "'{}' is no reason of RFC 5280, and is taken as a note; did you mean '{near}'?",
        echo(words)
    ))
}
