//! Errors for programs: one object with fixed members, and exit codes that tell what to do next.

use snapbox::str;

use crate::harness::{NOW, Place};

#[test]
fn wrong_usage_is_an_error_object_too() {
    let place = Place::with_list();
    let run = place.line("set list.slist --json");
    let object = run.error();
    assert_eq!((run.code, object.code.as_str()), (2, "USAGE"));
    assert_eq!(object.error, "wrong_usage");
    assert!(object.message.contains("<ENTRY>"), "{}", object.message);
    assert!(object.timestamp.ends_with('Z'));
    assert_eq!(object.request_id.len(), 36);
    assert!(object.details.is_empty());
    assert_eq!(run.stdout, "");
}
