//! `set`: one status, once, and every way in which it is refused.

use snapbox::str;

use crate::harness::Place;

/// A place with entry 0/826, whose token id is `a`.
fn with_entry() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place
}

#[test]
fn a_status_that_does_not_fit_is_refused() {
    let place = with_entry();
    place.refuses(
        "set list.slist id:a 4",
        str![[r#"
--- stderr
error: status 4 does not fit 2 bits: the largest is 3
because: the bits of a list never change: credentials depend on them
hint: more statuses need a new list file: statuslist init FILE --bits 2 (4, 8)
--- exit 1

"#]],
    );
    place.done("init one.slist --uri https://example.com/one/{n}.jwt --size 5 --seed-file seed");
    place.done("allocate one.slist --token-id a");
    place.refuses(
        "set one.slist id:a suspended",
        str![[r#"
--- stderr
error: status 2 does not fit 1 bit: the largest is 1
because: the bits of a list never change: credentials depend on them
hint: more statuses need a new list file: statuslist init FILE --bits 2 (4, 8)
--- exit 1

"#]],
    );
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let place = with_entry();
    let before = place.files();
    place.shows(
        "set list.slist id:a revoked -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
0/826: valid (0) -> invalid (1), revision 3; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    assert!(before == place.files());
}
