//! What all lists are after a revision.
//!
//! Each revision from format 2 on says in its body what it leaves: the cursor of every list, how many
//! entries are taken, its state and the revision that it shows, as one hash. So whoever moves a
//! cursor by hand, or a bit that flips in it or in a seed, is noticed by the next command that asks
//! for the lists, before an index is handed out twice.

use serde::Deserialize;

use super::chain::ChainWriter;
use super::error::StoreError;
use super::format::Format;
use super::rows::{Closure, Known, ListRow};
use super::snapshot::Snapshot;
use crate::list::Timestamp;
use crate::wire::hex::hex;

/// The name of the hash in the body of a revision.
pub(super) const MEMBER: &str = "state";

/// The hash of all lists, lowest number first.
pub(super) fn of_lists<'l>(lists: impl IntoIterator<Item = &'l ListRow>, format: Format) -> String {
    let ends_are_known = format > Format::Two;
    let mut writer = ChainWriter::new(if ends_are_known {
        "statuslist/state/3"
    } else {
        "statuslist/state/2"
    });
    for list in lists {
        writer.number(i64::from(list.number.value()));
        writer.number(i64::from(list.width.bits()));
        writer.bytes(&list.size.entries().to_be_bytes());
        writer.number(i64::from(list.default_status.value()));
        writer.text(list.state.name());
        writer.fixed(&list.seed.sha256());
        writer.bytes(&list.cursor.to_be_bytes());
        writer.bytes(&list.taken.to_be_bytes());
        writer.number(list.rev);
        if ends_are_known {
            end(&mut writer, list.closure);
        }
    }
    // Half of it: nobody gains by two states with the same hash who could not write the file anew.
    hex(&writer.finish()[..16])
}

fn end(writer: &mut ChainWriter, closure: Option<Closure>) {
    let Some(closure) = closure else {
        writer.number(0);
        return;
    };
    writer.number(match closure.known {
        Known::Everything => 1,
        Known::NotAll => 2,
    });
    writer.optional(closure.kept_until.map(Timestamp::second));
}

impl Snapshot<'_> {
    /// Checks that the lists are those that the newest revision left.
    pub(super) fn confirm_lists(&self, lists: &[ListRow]) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Body {
            state: Option<String>,
        }
        if self.format < Format::Two {
            return Ok(());
        }
        let rev = self.head.rev;
        let body = self.body_of(rev)?;
        let body = body.and_then(|body| serde_json::from_str::<Body>(&body).ok());
        let left = body.and_then(|body| body.state);
        if left.as_deref() == Some(&of_lists(lists, self.format)) {
            return Ok(());
        }
        Err(StoreError::Corrupt(format!(
            "the lists are not as revision {rev} left them"
        )))
    }
}
